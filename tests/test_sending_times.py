"""When staff want an announcement sent, as they type it."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.clock import TEHRAN
from bot.errors import CitizenError
from bot.services import jalali, sending_times
from tests.test_calendar import day

NOW = datetime(2026, 11, 22, 10, 0, 30, tzinfo=TEHRAN)
"""Sunday 1 Azar 1405."""
REASONS = "no_day several_days no_such_day other_weekday no_hour unclear_time past too_far every".split()


def told(text: str, now: datetime = NOW) -> str:
    at = sending_times.read(text, now).at
    return "{:02}-{:02} {:02}:{:02}".format(*jalali.parts(at.date())[1:], at.hour, at.minute)


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("فردا ساعت ۹", "09-02 09:00"),
        ("فردا ۹ صبح", "09-02 09:00"),
        ("فردا صبح ساعت ۹", "09-02 09:00"),
        ("فردا عصر ساعت ۵", "09-02 17:00"),
        ("فردا ساعت ۵", "09-02 17:00"),
        ("فردا ظهر", "09-02 12:00"),
        ("پس‌فردا ۱۸", "09-03 18:00"),
        ("شنبه ۱۸:۳۰", "09-07 18:30"),
        ("سه شنبه ساعت 10", "09-03 10:00"),
        ("۵شنبه ساعت ۱۰", "09-05 10:00"),
        ("شنبه هفته بعد ساعت ۱۰", "09-07 10:00"),
        ("۱۵ آذر ۱۰ صبح", "09-15 10:00"),
        ("یکشنبه ۱۵ آذر ساعت ۱۰", "09-15 10:00"),
        ("پانزدهم آذرماه ساعت ده و نیم", "09-15 10:30"),
        ("۱۴۰۵/۹/۱۵ ساعت ۱۰", "09-15 10:00"),
        ("1405-09-15 10:00", "09-15 10:00"),
        ("ساعت ۱۰ روز ۱۵ آذر", "09-15 10:00"),
        ("۱ دی، ساعت ۱۴", "10-01 14:00"),
        ("فردا سر ساعت ۹ بفرست", "09-02 09:00"),
        ("لطفاً فردا رأس ساعت ۹ ارسال شود", "09-02 09:00"),
        ("امروز ساعت ۱۶", "09-01 16:00"),
        ("امشب ساعت ۸", "09-01 20:00"),
        ("امروز ساعت ۱۰", "09-01 10:00"),  # this very minute
        ("ساعت ۱۸", "09-01 18:00"),
        ("۱۸:۳۰", "09-01 18:30"),
        ("۸ شب", "09-01 20:00"),
        ("یکشنبه ساعت ۱۱", "09-01 11:00"),
        ("یکشنبه ساعت ۹", "09-08 09:00"),
        ("فردا ساعت ۴ بعد از ظهر", "09-02 16:00"),
        ("۴ بعد از ظهر", "09-01 16:00"),
        ("۱۱ قبل از ظهر", "09-01 11:00"),
        ("لطفا رأس ساعت ۱۸ برایم بفرستید", "09-01 18:00"),
        ("۲۴ ساعت دیگه", "09-02 10:00"),
        ("۴۸ ساعت دیگه", "09-03 10:00"),
        ("نیم ساعت دیگه", "09-01 10:30"),
        ("۲ ساعت دیگر", "09-01 12:00"),
        ("دو ساعت و نیم بعد", "09-01 12:30"),
        ("۲۰ دقیقه دیگه", "09-01 10:20"),
        ("۱۲ شب", "09-02 00:00"),
        ("۱ فروردین ساعت ۹", "01-01 09:00"),
    ],
)
def test_a_day_and_an_hour_are_read(written: str, understood: str) -> None:
    assert told(written) == understood


@pytest.mark.parametrize(
    "written",
    ["الان", "همین الان", "همین الآن بفرست", "حالا", "هم‌اکنون", "فوری", "فوراً", "همین حالا ارسال شود", "همین لحظه"],
)
def test_at_once_is_at_once(written: str) -> None:
    assert sending_times.read(written, NOW) == (NOW, False, True)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "no_day"),
        ("سلام", "no_day"),
        ("۵", "no_day"),
        ("منطقه ۱۴", "no_day"),
        ("هر وقت شد", "no_day"),
        ("فردا", "no_hour"),
        ("فردا عصر", "no_hour"),
        ("شنبه", "no_hour"),
        ("۱۵ آذر", "no_hour"),
        ("هفته دیگه ساعت ۱۸", "no_day"),
        ("ماه بعد ساعت ۱۸", "no_day"),
        ("نوروز ساعت ۱۸", "no_day"),
        ("آخر هفته ساعت ۱۸", "no_day"),
        ("فردا یه ربع به ۱۰", "unclear_time"),
        ("فردا اول وقت", "unclear_time"),
        ("فردا ساعت ۲۵", "unclear_time"),
        ("فردا ۹ تا ۱۱", "unclear_time"),
        ("فردا ۹ و ۱۱", "unclear_time"),
        ("فردا ۱۱ تا ۹:۵۹ صبح", "unclear_time"),
        ("شنبه و یکشنبه ساعت ۹", "several_days"),
        ("۱۰ تا ۱۲ آذر ساعت ۹", "several_days"),
        ("۱۲ تا ۱۰ آذر ساعت ۹", "several_days"),
        ("۳۱ آذر ساعت ۹", "no_such_day"),
        ("جمعه ۱۵ آذر ساعت ۹", "other_weekday"),
        ("امروز ساعت ۹", "past"),
        ("ساعت ۹", "past"),
        ("دیروز ساعت ۱۸", "past"),
        ("۱۴۰۵/۸/۱۵ ساعت ۹", "past"),
        ("۱۴۰۶/۹/۱۵ ساعت ۹", "too_far"),
        ("هر شنبه ساعت ۹", "every"),
        ("هر سه‌شنبه ۱۰ صبح", "every"),
        ("هر روز ساعت ۸", "every"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(written: str, reason: str) -> None:
    with pytest.raises(CitizenError) as refused:
        sending_times.read(written, NOW)

    assert refused.value.key == reason


@pytest.mark.parametrize(
    ("written", "quiet"),
    [
        ("فردا ساعت ۷", False),
        ("فردا ساعت ۶:۵۹ صبح", True),
        ("فردا ساعت ۲۱:۵۹", False),
        ("فردا ساعت ۲۲", True),
        ("فردا ساعت ۳ صبح", True),
        ("۱۲ شب", True),
    ],
)
def test_quiet_hours_are_understood_and_told(written: str, quiet: bool) -> None:
    assert sending_times.read(written, NOW).quiet is quiet


def test_who_writes_the_wrong_weekday_is_told_the_right_one() -> None:
    with pytest.raises(CitizenError) as refused:
        sending_times.read("جمعه ۱۵ آذر ساعت ۹", NOW)

    assert refused.value.fields == {"day": "۱۵ آذر ۱۴۰۵", "weekday": "یکشنبه"}


def test_at_once_may_be_quiet_too() -> None:
    assert sending_times.read("الان", NOW.replace(hour=23)).quiet


def test_around_the_turn_of_the_year() -> None:
    eve = datetime.combine(day("1405-12-29"), NOW.time(), TEHRAN)

    assert told("فردا ساعت ۹", eve) == "01-01 09:00"
    assert told("۲ فروردین ساعت ۹", eve) == "01-02 09:00"


@given(some.text(alphabet="۰۱۲۳۴۵۶۷۸۹ :/-تاآذرفردجمعهشنسیکدوصبحعصاالنw.", max_size=60))
def test_whatever_is_written_is_read_or_refused(written: str) -> None:
    try:
        found = sending_times.read(written, NOW)
    except CitizenError as refused:
        assert refused.key in REASONS  # noqa: PT017 - it need not be refused
        return
    assert found.at >= NOW.replace(second=0)
