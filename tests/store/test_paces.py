"""The pace that processes share, as the table gives it out."""

import pytest

from bot.store import Unit
from bot.store.paces import Wishes
from tests.store.conftest import Time

BALE = "bale"


def wishes(recovered: float, start: float = 10.0) -> Wishes:
    return Wishes(most=10.0, burst=2.0, start=start, recovered=recovered)


def waits(unit: Unit, times: int, size: int = 1) -> list[float]:
    return [round(unit.paces.take(BALE, size, wishes(0)).wait_ms, 3) for _ in range(times)]


def test_a_few_go_at_once_and_then_so_many_a_second(unit: Unit) -> None:
    assert waits(unit, 4) == [0, 100, 200, 300]


def test_after_a_silence_a_few_go_at_once(unit: Unit, clock: Time) -> None:
    waits(unit, 1)
    clock.go_on(60_000)

    assert waits(unit, 4) == [-100, 0, 100, 200]


def test_a_window_takes_the_time_of_all_its_messages(unit: Unit) -> None:
    assert waits(unit, 3, size=5) == [0, 500, 1000]


def test_the_gates_of_others_are_others(unit: Unit) -> None:
    waits(unit, 5)

    assert unit.paces.take("telegram", 1, wishes(0)).wait_ms == 0


def test_after_a_complaint_nothing_goes_and_then_half_as_much(unit: Unit, clock: Time) -> None:
    waits(unit, 1)
    unit.paces.complained(BALE, 30_000, 0.1)
    unit.paces.complained(BALE, 20_000, 0.1)

    assert waits(unit, 2) == [30_000, 30_200]
    clock.go_on(40_000)
    assert unit.paces.take(BALE, 1, wishes(0)).rate == 5


def test_the_pace_recovers_up_to_what_was_wished_for_and_never_ends(unit: Unit, clock: Time) -> None:
    waits(unit, 1)
    for _ in range(20):
        unit.paces.complained(BALE, 1_000, 0.1)
        clock.go_on(2_000)

    assert unit.paces.take(BALE, 1, wishes(0)).rate == pytest.approx(0.1)
    assert unit.paces.take(BALE, 1, wishes(3.0)).rate == pytest.approx(3.1)
    assert unit.paces.take(BALE, 1, wishes(30.0)).rate == 10
