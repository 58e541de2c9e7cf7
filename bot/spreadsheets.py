"""Tables as files, written row by row so that none has to stand in memory: CSV and XLSX, in which nothing acts.

XlsxWriter is loaded with the first workbook.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | float
Row = Sequence[Cell]

CSV_TYPE: Final = "text/csv"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ACTS: Final = tuple("=+-@\t\r\n＝＋－＠|%")
"""What begins so is a formula, or a call of another program, to one spreadsheet or another."""
LONGEST: Final = 32_000
"""Letters of a cell; Excel takes 32,767."""
_WIDE: Final = 18
"""Letters that a column shows."""
_PLAIN: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class Book(Protocol):
    """A file that is being written."""

    def add(self, rows: Iterable[Row]) -> None:
        """More rows of the table."""

    def close(self, sums: Iterable[Row]) -> None:
        """Nothing more comes. `sums`: rows of a second table, where there may be one."""


class Csv:
    """With the mark by which spreadsheets see that it is UTF-8."""

    def __init__(self, file: Path, head: Row) -> None:
        self._opened = file.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._opened, lineterminator="\r\n")
        self.add([head])

    def add(self, rows: Iterable[Row]) -> None:
        self._writer.writerows([_harmless(cell) for cell in row] for row in rows)

    def close(self, sums: Iterable[Row]) -> None:  # noqa: ARG002 - a file of this kind is one table
        self._opened.close()


class Xlsx:
    """From right to left, its first row in sight wherever one reads. `names`: of the two sheets."""

    def __init__(self, file: Path, head: Row, names: tuple[str, str]) -> None:
        import xlsxwriter  # noqa: PLC0415 - see above

        self._book = xlsxwriter.Workbook(
            str(file), {"constant_memory": True, "tmpdir": str(file.parent), "in_memory": False} | _PLAIN
        )
        self._bold = self._book.add_format({"bold": True})
        self._sheets = [self._book.add_worksheet(name) for name in names]
        self._rows = 0
        for sheet in self._sheets:
            sheet.right_to_left()
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(len(head), 4), _WIDE)
        self._write(self._sheets[0], 0, head, heading=True)

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._rows += 1
            self._write(self._sheets[0], self._rows, row)

    def close(self, sums: Iterable[Row]) -> None:
        for number, row in enumerate(sums):
            self._write(self._sheets[1], number, row, heading=not number)
        self._book.close()

    def _write(self, sheet: Worksheet, number: int, row: Row, *, heading: bool = False) -> None:
        for column, cell in enumerate(row):
            style = self._bold if heading else None
            if isinstance(cell, str):
                sheet.write_string(number, column, cell[:LONGEST], style)
            else:
                sheet.write_number(number, column, cell, style)


def _harmless(cell: Cell) -> Cell:
    """A text that nothing takes for a formula. Numbers are ours, and may be below zero."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(_ACTS) else cell
