"""Whom an announcement is meant for."""

import json
from dataclasses import asdict, dataclass
from typing import Self

from bot.services import topics
from bot.store.recipients import Whom

__all__ = ["Audience", "Whom"]


@dataclass(frozen=True, slots=True)
class Audience:
    """`platforms`, `neighbourhoods` (ids): empty for all. `chosen_only`: who has chosen the topic, and nobody else.

    Of these `answered`: who has answered this survey; `unanswered`: who was asked and has not. None: no matter.
    """

    platforms: tuple[str, ...] = ()
    neighbourhoods: tuple[str, ...] = ()
    chosen_only: bool = False
    answered: int | None = None
    unanswered: int | None = None

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        found = json.loads(text)
        return cls(
            tuple(found["platforms"]),
            tuple(found["neighbourhoods"]),
            found["chosen_only"],
            found.get("answered"),
            found.get("unanswered"),
        )

    def whom(self, topic: str, *, live: bool) -> Whom:
        """The citizens of it; those who refuse the topic are none of them. Not `live`: staff only."""
        return Whom(
            topics.bit(topic),
            self.platforms,
            self.neighbourhoods,
            chosen_only=self.chosen_only and bool(topic),
            staff_only=not live,
            answered=self.answered,
            unanswered=self.unanswered,
        )
