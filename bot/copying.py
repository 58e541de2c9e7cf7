"""Writes a citizen's copy of all that is kept of them: read in one transaction, drawn up and put on the shelf after it.

Whoever asks for it is sent a file that waits to be written (`bot/services/copies.py`), as others wait to be fetched.
"""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final, NamedTuple

from bot import markup
from bot.content import Wording
from bot.dates import day_in_words, instant_in_words
from bot.errors import Faults, Unreadable
from bot.flow import Library
from bot.incoming import Incoming
from bot.media import Cleaned, Shelf
from bot.platforms import Platform
from bot.platforms.reading import read
from bot.services import cases, choosing, copies, counting, stories, surveys
from bot.services.questionnaire import PHOTO
from bot.services.sheet import Sheet
from bot.services.survey_words import in_words
from bot.services.topics import topics_of
from bot.store import Store, Unit
from bot.store.citizens import Citizen
from bot.store.files import File
from bot.store.participants import Participant
from bot.store.surveys import Row

MOST: Final = 1000
MOST_MESSAGES: Final = 10_000
LONGEST: Final = 4000
"""Letters of one thing that somebody said about a case."""


class Asked(NamedTuple):
    """Whose copy it is, and in which chat they asked for it."""

    citizen: Citizen
    chat_id: int

    @property
    def who(self) -> tuple[str, int]:
        return self.citizen.platform, self.citizen.user_id

    @property
    def at(self) -> tuple[str, int]:
        return self.citizen.platform, self.chat_id


