"""What citizens think of answers, and what they lack in them."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from bot.errors import CitizenError
from bot.knowledge import Entry
from bot.services import questions
from bot.store import Unit
from bot.store.citizens import Citizen
from bot.store.questions import Asker
from bot.store.votes import Count

__all__ = ["Count", "Opinion", "Periods", "lacks", "opinions", "periods", "vote"]

DAY_MS: Final = 24 * 3600 * 1000
FIRST_DOUBT: Final = 2
"""As if every answer had so many votes already, half of them for it: a single 👎 makes no answer the worst of all."""


class Opinion(NamedTuple):
    """The votes on an answer."""

    entry: str
    title: str
    all: Count
    week: Count


class Periods(NamedTuple):
    """The votes on one answer over time; `version` since it was last changed, None if staff never did."""

    all: Count
    version: Count | None
    month: Count
    week: Count
    day: Count


def vote(unit: Unit, citizen: Citizen, entry: str, given: int) -> bool:
    """One vote a citizen and answer. False: they said so before."""
    if unit.votes.given(citizen.platform, citizen.user_id, entry) == given:
        return False
    unit.votes.cast(citizen.platform, citizen.user_id, entry, given)
    return True


def lacks(unit: Unit, who: Asker, entry: str, text: str, folded: str) -> None:
    """What somebody lacks in an answer, among the unanswered questions. Raises `CitizenError`: "no_text"."""
    if not folded:
        raise CitizenError("no_text")
    questions.note_lack(unit, who, entry, text, folded)


def opinions(unit: Unit, entries: Iterable[Entry]) -> list[Opinion]:
    """The answers that anybody voted on, the worst first."""
    titles = {entry.id: entry.title for entry in entries}
    week = unit.votes.sums(unit.now - 7 * DAY_MS)
    found = [
        Opinion(entry, titles[entry], count, week.get(entry, Count(0, 0)))
        for entry, count in unit.votes.sums().items()
        if entry in titles
    ]
    return sorted(found, key=lambda one: (-_doubt(one.all), -one.all.down, one.entry))


def periods(unit: Unit, entry: str) -> Periods:
    """The votes on one answer."""
    newest = unit.entries.versions(entry, 0, 1)
    return Periods(
        unit.votes.of(entry),
        unit.votes.of(entry, newest[0].made_at) if newest else None,
        *(unit.votes.of(entry, unit.now - days * DAY_MS) for days in (30, 7, 1)),
    )


def _doubt(count: Count) -> float:
    return (count.down + FIRST_DOUBT / 2) / (count.up + count.down + FIRST_DOUBT)
