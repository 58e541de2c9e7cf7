"""What the tests of the page share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.site import Place, SetClock, open_place


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def place(tmp_path: Path, clock: SetClock) -> AsyncIterator[Place]:
    async with open_place(tmp_path / "page.db", clock) as place:
        yield place
