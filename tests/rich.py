"""Rows for every table of the models, made from the models: a new table is covered by itself."""

from typing import Any

from sqlalchemy import Boolean, Column, Float, Integer, SmallInteger, String, Table, Text

from bot.models import metadata
from bot.store.aside import fill, look
from bot.store.whole import PASSING, Row, Whole

ROWS = 25
WORDS = ("سلام، می‌خواهم «گزارش» بدهم", 'a "quoted" \\ line\nand another', "🙂\u200c\u202e", "", "{}")
TABLES = {name: table for name, table in metadata.tables.items() if name not in PASSING}


def rich(table: Table, count: int = ROWS) -> list[Row]:
    """Rows that use what the columns may hold: great numbers, empty places, all of Unicode."""
    return [[_value(column, number) for column in table.columns] for number in range(1, count + 1)]


def pour(url: str, count: int = ROWS) -> None:
    """Fill every table of a database."""

    def work(whole: Whole) -> None:
        for name, table in TABLES.items():
            whole.fill(name, [column.name for column in table.columns], [rich(table, count)])

    fill(url, work)


def contents(url: str) -> dict[str, list[dict[str, Any]]]:
    """Everything in a database."""

    def work(whole: Whole) -> dict[str, list[dict[str, Any]]]:
        return {
            name: [dict(zip(whole.columns(name), row, strict=True)) for part in whole.rows(name) for row in part]
            for name in whole.names
        }

    return look(url, work)


def _value(column: Column[Any], number: int) -> Any:  # noqa: ANN401 - whatever the column holds
    kind = column.type
    if column.nullable and number % 4 == 0:
        return None
    if column.name == "state":
        return number % 4
    if isinstance(kind, Boolean):
        return number % 2 == 0
    if isinstance(kind, Float):
        return number / 7
    if isinstance(kind, SmallInteger):
        return number % 3
    if column.name == "id" and isinstance(kind, Integer):
        return number * 2
    if isinstance(kind, Integer):  # BIGINT is one too
        return (2**61 + number) * (-1) ** number if column.name.endswith("_id") else number
    if isinstance(kind, String):
        text = f"{number} {WORDS[number % len(WORDS)]}"
        return text if isinstance(kind, Text) else text[: kind.length]
    raise TypeError(f"{column}: say what rows of tests hold there")
