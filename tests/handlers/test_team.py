"""Who works here: inviting, desks of operators, removing."""

import re

import pytest

from bot.services import staff
from bot.store import Unit
from tests.botapi import Seen
from tests.citizen import Citizen, labels, settled
from tests.editing import made_editor, pressed

ROOM = "👥 همکاران"


@pytest.fixture
async def mina(sara: Citizen) -> Citizen:
    """Sara, as an admin."""
    return await made_editor(sara, "admin")


def command_in(told: Seen) -> str:
    found = re.search(r"/staff \S+", told.text)
    assert found is not None
    return found[0]


async def invited(mina: Citizen, role: str) -> str:
    await mina.press(ROOM)
    await mina.press("دعوت همکار")
    (told,) = await mina.press(role)
    assert role in told.text
    return command_in(told)


async def desk(citizen: Citizen, title: str) -> int:
    """A desk of this title; its number."""

    def make(unit: Unit) -> int:
        return unit.desks.make(citizen.api.dialect.name, -100 - len(unit.desks.all()), title).id

    return await citizen.app.store.write(make)


async def remove(mina: Citizen, name: str) -> list[Seen]:
    await mina.press(ROOM)
    await mina.press(name)
    await mina.press("حذف همکار")
    return await mina.press("بله، برداشته شود")


async def names(citizen: Citizen) -> list[str | None]:
    return [who.name for who in await citizen.app.store.read(lambda unit: unit.staff.all())]


async def theirs(citizen: Citizen, member_id: int) -> list[int]:
    return await citizen.app.store.read(lambda unit: unit.desk_members.of_member(member_id))


@pytest.mark.parametrize("role", ["کارشناس", "ویراستار", "سرپرست", "مدیر"])
async def test_an_admin_invites_a_colleague_of_each_role(mina: Citizen, reza: Citizen, role: str) -> None:
    welcome, _ = await reza.send(await invited(mina, role))
    (team,) = await mina.press(ROOM)

    assert role in welcome.text
    assert "همکاران (۲ نفر)" in team.text
    assert f"\n• رضا، {role}" in team.text


async def test_an_operator_is_invited_to_a_desk(mina: Citizen, reza: Citizen) -> None:
    number = await desk(mina, "فضای سبز")
    await mina.press(ROOM)
    await mina.press("دعوت همکار")
    (asked,) = await mina.press("کارشناس")
    (told,) = await mina.press("فضای سبز")
    await reza.send(command_in(told))
    await mina.press(ROOM)
    (page,) = await mina.press("رضا")

    assert "کدام میز" in asked.text
    assert "میزش: فضای سبز" in told.text
    assert await theirs(mina, 2) == [number]
    assert "• فضای سبز" in page.text


async def test_an_operator_may_begin_without_a_desk(mina: Citizen, reza: Citizen) -> None:
    await desk(mina, "فضای سبز")
    await mina.press(ROOM)
    await mina.press("دعوت همکار")
    await mina.press("کارشناس")
    (told,) = await mina.press("فعلاً بدون میز")
    await reza.send(command_in(told))
    await mina.press(ROOM)
    (page,) = await mina.press("رضا")

    assert await theirs(mina, 2) == []
    assert "هنوز پشت هیچ میزی نیست" in page.text


async def test_the_desks_of_an_operator_are_pressed_on_and_off(mina: Citizen, reza: Citizen) -> None:
    first, second = [await desk(mina, f"میز {word}") for word in ("یک", "دو")]
    await made_editor(reza, "operator")
    await mina.press(ROOM)
    await mina.press("رضا")
    (before,) = await mina.press("میزها")
    (one,) = await mina.press("▫️ میز دو")
    (both,) = await mina.press("▫️ میز یک")
    now = await theirs(mina, 2)
    (left,) = await mina.press("✅ میز دو")

    assert labels(before)[:2] == ["▫️ میز یک", "▫️ میز دو"]
    assert labels(one)[:2] == ["▫️ میز یک", "✅ میز دو"]
    assert labels(both)[:2] == ["✅ میز یک", "✅ میز دو"]
    assert now == [first, second]
    assert labels(left)[:2] == ["✅ میز یک", "▫️ میز دو"]
    assert await theirs(mina, 2) == [first]


async def test_a_second_tap_does_not_undo_the_first(mina: Citizen, reza: Citizen) -> None:
    number = await desk(mina, "میز یک")
    await made_editor(reza, "operator")
    for _ in range(2):
        await pressed(mina, f"team:place:2.{number}.on.0")

    assert await theirs(mina, 2) == [number]


async def test_many_desks_are_shown_page_by_page(mina: Citizen, reza: Citizen) -> None:
    for number in range(8):
        await desk(mina, f"میز {number}")
    await made_editor(reza, "operator")
    await mina.press(ROOM)
    await mina.press("رضا")
    await mina.press("میزها")
    (second,) = await mina.press("صفحه بعد")
    (there,) = await mina.press("▫️ میز 7")
    await mina.press(ROOM)
    await mina.press("دعوت همکار")
    await mina.press("کارشناس")
    (asked,) = await mina.press("صفحه بعد")

    assert labels(second)[:2] == ["▫️ میز 6", "▫️ میز 7"]
    assert labels(there)[:2] == ["▫️ میز 6", "✅ میز 7"]
    assert labels(asked)[:3] == ["میز 6", "میز 7", "صفحه قبل"]


