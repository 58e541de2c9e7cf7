"""What staff are composing: one draft a member, which outlives their place in the conversation."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from bot.models import announcement_drafts
from bot.store.sql import NOW, insert

_one = announcement_drafts.c.member_id == bindparam("member")
_new = insert(announcement_drafts).values(member_id=bindparam("member"), body=bindparam("content"), changed_at=NOW)
KEEP = _new.on_conflict_do_update(index_elements=["member_id"], set_={"body": _new.excluded.body, "changed_at": NOW})
FIND = select(announcement_drafts.c.body).where(_one, announcement_drafts.c.changed_at > NOW - bindparam("age"))
DROP = delete(announcement_drafts).where(_one)


class AnnouncementDrafts:
    """The table `announcement_drafts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, member_id: int, body: Mapping[str, Any]) -> None:
        """Keep a draft in place of the one before."""
        self._connection.execute(KEEP, {"member": member_id, "content": json.dumps(body, sort_keys=True)})

    def find(self, member_id: int, age_ms: int) -> Mapping[str, Any] | None:
        """What they are composing; None: nothing, or nothing that was changed within this time."""
        body = self._connection.execute(FIND, {"member": member_id, "age": age_ms}).scalar()
        found: Mapping[str, Any] | None = None if body is None else json.loads(body)
        return found

    def drop(self, member_id: int) -> None:
        self._connection.execute(DROP, {"member": member_id})
