"""Groups of the fake: who speaks in them, threads, migration, buttons, pace."""

from types import SimpleNamespace

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter

from tests.botapi import BotApi, Limits
from tests.botapi.files import Upload
from tests.botapi.request import bot_of

# The framework announces that `retry_after` will become a timedelta.
pytestmark = pytest.mark.filterwarnings("ignore:.*attribute .retry_after.")

SARA, REZA = 7, 8
DESK, NEW_DESK, CHANNEL = -1001, -1002, -1003
MENU = InlineKeyboardMarkup([[InlineKeyboardButton("برداشتن", callback_data="take")]])


async def received(bot: Bot) -> list[Message]:
    messages = [update.message for update in await bot.get_updates()]
    return [message for message in messages if message is not None]


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_a_member_speaks_in_a_group(api: BotApi, bale: BotApi, kind: str) -> None:
    types = []
    for server in (api, bale):
        server.group(DESK, "میز خدمت", SARA, kind=kind)  # type: ignore[arg-type]  # one of its two kinds
        server.say(SARA, "سلام", chat_id=DESK)
        await bot_of(server).send_message(DESK, "بله", api_kwargs={"reply_to_message_id": 1})
        server.say(REZA, "ممنون", chat_id=DESK, reply_to=2)
        server.say(REZA, "و سلام", chat_id=DESK, reply_to=1)

        _, thanks, hello = await received(bot_of(server))

        assert (thanks.chat.id, thanks.chat.title, thanks.message_id) == (DESK, "میز خدمت", 3)
        assert thanks.from_user
        assert thanks.from_user.id == REZA
        assert thanks.reply_to_message
        assert hello.reply_to_message
        assert (thanks.reply_to_message.text, hello.reply_to_message.text) == ("بله", "سلام")
        assert server.seen(DESK)[0].reply_to == 1
        types.append(thanks.chat.type)
    assert types == [kind, "group"]


async def test_files_come_in_groups_too(api: BotApi, bot: Bot) -> None:
    api.group(DESK)
    api.send_album(SARA, [b"1", b"2"], chat_id=DESK)

    assert [message.chat.id for message in await received(bot)] == [DESK, DESK]


async def test_an_anonymous_administrator_hides_behind_the_group(api: BotApi, bale: BotApi) -> None:
    api.group(DESK, "میز")
    api.say_anonymously(DESK, "سلام")

    (message,) = await received(bot_of(api))

    assert message.from_user
    assert message.sender_chat
    assert (message.from_user.id, message.from_user.username, message.sender_chat.id) == (
        1087968824,
        "GroupAnonymousBot",
        DESK,
    )
    bale.group(DESK)
    with pytest.raises(AssertionError, match="nobody speaks anonymously"):
        bale.say_anonymously(DESK, "سلام")


async def test_a_post_of_the_linked_channel(api: BotApi, bale: BotApi) -> None:
    for server in (api, bale):
        server.group(DESK)
        server.post_from_channel(DESK, CHANNEL, "خبر")

    (message,) = await received(bot_of(api))
    (of_bale,) = await received(bot_of(bale))

    assert message.from_user
    assert message.sender_chat
    assert (message.from_user.id, message.sender_chat.id, message.is_automatic_forward) == (777000, CHANNEL, True)
    assert of_bale.sender_chat
    assert (of_bale.from_user, of_bale.sender_chat.id) == (None, CHANNEL)


async def test_a_thread_is_kept_and_an_unknown_one_refused(api: BotApi, bot: Bot) -> None:
    api.group(DESK, topics=[5])
    api.say(SARA, "سلام", chat_id=DESK, thread_id=5)
    (message,) = await received(bot)
    assert (message.message_thread_id, message.is_topic_message) == (5, True)

    answer = await bot.send_message(DESK, "بله", message_thread_id=5)
    await bot.send_photo(DESK, b"bridge", message_thread_id=1)

    assert (answer.message_thread_id, [seen.thread_id for seen in api.seen(DESK)]) == (5, [5, 1])
    with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
        await bot.send_message(DESK, "بله", message_thread_id=99)


