"""The room of editors for events: what is ahead, cancelling and bringing back."""

import pytest

from bot.models import events
from tests.citizen import Citizen, labels, rows_of, settled
from tests.entering import bare, live, make_editor, put

ROOM = "📅 رویدادها"


@pytest.fixture
async def mina(sara: Citizen) -> Citizen:
    return await make_editor(sara)


async def test_the_room_is_entered_from_the_menu_of_staff(mina: Citizen) -> None:
    await mina.send("/staff")

    (room,) = await mina.press(ROOM)

    assert "رویدادی در پیش نیست" in room.text
    assert labels(room) == ["➕ رویداد تازه", "میز کار"]


async def test_many_events_are_shown_page_by_page(mina: Citizen) -> None:
    for number in range(9):
        await put(mina.app, f"رویداد {number}", f"فردا ساعت {10 + number}")
    (first,) = await mina.send("رویدادها")
    (second,) = await mina.press("بعدی‌ها")
    (third,) = await mina.press("بعدی‌ها")

    assert "۹ رویداد" in first.text
    assert [len(labels(page)) <= 8 for page in (first, second, third)] == [True] * 3
    assert "۱. رویداد 0" in labels(first)
    assert "۵. رویداد 4" in labels(second)
    assert labels(third)[0] == "۹. رویداد 8"
    assert "بعدی‌ها" not in labels(third)


async def test_an_event_is_cancelled_with_a_reason_that_citizens_are_told(mina: Citizen, reza: Citizen) -> None:
    await put(mina.app, "کارگاه سفال", "فردا ساعت ۱۰")
    await mina.send("/events")
    await mina.press("۱. کارگاه سفال")
    await mina.press("❌ لغو رویداد")
    (sure,) = await mina.send("به خاطر\nبارندگی __")
    await mina.press("بله، لغو شود")
    await live(mina.app)

    *_, told = await reza.send("فردا چه برنامه‌ای هست؟")

    assert "به خاطر بارندگی __" in bare(sure)
    assert "❌ کارگاه سفال لغو شد" in bare(told)
    assert "دلیل: به خاطر بارندگی __" in bare(told)


async def test_a_reason_is_not_needed_and_no_is_no(mina: Citizen) -> None:
    await put(mina.app, "کارگاه سفال", "فردا ساعت ۱۰")
    await mina.send("/events")
    await mina.press("۱. کارگاه سفال")
    await mina.press("❌ لغو رویداد")
    await mina.press("لغو بدون دلیل")
    (shown,) = await mina.press("نه، برقرار است")
    (row,) = await mina.app.store.read(lambda unit: rows_of(unit, events))

    assert "❌ لغو رویداد" in labels(shown)
    assert row["cancelled_at"] is None


async def test_a_cancelled_event_is_brought_back(mina: Citizen, reza: Citizen) -> None:
    await put(mina.app, "کارگاه سفال", "فردا ساعت ۱۰")
    await mina.send("/events")
    await mina.press("۱. کارگاه سفال")
    await mina.press("❌ لغو رویداد")
    await mina.press("لغو بدون دلیل")
    await mina.press("بله، لغو شود")
    await mina.send("/events")
    await mina.press("۱. ❌ کارگاه سفال")
    await mina.press("↩️ دوباره برقرار شود")
    await live(mina.app)

    *_, told = await reza.send("فردا چه برنامه‌ای هست؟")

    assert "لغو" not in told.text
    assert "کارگاه سفال" in told.text


async def test_an_event_that_is_gone_is_said_to_be_gone(mina: Citizen) -> None:
    *_, shown = await mina.send("/staff")
    for pressed in (
        "events:one:99",
        "events:cancel:99",
        "events:yes",
        "events:restore:x",
        "event:change:99",
        f"events:one:{10**20}",
    ):
        mina.api.press_gone(mina.user_id, pressed, shown)
        await settled(mina.app, mina.api)
        assert "تمام شده یا دیگر نیست" in mina.api.seen(mina.user_id)[-1].text


async def test_cancelling_twice_is_no_trouble(mina: Citizen) -> None:
    await put(mina.app, "کارگاه سفال", "فردا ساعت ۱۰")
    await mina.send("/events")
    await mina.press("۱. کارگاه سفال")
    await mina.press("❌ لغو رویداد")
    (sure,) = await mina.press("لغو بدون دلیل")
    await mina.press("بله، لغو شود")

    mina.api.press_gone(mina.user_id, "events:yes", sure)
    await settled(mina.app, mina.api)

    assert "تمام شده یا دیگر نیست" in mina.api.seen(mina.user_id)[-1].text
