"""Editors look at the occasions that come, and take their words."""

from datetime import datetime

import pytest

from bot.clock import TEHRAN
from tests.citizen import Citizen, labels
from tests.conftest import FakeClock
from tests.editing import live, pressed
from tests.entering import bare

ROOM = "🗓 مناسبت‌ها"
NOWRUZ = "نوروز ۱۴۰۶ مبارک"


@pytest.fixture
def clock() -> FakeClock:
    """Saturday, 1 Esfand 1405: Ramadan, the end of the year and Nowruz are ahead."""
    standing = FakeClock()
    standing.instant = datetime(2027, 2, 20, 10, tzinfo=TEHRAN)
    return standing


async def opened(mina: Citizen) -> str:
    await mina.send("/staff")
    (shown,) = await mina.press(ROOM)
    return bare(shown)


async def test_the_room_shows_what_comes_with_its_mood_and_whether_it_is_sure(mina: Citizen) -> None:
    text = await opened(mina)

    assert "چیزی برای شهروندان فرستاده نمی‌شود" in text
    assert "🎉 پس‌فردا دوشنبه ۳ اسفند\nولادت امام حسن مجتبی (ع)" in text
    assert "🖤 پنجشنبه ۶ اسفند\nشب قدر (شب نوزدهم)" in text
    assert "قطعی نیست" not in text  # as far as the official calendar goes


async def test_eight_stand_on_a_page(mina: Citizen) -> None:
    await opened(mina)
    (first,) = mina.api.seen(mina.user_id)[-1:]
    (second,) = await mina.press("بعدی‌ها")
    (third,) = await mina.press("بعدی‌ها")
    (again,) = await mina.press("قبلی‌ها")

    assert labels(first) == ["۱", "۲", "۳", "۴", "۵", "۶", "۷", "۸", "بعدی‌ها", "میز کار"]
    assert labels(second)[:2] == ["۹", "۱۰"]
    assert labels(third)[-2:] == ["قبلی‌ها", "میز کار"]
    assert again.text == second.text


async def test_its_words_come_as_messages_of_their_own_those_of_the_days_before_first(mina: Citizen) -> None:
    await opened(mina)
    week, eve, day, about = await pressed(mina, "calendar:one:nowruz")

    assert "یک هفته تا نوروز مانده است" in week.text
    assert "فردا، یکشنبه ۱ فروردین، نوروز است" in eve.text
    assert NOWRUZ in day.text
    assert [labels(seen) for seen in (week, eve, day)] == [[], [], []]
    assert "۱. یکشنبه ۲۳ اسفند، ساعت ۹" in bare(about)
    assert "۳. یکشنبه ۱ فروردین ۱۴۰۶، ساعت ۹" in bare(about)
    assert labels(about) == ["همه مناسبت‌ها"]


async def test_a_number_opens_its_occasion_and_leads_back(mina: Citizen) -> None:
    await opened(mina)
    text, about = await mina.press("۱")
    (back,) = await mina.press("همه مناسبت‌ها")

    assert "کریم اهل بیت" in text.text
    assert "متن بالا برای پس‌فردا دوشنبه ۳ اسفند، ساعت ۱۷ است" in bare(about)
    assert "مناسبت‌های ۶۰ روز پیش رو" in back.text


async def test_a_lunar_day_leads_to_the_moon_and_moves_with_it(mina: Citizen) -> None:
    await opened(mina)
    *_, before = await pressed(mina, "calendar:one:fitr")
    await mina.press("🌙 ماه‌های قمری")
    await mina.press("شوال: یک روز زودتر")
    await mina.press("بله، اعلام شود")
    await live(mina.app)
    eve, day, after = await pressed(mina, "calendar:one:fitr")

    assert "۲. چهارشنبه ۱۹ اسفند" in bare(before)
    assert "۲. سه‌شنبه ۱۸ اسفند" in bare(after)
    assert "فردا سه‌شنبه ۱۸ اسفند عید فطر است" in eve.text
    assert "تعطیل است" in day.text


async def test_what_the_moon_may_still_move_says_so(mina: Citizen, clock: FakeClock) -> None:
    clock.instant = datetime(2027, 6, 1, 10, tzinfo=TEHRAN)
    text = await opened(mina)
    *_, about = await pressed(mina, "calendar:one:ashura")

    assert "عاشورای حسینی (قطعی نیست)" in text
    assert "تاریخش قطعی نیست" in about.text


async def test_a_text_for_a_day_that_is_mourned_too_is_pointed_out(mina: Citizen, clock: FakeClock) -> None:
    clock.instant = datetime(2026, 6, 1, 10, tzinfo=TEHRAN)
    await opened(mina)
    *_, about = await pressed(mina, "calendar:one:ghadir")

    assert "روز سوگواری هم هست: رحلت حضرت امام خمینی (ره)" in bare(about)


@pytest.mark.parametrize("data", ["one", "one:moon", "one:ashura", "one:nowruz_2", "one:" + "9" * 40])
async def test_an_occasion_that_is_far_or_none_is_said_to_be_so(mina: Citizen, data: str) -> None:
    (told,) = await pressed(mina, f"calendar:{data}")

    assert "در ۶۰ روز پیش رو نیست" in told.text


async def test_a_page_that_never_was_is_the_last_or_the_first_one(mina: Citizen) -> None:
    (last,) = await pressed(mina, "calendar:page:" + "9" * 40)
    (first,) = await pressed(mina, "calendar:page:x")

    assert "بعدی‌ها" not in labels(last)
    assert labels(first)[0] == "۱"


async def test_words_lead_there_too(mina: Citizen) -> None:
    (by_word,) = await mina.send("تقویم مناسبت‌ها")
    (by_command,) = await mina.send("/calendar")

    assert by_word.text == by_command.text
    assert "مناسبت‌های ۶۰ روز پیش رو" in by_word.text
