"""Conversations need the two messengers only: without the page a service starts and stops sooner. On both databases."""

from typing import Any

import pytest

from tests.conftest import BOTH_ENGINES


@pytest.fixture
def options() -> dict[str, Any]:
    return {"web": {"enabled": False}}


@pytest.fixture(params=BOTH_ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name
