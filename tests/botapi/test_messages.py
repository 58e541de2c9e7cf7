"""What the bot sends to the fake is what the citizen sees, or is refused as the platform would."""

import pytest
from telegram import Bot, BotCommand, ReplyParameters
from telegram.error import BadRequest, Forbidden, InvalidToken

from tests.botapi import BotApi, DialectName
from tests.botapi.request import bot_of

SARA, REZA, STRANGER = 7, 8, 404


async def test_html_is_shown_as_text_with_entities(api: BotApi, bot: Bot) -> None:
    api.meet(SARA)
    html = '<b>ساعت</b> 😀 <i>کار</i>: <a href="https://example.org">سایت</a> &lt;۸&gt;\n'

    message = await bot.send_message(SARA, html, parse_mode="HTML")

    (seen,) = api.seen(SARA)
    assert (seen.text, seen.raw_text) == ("ساعت 😀 کار: سایت <۸>", html)
    assert message.parse_entities() == dict(
        zip(message.entities, ["ساعت", "کار", "سایت"], strict=True),
    )
    assert seen.entities[-1]["url"] == "https://example.org"


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("<b>باز", "find end tag"),
        ("<table>", "Unsupported start tag"),
        ("<b><i>کج</b></i>", "Unmatched end tag"),
        ("تنها</b>", "Unexpected end tag"),
        ("۲ <3", "Unclosed start tag"),
    ],
)
async def test_telegram_refuses_broken_html(api: BotApi, bot: Bot, html: str, why: str) -> None:
    api.meet(SARA)

    with pytest.raises(BadRequest, match=rf"(?i)^can't parse entities: .*{why}"):
        await bot.send_message(SARA, html, parse_mode="HTML")
    assert api.seen(SARA) == []


async def test_bale_shows_html_raw(bale: BotApi, bale_bot: Bot) -> None:
    bale.meet(SARA)

    await bale_bot.send_message(SARA, "<b>باز", parse_mode="HTML")

    assert bale.seen(SARA)[0].text == "<b>باز"


@pytest.mark.parametrize(("text", "why"), [("x" * 4097, "message is too long"), (" \n", "message text is empty")])
async def test_telegram_refuses_too_much_and_nothing(api: BotApi, bot: Bot, text: str, why: str) -> None:
    api.meet(SARA)

    with pytest.raises(BadRequest, match=rf"(?i){why}"):
        await bot.send_message(SARA, text)


async def test_marks_do_not_count_towards_the_length(api: BotApi, bot: Bot) -> None:
    api.meet(SARA)

    await bot.send_message(SARA, f"<b>{'x' * 4096}</b>", parse_mode="HTML")

    assert len(api.seen(SARA)[0].text) == 4096


async def test_message_numbers_are_counted_per_chat(api: BotApi, bot: Bot) -> None:
    api.say(SARA, "سلام")
    api.meet(REZA)

    sent = [(await bot.send_message(chat, "بله")).message_id for chat in (SARA, REZA, SARA)]

    assert sent == [2, 1, 3]


async def test_replies_are_threaded_in_the_words_of_each_dialect(api: BotApi, bale: BotApi) -> None:
    for server in (api, bale):
        server.say(SARA, "سلام")
    new, old = ReplyParameters(1), {"reply_to_message_id": 1}

    await bot_of(api).send_message(SARA, "بله", reply_parameters=new)
    await bot_of(bale).send_message(SARA, "بله", reply_parameters=new)
    await bot_of(bale).send_message(SARA, "بله", api_kwargs=old)

    assert [seen.reply_to for seen in (*api.seen(SARA), *bale.seen(SARA))] == [1, None, 1]


async def test_a_reply_to_nothing_is_refused_by_telegram(api: BotApi, bot: Bot) -> None:
    api.meet(SARA)

    with pytest.raises(BadRequest, match=r"(?i)message to be replied not found"):
        await bot.send_message(SARA, "بله", reply_parameters=ReplyParameters(99))


async def test_a_strange_chat_is_unknown(bot: Bot, bale_bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.send_message(STRANGER, "سلام")
    with pytest.raises(InvalidToken, match="no such group or user"):
        await bale_bot.send_message(STRANGER, "سلام")


async def test_a_citizen_who_blocked_the_bot_is_out_of_reach(api: BotApi, bale: BotApi) -> None:
    for server in (api, bale):
        server.block(SARA)

    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot_of(api).send_message(SARA, "سلام")
    with pytest.raises(Forbidden, match="permission_denied"):
        await bot_of(bale).send_message(SARA, "سلام")
    api.unblock(SARA)
    assert await bot_of(api).send_chat_action(SARA, "typing")


async def test_a_wrong_token_is_refused_as_each_platform_does(api: BotApi, bale: BotApi) -> None:
    with pytest.raises(InvalidToken):
        await bot_of(api, "1:no").get_me()
    with pytest.raises(Forbidden, match="Token not found"):
        await bot_of(bale, "1:no").get_me()


async def test_the_bot_knows_its_name(bot: Bot, bale_bot: Bot) -> None:
    assert (bot.username, bot.id, bale_bot.username) == ("hamyar14_bot", 100, "hamyar14_bot")


async def test_commands_are_set_on_telegram_only(api: BotApi, bot: Bot, bale_bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("start", "شروع")])

    assert api.commands == [{"command": "start", "description": "شروع"}]
    with pytest.raises(InvalidToken):
        await bale_bot.set_my_commands([BotCommand("start", "شروع")])


@pytest.mark.parametrize("dialect", ["telegram", "bale"])
async def test_an_unknown_method_is_not_found(dialect: DialectName) -> None:
    answer = await BotApi(dialect).handle("sendPoem", {})

    assert (answer.status, answer.body) == (
        404,
        b'{"ok": false, "error_code": 404, "description": "Not Found"}',
    )
