"""Alarms that stand: whoever wrote one down tells it, and nobody else."""

from bot.store import Unit
from bot.store.alarms import Standing
from tests.store.conftest import Time

HOUR_MS = 3_600_000


def test_an_alarm_begins_once(unit: Unit, clock: Time) -> None:
    began = clock.millis()

    assert unit.alarms.begin("silent", "bale") == began
    clock.go_on(1000)
    assert unit.alarms.begin("silent", "bale") is None
    assert unit.alarms.begin("silent", "telegram") == began + 1000
    assert unit.alarms.standing()[0] == Standing("silent", "bale", began, 1)


def test_an_alarm_ends_once_and_may_begin_anew(unit: Unit, clock: Time) -> None:
    unit.alarms.begin("silent", "bale")

    assert unit.alarms.end("silent", "bale") == Standing("silent", "bale", clock.millis(), 1)
    assert unit.alarms.end("silent", "bale") is None
    assert unit.alarms.begin("silent", "bale") is not None


def test_what_is_counted_counts_up_within_its_subject(unit: Unit) -> None:
    assert [unit.alarms.count("set_aside", who) for who in ("bale", "bale", "web", "bale")] == [1, 2, 1, 3]


def test_a_count_ends_when_nothing_came_for_so_long(unit: Unit, clock: Time) -> None:
    unit.alarms.count("set_aside", "bale")
    clock.go_on(HOUR_MS - 1000)
    unit.alarms.count("set_aside", "bale")
    clock.go_on(HOUR_MS)
    assert unit.alarms.end_quiet("set_aside", "bale", HOUR_MS) is None
    clock.go_on(1)

    ended = unit.alarms.end_quiet("set_aside", "bale", HOUR_MS)

    assert ended is not None
    assert ended.count == 2
    assert unit.alarms.standing() == []


def test_more_is_told_once_an_hour_and_only_if_there_is_more(unit: Unit, clock: Time) -> None:
    unit.alarms.count("set_aside", "bale")
    clock.go_on(HOUR_MS + 1)
    assert unit.alarms.told_again("set_aside", "bale", HOUR_MS) is None
    unit.alarms.count("set_aside", "bale")

    more = unit.alarms.told_again("set_aside", "bale", HOUR_MS)

    assert more is not None
    assert more.count == 2
    unit.alarms.count("set_aside", "bale")
    assert unit.alarms.told_again("set_aside", "bale", HOUR_MS) is None
    clock.go_on(HOUR_MS + 1)
    assert unit.alarms.told_again("set_aside", "bale", HOUR_MS) is not None
