"""Persian in Latin letters: by ear («salam») or on the wrong keyboard («sghl»). Knows sounds, no vocabulary."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

# What a key of an English keyboard writes on the Persian one, plain and with Shift.
_KEYS: Final = dict(zip("qwertyuiop[]asdfghjkl;'zxcvbnm,\\", "ضصثقفغعهخحجچشسیبلاتنمکگظطزرذدپوپ", strict=True))
_SHIFTED: Final = {**dict(zip('CHNBFVZGXS{}:"<|', "ژااااوههییجچکگوپ", strict=True)), "M": ""}
_PLAIN_TABLE: Final = str.maketrans(
    {**_KEYS, **{key.upper(): letter for key, letter in _KEYS.items() if key.isalpha()}}
)
_SHIFT_TABLE: Final = str.maketrans(
    {**{key.upper(): letter for key, letter in _KEYS.items() if key.isalpha()}, **_KEYS, **_SHIFTED}
)

_BACK: Final = str.maketrans({**{letter: key for key, letter in _KEYS.items() if key.isalpha()}, "ئ": "m"})

# Sounds that several letters share. Vowels and their carriers leave no trace in a key: spellers disagree on them most.
_CONSONANTS: Final = dict(zip("ثصسذزضظژتطحهخقغشچجبپدرفکگلمن", "ssszzzzJtthhKqqSCjbpdrfkglmn", strict=True))
_PERSIAN: Final = str.maketrans({**_CONSONANTS, "ا": "a", "ع": "", "و": "o", "ی": "i"})
_DIGRAPHS: Final = tuple(
    pair.split(":")
    for pair in "sch:S sh:S kh:K ch:C zh:J gh:q ph:f ck:k th:t oo:u ou:u ow:u ee:i ei:i ey:i ay:ai aa:a".split()
)
_LATIN: Final = str.maketrans({"c": "k", "w": "v", "y": "i", "'": None})
_TWICE: Final = re.compile(r"(.)\1+")
_SLOTS: Final = re.compile("([^aeiou])")
# What a Latin vowel costs where Persian writes another one, or none («»: a short vowel, which Persian leaves out).
_COSTS: Final = {
    **{("a", latin): cost for latin, cost in (("", 0.9), ("e", 1.0), ("o", 0.8), ("u", 0.7), ("i", 1.0))},
    **{("o", latin): cost for latin, cost in (("u", 0.0), ("a", 1.0), ("", 0.9), ("e", 1.0))},
    **{("i", latin): cost for latin, cost in (("e", 0.4), ("", 0.9), ("a", 1.0))},
    **{("e", latin): cost for latin, cost in (("a", 0.3), ("", 0.4), ("i", 0.8))},
    **{("", latin): cost for latin, cost in (("a", 0.2), ("e", 0.1), ("o", 0.2), ("i", 0.5), ("u", 0.6))},
}


class Sounds(NamedTuple):
    """A word as it sounds: its consonants, and the vowels before, between and after them."""

    key: str
    vowels: tuple[str, ...]


def by_keyboard(text: str) -> tuple[str, ...]:
    """The message as the Persian keyboard would have written it: with Shift read as Shift, and as Caps Lock."""
    plain, shifted = text.translate(_PLAIN_TABLE), text.translate(_SHIFT_TABLE)
    return (plain,) if plain == shifted else (plain, shifted)


def by_english_keyboard(text: str) -> str:
    """The message as the English keyboard would have written it: «سفشقف» is «start»."""
    return text.translate(_BACK)


def persian_sounds(word: str) -> Iterator[Sounds]:
    """A Persian word as it may sound: و is a vowel, or v where it can be one. Of a Latin name nothing is heard."""
    if word.isascii():
        return
    silent_end = word.endswith("ه") and len(word) > 2
    base = word[:-1] if silent_end else word
    tail = "e" if silent_end else ""
    yield _sounds(base.translate(_PERSIAN) + tail)
    if "و" in base:
        yield _sounds(base.replace("و", "v").translate(_PERSIAN) + tail)


def latin_sounds(word: str) -> Iterator[Sounds]:
    """A Latin spelling as it may sound: x is kh or ks, final h is silent."""
    forms = [word.replace("x", "K"), word.replace("x", "ks")] if "x" in word else [word]
    for form in forms:
        sounds = form
        for pair, sound in _DIGRAPHS:
            sounds = sounds.replace(pair, sound)
        sounds = sounds.translate(_LATIN)
        if sounds.endswith("h") and len(sounds) > 2 and sounds[-2] in "aeiou":
            sounds = sounds[:-1]
        yield _sounds(sounds)


def difference(written: Sounds, known: Sounds) -> float:
    """How far the vowels of a Latin spelling are from those of a Persian word with the same consonants."""
    return sum(_slot(mine, theirs) for mine, theirs in zip(written.vowels, known.vowels, strict=True))


def _slot(latin: str, persian: str) -> float:
    if latin == persian:
        return 0.0
    cost = _COSTS.get((persian, latin))
    if cost is not None:
        return cost
    return min(0.5 * abs(len(latin) - len(persian)) + (0.0 if persian[:1] in latin else 0.6), 2.0)


def _sounds(rough: str) -> Sounds:
    parts = _SLOTS.split(_TWICE.sub(r"\1", rough))
    return Sounds("".join(parts[1::2]), tuple(parts[0::2]))