async def test_bale_reads_no_thread(bale: BotApi, bale_bot: Bot) -> None:
    bale.group(DESK)

    await bale_bot.send_message(DESK, "بله", message_thread_id=99)

    assert bale.seen(DESK)[0].thread_id is None


async def test_a_group_becomes_a_supergroup(api: BotApi, bot: Bot) -> None:
    api.group(DESK, "میز", kind="group")
    api.migrate(DESK, NEW_DESK, SARA)

    old, new = await received(bot)

    assert (old.chat.id, old.migrate_to_chat_id) == (DESK, NEW_DESK)
    assert (new.chat.id, new.chat.type, new.migrate_from_chat_id) == (NEW_DESK, "supergroup", DESK)
    with pytest.raises(ChatMigrated) as refused:
        await bot.send_message(DESK, "بله")
    assert refused.value.new_chat_id == NEW_DESK
    answer = await api.handle("sendMessage", {"chat_id": DESK, "text": "بله"})
    assert b"group chat was upgraded to a supergroup chat" in answer.body
    assert await bot.send_message(NEW_DESK, "بله")


async def test_only_a_plain_group_of_telegram_migrates(api: BotApi, bale: BotApi) -> None:
    for server in (api, bale):
        server.group(DESK)
        with pytest.raises(AssertionError, match="no group that could become"):
            server.migrate(DESK, NEW_DESK, SARA)


async def test_a_button_in_a_group_is_pressed_by_somebody(api: BotApi, bale: BotApi) -> None:
    for server in (api, bale):
        server.group(DESK)
        await bot_of(server).send_message(DESK, "درخواست", reply_markup=MENU)
        server.press(REZA, "برداشتن", chat_id=DESK)

        (update,) = await bot_of(server).get_updates()

        assert update.callback_query
        assert isinstance(update.callback_query.message, Message)
        assert (update.callback_query.from_user.id, update.callback_query.message.chat.id) == (REZA, DESK)


async def test_a_bot_that_was_thrown_out_may_come_back(api: BotApi, bot: Bot) -> None:
    api.group(DESK)
    api.block(DESK)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(DESK, "بله")

    api.add_bot(DESK, SARA)

    (message,) = await received(bot)
    assert [user.id for user in message.new_chat_members] == [100]
    assert await bot.send_message(DESK, "بله")


async def test_a_group_takes_so_many_messages_a_minute(api: BotApi, bot: Bot) -> None:
    api.limits = Limits(per_group=3)
    api.group(DESK)
    api.meet(SARA)

    await bot.send_message(DESK, "یک")
    album = '[{"type":"photo","media":"attach://a"},{"type":"photo","media":"attach://a"}]'
    answer = await api.handle("sendMediaGroup", {"chat_id": DESK, "media": album, "a": Upload.of("photo", b"1")})
    assert answer.status == 200

    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(DESK, "سه")
    assert 50 < float(refused.value.retry_after) <= 60  # type: ignore[arg-type]  # upstream: seconds or a timedelta
    for _ in range(5):
        await bot.send_message(SARA, "سلام")


async def test_the_minute_of_a_group_passes(api: BotApi, bot: Bot, clock: SimpleNamespace) -> None:
    api.limits = Limits(per_group=2)
    api.group(DESK)
    for second in (0, 20):
        clock.now = 1000 + second
        await bot.send_message(DESK, "بله")

    clock.now = 1030
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(DESK, "دیگر")
    assert refused.value.retry_after == 30
    clock.now = 1060

    assert await bot.send_message(DESK, "دیگر")


async def test_a_caption_is_edited_where_there_is_a_file(api: BotApi, bot: Bot) -> None:
    api.group(DESK)
    api.send_photo(SARA, b"1", caption="پل", chat_id=DESK)
    api.edited(SARA, "پل تازه", chat_id=DESK)

    update = (await bot.get_updates())[-1]

    assert update.edited_message
    assert (update.edited_message.caption, update.edited_message.text) == ("پل تازه", None)
