"""Which step of a report comes next, whatever is known already."""

from dataclasses import replace
from typing import Any

import pytest

from bot.loading import Loaded
from bot.services import filling
from bot.services.categories import Categories
from bot.services.filling import Form


@pytest.fixture
def categories(loaded: Loaded) -> Categories:
    return loaded.library.categories


def form(**values: object) -> Form:
    made = Form(begun=1, agreed=True)
    made.put(**values)
    return made


def test_the_steps_of_a_complaint_come_one_after_the_other(categories: Categories) -> None:
    filled, seen = form(), []
    known: dict[str, dict[str, Any]] = {
        "kind": {"kind": "complaint"},
        "words": {"text": "چراغ"},
        "category": {"category": "lights"},
        "question.what": {"answers": {"what": "one"}},
        "place": {"lat": 35.6, "lon": 51.4},
    }
    while (step := filling.following(filled, categories)) != "review":
        seen.append(step)
        filled.put(**known.get(step, {}))
        if step not in known:
            filled.settle(step)

    assert seen == [*known, "near", "pictures"]


def test_before_anything_else_it_is_agreed_to(categories: Categories) -> None:
    filled = form(kind="complaint", text="چراغ")
    filled.agreed = False

    assert filling.following(filled, categories) == "consent"


def test_what_is_known_is_not_asked(categories: Categories) -> None:
    filled = form(kind="complaint", text="چراغ", lat=35.6, lon=51.4)
    filled.pictured = True

    assert filling.following(filled, categories) == "category"


def test_thanks_ask_for_neither_place_nor_pictures_nor_details(categories: Categories) -> None:
    assert filling.following(form(kind="thanks", text="ممنون", category="lights"), categories) == "review"


def test_a_caller_is_asked_for_name_and_number_and_never_follows_another_case(categories: Categories) -> None:
    filled = form(kind="complaint", text="چراغ", category="lights", answers={"what": "one"}, lat=35.6, lon=51.4)
    filled.for_caller = filled.pictured = True
    assert filling.following(filled, categories) == "name"

    filled.settle("name")
    assert filling.following(filled, categories) == "phone"


def test_it_is_kept_and_read_as_it_was(categories: Categories) -> None:
    filled = form(kind="complaint", text="چراغ", category="lights", files=("a", "b"), answers={"what": "one"})
    filled.settle("near")
    filled.at = "place"

    assert filling.read(filled.to_json(), categories) == filled


def test_what_the_content_does_not_know_any_more_is_asked_again(categories: Categories) -> None:
    kept = form(kind="praise", text="چراغ", category="moonlight", answers={"what": "one"}).to_json()

    read = filling.read(kept | {"a_field_of_yesterday": 1}, categories)

    assert read is not None
    assert (read.report.kind, read.report.category, read.report.answers) == ("", "", {})


def test_a_category_that_lost_its_question_goes_on_without(categories: Categories) -> None:
    lights = replace(categories.all["lights"], questions=())
    fewer = replace(categories, all={**categories.all, "lights": lights})

    filled = form(kind="complaint", text="چراغ", category="lights")

    assert filling.following(filled, fewer) == "place"


def test_another_memory_holds_no_form(categories: Categories) -> None:
    assert filling.read({}, categories) is None
    assert filling.read({"asked": "x"}, categories) is None
