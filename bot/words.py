"""Reads single words: which known word a written one stands for, whatever its spelling, ending or alphabet."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from bot.alike import Slips, Sounding
from bot.finglish import difference, latin_sounds
from bot.lexicon import (
    EVERYDAY,
    GLUED_ON,
    LATIN_ENDINGS,
    LATIN_STOP,
    LATIN_WORDS,
    MIXED_LETTERS,
    PAST_ENDINGS,
    PREFIXES,
    SAFE_SUFFIXES,
    SPOKEN,
    SPOKEN_ENDINGS,
    STOP,
    SUFFIXES,
    VERB_ENDINGS,
    VERB_PREFIXES,
    VERBS,
    WHOLE,
)

CACHE_LIMIT: Final = 20_000
# What one message may cost: words never seen before, and slips mended among them.
NEW_WORDS: Final = 80
REPAIRS: Final = 24
# A longer run of letters is no word and no two words.
LONGEST: Final = 24
# Words written without any space between them: a run of so many letters at least, of so long words, so few a letter.
RUN: Final = 9
RUN_WORD: Final = 13
RUN_LETTERS: Final = 2.7
FREQUENT: Final = 5
# Two such words in Latin letters: of so many letters each, and so little between what is written and what is said.
LATIN_LEAST: Final = 4
WELL: Final = 0.5
# What an easy slip is worth beside the frequency of a word.
NEARBY: Final = 40


class Read(NamedTuple):
    """How a written word was understood."""

    terms: tuple[str, ...]  # what is searched; none for an empty word
    surface: str  # the word as the known texts spell it
    trust: float  # 1 as written; less when repaired; 0 unknown
    other: str = ""  # the term of the second best repair


SPOKEN_FOR: Final = frozenset(SPOKEN.values())
ALWAYS_KNOWN: Final = STOP | SPOKEN.keys() | SPOKEN_FOR
# Every ending with its rank; the longest; and how many letters it must leave.
_ENDINGS: Final = tuple(
    ({ending: rank for rank, ending in enumerate(endings)}, max(map(len, endings)), least)
    for endings, least in ((SAFE_SUFFIXES, 2), (SUFFIXES, 3))
)


class Words:
    """The known words and the ways to them. `vocabulary` counts the words of the known texts.

    With `before`, the words of earlier texts, what both have in common is taken over from there.
    """

    def __init__(self, vocabulary: dict[str, int], common: frozenset[str], before: "Words | None" = None) -> None:
        self.counts: Mapping[str, int] = vocabulary
        self._common = common
        self._verbs = _verbs()
        old = before.counts.keys() if before else frozenset[str]()
        come, gone = vocabulary.keys() - old, old - vocabulary.keys()
        self._known = vocabulary.keys() | ALWAYS_KNOWN
        self.terms: dict[str, str] = {}
        # The words of the earlier texts that are filed under another term now, or under none.
        self.moved: AbstractSet[str] = self._file(come, gone, before.terms if before else {})
        self._popular: Counter[str] = Counter()
        for word, count in vocabulary.items():
            self._popular[self.terms[word]] += count
        self.slips: Slips = (before.slips if before else Slips(SPOKEN_FOR)).changed(
            come - SPOKEN_FOR, gone - SPOKEN_FOR
        )
        always = ALWAYS_KNOWN | self._verbs.keys()
        self.sounding: Sounding = (before.sounding if before else _always_sounding()).changed(
            come - always, gone - always
        )
        self._cache: dict[str, Read] = {}

    def _file(self, come: AbstractSet[str], gone: AbstractSet[str], before: dict[str, str]) -> AbstractSet[str]:
        """Find the term of each known word; only of those in question, where there are terms from before."""
        # A word that is new to us, or no longer known, may be what remains of others without their endings.
        doubtful = fresh = come | gone
        while fresh and before:
            fresh = {form for word in fresh for form in _with_endings(word) if form in before} - doubtful
            doubtful = doubtful | fresh
        self.terms = before.copy()
        for word in doubtful:
            self.terms.pop(word, None)
        for word in self._known - self.terms.keys():
            self.terms[word] = self._term(word)
        return {word for word in doubtful & before.keys() if self.terms.get(word) != before[word]}

    def term(self, word: str) -> str:
        """The term under which a word of the known texts is filed: its verb, its formal twin, its stem."""
        return self.terms.get(word) or self._term(word)

    def read(self, words: Iterable[str]) -> list[Read]:
        """How each word is understood. New words beyond what one message may hold are left as they are."""
        new, repairs = NEW_WORDS, REPAIRS
        out: list[Read] = []
        for word in words:
            found = self._cache.get(word)
            if found is None and new > 0:
                new -= 1
                found = self._exact(word)
                if found is None and repairs > 0:
                    repairs -= 1
                    found = self._repaired(word) or Read((word,), word, 0.0)
                if found is not None:
                    self._keep(word, found)
            out.append(found or Read((word,), word, 0.0))
        return out

    def _keep(self, word: str, found: Read) -> None:
        if len(self._cache) >= CACHE_LIMIT:
            self._cache.clear()
        self._cache[word] = found

    def _term(self, word: str) -> str:
        if word in SPOKEN:
            return SPOKEN[word]
        if word in WHOLE:
            return word
        if word in self._verbs:
            return self._verbs[word]
        for rest in self._stripped(word):
            return self.term(rest)
        return word

    def _stripped(self, word: str) -> Iterator[str]:
        """The word without its ending, as long as what remains is known."""
        yield from (rest for rest in _endings_off(word) if rest in self._known and rest not in STOP)

    def knows(self, word: str) -> bool:
        """Whether the word is one of the known texts', as it stands."""
        return word in self._known or word in self._verbs

    def _exact(self, word: str) -> Read | None:
        if self.knows(word):
            return Read((self.term(word),), word, 1.0)
        if word.isdigit():
            return Read((word,), word, 0.0)
        if len(word) > LONGEST:
            return self._run(word) or Read((word,), word, 0.0)
        if word in LATIN_STOP or len(word) == 1:
            return Read((), "", 1.0)
        if word[0] < "\u0600":
            alias = LATIN_WORDS.get(word)
            return Read((self.term(alias),), alias, 1.0) if alias else None
        for form in self._variants(word):
            if self.knows(form):
                return Read((self.term(form),), form, 1.0)
            for rest in self._stripped(form):
                return Read((self.term(rest),), form, 1.0)
        return self._glued(word) or self._run(word)

    def _variants(self, word: str) -> Iterator[str]:
        yield word
        for spoken, formal in SPOKEN_ENDINGS:
            if word.endswith(spoken):
                yield word[: -len(spoken)] + formal
        if "ون" in word[:-2]:
            yield word.replace("ون", "ان", 1)
        for prefix in PREFIXES:
            if word.startswith(prefix) and len(word) - len(prefix) >= 3:
                form = word[len(prefix) :]
                if form in self._verbs:
                    yield form
        single = "".join(letter for i, letter in enumerate(word) if i == 0 or letter != word[i - 1])
        if single != word:
            yield single

    def _glued(self, word: str) -> Read | None:
        """Two known words without a space between them."""
        best: tuple[int, str, str] | None = None
        for cut in range(2, len(word) - 1):
            left, right = word[:cut], word[cut:]
            if not ((left in GLUED_ON or self._solid(left)) and self._solid(right)):
                continue
            weight = (
                min(self.counts.get(left, 0), 50) + min(self.counts.get(right, 0), 50) + min(len(left), len(right)) * 5
            )
            if best is None or weight > best[0]:
                best = (weight, left, right)
        if best is None:
            return None
        _, left, right = best
        return Read((self.term(left), self.term(right)), f"{left} {right}", 0.9)

    def _run(self, word: str) -> Read | None:
        """Three or more known words without any space: the fewest that make it up, the more frequent ones first."""
        if len(word) < RUN or word[0] < "\u0600":
            return None
        best: list[tuple[float, tuple[str, ...]] | None] = [(0.0, ())]
        for end in range(1, len(word) + 1):
            found: tuple[float, tuple[str, ...]] | None = None
            for start in range(max(end - RUN_WORD, 0), end):
                before, part = best[start], word[start:end]
                if before is not None and (found is None or before[0] + 1 < found[0]) and self._in_run(part):
                    cost = before[0] + 1 + 1 / (1 + self.counts.get(part, 0))
                    if found is None or cost < found[0]:
                        found = (cost, (*before[1], part))
            best.append(found)
        whole = best[-1]
        if whole is None or len(whole[1]) * RUN_LETTERS > len(word):
            return None
        return Read(tuple(self.term(part) for part in whole[1]), " ".join(whole[1]), 0.9)

    def _in_run(self, part: str) -> bool:
        if len(part) > 2:
            return self.knows(part)
        return part in GLUED_ON or part in STOP or (len(part) == 2 and self.counts.get(part, 0) >= FREQUENT)

    def _solid(self, part: str) -> bool:
        return len(part) > 2 and (
            part in self._known or part in self._verbs or next(self._stripped(part), None) is not None
        )

    def _repaired(self, word: str) -> Read | None:
        if word[0] < "\u0600":
            return self._by_ear(word)
        if len(word) < 3 or self._is_common(word):
            return None
        unsure = any(self._is_common(form) for form in (*self._variants(word), *_endings_off(word)))
        allowed = 1 if len(word) < 7 else 2
        ranked: list[tuple[float, str]] = []
        for found in self.slips.near(word):
            distance = OSA.distance(word, found, score_cutoff=allowed)
            if distance <= allowed and (len(word) > 3 or len(found) > 2):
                easy = NEARBY if _easily_mixed(word, found) else 0
                if unsure and not (easy and len(word) > 4 and self.counts.get(found, 0) >= FREQUENT):
                    continue
                ranked.append((distance * 100 - min(self._popular[self.term(found)], 60) - easy, found))
        if not ranked:
            return None
        ranked.sort()
        first = ranked[0][1]
        term = self.term(first)
        other = next((self.term(found) for _, found in ranked if self.term(found) != term), "")
        return Read((term,), first, 0.75 if len(word) > 3 else 0.5, other)

    def _is_common(self, word: str) -> bool:
        """A real word, if not one of ours: mending it would put another in its place."""
        return word in self._common or word in EVERYDAY

    def _by_ear(self, word: str) -> Read | None:
        best = self._heard(word)
        for ending in LATIN_ENDINGS if best is None else ():
            if word.endswith(ending) and len(word) - len(ending) > 2:
                best = self._heard(word[: -len(ending)])
                if best is not None:
                    break
        return Read((self.term(best),), best, 0.9) if best else self._two_by_ear(word)

    def _two_by_ear(self, word: str) -> Read | None:
        """Two words of ours in Latin letters without a space between them, both heard well."""
        for cut in range(LATIN_LEAST, len(word) - LATIN_LEAST + 1):
            left = self._heard(word[:cut], WELL)
            right = self._heard(word[cut:], WELL) if left else None
            if left and right and min(self.counts.get(left, 0), self.counts.get(right, 0)) >= FREQUENT:
                return Read((self.term(left), self.term(right)), f"{left} {right}", 0.8)
        return None

    def _heard(self, word: str, limit: float | None = None) -> str | None:
        best: tuple[float, str] | None = None
        for written in latin_sounds(word):
            for found, sounds in self.sounding.like(written.key):
                cost = difference(written, sounds) - min(self.counts.get(found, 0), 40) / 100
                if best is None or (cost, found) < best:
                    best = (cost, found)
        allowed = 0.8 + len(word) / 6 if limit is None else limit
        return None if best is None or best[0] > allowed else best[1]


