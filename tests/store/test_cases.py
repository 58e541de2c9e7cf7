"""Cases: filed once for each code, found by everybody whom they concern, in the order in which they are needed."""

from dataclasses import replace

from bot.models import CaseState
from bot.store.case_log import Happened
from bot.store.followers import Follower
from bot.store.unit import Unit
from tests.store.cases import filed
from tests.store.conftest import Time

LAST = 2**62
FIRST = (0, 0)


def codes(cases: object) -> list[int]:
    return [case.code for case in cases]  # type: ignore[attr-defined]  # a list of cases


def test_a_case_is_read_as_it_was_filed(unit: Unit, clock: Time) -> None:
    case = filed(unit, 1, lat=35.67, lon=51.48, cell=7, name="سارا", phone="0912", answers="{}", desk_id=3)

    assert unit.cases.find(case.id) == unit.cases.hold(case.id) == unit.cases.of_code(1) == case
    assert (case.state, case.priority, case.reopened, case.raised) == (CaseState.NEW, 1, 0, 0)
    assert (case.filed_at, case.closed_at, case.is_open, case.is_urgent) == (clock.millis(), None, True, False)


def test_a_code_that_is_taken_is_refused_and_the_first_case_stays(unit: Unit) -> None:
    first = filed(unit, 1)

    assert unit.cases.file({"code": 1, "kind": "thanks", "category": "other", "text": "", "due_at": 1}) is None
    assert unit.cases.of_code(1) == first


def test_what_may_change_is_changed_and_nothing_else(unit: Unit) -> None:
    case, other = filed(unit, 1), filed(unit, 2)
    changed = unit.cases.change(
        replace(case, state=CaseState.FIXED, owner_id=4, closed_at=9, verdict=1, ask_at=11, text="دیگر", code=5)
    )

    assert (changed.state, changed.owner_id, changed.closed_at, changed.verdict) == (CaseState.FIXED, 4, 9, 1)
    assert (changed.text, changed.code) == (case.text, 1)
    assert unit.cases.find(other.id) == other


def test_a_citizen_sees_their_own_the_newest_first(unit: Unit) -> None:
    mine = [filed(unit, code) for code in (1, 2, 3)]
    filed(unit, 4, platform="telegram")
    filed(unit, 5, user_id=502)
    filed(unit, 6, user_id=None, chat_id=None, platform=None)
    unit.cases.change(replace(mine[0], closed_at=1))

    assert codes(unit.cases.mine("bale", 501, LAST, 2)) == [3, 2]
    assert codes(unit.cases.mine("bale", 501, mine[1].id, 2)) == [1]
    assert unit.cases.count_mine("bale", 501) == (3, 2)


def test_how_many_were_filed_since(unit: Unit, clock: Time) -> None:
    filed(unit, 1)
    clock.go_on(1000)
    filed(unit, 2)

    assert unit.cases.filed_since("bale", 501, clock.millis()) == 1
    assert unit.cases.filed_since("bale", 501, clock.millis() - 1000) == 2
    assert unit.cases.filed_since("telegram", 501, 0) == 0


def test_the_same_words_are_known_while_they_are_fresh_and_open(unit: Unit, clock: Time) -> None:
    case = filed(unit, 1, likeness="a")

    assert unit.cases.same("bale", 501, "a", clock.millis()) == case
    assert unit.cases.same("bale", 501, "b", 0) is None
    assert unit.cases.same("bale", 502, "a", 0) is None
    assert unit.cases.same("bale", 501, "a", clock.millis() + 1) is None
    unit.cases.change(replace(case, closed_at=1))
    assert unit.cases.same("bale", 501, "a", 0) is None


def test_open_cases_of_a_category_are_found_in_their_squares(unit: Unit) -> None:
    filed(unit, 1, cell=7)
    filed(unit, 2, cell=8)
    filed(unit, 3, cell=9)
    filed(unit, 4, cell=7, category="noise")
    unit.cases.change(replace(filed(unit, 5, cell=7), closed_at=1))

    assert codes(unit.cases.near("lights", [7, 8], 10)) == [2, 1]
    assert codes(unit.cases.near("lights", [7, 8], 1)) == [2]


def test_a_desk_sees_what_nobody_has_taken_urgent_ones_first(unit: Unit) -> None:
    old, urgent, taken, closed, _others = (filed(unit, code, desk_id=3 if code < 5 else 4) for code in range(1, 6))
    filed(unit, 6)
    unit.cases.change(replace(urgent, priority=0))
    unit.cases.change(replace(taken, owner_id=1))
    unit.cases.change(replace(closed, closed_at=1))
    last = filed(unit, 7, desk_id=3)

    assert codes(unit.cases.unassigned(3, FIRST, 10)) == [2, 1, 7]
    assert codes(unit.cases.unassigned(3, (0, urgent.id), 1)) == [1]
    assert codes(unit.cases.unassigned(3, (1, old.id), 10)) == [7]
    assert codes(unit.cases.unassigned(None, FIRST, 10)) == [6]
    assert (unit.cases.count_unassigned(3, 10), unit.cases.count_unassigned(3, 2)) == (3, 2)
    assert codes(unit.cases.of_desk(3, 0, 10)) == [1, 2, 3, 7]
    assert codes(unit.cases.of_desk(3, last.id, 10)) == []


