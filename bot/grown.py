"""What staff have made, over what was shipped: which entries count, and what of the stored ones is not fit to.

A stored entry never stops the start. One that became unsound is left out, or the shipped one of the same id counts
again; one that names an entry which is no more is mended. Staff see what happened (`Trouble`).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from bot.knowledge import NAMES, OURS, Entry, entry_of

REMEMBERED = 10_000

Ailment = Literal["unsound", "dead"]


class Stored(NamedTuple):
    """An entry as staff have made it; `body` is its table as in `content/`, in JSON."""

    id: str
    body: str
    retired: bool


class Trouble(NamedTuple):
    """A stored entry that is not live as it was written.

    "unsound": left out, for the value of this key; "dead": `key` is an entry that it leads to, and that is no more.
    """

    id: str
    ailment: Ailment
    key: str


@dataclass(frozen=True, slots=True)
class Grown:
    """The entries that count, and what staff should look at."""

    entries: tuple[Entry, ...]
    troubles: tuple[Trouble, ...]


def grown(shipped: Iterable[Entry], stored: Iterable[Stored]) -> Grown:
    """Put what is stored over what was shipped."""
    entries = {entry.id: entry for entry in shipped}
    troubles: list[Trouble] = []
    retired: set[str] = set()
    for row in stored:
        if row.retired:
            retired.add(row.id)
            continue
        entry, key = _read(row.id, row.body)
        if entry is None:
            troubles.append(Trouble(row.id, "unsound", key))
        else:
            entries[row.id] = entry
    known = {entry_id: entry for entry_id, entry in entries.items() if entry_id not in retired}
    whole = tuple(_mended(entry, known, troubles) for entry in known.values())
    return Grown(whole, tuple(troubles))


def read_table(body: str) -> dict[str, Any] | None:
    """The table that is stored; None: it cannot be read.

    A key of a later version of the program says nothing to this one, and is no reason to be silent.
    """
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return {key: found[key] for key in found if key in NAMES} if isinstance(found, dict) else None


@lru_cache(REMEMBERED)
def _read(entry_id: str, body: str) -> tuple[Entry | None, str]:
    """The entry; or None and the key that is to blame. Most are the same at every change of one of them."""
    stored = read_table(body)
    if stored is None:
        return None, "-"
    entry, wrong = entry_of(stored | {"id": entry_id}, OURS)
    return entry, wrong[0][0] if wrong else ""


def _mended(entry: Entry, known: Mapping[str, Entry], troubles: list[Trouble]) -> Entry:
    dead = [target for target in entry.related if target not in known]
    if not dead:
        return entry
    troubles += [Trouble(entry.id, "dead", target) for target in dead]
    return replace(entry, related=tuple(target for target in entry.related if target in known))
