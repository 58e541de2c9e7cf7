"""A citizen answers a survey: question by question, away and back, once more, and never twice."""

import json
from typing import Any

import pytest
from sqlalchemy import update

from bot.app import App
from bot.models import files, participants, surveys
from bot.store import Unit
from tests.botapi import BotApi
from tests.citizen import Citizen, inbox_rows, labels, outbox_rows
from tests.editing import made_editor, pressed
from tests.filing import plain
from tests.reporting import photo, pin
from tests.surveying import (
    ALL_KINDS,
    BACK,
    CHANGE,
    DONE,
    HOME,
    KEEP,
    PARK,
    SEND,
    SKIP,
    START,
    announced,
    answers,
    asked,
    button,
    kept,
    nameless,
    recounted,
    stands,
    sums,
    taking_part,
)

FULL = {"used": "yes", "why": ["walk", "rest"], "clean": 5, "visits": 3, "wish": "یک نیمکت"}
OTHERS = "🗳 نظرسنجی‌ها"


async def begun(citizen: Citizen, tables: dict[str, Any] = PARK, **more: Any) -> int:  # noqa: ANN401 - of `put`
    """The citizen was asked, and has begun."""
    await citizen.send("/start")
    number = await asked(citizen.app, tables, **more)
    await announced(citizen, number)
    await citizen.press(START)
    return number


async def to_the_last(citizen: Citizen) -> None:
    """All answers of `FULL` but the last."""
    await citizen.press("بله")
    await citizen.press("پیاده‌روی")
    await citizen.press("استراحت")
    await citizen.press(DONE)
    await citizen.press("خیلی خوب")
    await citizen.send("۳")


def last(citizen: Citizen) -> str:
    return plain(citizen.api.seen(citizen.user_id)[-1])


# -- the way through


async def test_it_goes_from_the_announcement_to_the_thanks(sara: Citizen) -> None:
    await sara.send("/start")
    number = await asked(sara.app, PARK)
    invitation = await announced(sara, number)

    (first,) = await sara.press(START)
    assert plain(first) == "سؤال ۱ از ۴\nبه بوستان می‌روید؟"
    assert first.buttons == [["بله"], ["نه"]]
    (second,) = await sara.press("بله")
    assert second.message_id == first.message_id, "a press changes the message"
    assert plain(second).startswith("سؤال ۲ از ۵\nبرای چه؟"), "a branch has opened"
    assert second.buttons == [["پیاده‌روی"], ["بازی بچه‌ها"], ["استراحت"], ["هیچ‌کدام"], [DONE], [BACK]]
    (chosen,) = await sara.press("پیاده‌روی")
    assert labels(chosen)[:3] == ["✓ پیاده‌روی", "بازی بچه‌ها", "استراحت"]
    await sara.press("استراحت")
    (third,) = await sara.press(DONE)
    assert labels(third)[:5] == ["خیلی خوب", "خوب", "متوسط", "بد", "خیلی بد"], "the best first"
    (fourth,) = await sara.press("خیلی خوب")
    assert fourth.message_id == first.message_id
    (fifth,) = await sara.send("سه")
    assert fifth.message_id != first.message_id, "what is typed brings the next one below"
    assert labels(fifth) == [BACK, SKIP]
    assert await answers(sara.app) == []
    (end,) = await sara.send("یک نیمکت")

    assert plain(end).startswith("✅ ممنون از شما.")
    assert labels(end) == [CHANGE, HOME]
    assert await answers(sara.app) == [FULL]
    assert await stands(sara.app) == []
    assert invitation in sara.api.seen(sara.user_id), "the announcement stays as it was"
    assert await sara.app.store.read(lambda unit: sums(unit, number) == recounted(unit, number) != {})


async def test_words_do_for_buttons(sara: Citizen) -> None:
    await begun(sara)

    for said in ("بله", "پیاده روی، ۳", "خیلی خوب", "٣", "رد کردن"):
        await sara.send(said)

    assert await answers(sara.app) == [FULL | {"wish": None}]


async def test_a_photo_and_a_place_are_answers_and_a_caption_is_none(sara: Citizen, cleaned_here: None) -> None:
    await begun(sara, ALL_KINDS)

    (refused,) = await sara.send("عکس ندارم")
    assert "یک عکس بفرستید" in refused.text
    where, key = await photo(sara, "این هم عکس")
    assert "کجاست؟" in where.text
    assert labels(where) == [BACK, SKIP]
    assert "موقعیت من" in str(key.keyboard)
    assert "روی نقشه" in (await sara.send("سر کوچه"))[0].text
    taken, final = await pin(sara)
    assert taken.text == "📍 جایش را گرفتم."
    (captioned,) = await photo(sara, "حرف آخرم")
    assert "با کلمه‌ها" in captioned.text
    await sara.send("همین")

    row = (await kept(sara.app, files))[0]
    assert final.text.startswith("سؤال ۳ از ۳")
    assert await answers(sara.app) == [{"picture": row["key"], "where": [35.672, 51.478], "last": "همین"}]


