"""What is on, as citizens ask for it."""

import pytest

from bot.services import events
from tests.citizen import Citizen, labels, settled, wait_until
from tests.entering import bare, live, put

NUMBERS = ("۱", "۲", "۳", "۴", "۵")
DOOR = "📅 رویدادهای هفته"


async def test_nothing_is_said_to_be_nothing_and_what_one_can_do(sara: Citizen) -> None:
    *_, told = await sara.send("فردا چه برنامه‌ای هست؟")

    assert "رویدادی ثبت نشده است" in told.text
    assert "فعلاً برای روزهای بعد هم" in told.text
    assert "🔔 خبرهای منطقه" in labels(told)


async def test_the_menu_has_a_door_to_this_week(sara: Citizen) -> None:
    await put(sara.app, "شب شعر", "امروز تا فردا")
    await sara.send("/menu")

    (told,) = await sara.press(DOOR)

    assert "این هفته" in told.text
    assert "شب شعر" in told.text


async def test_the_word_and_the_command_show_this_week(sara: Citizen) -> None:
    await put(sara.app, "شب شعر", "امروز تا فردا")

    for asked in ("/week", "این هفته", "این هفته چه خبر؟", "این هفته چه خبر است؟"):
        *_, told = await sara.send(asked)
        assert "شب شعر" in told.text, asked


async def test_a_change_is_live_within_a_second_without_a_restart(sara: Citizen) -> None:
    await put(sara.app, "شب شعر", "فردا ساعت ۱۰")
    assert sara.app.work is not None
    house = sara.app.work.house

    await sara.app.store.write(lambda unit: events.cancel(unit, 1, "باران", 1, sara.app.clock.now()))
    await wait_until(lambda: house.library.coming.events[0].cancelled)

    *_, told = await sara.send("فردا چه خبره؟")
    assert "دلیل: باران" in told.text


async def test_of_many_events_five_are_shown_and_the_others_by_a_button(sara: Citizen) -> None:
    for number in range(12):
        await put(sara.app, f"رویداد {number}", f"فردا ساعت {8 + number}", link="https://tehran.ir")
    *_, first = await sara.send("فردا چه برنامه‌ای هست؟")
    (second,) = await sara.press("بعدی‌ها (۷)")
    (third,) = await sara.press("بعدی‌ها (۲)")

    assert [sum(f"رویداد {n}\n" in bare(page) for n in range(12)) for page in (first, second, third)] == [5, 5, 2]
    assert all(len(labels(page)) <= 8 for page in (first, second, third))
    assert labels(first)[:5] == list(NUMBERS)


async def test_a_number_shows_one_event_with_its_link(sara: Citizen) -> None:
    await put(sara.app, "شب شعر", "فردا ساعت ۱۰")
    await put(sara.app, "کارگاه سفال", "فردا ساعت ۱۲", link="https://tehran.ir/sofal", audience="children")
    *_, several = await sara.send("فردا چه برنامه‌ای هست؟")

    (one,) = await sara.press("۲")

    assert labels(several)[0] == "۲"
    assert "شماره رویداد را بزنید" in several.text
    assert "کارگاه سفال" in one.text
    assert "ویژه کودک و نوجوان" in one.text
    assert "https://tehran.ir/sofal" in [button.get("url") for row in one.rows for button in row]


async def test_where_there_is_none_of_a_kind_the_others_of_the_day_are_named(sara: Citizen) -> None:
    await put(sara.app, "شب شعر", "فردا ساعت ۱۰")

    *_, told = await sara.send("برنامه ورزشی فردا")

    assert "رویدادهای «ورزش و شادی»\nرویدادی ثبت نشده است" in told.text
    assert "ولی این‌ها هست" in told.text
    assert "شب شعر" in told.text


async def test_where_there_is_none_on_a_day_the_next_one_is_named(sara: Citizen) -> None:
    await put(sara.app, "شب شعر", "پس‌فردا ساعت ۱۰")

    *_, told = await sara.send("فردا چه برنامه‌ای هست؟")

    assert "نزدیک‌ترین رویداد" in told.text
    assert "شب شعر" in told.text


async def test_a_program_is_answered_with_what_comes_of_it(sara: Citizen) -> None:
    await put(sara.app, "محله‌گردی در شکیب", "فردا ساعت ۱۰", program="program.neighbourhood_walk", kind="people")

    *_, told = await sara.send("محله‌گردی چیست؟")
    (dated,) = await sara.press("📅 رویدادهای این برنامه")
    *_, other = await sara.send("طرح صدرا چیست؟")

    assert "📅 در روزهای پیش رو\nمحله‌گردی در شکیب" in bare(told)
    assert len(labels(told)) <= 8
    assert "محله‌گردی در شکیب" in dated.text
    assert "در روزهای پیش رو" not in other.text


@pytest.mark.parametrize(
    "pressed",
    [
        "week:more:x",
        "week:more:today-1-1---0",
        "week:more:today-99999999999999999999-1---5",
        "week:one:99",
        "week:one:99999999999999999999",
        "week:one:x",
        "week:spot:99",
        "week:of:nothing",
        "week:more:",
    ],
)
async def test_an_old_or_forged_button_is_answered_kindly(sara: Citizen, pressed: str) -> None:
    *_, shown = await sara.send("/start")
    before = len(sara.api.seen(sara.user_id))

    sara.api.press_gone(sara.user_id, pressed, shown)
    await settled(sara.app, sara.api)

    assert len(sara.api.seen(sara.user_id)) == before + 1
    assert "ثبت نشده" in sara.screen or "تمام شده" in sara.screen


async def test_after_a_start_it_is_known_what_was_entered_before(sara: Citizen) -> None:
    await put(sara.app, "شب شعر", "فردا ساعت ۱۰")
    assert sara.app.work is not None
    sara.app.work.refresher.seen.clear()
    await live(sara.app)

    *_, told = await sara.send("فردا چه خبره؟")

    assert "شب شعر" in told.text
