"""What is sent of announcements, and to whom: rules for the moment of sending, which is done by `bot/broadcast.py`.

Nothing is decided for good when recipients are written down: until their turn comes a citizen may leave, go to bed or
have had enough.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from bot.models import AnnouncementState, RecipientState
from bot.services import announcements, topics
from bot.services.announcements import Announcement, Run, Sending
from bot.services.audiences import Audience
from bot.services.lunar import Lunar
from bot.services.quiet import ends, is_quiet
from bot.store import Unit
from bot.store.announcements import NewAnnouncement
from bot.store.recipients import Recipient

__all__ = ["Announcement", "Fate", "Run"]

WEEK_MS: Final = 7 * 24 * 3600 * 1000
NEAR_MS: Final = 10 * 24 * 3600 * 1000
"""No month moves so far, and none is so short."""
MOST_MISSED: Final = 400
"""Times of one series that are looked through at once."""
MOST_AT_ONCE: Final = 20
KEEP_MS: Final = 30 * 24 * 3600 * 1000
"""So long who got an announcement is kept; how many stays."""
SPAN: Final = 20_000
"""Citizens looked at in one statement when recipients are forgotten."""


class Fate(Enum):
    """What becomes of a recipient whose turn has come."""

    SEND = "send"
    QUIET = "quiet"
    """Not now."""
    GONE = RecipientState.GONE
    LEFT = RecipientState.LEFT
    HELD = RecipientState.HELD
    ANSWERED = RecipientState.ANSWERED


@dataclass(frozen=True, slots=True)
class Rules:
    """What counts for all recipients of an announcement. `topic`: its bit; `reminds`: of this survey."""

    topic: int
    urgent: bool
    wanted: bool
    """By everybody, without being asked: of an emergency, or what came of their own answers."""
    reminds: int | None = None

    @classmethod
    def of(cls, announcement: Announcement) -> "Rules":
        urgent = announcement.urgent
        whom = Audience.from_json(announcement.audience)
        wanted = urgent or announcement.topic == topics.EMERGENCY or whom.answered is not None
        return cls(topics.bit(announcement.topic), urgent, wanted, whom.unanswered)

    def fate(self, recipient: Recipient, now: datetime) -> Fate:
        """What becomes of somebody at this instant."""
        if recipient.gone:
            return Fate.GONE
        if recipient.left or recipient.refuses & self.topic:
            return Fate.LEFT
        if recipient.answered:
            return Fate.ANSWERED
        if not self.urgent and is_quiet(recipient.quiet, now):
            return Fate.QUIET
        if self.unsolicited(recipient) and _had_enough(recipient, now):
            return Fate.HELD
        return Fate.SEND

    def unsolicited(self, recipient: Recipient) -> bool:
        """Whether it is one of the few in a week that nobody asked for."""
        return not self.wanted and not recipient.wants & self.topic


def _had_enough(recipient: Recipient, now: datetime) -> bool:
    before = recipient.nudged_before
    return before is not None and before > int(now.timestamp() * 1000) - WEEK_MS


def wakes(recipient: Recipient, now: datetime) -> datetime:
    """When somebody who sleeps may be written to."""
    return ends(recipient.quiet, now)


# -- beginning and ending


def begin_due(
    unit: Unit, platforms: Sequence[str], lunar: Lunar, sending: Sending
) -> tuple[list[Announcement], list[int]]:
    """Begin what is due, or write down that it is too late; of a series make what is due.

    Returns what has to be approved first, since it would go to many by now, and the numbers of what was too late: of a
    series that of the last one.
    """
    grown: list[Announcement] = []
    missed: list[int] = []
    for found in unit.announcements.due(MOST_AT_ONCE):
        if found.repeat is not None:
            missed += _make_of_series(unit, found, lunar)[-1:]
        elif announcements.last_instant(found) <= unit.now:
            if unit.announcements.move(found.id, (AnnouncementState.PLANNED,), AnnouncementState.MISSED):
                missed.append(found.id)
        elif announcements.outgrew(unit, found, sending):
            if unit.announcements.move(found.id, (AnnouncementState.PLANNED,), AnnouncementState.WAITING):
                grown.append(found)
        elif unit.announcements.begin(found.id):
            whom = Audience.from_json(found.audience).whom(found.topic, live=sending.live)
            for platform in platforms:
                if not whom.platforms or platform in whom.platforms:
                    unit.announcements.add_run(found.id, platform)
    return grown, missed


def move_series(unit: Unit, lunar: Lunar) -> None:
    """A lunar month begins on another day than it did: what comes in it is due on its new day."""
    for found in unit.announcements.series():
        if json.loads(json.loads(found.repeat or "{}")["rule"])["calendar"] == "lunar":
            due_at = announcements.next_time(found, found.due_at - NEAR_MS, lunar)
            if due_at is not None and due_at != found.due_at:
                unit.announcements.put_off(found.id, due_at)


def _make_of_series(unit: Unit, series: Announcement, lunar: Lunar) -> list[int]:
    """What is due of it becomes an announcement of its own; what was due too long ago, one that was missed: these."""
    missed: list[int] = []
    held = unit.announcements.find(series.id, hold=True)
    if held is None or held.state != AnnouncementState.PLANNED:
        return missed  # cancelled at this very moment
    at: int | None = held.due_at
    for _ in range(MOST_MISSED):
        if at is None or at > unit.now:
            break
        coming = announcements.next_time(series, at, lunar)
        is_missed = _is_missed(unit.now, at, coming)
        made = _add_of_series(unit, series, at, is_missed=is_missed)
        if made is not None and is_missed:
            missed.append(made)
        at = coming
    if at is None:
        unit.announcements.move(series.id, (AnnouncementState.PLANNED,), AnnouncementState.DONE)
    else:
        unit.announcements.put_off(series.id, at)
    return missed


def _is_missed(now: int, at: int, coming: int | None) -> bool:
    """What comes every day does not come late in the night, an hour before it comes again."""
    is_nearer = coming is not None and coming - now < now - at
    return is_nearer or at + announcements.GOOD_FOR_MS <= now


def _add_of_series(unit: Unit, series: Announcement, at: int, *, is_missed: bool) -> int | None:
    return unit.announcements.add(
        NewAnnouncement(
            state=AnnouncementState.MISSED if is_missed else AnnouncementState.PLANNED,
            topic=series.topic,
            urgent=series.urgent,
            content=series.content,
            audience=series.audience,
            fingerprint=f"series:{series.id}",  # its being the same again is what was wanted
            due_at=at,
            key=f"series:{series.id}:{at}",
            made_by=series.made_by,
        )
    )


def queue(unit: Unit, number: int, run_id: int, size: int, *, live: bool) -> bool:
    """Write down recipients of a run among the next so many citizens; whether that was the last of them."""
    announcement = unit.announcements.find(number, hold=True)  # one piece after the other, whoever leads
    run = next((run for run in unit.announcements.runs(number) if run.id == run_id), None)
    if announcement is None or run is None or announcement.state != AnnouncementState.QUEUING or run.queued:
        return True
    last = unit.recipients.last_citizen()
    upto = min(run.queued_to + size, last)
    whom = Audience.from_json(announcement.audience).whom(announcement.topic, live=live)
    more = unit.recipients.queue(run_id, run.platform, whom, (run.queued_to, upto))
    unit.announcements.went_on(run_id, upto, more)
    if upto >= last:
        unit.announcements.queued(run_id)
    return upto >= last


def end_done(unit: Unit, announcement_id: int) -> bool:
    """It is done once it has ended on all platforms; whether it is."""
    runs = unit.announcements.runs(announcement_id)
    if not all(run.ended for run in runs):
        return False
    return unit.announcements.move(announcement_id, (AnnouncementState.RUNNING,), AnnouncementState.DONE)


def late(unit: Unit, run: Run, after: int, size: int) -> int | None:
    """Whoever waits still would get it too late: so many of them, after one citizen; the last one. None: that is all.

    They do not wait any more, so that nobody of them gets it when it is sent once more to others.
    """
    some = unit.recipients.in_state(run.id, RecipientState.WAITING, after, size)
    count = unit.recipients.move(run.id, RecipientState.WAITING, RecipientState.LATE, some)
    unit.announcements.count(run.id, "late", count)
    return some[-1] if some else None


def end_late(unit: Unit, run: Run) -> None:
    """Nobody waits any more; whoever was forgotten meanwhile is counted with those who did."""
    rest = run.total - sum(unit.announcements.counts_of(run.id).values())
    unit.announcements.count(run.id, "late", rest)
    unit.announcements.end_run(run.id)


# -- forgetting


def forget_old(unit: Unit, size: int = SPAN) -> int:
    """Forget some of those who got what ended a month ago; how many."""
    for run_id in unit.announcements.old_runs(KEEP_MS, 1):
        first = unit.recipients.first(run_id)
        if first is not None:
            return unit.recipients.forget_range(run_id, (first - 1, first - 1 + size))
    unit.announcements.forget_presses(KEEP_MS)
    return 0
