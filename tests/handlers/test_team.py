"""Who works here: inviting and removing."""

import re

import pytest

from bot.services import staff
from bot.store import Unit
from tests.citizen import Citizen, labels, settled

ROOM = "👥 همکاران"


@pytest.fixture
async def mina(sara: Citizen) -> Citizen:
    """Sara, as an admin."""
    await sara.send(f"/staff {await sara.app.store.write(lambda unit: staff.invite(unit, 'admin'))}")
    return sara


async def invited(mina: Citizen, button: str) -> str:
    await mina.press(ROOM)
    (told,) = await mina.press(button)
    found = re.search(r"/staff \S+", told.text)
    assert found is not None
    return found[0]


async def test_an_admin_invites_an_editor(mina: Citizen, reza: Citizen) -> None:
    command = await invited(mina, "دعوت ویراستار")

    welcome, _ = await reza.send(command)
    (team,) = await mina.press(ROOM)

    assert "ویراستار" in welcome.text
    assert "همکاران (۲ نفر)" in team.text
    assert "\n• رضا، ویراستار" in team.text


async def test_who_is_removed_has_no_room_any_more(mina: Citizen, reza: Citizen) -> None:
    await reza.send(await invited(mina, "دعوت مدیر"))
    await mina.press(ROOM)
    await mina.press("حذف همکار")
    await mina.press("رضا")
    (removed,) = await mina.press("بله، برداشته شود")

    stale = await reza.press(ROOM)

    assert "دسترسی رضا برداشته شد" in removed.text
    assert not any("همکاران (" in seen.text for seen in stale)


async def test_a_citizen_who_sends_the_button_of_a_room_is_not_let_in(reza: Citizen) -> None:
    *_, shown = await reza.send("/start")

    reza.api.press_gone(reza.user_id, "team:room", shown)
    await settled(reza.app, reza.api)

    assert "همکاران (" not in reza.screen


async def test_nobody_else_can_be_removed_where_nobody_else_is(mina: Citizen) -> None:
    await mina.press(ROOM)

    (told,) = await mina.press("حذف همکار")

    assert "جز شما" in told.text
    assert labels(told) == []


async def test_a_code_of_who_was_removed_is_good_for_nobody(mina: Citizen, reza: Citizen) -> None:
    await reza.send(await invited(mina, "دعوت مدیر"))
    mine = await invited(reza, "دعوت مدیر")
    await mina.press(ROOM)
    await mina.press("حذف همکار")
    await mina.press("رضا")
    await mina.press("بله، برداشته شود")

    (refused,) = await reza.send(mine)

    assert "کد" in refused.text
    assert [who.name for who in await mina.app.store.read(lambda unit: unit.staff.all())] == ["سارا"]


async def test_a_code_of_who_was_forgotten_is_good_for_nobody(mina: Citizen, reza: Citizen) -> None:
    await reza.send(await invited(mina, "دعوت مدیر"))
    mine = await invited(reza, "دعوت مدیر")
    await reza.app.store.write(lambda unit: unit.staff.forget(reza.api.dialect.name, reza.user_id))

    await reza.send(mine)

    assert [who.name for who in await mina.app.store.read(lambda unit: unit.staff.all())] == ["سارا"]


async def test_everybody_can_be_removed_however_many_work_here(mina: Citizen) -> None:
    def join(unit: Unit) -> None:
        for number in range(30):
            unit.staff.join("telegram", 7000 + number, "editor", f"همکار {number}", None)

    await mina.app.store.write(join)
    await mina.press(ROOM)
    (asked,) = await mina.press("حذف همکار")
    found = set(labels(asked))
    while "بقیه ⬅️" in labels(asked):
        assert len(labels(asked)) <= 8
        (asked,) = await mina.press("بقیه ⬅️")
        found |= set(labels(asked))

    assert {f"همکار {number}" for number in range(30)} <= found
