"""A quick poll from one message to what citizens get, and what is refused on the way."""

from typing import Any

import pytest

from bot.app import App
from tests.botapi import BotApi
from tests.citizen import Citizen, labels, settled, wait_until
from tests.drafting import BACK, CHECK, SEND, choose, go_live, stored
from tests.editing import made_editor, pressed
from tests.making import ASK, POLL, QUICK, TO_SURVEY, poll, rows
from tests.town_clock import TownClock


@pytest.fixture
def clock() -> TownClock:
    return TownClock()


@pytest.fixture
def options(database: str, clock: TownClock) -> dict[str, Any]:
    clock.tells(database)
    return {"web": {"enabled": False}}


async def test_from_the_room_to_everybody_in_five_steps(mina: Citizen, sara: Citizen, clock: TownClock) -> None:
    go_live(mina.app)
    await sara.send("سلام")
    steps = [mina.send("/polls"), mina.press(QUICK), mina.send(POLL), mina.press(CHECK), mina.press(SEND)]
    told = [await step for step in steps]
    clock.later(minutes=1)
    await wait_until(lambda: "ساعت کلاس ورزش" in sara.api.seen(sara.user_id)[-1].text)
    await settled(mina.app, mina.api)

    assert len(steps) <= 5
    assert "تا یک دقیقه دیگر" in told[-1][-1].text
    assert labels(sara.api.seen(sara.user_id)[-1])[:3] == ["۸ صبح", "۵ عصر", "فرقی نمی‌کند"]
    (row,) = await rows(mina.app)
    assert (row["anonymous"], row["shows"], row["reminds"]) == (0, 1, 0)
    assert row["lasts_ms"] == 3 * 24 * 3600 * 1000
    assert row["announcement_id"] == 1


async def test_what_was_typed_is_tidied_and_its_marks_are_taken_off(mina: Citizen) -> None:
    shown, _ = await poll(
        mina, "کدام کلاس ها را می خواهید؟\n\n- ورزش\n• نقاشي\n۱. 5 بعد از ظهر\n2) نمی دانم\n۱۰:۳۰ صبح"
    )

    assert shown.text == "کدام کلاس‌ها را می‌خواهید؟"
    assert labels(shown)[:5] == ["ورزش", "نقاشی", "۵ بعد از ظهر", "نمی‌دانم", "۱۰:۳۰ صبح"]
    (row,) = await rows(mina.app)
    options = row["tables"]["question"][0]["options"]
    assert [option["id"] for option in options] == ["o1", "o2", "o3", "o4", "o5"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ساعت چند باشد؟", "دست‌کم دو جواب"),
        ("ساعت چند باشد؟\nهشت", "دست‌کم دو جواب"),
        ("ساعت چند باشد؟\n" + "\n".join(f"ساعت {hour}" for hour in range(1, 10)), "۹ جواب نوشته‌اید و تا ۸ تا"),
        ("ساعت چند باشد؟\nهشت\n" + "ب" * 41, "تا ۴۰ حرف"),
        ("ساعت چند باشد؟\nهشت\nهشت!", "«هشت!»"),
        ("ساعت چند باشد؟\nهشت\n👍", "«👍»"),
        ("چرا " * 90 + "\nهشت\nنه", "تا ۳۰۰ حرف"),
        ("…\n؟؟", "متنی در این پیام نبود"),
    ],
)
async def test_what_is_no_poll_is_refused_with_the_line_and_the_question_stays(
    mina: Citizen, text: str, why: str
) -> None:
    (refused,) = await poll(mina, text)
    shown, _ = await mina.send(POLL)

    assert why in refused.text
    assert shown.text == "ساعت کلاس ورزش چند باشد؟"
    assert len(await rows(mina.app)) == 1


