"""Open questions as staff see them: in groups, closed at once, each asker told once. And votes."""

from bot.content import Wording
from bot.markup import spans
from bot.models import QuestionState, outbox, questions
from bot.services import telling
from bot.services.retention import DAY_MS
from bot.services.unanswered import NOBODY, gather
from bot.store.questions import Asker
from bot.store.unanswered import Closing
from bot.store.unit import Unit
from bot.store.votes import Count
from tests.citizen import rows_of
from tests.store.conftest import Time

SARA, REZA = Asker("telegram", 5, 5), Asker("telegram", 6, 6)
NAMESAKE = Asker("bale", 5, 5)
WORDS = Wording(
    "answering",
    {key: spans(f"{key} {{question}}") for key in ("told_waiting", "told_missed", "told_dropped", "told_dropped_why")},
    {key: key for key in ("told_up", "told_down", "told_home")},
)


def miss(unit: Unit, asker: Asker = SARA, text: str = "قایق") -> int:
    return unit.questions.missed(asker, text, text)


def wait(unit: Unit, asker: Asker = SARA, text: str = "قایق") -> int:
    number = miss(unit, asker, text)
    assert unit.questions.passed(asker, number, text, text)
    return number


def closing(unit: Unit, **changes: object) -> Closing:
    values: dict[str, object] = {"state": QuestionState.ANSWERED, "at": unit.now, "by": 1, "told": "x", "entry": "e"}
    return Closing(**(values | changes))  # type: ignore[arg-type]  # fields of several types


def telling_of(unit: Unit) -> list[int]:
    return [row["id"] for row in rows_of(unit, questions) if row["telling"] is not None]


def test_like_questions_are_one_group_however_they_came(unit: Unit) -> None:
    first = miss(unit)
    assert gather(unit) == 1
    others = [miss(unit, REZA), wait(unit, NAMESAKE), miss(unit, text="نهال")]
    assert gather(unit) == 3
    assert gather(unit) == 0

    boat, tree = unit.unanswered.groups(0, 10)
    assert (boat.id, boat.people, boat.waiting, boat.first) == (first, 3, 1, first)
    assert (tree.id, tree.people, tree.waiting) == (others[-1], 1, 0)
    assert unit.unanswered.totals() == (2, 1)
    assert unit.unanswered.waiting() == 1


def test_a_group_keeps_its_name_when_its_first_question_is_gone(unit: Unit, clock: Time) -> None:
    first = miss(unit)
    gather(unit)
    clock.go_on(30 * DAY_MS)
    miss(unit, REZA)
    gather(unit)
    assert unit.questions.blank_old(29 * DAY_MS, 10) == 1
    miss(unit, NAMESAKE)
    gather(unit)

    (group,) = unit.unanswered.groups(0, 10)
    assert (group.id, group.people) == (first, 2)
    assert unit.unanswered.wordings(first, 10) == ["قایق"]


def test_a_question_put_in_other_words_looks_for_its_group_anew(unit: Unit) -> None:
    number = miss(unit)
    gather(unit)
    unit.questions.passed(SARA, number, "نهال", "نهال")
    tree = miss(unit, REZA, "نهال")
    gather(unit)

    assert [(group.id, group.people) for group in unit.unanswered.groups(0, 10)] == [(number, 2)]
    assert tree > number


def test_what_two_answers_lack_is_never_one_group(unit: Unit) -> None:
    for entry in ("a", "b", None):
        unit.questions.missed(SARA, "قدیمی است", "قدیمی است", about=entry)
    gather(unit)

    assert [group.entry for group in unit.unanswered.groups(0, 10)] == ["a", "b", None]


def test_a_group_is_closed_once(unit: Unit) -> None:
    group = wait(unit)
    miss(unit, REZA)
    gather(unit)

    assert unit.unanswered.close_group(group, closing(unit)) == 2
    assert unit.unanswered.close_group(group, closing(unit)) == 0
    assert unit.unanswered.group(group) is None
    assert not unit.unanswered.close_one(group, closing(unit))


def test_one_message_a_person_about_what_they_wait_for(unit: Unit) -> None:
    group, newer = wait(unit), wait(unit)
    miss(unit)
    only = miss(unit, REZA)
    gather(unit)
    unit.unanswered.close_group(group, closing(unit))

    assert unit.unanswered.to_tell(group, unit.now, 0) == 2
    told = unit.unanswered.take(10)
    assert [(one.id, one.numbers) for one in told] == [(newer, (group, newer)), (only, ())]
    assert unit.unanswered.take(10) == []


def test_nobody_is_told_who_has_gone_or_may_have_forgotten(unit: Unit, clock: Time) -> None:
    group = miss(unit, REZA)
    clock.go_on(8 * DAY_MS)
    unit.citizens.meet("telegram", 5, None)
    wait(unit)
    unit.citizens.gone("telegram", 5)
    namesake = wait(unit, NAMESAKE)
    gather(unit)

    assert unit.unanswered.count_reachable(group, unit.now - 7 * DAY_MS) == 1
    unit.unanswered.close_group(group, closing(unit))
    assert unit.unanswered.to_tell(group, unit.now, unit.now - 7 * DAY_MS) == 1
    assert telling_of(unit) == [namesake]


def test_who_only_missed_is_not_told_of_a_drop(unit: Unit) -> None:
    group = miss(unit)
    gather(unit)
    unit.unanswered.close_group(group, closing(unit, state=QuestionState.DROPPED, entry=None))

    assert unit.unanswered.to_tell(group, unit.now, NOBODY) == 0


def test_very_many_are_told_a_few_at_a_time_and_each_once(unit: Unit) -> None:
    askers = [Asker("telegram", number, number) for number in range(1, 26)]
    for asker in askers:
        wait(unit, asker)
    gather(unit)
    group = unit.unanswered.groups(0, 1)[0].id
    unit.unanswered.close_group(group, closing(unit))
    unit.unanswered.to_tell(group, unit.now, 0)

    assert [telling.tell(unit, WORDS, 10) for _ in range(4)] == [10, 10, 5, 0]
    assert [row["chat_id"] for row in rows_of(unit, outbox)] == [asker.chat_id for asker in askers]


def test_who_is_to_be_told_keeps_their_words_until_then(unit: Unit, clock: Time) -> None:
    group = wait(unit)
    gather(unit)
    clock.go_on(30 * DAY_MS)
    unit.unanswered.close_group(group, closing(unit, at=clock.millis()))
    unit.unanswered.to_tell(group, clock.millis(), 0)

    assert unit.questions.blank_old(DAY_MS, 10) == 0
    assert unit.questions.prune(DAY_MS, 0, 10)[0] == 0
    telling.tell(unit, WORDS)
    assert unit.questions.blank_old(DAY_MS, 10) == 1
    assert rows_of(unit, questions)[0]["answer"] is None


def test_the_last_vote_of_somebody_counts(unit: Unit, clock: Time) -> None:
    unit.votes.cast("telegram", 5, "a", 1)
    unit.votes.cast("bale", 5, "a", 1)
    clock.go_on(DAY_MS)
    unit.votes.cast("telegram", 5, "a", -1)
    unit.votes.cast("telegram", 5, "b", 1)

    assert unit.votes.given("telegram", 5, "a") == -1
    assert unit.votes.sums() == {"a": Count(1, 1), "b": Count(1, 0)}
    assert unit.votes.of("a", clock.millis()) == Count(0, 1)
    assert unit.votes.of("c") == Count(0, 0)
    assert unit.votes.kept("telegram", 5) == 2
    unit.votes.forget("telegram", 5)
    assert unit.votes.sums() == {"a": Count(1, 0)}
