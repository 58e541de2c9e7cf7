"""Questions in free words."""

from typing import Any

import pytest

from bot.loading import Loaded
from tests.botapi import BotApi, Seen
from tests.citizen import Citizen, inbox_rows, labels, settled

HOME = "🏠 منوی اصلی"
QUESTION, ANSWER = "کد پستی شهرداری چنده؟", "۱۷۷۷۶۸۳۱۹۳"
NONSENSE = "ژژژژ"
VAGUE = ("محله", "برنامه", "شهر", "جشن")
KINDS: dict[str, dict[str, Any]] = {
    "photo": {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]},
    "voice": {"voice": {"file_id": "a", "file_unique_id": "b", "duration": 1}},
    "sticker": {
        "sticker": {"file_id": "a", "file_unique_id": "b", "type": "regular", "width": 1, "height": 1}
        | {"is_animated": False, "is_video": False}
    },
    "location": {"location": {"latitude": 35.6, "longitude": 51.4}},
    "contact": {"contact": {"phone_number": "+98", "first_name": "سارا"}},
    "something new": {},
}


async def sent(sara: Citizen, **message: Any) -> list[Seen]:  # noqa: ANN401 - fields of a message
    """Send something that is no text."""
    return await sara._after(lambda: sara.api.say(sara.user_id, None, **message))


async def test_a_question_is_answered_at_once(sara: Citizen) -> None:
    await sara.send("/start")

    shown = await sara.send(QUESTION)

    assert len(shown) == 1
    assert ANSWER in shown[0].text
    assert HOME in labels(shown[0])


async def test_who_asks_before_any_greeting_is_greeted_and_answered(sara: Citizen) -> None:
    hello, answer = await sara.send(QUESTION)

    assert "همیار ۱۴" in hello.text
    assert ANSWER in answer.text


async def test_nonsense_leads_to_the_menu_and_a_persons_number(sara: Citizen) -> None:
    await sara.send("/start")

    (once_more,) = await sara.send(NONSENSE)
    (shown,) = await sara.send(NONSENSE)

    assert "با کلمه‌های دیگر" in once_more.text
    assert "۹۶۰۴۰۹۰۰" in shown.text
    assert HOME in labels(once_more)
    assert HOME in labels(shown)


async def test_when_unsure_the_bot_asks_what_was_meant(sara: Citizen, loaded: Loaded) -> None:
    replies = {word: loaded.library.answers.reply(word, sara.app.clock.now()) for word in VAGUE}
    vague, reply = next((word, reply) for word, reply in replies.items() if reply.outcome == "suggest")
    await sara.send("/start")

    (asked,) = await sara.send(vague)
    (answer,) = await sara.press(labels(asked)[0])
    (lost,) = await sara.press("هیچ‌کدام")

    titles = [loaded.library.answers.entries[choice].title for choice in reply.choices]
    assert labels(asked) == [*titles, "هیچ‌کدام"]
    assert len(titles) <= 3
    assert answer.text
    assert "با کلمه‌های دیگر" in lost.text


async def test_what_is_no_text_is_answered_kindly(sara: Citizen) -> None:
    await sara.send("/start")

    for kind, message in KINDS.items():
        (shown,) = await sent(sara, **message)
        assert "فقط نوشته" in shown.text, kind
        assert HOME in labels(shown)


async def test_a_picture_with_a_question_under_it_is_a_question(sara: Citizen) -> None:
    await sara.send("/start")

    (shown,) = await sent(sara, **KINDS["photo"], caption=QUESTION)

    assert ANSWER in shown.text


async def test_an_edited_message_is_no_new_message(sara: Citizen) -> None:
    await sara.send("/start")
    await sara.send(NONSENSE)
    before = sara.api.seen(sara.user_id)

    sara.api.edited(sara.user_id, QUESTION)
    await settled(sara.app, sara.api)

    assert sara.api.seen(sara.user_id) == before
    assert [row["error"] for row in await inbox_rows(sara.app)] == [None] * 3


