"""Citizens who may not file reports for a while: how managers ban and lift."""

import json

import pytest

from bot.services import bans
from bot.store import Unit
from bot.store.bans import Ban
from tests.botapi import Seen
from tests.citizen import Citizen, labels
from tests.editing import made_editor, pressed

ROOM = "⛔️ محدودشده‌ها"


@pytest.fixture
async def omid(sara: Citizen) -> Citizen:
    """Sara, as a manager."""
    return await made_editor(sara, "manager")


def who(citizen: Citizen) -> str:
    return f"{citizen.api.dialect.name}.{citizen.user_id}"


async def begun(omid: Citizen, reza: Citizen) -> list[Seen]:
    await reza.send("/start")
    return await pressed(omid, f"bans:begin:{who(reza)}")


async def standing(citizen: Citizen) -> Ban | None:
    return await citizen.app.store.read(lambda unit: unit.bans.find(citizen.api.dialect.name, citizen.user_id))


async def everybodys(citizen: Citizen) -> list[Ban]:
    return await citizen.app.store.read(lambda unit: bans.all(unit, 99))


async def test_a_citizen_is_banned_for_a_week_for_one_of_the_reasons(omid: Citizen, reza: Citizen) -> None:
    (length,) = await begun(omid, reza)
    (why,) = await omid.press("یک هفته")
    (sure,) = await omid.press("توهین به دیگران")
    before = await standing(reza)
    (done,) = await omid.press("بله، محدود شود")
    ban = await standing(reza)

    assert "تا کی" in length.text
    assert "چرا؟" in why.text
    assert "مدت: یک هفته" in sure.text
    assert "دلیلی که می‌بیند: توهین به دیگران" in sure.text
    assert before is None
    assert ban is not None
    assert ban.until is not None
    assert ban.until - ban.at == 7 * bans.DAY_MS
    assert ban.reason == "توهین به دیگران"
    assert "محدود شد، تا" in done.text


async def test_the_reason_may_be_written_and_written_again(omid: Citizen, reza: Citizen) -> None:
    await begun(omid, reza)
    await omid.press("تا وقتی برداشته شود")
    (empty,) = await omid.send("…")
    (long,) = await omid.send("چ" * 200)
    await omid.send("نوشته اول")
    (sure,) = await omid.send("ده بار\nپیام **دروغ**")
    await omid.press("بله، محدود شود")
    ban = await standing(reza)

    assert "دلیلی در پیامتان نبود" in empty.text
    assert "حداکثر ۱۵۰" in long.text
    assert "دروغ" in sure.text
    assert ban is not None
    assert (ban.until, ban.reason) == (None, "ده بار / پیام **دروغ**")


async def test_who_is_not_sure_bans_nobody(omid: Citizen, reza: Citizen) -> None:
    await begun(omid, reza)
    await omid.press("یک ماه")
    await omid.press("درخواست‌های نادرست")
    (told,) = await omid.press("نه، لازم نیست")

    assert "محدودیتی گذاشته نشد" in told.text
    assert await everybodys(omid) == []


async def test_words_in_place_of_a_length_ask_again(omid: Citizen, reza: Citizen) -> None:
    await begun(omid, reza)

    (told,) = await omid.send("سه روز")

    assert labels(told)[:2] == ["یک هفته", "یک ماه"]


async def test_the_button_of_an_earlier_question_bans_nobody(omid: Citizen, reza: Citizen) -> None:
    await begun(omid, reza)
    await omid.press("یک هفته")
    await omid.press("توهین به دیگران")
    await omid.send("دلیل دیگر")
    (told,) = await pressed(omid, f"bans:yes:{who(reza)}.1")
    await omid.send("/cancel")
    (later,) = await pressed(omid, f"bans:yes:{who(reza)}.2")

    assert "دیگر کار نمی‌کند" in told.text
    assert "دیگر کار نمی‌کند" in later.text
    assert await everybodys(omid) == []


@pytest.mark.parametrize("data", ["for:week", "for:ever", "why:insult", "why:spite", "yes", "yes:x"])
async def test_a_button_without_anything_begun_changes_nothing(omid: Citizen, data: str) -> None:
    (told,) = await pressed(omid, f"bans:{data}")

    assert "دیگر کار نمی‌کند" in told.text


