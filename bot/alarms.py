"""Telling the operators, in the log and in their chats under `[operators]`: once, and again when it is over."""

import logging

from bot import markup, outbox
from bot.config import Operators
from bot.content import Wording
from bot.store import Store, Unit
from bot.store.outbox import Outgoing
from bot.store.outbox import Row as OutboxRow

log = logging.getLogger(__name__)


class Alarms:
    """`words` holds a text for each kind of trouble, and `<kind>_over` where it has an end."""

    def __init__(self, operators: Operators, words: Wording, store: Store) -> None:
        self.chats = operators.chats()
        self._words = words
        self._store = store
        self.standing: set[tuple[str, str]] = set()

    def write(self, unit: Unit, kind: str, **fields: object) -> list[OutboxRow]:
        """Put a message to every operator into the outbox, within a transaction that is under way."""
        body, *_ = outbox.bodies(self._words.text(kind, **fields))
        return [unit.outbox.add(Outgoing(platform, chat, "send", body), claimed=False) for platform, chat in self.chats]

    def apology(self, platform: str, chat_id: int, row_id: int) -> Outgoing:
        """The word to a citizen whose message could not be handled, with the number under which operators find it."""
        (body,) = outbox.bodies(self._words.text("apology", code=row_id))
        return Outgoing(platform, chat_id, "send", body)

    def missing(self, count: int, *, after: bool) -> list[list[str]]:
        """The word to a citizen about files that are not to be had, as spans; `after` other words, below them."""
        text = self._words.text("file_missing", count=count)
        return [*([["", "\n\n"]] if after else []), *markup.to_json(text)]

    async def begin(self, kind: str, subject: str) -> None:
        """Trouble that lasts: told when it begins, not again while it stands."""
        if (kind, subject) not in self.standing:
            self.standing.add((kind, subject))
            log.error("trouble_began", extra={"kind": kind, "subject": subject})
            await self._store.write(lambda unit: self.write(unit, kind, subject=subject))

    async def over(self, kind: str, subject: str) -> None:
        """The trouble is over; told if its beginning was."""
        if (kind, subject) in self.standing:
            self.standing.discard((kind, subject))
            log.warning("trouble_ended", extra={"kind": kind, "subject": subject})
            await self._store.write(lambda unit: self.write(unit, f"{kind}_over", subject=subject))
