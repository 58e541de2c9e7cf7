"""Closures and moved months: kept with who said them, undone once, never deleted."""

from datetime import date

from bot.models import closures, lunar_shifts
from bot.store.closures import ClosureRow
from bot.store.unit import Unit
from tests.citizen import rows_of
from tests.store.conftest import Time

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)
SNOW = ClosureRow(0, "late", TUESDAY, WEDNESDAY, "برف", ("nahiye1", "nahiye2"), 600, None)


def test_a_closure_comes_back_as_it_was_kept(unit: Unit) -> None:
    number = unit.closures.add(SNOW, by=3)

    (found,) = unit.closures.in_force(TUESDAY)
    assert found == ClosureRow(number, "late", TUESDAY, WEDNESDAY, "برف", ("nahiye1", "nahiye2"), 600, None)


def test_it_is_in_force_until_its_last_day(unit: Unit) -> None:
    unit.closures.add(SNOW, by=3)

    assert len(unit.closures.in_force(WEDNESDAY)) == 1
    assert unit.closures.in_force(date(2026, 11, 26)) == []


def test_the_oldest_stands_first(unit: Unit) -> None:
    first, second = (unit.closures.add(SNOW, by=3) for _ in range(2))

    assert [row.id for row in unit.closures.in_force(TUESDAY)] == [first, second]
    assert first < second


def test_it_is_undone_once_and_the_row_says_by_whom(unit: Unit, clock: Time) -> None:
    number = unit.closures.add(SNOW, by=3)
    clock.go_on(1000)

    assert unit.closures.undo(number, by=4)
    assert not unit.closures.undo(number, by=5)
    assert not unit.closures.undo(number + 1, by=4)
    assert unit.closures.in_force(TUESDAY) == []
    (row,) = rows_of(unit, closures)
    assert (row["made_by"], row["undone_by"], row["undone_at"] - row["made_at"]) == (3, 4, 1000)


def test_a_moved_month_is_kept_and_undone_likewise(unit: Unit) -> None:
    number = unit.lunar_shifts.add(1448, 10, -1, by=3)

    (shift,) = unit.lunar_shifts.in_force()
    assert (shift.id, shift.key, shift.days) == (number, (1448, 10), -1)
    assert unit.lunar_shifts.undo(number, by=4)
    assert not unit.lunar_shifts.undo(number, by=4)
    assert unit.lunar_shifts.in_force() == []
    assert rows_of(unit, lunar_shifts)[0]["undone_by"] == 4


def test_it_is_known_whether_a_month_was_moved_or_moved_back_since_an_instant(unit: Unit, clock: Time) -> None:
    start = unit.now
    clock.go_on(1000)
    number = unit.lunar_shifts.add(1448, 10, 1, by=3)
    after = Unit(unit._connection).now
    clock.go_on(1000)
    before_undone = unit.lunar_shifts.changed_since(after)
    unit.lunar_shifts.undo(number, by=3)

    assert unit.lunar_shifts.changed_since(start)
    assert not before_undone
    assert unit.lunar_shifts.changed_since(after)
