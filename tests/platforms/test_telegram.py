"""Telegram over HTTP: text as HTML, and what its answers mean to us."""

import json
from collections.abc import AsyncIterator, Callable

import pytest

from bot import outbox
from bot.errors import NotEditable
from bot.markup import Span
from bot.outbox import Button, Keyboard
from bot.platforms import Platform
from tests.botapi import BotApi
from tests.botapi.faults import Faults
from tests.botapi.params import structure
from tests.platforms.site import body, opened, plain, refusal

SARA = 7
MENU = Keyboard(inline=[[Button("ساعت کار", "hours"), Button("سایت", url="https://region14.tehran.ir/")]])
NASTY = """<b>&amp; "نقل" 'قول' </b> <a href="https://evil">x</a> 😀 &"""


@pytest.fixture
async def platform(telegram: BotApi) -> AsyncIterator[Platform]:
    telegram.meet(SARA)
    async with opened(telegram) as platform:
        yield platform


# Text


async def test_emphasis_and_links_are_seen_as_such(telegram: BotApi, platform: Platform) -> None:
    number = await platform.send(SARA, body("**ساعت کار** در [سایت](https://x.ir/?a=1&b=2) ما"))

    (seen,) = telegram.seen(SARA)
    assert (seen.message_id, seen.text) == (number, "ساعت کار در سایت ما")
    assert [(entity["type"], entity.get("url")) for entity in seen.entities] == [
        ("bold", None),
        ("text_link", "https://x.ir/?a=1&b=2"),
    ]


async def test_a_citizens_words_are_shown_as_written(telegram: BotApi, platform: Platform) -> None:
    await platform.send(SARA, plain(NASTY))
    await platform.send(SARA, {"text": [["b", NASTY], ["a", NASTY, "https://x.ir/"]]})

    first, second = telegram.seen(SARA)
    assert (first.text, first.entities) == (NASTY, [])
    assert second.text == NASTY * 2
    assert [entity["type"] for entity in second.entities] == ["bold", "text_link"]


async def test_no_quote_gets_out_of_an_address(telegram: BotApi, platform: Platform) -> None:
    url = """https://x.ir/"onclick='x'<b>&lt;"""
    await platform.send(SARA, {"text": [["a", "سایت", url]]})

    (entity,) = telegram.seen(SARA)[0].entities
    assert entity["url"] == url


async def test_a_long_text_goes_in_several_messages(telegram: BotApi, platform: Platform) -> None:
    lines = "\n".join(f"{number} <سطر> & متن" for number in range(700))
    keyboard = Keyboard(inline=[[Button("ادامه", "more")]])

    for piece in outbox.bodies((Span("b", "عنوان\n"), Span("", lines)), keyboard):
        await platform.send(SARA, json.loads(piece))

    seen = telegram.seen(SARA)
    assert len(seen) > 2
    assert "\n".join(message.text for message in seen) == f"عنوان\n{lines}"
    assert [message.buttons for message in seen] == [[]] * (len(seen) - 1) + [[["ادامه"]]]


async def test_a_text_as_long_as_a_message_of_ours_may_be_is_taken(platform: Platform) -> None:
    assert await platform.send(SARA, plain("&" * outbox.TEXT_LIMIT))


async def test_links_bring_no_preview(telegram: BotApi, platform: Platform) -> None:
    number = await platform.send(SARA, body("https://x.ir/"))
    await platform.edit(SARA, number, body("https://y.ir/"))

    sent, edited = telegram.calls_of("sendMessage")[0], telegram.calls_of("editMessageText")[0]
    assert structure(sent.params, "link_preview_options") == {"is_disabled": True}
    assert sent.params["link_preview_options"] == edited.params["link_preview_options"]


# Keyboards


async def test_buttons_stand_under_the_message(telegram: BotApi, platform: Platform) -> None:
    await platform.send(SARA, body("بفرمایید", MENU))

    (seen,) = telegram.seen(SARA)
    assert seen.rows == [
        [
            {"text": "ساعت کار", "callback_data": "hours"},
            {"text": "سایت", "url": "https://region14.tehran.ir/"},
        ]
    ]


