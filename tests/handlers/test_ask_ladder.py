"""The way of a question that is not answered: other words, staff, a person. Never the same twice in a row."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.models import QuestionState, questions
from bot.services import questions as rules
from bot.store.citizens import Citizen as Person
from tests.botapi import Seen
from tests.citizen import Citizen, labels, rows_of
from tests.conftest import FakeClock

STRANGE, STRANGER, STRANGEST = "تلسکوپ امانتی نجوم", "تلسکوپ کوچک امانت", "تلسکوپ نجوم امانت"
QUESTION, ANSWER = "کد پستی شهرداری چنده؟", "۱۷۷۷۶۸۳۱۹۳"
VAGUE = "هزینه داره؟"
ASK, NO, NONE = "سپردن به همکاران", "نه، ممنون", "هیچ‌کدام"
REPHRASE, OFFER, PERSON, PASSED = "با کلمه‌های دیگر", "به همکاران شهرداری بسپارم", "زنگ بزنید", "ثبت شد"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(autouse=True)
async def met(sara: Citizen) -> None:
    """Sara has been greeted already."""
    await sara.send("/start")


async def said(sara: Citizen, text: str) -> Seen:
    *_, shown = await sara.send(text)
    return shown


async def noted(sara: Citizen) -> list[dict[str, Any]]:
    return await sara.app.store.read(lambda unit: rows_of(unit, questions))


async def offered(sara: Citizen) -> Seen:
    """Sara is not understood twice."""
    await said(sara, STRANGE)
    return await said(sara, STRANGER)


async def test_the_first_miss_asks_for_other_words_and_is_noted(sara: Citizen) -> None:
    shown = await said(sara, STRANGE)

    assert REPHRASE in shown.text
    (row,) = await noted(sara)
    assert (row["text"], row["state"]) == (STRANGE, QuestionState.MISSED)
    assert row["folded"] == "تلسکوپ امانتی نجوم"


async def test_the_second_miss_offers_to_ask_staff(sara: Citizen) -> None:
    shown = await offered(sara)

    assert OFFER in shown.text
    assert labels(shown)[:2] == [ASK, NO]
    assert len(await noted(sara)) == 2


async def test_a_question_is_passed_on_under_a_number_as_one_row(sara: Citizen) -> None:
    await offered(sara)

    (shown,) = await sara.press(ASK)

    (row,) = await noted(sara)
    assert f"شماره {str(row['id']).translate(PERSIAN)}" in shown.text
    assert PASSED in shown.text
    assert (row["state"], row["text"]) == (QuestionState.PASSED, f"{STRANGE}\n{STRANGER}")
    assert (row["platform"], row["chat_id"], row["user_id"]) == (sara.api.dialect.name, 501, 501)


PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


async def test_who_refuses_is_told_how_to_reach_a_person_and_when(sara: Citizen) -> None:
    await offered(sara)

    (shown,) = await sara.press(NO)

    assert "۹۶۰۴۰۹۰۰" in shown.text
    assert "الان باز است" in shown.text
    assert {row["state"] for row in await noted(sara)} == {QuestionState.MISSED}


async def test_the_third_miss_names_a_person_and_the_ladder_begins_anew(sara: Citizen) -> None:
    await offered(sara)

    third, fourth = await said(sara, STRANGEST), await said(sara, STRANGE)

    assert PERSON in third.text
    assert ASK in labels(third)
    assert REPHRASE in fourth.text


async def test_no_two_misses_in_a_row_are_answered_with_the_same_words(sara: Citizen) -> None:
    answers = [(await said(sara, text)).text for text in (STRANGE, STRANGER, STRANGEST) * 2]

    assert all(one != next_one for one, next_one in pairwise(answers))


async def test_none_of_the_buttons_is_a_miss_of_what_was_asked(sara: Citizen) -> None:
    vague = await said(sara, VAGUE)
    (first,) = await sara.press(NONE)
    (second,) = [await said(sara, STRANGE)]

    assert NONE in labels(vague)
    assert REPHRASE in first.text
    assert OFFER in second.text
    assert [row["text"] for row in await noted(sara)] == [VAGUE, STRANGE]


async def test_who_is_shown_buttons_twice_may_ask_staff_at_once(sara: Citizen) -> None:
    first = await said(sara, VAGUE)
    second = await said(sara, "پول میگیرن")
    (shown,) = await sara.press(ASK)

    assert ASK not in labels(first)
    assert ASK in labels(second)
    assert PASSED in shown.text
    assert [(row["text"], row["state"]) for row in await noted(sara)] == [("پول میگیرن", QuestionState.PASSED)]


@pytest.mark.parametrize("between", [QUESTION, "/menu", "منو", "/help"])
async def test_an_answer_the_menu_or_a_command_leads_back_to_the_foot(sara: Citizen, between: str) -> None:
    await said(sara, STRANGE)
    await sara.send(between)

    assert REPHRASE in (await said(sara, STRANGER)).text


async def test_pressing_a_suggestion_leads_back_to_the_foot(sara: Citizen) -> None:
    await said(sara, STRANGE)
    shown = await said(sara, VAGUE)
    await sara.press(labels(shown)[0])

    assert REPHRASE in (await said(sara, STRANGER)).text


async def test_small_talk_neither_climbs_nor_leads_back(sara: Citizen) -> None:
    await said(sara, STRANGE)
    for word in ("سلام", "ممنون", "🙏", "خوبی؟", "خیلی بی‌شعورید", "where are you from"):
        shown = await said(sara, word)
        assert REPHRASE not in shown.text, word
        assert OFFER not in shown.text, word

    assert OFFER in (await said(sara, STRANGER)).text
    assert [row["text"] for row in await noted(sara)] == [STRANGE, STRANGER]


@pytest.mark.parametrize("greeting", ["سلام", "سلام وقت بخیر", "خسته نباشید", "سلام خوبی؟"])
async def test_a_greeting_with_a_question_after_it_is_a_question(sara: Citizen, greeting: str) -> None:
    assert ANSWER in (await said(sara, f"{greeting}، {QUESTION}")).text


async def test_keys_hit_at_random_are_not_noted_and_offered_to_nobody(sara: Citizen) -> None:
    first, second = await said(sara, "سشیبلاتنم"), await said(sara, "kjhgfd lkjhg")

    assert REPHRASE in first.text
    assert PERSON in second.text
    assert ASK not in labels(second)
    assert await noted(sara) == []


async def test_after_a_while_nobody_remembers_the_miss(sara: Citizen, clock: FakeClock) -> None:
    await said(sara, STRANGE)
    clock.instant += timedelta(minutes=16)

    assert REPHRASE in (await said(sara, STRANGER)).text


async def test_an_old_offer_can_still_be_taken_and_only_once(sara: Citizen, clock: FakeClock) -> None:
    await offered(sara)
    clock.instant += timedelta(hours=5)
    await sara.send(QUESTION)

    (passed,) = await sara.press(ASK)
    (again,) = await sara.press(ASK)

    assert PASSED in passed.text
    assert "پیش از این با شماره" in again.text
    assert [row["state"] for row in await noted(sara)].count(QuestionState.PASSED) == 1


async def test_nobody_passes_on_the_question_of_another(sara: Citizen, reza: Citizen) -> None:
    await offered(sara)
    number = (await noted(sara))[-1]["id"]
    (menu,) = await reza.send("/menu")

    for forged in (number, "9" * 30, "x", "-1"):
        reza.api.press_gone(reza.user_id, f"ask:pass:{forged}", menu)
        shown = await reza.send("/menu")
        assert "قدیمی" in shown[0].text, forged
    assert {row["state"] for row in await noted(sara)} == {QuestionState.MISSED}


async def test_few_questions_of_one_citizen_wait_at_a_time(sara: Citizen) -> None:
    for number in range(rules.MOST_WAITING):
        await said(sara, f"{STRANGE} {number}")
        await said(sara, f"{STRANGER} {number}")
        (shown,) = await sara.press(ASK)
        assert PASSED in shown.text
    await offered(sara)

    (refused,) = await sara.press(ASK)

    assert "۳ سؤال شما" in refused.text
    assert [row["state"] for row in await noted(sara)].count(QuestionState.PASSED) == rules.MOST_WAITING


async def test_what_is_noted_is_cut(sara: Citizen) -> None:
    who = Person(1, sara.api.dialect.name, 501, "سارا", 0)

    await sara.app.store.write(lambda unit: rules.note(unit, who, 501, "قایق " * 1000, "قایق " * 1000))

    (row,) = await noted(sara)
    assert (len(row["text"]), len(row["folded"])) == (rules.TEXT_LIMIT, rules.TEXT_LIMIT)


async def test_deleting_everything_deletes_the_questions_too(sara: Citizen) -> None:
    await offered(sara)
    await sara.press(ASK)
    await said(sara, STRANGEST)
    kept = await said(sara, "/mydata")
    await sara.send("حذف من")
    await sara.press("بله، پاک کنید")

    assert "۲ سؤال" in kept.text
    assert await noted(sara) == []
