"""Questions that the bot could not answer, and what became of them. A row's id is the number that its asker is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, bindparam, delete, func, or_, select, update

from bot.models import QuestionState, questions
from bot.store.sql import NOW, insert

_theirs = and_(questions.c.platform == bindparam("of"), questions.c.user_id == bindparam("user"))
_columns = (
    questions.c.id,
    questions.c.platform,
    questions.c.chat_id,
    questions.c.user_id,
    questions.c.text,
    questions.c.folded,
    questions.c.state,
    questions.c.asked_at,
    questions.c.passed_at,
    questions.c.closed_at,
    questions.c.entry,
    questions.c.answer,
    questions.c.closed_by,
    questions.c.leader,
)
MISSED = (
    insert(questions)
    .values(
        platform=bindparam("of"),
        chat_id=bindparam("chat"),
        user_id=bindparam("user"),
        text=bindparam("said"),
        folded=bindparam("form"),
        entry=bindparam("about"),
        state=QuestionState.MISSED,
        asked_at=NOW,
    )
    .returning(questions.c.id)
)
_missed = and_(_theirs, questions.c.state == QuestionState.MISSED, questions.c.id.in_(bindparam("ids", expanding=True)))
FIND_MISSED = select(*_columns).where(_missed, questions.c.text.is_not(None)).order_by(questions.c.id)
PASS = (
    update(questions)
    .where(_missed)
    # In other words it may be like other questions.
    .values(state=QuestionState.PASSED, passed_at=NOW, text=bindparam("said"), folded=bindparam("form"), leader=None)
)
_oldest_kept = (
    select(questions.c.id)
    .where(_theirs, questions.c.state == QuestionState.MISSED)
    .order_by(questions.c.id.desc())
    .offset(bindparam("most"))
    .limit(1)
    .scalar_subquery()
)
TRIM = delete(questions).where(_theirs, questions.c.state == QuestionState.MISSED, questions.c.id <= _oldest_kept)
MERGE = delete(questions).where(_missed)
COUNT_WAITING = select(func.count()).select_from(questions).where(_theirs, questions.c.state == QuestionState.PASSED)
KEPT = (
    select(*_columns)
    .where(_theirs, questions.c.text.is_not(None))
    .order_by(questions.c.id.desc())
    .limit(bindparam("most"))
)
COUNT_KEPT = select(func.count()).select_from(questions).where(_theirs, questions.c.text.is_not(None))
FIND = select(*_columns).where(questions.c.id == bindparam("number"))
FORGET = delete(questions).where(_theirs)
# Whoever waits for an answer waits with their words: these stay until staff close the question and they are told.
_needed = or_(questions.c.state == QuestionState.PASSED, questions.c.telling.is_not(None))
BLANK_OLD = (
    update(questions)
    .where(
        questions.c.id.in_(
            select(questions.c.id)
            .where(
                questions.c.asked_at < NOW - bindparam("age"),
                questions.c.text.is_not(None),
                ~_needed,
            )
            .limit(bindparam("most")),
        ),
    )
    .values(text=None, folded=None, answer=None)
)
_page = (
    select(questions.c.id, questions.c.asked_at)
    .where(questions.c.id > bindparam("after"))
    .order_by(questions.c.id)
    .limit(bindparam("most"))
    .subquery()
)
OLD_PAGE = select(func.max(_page.c.id)).having(func.min(_page.c.asked_at) < NOW - bindparam("age"))
PRUNE = delete(questions).where(
    questions.c.id > bindparam("after"),
    questions.c.id <= bindparam("last"),
    ~_needed,
    questions.c.asked_at < NOW - bindparam("age"),
)


class Asker(NamedTuple):
    """Who asks, and the chat in which an answer reaches them."""

    platform: str
    chat_id: int
    user_id: int


@dataclass(frozen=True, slots=True)
class Question:
    """A row. `text` and `folded` (its form by which like ones are found) are None once they were forgotten.

    `leader` is the number of the group of like questions to which it belongs.
    """

    id: int
    platform: str
    chat_id: int
    user_id: int
    text: str | None
    folded: str | None
    state: int
    asked_at: int
    passed_at: int | None
    closed_at: int | None
    entry: str | None
    answer: str | None
    closed_by: int | None
    leader: int | None


class Questions:
    """The table `questions`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def missed(self, asker: Asker, text: str, folded: str, about: str | None = None) -> int:
        """Write down a question that was not answered; nobody waits for it. Returns its number.

        `about`: the entry that its asker found wanting.
        """
        values = _of(asker) | {"chat": asker.chat_id, "said": text, "form": folded, "about": about}
        return int(self._connection.execute(MISSED, values).scalar_one())

    def trim(self, asker: Asker, most: int) -> None:
        """Delete an asker's oldest missed questions, so that so many of them are left at the most."""
        self._connection.execute(TRIM, _of(asker) | {"most": most})

    def find_missed(self, asker: Asker, numbers: list[int]) -> list[Question]:
        """Those of these questions of an asker that are still missed and still in words, oldest first."""
        if not numbers:
            return []
        return [_question(row) for row in self._connection.execute(FIND_MISSED, _of(asker) | {"ids": numbers})]

    def passed(self, asker: Asker, number: int, text: str, folded: str) -> bool:
        """The asker waits for staff to answer this missed question. False: it is no missed one any more."""
        values = _of(asker) | {"ids": [number], "said": text, "form": folded}
        return self._connection.execute(PASS, values).rowcount == 1

    def merge(self, asker: Asker, numbers: list[int]) -> None:
        """Delete these missed questions: another one holds their words now."""
        if numbers:
            self._connection.execute(MERGE, _of(asker) | {"ids": numbers})

    def find(self, number: int) -> Question | None:
        row = self._connection.execute(FIND, {"number": number}).first()
        return None if row is None else _question(row)

    def waiting(self, asker: Asker) -> int:
        """How many questions of an asker staff have yet to answer."""
        return int(self._connection.execute(COUNT_WAITING, _of(asker)).scalar_one())

    def kept(self, platform: str, user_id: int) -> int:
        """How many questions of somebody are there in words."""
        return int(self._connection.execute(COUNT_KEPT, {"of": platform, "user": user_id}).scalar_one())

    def words(self, platform: str, user_id: int, most: int) -> list[Question]:
        """The newest questions of somebody that are there in words, the first first."""
        found = self._connection.execute(KEPT, {"of": platform, "user": user_id, "most": most}).all()
        return [_question(row) for row in reversed(found)]

    # -- forgetting

    def forget(self, platform: str, user_id: int) -> None:
        """Delete all questions of somebody."""
        self._connection.execute(FORGET, {"of": platform, "user": user_id})

    def blank_old(self, age_ms: int, most: int) -> int:
        """Forget the words of what was asked longer ago than this and waits for nobody; how many it were."""
        return self._connection.execute(BLANK_OLD, {"age": age_ms, "most": most}).rowcount

    def prune(self, age_ms: int, after: int, most: int) -> tuple[int, int | None]:
        """Of the `most` rows that follow row `after`, delete those asked longer ago than this that nobody waits for.

        How many those were, and the last row looked at; None: what follows is all younger.
        """
        last = self._connection.execute(OLD_PAGE, {"age": age_ms, "after": after, "most": most}).scalar()
        if last is None:
            return 0, None
        return self._connection.execute(PRUNE, {"age": age_ms, "after": after, "last": last}).rowcount, int(last)


def _of(asker: Asker) -> dict[str, object]:
    return {"of": asker.platform, "user": asker.user_id}


def _question(row: Iterable[Any]) -> Question:
    return Question(*row)
