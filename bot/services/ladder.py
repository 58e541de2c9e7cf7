"""Where a citizen stands with their questions: how often they were not understood, and what was spoken of last.

first miss: asked to say it in other words ─► next miss: offered to ask staff ─► next miss: told how to reach a person
and any answer leads back to the foot of the ladder.
"""

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, Final, Literal

Rung = Literal["rephrase", "offer", "person"]

FRESH_MS: Final = 15 * 60 * 1000
"""After so long nobody remembers what was spoken of."""
MOST_FILES: Final = 10
MOST_MISSED: Final = 5


@dataclass(slots=True)
class Ladder:
    """What is remembered between two messages, as JSON values.

    `misses`: in a row; `missed`: the numbers under which they were noted; `unsure`: how often in a row buttons were
    offered; `asked`: the words that these were offered for; `topic` and `page`: what was answered last; `report`: a
    problem that was told and may become a report; `sent`: files and a place that came without words.
    """

    at: int = 0
    misses: int = 0
    missed: list[int] = field(default_factory=list)
    unsure: int = 0
    asked: str = ""
    topic: str = ""
    page: int = 0
    report: dict[str, Any] | None = None
    sent: dict[str, Any] | None = None

    @classmethod
    def read(cls, memory: dict[str, Any], now: datetime) -> "Ladder":
        """Take it out of a memory; what is old in it is forgotten, but for what buttons may still want."""
        known = {key: memory[key] for key in NAMES & memory.keys()}
        found = cls(**known)
        millis = int(now.timestamp() * 1000)
        if millis - found.at > FRESH_MS:
            found = cls(missed=found.missed, asked=found.asked, report=found.report)
        found.at = millis
        return found

    def to_json(self) -> dict[str, Any]:
        """As it is kept; what is empty is left out."""
        return {key: value for key, value in asdict(self).items() if value}

    def answered(self, topic: str, page: int = 0) -> None:
        """They were answered: whatever was not understood before is over."""
        self.misses, self.unsure, self.missed, self.asked = 0, 0, [], ""
        self.report, self.sent = None, None
        self.topic, self.page = topic, page

    def offered(self, asked: str) -> bool:
        """Buttons are offered for these words. Returns whether that is not the first time in vain."""
        again = self.unsure > 0 or self.misses > 0
        self.unsure += 1
        self.asked, self.topic = asked, ""
        return again

    def missed_again(self, number: int | None) -> Rung:
        """They were not understood; it was noted under this number, if it was worth noting. What to do now."""
        if self.misses == 0:
            self.missed = []
        if number is not None:
            self.missed = [*self.missed, number][-MOST_MISSED:]
        self.misses += 1
        self.unsure, self.asked, self.topic = 0, "", ""
        if self.misses == 1:
            return "rephrase"
        if self.misses == 2 and self.missed:
            return "offer"
        self.misses = 0
        return "person"

    def passed(self) -> None:
        """Their question is with staff."""
        self.answered("")


NAMES: Final = {part.name for part in fields(Ladder)}
