"""Marked-up content, taken apart; what a citizen wrote is never read as markup."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import markup
from bot.content import fill
from bot.markup import Span, plain, spans


def test_plain_text_is_one_span() -> None:
    assert spans("سلام") == (Span("", "سلام"),)
    assert spans("") == ()


def test_bold_and_links_are_taken_apart() -> None:
    assert spans("**تلفن**: ۱۳۷، [صفحه](https://example.org/a?b=1)") == (
        Span("b", "تلفن"),
        Span("", ": ۱۳۷، "),
        Span("a", "صفحه", "https://example.org/a?b=1"),
    )


@pytest.mark.parametrize("source", ["2 * 3 ** 4", "**", "[x]", "[x](javascript:alert(1))", "(https://a.b)", "**a\nb**"])
def test_what_is_no_mark_stays_as_it_is(source: str) -> None:
    assert spans(source) == (Span("", source),)


@given(st.text())
def test_nothing_but_marks_gets_lost_and_stored_spans_come_back(source: str) -> None:
    found = spans(source)

    assert markup.from_json(json.loads(json.dumps(markup.to_json(found)))) == found
    if not {"*", "["} & set(source):
        assert plain(found) == source


@given(st.text())
def test_a_field_stays_plain_whatever_it_holds(name: str) -> None:
    filled = fill(spans("سلام **{name}** و {name}"), {"name": name})

    assert filled == (Span("", "سلام "), Span("b", name), Span("", f" و {name}"))


def test_a_number_in_a_field_is_shown_in_persian_digits() -> None:
    assert plain(fill(spans("{n} از {m}"), {"n": 12, "m": "3"})) == "۱۲ از 3"
