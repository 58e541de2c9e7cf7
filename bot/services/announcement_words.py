"""What staff are told of an announcement: what is set, how far it is, and how it ended.

`progress` with `under` is the message of a run, which is named `run:<id>` and changes as it is sent; in the end it is
the report. What the announcement itself says is in `bot/services/contents.py`.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot import markup
from bot.clock import TEHRAN
from bot.content import Wording
from bot.dates import date_in_words, instant_in_words
from bot.markup import Spans
from bot.outbox import Button, Keyboard
from bot.services import jalali, quoting
from bot.services.announcements import Announcement, AnnouncementState, Plan, Reach, Report
from bot.services.contents import LEFT, Content
from bot.services.places import Place
from bot.services.topics import EMERGENCY

BAR: Final = 10
"""Signs of the bar."""
FAILED: Final = "failed:"
_CAUSES: Final = {
    "ours": re.compile(r"^ours$"),
    "file": re.compile(r"file|photo|media|upload|too (?:big|large)|entity", re.IGNORECASE),
    "flood": re.compile(r"too many|flood|retry", re.IGNORECASE),
    "timeout": re.compile(r"time|network|connect|gateway|unavailable", re.IGNORECASE),
    "refused": re.compile(r"bad request|forbidden|not found|refused", re.IGNORECASE),
}
"""What platforms say of failures, by the word that staff read."""
SHOWN: Final = 60
"""Letters of an announcement in a line."""
HOUR_MINUTES: Final = 60
MINUTE_MS: Final = 60_000
_UNDER_WAY: Final = (AnnouncementState.QUEUING, AnnouncementState.RUNNING, AnnouncementState.PAUSED)


@dataclass(frozen=True, slots=True)
class AnnouncementWords:
    """Describes announcements to staff. `words`, `choices`: of the content files `announcements` and `choices`."""

    words: Wording
    choices: Wording
    places: Mapping[str, Place]

    def topic(self, topic: str) -> str:
        """What citizens call a topic."""
        return self.choices.buttons[f"topic_{topic}"] if topic else self.words.button("no_topic")

    def plan(self, plan: Plan, reach: Reach | None = None) -> Spans:
        """What is set beside the content, line by line. `reach`: how many it would go to now."""
        say = self.words.text
        urgent = plan.urgent and plan.topic == EMERGENCY
        parts = [say("line_urgent" if urgent else "line_topic", topic=self.topic(plan.topic)), self.whom(plan)]
        if reach is not None:
            parts.append(self.reach(reach))
        if plan.due is None:
            parts.append(say("line_at_once"))
        else:
            parts.append(say("line_due", when=self.instant(plan.due)))
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

    def line(self, place: int, announcement: Announcement) -> Spans:
        """An announcement in a list: where it stands, when, and how it begins."""
        text = markup.plain(Content.from_json(json.loads(announcement.content)).text)
        at = announcement.ended_at or announcement.began_at or announcement.due_at
        state = self.words.button(f"state_{state_of(announcement)}")
        return self.words.text(
            "line", place=place, state=state, when=instant_in_words(at), text=quoting.quote(text, SHOWN)
        )

    def whom(self, plan: Plan) -> Spans:
        """The audience."""
        whom, say = plan.audience, self.words.text
        if whom.neighbourhoods:
            names = [self.places[name].name if name in self.places else name for name in whom.neighbourhoods]
            text = say("line_places", places="، ".join(names))
        else:
            text = say("line_everybody")
        if whom.platforms:
            text += say("line_platforms", platforms="، ".join(map(self.platform, whom.platforms)))
        text += say("line_answered") if whom.answered is not None else ()
        text += say("line_unanswered") if whom.unanswered is not None else ()
        return text + (say("line_chosen") if whom.chosen_only and plan.topic else ())

    def instant(self, at: datetime) -> str:
        """«شنبه ۱ آذر ۱۴۰۵، ۱۰:۰۵»."""
        return self.millis(int(at.timestamp() * 1000))

    def millis(self, at: int) -> str:
        """The same, of an instant as it is stored."""
        weekday = jalali.WEEKDAYS[jalali.weekday(datetime.fromtimestamp(at / 1000, TEHRAN).date())]
        return f"{weekday} {instant_in_words(at)}"

    def platform(self, platform: str) -> str:
        """What staff call a messenger."""
        return self.words.button(f"platform_{platform}")


def state_of(announcement: Announcement) -> str:
    """Where it stands, as the keys of the content have it."""
    is_series = announcement.repeat is not None and announcement.state == AnnouncementState.PLANNED
    return "series" if is_series else announcement.state.name.lower()


# -- while it is sent, and at the end


def progress(words: Wording, report: Report, now: int) -> Spans:
    """How far it is; after its end, the report. `now`: milliseconds."""
    found, total = report.announcement, report.total
    if found.state not in _UNDER_WAY:
        return ended(words, report)
    if found.state == AnnouncementState.QUEUING:
        return words.text("queuing", count=total)
    done = total - report.waiting
    share = done * 100 // total if total else 0
    bar = "▓" * (share * BAR // 100) + "░" * (BAR - share * BAR // 100)
    is_paused = found.state == AnnouncementState.PAUSED
    text = words.text("head_paused" if is_paused else "head_running")
    text += words.text("bar", bar=bar, percent=share, done=done, total=total) + _outcomes(words, report)
    rate = done / max(1, now - (found.began_at or now)) * MINUTE_MS
    if rate >= 1 and not is_paused and report.waiting:
        text += words.text("pace", rate=round(rate), left=lasting(words, report.waiting / rate * 60))
    return text


def under(words: Wording, report: Report) -> Keyboard:
    """What can be done to it now."""
    found, number = report.announcement, str(report.announcement.id)
    names = {
        AnnouncementState.QUEUING: ["cancel"],
        AnnouncementState.RUNNING: ["pause", "cancel"],
        AnnouncementState.PAUSED: ["resume", "cancel"],
        AnnouncementState.DONE: ["resend"] if report.ends.get("unknown") else [],
    }.get(found.state, [])
    row = [Button(words.button(f"do_{name}"), f"announcements:{name}:{number}") for name in names]
    more = [Button(words.button("do_open"), f"announcements:one:{number}")]
    return Keyboard(inline=[row, more] if row else [more])


def ended(words: Wording, report: Report) -> Spans:
    """What became of it; or that it has not begun."""
    found = report.announcement
    text = words.text(f"ended_{found.state.name.lower()}")
    # What is done says that it reached nobody; a series is never sent itself.
    if not report.total and (found.state != AnnouncementState.DONE or found.began_at is None):
        return text
    text += _outcomes(words, report)
    if found.began_at is None or found.ended_at is None:
        return text
    return text + words.text("took", lasts=lasting(words, (found.ended_at - found.began_at) / 1000))


def pressed(words: Wording, report: Report, labels: Mapping[int, str]) -> Spans:
    """How many pressed which button, and how many left by the one that every announcement has.

    `labels`: by place, without links, of which nobody hears.
    """
    text: Spans = ()
    for place, label in labels.items():
        text += words.text("line_pressed", label=label, count=report.pressed.get(place, 0))
    left = report.pressed.get(LEFT, 0)
    return text + words.text("line_pressed_leave", count=left) if left else text


def _outcomes(words: Wording, report: Report) -> Spans:
    """What went how, as far as there is something to say of it."""
    text = words.text("line_sent", count=report.ends.get("sent", 0))
    for end in ("gone", "left", "answered", "held", "late", "unknown", "dropped"):
        if count := report.ends.get(end, 0):
            text += words.text(f"fate_{end}", count=count)
    failed: Counter[str] = Counter()
    for end, count in report.ends.items():
        if end.startswith(FAILED):
            failed[_cause(end.removeprefix(FAILED))] += count
    for cause, count in failed.most_common():
        text += words.text("line_failed", why=words.button(f"cause_{cause}"), count=count)
    return text


def _cause(reason: str) -> str:
    return next((cause for cause, said in _CAUSES.items() if said.search(reason)), "other")


def lasting(words: Wording, seconds: float) -> str:
    """So long, in words: «کمتر از یک دقیقه», «حدود ۳ دقیقه»."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return words.button("lasts_short")
    if minutes < 2 * HOUR_MINUTES:
        return words.button("lasts_minutes", minutes=minutes)
    return words.button("lasts_hours", hours=round(minutes / HOUR_MINUTES))