async def test_whoever_passes_over_a_place_loses_its_key(sara: Citizen, cleaned_here: None) -> None:
    await begun(sara, ALL_KINDS)
    await photo(sara)

    gone, following = await sara.press(SKIP)

    assert "موقعیت من" not in str(gone.keyboard)
    assert "حرف آخر" in following.text


# -- choosing many


async def test_the_limit_of_many_is_said_and_nothing_is_lost(sara: Citizen) -> None:
    await begun(sara)
    await sara.press("بله")

    (empty,) = await sara.press(DONE)
    assert "هنوز چیزی انتخاب نکرده‌اید" in empty.text
    await sara.press("پیاده‌روی")
    await sara.press("بازی بچه‌ها")
    (much,) = await sara.press("استراحت")
    assert "حداکثر ۲ گزینه می‌شود" in much.text
    await sara.press("✓ بازی بچه‌ها")
    (beside,) = await sara.press("هیچ‌کدام")
    assert "«هیچ‌کدام» با گزینه دیگری نمی‌آید" in beside.text
    await sara.press("استراحت")
    await sara.press(DONE)

    (who,) = await taking_part(sara.app)
    assert who["answers"] == '{"used": "yes", "why": ["walk", "rest"]}'


async def test_what_is_ticked_is_no_answer_yet_and_lost_by_whoever_leaves(sara: Citizen) -> None:
    number = await begun(sara)
    await sara.press("بله")
    await sara.press("پیاده‌روی")
    await sara.send("/menu")

    (again,) = await pressed(sara, f"survey:begin:{number}")

    assert "خوش برگشتید" in again.text
    assert "سؤال ۲ از ۵" in again.text
    assert "✓ پیاده‌روی" not in labels(again)


# -- away and back


async def test_away_and_back_it_goes_on_where_it_was_even_after_a_restart(start: Any, api: BotApi) -> None:  # noqa: ANN401 - see the fixture
    api.meet(501, first_name="سارا")
    async with start() as app:
        sara = Citizen(app, api, 501)
        number = await begun(sara)
        await sara.press("نه")
        await sara.send("خوب")
        await sara.send("شماره تلفن شهرداری؟")  # is no number
        assert "عددش را پیدا نکردم" in last(sara)
        await sara.send("/report")
    async with start() as app:
        sara = Citizen(app, api, 501)
        (again,) = await pressed(sara, f"survey:begin:{number}")

        assert plain(again).startswith("خوش برگشتید! از همان‌جا که بودید ادامه بدهیم.\n\nسؤال ۳ از ۴\nدر هفته")
        await sara.send("۱۲")
        await sara.press(SKIP)
        assert await answers(app) == [{"used": "no", "clean": 4, "visits": 12, "wish": None}]


async def test_back_and_on_again_with_what_was_answered(sara: Citizen) -> None:
    await begun(sara)
    await sara.press("بله")

    (before,) = await sara.press(BACK)
    assert before.buttons == [["✓ بله"], ["نه"], [KEEP]]
    (onward,) = await sara.press(KEEP)
    assert "برای چه؟" in onward.text
    await sara.send("سؤال قبل")
    (other,) = await sara.press("نه")

    assert "سؤال ۲ از ۴\n" in other.text
    assert "تمیز است؟" in other.text


async def test_an_answer_at_an_earlier_question_is_taken_there(sara: Citizen) -> None:
    await begun(sara)
    await to_the_last(sara)
    await sara.press(BACK)
    await sara.send("۷")
    await sara.press(SKIP)

    assert await answers(sara.app) == [FULL | {"visits": 7, "wish": None}]


# -- old, forged and double


async def test_a_button_of_an_earlier_question_changes_that_answer(sara: Citizen) -> None:
    number = await begun(sara)
    await sara.press("بله")
    old = await button(sara.app, number, "survey:pick", 0, 1)

    (shown,) = await pressed(sara, old)
    await pressed(sara, old)

    (who,) = await taking_part(sara.app)
    assert (who["answers"], who["next"]) == ('{"used": "no"}', "clean")
    assert "تمیز است؟" in shown.text


