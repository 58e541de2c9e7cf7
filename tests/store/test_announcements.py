"""Announcements, their runs and recipients, on both engines."""

from typing import Any

import pytest
from sqlalchemy import insert

from bot.errors import CitizenError
from bot.models import AnnouncementState, RecipientState, citizens
from bot.services import announcements, topics
from bot.store import Unit
from bot.store.announcements import NewAnnouncement
from bot.store.recipients import Whom
from tests.store.conftest import Time

HOUR = 3_600_000
SPORT, CULTURE = topics.bit("sport"), topics.bit("culture")
WAITING, TAKEN, SENT = RecipientState.WAITING, RecipientState.TAKEN, RecipientState.SENT


def new(unit: Unit, **said: Any) -> int:  # noqa: ANN401 - of the row
    wanted: dict[str, Any] = {
        "state": AnnouncementState.PLANNED,
        "topic": "",
        "urgent": False,
        "content": "{}",
        "audience": "{}",
        "fingerprint": "f",
        "due_at": unit.now,
    }
    made = unit.announcements.add(NewAnnouncement(**wanted | said))
    assert made is not None
    return made


def settle(unit: Unit, user: int, **said: Any) -> int:  # noqa: ANN401 - of the row
    row = {"platform": "telegram", "user_id": user, "met_at": unit.now} | said
    return int(unit.citizens._connection.execute(insert(citizens).returning(citizens.c.id), row).scalar_one())


def begun(unit: Unit) -> int:
    """A run of an announcement."""
    made = new(unit)
    unit.announcements.add_run(made, "telegram")
    return unit.announcements.runs(made)[0].id


@pytest.mark.parametrize(
    ("whom", "meant"),
    [
        (Whom(), {1, 2, 3, 6}),
        (Whom(topic=SPORT), {1, 2, 6}),
        (Whom(topic=SPORT, chosen_only=True), {2}),
        (Whom(neighbourhoods=("dolab", "khavaran")), {2, 3}),
        (Whom(neighbourhoods=("nowhere",)), set()),
        (Whom(staff_only=True), {6}),
    ],
)
def test_whom_says_who_is_meant(unit: Unit, whom: Whom, meant: set[int]) -> None:
    run = begun(unit)
    settle(unit, 1)
    settle(unit, 2, wants=SPORT, neighbourhood="dolab")
    settle(unit, 3, refuses=SPORT, neighbourhood="khavaran")
    settle(unit, 4, gone_at=1, wants=SPORT)
    settle(unit, 5, left_at=1, wants=SPORT)
    settle(unit, 6, wants=CULTURE)
    settle(unit, 7, platform="bale")
    unit.staff.join("telegram", 6, "editor", None, None)

    queued = unit.recipients.queue(run, "telegram", whom, (0, unit.recipients.last_citizen()))

    assert queued == len(meant)
    assert {found.chat_id for found in unit.recipients.page(run, 0, 100)} == meant
    assert unit.crowds.count(whom).get("telegram", 0) == len(meant)


def test_recipients_are_written_down_in_pieces_and_read_in_order(unit: Unit) -> None:
    run = begun(unit)
    numbers = [settle(unit, user) for user in range(1, 8)]

    assert unit.recipients.queue(run, "telegram", Whom(), (0, numbers[2])) == 3
    assert unit.recipients.queue(run, "telegram", Whom(), (numbers[2], numbers[-1])) == 4

    first = unit.recipients.page(run, 0, 5)
    rest = unit.recipients.page(run, first[-1].citizen_id, 5)
    assert [found.citizen_id for found in first + rest] == numbers


def test_who_still_waits_is_seen_as_they_are_now(unit: Unit) -> None:
    run = begun(unit)
    one, two, three = (settle(unit, user) for user in (1, 2, 3))
    unit.recipients.queue(run, "telegram", Whom(), (0, three))
    unit.choices.leave(two)
    unit.recipients.take(run, [three])

    found = unit.recipients.among(run, [one, two, three], None)

    assert sorted((who.citizen_id, who.left) for who in found) == [(one, False), (two, True)]
    assert unit.recipients.among(run, [], None) == []


def test_series_are_found_until_they_end(unit: Unit) -> None:
    waiting = new(unit, repeat="{}", state=AnnouncementState.WAITING)
    planned = new(unit, repeat="{}")
    new(unit, repeat="{}", state=AnnouncementState.CANCELLED)
    new(unit)

    assert sorted(found.id for found in unit.announcements.series()) == [waiting, planned]


def test_only_who_stands_there_is_moved(unit: Unit) -> None:
    run = begun(unit)
    one, two = settle(unit, 1), settle(unit, 2)
    unit.recipients.queue(run, "telegram", Whom(), (0, two))

    assert unit.recipients.move(run, WAITING, TAKEN, [one]) == 1
    assert unit.recipients.move(run, TAKEN, SENT, [one, two]) == 1
    assert unit.recipients.move(run, TAKEN, SENT, [one]) == 0
    assert unit.recipients.in_state(run, WAITING, 0, 5) == [two]


def test_a_citizen_who_was_deleted_has_gone(unit: Unit) -> None:
    run = begun(unit)
    one = settle(unit, 1)
    unit.recipients.queue(run, "telegram", Whom(), (0, one))
    unit.citizens.forget("telegram", 1)

    (found,) = unit.recipients.page(run, 0, 5)

    assert found.gone


def test_the_last_two_unsolicited_ones_are_remembered(unit: Unit, clock: Time) -> None:
    run = begun(unit)
    one = settle(unit, 1)
    unit.recipients.queue(run, "telegram", Whom(), (0, one))
    first = unit.now
    unit.recipients.nudged([one])
    clock.go_on(HOUR)
    unit.recipients.nudged([one])

    (found,) = unit.recipients.page(run, 0, 5)

    assert found.nudged_before == first


