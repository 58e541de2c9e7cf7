"""Conversations need the two messengers only: without the page a service starts and stops sooner. On both databases."""

from typing import Any

import pytest

from bot.app import App
from tests.botapi import BotApi
from tests.citizen import Citizen
from tests.conftest import BOTH_ENGINES
from tests.editing import made_editor


@pytest.fixture
def options() -> dict[str, Any]:
    return {"web": {"enabled": False}}


@pytest.fixture(params=BOTH_ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
async def mina(app: App, api: BotApi) -> Citizen:
    """An editor."""
    api.meet(503, first_name="مینا")
    return await made_editor(Citizen(app, api, 503))