@pytest.mark.parametrize("role", ["editor", "manager", "admin"])
async def test_only_operators_have_desks(mina: Citizen, reza: Citizen, role: staff.Role) -> None:
    number = await desk(mina, "میز یک")
    await made_editor(reza, role)
    await mina.press(ROOM)
    (page,) = await mina.press("رضا")
    refused = [*await pressed(mina, "team:desks:2"), *await pressed(mina, f"team:place:2.{number}.on.0")]

    assert "میزها" not in labels(page)
    assert all("فقط برای کارشناس" in told.text for told in refused)
    assert await theirs(mina, 2) == []


async def test_without_any_desk_it_is_said_how_one_is_made(mina: Citizen, reza: Citizen) -> None:
    await made_editor(reza, "operator")
    await mina.press(ROOM)
    await mina.press("رضا")

    (told,) = await mina.press("میزها")

    assert "/desk" in told.text


async def test_who_is_removed_has_no_room_any_more(mina: Citizen, reza: Citizen) -> None:
    await made_editor(reza, "admin")
    (removed,) = await remove(mina, "رضا")

    stale = await reza.press(ROOM)

    assert "دسترسی رضا برداشته شد" in removed.text
    assert not any("همکاران (" in seen.text for seen in stale)


async def test_a_citizen_who_sends_the_button_of_a_room_is_not_let_in(reza: Citizen) -> None:
    *_, shown = await reza.send("/start")

    reza.api.press_gone(reza.user_id, "team:room", shown)
    await settled(reza.app, reza.api)

    assert "همکاران (" not in reza.screen


async def test_nobody_removes_themselves_here(mina: Citizen) -> None:
    await mina.press(ROOM)
    (page,) = await mina.press("سارا")
    refused = [*await pressed(mina, "team:ask:1"), *await pressed(mina, "team:dismiss:1")]

    assert "حذف همکار" not in labels(page)
    assert all("خروج از همکاری" in told.text for told in refused)
    assert await names(mina) == ["سارا"]


async def test_a_code_of_who_was_removed_is_good_for_nobody(mina: Citizen, reza: Citizen) -> None:
    await made_editor(reza, "admin")
    mine = await invited(reza, "مدیر")
    await remove(mina, "رضا")

    (refused,) = await reza.send(mine)

    assert "کد" in refused.text
    assert await names(mina) == ["سارا"]


async def test_a_code_of_who_was_forgotten_is_good_for_nobody(mina: Citizen, reza: Citizen) -> None:
    await made_editor(reza, "admin")
    mine = await invited(reza, "مدیر")
    await reza.app.store.write(lambda unit: unit.staff.forget(reza.api.dialect.name, reza.user_id))

    await reza.send(mine)

    assert await names(mina) == ["سارا"]


async def test_everybody_can_be_looked_at_however_many_work_here(mina: Citizen) -> None:
    def join(unit: Unit) -> None:
        for number in range(30):
            unit.staff.join("telegram", 7000 + number, "editor", f"همکار {number}", None)

    await mina.app.store.write(join)
    (shown,) = await mina.press(ROOM)
    found = set(labels(shown))
    while "صفحه بعد" in labels(shown):
        assert len(labels(shown)) <= 10
        (shown,) = await mina.press("صفحه بعد")
        found |= set(labels(shown))

    assert {f"همکار {number}" for number in range(30)} <= found


async def test_a_name_turns_nothing_around_and_leads_nowhere(mina: Citizen, reza: Citizen) -> None:
    await made_editor(reza)
    name = "\u202egnp.exe\u2066 t.me/spam @x\n👑"
    await mina.app.store.write(lambda unit: unit.staff.join(reza.api.dialect.name, reza.user_id, "editor", name, None))

    (team,) = await mina.press(ROOM)

    shown = "gnp. exe t. me/spam @ x…"
    assert shown in labels(team) or any(label.startswith("gnp. exe") for label in labels(team))
    assert not set(team.text + "".join(labels(team))) & set("\u202e\u2066\u2069")
    assert "@x" not in team.text


@pytest.mark.parametrize(
    "data", ["role:owner", "role", "later:owner", "begin:99", "begin:x", "one:99", "place:1", "place"]
)
async def test_a_forged_button_changes_nothing_and_says_so(mina: Citizen, data: str) -> None:
    before = await mina.app.store.read(lambda unit: unit.audit.latest(50))

    (told,) = await pressed(mina, f"team:{data}")

    assert "«همکاران»" in told.text or "فقط برای کارشناس" in told.text
    assert await mina.app.store.read(lambda unit: unit.audit.latest(50)) == before
