"""Tables as files: read back as they were, from right to left, and nothing in them acts."""

import csv
import re
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest

from bot.spreadsheets import Csv, Row, Xlsx

HEAD = ["ردیف", "نظر شما؟"]
HOSTILE = [
    "=1+1",
    "+98",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "\t=1",
    "\r=1",
    "  =1",
    "＝1+1",
    "|calc",
    '=HYPERLINK("https://evil.example","x")',
]
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def cells(sheet: ET.Element) -> list[list[str]]:
    """What stands in a sheet, row by row."""
    return [["".join(found.itertext()) for found in row.iter(f"{MAIN}c")] for row in sheet.iter(f"{MAIN}row")]


def opened(file: Path) -> tuple[str, list[ET.Element]]:
    """The names of all parts, and the sheets."""
    with ZipFile(file) as book:
        names = book.namelist()
        sheets = [ET.fromstring(book.read(name)) for name in sorted(names) if "worksheets/sheet" in name]  # noqa: S314 - of our own making
    return " ".join(names), sheets


def test_a_plain_table_is_read_back_with_its_lines_and_its_mark(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    book = Csv(file, HEAD)
    book.add([[1, "خوب، «عالی»"], [2, 'گفت "بله"\nو رفت'], [-3, 51.4]])
    book.close([["no", "place", "for", "sums"]])

    raw = file.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == 4
    with file.open(encoding="utf-8-sig", newline="") as lines:
        found = list(csv.reader(lines))
    assert found == [HEAD, ["1", "خوب، «عالی»"], ["2", 'گفت "بله"\nو رفت'], ["-3", "51.4"]]


@pytest.mark.parametrize("text", HOSTILE)
def test_in_a_plain_table_nothing_is_a_formula(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.csv"
    book = Csv(file, [text])
    book.add([[text]])
    book.close([])

    with file.open(encoding="utf-8-sig", newline="") as lines:
        assert list(csv.reader(lines)) == [[f"'{text}"]] * 2


def test_a_workbook_holds_texts_and_numbers_and_no_formula_or_link(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    rows: list[Row] = [[number, text] for number, text in enumerate(HOSTILE)]
    book = Xlsx(file, HEAD, ("جواب‌ها", "جمع‌ها"))
    book.add([*rows, [7, "https://evil.example"], [8, "12345"], [-9, ""]])
    book.close([["سؤال", "تعداد"], ["=1", 12]])

    names, (answers, sums) = opened(file)
    assert "externalLink" not in names
    for sheet in (answers, sums):
        assert not list(sheet.iter(f"{MAIN}f"))
        assert not list(sheet.iter(f"{MAIN}hyperlink"))
        (view,) = sheet.iter(f"{MAIN}sheetView")
        assert view.get("rightToLeft") == "1"
    told = [re.sub(r"_x000D_", "\r", cell) for row in cells(answers)[1 : len(HOSTILE) + 1] for cell in row[1:]]
    assert told == HOSTILE
    by_kind = {cell.get("r"): cell.get("t") for cell in answers.iter(f"{MAIN}c")}
    assert by_kind["A2"] is None  # a number
    assert by_kind["B13"] == "inlineStr"  # «12345» stays what was written
    assert cells(sums) == [["سؤال", "تعداد"], ["=1", "12"]]