async def test_the_same_message_sent_twice_is_one_poll(mina: Citizen) -> None:
    await mina.send("/polls")
    await mina.press(QUICK)
    for _ in range(2):
        mina.api.say(mina.user_id, POLL)
    await settled(mina.app, mina.api)

    assert len(await rows(mina.app)) == 1


async def test_before_it_is_sent_everything_can_be_changed_on_its_page(mina: Citizen) -> None:
    await poll(mina)
    (page,) = await mina.press(TO_SURVEY)
    await mina.press("⚙️ تنظیم‌ها")
    await mina.press("بی‌نام شود")
    (page,) = await mina.press(TO_SURVEY)
    shown, panel = await mina.press(ASK)

    assert "بی‌نام" in page.text
    assert "🔒 رأی‌تان بی‌نام می‌ماند" in shown.text
    assert CHECK in labels(panel)


async def test_what_is_composed_already_is_not_lost_by_a_poll(mina: Citizen) -> None:
    await mina.send("/announce")
    await mina.press("✏️ پیام تازه")
    await mina.send("مسیر خیابان پیروزی بسته است.")
    (offered,) = await poll(mina)
    shown, _ = await mina.press("متن دیگر جایش بیاید")

    assert "پیش‌نویسی نیمه‌کاره دارید" in offered.text
    assert shown.text == "ساعت کلاس ورزش چند باشد؟"


async def test_who_regrets_a_poll_finds_whom_and_what_it_was_for(mina: Citizen, sara: Citizen) -> None:
    """Asked again without a look, it would else go to everybody."""
    await sara.send("سلام")
    await choose(sara, lives="doulab")
    go_live(mina.app)
    await poll(mina)
    await for_doulab(mina)
    await mina.press(CHECK)
    await mina.press(SEND)

    *_, shown, panel = await mina.press("پشیمان شدم")

    assert labels(shown)[:3] == ["۸ صبح", "۵ عصر", "فرقی نمی‌کند"]
    assert "ساکنان دولاب" in panel.text
    assert "راه و ترافیک" in panel.text
    await mina.press(CHECK)
    await mina.press(SEND)
    first, second = await stored(mina.app)
    assert (first["audience"], first["topic"]) == (second["audience"], second["topic"])
    assert [row["announcement_id"] for row in await rows(mina.app)] == [2]


async def for_doulab(mina: Citizen) -> None:
    """About roads, and for those alone who live there."""
    await mina.press("موضوع")
    await mina.press("راه و ترافیک")
    await mina.press(BACK)
    await mina.press("مخاطبان")
    await mina.press("فقط چند محله")
    await mina.send("دولاب")
    await mina.press(BACK)


async def test_whom_a_poll_is_for_stays_while_its_words_are_changed(mina: Citizen) -> None:
    await poll(mina)
    await for_doulab(mina)
    await mina.press(TO_SURVEY)
    await pressed(mina, "survey_settings:names:1")
    await mina.press(TO_SURVEY)

    *_, shown, panel = await mina.press(ASK)

    assert "بی‌نام می‌ماند" in shown.text
    assert "ساکنان دولاب" in panel.text
    assert "راه و ترافیک" in panel.text


async def test_a_check_of_what_was_changed_since_sends_nothing(app: App, api: BotApi, mina: Citizen) -> None:
    api.meet(504, first_name="امید")
    omid = await made_editor(Citizen(app, api, 504))
    await poll(mina)
    await mina.press(CHECK)
    await pressed(omid, "survey_settings:names:1")
    told = await mina.press(SEND)

    assert any("نظرسنجی" in seen.text for seen in told)
    assert await stored(mina.app) == []


async def test_a_message_without_words_is_none(mina: Citizen) -> None:
    await mina.send("/polls")
    await mina.press(QUICK)
    (refused,) = await mina.send(None, sticker={"file_id": "s", "file_unique_id": "u", "type": "regular"})  # type: ignore[arg-type]  # words are no part of a sticker

    assert "متنی در این پیام نبود" in refused.text
