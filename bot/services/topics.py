"""What announcements are about, as citizens choose or refuse it. Their names stand in `content/choices.toml`."""

from collections.abc import Iterable
from typing import Final

TOPICS: Final = ("culture", "sport", "works", "traffic", "emergency", "occasions")
"""The place of each is its bit in the database: new ones go to the end, and none is ever moved."""
CULTURE: Final = "culture"
SPORT: Final = "sport"
EMERGENCY: Final = "emergency"


def bit(topic: str) -> int:
    """The bit of a topic; none for an announcement of no topic ("")."""
    return 1 << TOPICS.index(topic) if topic else 0


def bits(topics: Iterable[str]) -> int:
    """Topics as the database holds them."""
    return sum({bit(topic) for topic in topics})


def topics_of(held: int) -> tuple[str, ...]:
    """What these bits stand for, in the order of `TOPICS`."""
    return tuple(topic for place, topic in enumerate(TOPICS) if held >> place & 1)
