"""Who is told what when something happens to a case: its citizen, who follows it, its desk, its owner, the managers.

Messages are only written here: they leave with the turn, or the job, that made the change.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot import markup, outbox
from bot.content import Wording
from bot.dates import day_in_words
from bot.markup import Spans
from bot.outbox import Address, Button, Keyboard
from bot.services import codes, quoting, staff
from bot.services.cards import Cards
from bot.services.cases import JUDGED, TALK, Case, Change, Peek
from bot.services.masking import mask_phones, without_person
from bot.store import Unit
from bot.store.desks import Desk
from bot.store.files import File
from bot.store.outbox import Outgoing

SHOWN: Final = 1000
"""Letters of what somebody said that others are shown."""
MOST_FOLLOWERS: Final = 200
"""Told in the transaction of the change; more follow no case."""
CITIZENS: Final = frozenset({
    "taken", "asked", "said", "planned", "answered", "fixed", "not_ours", "no_action", "duplicate", "forwarded",
    "opened", "surveyed", "gist",
})  # fmt: skip
"""What its citizen is told. What they did themselves is answered by the conversation in which they did it."""
SPOKEN: Final = frozenset({"taken", "asked", "said", "answered", "fixed", "no_action", "not_ours"})
"""What is said otherwise to somebody who talks with the staff: no codes, no states."""
CLOSED: Final = frozenset({"answered", "fixed", "not_ours", "no_action"})
FOLLOWERS: Final = CLOSED | {"planned", "withdrawn", "reopened", "raised", "opened"}
DESKS: Final = frozenset({"added", "half", "withdrawn", "verdict", "reopened", "raised", "ended", "confirmed"})
LOST: Final = frozenset({"withdrawn", "reopened", "raised"})
"""With which its citizen takes a case from its owner."""
QUIET: Final = frozenset({"note", "surveyed"})
"""What changes nothing that a card shows."""


@dataclass(frozen=True, slots=True)
class News:
    """Writes the messages. `words`: of `content/news.toml`."""

    words: Wording
    cards: Cards

    def of(self, unit: Unit, change: Change) -> list[Outgoing]:
        """All messages about a change."""
        return [
            *self._to_desk(unit, change),
            *self._to_citizen(unit, change),
            *self._to_followers(unit, change),
            *self._to_members(unit, change),
            *self._to_owner(unit, change),
            *self._to_managers(unit, change),
        ]

    def state(self, case: Case) -> Spans:
        """Where it stands, as its citizen reads it."""
        return self.words.text(f"state_{case.state.name.lower()}")

    def state_of_others(self, case: Peek) -> Spans:
        """The same for somebody whose case it is not."""
        key = f"others_{case.state.name.lower()}"
        return self.words.text(key if key in self.words.texts else f"state_{case.state.name.lower()}")

    def verdicts(self, case: Case) -> list[Button]:
        """The three words that a citizen has about an end."""
        return [Button(self.words.button(key), f"verdict:{key}:{case.id}") for key in ("fixed", "half", "not_fixed")]

    def asks(self, case: Case) -> bool:
        """Whether its citizen is asked what they think of this end."""
        kind = self.cards.categories.kinds.get(case.kind)
        return case.state in JUDGED and kind is not None and kind.asks_verdict

    # -- to its citizen

    def _to_citizen(self, unit: Unit, change: Change) -> Iterator[Outgoing]:
        case, event = change.case, change.event
        if case.platform is None or case.chat_id is None or event.kind not in CITIZENS:
            return
        to = Address(case.platform, case.chat_id)
        yield from _send(
            to, self._told(unit, change), self._under(case, event.kind), self._files(unit, change), f"own:{case.id}"
        )

    def _told(self, unit: Unit, change: Change) -> Spans:
        case, event = change.case, change.event
        fields = {"code": codes.shown(case.code), "text": event.text or "", "day": day_in_words(case.due_at)}
        key = event.kind
        if case.kind == TALK and key in SPOKEN:
            return self.words.text(f"talk_{key}", **fields)
        if key == "planned" and event.text:
            key = "planned_why"
        elif key == "fixed" and event.text:
            key = "fixed_why"
        elif key == "said" and not event.text:
            key = "said_files"
        elif key == "duplicate":
            other = unit.cases.find(case.same_as) if case.same_as is not None else None
            fields["other"] = codes.shown(other.code) if other is not None else ""
        elif key == "surveyed":
            fields["category"] = self.cards.category(case)
        told = self.words.text(key, **fields)
        return (*told, *self.words.text("is_it")) if event.kind in CLOSED and self.asks(case) else told

    def _under(self, case: Case, kind: str) -> Keyboard:
        if case.kind == TALK:
            end = [Button(self.words.button("end"), "person:end")] if case.is_open else []
            return Keyboard(inline=[end] if end else [])
        see = [Button(self.words.button("see"), f"mine:show:{case.id}")]
        if kind == "surveyed" or (kind in CLOSED and self.asks(case)):
            return Keyboard(inline=[self.verdicts(case), see])
        if kind == "gist":
            right = Button(self.words.button("right"), f"mine:right:{case.id}")
            return Keyboard(inline=[[right, Button(self.words.button("wrong"), f"mine:add:{case.id}")]])
        if kind in {"asked", "said"} and case.is_open:
            return Keyboard(inline=[[Button(self.words.button("answer"), f"mine:add:{case.id}")], see])
        return Keyboard(inline=[see])

    # -- to who follows it

    def _to_followers(self, unit: Unit, change: Change) -> Iterator[Outgoing]:
        case, event = change.case, change.event
        if event.kind not in FOLLOWERS:
            return
        key = {
            "planned": "follow_planned", "answered": "follow_answered", "fixed": "follow_fixed",
            "withdrawn": "follow_withdrawn", "not_ours": "follow_closed", "no_action": "follow_closed",
        }.get(event.kind, "follow_open")  # fmt: skip
        text = self.words.text(
            key,
            code=codes.shown(case.code),
            text=without_person(event.text or "", case.name),
            day=day_in_words(case.due_at),
            state=markup.plain(self.state(case)),
        )
        under = Keyboard(inline=[[Button(self.words.button("leave"), f"mine:leave:{case.id}")]])
        for who in unit.followers.of(case.id, MOST_FOLLOWERS):
            yield from _send(Address(who.platform, who.chat_id), text, under)

    # -- to staff

    def _to_desk(self, unit: Unit, change: Change) -> Iterator[Outgoing]:
        """Its card, anew or in its place; what the citizen did besides, in a message of its own."""
        case, event, before = change.case, change.event, change.before
        desk = unit.desks.get(case.desk_id) if case.desk_id is not None else None
        if before is not None and before.desk_id is not None and before.desk_id != case.desk_id:
            left = unit.desks.get(before.desk_id)
            if left is not None:
                moved = self.cards.moved_on(case, "" if desk is None else desk.title)
                yield _card(_at(left), case, moved, Keyboard())
        if desk is None:
            return
        if event.kind not in QUIET:
            yield _card(_at(desk), case, *self.cards.of_desk(unit, case))
        if before is None or before.desk_id != case.desk_id:
            yield from _send(_at(desk), (), Keyboard(), self.all_files(unit, case), f"said:{case.id}")
        elif event.kind in DESKS:
            name = f"said:{case.id}"
            yield from _send(_at(desk), self._to_staff(change, hide=True), Keyboard(), self._files(unit, change), name)

    def _to_members(self, unit: Unit, change: Change) -> Iterator[Outgoing]:
        """Whoever works at the desk from elsewhere, such as the page, does not see its group: a new case is said."""
        case, before = change.case, change.before
        desk = unit.desks.get(case.desk_id) if case.desk_id is not None else None
        if desk is None or (before is not None and before.desk_id == case.desk_id):
            return
        text = self.words.text("to_members_new", code=codes.shown(case.code), category=self.cards.category(case))
        for member in unit.desk_members.of_desk(desk.id):
            if member.platform != desk.platform and member.id != change.event.member_id:
                under = Keyboard(inline=[[self._card_button(case)]])
                yield from _send(Address(member.platform, member.user_id), text, under, logical=f"said:{case.id}")

    def _to_owner(self, unit: Unit, change: Change) -> Iterator[Outgoing]:
        """In private: the owner may work there, on another platform than the desk, or on the page.

        Whoever had it until now is told why it is theirs no more.
        """
        case, event, before = change.case, change.event, change.before
        owner = case.owner_id
        if owner is None and event.kind in LOST and before is not None:
            owner = before.owner_id
        # Of a closed case the owner may have left since, or work elsewhere.
        member = unit.staff.here(owner) if owner is not None and event.kind in DESKS | {"assigned"} else None
        if member is None or member.id == event.member_id or not staff.works_at(unit, member, case.desk_id):
            return
        told = (
            self.words.text("to_owner_assigned", code=codes.shown(case.code))
            if event.kind == "assigned"
            else self._to_staff(change, hide=False)
        )
        say = [[self._say_button(case)]] if event.kind == "added" and case.is_open else []
        under = Keyboard(inline=[*say, [self._card_button(case)]])
        yield from _send(
            Address(member.platform, member.user_id), told, under, self._files(unit, change), f"said:{case.id}"
        )

    def _to_managers(self, unit: Unit, change: Change) -> Iterator[Outgoing]:
        case, event = change.case, change.event
        if event.kind == "raised":
            key = "to_managers_raised"
        elif case.desk_id is None and event.kind in {"filed", "reopened"}:
            key = "to_managers_homeless"
        else:
            return
        text = self.words.text(key, code=codes.shown(case.code), category=self.cards.category(case))
        for member in unit.staff.all():
            if member.role in {"manager", "admin"}:
                under = Keyboard(inline=[[self._card_button(case)]])
                yield from _send(Address(member.platform, member.user_id), text, under, logical=f"said:{case.id}")

    def _to_staff(self, change: Change, *, hide: bool) -> Spans:
        case, event = change.case, change.event
        key = event.kind
        if key == "verdict":
            key = f"verdict_{case.verdict}"
        elif key in {"added", "half"} and not event.text:
            key = "files"
        said = mask_phones(event.text or "") if hide else event.text
        return self.words.text(f"to_staff_{key}", code=codes.shown(case.code), text=_quoted(said))

    def _card_button(self, case: Case) -> Button:
        return Button(self.words.button("card"), f"case:show:{case.id}")

    def _say_button(self, case: Case) -> Button:
        """On the page nobody can reply to a message."""
        return Button(self.words.button("say"), f"case_words:want:{case.id}.say")

    # -- files

    def _files(self, unit: Unit, change: Change) -> list[File]:
        """Those that came with this change."""
        return _found(unit, [key for key, event in unit.case_log.files(change.case.id) if event == change.event.id])

    def all_files(self, unit: Unit, case: Case) -> list[File]:
        """Those of its citizen and of staff, in the order in which they came."""
        return _found(unit, [key for key, _ in unit.case_log.files(case.id)])


def _found(unit: Unit, keys: Sequence[str]) -> list[File]:
    files = unit.files.find(keys) if keys else {}
    return [files[key] for key in keys if key in files]


def _at(desk: Desk) -> Address:
    return Address(desk.platform, desk.chat_id, desk.thread_id)


def _card(to: Address, case: Case, text: Spans, keyboard: Keyboard) -> Outgoing:
    """An edit of what was never sent is sent: so the first card and the next are written alike."""
    *_, body = outbox.named_bodies(text, keyboard, thread=to.thread_id)
    return Outgoing(to.platform, to.chat_id, "edit", body, logical=f"card:{case.id}")


def _send(
    to: Address, text: Spans, keyboard: Keyboard, files: Sequence[File] = (), logical: str | None = None
) -> Iterator[Outgoing]:
    if not text and not files:
        return
    made = outbox.bodies if logical is None else outbox.named_bodies
    for body in made(text, keyboard, files, to.thread_id):
        yield Outgoing(to.platform, to.chat_id, "send", body, logical=logical)


def _quoted(text: str | None) -> str:
    """What somebody said, in one plain line."""
    return quoting.quote(text or "", SHOWN)