def test_a_member_sees_what_they_have_taken(unit: Unit) -> None:
    for code in (1, 2, 3):
        unit.cases.change(replace(filed(unit, code), owner_id=4, closed_at=1 if code == 2 else None))

    assert codes(unit.cases.owned(4, FIRST, 10)) == codes(unit.cases.of_member(4)) == [1, 3]
    assert unit.cases.count_owned(4, 10) == 2
    assert unit.cases.owned(5, FIRST, 10) == []


def test_what_is_late_is_seen_the_longest_late_first(unit: Unit) -> None:
    late = filed(unit, 1, due_at=20, desk_id=3)
    filed(unit, 2, due_at=10, desk_id=4)
    filed(unit, 3, due_at=10, desk_id=5)
    filed(unit, 4, due_at=100, desk_id=3)
    filed(unit, 5, due_at=15)

    assert codes(unit.cases.overdue([3, 4], 50, FIRST, 10)) == [2, 1]
    assert codes(unit.cases.overdue(None, 50, FIRST, 10)) == [2, 3, 5, 1]
    assert codes(unit.cases.overdue(None, 50, (10, late.id + 1), 10)) == [3, 5, 1]
    assert unit.cases.overdue([], 50, FIRST, 10) == []


def test_managers_see_what_was_raised(unit: Unit) -> None:
    raised = unit.cases.change(replace(filed(unit, 1), raised=1))
    unit.cases.change(replace(filed(unit, 2), raised=1, closed_at=1))
    filed(unit, 3)

    assert unit.cases.raised(0, 10) == [raised]
    assert unit.cases.raised(raised.id, 10) == []
    assert unit.cases.count_raised(10) == 1


def test_who_is_to_be_asked_again_is_found_when_it_is_time(unit: Unit, clock: Time) -> None:
    filed(unit, 1)
    later = unit.cases.change(replace(filed(unit, 2), closed_at=1, ask_at=clock.millis() + 5))

    assert unit.cases.to_ask(10) == []
    clock.go_on(5)
    assert unit.cases.to_ask(10) == [later]


def test_a_point_is_put_on_the_map_later(unit: Unit) -> None:
    case = unit.cases.put(filed(unit, 1).id, 35.67, 51.48, 7)

    assert (case.lat, case.lon) == (35.67, 51.48)
    assert unit.cases.near("lights", [7], 10) == [case]


def test_the_log_keeps_what_happened_in_order_with_its_files(unit: Unit, clock: Time) -> None:
    case = filed(unit, 1)
    first = unit.case_log.add(case.id, Happened("filed", files=("one", "two")))
    clock.go_on(1000)
    note = unit.case_log.add(case.id, Happened("note", "داخلی", member_id=3, public=False))
    moved = unit.case_log.add(
        case.id, Happened("forwarded", before={"desk_id": None}, after={"desk_id": 2}, files=("two",))
    )
    unit.case_log.add(case.id + 1, Happened("filed", files=("three",)))

    assert unit.case_log.of(case.id) == [moved, note, first]
    assert unit.case_log.of(case.id, public=True) == [moved, first]
    assert unit.case_log.of(case.id, 1) == [moved]
    assert (note.at, note.text, note.member_id, note.public) == (clock.millis(), "داخلی", 3, False)
    assert (moved.before, moved.after) == ({"desk_id": None}, {"desk_id": 2})
    assert unit.case_log.last(case.id, "note") == note
    assert unit.case_log.last(case.id, "fixed") is None
    assert unit.case_log.files(case.id) == [("one", first.id), ("two", first.id)]
    assert unit.case_log.count_files(case.id) == 2


def test_somebody_follows_a_case_once_until_they_leave(unit: Unit) -> None:
    sara, reza = Follower("bale", 501, 501), Follower("telegram", 501, 9)

    assert unit.followers.add(1, sara)
    assert not unit.followers.add(1, sara)
    assert unit.followers.add(1, reza)
    assert unit.followers.add(2, sara)
    assert unit.followers.of(1, 10) == [sara, reza]
    assert (unit.followers.count(1), unit.followers.follows(1, "bale", 501)) == (2, True)
    assert unit.followers.followed("bale", 501, 10) == [2, 1]
    assert unit.followers.leave(1, "bale", 501)
    assert not unit.followers.leave(1, "bale", 501)
    unit.followers.forget("telegram", 501)
    assert unit.followers.of(1, 10) == []
    assert unit.followers.followed("bale", 501, 10) == [2]
