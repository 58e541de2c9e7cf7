"""Reads surveys from `content/surveys/*.toml`, and says of each what is wrong with it: file, question, key, reason.

A survey that has passed can be asked: each path ends, somebody reaches each question, each option fits on a button.
"""

import tomllib
from collections.abc import Callable, Collection, Mapping
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
from bot.services.rows import ID, Check, Key, Row, Sheet, is_id, is_text
from bot.services.tidying import untidy
from bot.text import fold_ours

FOLDER: Final = "surveys"
TABLES: Final = ("survey", "question")
MOST_QUESTIONS: Final = 30
OPTIONS: Final = (2, 12)
QUICK_OPTIONS: Final = (2, 8)
RANGE: Final = (-1_000_000, 1_000_000)
LABEL_LIMIT: Final = 40
"""Letters of an option: it stands on a button as wide as the message."""
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


def is_short(limit: int) -> Check:
    """A check for a text of at most so many letters."""

    def check(value: str) -> str:
        reason = is_text(value)
        return reason or (f"is longer than {limit} characters" if len(value.strip()) > limit else "")

    return check


def is_print(limit: int) -> Check:
    """The same, with its half-spaces and Persian digits in place: what is shipped is printed as it stands."""

    def check(value: str) -> str:
        if reason := is_short(limit)(value):
            return reason
        place = untidy(value)
        return f"is not written as print has it: «{place}»" if place else ""

    return check


def _is_number(value: int) -> str:
    return "" if RANGE[0] <= value <= RANGE[1] else f"must be from {RANGE[0]} to {RANGE[1]}"


class Keys:
    """What the keys of a survey must hold; `text` is the check for whatever people read."""

    def __init__(self, text: Callable[[int], Check]) -> None:
        self._label = text(LABEL_LIMIT)
        self.survey = {
            "title": Key(str, needed=True, check=text(TITLE_LIMIT)),
            "intro": Key(str, check=text(TEXT_LIMIT)),
            "thanks": Key(str, needed=True, check=text(TEXT_LIMIT)),
            "anonymous": Key(bool, needed=True),
            "quick": Key(bool),
        }
        self.question = {
            "id": Key(str, needed=True, check=is_id),
            "kind": Key(str, needed=True, check=lambda kind: "" if kind in KINDS else f"is none of {', '.join(KINDS)}"),
            "text": Key(str, needed=True, check=text(QUESTION_LIMIT)),
            "options": Key(list),
            "words": Key(list, check=self._are_words),
            "least": Key(int, check=_is_number),
            "most": Key(int, check=_is_number),
            "choices": Key(int),
            "required": Key(bool),
            "hidden": Key(bool),
            "show_if": Key(list),
        }
        self.option = {
            "id": Key(str, needed=True, check=is_id),
            "label": Key(str, needed=True, check=self._label),
            "alone": Key(bool),
        }

    def _are_words(self, values: list[Any]) -> str:
        if len(values) != STEPS or not all(isinstance(word, str) for word in values):
            return f"must be {STEPS} texts, from the lowest step to the highest"
        reason = next(filter(None, map(self._label, values)), "")
        return reason or ("has a word twice" if len(set(map(fold_ours, values))) < STEPS else "")


SHIPPED: Final = Keys(is_print)
STAFFS: Final = Keys(is_short)
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
    """The survey `name` of the content. Raises `Faults` with every fault found."""
    sheet = Sheet.of_file(root, f"{FOLDER}/{name}", TABLES)
    if not ID.fullmatch(name):
        sheet.wrong("-", f"the name of the file {is_id(name)}")
    return _made(sheet, name, SHIPPED)


def tables_of_text(name: str, text: str) -> dict[str, Any]:
    """What somebody sent as such a file, as tables, whatever they hold. Raises `Faults`; `name` stands in it."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits, brackets in thousands of brackets
        raise Faults([(name, "-", f"cannot be read: {error}")]) from None


def read_tables(name: str, tables: Mapping[str, Any]) -> Survey:
    """The survey of tables, as such a file holds them. Raises `Faults` with every fault found."""
    return _made(Sheet(name, tables, TABLES), name, STAFFS)


def tables_of(survey: Survey) -> dict[str, Any]:
    """A survey as tables: what `read_tables` makes it of."""
    about = {"title": survey.title, "intro": survey.intro, "thanks": survey.thanks, "quick": survey.quick}
    return {
        "survey": {key: value for key, value in about.items() if value} | {"anonymous": survey.anonymous},
        "question": [_row_of(question) for question in survey.questions],
    }


def _row_of(question: Question) -> Row:
    row: Row = {"id": question.id, "kind": question.kind, "text": question.text}
    if question.options:
        row["options"] = [
            {"id": one.id, "label": one.label} | ({"alone": True} if one.alone else {}) for one in question.options
        ]
    if question.kind == SCALE:
        row["words"] = list(question.words)
    if question.kind == NUMBER:
        row |= {"least": question.least, "most": question.most}
    if question.kind == MANY and question.choices != len(question.options):
        row["choices"] = question.choices
    row |= {"required": False} if not question.required else {}
    row |= {"hidden": True} if question.hidden else {}
    if question.show_if:
        row["show_if"] = [_rule_of(rule) for rule in question.show_if]
    return row


def _rule_of(rule: Condition) -> Row:
    limits = {"least": rule.least, "most": rule.most}
    found: Row = {"question": rule.question} | {key: value for key, value in limits.items() if value is not None}
    return found | ({"any": sorted(rule.any)} if rule.any else {})


def _made(sheet: Sheet, name: str, keys: Keys) -> Survey:
    about = sheet.record("survey", keys.survey)
    questions = [_question(sheet, row, keys) for row in sheet.rows("question", keys.question)]
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


def _question(sheet: Sheet, row: Row, keys: Keys) -> Question:
    label = f"question.{row['id']}"
    own = _OF_KIND.get(row["kind"], ())
    for key in sorted(_SPECIAL & set(row) - set(own)):
        sheet.wrong(f"{label}.{key}", f"is not a key of a question of kind {row['kind']}")
    for key in own:
        if key not in row and key != "choices":
            sheet.wrong(f"{label}.{key}", "is missing")
    options = _options(sheet, row, f"{label}.options", keys) if "options" in own and "options" in row else ()
    if row.get("least", 0) > row.get("most", row.get("least", 0)):
        sheet.wrong(f"{label}.most", "is less than least: no number could be given")
    choices = row.get("choices", len(options))
    if "choices" in row and not 2 <= choices <= len(options):
        sheet.wrong(f"{label}.choices", f"must be from 2 to {len(options)}, the number of options")
    lists = {"options": options, "words": tuple(row.get("words", ())), "show_if": _conditions(sheet, row, label)}
    return Question(**(row | lists | {"choices": choices, "text": row["text"].strip()}))


def _options(sheet: Sheet, row: Row, label: str, keys: Keys) -> tuple[Option, ...]:
    rows = row["options"]
    options = [Option(**found) for found in sheet.sound(rows, label, keys.option)]
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
