"""Reads and checks all content, once, at the start: conversations with their words, knowledge, hours, menu."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from bot import content, knowledge, markup, screens
from bot.answers import Answers
from bot.content import Wording
from bot.conversation import Conversation
from bot.errors import Faults
from bot.flow import Library
from bot.knowledge import Entry
from bot.screens import Screens, kinds_of
from bot.services import categories, geo, greetings, hours, places, replies, survey_sheet
from bot.services.cards import Cards
from bot.services.categories import Categories
from bot.services.coming import AUDIENCES, KIND_LIMIT, Coming
from bot.services.greetings import Greetings
from bot.services.news import News
from bot.services.places import Place, Places
from bot.talks import Talks
from bot.text import Text

ROOT = Path(__file__).resolve().parent.parent

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything that comes from `content/` and `handlers/`. `samples`: entries marked as invented or uncertain."""

    library: Library
    alarms: Wording
    page: Mapping[str, str]
    copy: Wording
    samples: tuple[str, ...]


def load(root: Path = ROOT) -> Loaded:
    """Load it all. Raises `Faults` with every fault found, each with file, key and reason."""
    folder = root / "content"
    faults: list[tuple[str, str, str]] = []
    entries, wrong = knowledge.load(folder)
    faults += [("content/" + fault.file, fault.key, fault.reason) for fault in wrong]
    office_hours, wrong = hours.load(folder)
    faults += [("content/" + fault.file, fault.key, fault.reason) for fault in wrong]
    found_places, wrong = places.load(folder / "neighbourhoods.toml")
    faults += [(f"content/{fault.file}", fault.key, fault.reason) for fault in wrong]
    menu, wrong_screens = screens.load(folder, [entry.id for entry in entries])
    faults += wrong_screens
    talks = _collect(faults, lambda: Talks(find_talks(root)))
    faults += _dead_doors(menu, talks) if talks is not None else []
    alarms = _collect(faults, lambda: content.load("alarms", folder))
    words = _collect(faults, lambda: content.load("page", folder))
    about_events = _collect(faults, lambda: content.load("coming", folder))
    faults += _wordless_kinds(menu, about_events) if about_events is not None else []
    subjects = _collect(faults, lambda: categories.load(folder)) or Categories()
    ready = _collect(faults, lambda: replies.load(folder, subjects.all)) if subjects.all else None
    region = _collect(faults, lambda: geo.load(folder))
    of_days = _collect(faults, lambda: greetings.load(folder, office_hours.calendar)) or Greetings()
    _collect(faults, lambda: content.load("occasion_notices", folder))  # read by a job; checked here
    _collect(faults, lambda: content.load("survey_ends", folder))  # the same
    surveys = _collect(faults, lambda: survey_sheet.load(folder)) or {}
    news = _collect(faults, lambda: content.load("news", folder))
    cards = _collect(faults, lambda: content.load("case", folder))
    of_copy = _collect(faults, lambda: content.load("copy", folder))
    if faults or talks is None or alarms is None or words is None or about_events is None:
        raise Faults(faults)
    if ready is None or region is None or news is None or cards is None or of_copy is None:
        raise Faults(faults)
    text = Text()
    subjects, known_places = replace(subjects, fold=text.fold), Places(found_places, text)
    library = Library(
        Answers(entries, office_hours, text),
        menu,
        talks,
        known_places,
        News(news, Cards(cards, subjects, known_places.all)),
        {entry.id: entry for entry in entries},
        coming=Coming(about_events),
        categories=subjects,
        replies=ready,
        region=region,
        greetings=of_days,
        surveys=surveys,
    )
    of_region = ("neighbourhoods.region",) if region.sample else ()
    samples = (*_samples(entries, found_places), *office_hours.samples, *subjects.samples, *of_region)
    return Loaded(library, alarms, _plain(words), of_copy, samples)


def page(root: Path = ROOT) -> Mapping[str, str]:
    """The words of the chat page alone, for a process that says nothing else. Raises `Faults`."""
    return _plain(content.load("page", root / "content"))


def find_talks(root: Path = ROOT) -> list[tuple[Conversation, Wording]]:
    """Walk `handlers/`: every module has a `talk`, with its words in the content file of the same name."""
    found = []
    faults: list[tuple[str, str, str]] = []
    for file in sorted((root / "handlers").glob("*.py")):
        if file.name == "__init__.py":
            continue
        talk = getattr(_module(file), "talk", None)
        if not isinstance(talk, Conversation) or talk.name != file.stem:
            faults.append((f"handlers/{file.name}", "talk", f'must be Conversation("{file.stem}")'))
            continue
        words = _collect(faults, partial(content.load, file.stem, root / "content"))
        if words is not None:
            found.append((talk, words))
    if faults:
        raise Faults(faults)
    return found


def _module(file: Path) -> ModuleType:
    """The module of this very file, so that a tree beside this one can be loaded too."""
    spec = spec_from_file_location(f"handlers.{file.stem}", file)
    if spec is None or spec.loader is None:
        raise Faults([(f"handlers/{file.name}", "-", "cannot be loaded")])
    module = sys.modules[spec.name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _dead_doors(menu: Screens, talks: Talks) -> list[tuple[str, str, str]]:
    """Doors of the menu that lead into a conversation which does not know them."""
    doors = [(screen, door) for screen in menu for row in menu[screen].rows for door in row if door.kind == "talk"]
    return [
        ("content/menu.toml", screen, f"leads to talk:{door.to}, which does not exist")
        for screen, door in doors
        if not talks.knows(door.to)
    ]


def _wordless_kinds(menu: Screens, words: Wording) -> list[tuple[str, str, str]]:
    """Groups of programs that no question could name, and names too long for the buttons that carry them."""
    named = {*words.words, *AUDIENCES}
    reasons = {kind: "is missing: a group of programs in menu.toml" for kind in kinds_of(menu) if kind not in named}
    reasons |= {kind: f"is longer than {KIND_LIMIT} letters" for kind in kinds_of(menu) if len(kind) > KIND_LIMIT}
    return [("content/coming.toml", f"words.{kind}", reason) for kind, reason in reasons.items()]


def _collect(faults: list[tuple[str, str, str]], work: Callable[[], Found]) -> Found | None:
    """What `work` gives; if it has faults, they join the others and the rest is still looked at."""
    try:
        return work()
    except Faults as error:
        faults += error.faults
        return None


def _plain(words: Wording) -> dict[str, str]:
    return {key: markup.plain(text) for key, text in words.texts.items()}


def _samples(entries: list[Entry], known: list[Place]) -> tuple[str, ...]:
    of_places = [f"neighbourhoods.{place.id}" for place in known if place.sample]
    return (*(entry.id for entry in entries if entry.sample), *of_places)
