"""What staff have made, over what was shipped: which entries count, and what of the stored ones is not fit to.

A stored entry never stops the start. One that became unsound is left out, or the shipped one of the same id counts
again; one that names an entry which is no more is mended. Staff see what happened (`Trouble`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from bot.knowledge import NAMES, OURS, Entry, entry_of

Ailment = Literal["unsound", "dead"]


class Stored(NamedTuple):
    """An entry as staff have made it: `table` as in `content/`; None: what is stored cannot be read at all."""

    id: str
    table: Mapping[str, Any] | None
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
        entry, key = _read(row)
        if entry is None:
            troubles.append(Trouble(row.id, "unsound", key))
        else:
            entries[row.id] = entry
    known = {entry_id: entry for entry_id, entry in entries.items() if entry_id not in retired}
    whole = tuple(_mended(entry, known, troubles) for entry in known.values())
    return Grown(whole, tuple(troubles))


def _read(row: Stored) -> tuple[Entry | None, str]:
    """The entry; or None and the key that is to blame."""
    if row.table is None:
        return None, "-"
    # A key of a later version of the program says nothing to this one, and is no reason to be silent.
    table = {key: value for key, value in row.table.items() if key in NAMES} | {"id": row.id}
    entry, wrong = entry_of(table, OURS)
    return entry, wrong[0][0] if wrong else ""


def _mended(entry: Entry, known: Mapping[str, Entry], troubles: list[Trouble]) -> Entry:
    dead = [target for target in entry.related if target not in known]
    if not dead:
        return entry
    troubles += [Trouble(entry.id, "dead", target) for target in dead]
    return replace(entry, related=tuple(target for target in entry.related if target in known))
