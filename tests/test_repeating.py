"""What repeats: each time on its day by its calendar, never drifting, over when it is over."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.clock import TEHRAN
from bot.services import jalali
from bot.services.lunar import Lunar
from bot.services.repeating import Basis, Every, Repeat, following
from tests.test_calendar import calendar, day

EVERY = some.sampled_from(["day", "week", "month", "year"])
BASES = some.sampled_from(["solar", "lunar", "gregorian"])
MONTHS = calendar().lunar
FIRST = MONTHS.months[0].first
HOURS = some.integers(0, 24 * 60 - 1)


def at(text: str, hour: int = 10) -> datetime:
    return datetime.combine(day(text), datetime.min.time(), TEHRAN) + timedelta(hours=hour)


def series(repeat: Repeat, first: datetime, count: int, months: Lunar = MONTHS) -> list[str]:
    """The days of so many times in Jalali, the first one included."""
    found: list[str] = []
    after: datetime | None = first - timedelta(minutes=1)
    while after is not None and len(found) < count:
        after = following(repeat, first, after, months)
        if after is not None:
            assert (after.hour, after.minute) == (first.hour, first.minute)
            found.append("{:04}-{:02}-{:02}".format(*jalali.parts(after.date())))
    return found


@pytest.mark.parametrize(
    ("every", "basis", "first", "days"),
    [
        ("day", "solar", "1405-12-28", "1405-12-28 1405-12-29 1406-01-01"),
        ("week", "lunar", "1405-09-01", "1405-09-01 1405-09-08 1405-09-15"),
        ("month", "solar", "1405-06-31", "1405-06-31 1405-07-30 1405-08-30"),
        ("month", "solar", "1405-10-30", "1405-10-30 1405-11-30 1405-12-29 1406-01-30"),
        ("month", "solar", "1405-12-15", "1405-12-15 1406-01-15"),
        # 30 Esfand is in 1403 and in 1408
        ("year", "solar", "1403-12-30", "1403-12-30 1404-12-29 1405-12-29 1406-12-29 1407-12-29 1408-12-30"),
        ("year", "solar", "1405-01-01", "1405-01-01 1406-01-01"),
        # 31 January, 28 February, 31 March
        ("month", "gregorian", "1405-11-11", "1405-11-11 1405-12-09 1406-01-11"),
        ("year", "gregorian", "1402-12-10", "1402-12-10 1403-12-10 1404-12-09 1405-12-09 1406-12-10"),
        # 30 Muharram 1448, then the 29th of Safar, 30 Rabi I
        ("month", "lunar", "1405-04-24", "1405-04-24 1405-05-22 1405-06-21 1405-07-19"),
        ("year", "lunar", "1404-04-15", "1404-04-15 1405-04-04 1406-03-25"),
    ],
)
def test_each_time_is_on_its_day(every: Every, basis: Basis, first: str, days: str) -> None:
    assert series(Repeat(every, basis), at(first), len(days.split())) == days.split()


def test_the_31st_comes_back() -> None:
    found = series(Repeat("month"), at("1405-06-31"), 9)

    assert found[-3:] == ["1405-12-29", "1406-01-31", "1406-02-31"]


def test_the_last_day_counts_and_none_after_it() -> None:
    repeat = Repeat("week", until=day("1405-09-15"))

    assert series(repeat, at("1405-09-01"), 9) == ["1405-09-01", "1405-09-08", "1405-09-15"]
    assert following(repeat, at("1405-09-01"), at("1405-09-15"), MONTHS) is None


def test_the_instant_itself_is_not_after_it() -> None:
    repeat, first = Repeat("day"), at("1405-09-01")

    assert following(repeat, first, first - timedelta(seconds=1), MONTHS) == first
    assert following(repeat, first, first, MONTHS) == first + timedelta(days=1)
    assert following(repeat, first, first - timedelta(days=900), MONTHS) == first


def test_after_a_long_pause_only_the_next_one_comes() -> None:
    assert following(Repeat("month"), at("1405-01-31"), at("1415-08-30", 9), MONTHS) == at("1415-08-30")


def test_a_moved_lunar_month_moves_those_in_it_and_no_others() -> None:
    moved = MONTHS.shifted({(1448, 10): -1})
    repeat, first = Repeat("month", "lunar"), at("1405-10-29")  # 10 Sha'ban

    assert series(repeat, first, 4) == ["1405-10-29", "1405-11-28", "1405-12-28", "1406-01-28"]
    assert series(repeat, first, 4, moved) == ["1405-10-29", "1405-11-28", "1405-12-27", "1406-01-28"]


def test_beyond_the_lunar_table_nothing_is_told() -> None:
    last = MONTHS.months[-1].first
    repeat = Repeat("month", "lunar")
    on_the = {
        number: datetime.combine(FIRST + timedelta(days=number - 1), datetime.min.time(), TEHRAN) for number in (1, 30)
    }

    assert following(repeat, on_the[1], on_the[1].replace(year=2028), MONTHS) is None
    found = series(repeat, on_the[1], 99)
    assert found[-1] == "{:04}-{:02}-{:02}".format(*jalali.parts(last))
    # whether the last month has a 30th day is not known
    assert len(series(repeat, on_the[30], 99)) == len(found) - 1
    assert following(repeat, at("1390-01-01"), at("1390-01-02"), MONTHS) is None
    assert following(repeat, on_the[1], on_the[1], Lunar()) is None


@given(EVERY, BASES, some.one_of(some.none(), some.dates()))
def test_it_is_kept_as_it_is(every: Every, basis: Basis, until: date | None) -> None:
    repeat = Repeat(every, basis, until)

    assert Repeat.from_json(repeat.to_json()) == repeat


@pytest.mark.parametrize(
    "stored",
    ["", "1", "{}", '{"every": "hour", "calendar": "solar"}', '{"every": "day", "calendar": "mayan"}'],
)
def test_what_is_no_repetition_is_refused(stored: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Repeat.from_json(stored)


@given(EVERY, BASES, some.integers(0, 2000), HOURS, some.integers(-500, 30_000))
def test_it_rises_strictly_and_never_skips(every: Every, basis: Basis, days: int, minute: int, gone: int) -> None:
    repeat = Repeat(every, basis)
    first = datetime.combine(FIRST, datetime.min.time(), TEHRAN) + timedelta(days=days, minutes=minute)
    after = first + timedelta(hours=gone)
    found = following(repeat, first, after, MONTHS)
    if found is None:
        assert basis == "lunar" and every in {"month", "year"}  # noqa: PT018 - one reason
        return

    assert found > after
    assert found >= first
    # nothing lies between: whoever asks a moment before it is told the same
    assert following(repeat, first, found - timedelta(microseconds=1), MONTHS) == found
    longest = {"day": 1, "week": 7, "month": 31, "year": 366}[every]
    assert found - max(after, first) <= timedelta(days=longest)


@given(BASES, some.integers(0, 1000), some.integers(1, 60))
def test_months_never_drift(basis: Basis, days: int, count: int) -> None:
    first = datetime.combine(FIRST + timedelta(days=days), datetime.min.time(), TEHRAN)
    number = _number(first.date(), basis)
    for text in series(Repeat("month", basis), first, count):
        found = day(text)
        following_day = _number(found + timedelta(days=1), basis)
        assert _number(found, basis) == number or (_number(found, basis) < number and following_day in {1, 0})


def _number(at: date, basis: Basis) -> int:
    """The number of a day in its month; 0 where nothing is known."""
    if basis == "lunar":
        found = MONTHS.of(at)
        return found.day if found else 0
    return jalali.parts(at)[2] if basis == "solar" else at.day
