"""What each role may, at which desks somebody works, and what becomes of both by codes, dismissal and forgetting."""

import pytest

from bot.errors import CitizenError
from bot.services import staff
from bot.services.staff import ROLES, Member, Role
from bot.store.citizens import Citizen
from bot.store.unit import Unit

RIGHTS: dict[str, set[str]] = {
    "operator": {"operator"},
    "editor": {"editor"},
    "manager": {"operator", "editor", "manager"},
    "admin": {"operator", "editor", "manager", "admin"},
}


def citizen(number: int) -> Citizen:
    return Citizen(0, "telegram", number, f"همکار {number}", 0)


def hired(unit: Unit, number: int, role: Role, desk_id: int | None = None) -> Member:
    return staff.join(unit, citizen(number), staff.invite(unit, role, desk_id=desk_id))


def two_desks(unit: Unit) -> list[int]:
    return [unit.desks.make("telegram", number, f"میز {number}").id for number in (-5, -6)]


def refusal(unit: Unit, number: int, role: Role, desk_id: int | None = None) -> str | None:
    """How a code of this role is refused; None: it is taken."""
    code = staff.invite(unit, role, desk_id=desk_id)
    try:
        with unit.attempt():
            staff.join(unit, citizen(number), code)
    except CitizenError as error:
        return error.key
    return None


def test_every_role_may_what_it_should_and_no_more() -> None:
    assert {role: {needed for needed in ROLES if staff.may(role, needed)} for role in ROLES} == RIGHTS
    assert not any(staff.may(nobody, needed) for nobody in (None, "", "owner") for needed in ROLES)


@pytest.mark.parametrize("had", ROLES)
@pytest.mark.parametrize("given", ROLES)
def test_a_code_that_gives_nothing_new_is_refused_and_any_other_replaces_the_role(
    unit: Unit, had: Role, given: Role
) -> None:
    known = hired(unit, 7, had)

    refused = refusal(unit, 7, given)

    now = unit.staff.get(known.id)
    assert now is not None
    if given in RIGHTS[had]:
        assert (refused, now.role) == ("already", had)
    else:
        assert (refused, now.role) == (None, given)


def test_the_only_admin_stays_one_whatever_code_they_use(unit: Unit) -> None:
    hired(unit, 7, "admin")

    assert {refusal(unit, 7, role) for role in ROLES} == {"already"}
    assert unit.staff.hold("admin") == [1]


def test_a_refused_code_is_good_for_somebody_else(unit: Unit) -> None:
    hired(unit, 7, "manager")
    code = staff.invite(unit, "editor")
    with pytest.raises(CitizenError, match="already"), unit.attempt():
        staff.join(unit, citizen(7), code)

    assert staff.join(unit, citizen(8), code).role == "editor"


def test_a_code_may_lead_an_operator_to_a_desk_and_to_another_later(unit: Unit) -> None:
    desks = two_desks(unit)
    omid = hired(unit, 7, "operator", desks[0])

    assert refusal(unit, 7, "operator", desks[0]) == "already"
    assert refusal(unit, 7, "operator") == "already"
    assert refusal(unit, 7, "operator", desks[1]) is None
    assert unit.desk_members.of_member(omid.id) == desks


def test_a_code_for_a_desk_that_is_not_there_is_not_made(unit: Unit) -> None:
    with pytest.raises(CitizenError, match="no_desk"):
        staff.invite(unit, "operator", desk_id=99)


def test_only_operators_begin_at_a_desk(unit: Unit) -> None:
    desks = two_desks(unit)
    editor = hired(unit, 7, "editor", desks[0])

    assert unit.desk_members.of_member(editor.id) == []


@pytest.mark.parametrize(
    ("role", "where"),
    [("operator", [True, False, False]), ("editor", [False] * 3), ("manager", [True] * 3), ("admin", [True] * 3)],
)
def test_who_works_where(unit: Unit, role: Role, where: list[bool]) -> None:
    desks = two_desks(unit)
    member = hired(unit, 7, role, desks[0])

    assert [staff.works_at(unit, member, desk) for desk in (*desks, None)] == where


def test_only_an_operator_is_placed_and_only_at_a_desk_that_is_there(unit: Unit) -> None:
    desks = two_desks(unit)
    admin, omid = hired(unit, 7, "admin"), hired(unit, 8, "operator")

    with pytest.raises(CitizenError, match="no_operator"):
        staff.place(unit, admin, desks[0], admin, works=True)
    with pytest.raises(CitizenError, match="no_desk"):
        staff.place(unit, omid, 99, admin, works=True)
    staff.place(unit, omid, desks[1], admin, works=True)
    assert [staff.works_at(unit, omid, desk) for desk in desks] == [False, True]
    staff.place(unit, omid, desks[1], admin, works=False)
    assert not staff.works_at(unit, omid, desks[1])


def test_a_desk_knows_who_works_there(unit: Unit) -> None:
    desks = two_desks(unit)
    first, second = (hired(unit, number, "operator", desks[0]) for number in (7, 8))
    hired(unit, 9, "operator", desks[1])

    assert [who.id for who in unit.desk_members.of_desk(desks[0])] == [first.id, second.id]
    assert not unit.desk_members.add(desks[0], first.id)
    assert not unit.desk_members.remove(desks[1], first.id)


@pytest.mark.parametrize("end", ["dismiss", "leave", "forget", "another_role"])
def test_who_is_no_operator_any_more_works_at_no_desk(unit: Unit, end: str) -> None:
    desks = two_desks(unit)
    admin, omid = hired(unit, 6, "admin"), hired(unit, 7, "operator", desks[0])

    if end == "dismiss":
        staff.dismiss(unit, omid.id, admin)
    elif end == "leave":
        staff.leave(unit, omid)
    elif end == "forget":
        staff.forget(unit, citizen(7))
    else:
        hired(unit, 7, "editor")

    assert unit.desk_members.of_member(omid.id) == []
    assert unit.desk_members.of_desk(desks[0]) == []
    if end != "another_role":
        assert unit.desk_members.of_member(hired(unit, 7, "operator").id) == []


def test_the_last_admin_is_not_dismissed(unit: Unit) -> None:
    admin, manager = hired(unit, 7, "admin"), hired(unit, 8, "manager")

    with pytest.raises(CitizenError, match="last_admin"):
        staff.dismiss(unit, admin.id, manager)
    with pytest.raises(CitizenError, match="last_admin"):
        staff.leave(unit, admin)
    staff.dismiss(unit, manager.id, admin)
    with pytest.raises(CitizenError, match="gone"):
        staff.dismiss(unit, manager.id, admin)


def test_everybody_who_ever_worked_here_can_be_looked_up(unit: Unit) -> None:
    admin, omid, neda = hired(unit, 7, "admin"), hired(unit, 8, "operator"), hired(unit, 9, "editor")
    staff.dismiss(unit, omid.id, admin)

    found = unit.staff.ever(0, 2) + unit.staff.ever(2, 2)

    assert [(who.id, here) for who, here in found] == [(admin.id, True), (neda.id, True), (omid.id, False)]


@pytest.mark.parametrize("number", ["", "x", "-1", "99", "9" * 30, "۹۹"])
def test_a_desk_that_no_button_of_ours_names_is_not_there(unit: Unit, number: str) -> None:
    desks = two_desks(unit)
    with pytest.raises(CitizenError, match="no_desk"):
        staff.desk(unit, number)
    assert staff.desk(unit, str(desks[0])).title == "میز -5"
