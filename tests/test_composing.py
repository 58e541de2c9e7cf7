"""What is taken into the draft of an announcement, and what becomes of it."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import CitizenError
from bot.outbox import CAPTION_LIMIT
from bot.services import composing, typed
from bot.services.composing import Draft

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  سلام \r\n\r\n\r\n\r\nخبر\t تازه  ", "سلام\n\nخبر  تازه"),
        ("می‌خوانید", "می‌خوانید"),
        ("الف\u202eب\u2066ج\x00", "الفبج"),
        ("👨\u200d👩\u200d👧 خانواده", "👨\u200d👩\u200d👧 خانواده"),
        ("مُدِیرٌ", "مُدِیرٌ"),
    ],
)
def test_words_are_kept_without_signs_that_nobody_sees(text: str, kept: str) -> None:
    assert typed.cleaned(text) == kept


@pytest.mark.parametrize("text", ["", " \n ", "...", "\u200c\u200d", "🌹🌹"])
def test_what_says_nothing_is_no_text(text: str) -> None:
    with pytest.raises(CitizenError, match="empty"):
        typed.cleaned(text)


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    try:
        once = typed.cleaned(text)
    except CitizenError:
        return
    assert typed.cleaned(once) == once


def test_a_text_may_be_as_long_as_one_message() -> None:
    assert typed.cleaned("آ" * typed.TEXT_MOST)
    with pytest.raises(CitizenError) as refused:
        typed.cleaned("آ" * (typed.TEXT_MOST + 1))
    assert refused.value.fields == {"limit": typed.TEXT_MOST, "length": typed.TEXT_MOST + 1}


@pytest.mark.parametrize(
    ("text", "label", "address"),
    [
        ("ثبت‌نام https://tehran.ir/a", "ثبت‌نام", "https://tehran.ir/a"),
        ("https://tehran.ir/a ثبت‌نام", "ثبت‌نام", "https://tehran.ir/a"),
        ("ثبت‌نام:\n(https://tehran.ir)", "ثبت‌نام", "https://tehran.ir"),
        ("برنامه | www.tehran.ir", "برنامه", "www.tehran.ir"),
        ("tehran.ir", "", "tehran.ir"),
        ("ثبت نام tehran.ir/a", "ثبت نام", "tehran.ir/a"),
        ("info@tehran.ir", "", "info@tehran.ir"),
    ],
)
def test_a_label_and_an_address_are_told_apart(text: str, label: str, address: str) -> None:
    assert typed.link_of(text) == (label, address)


def test_names_in_a_list_are_taken_apart() -> None:
    assert [name.strip() for name in typed.listed("دولاب، شکیب و ابوذر\nتهران نو,")] == [
        "دولاب",
        "شکیب",
        "ابوذر",
        "تهران نو",
    ]
    assert len(typed.listed("الف،" * 1000)) == typed.MOST_LISTED


@pytest.mark.parametrize(
    ("values", "apart"),
    [
        ({"text": "آ" * CAPTION_LIMIT, "files": ["a"]}, False),
        ({"text": "آ" * (CAPTION_LIMIT + 1), "files": ["a"]}, True),
        ({"text": "آ", "files": ["a", "b"]}, True),
        ({"text": "آ" * 3000, "files": []}, False),
    ],
)
def test_what_does_not_fit_together_comes_apart(values: dict[str, Any], apart: bool) -> None:
    assert Draft(**values).is_apart == apart


def test_a_draft_survives_being_kept_and_another_has_another_name() -> None:
    draft = Draft(begun=5, text="خبر", topic="sport", platforms=["bale"], due=7)

    assert Draft.from_json(draft.to_json()) == draft
    assert Draft.from_json(draft.to_json() | {"of_a_later_version": 1}) == draft
    tokens = {Draft(begun=begun, text=text).token for begun in (5, 6) for text in ("خبر", "خبر دیگر")}
    assert len(tokens) == 4


def test_what_hangs_on_the_topic_goes_with_it() -> None:
    draft = Draft(topic="emergency", urgent=True, chosen_only=True)
    composing.choose_topic(draft, "works")
    assert (draft.urgent, draft.chosen_only) == (False, True)
    composing.choose_topic(draft, "")
    assert not draft.chosen_only
    with pytest.raises(CitizenError, match="choose"):
        composing.choose_topic(draft, "nothing")


@pytest.mark.parametrize(("written", "number"), [("7", 7), ("", 0), ("-1", 0), ("۷", 0), ("x", 0), ("9" * 18, 0)])
def test_a_number_on_a_button_is_one_or_none(written: str, number: int) -> None:
    assert typed.number(written) == number


@pytest.mark.parametrize(
    ("text", "error"), [("فردا", "bad_date"), ("۱۴۲۰/۱/۱", "bad_date"), ("۱۴۰۵/۱/۱", "date_passed")]
)
def test_the_last_day_lies_ahead(text: str, error: str) -> None:
    with pytest.raises(CitizenError, match=error):
        typed.last_day(text, TODAY)


def test_today_may_be_the_last_day() -> None:
    assert typed.last_day("۱ آذر ۱۴۰۵", TODAY) == TODAY
