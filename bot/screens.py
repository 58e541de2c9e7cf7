"""The menu that a citizen walks without typing: `content/menu.toml`, read and checked."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOME = "home"
PROGRAMS = "programs"
MOST_BUTTONS = 8
"""With the buttons that lead back and home."""
LABEL_LIMIT = 30
KINDS = ("screen", "topic", "talk")
KEYS = frozenset({"id", "title", "text", "rows"})

Fault = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Door:
    """A button of a screen: `kind` screen, topic or talk, and where it leads. Without a label: the title there."""

    kind: str
    to: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """One page of the menu. `above` is the screen that leads here; None for home."""

    id: str
    title: str
    text: str
    rows: tuple[tuple[Door, ...], ...]
    above: str | None


class Screens:
    """All screens by id, and the screen on which a topic stands."""

    def __init__(self, screens: Mapping[str, Screen]) -> None:
        self._screens = dict(screens)
        self._of = {
            door.to: screen.id
            for screen in screens.values()
            for row in screen.rows
            for door in row
            if door.kind == "topic"
        }

    def __getitem__(self, screen_id: str) -> Screen:
        return self._screens[screen_id]

    def __contains__(self, screen_id: str) -> bool:
        return screen_id in self._screens

    def __iter__(self) -> Iterator[str]:
        return iter(self._screens)

    def under(self, screen_id: str) -> list[Screen]:
        """The screens that a screen leads to."""
        return [screen for screen in self._screens.values() if screen.above == screen_id]

    def of(self, topic: str) -> str:
        """The screen that shows the topic; home if none does."""
        return self._of.get(topic, HOME)


def kinds_of(screens: Screens) -> dict[str, Screen]:
    """The groups of programs by their short names: the screens under «programs» that show any."""
    return {
        screen.id.removeprefix(PROGRAMS).lstrip("_"): screen
        for screen in screens.under(PROGRAMS)
        if any(door.to.startswith("program.") for row in screen.rows for door in row)
    }


def load(folder: Path, topics: Iterable[str]) -> tuple[Screens, list[Fault]]:
    """Read `menu.toml`; return the screens and every fault: dead doors, too many buttons, screens out of reach."""
    name = "content/menu.toml"
    try:
        tables = tomllib.loads((folder / "menu.toml").read_text(encoding="utf-8")).get("screen", [])
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return Screens({}), [(name, "-", f"cannot be read: {error}")]
    faults = [(name, *fault) for number, table in enumerate(tables, start=1) for fault in _wrong_table(number, table)]
    if faults:
        return Screens({}), faults
    above = {
        _to(door): table["id"] for table in tables for row in table["rows"] for door in row if _kind(door) == "screen"
    }
    screens = {table["id"]: _screen(table, above) for table in tables}
    if len(screens) < len(tables):
        faults.append((name, "screen", "an id is used twice"))
    faults += [(name, *fault) for fault in _wrongs(screens, set(topics))]
    return Screens(screens), faults


def _wrong_table(number: int, table: object) -> Iterator[tuple[str, str]]:
    """What keeps a table from being a screen at all."""
    if not isinstance(table, dict):
        yield f"screen {number}", "must be a table"
        return
    label = str(table.get("id", f"screen {number}"))
    for key in sorted(set(table) - KEYS):
        yield f"{label}.{key}", "is not a key of a screen"
    for key in sorted(KEYS - {"rows"}):
        if not isinstance(table.get(key), str) or not table[key].strip():
            yield f"{label}.{key}", "must be a text that is not empty"
    rows = table.get("rows")
    if not isinstance(rows, list) or not all(isinstance(row, list) and row for row in rows):
        yield f"{label}.rows", "must be a list of rows, none of them empty"
    elif not all(isinstance(door, str) for row in rows for door in row):
        yield f"{label}.rows", "must hold doors, each a text"


def _screen(table: Mapping[str, Any], above: Mapping[str, str]) -> Screen:
    rows = tuple(tuple(_door(door) for door in row) for row in table["rows"])
    return Screen(table["id"], table["title"], table["text"].strip("\n"), rows, above.get(table["id"]))


def _door(written: str) -> Door:
    """A door as written in the content: `topic:contact.phone`, or with a label, `topic:contact.phone|تلفن`."""
    where, _, label = written.partition("|")
    return Door(_kind(where), _to(where), label)


def _kind(written: str) -> str:
    return written.partition(":")[0]


def _to(written: str) -> str:
    return written.partition("|")[0].partition(":")[2]


def _wrongs(screens: Mapping[str, Screen], topics: set[str]) -> Iterator[tuple[str, str]]:
    if HOME not in screens:
        yield "screen", f"there is no screen «{HOME}»"
    reached = _reached(screens)
    for screen in screens.values():
        doors = [door for row in screen.rows for door in row]
        back = 0 if screen.id == HOME else 1 if screen.above == HOME else 2
        if len(doors) + back > MOST_BUTTONS:
            yield screen.id, f"{len(doors) + back} buttons with those that lead back; at most {MOST_BUTTONS}"
        if screen.id not in reached:
            yield screen.id, "cannot be reached from the home screen"
        for door in doors:
            yield from _wrong_door(screen.id, door, screens, topics)


def _reached(screens: Mapping[str, Screen]) -> set[str]:
    reached: set[str] = set()
    ahead = [HOME]
    while ahead:
        screen = screens.get(ahead.pop())
        if screen is not None and screen.id not in reached:
            reached.add(screen.id)
            ahead += [door.to for row in screen.rows for door in row if door.kind == "screen"]
    return reached


def _wrong_door(
    screen_id: str, door: Door, screens: Mapping[str, Screen], topics: set[str]
) -> Iterator[tuple[str, str]]:
    known = {"screen": screens, "topic": topics}
    if door.kind not in KINDS:
        yield screen_id, f"«{door.kind}» is none of {', '.join(KINDS)}"
    elif door.kind in known and door.to not in known[door.kind]:
        yield screen_id, f"leads to {door.kind}:{door.to}, which does not exist"
    if door.kind == "talk" and not door.label:
        yield screen_id, f"talk:{door.to} needs a label, after |"
    if len(door.label) > LABEL_LIMIT:
        yield screen_id, f"«{door.label}» is longer than {LABEL_LIMIT} characters"
