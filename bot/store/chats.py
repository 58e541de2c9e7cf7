"""Who may work on which chat: leases, and how many inbox rows wait in each.

A chat is leased as a whole, so one citizen's messages are handled one after the other, by whichever process. Every
claim is counted; handling a row sets the count back, so the count tells how often work on this chat died without an
end.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Update, and_, bindparam, case, delete, select, tuple_, update

from bot.models import chats
from bot.store.sql import NOW, insert

LEASE_MS = 8_000
"""Renewed with every turn. If a process dies, another takes its chats over after so long."""
SUSPECT_FROM = 2
"""After so many claims without an end a chat is claimed alone, so that it takes no innocent chat down with it."""

_chat = and_(chats.c.platform == bindparam("of"), chats.c.chat_id == bindparam("chat"))
_held = and_(_chat, chats.c.lease_by == bindparam("by"))


def _claim(condition: ColumnElement[bool]) -> Update:
    free = (
        select(chats.c.platform, chats.c.chat_id)
        .where(chats.c.pending > 0, chats.c.ready_at <= NOW, chats.c.lease_until <= NOW, condition)
        # Not by the column itself: SQLite would take the key of the table and walk all chats of the platform.
        .where(chats.c.platform.concat("").in_(bindparam("ours", expanding=True)))
        .order_by(chats.c.ready_at)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
        .cte("free")  # looked up once, whatever the planner thinks of it
    )
    return (
        update(chats)
        .where(tuple_(chats.c.platform, chats.c.chat_id).in_(select(free)))
        .values(lease_by=bindparam("by"), lease_until=NOW + LEASE_MS, tries=chats.c.tries + 1)
    )


_columns = (chats.c.platform, chats.c.chat_id, chats.c.tries)
CLAIM = _claim(chats.c.tries < SUSPECT_FROM).returning(*_columns)
CLAIM_SUSPECT = _claim(chats.c.tries >= SUSPECT_FROM).returning(*_columns)

_new = insert(chats).values(
    platform=bindparam("of"), chat_id=bindparam("chat"), pending=bindparam("rows"), ready_at=NOW
)
ARRIVED = _new.on_conflict_do_update(
    index_elements=["platform", "chat_id"],
    set_={
        "pending": chats.c.pending + _new.excluded.pending,
        "ready_at": case((chats.c.pending > 0, chats.c.ready_at), else_=_new.excluded.ready_at),
    },
)
ADVANCE = (
    update(chats)
    .where(_held)
    .values(
        pending=chats.c.pending - bindparam("rows"),
        tries=0,
        lease_by=case((chats.c.pending > bindparam("rows"), chats.c.lease_by), else_=None),
        lease_until=case((chats.c.pending > bindparam("rows"), NOW + LEASE_MS), else_=0),
    )
    .returning(chats.c.pending)
)
WAIT = (
    update(chats)
    .where(_held)
    .values(lease_by=None, lease_until=0, ready_at=NOW + bindparam("wait"), tries=chats.c.tries - 1)
)
_uncounted = case((chats.c.tries > 0, chats.c.tries - 1), else_=0)
LOCK = select(chats.c.chat_id).where(_chat).with_for_update()
GIVE_BACK = update(chats).where(_held).values(lease_by=None, lease_until=0, tries=_uncounted)
KEEP = update(chats).where(_held).values(lease_until=NOW + LEASE_MS)
LET_GO = update(chats).where(_held).values(lease_by=None, lease_until=0, ready_at=NOW + bindparam("wait"))
FORGET = delete(chats).where(_chat, chats.c.pending == 0)
FREE_ALL = update(chats).where(chats.c.lease_until > 0).values(lease_by=None, lease_until=0)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A chat that is ours for a while. `tries` counts this claim and those before it that came to no end."""

    platform: str
    chat_id: int
    tries: int

    @property
    def is_suspect(self) -> bool:
        """Nothing else may be begun beside it."""
        return self.tries > SUSPECT_FROM


class Chats:
    """The table `chats`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def arrived(self, platform: str, chat_ids: list[int]) -> None:
        """Rows of these chats, one an element, now wait in the inbox."""
        rows = [{"of": platform, "chat": chat, "rows": count} for chat, count in sorted(Counter(chat_ids).items())]
        if rows:
            self._connection.execute(ARRIVED, rows)

    def claim(self, holder: str, platforms: Sequence[str], most: int, *, quiet: bool = True) -> list[Claimed]:
        """Lease chats of these platforms that wait, those waiting longest first.

        If there are none and nothing else is under way (`quiet`), one of those that keep failing.
        """
        who = {"by": holder, "ours": list(platforms)}
        found = self._connection.execute(CLAIM, who | {"most": most}).all()
        if not found and quiet:
            found = self._connection.execute(CLAIM_SUSPECT, who | {"most": 1}).all()
        return [Claimed(*row) for row in found]

    def advance(self, platform: str, chat_id: int, holder: str, rows: int = 1) -> int | None:
        """So many rows of the chat are dealt with: how many still wait. With none left the lease ends.

        None: the lease is not ours any more, and whoever asks must undo what they did.
        """
        found = self._connection.execute(ADVANCE, {"of": platform, "chat": chat_id, "by": holder, "rows": rows}).first()
        return None if found is None else int(found[0])

    def let_go(self, platform: str, chat_id: int, holder: str, wait_ms: int = 0) -> None:
        """End the lease with rows still waiting; nobody takes the chat before `wait_ms` have passed."""
        self._connection.execute(LET_GO, {"of": platform, "chat": chat_id, "by": holder, "wait": wait_ms})

    def forget(self, platform: str, chat_id: int) -> None:
        """Nobody will write here any more."""
        self._connection.execute(FORGET, {"of": platform, "chat": chat_id})

    def wait(self, platform: str, chat_id: int, holder: str, wait_ms: int) -> None:
        """End the lease, since more is to come before the chat can be worked on. That is no claim without an end."""
        self._connection.execute(WAIT, {"of": platform, "chat": chat_id, "by": holder, "wait": wait_ms})

    def give_back(self, platform: str, chat_id: int, holder: str) -> None:
        """End the lease as if the chat had not been claimed: what went wrong is not its fault."""
        self._connection.execute(GIVE_BACK, {"of": platform, "chat": chat_id, "by": holder})

    def lock(self, platform: str, chat_id: int) -> None:
        """Wait for whoever works on the chat, and let others wait: everybody takes a chat before what belongs to it."""
        self._connection.execute(LOCK, {"of": platform, "chat": chat_id})

    def keep(self, platform: str, chat_id: int, holder: str) -> bool:
        """Lengthen the lease. False: it is not ours any more."""
        return self._connection.execute(KEEP, {"of": platform, "chat": chat_id, "by": holder}).rowcount == 1

    def free_all(self) -> None:
        """End every lease: only for a process that knows it is alone, at its start."""
        self._connection.execute(FREE_ALL)
