"""The words in which hours are told: which texts `content/hours.toml` must have, and small parts of sentences."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from bot.knowledge import Fault
from bot.text import persian_digits

TEXTS: Final[Mapping[str, frozenset[str]]] = {
    key: frozenset(fields.split())
    for key, fields in {
        "open_now": "office end left",
        "opens_today": "office start end left",
        "closed_now": "office after",
        "closed_now_why": "office why after",
        "day_open": "office day spans",
        "day_closed": "office day after",
        "day_closed_why": "office day why after",
        "day_likely_closed": "office day why after",
        "today_over": "office after",
        "time_open": "office day time end",
        "time_closed": "office day time spans",
        "every_open": "office weekday spans",
        "every_closed": "office weekday after",
        "week_usual": "office week",
        "week_other": "office week",
        "week_day_closed": "day why",
        "week_day_other": "day spans",
        "this_week": "",
        "next_week": "",
        "that_week": "day",
        "holidays": "office",
        "holidays_open": "office",
        "next_holiday": "day title",
        "between": "office day spans",
        "no_between": "office",
        "never": "office",
        "no_such_day": "month days year",
        "past": "day",
        "no_date": "title",
        "after": "next spans",
        "no_after": "",
        "again": "start",
        "but": "day why",
        "but_other": "day spans",
        "changed": "reason",
        "despite": "reason",
        "moon": "",
        "maybe": "title day",
        "no_calendar": "",
        "no_month_hours": "month",
        "sample": "office",
        "because_occasion": "reason",
        "because_closure": "reason",
        "off_hours": "after",
        "all_offices": "",
        "days": "first last",
        "usual_time": "",
        "no_reason": "",
        "today": "date",
        "tomorrow": "date",
        "after_tomorrow": "date",
        "date": "weekday day month",
        "date_year": "weekday day month year",
        "named_day": "day title",
        "span": "start end",
        "spans_and": "",
        "hours_minutes": "hours minutes",
        "hours": "hours",
        "minutes": "minutes",
    }.items()
}


def clock(minute: int) -> str:
    """«۸», «۱۶:۳۰»."""
    hour, rest = divmod(minute, 60)
    return persian_digits(f"{hour}:{rest:02}" if rest else str(hour))


def duration(texts: Mapping[str, str], start: datetime, end: datetime) -> str:
    """Rounded up, so that nobody is promised a minute that is not there... and «0 minutes» is never said."""
    minutes = max(1, -(-int((end - start).total_seconds()) // 60))
    whole, rest = divmod(minutes, 60)
    key = "hours_minutes" if whole and rest else "hours" if whole else "minutes"
    values = {"hours": persian_digits(str(whole)), "minutes": persian_digits(str(rest))}
    return texts[key].format(**{name: values[name] for name in TEXTS[key]})


def texts_of(texts: object, file: str) -> tuple[dict[str, str], list[Fault]]:
    """The texts, and what is wrong with them."""
    if not isinstance(texts, dict):
        return {}, [Fault(file, "texts", "must be a table")]
    faults = [Fault(file, f"texts.{key}", reason) for key, reason in _wrong(texts)]
    return {key: text for key, text in texts.items() if isinstance(text, str)}, faults


def _wrong(texts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((key, "is missing") for key in TEXTS if key not in texts)
    for key, text in texts.items():
        if key not in TEXTS:
            yield key, "is said nowhere"
        elif not isinstance(text, str) or not _fits(text, TEXTS[key]):
            yield key, f"must be a text with the fields {', '.join(sorted(TEXTS[key])) or 'none'}"


def _fits(text: str, names: frozenset[str]) -> bool:
    try:
        text.format(**dict.fromkeys(names, "x"))
    except (KeyError, IndexError, ValueError, AttributeError):
        return False
    return True
