"""Which questions are answered together: those of one subject, and never those of two."""

import time
import tomllib
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from random import Random

import pytest

from bot.loading import Loaded
from bot.services.likeness import ENOUGH, Likeness, like, shape_of

QUESTIONS = Path(__file__).parent / "questions"
PAIRS_TOGETHER = {"alike": 0.75, "alike_unseen": 0.75}
"""So many of the pairs that belong together are found so; the others stay two groups, which costs a second answer."""

Fold = Callable[[str], str]


@pytest.fixture(scope="session")
def fold(loaded: Loaded) -> Fold:
    return loaded.library.answers.folded


def told_apart(file: str) -> list[tuple[str, str]]:
    """(subject, question) of all questions of a file."""
    tables = tomllib.loads((QUESTIONS / f"{file}.toml").read_text(encoding="utf-8"))
    found = [(subject, question) for subject, group in tables["groups"].items() for question in group]
    return found + [(question, question) for question in tables["singles"]["apart"]]


def grouped(folded: list[str]) -> list[int]:
    """The first question of the group of each, as they come."""
    known, found = Likeness[int](), list[int]()
    for number, question in enumerate(folded):
        group = known.find(question)
        if group is None:
            known.begin(group := number, question)
        found.append(group)
    return found


@pytest.mark.parametrize("file", ["alike", "alike_unseen"])
def test_no_two_subjects_fall_together(fold: Fold, file: str) -> None:
    questions = told_apart(file)
    groups = grouped([fold(question) for _, question in questions])

    mixed = [
        (one, other)
        for (one, mine), (other, theirs) in combinations(zip(questions, groups, strict=True), 2)
        if mine == theirs and one[0] != other[0]
    ]
    assert mixed == []


@pytest.mark.parametrize("file", ["alike", "alike_unseen"])
def test_most_questions_of_one_subject_do(fold: Fold, file: str, note_figures: Callable[[str], None]) -> None:
    shapes = [(subject, shape_of(fold(question))) for subject, question in told_apart(file)]
    pairs = [like(one, other) >= ENOUGH for (s, one), (t, other) in combinations(shapes, 2) if s == t]

    note_figures(f"{file}: {sum(pairs)} of {len(pairs)} pairs together")
    assert sum(pairs) >= PAIRS_TOGETHER[file] * len(pairs)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ثبت نام کلاس شنا", "ثبت نام کلاس نقاشی"),
        ("کلاس زبان انگلیسی", "کلاس زبان عربی"),
        ("سلام خسته نباشید", "ساعت کار"),
        ("قیمت بلیت", "قیمت زمین"),
        ("", "قایق"),
        ("", ""),
    ],
)
def test_the_way_of_asking_alone_brings_nothing_together(fold: Fold, one: str, other: str) -> None:
    assert like(shape_of(fold(one)), shape_of(fold(other))) < ENOUGH


def test_a_group_is_not_changed_by_what_comes_after_it(fold: Fold) -> None:
    folded = [fold(question) for _, question in told_apart("alike")]
    Random(14).shuffle(folded)

    for length in (10, 40, 70):
        assert grouped(folded)[:length] == grouped(folded[:length])


def test_the_same_words_are_one_group_whatever_they_are() -> None:
    assert grouped(["است", "است", "", "", "سلام", "است"]) == [0, 0, 2, 2, 4, 0]


def test_two_thousand_questions_are_grouped_within_a_second(note_figures: Callable[[str], None]) -> None:
    """No two of these are of one group: the longest way there is."""
    dice = Random(14)
    words = ["".join(dice.choices("ابپتجچحدرزسشصطعفقکگلمنوهی", k=dice.randint(3, 8))) for _ in range(1500)]
    folded = [" ".join(dice.choices(words, k=dice.randint(2, 12))) for _ in range(2000)]

    began = time.process_time()
    groups = grouped(folded)
    took = time.process_time() - began

    note_figures(f"{len(set(groups))} groups of 2,000 questions in {took * 1000:.0f} ms")
    assert took < 1.0


def test_a_very_long_question_costs_no_more_than_a_short_one() -> None:
    shape = shape_of(" ".join(f"کلمه{number}" for number in range(5000)))

    assert len(shape.strong) < 300
