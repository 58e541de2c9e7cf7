"""What the bot could not answer, as staff deal with it: groups of like questions, each closed at once.

Closing a group is one statement over what is still open of it, so of two who close it at once the second is told. Who
is to be told is only noted then; `bot/services/telling.py` tells them.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.dates import day_in_words
from bot.errors import CitizenError
from bot.models import QuestionState
from bot.services import audit
from bot.services.likeness import Likeness, shape_of
from bot.services.quoting import phrasing_of, quote, title_of
from bot.store import Unit
from bot.store.staff import Member
from bot.store.unanswered import Closing, Group, Loose

__all__ = [
    "ANSWER_LIMIT",
    "REASON_LIMIT",
    "TITLE_LIMIT",
    "Room",
    "Seen",
    "answer",
    "askers",
    "draft",
    "drop",
    "gather",
    "is_open",
    "join",
    "look",
    "reply",
    "see",
    "sorted_in",
    "ungrouped",
]

PAGE: Final = 5
SAMPLES: Final = 5
LINE_LIMIT: Final = 90
SAMPLE_LIMIT: Final = 200
GROUPED_AT_ONCE: Final = 500
"""Questions that the job sorts into groups at once."""
GROUPED_IN_TURN: Final = 50
FEW_GROUPS: Final = 1000
"""Where there are more, nobody's turn waits until new questions are compared with all of them: that is the job's."""
LINES: Final = 20
"""Of one question that are looked at: nobody puts theirs in more ways."""
PHRASINGS: Final = 8
PHRASING_LIMIT: Final = 150
TITLE_LIMIT: Final = 30
ANSWER_LIMIT: Final = 700
REASON_LIMIT: Final = 300
REMEMBERS_MS: Final = 7 * 24 * 3600 * 1000
"""So long after they asked somebody is told who was not promised anything (docs/decisions/0019)."""
ASKERS: Final = 5
LONGEST_NUMBER: Final = 19
NOBODY: Final = 2**62
"""Nobody asked after this instant."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A group as it is shown. `about`: the entry that was found wanting; `told`: so many people an answer reaches."""

    id: int
    about: str | None
    people: int
    waiting: int
    since: str
    samples: Sequence[str]
    told: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """A page of the groups. `waiting`: people who wait, in all groups."""

    groups: Sequence[Seen]
    count: int
    waiting: int
    page: int
    pages: int


# -- looking


def gather(unit: Unit, most: int = GROUPED_AT_ONCE) -> int:
    """Sort so many new questions into groups; how many it were. Safe to run twice, and twice at once."""
    return join(unit, sorted_in(*ungrouped(unit, most)))


def ungrouped(unit: Unit, most: int = GROUPED_AT_ONCE) -> tuple[list[Loose], list[Loose]]:
    """So many new questions, and the first one of every group if there are new ones."""
    loose = unit.unanswered.ungrouped(most)
    return loose, unit.unanswered.firsts() if loose else []


def sorted_in(loose: list[Loose], firsts: list[Loose]) -> list[tuple[int, int]]:
    """The group of each new question. Takes its time where there are thousands of groups: not for a transaction."""
    # What somebody lacks in an answer is like nothing that is said of another answer.
    known: dict[str | None, Likeness[int]] = defaultdict(Likeness)
    for first in firsts:
        known[first.entry].begin(first.id, first.folded)
    joined: list[tuple[int, int]] = []
    for question in loose:
        group = known[question.entry].find(question.folded)
        if group is None:
            known[question.entry].begin(group := question.id, question.folded)
        joined.append((question.id, group))
    return joined


def join(unit: Unit, joined: list[tuple[int, int]]) -> int:
    """Note the groups of new questions; how many these are."""
    unit.unanswered.join(joined)
    return len(joined)


