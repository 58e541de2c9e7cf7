"""Updates as they came, each stored once before its platform is told so.

Platforms send an album as several updates that share a mark, kept in `album`; they are handled as one turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, delete, func, select, update

from bot.models import RowState, chats, inbox
from bot.store.sql import NOW, insert

PAGE = "web"
CHATS_LOOKED_AT = 20
"""For the oldest waiting row, among the chats that have waited longest."""

RECEIVE = (
    insert(inbox)
    .values(
        platform=bindparam("platform"),
        bot_id=bindparam("bot_id"),
        update_id=bindparam("update_id"),
        chat_id=bindparam("chat_id"),
        album=bindparam("album"),
        raw=bindparam("raw"),
        received_at=NOW,
    )
    .on_conflict_do_nothing(index_elements=["platform", "bot_id", "update_id"])
    .returning(inbox.c.chat_id)
)
_chat = and_(inbox.c.platform == bindparam("of"), inbox.c.chat_id == bindparam("chat"))
_waiting = and_(_chat, inbox.c.state == RowState.WAITING)
_columns = (
    inbox.c.id,
    inbox.c.bot_id,
    inbox.c.update_id,
    inbox.c.raw,
    inbox.c.tries,
    inbox.c.album,
    inbox.c.received_at,
)
# A webhook brings updates over several connections: what waits together is handled as its platform has numbered it.
WAITING = select(*_columns).where(_waiting).order_by(inbox.c.update_id).limit(bindparam("most"))
# The page's numbers are hashes. Of one visitor few wait at once, so these are sorted, without an index of their own.
WAITING_ON_PAGE = select(*_columns).where(_waiting).order_by(inbox.c.received_at, inbox.c.id).limit(bindparam("most"))
PARTS = (
    select(*_columns, NOW)
    .where(_waiting, inbox.c.album == bindparam("mark"))
    .order_by(inbox.c.update_id)
    .limit(bindparam("most"))
)
_row = and_(inbox.c.id == bindparam("row"), inbox.c.state == RowState.WAITING)
FINISH = update(inbox).where(_row).values(state=bindparam("to"), error=bindparam("why"), done_at=NOW)
FAILED = update(inbox).where(_row).values(tries=inbox.c.tries + 1, error=bindparam("why")).returning(inbox.c.tries)
BLANK = update(inbox).where(inbox.c.id == bindparam("row")).values(raw=None)
# What waits stays: it was written after the wish to be forgotten, and is still to be answered.
BLANK_CHAT = update(inbox).where(_chat, inbox.c.raw.is_not(None), inbox.c.state != RowState.WAITING).values(raw=None)
BLANK_OLD = (
    update(inbox)
    .where(
        inbox.c.id.in_(
            select(inbox.c.id)
            .where(inbox.c.done_at < NOW - bindparam("age"), inbox.c.raw.is_not(None))
            .limit(bindparam("most")),
        ),
    )
    .values(raw=None)
)
# Numbers grow with time, so the oldest rows are found by their key; no index is kept for it.
_page = (
    select(inbox.c.id, inbox.c.received_at)
    .where(inbox.c.id > bindparam("after"))
    .order_by(inbox.c.id)
    .limit(bindparam("most"))
    .subquery()
)
OLD_PAGE = select(func.max(_page.c.id)).having(func.min(_page.c.received_at) < NOW - bindparam("age"))
PRUNE = delete(inbox).where(
    inbox.c.id > bindparam("after"),
    inbox.c.id <= bindparam("last"),
    inbox.c.state != RowState.WAITING,
    inbox.c.done_at < NOW - bindparam("age"),
)
KEPT = (
    select(inbox.c.raw, inbox.c.received_at)
    .where(_chat, inbox.c.raw.is_not(None))
    .order_by(inbox.c.id.desc())
    .limit(bindparam("most"))
)
COUNT_KEPT = select(func.count()).select_from(inbox).where(_chat, inbox.c.raw.is_not(None))

_ours = inbox.c.platform.in_(bindparam("ours", expanding=True))
# Counted no further than asked, so a flood costs no more than its limit.
COUNT_WAITING = select(func.count()).select_from(
    select(inbox.c.id).where(inbox.c.state == RowState.WAITING, _ours).limit(bindparam("most")).subquery()
)
COUNT_ASIDE = select(func.count()).select_from(inbox).where(inbox.c.state == RowState.SET_ASIDE)
# A chat's `ready_at` stays while the chat never runs empty, so the row itself is asked for its age.
_longest = (
    select(chats.c.platform, chats.c.chat_id)
    # The platform as an expression: else SQLite walks all chats of it by their key, instead of those that wait.
    .where(chats.c.pending > 0, chats.c.ready_at <= NOW)
    .where(chats.c.platform.concat("").in_(bindparam("ours", expanding=True)))
    .order_by(chats.c.ready_at)
    .limit(CHATS_LOOKED_AT)
    .subquery()
)
OLDEST = select(
    select(func.min(inbox.c.received_at))
    .where(
        inbox.c.platform == _longest.c.platform,
        inbox.c.chat_id == _longest.c.chat_id,
        inbox.c.state == RowState.WAITING,
    )
    .correlate(_longest)
    .scalar_subquery()
).select_from(_longest)


@dataclass(frozen=True, slots=True)
class Received:
    """An update on its way into the inbox. `raw` is its JSON, ASCII only; `album` the mark that its parts share."""

    bot_id: int
    update_id: int
    chat_id: int
    raw: str
    album: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """An update that waits. `tries` counts the times its handling raised."""

    id: int
    bot_id: int
    update_id: int
    raw: str
    tries: int
    album: str | None = None
    received_at: int = 0


class Inbox:
    """The table `inbox`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def receive(self, platform: str, updates: list[Received]) -> list[int]:
        """Store what is new; return the chat of each new row. What is known already (a repeat) changes nothing."""
        if not updates:
            return []
        rows = [
            {
                "platform": platform,
                "bot_id": u.bot_id,
                "update_id": u.update_id,
                "chat_id": u.chat_id,
                "album": u.album,
                "raw": u.raw,
            }
            for u in updates
        ]
        return [int(chat) for (chat,) in self._connection.execute(RECEIVE, rows)]

    def waiting(self, platform: str, chat_id: int, most: int) -> list[Row]:
        """The first rows of a chat that are not handled yet: by their platform's numbers, on the page as they came."""
        statement = WAITING_ON_PAGE if platform == PAGE else WAITING
        found = self._connection.execute(statement, {"of": platform, "chat": chat_id, "most": most})
        return [Row(*row) for row in found]

    def parts(self, platform: str, chat_id: int, album: str, most: int) -> tuple[list[Row], int]:
        """The parts of an album that are not handled yet, in their order, and what time it is."""
        which = {"of": platform, "chat": chat_id, "mark": album, "most": most}
        found = self._connection.execute(PARTS, which).all()
        return [Row(*row[:-1]) for row in found], max((row[-1] for row in found), default=0)

    def done(self, row_id: int) -> bool:
        """The row is handled. False: it was already."""
        return self._finish(row_id, RowState.DONE, None)

    def set_aside(self, row_id: int, error: str) -> bool:
        """The row will not be handled; its error stays for the operators. False: it was finished already."""
        return self._finish(row_id, RowState.SET_ASIDE, error)

    def failed(self, row_id: int, error: str) -> int:
        """Handling raised: how often by now."""
        return int(self._connection.execute(FAILED, {"row": row_id, "why": error}).scalar_one())

    def blank(self, row_id: int) -> None:
        """Forget the words of one row."""
        self._connection.execute(BLANK, {"row": row_id})

    def blank_chat(self, platform: str, chat_id: int) -> None:
        """Forget what was written in a chat and dealt with. Keys stay, so that a repeat is still known."""
        self._connection.execute(BLANK_CHAT, {"of": platform, "chat": chat_id})

    def blank_old(self, age_ms: int, most: int) -> int:
        """Forget the words of rows done longer ago than this, so many at the most; return how many."""
        return self._connection.execute(BLANK_OLD, {"age": age_ms, "most": most}).rowcount

    def prune(self, age_ms: int, after: int, most: int) -> tuple[int, int | None]:
        """Of the `most` rows that follow row `after`, delete those done longer ago than this.

        How many those were, and the last row looked at; None: what follows is all younger.
        """
        last = self._connection.execute(OLD_PAGE, {"age": age_ms, "after": after, "most": most}).scalar()
        if last is None:
            return 0, None
        return self._connection.execute(PRUNE, {"age": age_ms, "after": after, "last": last}).rowcount, int(last)

    def words(self, platform: str, chat_id: int, most: int) -> list[tuple[int, str]]:
        """(instant, update) of the newest messages of a chat that are still there in words, the first first."""
        found = self._connection.execute(KEPT, {"of": platform, "chat": chat_id, "most": most}).all()
        return [(row.received_at, row.raw) for row in reversed(found)]

    def kept(self, platform: str, chat_id: int) -> int:
        """How many messages of a chat are still there in words."""
        return int(self._connection.execute(COUNT_KEPT, {"of": platform, "chat": chat_id}).scalar_one())

    def count_waiting(self, platforms: Sequence[str], most: int) -> int:
        """How many updates of these platforms are not handled yet, counted up to `most`."""
        return int(self._connection.execute(COUNT_WAITING, {"ours": list(platforms), "most": most}).scalar_one())

    def count_set_aside(self) -> int:
        """How many rows were ever given up."""
        return int(self._connection.execute(COUNT_ASIDE).scalar_one())

    def oldest_waiting(self, platforms: Sequence[str]) -> int | None:
        """The instant at which the update arrived that waits longest. None: nothing waits."""
        found = self._connection.execute(OLDEST, {"ours": list(platforms)}).scalars()
        return min((int(at) for at in found if at is not None), default=None)

    def _finish(self, row_id: int, state: RowState, error: str | None) -> bool:
        changed = self._connection.execute(FINISH, {"row": row_id, "to": state, "why": error}).rowcount
        return changed == 1
