"""The door to the knowledge: a question goes in, a reply comes out. Knows no platform and no citizen."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from bot.cues import (
    Cues,
    asks,
    cues,
    is_about_place,
    is_about_times,
    is_call_for_help,
    is_danger,
    is_despair,
    is_foreign,
    is_only_signs,
    without_courtesy,
)
from bot.finglish import by_english_keyboard, by_keyboard
from bot.followups import Follow, follow, group_of
from bot.gate import ALWAYS, COMPLAINTS, EMERGENCY, Asked, chances
from bot.knowledge import Entry
from bot.lexicon import ENGLISH, LATIN_WORDS
from bot.search import Index, Match, Part
from bot.services.hours import Hours, describe
from bot.services.period import is_about_events
from bot.text import Sentence, Text, holds_code, shorten
from bot.words import Read

Outcome = Literal["answer", "suggest", "redirect", "chat", "none"]

FOREIGN: Final = "chat.foreign"
SIGNS: Final = "chat.emoji"
SAD: Final = "chat.sad"
HELP: Final = "service.help"
HOURS: Final = "contact.hours"
ADDRESS: Final = "contact.address"
TRACKING: Final = "contact.tracking"
EVENTS: Final = "service.events"

CACHE: Final = 4096
# Above: answered. Below: up to three buttons, as long as any of them has a fair chance.
SURE: Final = 0.62
FAIR: Final = 0.03
# What an entry must reach to be offered by a button; small talk never is.
LEAST: Final = {"topic": FAIR, "redirect": 0.1, "chat": 1.0}
# So much of a problem must be told that a complaint is offered, however unlikely it looks.
OFFERED: Final = 1.5
SUGGESTIONS: Final = 3
# A longer message tells a story; then the sentences that ask count in full, the others less.
STORY: Final = 14
ASIDE: Final = 0.45
# Its parts, of so many words and so many, are looked at one by one too; those that do not ask count for less.
PART: Final = 14
PARTS: Final = 6
ASIDE_PART: Final = 0.8
# Nobody reads on after so many words.
WORDS: Final = 120
# So much of a problem must be told that it is offered as a report; more where something is asked as well.
PROBLEM: Final = 1.0
PROBLEM_ASKED: Final = 2.0
# So much of a message must be words of the language that it is more than keys hit at random.
SENSE: Final = 0.5
TRUSTED: Final = 0.75
# So much of a Latin message must be Persian when read as typed on the wrong keyboard.
WRONG_KEYBOARD: Final = 0.6
LOOKED_AT: Final = 200
# Who means an English word while the keyboard stands on Persian writes a command or a word or two.
SHORT: Final = 40


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot makes of a question.

    `suggestions` holds topics only, best first, the answered one among them. `choices` is what buttons offer where the
    bot is not sure: these topics, and the doors of other bodies that may have been meant as well.

    `urgent`: a life is in danger now. `problem`: something is wrong in a street, and is told rather than asked about.
    `follow`: what it asks of the subject before it, if there was one. `sense`: it is made of words.
    `understood`: the words as they were read, in the form of `Text.fold`, for whoever computes the rest of the answer.
    """

    outcome: Outcome
    topic: str | None
    suggestions: tuple[str, ...]
    score: float
    text: str
    choices: tuple[str, ...] = ()
    urgent: bool = False
    problem: bool = False
    follow: Follow = ""
    sense: bool = True
    understood: str = ""


NOTHING: Final = Reply("none", None, (), 0.0, "", sense=False)


class Heard(NamedTuple):
    """A message as it is understood."""

    understood: str
    cues: Cues
    whole: Part
    parts: tuple[Part, ...]


