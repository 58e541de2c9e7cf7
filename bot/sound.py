"""What is wrong with an entry as it is written: the checks of one `[[entry]]` table. Reads no files."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from bot.dates import read_date

KINDS: Final = ("topic", "redirect", "chat")
TITLE_LIMIT: Final = 30
ANSWER_LIMIT: Final = 700
PAGE_LIMIT: Final = 900
PHRASING_LIMIT: Final = 200
LINE_LIMIT: Final = 200
"""Of an address, or of an owner."""
LABEL_LIMIT: Final = 30
URL_LIMIT: Final = 500
PAGES_LIMIT: Final = 6
RELATED_LIMIT: Final = 3
LINKS_LIMIT: Final = 3
BUTTONS_LIMIT: Final = 4
"""Links and related entries together: with pages and the way out no screen has more than eight buttons."""
FILES_LIMIT: Final = 5
ID_LIMIT: Final = 32
"""So that it fits into a button together with what the button does."""

Wrong = tuple[str, str]
"""A key of an entry and why its value is refused."""

REQUIRED: Final = ("id", "title", "answer", "phrasings")
_ID: Final = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
_LENGTHS: Final = {"title": TITLE_LIMIT, "answer": ANSWER_LIMIT, "address": LINE_LIMIT, "owner": LINE_LIMIT}
_LENGTHS_OF_EACH: Final = {"more": PAGE_LIMIT, "phrasings": PHRASING_LIMIT}
_COUNTS: Final = {"more": PAGES_LIMIT, "related": RELATED_LIMIT, "links": LINKS_LIMIT, "files": FILES_LIMIT}


def wrongs(table: Mapping[str, Any], names: frozenset[str]) -> Iterator[Wrong]:
    """Everything that is wrong with a table which may have the keys `names`."""
    yield from ((key, "is not a key of an entry") for key in sorted(set(table) - names))
    yield from ((key, "is missing") for key in REQUIRED if not table.get(key))
    types = [wrong for key, value in table.items() if key in names for wrong in _wrong_type(key, value)]
    yield from types
    if not types:
        yield from _wrong_values(table)
        yield from _wrong_sizes(table)
        yield from _wrong_links(table)


def is_link(url: str) -> bool:
    """Whether this may be opened by a button: an address of the web, over https."""
    if len(url) > URL_LIMIT or not url.isprintable() or any(sign in url for sign in ' "<>\\^`{|}'):
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and parts.username is None and "." in host.strip(".") and ".." not in host


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _are_links(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(link, dict)
        and set(link) == {"label", "url"}
        and all(isinstance(part, str) for part in link.values())
        for link in value
    )


def _is_place(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"lat", "lon"}
        and all(isinstance(part, float) or _is_number(part) for part in value.values())
    )


Check = tuple[Callable[[object], bool], str]
_LIST: Final[Check] = (_is_list, "must be a list of texts, none of them empty")
_TEXT: Final[Check] = (lambda value: isinstance(value, str), "must be a text")
_TYPES: Final[Mapping[str, Check]] = {
    **dict.fromkeys(("phrasings", "keywords", "more", "related", "files"), _LIST),
    "sample": (lambda value: isinstance(value, bool), "must be true or false"),
    "owner_id": (_is_number, "must be a number"),
    "links": (_are_links, 'must be a list of {label = "…", url = "https://…"}'),
    "place": (_is_place, "must be {lat = …, lon = …}, both numbers"),
}


def _wrong_type(key: str, value: object) -> Iterator[Wrong]:
    is_right, reason = _TYPES.get(key, _TEXT)
    if not is_right(value):
        yield key, reason


def _wrong_values(table: Mapping[str, Any]) -> Iterator[Wrong]:
    entry_id = table.get("id", "")
    if entry_id and (not _ID.fullmatch(entry_id) or len(entry_id) > ID_LIMIT):
        yield "id", f"must be made of a-z, 0-9, _ and dots, at most {ID_LIMIT}"
    if table.get("kind", "topic") not in KINDS:
        yield "kind", f"must be one of {', '.join(KINDS)}"
    if table.get("computed", "") not in {"", "hours", "events"}:
        yield "computed", 'must be "hours" or "events"'
    place = table.get("place")
    if place is not None and not (abs(place["lat"]) <= 90 and abs(place["lon"]) <= 180):
        yield "place", "is no point on the earth"
    if "review" in table and read_date(table["review"]) is None:
        yield "review", 'must be a Jalali date such as "1406/01/15"'


def _wrong_sizes(table: Mapping[str, Any]) -> Iterator[Wrong]:
    for key, limit in _LENGTHS.items():
        if len(table.get(key, "").strip()) > limit:
            yield key, f"is longer than {limit} characters"
    for key, limit in _LENGTHS_OF_EACH.items():
        for number, text in enumerate(table.get(key, ()), start=1):
            if len(text.strip()) > limit:
                yield f"{key}[{number}]", f"is longer than {limit} characters"
    for key, limit in _COUNTS.items():
        if len(table.get(key, ())) > limit:
            yield key, f"has more than {limit} entries"


def _wrong_links(table: Mapping[str, Any]) -> Iterator[Wrong]:
    links: Sequence[Mapping[str, str]] = table.get("links", ())
    if len(links) + len(table.get("related", ())) > BUTTONS_LIMIT:
        yield "links", f"are more than {BUTTONS_LIMIT} buttons together with those of related entries"
    for number, link in enumerate(links, start=1):
        if not 0 < len(link["label"].strip()) <= LABEL_LIMIT:
            yield f"links[{number}].label", f"must have 1 to {LABEL_LIMIT} characters"
        if not is_link(link["url"].strip()):
            yield f"links[{number}].url", "must be an address that begins with https://"
