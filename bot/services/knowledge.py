"""Answers that staff add, change, retire and restore. Each change is a version with who and when, and none is lost.

A draft is the table of an entry as `content/` would have it, without its id: `title`, `phrasings`, `answer`, and what
else it says (`more`, `related`, `links`, `files`, `place`, `address`, `owner`, `owner_id`, `review` in Jalali). It is
JSON, so that it may stand in the memory of a conversation.

Whoever changes an entry first takes it with `current`, saying which version they saw when they began (`base`): the
second of two is refused ("changed_meanwhile"), and nothing of the first one's is lost. `shipped` are the entries of
`content/` by id (`Library.shipped`): what staff never touched counts as it stands there, and has the number 0.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bot.dates import date_in_words, instant_in_words
from bot.errors import CitizenError
from bot.grown import Stored, read_table
from bot.knowledge import OURS, Entry, entry_of, fingerprint, table_of
from bot.services import audit
from bot.store import Unit
from bot.store.entries import Last, NewVersion, Version

__all__ = [
    "Draft",
    "Entry",
    "Kept",
    "Version",
    "add",
    "add_phrasing",
    "called",
    "change",
    "current",
    "day",
    "keep_ours",
    "restore",
    "retire",
    "retired",
    "roll_back",
    "sound",
    "stale",
    "stored",
    "take_shipped",
    "version",
    "versions",
    "when",
]

SUBJECT: Final = "knowledge"
"""Of `unit.revisions`: see `bot/refresh.py`."""
NEEDED: Final = frozenset({"service.help", "service.emergency", "service.human", "contact.phone", "contact.complaints"})
"""The bot itself leads citizens there."""

Draft = Mapping[str, Any]
Shipped = Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry as it stands now, live or retired.

    `entry` is None if what is stored is not sound any more; `table` has the rest of it, to be mended. `number`: of the
    version, 0 as shipped. `shipped`: the entry of `content/`; `based_on`: which one of those staff last looked at.
    """

    id: str
    entry: Entry | None
    table: dict[str, Any]
    number: int = 0
    retired_at: int | None = None
    shipped: Entry | None = None
    based_on: str | None = None

    @property
    def outdated(self) -> bool:
        """Whether the entry of `content/` was changed since staff last looked at it."""
        return self.shipped is not None and self.based_on != fingerprint(self.shipped)


# -- looking


def current(unit: Unit, entry_id: str, shipped: Shipped, base: int | None = None) -> Kept:
    """The entry of this id. Raises `CitizenError`: "gone"; "changed_meanwhile" if it is not at `base` now."""
    last = unit.entries.find(entry_id)
    original = shipped.get(entry_id)
    if last is not None:
        known = _kept(last, original)
    elif original is not None:
        known = Kept(entry_id, original, table_of(original), shipped=original, based_on=fingerprint(original))
    else:
        raise CitizenError("gone")
    if base is not None and base != known.number:
        raise CitizenError("changed_meanwhile")
    return known


def called(unit: Unit, entry_id: str, shipped: Shipped) -> str:
    """The title of an entry, live or retired; its id if it has none any more."""
    last, original = unit.entries.find(entry_id), shipped.get(entry_id)
    table = _table(entry_id, last.version.body) if last is not None else None
    return str((table or {}).get("title") or (original.title if original is not None else entry_id))


def versions(unit: Unit, entry_id: str, after: int, most: int) -> list[Version]:
    """Versions of an entry, the newest first. None: staff never touched it."""
    return unit.entries.versions(entry_id, after, most)


def version(unit: Unit, entry_id: str, number: int) -> tuple[Version, Entry | None]:
    """One version, and the entry as it was; None if it is not sound any more. Raises `CitizenError`: "gone"."""
    found = unit.entries.version(entry_id, number)
    if found is None:
        raise CitizenError("gone")
    return found, entry_of(_table(entry_id, found.body) or {}, OURS)[0]


def stale(entries: Iterable[Entry], today: date) -> list[Entry]:
    """Those whose review date has come, the oldest first."""
    found = [(entry.review, entry.id, entry) for entry in entries if entry.review is not None and entry.review <= today]
    return [entry for *_, entry in sorted(found)]


def retired(unit: Unit, after: int, most: int) -> list[Kept]:
    """Retired entries, the newest first."""
    return [_kept(last, None) for last in unit.entries.retired(after, most)]


def stored(unit: Unit) -> list[Stored]:
    """Everything that counts over what was shipped."""
    return [Stored(last.version.entry, last.version.body, last.retired_at is not None) for last in unit.entries.all()]


def sound(entry_id: str, draft: Draft) -> Entry:
    """The entry that a draft describes. Raises `CitizenError`: "unsound", with the field."""
    entry, wrong = entry_of({**draft, "id": entry_id}, OURS)
    if entry is None:
        raise CitizenError("unsound", field=wrong[0][0])
    return entry


def day(found: date) -> str:
    """«۱ آذر ۱۴۰۵»."""
    return date_in_words(found)


def when(found: Version) -> str:
    """When a version was made: «۱ آذر ۱۴۰۵، ۱۰:۰۵»."""
    return instant_in_words(found.made_at)


# -- changing


