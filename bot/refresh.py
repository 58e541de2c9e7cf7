"""Keeps the library of this process as staff have made it: what they change is live everywhere within a second.

A change raises the number of its subject in the same transaction (`unit.revisions.bump`). Every process looks at the
numbers a few times a second; where one has gone up it reads what belongs to the subject, and makes a new library beside
the old one, which answers until the new one is whole.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.errors import StoreDown
from bot.flow import Library
from bot.grown import Stored, grown
from bot.services import closures, coming, events, knowledge
from bot.store import Store, Unit
from bot.store.events import Event
from bot.switchboard import House

log = logging.getLogger(__name__)

TICK_SECONDS = 0.3
PAUSE_SECONDS = 5.0
"""After a subject could not be loaded: of that the library stays as it was."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A part of the library that staff change.

    `read` takes from the tables what belongs to it; `apply` makes a library with it. `apply` runs in a thread, beside
    the old library, and may take its time.
    """

    read: Callable[[Unit], Any]
    apply: Callable[[Library, Any], Library]


def _with_hours(library: Library, found: closures.Said) -> Library:
    answers = library.answers
    return replace(library, answers=answers.with_hours(closures.applied(answers.hours, found)))


def _with_entries(library: Library, found: list[Stored]) -> Library:
    """The entries that staff made over those that were shipped."""
    now = grown(library.shipped.values(), found)
    for trouble in now.troubles:
        log.warning("entry_not_live", extra={"entry": trouble.id, "why": trouble.ailment, "key": trouble.key})
    return replace(library, answers=library.answers.changed(now.entries), troubles=now.troubles)


def _with_events(library: Library, found: tuple[Event, ...]) -> Library:
    return replace(library, coming=replace(library.coming, events=found))


SUBJECTS: Mapping[str, Subject] = {
    closures.SUBJECT: Subject(closures.said, _with_hours),
    "knowledge": Subject(knowledge.stored, _with_entries),
    events.SUBJECT: Subject(coming.read, _with_events),
}
"""By the name that is given to `unit.revisions.bump`."""


class Refresher:
    """Watches the numbers for this process. `seen`: those that the library of `house` stands at."""

    def __init__(self, store: Store, house: House, subjects: Mapping[str, Subject] = SUBJECTS) -> None:
        self._store = store
        self._house = house
        self._subjects = subjects
        self.seen: dict[str, int] = {}
        self._not_before: dict[str, float] = {}
        self._one = asyncio.Lock()  # two at once would each lay their part over the same old library

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            await self._look(patient=True)

    async def look(self) -> None:
        """Load what has changed since. Raises whatever stood in the way: of that the library is as it was."""
        for error in await self._look(patient=False):
            raise error

    async def _look(self, *, patient: bool) -> list[Exception]:
        """Load what has changed; `patient`: but for what could not be loaded a moment ago. Returns what went wrong.

        What is spoilt in one subject keeps no other one from being loaded.
        """
        failed: list[Exception] = []
        async with self._one:
            for subject, number in (await self._store.read(lambda unit: unit.revisions.all())).items():
                now = asyncio.get_running_loop().time()
                if self.seen.get(subject) == number or (patient and now < self._not_before.get(subject, now)):
                    continue
                try:
                    await self._load(subject)
                except StoreDown:
                    raise
                except Exception as error:
                    log.exception("refresh_failed", extra={"subject": subject})
                    self._not_before[subject] = now + PAUSE_SECONDS
                    failed.append(error)
                else:
                    self.seen[subject] = number
        return failed

    async def _load(self, subject: str) -> None:
        if (known := self._subjects.get(subject)) is not None:
            # At least what the number says: a change in between comes again with the next number.
            found = await self._store.read(known.read)
            self._house.library = await asyncio.to_thread(known.apply, self._house.library, found)
