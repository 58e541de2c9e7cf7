"""Events of the programs: kept, changed, cancelled, and gone when they are long over."""

from dataclasses import replace

import pytest

from bot.errors import CitizenError
from bot.incoming import Attachment
from bot.models import EventTimes, events
from bot.services import coming
from bot.services import events as service
from bot.services.coming import local
from bot.services.retention import DAY_MS
from bot.store.events import Plan
from bot.store.unit import Unit
from tests.citizen import rows_of
from tests.store.conftest import Time

HOUR_MS = 3_600_000


@pytest.fixture
def plan(clock: Time) -> Plan:
    """In an hour, for an hour."""
    start = clock.millis() + HOUR_MS
    return Plan("کارگاه", "culture", int(EventTimes.SPAN), start, start + HOUR_MS, "پارک")


def test_an_event_is_read_as_it_was_written(unit: Unit, plan: Plan) -> None:
    whole = replace(plan, program="program.flag", audience="women", lat=35.5, lon=51.5, link="https://tehran.ir")
    added = unit.events.add(whole, 7)

    assert unit.events.find(added.id) == added
    assert (added.plan, added.cancelled, added.reason) == (whole, False, "")
    (row,) = rows_of(unit, events)
    assert (row["made_by"], row["changed_by"]) == (7, None)


def test_who_changed_and_cancelled_it_is_kept(unit: Unit, plan: Plan, clock: Time) -> None:
    number = unit.events.add(plan, 7).id
    clock.go_on(1000)
    unit.events.change(number, replace(plan, title="کارگاه خط"), 8)
    cancelled = unit.events.cancel(number, "باران", 9)

    assert cancelled is not None
    assert (cancelled.cancelled, cancelled.reason, cancelled.plan.title) == (True, "باران", "کارگاه خط")
    (row,) = rows_of(unit, events)
    assert (row["changed_by"], row["changed_at"], row["cancelled_by"]) == (8, clock.millis(), 9)
    assert unit.events.cancel(number, "باز", 9) is None
    restored = unit.events.restore(number, 9)
    assert restored is not None
    assert (restored.cancelled, restored.reason) == (False, "")
    assert unit.events.restore(number, 9) is None


def test_nothing_becomes_of_an_event_that_is_not_there(unit: Unit, plan: Plan) -> None:
    assert unit.events.find(5) is None
    assert (unit.events.change(5, plan, 1), unit.events.cancel(5, "", 1), unit.events.restore(5, 1)) == (
        None,
        None,
        None,
    )


def test_what_is_not_over_is_ahead_the_earliest_first(unit: Unit, plan: Plan, clock: Time) -> None:
    later = unit.events.add(replace(plan, starts_at=plan.starts_at + HOUR_MS, ends_at=plan.ends_at + HOUR_MS), 1)
    first = unit.events.add(plan, 1)

    assert coming.read(unit) == (first, later)
    assert unit.events.ahead(plan.ends_at - 1, 10) == [first, later]
    assert unit.events.ahead(plan.ends_at, 10) == [later]
    assert unit.events.ahead(clock.millis(), 1) == [first]


def test_a_number_is_never_given_again(unit: Unit, plan: Plan, clock: Time) -> None:
    old = unit.events.add(plan, 1)
    clock.go_on(10 * DAY_MS)
    assert unit.events.prune(DAY_MS, 10) == 1

    assert unit.events.add(plan, 1).id > old.id


def test_only_what_is_long_over_is_deleted_and_so_many_at_the_most(unit: Unit, plan: Plan, clock: Time) -> None:
    for _ in range(3):
        unit.events.add(plan, 1)
    clock.go_on(3 * HOUR_MS + DAY_MS)
    young = unit.events.add(replace(plan, ends_at=clock.millis()), 1)

    assert [unit.events.prune(DAY_MS, 2), unit.events.prune(DAY_MS, 2), unit.events.prune(DAY_MS, 2)] == [2, 1, 0]
    assert [row["id"] for row in rows_of(unit, events)] == [young.id]


def test_the_picture_of_an_event_outlives_other_files(unit: Unit, plan: Plan, clock: Time) -> None:
    shown, other = (unit.files.want("bale", 5, Attachment("photo", name)) for name in ("a", "b"))
    unit.events.add(replace(plan, photo=shown.key), 1)
    clock.go_on(10 * DAY_MS)

    assert unit.files.forget_old(DAY_MS, 10) == 1
    assert set(unit.files.find([shown.key, other.key])) == {shown.key}
    unit.events.prune(DAY_MS, 10)
    assert unit.files.forget_old(DAY_MS, 10) == 1


# -- what the service lets through


def test_every_change_makes_the_subject_newer(unit: Unit, plan: Plan, clock: Time) -> None:
    now = local(clock.millis())
    number = service.add(unit, plan, 1, now).id
    service.change(unit, number, replace(plan, title="کارگاه خط"), 1, now)
    service.cancel(unit, number, "", 1, now)
    service.restore(unit, number, 1, now)

    assert unit.revisions.all() == {service.SUBJECT: 4}


def test_what_is_over_cannot_be_changed(unit: Unit, plan: Plan, clock: Time) -> None:
    number = service.add(unit, plan, 1, local(clock.millis())).id
    clock.go_on(2 * HOUR_MS)
    now = local(clock.millis())

    with pytest.raises(CitizenError, match="gone"):
        service.cancel(unit, number, "", 1, now)
    with pytest.raises(CitizenError, match="past"):
        service.change(unit, number, plan, 1, now)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"title": ""}, "unfinished"),
        ({"place": ""}, "unfinished"),
        ({"ends_at": 0}, "unfinished"),
        ({"starts_at": 1, "ends_at": 2}, "past"),
        ({"ends_at": 4_000_000_000_000}, "too_long"),
        ({"starts_at": 4_000_000_000_000, "ends_at": 4_000_000_060_000}, "too_far"),
        ({"photo": "nothing"}, "photo_lost"),
    ],
)
def test_what_cannot_be_is_not_published(
    unit: Unit, plan: Plan, clock: Time, changed: dict[str, object], reason: str
) -> None:
    with pytest.raises(CitizenError, match=reason):
        service.add(unit, replace(plan, **changed), 1, local(clock.millis()))  # type: ignore[arg-type]  # what is wrong on purpose
    assert rows_of(unit, events) == []
