"""Results of a survey: they add up, and nobody can be known by them."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.services.questionnaire import MANY, NUMBER, ONE, SCALE, Option, Question
from bot.services.tallying import REST, Left, Share, drop_off, folded, mean, percent, percents, shares
from tests.questionnaires import WORDS

OPTIONS = tuple(Option(name, name) for name in "abc")


def test_shares_come_in_the_order_in_which_they_are_offered() -> None:
    question = Question("kind", ONE, "کدام؟", options=OPTIONS)

    found = shares(question, {"c": 1, "a": 1, "b": 1, "taken_out": 3}, 6)

    assert found == [Share("a", 1, 17), Share("b", 1, 17), Share("c", 1, 16), Share("taken_out", 3, 50)]


def test_of_many_options_each_is_a_part_of_all_who_answered() -> None:
    found = shares(Question("why", MANY, "چرا؟", options=OPTIONS), {"a": 3, "b": 4}, 4)

    assert [share.percent for share in found] == [75, 100, 0]


def test_a_scale_shows_every_step_and_numbers_come_in_order() -> None:
    scale = Question("liked", SCALE, "چطور بود؟", words=WORDS)
    number = Question("age", NUMBER, "چند سال؟", least=0, most=99)

    assert [share.count for share in shares(scale, {"5": 2, "1": 1}, 3)] == [1, 0, 0, 0, 2]
    assert [share.value for share in shares(number, {"10": 1, "9": 1, "0": 1}, 3)] == ["0", "9", "10"]


@given(some.lists(some.integers(0, 10_000), min_size=1, max_size=12))
def test_percentages_add_up_and_none_is_off_by_one_or_more(counts: list[int]) -> None:
    total = sum(counts)
    found = percents(counts)

    assert sum(found) == (100 if total else 0)
    assert all(abs(part - count * 100 / total) < 1 for part, count in zip(found, counts, strict=True) if total)


@given(some.lists(some.integers(0, 500), min_size=2, max_size=12))
def test_more_answers_never_show_a_smaller_percentage(counts: list[int]) -> None:
    found = sorted(zip(counts, percents(counts), strict=True))

    assert [part for _, part in found] == sorted(part for _, part in found)


@given(some.dictionaries(some.text("abcdefgh", min_size=1, max_size=2), some.integers(0, 40)), some.integers(1, 15))
def test_no_small_group_is_shown_nor_can_be_told_from_the_rest(counts: dict[str, int], fewest: int) -> None:
    found = folded(counts, fewest)
    shown = {group: count for group, count in found.items() if group != REST}

    assert sum(found.values()) == sum(counts.values())
    assert all(count >= fewest and counts[group] == count for group, count in shown.items())
    assert found.get(REST, fewest) >= fewest or not shown
    assert list(found)[-1:] == [REST] or REST not in found


def test_a_rest_that_is_small_itself_takes_the_next_group_along() -> None:
    assert folded({"a": 50, "b": 12, "c": 4}) == {"a": 50, REST: 16}
    assert folded({"a": 50, "b": 12, "c": 4, "d": 6}) == {"a": 50, "b": 12, REST: 10}
    assert folded({"a": 50, "b": 12, "c": 0}) == {"a": 50, "b": 12}
    assert folded({"a": 3}) == {REST: 3}


def test_a_mean_is_that_of_the_answers() -> None:
    assert mean({"5": 3, "1": 1}) == 4.0
    assert mean({}) is None
    assert mean({"3": 0}) is None


@pytest.mark.parametrize(
    ("part", "whole", "shown"), [(1, 3, 33), (2, 3, 67), (1, 200, 1), (0, 5, 0), (0, 0, 0), (5, 5, 100)]
)
def test_a_part_in_percent(part: int, whole: int, shown: int) -> None:
    assert percent(part, whole) == shown


def test_who_left_counts_where_they_left() -> None:
    found = drop_off(["used", "why", "wish"], {"used": 90, "why": 30, "wish": 60}, {"used": 10, "wish": 20})

    assert found == [Left("used", 100, 10, 10), Left("why", 30, 0, 0), Left("wish", 80, 20, 25)]
