"""Reads and checks all content, once, at the start: conversations with their words, knowledge, hours, menu."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot import content, knowledge, markup, screens
from bot.answers import Answers
from bot.content import Wording
from bot.errors import Faults
from bot.flow import Conversation, Library, Talks
from bot.knowledge import Entry
from bot.services import hours
from bot.text import Text

ROOT = Path(__file__).resolve().parent.parent

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything that comes from `content/` and `handlers/`. `samples`: entries marked as invented or uncertain."""

    library: Library
    alarms: Wording
    page: Mapping[str, str]
    samples: tuple[str, ...]


def load(root: Path = ROOT) -> Loaded:
    """Load it all. Raises `Faults` with every fault found, each with file, key and reason."""
    folder = root / "content"
    faults: list[tuple[str, str, str]] = []
    entries, wrong = knowledge.load(folder)
    faults += [("content/" + fault.file, fault.key, fault.reason) for fault in wrong]
    office_hours, wrong = hours.load(folder / "hours.toml")
    faults += [(f"content/{Path(fault.file).name}", fault.key, fault.reason) for fault in wrong]
    menu, wrong_screens = screens.load(folder, [entry.id for entry in entries])
    faults += wrong_screens
    talks = _collect(faults, lambda: Talks(find_talks(root)))
    alarms = _collect(faults, lambda: content.load("alarms", folder))
    page = _collect(faults, lambda: content.load("page", folder))
    if faults or talks is None or alarms is None or page is None:
        raise Faults(faults)
    answers = Answers(entries, office_hours, Text())
    return Loaded(Library(answers, menu, talks), alarms, _plain(page), _samples(entries))


def find_talks(root: Path = ROOT) -> list[tuple[Conversation, Wording]]:
    """Walk `handlers/`: every module has a `talk`, with its words in the content file of the same name."""
    found = []
    faults: list[tuple[str, str, str]] = []
    for file in sorted((root / "handlers").glob("*.py")):
        if file.name == "__init__.py":
            continue
        talk = getattr(importlib.import_module(f"handlers.{file.stem}"), "talk", None)
        if not isinstance(talk, Conversation) or talk.name != file.stem:
            faults.append((f"handlers/{file.name}", "talk", f'must be Conversation("{file.stem}")'))
            continue
        words = _collect(faults, partial(content.load, file.stem, root / "content"))
        if words is not None:
            found.append((talk, words))
    if faults:
        raise Faults(faults)
    return found


def _collect(faults: list[tuple[str, str, str]], work: Callable[[], Found]) -> Found | None:
    """What `work` gives; if it has faults, they join the others and the rest is still looked at."""
    try:
        return work()
    except Faults as error:
        faults += error.faults
        return None


def _plain(page: Wording) -> dict[str, str]:
    return {key: markup.plain(text) for key, text in page.texts.items()}


def _samples(entries: list[Entry]) -> tuple[str, ...]:
    return tuple(entry.id for entry in entries if entry.sample)
