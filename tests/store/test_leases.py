"""What only one process may do."""

from bot.store import Unit
from tests.store.conftest import Time


def test_a_lease_is_held_by_one(unit: Unit) -> None:
    assert unit.leases.take("poller", "a", 1000)
    assert not unit.leases.take("poller", "b", 1000)
    assert unit.leases.take("scheduler", "b", 1000)


def test_the_holder_lengthens_it(unit: Unit, clock: Time) -> None:
    unit.leases.take("poller", "a", 1000)
    clock.go_on(900)

    assert unit.leases.take("poller", "a", 1000)
    clock.go_on(900)
    assert not unit.leases.take("poller", "b", 1000)


def test_it_ends_by_itself_and_goes_to_the_next(unit: Unit, clock: Time) -> None:
    unit.leases.take("poller", "a", 1000)
    clock.go_on(1001)

    assert unit.leases.take("poller", "b", 1000)
    assert not unit.leases.take("poller", "a", 1000)


def test_only_its_holder_gives_it_up(unit: Unit) -> None:
    unit.leases.take("poller", "a", 1000)

    unit.leases.end("poller", "b")
    assert not unit.leases.take("poller", "b", 1000)
    unit.leases.end("poller", "a")
    assert unit.leases.take("poller", "b", 1000)


def test_a_process_that_is_alone_frees_all_leases_at_its_start(unit: Unit) -> None:
    unit.leases.take("poller", "gone", 1000)

    unit.leases.free_all()

    assert unit.leases.take("poller", "a", 1000)


def test_a_process_knows_what_it_holds(unit: Unit, clock: Time) -> None:
    unit.leases.take("watch", "a", 2000)
    unit.leases.take("scheduler", "a", 1000)
    unit.leases.take("poller", "b", 1000)

    assert unit.leases.held("a") == ["scheduler", "watch"]
    clock.go_on(1001)
    assert unit.leases.held("a") == ["watch"]
