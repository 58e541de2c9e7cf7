"""What citizens write about: categories with their questions, kinds of message, numbers for danger.

All of it stands in `content/categories.toml`. Which category a text is about is found in `bot/services/finding.py`.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from bot.errors import Faults
from bot.services.finding import LONGEST, Finder
from bot.services.geo import REACH
from bot.services.rows import Key, Row, Sheet, is_from, is_id, is_label, is_list_of_texts, is_text
from bot.text import fold_ours

OTHER: Final = "other"
KINDS: Final = ("complaint", "criticism", "suggestion", "thanks")
MOST_CATEGORIES: Final = 20
OPTIONS: Final = (2, 5)
MOST_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class Option:
    """One tap as an answer. `emergency`: the id of the one that stops the report instead."""

    id: str
    label: str
    emergency: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What a category asks beside the citizen's words, since it helps the crew."""

    id: str
    text: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Category:
    """One subject. `words` name it by themselves, `hints` only help; `days` are working days until an answer.

    `radius`: so many metres around, open cases of the category are offered instead of a new one; 0: never.
    `notice` is said before a case is sent. `sample`: nobody of the staff has confirmed it yet.
    """

    id: str
    title: str
    group: str
    days: int
    radius: int
    needs_place: bool
    words: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    anonymous: bool = True
    notice: str = ""
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Categories that are shown behind one button."""

    id: str
    title: str
    categories: tuple[Category, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a message is. `prompt` asks the citizen to write; `asks_verdict`: later asked whether it is mended.

    `days`: working days until an answer; None: as the category says.
    """

    id: str
    title: str
    prompt: str
    asks_place: bool
    asks_files: bool
    asks_verdict: bool
    days: int | None = None
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Emergency:
    """A danger, and what is said of it instead of taking a report; `**` marks in it count."""

    id: str
    text: str


@dataclass(frozen=True)
class Categories:
    """All of them. `fold` brings a citizen's text into the form in which it is compared."""

    groups: tuple[Group, ...] = ()
    all: Mapping[str, Category] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    emergencies: Mapping[str, Emergency] = field(default_factory=dict)
    fold: Callable[[str], str] = fold_ours

    @property
    def samples(self) -> list[str]:
        """What still has to be confirmed."""
        kinds = [f"kinds.{kind.id}" for kind in self.kinds.values() if kind.sample]
        return [*(f"categories.{found.id}" for found in self.all.values() if found.sample), *kinds]

    def find(self, text: str, most: int = 3) -> list[Category]:
        """The categories that a text may be about, the likeliest first; none if it names no subject."""
        return [self.all[found] for found in self._finder.find(self.fold(text).split())[:most]]

    @cached_property
    def _finder(self) -> Finder:
        return Finder({found.id: (found.words, found.hints) for found in self.all.values()})


def _are_phrases(values: list[str]) -> str:
    reason = is_list_of_texts(values)
    if not reason and any(len(fold_ours(value).split()) not in range(1, LONGEST + 1) for value in values):
        return f"must be phrases of at most {LONGEST} words"
    return reason


_OPTION: Final = {
    "id": Key(str, needed=True, check=is_id),
    "label": Key(str, needed=True, check=is_label),
    "emergency": Key(str),
}
_QUESTION: Final = {
    "id": Key(str, needed=True, check=is_id),
    "text": Key(str, needed=True, check=is_text),
    "options": Key(list, needed=True),
}
_CATEGORY: Final = {
    "id": Key(str, needed=True, check=is_id),
    "title": Key(str, needed=True, check=is_label),
    "group": Key(str, needed=True),
    "days": Key(int, needed=True, check=is_from(1, MOST_DAYS)),
    "radius": Key(int, needed=True, check=is_from(0, REACH)),
    "needs_place": Key(bool, needed=True),
    "words": Key(list, check=_are_phrases),
    "hints": Key(list, check=_are_phrases),
    "question": Key(list),
    "anonymous": Key(bool),
    "notice": Key(str, check=is_text),
    "sample": Key(bool),
}
_GROUP: Final = {"id": Key(str, needed=True, check=is_id), "title": Key(str, needed=True, check=is_label)}
_KIND: Final = {
    "id": Key(str, needed=True, check=lambda value: "" if value in KINDS else f"is none of {', '.join(KINDS)}"),
    "title": Key(str, needed=True, check=is_label),
    "prompt": Key(str, needed=True, check=is_text),
    "asks_place": Key(bool, needed=True),
    "asks_files": Key(bool, needed=True),
    "asks_verdict": Key(bool, needed=True),
    "days": Key(int, check=is_from(1, MOST_DAYS)),
    "sample": Key(bool),
}
_EMERGENCY: Final = {"id": Key(str, needed=True, check=is_id), "text": Key(str, needed=True, check=is_text)}


