"""The groups where staff work with the bot: the only groups that it listens to.

One that is closed keeps its row, by which old cases and the audit name it; only `named` and `make` see it.
"""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, bindparam, case, delete, or_, select, update

from bot.models import desk_members, desks, invites
from bot.store.sql import NOW, insert

LONGEST_TITLE: Final = 64
NOWHERE: Final = 0
"""No chat has this number."""
_HALF_SPACE: Final = "\u200c"
_INVISIBLE: Final = {"Cc", "Cf", "Cs", "Co", "Cn"}

_columns = (
    desks.c.id,
    desks.c.platform,
    desks.c.chat_id,
    desks.c.title,
    desks.c.made_at,
    desks.c.lost_at,
    desks.c.told_at,
    desks.c.thread_id,
    desks.c.covers,
)
_is_open = desks.c.closed_at.is_(None)
_row_at = and_(desks.c.platform == bindparam("of"), desks.c.chat_id == bindparam("chat"))
_at = and_(_row_at, _is_open)
_new = insert(desks).values(
    platform=bindparam("of"),
    chat_id=bindparam("chat"),
    title=bindparam("called"),
    thread_id=bindparam("thread"),
    made_at=NOW,
    made_by=bindparam("by"),
)
# One that was closed begins anew, under its old number.
_anew = {
    name: case((_is_open, desks.c[name]), else_=_new.excluded[name])
    for name in ("covers", "thread_id", "made_at", "made_by")
}
MAKE = _new.on_conflict_do_update(
    index_elements=["platform", "chat_id"],
    set_=_anew | {"title": _new.excluded.title, "lost_at": None, "closed_at": None},
).returning(*_columns)
# What was said before a group moved may be read after it: the old number still leads to the desk.
FIND = (
    select(*_columns)
    .where(
        desks.c.platform == bindparam("of"),
        or_(desks.c.chat_id == bindparam("chat"), desks.c.former_chat_id == bindparam("chat")),
        _is_open,
    )
    .order_by((desks.c.chat_id == bindparam("chat")).desc())
    .limit(1)
)
_one = desks.c.id == bindparam("desk")
NAMED = select(*_columns).where(_one)
GET = NAMED.where(_is_open)
ALL = select(*_columns).where(_is_open).order_by(desks.c.id)
HOLD = FIND.with_for_update(read=True)
KEEP = GET.with_for_update(read=True)
KEEP_ALL = ALL.with_for_update(read=True)
_there = desks.alias("there")
_is_there = (
    select(_there.c.id).where(_there.c.platform == bindparam("of"), _there.c.chat_id == bindparam("new_chat")).exists()
)
MOVE = (
    update(desks)
    .where(_row_at, ~_is_there)
    .values(chat_id=bindparam("new_chat"), former_chat_id=bindparam("chat"), lost_at=None)
)
# A group has one row: the closed one that stands in the way of an open one takes its place.
_moves = select(_there.c.id).where(
    _there.c.platform == bindparam("of"), _there.c.chat_id == bindparam("chat"), _there.c.closed_at.is_(None)
)
STEP_ASIDE = (
    update(desks)
    .where(desks.c.platform == bindparam("of"), desks.c.chat_id == bindparam("new_chat"), ~_is_open, _moves.exists())
    .values(chat_id=NOWHERE)
)
STEP_BACK = (
    update(desks)
    .where(desks.c.platform == bindparam("of"), desks.c.chat_id == NOWHERE)
    .values(chat_id=bindparam("chat"))
)
LOSE = update(desks).where(_at, desks.c.lost_at.is_(None)).values(lost_at=NOW).returning(*_columns)
FOUND = update(desks).where(_at).values(lost_at=None)
BACK = update(desks).where(_at).values(lost_at=None, told_at=None)
TOLD = update(desks).where(_at).values(told_at=NOW)
RENAME = update(desks).where(_one).values(title=bindparam("called"))
PLACE = update(desks).where(_one).values(thread_id=bindparam("thread"))
COVER = update(desks).where(_one).values(covers=bindparam("categories"))
# First the desk: whoever files a case there at this moment has either done so, or sees that it is closed.
CLOSE = (
    update(desks).where(_one).values(closed_at=NOW),
    delete(desk_members).where(desk_members.c.desk_id == bindparam("desk")),
    update(invites).where(invites.c.desk_id == bindparam("desk")).values(desk_id=None),
)


@dataclass(frozen=True, slots=True)
class Desk:
    """A group of staff.

    `lost_at`: since when the bot cannot write there (None: it can); `told_at`: when operators were told of it last.
    `thread_id`: the topic of a forum in which it is. `covers`: the categories it takes; None: all that no other desk
    takes.
    """

    id: int
    platform: str
    chat_id: int
    title: str
    made_at: int
    lost_at: int | None
    told_at: int | None
    thread_id: int | None = None
    covers: tuple[str, ...] | None = None


