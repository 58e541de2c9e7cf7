"""Cases as they stand. What happened to them is in `case_log.py`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, func, literal, or_, select, update
from sqlalchemy import case as either

from bot.models import CaseState, cases
from bot.store.sql import NOW, insert


@dataclass(frozen=True, slots=True)
class Case:
    """A row. Instants are milliseconds since 1970; what a column means stands in `bot/models/cases.py`."""

    id: int
    code: int
    kind: str
    category: str
    state: CaseState
    priority: int
    platform: str | None
    chat_id: int | None
    user_id: int | None
    name: str | None
    phone: str | None
    text: str
    address: str | None
    neighbourhood: str | None
    lat: float | None
    lon: float | None
    answers: str | None
    desk_id: int | None
    owner_id: int | None
    raised: int
    same_as: int | None
    filed_by: int | None
    filed_at: int
    due_at: int
    closed_at: int | None
    verdict: int | None
    reopened: int
    ask_at: int | None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_urgent(self) -> bool:
        return self.priority == URGENT


URGENT: Final = 0
ORDINARY: Final = 1
_columns = tuple(cases.c[field.name] for field in fields(Case))
_FILED: Final = (
    "code", "kind", "category", "platform", "chat_id", "user_id", "name", "phone", "text", "address", "neighbourhood",
    "lat", "lon", "cell", "answers", "likeness", "desk_id", "filed_by", "due_at",
)  # fmt: skip
FILE = (
    insert(cases)
    .values(**{name: bindparam(f"new_{name}") for name in _FILED}, filed_at=NOW, changed_at=NOW)
    .on_conflict_do_nothing(index_elements=["code"])
    .returning(*_columns)
)
_one = cases.c.id == bindparam("case")
_open = cases.c.closed_at.is_(None)
_whose = and_(cases.c.platform == bindparam("of"), cases.c.user_id == bindparam("user"), cases.c.user_id.is_not(None))
FIND = select(*_columns).where(_one)
HOLD = FIND.with_for_update()
OF_CODE = select(*_columns).where(cases.c.code == bindparam("number"))
MINE = (
    select(*_columns)
    .where(_whose, cases.c.id < bindparam("before"))
    .order_by(cases.c.id.desc())
    .limit(bindparam("most"))
)
COUNT_MINE = select(func.count(), func.count().filter(_open)).select_from(cases).where(_whose)
_since = and_(_whose, cases.c.filed_at >= bindparam("since"))
REPORTS_SINCE = select(func.count()).select_from(cases).where(_since, cases.c.kind != "talk")
TALKS_SINCE = select(func.count()).select_from(cases).where(_since, cases.c.kind == "talk")
SAME = (
    select(*_columns)
    .where(_whose, _open, cases.c.likeness == bindparam("like"), cases.c.filed_at >= bindparam("since"))
    .order_by(cases.c.id)
    .limit(1)
)
NEAR = (
    select(*_columns)
    .where(_open, cases.c.category == bindparam("of_category"), cases.c.cell.in_(bindparam("cells", expanding=True)))
    .order_by(cases.c.id.desc())
    .limit(bindparam("most"))
)
# Urgent ones first, then the oldest: the order of the indexes, so a page is read without sorting.
_by_need = (cases.c.priority, cases.c.id)
_ahead = or_(
    cases.c.priority > bindparam("after_priority"),
    and_(cases.c.priority == bindparam("after_priority"), cases.c.id > bindparam("after")),
)
UNASSIGNED = (
    select(*_columns)
    .where(_open, cases.c.desk_id == bindparam("desk"), cases.c.owner_id.is_(None), _ahead)
    .order_by(*_by_need)
    .limit(bindparam("most"))
)
HOMELESS = (
    select(*_columns)
    .where(_open, cases.c.desk_id.is_(None), cases.c.owner_id.is_(None), _ahead)
    .order_by(*_by_need)
    .limit(bindparam("most"))
)
OWNED = (
    select(*_columns)
    .where(_open, cases.c.owner_id == bindparam("member"), _ahead)
    .order_by(*_by_need)
    .limit(bindparam("most"))
)
OVERDUE = (
    select(*_columns)
    .where(
        _open,
        cases.c.due_at < bindparam("until"),
        cases.c.due_at >= bindparam("due_after"),  # said once more plainly, for the index
        or_(
            cases.c.due_at > bindparam("due_after"),
            and_(cases.c.due_at == bindparam("due_after"), cases.c.id > bindparam("after")),
        ),
        or_(literal(1) == bindparam("everywhere"), cases.c.desk_id.in_(bindparam("desks", expanding=True))),
    )
    .order_by(cases.c.due_at, cases.c.id)
    .limit(bindparam("most"))
)
RAISED = (
    select(*_columns)
    .where(cases.c.raised == 1, _open, cases.c.id > bindparam("after"))
    .order_by(cases.c.id)
    .limit(bindparam("most"))
)
_few_of_desk = (
    select(cases.c.id)
    .where(_open, cases.c.desk_id == bindparam("desk"), cases.c.owner_id.is_(None))
    .limit(bindparam("most"))
)
COUNT_UNASSIGNED = select(func.count()).select_from(_few_of_desk.subquery())
_few_homeless = (
    select(cases.c.id).where(_open, cases.c.desk_id.is_(None), cases.c.owner_id.is_(None)).limit(bindparam("most"))
)
COUNT_HOMELESS = select(func.count()).select_from(_few_homeless.subquery())
_few_owned = select(cases.c.id).where(_open, cases.c.owner_id == bindparam("member")).limit(bindparam("most"))
COUNT_OWNED = select(func.count()).select_from(_few_owned.subquery())
_few_raised = select(cases.c.id).where(cases.c.raised == 1, _open).limit(bindparam("most"))
COUNT_RAISED = select(func.count()).select_from(_few_raised.subquery())
OF_MEMBER = (
    select(*_columns).where(_open, cases.c.owner_id == bindparam("member")).order_by(cases.c.id).with_for_update()
)
OF_DESK = (
    select(*_columns)
    .where(_open, cases.c.desk_id == bindparam("desk"), cases.c.id > bindparam("after"))
    .order_by(cases.c.id)
    .limit(bindparam("most"))
)
_CHANGED: Final = (
    "category", "state", "priority", "desk_id", "owner_id", "raised", "same_as", "due_at", "closed_at", "verdict",
    "reopened", "ask_at",
)  # fmt: skip
CHANGE = (
    update(cases)
    .where(_one)
    .values(**{name: bindparam(f"new_{name}") for name in _CHANGED}, changed_at=NOW)
    .returning(*_columns)
)
_left_behind = and_(_open, cases.c.desk_id == bindparam("desk"))
LEFT_BEHIND = (
    select(cases.c.id, cases.c.state, cases.c.owner_id).where(_left_behind).order_by(cases.c.id).with_for_update()
)
LEAVE_DESK = (
    update(cases)
    .where(_left_behind)
    .values(
        desk_id=None,
        owner_id=None,
        state=either((cases.c.state == CaseState.TAKEN, CaseState.NEW), else_=cases.c.state),
        changed_at=NOW,
    )
)
HAND_ON = update(cases).where(cases.c.desk_id == bindparam("desk")).values(desk_id=bindparam("to_desk"))
# Whatever leads to a person goes; the case itself is the city's.
FORGET = (
    update(cases)
    .where(_one)
    .values(
        platform=None,
        chat_id=None,
        user_id=None,
        name=None,
        phone=None,
        likeness=None,
        ask_at=None,
        text=bindparam("said"),
        address=bindparam("at"),
        changed_at=NOW,
    )
    .returning(*_columns)
)
TO_ASK = (
    select(*_columns)
    .where(cases.c.ask_at.is_not(None), cases.c.ask_at <= NOW)
    .order_by(cases.c.ask_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
PLACE = (
    update(cases)
    .where(_one)
    .values(lat=bindparam("north"), lon=bindparam("east"), cell=bindparam("square"), changed_at=NOW)
    .returning(*_columns)
)
WORD = update(cases).where(_one).values(text=bindparam("words"), changed_at=NOW).returning(*_columns)


class Cases:
    """The table `cases`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def file(self, values: Mapping[str, Any]) -> Case | None:
        """Write down a new case: the columns that `_FILED` names. None: the code is taken."""
        return _maybe(self._connection.execute(FILE, {f"new_{name}": values.get(name) for name in _FILED}).first())

    def find(self, case_id: int) -> Case | None:
        return _maybe(self._connection.execute(FIND, {"case": case_id}).first())

    def hold(self, case_id: int) -> Case | None:
        """The same, and until the transaction ends nobody else changes it."""
        return _maybe(self._connection.execute(HOLD, {"case": case_id}).first())

    def of_code(self, code: int) -> Case | None:
        return _maybe(self._connection.execute(OF_CODE, {"number": code}).first())

    def change(self, case: Case) -> Case:
        """Make the row what this case says, as far as a case may change (`_CHANGED`)."""
        values = {f"new_{name}": getattr(case, name) for name in _CHANGED}
        return _case(self._connection.execute(CHANGE, values | {"case": case.id}).one())

    def put(self, case_id: int, lat: float, lon: float, cell: int) -> Case:
        """Give the case a point on the map."""
        at = {"case": case_id, "north": lat, "east": lon, "square": cell}
        return _case(self._connection.execute(PLACE, at).one())

    def hand_on(self, desk_id: int, to: int) -> None:
        """All cases of a desk, the closed ones too, are another's: the two are the same group."""
        self._connection.execute(HAND_ON, {"desk": desk_id, "to_desk": to})

    def leave_desk(self, desk_id: int) -> list[tuple[int, CaseState, int | None]]:
        """The open cases of a desk have none, and are nobody's: (case, state, owner) as they were."""
        found = self._connection.execute(LEFT_BEHIND, {"desk": desk_id}).all()
        self._connection.execute(LEAVE_DESK, {"desk": desk_id})
        return [(row.id, CaseState(row.state), row.owner_id) for row in found]

    def forget(self, case: Case, text: str, address: str | None) -> Case:
        """Nobody's from now on, with these words instead of its citizen's."""
        return _case(self._connection.execute(FORGET, {"case": case.id, "said": text, "at": address}).one())

    def word(self, case_id: int, text: str) -> Case:
        """Give the case words: what its voice says, or the same without what nobody needs to see any more."""
        return _case(self._connection.execute(WORD, {"case": case_id, "words": text}).one())

    # -- for citizens

    def mine(self, platform: str, user_id: int, before: int, most: int) -> list[Case]:
        """Cases of one citizen, the newest first, of lower numbers than `before`."""
        return self._many(MINE, {"of": platform, "user": user_id, "before": before, "most": most})

    def count_mine(self, platform: str, user_id: int) -> tuple[int, int]:
        """How many cases a citizen has, and how many of them are open."""
        row = self._connection.execute(COUNT_MINE, {"of": platform, "user": user_id}).one()
        return int(row[0]), int(row[1])

    def filed_since(self, platform: str, user_id: int, since: int, *, talks: bool = False) -> int:
        """How many reports a citizen has filed since an instant, or how many talks with the staff they have begun."""
        asked = {"of": platform, "user": user_id, "since": since}
        return int(self._connection.execute(TALKS_SINCE if talks else REPORTS_SINCE, asked).scalar_one())

    def same(self, platform: str, user_id: int, likeness: str, since: int) -> Case | None:
        """The open case of the same words that this citizen has filed since an instant."""
        asked = {"of": platform, "user": user_id, "like": likeness, "since": since}
        return _maybe(self._connection.execute(SAME, asked).first())

    def near(self, category: str, cells: Iterable[int], most: int) -> list[Case]:
        """Open cases of a category in these squares of the grid, the newest first."""
        return self._many(NEAR, {"of_category": category, "cells": list(cells), "most": most})

    # -- for staff

    def unassigned(self, desk_id: int | None, after: tuple[int, int], most: int) -> list[Case]:
        """Open cases of a desk (None: of no desk) that nobody has taken, after (priority, id)."""
        asked = {"after_priority": after[0], "after": after[1], "most": most}
        return self._many(HOMELESS, asked) if desk_id is None else self._many(UNASSIGNED, asked | {"desk": desk_id})

    def owned(self, member_id: int, after: tuple[int, int], most: int) -> list[Case]:
        """Open cases that a member of the staff has taken, after (priority, id)."""
        return self._many(OWNED, {"member": member_id, "after_priority": after[0], "after": after[1], "most": most})

    def overdue(self, desks: list[int] | None, until: int, after: tuple[int, int], most: int) -> list[Case]:
        """Open cases of these desks (None: of all) that were due before an instant, after (due_at, id)."""
        asked = {"until": until, "due_after": after[0], "after": after[1], "most": most}
        return self._many(OVERDUE, asked | {"everywhere": int(desks is None), "desks": desks or []})

    def raised(self, after: int, most: int) -> list[Case]:
        """Open cases that are the managers' to look at."""
        return self._many(RAISED, {"after": after, "most": most})

    def of_desk(self, desk_id: int, after: int, most: int) -> list[Case]:
        """All open cases of a desk, in the order of their numbers."""
        return self._many(OF_DESK, {"desk": desk_id, "after": after, "most": most})

    def of_member(self, member_id: int) -> list[Case]:
        """All open cases that a member has taken, held."""
        return self._many(OF_MEMBER, {"member": member_id})

    def count_unassigned(self, desk_id: int | None, most: int) -> int:
        """How many open cases of a desk (None: of no desk) nobody has taken; more than `most` are not counted."""
        if desk_id is None:
            return int(self._connection.execute(COUNT_HOMELESS, {"most": most}).scalar_one())
        return int(self._connection.execute(COUNT_UNASSIGNED, {"desk": desk_id, "most": most}).scalar_one())

    def count_owned(self, member_id: int, most: int) -> int:
        return int(self._connection.execute(COUNT_OWNED, {"member": member_id, "most": most}).scalar_one())

    def count_raised(self, most: int) -> int:
        return int(self._connection.execute(COUNT_RAISED, {"most": most}).scalar_one())

    def to_ask(self, most: int) -> list[Case]:
        """Cases whose citizens are to be asked now whether it is really mended; nobody else takes them meanwhile."""
        return self._many(TO_ASK, {"most": most})

    def _many(self, statement: Any, asked: Mapping[str, object]) -> list[Case]:  # noqa: ANN401 - a statement
        return [_case(row) for row in self._connection.execute(statement, asked)]


def _case(row: Any) -> Case:  # noqa: ANN401 - a row of the columns above
    found = Case(*row)
    return replace(found, state=CaseState(found.state))


def _maybe(row: Any) -> Case | None:  # noqa: ANN401 - the same, or none
    return None if row is None else _case(row)