def load(root: Path) -> Categories:
    """Read `categories.toml` of a folder of content. Raises `Faults` with every fault found."""
    sheet = Sheet.of_file(root, "categories", ("group", "category", "kind", "emergency"))
    titles = {row["id"]: row["title"] for row in sheet.rows("group", _GROUP)}
    emergencies = {row["id"]: Emergency(row["id"], row["text"].strip()) for row in sheet.rows("emergency", _EMERGENCY)}
    categories = [_category(sheet, row, emergencies) for row in sheet.rows("category", _CATEGORY)]
    kinds = {row["id"]: Kind(**row) for row in sheet.rows("kind", _KIND)}
    if not sheet.faults:
        _check_whole(sheet, categories, titles, kinds)
    if sheet.faults:
        raise Faults(sheet.faults)
    groups = tuple(
        Group(group, title, tuple(found for found in categories if found.group == group))
        for group, title in titles.items()
    )
    ordered = {found.id: found for group in groups for found in group.categories}
    return Categories(groups, ordered, {kind: kinds[kind] for kind in KINDS}, emergencies)


def _category(sheet: Sheet, row: Row, emergencies: Collection[str]) -> Category:
    label = f"category.{row['id']}"
    questions = tuple(
        Question(asked["id"], asked["text"], _options(sheet, asked["options"], f"{label}.{asked['id']}", emergencies))
        for asked in sheet.sound(row.get("question", []), f"{label}.question", _QUESTION)
    )
    lists = {key: tuple(row.get(key, ())) for key in ("words", "hints")}
    plain = {key: value for key, value in row.items() if key != "question"}
    return Category(**(plain | lists), questions=questions)


def _options(sheet: Sheet, rows: object, label: str, emergencies: Collection[str]) -> tuple[Option, ...]:
    options = [Option(**row) for row in sheet.sound(rows, f"{label}.options", _OPTION)]
    for option in options:
        if option.emergency and option.emergency not in emergencies:
            sheet.wrong(f"{label}.options.{option.id}.emergency", "is no emergency of this file")
    if isinstance(rows, list) and not OPTIONS[0] <= len(rows) <= OPTIONS[1]:
        sheet.wrong(f"{label}.options", f"must be from {OPTIONS[0]} to {OPTIONS[1]}")
    return tuple(options)


def _check_whole(sheet: Sheet, categories: list[Category], groups: Mapping[str, str], kinds: Collection[str]) -> None:
    """What no row shows alone."""
    for found in categories:
        if found.group not in groups:
            sheet.wrong(f"category.{found.id}.group", "is no group of this file")
        if not found.words and found.id != OTHER:
            sheet.wrong(f"category.{found.id}.words", "is missing: nobody could find it by typing")
    for group in groups:
        if not any(found.group == group for found in categories):
            sheet.wrong(f"group.{group}", "has no category")
    last = [found.id for group in groups for found in categories if found.group == group][-1:]
    if last != [OTHER]:
        sheet.wrong(f"category.{OTHER}", "must be there, as the last one of the last group")
    if len(categories) > MOST_CATEGORIES:
        sheet.wrong("category", f"are more than {MOST_CATEGORIES}")
    for kind in KINDS:
        if kind not in kinds:
            sheet.wrong(f"kind.{kind}", "is missing")
