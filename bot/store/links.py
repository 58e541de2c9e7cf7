"""Links in what staff write, and whether they answer: asked for in a turn, checked by `bot/link_runner.py`."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, or_, select, update

from bot.models import links
from bot.store.sql import NOW, insert

ALIVE = "alive"
"""The outcome of a link that answers; any other says why it does not."""
LIMIT = 500
"""Letters of a link that can be checked; who writes longer ones is not told."""

_new = insert(links).values(url=bindparam("link"), asked_at=NOW)
ASK = _new.on_conflict_do_update(
    index_elements=["url"],
    set_={"asked_at": NOW, "checked_at": None, "outcome": None},
    where=or_(links.c.checked_at < NOW - bindparam("age"), links.c.asked_at < NOW - bindparam("age")),
)
WAITING = select(links.c.url).where(links.c.checked_at.is_(None)).order_by(links.c.asked_at).limit(bindparam("most"))
CHECKED = update(links).where(links.c.url == bindparam("link")).values(checked_at=NOW, outcome=bindparam("answer"))
OUTCOMES = select(links.c.url, links.c.outcome).where(links.c.url.in_(bindparam("wanted", expanding=True)))
FORGET = delete(links).where(links.c.asked_at < NOW - bindparam("age"))


class Links:
    """The table `links`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, urls: Sequence[str], age_ms: int) -> None:
        """Have these checked, but for what was a shorter time ago than this."""
        rows = [{"link": url, "age": age_ms} for url in sorted(set(urls)) if len(url) <= LIMIT]
        if rows:
            self._connection.execute(ASK, rows)

    def waiting(self, most: int) -> list[str]:
        """What is to be checked."""
        return list(self._connection.execute(WAITING, {"most": most}).scalars())

    def checked(self, outcomes: dict[str, str]) -> None:
        """What links answered."""
        rows = [{"link": url, "answer": key} for url, key in sorted(outcomes.items())]
        if rows:
            self._connection.execute(CHECKED, rows)

    def outcomes(self, urls: Sequence[str]) -> dict[str, str | None]:
        """What these answered; None: not known yet."""
        if not urls:
            return {}
        rows = self._connection.execute(OUTCOMES, {"wanted": list(urls)})
        return {row.url: row.outcome for row in rows}

    def forget(self, age_ms: int) -> int:
        """Delete what was asked for longer ago than this; return how many."""
        return self._connection.execute(FORGET, {"age": age_ms}).rowcount
