"""The table `questions` as staff work on it: open questions in groups of like ones, answered a group at once.

A group is named by the number of the question with which it began (`leader`), whatever becomes of that one. A closing
is known by its instant: all questions that were closed together have the same `closed_at`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    and_,
    bindparam,
    case,
    cast,
    distinct,
    exists,
    func,
    or_,
    select,
    update,
)

from bot.models import QuestionState, citizens, questions

_open = questions.c.state.in_((QuestionState.MISSED, QuestionState.PASSED))
_in_words = and_(_open, questions.c.text.is_not(None), questions.c.folded.is_not(None))
_waits = questions.c.state == QuestionState.PASSED
_group = questions.c.leader == bindparam("group")
# Two platforms give the same number to two people.
_asker = questions.c.platform.concat(":").concat(cast(questions.c.user_id, String))

UNGROUPED = (
    select(questions.c.id, questions.c.folded, questions.c.entry)
    .where(_in_words, questions.c.leader.is_(None))
    .order_by(questions.c.id)
    .limit(bindparam("most"))
)
_first_in_words = select(func.min(questions.c.id)).where(_in_words, questions.c.leader.is_not(None))
FIRST_OF_GROUPS = (
    select(questions.c.leader, questions.c.folded, questions.c.entry)
    .where(questions.c.id.in_(_first_in_words.group_by(questions.c.leader)))
    .order_by(questions.c.leader)
)
JOIN = (
    update(questions)
    .where(questions.c.id == bindparam("question"), questions.c.leader.is_(None))
    .values(leader=bindparam("group"))
)

_people = func.count(distinct(_asker))
_waiting = func.count(distinct(case((_waits, _asker))))
_since = func.min(questions.c.asked_at)
_groups = (
    select(
        questions.c.leader,
        func.max(questions.c.entry).label("entry"),
        _people.label("people"),
        _waiting.label("waiting"),
        _since.label("since"),
        func.min(questions.c.id).label("first"),
    )
    .where(_in_words, questions.c.leader.is_not(None))
    .group_by(questions.c.leader)
)
GROUPS = (
    _groups.order_by(case((_waiting > 0, 0), else_=1), _people.desc(), _since, questions.c.leader)
    .limit(bindparam("most"))
    .offset(bindparam("past"))
)
GROUP = _groups.where(_group)
TOTALS = select(func.count(distinct(questions.c.leader)), func.count(distinct(case((_waits, _asker))))).where(
    _in_words, questions.c.leader.is_not(None)
)
WAITING = select(func.count(distinct(_asker))).where(_waits)
TEXTS = select(questions.c.id, questions.c.text).where(questions.c.id.in_(bindparam("ids", expanding=True)))
# What was asked in the same words is shown once, and what most people asked first.
_wordings = (
    select(func.min(questions.c.id).label("id"), func.count().label("times"))
    .where(_in_words, _group)
    .group_by(questions.c.folded)
    .subquery()
)
WORDINGS = (
    select(questions.c.text)
    .join(_wordings, _wordings.c.id == questions.c.id)
    .order_by(_wordings.c.times.desc(), questions.c.id)
    .limit(bindparam("most"))
)
ONE = select(questions.c.id, questions.c.platform, questions.c.user_id, questions.c.text, questions.c.leader).where(
    questions.c.id == bindparam("question"), _in_words
)

_gone = exists().where(
    citizens.c.platform == questions.c.platform,
    citizens.c.user_id == questions.c.user_id,
    citizens.c.gone_at.is_not(None),
)
# Who waits is told whenever that was; who only missed an answer, as long as they may remember.
_remembers = or_(questions.c.passed_at.is_not(None), questions.c.asked_at >= bindparam("since"))
REACHABLE = (
    select(questions.c.id, questions.c.text, questions.c.state)
    .where(_in_words, _group, _remembers, ~_gone)
    .order_by(questions.c.state.desc(), questions.c.id)
    .limit(bindparam("most"))
)
COUNT_REACHABLE = select(func.count(distinct(_asker))).where(_in_words, _group, _remembers, ~_gone)
_closing = {
    "state": bindparam("to"),
    "closed_at": bindparam("at"),
    "closed_by": bindparam("by"),
    "entry": func.coalesce(bindparam("by_entry", type_=String), questions.c.entry),
    "answer": bindparam("told"),
}
CLOSE_GROUP = update(questions).where(_open, _group).values(_closing)
CLOSE_ONE = update(questions).where(_open, questions.c.id == bindparam("question")).values(_closing)
# One message a person: about the last question whose answer they wait for, or else the last that they missed.
_last: ColumnElement[int] = func.coalesce(
    func.max(case((questions.c.passed_at.is_not(None), questions.c.id))), func.max(questions.c.id)
)
TELL = (
    update(questions)
    .where(
        questions.c.id.in_(
            select(_last)
            .where(_group, questions.c.closed_at == bindparam("at"), _remembers, ~_gone)
            .group_by(questions.c.platform, questions.c.user_id)
        )
    )
    .values(telling=1)
)
_some = (
    select(questions.c.id)
    .where(questions.c.telling.is_not(None))
    .order_by(questions.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("some")
)
TAKE = (
    update(questions)
    .where(questions.c.id.in_(select(_some.c.id)))
    .values(telling=None)
    .returning(
        questions.c.id,
        questions.c.platform,
        questions.c.chat_id,
        questions.c.state,
        questions.c.passed_at,
        questions.c.text,
        questions.c.entry,
        questions.c.answer,
    )
)
_other = questions.alias("other")
NUMBERS = (
    select(questions.c.id, _other.c.id)
    .join(
        _other,
        and_(
            _other.c.platform == questions.c.platform,
            _other.c.user_id == questions.c.user_id,
            _other.c.leader == questions.c.leader,
            _other.c.closed_at == questions.c.closed_at,
            _other.c.passed_at.is_not(None),
        ),
    )
    .where(questions.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(_other.c.id)
)


class Loose(NamedTuple):
    """What a question is grouped by. `entry`: the answer that was found wanting, if it is about one."""

    id: int
    folded: str
    entry: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """Like questions that are open. `people` asked them, `waiting` of these wait; `first` is the oldest in words."""

    id: int
    entry: str | None
    people: int
    waiting: int
    since: int
    first: int


class Asked(NamedTuple):
    """An open question, and whether its asker waits."""

    id: int
    text: str
    waits: bool


@dataclass(frozen=True, slots=True)
class Closing:
    """How questions are closed: `told` is what their askers are told, `entry` the answer to them if it stays."""

    state: QuestionState
    at: int
    by: int | None
    told: str | None
    entry: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A closed question whose asker is to be told now. `numbers`: of all that they waited for and that this closes."""

    id: int
    platform: str
    chat_id: int
    state: int
    passed_at: int | None
    text: str | None
    entry: str | None
    answer: str | None
    numbers: tuple[int, ...] = ()


