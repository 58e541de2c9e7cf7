"""Half-finished reports: they outlive the place in the conversation."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, select, update

from bot.models import drafts
from bot.store.sql import NOW, insert


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft and whose it is."""

    platform: str
    chat_id: int
    user_id: int
    body: Mapping[str, Any]
    changed_at: int


_columns = (drafts.c.platform, drafts.c.chat_id, drafts.c.user_id, drafts.c.body, drafts.c.changed_at)
_at = and_(
    drafts.c.platform == bindparam("of"), drafts.c.chat_id == bindparam("chat"), drafts.c.user_id == bindparam("user")
)
_new = insert(drafts).values(
    platform=bindparam("of"),
    chat_id=bindparam("chat"),
    user_id=bindparam("user"),
    body=bindparam("content"),
    changed_at=NOW,
)
KEEP = _new.on_conflict_do_update(
    index_elements=["platform", "chat_id", "user_id"],
    set_={"body": _new.excluded.body, "changed_at": NOW, "offered_at": None},
)
FIND = select(*_columns).where(_at)
DROP = delete(drafts).where(_at)
FORGET = delete(drafts).where(drafts.c.platform == bindparam("of"), drafts.c.user_id == bindparam("user"))
OF_PERSON = select(*_columns).where(drafts.c.platform == bindparam("of"), drafts.c.user_id == bindparam("user"))
COUNT = (
    select(func.count())
    .select_from(drafts)
    .where(drafts.c.platform == bindparam("of"), drafts.c.user_id == bindparam("user"))
)
TO_OFFER = (
    select(*_columns)
    .where(drafts.c.changed_at < NOW - bindparam("age"), drafts.c.offered_at.is_(None))
    .order_by(drafts.c.changed_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
OFFERED = update(drafts).where(_at).values(offered_at=NOW)
_old = (
    select(drafts.c.platform, drafts.c.chat_id, drafts.c.user_id)
    .where(drafts.c.changed_at < NOW - bindparam("age"))
    .limit(bindparam("most"))
)
OLD = _old.order_by(drafts.c.changed_at)


class Drafts:
    """The table `drafts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, platform: str, chat_id: int, user_id: int, body: Mapping[str, Any]) -> None:
        """Keep a draft in place of the one before."""
        content = json.dumps(body, sort_keys=True)
        self._connection.execute(KEEP, {"of": platform, "chat": chat_id, "user": user_id, "content": content})

    def find(self, platform: str, chat_id: int, user_id: int) -> Kept | None:
        row = self._connection.execute(FIND, {"of": platform, "chat": chat_id, "user": user_id}).first()
        return None if row is None else _kept(row)

    def drop(self, platform: str, chat_id: int, user_id: int) -> None:
        self._connection.execute(DROP, {"of": platform, "chat": chat_id, "user": user_id})

    def forget(self, platform: str, user_id: int) -> None:
        """Drop whatever this person has begun, anywhere."""
        self._connection.execute(FORGET, {"of": platform, "user": user_id})

    def of(self, platform: str, user_id: int) -> list[Kept]:
        """Whatever this person has begun, anywhere."""
        return [_kept(row) for row in self._connection.execute(OF_PERSON, {"of": platform, "user": user_id})]

    def count(self, platform: str, user_id: int) -> int:
        return int(self._connection.execute(COUNT, {"of": platform, "user": user_id}).scalar_one())

    def to_offer(self, age_ms: int, most: int) -> list[Kept]:
        """Drafts untouched for longer than this that were not offered again; nobody else takes them meanwhile."""
        return [_kept(row) for row in self._connection.execute(TO_OFFER, {"age": age_ms, "most": most})]

    def offered(self, kept: Kept) -> None:
        """It was offered again."""
        self._connection.execute(OFFERED, {"of": kept.platform, "chat": kept.chat_id, "user": kept.user_id})

    def drop_old(self, age_ms: int, most: int) -> int:
        """Drop those untouched for longer than this, so many at the most; how many it were."""
        old = self._connection.execute(OLD, {"age": age_ms, "most": most}).all()
        for platform, chat_id, user_id in old:
            self.drop(platform, chat_id, user_id)
        return len(old)


def _kept(row: Any) -> Kept:  # noqa: ANN401 - a row of the columns above
    return Kept(row.platform, row.chat_id, row.user_id, json.loads(row.body), row.changed_at)
