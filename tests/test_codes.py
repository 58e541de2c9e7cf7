"""Tracking codes: read out, typed wrongly, sent back in whatever form."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services import codes

CODES = st.builds(codes.new)
CODE = 123_456_786


def test_a_new_code_has_nine_digits_and_is_sound() -> None:
    made = {codes.new() for _ in range(2000)}

    assert all(10**8 <= code < 10**9 and codes.read(str(code)) == code for code in made)
    assert len(made) > 1990
    assert {str(code)[0] for code in made} == set("123456789")


def test_the_check_digit_is_that_of_the_source() -> None:
    """Damm's own example: 572 has the check digit 4."""
    assert codes._check("572") == 4
    assert codes._check("5724") == 0


@given(CODES, st.integers(0, 8), st.integers(1, 9))
def test_any_wrong_digit_is_found(code: int, at: int, by: int) -> None:
    digits = str(code)
    wrong = digits[:at] + str((int(digits[at]) + by) % 10) + digits[at + 1 :]

    assert codes.read(wrong) is None
    assert codes.is_mistyped(wrong)


@given(CODES, st.integers(0, 7))
def test_any_two_neighbours_in_the_wrong_order_are_found(code: int, at: int) -> None:
    digits = str(code)
    swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]

    assert (codes.read(swapped) is None) == (swapped != digits)


@given(CODES)
def test_a_shown_code_is_understood_when_it_comes_back(code: int) -> None:
    assert codes.read(codes.shown(code)) == code


def test_a_code_is_shown_in_groups_that_stay_in_order_from_right_to_left() -> None:
    assert codes.shown(CODE).split(codes.GAP) == ["۱۲۳", "۴۵۶", "۷۸۶"]
    # A separator of this class joins the numbers beside it into one; a plain space would let the last group come first.
    assert unicodedata.bidirectional(codes.GAP) == "CS"


@pytest.mark.parametrize(
    "text",
    [
        "123456786",
        "۱۲۳۴۵۶۷۸۶",
        "١٢٣٤٥٦٧٨٦",
        " ۱۲۳ ۴۵۶ ۷۸۶\n",
        "۱۲۳-۴۵۶-۷۸۶",
        "۱۲۳–۴۵۶–۷۸۶.",
        "۱۲۳\u200c۴۵۶\u200c۷۸۶",
        "\u200f۱۲۳\u00a0۴۵۶\u00a0۷۸۶\u200f",
        "#123456786",
        "کد پیگیری: ۱۲۳ ۴۵۶ ۷۸۶",
        "كد پيگيري:۱۲۳۴۵۶۷۸۶",
        "کد رهگیری من ۱۲۳۴۵۶۷۸۶ است",
        "سلام، کدم اینه ۱۲۳۴۵۶۷۸۶ ممنون",
        "کد۱۲۳۴۵۶۷۸۶",
        "code 123456786",
        "1 2 3 4 5 6 7 8 6",
    ],
)
def test_a_code_is_read_however_it_is_written(text: str) -> None:
    assert codes.read(text) == CODE
    assert not codes.is_mistyped(text)


@pytest.mark.parametrize("text", ["123456783", "کد پیگیری: ۱۲۳ ۴۵۶ ۷۸۳", "012345678", "۰۰۰ ۰۰۰ ۰۰۰"])
def test_nine_digits_that_are_no_code_are_a_mistyped_one(text: str) -> None:
    assert codes.is_mistyped(text)
    assert codes.read(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "سلام",
        "کد پیگیری",
        "12345678",
        "1234567860",
        "09123456786",
        "۱۲۳ تا چراغ از ۴۵۶۷۸۶ تا خاموش است",
        "۱۲۳ و ۴۵۶۷۸۶",
        "123456786 تومان",
        "چاله پلاک ۱۲۳۴۵۶۷۸۶ دولاب",
        "کد ۱۲۳۴۵۶۷۸۶ " + "ا" * 200,
        "https://example.org/123456786",
    ],
)
def test_what_says_something_else_is_neither(text: str) -> None:
    assert codes.read(text) is None
    assert not codes.is_mistyped(text)


@given(st.text())
def test_nothing_that_is_written_breaks_the_reading(text: str) -> None:
    found = codes.read(text)

    assert found is None or codes.read(codes.shown(found)) == found
