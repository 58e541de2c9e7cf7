"""What is agreed to before the first report, the kind, and the citizen's own words."""

from tests.botapi import Seen
from tests.citizen import Citizen, labels
from tests.reporting import COMPLAINT, CRITICISM, LIGHTS, SUGGESTION, THANKS, WORDS, all_drafts, begun, to_review

AGREE = "✅ موافقم"


async def agreed(sara: Citizen) -> Seen:
    """The kind is asked of somebody who has agreed before."""
    await begun(sara)
    await sara.send("/cancel")
    (asked,) = await sara.send("/report")
    return asked


async def test_there_are_four_kinds(sara: Citizen) -> None:
    asked = await agreed(sara)

    assert labels(asked)[:4] == [COMPLAINT, CRITICISM, SUGGESTION, THANKS]


async def test_nothing_is_taken_before_it_is_agreed_to(sara: Citizen) -> None:
    await sara.send("/report")

    (refused,) = await sara.send(WORDS)

    assert "اول یکی از دکمه‌های بالا" in refused.text
    assert await all_drafts(sara) == []


async def test_agreeing_may_be_written(sara: Citizen) -> None:
    await sara.send("شکایت دارم")

    (asked,) = await sara.send("موافقم")

    assert "چه شده" in asked.text


async def test_words_before_the_kind_are_kept(sara: Citizen) -> None:
    await agreed(sara)

    taken, asked = await sara.send(WORDS)
    (guesses,) = await sara.press(COMPLAINT)

    assert "نگه داشتم" in taken.text
    assert labels(asked)[0] == COMPLAINT
    assert labels(guesses)[0] == LIGHTS


async def test_a_greeting_is_no_complaint_but_thanks_are_thanks(sara: Citizen) -> None:
    await begun(sara)
    (refused,) = await sara.send("سلام خسته نباشید")
    await sara.send("/cancel")
    await begun(sara, THANKS)
    (taken,) = await sara.send("ممنون از شما")

    assert "سلام!" in refused.text
    assert "📚 همه موضوع‌ها" in labels(taken) or "سایر" in labels(taken)


async def test_new_words_take_the_place_of_the_old_ones(sara: Citizen) -> None:
    await to_review(sara)
    (asked,) = await sara.press("📝 متن")

    (review,) = await sara.send("لامپ جلوی خانه شماره ۵ سوخته است")

    assert "جای قبلی" in asked.text
    assert "شماره ۵" in review.text
    assert WORDS not in review.text


async def test_a_kind_that_asks_less_is_done_sooner(sara: Citizen) -> None:
    await begun(sara, THANKS)
    await sara.send("از رفتگر کوچه‌مان خیلی راضی‌ام، زباله‌ها را مرتب جمع می‌کند")

    (review,) = await sara.press("زباله و نظافت")

    assert "تشکر" in review.text
    assert "بدون محل" in review.text


async def test_another_kind_asks_what_it_needs_more(sara: Citizen) -> None:
    await begun(sara, SUGGESTION)
    await sara.send("چراغ کوچه را پرنورتر کنید")
    await sara.press(LIGHTS)
    await sara.press("بدون عکس")
    await sara.press("🔀 نوع درخواست")

    (question,) = await sara.press(COMPLAINT)

    assert "کدام‌یک" in question.text
