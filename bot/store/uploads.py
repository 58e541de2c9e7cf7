"""What a platform has already of ours: a file sent once is sent again by the name it got there."""

from collections.abc import Iterable

from sqlalchemy import Connection, and_, bindparam, delete, select

from bot.models import uploads
from bot.store.sql import insert

_bot = and_(uploads.c.platform == bindparam("of"), uploads.c.bot_id == bindparam("bot"))
FIND = select(uploads.c.hash, uploads.c.kind, uploads.c.file_id).where(
    _bot, uploads.c.hash.in_(bindparam("hashes", expanding=True))
)
_new = insert(uploads).values(
    platform=bindparam("of"),
    bot_id=bindparam("bot"),
    hash=bindparam("content"),
    kind=bindparam("sort"),
    file_id=bindparam("name"),
)
KEEP = _new.on_conflict_do_update(
    index_elements=["platform", "bot_id", "hash", "kind"], set_={"file_id": _new.excluded.file_id}
)
REFUSED = delete(uploads).where(
    _bot,
    uploads.c.hash == bindparam("content"),
    uploads.c.kind == bindparam("sort"),
    uploads.c.file_id == bindparam("name"),
)
FORGET = delete(uploads).where(uploads.c.hash == bindparam("content"))

Sent = tuple[str, str]
"""(hash, kind it was sent as)."""


class Uploads:
    """The table `uploads`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, platform: str, bot_id: int, hashes: Iterable[str]) -> dict[Sent, str]:
        """The names that the platform gave to these contents."""
        which = {"of": platform, "bot": bot_id, "hashes": list(hashes)}
        return {(row.hash, row.kind): row.file_id for row in self._connection.execute(FIND, which)}

    def keep(self, platform: str, bot_id: int, names: dict[Sent, str]) -> None:
        """Note names; where two uploaded the same at once, the later one counts."""
        if rows := _rows(platform, bot_id, names):
            self._connection.execute(KEEP, rows)

    def refused(self, platform: str, bot_id: int, names: dict[Sent, str]) -> None:
        """The platform does not know these names any more. A newer one of another process stays."""
        if rows := _rows(platform, bot_id, names):
            self._connection.execute(REFUSED, rows)

    def forget(self, content: str) -> None:
        """The content is thrown away."""
        self._connection.execute(FORGET, {"content": content})


def _rows(platform: str, bot_id: int, names: dict[Sent, str]) -> list[dict[str, object]]:
    return [
        {"of": platform, "bot": bot_id, "content": content, "sort": kind, "name": name}
        for (content, kind), name in sorted(names.items())
    ]
