"""Conversations need the two messengers only: without the page a service starts and stops sooner."""

from typing import Any

import pytest


@pytest.fixture
def options() -> dict[str, Any]:
    return {"web": {"enabled": False}}
