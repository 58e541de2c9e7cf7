"""Points on the map: whatever is near is found through the grid; a rough box is the region."""

import math
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.errors import Faults
from bot.loading import Loaded
from bot.services import geo

LATS = st.floats(35.4, 36.0)
LONS = st.floats(51.0, 51.9)
SHOHADA = (35.6927, 51.4460)
KHORASAN = (35.6700, 51.4470)


def moved(point: geo.Point, metres: float, angle: float) -> geo.Point:
    lat = point[0] + math.degrees(metres * math.sin(angle) / 6_371_000)
    return lat, point[1] + math.degrees(metres * math.cos(angle) / 6_371_000 / math.cos(math.radians(point[0])))


@given(LATS, LONS, st.floats(0, 249.9), st.floats(0, 2 * math.pi))
def test_whatever_is_closer_than_the_reach_is_in_a_cell_around(
    lat: float, lon: float, distance: float, angle: float
) -> None:
    other = moved((lat, lon), distance, angle)
    assume(geo.metres((lat, lon), other) < geo.REACH)

    assert geo.cell_of(*other) in geo.cells_around(lat, lon)
    assert geo.cell_of(lat, lon) in geo.cells_around(*other)


@given(LATS, LONS)
def test_the_cells_around_are_nine_with_ones_own_in_the_middle(lat: float, lon: float) -> None:
    cells = geo.cells_around(lat, lon)

    assert len(set(cells)) == 9
    assert cells[4] == geo.cell_of(lat, lon)


@given(LATS, LONS, st.floats(300, 5000), st.floats(0, 2 * math.pi))
def test_distances_are_true(lat: float, lon: float, distance: float, angle: float) -> None:
    """Against the formula for a sphere."""
    other = moved((lat, lon), distance, angle)
    one, two = math.radians(lat), math.radians(other[0])
    half = math.sin((two - one) / 2) ** 2
    half += math.cos(one) * math.cos(two) * math.sin(math.radians(other[1] - lon) / 2) ** 2

    assert geo.metres((lat, lon), other) == pytest.approx(2 * 6_371_000 * math.asin(math.sqrt(half)), abs=0.5)
    assert geo.metres(other, (lat, lon)) == geo.metres((lat, lon), other)


def test_two_squares_of_tehran_are_as_far_as_they_are() -> None:
    assert geo.metres(SHOHADA, KHORASAN) == pytest.approx(2520, abs=60)
    assert geo.metres(SHOHADA, SHOHADA) == 0


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_point_of_the_earth_has_a_cell(lat: float, lon: float) -> None:
    assert 0 <= geo.cell_of(lat, lon) < 2**53


def test_the_region_is_inside_and_its_neighbours_are_not(loaded: Loaded) -> None:
    region = loaded.library.region

    assert region.is_inside(35.680, 51.475)
    assert not region.is_inside(35.720, 51.475)
    assert not region.is_inside(35.680, 51.400)
    assert not region.is_inside(35.600, 51.475)
    assert "neighbourhoods.region" in loaded.samples


def test_without_a_box_everything_is_inside() -> None:
    assert geo.Box().is_inside(35.0, 51.0)


GOOD = "south = 35.6\nnorth = 35.7\nwest = 51.4\neast = 51.5"


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("", "region", "is missing"),
        ("region = 3", "region", "must be a table"),
        (f"[region]\n{GOOD}".replace("west = 51.4", ""), "region.west", "must be a number"),
        (f"[region]\n{GOOD}".replace("35.6", '"35.6"'), "region.south", "must be a number"),
        (f"[region]\n{GOOD}\ncolour = 1", "region.colour", "is not a key"),
        (f"[region]\n{GOOD}\nsample = 1", "region.sample", "must be bool"),
        (f"[region]\n{GOOD}".replace("35.6", "35.8"), "region", "the wrong way round"),
        ("[region", "-", "cannot be read"),
    ],
)
def test_a_wrong_box_is_refused_with_key_and_reason(tmp_path: Path, text: str, key: str, reason: str) -> None:
    (tmp_path / "neighbourhoods.toml").write_text(text, encoding="utf-8")

    with pytest.raises(Faults) as refused:
        geo.load(tmp_path)

    ((file, where, why),) = refused.value.faults
    assert (file, where) == ("content/neighbourhoods.toml", key)
    assert reason in why


def test_a_good_box_is_read(tmp_path: Path) -> None:
    (tmp_path / "neighbourhoods.toml").write_text(f"[region]\n{GOOD}\nsample = true", encoding="utf-8")

    assert geo.load(tmp_path) == geo.Box(35.6, 35.7, 51.4, 51.5, sample=True)