def add(unit: Unit, member_id: int, draft: Draft) -> Entry:
    """Publish a new entry. Raises `CitizenError`: "unsound"."""
    sound("staff.0", draft)
    entry = sound(unit.entries.make(), draft)
    unit.entries.keep(entry.id, 1, NewVersion("added", _body(entry), None, member_id))
    audit.note(unit, member_id, "entry_added", f"entry:{entry.id}", after={"version": 1})
    _live(unit, entry)
    return entry


def change(unit: Unit, member_id: int, known: Kept, draft: Draft) -> Entry:
    """Publish a changed entry; a retired one stays retired. Raises `CitizenError`: "unsound", "changed_meanwhile"."""
    entry = sound(known.id, draft)
    _next(unit, known, NewVersion("changed", _body(entry), known.based_on, member_id))
    _live(unit, entry)
    return entry


def add_phrasing(unit: Unit, member_id: int, entry_id: str, phrasing: str, shipped: Shipped) -> Entry:
    """One more way of asking, whoever else has changed the entry. Raises `CitizenError`: "gone", "unsound"."""
    known = current(unit, entry_id, shipped)
    if known.retired_at is not None:
        raise CitizenError("gone")
    asked = " ".join(phrasing.split())
    phrasings = [*known.table.get("phrasings", ())]
    if asked not in phrasings:
        phrasings.append(asked)
    return change(unit, member_id, known, known.table | {"phrasings": phrasings})


def retire(unit: Unit, member_id: int, known: Kept) -> None:
    """The entry is not answered any more. Raises `CitizenError`: "needed", "changed_meanwhile"."""
    if known.id in NEEDED or known.table.get("kind") == "chat":
        raise CitizenError("needed")
    _again(unit, known, NewVersion("retired", _body(known.table), known.based_on, member_id))


def restore(unit: Unit, member_id: int, known: Kept) -> None:
    """A retired entry is answered again. Raises `CitizenError`: "changed_meanwhile"."""
    _again(unit, known, NewVersion("restored", _body(known.table), known.based_on, member_id))


def roll_back(unit: Unit, member_id: int, known: Kept, number: int) -> Entry:
    """An earlier version counts again, as a new one. Raises `CitizenError`: "gone", "unsound", "changed_meanwhile"."""
    old, entry = version(unit, known.id, number)
    if entry is None:
        raise CitizenError("unsound", field="-")
    _next(unit, known, NewVersion("rolled_back", old.body, old.based_on, member_id))
    _live(unit, entry)
    return entry


def take_shipped(unit: Unit, member_id: int, known: Kept) -> Entry:
    """The entry of `content/` counts again. Raises `CitizenError`: "gone", "changed_meanwhile"."""
    if known.shipped is None:
        raise CitizenError("gone")
    _next(unit, known, NewVersion("taken", _body(known.shipped), fingerprint(known.shipped), member_id))
    _live(unit, known.shipped)
    return known.shipped


def keep_ours(unit: Unit, member_id: int, known: Kept) -> None:
    """Staff have seen the newer entry of `content/` and keep theirs. Raises `CitizenError`: "changed_meanwhile"."""
    basis = fingerprint(known.shipped) if known.shipped is not None else None
    _again(unit, known, NewVersion("kept", _body(known.table), basis, member_id))


def _again(unit: Unit, known: Kept, new: NewVersion) -> None:
    """A version with the same words."""
    _next(unit, known, new)
    unit.revisions.bump(SUBJECT)


def _next(unit: Unit, known: Kept, new: NewVersion) -> None:
    """Write the next version of an entry; before the first one of a shipped entry, how it was shipped."""
    before = known.number
    if before == 0 and known.shipped is not None:
        if not unit.entries.begin(known.id):
            raise CitizenError("changed_meanwhile")
        before = 1
        unit.entries.keep(known.id, before, NewVersion("shipped", _body(known.shipped), known.based_on, None))
    stays_off = known.retired_at is not None and new.kind in {"changed", "kept"}
    if not unit.entries.advance(known.id, before, retired=new.kind == "retired" or stays_off):
        raise CitizenError("changed_meanwhile")
    unit.entries.keep(known.id, before + 1, new)
    about, after = f"entry:{known.id}", {"version": before + 1}
    audit.note(unit, new.member, f"entry_{new.kind}", about, {"version": before}, after)


def _live(unit: Unit, entry: Entry) -> None:
    """Its files are the bot's from now on, and every process will know."""
    unit.files.adopt(entry.files)
    unit.revisions.bump(SUBJECT)


def _kept(last: Last, original: Entry | None) -> Kept:
    now = last.version
    table = _table(now.entry, now.body) or {"id": now.entry}
    entry, wrong = entry_of(table, OURS)
    spoilt = {key.partition("[")[0] for key, _ in wrong}
    fit = {key: value for key, value in table.items() if key not in spoilt}
    return Kept(now.entry, entry, fit, now.number, last.retired_at, original, now.based_on)


def _body(what: Entry | Draft) -> str:
    table = table_of(what) if isinstance(what, Entry) else what
    return json.dumps({key: value for key, value in table.items() if key != "id"})


def _table(entry_id: str, body: str) -> dict[str, Any] | None:
    """What is stored; None: it cannot be read."""
    found = read_table(body)
    return None if found is None else {**found, "id": entry_id}
