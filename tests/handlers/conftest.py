"""Conversations need the two messengers only: without the page a service starts and stops sooner."""

from typing import Any

import pytest

from tests.botapi import BotApi


@pytest.fixture
def options() -> dict[str, Any]:
    return {"web": {"enabled": False}}


@pytest.fixture
def engine(api: BotApi) -> str:
    """Each messenger with another database: a conversation knows of neither, so four pairs would show no more."""
    return {"telegram": "sqlite", "bale": "postgresql"}[api.dialect.name]