class Answers:
    """All entries, searchable. Immutable: new content means a new object, by `changed`."""

    def __init__(self, entries: Iterable[Entry], hours: Hours, text: Text, before: Index | None = None) -> None:
        self.entries = {entry.id: entry for entry in entries}
        self._hours = hours
        self._text = text
        self._index = Index(tuple(self.entries.values()), text, before)
        self._always = tuple(i for i, entry in enumerate(self._index.entries) if entry.id in ALWAYS)
        self._found = lru_cache(CACHE)(self._find)

    def changed(self, entries: Iterable[Entry]) -> "Answers":
        """The answers of other entries (all of them, in their order), exactly as if made from nothing.

        Whatever is prepared for entries equal to old ones is taken over, so that thousands of entries take a fraction
        of a second after a change of a few. This object stays as it is and goes on answering: call it in a worker
        thread (`asyncio.to_thread`), keep the object it gives and drop the old one.
        """
        return Answers(entries, self._hours, self._text, self._index)

    @property
    def hours(self) -> Hours:
        """When the offices are open, with what staff have said about it."""
        return self._hours

    def with_hours(self, hours: Hours) -> "Answers":
        """The same knowledge with other hours; costs next to nothing."""
        other = copy(self)
        other._hours = hours  # noqa: SLF001 - one of our own
        return other

    def reply(self, question: str, now: datetime) -> Reply:
        """The answer to a question at an instant."""
        sentences = self.sentences(question)
        if not sentences:
            return self._wordless(question, now)
        reply, understood = self._found(sentences)
        if reply.topic is None:
            return reply
        return replace(reply, text=self._rendered(self.entries[reply.topic], understood, now), understood=understood)

    def sentences(self, question: str) -> tuple[Sentence, ...]:
        """The sentences of a message as it was meant, on whatever keyboard."""
        return tuple(self._text.sentences(self._retyped(question)))

    def _retyped(self, question: str) -> str:
        """The question as it was meant, if the keyboard stood on English: «sghl» is «سلام». Or the other way round."""
        if not question[:LOOKED_AT].isascii():
            return self._retyped_in_english(question)
        for retyped in by_keyboard(shorten(question)):
            words = self._text.tokens(retyped)
            known = sum(len(word) for word in words if self._index.words.knows(word))
            if words and known >= WRONG_KEYBOARD * sum(map(len, words)) and any(len(word) > 2 for word in words):
                return retyped
        return question

    def _retyped_in_english(self, question: str) -> str:
        if len(question) > SHORT:
            return question
        words = self._text.tokens(question)
        if not words or any(self._index.words.knows(word) for word in words):
            return question
        retyped = by_english_keyboard(question)
        english = all(word in LATIN_WORDS or word in ENGLISH for word in self._text.tokens(retyped))
        return retyped if english else question

    def folded(self, question: str) -> str:
        """A message in the one form in which messages are compared."""
        return " ".join(sentence.words for sentence in self.sentences(question))

    def group(self, question: str) -> str:
        """The beginning of the word by which a message names whom something is for; "" if it names nobody."""
        return group_of(self.folded(question))

    def opening(self, now: datetime) -> str:
        """Whether the office is open now, and when it is next."""
        return self.show(HOURS, now).partition("\n\n")[0] if HOURS in self.entries else ""

    def show(self, entry_id: str, now: datetime, question: str = "") -> str:
        """The text of an entry that was chosen, as it is true at an instant; of hours, as the question asks for it."""
        sentences = self.sentences(question) if question else ()
        understood = self._understood(sentences, self.hear(sentences)) if sentences else ""
        return self._rendered(self.entries[entry_id], understood, now)

    def _understood(self, sentences: Sequence[Sentence], heard: Heard) -> str:
        return self._hours.clearer(heard.understood, " ".join(sentence.words for sentence in sentences))

    def draft(self, entry: Entry, now: datetime) -> str:
        """The text of an entry that may not be among these, as it would be shown."""
        return self._rendered(entry, "", now)

    def near(self, words: str, most: int) -> list[Entry]:
        """The entries of any kind that come nearest to some words, for somebody who looks for one."""
        sentences = self.sentences(words)
        return [entry for _, entry in self.chances(self.hear(sentences))[:most]] if sentences else []

    def _rendered(self, entry: Entry, understood: str, now: datetime) -> str:
        if entry.computed == "hours":
            return f"{describe(self._hours, understood, now)}\n\n{entry.answer}"
        return entry.answer

    def _wordless(self, question: str, now: datetime) -> Reply:
        if holds_code(question) and TRACKING in self.entries:
            return Reply("answer", TRACKING, (TRACKING,), 1.0, self.show(TRACKING, now))
        return self._chat(SIGNS, now) if is_only_signs(question) else NOTHING

    def _chat(self, entry_id: str, now: datetime) -> Reply:
        if entry_id not in self.entries:
            return NOTHING
        return Reply("chat", entry_id, (), 1.0, self.show(entry_id, now))

    def _find(self, sentences: tuple[Sentence, ...]) -> tuple[Reply, str]:
        heard = self.hear(sentences)
        understood = self._understood(sentences, heard)
        certain = self.certain(sentences, heard)
        if certain is not None:
            entry = self.entries[certain]
            topics = (certain,) if entry.kind == "topic" else ()
            reply = Reply("answer" if topics else "chat", certain, topics, 1.0, "", urgent=certain == EMERGENCY)
        else:
            reply = _decide(self.chances(heard), problem=heard.cues.problem >= OFFERED)
        written = " ".join(sentence.words for sentence in sentences)
        return replace(
            reply,
            problem=_tells_problem(reply, heard.cues),
            follow=follow(written) or follow(understood),
            sense=self._makes_sense(written.split(), heard.whole.reads),
        ), understood

    def _makes_sense(self, written: Sequence[str], reads: Sequence[Read]) -> bool:
        """Whether a message is made of words, ours or any of the language."""
        words = [word for word in written if len(word) > 1 and not word.isdigit()]
        known = [word for word in words if word in self._text.common or self._index.words.knows(word)]
        read = [read.surface for read in reads if read.trust >= TRUSTED and len(read.surface) > 1]
        sensible = sum(map(len, known)) or sum(map(len, read))
        return bool(words) and sensible >= SENSE * sum(map(len, words))

    def certain(self, sentences: Sequence[Sentence], heard: Heard) -> str | None:
        """The entry that a sign of the message alone decides, whatever its words are near to."""
        written = " ".join(sentence.words for sentence in sentences)
        # The written words too: a slip mended wrongly must not hide who needs help.
        forms = (heard.understood, written)
        signs: tuple[tuple[str, Callable[[str], bool]], ...] = (
            (EMERGENCY, is_danger),
            (SAD, is_despair),
            (HELP, is_call_for_help),
            (FOREIGN, lambda _: is_foreign(written.split())),
            (HOURS, lambda form: is_about_times(self._hours.plainly(form))),
            (EVENTS, is_about_events),
            (ADDRESS, is_about_place),
        )
        return next((entry for entry, shown in signs if entry in self.entries and any(map(shown, forms))), None)

    @property
    def listed(self) -> Sequence[Entry]:
        """The entries in the order in which matches number them."""
        return self._index.entries

    def matches(self, heard: Heard) -> list[Match]:
        """The entries that come near what was heard."""
        return self._index.search(heard.whole, heard.parts, self._always)

    def asked(self, heard: Heard) -> Asked:
        weighted = self._index.weigh(heard.whole.reads, heard.whole.focus)
        return Asked(heard.cues, self._index.known_share(weighted), len(weighted))

    def chances(self, heard: Heard) -> list[tuple[float, Entry]]:
        return chances(self._index.entries, self.matches(heard), self.asked(heard))

    def hear(self, sentences: Sequence[Sentence]) -> Heard:
        """A message as it is understood: all its words, and the parts of a longer one."""
        said = [Sentence(" ".join(without_courtesy(sentence.words.split())), sentence.asks) for sentence in sentences]
        # A sentence of nothing but greetings says nothing beside others.
        said = [sentence for sentence in said if not _courtesy(sentence.words.split())] or [said[0]]
        read: list[tuple[list[Read], bool]] = []
        left = WORDS
        for sentence in _heard_out(said):
            reads = self._index.words.read(_ends(sentence.words.split(), left))
            left -= len(reads)
            read.append((reads, sentence.asks or asks(_surface(reads))))
        reads = [word for sentence, _ in read for word in sentence]
        story = len(reads) > STORY
        last = len(read) - 1
        focus = [
            ASIDE if story and not asking and number < last else 1.0
            for number, (sentence, asking) in enumerate(read)
            for _ in sentence
        ]
        understood = _surface(reads)
        signs = cues(understood, question_mark=any(sentence.asks for sentence in said))
        return Heard(understood, signs, Part(reads, focus), tuple(_parts(read)) if story else ())


