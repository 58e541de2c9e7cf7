"""Killed while it announces to thousands: everybody who is to get it gets it, and only what was under way comes twice.

What is under way at a kill is unknown afterwards, counted as that, and sent again only when staff say so.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.services.announcements import Report
from tests.announcing_town import AnnouncingTown, Weather, announcing_town
from tests.postgres import Server

# Each wants a processor for itself.
pytestmark = pytest.mark.xdist_group("town")


async def survive(folder: Path, database: Path | str, weather: Weather, workers: int = 1) -> str:
    """Announce, look who got it, send to the unknown once more, and look again; what happened, in words."""
    async with announcing_town(folder, database, weather, workers) as town:
        report = await town.live()
        unknown = await check_first(town, report)
        if unknown:
            report = await town.resend()
            if weather.storms:  # whose answer was lost once more is unknown once more
                unknown += report.ends.get("unknown", 0)
        repeats = await check_last(town, report, unknown)
        for worker in town.workers:
            assert await worker.stop() == 0
            assert "Traceback" not in worker.words()
        faults = town.api.faults.counts()
    return (
        f"{weather.people} recipients, {weather.kills} kills of {workers}, {weather.blocked} blocked, faults {faults}: "
        f"{report.ends}; {unknown} unknown at first, of whom {repeats} got it twice when it was sent to them again"
    )


async def check_first(town: AnnouncingTown, report: Report) -> int:
    """Nobody twice; whoever did not get it is unknown or blocked us."""
    received = town.received()
    assert report.total == town.weather.people
    assert report.waiting == 0
    assert max(received.values()) == 1
    unknown = report.ends.get("unknown", 0)
    missing = set(town.people) - received.keys() - town.blocked
    assert len(missing) <= unknown, (len(missing), report.ends)
    assert report.ends["sent"] <= len(received) <= report.ends["sent"] + unknown
    assert await town.gone() <= town.blocked
    return unknown


async def check_last(town: AnnouncingTown, report: Report, unknown: int) -> int:
    """Everybody has it now; how many have it twice."""
    received = town.received()
    if not town.weather.storms:
        assert set(town.people) - received.keys() == town.blocked
        assert report.ends["gone"] == len(town.blocked) if town.blocked else "gone" not in report.ends
    else:
        lacking = set(town.people) - received.keys() - town.blocked
        assert len(lacking) <= report.ends.get("unknown", 0) + sum(_failed(report))
    repeats = sum(count - 1 for count in received.values())
    assert repeats <= unknown
    return repeats


def _failed(report: Report) -> list[int]:
    return [count for outcome, count in report.ends.items() if outcome.startswith("failed")]


async def test_an_announcement_survives_three_kills(tmp_path: Path, note_figures: Callable[[str], None]) -> None:
    weather = Weather(people=400, kills=3, blocked=8)

    note_figures(await survive(tmp_path, tmp_path / "killed.db", weather))


@pytest.mark.soak
async def test_an_announcement_survives_twenty_kills(tmp_path: Path, note_figures: Callable[[str], None]) -> None:
    weather = Weather(people=5_000, kills=20, blocked=100, seed=1405)

    note_figures(await survive(tmp_path, tmp_path / "killed.db", weather))


@pytest.mark.soak
async def test_an_announcement_survives_kills_of_one_of_two(
    tmp_path: Path, postgres: Server, empty_postgres: str, note_figures: Callable[[str], None]
) -> None:
    url = str(postgres.url(postgres.new_database(empty_postgres)))
    weather = Weather(people=5_000, kills=20, blocked=100, seed=1406)

    note_figures(await survive(tmp_path, url, weather, workers=2))


@pytest.mark.soak
@pytest.mark.parametrize("kills", [0, 6])
async def test_an_announcement_survives_a_messenger_out_of_sorts(
    tmp_path: Path, kills: int, note_figures: Callable[[str], None]
) -> None:
    weather = Weather(people=5_000, kills=kills, blocked=100, storms=True)

    note_figures(await survive(tmp_path, tmp_path / "killed.db", weather))
