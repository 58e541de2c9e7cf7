"""Hours: a table of instants and questions, each with what must stand in the answer: `hours_table.txt`."""

import tomllib
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from itertools import count
from pathlib import Path

import pytest

from bot.clock import TEHRAN
from bot.services import jalali
from bot.services.days import Closure, Kind
from bot.services.hours import Hours, describe, off_hours_note
from bot.services.offices import offices
from tests.test_hours import hours
from tests.test_text import text

TABLE = Path(__file__).parent / "hours_table.txt"
OFFICES = """
[region14]
name = "دفتر"
open_on = ["arbaeen"]
[region14.week]
saturday = ["08:00-12:00", "13:00-16:00"]
sunday = ["08:00-12:00", "13:00-16:00"]
monday = ["08:00-12:00", "13:00-16:00"]
tuesday = ["08:00-12:00", "13:00-16:00"]
wednesday = ["08:00-24:00"]
[[region14.special]]
title = "ماه رمضان"
lunar_month = 9
spans = ["09:00-14:00"]
[[region14.special]]
title = "روزهای آخر سال"
from = "1405-12-24"
to = "1405-12-28"
[region14.special.week]
monday = ["07:00-19:00"]
thursday = ["08:00-12:00"]
[[region14.special]]
title = "شب یلدا"
occasion = "yalda"
spans = ["08:00-13:00"]
[[region14.special]]
title = "مراسم ۲۲ بهمن"
from = "1405-11-22"
even_on_holidays = true
spans = ["08:00-10:00"]
[park]
name = "بوستان"
names = ["بوستان", "پارک"]
closed_on_holidays = false
week.friday = ["06:00-23:00"]
week.thursday = ["06:00-23:00"]
week.wednesday = ["06:00-23:00"]
"""


def day(text: str) -> datetime:
    date, _, clock = text.partition(" ")
    found = jalali.day_of(date)
    assert found is not None, text
    return datetime.fromisoformat(f"{found.isoformat()} {clock}").replace(tzinfo=TEHRAN)


_numbers = count(1)


def said(
    kind: Kind, days: str, reason: str, *where: str, times: tuple[int | None, int | None] = (None, None)
) -> Closure:
    first, _, last = days.partition(" ")
    ends = [jalali.day_of(one) for one in (first, last or first)]
    assert ends[0] is not None
    assert ends[1] is not None
    return Closure(next(_numbers), kind, ends[0], ends[1], reason, where, *times)


@cache
def world(name: str) -> Hours:
    """The hours of a table."""
    if name == "usual":
        return hours()
    if name == "moved":
        return hours().with_days((), {(1448, 10): -1, (1449, 1): 1})
    if name == "special":
        found, faults = offices(tomllib.loads(OFFICES), hours().calendar)
        assert faults == []
        return Hours(found, hours().texts, hours().calendar)
    closures = [
        said("closed", "1405-09-03", "آلودگی هوا"),
        said("open", "1405-09-03", "خدمات ضروری", "nahiye2"),
        said("late", "1405-09-07", "برف", times=(600, None)),
        said("early", "1405-09-08", "گرما", times=(None, 780)),
        said("closed", "1405-09-14 1405-09-15", "جابه‌جایی", "nahiye3", "nahiye4"),
        said("open", "1405-10-02", "", times=(540, 720)),
        said("open", "1405-10-16", ""),
        said("closed", "1405-09-21", "برف"),
        said("open", "1405-09-21", "هوای خوب"),
    ]
    return hours().with_days(closures, {})


def rows() -> Iterator[tuple[str, str, str, str]]:
    section = ""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            instant, question, parts = (part.strip() for part in line.split("|"))
            yield section, instant, question, parts


ROWS = list(rows())


@pytest.mark.parametrize(("name", "instant", "question", "parts"), ROWS)
def test_the_answer_is_right_at_this_instant(name: str, instant: str, question: str, parts: str) -> None:
    told = describe(world(name), text().fold(question), day(instant)).replace("**", "")

    for part in parts.split(" … "):
        if part.startswith("−"):
            assert part[1:] not in told
        else:
            assert part in told
    assert "{" not in told


def test_the_table_is_long_enough() -> None:
    assert len(ROWS) >= 60


@pytest.mark.parametrize(
    ("name", "instant", "note"),
    [
        ("usual", "1405-09-01 10:00", ""),
        ("usual", "1405-09-01 07:00", "الان ساعت کاری نیست. امروز یکشنبه ۱ آذر از ساعت ۸ تا ۱۶:۳۰ باز است."),
        ("usual", "1405-09-01 20:00", "الان ساعت کاری نیست. فردا دوشنبه ۲ آذر از ساعت ۸ تا ۱۶:۳۰ باز است."),
        ("usual", "1405-12-28 20:00", "الان ساعت کاری نیست. شنبه ۷ فروردین ۱۴۰۶ از ساعت ۸ تا ۱۶:۳۰ باز است."),
        ("said", "1405-09-02 20:00", "الان ساعت کاری نیست. پس‌فردا چهارشنبه ۴ آذر از ساعت ۸ تا ۱۵:۳۰ باز است."),
        ("special", "1405-09-01 12:30", "الان ساعت کاری نیست. امروز یکشنبه ۱ آذر از ساعت ۱۳ تا ۱۶ باز است."),
    ],
)
def test_out_of_hours_a_note_says_when_it_opens(name: str, instant: str, note: str) -> None:
    assert off_hours_note(world(name), day(instant)) == note


def test_tehran_has_no_summer_time() -> None:
    assert {day(f"1405-{month:02}-01 12:00").utcoffset() for month in range(1, 13)} == {
        day("1405-09-01 12:00").utcoffset()
    }
    assert "الان باز است" in describe(hours(), "", datetime.fromisoformat("2026-07-05T04:30:00+00:00")).replace(
        "**", ""
    )