class Copying:
    """Writes copies. `words`: of `content/copy.toml`; `library`: gives what counts at this moment."""

    def __init__(
        self,
        store: Store,
        shelf: Shelf,
        words: Wording,
        platforms: Mapping[str, Platform],
        library: Callable[[], Library],
    ) -> None:
        self._store = store
        self._shelf = shelf
        self._words = words
        self._platforms = platforms
        self._library = library

    def writes(self, file: File) -> bool:
        """Whether this file is ours to write."""
        return copies.is_copy(file)

    async def write(self, file: File) -> Cleaned:
        """The document that this file is to be."""
        sheet = await self._store.read(partial(self.sheet, file=file, library=self._library()))
        return await asyncio.to_thread(self._put, sheet)

    def _put(self, sheet: Sheet) -> Cleaned:
        return self._shelf.write(sheet.html().encode(), name=copies.NAME, mime=copies.MIME)

    def sheet(self, unit: Unit, *, file: File, library: Library) -> Sheet:
        """All of it."""
        sheet = Sheet(self._say("title"))
        sheet.say([self._say("made", when=instant_in_words(unit.now))])
        met = unit.citizens.find(file.platform, copies.whose(file), file.chat_id)
        if met is None:  # they asked to be forgotten meanwhile
            return sheet
        asked = Asked(met.citizen, file.chat_id)
        sections = {
            "you": [
                *self._person(unit, asked),
                *self._choice(unit, asked, library),
                *self._place(met.place, met.memory),
            ],
            "cases": self._cases(unit, asked, library),
            "followed": self._followed(unit, asked, library),
            "drafts": self._drafts(unit, asked),
            "questions": self._questions(unit, asked),
            "votes": self._votes(unit, asked, library),
            "surveys": self._surveys(unit, asked),
            "messages": self._messages(unit, asked),
        }
        for name, paragraphs in sections.items():
            sheet.add(self._say(f"section_{name}"), list(paragraphs) or [self._say("nothing")])
        return sheet

    # -- the person

    def _person(self, unit: Unit, asked: Asked) -> Iterator[str]:
        citizen = asked.citizen
        if citizen.name:
            yield self._say("name", name=citizen.name)
        yield self._say(f"number_{citizen.platform}", number=str(citizen.user_id))
        yield self._say("since", day=day_in_words(citizen.met_at))
        consent = unit.citizens.consent(*asked.who)
        if consent is not None:
            yield self._say("consent", version=consent[0], when=instant_in_words(consent[1]))
        member = unit.staff.find(*asked.who)
        if member is not None:
            yield self._say(f"role_{member.role}")
        ban = unit.bans.find(*asked.who)
        if ban is not None and ban.until is not None:
            yield self._say("banned", day=day_in_words(ban.until), reason=ban.reason)
        elif ban is not None:
            yield self._say("banned_for_good", reason=ban.reason)
        tried = unit.lookups.counted(*asked.who, cases.LOOKUPS_MS)
        if tried:
            yield self._say("looked_up", count=tried)

    def _choice(self, unit: Unit, asked: Asked, library: Library) -> Iterator[str]:
        """What they chose of the announcements."""
        choice, names = unit.choices.of(asked.citizen.id), library.talks.words["choices"]
        if choice.wants:
            yield self._say("wants", topics=choosing.named(names, *topics_of(choice.wants)))
        if choice.refuses:
            yield self._say("refuses", topics=choosing.named(names, *topics_of(choice.refuses)))
        if choice.neighbourhood is not None:
            place = library.places.all.get(choice.neighbourhood)
            yield self._say("lives", name=choice.neighbourhood if place is None else place.name)
        if choice.quiet is not None:
            yield self._say("quiet", since=choice.quiet[0], until=choice.quiet[1])
        if choice.left:
            yield self._say("left")
        pressed = unit.presses.kept(asked.citizen.id)
        if pressed:
            yield self._say("pressed", count=pressed)

    def _place(self, place: str | None, memory: str) -> Iterator[str]:
        if place is not None:
            yield "\n".join([self._say("place", place=place), *_leaves(json.loads(memory))])

    # -- cases

    def _cases(self, unit: Unit, asked: Asked, library: Library) -> Iterator[str]:
        words = library.talks.words["mine"]
        for case in cases.mine(unit, asked.citizen, copies.NEWEST, copies.MOST_CASES):
            whole = stories.summary(unit, library.news, words, case)
            yield markup.plain((*whole, *stories.history(unit, words, case, longest=LONGEST)))

    def _followed(self, unit: Unit, asked: Asked, library: Library) -> Iterator[str]:
        words = library.talks.words["mine"]
        for case in cases.followed(unit, asked.citizen, MOST):
            yield markup.plain(stories.line_of_others(library.news, words, case))

    def _drafts(self, unit: Unit, asked: Asked) -> Iterator[str]:
        for draft in unit.drafts.of(*asked.who):
            yield "\n".join([instant_in_words(draft.changed_at), *_leaves(draft.body)])

    # -- talking

    def _questions(self, unit: Unit, asked: Asked) -> Iterator[str]:
        for question in unit.questions.words(*asked.who, MOST):
            when = instant_in_words(question.asked_at)
            yield self._say("question", when=when, text=question.text or "")
            if question.answer:
                yield self._say("answer", text=question.answer)

    def _votes(self, unit: Unit, asked: Asked, library: Library) -> Iterator[str]:
        entries = library.answers.entries
        for entry, vote in unit.votes.cast_by(*asked.who, MOST):
            title = entries[entry].title if entry in entries else entry
            yield self._say("vote_up" if vote > 0 else "vote_down", title=title)

    def _surveys(self, unit: Unit, asked: Asked) -> Iterator[str]:
        """Of what is anonymous only that they took part."""
        for part in unit.participants.of_citizen(asked.citizen.id):
            row = unit.surveys.find(part.survey_id)
            if row is None:
                continue
            title = surveys.title(row)
            if row.anonymous:
                yield self._say("survey_nameless" if part.sent else "survey_nameless_begun", title=title)
                continue
            sent = self._say("survey_sent", title=title, when=instant_in_words(part.sent_at or 0))
            begun = self._say("survey_begun", title=title)
            try:
                answers = list(self._answers(unit, row, part))
            except Faults:  # a draft that asks nothing any more
                answers = []
            yield "\n".join([sent if part.sent else begun, *answers])

    def _answers(self, unit: Unit, row: Row, part: Participant) -> Iterator[str]:
        response = None if part.token is None else unit.responses.find(row.id, part.token)
        stored = part.answers or (response.answers if response is not None else "{}")
        survey = surveys.sheet(row)
        for name, value in counting.from_json(survey, stored).items():
            question = survey.find(name)
            if value is None:
                yield self._say("survey_skipped", question=question.text)
            else:
                answer = self._words.button("photo") if question.kind == PHOTO else in_words(question, value)
                yield self._say("survey_answer", question=question.text, answer=answer)

    def _messages(self, unit: Unit, asked: Asked) -> Iterator[str]:
        """What both said, as it followed on each other."""
        theirs = [(at, "you_said", self._heard(asked, raw)) for at, raw in unit.inbox.words(*asked.at, MOST_MESSAGES)]
        ours = [(at, "we_said", self._said(body)) for at, body in unit.outbox.words(*asked.at, MOST_MESSAGES)]
        for at, who, text in sorted(theirs + ours, key=lambda one: one[0]):
            if text:
                yield self._say(who, when=instant_in_words(at), text=text)

    def _heard(self, asked: Asked, raw: str) -> str:
        try:
            event = read(asked.citizen.platform, raw, self._platforms[asked.citizen.platform].bot)
        except Unreadable:
            return raw
        if not isinstance(event, Incoming):
            return ""
        parts = [event.text, *(self._words.button(file.kind) for file in event.files)]
        parts += [self._words.button("press")] if event.press is not None else []
        parts += [f"{event.spot.lat}, {event.spot.lon}"] if event.spot is not None else []
        parts += [event.contact.phone] if event.contact is not None else []
        return "\n".join(filter(None, parts))

    def _said(self, body: str) -> str:
        said = json.loads(body)
        parts = [markup.plain(markup.from_json(said.get("text", []))), *map(str, said.get("contact", []))]
        parts += [self._words.button("document")] * len(said.get("files", []))
        parts += [", ".join(map(str, said["spot"]))] if "spot" in said else []
        return "\n".join(filter(None, parts))

    def _say(self, key: str, **fields: object) -> str:
        return markup.plain(self._words.text(key, **fields))


def _leaves(found: Any, name: str = "") -> Iterator[str]:  # noqa: ANN401 - any JSON
    """What stands in a memory, a line each."""
    if isinstance(found, Mapping):
        for key, value in found.items():
            yield from _leaves(value, f"{name}.{key}" if name else str(key))
    elif isinstance(found, list):
        for value in found:
            yield from _leaves(value, name)
    elif found not in (None, "", False):
        yield f"{name}: {found}" if name else str(found)