def shown_title(title: str) -> str:
    """A group's name as it may stand in the bot's own words: short, one line, and turning no letters around.

    Whoever may name the group writes it, and operators read it in alarms.
    """
    seen = (sign for sign in title if sign.isspace() or sign == _HALF_SPACE or _is_seen(sign))
    return " ".join("".join(seen).split())[:LONGEST_TITLE].strip()


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign) not in _INVISIBLE


class Desks:
    """The table `desks`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def make(
        self, platform: str, chat_id: int, title: str, thread_id: int | None = None, made_by: int | None = None
    ) -> Desk:
        """Make the group a desk; one that is a desk already gets this title, as far as it is fit to be shown.

        One that was a desk before it was closed is the same again, and begins anew.
        """
        row = self._connection.execute(
            MAKE,
            {"of": platform, "chat": chat_id, "called": shown_title(title), "thread": thread_id, "by": made_by},
        ).one()
        return _read(row)

    def find(self, platform: str, chat_id: int) -> Desk | None:
        """The desk that this group is, or was before it moved. Its `chat_id` is the one that counts now."""
        return self._desk(FIND, platform, chat_id)

    def get(self, desk_id: int) -> Desk | None:
        """The desk of this number."""
        return self._numbered(GET, desk_id)

    def named(self, desk_id: int) -> Desk | None:
        """The same, even if it was closed since: what once had to do with it is told by its name."""
        return self._numbered(NAMED, desk_id)

    def keep(self, desk_id: int) -> Desk | None:
        """The desk of this number, which is not closed until the transaction ends."""
        return self._numbered(KEEP, desk_id)

    def all(self) -> list[Desk]:
        """Every desk, the oldest first."""
        return [_read(row) for row in self._connection.execute(ALL)]

    def keep_all(self) -> list[Desk]:
        """The same; none of them is closed until the transaction ends."""
        return [_read(row) for row in self._connection.execute(KEEP_ALL)]

    def rename(self, desk_id: int, title: str) -> None:
        """The group is called otherwise now."""
        self._connection.execute(RENAME, {"desk": desk_id, "called": shown_title(title)})

    def place(self, desk_id: int, thread_id: int | None) -> None:
        """What is written to the desk stands in this topic from now on."""
        self._connection.execute(PLACE, {"desk": desk_id, "thread": thread_id})

    def cover(self, desk_id: int, categories: Sequence[str] | None) -> None:
        """It takes these from now on; None: all that no other desk takes."""
        self._connection.execute(
            COVER, {"desk": desk_id, "categories": None if categories is None else json.dumps(list(categories))}
        )

    def close(self, desk_id: int) -> None:
        """It is no desk any more, and nobody works there."""
        for statement in CLOSE:
            self._connection.execute(statement, {"desk": desk_id})

    def hold(self, platform: str, chat_id: int) -> Desk | None:
        """The same, and until the transaction ends the group does not move: what is said to it goes along then."""
        return self._desk(HOLD, platform, chat_id)

    def move(self, platform: str, old: int, new: int) -> None:
        """The group has another number now. Where there is a desk already, that one stays."""
        at = {"of": platform, "chat": old}
        stood_there = self._connection.execute(STEP_ASIDE, at | {"new_chat": new}).rowcount
        self._connection.execute(MOVE, at | {"new_chat": new})
        if stood_there:
            self._connection.execute(STEP_BACK, at)

    def lose(self, platform: str, chat_id: int) -> Desk | None:
        """The bot cannot write there any more. The desk, if that is new; None otherwise."""
        row = self._connection.execute(LOSE, {"of": platform, "chat": chat_id}).first()
        return None if row is None else _read(row)

    def told(self, platform: str, chat_id: int) -> None:
        """Operators were told that it is lost."""
        self._connection.execute(TOLD, {"of": platform, "chat": chat_id})

    def found(self, platform: str, chat_id: int) -> None:
        """Somebody speaks there, so it is not lost; it may still be that the bot cannot write."""
        self._connection.execute(FOUND, {"of": platform, "chat": chat_id})

    def back(self, platform: str, chat_id: int) -> None:
        """The bot was let into the group again."""
        self._connection.execute(BACK, {"of": platform, "chat": chat_id})

    def _numbered(self, statement: Select[Any], desk_id: int) -> Desk | None:
        row = self._connection.execute(statement, {"desk": desk_id}).first()
        return None if row is None else _read(row)

    def _desk(self, statement: Select[Any], platform: str, chat_id: int) -> Desk | None:
        row = self._connection.execute(statement, {"of": platform, "chat": chat_id}).first()
        return None if row is None else _read(row)


def _read(row: Sequence[Any]) -> Desk:
    found = Desk(*row)
    return replace(found, covers=None if row[-1] is None else tuple(json.loads(row[-1])))
