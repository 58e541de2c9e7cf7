"""Messages on their way out: each is a row until its platform has taken it. In order within a chat.

`due_at` says when a row may be sent, and is the lease too: a claim pushes it ahead, so if the claiming process dies
the row comes up again. A row is counted when claimed (`tries`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, and_, bindparam, case, delete, func, or_, select, tuple_, update

from bot.clock import awake
from bot.models import RowState, outbox
from bot.store.sql import NOW, insert

LEASE_MS = 9_000
"""Renewed while a row waits in memory. If a process dies, another sends its rows after so long."""
ROWS_LOOKED_AT = 200
"""For the oldest waiting message: an estimate where more wait than this."""
MOST_TRIES = 2**15 - 1
MOST_HELD_AT_ONCE = 1_000
"""Rows in one statement."""

_waits = outbox.c.state == RowState.WAITING
_chat = and_(outbox.c.platform == bindparam("of"), outbox.c.chat_id == bindparam("chat"))
_columns = (
    outbox.c.id,
    outbox.c.platform,
    outbox.c.chat_id,
    outbox.c.kind,
    outbox.c.logical,
    outbox.c.ref,
    outbox.c.body,
    outbox.c.tries,
    outbox.c.created_at,
)
ADD = (
    insert(outbox)
    .values(
        platform=bindparam("of"),
        chat_id=bindparam("chat"),
        kind=bindparam("sort"),
        logical=bindparam("called"),
        ref=bindparam("about"),
        body=bindparam("content"),
        brief=bindparam("brief"),
        tries=bindparam("tried"),
        due_at=NOW + bindparam("wait"),
        created_at=NOW,
    )
    .returning(outbox.c.id, outbox.c.created_at)
)
QUEUED = select(outbox.c.id).where(_chat, _waits, outbox.c.kind != "ack").limit(1)
# Of what is brief nothing stays once it is done.
_left = case((outbox.c.brief == 0, outbox.c.body), else_=None)
# An edit that has not begun is pointless once a newer one of the same message is written.
OVERTAKEN = (
    update(outbox)
    .where(
        _chat,
        _waits,
        outbox.c.kind == "edit",
        outbox.c.due_at <= NOW,
        or_(outbox.c.logical == bindparam("called"), outbox.c.ref == bindparam("about")),
    )
    .values(state=RowState.DROPPED, done_at=NOW, body=_left)
)
_earlier = outbox.alias("earlier")
_is_head = ~(
    select(_earlier.c.id)
    .where(
        _earlier.c.platform == outbox.c.platform,
        _earlier.c.chat_id == outbox.c.chat_id,
        _earlier.c.state == RowState.WAITING,
        _earlier.c.kind != "ack",
        _earlier.c.id < outbox.c.id,
    )
    .exists()
)
_free = (
    select(outbox.c.id)
    .where(outbox.c.platform == bindparam("of"), _waits, outbox.c.due_at <= NOW, or_(outbox.c.kind == "ack", _is_head))
    .where(outbox.c.tries <= bindparam("tried"))
    .order_by(outbox.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=outbox)
    .cte("free")  # looked up once, whatever the planner thinks of it
)
CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(select(_free.c.id)))
    .values(due_at=NOW + LEASE_MS, tries=outbox.c.tries + 1)
    .returning(*_columns)
)
_row = and_(outbox.c.id == bindparam("row"), _waits)
FINISH = (
    update(outbox)
    .where(_row)
    .values(state=bindparam("to"), message_id=bindparam("number"), error=bindparam("why"), done_at=NOW, body=_left)
)
# The count of claims tells ours from a later one by another process, which must be left alone.
_ours = and_(_row, outbox.c.tries == bindparam("claim"))
PUT_OFF = update(outbox).where(_ours).values(due_at=NOW + bindparam("wait"), error=bindparam("why"))
KEEP_BACK = PUT_OFF.values(tries=outbox.c.tries - 1)
# Whatever else waits in the chat becomes claimable too; only the head is ever taken.
RELEASE = (
    update(outbox).where(_chat, _waits, outbox.c.kind != "ack", outbox.c.id > bindparam("after")).values(due_at=NOW)
)
HOLD = (
    update(outbox)
    .where(_waits, tuple_(outbox.c.id, outbox.c.tries).in_(bindparam("held", expanding=True)))
    .values(due_at=NOW + LEASE_MS)
    .returning(outbox.c.id)
)
DROP_CHAT = (
    update(outbox).where(_chat, _waits).values(state=RowState.DROPPED, error=bindparam("why"), done_at=NOW, body=_left)
)
# Messages have other numbers in the other chat: what was to be changed is found by its name there, or sent anew.
MOVE_CHAT = (
    update(outbox)
    .where(_chat, _waits)
    .values(chat_id=bindparam("new_chat"), ref=case((outbox.c.kind == "edit", None), else_=outbox.c.ref))
)
# What is due later than a lease reaches was put off, and stays so.
FREE_ALL = update(outbox).where(_waits, outbox.c.due_at > NOW, outbox.c.due_at <= NOW + LEASE_MS).values(due_at=NOW)
LATEST = (
    select(outbox.c.message_id)
    .where(_chat, outbox.c.logical == bindparam("called"), outbox.c.message_id != 0)
    .order_by(outbox.c.id.desc())
    .limit(1)
)
ALL = (
    select(outbox.c.message_id)
    .where(_chat, outbox.c.logical == bindparam("called"), outbox.c.message_id != 0)
    .distinct()
    .order_by(outbox.c.message_id)
)
SAID = select(outbox.c.id).where(_chat, outbox.c.logical == bindparam("called")).limit(1)
NAMED = (
    select(outbox.c.logical)
    .where(_chat, outbox.c.message_id == bindparam("number"), outbox.c.logical.is_not(None))
    .order_by(outbox.c.id.desc())
    .limit(1)
)
KEPT = (
    select(outbox.c.body, outbox.c.created_at)
    .where(_chat, outbox.c.body.is_not(None), outbox.c.kind != "ack")
    .order_by(outbox.c.id.desc())
    .limit(bindparam("most"))
)
BLANK_CHAT = update(outbox).where(_chat, outbox.c.body.is_not(None), ~_waits).values(body=None)
# What is said elsewhere of what is theirs: by its name, in the chats where such names are used.
BLANK_NAMED = (
    update(outbox)
    .where(_chat, outbox.c.logical.in_(bindparam("names", expanding=True)), outbox.c.body.is_not(None), ~_waits)
    .values(body=None)
)
BLANK_OLD = (
    update(outbox)
    .where(
        outbox.c.id.in_(
            select(outbox.c.id)
            .where(outbox.c.done_at < NOW - bindparam("age"), outbox.c.body.is_not(None))
            .limit(bindparam("most")),
        ),
    )
    .values(body=None)
)
_page = (
    select(outbox.c.id, outbox.c.created_at)
    .where(outbox.c.id > bindparam("after"))
    .order_by(outbox.c.id)
    .limit(bindparam("most"))
    .subquery()
)
OLD_PAGE = select(func.max(_page.c.id)).having(func.min(_page.c.created_at) < NOW - bindparam("age"))
_later = outbox.alias("later")
# A message that may still be edited is known by the last row of its name alone.
_is_replaced = (
    select(_later.c.id)
    .where(
        _later.c.platform == outbox.c.platform,
        _later.c.chat_id == outbox.c.chat_id,
        _later.c.logical == outbox.c.logical,
        _later.c.id > outbox.c.id,
        _later.c.message_id != 0,
    )
    .exists()
)
PRUNE = delete(outbox).where(
    outbox.c.id > bindparam("after"),
    outbox.c.id <= bindparam("last"),
    ~_waits,
    outbox.c.done_at < NOW - bindparam("age"),
    or_(outbox.c.logical.is_(None), _is_replaced),
)
WAITING = select(func.count()).select_from(outbox).where(_waits, outbox.c.platform == bindparam("of"))
# A row that fails is put off again and again: those due soonest are the ones whose last try is longest ago.
SOONEST = (
    select(outbox.c.created_at)
    .where(outbox.c.platform == bindparam("of"), _waits, outbox.c.kind != "ack")
    .order_by(outbox.c.due_at)
    .limit(ROWS_LOOKED_AT)
)
COUNT_WAITING = select(func.count()).select_from(
    select(outbox.c.id).where(_waits, outbox.c.platform == bindparam("of")).limit(bindparam("most")).subquery()
)
COUNT_ASIDE = select(func.count()).select_from(outbox).where(outbox.c.state == RowState.SET_ASIDE)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A row to be written. `kind`: send, edit or ack. `body`: JSON, see `bot/outbox.py`.

    `brief`: the body is forgotten as soon as it is delivered, or will never be.
    """

    platform: str
    chat_id: int
    kind: str
    body: str
    logical: str | None = None
    ref: str | None = None
    brief: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is ours to send. `tries` counts this time too. `since`: our instant before the claim was asked for."""

    id: int
    platform: str
    chat_id: int
    kind: str
    logical: str | None
    ref: str | None
    body: str
    tries: int
    created_at: int
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class Finished:
    """How a row ended."""

    id: int
    state: RowState
    message_id: int | None = None
    error: str | None = None


class Outbox:
    """The table `outbox`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def queued(self, platform: str, chat_id: int) -> bool:
        """Whether the chat has earlier messages that have not gone out."""
        return self._connection.execute(QUEUED, {"of": platform, "chat": chat_id}).first() is not None

    def add(self, message: Outgoing, *, claimed: bool) -> Row:
        """Write a message down. `claimed`: we send it ourselves after the commit; otherwise whoever claims it first."""
        if message.kind == "edit":
            self._connection.execute(OVERTAKEN, _about(message))
        since = awake()
        row = self._connection.execute(
            ADD,
            _about(message)
            | {"sort": message.kind, "content": message.body, "brief": int(message.brief)}
            | {"tried": int(claimed), "wait": LEASE_MS if claimed else 0},
        ).one()
        return Row(
            row.id,
            message.platform,
            message.chat_id,
            message.kind,
            message.logical,
            message.ref,
            message.body,
            int(claimed),
            row.created_at,
            since,
        )

    def claim(self, platform: str, most: int, *, untouched: bool = False) -> list[Row]:
        """Take the oldest waiting message of each chat that is due, and acknowledgements.

        `untouched`: only what nobody has claimed before.
        """
        limits = {"most": most, "tried": 0 if untouched else MOST_TRIES}
        since = awake()
        found = self._connection.execute(CLAIM, {"of": platform} | limits)
        return sorted((replace(Row(*row), since=since) for row in found), key=lambda row: row.id)

    def finish(self, ends: list[Finished]) -> None:
        """Write down how rows ended."""
        if ends:
            rows = [{"row": e.id, "to": e.state, "number": e.message_id, "why": e.error} for e in ends]
            self._connection.execute(FINISH, rows)

    def put_off(self, row: Row, wait_ms: int, error: str) -> None:
        """Try the row again later. What follows it in the chat waits behind it."""
        self._connection.execute(PUT_OFF, {"row": row.id, "claim": row.tries, "wait": wait_ms, "why": error})
        self._connection.execute(RELEASE, {"of": row.platform, "chat": row.chat_id, "after": row.id})

    def keep_back(self, row: Row, wait_ms: int, why: str) -> None:
        """Put off what was not tried, since something of ours is not ready yet."""
        self._connection.execute(KEEP_BACK, {"row": row.id, "claim": row.tries, "wait": wait_ms, "why": why})
        self._connection.execute(RELEASE, {"of": row.platform, "chat": row.chat_id, "after": row.id})

    def hold(self, claims: Sequence[tuple[int, int]]) -> set[int]:
        """Lengthen the lease of rows that wait in memory: (row, count of the claim) of each. The rows still ours."""
        found: set[int] = set()
        for at in range(0, len(claims), MOST_HELD_AT_ONCE):
            rows = self._connection.execute(HOLD, {"held": claims[at : at + MOST_HELD_AT_ONCE]})
            found.update(int(row) for (row,) in rows)
        return found

    def drop_chat(self, platform: str, chat_id: int, why: str) -> None:
        """Nothing that waits for this chat is wanted any more."""
        self._connection.execute(DROP_CHAT, {"of": platform, "chat": chat_id, "why": why})

    def move_chat(self, platform: str, old: int, new: int) -> None:
        """The chat has another number now: what waits for it goes there."""
        self._connection.execute(MOVE_CHAT, {"of": platform, "chat": old, "new_chat": new})

    def message_of(self, platform: str, chat_id: int, logical: str) -> int | None:
        """The platform's number of the message last sent under this name."""
        found = self._connection.execute(LATEST, {"of": platform, "chat": chat_id, "called": logical}).first()
        return None if found is None else int(found[0])

    def messages_of(self, platform: str, chat_id: int, logical: str) -> list[int]:
        """The platform's numbers of all messages ever sent under this name."""
        found = self._connection.execute(ALL, {"of": platform, "chat": chat_id, "called": logical}).scalars()
        return [int(number) for number in found]

    def was_said(self, platform: str, chat_id: int, logical: str) -> bool:
        """Whether anything was said there under this name, delivered by now or not."""
        wanted = {"of": platform, "chat": chat_id, "called": logical}
        return self._connection.execute(SAID, wanted).first() is not None

    def named(self, platform: str, chat_id: int, message_id: int) -> str | None:
        """The name under which the message of this number was sent, if it has one."""
        at = {"of": platform, "chat": chat_id, "number": message_id}
        return self._connection.execute(NAMED, at).scalar()

    def free_all(self) -> None:
        """End every lease: only for a process that knows it is alone, at its start."""
        self._connection.execute(FREE_ALL)

    def words(self, platform: str, chat_id: int, most: int) -> list[tuple[int, str]]:
        """(instant, body) of the newest messages to a chat that are still there in words, the first first."""
        found = self._connection.execute(KEPT, {"of": platform, "chat": chat_id, "most": most}).all()
        return [(row.created_at, row.body) for row in reversed(found)]

    def blank_chat(self, platform: str, chat_id: int) -> None:
        """Forget the words of everything sent to a chat."""
        self._connection.execute(BLANK_CHAT, {"of": platform, "chat": chat_id})

    def blank_named(self, platform: str, chat_id: int, names: Sequence[str]) -> None:
        """Forget the words of what was sent to a chat under these names."""
        if names:
            self._connection.execute(BLANK_NAMED, {"of": platform, "chat": chat_id, "names": list(names)})

    def blank_old(self, age_ms: int, most: int) -> int:
        """Forget the words of rows done longer ago than this, so many at the most; return how many."""
        return self._connection.execute(BLANK_OLD, {"age": age_ms, "most": most}).rowcount

    def prune(self, age_ms: int, after: int, most: int) -> tuple[int, int | None]:
        """Of the `most` rows that follow row `after`, delete those done longer ago than this that no edit needs.

        How many those were, and the last row looked at; None: what follows is all younger.
        """
        last = self._connection.execute(OLD_PAGE, {"age": age_ms, "after": after, "most": most}).scalar()
        if last is None:
            return 0, None
        return self._connection.execute(PRUNE, {"age": age_ms, "after": after, "last": last}).rowcount, int(last)

    def waiting(self, platform: str) -> int:
        """How many messages have not gone out."""
        return int(self._connection.execute(WAITING, {"of": platform}).scalar_one())

    def count_waiting(self, platform: str, most: int) -> int:
        """How many messages have not gone out, counted up to `most`."""
        return int(self._connection.execute(COUNT_WAITING, {"of": platform, "most": most}).scalar_one())

    def count_set_aside(self) -> int:
        """How many messages were ever given up."""
        return int(self._connection.execute(COUNT_ASIDE).scalar_one())

    def oldest_waiting(self, platform: str) -> int | None:
        """The instant at which the message was written that waits longest. None: nothing waits."""
        found = self._connection.execute(SOONEST, {"of": platform}).scalars()
        return min((int(at) for at in found), default=None)


def _about(message: Outgoing) -> dict[str, object]:
    return {
        "of": message.platform,
        "chat": message.chat_id,
        "called": message.logical,
        "about": message.ref,
    }
