"""Writes the results of a survey as files, beside the turns: pictures, and tables of all answers.

ordered ─► read in pages, each a transaction of its own ─► written on a thread ─► on the shelf ─► said, the row is THERE
                                 └─ nothing to write: said so, the row is MISSING

A message is written down before the row is THERE, under a name, so that a second try says nothing twice.
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from bot import charts, outbox
from bot.content import Wording
from bot.errors import CitizenError
from bot.flow import Library
from bot.markup import Spans
from bot.media import Cleaned, Rejected, Shelf
from bot.services import exports, results, survey_answers, survey_words, surveys
from bot.services.exports import Form
from bot.services.quoting import quote
from bot.services.results import Results
from bot.services.survey_answers import AT_ONCE, Table
from bot.services.survey_words import Name
from bot.services.surveys import Row
from bot.spreadsheets import CSV_TYPE, XLSX_TYPE, Book, Csv, Xlsx
from bot.store import Store, Unit
from bot.store.files import File
from bot.store.outbox import Outgoing
from bot.store.responses import Response

MOST_PICTURES: Final = 4
MOST_ROWS: Final = 100_000
"""Of more answers so many are taken; their numbers are random, so they speak for all."""
TITLE_SHOWN: Final = 60


class Exporting:
    """Writes files of surveys. `library`: gives what counts at this moment."""

    def __init__(self, store: Store, shelf: Shelf, library: Callable[[], Library]) -> None:
        self._store = store
        self._shelf = shelf
        self._library = library

    def writes(self, file: File) -> bool:
        """Whether this file is ours to write."""
        return exports.is_export(file)

    async def write(self, file: File) -> Cleaned:
        """The file, and what is said with it. Raises `Rejected` where there is nothing to write."""
        number, form = exports.wanted(file)
        try:
            if form == "png":
                return await self._pictures(file, number)
            return await self._sheet(file, number, form)
        except CitizenError as error:
            raise await self._nothing(file, error.key) from None

    # -- pictures

    async def _pictures(self, file: File, number: int) -> Cleaned:
        found = await self._store.read(lambda unit: results.of(unit, surveys.find(unit, number)))
        drawn = await asyncio.to_thread(draw, self._shelf, self._words, found, MOST_PICTURES)
        if not drawn:
            raise await self._nothing(file, "nothing")
        text = self._words.text("file_png", title=quote(found.survey.title, TITLE_SHOWN))
        await self._store.write(partial(self._say, file=file, text=text, files=[file], others=drawn[1:]))
        return drawn[0]

    # -- tables

    async def _sheet(self, file: File, number: int, form: Form) -> Cleaned:
        row, table, name = await self._store.read(lambda unit: self._begun(unit, number, form))
        with self._shelf.scratch() as scratch:
            book = await asyncio.to_thread(self._book, scratch, table, form)
            try:
                count = await self._fill(book, row, table)
            finally:
                await asyncio.to_thread(book.close, table.sums())
            if not count:
                raise await self._nothing(file, "nothing")
            mime = XLSX_TYPE if form == "xlsx" else CSV_TYPE
            written = await asyncio.to_thread(self._shelf.adopt, scratch, name=name, mime=mime)
        text = self._about(table, count)
        await self._store.write(partial(self._say, file=file, text=text, files=[file]))
        return written

    def _begun(self, unit: Unit, number: int, form: Form) -> tuple[Row, Table, str]:
        row = surveys.find(unit, number)
        table = survey_answers.table(unit, row, self._words, self._name)
        return row, table, exports.name_of(number, form, unit.now)

    def _book(self, scratch: Path, table: Table, form: Form) -> Book:
        names = (self._words.button("sheet_answers"), self._words.button("sheet_sums"))
        return Xlsx(scratch, table.head(), names) if form == "xlsx" else Csv(scratch, table.head())

    async def _fill(self, book: Book, row: Row, table: Table) -> int:
        """All answers, a page after the other; how many they were."""
        count = after = 0
        while count < MOST_ROWS:
            last = after
            page = await self._store.read(lambda unit: unit.responses.page(row.id, last, AT_ONCE))  # noqa: B023 - it has run before the next round
            if not page:
                break
            after = page[-1].token
            count += await asyncio.to_thread(_add, book, table, page)
        return count

    def _about(self, table: Table, count: int) -> Spans:
        title, found = quote(table.results.survey.title, TITLE_SHOWN), table.results
        if count < MOST_ROWS:
            return self._words.text("file_sheet", title=title, count=count)
        return self._words.text("file_sample", title=title, count=count, total=found.people + found.visitors)

    # -- what is said

    async def _nothing(self, file: File, why: str) -> Rejected:
        text = self._words.text("file_empty")
        await self._store.write(partial(self._say, file=file, text=text))
        return Rejected(why)

    def _say(
        self, unit: Unit, *, file: File, text: Spans, files: Sequence[File] = (), others: Sequence[Cleaned] = ()
    ) -> None:
        if unit.outbox.was_said(file.platform, file.chat_id, _named(file)):
            return
        more = [unit.files.put(file.platform, file.chat_id, other) for other in others]
        for body in outbox.bodies(text, files=[*files, *more]):
            unit.outbox.add(Outgoing(file.platform, file.chat_id, "send", body, _named(file)), claimed=False)

    @property
    def _words(self) -> Wording:
        return self._library().talks.words["survey_results"]

    @property
    def _name(self) -> Name:
        places = self._library().places.all
        return survey_words.names(self._words, lambda place: places[place].name if place in places else place)


def draw(shelf: Shelf, words: Wording, found: Results, most: int) -> list[Cleaned]:
    """The results as pictures on the shelf, so many at most. Takes a while: not within a transaction."""
    panels = survey_words.panels(words, found)
    pages = charts.charts(quote(found.survey.title, TITLE_SHOWN), panels)[:most] if panels else []
    return [_on_shelf(shelf, page) for page in pages]


def _add(book: Book, table: Table, page: Sequence[Response]) -> int:
    rows = [made for response in page if (made := table.row(response)) is not None]
    book.add(rows)
    return len(rows)


def _on_shelf(shelf: Shelf, page: bytes) -> Cleaned:
    with shelf.scratch() as scratch:
        scratch.write_bytes(page)
        return shelf.put(scratch, name="results")  # by which web/static/media.js knows what is shown uncut


def _named(file: File) -> str:
    return f"export:{file.key}"
