"""Bans: one a citizen, over by themselves or lifted, never of staff, and kept when the citizen is forgotten."""

import pytest

from bot.errors import CitizenError
from bot.models import bans as table
from bot.services import bans, citizens, staff
from bot.services.bans import DAY_MS
from bot.store.citizens import Citizen
from bot.store.staff import Member
from bot.store.unit import Unit
from tests.citizen import rows_of
from tests.store.conftest import Time

SARA = Citizen(1, "telegram", 5, "سارا", 0)
NAMESAKE = Citizen(2, "bale", 5, "سارا", 0)


def manager(unit: Unit) -> Member:
    return unit.staff.join("telegram", 7, "manager", "مینا", None)


def test_a_ban_stands_until_its_end(unit: Unit, clock: Time) -> None:
    mina = manager(unit)
    made = bans.ban(unit, mina, "telegram", 5, 7, "توهین")

    assert bans.standing(unit, SARA) == made
    assert bans.standing(unit, NAMESAKE) is None
    assert (made.until, made.by, made.reason) == (clock.millis() + 7 * DAY_MS, mina.id, "توهین")
    clock.go_on(7 * DAY_MS - 1)
    assert bans.standing(unit, SARA) == made
    clock.go_on(1)
    assert bans.standing(unit, SARA) is None
    assert bans.all(unit, 9) == []


def test_a_ban_without_end_stands_until_it_is_lifted(unit: Unit, clock: Time) -> None:
    mina = manager(unit)
    bans.ban(unit, mina, "telegram", 5, None, "توهین")
    clock.go_on(3000 * DAY_MS)
    assert bans.standing(unit, SARA) is not None

    bans.lift(unit, mina, "telegram", 5)

    assert bans.standing(unit, SARA) is None
    with pytest.raises(CitizenError, match="gone"):
        bans.lift(unit, mina, "telegram", 5)


def test_a_second_ban_takes_the_place_of_the_first_and_both_are_noted(unit: Unit) -> None:
    mina = manager(unit)
    first = bans.ban(unit, mina, "telegram", 5, 7, "توهین")
    second = bans.ban(unit, mina, "telegram", 5, None, "تکرار")
    bans.lift(unit, mina, "telegram", 5)

    lifted, again, begun = unit.audit.of("citizen:telegram.5", 9)
    assert (begun.action, begun.before, begun.after) == ("banned", None, {"until": first.until, "reason": "توهین"})
    assert (again.before, again.after) == (begun.after, {"until": None, "reason": "تکرار"})
    assert (lifted.action, lifted.member_id, lifted.before) == ("unbanned", mina.id, again.after)
    assert second.until is None


def test_what_is_over_is_no_ban_to_lift(unit: Unit, clock: Time) -> None:
    mina = manager(unit)
    bans.ban(unit, mina, "telegram", 5, 1, "توهین")
    clock.go_on(DAY_MS)

    with pytest.raises(CitizenError, match="gone"):
        bans.lift(unit, mina, "telegram", 5)


def test_staff_are_not_banned_and_whoever_becomes_staff_is_banned_no_more(unit: Unit) -> None:
    mina = manager(unit)
    with pytest.raises(CitizenError, match="is_staff"):
        bans.ban(unit, mina, "telegram", 7, 7, "توهین")

    bans.ban(unit, mina, "telegram", 5, 7, "توهین")
    staff.join(unit, SARA, staff.invite(unit, "editor"))

    assert bans.standing(unit, SARA) is None


@pytest.mark.parametrize("days", [0, -1, 400])
def test_nobody_is_banned_for_days_that_nobody_offers(unit: Unit, days: int) -> None:
    mina = manager(unit)
    with pytest.raises(CitizenError, match="unknown"):
        bans.ban(unit, mina, "telegram", 5, days, "توهین")


def test_a_ban_outlives_the_wish_to_be_forgotten(unit: Unit) -> None:
    mina = manager(unit)
    met = unit.citizens.meet("telegram", 5, "سارا")
    bans.ban(unit, mina, "telegram", 5, 7, "توهین")

    citizens.forget(unit, met, 5)

    assert bans.standing(unit, SARA) is not None
    assert bans.named(unit, "telegram.5") == ("telegram", 5)


def test_the_newest_stands_first(unit: Unit, clock: Time) -> None:
    mina = manager(unit)
    for user in (5, 6, 8):
        bans.ban(unit, mina, "telegram", user, 7, "توهین")
        clock.go_on(1)

    assert [ban.user_id for ban in bans.all(unit, 2)] == [8, 6]


def test_what_has_been_over_for_long_is_deleted(unit: Unit, clock: Time) -> None:
    mina = manager(unit)
    for user, days in ((5, 1), (6, 20), (8, None)):
        bans.ban(unit, mina, "telegram", user, days, "توهین")
    clock.go_on(12 * DAY_MS)

    assert unit.bans.prune(10 * DAY_MS, 9) == 1
    assert [row["user_id"] for row in rows_of(unit, table)] == [6, 8]


@pytest.mark.parametrize(
    "who", ["", "telegram", "telegram.", "telegram.x", "telegram.99", "telegram." + "9" * 40, "x.5"]
)
def test_a_citizen_whom_no_button_of_ours_names_is_unknown(unit: Unit, who: str) -> None:
    unit.citizens.meet("telegram", 5, "سارا")

    with pytest.raises(CitizenError, match="unknown"):
        bans.named(unit, who)
    with pytest.raises(CitizenError, match="gone"):
        bans.standing_of(unit, who)
    assert bans.named(unit, "telegram.5") == ("telegram", 5)


def test_only_the_last_digits_of_a_citizen_are_shown() -> None:
    assert bans.shown("telegram.1234560078") == ("telegram", "۰۰۷۸")


def test_a_reason_is_one_harmless_line() -> None:
    assert bans.checked_reason(" توهین\u202e به\nهمکاران ") == "توهین به / همکاران"
    with pytest.raises(CitizenError, match="no_reason"):
        bans.checked_reason(" … ")
    with pytest.raises(CitizenError, match="too_long"):
        bans.checked_reason("چ" * 151)
