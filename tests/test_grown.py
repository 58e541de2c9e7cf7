"""What staff made counts over what was shipped, and what of it is spoilt neither stops anything nor is hidden."""

import json
from typing import Any

import pytest

from bot.grown import Stored, Trouble, grown
from bot.knowledge import Entry

ONE = Entry("a.one", "یک", "پاسخ", phrasings=("یک چیست",))
TWO = Entry("a.two", "دو", "پاسخ", phrasings=("دو چیست",), related=("a.one",))
SHIPPED = (ONE, TWO)


def stored(entry_id: str, *, retired: bool = False, **table: Any) -> Stored:  # noqa: ANN401 - values of a table
    return Stored(entry_id, json.dumps({"title": "ت", "answer": "از ما", "phrasings": ["پ"]} | table), retired)


def test_without_changes_everything_is_as_shipped() -> None:
    assert grown(SHIPPED, []) == grown(SHIPPED, ())
    assert grown(SHIPPED, []).entries == SHIPPED


def test_a_stored_entry_wins_and_a_new_one_joins() -> None:
    found = grown(SHIPPED, [stored("a.one"), stored("staff.1", related=["a.one"])])

    assert [(entry.id, entry.answer) for entry in found.entries] == [
        ("a.one", "از ما"),
        ("a.two", "پاسخ"),
        ("staff.1", "از ما"),
    ]
    assert found.troubles == ()


def test_a_retired_entry_is_gone_and_nothing_leads_to_it() -> None:
    found = grown(SHIPPED, [stored("a.one", retired=True)])

    assert [(entry.id, entry.related) for entry in found.entries] == [("a.two", ())]
    assert found.troubles == (Trouble("a.two", "dead", "a.one"),)


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ({"phrasings": []}, "phrasings"),
        ({"answer": "ط" * 701}, "answer"),
        ({"links": [{"label": "س", "url": "javascript:alert(1)"}]}, "links[1].url"),
        ({"review": "فردا"}, "review"),
        ({"title": 5}, "title"),
    ],
)
def test_an_unsound_entry_leaves_the_shipped_one(table: dict[str, Any], key: str) -> None:
    found = grown(SHIPPED, [stored("a.one", **table), stored("staff.1", **table)])

    assert found.entries == SHIPPED
    assert found.troubles == (Trouble("a.one", "unsound", key), Trouble("staff.1", "unsound", key))


@pytest.mark.parametrize("body", ["", "[1", "[]", '"x"', "null"])
def test_what_cannot_be_read_at_all_is_told(body: str) -> None:
    assert grown(SHIPPED, [Stored("staff.1", body, retired=False)]).troubles == (Trouble("staff.1", "unsound", "-"),)


def test_a_key_of_a_later_version_is_passed_over() -> None:
    found = grown((), [stored("staff.1", colour="green")])

    assert (len(found.entries), found.troubles) == (1, ())