def look(unit: Unit, page: int) -> Room:
    """A page of the open groups; the last one if there are fewer."""
    count, waiting = unit.unanswered.totals()
    if count <= FEW_GROUPS and gather(unit, GROUPED_IN_TURN):
        count, waiting = unit.unanswered.totals()
    pages = max(1, -(-count // PAGE))
    page = min(max(page, 0), pages - 1)
    groups = unit.unanswered.groups(page * PAGE, PAGE)
    texts = unit.unanswered.texts([group.first for group in groups])
    return Room(
        [_seen(group, [quote(texts[group.first], LINE_LIMIT)]) for group in groups], count, waiting, page, pages
    )


def see(unit: Unit, number: str) -> Seen:
    """A group as a button names it. Raises `CitizenError`: "closed"."""
    group = _open(unit, number)
    samples = [quote(text, SAMPLE_LIMIT) for text in unit.unanswered.wordings(group.id, SAMPLES)]
    return _seen(group, samples, unit.unanswered.count_reachable(group.id, unit.now - REMEMBERS_MS))


def is_open(unit: Unit, number: str) -> bool:
    """Whether anything of a group is still to be answered."""
    return _find(unit, number) is not None


def askers(unit: Unit, number: str) -> list[tuple[int, str]]:
    """(question, words) of those in a group who can be answered, the waiting first. Raises `CitizenError`: "closed"."""
    found = unit.unanswered.reachable(_open(unit, number).id, unit.now - REMEMBERS_MS, ASKERS)
    return [(asked.id, quote(asked.text, SAMPLE_LIMIT)) for asked in found]


def draft(unit: Unit, number: str, member: Member, fold: Callable[[str], str]) -> dict[str, Any]:
    """How an answer to a group begins: title, phrasings and owner. Raises `CitizenError`: "closed".

    `fold` gives the form of a text in which texts are compared.
    """
    wordings = unit.unanswered.wordings(_open(unit, number).id, PHRASINGS)
    phrasings: dict[str, str] = {}
    # Whoever asked staff had said it in several ways, one a line.
    for line in (line for text in wordings for line in text.splitlines()[:LINES]):
        asked = phrasing_of(line, PHRASING_LIMIT)
        if shape_of(form := fold(asked)).strong:  # a greeting of theirs leads to no answer
            phrasings.setdefault(form, asked)
    title = title_of(next(iter(phrasings.values()), wordings[0]), TITLE_LIMIT)
    found = {"title": title, "phrasings": [*phrasings.values()][:PHRASINGS] or [title], "owner_id": member.id}
    return found | ({"owner": quote(member.name, SAMPLE_LIMIT)} if member.name else {})


# -- closing


def answer(unit: Unit, number: str, member: Member, entry: str, text: str) -> int:
    """An entry answers the group; how many people are to be told. Raises `CitizenError`: "closed"."""
    closing = Closing(QuestionState.ANSWERED, unit.now, member.id, text, entry)
    told = _close(unit, number, closing, unit.now - REMEMBERS_MS)
    audit.note(unit, member, "questions_answered", f"question:{int(number)}", after={"entry": entry, "told": told})
    return told


def drop(unit: Unit, number: str, member: Member, reason: str | None) -> int:
    """Nobody will answer the group; how many people wait and are to be told. Raises `CitizenError`: "closed"."""
    told = _close(unit, number, Closing(QuestionState.DROPPED, unit.now, member.id, reason), NOBODY)
    audit.note(unit, member, "questions_dropped", f"question:{int(number)}", after={"told": told})
    return told


def reply(unit: Unit, question: int, member: Member, text: str) -> None:
    """These words answer one question, and no other. Raises `CitizenError`: "closed"."""
    found = unit.questions.find(question)
    closing = Closing(QuestionState.ANSWERED, unit.now, member.id, text)
    if found is None or found.leader is None or not unit.unanswered.close_one(question, closing):
        raise CitizenError("closed")
    unit.unanswered.to_tell(found.leader, unit.now, unit.now - REMEMBERS_MS)
    audit.note(unit, member, "question_replied", f"question:{question}")


def _close(unit: Unit, number: str, closing: Closing, since: int) -> int:
    group = _open(unit, number).id
    if not unit.unanswered.close_group(group, closing):  # somebody else has, a moment ago
        raise CitizenError("closed")
    return unit.unanswered.to_tell(group, closing.at, since)


def _find(unit: Unit, number: str) -> Group | None:
    return unit.unanswered.group(int(number)) if number.isdecimal() and len(number) < LONGEST_NUMBER else None


def _open(unit: Unit, number: str) -> Group:
    found = _find(unit, number)
    if found is None:
        raise CitizenError("closed")
    return found


def _seen(group: Group, samples: Sequence[str], told: int = 0) -> Seen:
    return Seen(group.id, group.entry, group.people, group.waiting, day_in_words(group.since), samples, told)
