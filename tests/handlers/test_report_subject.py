"""What a report is about: found from the words, by typing, or in the list; and what the category asks."""

import json

import pytest

from bot.loading import Loaded
from bot.outbox import DATA_LIMIT
from tests.citizen import Citizen, labels
from tests.reporting import BARE_WIRE, LIGHTS, ONE_LIGHT, WORDS, all_cases, all_drafts, begun, photo, to_review

ALL, ON_AFTER_DANGER = "📚 همه موضوع‌ها", "خطر رفع شد، ادامه می‌دهم"


@pytest.fixture(autouse=True)
async def written(sara: Citizen) -> None:
    """The words are there, and the category is asked."""
    await begun(sara)
    await sara.send(WORDS)


async def test_the_list_leads_from_groups_to_subjects_in_one_message(sara: Citizen) -> None:
    (groups,) = await sara.press(ALL)
    (group,) = await sara.press("درخت و بوستان")
    (back,) = await sara.press(ALL)
    await sara.press("درخت و بوستان")
    (question,) = await sara.press("درخت و فضای سبز")

    assert groups.message_id == group.message_id == back.message_id
    assert "سایر" in labels(groups)
    assert "درخت" in question.text


@pytest.mark.parametrize("typed", ["درخت و فضای سبز", "درخت"])
async def test_typing_finds_a_subject(sara: Citizen, typed: str) -> None:
    (question,) = await sara.send(typed)

    assert "درخت یا سبزه" in question.text


async def test_a_word_that_is_no_subject_shows_the_list(sara: Citizen) -> None:
    (shown,) = await sara.send("ققنوس")

    assert "پیدا نکردم" in shown.text
    assert "کوچه و خیابان" in labels(shown)


async def test_a_longer_text_belongs_to_the_words(sara: Citizen) -> None:
    added, guesses = await sara.send("دیشب هم یک خانم پیر همان‌جا زمین خورد و دستش شکست")

    assert "اضافه کردم" in added.text
    assert LIGHTS in labels(guesses)
    (draft,) = await all_drafts(sara)
    assert json.loads(draft["body"])["report"]["text"].startswith(f"{WORDS}\nدیشب")


async def test_a_photo_that_comes_late_is_added(sara: Citizen) -> None:
    taken, again = await photo(sara, "اینم عکسش")

    assert "اضافه شد" in taken.text
    assert LIGHTS in labels(again)
    (draft,) = await all_drafts(sara)
    assert json.loads(draft["body"])["report"]["text"] == f"{WORDS}\nاینم عکسش"


async def test_a_danger_that_is_tapped_stops_the_form_with_its_number(sara: Citizen) -> None:
    await sara.press(LIGHTS)

    emergency, stopped = await sara.press(BARE_WIRE)
    (held,) = await sara.send("باشه")
    (place, _) = await sara.press(ON_AFTER_DANGER)

    assert "۱۲۱" in emergency.text
    assert labels(stopped)[0] == ON_AFTER_DANGER
    assert "نگه داشته‌ام" in held.text
    assert "کجاست" in place.text
    assert await all_cases(sara) == []


async def test_back_from_a_danger_asks_the_question_again(sara: Citizen) -> None:
    await sara.press(LIGHTS)
    await sara.press(BARE_WIRE)

    (question,) = await sara.send("برگشت")

    assert ONE_LIGHT in labels(question)


async def test_an_answer_may_be_written_and_anything_else_is_asked_again(sara: Citizen) -> None:
    await sara.press(LIGHTS)

    (refused,) = await sara.send("نمیدونم والا")
    (place, _) = await sara.send("نمی‌دانم")

    assert "دکمه‌های بالا" in refused.text
    assert "کجاست" in place.text


async def test_another_subject_asks_its_own_questions(sara: Citizen) -> None:
    await sara.send("/cancel")
    await to_review(sara)
    await sara.press("🗂 موضوع")
    await sara.press(ALL)
    await sara.press("درخت و بوستان")
    await sara.press("درخت و فضای سبز")

    (review,) = await sara.press("هرس یا رسیدگی می‌خواهد")

    assert "درخت و فضای سبز" in review.text
    assert ONE_LIGHT not in review.text


def test_every_answer_fits_into_a_button(loaded: Loaded) -> None:
    categories = loaded.library.categories
    data = [
        f"report_subject:answer:{question.id}.{option.id}"
        for category in categories.all.values()
        for question in category.questions
        for option in question.options
    ]
    data += [f"report_subject:pick:{category}" for category in categories.all]

    assert len(data) > 60
    assert [one for one in data if len(one.encode()) > DATA_LIMIT] == []
