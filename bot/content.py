"""The words of the conversations, `content/<name>.toml`: tables `texts`, `buttons`, `errors` and `words`, checked.

What the bot knows (entries) is read by `bot/knowledge.py` from the same folder.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter
from typing import Any

from bot import markup
from bot.errors import Faults
from bot.markup import Spans
from bot.text import persian_digits

ROOT = Path(__file__).resolve().parent.parent / "content"
TABLES = {"texts", "buttons", "errors", "words", "commands"}
LABEL_LIMIT = 30

Fault = tuple[str, str, str]

_ONE_SPELLING = str.maketrans("يكةآأإ", "یکهااا")


@dataclass(frozen=True, slots=True)
class Wording:
    """What one conversation says. A text may hold fields in braces; numbers are shown in Persian digits."""

    name: str
    texts: Mapping[str, Spans] = field(default_factory=dict)
    buttons: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Spans] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    commands: Mapping[str, str] = field(default_factory=dict)

    def text(self, key: str, **fields: object) -> Spans:
        return fill(self.texts[key], fields)

    def error(self, key: str, **fields: object) -> Spans:
        return fill(self.errors[key], fields)

    def button(self, key: str, **fields: object) -> str:
        return self.buttons[key].format_map(shown(fields))


def fill(template: Spans, fields: Mapping[str, object]) -> Spans:
    """Put the fields into the spans. Fields stay plain text, whatever they hold."""
    values = shown(fields)
    return tuple(span._replace(text=span.text.format_map(values)) for span in template)


def key_of(text: str) -> str:
    """A short message as it is compared with the words that stand for a command: letters alone, in one spelling."""
    return re.sub(r"[\W_]", "", text.lower().translate(_ONE_SPELLING))


def shown(fields: Mapping[str, object]) -> dict[str, object]:
    return {key: persian_digits(str(value)) if isinstance(value, int) else value for key, value in fields.items()}


def load(name: str, root: Path = ROOT) -> Wording:
    """Read the words of one conversation. Raises `Faults`."""
    file = f"content/{name}.toml"
    try:
        data = tomllib.loads((root / f"{name}.toml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Faults([(file, "-", "is missing: every conversation has its words there")]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Faults([(file, "-", f"cannot be read: {error}")]) from None
    faults = [(file, *fault) for fault in _check(data)]
    if faults:
        raise Faults(faults)
    return Wording(
        name,
        # A newline at the beginning was meant: the text goes on from another.
        {key: markup.spans(text.rstrip("\n")) for key, text in data.get("texts", {}).items()},
        data.get("buttons", {}),
        {key: markup.spans(text.strip("\n")) for key, text in data.get("errors", {}).items()},
        {key: tuple(words) for key, words in data.get("words", {}).items()},
        data.get("commands", {}),
    )


def _check(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(key, reason) of each fault in the tables of a conversation."""
    faults = []
    for table, entries in data.items():
        if not isinstance(entries, dict):
            if table in TABLES:
                faults.append((table, "must be a table"))
            continue
        if table not in TABLES:
            faults.append((table, f"is none of {', '.join(sorted(TABLES))}"))
            continue
        for key, value in entries.items():
            reason = _reason(table, value)
            if reason:
                faults.append((f"{table}.{key}", reason))
    return faults


def _reason(table: str, value: object) -> str | None:
    if table == "words":
        good = isinstance(value, list) and all(isinstance(word, str) and word for word in value)
        return None if good else "must be a list of words"
    if not isinstance(value, str) or not value.strip():
        return "must be a text that is not empty"
    if set(value) & set("يك٠١٢٣٤٥٦٧٨٩"):
        return "has an Arabic letter or digit; use ی, ک and Persian digits"
    if table == "buttons" and len(value) > LABEL_LIMIT:
        return f"is longer than {LABEL_LIMIT} characters, too long for a button"
    return _wrong_fields(value)


def _wrong_fields(text: str) -> str | None:
    """What would fail when the fields are put in: it must be seen at the start, not by a citizen."""
    try:
        fields = [
            field for span in markup.spans(text) for field in Formatter().parse(span.text) if field[1] is not None
        ]
    except ValueError as error:
        return f"has a brace that is no field ({error}); write {{{{ or }}}} for the sign itself"
    if any(not str(name).isidentifier() or form or conversion for _, name, form, conversion in fields):
        return "has a field that is no plain name"
    return None
