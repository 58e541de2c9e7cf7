"""What staff say of a case in words: by replies in the desk, and step by step in private."""

import pytest

from bot.app import App
from bot.models import CaseState
from bot.services.cases import Case
from tests.botapi import BotApi, Seen
from tests.citizen import Citizen, labels
from tests.editing import pressed
from tests.samples import jpeg
from tests.scene import DANA, EDITOR, MINA, REZA, SARA, Scene

STRANGER = 700


@pytest.fixture
async def scene(app: App, api: BotApi) -> Scene:
    return await Scene(app, api).set_up()


@pytest.fixture
async def case(scene: Scene) -> Case:
    return await scene.take(MINA, await scene.file(name="سارا"))


def told(scene: Scene, user_id: int = SARA) -> Seen:
    """What somebody was told last."""
    return scene.api.seen(user_id)[-1]


# -- replies in the desk


async def test_a_reply_to_the_card_reaches_the_citizen(scene: Scene, case: Case) -> None:
    *_, confirmed = await scene.reply(MINA, scene.card(case), "فردا صبح می‌آییم")

    assert "برای شهروند فرستاده شد" in confirmed.text
    assert "فردا صبح می‌آییم" in told(scene).text
    assert "✍️ جواب می‌دهم" in labels(told(scene))


async def test_whoever_speaks_for_an_unowned_case_takes_it(scene: Scene) -> None:
    case = await scene.file()

    await scene.reply(REZA, scene.card(case), "در راهیم")

    now = await scene.now(case)
    assert (now.owner_id, now.state) == (await scene.member(REZA), CaseState.TAKEN)


async def test_the_conversation_goes_on_by_replies_to_what_was_said(scene: Scene, case: Case) -> None:
    *_, confirmed = await scene.reply(MINA, scene.card(case), "یک")

    await scene.reply(MINA, confirmed, "دو")

    assert "«دو»" in told(scene).text
    assert await scene.log(case) == ["filed", "taken", "said", "said"]


async def test_two_slashes_keep_it_inside(scene: Scene, case: Case) -> None:
    before = scene.api.seen(SARA)

    (confirmed,) = await scene.reply(REZA, scene.card(case), "// این آقا هر هفته می‌نویسد")

    assert "یادداشت شد" in confirmed.text
    assert scene.api.seen(SARA) == before
    assert await scene.log(case) == ["filed", "taken", "note"]
    (history,) = await scene.forge(MINA, f"case:history:{case.id}")
    assert "این آقا هر هفته می‌نویسد" in history.text


async def test_what_people_tell_each_other_is_not_read(scene: Scene, case: Case) -> None:
    before = scene.api.seen(SARA)

    assert await scene.desk.send(MINA, "بچه‌ها ناهار؟") == []

    assert scene.api.seen(SARA) == before
    assert await scene.log(case) == ["filed", "taken"]


async def test_another_than_the_owner_is_told_whose_it_is(scene: Scene, case: Case) -> None:
    (refused,) = await scene.reply(REZA, scene.card(case), "من می‌گویم")

    assert "مینا" in refused.text
    assert await scene.log(case) == ["filed", "taken"]


@pytest.mark.parametrize("who", [EDITOR, DANA, STRANGER])
async def test_a_guest_of_the_group_says_nothing_to_citizens(scene: Scene, case: Case, who: int) -> None:
    scene.api.meet(STRANGER, first_name="ناشناس")
    before = scene.api.seen(SARA)

    (refused,) = await scene.reply(who, scene.card(case), "سلام خانم")

    assert "سلام خانم" not in refused.text
    assert scene.api.seen(SARA) == before
    assert await scene.log(case) == ["filed", "taken"]


async def test_an_empty_reply_is_asked_for_words(scene: Scene, case: Case) -> None:
    (refused,) = await scene.reply(MINA, scene.card(case), "   ")

    assert "متنی در پیامتان نبود" in refused.text


