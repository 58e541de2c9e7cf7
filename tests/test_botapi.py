"""The fake Bot API held against python-telegram-bot: what citizens do arrives, once and in order."""

import asyncio

import pytest
from telegram import Message, MessageEntity
from telegram.error import Conflict

from tests.botapi import BaleShape, BotApi, DialectName
from tests.botapi.request import bot_of

SARA = 7


@pytest.fixture
def api() -> BotApi:
    return BotApi("telegram")


@pytest.fixture
def bale() -> BotApi:
    return BotApi("bale")


@pytest.mark.parametrize("dialect", ["telegram", "bale"])
async def test_a_message_arrives_as_the_framework_knows_it(dialect: DialectName) -> None:
    api = BotApi(dialect)
    number = api.say(SARA, "/start hello")

    (update,) = await bot_of(api).get_updates()

    assert update.update_id == number
    assert isinstance(update.message, Message)
    assert (update.message.text, update.effective_chat and update.effective_chat.id) == ("/start hello", SARA)
    assert update.message.parse_entities([MessageEntity.BOT_COMMAND]).popitem()[1] == "/start"


async def test_bale_counts_updates_from_zero_and_telegram_from_anywhere(api: BotApi, bale: BotApi) -> None:
    assert [bale.say(SARA, "یک"), bale.say(SARA, "دو")] == [0, 1]
    assert api.say(SARA, "یک") > 1


async def test_bale_can_leave_commands_unmarked() -> None:
    api = BotApi("bale", shape=BaleShape(command_entities=False))
    api.say(SARA, "/start")

    (update,) = await bot_of(api).get_updates()

    assert update.message
    assert not update.message.entities


async def test_bale_can_write_the_bodies_of_2023() -> None:
    api = BotApi("bale", shape=BaleShape(body="2023"))
    api.meet(SARA, first_name="سارا")
    api.say(SARA, "سلام")

    (update,) = await bot_of(api).get_updates()

    assert update.message
    assert update.message.chat.api_kwargs["all_members_are_administrators"] is False
    assert (update.message.chat.title, update.message.chat.first_name) == ("", "سارا")


async def test_a_group_is_written_to_by_its_members(api: BotApi) -> None:
    api.say(SARA, "گزارش", chat={"id": -100, "type": "supergroup", "title": "میز"})

    (update,) = await bot_of(api).get_updates()
    await bot_of(api).send_message(-100, "دیدم")

    assert update.message
    assert update.message.chat.type == "supergroup"
    assert [seen.text for seen in api.seen(-100)] == ["دیدم"]


async def test_an_edited_message_is_another_kind_of_update(api: BotApi) -> None:
    api.say(SARA, "سلم")
    api.edited(SARA, "سلام")

    _, update = await bot_of(api).get_updates()

    assert update.message is None
    assert update.edited_message
    assert (update.edited_message.text, update.edited_message.message_id) == ("سلام", 1)


async def test_a_raw_update_is_handed_on_as_it_is(api: BotApi) -> None:
    api.push({"update_id": 900_000_000, "poll_answer": {"broken": True}})

    answer = await api.handle("getUpdates", {})

    assert answer.body == b'{"ok":true,"result":[{"update_id": 900000000, "poll_answer": {"broken": true}}]}'


# The queue


async def test_an_update_stays_until_a_later_one_is_asked_for(api: BotApi) -> None:
    first, second = api.say(SARA, "یک"), api.say(SARA, "دو")

    assert len(await bot_of(api).get_updates(offset=first)) == 2
    assert [update.update_id for update in await bot_of(api).get_updates(offset=first + 1)] == [second]
    assert [update.update_id for update in await bot_of(api).get_updates()] == [second]


async def test_the_limit_holds(api: BotApi) -> None:
    for number in range(120):
        api.say(SARA, str(number))

    assert len(await bot_of(api).get_updates()) == 100
    assert len(await bot_of(api).get_updates(limit=3)) == 3


async def test_a_negative_offset_forgets_all_but_the_last(api: BotApi) -> None:
    numbers = [api.say(SARA, text) for text in ("یک", "دو", "سه")]

    assert [update.update_id for update in await bot_of(api).get_updates(offset=-1)] == numbers[-1:]
    assert api.updates.confirmed == 2


async def test_a_long_poll_ends_with_the_first_message(api: BotApi) -> None:
    poll = asyncio.create_task(bot_of(api).get_updates(timeout=30))
    await asyncio.sleep(0.01)
    api.say(SARA, "سلام")

    assert len(await asyncio.wait_for(poll, 1)) == 1


async def test_a_long_poll_ends_empty_after_its_time(api: BotApi) -> None:
    assert await bot_of(api).get_updates(timeout=1) == ()


async def test_telegram_ends_the_first_of_two_pollers(api: BotApi) -> None:
    first = asyncio.create_task(bot_of(api).get_updates(timeout=30))
    await asyncio.sleep(0.01)
    second = asyncio.create_task(bot_of(api).get_updates(timeout=30))

    with pytest.raises(Conflict, match="terminated by other getUpdates"):
        await first
    api.say(SARA, "سلام")
    assert len(await second) == 1


async def test_bale_keeps_only_its_last_updates() -> None:
    api = BotApi("bale", shape=BaleShape(keep=2))
    for text in ("یک", "دو", "سه"):
        api.say(SARA, text)

    assert [update.update_id for update in await bot_of(api).get_updates()] == [1, 2]


async def test_only_telegram_drops_what_waits_with_the_webhook(api: BotApi, bale: BotApi) -> None:
    api.say(SARA, "سلام")
    bale.say(SARA, "سلام")

    await bot_of(api).delete_webhook(drop_pending_updates=True)
    await bot_of(bale).delete_webhook(drop_pending_updates=True)

    assert (len(api.updates.waiting), len(bale.updates.waiting)) == (0, 1)


async def test_a_webhook_ends_polling_and_is_told(api: BotApi, bale: BotApi) -> None:
    await bot_of(api).set_webhook("https://example.org/hook")

    assert (await bot_of(api).get_webhook_info()).url == "https://example.org/hook"
    with pytest.raises(Conflict, match="webhook is active"):
        await bot_of(api).get_updates()
    with pytest.raises(TypeError, match="pending_update_count"):
        await bot_of(bale).get_webhook_info()


# Waiting


async def test_a_test_can_wait_for_an_answer(api: BotApi) -> None:
    api.meet(SARA)
    waiting = asyncio.create_task(api.wait_for(SARA, 2, 1))
    for text in ("یک", "دو"):
        await asyncio.sleep(0)
        await bot_of(api).send_message(SARA, text)

    assert [seen.text for seen in await waiting] == ["یک", "دو"]
    with pytest.raises(AssertionError, match=r"no 3 messages in chat 7 .*'یک', 'دو'"):
        await api.wait_for(SARA, 3, 0.01)


async def test_a_test_can_wait_for_an_edit(api: BotApi) -> None:
    api.meet(SARA)
    await bot_of(api).send_message(SARA, "صبر کنید")
    waiting = asyncio.create_task(api.until(SARA, lambda seen: seen[0].edited))
    await asyncio.sleep(0)

    await bot_of(api).edit_message_text("آماده است", SARA, 1)

    assert [seen.text for seen in await waiting] == ["آماده است"]
