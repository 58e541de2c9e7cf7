"""The calendar: every day of 1405 and 1406 as the published one, and what a moved month takes along."""

import csv
from datetime import date, timedelta
from functools import cache
from itertools import islice
from pathlib import Path

import pytest

from bot.services import jalali, lunar, occasions
from bot.services.occasions import Calendar, Occasion

CONTENT = Path(__file__).parents[1] / "content"
TABLE = (Path(__file__).parent / "occasions_1405_1406.csv").read_text(encoding="utf-8")
PUBLISHED = list(csv.DictReader(TABLE.splitlines()))
OFFICIAL_STARTS = (
    "1405-01-01 1405-01-30 1405-02-28 1405-03-26 1405-04-25 1405-05-23 1405-06-22 1405-07-20 1405-08-20 1405-09-20"
    " 1405-10-20 1405-11-19 1405-12-19"
).split()
"""First days of 1447/10 to 1448/10, as the official calendar of 1405 has them."""


@cache
def calendar() -> Calendar:
    found, faults = occasions.load(CONTENT)
    assert faults == []
    return found


def day(text: str) -> date:
    found = jalali.day_of(text)
    assert found is not None, text
    return found


def year_of(occasion: str, year: int, of: Calendar) -> list[str]:
    dated = of.dates(of.by_id[occasion], day(f"{year}-01-01"))
    texts = ["{:04}-{:02}-{:02}".format(*jalali.parts(one.day)) for one in dated]
    return [text for text in texts if text.startswith(f"{year}-")]


@pytest.mark.parametrize("row", PUBLISHED, ids=[row["id"] for row in PUBLISHED])
@pytest.mark.parametrize("year", [1405, 1406])
def test_every_occasion_falls_on_its_published_days(row: dict[str, str], year: int) -> None:
    published = row[f"in_{year}"].split(";")

    assert year_of(row["id"], year, calendar()) == published
    for text in published:
        (dated,) = [one for one in calendar().on(day(text)) if one.occasion.id == row["id"]]
        assert dated.occasion.holiday is (row["holiday"] == "yes")


def test_no_occasion_is_missing_or_too_many() -> None:
    assert [occasion.id for occasion in calendar().occasions] == [row["id"] for row in PUBLISHED]
    days = {text for row in PUBLISHED for text in row["in_1405"].split(";")}
    first = day("1405-01-01")
    named = {first + timedelta(days=n) for n in range(365) if calendar().on(first + timedelta(days=n))}
    assert named == {day(text) for text in days}


@pytest.mark.parametrize(("year", "count"), [(1405, 26), (1406, 27)])
def test_the_year_has_so_many_public_holidays(year: int, count: int) -> None:
    first = day(f"{year}-01-01")

    assert sum(bool(calendar().holidays(first + timedelta(days=n))) for n in range(365)) == count


def test_lunar_months_begin_as_the_official_calendar_says() -> None:
    starts = {month.key: month.first for month in calendar().lunar.months}
    keys = [(1447, 10), (1447, 11), (1447, 12), *((1448, number) for number in range(1, 11))]

    assert [starts[key] for key in keys] == [day(text) for text in OFFICIAL_STARTS]


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("1405-12-19", True),  # 1 Shawwal: the last month of the official calendar
        ("1406-01-18", True),  # its 29th day: whatever the moon does, it is in this month
        ("1406-01-19", False),
        ("1406-03-25", False),
        ("1405-05-22", True),
    ],
)
def test_predicted_days_are_told_from_official_ones(text: str, sure: bool) -> None:
    found = calendar().lunar.of(day(text))

    assert found is not None
    assert found.sure is sure


def test_beyond_the_table_nothing_is_known() -> None:
    end = calendar().lunar.end

    assert calendar().is_known(end - timedelta(days=1))
    assert not calendar().is_known(end)
    assert calendar().lunar.of(end) is None


