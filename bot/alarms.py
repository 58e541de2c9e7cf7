"""Telling the operators, in the log and in their chats under `[operators]`: once, and again when it is over.

What stands is in the database: whoever wrote an alarm down tells it, and whoever took it away tells the end, so it
is told once by however many processes and through every restart. What happens row by row is counted by one alarm:
the first is told at once, more of them once an hour, and the end after an hour without.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from bot import markup, outbox
from bot.clock import TEHRAN
from bot.config import Operators
from bot.content import Wording
from bot.errors import StoreDown
from bot.markup import Spans
from bot.store import Store, Unit
from bot.store.alarms import Standing
from bot.store.outbox import Outgoing
from bot.store.outbox import Row as OutboxRow
from bot.text import persian_digits

log = logging.getLogger(__name__)

Result = TypeVar("Result")

COUNTED = frozenset({"set_aside", "refused"})
"""Kinds that count rows instead of lasting; they say nothing about how the service is at this moment."""
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS


class Alarms:
    """`words` holds a text for each kind of trouble, and `<kind>_over` for its end.

    Fields of every text: `subject`, `since` (the hour in Tehran); of an end `minutes` too; besides what the kind gives.
    """

    def __init__(self, operators: Operators, words: Wording, store: Store) -> None:
        self.chats = operators.chats()
        self._words = words
        self._store = store

    # -- what is said

    def write(self, unit: Unit, kind: str, **fields: object) -> list[OutboxRow]:
        """Put a message to every operator into the outbox, within a transaction that is under way."""
        body, *_ = outbox.bodies(self._words.text(kind, **fields))
        return [unit.outbox.add(Outgoing(platform, chat, "send", body), claimed=False) for platform, chat in self.chats]

    def words(self, kind: str, **fields: object) -> Spans:
        """The text itself, for the one trouble in which the outbox is out of reach."""
        return self._words.text(kind, **fields)

    def apology(self, platform: str, chat_id: int, row_id: int) -> Outgoing:
        """The word to a citizen whose message could not be handled, with the number under which operators find it."""
        (body,) = outbox.bodies(self._words.text("apology", code=row_id))
        return Outgoing(platform, chat_id, "send", body)

    def missing(self, count: int, *, after: bool) -> list[list[str]]:
        """The word to a citizen about files that are not to be had, as spans; `after` other words, below them."""
        text = self._words.text("file_missing", count=count)
        return [*([["", "\n\n"]] if after else []), *markup.to_json(text)]

    # -- trouble that lasts

    async def begin(self, kind: str, subject: str, **fields: object) -> None:
        """Trouble that lasts: told when it begins, not again while it stands. Without the database only logged."""
        if await self._write(kind, subject, lambda unit: self.began(unit, kind, subject, **fields)):
            log.error("trouble_began", extra={"kind": kind, "subject": subject})

    async def over(self, kind: str, subject: str) -> None:
        """The trouble is over; told if its beginning was. Without the database only logged."""
        if await self._write(kind, subject, lambda unit: self.ended(unit, kind, subject)):
            log.warning("trouble_ended", extra={"kind": kind, "subject": subject})

    def began(self, unit: Unit, kind: str, subject: str, **fields: object) -> bool:
        """The beginning, within a transaction. False: it stands already."""
        began_at = unit.alarms.begin(kind, subject)
        if began_at is None:
            return False
        self.write(unit, kind, subject=subject, since=hour(began_at), **fields)
        return True

    def ended(self, unit: Unit, kind: str, subject: str) -> bool:
        """The end, within a transaction. False: it did not stand."""
        return self._told_end(unit, unit.alarms.end(kind, subject))

    # -- trouble that is counted

    def count(self, unit: Unit, kind: str, subject: str, **fields: object) -> list[OutboxRow]:
        """One more row, within the transaction that gives it up: the first is told, with its fields."""
        return self.write(unit, kind, subject=subject, **fields) if unit.alarms.count(kind, subject) == 1 else []

    async def settle(self, kind: str, subject: str) -> None:
        """Look after an alarm that counts: tell how many there are by now, or that no more come."""

        def work(unit: Unit) -> str:
            if self._told_end(unit, unit.alarms.end_quiet(kind, subject, HOUR_MS)):
                return "trouble_ended"
            more = unit.alarms.told_again(kind, subject, HOUR_MS)
            if more is None:
                return ""
            self.write(unit, f"{kind}_more", subject=subject, count=more.count, since=hour(more.began_at))
            return "trouble_goes_on"

        if event := await self._write(kind, subject, work):
            log.warning(event, extra={"kind": kind, "subject": subject})

    def _told_end(self, unit: Unit, ended: Standing | None) -> bool:
        if ended is None:
            return False
        minutes = max(1, (unit.now - ended.began_at) // MINUTE_MS)
        fields = {"subject": ended.subject, "since": hour(ended.began_at), "minutes": minutes, "count": ended.count}
        self.write(unit, f"{ended.kind}_over", **fields)
        return True

    async def _write(self, kind: str, subject: str, work: Callable[[Unit], Result]) -> Result | None:
        try:
            return await self._store.write(work)
        except StoreDown:
            log.warning("alarm_not_written", extra={"kind": kind, "subject": subject}, exc_info=True)
            return None


def hour(millis: int) -> str:
    """The hour of an instant in Tehran: «۱۰:۰۵»."""
    return persian_digits(f"{datetime.fromtimestamp(millis / 1000, UTC).astimezone(TEHRAN):%H:%M}")
