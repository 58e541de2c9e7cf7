"""Desks: one a group, found by its numbers of now and before, kept when the group moves."""

from dataclasses import replace

import pytest

from bot.models import desks, invites, outbox, places
from bot.outbox import Address
from bot.services import audit, staff
from bot.services import desks as rules
from bot.store.desks import Desk
from bot.store.outbox import Outgoing
from bot.store.staff import Member
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


def test_where_people_stood_under_both_numbers_the_new_one_counts(unit: Unit) -> None:
    unit.places.move("telegram", OLD, SARA, ("desk.tell", '{"n":1}'))
    unit.places.move("telegram", NEW, SARA, ("desk.tell", '{"n":2}'))
    unit.places.move("telegram", OLD, REZA, ("desk.tell", '{"n":3}'))

    rules.moved(unit, "telegram", OLD, NEW)

    assert sorted((row["chat_id"], row["memory"]) for row in rows_of(unit, places)) == [
        (NEW, '{"n":2}'),
        (NEW, '{"n":3}'),
    ]


def test_the_desk_that_has_people_stays_where_its_group_was_made_one_again(unit: Unit) -> None:
    before = unit.desks.make("telegram", OLD, "پیش از این")
    hasty = unit.desks.make("telegram", NEW, "حالا")

    for _ in range(2):
        rules.moved(unit, "telegram", OLD, NEW)

    assert [(desk.id, desk.chat_id) for desk in rules.all(unit)] == [(before.id, NEW)]
    assert unit.desks.get(hasty.id) is None
    named = unit.desks.named(hasty.id)
    assert named is not None
    assert (named.title, named.chat_id) == ("حالا", OLD)


def test_a_change_that_waits_goes_to_the_new_group_without_the_number_of_the_old_message(unit: Unit) -> None:
    unit.outbox.add(Outgoing("telegram", OLD, "edit", "{}", "card:1", "57"), claimed=False)
    unit.outbox.add(Outgoing("telegram", OLD, "ack", "{}", ref="press"), claimed=False)

    rules.moved(unit, "telegram", OLD, NEW)

    assert [(row["chat_id"], row["ref"]) for row in rows_of(unit, outbox)] == [(NEW, None), (NEW, "press")]


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


# What a desk takes


def admin(unit: Unit) -> Member:
    return unit.staff.join("telegram", 501, "admin", "مینا", None)


def made(unit: Unit, number: int, *covers: str) -> Desk:
    desk = unit.desks.make("telegram", number, "میز")
    unit.desks.cover(desk.id, covers or None)
    return desk


def test_a_desk_keeps_its_topic_its_maker_and_its_subjects(unit: Unit) -> None:
    mina = admin(unit)
    desk = rules.make(unit, Address("telegram", OLD, 33), "میز", mina)
    rules.cover(unit, desk, ("lights", "clean"), mina)

    assert unit.desks.get(desk.id) == replace(desk, covers=("lights", "clean"))
    (row,) = rows_of(unit, desks)
    assert (row["thread_id"], row["made_by"], row["covers"]) == (33, mina.id, '["lights", "clean"]')


def test_a_subject_is_taken_and_given_back_and_none_means_the_rest(unit: Unit) -> None:
    mina = admin(unit)
    desk = made(unit, OLD)

    desk = rules.toggle(unit, desk, "lights", mina)
    desk = rules.toggle(unit, desk, "clean", mina)
    assert desk.covers == ("clean", "lights")
    desk = rules.toggle(unit, desk, "lights", mina)
    assert desk.covers == ("clean",)
    desk = rules.toggle(unit, desk, "clean", mina)

    assert desk.covers is None
    assert unit.desks.get(desk.id) == desk


