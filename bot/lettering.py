"""Persian lines for a renderer that neither joins letters nor goes from right to left: each sign as it is seen.

Letters become the signs that Unicode keeps for their joined forms (Arabic Presentation Forms), and the line is ordered
by the rules of Unicode Standard Annex 9 for a paragraph from right to left, without embeddings: unseen signs are taken
out. Vowel signs are left out too, since such a renderer would set them beside their letter.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import Final

ZWNJ: Final = "\u200c"
_JOINING: Final = "\u0640\u200d"
"""Signs that join on both sides and have one form only."""
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Mn", "Me"})
_FORMS: Final = {
    (False, False): "isolated",
    (True, False): "final",
    (False, True): "initial",
    (True, True): "medial",
}
_LIGATURE: Final = re.compile("\u0644[\u0622\u0623\u0625\u0627]")
_HEH_WITH_HAMZA: Final = ("\u0647\u0654", "\u06c0")
_BRACKETS: Final = {"(": ")", "[": "]", "{": "}"}
_PAIRS: Final = (*_BRACKETS.items(), ("<", ">"), ("«", "»"), ("‹", "›"), ("\u2264", "\u2265"))
_MIRRORED: Final = str.maketrans(dict(_PAIRS) | {right: left for left, right in _PAIRS})
_NUMBERS: Final = ("EN", "AN")


def seen(line: str) -> str:
    """The signs of one line as they stand on paper, from left to right."""
    shaped = _shaped(unicodedata.normalize("NFC", line).replace(*_HEH_WITH_HAMZA))
    levels = _levels(shaped)
    signs = [sign.translate(_MIRRORED) if level == 1 else sign for sign, level in zip(shaped, levels, strict=True)]
    return "".join(_ordered(signs, levels))


def _shaped(line: str) -> str:
    """Letters in their joined forms."""
    forms = _forms()
    letters = list(_letters(line))
    found = []
    for at, letter in enumerate(letters):
        before = at > 0 and _joins(letters[at - 1], "initial") and _joins(letter, "final")
        after = at + 1 < len(letters) and _joins(letter, "initial") and _joins(letters[at + 1], "final")
        form = _FORMS[before, after]
        found.append(forms.get(letter, {}).get(form, letter))
    return "".join(letter for letter in found if letter not in {ZWNJ, _JOINING[1]})


def _letters(line: str) -> Iterator[str]:
    """The letters of a line, lam with alef as one."""
    at = 0
    plain = "".join(sign for sign in line if sign in {ZWNJ, _JOINING[1]} or unicodedata.category(sign) not in _UNSEEN)
    while at < len(plain):
        size = 2 if _LIGATURE.match(plain, at) else 1
        yield plain[at : at + size]
        at += size


def _joins(letter: str, form: str) -> bool:
    return letter in _JOINING or form in _forms().get(letter, {})


@cache
def _forms() -> dict[str, dict[str, str]]:
    """For each letter the signs of its forms: isolated, final, initial, medial."""
    found: dict[str, dict[str, str]] = {}
    for point in (*range(0xFB50, 0xFC00), *range(0xFE70, 0xFEFD)):
        form, *points = unicodedata.decomposition(chr(point)).split() or [""]
        letter = "".join(chr(int(code, 16)) for code in points)
        if len(letter) == 1 or _LIGATURE.fullmatch(letter):
            # A letter that stands alone is its own form; of some, fonts have no other.
            shown = letter if form == "<isolated>" and len(letter) == 1 else chr(point)
            found.setdefault(letter, {}).setdefault(form.strip("<>"), shown)
    return found


# -- the order, by the rules of the annex, named as there


def _levels(line: str) -> list[int]:
    types = [unicodedata.bidirectional(sign) or "L" for sign in line]
    _weak(types)
    _brackets(line, types)
    _neutral(types)
    levels = [1 if kind == "R" else 2 for kind in types]
    for at in range(len(line) - 1, -1, -1):  # L1
        if not line[at].isspace():
            break
        levels[at] = 1
    return levels


def _weak(types: list[str]) -> None:
    """W2 to W7; what W1 is about was taken out."""
    strong = "R"
    for at, kind in enumerate(types):
        if kind in {"L", "R", "AL"}:
            strong = kind
        elif kind == "EN" and strong == "AL":
            types[at] = "AN"
    types[:] = ["R" if kind == "AL" else kind for kind in types]
    _between_numbers(types)
    strong = "R"
    for at, kind in enumerate(types):
        if kind in {"L", "R"}:
            strong = kind
        elif kind == "EN" and strong == "L":
            types[at] = "L"
        elif kind not in _NUMBERS:
            types[at] = "ON"


def _between_numbers(types: list[str]) -> None:
    """W4 and W5: signs inside numbers and beside them."""
    for at in range(1, len(types) - 1):
        around = {types[at - 1], types[at + 1]}
        if (types[at] == "ES" and around == {"EN"}) or (types[at] == "CS" and around in ({"EN"}, {"AN"})):
            types[at] = types[at - 1]
    for first, last in _runs(types, {"ET"}):
        beside = [*types[max(first - 1, 0) : first], *types[last : last + 1]]
        types[first:last] = ["EN" if "EN" in beside else "ON"] * (last - first)


def _brackets(line: str, types: list[str]) -> None:
    """N0: both of a pair go the way of what stands inside, or of what stands before."""
    for first, last in sorted(_paired(line, types)):
        inside = {_direction(kind) for kind in types[first + 1 : last]} - {""}
        if "R" in inside:
            types[first] = types[last] = "R"
        elif inside:
            before = next(filter(None, map(_direction, reversed(types[:first]))), "R")
            types[first] = types[last] = before


def _paired(line: str, types: Sequence[str]) -> Iterator[tuple[int, int]]:
    waiting: list[int] = []
    for at, sign in enumerate(line):
        if types[at] == "ON" and sign in _BRACKETS:
            waiting.append(at)
        elif types[at] == "ON" and sign in _BRACKETS.values():
            opened = next((one for one in reversed(waiting) if _BRACKETS[line[one]] == sign), None)
            if opened is not None:
                del waiting[waiting.index(opened) :]
                yield opened, at


def _neutral(types: list[str]) -> None:
    """N1 and N2."""
    for first, last in _runs(types, {"ON"}):
        before = _direction(types[first - 1]) if first else "R"
        after = _direction(types[last]) if last < len(types) else "R"
        types[first:last] = [before if before == after else "R"] * (last - first)


def _direction(kind: str) -> str:
    """Numbers count as right-to-left here; neutral signs have none."""
    return "R" if kind in _NUMBERS else kind if kind in {"L", "R"} else ""


def _runs(types: Sequence[str], kinds: set[str]) -> Iterator[tuple[int, int]]:
    """Where signs of these kinds stand side by side: from, to (without)."""
    first = 0
    while first < len(types):
        last = first
        while last < len(types) and types[last] in kinds:
            last += 1
        if last > first:
            yield first, last
        first = last + 1


def _ordered(signs: Sequence[str], levels: Sequence[int]) -> Iterator[str]:
    """L2: from the right, but what goes from left to right as it is."""
    runs = [(level, list(run)) for level, run in groupby(range(len(signs)), lambda at: levels[at])]
    for level, run in reversed(runs):
        yield from (signs[at] for at in (run if level == 2 else reversed(run)))
