"""An announcement being composed: what was gathered so far. How what is typed is read: `typed.py`.

It stands in the memory of the conversation (`handlers/announce*.py`) and in a table of its own, which outlives it. A
service knows no `Turn`; `Step` is what of one is needed here.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, Final, Protocol, Self

from bot import markup
from bot.clock import TEHRAN
from bot.content import Wording
from bot.errors import CitizenError
from bot.incoming import Attachment
from bot.markup import Span, Spans
from bot.models import FileState
from bot.outbox import CAPTION_LIMIT, MOST_TOGETHER
from bot.services import invitations, topics
from bot.services.announcements import REGRET_MS, Announcement, Plan
from bot.services.audiences import Audience
from bot.services.contents import KINDS, Action, Content, Kind
from bot.services.repeating import Repeat
from bot.store import Unit
from bot.store.staff import Member
from bot.store.surveys import Row

KEPT_MS: Final = 7 * 24 * 3600 * 1000
"""So long a draft is offered again."""
FILES_MOST: Final = MOST_TOGETHER
BUTTONS_MOST: Final = 4
LABEL_MOST: Final = 30


@dataclass(slots=True)
class Draft:
    """What was gathered, as JSON values.

    `begun` names the draft. `buttons`: as in `Content`. `due`, `until`: milliseconds, none for at once and for as long
    as usual; `repeat`: JSON. `survey`: the number of the survey that it asks, whose words and buttons these are;
    `answered`: of the survey whose answerers alone it is for.
    """

    begun: int = 0
    text: str = ""
    files: list[str] = field(default_factory=list)
    buttons: list[dict[str, Any]] = field(default_factory=list)
    topic: str = ""
    urgent: bool = False
    platforms: list[str] = field(default_factory=list)
    neighbourhoods: list[str] = field(default_factory=list)
    chosen_only: bool = False
    due: int | None = None
    until: int | None = None
    repeat: str | None = None
    survey: int = 0
    answered: int = 0

    def to_json(self) -> dict[str, Any]:
        """As it is kept: without what is nothing."""
        return {key: value for key, value in asdict(self).items() if value or key == "begun"}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**{part.name: stored[part.name] for part in fields(cls) if part.name in stored})

    @property
    def token(self) -> str:
        """Names the draft as it stands, so that a button under an older check sends nothing."""
        return f"{self.begun}.{zlib.crc32(json.dumps(self.to_json(), sort_keys=True).encode()):x}"

    @property
    def is_worth_keeping(self) -> bool:
        """Whether somebody would miss it."""
        return bool(self.text or self.files)

    @property
    def spans(self) -> Spans:
        """The text as it is sent: what staff type is never read as markup."""
        return (Span("", self.text),) if self.text else ()

    @property
    def actions(self) -> tuple[Action, ...]:
        return tuple(Action(**button) for button in self.buttons)

    @property
    def due_at(self) -> datetime | None:
        """When it goes; None: at once."""
        return _instant(self.due)

    @property
    def is_apart(self) -> bool:
        """Whether text and files become several messages, since no platform shows them in one with buttons."""
        return bool(self.text and self.files) and (len(self.files) > 1 or len(self.text) > CAPTION_LIMIT)


def plan(draft: Draft) -> Plan:
    """What is announced if it is sent as it stands."""
    audience = Audience(
        tuple(draft.platforms), tuple(draft.neighbourhoods), draft.chosen_only, answered=draft.answered or None
    )
    return Plan(
        Content(draft.spans, tuple(draft.files), draft.actions),
        draft.topic,
        draft.urgent,
        audience,
        draft.due_at,
        _instant(draft.until),
        None if draft.repeat is None else Repeat.from_json(draft.repeat),
    )


def plan_of(announcement: Announcement) -> Plan:
    """What was announced. It went at once if it was due as soon as it was made."""
    at_once = announcement.due_at - announcement.made_at <= REGRET_MS and announcement.repeat is None
    return Plan(
        Content.from_json(json.loads(announcement.content)),
        announcement.topic,
        announcement.urgent,
        Audience.from_json(announcement.audience),
        None if at_once else _instant(announcement.due_at),
        _instant(announcement.until),
        None if announcement.repeat is None else Repeat.from_json(_rule(announcement.repeat)),
    )


def of_announcement(announcement: Announcement, now: int) -> Draft:
    """An announcement as a new draft. It keeps its time if that is still ahead."""
    stored = plan_of(announcement)
    later = announcement.due_at > now + REGRET_MS
    return Draft(
        begun=now,
        text=markup.plain(stored.content.text),
        files=list(stored.content.files),
        buttons=[asdict(action) for action in stored.content.buttons if action.kind in KINDS],
        topic=stored.topic,
        urgent=stored.urgent,
        platforms=list(stored.audience.platforms),
        neighbourhoods=list(stored.audience.neighbourhoods),
        chosen_only=stored.audience.chosen_only,
        due=announcement.due_at if later else None,
        until=announcement.until if later else None,
        repeat=_rule(announcement.repeat) if later and announcement.repeat is not None else None,
        answered=stored.audience.answered or 0,
    )


def asking(draft: Draft, row: Row, words: Wording) -> Draft:
    """The draft with the words and buttons of a survey as it is at this moment. Raises `Faults`: it is unfinished."""
    return replace(
        draft,
        survey=row.id,
        text=markup.plain(invitations.wording(row, words)),
        buttons=[asdict(action) for action in invitations.actions(row, words)],
        until=row.closes_at,
        repeat=None,
    )


def _rule(repeat: str) -> str:
    """How it comes again, of what stands in the table."""
    return str(json.loads(repeat)["rule"])


def day(millis: int) -> date:
    """The day of an instant in Tehran."""
    return datetime.fromtimestamp(millis / 1000, TEHRAN).date()


def _instant(millis: int | None) -> datetime | None:
    return None if millis is None else datetime.fromtimestamp(millis / 1000, TEHRAN)


# -- kept


class Step(Protocol):
    """A turn, as far as composing needs it."""

    unit: Unit
    memory: dict[str, Any]
    argument: str

    @property
    def member(self) -> Member | None: ...

    def visit(self, talk: str, action: str, argument: str = "") -> None: ...


def found(turn: Step) -> Draft | None:
    """What is being composed; or what was left, since its buttons still stand in the chat."""
    stored = turn.memory.get("draft") or turn.unit.announcement_drafts.find(_me(turn), KEPT_MS)
    return None if stored is None else Draft.from_json(stored)


def opened(turn: Step) -> Draft:
    """The same, with its editor standing in the conversation.

    Raises `CitizenError` in the words of `announce`: "no_draft" if there is none.
    """
    argument = turn.argument
    turn.visit("announce", "open")
    turn.argument = argument
    return Draft.from_json(turn.memory["draft"])


def keep(turn: Step, draft: Draft) -> None:
    """What was gathered so far outlives whatever happens now. Anything else in the memory is over."""
    turn.memory = {"draft": draft.to_json()}
    turn.unit.announcement_drafts.keep(_me(turn), draft.to_json())


def drop(turn: Step) -> None:
    turn.memory = {}
    turn.unit.announcement_drafts.drop(_me(turn))


def _me(turn: Step) -> int:
    if turn.member is None:
        raise LookupError("reached by staff only")
    return turn.member.id


# -- taken in


def room_for(draft: Draft, files: Sequence[Attachment]) -> int:
    """How many of these files there is room for."""
    return max(0, min(len(files), FILES_MOST - len(draft.files)))


def add_button(draft: Draft, kind: Kind, label: str, target: str) -> None:
    """Raises `CitizenError`: "many_buttons" (limit), "label_long" (limit), "same_button"."""
    if len(draft.buttons) >= BUTTONS_MOST:
        raise CitizenError("many_buttons", limit=BUTTONS_MOST)
    shown = " ".join(label.split())
    if not shown or len(shown) > LABEL_MOST:
        raise CitizenError("label_long", limit=LABEL_MOST)
    made = asdict(Action(kind, shown, target))
    if any((made["kind"], made["target"]) == (button["kind"], button["target"]) for button in draft.buttons):
        raise CitizenError("same_button")
    draft.buttons.append(made)


def choose_topic(draft: Draft, topic: str) -> None:
    """One of the topics, or none. What counts only for the one before does not any more."""
    if topic and topic not in topics.TOPICS:
        raise CitizenError("choose")
    draft.topic = topic
    if topic != topics.EMERGENCY:
        draft.urgent = False
    if not topic:
        draft.chosen_only = False


def toggle(chosen: list[str], one: str) -> None:
    """Choose it, or do not any more."""
    if one in chosen:
        chosen.remove(one)
    else:
        chosen.append(one)


def lost_files(unit: Unit, draft: Draft) -> bool:
    """Whether one of its files could not be fetched, or is forgotten."""
    there = unit.files.find(draft.files) if draft.files else {}
    return any(key not in there or there[key].state == FileState.MISSING for key in draft.files)


def keep_files(unit: Unit, draft: Draft) -> None:
    """They stay as long as anybody may want to see the announcement, whoever sent them."""
    if draft.files:
        unit.files.adopt(draft.files)