def test_a_case_goes_to_the_desk_that_names_it_then_to_the_rest_and_to_lost_desks_last(unit: Unit) -> None:
    assert rules.for_category(unit, "lights") is None
    rest, second, first = made(unit, -1), made(unit, -2, "clean"), made(unit, -3, "lights", "clean")

    def desk_of(category: str) -> int | None:
        found = rules.for_category(unit, category)
        return None if found is None else found.id

    assert [desk_of(category) for category in ("lights", "clean", "noise")] == [first.id, second.id, rest.id]
    rules.lost(unit, "telegram", -3, "kicked")
    assert [desk_of(category) for category in ("lights", "clean", "noise")] == [rest.id, second.id, rest.id]
    for number in (-1, -2):
        rules.lost(unit, "telegram", number, "kicked")
    assert [desk_of(category) for category in ("lights", "clean", "noise")] == [first.id, second.id, rest.id]


def test_a_closed_desk_leaves_nobody_and_no_invitation_behind(unit: Unit) -> None:
    mina = admin(unit)
    closed, other = made(unit, -1, "clean"), made(unit, -2, "lights")
    for desk in (closed, other):
        unit.desk_members.add(desk.id, mina.id)
        staff.invite(unit, "operator", mina, desk.id)

    assert rules.close(unit, closed.id, mina) == replace(closed, covers=("clean",))
    assert rules.close(unit, closed.id, mina) is None

    assert unit.desk_members.of_member(mina.id) == [other.id]
    assert [row["desk_id"] for row in rows_of(unit, invites)] == [None, other.id]
    assert unit.desks.find("telegram", -1) is None


def test_a_closed_desk_is_seen_by_nobody_but_named_by_what_it_did(unit: Unit) -> None:
    mina = admin(unit)
    closed = made(unit, OLD, "clean")
    rules.close(unit, closed.id, mina)

    assert unit.desks.all() == unit.desks.keep_all() == []
    assert [unit.desks.get(closed.id), unit.desks.keep(closed.id)] == [None, None]
    assert rules.open_in(unit, "telegram", OLD) is None
    assert rules.lost(unit, "telegram", OLD, "kicked") is None
    assert rules.for_category(unit, "clean") is None
    assert unit.desks.named(closed.id) == replace(closed, covers=("clean",))


def test_a_closed_desk_that_is_made_again_is_the_same_and_begins_anew(unit: Unit, clock: Time) -> None:
    mina = admin(unit)
    first = rules.make(unit, Address("telegram", OLD, 33), "میز", mina)
    rules.cover(unit, first, ("clean",), mina)
    rules.close(unit, first.id, mina)
    clock.go_on(1000)

    again = rules.make(unit, Address("telegram", OLD), "میز تازه", mina)

    assert again.id == first.id
    assert (again.title, again.covers, again.thread_id) == ("میز تازه", None, None)
    assert again.made_at == first.made_at + 1000
    assert unit.desks.find("telegram", OLD) == again


def test_a_closed_desk_moves_along_and_takes_no_place_of_an_open_one(unit: Unit) -> None:
    closed, open_one = made(unit, OLD), made(unit, OTHER)
    rules.close(unit, closed.id)

    rules.moved(unit, "telegram", OLD, NEW)
    rules.moved(unit, "telegram", OTHER, NEW)

    assert [(desk.id, desk.chat_id) for desk in rules.all(unit)] == [(open_one.id, NEW)]
    again = unit.desks.named(closed.id)
    assert again is not None
    assert again.chat_id == OTHER


def test_what_is_done_with_desks_is_noted(unit: Unit) -> None:
    mina = admin(unit)
    desk = rules.make(unit, Address("telegram", OLD), "میز", mina)
    rules.toggle(unit, desk, "clean", mina)
    rules.place(unit, desk, 33, mina)
    rules.close(unit, desk.id, mina)

    deeds = audit.look(unit).deeds
    assert [deed.action for deed in deeds] == ["desk_closed", "desk_placed", "desk_covers", "desk_made"]
    assert {(deed.member_id, deed.about) for deed in deeds} == {(mina.id, f"desk:{desk.id}")}
