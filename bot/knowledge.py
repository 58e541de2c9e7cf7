"""What the bot knows: entries, the form in which they are written, and what is wrong with one. Neither searches nor speaks.

Written as the `[[entry]]` tables of `content/`, or as the same tables in JSON where staff made them (`bot/grown.py`).
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from bot.dates import read_date, written

Kind = Literal["topic", "redirect", "chat"]

KINDS = ("topic", "redirect", "chat")
TITLE_LIMIT = 30
ANSWER_LIMIT = 700
PAGE_LIMIT = 900
PAGES_LIMIT = 6
RELATED_LIMIT = 3
LINKS_LIMIT = 3
TOGETHER_LIMIT = 4
"""Links and related entries, so that with pages and the way out no screen has more than eight buttons."""
LABEL_LIMIT = 30
URL_LIMIT = 500
PHRASING_LIMIT = 200
LINE_LIMIT = 200
"""Of an address, or of an owner."""
FILES_LIMIT = 5
ID = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
ID_LIMIT = 40
"""So that it fits into a button together with what the button does."""
STAFF = "staff."
"""Ids of entries that staff made begin with it, and no others."""


class Link(NamedTuple):
    """A button that opens a page."""

    label: str
    url: str


class Place(NamedTuple):
    """A point on the map, in degrees (WGS 84)."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer of the knowledge and the ways people ask for it.

    `files` are keys of files that the bot keeps. `owner` is who answers for the entry; if it is one of the staff,
    `owner_id` says which. From `review` on somebody should look whether it is still true.
    """

    id: str
    title: str
    answer: str
    kind: Kind = "topic"
    phrasings: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    computed: str = ""
    sample: bool = False
    source: str = ""
    links: tuple[Link, ...] = ()
    files: tuple[str, ...] = ()
    place: Place | None = None
    address: str = ""
    owner: str = ""
    owner_id: int = 0
    review: date | None = None


class Fault(NamedTuple):
    """One thing wrong in the content: where it stands and why it is refused."""

    file: str
    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.reason}"


Wrong = tuple[str, str]
"""A key of an entry and why its value is refused."""

LISTS = frozenset({"phrasings", "keywords", "more", "related", "files"})
REQUIRED = ("id", "title", "answer", "phrasings")
NAMES = frozenset(field.name for field in fields(Entry))
OURS = frozenset({"files", "owner_id"})
"""Keys that name rows of the database: only what staff made has them."""


# -- one entry


def entry_of(table: Mapping[str, Any], ours: frozenset[str] = frozenset()) -> tuple[Entry | None, list[Wrong]]:
    """The entry that a table describes, or all that is wrong with it. `ours`: the keys of `OURS` that it may have."""
    wrong = list(_wrongs(table, NAMES - OURS | ours))
    if wrong:
        return None, wrong
    values: dict[str, Any] = {key: _tidy(value) for key, value in table.items()}
    if "links" in values:
        values["links"] = tuple(Link(link["label"].strip(), link["url"].strip()) for link in values["links"])
    if "place" in values:
        values["place"] = Place(float(values["place"]["lat"]), float(values["place"]["lon"]))
    if "review" in values:
        values["review"] = read_date(values["review"])
    return Entry(**values), []


def table_of(entry: Entry) -> dict[str, Any]:
    """The table that describes an entry, fit for JSON; what says nothing is left out."""
    table: dict[str, Any] = {}
    for field in fields(Entry):
        value = getattr(entry, field.name)
        if value == field.default:
            continue
        if field.name == "links":
            table["links"] = [link._asdict() for link in value]
        elif field.name == "place":
            table["place"] = value._asdict()
        elif field.name == "review":
            table["review"] = written(value)
        else:
            table[field.name] = list(value) if isinstance(value, tuple) else value
    return table


def fingerprint(entry: Entry) -> str:
    """Two entries that say the same have the same."""
    return hashlib.sha256(json.dumps(table_of(entry), sort_keys=True).encode()).hexdigest()


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


def _tidy(value: object) -> object:
    if isinstance(value, list):
        return tuple(item.strip() if isinstance(item, str) else item for item in value)
    return value.strip() if isinstance(value, str) else value


def _wrongs(table: Mapping[str, Any], names: frozenset[str]) -> Iterator[Wrong]:
    yield from ((key, "is not a key of an entry") for key in sorted(set(table) - names))
    yield from ((key, "is missing") for key in REQUIRED if not table.get(key))
    types = [wrong for key, value in table.items() if key in names for wrong in _wrong_type(key, value)]
    yield from types
    if not types:
        yield from _wrong_values(table)
        yield from _wrong_details(table)


def _wrong_type(key: str, value: object) -> Iterator[Wrong]:
    if key in LISTS:
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            yield key, "must be a list of texts, none of them empty"
    elif key == "sample":
        if not isinstance(value, bool):
            yield key, "must be true or false"
    elif key == "owner_id":
        if not isinstance(value, int) or isinstance(value, bool):
            yield key, "must be a number"
    elif key == "links":
        if not isinstance(value, list) or not all(_has(link, ("label", "url"), str) for link in value):
            yield key, 'must be a list of {label = "…", url = "https://…"}'
    elif key == "place":
        if not _has(value, ("lat", "lon"), (int, float)):
            yield key, "must be {lat = …, lon = …}, both numbers"
    elif not isinstance(value, str):
        yield key, "must be a text"


def _has(value: object, keys: tuple[str, ...], kind: type | tuple[type, ...]) -> bool:
    """Whether it is a table of exactly these keys, each of this kind."""
    return (
        isinstance(value, dict)
        and set(value) == set(keys)
        and all(isinstance(value[key], kind) and not isinstance(value[key], bool) for key in keys)
    )


def _wrong_values(table: Mapping[str, Any]) -> Iterator[Wrong]:
    entry_id = table.get("id", "")
    if entry_id and (not ID.fullmatch(entry_id) or len(entry_id) > ID_LIMIT):
        yield "id", f"must be made of a-z, 0-9, _ and dots, at most {ID_LIMIT}"
    if table.get("kind", "topic") not in KINDS:
        yield "kind", f"must be one of {', '.join(KINDS)}"
    if table.get("computed", "") not in {"", "hours"}:
        yield "computed", 'must be "hours"'
    for key, limit in (
        ("title", TITLE_LIMIT),
        ("answer", ANSWER_LIMIT),
        ("address", LINE_LIMIT),
        ("owner", LINE_LIMIT),
    ):
        if len(table.get(key, "").strip()) > limit:
            yield key, f"is longer than {limit} characters"
    for number, page in enumerate(table.get("more", ()), start=1):
        if len(page.strip()) > PAGE_LIMIT:
            yield f"more[{number}]", f"is longer than {PAGE_LIMIT} characters"
    for number, phrasing in enumerate(table.get("phrasings", ()), start=1):
        if len(phrasing.strip()) > PHRASING_LIMIT:
            yield f"phrasings[{number}]", f"is longer than {PHRASING_LIMIT} characters"
    for key, limit in (
        ("more", PAGES_LIMIT),
        ("related", RELATED_LIMIT),
        ("links", LINKS_LIMIT),
        ("files", FILES_LIMIT),
    ):
        if len(table.get(key, ())) > limit:
            yield key, f"has more than {limit} entries"


def _wrong_details(table: Mapping[str, Any]) -> Iterator[Wrong]:
    links = table.get("links", ())
    if len(links) + len(table.get("related", ())) > TOGETHER_LIMIT:
        yield "links", f"are more than {TOGETHER_LIMIT} buttons together with those of related entries"
    for number, link in enumerate(links, start=1):
        if not 0 < len(link["label"].strip()) <= LABEL_LIMIT:
            yield f"links[{number}].label", f"must have 1 to {LABEL_LIMIT} characters"
        if not is_link(link["url"].strip()):
            yield f"links[{number}].url", "must be an address that begins with https://"
    place = table.get("place")
    if place is not None and not (abs(place["lat"]) <= 90 and abs(place["lon"]) <= 180):
        yield "place", "is no point on the earth"
    if "review" in table and read_date(table["review"]) is None:
        yield "review", 'must be a Jalali date such as "1406/01/15"'


# -- all of them


def load(folder: Path) -> tuple[list[Entry], list[Fault]]:
    """All sound entries under `folder`, and every fault of the others: one bad entry never hides the rest."""
    faults: list[Fault] = []
    found: list[tuple[str, Entry]] = []
    for path in sorted(folder.rglob("*.toml")):
        name = path.relative_to(folder).as_posix()
        for number, table in enumerate(_tables(path, name, faults), start=1):
            entry = _entry(table, name, number, faults)
            if entry is not None:
                found.append((name, entry))
    return _whole(found, faults), faults


def _tables(path: Path, name: str, faults: list[Fault]) -> list[Any]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("entry", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(Fault(name, "", str(error)))
        return []
    if not isinstance(tables, list):
        faults.append(Fault(name, "entry", "must be written as [[entry]]"))
        return []
    return tables


def _entry(table: object, name: str, number: int, faults: list[Fault]) -> Entry | None:
    if not isinstance(table, dict):
        faults.append(Fault(name, f"entry {number}", "must be a table"))
        return None
    label = str(table.get("id") or f"entry {number}")
    entry, wrong = entry_of(table)
    if entry is not None and entry.id.startswith(STAFF):
        wrong = [("id", f"begins with {STAFF!r}, as only ids of what staff made do")]
    faults.extend(Fault(name, f"{label}.{key}", reason) for key, reason in wrong)
    return None if wrong else entry


def _whole(found: list[tuple[str, Entry]], faults: list[Fault]) -> list[Entry]:
    """What can only be seen over all files: ids used twice and references that lead nowhere."""
    entries: dict[str, Entry] = {}
    for name, entry in found:
        if entry.id in entries:
            faults.append(Fault(name, f"{entry.id}.id", "is used twice"))
            continue
        entries[entry.id] = entry
    for name, entry in found:
        faults.extend(_dead_links(name, entry, entries))
    return list(entries.values())


def _dead_links(name: str, entry: Entry, known: Iterable[str]) -> Iterator[Fault]:
    for target in entry.related:
        if target not in known:
            yield Fault(name, f"{entry.id}.related", f"names {target!r}, which does not exist")
