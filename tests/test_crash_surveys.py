"""Killed while citizens answer a survey, some of them twice, some thinking again: every answer counts, and once.

What is counted is what each of them tapped last, whatever was in flight at a kill.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.models import participants, responses
from tests.citizen import rows_of
from tests.survey_town import BRANCHING, SurveyTown, counted, meant, recounted, survey_town

pytestmark = [pytest.mark.crash, pytest.mark.xdist_group("town")]


async def check(town: SurveyTown) -> None:
    wanted = sum((meant(voter, town.tables) for voter in town.voters), Counter[tuple[str, str]]())
    found = await town.store.read(lambda unit: counted(unit, town.survey))
    assert found == wanted
    assert found == await town.store.read(lambda unit: recounted(unit, town.survey))
    assert found["", "+"] == len(town.voters)
    whole = await town.store.read(lambda unit: (rows_of(unit, participants), rows_of(unit, responses)))
    assert {row["token"] for row in whole[0]} == {row["token"] for row in whole[1]}
    assert all(row["sent_at"] and row["answers"] is None for row in whole[0])


async def test_killed_twice_every_answer_counts_once(tmp_path: Path) -> None:
    async with survey_town(tmp_path, tmp_path / "survey.db", BRANCHING) as town:
        await town.settle(40)
        await town.live(kills=2)

        await check(town)


@pytest.mark.soak
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_a_thousand_answer_and_every_answer_counts_once(
    engine: str, database: str, tmp_path: Path, note_figures: Callable[[str], None]
) -> None:
    async with survey_town(tmp_path, database, BRANCHING) as town:
        await town.settle(1_000)
        await town.live(kills=6)

        await check(town)
        taps = sum(len(voter.lasted) for voter in town.voters)
        note_figures(f"{engine}: 1,000 citizens, {taps} taps, 6 kills, all counted once")