class Unanswered:
    """The table `questions`, from the side of staff."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- groups

    def ungrouped(self, most: int) -> list[Loose]:
        """Open questions that belong to no group yet, oldest first."""
        return [Loose(*row) for row in self._connection.execute(UNGROUPED, {"most": most})]

    def firsts(self) -> list[Loose]:
        """Of every group its number, and the words of its first question that are still known."""
        return [Loose(*row) for row in self._connection.execute(FIRST_OF_GROUPS)]

    def join(self, groups: Iterable[tuple[int, int]]) -> None:
        """Questions belong to groups: (question, group) of each that belongs to none."""
        rows = [{"question": question, "group": group} for question, group in groups]
        if rows:
            self._connection.execute(JOIN, rows)

    def groups(self, past: int, most: int) -> list[Group]:
        """Some of the groups: those for whom somebody waits first, then by how many asked, then by age."""
        return [Group(*row) for row in self._connection.execute(GROUPS, {"past": past, "most": most})]

    def group(self, number: int) -> Group | None:
        """A group in which something is open."""
        row = self._connection.execute(GROUP, {"group": number}).first()
        return None if row is None else Group(*row)

    def totals(self) -> tuple[int, int]:
        """(how many groups are open, how many people wait)."""
        groups, waiting = self._connection.execute(TOTALS).one()
        return int(groups), int(waiting)

    def waiting(self) -> int:
        """How many people wait, in a group or not yet."""
        return int(self._connection.execute(WAITING).scalar_one())

    def texts(self, numbers: list[int]) -> dict[int, str]:
        """The words of these questions."""
        return {row.id: row.text for row in self._connection.execute(TEXTS, {"ids": numbers})}

    def wordings(self, number: int, most: int) -> list[str]:
        """The different ways in which a group was asked, the most frequent first."""
        return list(self._connection.execute(WORDINGS, {"group": number, "most": most}).scalars())

    def reachable(self, number: int, since: int, most: int) -> list[Asked]:
        """Questions of a group whose askers can be told: they wait, or asked after this instant."""
        rows = self._connection.execute(REACHABLE, {"group": number, "since": since, "most": most})
        return [Asked(row.id, row.text, row.state == QuestionState.PASSED) for row in rows]

    def count_reachable(self, number: int, since: int) -> int:
        """How many people those are."""
        return int(self._connection.execute(COUNT_REACHABLE, {"group": number, "since": since}).scalar_one())

    # -- closing

    def close_group(self, number: int, closing: Closing) -> int:
        """Close what is open of a group; how many questions it were. Nothing is told yet."""
        return self._connection.execute(CLOSE_GROUP, _values(closing) | {"group": number}).rowcount

    def close_one(self, question: int, closing: Closing) -> bool:
        """Close one question. False: it is not open any more."""
        return self._connection.execute(CLOSE_ONE, _values(closing) | {"question": question}).rowcount == 1

    def to_tell(self, number: int, at: int, since: int) -> int:
        """Of what was closed in a group at an instant: who waits is to be told, and who missed it after `since`."""
        return self._connection.execute(TELL, {"group": number, "at": at, "since": since}).rowcount

    def take(self, most: int) -> list[Told]:
        """Some of those who are to be told. They count as told from now on: tell them in this transaction."""
        rows = self._connection.execute(TAKE, {"most": most}).all()
        numbers: dict[int, list[int]] = {row.id: [] for row in rows}
        for question, number in self._connection.execute(NUMBERS, {"ids": list(numbers)}) if rows else ():
            numbers[question].append(number)
        told = (replace(Told(*row), numbers=tuple(numbers[row.id])) for row in rows)
        return sorted(told, key=lambda one: one.id)


def _values(closing: Closing) -> dict[str, object]:
    return {
        "to": closing.state,
        "at": closing.at,
        "by": closing.by,
        "told": closing.told,
        "by_entry": closing.entry,
    }
