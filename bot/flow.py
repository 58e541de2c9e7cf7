"""What a step sees: its `Turn`, and in it the `Library`.

How steps are registered is in `bot/conversation.py`, which one an update reaches in `bot/talks.py`.

A step is a plain function of its `Turn`. It neither sends nor commits nor waits: what it says is stored with
everything else in the turn's one transaction, and leaves after the commit (`bot/switchboard.py`).

A citizen is in at most one conversation: their place is one value in the database, and a command moves it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot import markup, outbox
from bot.answers import Answers, Reply
from bot.content import Wording, key_of
from bot.conversation import Conversation, Step, data
from bot.errors import CitizenError
from bot.grown import Trouble
from bot.incoming import Attachment, Contact, Draft, Incoming, Spot
from bot.knowledge import Entry
from bot.markup import Spans
from bot.models import FileState
from bot.outbox import NO_KEYBOARD, Address, Button, Keyboard
from bot.screens import Screen, Screens, kinds_of
from bot.services import staff
from bot.services.announcement_words import AnnouncementWords
from bot.services.announcements import Sending
from bot.services.cases import Change
from bot.services.categories import Categories
from bot.services.coming import Coming
from bot.services.geo import Box
from bot.services.greetings import Greetings
from bot.services.news import News
from bot.services.places import Places
from bot.services.questionnaire import Survey
from bot.services.quoting import quote
from bot.services.replies import Replies
from bot.showing import as_shown, as_spans, side_by_side
from bot.store import Unit
from bot.store.citizens import Citizen
from bot.store.files import File
from bot.store.outbox import Outgoing
from bot.store.staff import Member
from bot.talks import Talks
from bot.text import persian_digits

__all__ = [
    "Address",
    "Button",
    "CitizenError",
    "Conversation",
    "Draft",
    "Keyboard",
    "Library",
    "Spans",
    "Spot",
    "Talks",
    "Turn",
    "as_shown",
    "data",
    "side_by_side",
]


@dataclass(frozen=True, slots=True)
class Library:
    """What the bot can say: the knowledge, the menu, the conversations and their words, places, events, news of cases.

    And what cases are about: the categories, ready answers of staff, and roughly where the region lies; the words for
    the occasions of the calendar; surveys by the names of their files. `sending` is what the settings say of
    announcements. `shipped` are the entries of `content/` by id, over which those of staff count; `troubles` what of
    these does not.
    """

    answers: Answers
    screens: Screens
    talks: Talks
    places: Places
    news: News
    shipped: Mapping[str, Entry] = field(default_factory=dict)
    troubles: tuple[Trouble, ...] = ()
    coming: Coming = field(default_factory=Coming)
    categories: Categories = field(default_factory=Categories)
    replies: Replies = field(default_factory=Replies)
    region: Box = field(default_factory=Box)
    greetings: Greetings = field(default_factory=Greetings)
    surveys: Mapping[str, Survey] = field(default_factory=dict)
    sending: Sending = field(default_factory=Sending)

    @property
    def announcing(self) -> AnnouncementWords:
        """Describes announcements to staff."""
        words = self.talks.words
        return AnnouncementWords(words["announcements"], words["choices"], self.places.all)

    @property
    def kinds(self) -> dict[str, Screen]:
        """The groups of programs, as the menu has them, by the short names that events carry."""
        return kinds_of(self.screens)


@dataclass(slots=True)
class Turn:
    """One update being handled: who speaks, what they said, the tables, and `say`.

    `found` is what the knowledge has for a text, looked up before the transaction; None for anything but a text.
    `memory` is what this conversation has gathered: JSON values, kept until the conversation ends. `was_busy`: the
    citizen stood in a conversation, this one or another, when they spoke; `stood`: in which. `draft`: what was handed
    over to the conversation that takes reports. `came_from`: where they stood when they spoke, and the JSON of what was
    gathered there. `leaves_nothing`: neither the update nor what is said here is kept. `trail`: the name under which
    all that is said here is found again, so that it can be taken back.
    """

    incoming: Incoming
    citizen: Citizen
    unit: Unit
    now: datetime
    library: Library
    found: Reply | None
    words: Wording
    argument: str = ""
    place: str | None = None
    was_busy: bool = False
    stood: str = ""
    draft: Draft | None = None
    memory: dict[str, Any] = field(default_factory=dict)
    replies: list[Outgoing] = field(default_factory=list)
    leaves_nothing: bool = False
    came_from: tuple[str | None, str] = (None, "{}")
    trail: str = ""

    @property
    def text(self) -> str:
        """What the citizen wrote, as they wrote it."""
        return self.incoming.text

    @property
    def member(self) -> Member | None:
        """Who the citizen is among the staff; None if they are none."""
        return staff.member(self.unit, self.citizen)

    @property
    def me(self) -> Member:
        """The same in a conversation of staff, which nobody else reaches."""
        member = self.member
        if member is None:
            raise LookupError("reached by staff only")
        return member

    def name_of(self, member: Member, limit: int = 25) -> str:
        """What a member of the staff is called, in one harmless line; visitors of the page have a number instead."""
        return quote(member.name or "", limit) or self.library.talks.words["staff"].button("nameless", number=member.id)

    @property
    def files(self) -> tuple[Attachment, ...]:
        """What the citizen sent beside their words; several if it was an album. Nothing of it is checked or fetched."""
        return self.incoming.files

    @property
    def spot(self) -> Spot | None:
        """The point on the map that the citizen sent."""
        return self.incoming.spot

    @property
    def contact(self) -> Contact | None:
        """The telephone number that the citizen sent."""
        return self.incoming.contact

    def keep(self, files: Sequence[Attachment] | None = None) -> list[File]:
        """Keep the files that the citizen sent, now or (if these are given) before: they are fetched after the turn.

        They may be sent on at once. What nobody keeps is never fetched. A visitor's files are with us already.
        """
        wanted = self.files if files is None else files
        at = (self.incoming.platform, self.incoming.chat_id)
        if self.incoming.platform != "web":
            return [self.unit.files.want(*at, sent) for sent in wanted]
        found = self.unit.files.find_theirs(*at, [sent.source for sent in wanted])
        return [found[sent.source] for sent in wanted if sent.source in found]

    def say(
        self,
        key: str,
        keyboard: Keyboard = NO_KEYBOARD,
        files: Sequence[File] = (),
        logical: str | None = None,
        **fields: object,
    ) -> None:
        """Say a text of the conversation's content in a new message, with files if there are any."""
        self.tell(self.words.text(key, **fields), keyboard, files, logical)

    def tell(
        self,
        text: str | Spans,
        keyboard: Keyboard = NO_KEYBOARD,
        files: Sequence[File] = (),
        logical: str | None = None,
    ) -> None:
        """Say other content than a text of the conversation, such as an entry. Never a citizen's words: marks count.

        `logical` is a name by which the message is found again, to be changed or when somebody replies to it.
        """
        self.post(self.here, text, keyboard, files, logical)

    @property
    def here(self) -> Address:
        """Where the citizen speaks."""
        return Address(self.incoming.platform, self.incoming.chat_id, self._thread)

    def post(
        self,
        to: Address,
        text: str | Spans,
        keyboard: Keyboard = NO_KEYBOARD,
        files: Sequence[File] = (),
        logical: str | None = None,
    ) -> None:
        """Say something in any chat, such as a desk. It leaves with what is said here, or not at all."""
        made = outbox.bodies if logical is None else outbox.named_bodies
        bodies = made(as_spans(text), keyboard, files, to.thread_id)
        self.replies += [Outgoing(to.platform, to.chat_id, "send", body, logical) for body in bodies]

    def repost(self, to: Address, logical: str, text: str | Spans, keyboard: Keyboard = NO_KEYBOARD) -> None:
        """Change the latest message of that name there; what cannot be changed is said anew, under the same name.

        A text too long for one message must stay so: only its last part, with the keyboard, is changed.
        """
        *_, body = outbox.named_bodies(as_spans(text), keyboard, thread=to.thread_id)
        self.replies.append(Outgoing(to.platform, to.chat_id, "edit", body, logical))

    def spread(self, *changes: Change) -> None:
        """Tell everybody whom these changes of cases concern, but not whoever acts here."""
        for change in changes:
            self.replies += self.library.news.of(self.unit, change)

    def show_spot(self, spot: Spot, keyboard: Keyboard = NO_KEYBOARD) -> None:
        """Show a point on the map."""
        self.replies.append(self._out("send", outbox.spot(spot.lat, spot.lon, keyboard, self._thread)))

    def show_entry(self, entry: Entry, text: str | Spans, under: Sequence[Sequence[Button]] = ()) -> None:
        """Show an entry as citizens see it: its text, files and address, its links above these buttons, its place.

        `text` is that of `Answers`, as it is true at this instant. A file that could not be fetched is left out.
        """
        found = self.unit.files.find(entry.files)
        files = [found[key] for key in entry.files if key in found and found[key].state != FileState.MISSING]
        self.tell(*as_shown(entry, text, under), files)
        if entry.place is not None:
            self.show_spot(Spot(*entry.place))

    def show_contact(self, contact: Contact, keyboard: Keyboard = NO_KEYBOARD) -> None:
        """Show a telephone number, to be called or kept."""
        self.replies.append(self._out("send", outbox.contact(contact.phone, contact.name, keyboard, self._thread)))

    def change(self, text: str | Spans, keyboard: Keyboard, logical: str | None = None) -> None:
        """Show this in place of the message whose button was pressed; in a new message if there is none."""
        press = self.incoming.press
        if press is None or press.message_id is None:
            self.tell(text, keyboard, logical=logical)
            return
        first, *more = outbox.bodies(as_spans(text), keyboard, thread=self._thread)
        self.replies.append(self._out("edit", first, str(press.message_id), logical))
        self.replies += [self._out("send", body, logical=logical) for body in more]

    def alert(self, key: str) -> None:
        """Answer the press of a button with a short word that passes by."""
        self._alert(self.words.text(key))

    def refuse(self, error: CitizenError) -> None:
        """Say why not, and how to go on. In a group only to whoever pressed, not to all who are there."""
        text = self.words.error(error.key, **error.fields)
        if self.incoming.press is None or self.incoming.private:
            self.tell(text)
        else:
            self._alert(text, stays=True)

    def _alert(self, text: Spans, *, stays: bool = False) -> None:
        if self.incoming.press is not None:
            word = outbox.alert(markup.plain(text), stays=stays)
            self.replies = [reply for reply in self.replies if reply.kind != "ack"]
            self.replies.insert(0, self._out("ack", word, ref=self.incoming.press.id))

    def go(self, step: Step) -> None:
        """The citizen's next message reaches `step` of this conversation."""
        self.place = f"{self.words.name}.{step.__name__}"

    @property
    def gathered_before(self) -> dict[str, Any]:
        """What was gathered where they stood when they spoke. Read only where it is wanted: few turns do."""
        found: dict[str, Any] = json.loads(self.came_from[1])
        return found

    def stay(self) -> None:
        """The citizen stands where they stood, whichever conversation the button that they pressed belongs to."""
        self.place, self.memory = self.came_from[0], self.gathered_before

    def end(self) -> None:
        """The conversation is over: the citizen is nowhere, and what it gathered is dropped."""
        self.place = None
        self.memory = {}

    def button(self, key: str, action: str, argument: str = "", **fields: object) -> Button:
        """A button of this conversation: its label from the content, `action` named by `Conversation.button`."""
        return Button(self.words.button(key, **fields), data(self.words.name, action, argument))

    def link(self, talk: str, key: str, action: str, argument: str = "") -> Button:
        """A button that leads into another conversation, with its label there."""
        return Button(self.library.talks.words[talk].button(key), data(talk, action, argument))

    def door(self, room: str) -> Button:
        """The button by which staff enter the room of a conversation; it says how much waits there."""
        waiting = self.library.talks.waiting(room, self)
        button = self.link(room, "room", "room")
        return replace(button, label=f"{button.label} ({persian_digits(str(waiting))})") if waiting else button

    def call(self, command: str) -> None:
        """Go on as if the citizen had given this command."""
        self._go_over(*self.library.talks.command(command))

    @property
    def takes_reports(self) -> bool:
        """Whether a conversation takes reports, so that they can be handed over."""
        return self.library.talks.reports is not None

    def hand_over(self, draft: Draft) -> None:
        """End here, and go on in the conversation that takes reports, which finds this as `draft`."""
        if self.library.talks.reports is None:
            raise LookupError("no conversation takes reports")
        self.end()
        self.draft = draft
        self._go_over(*self.library.talks.reports)

    def warn(self) -> None:
        """Say what must be said before anything else, if the citizen tells of a danger; their step still runs after."""
        warning = self.library.talks.warning
        if self.found is not None and self.found.urgent and warning is not None and warning[0] != self.words.name:
            self._go_over(*warning)

    def _go_over(self, name: str, step: Step) -> None:
        mine, self.words = self.words, self.library.talks.words[name]
        step(self)
        self.words = mine

    def pass_on(self) -> None:
        """Go on as if this conversation of staff had not been called: the words were meant for the knowledge."""
        name, step, self.argument = self.library.talks.refused(self.incoming)
        mine, self.words = self.words, self.library.talks.words[name]
        step(self)
        self.words = mine

    def visit(self, talk: str, action: str, argument: str = "") -> None:
        """Go on as if the citizen had pressed that button of another conversation, and hand it this memory.

        Their role is not looked at: lead only to where they may go anyway.
        """
        _, step, self.argument = self.library.talks.at(data(talk, action, argument))
        mine, self.words = self.words, self.library.talks.words[talk]
        step(self)
        self.words = mine

    def chose(self, key: str) -> bool:
        """Whether the citizen wrote what stands on this button of ours."""
        return key_of(self.text) == key_of(self.words.button(key))

    def take_back(self) -> None:
        """Forget what the step did: the citizen stands where they stood, and nothing was said."""
        self.stay()
        self.replies = []
        self.acknowledge()

    def acknowledge(self) -> None:
        """Stop the pressed button from spinning. Done for every press before its step."""
        if self.incoming.press is not None:
            self.replies.append(self._out("ack", outbox.alert(""), ref=self.incoming.press.id))

    @property
    def _thread(self) -> int | None:
        return self.incoming.thread_id

    def _out(self, kind: str, body: str, ref: str | None = None, logical: str | None = None) -> Outgoing:
        return Outgoing(self.incoming.platform, self.incoming.chat_id, kind, body, logical, ref)


def gathered(memory: Mapping[str, Any]) -> str:
    """The memory of a conversation as it is stored."""
    return json.dumps(memory, sort_keys=True)
