"""Words for occasions: every occasion has them, each on its right day, none festive in mourning, faults named."""

import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from bot.errors import Faults
from bot.loading import ROOT, Loaded
from bot.services import greetings, jalali, openings, tone
from bot.services.days import Closure
from bot.services.greetings import LIMIT, Greetings, Planned, coming
from bot.services.openings import Hours
from tests.test_calendar import PUBLISHED, calendar, day

WHOLE = (ROOT / "content" / "greetings.toml").read_text(encoding="utf-8").partition("\n\n")[2]
"""Without the explanation at its head."""
YEARS = (1405, 1406)


@pytest.fixture(scope="module")
def words(loaded: Loaded) -> Greetings:
    return loaded.library.greetings


@cache
def hours() -> Hours:
    found, faults = openings.load(ROOT / "content")
    assert faults == []
    return found


def of_year(words: Greetings, year: int, of: Hours) -> list[Planned]:
    return coming(words, of, day(f"{year}-01-01"), 364)


def written(at: date) -> str:
    return "{:04}-{:02}-{:02}".format(*jalali.parts(at))


def days_of(words: Greetings, of: Hours, occasion: str, year: int = 1405) -> list[str]:
    found = of_year(words, year, of)
    return [written(one.day) for one in found if one.occasion.id == occasion and not one.before]


def one_of(words: Greetings, occasion: str, start: str, before: int = 0, of: Hours | None = None) -> Planned:
    found = coming(words, of or hours(), day(start))
    return next(one for one in found if one.occasion.id == occasion and one.before == before)


def test_every_occasion_has_words_or_a_reason_for_none(words: Greetings) -> None:
    greeted = [greeting.occasion for greeting in words.all]

    assert sorted([*greeted, *words.left_out]) == sorted(calendar().by_id)
    assert all(reason.strip() for reason in words.left_out.values())


def test_every_holiday_says_that_it_is_closed(words: Greetings) -> None:
    silent = [
        greeting.occasion
        for greeting in words.all
        if calendar().by_id[greeting.occasion].holiday != ("{closed}" in greeting.text)
    ]

    assert silent == []


@pytest.mark.parametrize("year", YEARS)
def test_every_text_goes_out_on_its_published_day(words: Greetings, year: int) -> None:
    published = {row["id"]: row[f"in_{year}"].split(";") for row in PUBLISHED if row["id"] not in words.left_out}

    assert {occasion: days_of(words, hours(), occasion, year) for occasion in published} == published


@pytest.mark.parametrize("year", YEARS)
def test_every_text_is_filled_short_and_fit_for_its_day(words: Greetings, year: int) -> None:
    for one in of_year(words, year, hours()):
        assert 20 <= len(one.text) <= LIMIT, one.occasion.id
        assert not re.search(r"[{}]|  | [،.:؛!]|^\s|\s$|\n\n", one.text), one.occasion.id
        assert list(tone.wrongs(one.text, one.greeting.kind)) == [], one.occasion.id
        assert ("شهرداری" in one.text and "تعطیل است" in one.text) <= ("{closed}" in _template(one)), one.occasion.id


def _template(one: Planned) -> str:
    return next((before.text for before in one.greeting.before if before.days == one.before), one.greeting.text)


def test_they_come_in_order_and_not_from_the_past(words: Greetings) -> None:
    found = coming(words, hours(), day("1405-12-25"))

    assert [(one.day, one.hour) for one in found] == sorted((one.day, one.hour) for one in found)
    assert {written(one.day) >= "1405-12-25" for one in found} == {True}
    assert (found[-1].day - day("1405-12-25")).days <= 60
    assert [one.before for one in found if one.occasion.id == "nowruz"] == [1, 0]  # that of a week before has passed


def test_what_comes_before_an_occasion_is_said_before_it(words: Greetings) -> None:
    week = one_of(words, "nowruz", "1405-12-01", before=7)
    eve = one_of(words, "nowruz", "1405-12-01", before=1)

    assert written(week.day) == "1405-12-23"
    assert (eve.hour, eve.greeting.hour) == (18, 9)
    assert "فردا، یکشنبه ۱ فروردین" in eve.text


