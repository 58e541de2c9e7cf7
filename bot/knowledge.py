"""What the bot knows: the `[[entry]]` tables of `content/`. Reads and checks them; neither searches nor speaks."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, NamedTuple

Kind = Literal["topic", "redirect", "chat"]

KINDS = ("topic", "redirect", "chat")
TITLE_LIMIT = 30
ANSWER_LIMIT = 700
PAGE_LIMIT = 900
RELATED_LIMIT = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer of the knowledge and the ways people ask for it."""

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


class Fault(NamedTuple):
    """One thing wrong in the content: where it stands and why it is refused."""

    file: str
    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.reason}"


LISTS = frozenset({"phrasings", "keywords", "more", "related"})
REQUIRED = ("id", "title", "answer", "phrasings")
NAMES = frozenset(field.name for field in fields(Entry))


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
    wrong = [Fault(name, f"{label}.{key}", reason) for key, reason in _wrongs(table)]
    if wrong:
        faults.extend(wrong)
        return None
    values: dict[str, Any] = {key: _tidy(value) for key, value in table.items()}
    return Entry(**values)


def _tidy(value: object) -> object:
    if isinstance(value, list):
        return tuple(item.strip() for item in value)
    return value.strip() if isinstance(value, str) else value


def _wrongs(table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((key, "is not a key of an entry") for key in sorted(set(table) - NAMES))
    yield from ((key, "is missing") for key in REQUIRED if not table.get(key))
    types = [wrong for key, value in table.items() if key in NAMES for wrong in _wrong_type(key, value)]
    yield from types
    if not types:
        yield from _wrong_values(table)


def _wrong_type(key: str, value: object) -> Iterator[tuple[str, str]]:
    if key in LISTS:
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            yield key, "must be a list of texts, none of them empty"
    elif key == "sample":
        if not isinstance(value, bool):
            yield key, "must be true or false"
    elif not isinstance(value, str):
        yield key, "must be a text"


def _wrong_values(table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if table.get("kind", "topic") not in KINDS:
        yield "kind", f"must be one of {', '.join(KINDS)}"
    if table.get("computed", "") not in {"", "hours", "events"}:
        yield "computed", 'must be "hours" or "events"'
    for key, limit in (("title", TITLE_LIMIT), ("answer", ANSWER_LIMIT)):
        if len(table.get(key, "").strip()) > limit:
            yield key, f"is longer than {limit} characters"
    for number, page in enumerate(table.get("more", ()), start=1):
        if len(page.strip()) > PAGE_LIMIT:
            yield f"more[{number}]", f"is longer than {PAGE_LIMIT} characters"
    if len(table.get("related", ())) > RELATED_LIMIT:
        yield "related", f"has more than {RELATED_LIMIT} entries"


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
