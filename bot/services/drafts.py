"""What staff write while they make an answer, field by field: cleaned, tidied, checked, as the draft keeps it.

What is refused is told in words of its own (`CitizenError`), with the limit that it broke.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final

from bot import tidy
from bot.dates import read_date, written
from bot.errors import CitizenError, Unprepared
from bot.models import FileState
from bot.sound import (
    ANSWER_LIMIT,
    BUTTONS_LIMIT,
    FILES_LIMIT,
    LABEL_LIMIT,
    LINE_LIMIT,
    LINKS_LIMIT,
    PAGE_LIMIT,
    PAGES_LIMIT,
    PHRASING_LIMIT,
    RELATED_LIMIT,
    TITLE_LIMIT,
    is_link,
)
from bot.store import Unit
from bot.tidy import warm

__all__ = ["tidied", "warm"]

PHRASINGS_LIMIT: Final = 40
YEARS_LIMIT: Final = 10
_MARKER: Final = re.compile(r"^\s*(?:[-–—•*▪●]+|[0-9۰-۹٠-٩]{1,2}\s*[.)-])\s*(?=\S)")
_POINT: Final = re.compile(r"\s*(-?\d{1,3}\.\d+)\s*[,،; ]\s*(-?\d{1,3}\.\d+)\s*")
_KEPT: Final = {"\n", "\u200c", "\u200d"}  # the joiner is part of some emoji
_LOST: Final = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_BREAKS: Final = ("\n\n", "\n", ". ", "؛ ", "، ", " ")


def title(text: str, taken: Collection[str]) -> str:
    """A title in one line. Raises `CitizenError`: "empty", "title_long", "title_taken"."""
    found = _line(text)
    if len(found) > TITLE_LIMIT:
        raise CitizenError("title_long", limit=TITLE_LIMIT, length=len(found))
    if found in taken:
        raise CitizenError("title_taken", title=found)
    return found


def tidied(text: str) -> str:
    """As `bot.tidy.tidied`. Loading it takes seconds, for which no transaction waits: raises `Unprepared` before."""
    if not tidy.is_ready():
        raise Unprepared(tidy.load)
    return tidy.tidied(text)


def neat(text: str, limit: int = TITLE_LIMIT) -> str:
    """The text tidied, if it stays that short."""
    found = tidied(text)
    return found if len(found) <= limit else text


def phrasings(text: str) -> list[str]:
    """Ways of asking, one a line. Raises `CitizenError`: "empty", "phrasing_long", "phrasings_many"."""
    lines = (_MARKER.sub("", line) for line in clean(text).split("\n"))
    found = list(dict.fromkeys(" ".join(line.split()) for line in lines if _says_something(line)))
    if not found:
        raise CitizenError("empty")
    if any(len(line) > PHRASING_LIMIT for line in found):
        raise CitizenError("phrasing_long", limit=PHRASING_LIMIT)
    if len(found) > PHRASINGS_LIMIT:
        raise CitizenError("phrasings_many", limit=PHRASINGS_LIMIT)
    return found


def pages(text: str) -> dict[str, Any]:
    """The answer, and what of it goes to further pages. Raises `CitizenError`: "empty", "text_long"."""
    rest = clean(text)
    if not _says_something(rest):
        raise CitizenError("empty")
    found: list[str] = []
    while rest:
        page, rest = _cut(rest, PAGE_LIMIT if found else ANSWER_LIMIT)
        found.append(page)
    if len(found) > PAGES_LIMIT + 1:
        raise CitizenError("text_long", limit=ANSWER_LIMIT + PAGES_LIMIT * PAGE_LIMIT)
    return {"answer": found[0], "more": found[1:]}


def links(text: str, label: str, others: int) -> list[dict[str, str]]:
    """Link buttons, one a line: a label and an address. `label`: if there is none; `others`: buttons that are there.

    Raises `CitizenError`: "empty", "bad_link", "label_long", "buttons_many".
    """
    found = [_link(line, label) for line in clean(text).split("\n") if line.strip()]
    if not found:
        raise CitizenError("empty")
    if len(found) > min(LINKS_LIMIT, BUTTONS_LIMIT - others):
        raise CitizenError("buttons_many", limit=min(LINKS_LIMIT, BUTTONS_LIMIT - others))
    return found


def related(chosen: Iterable[str], one: str, links_there: int) -> list[str]:
    """These related entries and one more. Raises `CitizenError`: "buttons_many"."""
    found = list(dict.fromkeys([*chosen, one]))
    if len(found) > min(RELATED_LIMIT, BUTTONS_LIMIT - links_there):
        raise CitizenError("buttons_many", limit=min(RELATED_LIMIT, BUTTONS_LIMIT - links_there))
    return found


def files(there: Iterable[str], more: Iterable[str]) -> list[str]:
    """These files and more of them. Raises `CitizenError`: "no_file", "files_many"."""
    sent = list(more)
    found = [*there, *sent]
    if not sent:
        raise CitizenError("no_file")
    if len(found) > FILES_LIMIT:
        raise CitizenError("files_many", limit=FILES_LIMIT)
    return found


def lost(unit: Unit, keys: Sequence[str]) -> bool:
    """Whether one of these files could not be fetched, or is forgotten."""
    found = unit.files.find(keys)
    return any(key not in found or found[key].state == FileState.MISSING for key in keys)


def place(text: str) -> dict[str, float] | None:
    """The point of «35.66, 51.45»; None: these are words."""
    found = _POINT.fullmatch(_ascii_digits(clean(text)))
    if found is None:
        return None
    lat, lon = float(found[1]), float(found[2])
    return {"lat": lat, "lon": lon} if abs(lat) <= 90 and abs(lon) <= 180 else None


def address(text: str) -> str:
    """An address in one line. Raises `CitizenError`: "empty", "line_long"."""
    return _short(text)


def owner(text: str) -> str:
    """Who answers for an entry, in words. Raises `CitizenError`: "empty", "line_long"."""
    return _short(text)


def review(text: str, today: date) -> str:
    """The Jalali date from which on somebody should look again. Raises `CitizenError`: "bad_date", "date_passed"."""
    found = read_date(clean(text), today)
    if found is None or found > today + timedelta(days=366 * YEARS_LIMIT):
        raise CitizenError("bad_date")
    if found <= today:
        raise CitizenError("date_passed")
    return written(found)


def review_in(months: int, today: date) -> str:
    """The date so many months ahead, as `review` gives it."""
    return written(today + timedelta(days=round(months * 30.44)))


def _link(line: str, label: str) -> dict[str, str]:
    found = re.search(r"\S+://\S+|(?:www\.)\S+", line)
    url = found[0].strip("()[]<>«»|،") if found else ""
    if not is_link(url):
        raise CitizenError("bad_link", line=_cut_off(line))
    words = " ".join(line.replace(found[0] if found else "", " ").split()).strip(" |:-–—،") or label
    if len(words) > LABEL_LIMIT:
        raise CitizenError("label_long", limit=LABEL_LIMIT, label=_cut_off(words))
    return {"label": words, "url": url}


def _short(text: str) -> str:
    found = _line(text)
    if len(found) > LINE_LIMIT:
        raise CitizenError("line_long", limit=LINE_LIMIT)
    return found


def _line(text: str) -> str:
    found = " ".join(clean(text).split())
    if not _says_something(found):
        raise CitizenError("empty")
    return found


def clean(text: str) -> str:
    """Without signs that nobody sees: some turn what follows around, and databases refuse others."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\t", " ")
    kept = "".join(sign for sign in plain if sign in _KEPT or unicodedata.category(sign) not in _LOST)
    lines = "\n".join(line.rstrip() for line in kept.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def _says_something(text: str) -> bool:
    return any(sign.isalnum() for sign in text)


def _cut(text: str, limit: int) -> tuple[str, str]:
    """A page from the beginning of a text, cut where a reader pauses, and the rest."""
    if len(text) <= limit:
        return text, ""
    for pause in _BREAKS:
        at = text.rfind(pause, limit // 2, limit)
        if at >= 0:
            end = at + len(pause.rstrip())
            return text[:end].rstrip(), text[end:].lstrip()
    return text[:limit], text[limit:].lstrip()


def _cut_off(text: str) -> str:
    return text if len(text) <= LABEL_LIMIT * 2 else text[: LABEL_LIMIT * 2] + "…"


def _ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text)
