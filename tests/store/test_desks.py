"""Desks: one a group, found by its numbers of now and before, kept when the group moves."""

import pytest

from bot.models import desks, outbox, places
from bot.services import desks as rules
from bot.store.outbox import Outgoing
from bot.store.unit import Unit
from tests.citizen import rows_of
from tests.store.conftest import Time

OLD, NEW, OTHER = -5, -1_000_000_000_005, -6
SARA, REZA = 7, 8


def chats_of(unit: Unit, table: object) -> list[int]:
    return [row["chat_id"] for row in rows_of(unit, table)]


def test_a_group_is_a_desk_once_and_under_its_newest_title(unit: Unit) -> None:
    first = unit.desks.make("telegram", OLD, "میز یک")
    again = unit.desks.make("telegram", OLD, "میز دو")

    assert (again.id, again.made_at) == (first.id, first.made_at)
    assert unit.desks.find("telegram", OLD) == again
    assert again.title == "میز دو"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("میز\r\n\u2028هشدار:\tهمه‌چیز پاک شد", "میز هشدار: همه‌چیز پاک شد"),
        ("\u202eroF\u2066 \u200f\x1b[2J\x00 \ufeffx", "roF [2J x"),
        ("می‌ز 🌳", "می‌ز 🌳"),
        ("م" * 300, "م" * 64),
        (" \u200e ", ""),
    ],
)
def test_a_title_is_one_short_line_that_hides_nothing(unit: Unit, given: str, kept: str) -> None:
    assert unit.desks.make("telegram", OLD, given).title == kept


def test_the_same_number_elsewhere_is_no_desk(unit: Unit) -> None:
    unit.desks.make("telegram", OLD, "میز")

    assert unit.desks.find("bale", OLD) is None
    assert unit.desks.find("telegram", OTHER) is None


def test_a_group_that_moved_is_found_by_both_of_its_numbers(unit: Unit) -> None:
    desk = unit.desks.make("telegram", OLD, "میز")

    for _ in range(2):
        rules.moved(unit, "telegram", OLD, NEW)

    found = [unit.desks.find("telegram", number) for number in (OLD, NEW)]
    assert [(desk.id, desk.chat_id, desk.title) for desk in found if desk] == [(desk.id, NEW, "میز")] * 2
    assert len(rows_of(unit, desks)) == 1


def test_what_waits_and_where_people_stand_move_along_and_nothing_of_others_does(unit: Unit) -> None:
    for chat in (OLD, OTHER):
        unit.outbox.add(Outgoing("telegram", chat, "send", "{}"), claimed=False)
        unit.places.move("telegram", chat, SARA, ("desk.tell", "{}"))
    unit.outbox.add(Outgoing("bale", OLD, "send", "{}"), claimed=False)

    rules.moved(unit, "telegram", OLD, NEW)

    assert chats_of(unit, outbox) == [NEW, OTHER, OLD]
    assert sorted(chats_of(unit, places)) == sorted([NEW, OTHER])


def test_where_both_numbers_have_something_the_new_one_counts(unit: Unit) -> None:
    unit.desks.make("telegram", OLD, "پیش از این")
    unit.desks.make("telegram", NEW, "حالا")
    unit.places.move("telegram", OLD, SARA, ("desk.tell", '{"n":1}'))
    unit.places.move("telegram", NEW, SARA, ("desk.tell", '{"n":2}'))
    unit.places.move("telegram", OLD, REZA, ("desk.tell", '{"n":3}'))

    rules.moved(unit, "telegram", OLD, NEW)

    assert [row["title"] for row in rows_of(unit, desks)] == ["حالا"]
    assert sorted((row["chat_id"], row["memory"]) for row in rows_of(unit, places)) == [
        (NEW, '{"n":2}'),
        (NEW, '{"n":3}'),
    ]


def test_a_desk_is_lost_once_and_found_when_somebody_speaks_there(unit: Unit, clock: Time) -> None:
    made = unit.desks.make("telegram", OLD, "میز")
    clock.go_on(1000)

    first = rules.lost(unit, "telegram", OLD, "kicked")
    again = rules.lost(unit, "telegram", OLD, "kicked")

    assert first is not None
    assert first.lost_at == clock.millis()
    assert again is None
    assert rules.open_in(unit, "telegram", OLD) is not None
    found = unit.desks.find("telegram", OLD)
    assert found is not None
    assert (found.id, found.lost_at) == (made.id, None)


def test_a_chat_that_is_no_desk_is_lost_without_a_word(unit: Unit) -> None:
    unit.outbox.add(Outgoing("telegram", OTHER, "send", "{}"), claimed=False)

    assert rules.lost(unit, "telegram", OTHER, "kicked") is None
    assert [row["state"] for row in rows_of(unit, outbox)] == [3]
