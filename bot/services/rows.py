"""Rows of a content file: `[[name]]` tables, each key checked for its type and meaning, each fault named."""

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from string import Formatter
from typing import Any, Final, NamedTuple, Self

Row = dict[str, Any]
Check = Callable[[Any], str]
"""Says what is wrong with a value of the right type; an empty text if nothing is."""

ID: Final = re.compile(r"[a-z][a-z0-9_]{0,19}")
"""Short, since three of them together stand in the data of a button."""
LABEL_LIMIT: Final = 30
_ARABIC: Final = frozenset("يك٠١٢٣٤٥٦٧٨٩")


class Key(NamedTuple):
    """What a key of a row must hold."""

    type: type
    needed: bool = False
    check: Check | None = None


class Sheet:
    """One content file being read. What is wrong gathers in `faults`; only sound rows are given out."""

    def __init__(self, file: str, tables: Mapping[str, Any], kinds: Collection[str]) -> None:
        self.file = file
        self.faults: list[tuple[str, str, str]] = []
        self._tables = dict(tables)
        for kind in sorted(set(tables) - set(kinds)):
            self.wrong(kind, f"is none of {', '.join(kinds)}")

    @classmethod
    def of_file(cls, folder: Path, name: str, kinds: Collection[str]) -> Self:
        """A file of the content."""
        file = f"content/{name}.toml"
        try:
            return cls.of_text(file, (folder / f"{name}.toml").read_text(encoding="utf-8"), kinds)
        except (OSError, UnicodeDecodeError) as error:
            return cls._unread(file, error)

    @classmethod
    def of_text(cls, file: str, text: str, kinds: Collection[str]) -> Self:
        """What such a file holds; `file` names it in the faults."""
        try:
            return cls(file, tomllib.loads(text), kinds)
        except tomllib.TOMLDecodeError as error:
            return cls._unread(file, error)

    @classmethod
    def _unread(cls, file: str, error: Exception) -> Self:
        sheet = cls(file, {}, ())
        sheet.wrong("-", f"cannot be read: {error}")
        return sheet

    def wrong(self, key: str, reason: str) -> None:
        self.faults.append((self.file, key, reason))

    def table(self, name: str) -> Row:
        """The plain table `[name]`; an empty one, and a fault, if there is none."""
        found = self._tables.get(name)
        if isinstance(found, dict):
            return found
        self.wrong(name, "is missing" if found is None else "must be a table")
        return {}

    def record(self, name: str, keys: Mapping[str, Key]) -> Row:
        """The plain table `[name]`, each key checked."""
        found = self.table(name)
        if isinstance(self._tables.get(name), dict):
            self._check(found, name, keys)
        return found

    def rows(self, kind: str, keys: Mapping[str, Key], name: str = "id") -> list[Row]:
        """The sound rows of `[[kind]]`, no two of one name."""
        return self.sound(self._tables.get(kind, []), kind, keys, name)

    def sound(self, rows: object, label: str, keys: Mapping[str, Key], name: str = "id") -> list[Row]:
        """Of these rows the sound ones; `label` says in the faults where they stand, the key `name` which one it is."""
        if not isinstance(rows, list):
            self.wrong(label, "must be a list of tables")
            return []
        found: dict[object, Row] = {}
        for number, row in enumerate(rows, start=1):
            named = f"{label}.{row[name]}" if isinstance(row, dict) and row.get(name) else f"{label} {number}"
            before = len(self.faults)
            self._check(row, named, keys)
            if len(self.faults) == before and row[name] in found:
                self.wrong(f"{named}.{name}", "is used twice")
            if len(self.faults) == before:
                found[row[name]] = row
        return list(found.values())

    def _check(self, row: object, named: str, keys: Mapping[str, Key]) -> None:
        if not isinstance(row, dict):
            self.wrong(named, "must be a table")
            return
        for key, rule in keys.items():
            if rule.needed and key not in row:
                self.wrong(f"{named}.{key}", "is missing")
        for key, value in row.items():
            reason = _reason(keys.get(key), value)
            if reason:
                self.wrong(f"{named}.{key}", reason)


def _reason(rule: Key | None, value: object) -> str:
    if rule is None:
        return "is not a key here"
    if type(value) is not rule.type:
        return f"must be {rule.type.__name__}"
    return rule.check(value) if rule.check is not None else ""


def is_id(value: str) -> str:
    return "" if ID.fullmatch(value) else "must be at most 20 small Latin letters, digits and _"


def is_text(value: str) -> str:
    """A text that people read."""
    if not value.strip():
        return "must not be empty"
    return "has an Arabic letter or digit; use ی, ک and Persian digits" if _ARABIC & set(value) else ""


def is_label(value: str) -> str:
    """A text that fits on a button."""
    return f"is longer than {LABEL_LIMIT} characters" if len(value) > LABEL_LIMIT else is_text(value)


def is_list_of_texts(value: Sequence[object]) -> str:
    good = all(isinstance(text, str) and text.strip() for text in value)
    return "" if good else "must be a list of texts, none of them empty"


def is_from(least: int, most: int) -> Check:
    """A check for a whole number between these two."""
    return lambda value: "" if least <= value <= most else f"must be from {least} to {most}"


def fields_of(text: str) -> Iterator[str]:
    """The fields of a text, with whatever beside their name they should not have.

    Raises `ValueError` at a brace that is no field.
    """
    for _, name, form, conversion in Formatter().parse(text):
        if name is not None:
            yield f"{name}{'!' if conversion else ''}{conversion or ''}{':' if form else ''}{form or ''}"
