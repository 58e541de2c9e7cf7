"""What staff are told of an announcement: what is set, how far it is, and how it ended.

`progress` and `under` are the message of a run, which is named `run:<id>` and changes while it is sent; `ended` the
report. What the announcement itself says is in `bot/services/contents.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.content import Wording
from bot.dates import date_in_words, instant_in_words
from bot.markup import Spans
from bot.outbox import Button, Keyboard
from bot.services import quoting
from bot.services.announcements import Announcement, AnnouncementState, Plan, Reach, Report
from bot.services.places import Place
from bot.services.topics import EMERGENCY

BAR: Final = 10
"""Signs of the bar."""
FAILED: Final = "failed:"
CAUSES: Final = ("flood", "timeout", "refused", "file", "ours")
"""Of failures, those that have words of their own."""
SHOWN: Final = 60
"""Letters of an announcement in a line."""
MINUTE_MS: Final = 60_000
HOUR_MINUTES: Final = 60
_UNDER_WAY: Final = (AnnouncementState.QUEUING, AnnouncementState.RUNNING, AnnouncementState.PAUSED)


@dataclass(frozen=True, slots=True)
class AnnouncementWords:
    """Describes announcements to staff. `words`: of `content/announcements.toml`, `choices`: of `content/choices.toml`."""

    words: Wording
    choices: Wording
    places: Mapping[str, Place]

    def topic(self, topic: str) -> str:
        """What citizens call a topic."""
        return self.choices.button(f"topic_{topic}") if topic else self.words.button("no_topic")

    def plan(self, plan: Plan, reach: Reach | None = None) -> Spans:
        """What is set beside the content, line by line. `reach`: how many it would go to now."""
        say = self.words.text
        urgent = plan.urgent and plan.topic == EMERGENCY
        parts = [say("line_urgent" if urgent else "line_topic", topic=self.topic(plan.topic)), *self._whom(plan)]
        if reach is not None:
            parts.append(self.reach(reach))
        if plan.due is None:
            parts.append(say("line_at_once"))
        else:
            parts.append(say("line_due", when=instant_in_words(int(plan.due.timestamp() * 1000))))
        if plan.repeat is not None:
            parts.append(say("line_repeat", every=self.words.button(f"every_{plan.repeat.every}")))
        if plan.repeat is not None and plan.repeat.until is not None:
            parts.append(say("line_repeat_until", day=date_in_words(plan.repeat.until)))
        if plan.content.buttons:
            parts.append(say("line_buttons", labels="، ".join(action.label for action in plan.content.buttons)))
        return tuple(span for part in parts for span in part)

    def reach(self, reach: Reach) -> Spans:
        """How many it goes to, where, and how long that takes."""
        say = self.words.text
        shown = {of: count for of, count in reach.counts.items() if count}
        where = "، ".join(self.words.button(f"on_{of}", count=count) for of, count in shown.items())
        if not shown:
            return say("line_nobody_staff" if reach.staff_only else "line_nobody")
        parts = say("line_reach", count=reach.total, where=where, lasts=lasting(self.words, reach.seconds))
        return parts + (say("line_staff_only") if reach.staff_only else ())

    def line(self, announcement: Announcement, text: str) -> Spans:
        """An announcement in a list: where it stands, when, and how it begins."""
        at = announcement.ended_at or announcement.began_at or announcement.due_at
        state = self.words.button(f"state_{state_of(announcement)}")
        return self.words.text("line", state=state, when=instant_in_words(at), text=quoting.quote(text, SHOWN))

    def _whom(self, plan: Plan) -> list[Spans]:
        whom, say = plan.audience, self.words.text
        parts = []
        if whom.neighbourhoods:
            names = [self.places[name].name if name in self.places else name for name in whom.neighbourhoods]
            parts.append(say("line_places", places="، ".join(names)))
        else:
            parts.append(say("line_everybody"))
        if whom.platforms:
            parts.append(
                say("line_platforms", platforms="، ".join(self.words.button(f"platform_{of}") for of in whom.platforms))
            )
        if whom.chosen_only and plan.topic:
            parts.append(say("line_chosen"))
        return parts


def state_of(announcement: Announcement) -> str:
    """Where it stands, as the keys of the content have it."""
    is_series = announcement.repeat is not None and announcement.state == AnnouncementState.PLANNED
    return "series" if is_series else announcement.state.name.lower()


# -- while it is sent


def progress(words: Wording, report: Report, now: int) -> Spans:
    """How far it is: a bar, what went how, how fast, how long still. `now`: milliseconds."""
    say, state = words.text, report.announcement.state
    if state not in _UNDER_WAY:
        return ended(words, report)
    if state == AnnouncementState.QUEUING or not report.total:
        return say("queuing", count=report.total)
    done = report.total - report.waiting
    share = done * 100 // report.total
    bar = "▓" * (share * BAR // 100) + "░" * (BAR - share * BAR // 100)
    head = "head_paused" if state == AnnouncementState.PAUSED else "head_running"
    parts = [say(head), say("bar", bar=bar, percent=share, done=done, total=report.total), *_outcomes(words, report)]
    minutes = (now - (report.announcement.began_at or now)) / MINUTE_MS
    if state == AnnouncementState.RUNNING and minutes > 0 and done:
        rate = max(1, round(done / minutes))
        parts.append(say("pace", rate=rate, left=lasting(words, report.waiting / (done / minutes) * 60)))
    return tuple(span for part in parts for span in part)


def under(words: Wording, report: Report) -> Keyboard:
    """What can be done to it now."""
    found, number = report.announcement, str(report.announcement.id)
    rows: list[list[str]] = []
    if found.state in {AnnouncementState.QUEUING, AnnouncementState.RUNNING}:
        rows = [["pause", "cancel"]] if found.state == AnnouncementState.RUNNING else [["cancel"]]
    elif found.state == AnnouncementState.PAUSED:
        rows = [["resume", "cancel"]]
    elif found.state == AnnouncementState.DONE and report.ends.get("unknown"):
        rows = [["resend"]]
    buttons = [[Button(words.button(f"do_{name}"), f"announcements:{name}:{number}") for name in row] for row in rows]
    if not rows or found.state == AnnouncementState.DONE:
        buttons.append([Button(words.button("do_list"), "announcements:room")])
    return Keyboard(inline=buttons)


# -- at the end


def ended(words: Wording, report: Report) -> Spans:
    """What became of it."""
    say, found = words.text, report.announcement
    parts = [say(f"ended_{found.state.name.lower()}"), *_outcomes(words, report)]
    if found.state not in {AnnouncementState.DONE, AnnouncementState.CANCELLED} or not report.total:
        return tuple(span for span in parts[0])
    if found.began_at is not None and found.ended_at is not None:
        parts.append(say("took", lasts=lasting(words, (found.ended_at - found.began_at) / 1000)))
    return tuple(span for part in parts for span in part)


def pressed(words: Wording, report: Report, labels: Mapping[int, str]) -> Spans:
    """How many pressed which button. `labels`: by its place; -1: whoever left by it."""
    known = [(labels[place], count) for place, count in sorted(report.pressed.items()) if place in labels]
    parts = [words.text("line_pressed", label=label, count=count) for label, count in known]
    left = report.pressed.get(-1, 0)
    parts += [words.text("line_pressed_leave", count=left)] if left else []
    return tuple(span for part in parts for span in part)


def _outcomes(words: Wording, report: Report) -> list[Spans]:
    """What went how, as far as there is something to say of it."""
    say, ends = words.text, report.ends
    parts = [say("line_sent", count=ends.get("sent", 0))]
    for end in ("gone", "left", "held", "late", "unknown", "dropped"):
        if count := ends.get(end, 0):
            parts.append(say(f"line_{end}", count=count))
    for end, count in sorted(ends.items()):
        if end.startswith(FAILED) and count:
            parts.append(say("line_failed", count=count, why=_cause(words, end.removeprefix(FAILED))))
    return parts


def _cause(words: Wording, cause: str) -> str:
    return words.button(f"cause_{cause}") if cause in CAUSES else words.button("cause_other")


def lasting(words: Wording, seconds: float) -> str:
    """So long, in words: «کمتر از یک دقیقه», «حدود ۳ دقیقه»."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return words.button("lasts_short")
    if minutes < 2 * HOUR_MINUTES:
        return words.button("lasts_minutes", minutes=minutes)
    return words.button("lasts_hours", hours=round(minutes / HOUR_MINUTES))
