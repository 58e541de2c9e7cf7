"""Announcements, from the word of staff to their end; how they are sent is in `bot/broadcast.py`.

draft ─submit─► waiting ─approve─► planned ─due─► queuing ─► running ⇄ paused ─► done ─resend─► running
                   │  └─refuse─► refused   │          └────────┴─cancel─► cancelled
   few recipients: └───────────────────────┤ regret, cancel ─► cancelled;  too late ─► missed
   of a series: planned for ever, and each of its times makes another one

An announcement that goes at once waits a minute first, in which its author may think again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot import markup
from bot.clock import TEHRAN
from bot.errors import CitizenError
from bot.models import AnnouncementState, RecipientState
from bot.services import audit, staff
from bot.services.audiences import Audience
from bot.services.contents import Content
from bot.services.lunar import Lunar
from bot.services.proofreading import fingerprint
from bot.services.repeating import Repeat, following
from bot.services.staff import Member
from bot.store import Unit
from bot.store.announcements import Announcement, NewAnnouncement, Run

__all__ = ["Announcement", "AnnouncementState", "Plan", "Reach", "Report", "Run", "Sending"]

REGRET_MS: Final = 60_000
GOOD_FOR_MS: Final = 24 * 3600 * 1000
"""So long after it was due an announcement still goes out, if nobody says otherwise."""
ALIKE_MS: Final = 14 * GOOD_FOR_MS
AT_ONCE: Final = 1_000
"""Recipients in one statement."""
LARGEST: Final = 2**62
"""No announcement has such a number, and no database takes much larger ones."""
_UNSENT: Final = (AnnouncementState.WAITING, AnnouncementState.PLANNED)
_UNDER_WAY: Final = (AnnouncementState.QUEUING, AnnouncementState.RUNNING, AnnouncementState.PAUSED)


@dataclass(frozen=True, slots=True)
class Sending:
    """What the settings say of sending to many. `paces`: messages a second, by the platforms that are on.

    Not `live`: everything goes to staff only. More recipients than `approve_above` take a second person.
    """

    live: bool = False
    approve_above: int = 200
    paces: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be announced. `due`: None for at once; `until`: after that it is not sent any more."""

    content: Content
    topic: str = ""
    urgent: bool = False
    audience: Audience = field(default_factory=Audience)
    due: datetime | None = None
    until: datetime | None = None
    repeat: Repeat | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """How many citizens it would go to now, by platform, and how long that takes at the platforms' pace.

    `staff_only`: they are all of the staff, since the service is not live.
    """

    counts: Mapping[str, int]
    seconds: float
    staff_only: bool

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Report:
    """How far an announcement is. `ends`: how many recipients ended how, see `run_counts`; `pressed`: by button."""

    announcement: Announcement
    runs: tuple[Run, ...]
    ends: Mapping[str, int]
    pressed: Mapping[int, int]

    @property
    def total(self) -> int:
        return sum(run.total for run in self.runs)

    @property
    def waiting(self) -> int:
        """Recipients that nothing has been decided of."""
        return self.total - sum(self.ends.values())


def reach(unit: Unit, plan: Plan, sending: Sending) -> Reach:
    """How many it would go to now."""
    whom = plan.audience.whom(plan.topic, live=sending.live)
    found = unit.crowds.count(whom) if whom.answered is None else unit.recipients.count_answered(whom)
    counts = {
        of: found.get(of, 0) for of in sending.paces if not plan.audience.platforms or of in plan.audience.platforms
    }
    seconds = max((count / sending.paces[of] for of, count in counts.items()), default=0.0)
    return Reach(counts, seconds, not sending.live)


def alike(unit: Unit, plan: Plan) -> Announcement | None:
    """An announcement of late with the same words to the same audience."""
    whom, words = plan.audience.to_json(), fingerprint(markup.plain(plan.content.text))
    return next((one for one in unit.announcements.same(words, ALIKE_MS) if one.audience == whom), None)


# -- before it is sent


def needs_approval(found: Reach, sending: Sending) -> bool:
    """Whether it goes to so many that a second person has to look at it."""
    return found.total > sending.approve_above


def outgrew(unit: Unit, found: Announcement, sending: Sending) -> bool:
    """Whether it would go to so many by now, and nobody has looked at it, nor at its series.

    Topics are chosen and the service goes live while it is planned. What the calendar makes takes nobody.
    """
    if found.made_by is None or found.approved_by is not None or _is_of_approved_series(unit, found):
        return False
    plan = Plan(Content(()), found.topic, audience=Audience.from_json(found.audience))
    return needs_approval(reach(unit, plan, sending), sending)


