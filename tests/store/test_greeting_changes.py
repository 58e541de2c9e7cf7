"""What staff decide of texts for occasions, and the announcements by their keys, on both engines."""

from dataclasses import replace

from bot.models import AnnouncementState
from bot.store.announcements import NewAnnouncement
from bot.store.greeting_changes import GreetingChange
from bot.store.outbox import Outgoing
from bot.store.unit import Unit
from tests.store.conftest import Time

KEY = "occasion:fitr:1448:0"
MISSED = NewAnnouncement(
    AnnouncementState.MISSED,
    "occasions",
    urgent=False,
    content="",
    audience="",
    fingerprint="f",
    due_at=1,
    until=2000,
    key=KEY,
)


def test_the_last_decision_counts_and_says_whose_it_is(unit: Unit) -> None:
    unit.greeting_changes.keep(GreetingChange(KEY, text="مبارک"), by=3)
    unit.greeting_changes.keep(GreetingChange(KEY, text="مبارک", hour=10, approved_by=4), by=3)

    found = unit.greeting_changes.find([KEY, "occasion:fitr:1449:0"])
    assert found == {KEY: GreetingChange(KEY, "مبارک", 10, approved_by=4, changed_by=3)}
    assert unit.greeting_changes.find([]) == {}


def test_those_with_a_picture_are_found(unit: Unit) -> None:
    unit.greeting_changes.keep(GreetingChange("a", photo="p"), by=3)
    unit.greeting_changes.keep(GreetingChange("b", text="بی عکس"), by=3)

    assert unit.greeting_changes.pictured() == [GreetingChange("a", photo="p", changed_by=3)]


def test_old_decisions_are_deleted(unit: Unit, clock: Time) -> None:
    unit.greeting_changes.keep(GreetingChange(KEY), by=3)
    clock.go_on(1000)

    assert [unit.greeting_changes.prune(age) for age in (1000, 999)] == [0, 1]


def test_what_was_missed_goes_on_a_later_day_and_on_no_other(unit: Unit) -> None:
    unit.announcements.add(MISSED)
    later = replace(MISSED, state=AnnouncementState.PLANNED, content="new", due_at=3000, until=4000)

    assert not unit.announcements.put_again(replace(later, until=2000))
    assert not unit.announcements.put_again(replace(later, key="another"))
    assert unit.announcements.put_again(later)
    assert not unit.announcements.put_again(replace(later, until=9000))  # it goes, and once is enough
    found = unit.announcements.of_keys([KEY])[KEY]
    assert (found.state, found.content, found.due_at, found.until) == (AnnouncementState.PLANNED, "new", 3000, 4000)


def test_it_is_known_when_the_first_was_made(unit: Unit) -> None:
    before = unit.announcements.first_made()
    unit.announcements.add(MISSED)

    assert before is None
    assert unit.announcements.first_made() == unit.now
    assert unit.announcements.of_keys([]) == {}


def test_it_is_known_what_was_said_in_a_chat(unit: Unit) -> None:
    unit.outbox.add(Outgoing("bale", 5, "send", "{}", "approvals:2026-11-22"), claimed=False)

    assert unit.outbox.was_said("bale", 5, "approvals:2026-11-22")
    assert not unit.outbox.was_said("bale", 5, "approvals:2026-11-23")
    assert not unit.outbox.was_said("bale", 6, "approvals:2026-11-22")
