"""The questions of a survey that staff are writing, as tables hold them: found, added, moved, made to depend on others.

Nothing is stored here; `survey_drafts.py` does what is done here to the tables as they stand.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from bot.errors import CitizenError
from bot.services import typed
from bot.services.questionnaire import MANY, NUMBER, ONE, SCALE
from bot.services.survey_sheet import MOST_QUESTIONS
from bot.text import fold_ours

Tables = dict[str, Any]
"""{"survey": {"title": …}, "question": [{"id": "q1", "kind": "one", …}]}, as such a file holds them."""
Record = dict[str, Any]
"""One question of these tables."""
COMPARED: Final = (ONE, MANY, SCALE, NUMBER)
"""The kinds whose answers others may depend on."""
_MARKED: Final = 6


class Aim(NamedTuple):
    """What a button of a draft is about: its number, a question by its mark, and what else the action needs."""

    number: int
    question: str = ""
    other: str = ""
    more: str = ""


def aim(argument: str) -> Aim:
    """As it stands on a button: «12.q3.o1»."""
    number, *marks = argument.split(".")
    return Aim(typed.number(number), *marks[:3])


def aimed(number: int, *names: str) -> str:
    """The other way round; `names`: ids or words of ours."""
    return ".".join([str(number), *map(mark, names)])


# -- questions


def mark(name: str) -> str:
    """A question or an option as a button carries it: ids that came with a file are too long for several of them."""
    return name if len(name) <= _MARKED else f"{zlib.crc32(name.encode()) & 0xFFFFFF:06x}"


def question(tables: Tables, marked: str) -> Record:
    """Raises `CitizenError`: "no_question", if somebody has deleted it meanwhile."""
    for found in tables["question"]:
        if mark(found["id"]) == marked:
            record: Record = found
            return record
    raise CitizenError("no_question")


def option(record: Record, marked: str) -> dict[str, Any]:
    """Raises `CitizenError`: "no_option"."""
    for found in record.get("options", ()):
        if mark(found["id"]) == marked:
            chosen: dict[str, Any] = found
            return chosen
    raise CitizenError("no_option")


def place(tables: Tables, record: Record) -> int:
    """The number of a question, from 1, as people count."""
    return [found["id"] for found in tables["question"]].index(record["id"]) + 1


def add(tables: Tables, kind: str) -> Record:
    """A new last question, without any words yet. Raises `CitizenError`: "many_questions", "one_question"."""
    if tables["survey"].get("quick"):
        raise CitizenError("one_question")
    if len(tables["question"]) >= MOST_QUESTIONS:
        raise CitizenError("many_questions", limit=MOST_QUESTIONS)
    made = {"id": _unused("q", (found["id"] for found in tables["question"])), "kind": kind}
    tables["question"].append(made)
    return made


def move(tables: Tables, marked: str, step: int) -> None:
    """One up (-1) or down (1). Raises `CitizenError`: "no_question", "at_edge", "depends" if their order matters."""
    questions = tables["question"]
    at = place(tables, question(tables, marked)) - 1
    to = at + step
    if not 0 <= to < len(questions):
        raise CitizenError("at_edge")
    first, second = questions[min(at, to)], questions[max(at, to)]
    if first["id"] in _needs(second):
        raise CitizenError("depends", first=min(at, to) + 1, second=max(at, to) + 1)
    questions[at], questions[to] = questions[to], questions[at]


def dependants(tables: Tables, record: Record) -> list[int]:
    """The numbers of the questions that are asked only after some answers to this one."""
    return [place(tables, found) for found in tables["question"] if record["id"] in _needs(found)]


def delete(tables: Tables, marked: str) -> None:
    """It goes, and so does whatever depended on its answers. Raises `CitizenError`: "no_question", "one_question"."""
    gone = question(tables, marked)
    if tables["survey"].get("quick"):
        raise CitizenError("one_question")
    for found in tables["question"]:
        drop_rule(found, gone["id"])
    tables["question"].remove(gone)


def flip(record: Record, key: str, *, usual: bool) -> None:
    """Yes becomes no; what is as usual is not written down."""
    if record.get(key, usual) is usual:
        record[key] = not usual
    else:
        record.pop(key)


def set_options(tables: Tables, record: Record, labels: Sequence[str]) -> None:
    """Other answers to choose from. Whichever read as before stay what they were; no condition names one that went."""
    record["options"] = made_options(record.get("options", []), labels)
    if record.get("choices", 0) > len(labels):
        record.pop("choices")
    ids = {found["id"] for found in record["options"]}
    for found in tables["question"]:
        rule = rule_about(found, record["id"])
        if rule is not None and "any" in rule:
            # One that is left without any stays: somebody has to say what it should be now.
            rule["any"] = [name for name in rule["any"] if name in ids]


def made_options(before: Iterable[Mapping[str, Any]], labels: Sequence[str]) -> list[dict[str, Any]]:
    """Options with these labels; those that read like one before have its id."""
    known = {fold_ours(found["label"]): dict(found) for found in before}
    kept = [known.get(fold_ours(label)) for label in labels]
    ids = [found["id"] for found in known.values()]
    made = []
    for label, old in zip(labels, kept, strict=True):
        if old is None:
            ids.append(_unused("o", ids))
            made.append({"id": ids[-1], "label": label})
        else:
            made.append(old | {"label": label})
    return made


def _unused(letter: str, ids: Iterable[str]) -> str:
    """Greater than any number that is there, so that what was said of another one never comes to stand for it."""
    numbers = [int(name[1:]) for name in ids if name[:1] == letter and name[1:].isdecimal()]
    return f"{letter}{max(numbers, default=0) + 1}"


# -- asked only if


def _needs(record: Record) -> set[str]:
    return {rule["question"] for rule in record.get("show_if", ())}


def candidates(tables: Tables, record: Record) -> list[Record]:
    """The earlier questions on whose answers this one may depend."""
    earlier = tables["question"][: place(tables, record) - 1]
    filled = {ONE: "options", MANY: "options", SCALE: "words", NUMBER: "most"}
    return [found for found in earlier if found["kind"] in COMPARED and filled[found["kind"]] in found]


def earlier(tables: Tables, record: Record, marked: str) -> Record:
    """One of these. Raises `CitizenError`: "no_question"."""
    for found in candidates(tables, record):
        if mark(found["id"]) == marked:
            return found
    raise CitizenError("no_question")


def rule_about(record: Record, about: str) -> dict[str, Any] | None:
    """Its condition on a question. None: it does not matter what is answered there."""
    return next((rule for rule in record.get("show_if", ()) if rule["question"] == about), None)


def flip_rule(record: Record, about: Record, chosen: str) -> None:
    """It is asked after this answer, too, or not any more. Without any answer left the condition is gone."""
    rule = rule_about(record, about["id"])
    before = [] if rule is None else rule.get("any", [])
    after = [found["id"] for found in about["options"] if (found["id"] in before) != (found["id"] == chosen)]
    _put_rule(record, about, {"any": after} if after else None)


def limit_rule(record: Record, about: Record, least: int | None, most: int | None) -> None:
    """It is asked after answers from `least` to `most`; None: no limit, and without both no condition."""
    limits = {key: value for key, value in (("least", least), ("most", most)) if value is not None}
    _put_rule(record, about, limits or None)


def drop_rule(record: Record, about: str) -> None:
    left = [rule for rule in record.get("show_if", ()) if rule["question"] != about]
    if left:
        record["show_if"] = left
    else:
        record.pop("show_if", None)


def _put_rule(record: Record, about: Record, what: Mapping[str, Any] | None) -> None:
    """In place of the one there is."""
    rules = list(record.get("show_if", ()))
    at = next((number for number, rule in enumerate(rules) if rule["question"] == about["id"]), len(rules))
    rules[at : at + 1] = [] if what is None else [{"question": about["id"]} | dict(what)]
    record["show_if"] = rules
    if not rules:
        record.pop("show_if")