async def test_a_button_of_a_branch_that_is_closed_counts_nothing(sara: Citizen) -> None:
    number = await begun(sara)
    await sara.press("نه")

    for action in ("toggle", "done", "skip", "keep", "edit", "back"):
        rest = (1, 0) if action == "toggle" else (1,)
        (told,) = await pressed(sara, await button(sara.app, number, f"survey:{action}", *rest))
        assert "دیگر به این سؤال نیازی نیست" in told.text, action
    await sara.send("خوب")

    (who,) = await taking_part(sara.app)
    assert who["answers"] == '{"clean": 4, "used": "no"}'


@pytest.mark.parametrize(
    ("action", "rest"),
    [
        ("pick", (0, 2)),
        ("pick", (0,)),
        ("pick", (99, 0)),
        ("pick", ()),
        ("pick", (2, 5)),
        ("pick", (3, 0)),
        ("toggle", (0, 0)),
        ("done", (77,)),
    ],
)
async def test_a_forged_answer_counts_nothing(sara: Citizen, action: str, rest: tuple[int, ...]) -> None:
    number = await begun(sara)

    (told,) = await pressed(sara, await button(sara.app, number, f"survey:{action}", *rest))

    assert "پیدا نکردم" in told.text or "هنوز چیزی" in told.text
    assert labels(told) == [OTHERS, HOME]
    assert [row["answers"] for row in await taking_part(sara.app)] == ["{}"]
    assert await answers(sara.app) == []


@pytest.mark.parametrize(
    "data", ["survey:begin", "survey:begin:x", "survey:begin:9999", "survey:pick:²", "survey:send"]
)
async def test_a_forged_button_leads_nobody_out_of_where_they_are(sara: Citizen, data: str) -> None:
    await begun(sara)

    (told,) = await pressed(sara, data)

    assert "پیدا نکردم" in told.text
    assert await stands(sara.app) == ["survey.hear"]


async def test_the_last_answer_pressed_twice_counts_once(sara: Citizen) -> None:
    number = await begun(sara)
    await to_the_last(sara)
    skip = await button(sara.app, number, "survey:skip", 4)
    await pressed(sara, skip)

    (told,) = await pressed(sara, skip)

    assert "پیش از این رسیده" in told.text
    assert await answers(sara.app) == [FULL | {"wish": None}]
    assert await sara.app.store.read(lambda unit: sums(unit, number)["", "+"]) == 1


async def test_buttons_of_other_questions_are_refused(sara: Citizen) -> None:
    number = await begun(sara)
    old = await button(sara.app, number, "survey:pick", 0, 0)
    await sara.app.store.write(lambda unit: unit.surveys.rewrite(number, str(_retitled(unit, number)), anonymous=False))

    (told,) = await pressed(sara, old)

    assert "عوض شده است" in told.text
    assert await stands(sara.app) == []


def _retitled(unit: Unit, number: int) -> str:
    row = unit.surveys.find(number)
    assert row is not None
    return row.sheet.replace('"id": "wish"', '"id": "dream"')


async def test_what_another_citizen_answers_is_theirs(sara: Citizen, reza: Citizen) -> None:
    number = await begun(sara)
    await reza.send("/start")

    (told,) = await pressed(reza, await button(sara.app, number, "survey:pick", 0, 0))

    assert "هنوز شروع نکرده‌اید" in told.text
    assert [row["answers"] for row in await taking_part(sara.app)] == ["{}"]


# -- when it is over


async def closed(app: App, number: int) -> None:
    at = update(surveys).where(surveys.c.id == number)
    await app.store.write(lambda unit: unit.surveys._connection.execute(at.values(closes_at=1)))


async def test_after_its_end_it_refuses_and_keeps_nobody_waiting(sara: Citizen) -> None:
    number = await begun(sara)
    await sara.press("نه")
    await closed(sara.app, number)

    (told,) = await sara.send("خیلی خوب")
    late = await pressed(sara, f"survey:begin:{number}")

    assert "بسته شده" in told.text
    assert labels(told) == [OTHERS, HOME]
    assert "بسته شده" in late[-1].text
    assert await stands(sara.app) == []
    assert await answers(sara.app) == []


async def test_what_has_not_begun_is_refused_but_staff_may_try_a_draft(sara: Citizen, reza: Citizen) -> None:
    await sara.send("/start")
    await made_editor(reza)
    number = await sara.app.store.write(lambda unit: unit.surveys.add(json.dumps(PARK), anonymous=False))

    (refused,) = await pressed(sara, f"survey:begin:{number}")
    (tried,) = await pressed(reza, f"survey:begin:{number}")

    assert "هنوز شروع نشده" in refused.text
    assert "پیش‌نویس" in tried.text
    assert "سؤال ۱ از ۴" in tried.text
    half = await sara.app.store.write(lambda unit: unit.surveys.add('{"survey": {}}', anonymous=False))
    assert "هنوز شروع نشده" in (await pressed(reza, f"survey:begin:{half}"))[-1].text


