"""Which subject a text is about, told by words that name subjects or help to: spoken, misspelt or in Latin letters.

Words are compared by how they sound («چراق» is «چراغ»), without their endings, and written together or apart alike. A
phrase says more than its words: «چراغ راهنما» is of the traffic, whatever «چراغ» alone is of.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from bot.finglish import Sounds, difference, latin_sounds, persian_sounds
from bot.text import fold_ours

Said = tuple[Sequence[str], Sequence[str]]
"""Of one subject: the words that name it by themselves, and those which only help."""

STRONG: Final = 1.0
WEAK: Final = 0.3
PHRASE: Final = 0.6
"""What each further word of a phrase adds."""
COVERED: Final = 0.35
"""What is left of a word that stands inside the phrase of another subject."""
ENOUGH: Final = 0.65
BESIDE_BEST: Final = 0.3
LONGEST: Final = 4
"""Words of a phrase."""
MOST_WORDS: Final = 150
MOST_LATIN: Final = 30
SLIP: Final = 6
"""A word of so many letters is known with one of them missing, too many or wrong."""

_SOUNDS: Final = str.maketrans("صثضظذطغحع", "سسزززتقها")
_TWICE: Final = re.compile(r"(.)\1+")
# Left out: endings that are written apart.
_SILENT: Final = frozenset("ی ها های هایی ای هم که".split())
# Everyday words that are nobody's, though they are like one: they stay what they are, in Latin letters too.
_EVERYDAY: Final = """
    سلام شما ما من این اون میشه نمیشه میاد نمیاد میان میخوام میخونه شهر شهری شهرداری شهردار محله محل کوچه خیابان
    خونه خانه اجرا اجرای اجرایی مجری نونوایی نانوا نانوایی چقدر چطور چرا کجا کجاست کی چی چیه هست نیست بود شد شده
    کرده کردن کنید کنه داره دارید دارین ندارید نداره بدید بگید بگو لطفا ممنون مرسی همه هیچ خیلی زیاد کم الان
    امروز فردا دیروز شب روز ماه سال هفته پوشش ناشناس درآمد پیشنهاد شکایت گزارش انتقاد تشکر مشکل آدم مردم بچه
    جلوی کنار وسط سر ته پشت روی توی داخل بیرون باید شاید اگه ولی چون برای واسه باهاش خودم خودش همین همون یکی
    دوتا پیش بعد قبل رد میشم میرم رفت رفتم اومد اومدم گفت گفتم
