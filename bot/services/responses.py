"""What a citizen gives as an answer, brought into the form in which it is counted; refused with a word why not.

A press and a typed answer come to the same: «۴», «چهار», the word of the step and its button are one answer.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.errors import CitizenError
from bot.services import numbers
from bot.services.questionnaire import (
    MANY,
    NUMBER,
    ONE,
    PHOTO,
    PLACE,
    SCALE,
    STEPS,
    TEXT,
    Question,
    Value,
)
from bot.services.quoting import ZWNJ, quote
from bot.text import fold_ours

LONGEST: Final = 500
"""Letters of an answer in words."""
_LISTED: Final = re.compile(r"[،,؛;\n]")


@dataclass(frozen=True, slots=True)
class Given:
    """What arrived, of whatever it was: typed words, ids of pressed options, the key of a photo, a point in degrees."""

    text: str = ""
    pressed: tuple[str, ...] = ()
    photo: str = ""
    place: tuple[float, float] | None = None


def read(question: Question, given: Given) -> Value:
    """The value of an answer. Raises `CitizenError`, by the kind of the question.

    one: no_option (an old button, or other words), only_one
    many: no_option, too_many (limit), not_beside (label: what stands alone)
    scale: no_option, out_of_range (least, most) · number: not_a_number, out_of_range (least, most)
    text: no_text, too_long (length, limit) · photo: no_photo · place: no_place
    """
    return _READERS[question.kind](question, given)


def skip(question: Question) -> None:
    """Nothing as an answer. Raises `CitizenError("needed")` where there must be one."""
    if question.required:
        raise CitizenError("needed")


def _one(question: Question, given: Given) -> str:
    chosen = _chosen(question, given)
    if len(chosen) > 1:
        raise CitizenError("only_one")
    return chosen[0]


def _many(question: Question, given: Given) -> tuple[str, ...]:
    chosen = _chosen(question, given)
    alone = [option for option in question.options if option.alone and option.id in chosen]
    if alone and len(chosen) > 1:
        raise CitizenError("not_beside", label=alone[0].label)
    if len(chosen) > question.choices:
        raise CitizenError("too_many", limit=question.choices)
    return chosen


def _scale(question: Question, given: Given) -> int:
    said = given.pressed[0] if given.pressed else given.text
    words = [fold_ours(word) for word in question.words]
    if fold_ours(said) in words:
        return words.index(fold_ours(said)) + 1
    number = numbers.whole(said)
    if number is None:
        raise CitizenError("no_option")
    return _within(number, 1, STEPS)


def _number(question: Question, given: Given) -> int:
    return _within(numbers.whole(given.text), question.least, question.most)


def _text(_question: Question, given: Given) -> str:
    words = given.text.strip()
    if not quote(words, LONGEST).strip(ZWNJ):  # signs that nobody sees are no words
        raise CitizenError("no_text")
    if len(words) > LONGEST:
        raise CitizenError("too_long", length=len(words), limit=LONGEST)
    return words


def _photo(_question: Question, given: Given) -> str:
    if not given.photo:
        raise CitizenError("no_photo")
    return given.photo


def _place(_question: Question, given: Given) -> tuple[float, float]:
    if given.place is None:
        raise CitizenError("no_place")
    return given.place


_READERS: Final[Mapping[str, Callable[[Question, Given], Value]]] = {
    ONE: _one,
    MANY: _many,
    SCALE: _scale,
    NUMBER: _number,
    TEXT: _text,
    PHOTO: _photo,
    PLACE: _place,
}


def _within(number: int | None, least: int, most: int) -> int:
    if number is None:
        raise CitizenError("not_a_number")
    if not least <= number <= most:
        raise CitizenError("out_of_range", least=least, most=most)
    return number


def _chosen(question: Question, given: Given) -> tuple[str, ...]:
    """The ids of the chosen options in the order of the question, at least one."""
    chosen = set(given.pressed) if given.pressed else _typed(question, given.text)
    if not chosen or chosen - {option.id for option in question.options}:
        raise CitizenError("no_option")
    return tuple(option.id for option in question.options if option.id in chosen)


def _typed(question: Question, text: str) -> set[str]:
    """The options that typed words name, by label or by number; of words that name none, nothing at all."""
    by_label = {fold_ours(option.label): option.id for option in question.options}
    if fold_ours(text) in by_label:
        return {by_label[fold_ours(text)]}
    parts: Sequence[str] = [part for part in _LISTED.split(text) if fold_ours(part)]
    found = [by_label.get(fold_ours(part)) or _by_number(question, part) for part in parts]
    return {option for option in found if option} if all(found) else set()


def _by_number(question: Question, text: str) -> str:
    number = numbers.whole(text)
    return question.options[number - 1].id if number is not None and 1 <= number <= len(question.options) else ""
