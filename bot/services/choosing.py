"""What citizens choose of the announcements: topics, each wanted, refused or neither, or to leave them all."""

from typing import Final, Literal

from bot.content import Wording
from bot.services.topics import EMERGENCY, TOPICS, bit
from bot.store import Unit
from bot.store.choices import Choice
from bot.store.citizens import Citizen

Stand = Literal["wants", "refuses", "sometimes"]

STANDS: Final[dict[str, Stand]] = {"wants": "wants", "refuses": "refuses", "sometimes": "sometimes"}
"""A wanted topic comes without a weekly limit; "sometimes", of one that nobody touched: with that limit."""


def of(unit: Unit, citizen: Citizen) -> Choice:
    """What they chose."""
    return unit.choices.of(citizen.id)


def stand(choice: Choice, topic: str) -> Stand:
    """How somebody stands to a topic."""
    if choice.refuses & bit(topic):
        return "refuses"
    return "wants" if choice.wants & bit(topic) else "sometimes"


def felt(choice: Choice, topic: str) -> Stand:
    """As `stand`, as it is felt: an emergency is announced as urgent, so unless it is refused it always comes."""
    found = stand(choice, topic)
    return "wants" if topic == EMERGENCY and found == "sometimes" else found


def tapped(found: Stand, topic: str) -> Stand:
    """How somebody stands to a topic after a tap on it: round in a circle. An emergency comes, or does not."""
    if found == "wants":
        return "refuses"
    return "sometimes" if found == "refuses" and topic != EMERGENCY else "wants"


def put(unit: Unit, citizen: Citizen, topic: str, to: Stand) -> None:
    """They stand so to a topic from now on, however they stood before."""
    choice, mine = of(unit, citizen), bit(topic)
    wants = choice.wants | mine if to == "wants" else choice.wants & ~mine
    refuses = choice.refuses | mine if to == "refuses" else choice.refuses & ~mine
    unit.choices.choose(citizen.id, wants, refuses)


def topics_that(choice: Choice, to: Stand) -> list[str]:
    """The topics to which somebody stands so, as it is felt."""
    return [topic for topic in TOPICS if felt(choice, topic) == to]


def named(words: Wording, *topics: str) -> str:
    """The names of topics, side by side. `words`: of `content/choices.toml`."""
    return "، ".join(words.buttons[f"topic_{topic}"] for topic in topics)
