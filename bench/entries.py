"""Thousands of made-up entries that cost what real ones would: the content's sentences and words, mixed anew."""

import random
from collections.abc import Sequence

from bench.questions import ROOT
from bot.knowledge import Entry, load
from bot.lexicon import STOP
from bot.sound import TITLE_LIMIT

ANSWER = 300
MADE_UP = 15_000
BEGINNINGS = "ب پ ت ج چ خ د ر ز س ش ف ک گ ل م ن ه آ".split()
MIDDLES = "ا و ی ار ان ام ال ور ین یر اس وش ست رد ند رگ نگ".split()
ENDS = "ه ی ان ور ار ین ک ش م د ستان گاه نامه".split()


class Author:
    """Writes entries as staff might: a few words of a subject, put in the place of others in sentences that exist."""

    def __init__(self, seed: int = 14) -> None:
        self._dice = random.Random(seed)
        known, _ = load(ROOT / "content")
        self._phrasings = [phrase.split() for entry in known for phrase in entry.phrasings]
        self._sentences = [line.split() for entry in known for line in entry.answer.split(".") if line.strip()]
        self._words = sorted({word for phrase in self._phrasings for word in phrase if len(word) > 2} - STOP)
        self._made_up = [self._make_up() for _ in range(MADE_UP)]

    def entry(self, number: int) -> Entry:
        """An entry like no other, though all its words but one are others' too."""
        subject = [*self._dice.sample(self._words, 2), self._rare(), self._rare()]
        title = f"{' '.join(self._dice.sample(subject, 2))} {number}"[:TITLE_LIMIT]
        phrasings = tuple(self._about(subject, self._phrasings) for _ in range(self._dice.randint(5, 8)))
        answer = ""
        while len(answer) < ANSWER:
            answer += self._about(subject, self._sentences) + ". "
        return Entry(f"made.up_{number}", title, answer, phrasings=phrasings, keywords=(" ".join(subject[1:3]),))

    def words(self) -> list[str]:
        """Different words: those of the content, then made-up ones."""
        return list(dict.fromkeys([*self._words, *self._made_up]))

    def entries(self, count: int) -> list[Entry]:
        return [self.entry(number) for number in range(count)]

    def question(self, entry: Entry) -> str:
        """One of its phrasings as somebody else says it: some words less, two letters changed places."""
        words = [word for word in self._dice.choice(entry.phrasings).split() if self._dice.random() < 0.8]
        slip = self._dice.randrange(len(words) + 1)
        return " ".join(
            word[0] + word[2] + word[1] + word[3:] if number == slip and len(word) > 3 else word
            for number, word in enumerate(words or entry.title.split())
        )

    def _about(self, subject: Sequence[str], known: Sequence[Sequence[str]]) -> str:
        words = list(self._dice.choice(known))
        for word in self._dice.sample(subject, min(2, len(words))):
            words[self._dice.randrange(len(words))] = word
        if len(words) > 4 and self._dice.random() < 0.5:
            words.insert(self._dice.randrange(len(words)), self._dice.choice(self._words))
        return " ".join(words)

    def _rare(self) -> str:
        """A word that few entries have, some of them more than others."""
        return self._made_up[int(MADE_UP * self._dice.random() ** 2)]

    def _make_up(self) -> str:
        middles = self._dice.choices(MIDDLES, k=self._dice.randint(1, 2))
        return self._dice.choice(BEGINNINGS) + "".join(middles) + self._dice.choice(ENDS)