def test_a_moved_month_takes_its_words_along_and_no_others(words: Greetings) -> None:
    moved = hours().with_days((), {(1448, 10): -1})
    before, after = ({o: days_of(words, of, o) for o in calendar().by_id} for of in (hours(), moved))

    assert after["fitr"] == ["1405-01-01", "1405-12-18"]
    assert [written(one_of(words, "fitr", "1405-12-01", 1, moved).day)] == ["1405-12-17"]
    assert {occasion for occasion in before if before[occasion] != after[occasion]} == {"fitr"}
    assert "سه‌شنبه ۱۸ اسفند" in one_of(words, "fitr", "1405-12-01", 1, moved).text


def test_the_last_day_of_safar_moves_with_the_month_after_it(words: Greetings) -> None:
    moved = hours().with_days((), {(1449, 3): 1})

    assert days_of(words, moved, "imam_reza_martyrdom", 1406) == ["1406-05-13"]
    assert days_of(words, moved, "prophet_passing", 1406) == ["1406-05-11"]


def test_what_the_moon_may_move_never_goes_out_alone(words: Greetings) -> None:
    unsure = one_of(words, "ashura", "1406-03-01")
    moved = hours().with_days((), {(1449, 1): 1})

    assert (unsure.sure, unsure.greeting.alone, unsure.alone) == (False, True, False)
    assert one_of(words, "ashura", "1406-03-01", of=moved).alone
    assert one_of(words, "ashura", "1405-04-01").alone


def test_a_feast_on_a_day_of_mourning_waits_and_says_why(words: Greetings) -> None:
    ghadir = one_of(words, "ghadir", "1405-03-01")
    environment = one_of(words, "environment", "1405-03-01")

    assert ghadir.mourned == "رحلت حضرت امام خمینی (ره)"
    assert not ghadir.alone
    assert environment.mourned == "قیام ۱۵ خرداد"
    assert one_of(words, "imam_khomeini", "1405-03-01").mourned == ""
    assert one_of(words, "ghadir", "1406-03-01").mourned == ""


@pytest.mark.parametrize(
    ("occasion", "start", "before", "sentence"),
    [
        ("nowruz", "1405-12-20", 7, "شهرداری از پنجشنبه ۲۷ اسفند تا پایان جمعه ۶ فروردین تعطیل است."),
        ("nowruz", "1405-12-20", 0, "شهرداری تا پایان جمعه ۶ فروردین تعطیل است."),
        ("imam_khomeini", "1405-03-01", 1, "شهرداری از پنجشنبه ۱۴ خرداد تا پایان جمعه ۱۵ خرداد تعطیل است."),
        ("mabas", "1406-10-01", 0, "شهرداری امروز تعطیل است."),
    ],
)
def test_how_long_it_is_closed_is_read_from_the_calendar(
    words: Greetings, occasion: str, start: str, before: int, sentence: str
) -> None:
    assert one_of(words, occasion, start, before).text.endswith(f"\n{sentence}")


def test_what_staff_declare_counts_too(words: Greetings) -> None:
    at = day("1405-11-22")
    next_day = at + timedelta(days=1)
    opened = hours().with_days((Closure(1, "open", at, at, "خدمات ویژه", opens=480, closes=720),), {})
    closed = hours().with_days((Closure(1, "closed", next_day, next_day, "برف"),), {})

    assert "تعطیل" not in one_of(words, "revolution", "1405-11-01", of=opened).text
    assert "تا پایان" in one_of(words, "revolution", "1405-11-01", of=closed).text


