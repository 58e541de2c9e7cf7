"""What stands in `content/hours.toml`: holes are named, and what is sound is read all the same."""

import shutil
from pathlib import Path

import pytest

from bot.loading import Loaded
from bot.services.hours import Hours, describe, load
from tests.test_hours import CONTENT, SUNDAY, at

NO_DAY = 'is no Jalali day such as "1405-11-22"'
OFFICE = '[office.region14]\nname = "دفتر"\n[office.region14.week]\n'
SPECIAL = OFFICE + 'sunday = ["08:00-12:00"]\n[[office.region14.special]]\n'
DATED = SPECIAL + 'title = "ویژه"\nfrom = "1405-09-01"\n'
OVERLAPPING = f"""{DATED}to = "1405-09-04"
spans = []
[[office.region14.special]]
title = "ب"
from = "1405-09-04"
spans = []"""


def read(folder: Path, written: str) -> tuple[Hours, list[str]]:
    """The content with these offices in place of its own."""
    for name in ("lunar.toml", "occasions.toml"):
        shutil.copy(CONTENT / name, folder / name)
    texts = (CONTENT / "hours.toml").read_text(encoding="utf-8").partition("[texts]")[2]
    (folder / "hours.toml").write_text(f"{written}\n[texts]{texts}", encoding="utf-8")
    table, faults = load(folder)
    return table, [f"{fault.key}: {fault.reason}" for fault in faults]


def test_offices_whose_hours_are_invented_are_listed_among_the_samples(loaded: Loaded) -> None:
    assert {f"office.nahiye{number}" for number in range(1, 7)} <= set(loaded.samples)
    assert "office.region14" not in loaded.samples


def test_an_office_without_hours_says_so(tmp_path: Path) -> None:
    table, faults = read(tmp_path, OFFICE)

    assert faults == []
    assert "هنوز ندارم" in describe(table, "", at(SUNDAY))


def test_an_office_that_is_closed_for_long_does_not_know_when_it_opens(tmp_path: Path) -> None:
    closed = DATED + 'to = "1406-09-01"\nspans = []\n'
    table, faults = read(tmp_path, closed)

    assert faults == []
    assert "به خاطر ویژه تعطیل است. روز باز شدنش هنوز معلوم نیست." in describe(table, "", at(SUNDAY))


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ('sunday = ["8-12"]', "week.sunday: '8-12' is not a time such as \"08:00-16:30\""),
        ('sunday = ["12:00-08:00"]', "week.sunday: has times that overlap or run backwards"),
        ('sunday = ["08:00-12:00", "11:00-13:00"]', "week.sunday: has times that overlap or run backwards"),
        ('sunday = ["08:00-12:00", "12:00-13:00"]', "week.sunday: has times that overlap or run backwards"),
        ('sunday = ["08:00-24:30"]', "week.sunday: has times that overlap or run backwards"),
        ("sunday = 8", 'week.sunday: must be a list of texts such as "08:00-16:30"'),
        ("someday = []", "week.someday: is not a day of the week"),
    ],
)
def test_a_hole_in_a_week_is_named(tmp_path: Path, written: str, fault: str) -> None:
    assert read(tmp_path, OFFICE + written)[1] == [f"office.region14.{fault}"]


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ('open_on = ["arbain"]', "open_on: names 'arbain', which is no occasion"),
        ('open_on = "arbaeen"', "open_on: must be a list of texts, none of them empty"),
        ("names = 3", "names: must be a list of texts, none of them empty"),
        ("sample = 1", "sample: must be true or false"),
        ('closed_on_holidays = "no"', "closed_on_holidays: must be true or false"),
        ('phone = "۱"', "phone: is not a key of an office"),
        ("special = 3", "special: must be written as [[office.….special]]"),
    ],
)
def test_a_wrong_key_of_an_office_is_named(tmp_path: Path, written: str, fault: str) -> None:
    office = OFFICE.replace("[office.region14.week]", f"{written}\n[office.region14.week]")

    assert read(tmp_path, office)[1] == [f"office.region14.{fault}"]


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        (
            SPECIAL + 'title = "ا"\nfrom = "1405-13-01"\nspans = []',
            f"[1].from: '1405-13-01' {NO_DAY}",
        ),
        (
            SPECIAL + 'title = "ا"\nfrom = "1405-12-30"\nspans = []',
            f"[1].from: '1405-12-30' {NO_DAY}",
        ),
        (DATED + 'to = "1405-08-01"\nspans = []', "[1].to: is before the day that it begins with"),
        (DATED + 'spans = ["9-12"]', "[1].spans: '9-12' is not a time such as \"08:00-16:30\""),
        (DATED, "[1].spans: needs either spans or a week"),
        (DATED + "lunar_month = 9\nspans = []", "[1].from: needs exactly one of from, lunar_month and occasion"),
        (SPECIAL + 'title = "ا"\nlunar_month = 13\nspans = []', "[1].lunar_month: must be a number from 1 to 12"),
        (SPECIAL + 'title = "ا"\noccasion = "yaldaa"\nspans = []', "[1].occasion: 'yaldaa' is no occasion"),
        (SPECIAL + "lunar_month = 9\nspans = []", "[1].title: must be a text that is not empty"),
        (DATED + "spans = []\nopen = true", "[1].open: is not a key of special days"),
        (DATED + 'spans = []\neven_on_holidays = "no"', "[1].even_on_holidays: must be true or false"),
        (DATED + "[office.region14.special.week]\nmunday = []", "[1].week.munday: is not a day of the week"),
        (OVERLAPPING, ": 'ویژه' and 'ب' overlap"),
    ],
)
def test_a_hole_in_special_days_is_named(tmp_path: Path, written: str, fault: str) -> None:
    table, faults = read(tmp_path, written)

    assert faults == [f"office.region14.special{fault}"]
    assert table.offices["region14"].week[1], "the week is read all the same"


def test_a_name_belongs_to_one_office(tmp_path: Path) -> None:
    other = OFFICE.replace("region14", "park").replace('"دفتر"', '"بوستان"\nnames = ["دفتر یک"]')
    both = OFFICE.replace('"دفتر"', '"دفتر"\nnames = ["دفتر یک"]') + other

    assert read(tmp_path, both)[1] == ["office.park.names: 'دفتر یک' is a name of office.region14 too"]


def test_without_the_municipality_there_are_no_hours(tmp_path: Path) -> None:
    assert read(tmp_path, OFFICE.replace("region14", "region15"))[1] == ["office.region14: is missing"]
    assert read(tmp_path, "[office.region14]\nweek = 3")[1] == ["office.region14: needs a name and a week"]


def test_texts_are_checked_both_ways(tmp_path: Path) -> None:
    read(tmp_path, OFFICE)
    path = tmp_path / "hours.toml"
    good = path.read_text(encoding="utf-8")
    path.write_text(
        good.replace('hours = "{hours} ساعت"', 'hour = "{minute}"').replace("{left}", "{lost}"), encoding="utf-8"
    )

    assert {fault.key for fault in load(tmp_path)[1]} == {
        "texts.hours",
        "texts.hour",
        "texts.open_now",
        "texts.opens_today",
    }


def test_a_missing_or_broken_file_is_a_fault(tmp_path: Path) -> None:
    assert {fault.file for fault in load(tmp_path)[1]} == {"hours.toml", "lunar.toml", "occasions.toml"}
    (tmp_path / "hours.toml").write_text("[office", encoding="utf-8")
    assert any(fault.file == "hours.toml" for fault in load(tmp_path)[1])