async def test_too_long_a_reply_is_told_how_long_it_is(scene: Scene, case: Case) -> None:
    (refused,) = await scene.reply(MINA, scene.card(case), "ب" * 1001)

    assert "۱۰۰۱" in refused.text
    assert "۱۰۰۰" in refused.text
    assert await scene.log(case) == ["filed", "taken"]


async def test_a_case_without_a_citizen_says_so(scene: Scene) -> None:
    case = await scene.take(MINA, await scene.file(by=None))

    (refused,) = await scene.reply(MINA, scene.card(case), "سلام")

    assert "نمی‌شود پیام داد" in refused.text


# -- what is asked for in the desk


async def test_the_bot_asks_for_words_and_takes_the_reply(scene: Scene, case: Case) -> None:
    (want,) = await scene.press(MINA, "❓ پرسش از شهروند")
    assert "ریپلای" in want.text

    shown = await scene.reply(MINA, want, "پلاک چند است؟")

    assert "پلاک چند است؟" in told(scene).text
    assert (await scene.now(case)).state == CaseState.ASKED
    answered = next(seen for seen in shown if seen.message_id == want.message_id)
    assert labels(answered) == []
    assert "فرستاده شد" in shown[-1].text


async def test_a_ready_made_reply_is_seen_before_it_goes(scene: Scene, case: Case) -> None:
    (want,) = await scene.press(MINA, "✅ رفع شد")
    ready = labels(want)[0]

    (filled,) = await scene.press(MINA, ready)
    assert filled.message_id == want.message_id
    assert "سارا" in filled.text
    assert "{" not in filled.text
    assert await scene.log(case) == ["filed", "taken"]
    await scene.press(MINA, "✅ ارسال")

    assert (await scene.now(case)).state == CaseState.FIXED
    assert "رفع شد" in told(scene).text
    assert {"✅ رفع شد", "🌓 نصفه", "❌ نشد"} <= set(labels(told(scene)))


async def test_other_words_replace_the_ready_made_ones(scene: Scene, case: Case) -> None:
    (want,) = await scene.press(MINA, "📄 پاسخ و پایان")
    (filled,) = await scene.press(MINA, labels(want)[0])

    await scene.reply(MINA, filled, "حرف خودم")

    assert "«حرف خودم»" in told(scene).text
    assert (await scene.now(case)).state == CaseState.ANSWERED


async def test_a_ready_made_reply_goes_only_once(scene: Scene, case: Case) -> None:
    (want,) = await scene.press(MINA, "📄 پاسخ و پایان")
    (filled,) = await scene.press(MINA, labels(want)[0])
    send = filled.button("✅ ارسال")
    assert send is not None
    await scene.press(MINA, "✅ ارسال")
    before = scene.api.seen(SARA)

    await scene.forge(MINA, send["callback_data"])

    assert "بسته شده" in scene.alert
    assert scene.api.seen(SARA) == before


async def test_a_question_may_be_dropped(scene: Scene, case: Case) -> None:
    await scene.press(MINA, "💬 پیام به شهروند")

    (dropped,) = await scene.press(MINA, "✖️ نمی‌خواهم")

    assert labels(dropped) == []
    assert await scene.log(case) == ["filed", "taken"]


async def test_an_end_with_a_reason_needs_it(scene: Scene, case: Case) -> None:
    await scene.press(MINA, "➕ بیشتر")
    (want,) = await scene.press(MINA, "🚫 به ما مربوط نیست")

    (refused,) = await scene.reply(MINA, want, " ")

    assert "متنی" in refused.text
    assert (await scene.now(case)).is_open
    await scene.reply(MINA, want, "با اداره آب است؛ ۱۲۲")
    assert (await scene.now(case)).state == CaseState.NOT_OURS
    assert "اداره آب" in told(scene).text