def test_a_usual_weekend_is_not_called_closed(words: Greetings) -> None:
    text = one_of(words, "tehran", "1405-07-01").text

    assert "تعطیل" not in text


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        ("تسلیت می‌گوییم 🎉", "mourning", "has 1 signs such as 🎉, more than 0"),
        ("تسلیت می‌گوییم!", "mourning", "has an exclamation mark on a day of mourning"),
        ("این عید را تسلیت می‌گوییم", "mourning", "has a festive word on a day of mourning: عید"),
        ("شادی‌تان پایدار", "mourning", "has a festive word on a day of mourning: شادی"),
        ("شهادت او مبارک", "feast", "has a word of grief at a feast: شهادت"),
        ("🎉 عید مبارک 🎉", "feast", "has 2 signs such as 🎉, more than 1"),
        ("عید مبارک!!", "feast", "has more than one exclamation mark"),
        ("🌙 ماه رمضان رسید", "religious", "has 1 signs such as 🌙, more than 0"),
    ],
)
def test_a_wrong_tone_is_heard(text: str, kind: str, reason: str) -> None:
    assert list(tone.wrongs(text, kind)) == [reason]


def test_a_part_of_a_word_is_no_wrong_tone() -> None:
    assert list(tone.wrongs("سعید آرامگاهی بعید است", "mourning")) == []


def faults_of(tmp_path: Path, text: str) -> list[tuple[str, str, str]]:
    (tmp_path / "greetings.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Faults) as refused:
        greetings.load(tmp_path, calendar())
    return refused.value.faults


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ('occasion = "nature"', 'occasion = "moon"', "greeting.moon.occasion", "is no occasion"),
        ('occasion = "nature"', 'occasion = "nowruz"', "greeting.nowruz.occasion", "is used twice"),
        ('kind = "feast"', 'kind = "party"', "greeting.nowruz.kind", "is none of feast,"),
        ('kind = "feast"', 'kind = "civic"', "greeting.nowruz.kind", "must be feast"),
        ('topic = "occasions"', 'topic = "moon"', "greeting.nowruz.topic", "is none of culture,"),
        ("hour = 9", "hour = 6", "greeting.nowruz.hour", "must be from 7 to 21"),
        ("hour = 9", "hour = 22", "greeting.nowruz.hour", "must be from 7 to 21"),
        ("hour = 18", "hour = 23", "greeting.nowruz.before.1.hour", "must be from 7 to 21"),
        ("days = 7", "days = 31", "greeting.nowruz.before.31.days", "must be from 1 to 30"),
        ("days = 7", "days = 1", "greeting.nowruz.before.1.days", "is used twice"),
        ("alone = true", "", "greeting.nowruz.alone", "is missing"),
        ("{year}", "{month}", "greeting.nowruz.text", "{month} is none of day,"),
        ("{year}", "{year:>9}", "greeting.nowruz.text", "{year:>9} is none of day,"),
        ("{year}", "{year", "greeting.nowruz.text", "has a brace that is no field"),
        ("نوروز {year}", "{closed} {year}", "greeting.nowruz.text", "must stand alone on the last line"),
        ("سفره‌تان", "سفره " * 70, "greeting.nowruz.text", "more than 350"),
        ("یک هفته تا نوروز", "🎉🎉 تا نوروز", "greeting.nowruz.before.7.text", "has 2 signs"),
        ("عاشوراست.", "عاشوراست!", "greeting.ashura.text", "has an exclamation mark"),
        ("عزاداری‌هایتان قبول.\n{closed}", "كربلا", "greeting.ashura.text", "has an Arabic letter"),
        ('nowruz_2 = "', 'nowruz_9 = "', "left_out.nowruz_9", "is no occasion"),
        ('nowruz_2 = "', 'nowruz = "', "left_out.nowruz", "has a greeting nevertheless"),
        ('region = "', 'area = "', "fields.region", "is missing"),
        ("پایان {last}", "پایان {first}", "fields.closed_until", "{first} is none of last"),
    ],
)
def test_a_wrong_file_is_refused_with_key_and_reason(tmp_path: Path, old: str, new: str, key: str, reason: str) -> None:
    assert old in WHOLE
    faults = faults_of(tmp_path, WHOLE.replace(old, new, 1))

    assert all(file == "content/greetings.toml" for file, _, _ in faults)
    assert any(where == key and reason in why for _, where, why in faults), faults


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Faults) as refused:
        greetings.load(tmp_path, calendar())

    assert refused.value.faults[0][:2] == ("content/greetings.toml", "-")
