"""Photos, the name and the telephone number of a report."""

import pytest

from tests import samples
from tests.citizen import Citizen, labels
from tests.reporting import NO_PICTURES, SEND, all_cases, begun, photo, pin, to_review

PHONE, PICTURES = "☎️ افزودن شماره", "📎 عکس و فایل"


async def test_photos_may_be_added_at_the_review_and_all_be_taken_away(sara: Citizen) -> None:
    await to_review(sara)
    await sara.press(PICTURES)
    (one,) = await photo(sara)
    (more,) = await sara.press(PICTURES)
    (two,) = await photo(sara)
    await sara.press(PICTURES)
    (none,) = await sara.press("🗑 همه را بردارید")

    assert "۱ عکس" in one.text
    assert "۱ عکس یا فایل فرستاده‌اید" in more.text
    assert "۲ عکس" in two.text
    assert "📎 بدون عکس" in none.text


async def test_a_photo_at_the_review_is_added_too(sara: Citizen) -> None:
    await to_review(sara)

    *_, review = await photo(sara)

    assert "۱ عکس" in review.text
    assert labels(review)[0] == SEND


async def test_without_a_voice_or_words_nothing_can_be_sent(sara: Citizen) -> None:
    await begun(sara)
    await sara._after(lambda: sara.api.send_voice(sara.user_id, samples.ogg()))
    await sara.press("سایر")
    await sara.press("جای مشخصی ندارد")
    await sara.press(NO_PICTURES)
    await sara.press(PICTURES)

    (words,) = await sara.press("🗑 همه را بردارید")

    assert "چه شده" in words.text


async def test_no_picture_may_be_written_and_other_words_are_asked_again(sara: Citizen) -> None:
    await begun(sara)
    await sara.send("چراغ کوچه ما سه شبه خاموشه")
    await sara.press("چراغ و روشنایی")
    await sara.press("یک چراغ")
    await pin(sara)

    (refused,) = await sara.send("الان می‌فرستم")
    (review,) = await sara.send("بدون عکس")

    assert "منتظر عکس هستم" in refused.text
    assert labels(review)[0] == SEND


@pytest.mark.parametrize("written", ["۰۹۱۲ ۳۴۵ ۶۷۸۹", "+98 912 345-6789"])
async def test_a_number_may_be_written_changed_and_taken_away(sara: Citizen, written: str) -> None:
    await to_review(sara)
    await sara.press(PHONE)
    (wrong,) = await sara.send("12345")
    (given,) = await sara.send(written)
    await sara.press("☎️ تغییر شماره")
    (gone,) = await sara.press("بدون شماره")

    assert "این شماره درست نیست" in wrong.text
    assert "☎️ ۰۹۱۲\u00a0۳۴۵\u00a0۶۷۸۹" in given.text
    assert "☎️" not in gone.text


async def test_a_number_may_be_shared_as_a_contact(sara: Citizen) -> None:
    await to_review(sara)
    await sara.press(PHONE)
    await sara._after(lambda: sara.api.send_contact(sara.user_id, "+989351234567", "سارا"))
    await sara.press(SEND)

    (case,) = await all_cases(sara)
    assert case["phone"] == "09351234567"


async def test_who_has_no_name_here_is_asked_for_it_when_it_is_to_be_seen(sara: Citizen) -> None:
    sara.api.meet(sara.user_id, first_name="")
    await to_review(sara)

    (asked,) = await sara.press("👤 نامم را ببینند")
    (refused,) = await sara.send("۱۲۳")
    (review,) = await sara.send("سارا   احمدی")

    assert "نام و نام خانوادگی" in asked.text
    assert "نامی در پیامتان نبود" in refused.text
    assert "می‌بینند: سارا احمدی" in review.text
