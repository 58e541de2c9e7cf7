"""Known words by what may be written for them: a slip, or Latin letters. Immutable; a change makes new ones."""

from collections.abc import Iterable, Iterator, Mapping

from bot.finglish import Sounds, persian_sounds

Heard = tuple[str, Sounds]
"""A word and how it sounds."""


class Slips:
    """Words by all they become by losing a letter: two words one slip apart share one of these."""

    def __init__(self, words: Iterable[str], before: Mapping[str, str] | None = None) -> None:
        # Strings with the words in them, for there are hundreds of thousands: small, and no garbage collector looks
        # into them.
        self._words = dict(before or {})
        for word in words:
            for key in _keys(word):
                others = self._words.get(key)
                self._words[key] = word if others is None else f"{others} {word}"

    def changed(self, come: Iterable[str], gone: Iterable[str]) -> "Slips":
        left = self._words.copy()
        for word in gone:
            for key in _keys(word):
                left[key] = " ".join(other for other in left[key].split() if other != word)
                if not left[key]:
                    del left[key]
        return Slips(come, left)

    def near(self, word: str) -> set[str]:
        """All words that may be the one meant, and some more."""
        return {found for key in _shortened(word) for found in self._words.get(key, "").split()}


class Sounding:
    """Words by the key of their sounds."""

    def __init__(self, words: Iterable[str], before: Mapping[str, tuple[Heard, ...]] | None = None) -> None:
        self._words = dict(before or {})
        for word in words:
            for sounds in persian_sounds(word):
                self._words[sounds.key] = (*self._words.get(sounds.key, ()), (word, sounds))

    def changed(self, come: Iterable[str], gone: Iterable[str]) -> "Sounding":
        left = self._words.copy()
        for word in gone:
            for key in {sounds.key for sounds in persian_sounds(word)}:
                left[key] = tuple(heard for heard in left[key] if heard[0] != word)
                if not left[key]:
                    del left[key]
        return Sounding(come, left)

    def like(self, key: str) -> tuple[Heard, ...]:
        return self._words.get(key, ())


def _keys(word: str) -> Iterable[str]:
    return dict.fromkeys(_shortened(word)) if len(word) > 2 and word[0] >= "\u0600" else ()


def _shortened(word: str) -> Iterator[str]:
    """The word itself and all it becomes by losing one letter."""
    yield word
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]
