"""The door to the knowledge: a question goes in, a reply comes out. Knows no platform and no citizen."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final, Literal

from bot.cues import cues, is_foreign, is_only_signs, without_courtesy
from bot.finglish import by_keyboard
from bot.gate import EMERGENCY, Asked, chances
from bot.knowledge import Entry
from bot.search import Index
from bot.services.hours import Hours, describe
from bot.text import Sentence, Text, holds_code, shorten
from bot.words import Read

Outcome = Literal["answer", "suggest", "redirect", "chat", "none"]

FOREIGN: Final = "chat.foreign"
SIGNS: Final = "chat.emoji"
TRACKING: Final = "contact.tracking"

CACHE: Final = 4096
# Above: answered. Below: up to three buttons, as long as any of them has a fair chance.
SURE: Final = 0.45
FAIR: Final = 0.04
SUGGESTIONS: Final = 3
# A longer message tells a story; then the sentences that ask count in full, the others less.
STORY: Final = 14
ASIDE: Final = 0.45
# Nobody reads on after so many words.
WORDS: Final = 120
# So much of a Latin message must be Persian when read as typed on the wrong keyboard.
WRONG_KEYBOARD: Final = 0.6
LOOKED_AT: Final = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot makes of a question. `suggestions` holds topics only, best first, the answered one among them."""

    outcome: Outcome
    topic: str | None
    suggestions: tuple[str, ...]
    score: float
    text: str


NOTHING: Final = Reply("none", None, (), 0.0, "")


class Answers:
    """All entries, searchable. Immutable: new content means a new object."""

    def __init__(self, entries: Iterable[Entry], hours: Hours, text: Text) -> None:
        self.entries = {entry.id: entry for entry in entries}
        self._hours = hours
        self._text = text
        self._index = Index(tuple(self.entries.values()), text)
        self._found = lru_cache(CACHE)(self._find)

    def reply(self, question: str, now: datetime) -> Reply:
        """The answer to a question at an instant."""
        sentences = tuple(self._text.sentences(self._retyped(question)))
        if not sentences:
            return self._wordless(question, now)
        reply, understood = self._found(sentences)
        if reply.topic is None:
            return reply
        return replace(reply, text=self._rendered(self.entries[reply.topic], understood, now))

    def _retyped(self, question: str) -> str:
        """The question as it was meant, if the keyboard stood on English: «sghl» is «سلام»."""
        if not question[:LOOKED_AT].isascii():
            return question
        for retyped in by_keyboard(shorten(question)):
            words = self._text.tokens(retyped)
            known = sum(len(word) for word in words if self._index.words.knows(word))
            if words and known >= WRONG_KEYBOARD * sum(map(len, words)) and any(len(word) > 2 for word in words):
                return retyped
        return question

    def show(self, entry_id: str, now: datetime) -> str:
        """The text of an entry that was chosen by a button, as it is true at an instant."""
        return self._rendered(self.entries[entry_id], "", now)

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
        reads, focus = self.read(sentences)
        understood = " ".join(read.surface for read in reads if read.surface)
        if is_foreign([word for sentence in sentences for word in sentence.words.split()]) and FOREIGN in self.entries:
            return Reply("chat", FOREIGN, (), 1.0, ""), understood
        asked = self.asked(sentences, reads, focus)
        ranked, _ = chances(self._index.entries, self._index.search(reads, focus), asked)
        if asked.cues.danger and EMERGENCY in self.entries:
            return Reply("answer", EMERGENCY, (EMERGENCY,), 1.0, ""), understood
        return _decide(ranked), understood

    def asked(self, sentences: tuple[Sentence, ...], reads: list[Read], focus: list[float]) -> Asked:
        understood = " ".join(read.surface for read in reads if read.surface)
        weighted = self._index.weigh(reads, focus)
        signs = cues(understood, question_mark=any(sentence.asks for sentence in sentences))
        return Asked(signs, self._index.known_share(weighted), len(weighted))

    def read(self, sentences: tuple[Sentence, ...]) -> tuple[list[Read], list[float]]:
        """The words of a message as they are understood, and how much each counts."""
        parts = [without_courtesy(sentence.words.split()) for sentence in sentences]
        if len(parts) > 1:  # a sentence of nothing but greetings says nothing beside others
            kept = [
                (part, sentence.asks) for part, sentence in zip(parts, sentences, strict=True) if not _courtesy(part)
            ]
        else:
            kept = [(parts[0], sentences[0].asks)]
        kept = kept or [(parts[0], False)]
        reads: list[Read] = []
        focus: list[float] = []
        story = sum(len(part) for part, _ in kept) > STORY and len(kept) > 1
        for number, (part, asks) in enumerate(kept):
            found = self._index.words.read(part[: WORDS - len(reads)])
            reads.extend(found)
            aside = story and not asks and number < len(kept) - 1
            focus.extend([ASIDE if aside else 1.0] * len(found))
        return reads, focus


def _courtesy(words: list[str]) -> bool:
    return without_courtesy([*words, "؟"]) == ["؟"]


def _decide(ranked: list[tuple[float, Entry]]) -> Reply:
    topics = tuple(entry.id for chance, entry in ranked if entry.kind == "topic" and chance >= FAIR)[:SUGGESTIONS]
    if not ranked:
        return NOTHING
    chance, best = ranked[0]
    if chance >= SURE:
        return Reply("answer" if best.kind == "topic" else best.kind, best.id, topics, chance, "")
    if topics:
        return Reply("suggest", None, topics, chance, "")
    return replace(NOTHING, score=chance)