def test_what_is_due_comes_when_it_is_and_urgent_first(unit: Unit, clock: Time) -> None:
    later = new(unit, due_at=unit.now + HOUR)
    now = new(unit)
    urgent = new(unit, urgent=True)
    new(unit, state=AnnouncementState.WAITING)

    assert [found.id for found in unit.announcements.due(9)] == [urgent, now]
    clock.go_on(HOUR)
    assert [found.id for found in Unit(unit.inbox._connection).announcements.due(9)] == [urgent, now, later]


def test_of_one_key_there_is_one(unit: Unit) -> None:
    new(unit, key="occasion:nowruz:1405:0")

    assert unit.announcements.known(["occasion:nowruz:1405:0", "other"]) == {"occasion:nowruz:1405:0"}
    with pytest.raises(AssertionError):
        new(unit, key="occasion:nowruz:1405:0")


def test_of_two_who_begin_one_does(unit: Unit) -> None:
    made = new(unit)

    assert unit.announcements.begin(made)
    assert not unit.announcements.begin(made)


def test_a_run_waits_while_its_announcement_does_not_run(unit: Unit) -> None:
    made, urgent = new(unit, state=AnnouncementState.QUEUING), new(unit, state=AnnouncementState.QUEUING, urgent=True)
    for one in (made, urgent):
        unit.announcements.add_run(one, "telegram")
        unit.announcements.add_run(one, "telegram")
    assert unit.announcements.next_run("telegram", []) is None

    for one in (made, urgent):
        unit.announcements.move(one, (AnnouncementState.QUEUING,), AnnouncementState.RUNNING)

    first = unit.announcements.next_run("telegram", [])
    assert first is not None
    second = unit.announcements.next_run("telegram", [first.id])
    assert second is not None
    assert (first.announcement_id, second.announcement_id) == (urgent, made)
    unit.announcements.end_run(unit.announcements.runs(urgent)[0].id)
    left = unit.announcements.next_run("telegram", [])
    assert left is not None
    assert left.announcement_id == made
    assert unit.announcements.next_run("bale", []) is None


def test_outcomes_add_up_over_platforms(unit: Unit) -> None:
    made = new(unit)
    for platform in ("telegram", "bale"):
        unit.announcements.add_run(made, platform)
    one, two = (run.id for run in unit.announcements.runs(made))
    unit.announcements.count(one, "sent", 3)
    unit.announcements.count(one, "unknown", 2)
    unit.announcements.count(two, "sent", 4)
    unit.announcements.count(one, "unknown", -2)

    assert unit.announcements.counts(made) == {"sent": 7}


def test_the_same_text_is_found_for_a_while_but_not_what_was_taken_back(unit: Unit, clock: Time) -> None:
    made = new(unit, fingerprint="abc")
    new(unit, fingerprint="abc", state=AnnouncementState.CANCELLED)

    assert [found.id for found in unit.announcements.same("abc", HOUR)] == [made]
    clock.go_on(2 * HOUR)
    assert unit.announcements.same("abc", HOUR) == []


def test_what_was_cancelled_on_its_way_is_the_same_text_too(unit: Unit) -> None:
    made = new(unit)
    unit.announcements.begin(made)
    unit.announcements.move(made, [AnnouncementState.QUEUING], AnnouncementState.CANCELLED)

    assert [found.id for found in unit.announcements.same("f", HOUR)] == [made]


def test_who_pressed_counts_once_a_button(unit: Unit) -> None:
    for citizen in (1, 1, 2):
        unit.presses.note(5, 0, citizen)
    unit.presses.note(5, -1, 2)

    assert unit.presses.counts(5) == {0: 2, -1: 1}
    unit.presses.forget(2)
    assert unit.presses.counts(5) == {0: 1}


def test_very_many_are_counted_as_they_were_a_while_ago(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(unit, 1, wants=SPORT, neighbourhood="doulab")
    settle(unit, 2, refuses=SPORT)
    unit.crowds.keep(unit.crowds.all())
    settle(unit, 3)
    assert unit.crowds.count(Whom()) == {"telegram": 3}

    monkeypatch.setattr("bot.store.crowds.FEW", 0)

    assert unit.crowds.count(Whom()) == {"telegram": 2}
    assert unit.crowds.count(Whom(topic=SPORT)) == {"telegram": 1}
    assert unit.crowds.count(Whom(neighbourhoods=("doulab",), platforms=("bale",))) == {}
    unit.crowds.keep(unit.crowds.all())
    assert unit.crowds.count(Whom()) == {"telegram": 3}


def test_what_was_paused_for_days_goes_on_unless_it_belonged_to_one(unit: Unit, clock: Time) -> None:
    mina = unit.staff.join("bale", 9, "editor", "مینا", None)
    plain, occasion = new(unit), new(unit, until=unit.now + 24 * HOUR)
    for number in (plain, occasion):
        unit.announcements.begin(number)
        unit.announcements.move(number, [AnnouncementState.QUEUING], AnnouncementState.RUNNING)
        announcements.pause(unit, number, mina)
    clock.go_on(72 * HOUR)

    days_later = Unit(unit.inbox._connection)

    going_on = announcements.resume(days_later, plain, mina)

    assert going_on.state == AnnouncementState.RUNNING
    assert announcements.last_instant(going_on) == days_later.now + announcements.GOOD_FOR_MS
    with pytest.raises(CitizenError, match="too_late"):
        announcements.resume(days_later, occasion, mina)
