"""Reads surveys from `content/surveys/*.toml`, and says of each what is wrong with it: file, question, key, reason.

A survey that has passed can be asked: each path ends, somebody reaches each question, each option fits on a button.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from bot.errors import Faults
from bot.services.questionnaire import (
    KINDS,
    MANY,
    NUMBER,
    ONE,
    SCALE,
    STEPS,
    Condition,
    Option,
    Question,
    Survey,
    can_be_asked,
)
from bot.services.rows import ID, Check, Key, Row, Sheet, is_id, is_label, is_text
from bot.services.tidying import untidy
from bot.text import fold_ours

FOLDER: Final = "surveys"
MOST_QUESTIONS: Final = 30
OPTIONS: Final = (2, 12)
QUICK_OPTIONS: Final = (2, 8)
RANGE: Final = (-1_000_000, 1_000_000)
TITLE_LIMIT: Final = 60
QUESTION_LIMIT: Final = 300
TEXT_LIMIT: Final = 600

_OF_KIND: Final[Mapping[str, tuple[str, ...]]] = {
    ONE: ("options",),
    MANY: ("options", "choices"),
    SCALE: ("words",),
    NUMBER: ("least", "most"),
}
"""The keys that only questions of a kind have; all but `choices` are needed."""
_SPECIAL: Final = frozenset(key for keys in _OF_KIND.values() for key in keys)


def is_persian(limit: int) -> Check:
    """A check for a text of at most so many letters, with its half-spaces and Persian digits in place."""

    def check(value: str) -> str:
        if reason := is_text(value):
            return reason
        if len(value.strip()) > limit:
            return f"is longer than {limit} characters"
        place = untidy(value)
        return f"is not written as print has it: «{place}»" if place else ""

    return check


def is_persian_label(value: str) -> str:
    """A text that fits on a button."""
    return is_label(value) or is_persian(len(value))(value)


def _are_words(values: list[Any]) -> str:
    if len(values) != STEPS or not all(isinstance(word, str) for word in values):
        return f"must be {STEPS} texts, from the lowest step to the highest"
    reason = next(filter(None, map(is_persian_label, values)), "")
    return reason or ("has a word twice" if len(set(map(fold_ours, values))) < STEPS else "")


def _is_number(value: int) -> str:
    return "" if RANGE[0] <= value <= RANGE[1] else f"must be from {RANGE[0]} to {RANGE[1]}"


_SURVEY: Final = {
    "title": Key(str, needed=True, check=is_persian(TITLE_LIMIT)),
    "intro": Key(str, check=is_persian(TEXT_LIMIT)),
    "thanks": Key(str, needed=True, check=is_persian(TEXT_LIMIT)),
    "anonymous": Key(bool, needed=True),
    "quick": Key(bool),
}
_QUESTION: Final = {
    "id": Key(str, needed=True, check=is_id),
    "kind": Key(str, needed=True, check=lambda value: "" if value in KINDS else f"is none of {', '.join(KINDS)}"),
    "text": Key(str, needed=True, check=is_persian(QUESTION_LIMIT)),
    "options": Key(list),
    "words": Key(list, check=_are_words),
    "least": Key(int, check=_is_number),
    "most": Key(int, check=_is_number),
    "choices": Key(int),
    "required": Key(bool),
    "hidden": Key(bool),
    "show_if": Key(list),
}
_OPTION: Final = {
    "id": Key(str, needed=True, check=is_id),
    "label": Key(str, needed=True, check=is_persian_label),
    "alone": Key(bool),
}
_CONDITION: Final = {
    "question": Key(str, needed=True),
    "any": Key(list, check=lambda value: "" if value else "must not be empty"),
    "least": Key(int),
    "most": Key(int),
}


def load(root: Path) -> dict[str, Survey]:
    """All surveys of a folder of content, by the names of their files. Raises `Faults` with every fault found."""
    found: dict[str, Survey] = {}
    faults: list[tuple[str, str, str]] = []
    for file in sorted((root / FOLDER).glob("*.toml")):
        try:
            found[file.stem] = read(root, file.stem)
        except Faults as error:
            faults += error.faults
    if faults:
        raise Faults(faults)
    return found


def read(root: Path, name: str) -> Survey:
    """The survey `name`. Raises `Faults` with every fault found."""
    sheet = Sheet(root, f"{FOLDER}/{name}", ("survey", "question"))
    if not ID.fullmatch(name):
        sheet.wrong("-", f"the name of the file {is_id(name)}")
    about = sheet.record("survey", _SURVEY)
    questions = [_question(sheet, row) for row in sheet.rows("question", _QUESTION)]
    if not sheet.faults:
        _check_order(sheet, questions)
        _check_quick(sheet, about, questions)
    if sheet.faults:
        raise Faults(sheet.faults)
    texts: Row = {key: value.strip() if isinstance(value, str) else value for key, value in about.items()}
    survey = Survey(id=name, questions=tuple(questions), **texts)
    _check_reach(sheet, survey)
    if sheet.faults:
        raise Faults(sheet.faults)
    return survey


def _question(sheet: Sheet, row: Row) -> Question:
    label = f"question.{row['id']}"
    own = _OF_KIND.get(row["kind"], ())
    for key in sorted(_SPECIAL & set(row) - set(own)):
        sheet.wrong(f"{label}.{key}", f"is not a key of a question of kind {row['kind']}")
    for key in own:
        if key not in row and key != "choices":
            sheet.wrong(f"{label}.{key}", "is missing")
    options = _options(sheet, row, f"{label}.options") if "options" in own and "options" in row else ()
    if row.get("least", 0) > row.get("most", row.get("least", 0)):
        sheet.wrong(f"{label}.most", "is less than least: no number could be given")
    choices = row.get("choices", len(options))
    if "choices" in row and not 2 <= choices <= len(options):
        sheet.wrong(f"{label}.choices", f"must be from 2 to {len(options)}, the number of options")
    lists = {"options": options, "words": tuple(row.get("words", ())), "show_if": _conditions(sheet, row, label)}
    return Question(**(row | lists | {"choices": choices, "text": row["text"].strip()}))


def _options(sheet: Sheet, row: Row, label: str) -> tuple[Option, ...]:
    rows = row["options"]
    options = [Option(**found) for found in sheet.sound(rows, label, _OPTION)]
    if not OPTIONS[0] <= len(rows) <= OPTIONS[1]:
        sheet.wrong(label, f"must be from {OPTIONS[0]} to {OPTIONS[1]}")
    known: dict[str, str] = {}
    for option in options:
        first = known.setdefault(fold_ours(option.label), option.id)
        if first != option.id:
            sheet.wrong(f"{label}.{option.id}.label", f"reads like that of {first}: nobody could choose it by its name")
        if option.alone and row["kind"] != MANY:
            sheet.wrong(f"{label}.{option.id}.alone", f"is not a key of a question of kind {row['kind']}")
    return tuple(options)


def _conditions(sheet: Sheet, row: Row, label: str) -> tuple[Condition, ...]:
    found = []
    for rule in sheet.sound(row.get("show_if", []), f"{label}.show_if", _CONDITION, "question"):
        if not all(isinstance(option, str) for option in rule.get("any", [])):
            sheet.wrong(f"{label}.show_if.{rule['question']}.any", "must be a list of ids of options")
        elif len(rule) == 1:
            sheet.wrong(f"{label}.show_if.{rule['question']}", "needs any, least or most")
        else:
            found.append(Condition(**(rule | {"any": frozenset(rule.get("any", ()))})))
    return tuple(found)


def _check_order(sheet: Sheet, questions: Collection[Question]) -> None:
    """Conditions look back, and at what can be answered so."""
    if not 1 <= len(questions) <= MOST_QUESTIONS:
        sheet.wrong("question", f"must be from 1 to {MOST_QUESTIONS}")
    all_ids = {question.id for question in questions}
    earlier: dict[str, Question] = {}
    for question in questions:
        for rule in question.show_if:
            label = f"question.{question.id}.show_if.{rule.question}"
            if rule.question in earlier:
                _check_condition(sheet, label, rule, earlier[rule.question])
            else:
                known = "comes later, or is this question itself" if rule.question in all_ids else "is no question"
                sheet.wrong(label, known)
        earlier[question.id] = question


def _check_condition(sheet: Sheet, label: str, rule: Condition, about: Question) -> None:
    is_numeric = about.kind in {SCALE, NUMBER}
    compares = rule.least is not None or rule.most is not None
    if not is_numeric and not about.options:
        sheet.wrong(label, f"is a question of kind {about.kind}, whose answers cannot be compared")
    elif rule.any and is_numeric:
        sheet.wrong(f"{label}.any", "is for questions with options; use least and most")
    elif compares and not is_numeric:
        sheet.wrong(label, "has options; use any")
    for option in sorted(rule.any - {option.id for option in about.options}) if about.options else ():
        sheet.wrong(f"{label}.any", f"{option} is no option of that question")


def _check_quick(sheet: Sheet, about: Row, questions: list[Question]) -> None:
    if not about.get("quick"):
        if "intro" not in about:
            sheet.wrong("survey.intro", "is missing; only a quick poll needs none")
        return
    if len(questions) != 1 or questions[0].kind not in {ONE, SCALE}:
        sheet.wrong("survey.quick", "is for a single question, of kind one or scale")
    elif len(questions[0].options) > QUICK_OPTIONS[1]:
        sheet.wrong(f"question.{questions[0].id}.options", f"must be at most {QUICK_OPTIONS[1]} in a quick poll")


def _check_reach(sheet: Sheet, survey: Survey) -> None:
    for question in survey.questions:
        if not question.hidden and not can_be_asked(survey, question):
            sheet.wrong(
                f"question.{question.id}.show_if", "can never hold: nobody would be asked; or say hidden = true"
            )
    if all(question.hidden for question in survey.questions):
        sheet.wrong("question", "are all hidden")