"""
# In the form of `sounded`. After three letters only the plain ones: «فرزند» is no «فرز».
_PLURAL: Final = r"(?:ها|های|هایی|هاش|هام|هامان|هاتان|هاشان|ا|ای|ایی)"
_ENDING: Final = re.compile(
    rf"(?:{_PLURAL}|ان|انی|ات|ی|یی|یه|های)?(?:م|ت|ش|مان|تان|شان|ام|اش|امان|اتان|اشان)?"
    r"(?:و|رو|را|ه|س|ست|هس|هست|ن|اند|ند|ی|یم|ید|ین|یند|تر)?"
)
_SHORT_ENDING: Final = re.compile(rf"{_PLURAL}(?:و|رو|ن)?|ی|یه|ه|و|رو|م|ش|س|ست|مان|مانو|تان|شان|اش")
_LONGEST_ENDING: Final = 7
_LATIN_ENDINGS: Final = tuple(
    "haye hayi hash hamoon haro ha emoon moon etoon toon eshoon shoon ro e ye o a i am esh et".split()
)
_HEARD: Final = 0.17
"""How far a Latin spelling may be from a word of ours, for each of its letters."""


class Match(NamedTuple):
    """A word or phrase of a subject in a text."""

    places: frozenset[int]
    key: str
    weights: Mapping[str, float]


class Finder:
    """All words of all subjects, and the way to them from what people write."""

    def __init__(self, subjects: Mapping[str, Said]) -> None:
        self._known: set[str] = set()
        self._heard: dict[str, list[tuple[str, Sounds]]] = defaultdict(list)
        everyday = fold_ours(_EVERYDAY).split()
        self._hear(everyday)
        self._everyday = frozenset(map(sounded, everyday))
        named: dict[str, dict[str, float]] = defaultdict(dict)
        # Single words first: those of phrases are known by them, with whatever ending they stand there.
        for phrase, subject, weight in sorted(_phrases(subjects), key=lambda one: len(one[0])):
            key = self._learn(phrase)
            worth = weight * (1 + PHRASE * (len(phrase) - 1))
            named[key][subject] = max(named[key].get(subject, 0.0), worth)
        # A word that several subjects share tells less of each.
        self._named = {
            key: {subject: weight / math.sqrt(len(found)) for subject, weight in found.items()}
            for key, found in named.items()
        }
        self._slips: dict[str, set[str]] = defaultdict(set)
        for key in self._named:
            if len(key) >= SLIP:
                for short in _shortened(key):
                    self._slips[short].add(key)

    def find(self, words: Sequence[str]) -> list[str]:
        """The subjects of a text, the likeliest first. `words` as of `Text.fold`."""
        scores = self._scores(list(self._matches(self._stems(words[:MOST_WORDS]))))
        best = max(scores.values(), default=0.0)
        if best < ENOUGH:
            return []
        ranked = sorted(scores, key=lambda subject: -scores[subject])
        return [subject for subject in ranked if scores[subject] >= best * BESIDE_BEST]

    def _learn(self, words: Sequence[str]) -> str:
        sounds = [sounded(word) for word in words]
        if len(words) > 1:
            sounds = [self._without_ending(sound) or sound for sound in sounds]
        key = "".join(sounds)
        self._known.update((*sounds, key))
        self._hear((*words, "".join(words)))
        return key

    def _hear(self, words: Iterable[str]) -> None:
        for word in words:
            for heard in persian_sounds(word):
                found = (sounded(word), heard)
                if found not in self._heard[heard.key]:
                    self._heard[heard.key].append(found)

    def _stems(self, words: Sequence[str]) -> list[str]:
        """The words of a text, each as one of ours if it is one with an ending, by ear or by one slip."""
        stems: list[str] = []
        latin = MOST_LATIN
        for word in words:
            if word in _SILENT:
                continue
            if word.isascii() and word.isalpha():
                latin -= 1
                stems.append(self._by_ear(word) if latin >= 0 else word)
            else:
                stems.append(self._stem(sounded(word)))
        return stems

    def _stem(self, word: str) -> str:
        return self._without_ending(word) or self._slipped(word) or word

    def _without_ending(self, word: str) -> str:
        if word in self._known or word in self._everyday:
            return word
        for cut in range(len(word) - 1, max(1, len(word) - _LONGEST_ENDING - 1), -1):
            stem, ending = word[:cut], word[cut:]
            if stem in self._known and _is_ending(stem, ending):
                return stem
            # Spoken endings swallow a silent ه: «محلمون».
            if cut > 2 and f"{stem}ه" in self._known and ending[0] != "ه" and _ENDING.fullmatch(ending):
                return f"{stem}ه"
        return ""

    def _slipped(self, word: str) -> str:
        if len(word) < SLIP:
            return ""
        alike = {key for short in _shortened(word) for key in self._slips.get(short, ())}
        near = {key for key in alike if _is_one_slip(word, key)}
        return near.pop() if len(near) == 1 else ""

    def _by_ear(self, word: str) -> str:
        """The word of ours that these Latin letters spell; as they are if they spell none."""
        for form in (word, *(word.removesuffix(end) for end in _LATIN_ENDINGS if word.endswith(end))):
            if len(form) > 2:
                heard = [
                    (difference(written, sounds), known)
                    for written in latin_sounds(form)
                    for known, sounds in self._heard.get(written.key, ())
                ]
                if heard and min(heard)[0] <= len(form) * _HEARD:
                    return min(heard)[1]
        return word

    def _matches(self, stems: Sequence[str]) -> Iterator[Match]:
        for start in range(len(stems)):
            for end in range(start + 1, min(start + LONGEST, len(stems)) + 1):
                places = range(start, end)
                # One other word may stand between: «چراغ سر چهارراه».
                for gap in (None, *places[1:-1]):
                    kept = [at for at in places if at != gap]
                    key = self._phrase([stems[at] for at in kept])
                    if key:
                        yield Match(frozenset(kept), key, self._named[key])

    def _phrase(self, stems: Sequence[str]) -> str:
        """The word or phrase of ours that these are."""
        key = "".join(stems)
        if key not in self._named and len(stems) > 1:
            # «پیاده روی»: the ending is one of the phrase, not of its short last word.
            key = self._without_ending(key)
            if len(key) < sum(map(len, stems[:-1])) + 2:
                return ""
        return key if key in self._named else ""

    def _scores(self, matches: Sequence[Match]) -> dict[str, float]:
        """What all matches together say for each subject: every word counts once for it, where it counts most."""
        scores: dict[str, float] = defaultdict(float)
        counted: dict[str, set[str]] = defaultdict(set)
        taken: dict[str, set[int]] = defaultdict(set)
        for match in sorted(matches, key=lambda match: -len(match.places)):
            for subject, weight in match.weights.items():
                if match.key in counted[subject] or not taken[subject].isdisjoint(match.places):
                    continue
                counted[subject].add(match.key)
                taken[subject] |= match.places
                scores[subject] += weight * (COVERED if _is_covered(match, matches) else 1)
        return scores


def _phrases(subjects: Mapping[str, Said]) -> Iterator[tuple[list[str], str, float]]:
    """(words, subject, weight) of everything that is said of the subjects."""
    for subject, said in subjects.items():
        for phrases, weight in zip(said, (STRONG, WEAK), strict=True):
            for phrase in phrases:
                yield [word for word in fold_ours(phrase).split() if word not in _SILENT], subject, weight


def sounded(word: str) -> str:
    """A word in the one spelling in which words are compared: letters of one sound are one, «ون» is «ان»."""
    plain = _TWICE.sub(r"\1", word.translate(_SOUNDS))
    return plain[0] + plain[1:].replace("ون", "ان") if plain else ""


def _is_ending(stem: str, ending: str) -> bool:
    if len(stem) > 3:
        return _ENDING.fullmatch(ending) is not None
    return _SHORT_ENDING.fullmatch(ending) is not None if len(stem) == 3 else ending in {"ا", "ها", "های", "ای"}


def _is_covered(match: Match, matches: Sequence[Match]) -> bool:
    """Whether the match stands inside a longer one, which then says what it means."""
    return any(match.places < other.places and max(other.weights.values()) >= STRONG for other in matches)


def _is_one_slip(one: str, other: str) -> bool:
    """Whether a letter more, less or another, or two neighbours in the wrong order, is all that differs."""
    start = _alike(one, other)
    end = _alike(one[start:][::-1], other[start:][::-1])
    mine, theirs = one[start : len(one) - end], other[start : len(other) - end]
    return max(len(mine), len(theirs)) <= 1 or (len(mine) == 2 and mine == theirs[::-1])


def _alike(one: str, other: str) -> int:
    """With how many letters both begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (mine, theirs) in pairs if mine != theirs), min(len(one), len(other)))


def _shortened(key: str) -> Iterator[str]:
    yield key
    for at in range(len(key)):
        yield key[:at] + key[at + 1 :]
