"""What a backup looks like on the disk: one folder, of which every file can be read with common tools.

    2026-11-26T00-30-00Z/
        manifest.json            date, versions, and of each table its columns, rows and checksum
        tables/inbox.jsonl.gz    a JSON list a row, in the order of the primary key
        media/3f/3f9a…           files of citizens, each named by the SHA-256 of its content

A checksum is the SHA-256 of a table's lines as they are before compression; it is the same on every engine.
"""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson

from bot.media import Shelf
from bot.store.whole import AT_ONCE, Row

FORMAT = 1
MANIFEST = "manifest.json"
QUICK = 3
"""Of the levels of compression, 1 to 9: most of the gain for little of the time."""


class Spoiled(Exception):
    """A backup that is not whole. The text says which file, and what is wrong with it."""


class Tally:
    """Counts and sums up rows as they pass."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = hashlib.sha256()

    def lines(self, rows: list[Row]) -> bytes:
        """The rows as lines, counted."""
        lines = b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)
        self._count(lines, len(rows))
        return lines

    def over(self, parts: Iterable[list[Row]]) -> Iterator[list[Row]]:
        """The same rows, counted."""
        for part in parts:
            self.lines(part)
            yield part

    @property
    def checksum(self) -> str:
        return self._sum.hexdigest()

    def _count(self, lines: bytes, rows: int) -> None:
        self.rows += rows
        self._sum.update(lines)


@dataclass(frozen=True, slots=True)
class TableOf:
    """A table in a backup."""

    columns: list[str]
    rows: int
    checksum: str


@dataclass(slots=True)
class Manifest:
    """What a backup says of itself. `last_numbers`: see `Whole.last_numbers`; `gone`: content that had vanished."""

    made_at: str
    version: str
    revision: str
    engine: str
    tables: dict[str, TableOf] = field(default_factory=dict)
    last_numbers: dict[str, int] = field(default_factory=dict)
    media: int = 0
    media_bytes: int = 0
    gone: list[str] = field(default_factory=list)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())


class Archive:
    """The folder of one backup."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    # -- writing

    def write_table(self, name: str, columns: list[str], parts: Iterable[list[Row]]) -> TableOf:
        """Write a table; what the manifest says of it."""
        tally = Tally()
        self._table(name).parent.mkdir(exist_ok=True)
        with gzip.open(self._table(name), "wb", QUICK) as file:
            for part in parts:
                file.write(tally.lines(part))
        return TableOf(columns, tally.rows, tally.checksum)

    def write_manifest(self, manifest: Manifest) -> None:
        text = json.dumps(asdict(manifest), indent=1)
        (self.folder / MANIFEST).write_text(text + "\n", encoding="utf-8")

    # -- reading

    def manifest(self) -> Manifest:
        """Raises `Spoiled`."""
        file = self.folder / MANIFEST
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
            if found.get("format") != FORMAT:
                raise Spoiled(f"{file}: format {found.get('format')!r} is not known here; update the program first")
            tables = {name: TableOf(**table) for name, table in found.pop("tables").items()}
            return Manifest(**found, tables=tables)
        except OSError as error:
            raise Spoiled(f"{file}: cannot be read ({error.strerror}); is this the folder of a backup?") from None
        except (ValueError, TypeError, KeyError, AttributeError):
            raise Spoiled(f"{file}: is no manifest of a backup") from None

    def rows(self, name: str) -> Iterator[list[Row]]:
        """The rows of a table, some at a time. Raises `Spoiled`."""
        part: list[Row] = []
        for line in self._lines(name):
            part.append(line)
            if len(part) == AT_ONCE:
                yield part
                part = []
        if part:
            yield part

    def check(self, manifest: Manifest) -> set[str]:
        """Read all tables again and compare; returns the names of the media that they name. Raises `Spoiled`."""
        named: set[str] = set()
        for name, table in manifest.tables.items():
            tally = Tally()
            for part in tally.over(self.rows(name)):
                named |= media_in(name, table.columns, part)
            if (tally.rows, tally.checksum) != (table.rows, table.checksum):
                raise Spoiled(f"{self._table(name)}: is not what was written ({tally.rows} of {table.rows} rows)")
        return named

    def media(self, content: str) -> Path:
        """Where the content of this hash stands."""
        return shelved(self.folder / "media", content)

    def check_media(self, content: str) -> None:
        """Raises `Spoiled`."""
        file = self.media(content)
        try:
            if hash_of(file) == content:
                return
        except OSError as error:
            raise Spoiled(f"{file}: cannot be read ({error.strerror})") from None
        raise Spoiled(f"{file}: its content does not match its name")

    def _lines(self, name: str) -> Iterator[Row]:
        file = self._table(name)
        try:
            with gzip.open(file, "rb") as opened:
                for line in opened:
                    row: Any = orjson.loads(line)
                    yield row
        except (OSError, EOFError, ValueError, zlib.error) as error:
            raise Spoiled(f"{file}: cannot be read ({type(error).__name__})") from None

    def _table(self, name: str) -> Path:
        return self.folder / "tables" / f"{name}.jsonl.gz"


def media_in(table: str, columns: list[str], rows: list[Row]) -> set[str]:
    """Hashes of the media that rows of the table `files` name."""
    if table != "files":
        return set()
    at = [columns.index(column) for column in ("hash", "preview")]
    return {str(row[place]) for row in rows for place in at if row[place] is not None}


def shelved(folder: Path, content: str) -> Path:
    """The place of a content in a folder of media."""
    return Shelf(folder).path(content)


def hash_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
