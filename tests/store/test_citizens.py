"""People, and where they stand."""

from bot.models import citizens, places
from bot.store import Unit
from tests.citizen import rows_of

TELEGRAM = "telegram"


def place_of(unit: Unit, user: int = 5, chat: int = 5) -> tuple[str | None, str]:
    met = unit.citizens.find(TELEGRAM, user, chat)
    assert met is not None
    return met.place, met.memory


def test_a_stranger_is_not_found(unit: Unit) -> None:
    assert unit.citizens.find(TELEGRAM, 5, 5) is None


def test_somebody_met_is_known_from_then_on(unit: Unit) -> None:
    new = unit.citizens.meet(TELEGRAM, 5, "سارا")

    met = unit.citizens.find(TELEGRAM, 5, 5)
    assert new.is_new
    assert met is not None
    assert not met.citizen.is_new
    assert (met.citizen.id, met.citizen.name, met.citizen.met_at) == (new.id, "سارا", unit.now)
    assert (met.place, met.memory, met.gone) == (None, "{}", False)


def test_the_same_number_on_another_platform_is_another_person(unit: Unit) -> None:
    unit.citizens.meet(TELEGRAM, 5, "سارا")

    assert unit.citizens.find("bale", 5, 5) is None
    assert unit.citizens.meet("bale", 5, None).id != unit.citizens.meet(TELEGRAM, 6, None).id


def test_the_biggest_number_of_a_platform_fits(unit: Unit) -> None:
    biggest = 2**63 - 1
    unit.citizens.meet(TELEGRAM, biggest, None)

    met = unit.citizens.find(TELEGRAM, biggest, -biggest)
    assert met is not None
    assert met.citizen.user_id == biggest


def test_who_has_gone_is_back_with_their_new_name(unit: Unit) -> None:
    unit.citizens.meet(TELEGRAM, 5, "سارا")
    unit.citizens.gone(TELEGRAM, 5)
    gone = unit.citizens.find(TELEGRAM, 5, 5)

    unit.citizens.back(TELEGRAM, 5, "سارا ن.")

    back = unit.citizens.find(TELEGRAM, 5, 5)
    assert gone is not None
    assert gone.gone
    assert back is not None
    assert not back.gone
    assert back.citizen.name == "سارا ن."


def test_a_citizen_stands_in_one_place_of_each_chat(unit: Unit) -> None:
    unit.citizens.meet(TELEGRAM, 5, None)
    unit.places.move(TELEGRAM, 5, 5, ("report.write", "{}"))
    unit.places.move(TELEGRAM, 5, 5, ("report.confirm", '{"a":1}'))
    unit.places.move(TELEGRAM, -9, 5, ("desk.answer", "{}"))

    assert place_of(unit) == ("report.confirm", '{"a":1}')
    assert place_of(unit, chat=-9) == ("desk.answer", "{}")
    assert len(rows_of(unit, places)) == 2


def test_leaving_ends_one_place_only(unit: Unit) -> None:
    unit.citizens.meet(TELEGRAM, 5, None)
    unit.places.move(TELEGRAM, 5, 5, ("report.write", "{}"))
    unit.places.move(TELEGRAM, -9, 5, ("desk.answer", "{}"))

    unit.places.leave(TELEGRAM, 5, 5)

    assert place_of(unit) == (None, "{}")
    assert place_of(unit, chat=-9) == ("desk.answer", "{}")


def test_forgetting_takes_one_citizen_with_all_their_places(unit: Unit) -> None:
    for user in (5, 6):
        unit.citizens.meet(TELEGRAM, user, None)
        unit.places.move(TELEGRAM, user, user, ("report.write", "{}"))
        unit.places.move(TELEGRAM, -9, user, ("desk.answer", "{}"))

    unit.places.forget(TELEGRAM, 5)
    unit.citizens.forget(TELEGRAM, 5)

    assert {row["user_id"] for row in rows_of(unit, places)} == {6}
    assert {row["user_id"] for row in rows_of(unit, citizens)} == {6}


def test_whoever_is_met_twice_at_one_moment_is_one_citizen(unit: Unit) -> None:
    first = unit.citizens.meet("telegram", 7, "سارا")
    second = unit.citizens.meet("telegram", 7, None)

    assert (first.id, first.is_new) == (second.id, True)
    assert (second.name, second.is_new) == ("سارا", False)