def _endings_off(word: str) -> Iterator[str]:
    """What may remain of a word without its ending; spoken endings swallow a final ه (خونه + مون = خونمون)."""
    for endings, longest, least in _ENDINGS:
        cuts = range(max(least, len(word) - longest), len(word))
        for _, cut in sorted((endings[word[cut:]], cut) for cut in cuts if word[cut:] in endings):
            yield word[:cut]
            if word[cut] != "ه":
                yield word[:cut] + "ه"


def _with_endings(word: str) -> Iterator[str]:
    """All of which the word may remain: `_endings_off` the other way."""
    for endings, _, _ in _ENDINGS:
        for ending in endings:
            yield word + ending
            if word.endswith("ه") and ending[0] != "ه":
                yield word[:-1] + ending


def _easily_mixed(word: str, other: str) -> bool:
    """Whether one slip makes the one of the other: a letter lost, two swapped, one taken for another.

    One is taken for another beside it on the keyboard, of its shape or of its sound.
    """
    if len(word) != len(other):
        return len(word) + 1 == len(other) and word[0] == other[0]
    pairs = [(mine, theirs) for mine, theirs in zip(word, other, strict=True) if mine != theirs]
    if len(pairs) == 2 and pairs[0] == pairs[1][::-1]:
        return True
    return len(pairs) == 1 and any(pairs[0][0] in group and pairs[0][1] in group for group in MIXED_LETTERS)


def _verb_forms() -> Iterator[tuple[str, str]]:
    for verb, others in VERBS.items():
        for stem in (verb, *others.split()):
            past = stem.endswith(("د", "ت")) and len(stem) > 1 and stem != verb
            endings = PAST_ENDINGS if past else VERB_ENDINGS
            prefixes = ("", "می", "نمی", "ن") if past else VERB_PREFIXES
            for prefix in prefixes:
                for ending in endings:
                    form = prefix + stem + ending
                    if len(form) > 2 and not (prefix == "" and len(stem) < 2):
                        yield form, "~" + verb


@cache
def _always_sounding() -> Sounding:
    return Sounding(ALWAYS_KNOWN | _verbs().keys())


@cache
def _verbs() -> dict[str, str]:
    return dict(_verb_forms())