def _is_of_approved_series(unit: Unit, found: Announcement) -> bool:
    kind, *numbers = (found.key or "").split(":")
    series = unit.announcements.find(int(numbers[0])) if kind == "series" else None
    return series is not None and series.approved_by is not None


def approvers(unit: Unit, author_id: int | None) -> list[Member]:
    """Who may approve what somebody wrote."""
    return [member for member in unit.staff.all() if staff.may(member.role, "manager") and member.id != author_id]


def submit(unit: Unit, plan: Plan, member: Member, sending: Sending) -> Announcement:
    """Plan it, or let it wait for approval.

    Raises `CitizenError`: "nobody" if it would reach none, "no_approver" if nobody could approve it.
    """
    found = reach(unit, plan, sending)
    if not found.total and plan.repeat is None:
        raise CitizenError("nobody")
    waits = needs_approval(found, sending)
    if waits and not approvers(unit, member.id):
        raise CitizenError("no_approver")
    due_at = unit.now if plan.due is None else _millis(plan.due)
    made = add(
        unit,
        plan,
        due_at=due_at if waits else max(due_at, unit.now + REGRET_MS),
        state=AnnouncementState.WAITING if waits else AnnouncementState.PLANNED,
        by=member.id,
    )
    if made is None:
        raise LookupError("an announcement without a key was there already")
    audit.note(unit, member, "announcement_submitted", _about(made), after=_told(made))
    return made


def add(  # noqa: PLR0913 - what a row holds beside the plan
    unit: Unit, plan: Plan, *, due_at: int, state: AnnouncementState, by: int | None = None, key: str | None = None
) -> Announcement | None:
    """Write one down. None: one of this key was made before."""
    number = unit.announcements.add(
        NewAnnouncement(
            state=state,
            topic=plan.topic,
            urgent=plan.urgent,
            content=json.dumps(plan.content.to_json()),
            audience=plan.audience.to_json(),
            fingerprint=fingerprint(markup.plain(plan.content.text)),
            due_at=due_at,
            until=None if plan.until is None else _millis(plan.until),
            key=key,
            made_by=by,
            repeat=None if plan.repeat is None else json.dumps({"first": due_at, "rule": plan.repeat.to_json()}),
        )
    )
    return None if number is None else unit.announcements.find(number)


def approve(unit: Unit, number: int, member: Member, lunar: Lunar) -> Announcement:
    """It may go, a minute from now at the earliest; a series whose first time is long over, the next time.

    Raises `CitizenError`: "gone"; "own" for what one wrote oneself; "decided" (by, approved) if somebody was quicker;
    "not_yours" for who may not.
    """
    found = _to_be_decided(unit, number, member)
    due_at = max(found.due_at, unit.now + REGRET_MS)
    if found.repeat is not None and last_instant(found) <= unit.now:
        due_at = next_time(found, due_at, lunar) or found.due_at
    unit.announcements.approve(number, member.id, due_at)
    audit.note(unit, member, "announcement_approved", _about(found))
    return _now(unit, number)


def refuse(unit: Unit, number: int, member: Member) -> Announcement:
    """It does not go. Raises as `approve`."""
    found = _to_be_decided(unit, number, member)
    unit.announcements.refuse(number, member.id)
    audit.note(unit, member, "announcement_refused", _about(found))
    return _now(unit, number)


def regret(unit: Unit, number: int, member: Member) -> Announcement:
    """Take back what has not begun: its author thinks again. Raises `CitizenError`: "gone", "not_yours", "begun"."""
    found = _held(unit, number)
    if found.made_by != member.id:
        raise CitizenError("not_yours")
    if found.state not in _UNSENT:
        raise CitizenError("gone" if found.began_at is None else "begun")
    unit.announcements.move(number, _UNSENT, AnnouncementState.CANCELLED)
    audit.note(unit, member, "announcement_regretted", _about(found))
    return _now(unit, number)


# -- while it is sent: whoever announces may stop whatever is wrong


def pause(unit: Unit, number: int, member: Member) -> Announcement:
    """Nothing more goes until somebody resumes it. Raises `CitizenError`: "gone", "not_running"."""
    return _move(unit, number, member, (AnnouncementState.RUNNING,), AnnouncementState.PAUSED, "announcement_paused")