@pytest.mark.usefixtures("cleaned_here")
async def test_a_picture_proves_that_it_is_mended(scene: Scene, case: Case) -> None:
    (want,) = await scene.press(MINA, "✅ رفع شد")

    await scene.desk.after(
        lambda: scene.api.send_photo(MINA, jpeg(), chat_id=scene.desk.number, reply_to=want.message_id)
    )

    assert (await scene.now(case)).state == CaseState.FIXED
    assert [seen.kind for seen in scene.api.seen(SARA)[-2:]] == ["photo", "text"]


async def test_mended_without_a_word_or_picture_is_not_taken(scene: Scene, case: Case) -> None:
    (want,) = await scene.press(MINA, "✅ رفع شد")

    (refused,) = await scene.reply(MINA, want, "  ")

    assert "عکس بعد از کار" in refused.text
    assert (await scene.now(case)).is_open


async def test_it_is_planned_for_a_day_typed_as_people_do(scene: Scene, case: Case) -> None:
    await scene.press(MINA, "➕ بیشتر")
    (want,) = await scene.press(MINA, "📅 در برنامه")
    (refused,) = await scene.reply(MINA, want, "یک وقتی")
    assert "نفهمیدم" in refused.text
    (past,) = await scene.reply(MINA, want, "۱۴۰۰/۱/۱")
    assert "گذشته" in past.text

    (asked,) = await scene.reply(MINA, want, "پس‌فردا")
    await scene.reply(MINA, asked, "گروه برق می‌آید")

    now = await scene.now(case)
    assert now.state == CaseState.PLANNED
    assert now.due_at < case.due_at
    assert "گروه برق می‌آید" in told(scene).text


async def test_it_is_planned_by_two_taps(scene: Scene, case: Case) -> None:
    await scene.press(MINA, "➕ بیشتر")
    await scene.press(MINA, "📅 در برنامه")
    await scene.press(MINA, "فردا")

    await scene.press(MINA, "✅ بدون توضیح")

    assert (await scene.now(case)).state == CaseState.PLANNED
    assert "در برنامه است" in told(scene).text


async def test_a_forged_day_plans_nothing(scene: Scene, case: Case) -> None:
    for day in ("20200101", "99991231", "00000000", "now", "۲۰۲۶۱۲۰۱", ""):
        await scene.forge(MINA, f"case_words:day:{case.id}.{day}")
        await scene.forge(MINA, f"case_words:send:{case.id}.planned-{day}")

    assert await scene.now(case) == case


async def test_the_same_as_another_follows_that_one(scene: Scene, case: Case) -> None:
    other = await scene.file("همان چراغ", by=REZA)
    await scene.forge(MINA, f"case:more:{case.id}")
    (want,) = await scene.forge(MINA, f"case_words:want:{case.id}.same")
    (refused,) = await scene.reply(MINA, want, "123456789")
    assert "پیدا نکردم" in refused.text
    (itself,) = await scene.reply(MINA, want, str(case.code))
    assert "خود همین" in itself.text

    await scene.reply(MINA, want, f"کد: {other.code}")

    now = await scene.now(case)
    assert (now.state, now.same_as) == (CaseState.DUPLICATE, other.id)
    assert "پیش از این هم ثبت شده بود" in told(scene).text


# -- in private


async def at_card(scene: Scene, user_id: int, case: Case) -> Citizen:
    who = scene.person(user_id)
    await who.send("/start")
    await pressed(who, f"case:show:{case.id}")
    return who


async def test_in_private_words_are_seen_before_they_go(scene: Scene, case: Case) -> None:
    mina = await at_card(scene, MINA, case)
    await mina.press("❓ پرسش از شهروند")
    await mina.send("پلاک؟")
    (seen,) = await mina.send("پلاک چند است؟")
    assert "«پلاک چند است؟»" in seen.text
    assert await scene.log(case) == ["filed", "taken"]

    shown = await mina.press("✅ ارسال")

    assert "«پلاک چند است؟»" in told(scene).text
    assert "فرستاده شد" in shown[-1].text
    assert await scene.log(case) == ["filed", "taken", "asked"]


