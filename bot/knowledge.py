"""What the bot knows: entries, and the form in which they are written. Neither searches nor speaks.

Written as the `[[entry]]` tables of `content/`, or as the same tables in JSON where staff made them (`bot/grown.py`).
What may be wrong with one is in `bot/sound.py`.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple

from bot.dates import read_date, written
from bot.sound import Wrong, wrongs

Kind = Literal["topic", "redirect", "chat"]
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


NAMES = frozenset(field.name for field in fields(Entry))
OURS = frozenset({"files", "owner_id"})
"""Keys that name rows of the database: only what staff made has them."""


# -- one entry


def entry_of(table: Mapping[str, Any], ours: frozenset[str] = frozenset()) -> tuple[Entry | None, list[Wrong]]:
    """The entry that a table describes, or all that is wrong with it. `ours`: the keys of `OURS` that it may have."""
    wrong = list(wrongs(table, NAMES - OURS | ours))
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


def _tidy(value: object) -> object:
    if isinstance(value, list):
        return tuple(item.strip() if isinstance(item, str) else item for item in value)
    return value.strip() if isinstance(value, str) else value


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
