"""Points on the map: which lie near each other, and which lie in the region.

Near ones are found by a grid: what is closer than `REACH` metres lies in the same cell or one of the eight around it.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.errors import Faults
from bot.services.rows import Sheet

Point = tuple[float, float]
"""Degrees (WGS 84): latitude, longitude."""

REACH: Final = 250
"""Metres. Cells are at least so wide as far north as 41 degrees; all of Tehran lies south of 36."""
CELL_LAT: Final = 0.0025
CELL_LON: Final = 0.003
COLUMNS: Final = 120_000
_EARTH: Final = 6_371_000.0
_SIDES: Final = ("south", "north", "west", "east")


@dataclass(frozen=True, slots=True)
class Box:
    """A rough box around the region; the whole earth if nobody says more.

    A point outside is noted, never refused: nobody gave us the true border.
    """

    south: float = -90.0
    north: float = 90.0
    west: float = -180.0
    east: float = 180.0
    sample: bool = False

    def is_inside(self, lat: float, lon: float) -> bool:
        return self.south <= lat <= self.north and self.west <= lon <= self.east


def cell_of(lat: float, lon: float) -> int:
    """The number of the cell that a point lies in."""
    return _number(*_row_and_column(lat, lon))


def cells_around(lat: float, lon: float) -> list[int]:
    """The cell of a point and the eight around it."""
    row, column = _row_and_column(lat, lon)
    return [_number(row + up, column + right) for up in (-1, 0, 1) for right in (-1, 0, 1)]


def metres(a: Point, b: Point) -> float:
    """How far two points are from each other, as if the earth were flat between them: true to a metre in a city."""
    lat = math.radians((a[0] + b[0]) / 2)
    north = math.radians(b[0] - a[0])
    east = math.radians(b[1] - a[1]) * math.cos(lat)
    return _EARTH * math.hypot(north, east)


def load(root: Path) -> Box:
    """The table `[region]` of `neighbourhoods.toml` in a folder of content. Raises `Faults`."""
    sheet = Sheet.of_file(root, "neighbourhoods", ("region", "neighbourhood", "landmark", "outside"))
    table = sheet.table("region") if not sheet.faults else {}
    if sheet.faults:
        raise Faults(sheet.faults)
    sides = [table.get(side) for side in _SIDES]
    for side, value in zip(_SIDES, sides, strict=True):
        if type(value) is not float:
            sheet.wrong(f"region.{side}", "must be a number of degrees, with its fraction")
    for key in sorted(set(table) - {*_SIDES, "sample"}):
        sheet.wrong(f"region.{key}", "is not a key here")
    if type(table.get("sample", False)) is not bool:
        sheet.wrong("region.sample", "must be bool")
    if sheet.faults:
        raise Faults(sheet.faults)
    box = Box(**table)
    if not (box.south < box.north and box.west < box.east):
        raise Faults([(sheet.file, "region", "has its sides the wrong way round")])
    return box


def _row_and_column(lat: float, lon: float) -> tuple[int, int]:
    return math.floor((lat + 90) / CELL_LAT), math.floor((lon + 180) / CELL_LON)


def _number(row: int, column: int) -> int:
    return row * COLUMNS + column % COLUMNS
