"""Quiet hours: which they are, when they end, and how they are written."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from bot.clock import TEHRAN
from bot.errors import CitizenError
from bot.services import quiet
from bot.services.quiet import Quiet


def at(hour: int, minute: int = 0, day: int = 22) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=TEHRAN)


@pytest.mark.parametrize(
    ("hours", "now", "expected"),
    [
        (None, at(21, 59), False),
        (None, at(22), True),
        (None, at(0), True),
        (None, at(6, 59), True),
        (None, at(7), False),
        ((8, 16), at(8), True),
        ((8, 16), at(16), False),
        ((8, 16), at(23), False),
        ((0, 7), at(0), True),
        ((0, 7), at(23, 59), False),
        ((23, 0), at(23), True),
        ((23, 0), at(0), False),
    ],
)
def test_it_is_quiet_from_one_hour_until_the_other(hours: Quiet | None, now: datetime, expected: bool) -> None:
    assert quiet.is_quiet(hours, now) is expected


def test_the_hours_are_those_of_tehran_wherever_the_clock_is() -> None:
    assert quiet.is_quiet(None, datetime(2026, 11, 22, 19, 0, tzinfo=UTC))  # half past ten in the evening
    assert not quiet.is_quiet(None, datetime(2026, 11, 22, 4, 0, tzinfo=UTC))  # half past seven


@pytest.mark.parametrize(
    ("hours", "now", "expected"),
    [
        (None, at(23), at(7, day=23)),
        (None, at(3), at(7)),
        ((8, 16), at(9, 30), at(16)),
        ((23, 0), at(23, 30), at(0, day=23)),
    ],
)
def test_quiet_hours_end_at_the_next_of_their_ends(hours: Quiet | None, now: datetime, expected: datetime) -> None:
    assert quiet.ends(hours, now) == expected
    assert not quiet.is_quiet(hours, quiet.ends(hours, now))


def test_what_is_not_quiet_ends_at_once() -> None:
    assert quiet.ends(None, at(12)) == at(12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("۲۳ تا ۸", (23, 8)),
        ("از ده شب تا هفت صبح", (22, 7)),
        ("از ساعت ۱۰ شب تا ساعت ۷", (22, 7)),
        ("11 تا 8", (23, 8)),
        ("یازده و نیم شب تا هشت و نیم صبح", (23, 9)),
        ("۲۲:۳۰ تا ۷:۰۰", (22, 7)),
        ("نیمه‌شب تا ۸", (0, 8)),
        ("از ۱۲ شب تا ۶ صبح", (0, 6)),
        ("شب ساعت ۱۱ تا صبح ۸", (23, 8)),
        ("۲۴ تا ۷", (0, 7)),
        ("۸ تا ۱۶", (8, 16)),
        ("۹ تا ۱۳:۳۰", (9, 14)),
        ("۱ تا ۷", (1, 7)),
        ("۲ بعد از ظهر تا ۴ عصر", (14, 16)),
        ("۸ صبح تا ۲ ظهر", (8, 14)),
        ("لطفاً بین ۲۱ الی ۹ پیام ندهید", (21, 9)),
        ("۹ شب - ۶ صبح", (21, 6)),
        ("۳ شب تا ۱۰ صبح", (3, 10)),
        ("۲ تا ۴ بعد از ظهر", (14, 16)),
        ("۲ تا ۵ عصر", (14, 17)),
        ("۱۲ ظهر تا ۴", (12, 16)),
        ("۲ ظهر تا ۷ صبح", (14, 7)),
        ("۵ عصر تا ۸", (17, 8)),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, expected: Quiet) -> None:
    assert quiet.read(text) == expected


@pytest.mark.parametrize("text", ["", "شب‌ها", "۲۲", "۲۵ تا ۷", "۲۲ تا ۲۲", "۱۰:۷۵ تا ۷", "۱۰ شب تا ۲۲", "۱۲۳ تا ۴"])
def test_what_is_no_hours_is_asked_again(text: str) -> None:
    with pytest.raises(CitizenError, match="no_hours"):
        quiet.read(text)


def test_every_hour_is_told_so_that_it_is_read_as_the_same() -> None:
    words = {"morning": "صبح", "noon": "ظهر", "afternoon": "بعدازظهر", "evening": "شب"}
    told = [f"{hour % 12 or 12} {words[quiet.part_of_day(hour)]}" for hour in range(24)]

    assert [quiet.read(f"از {hour} تا {other}") for hour, other in pairwise(told)] == list(pairwise(range(24)))
