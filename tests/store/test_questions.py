"""Questions that were not answered: noted, passed on by their asker only, forgotten in time."""

import pytest

from bot.errors import CitizenError
from bot.models import QuestionState, questions
from bot.services import questions as questions_service
from bot.services.questions import MOST_NOTED, note
from bot.services.retention import DAY_MS
from bot.store.citizens import Citizen
from bot.store.questions import Asker, Question
from bot.store.unanswered import Closing
from bot.store.unit import Unit
from tests.citizen import rows_of
from tests.store.conftest import Time

SARA, REZA = Asker("telegram", 5, 5), Asker("telegram", 6, 6)
NAMESAKE = Asker("bale", 5, 5)


def miss(unit: Unit, asker: Asker = SARA, text: str = "قایق") -> int:
    return unit.questions.missed(asker, text, text)


def pass_on(unit: Unit, asker: Asker = SARA, text: str = "قایق") -> int:
    number = miss(unit, asker, text)
    assert unit.questions.passed(asker, number, text, text)
    return number


def test_a_missed_question_waits_for_nobody(unit: Unit, clock: Time) -> None:
    number = miss(unit)

    found = unit.questions.find(number)
    assert found is not None
    assert (found.text, found.asked_at, found.passed_at) == ("قایق", clock.millis(), None)
    assert unit.questions.waiting(SARA) == 0


def test_passing_on_changes_the_row_and_makes_no_other(unit: Unit, clock: Time) -> None:
    number = miss(unit)
    clock.go_on(1000)

    assert unit.questions.passed(SARA, number, "قایق کرایه", "قایق کرایه")

    (row,) = rows_of(unit, questions)
    assert (row["id"], row["text"], row["passed_at"]) == (number, "قایق کرایه", clock.millis())
    assert unit.questions.waiting(SARA) == 1
    assert not unit.questions.passed(SARA, number, "دوباره", "دوباره")


@pytest.mark.parametrize("other", [REZA, NAMESAKE])
def test_nobody_passes_on_or_merges_the_question_of_another(unit: Unit, other: Asker) -> None:
    number = miss(unit)

    assert unit.questions.find_missed(other, [number]) == []
    assert not unit.questions.passed(other, number, "x", "x")
    unit.questions.merge(other, [number])
    assert [found.id for found in unit.questions.find_missed(SARA, [number])] == [number]
    assert (unit.questions.waiting(other), unit.questions.kept(*other[::2])) == (0, 0)


def test_only_missed_questions_are_merged(unit: Unit) -> None:
    waiting, first, second = pass_on(unit), miss(unit), miss(unit)

    unit.questions.merge(SARA, [waiting, first])

    assert [row["id"] for row in rows_of(unit, questions)] == [waiting, second]


def test_a_number_is_never_given_twice(unit: Unit) -> None:
    number = miss(unit)
    unit.questions.forget("telegram", 5)

    assert miss(unit) > number


def test_old_words_are_blanked_unless_somebody_waits_for_an_answer(unit: Unit, clock: Time) -> None:
    old, waiting = miss(unit), pass_on(unit)
    clock.go_on(30 * DAY_MS)
    young = miss(unit)

    assert unit.questions.blank_old(29 * DAY_MS, 10) == 1

    assert {row["id"]: row["text"] for row in rows_of(unit, questions)} == {old: None, waiting: "قایق", young: "قایق"}
    assert unit.questions.find_missed(SARA, [old]) == []
    assert unit.questions.kept("telegram", 5) == 2


def test_old_rows_are_pruned_unless_somebody_waits_for_an_answer(unit: Unit, clock: Time) -> None:
    miss(unit)
    waiting = pass_on(unit)
    clock.go_on(30 * DAY_MS)
    young = miss(unit)

    assert unit.questions.prune(29 * DAY_MS, 0, 10) == (1, young)
    assert unit.questions.prune(29 * DAY_MS, young, 10) == (0, None)
    assert [row["id"] for row in rows_of(unit, questions)] == [waiting, young]


def test_forgetting_somebody_forgets_all_their_questions_and_no_others(unit: Unit) -> None:
    for asker in (SARA, REZA, NAMESAKE):
        miss(unit, asker)
        pass_on(unit, asker)

    unit.questions.forget("telegram", 5)

    assert [(row["platform"], row["user_id"]) for row in rows_of(unit, questions)] == [("telegram", 6)] * 2 + [
        ("bale", 5)
    ] * 2


def test_places_where_nobody_moved_for_long_are_forgotten(unit: Unit, clock: Time) -> None:
    for chat in (1, 2, 3):
        unit.places.move("telegram", chat, 5, ("ask.answer", "{}"))
    clock.go_on(30 * DAY_MS)
    unit.places.move("telegram", 3, 5, ("ask.answer", "{}"))

    assert unit.places.forget_old(29 * DAY_MS, 1) == 1
    assert unit.places.forget_old(29 * DAY_MS, 10) == 1
    assert unit.citizens.find("telegram", 5, 3) is None  # never met; their place in chat 3 stays all the same
    assert unit.places.forget_old(29 * DAY_MS, 10) == 0


def test_whoever_asks_without_end_does_not_fill_the_list(unit: Unit) -> None:
    waiting, others = pass_on(unit), miss(unit, REZA)
    numbers = [
        note(unit, Citizen(1, "telegram", 5, None, 0), 5, f"پرسش {n}", f"پرسش {n}") for n in range(MOST_NOTED + 3)
    ]

    assert [row["id"] for row in rows_of(unit, questions)] == [waiting, others, *numbers[3:]]


def test_nobody_is_told_to_wait_for_what_was_closed_at_that_moment(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    number = miss(unit)
    find_missed = unit.questions.find_missed

    def closed_after(asker: Asker, numbers: list[int]) -> list[Question]:
        found = find_missed(asker, numbers)
        assert unit.unanswered.close_one(number, Closing(QuestionState.DROPPED, unit.now, 1, None))
        return found

    monkeypatch.setattr(unit.questions, "find_missed", closed_after)

    with pytest.raises(CitizenError, match="not_there"):
        questions_service.pass_on(unit, Citizen(1, "telegram", 5, None, 0), 5, number, [])
