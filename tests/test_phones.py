"""Telephone numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services import phones


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("09123456789", "09123456789"),
        ("۰۹۱۲ ۳۴۵ ۶۷۸۹", "09123456789"),
        ("٠٩١٢٣٤٥٦٧٨٩", "09123456789"),
        ("+989123456789", "09123456789"),
        ("0098 912 345 67 89", "09123456789"),
        ("989123456789", "09123456789"),
        ("9123456789", "09123456789"),
        ("0912-345-6789", "09123456789"),
        ("۰۹۱۲‌۳۴۵‌۶۷۸۹", "09123456789"),
        ("021 3300 0000", "02133000000"),
        ("(۰۲۱) ۳۳۰۰۰۰۰۰", "02133000000"),
        ("+98 21 33000000", "02133000000"),
        ("۳۳۰۰۰۰۰۰", "02133000000"),
        ("۰۲۶۳۴۵۶۷۸۹۰", "02634567890"),
    ],
)
def test_a_number_is_known_however_it_is_written(written: str, number: str) -> None:
    assert phones.read(written) == number


@pytest.mark.parametrize(
    "written",
    [
        "",
        "سلام",
        "12345",
        "0912345678",
        "091234567890",
        "۱۱۰",
        "شماره‌ام ۰۹۱۲۳۴۵۶۷۸۹ است",
        "+1 202 555 0100",
        "0912345678a",
        "00000000000",
        "1234567890",
    ],
)
def test_what_is_no_number_is_not_taken_for_one(written: str) -> None:
    assert phones.read(written) is None


@given(st.text(max_size=40))
def test_whatever_is_read_can_be_called_and_is_read_again(written: str) -> None:
    found = phones.read(written)

    assert found is None or (len(found) == 11 and found[0] == "0" and phones.read(found) == found)


@pytest.mark.parametrize(
    ("number", "shown"),
    [("09123456789", "۰۹۱۲\u00a0۳۴۵\u00a0۶۷۸۹"), ("02133000000", "۰۲۱\u00a0۳۳۰۰\u00a0۰۰۰۰")],
)
def test_a_number_is_shown_in_groups_and_understood_again(number: str, shown: str) -> None:
    assert phones.shown(number) == shown
    assert phones.read(shown) == number