def _tells_problem(reply: Reply, cues: Cues) -> bool:
    """Whether a message is to be offered as a report."""
    if cues.problem < (PROBLEM_ASKED if cues.asks else PROBLEM):
        return False
    return reply.topic == COMPLAINTS or (reply.topic is None and reply.suggestions[:1] == (COMPLAINTS,))


def _heard_out(said: list[Sentence]) -> list[Sentence]:
    """The sentences that are read where a message is too long: those that ask, then those nearest to its two ends."""
    last, left = len(said) - 1, WORDS
    kept: set[int] = set()
    for number in sorted(range(len(said)), key=lambda i: (not said[i].asks, min(i, last - i))):
        if left > 0:
            kept.add(number)
            left -= len(said[number].words.split())
    return [sentence for number, sentence in enumerate(said) if number in kept]


def _ends(words: list[str], most: int) -> list[str]:
    return words if len(words) <= most else [*words[: most - most // 2], *words[len(words) - most // 2 :]]


def _surface(reads: Iterable[Read]) -> str:
    return " ".join(read.surface for read in reads if read.surface)


def _parts(read: Sequence[tuple[list[Read], bool]]) -> Iterator[Part]:
    """The parts of a story that may hold its question: the asking ones and the last first, no part too long."""
    found = [
        (asking or number == len(read) - 1, reads[start : start + PART])
        for number, (reads, asking) in enumerate(read)
        for start in range(0, max(len(reads) - PART // 2, 1), PART // 2)
    ]
    found.sort(key=lambda pair: -pair[0])
    for asking, reads in found[:PARTS]:
        yield Part(reads, [1.0] * len(reads), 1.0 if asking else ASIDE_PART)


def _courtesy(words: list[str]) -> bool:
    return without_courtesy([*words, "؟"]) == ["؟"]


def _decide(ranked: list[tuple[float, Entry]], *, problem: bool) -> Reply:
    fair = [entry for chance, entry in ranked if chance >= LEAST[entry.kind]][:SUGGESTIONS]
    if problem and all(entry.id != COMPLAINTS for entry in fair):
        fair = [*fair[: SUGGESTIONS - 1], *(entry for _, entry in ranked if entry.id == COMPLAINTS)]
    topics = tuple(entry.id for entry in fair if entry.kind == "topic")
    if not ranked:
        return NOTHING
    chance, best = ranked[0]
    if chance >= SURE:
        return Reply("answer" if best.kind == "topic" else best.kind, best.id, topics, chance, "")
    if fair:
        return Reply("suggest", None, topics, chance, "", tuple(entry.id for entry in fair))
    return replace(NOTHING, score=chance)
