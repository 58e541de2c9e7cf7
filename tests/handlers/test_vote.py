"""Votes under answers: one a citizen, changed at will, counted for editors; what was missing reaches staff."""

from bot.models import questions, votes
from tests.botapi import Seen
from tests.citizen import Citizen, labels, rows_of, settled

QUESTION, POSTCODE = "کد پستی شهرداری چنده؟", "contact.address"
UP, DOWN, NOTHING = "👍 به کارم آمد", "👎 به کارم نیامد", "چیزی نمی‌نویسم"


async def given(citizen: Citizen) -> list[tuple[int, int]]:
    rows = await citizen.app.store.read(lambda unit: rows_of(unit, votes))
    return sorted((row["user_id"], row["vote"]) for row in rows)


async def answered(citizen: Citizen) -> Seen:
    await citizen.send("/start")
    return (await citizen.send(QUESTION))[-1]


async def test_under_an_answer_stand_two_buttons_and_a_vote_changes_nothing_on_the_screen(sara: Citizen) -> None:
    shown = await answered(sara)

    assert labels(shown)[:2] == [UP, DOWN]
    assert await sara.press(UP) == []
    assert await given(sara) == [(501, 1)]


async def test_a_vote_can_be_changed_and_counts_once(sara: Citizen, reza: Citizen) -> None:
    for citizen in (sara, reza):
        await answered(citizen)
        await citizen.press(UP)
    (asked,) = await sara.press(DOWN)
    again = await sara.press(DOWN)

    assert "چه چیزی کم" in asked.text
    assert again == []
    assert await given(sara) == [(501, -1), (502, 1)]


async def test_what_was_missing_is_kept_with_the_answer_it_is_about(sara: Citizen) -> None:
    await answered(sara)
    await sara.press(DOWN)
    (kept,) = await sara.send("کد پستی ناحیه‌ها را هم بنویسید ژژژ")

    (row,) = await sara.app.store.read(lambda unit: rows_of(unit, questions))
    (vote,) = await sara.app.store.read(lambda unit: rows_of(unit, votes))
    assert "به همکاران ما می‌رسد" in kept.text
    assert (row["text"], row["entry"]) == ("کد پستی ناحیه‌ها را هم بنویسید ژژژ", vote["entry"])
    assert "به همکاران ما می‌رسد" not in (await sara.send(QUESTION))[-1].text


async def test_who_says_nothing_more_is_left_in_peace(sara: Citizen) -> None:
    await answered(sara)
    await sara.press(DOWN)
    (told,) = await sara.press(NOTHING)
    shown = (await sara.send(QUESTION))[-1]

    assert "ممنون" in told.text
    assert labels(shown)[:2] == [UP, DOWN]
    assert await sara.app.store.read(lambda unit: rows_of(unit, questions)) == []


async def test_who_asks_the_next_question_instead_gets_the_way_to_its_answer(sara: Citizen) -> None:
    await answered(sara)
    await sara.press(DOWN)
    (kept,) = await sara.send("ساعت کار شهرداری؟")

    offered = labels(kept)[0]
    assert "۱۶:۳۰" in (await sara.press(offered))[-1].text


async def test_a_vote_on_what_is_no_answer_is_none(sara: Citizen) -> None:
    shown = await answered(sara)
    for entry in ("no.such", "", "x" * 50):
        sara.api.press_gone(sara.user_id, f"vote:up:{entry}", shown)
        sara.api.press_gone(sara.user_id, f"vote:down:{entry}", shown)
    await settled(sara.app, sara.api)

    assert await given(sara) == []


async def test_votes_go_with_whoever_is_forgotten(sara: Citizen, reza: Citizen) -> None:
    for citizen in (sara, reza):
        await answered(citizen)
        await citizen.press(UP)
    (kept,) = await sara.send("/mydata")
    await sara.send("/deleteme")
    await sara.press("بله، پاک کنید")

    assert "۱ رأی شما" in kept.text
    assert await given(sara) == [(502, 1)]
