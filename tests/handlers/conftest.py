"""Conversations need the two messengers only: without the page a service starts and stops sooner."""

from typing import Any

import pytest

from bot.app import App
from tests.botapi import BotApi
from tests.citizen import Citizen
from tests.editing import made_editor


@pytest.fixture
def options() -> dict[str, Any]:
    return {"web": {"enabled": False}}


@pytest.fixture
def engine(api: BotApi) -> str:
    """Each messenger with another database: a conversation knows of neither, so four pairs would show no more."""
    return {"telegram": "sqlite", "bale": "postgresql"}[api.dialect.name]


@pytest.fixture
async def mina(app: App, api: BotApi) -> Citizen:
    """An editor."""
    api.meet(503, first_name="مینا")
    return await made_editor(Citizen(app, api, 503))
