"""Jobs: one row for each time that one was due, begun anew only without an end."""

from bot.store import Unit
from bot.store.jobs import Run
from tests.store.conftest import Time


def test_a_job_that_has_ended_is_not_begun_again_for_that_time(unit: Unit) -> None:
    row = unit.jobs.begin("forget_old", 1000, "a", 3)
    assert row is not None
    assert unit.jobs.end(row, "a", '{"updates": 1}')

    assert unit.jobs.begin("forget_old", 1000, "b", 3) is None
    assert unit.jobs.begin("forget_old", 2000, "b", 3) is not None
    assert unit.jobs.begin("other", 1000, "b", 3) is not None


def test_a_job_without_an_end_is_begun_anew_but_not_for_ever(unit: Unit) -> None:
    first = unit.jobs.begin("forget_old", 1000, "a", 3)

    assert unit.jobs.begin("forget_old", 1000, "b", 3) == first
    assert unit.jobs.begin("forget_old", 1000, "c", 3) == first
    assert unit.jobs.begin("forget_old", 1000, "d", 3) is None


def test_whoever_lost_a_job_to_another_process_does_not_end_it(unit: Unit) -> None:
    row = unit.jobs.begin("forget_old", 1000, "a", 3)
    unit.jobs.begin("forget_old", 1000, "b", 3)
    assert row is not None

    assert not unit.jobs.end(row, "a", "{}")
    assert unit.jobs.end(row, "b", "{}")
    assert not unit.jobs.end(row, "b", "{}")


def test_results_are_kept_and_forgotten_when_they_are_old(unit: Unit, clock: Time) -> None:
    due = clock.millis()
    row = unit.jobs.begin("forget_old", due, "a", 3)
    assert row is not None
    unit.jobs.end(row, "a", "{}")
    clock.go_on(1000)

    unit.jobs.forget("forget_old", 1000)
    assert unit.jobs.latest("forget_old") == Run(due, 1, due, due, "{}")
    unit.jobs.forget("forget_old", 999)
    assert unit.jobs.latest("forget_old") is None
