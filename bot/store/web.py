"""The talk of each visitor of the chat page, as the page shows it.

`seq` counts the changes of one visitor's talk: an edit gives a message a new one, so "what is newer than `seq`" is
all that a page must be told, whichever process tells it. `kind`: `in` from the visitor, `out` from the bot, `notice`
a short word that is not kept, `gone` a message taken back, `clear` all was deleted. What `body` holds: see
`bot/platforms/web.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, delete, func, select, update

from bot.models import visitors, web_messages
from bot.store.sql import NOW, insert

MOST_IDS = 500
"""So many visitors are asked after in one statement."""

_columns = (
    web_messages.c.id,
    web_messages.c.seq,
    web_messages.c.kind,
    web_messages.c.client_id,
    web_messages.c.body,
    web_messages.c.created_at,
    web_messages.c.edited_at,
)
_theirs = web_messages.c.visitor_id == bindparam("visitor")
_one = and_(_theirs, web_messages.c.id == bindparam("message"))
_shown = web_messages.c.kind.in_(("in", "out"))

KNOWN = select(visitors.c.id).where(visitors.c.key_hash == bindparam("key"))
MEET = (
    insert(visitors)
    .values(key_hash=bindparam("key"), met_at=NOW, seen_at=NOW)
    .on_conflict_do_nothing(index_elements=["key_hash"])
)
SEEN = update(visitors).where(visitors.c.id == bindparam("visitor")).values(seen_at=NOW)
# Taking the next number locks the visitor's row, so numbers become visible in their order, on every engine.
NEXT = (
    update(visitors)
    .where(visitors.c.id == bindparam("visitor"))
    .values(seq=visitors.c.seq + 1)
    .returning(visitors.c.seq)
)
SEQS = select(visitors.c.id, visitors.c.seq).where(visitors.c.id.in_(bindparam("visitors", expanding=True)))
ADD = (
    insert(web_messages)
    .values(
        visitor_id=bindparam("visitor"),
        seq=bindparam("number"),
        kind=bindparam("sort"),
        client_id=bindparam("client"),
        body=bindparam("content"),
        created_at=NOW,
    )
    .on_conflict_do_nothing(index_elements=["visitor_id", "client_id"])
    .returning(*_columns)
)
FIND = select(*_columns).where(_one)
FIND_SENT = select(*_columns).where(_theirs, web_messages.c.client_id == bindparam("client"))
EDIT = (
    update(web_messages)
    .where(_one, web_messages.c.kind == "out")
    .values(seq=bindparam("number"), body=bindparam("content"), edited_at=NOW)
    .returning(*_columns)
)
GONE = update(web_messages).where(_one, _shown).values(seq=bindparam("number"), kind="gone", body="{}", edited_at=NOW)
DROP = delete(web_messages).where(_one)
DROP_NOTICES = delete(web_messages).where(_theirs, web_messages.c.kind == "notice")
CLEAR = delete(web_messages).where(_theirs)
FORGET_OLD = delete(web_messages).where(
    web_messages.c.id.in_(
        select(web_messages.c.id).where(web_messages.c.created_at < NOW - bindparam("age")).limit(bindparam("most")),
    ),
)
_page = (
    select(visitors.c.id, visitors.c.met_at)
    .where(visitors.c.id > bindparam("after"))
    .order_by(visitors.c.id)
    .limit(bindparam("most"))
    .subquery()
)
OLD_PAGE = select(func.max(_page.c.id)).having(func.min(_page.c.met_at) < NOW - bindparam("age"))
PRUNE = (
    delete(visitors)
    .where(
        visitors.c.id > bindparam("after"),
        visitors.c.id <= bindparam("last"),
        visitors.c.seen_at < NOW - bindparam("age"),
        ~select(web_messages.c.id).where(web_messages.c.visitor_id == visitors.c.id).exists(),
    )
    .returning(visitors.c.id)
)
SINCE = (
    select(*_columns)
    .where(_theirs, web_messages.c.seq > bindparam("number"))
    .order_by(web_messages.c.seq)
    .limit(bindparam("most"))
)
LATEST = select(*_columns).where(_theirs, _shown).order_by(web_messages.c.id.desc()).limit(bindparam("most"))
BEFORE = LATEST.where(web_messages.c.id < bindparam("message"))


@dataclass(frozen=True, slots=True)
class WebMessage:
    """A message on the page. `body` is JSON."""

    id: int
    seq: int
    kind: str
    client_id: str | None
    body: str
    created_at: int
    edited_at: int | None


class WebMessages:
    """The tables `visitors` and `web_messages`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- visitors

    def visitor(self, key_hash: str) -> int | None:
        """The visitor whose cookie has this hash."""
        found = self._connection.execute(KNOWN, {"key": key_hash}).first()
        return None if found is None else int(found[0])

    def meet(self, key_hash: str) -> int:
        """Write down a new visitor. Safe to call twice: it is the same one."""
        self._connection.execute(MEET, {"key": key_hash})
        return int(self._connection.execute(KNOWN, {"key": key_hash}).scalar_one())

    def seqs(self, visitor_ids: Iterable[int]) -> dict[int, int]:
        """The last number given in the talk of each of these visitors. Who is unknown is left out."""
        ids = list(visitor_ids)
        found: dict[int, int] = {}
        for at in range(0, len(ids), MOST_IDS):
            rows = self._connection.execute(SEQS, {"visitors": ids[at : at + MOST_IDS]})
            found |= {row.id: row.seq for row in rows}
        return found

    # -- what is written

    def arrived(self, visitor_id: int, client_id: str, body: str) -> WebMessage | None:
        """A visitor wrote. None: this very message is known already."""
        self._connection.execute(SEEN, {"visitor": visitor_id})
        return self._add(visitor_id, "in", body, client_id)

    def sent(self, visitor_id: int, body: str) -> WebMessage | None:
        """The bot wrote. None: there is no such visitor."""
        return self._add(visitor_id, "out", body)

    def notice(self, visitor_id: int, body: str) -> WebMessage | None:
        """A short word for open pages; the next one takes its place. None: there is no such visitor."""
        self._connection.execute(DROP_NOTICES, {"visitor": visitor_id})
        return self._add(visitor_id, "notice", body)

    def edit(self, visitor_id: int, message_id: int, body: str) -> WebMessage | None:
        """Change a message of the bot. None: there is none of that number."""
        change = {"visitor": visitor_id, "message": message_id, "content": body}
        found = self._connection.execute(EDIT, change | {"number": self._next(visitor_id)}).first()
        return None if found is None else WebMessage(*found)

    def take_back(self, visitor_id: int, message_id: int) -> bool:
        """Delete a message, with its words. False: there is none of that number."""
        which = {"visitor": visitor_id, "message": message_id}
        return self._connection.execute(GONE, which | {"number": self._next(visitor_id)}).rowcount == 1

    def drop(self, visitor_id: int, message_id: int) -> None:
        """Undo what this transaction has added."""
        self._connection.execute(DROP, {"visitor": visitor_id, "message": message_id})

    def forget_old(self, age_ms: int, most: int) -> int:
        """Delete messages older than this, so many at the most; return how many."""
        return self._connection.execute(FORGET_OLD, {"age": age_ms, "most": most}).rowcount

    def prune_visitors(self, age_ms: int, after: int, most: int) -> tuple[list[int], int | None]:
        """Of the `most` visitors that follow `after`, delete who wrote last longer ago than this and has no talk left.

        Who those were, and the last one looked at; None: who follows is all younger.
        """
        last = self._connection.execute(OLD_PAGE, {"age": age_ms, "after": after, "most": most}).scalar()
        if last is None:
            return [], None
        gone = self._connection.execute(PRUNE, {"age": age_ms, "after": after, "last": last}).scalars()
        return [int(visitor) for visitor in gone], int(last)

    def clear(self, visitor_id: int) -> None:
        """Delete the whole talk. One empty row stays, by which open pages learn of it."""
        self._connection.execute(CLEAR, {"visitor": visitor_id})
        self._add(visitor_id, "clear", "{}")

    # -- what is read

    def find(self, visitor_id: int, message_id: int) -> WebMessage | None:
        found = self._connection.execute(FIND, {"visitor": visitor_id, "message": message_id}).first()
        return None if found is None else WebMessage(*found)

    def find_sent(self, visitor_id: int, client_id: str) -> WebMessage | None:
        """The message that the page sent under this name."""
        found = self._connection.execute(FIND_SENT, {"visitor": visitor_id, "client": client_id}).first()
        return None if found is None else WebMessage(*found)

    def since(self, visitor_id: int, seq: int, most: int) -> list[WebMessage]:
        """What changed after `seq`, in the order of the changes."""
        found = self._connection.execute(SINCE, {"visitor": visitor_id, "number": seq, "most": most})
        return [WebMessage(*row) for row in found]

    def latest(self, visitor_id: int, most: int, before: int | None = None) -> list[WebMessage]:
        """The newest messages older than the message `before`, oldest first."""
        which = {"visitor": visitor_id, "most": most}
        if before is None:
            found = self._connection.execute(LATEST, which).all()
        else:
            found = self._connection.execute(BEFORE, which | {"message": before}).all()
        return [WebMessage(*row) for row in reversed(found)]

    def _add(self, visitor_id: int, kind: str, body: str, client_id: str | None = None) -> WebMessage | None:
        number = self._next(visitor_id)
        if number is None:
            return None
        row = {"visitor": visitor_id, "number": number, "sort": kind, "client": client_id, "content": body}
        found = self._connection.execute(ADD, row).first()
        return None if found is None else WebMessage(*found)

    def _next(self, visitor_id: int) -> int | None:
        found = self._connection.execute(NEXT, {"visitor": visitor_id}).first()
        return None if found is None else int(found[0])
