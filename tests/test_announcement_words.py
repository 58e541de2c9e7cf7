"""What staff read of an announcement while it is sent and after it, as pure functions of numbers."""

from dataclasses import replace

import pytest

from bot import content, markup
from bot.models import AnnouncementState
from bot.services import announcement_words
from bot.services.announcements import Announcement, Report, Run

WORDS = content.load("announcements")
BEGAN = 1_000_000
MINUTE = 60_000


def report(state: AnnouncementState, total: int = 0, ended: int | None = None, **ends: int) -> Report:
    """Of an announcement that began at `BEGAN`."""
    found = Announcement(7, state, None, "", False, "{}", "{}", 1, 0, None, None, 0, None, None, BEGAN, ended)  # noqa: FBT003 - a row
    run = Run(1, 7, "telegram", total, 0, queued=True, ended=False)
    return Report(found, (run,) if total else (), {name.replace("__", ":"): count for name, count in ends.items()}, {})


def read(found: Report, now: int = BEGAN) -> str:
    return markup.plain(announcement_words.progress(WORDS, found, now))


def doors(found: Report) -> list[str]:
    return [button.data for row in announcement_words.under(WORDS, found).inline for button in row]


@pytest.mark.parametrize(
    ("sent", "bar"),
    [(0, "░" * 10 + " ۰٪"), (99, "░" * 10 + " ۹٪"), (500, "▓" * 5 + "░" * 5 + " ۵۰٪"), (1000, "▓" * 10 + " ۱۰۰٪")],
)
def test_the_bar_fills(sent: int, bar: str) -> None:
    assert bar in read(report(AnnouncementState.RUNNING, 1000, sent=sent))


def test_pace_and_time_left_are_those_since_it_began() -> None:
    text = read(report(AnnouncementState.RUNNING, 3000, sent=1000), BEGAN + 2 * MINUTE)

    assert "۵۰۰ پیام در دقیقه" in text
    assert "حدود ۴ دقیقه مانده" in text


@pytest.mark.parametrize(
    ("state", "now"),
    [
        (AnnouncementState.PAUSED, BEGAN + MINUTE),
        (AnnouncementState.RUNNING, BEGAN),
        (AnnouncementState.RUNNING, BEGAN - MINUTE),
    ],
)
def test_where_nothing_is_known_of_the_pace_nothing_is_said(state: AnnouncementState, now: int) -> None:
    assert "در دقیقه" not in read(report(state, 1000), now)


def test_nobody_to_send_to_divides_by_nothing() -> None:
    for state in AnnouncementState:
        assert read(report(state))


def test_failures_are_told_by_their_cause_those_of_one_cause_together() -> None:
    ends = {"failed__Bad Request: a": 2, "failed__Forbidden: b": 3, "failed__odd": 1, "failed__Timed out": 4}
    text = read(report(AnnouncementState.DONE, 20, sent=10, **ends))

    for part in ("نپذیرفت): ۵", "جواب نداد): ۴", "علت دیگر): ۱"):
        assert part in text


def test_the_end_says_how_long_it_took() -> None:
    text = read(report(AnnouncementState.DONE, 10, ended=BEGAN + 3 * MINUTE, sent=10))

    assert "ارسال تمام شد" in text
    assert "حدود ۳ دقیقه" in text
    assert "▓" not in text


def test_what_reached_nobody_says_so_but_a_series_does_not() -> None:
    nobody = report(AnnouncementState.DONE, ended=BEGAN)
    series = replace(nobody, announcement=replace(nobody.announcement, began_at=None))

    assert "رسید: ۰" in read(nobody)
    assert "رسید" not in read(series)
    assert "رسید" not in read(report(AnnouncementState.CANCELLED, ended=BEGAN))


@pytest.mark.parametrize(
    ("state", "ends", "actions"),
    [
        (AnnouncementState.PLANNED, {}, []),
        (AnnouncementState.QUEUING, {}, ["cancel"]),
        (AnnouncementState.RUNNING, {}, ["pause", "cancel"]),
        (AnnouncementState.PAUSED, {}, ["resume", "cancel"]),
        (AnnouncementState.DONE, {}, []),
        (AnnouncementState.DONE, {"unknown": 2}, ["resend"]),
        (AnnouncementState.CANCELLED, {"unknown": 2}, []),
    ],
)
def test_what_can_be_done_stands_below(state: AnnouncementState, ends: dict[str, int], actions: list[str]) -> None:
    found = doors(report(state, 10, **ends))

    assert found == [*(f"announcements:{action}:7" for action in actions), "announcements:one:7"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "کمتر از یک"),
        (29, "کمتر از یک"),
        (31, "۱ دقیقه"),
        (7000, "۱۱۷ دقیقه"),
        (7300, "۲ ساعت"),
        (90_000, "۲۵ ساعت"),
    ],
)
def test_how_long_in_words(seconds: float, words: str) -> None:
    lasts = announcement_words.lasting(WORDS, seconds)

    assert words in lasts
