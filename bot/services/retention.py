"""Deletes what is left of messages long after their words were: numbers, instants, states.

An update's row must outlive every repeat by its platform, which is a day; after `privacy.keep_rows_days` it has. Rows
are looked at in the order of their numbers, a few at a time and each few in a transaction of their own, so whoever
writes is held up for milliseconds.
"""

import asyncio
from collections.abc import Callable

from bot.config import Settings
from bot.services import announcing
from bot.services.forgetting import forget_answers, forget_person
from bot.store import Store, Unit

DAY_MS = 24 * 3600 * 1000
AT_ONCE = 250
VISITORS_AT_ONCE = 50
"""Fewer: each takes several statements."""
GREETINGS_KEPT_MS = 100 * DAY_MS
"""They are changed up to 60 days before they go."""
PARTICIPANTS_KEPT_MS = 400 * DAY_MS
"""After the end of their survey; what they answered stays, and is nobody's then."""
MOST_SECONDS = 40.0
"""What is left then is left for the next night."""

Step = Callable[[Unit, int, int], tuple[int, int | None]]


async def prune(store: Store, settings: Settings) -> dict[str, int]:
    """Delete rows of no use any more: of messages, of what was announced, of who has gone. How many of each kind."""
    age_ms = settings.privacy.keep_rows_days * DAY_MS
    until = asyncio.get_running_loop().time() + MOST_SECONDS
    steps: dict[str, Step] = {
        "updates": _updates,
        "messages": _messages,
        "questions": _questions,
        "events": _events,
        "bans": _bans,
        "greetings": _greetings,
        "visitors": _visitors,
        "recipients": _recipients,
        "links": _links,
        "participants": _participants,
        "survey_files": _survey_files,
    }
    return {name: await _walk(store, step, age_ms, until) for name, step in steps.items()}


async def _walk(store: Store, step: Step, age_ms: int, until: float) -> int:
    """From the oldest row on, as far as rows are old enough."""
    deleted = 0
    after: int | None = 0
    while after is not None and asyncio.get_running_loop().time() < until:
        last = after
        count, after = await store.write(lambda unit: step(unit, age_ms, last))  # noqa: B023 - it has run before the next round
        deleted += count
    return deleted


def _updates(unit: Unit, age_ms: int, after: int) -> tuple[int, int | None]:
    return unit.inbox.prune(age_ms, after, AT_ONCE)


def _messages(unit: Unit, age_ms: int, after: int) -> tuple[int, int | None]:
    return unit.outbox.prune(age_ms, after, AT_ONCE)


def _questions(unit: Unit, age_ms: int, after: int) -> tuple[int, int | None]:
    return unit.questions.prune(age_ms, after, AT_ONCE)


def _events(unit: Unit, age_ms: int, _after: int) -> tuple[int, int | None]:
    """Few, so not walked through: what is left is left for the next night."""
    return unit.events.prune(age_ms, AT_ONCE), None


def _bans(unit: Unit, age_ms: int, _after: int) -> tuple[int, int | None]:
    """Those that are over; few, as above."""
    return unit.bans.prune(age_ms, AT_ONCE), None


def _greetings(unit: Unit, age_ms: int, _after: int) -> tuple[int, int | None]:
    """What staff changed of texts whose day is long over; few, as above."""
    return unit.greeting_changes.prune(max(age_ms, GREETINGS_KEPT_MS)), None


def _recipients(unit: Unit, _age_ms: int, _after: int) -> tuple[int, int | None]:
    """Who got what was announced a month ago: long before the rest, since there are so many."""
    gone = announcing.forget_old(unit)
    return gone, 0 if gone else None


def _links(unit: Unit, age_ms: int, _after: int) -> tuple[int, int | None]:
    return unit.links.forget(age_ms), None


def _participants(unit: Unit, _age_ms: int, _after: int) -> tuple[int, int | None]:
    gone = unit.participants.forget_old(PARTICIPANTS_KEPT_MS, AT_ONCE)
    return gone, 0 if gone else None


def _survey_files(unit: Unit, _age_ms: int, _after: int) -> tuple[int, int | None]:
    """What nobody made a survey of within a day."""
    return unit.survey_files.forget_old(DAY_MS), None


def _visitors(unit: Unit, age_ms: int, after: int) -> tuple[int, int | None]:
    """A visitor's number is their user's and their chat's too, and is never given again."""
    gone, last = unit.web.prune_visitors(age_ms, after, VISITORS_AT_ONCE)
    for visitor in gone:
        known = unit.citizens.find("web", visitor, visitor)
        if known is not None:
            forget_answers(unit, known.citizen.id)
        unit.places.forget("web", visitor)
        unit.questions.forget("web", visitor)
        unit.votes.forget("web", visitor)
        forget_person(unit, "web", visitor, visitor)
        unit.citizens.forget("web", visitor)
        unit.chats.forget("web", visitor)
    return len(gone), last
