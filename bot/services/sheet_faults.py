"""What is wrong with a survey, for staff: which question, what of it, and why, in their language.

`survey_sheet.py` and `rows.py` say it for whoever reads logs. Words: of `content/survey_import.toml`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from bot.content import Wording
from bot.markup import Spans
from bot.services.quoting import quote

Fault = tuple[str, str, str]
"""(file, key, reason)"""

MOST: Final = 60
"""Faults that are told at once; whoever has more begins with these."""
SHOWN: Final = 40

_REASONS: Final[Mapping[str, re.Pattern[str]]] = {
    "kind": re.compile(r"is none of one, many"),
    "table": re.compile(r"is none of "),
    "toml_line": re.compile(r"cannot be read: .*\(at line (?P<line>\d+)", re.DOTALL),
    "toml": re.compile(r"cannot be read: "),
    "intro": re.compile(r"is missing; only a quick poll"),
    "missing": re.compile(r"is missing$"),
    "not_table": re.compile(r"must be a table$"),
    "not_tables": re.compile(r"must be a list of tables$"),
    "twice": re.compile(r"is used twice$"),
    "other_kind": re.compile(r"is not a key of a question of kind (?P<kind>\w+)$"),
    "no_key": re.compile(r"is not a key here$"),
    "not_bool": re.compile(r"must be bool$"),
    "not_text": re.compile(r"must be str$"),
    "not_number": re.compile(r"must be int$"),
    "not_list": re.compile(r"must be list$"),
    "id": re.compile(r"must be at most 20 small Latin letters"),
    "empty": re.compile(r"must not be empty$"),
    "foreign": re.compile(r"has an Arabic letter or digit"),
    "long": re.compile(r"is longer than (?P<limit>\d+) characters$"),
    "untidy": re.compile(r"is not written as print has it: «(?P<place>.*)»$", re.DOTALL),
    "choices": re.compile(r"must be from 2 to (?P<most>\d+), the number of options$"),
    "between": re.compile(r"must be from (?P<least>-?\d+) to (?P<most>-?\d+)$"),
    "words": re.compile(r"must be (?P<count>\d+) texts, from the lowest"),
    "same_words": re.compile(r"has a word twice$"),
    "turned": re.compile(r"is less than least"),
    "alike": re.compile(r"reads like that of (?P<other>.*): nobody could choose", re.DOTALL),
    "ids": re.compile(r"must be a list of ids of options$"),
    "bare": re.compile(r"needs any, least or most$"),
    "later": re.compile(r"comes later, or is this question itself$"),
    "no_question": re.compile(r"is no question$"),
    "compared": re.compile(r"is a question of kind (?P<kind>\w+), whose answers cannot"),
    "use_limits": re.compile(r"is for questions with options; use least and most$"),
    "use_any": re.compile(r"has options; use any$"),
    "no_option": re.compile(r"(?P<option>.*) is no option of that question$", re.DOTALL),
    "quick": re.compile(r"is for a single question, of kind one or scale$"),
    "quick_options": re.compile(r"must be at most (?P<most>\d+) in a quick poll$"),
    "never": re.compile(r"can never hold"),
    "hidden": re.compile(r"are all hidden$"),
}
_PARTS: Final = ("text", "options", "words", "least", "most", "choices", "show_if", "intro", "thanks", "title")


def reason(why: str) -> tuple[str, dict[str, Any]]:
    """The name of a reason and what stands in it. ("other", {}): one that nobody has thought of."""
    for name, pattern in _REASONS.items():
        found = pattern.match(why)
        if found is not None:
            return name, {key: _shown(value) for key, value in found.groupdict(default="").items()}
    return "other", {}


class SheetFaults:
    """`words`: of the content file."""

    def __init__(self, words: Wording) -> None:
        self._words = words

    def of_file(self, faults: Sequence[Fault]) -> Spans:
        """Each fault in a line of its own, with the question and the key as they stand in the file."""
        text: Spans = ()
        for _, key, why in faults[:MOST]:
            whose, rest = _split(key)
            if whose and rest:
                text += self._words.text("where_key", question=_quoted(whose), what=_path(rest))
            elif whose:
                text += self._words.text("where_question", question=_quoted(whose))
            else:
                text += (
                    self._words.text("where_file") if key == "-" else self._words.text("where_table", what=_path(key))
                )
            text += self._why(why)
        return text + (self._words.text("more", count=len(faults) - MOST) if len(faults) > MOST else ())

    def of_draft(self, faults: Iterable[Fault], ids: Sequence[str]) -> Spans:
        """The same for who writes it here: questions by their numbers, and what staff call their parts."""
        text: Spans = ()
        for _, key, why in faults:
            whose, rest = _split(key, ids)
            if whose in ids:
                text += self._words.text("where_number", number=ids.index(whose) + 1, part=self._part(rest))
            elif key == "question" and not ids:
                text += self._words.text("no_questions")
                continue
            else:
                text += self._words.text("where_part", part=self._part(key.removeprefix("survey.")))
            text += self._why(why)
        return text

    def _why(self, why: str) -> Spans:
        name, fields = reason(why)
        return self._words.text(f"why_{name}", **fields)

    def _part(self, rest: str) -> str:
        name = rest.partition(".")[0].partition(" ")[0]
        return self._words.button(f"part_{name if name in _PARTS else 'other'}")


def _split(key: str, ids: Iterable[str] = ()) -> tuple[str, str]:
    """The question that a key belongs to, and what of it; "" for what is no question's."""
    kind, apart, rest = key.partition(".") if key.startswith("question.") else key.partition(" ")
    if kind != "question" or not apart:
        return "", key
    for name in ids:
        if rest == name or rest.startswith(f"{name}."):
            return name, rest[len(name) + 1 :]
    whose, _, what = rest.partition(".")
    return whose, what


def _quoted(text: str) -> str:
    """What stands in the file may be anything."""
    return quote(text, SHOWN)


def _path(key: str) -> str:
    """Where something stands, without dots: clients make links of what has them inside."""
    return _quoted(key.replace(".", " "))


def _shown(value: str) -> int | str:
    return int(value) if re.fullmatch(r"-?\d{1,9}", value) else _quoted(value)