def resume(unit: Unit, number: int, member: Member) -> Announcement:
    """It goes on; what had to be sent within a day has one more, what belongs to a day of its own has not.

    Raises `CitizenError`: "gone", "not_running", "too_late".
    """
    found = _held(unit, number)
    if found.state == AnnouncementState.PAUSED and last_instant(found) <= unit.now:
        if found.until is not None:
            raise CitizenError("too_late")
        unit.announcements.prolong(number, unit.now + GOOD_FOR_MS)
    return _move(unit, number, member, (AnnouncementState.PAUSED,), AnnouncementState.RUNNING, "announcement_resumed")


def cancel(unit: Unit, number: int, member: Member) -> Announcement:
    """Whoever has not got it does not. Raises `CitizenError`: "gone", "not_running"."""
    before = (*_UNSENT, *_UNDER_WAY)
    return _move(unit, number, member, before, AnnouncementState.CANCELLED, "announcement_cancelled")


def resend(unit: Unit, number: int, member: Member) -> Announcement:
    """Send once more to those of whom nobody knows whether they got it; some of them get it twice.

    Raises `CitizenError`: "gone", "not_running" if it has not ended, "none_unknown".
    """
    found = _held(unit, number)
    if found.state != AnnouncementState.DONE:
        raise CitizenError("not_running")
    if not sum(_wait_again(unit, run) for run in unit.announcements.runs(number)):
        raise CitizenError("none_unknown")
    own = found.until or 0  # as of an occasion, whose day ends before those who sleep wake up
    unit.announcements.reopen(number, own if own > unit.now else unit.now + GOOD_FOR_MS)
    audit.note(unit, member, "announcement_resent", _about(found))
    return _now(unit, number)


def _wait_again(unit: Unit, run: Run) -> int:
    """Whoever of a run may have got it waits for it once more; how many these are."""
    total, after = 0, 0
    while some := unit.recipients.in_state(run.id, RecipientState.UNKNOWN, after, AT_ONCE):
        after = some[-1]  # not from the first one again: there may be a million before
        total += unit.recipients.move(run.id, RecipientState.UNKNOWN, RecipientState.WAITING, some)
    if total:
        unit.announcements.count(run.id, "unknown", -total)
        unit.announcements.reopen_run(run.id)
    return total


# -- looking


def find(unit: Unit, number: int) -> Announcement:
    """Raises `CitizenError`: "gone"."""
    found = unit.announcements.find(number) if 0 < number < LARGEST else None
    if found is None:
        raise CitizenError("gone")
    return found


def report(unit: Unit, number: int) -> Report:
    """How far it is. Raises `CitizenError`: "gone"."""
    found = find(unit, number)
    ends = unit.announcements.counts(number)
    return Report(found, tuple(unit.announcements.runs(number)), ends, unit.presses.counts(number))


def last_instant(announcement: Announcement) -> int:
    """After this it is not sent any more."""
    return announcement.until if announcement.until is not None else announcement.due_at + GOOD_FOR_MS


def next_time(series: Announcement, after: int, lunar: Lunar) -> int | None:
    """When a series comes after an instant. None: no more."""
    told = json.loads(series.repeat or "{}")
    found = following(Repeat.from_json(told["rule"]), _local(told["first"]), _local(after), lunar)
    return None if found is None else _millis(found)


def _to_be_decided(unit: Unit, number: int, member: Member) -> Announcement:
    found = _held(unit, number)
    if not staff.may(member.role, "manager"):
        raise CitizenError("not_yours")
    if found.made_by == member.id:
        raise CitizenError("own")
    if found.state != AnnouncementState.WAITING:
        raise CitizenError("decided")
    return found


def _move(  # noqa: PLR0913, PLR0917 - from where, to where, and by whom
    unit: Unit,
    number: int,
    member: Member,
    before: tuple[AnnouncementState, ...],
    to: AnnouncementState,
    action: str,
) -> Announcement:
    found = _held(unit, number)
    if not unit.announcements.move(number, before, to):
        raise CitizenError("not_running")
    audit.note(unit, member, action, _about(found))
    return _now(unit, number)


def _held(unit: Unit, number: int) -> Announcement:
    found = unit.announcements.find(number, hold=True) if 0 < number < LARGEST else None
    if found is None:
        raise CitizenError("gone")
    return found


def _now(unit: Unit, number: int) -> Announcement:
    return find(unit, number)


def _about(announcement: Announcement) -> str:
    return f"announcement:{announcement.id}"


def _told(announcement: Announcement) -> dict[str, object]:
    return {"topic": announcement.topic, "urgent": announcement.urgent, "due_at": announcement.due_at}


def _millis(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def _local(millis: int) -> datetime:
    return datetime.fromtimestamp(millis / 1000, TEHRAN)