async def test_a_length_or_reason_that_no_button_has_is_refused(omid: Citizen, reza: Citizen) -> None:
    await begun(omid, reza)
    (length,) = await pressed(omid, "bans:for:3000")
    await omid.press("یک هفته")
    (reason,) = await pressed(omid, "bans:why:spite")

    assert "دیگر کار نمی‌کند" in length.text
    assert "دیگر کار نمی‌کند" in reason.text


async def test_staff_and_people_whom_nobody_met_are_not_banned(omid: Citizen, reza: Citizen) -> None:
    await made_editor(reza)
    (staff,) = await begun(omid, reza)
    (nobody,) = await pressed(omid, "bans:begin:telegram.99")
    (broken,) = await pressed(omid, "bans:begin:x")

    assert "از همکاران است" in staff.text
    assert "پیدا نشد" in nobody.text
    assert "پیدا نشد" in broken.text


async def test_who_became_staff_meanwhile_is_not_banned(omid: Citizen, reza: Citizen) -> None:
    await begun(omid, reza)
    await omid.press("یک هفته")
    await omid.press("توهین به دیگران")
    await made_editor(reza)

    (told,) = await omid.press("بله، محدود شود")

    assert "از همکاران است" in told.text
    assert await everybodys(omid) == []


async def test_the_room_shows_who_is_banned_and_lifts(omid: Citizen, reza: Citizen) -> None:
    await begun(omid, reza)
    await omid.press("یک ماه")
    await omid.send("ده بار **دروغ** نوشت")
    await omid.press("بله، محدود شود")
    await omid.send("/staff")
    (room,) = await omid.press(ROOM)
    (sure,) = await omid.press("رفع محدودیت ۱")
    still = await standing(reza)
    (lifted,) = await omid.press("بله، برداشته شود")
    (again,) = await omid.press("بله، برداشته شود")
    (empty,) = await omid.press("محدودشده‌ها")

    assert "(۱ نفر)" in room.text
    assert "…۰۵۰۲" in room.text
    assert str(reza.user_id) not in room.text
    assert "دروغ" in sure.text
    assert still is not None
    assert "برداشته شد" in lifted.text
    assert "پیش از این" in again.text
    assert "کسی محدود نشده" in empty.text
    assert await standing(reza) is None


async def test_many_come_page_by_page(omid: Citizen) -> None:
    def work(unit: Unit) -> None:
        (me,) = unit.staff.all()
        for number in range(10):
            bans.ban(unit, me, "telegram", 7000 + number, None, "توهین")

    await omid.app.store.write(work)
    await omid.send("/staff")
    (first,) = await omid.press(ROOM)
    (second,) = await omid.press("صفحه بعد")
    (third,) = await omid.press("صفحه بعد")
    (back,) = await omid.press("صفحه قبل")

    assert "(۱۰ نفر)" in first.text
    assert labels(first)[:4] == [f"رفع محدودیت {number}" for number in "۱۲۳۴"]
    assert labels(third)[:2] == ["رفع محدودیت ۹", "رفع محدودیت ۱۰"]
    assert labels(second) == labels(back)


@pytest.mark.parametrize("end", ["بله، محدود شود", "نه، لازم نیست"])
async def test_it_leads_back_to_where_it_was_begun(omid: Citizen, reza: Citizen, end: str) -> None:
    await reza.send("/start")
    at = (omid.api.dialect.name, omid.user_id, omid.user_id)
    memory = json.dumps({"who": who(reza), "shown": 0, "after": ["bans", "page", "0"]})
    await omid.app.store.write(lambda unit: unit.places.move(*at, ("bans.how_long", memory)))
    await omid.send("?")
    await omid.press("یک هفته")
    await omid.press("توهین به دیگران")

    shown = [seen.text for seen in await omid.press(end)]

    there = "فعلاً نمی‌توانند درخواست" if end == "بله، محدود شود" else "کسی محدود نشده"
    assert sum(there in text for text in shown) == 1
    assert len(shown) == 2