async def test_a_reply_keyboard_comes_and_goes(telegram: BotApi, platform: Platform) -> None:
    await platform.send(SARA, body("منو", Keyboard(reply=[["ساعت کار"], ["نشانی", "تلفن"]])))
    await platform.send(SARA, body("بدون منو", Keyboard(remove=True)))

    shown, removed = telegram.seen(SARA)
    assert shown.buttons == [["ساعت کار"], ["نشانی", "تلفن"]]
    assert shown.keyboard["resize_keyboard"] is True
    assert removed.keyboard["remove_keyboard"] is True


async def test_a_key_asks_once_for_the_place(telegram: BotApi, platform: Platform) -> None:
    await platform.send(SARA, body("کجا؟", Keyboard(place="جای من", reply=[["بدون جا"]])))

    (shown,) = telegram.seen(SARA)
    assert shown.keyboard["keyboard"] == [[{"text": "جای من", "request_location": True}], [{"text": "بدون جا"}]]
    assert (shown.keyboard["one_time_keyboard"], shown.keyboard["resize_keyboard"]) == (True, True)


# Edits


async def test_an_edit_changes_text_and_buttons(telegram: BotApi, platform: Platform) -> None:
    number = await platform.send(SARA, body("یک", MENU))

    await platform.edit(SARA, number, body("**دو**"))

    (seen,) = telegram.seen(SARA)
    assert (seen.text, seen.buttons, seen.edited) == ("دو", [], True)


async def test_an_edit_that_changes_nothing_has_succeeded(telegram: BotApi, platform: Platform) -> None:
    number = await platform.send(SARA, body("یک", MENU))

    await platform.edit(SARA, number, body("یک", MENU))

    assert len(telegram.calls_of("editMessageText")) == 1
    assert not telegram.seen(SARA)[0].edited


@pytest.mark.parametrize(
    "said",
    [
        "Bad Request: message can't be edited",
        "Bad Request: message to edit not found",
        "Bad Request: MESSAGE_ID_INVALID",
        "Bad Request: there is no text in the message to edit",
        "Bad Request: message identifier is not specified",
    ],
)
async def test_what_cannot_be_edited_is_to_be_sent_anew(telegram: BotApi, platform: Platform, said: str) -> None:
    telegram.faults.fail_next("editMessageText", 400, said)

    with pytest.raises(NotEditable):
        await platform.edit(SARA, 1, body("یک"))


async def test_a_message_that_brought_a_reply_keyboard_cannot_be_edited(platform: Platform) -> None:
    number = await platform.send(SARA, body("منو", Keyboard(reply=[["ساعت کار"]])))

    with pytest.raises(NotEditable):
        await platform.edit(SARA, number, body("منو", MENU))


async def test_an_edit_that_meets_trouble_is_tried_again(telegram: BotApi, platform: Platform) -> None:
    telegram.faults.bad_gateway("editMessageText")

    error = await refusal(platform.edit(SARA, 1, body("یک")))

    assert (error.retry_ms, error.ours) == (1000, False)


# Presses


async def test_the_press_of_a_button_is_acknowledged(telegram: BotApi, platform: Platform) -> None:
    await platform.send(SARA, body("بفرمایید", MENU))
    telegram.press(SARA, "ساعت کار")
    (press,) = telegram.queries

    await platform.acknowledge(press, "باشد")

    assert [(alert.user_id, alert.text, alert.visible) for alert in telegram.alerts] == [(SARA, "باشد", True)]
    assert platform.shows_words(press)


async def test_a_press_that_is_too_old_is_given_up(telegram: BotApi, platform: Platform) -> None:
    error = await refusal(platform.acknowledge("404", ""))

    assert (error.retry_ms, error.gone) == (None, False)


# What an answer means: (try again when?, gone?, our fault?, too fast?)

Meaning = tuple[int | None, bool, bool, bool]
GONE = (None, True, False, False)
OURS = (None, False, True, False)
AGAIN = (1000, False, False, False)
OPERATORS = (30_000, False, True, False)


FLOOD = (5000, False, False, True)


