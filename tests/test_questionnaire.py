"""The path through a survey: it ends, asks nothing twice, and what is not asked any more does not count."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.errors import CitizenError
from bot.services.questionnaire import (
    MANY,
    ONE,
    TEXT,
    Answers,
    Condition,
    Option,
    Question,
    Survey,
    Value,
    can_be_asked,
    counting,
    give,
    next_question,
    path,
    previous,
)
from tests.questionnaires import surveys, values

YES_NO = (Option("yes", "بله"), Option("no", "نه"))
USED = Question("used", ONE, "به بوستان رفته‌اید؟", options=YES_NO)
CLEAN = Question("clean", ONE, "تمیز بود؟", options=YES_NO, show_if=(Condition("used", frozenset({"yes"})),))
DIRT = Question("dirt", TEXT, "چه چیزی تمیز نبود؟", show_if=(Condition("clean", frozenset({"no"})),))
LAST = Question("last", TEXT, "حرف دیگری دارید؟", required=False)
PARK = Survey("park", "بوستان", "ممنون", anonymous=False, questions=(USED, CLEAN, DIRT, LAST), intro="سلام")


def ids(asked: list[Question]) -> list[str]:
    return [question.id for question in asked]


def test_an_answer_opens_a_branch() -> None:
    assert ids(path(PARK, {})) == ["used", "last"]
    assert ids(path(PARK, {"used": "yes", "clean": "no"})) == ["used", "clean", "dirt", "last"]
    assert next_question(PARK, {"used": "yes", "clean": "no"}) == DIRT


def test_a_changed_answer_takes_along_what_hung_on_it() -> None:
    full = {"used": "yes", "clean": "no", "dirt": "نیمکت", "last": None}

    assert give(PARK, full, USED, "no") == {"used": "no", "last": None}
    assert next_question(PARK, give(PARK, full, USED, "no")) is None


def test_going_back_follows_the_path_that_was_taken() -> None:
    assert previous(PARK, {"used": "no"}, LAST) == USED
    assert previous(PARK, {"used": "yes", "clean": "yes"}, LAST) == CLEAN
    assert previous(PARK, {"used": "no", "last": None}, None) == LAST
    assert previous(PARK, {}, USED) is None


def test_an_old_button_of_a_branch_that_is_closed_gives_no_answer() -> None:
    with pytest.raises(CitizenError, match="not_asked"):
        give(PARK, {"used": "no"}, CLEAN, "yes")
    with pytest.raises(CitizenError, match="no_question"):
        PARK.find("forged")


def test_a_question_that_was_passed_over_opens_no_branch() -> None:
    assert ids(path(PARK, {"used": None})) == ["used", "last"]


@pytest.mark.parametrize(
    ("third", "choices", "reached"), [("c", 3, True), ("c", 2, False), ("b", 2, True), ("none", 3, False)]
)
def test_what_many_choices_must_hold_at_once_is_looked_at_together(third: str, choices: int, *, reached: bool) -> None:
    options = (*(Option(name, name) for name in "abc"), Option("none", "none", alone=True))
    chain = [Question("q", MANY, "کدام‌ها؟", options=options, choices=choices)]
    for number, wanted in enumerate(("a", "b", third), start=1):
        rules = [Condition("q", frozenset({wanted}))]
        if number > 1:
            rules.append(Condition(f"x{number - 1}", frozenset({"yes"})))
        chain.append(Question(f"x{number}", ONE, "چرا؟", options=YES_NO, show_if=tuple(rules)))
    survey = Survey("chain", "نظر", "ممنون", anonymous=False, questions=tuple(chain))

    assert can_be_asked(survey, survey.find("x3")) is reached


def walked(survey: Survey, data: some.DataObject) -> Iterator[tuple[Question, Answers]]:
    """A citizen who answers what they are asked, each answer as it comes, up to the end."""
    answers: Answers = {}
    while (question := next_question(survey, answers)) is not None:
        answers = give(survey, answers, question, data.draw(given_to(question)))
        yield question, answers


def given_to(question: Question) -> some.SearchStrategy[Value | None]:
    chosen: some.SearchStrategy[Value | None] = some.sampled_from(values(question))
    return chosen if question.required else chosen | some.none()


@given(surveys(), some.data())
def test_every_path_ends_and_asks_nothing_twice(survey: Survey, data: some.DataObject) -> None:
    asked: list[Question] = []
    for question, _ in walked(survey, data):
        asked.append(question)
        assert len(asked) <= len(survey.questions)

    assert len(set(asked)) == len(asked)
    assert asked == [question for question in survey.questions if question in asked], "out of order"


@given(surveys(), some.data())
def test_only_what_is_asked_counts_however_often_answers_are_changed(survey: Survey, data: some.DataObject) -> None:
    answers: Answers = {}
    for _ in range(data.draw(some.integers(1, 10))):
        open_ones = path(survey, answers)
        if not open_ones:
            break
        question = data.draw(some.sampled_from(open_ones))  # the next one, or any that was asked before
        answers = give(survey, answers, question, data.draw(given_to(question)))

        assert set(answers) <= set(ids(path(survey, answers)))
        assert counting(survey, answers) == answers
        assert set(fulfilled(survey, answers)) == set(ids(path(survey, answers)))


def fulfilled(survey: Survey, answers: Answers) -> Iterator[str]:
    """The questions whose conditions hold, told from the answers alone, by another way than the path's."""
    for question in survey.questions:
        rules = [(rule, answers.get(rule.question)) for rule in question.show_if]
        if not question.hidden and all(value is not None and rule.holds(value) for rule, value in rules):
            yield question.id


@given(surveys(), some.data())
def test_going_back_from_the_end_visits_the_path_in_reverse(survey: Survey, data: some.DataObject) -> None:
    answers = next(reversed([answers for _, answers in walked(survey, data)]), {})
    back = []
    at: Question | None = None
    while (at := previous(survey, answers, at)) is not None:
        back.append(at)

    assert back[::-1] == path(survey, answers)


@given(some.data())
@settings(max_examples=60)
def test_a_question_can_be_asked_if_and_only_if_some_answers_lead_to_it(data: some.DataObject) -> None:
    survey = data.draw(surveys(most=3))
    reached: set[str] = set()
    ahead: list[Answers] = [{}]
    while ahead:
        answers = ahead.pop()
        question = next_question(survey, answers)
        if question is not None:
            reached.add(question.id)
            ahead += [give(survey, answers, question, value) for value in values(question)]

    assert {question.id for question in survey.questions if can_be_asked(survey, question)} == reached