async def test_a_group_is_listened_to_by_nobody(sara: Citizen) -> None:
    group = {"id": -700, "type": "group", "title": "همسایه‌ها"}
    for text in ("/start@hamyar14_bot", QUESTION):
        sara.api.say(sara.user_id, text, chat=group)
    await settled(sara.app, sara.api)

    assert sara.api.seen(-700) == sara.api.seen(sara.user_id) == []
    assert [row["error"] for row in await inbox_rows(sara.app)] == [None] * 2
    welcome, _ = await sara.send("/start")
    assert "دوباره" not in welcome.text


async def test_an_unknown_command_leads_to_the_menu(sara: Citizen) -> None:
    await sara.send("/start")

    (shown,) = await sara.send("/nosuchthing now")

    assert "دستور" in shown.text
    assert HOME in labels(shown)


async def test_a_long_answer_is_turned_page_by_page_in_its_place(sara: Citizen, loaded: Loaded) -> None:
    entry = loaded.library.answers.entries["vision.economy"]
    await sara.send("/start")
    await sara.send("چشم‌انداز اقتصاد شهری تهران ۱۴۰۴")
    (first,) = sara.api.seen(sara.user_id)[-1:]
    pages = [first]
    while any(label.startswith("ادامه") for label in labels(pages[-1])):
        pages += await sara.press(next(label for label in labels(pages[-1]) if label.startswith("ادامه")))

    assert len(pages) == len(entry.more) + 1 > 1
    assert {page.message_id for page in pages} == {first.message_id}
    assert "قبلی" not in labels(first)
    for _ in entry.more:
        (back,) = await sara.press("قبلی")
    assert (back.text, labels(back)) == (first.text, labels(first))


@pytest.mark.parametrize("api", ["telegram"], indirect=True)
async def test_a_page_that_does_not_exist_leads_to_the_menu(sara: Citizen) -> None:
    (menu,) = await sara.send("/menu")
    for forged in ("show:no.such", "page:no.such.1", "page:vision.economy.99", f"page:vision.economy.{'9' * 30}"):
        sara.api.press_gone(sara.user_id, f"ask:{forged}", menu)
    await settled(sara.app, sara.api)

    answers = sara.api.seen(sara.user_id)[1:]
    assert len(answers) == 4
    assert all("۹۶۰۴۰۹۰۰" in answer.text and HOME in labels(answer) for answer in answers)


@pytest.mark.parametrize("api", ["telegram"], indirect=True)
async def test_a_page_that_is_no_number_is_the_first(sara: Citizen) -> None:
    (menu,) = await sara.send("/menu")
    for number in ("-1", "x", "²", ""):
        sara.api.press_gone(sara.user_id, f"ask:page:contact.phone.{number}", menu)
        await settled(sara.app, sara.api)

        (shown,) = sara.api.seen(sara.user_id)
        assert "۹۶۰۴۰۹۰۰" in shown.text, number


@pytest.mark.parametrize("api", ["telegram"], indirect=True)
async def test_under_every_answer_there_are_few_buttons_and_a_way_out(sara: Citizen, loaded: Loaded) -> None:
    (menu,) = await sara.send("/menu")
    for topic in loaded.library.answers.entries:
        sara.api.press_gone(sara.user_id, f"ask:show:{topic}", menu)
    await settled(sara.app, sara.api, seconds=60)

    answers = sara.api.seen(sara.user_id)[1:]
    assert len(answers) == len(loaded.library.answers.entries)
    assert all(HOME in labels(answer) and len(labels(answer)) <= 8 for answer in answers)


async def test_the_place_on_the_ladder_survives_a_restart(start: Any, api: BotApi) -> None:  # noqa: ANN401 - see conftest
    async with start() as app:
        await Citizen(app, api, 501).send("تلسکوپ امانتی نجوم")
    async with start() as app:
        (shown,) = await Citizen(app, api, 501).send("تلسکوپ کوچک امانت")

    assert "سپردن به همکاران" in labels(shown)