# -- changing what was sent


async def test_what_has_a_name_is_changed_from_the_review(sara: Citizen) -> None:
    number = await begun(sara)
    await to_the_last(sara)
    await sara.send("یک نیمکت")

    (review,) = await sara.press(CHANGE)
    assert "۱. به بوستان می‌روید؟\nبله" in plain(review)
    assert "۲. برای چه؟\nپیاده‌روی، استراحت" in plain(review)
    assert "۵. چه کم دارد؟\n«یک نیمکت»" in plain(review)
    assert "همان جواب‌های قبلی حساب می‌شود" in review.text
    await sara.press("✏️ سؤال ۱")
    await sara.press("نه")
    assert await answers(sara.app) == [FULL], "not before it is sent"
    assert "تمیز" in last(sara)
    (thanks,) = await sara.press(SEND)

    assert "ممنون" in thanks.text
    assert await answers(sara.app) == [{"used": "no", "clean": 5, "visits": 3, "wish": "یک نیمکت"}]
    assert await sara.app.store.read(lambda unit: sums(unit, number) == recounted(unit, number))
    (yours,) = await pressed(sara, f"survey:begin:{number}")
    assert "جواب‌هایتان پیش از این رسیده" in yours.text
    assert labels(yours) == [CHANGE, HOME]


async def test_a_change_that_opens_a_branch_asks_it_first(sara: Citizen) -> None:
    await begun(sara)
    for said in ("نه", "خوب", "۱", "رد کردن"):
        await sara.send(said)
    await sara.press(CHANGE)
    await sara.press("✏️ سؤال ۱")

    (opened,) = await sara.press("بله")
    assert "برای چه؟" in opened.text
    await sara.send("استراحت")
    await sara.send("بفرست")

    assert await answers(sara.app) == [{"used": "yes", "why": ["rest"], "clean": 4, "visits": 1, "wish": None}]


async def test_long_and_hostile_words_stay_words(sara: Citizen) -> None:
    await begun(sara)
    for said in ("نه", "خوب", "۱"):
        await sara.send(said)
    (long,) = await sara.send("الف" * 200)
    assert "۶۰۰ حرف" in long.text
    await sara.send("**{number}** <b>x</b> https://a.ir " + "بلند " * 60)

    (review,) = await sara.press(CHANGE)

    line = plain(review).split("چه کم دارد؟\n")[1].split("\n")[0]
    assert "{number}" in line
    assert "https: " in line, "no client makes a link of it"
    assert len(line) < 100


# -- without a name


async def test_without_a_name_only_the_last_button_sends_and_nothing_changes_afterwards(sara: Citizen) -> None:
    number = await begun(sara, nameless(PARK))
    await to_the_last(sara)
    (review,) = await sara.send("یک نیمکت")

    assert "دیگر نمی‌شود عوضشان کرد" in review.text
    assert await answers(sara.app) == []
    await sara.press("✏️ سؤال ۴")
    (again,) = await sara.send("۹")
    assert "۴. در هفته چند بار؟\n۹" in plain(again)
    assert "بزنید" in (await sara.send("خوبه"))[0].text
    send, change = [await button(sara.app, number, f"survey:{action}") for action in ("send", "change")]
    (thanks,) = await pressed(sara, send)
    assert labels(thanks) == [HOME]
    (twice,) = await pressed(sara, send)
    (changed,) = await pressed(sara, change)
    (anew,) = await pressed(sara, f"survey:begin:{number}")

    assert "پیش از این رسیده" in twice.text
    assert "نمی‌شود پیدا و عوض کرد" in changed.text
    assert "جواب‌هایتان رسیده است" in anew.text
    assert await answers(sara.app) == [FULL | {"visits": 9}]
    assert await stands(sara.app) == []


async def test_a_refusal_without_a_name_leaves_nothing_either(sara: Citizen) -> None:
    number = await begun(sara, nameless(PARK))
    await sara.press("نه")
    await sara.send("خیلی خوب")
    await sara.send("نمی‌گویم که چند بار")
    await closed(sara.app, number)
    await sara.send("پس از پایان گفته شد")

    assert not [row for row in await inbox_rows(sara.app) if "نمی" in (row["raw"] or "")]
    assert not [row for row in await inbox_rows(sara.app) if "پس از" in (row["raw"] or "")]
    assert not [row for row in await outbox_rows(sara.app) if row["brief"] and row["body"]]
    assert [row["answers"] for row in await kept(sara.app, participants)] == ['{"clean": 5, "used": "no"}']
