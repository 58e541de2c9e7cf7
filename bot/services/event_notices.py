"""Announces events of the programs by the clock, where their editor said so: once for each date that an event has.

An event that was cancelled is not announced, and one that was moved by its new date only.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import Final

from bot import content
from bot.errors import CitizenError
from bot.models import AnnouncementState, EventTimes
from bot.services import coming, events, occasion_notices, pictures, topics
from bot.services.audiences import Audience
from bot.services.by_itself import add_by_itself
from bot.services.coming import Coming
from bot.services.contents import Action, Content
from bot.services.occasion_notices import local, words
from bot.services.occasion_plans import CLOSES, LAST_HOUR, at, millis
from bot.store import Unit
from bot.store.events import Event

CHOICES: Final = (0, 1, 3)
"""So many days before an event its news may go."""
MORNING: Final = 9
EVENING: Final = 18
SHORTLY: Final = timedelta(hours=1)
BEHIND: Final = timedelta(days=7)
"""So far back it is looked for what was missed."""
MOST_UNDER_WAY: Final = 100
UNDER_WAY: Final = (
    AnnouncementState.PLANNED,
    AnnouncementState.QUEUING,
    AnnouncementState.RUNNING,
    AnnouncementState.PAUSED,
)
TOPICS: Final = {"joy": topics.SPORT}
"""The topics of kinds of events (`content/menu.toml`); of all others it is culture."""


@cache
def shipped() -> Coming:
    """The words in which events are told, for a job, which has no library."""
    return Coming(content.load("coming"))


def key_of(event: Event) -> str:
    return f"event:{event.id}:{event.plan.starts_at}"


def begins(event: Event) -> datetime:
    """When it begins; what lasts whole days is news until the evening of the first one."""
    start = coming.local(event.plan.starts_at)
    return at(start.date(), LAST_HOUR) if event.plan.times == EventTimes.DAYS else start


def due(event: Event) -> datetime:
    """When its news goes: in the evening of a day before, or in its own morning if it does not begin by then."""
    day, before = begins(event).date(), event.plan.announce or 0
    if before == 0 and at(day, MORNING) + SHORTLY <= begins(event):
        return at(day, MORNING)
    return at(day - timedelta(days=max(before, 1)), EVENING)


def announce(unit: Unit, told: Coming) -> dict[str, int]:
    """Let go the news that are due, and write down what was missed; how many of each."""
    now = local(unit.now)
    # What was entered late goes at once, but not at night.
    is_day = MORNING <= now.hour < LAST_HOUR
    _withdraw(unit)
    found = [event for event in unit.events.ahead(millis(now - BEHIND), events.MOST_AHEAD) if _is_news(event)]
    known = unit.announcements.known([key_of(event) for event in found])
    ahead = [event for event in found if key_of(event) not in known and due(event) <= now]
    sent = sum(_send(unit, told, event, now) for event in ahead if is_day and now < begins(event))
    missed = [event for event in ahead if begins(event) <= now and _miss(unit, told, event, now)]
    occasion_notices.tell_missed(
        unit,
        [
            words().text(
                "missed_down",
                what=words().button("event", title=event.plan.title),
                day=occasion_notices.day_named(begins(event).date(), now),
            )
            for event in missed
        ],
    )
    return {"events": sent, "events_missed": len(missed)}


def _withdraw(unit: Unit) -> None:
    """Whoever sleeps yet is not told of what does not take place any more, or not then."""
    for made in unit.announcements.under_way(MOST_UNDER_WAY):
        kind, _, number = (made.key or "").partition(":")
        event = unit.events.find(int(number.partition(":")[0])) if kind == "event" else None
        if event is not None and (event.cancelled or made.key != key_of(event)):
            unit.announcements.move(made.id, UNDER_WAY, AnnouncementState.CANCELLED)


def _is_news(event: Event) -> bool:
    return event.plan.announce is not None and not event.cancelled


def _send(unit: Unit, told: Coming, event: Event, now: datetime) -> bool:
    until = min(begins(event), at(now.date(), CLOSES))
    return _add(unit, event, _content(unit, told, event, now), until, AnnouncementState.PLANNED)


def _miss(unit: Unit, told: Coming, event: Event, now: datetime) -> bool:
    return _add(unit, event, Content(told.whole(event, now)), begins(event), AnnouncementState.MISSED)


def _add(unit: Unit, event: Event, said: Content, until: datetime, state: AnnouncementState) -> bool:
    topic = TOPICS.get(event.plan.kind, topics.CULTURE)
    audience = Audience(chosen_only=True)
    return add_by_itself(unit, key_of(event), said, topic=topic, audience=audience, until=until, state=state)


def _content(unit: Unit, told: Coming, event: Event, now: datetime) -> Content:
    link = event.plan.link
    buttons = (Action("link", words().button("link"), link),) if link else ()
    text = coming.stacked([words().text("event"), told.whole(event, now)])
    return Content(text, _files(unit, event), buttons)


def _files(unit: Unit, event: Event) -> tuple[str, ...]:
    """A picture that was lost keeps nobody from hearing of it."""
    if event.plan.photo is None:
        return ()
    try:
        return (pictures.published(unit, event.plan.photo),)
    except CitizenError:
        return ()
