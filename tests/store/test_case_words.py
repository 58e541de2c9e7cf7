"""Cases are found by the words that were said in them."""

import pytest

from bot.store import case_words
from bot.store.unit import Unit
from tests.store.cases import filed


def test_all_words_must_be_there_and_the_newest_come_first(unit: Unit) -> None:
    said = {1: ["چراغ", "کوچه"], 2: ["چراغ", "خیابان"], 3: ["چراغ", "کوچه", "تاریک"]}
    for code, words in said.items():
        unit.case_words.add(filed(unit, code).id, words)
    first, second, third = (unit.cases.of_code(code) for code in said)
    assert first is not None
    assert second is not None
    assert third is not None

    assert unit.case_words.find(["چراغ"], None, 10) == [third.id, second.id, first.id]
    assert unit.case_words.find(["چراغ"], None, 2) == [third.id, second.id]
    assert unit.case_words.find(["کوچه", "چراغ"], None, 10) == [third.id, first.id]
    assert unit.case_words.find(["کوچه", "خیابان"], None, 10) == []
    assert unit.case_words.find(["نیست"], None, 10) == []
    assert unit.case_words.find([], None, 10) == []


def test_the_same_word_again_is_one(unit: Unit) -> None:
    case = filed(unit, 1)
    unit.case_words.add(case.id, ["چراغ"])
    unit.case_words.add(case.id, ["چراغ", "کوچه"])

    assert unit.case_words.find(["چراغ", "کوچه"], None, 10) == [case.id]


def test_only_cases_of_the_desks_are_found(unit: Unit) -> None:
    for code, desk in ((1, 3), (2, 4), (3, None)):
        unit.case_words.add(filed(unit, code, desk_id=desk).id, ["چراغ"])
    of_three = unit.cases.of_code(1)
    assert of_three is not None

    assert unit.case_words.find(["چراغ"], [3], 10) == [of_three.id]
    assert unit.case_words.find(["چراغ"], [5], 10) == []


def test_an_old_case_is_found_by_its_rare_word(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a common word only the newest cases are looked at, so the rarest word leads."""
    old = filed(unit, 1)
    unit.case_words.add(old.id, ["چراغ", "قناری"])
    for code in range(2, case_words.LOOKED_AT + 20):
        unit.case_words.add(code + 1000, ["چراغ"])

    assert unit.case_words.find(["چراغ", "قناری"], None, 10) == [old.id]
    assert old.id not in unit.case_words.find(["چراغ"], None, 10)