async def test_the_button_of_an_earlier_preview_sends_nothing(scene: Scene, case: Case) -> None:
    mina = await at_card(scene, MINA, case)
    await mina.press("💬 پیام به شهروند")
    (first,) = await mina.send("تند و تلخ")
    await mina.send("مهربان")
    old = first.button("✅ ارسال")
    assert old is not None

    (refused,) = await pressed(mina, old["callback_data"])

    assert "قدیمی" in refused.text
    assert await scene.log(case) == ["filed", "taken"]
    await mina.press("✅ ارسال")
    assert "مهربان" in told(scene).text


@pytest.mark.usefixtures("cleaned_here")
async def test_in_private_a_picture_and_words_go_together(scene: Scene, case: Case) -> None:
    mina = await at_card(scene, MINA, case)
    await mina.press("✅ رفع شد")
    await mina.send("لامپ عوض شد")
    await mina._after(lambda: mina.api.send_photo(MINA, jpeg()))

    await mina.press("✅ ارسال")

    assert (await scene.now(case)).state == CaseState.FIXED
    picture, words = scene.api.seen(SARA)[-2:]
    assert (picture.kind, "لامپ عوض شد" in words.text) == ("photo", True)


async def test_in_private_a_ready_made_reply_may_be_replaced(scene: Scene, case: Case) -> None:
    mina = await at_card(scene, MINA, case)
    (want,) = await mina.press("📄 پاسخ و پایان")
    await mina.press(labels(want)[0])
    await mina.send("به جایش این")

    await mina.press("✅ ارسال")

    assert "«به جایش این»" in told(scene).text


async def test_in_private_a_day_is_chosen_and_told(scene: Scene, case: Case) -> None:
    mina = await at_card(scene, MINA, case)
    await mina.press("➕ بیشتر")
    await mina.press("📅 در برنامه")
    await mina.send("فردا")

    await mina.press("✅ بدون توضیح")

    assert (await scene.now(case)).state == CaseState.PLANNED


async def test_in_private_a_note_needs_no_preview(scene: Scene, case: Case) -> None:
    mina = await at_card(scene, MINA, case)
    await mina.press("➕ بیشتر")
    await mina.press("📌 یادداشت داخلی")
    before = scene.api.seen(SARA)

    (noted,) = await mina.send("کلیدش پیش نگهبان است")

    assert "یادداشت شد" in noted.text
    assert scene.api.seen(SARA) == before


async def test_in_private_it_may_be_left(scene: Scene, case: Case) -> None:
    mina = await at_card(scene, MINA, case)
    await mina.press("💬 پیام به شهروند")
    await mina.send("نه، این نه")

    await mina.press("✖️ نمی‌خواهم")
    await mina.send("سلام")

    assert await scene.log(case) == ["filed", "taken"]


async def test_in_private_a_reply_to_the_card_reaches_the_citizen(scene: Scene, case: Case) -> None:
    mina = await at_card(scene, MINA, case)
    card = mina.api.seen(MINA)[-1]

    await mina.send("سلام، در راهیم", reply_to=card.message_id)

    assert "«سلام، در راهیم»" in told(scene).text


async def test_who_may_no_more_when_the_words_are_ready_sends_nothing(scene: Scene, case: Case) -> None:
    mina = await at_card(scene, MINA, case)
    await mina.press("💬 پیام به شهروند")
    await mina.send("دیر رسید")
    await scene.close(MINA, case, "fixed")
    await scene.write(lambda unit: unit.desk_members.leave_all(case.owner_id or 0))

    (refused,) = await mina.press("✅ ارسال")

    assert "با میز شما نیست" in refused.text
    assert "دیر رسید" not in told(scene).text


async def test_a_button_without_its_number_sends_nothing(scene: Scene) -> None:
    await scene.person(MINA).send("/staff")
    (told_,) = await pressed(scene.person(MINA), "case_words:post")

    assert "قدیمی" in told_.text
