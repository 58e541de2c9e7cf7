"""What staff decided of single texts for occasions: another text or hour, a picture, not at all, or that it may go."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, select

from bot.models import greeting_changes
from bot.store.sql import NOW, insert


@dataclass(frozen=True, slots=True)
class GreetingChange:
    """A row. `key` as of the announcement that is made of it. `…_by`: of the staff; `changed_by`: whose the text is."""

    key: str
    text: str | None = None
    hour: int | None = None
    photo: str | None = None
    skipped_by: int | None = None
    approved_by: int | None = None
    changed_by: int | None = None


_columns = (
    greeting_changes.c.key,
    greeting_changes.c.text,
    greeting_changes.c.hour,
    greeting_changes.c.photo,
    greeting_changes.c.skipped_by,
    greeting_changes.c.approved_by,
    greeting_changes.c.changed_by,
)
_new = insert(greeting_changes).values(
    key=bindparam("of"),
    text=bindparam("words"),
    hour=bindparam("at"),
    photo=bindparam("picture"),
    skipped_by=bindparam("skipped"),
    approved_by=bindparam("approved"),
    changed_by=bindparam("by"),
    changed_at=NOW,
)
_set = ("text", "hour", "photo", "skipped_by", "approved_by", "changed_by", "changed_at")
KEEP = _new.on_conflict_do_update(index_elements=["key"], set_={name: _new.excluded[name] for name in _set})
FIND = select(*_columns).where(greeting_changes.c.key.in_(bindparam("keys", expanding=True)))
PICTURED = select(*_columns).where(greeting_changes.c.photo.is_not(None))
PRUNE = delete(greeting_changes).where(greeting_changes.c.changed_at < NOW - bindparam("age"))


class GreetingChanges:
    """The table `greeting_changes`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, change: GreetingChange, by: int) -> None:
        """What counts from now on for the text of this key. `by`: of the staff."""
        self._connection.execute(
            KEEP,
            {
                "of": change.key,
                "words": change.text,
                "at": change.hour,
                "picture": change.photo,
                "skipped": change.skipped_by,
                "approved": change.approved_by,
                "by": by,
            },
        )

    def find(self, keys: Sequence[str]) -> dict[str, GreetingChange]:
        """What was decided of these, by key."""
        if not keys:
            return {}
        return {row.key: GreetingChange(*row) for row in self._connection.execute(FIND, {"keys": list(keys)})}

    def pictured(self) -> list[GreetingChange]:
        """Those with a picture."""
        return [GreetingChange(*row) for row in self._connection.execute(PICTURED)]

    def prune(self, age_ms: int) -> int:
        """Delete what was changed longer ago than this; return how many."""
        return self._connection.execute(PRUNE, {"age": age_ms}).rowcount
