"""A survey: its questions, and which of them a citizen is asked, given what they have answered so far.

Nothing here is stored or said. Answers are a mapping from the id of a question to what `responses.read` made of it, or
to None where a citizen passed over a question that need not be answered. A question is asked if all its conditions
hold; they look at earlier questions only, and at an answer only while its own question is asked. So an answer counts
exactly as long as its question is on the path, and changing an earlier answer never leaves a later one behind.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from bot.errors import CitizenError

ONE: Final = "one"
MANY: Final = "many"
SCALE: Final = "scale"
NUMBER: Final = "number"
TEXT: Final = "text"
PHOTO: Final = "photo"
PLACE: Final = "place"
KINDS: Final = (ONE, MANY, SCALE, NUMBER, TEXT, PHOTO, PLACE)
STEPS: Final = 5
"""A scale goes from one to this."""

Value = str | int | tuple[str, ...] | tuple[float, float]
"""By the kind of the question: the id of an option, a number, ids of options, words, a key of a file, degrees."""
Answers = Mapping[str, Value | None]


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers to choose from. `alone`: nothing else may be chosen beside it («هیچ‌کدام»)."""

    id: str
    label: str
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """What an earlier answer must be: one of these options, or a number from `least` to `most` (None: no limit)."""

    question: str
    any: frozenset[str] = frozenset()
    least: int | None = None
    most: int | None = None

    def holds(self, value: Value | None) -> bool:
        if isinstance(value, int):
            return not self.any and (
                (self.least is None or value >= self.least) and (self.most is None or value <= self.most)
            )
        chosen = (value,) if isinstance(value, str) else value or ()
        return any(option in self.any for option in chosen)


@dataclass(frozen=True, slots=True)
class Question:
    """One question. Which fields have a meaning depends on the kind.

    `words` name the steps of a scale, from the lowest. `least` and `most` are the range of a number. At most `choices`
    of many options may be chosen. `hidden`: put aside, nobody is asked. `show_if`: asked if all of them hold.
    """

    id: str
    kind: str
    text: str
    options: tuple[Option, ...] = ()
    words: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    choices: int = 0
    required: bool = True
    hidden: bool = False
    show_if: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Survey:
    """`quick`: a single question, answered under the message that asks it; then there need be no intro."""

    id: str
    title: str
    thanks: str
    anonymous: bool
    questions: tuple[Question, ...]
    intro: str = ""
    quick: bool = False

    def find(self, question: str) -> Question:
        """Raises `CitizenError("no_question")`: a button of a survey that has changed, or a forged one."""
        for found in self.questions:
            if found.id == question:
                return found
        raise CitizenError("no_question")


def path(survey: Survey, answers: Answers) -> list[Question]:
    """The questions that are asked as things stand, in order, answered or not."""
    counted: dict[str, Value | None] = {}
    asked = []
    for question in survey.questions:
        if not question.hidden and all(rule.holds(counted.get(rule.question)) for rule in question.show_if):
            asked.append(question)
            if question.id in answers:
                counted[question.id] = answers[question.id]
    return asked


def counting(survey: Survey, answers: Answers) -> dict[str, Value | None]:
    """Of the answers those that count: to questions that are still asked."""
    return {question.id: answers[question.id] for question in path(survey, answers) if question.id in answers}


def photos(survey: Survey, answers: Answers) -> set[str]:
    """The keys of the files among the answers."""
    asked = [question.id for question in survey.questions if question.kind == PHOTO]
    return {str(answers[name]) for name in asked if answers.get(name)}


def next_question(survey: Survey, answers: Answers) -> Question | None:
    """The first that is asked and has no answer; None at the end."""
    return next((question for question in path(survey, answers) if question.id not in answers), None)


def previous(survey: Survey, answers: Answers, at: Question | None) -> Question | None:
    """The one that was asked before `at` (None: before the end); None at the beginning."""
    before = list(takewhile(lambda question: question != at, path(survey, answers)))
    return before[-1] if before else None


def give(survey: Survey, answers: Answers, question: Question, value: Value | None) -> dict[str, Value | None]:
    """The answers with one more, or one changed, and without those that count no longer.

    `value` comes from `responses.read` or `responses.skip`. Raises `CitizenError("not_asked")`: an old button, of a
    question that other answers have taken off the path.
    """
    if question not in path(survey, answers):
        raise CitizenError("not_asked")
    return counting(survey, {**answers, question.id: value})


def needs(survey: Survey, question: Question) -> Iterator[Condition]:
    """Everything that must hold for a question to be asked, that of the questions it depends on too."""
    by_id = {found.id: found for found in survey.questions}
    seen: set[str] = set()
    ahead = [question]
    while ahead:
        for rule in ahead.pop().show_if:
            yield rule
            if rule.question not in seen:
                seen.add(rule.question)
                ahead.append(by_id[rule.question])


def can_be_asked(survey: Survey, question: Question) -> bool:
    """Whether there are answers that lead to a question."""
    by_id = {found.id: found for found in survey.questions}
    wanted: dict[str, list[Condition]] = {}
    for rule in needs(survey, question):
        wanted.setdefault(rule.question, []).append(rule)
    shown = not question.hidden and not any(by_id[other].hidden for other in wanted)
    # Each question is answered freely of the others, so what is wanted of each can be looked at alone.
    return shown and all(_can_be(by_id[other], rules) for other, rules in wanted.items())


def _can_be(question: Question, rules: Collection[Condition]) -> bool:
    """Whether one answer fulfils all these conditions."""
    if question.kind in {SCALE, NUMBER}:
        lowest, highest = (1, STEPS) if question.kind == SCALE else (question.least, question.most)
        least = max([lowest, *(rule.least for rule in rules if rule.least is not None)])
        return least <= min([highest, *(rule.most for rule in rules if rule.most is not None)])
    together = [option.id for option in question.options if not option.alone]
    if any(all(option.id in rule.any for rule in rules) for option in question.options):
        return True
    return question.kind == MANY and _can_choose(together, [rule.any for rule in rules], question.choices)


def _can_choose(options: Collection[str], wanted: Collection[Collection[str]], most: int) -> bool:
    """Whether at most so many options can be chosen with one of each wanted group among them."""
    if not wanted:
        return True
    first, *others = wanted
    return most > 0 and any(
        _can_choose(options, [group for group in others if option not in group], most - 1)
        for option in first
        if option in options
    )