def test_a_moved_month_takes_its_holidays_along_and_no_others() -> None:
    moved = calendar().shifted({(1448, 10): -1})

    assert year_of("fitr", 1405, moved) == ["1405-01-01", "1405-12-18"]
    assert year_of("fitr_2", 1405, moved) == ["1405-01-02", "1405-12-19"]
    assert year_of("imam_sadiq", 1406, moved) == ["1406-01-13"]
    assert year_of("imam_ali_martyrdom", 1405, moved) == ["1405-12-09"]
    assert year_of("ashura", 1406, moved) == ["1406-03-25"]
    assert year_of("fitr", 1405, calendar()) == ["1405-01-01", "1405-12-19"]


def test_the_last_day_of_a_month_moves_with_the_next_month() -> None:
    moved = calendar().shifted({(1449, 3): 1})

    assert year_of("imam_reza_martyrdom", 1406, moved) == ["1406-05-13"]
    assert year_of("prophet_passing", 1406, moved) == ["1406-05-11"]


def test_a_month_that_staff_moved_is_sure() -> None:
    moved = calendar().shifted({(1449, 1): 1})
    (ashura,) = [one for one in moved.on(day("1406-03-26")) if one.occasion.id == "ashura"]

    assert ashura.sure


def test_a_month_that_would_get_too_short_moves_the_next_one() -> None:
    moved = calendar().shifted({(1449, 3): 1})  # 29 days
    starts = {month.key: month for month in moved.lunar.months}

    assert starts[1449, 3].sure
    assert starts[1449, 4].first == day("1406-06-12")
    assert not starts[1449, 4].sure
    assert starts[1449, 5].first == day("1406-07-10")


def test_a_move_without_room_changes_nothing() -> None:
    moved = calendar().shifted({(1448, 10): 1})

    assert [month.first for month in moved.lunar.months] == [month.first for month in calendar().lunar.months]


def test_two_months_moved_one_after_the_other_make_room() -> None:
    moved = calendar().shifted({(1448, 9): 1, (1448, 10): 1})

    assert year_of("fitr", 1405, moved) == ["1405-01-01", "1405-12-20"]
    assert year_of("imam_ali_martyrdom", 1405, moved) == ["1405-12-10"]


@pytest.mark.parametrize(
    ("month", "by", "room"),
    [
        ((1448, 10), 1, False),  # Ramadan has 30 days: no 31st
        ((1448, 10), -1, True),
        ((1448, 9), 1, True),
        ((1448, 9), -1, False),  # Sha'ban has 29: no 28
        ((1500, 1), 1, False),
    ],
)
def test_a_month_has_29_or_30_days(month: tuple[int, int], by: int, room: bool) -> None:
    assert calendar().lunar.has_room(*month, by) is room


