"""Ready answers of staff, `content/replies.toml`: which fit a case, and how one reads with what is known of it."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from bot.errors import Faults
from bot.services.rows import Key, Row, Sheet, fields_of, is_id, is_label, is_list_of_texts, is_text

STATES: Final = ("asked", "answered", "fixed", "not_ours", "no_action", "planned")
FIELDS: Final = ("name", "code", "category", "unit", "date")
NAME: Final = "name"
# Where a name may stand so that the sentence is good without it: after a word, before a mark. «سلام {name}،»
_NAME: Final = re.compile(r" \{name\}(?=[،.!؛\n]|$)")
_TITLES: Final = re.compile(r"(?:آقای|خانم|جناب|سرکار|جنابعالی) \{name\}")


@dataclass(frozen=True)
class Reply:
    """One ready answer. `categories`: only for these; none: for all."""

    id: str
    title: str
    states: tuple[str, ...]
    text: str
    categories: tuple[str, ...] = ()

    @cached_property
    def needs(self) -> frozenset[str]:
        """What has to be known of a case to fill it. A name is never needed."""
        return frozenset(fields_of(self.text)) - {NAME}

    def fill(self, values: Mapping[str, str]) -> str:
        """The text as the citizen reads it: plain, whatever is in the values. Without a name it greets nobody by name.

        Raises `LookupError` if something else that it needs is missing or empty.
        """
        missing = sorted(field for field in self.needs if not values.get(field, "").strip())
        if missing:
            raise LookupError(f"{self.id} needs {', '.join(missing)}")
        known = {field: " ".join(value.split()) for field, value in values.items()}
        template = self.text if known.get(NAME) else _NAME.sub("", self.text)
        return template.format_map(known)


@dataclass(frozen=True, slots=True)
class Replies:
    """All of them, in the order of the file."""

    all: tuple[Reply, ...] = ()

    def of(self, category: str, state: str, most: int = 5, known: Collection[str] = FIELDS) -> list[Reply]:
        """What fits a case of this category that is to reach this state: first what is written for the category.

        `known`: what can be filled in; what needs more is left out.
        """
        fitting = [
            reply
            for reply in self.all
            if state in reply.states
            and (not reply.categories or category in reply.categories)
            and reply.needs <= set(known)
        ]
        return sorted(fitting, key=lambda reply: not reply.categories)[:most]


_REPLY: Final = {
    "id": Key(str, needed=True, check=is_id),
    "title": Key(str, needed=True, check=is_label),
    "states": Key(list, needed=True, check=is_list_of_texts),
    "categories": Key(list, check=is_list_of_texts),
    "text": Key(str, needed=True, check=is_text),
}


def load(root: Path, categories: Iterable[str]) -> Replies:
    """Read `replies.toml` of a folder of content. Raises `Faults` with every fault found."""
    sheet = Sheet.of_file(root, "replies", ("reply",))
    known = set(categories)
    found = []
    for row in sheet.rows("reply", _REPLY):
        for key, reason in _wrongs(row, known):
            sheet.wrong(f"reply.{row['id']}.{key}", reason)
        found.append(_reply(row))
    if sheet.faults:
        raise Faults(sheet.faults)
    return Replies(tuple(found))


def _reply(row: Row) -> Reply:
    lists: dict[str, Any] = {key: tuple(row.get(key, ())) for key in ("states", "categories")}
    return Reply(id=row["id"], title=row["title"], text=row["text"].strip(), **lists)


def _wrongs(row: Row, categories: Collection[str]) -> Iterator[tuple[str, str]]:
    """(key, reason) of each fault that types do not show."""
    if not row["states"]:
        yield "states", "must not be empty"
    yield from (("states", f"{state} is none of {', '.join(STATES)}") for state in row["states"] if state not in STATES)
    for category in row.get("categories", ()):
        if category not in categories:
            yield "categories", f"{category} is no category"
    text = row["text"]
    try:
        fields = set(fields_of(text))
    except ValueError as error:
        yield "text", f"has a brace that is no field ({error}); write {{{{ or }}}} for the sign itself"
        return
    yield from (("text", f"{{{field}}} is none of {', '.join(FIELDS)}") for field in sorted(fields - set(FIELDS)))
    if NAME in fields and "{name}" in _NAME.sub("", text):
        yield "text", "{name} must stand after a word and before a mark, so that it reads well without a name"
    if _TITLES.search(text):
        yield "text", "{name} must not follow a title: nobody is told whether it is a man or a woman"
