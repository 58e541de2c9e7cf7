"""One connection to a database of its own, and a clock that a test moves."""

from collections.abc import Iterator

import pytest
from sqlalchemy import make_url

from bot.store.unit import Unit
from bot.store.writer import _engine
from tests.conftest import FakeClock


class Time(FakeClock):
    """The tests' clock, with a hand to move it."""

    def go_on(self, millis: int) -> None:
        self.passed += millis

    passed = 0

    def millis(self) -> int:
        return super().millis() + self.passed


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def unit(database: str, clock: Time) -> Iterator[Unit]:
    """The tables, in a transaction that nobody commits."""
    engine = _engine(make_url(database), clock)
    with engine.connect() as connection:
        yield Unit(connection)
    engine.dispose()