@pytest.mark.parametrize(
    ("status", "said", "meaning"),
    [
        (403, "Forbidden: bot was blocked by the user", GONE),
        (403, "Forbidden: user is deactivated", GONE),
        (403, "Forbidden: bot can't initiate conversation with a user", GONE),
        (403, "Forbidden: bot was kicked from the supergroup chat", GONE),
        (403, "Forbidden: INPUT_USER_DEACTIVATED", GONE),
        (400, "Bad Request: chat not found", GONE),
        (400, "Bad Request: PEER_ID_INVALID", GONE),
        (400, "Bad Request: BUTTON_DATA_INVALID", OURS),
        (400, "Bad Request: can't parse entities: unsupported start tag", OURS),
        (401, "Unauthorized", OPERATORS),
        (404, "Not Found", OPERATORS),
        (409, "Conflict: terminated by other getUpdates request", OPERATORS),
        (500, "Internal Server Error", AGAIN),
        (429, "Too Many Requests", FLOOD),
        (429, b"<html>slow down</html>", FLOOD),
        (429, b'{"ok":false,"parameters":{"retry_after":"soon"}}', FLOOD),
        (503, b"<html>busy</html>", AGAIN),
        (403, b"<html>this page is filtered</html>", AGAIN),
        (400, b"<html>400 Bad Request</html>", AGAIN),
        (404, b'{"message":"no Route matched"}', AGAIN),
        (200, b"<html>sign in to the network</html>", AGAIN),
        (200, b'{"ok":true,"result":', AGAIN),
        (200, b'{"ok":true,"result":null}', AGAIN),
        (200, b'["html"]', AGAIN),
    ],
)
async def test_what_an_answer_means(
    telegram: BotApi, platform: Platform, status: int, said: str | bytes, meaning: Meaning
) -> None:
    telegram.faults.fail_next("sendMessage", status, said)

    error = await refusal(platform.send(SARA, body("سلام")))

    assert (error.retry_ms, error.gone, error.ours, error.flood) == meaning
    assert telegram.token not in error.reason
    assert "html" not in error.reason.lower()


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        (lambda f: f.retry_after(7), (7000, False, False, True)),
        (lambda f: f.not_ok("sendMessage", 403, "Forbidden: no"), GONE),
        (lambda f: f.bad_gateway(), AGAIN),
        (lambda f: f.cut(), AGAIN),
        (lambda f: f.lose_answer(), AGAIN),
    ],
    ids=["429 with a delay", "403 within 200", "502", "cut", "answer lost"],
)
async def test_what_trouble_means(
    telegram: BotApi, platform: Platform, fault: Callable[[Faults], None], meaning: Meaning
) -> None:
    fault(telegram.faults)

    error = await refusal(platform.send(SARA, body("سلام")))

    assert (error.retry_ms, error.gone, error.ours, error.flood) == meaning


async def test_a_group_that_became_another_says_which(telegram: BotApi, platform: Platform) -> None:
    moved = b'{"ok":false,"error_code":400,"description":"x","parameters":{"migrate_to_chat_id":-1001}}'
    telegram.faults.fail_next("sendMessage", 400, moved)

    error = await refusal(platform.send(SARA, body("سلام")))

    assert (error.moved_to, error.gone, error.ours) == (-1001, False, False)


async def test_a_wrong_token_is_our_fault_and_no_citizens(telegram: BotApi) -> None:
    async with opened(telegram, "1:wrong") as platform:
        error = await refusal(platform.send(SARA, body("سلام")))

    assert (error.gone, error.ours, error.retry_ms) == (False, True, 30_000)


async def test_halves_of_characters_cost_nobody_a_message(telegram: BotApi, platform: Platform) -> None:
    telegram.say(SARA, "نیمه \ud83d تمام")
    telegram.say(SARA, "سلام")

    assert len(await platform.fetch(None, 0)) == 2


async def test_polls_ask_for_what_is_understood_and_for_news_of_our_membership(
    telegram: BotApi, platform: Platform
) -> None:
    await platform.fetch(None, 0)

    (call,) = telegram.calls_of("getUpdates")
    assert structure(call.params, "allowed_updates") == [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    ]