LUNAR = """official_until = "1448-1"
[year.1448]
first = "1405-03-26"
lengths = [30, 29, 30, 29, 30, 30, 30, 29, 30, 29, 30, 29]
[year.1449]
first = "1406-03-16"
lengths = [30, 29, 29, 30, 29, 30, 29, 30, 30, 30, 29]
"""
RULES = 'must be a number, "end", or such as "first thursday", "last friday", "eve of last wednesday"'
OCCASION = '[[occasion]]\nid = "a"\ntitle = "روز نو"\ncalendar = "solar"\nmonth = 7\nday = 3\n'


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("1406-03-16", "1406-03-17", "year.1449: does not begin where the year before ends"),
        ("1405-03-26", "1405-13-26", 'year.1448: needs a first day in Jalali, such as first = "1405-03-26"'),
        ("lengths = [30, 29, 30, 29, 30, 30,", "lengths = [31, 29,", "year.1448: needs 12 lengths, each 29 or 30"),
        ('official_until = "1448-1"', "", 'official_until: must be a lunar month such as "1448-10"'),
        ("official_until", "offical = 1\nofficial_until", "offical: is not a key of this file"),
    ],
)
def test_a_hole_in_the_lunar_months_is_named(tmp_path: Path, old: str, new: str, fault: str) -> None:
    (tmp_path / "lunar.toml").write_text(LUNAR.replace(old, new, 1), encoding="utf-8")

    assert [f"{wrong.key}: {wrong.reason}" for wrong in lunar.load(tmp_path / "lunar.toml")[1]] == [fault]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("day = 3", "day = 32", "a.day: is no day of that month"),
        ("day = 3", 'day = "last day"', f"a.day: {RULES}"),
        ("day = 3", 'day = "fifth monday"', f"a.day: {RULES}"),
        ("day = 3", 'day = "eve of first monday"', f"a.day: {RULES}"),
        ('"solar"\nmonth = 7\nday = 3', '"gregorian"\nmonth = 7\nday = "first monday"', "a.day: must be a number"),
        ("month = 7", "month = 13", "a.month: must be a number from 1 to 12"),
        ('"solar"', '"persian"', "a.calendar: must be one of solar, lunar, gregorian"),
        ("month = 7", 'month = 7\nholiday = "yes"', "a.holiday: must be true or false"),
        ("month = 7", "month = 7\nholyday = true", "a.holyday: is not a key of an occasion"),
        ('"روز نو"', '""', "a.title: must be a text that is not empty"),
        ("month = 7", 'month = 7\nnames = [""]', "a.names: must be a list of texts, none of them empty"),
        ("month = 7", 'month = 7\nmood = "sad"', 'a.mood: must be "joy" or "mourning"'),
    ],
)
def test_a_bad_occasion_is_named_and_the_others_stay(tmp_path: Path, old: str, new: str, fault: str) -> None:
    (tmp_path / "lunar.toml").write_text(LUNAR, encoding="utf-8")
    other = OCCASION.replace('"a"', '"b"')
    (tmp_path / "occasions.toml").write_text(OCCASION.replace(old, new) + other, encoding="utf-8")
    found, faults = occasions.load(tmp_path)

    assert [f"{wrong.key}: {wrong.reason}" for wrong in faults] == [fault]
    assert [occasion.id for occasion in found.occasions] == ["b"]


@pytest.mark.parametrize(
    ("rule", "falls"),
    [
        ("first thursday", "1405-07-02"),
        ("first wednesday", "1405-07-01"),
        ("second wednesday", "1405-07-08"),
        ("fourth thursday", "1405-07-23"),
        ("last thursday", "1405-07-30"),
        ("eve of last thursday", "1405-07-29"),
        ("end", "1405-07-30"),
    ],
)
def test_a_day_of_the_week_is_found_in_its_month(rule: str, falls: str) -> None:
    meeting = Occasion("meeting", "روز همسایه", "solar", 7, rule)
    of = Calendar((meeting,), calendar().lunar)

    assert [one.day for one in islice(of.dates(meeting, day("1405-01-01")), 1)] == [day(falls)]
    assert [dated.occasion for dated in of.on(day(falls))] == [meeting]
    assert of.on(day(falls) + timedelta(days=7)) == ()


def test_a_day_of_the_week_in_a_lunar_month_goes_with_the_month() -> None:
    first, last = (Occasion(rule, rule, "lunar", 10, rule) for rule in ("first tuesday", "last wednesday"))
    of = Calendar((first, last), calendar().lunar)
    moved = of.shifted({(1448, 10): -1, (1448, 11): -1})  # from a Wednesday to one; now from a Tuesday to one

    days = [[next(each.dates(one, day("1405-12-01"))).day for one in (first, last)] for each in (of, moved)]
    assert days == [[day("1405-12-25"), day("1406-01-18")], [day("1405-12-18"), day("1406-01-11")]]


def test_an_id_used_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lunar.toml").write_text(LUNAR, encoding="utf-8")
    (tmp_path / "occasions.toml").write_text(OCCASION * 2, encoding="utf-8")

    assert [wrong.key for wrong in occasions.load(tmp_path)[1]] == ["a.id"]


def test_missing_files_are_faults(tmp_path: Path) -> None:
    assert {wrong.file for wrong in occasions.load(tmp_path)[1]} == {"lunar.toml", "occasions.toml"}
