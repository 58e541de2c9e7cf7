"""What citizens send besides words reaches a bot, and the bot can fetch it, with all that may go wrong."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from telegram import Bot, Message, Update
from telegram.error import BadRequest, InvalidToken, NetworkError, TimedOut
from telegram.request import HTTPXRequest

from bot.platforms import bale_repairs
from tests.botapi import BaleShape, BotApi, serve
from tests.botapi.files import KINDS, MB, Kind, Upload
from tests.botapi.request import bot_of

SARA = 7
BRIDGE, RIVER, SOUND = b"\xff\xd8\xffbridge" * 99, b"\xff\xd8\xffriver", b"OggS"


@pytest_asyncio.fixture
async def web_bot(api: BotApi) -> AsyncIterator[Bot]:
    async with serve(api) as url:
        request = HTTPXRequest(read_timeout=60, http_version="1.1")
        async with Bot(api.token, f"{url}/bot", f"{url}/file/bot", request=request) as bot:
            yield bot


@pytest_asyncio.fixture
async def bale_web_bot(bale: BotApi) -> AsyncIterator[Bot]:
    request = HTTPXRequest(read_timeout=60, http_version="1.1")
    async with serve(bale) as url, Bot(bale.token, f"{url}/bot", f"{url}/file/bot", request=request) as bot:
        yield bot


async def received(bot: Bot) -> list[Message]:
    messages = [update.message for update in await bot.get_updates()]
    return [message for message in messages if message is not None]


def raw_messages(api: BotApi) -> list[Message]:
    """What waits, as the product reads it: repaired, then parsed by the framework."""
    bot = bot_of(api)
    return [message for _, raw in api.updates.waiting if (message := _parsed(raw, bot)) is not None]


def _parsed(raw: str, bot: Bot) -> Message | None:
    update = Update.de_json(bale_repairs.update(json.loads(raw)), bot)
    return update.message


async def test_a_photo_comes_in_several_sizes_and_the_largest_is_what_was_sent(api: BotApi, bot: Bot) -> None:
    api.send_photo(SARA, BRIDGE, caption="پل /start")

    (message,) = await received(bot)

    sizes = [size.file_size or 0 for size in message.photo]
    assert sizes == sorted(sizes)
    assert len({size.file_id for size in message.photo}) == 3
    assert await (await message.photo[-1].get_file()).download_as_bytearray() == BRIDGE
    assert await (await message.photo[0].get_file()).download_as_bytearray() != BRIDGE
    assert message.caption == "پل /start"
    assert [entity.type for entity in message.caption_entities] == ["bot_command"]


@pytest.mark.parametrize("kind", KINDS)
async def test_each_kind_is_parsed_and_fetched_over_http(api: BotApi, web_bot: Bot, kind: Kind) -> None:
    api.send_media(SARA, kind, SOUND, name="نام.ogg")

    (message,) = await received(web_bot)

    found = message.photo[-1] if kind == "photo" else getattr(message, kind)
    assert await (await web_bot.get_file(found)).download_as_bytearray() == SOUND


async def test_a_document_brings_its_name_and_type(api: BotApi, bot: Bot) -> None:
    api.send_document(SARA, "نامه.pdf", "application/pdf", b"%PDF")

    (message,) = await received(bot)

    assert message.document
    assert (message.document.file_name, message.document.mime_type, message.document.file_size) == (
        "نامه.pdf",
        "application/pdf",
        4,
    )


async def test_bale_tells_of_a_file_only_what_is_documented(bale: BotApi, bale_bot: Bot) -> None:
    bale.send_voice(SARA, SOUND)

    with pytest.raises(TypeError, match="duration"):
        await bale_bot.get_updates()
    (message,) = raw_messages(bale)
    assert message.voice
    assert await (await message.voice.get_file()).download_as_bytearray() == SOUND


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_bale_is_parsed_once_it_is_repaired(bale: BotApi, kind: Kind) -> None:
    bale.send_media(SARA, kind, SOUND)

    (message,) = raw_messages(bale)

    assert message.effective_attachment


async def test_the_colons_of_bales_paths_survive_http(bale: BotApi, bale_web_bot: Bot) -> None:
    file_id = bale.files.keep("voice", Upload.of("voice", SOUND)).file_id

    assert ":" in file_id
    assert await (await bale_web_bot.get_file(file_id)).download_as_bytearray() == SOUND


async def test_an_album_waits_for_one_answer(api: BotApi, bot: Bot) -> None:
    api.send_album(SARA, [BRIDGE, RIVER])
    api.group(-5)
    api.say(SARA, "به کسی نه", chat_id=-5)
    assert api.stats.unanswered == 1

    await bot.send_message(SARA, "رسید")

    assert api.stats.unanswered == 0


async def test_bale_may_tell_as_much_as_telegram() -> None:
    bale = BotApi("bale", shape=BaleShape(media="full", album_ids=False))
    bale.send_album(SARA, [BRIDGE, RIVER])

    first, second = await received(bot_of(bale))

    assert (first.photo[0].width, first.media_group_id, second.media_group_id) == (1280, None, None)


async def test_an_album_is_one_update_for_each_part(api: BotApi, bot: Bot) -> None:
    numbers = api.send_album(SARA, [BRIDGE, RIVER], caption="پل و رود")
    api.send_album(SARA, [BRIDGE])

    first, second, other = await received(bot)

    assert len(set(numbers)) == 2
    assert first.media_group_id == second.media_group_id != other.media_group_id
    assert (first.caption, second.caption) == ("پل و رود", None)


async def test_the_parts_of_an_album_may_come_slowly(api: BotApi, bot: Bot) -> None:
    sending = asyncio.create_task(api.send_album_slowly(SARA, [BRIDGE, RIVER], seconds=0.05))

    (first,) = await bot.get_updates(timeout=50)
    (second,) = await bot.get_updates(first.update_id + 1, timeout=50)

    assert await sending == [first.update_id, second.update_id]
    assert first.message
    assert second.message
    assert first.message.media_group_id == second.message.media_group_id


async def test_places_and_contacts_arrive(api: BotApi, bot: Bot) -> None:
    api.send_location(SARA, 35.67, 51.47)
    api.send_contact(SARA, "+989120000000", contact_id=2**40 + SARA)

    place, contact = await received(bot)

    assert place.location
    assert (place.location.latitude, place.location.longitude) == (35.67, 51.47)
    assert contact.contact
    assert (contact.contact.phone_number, contact.contact.user_id) == ("+989120000000", 2**40 + SARA)


async def test_bale_cuts_the_number_of_a_contact_to_32_bits(bale: BotApi, bale_bot: Bot) -> None:
    bale.send_contact(SARA, "+989120000000", contact_id=2**40 + SARA)

    (message,) = await received(bale_bot)

    assert message.contact
    assert message.contact.user_id == SARA


async def test_the_ids_of_another_server_mean_nothing(api: BotApi, bale: BotApi) -> None:
    api.send_photo(SARA, BRIDGE)
    (message,) = await received(bot_of(api))
    file_id = message.photo[-1].file_id

    with pytest.raises(BadRequest, match="file_id: must be"):
        await bot_of(bale).get_file(file_id)
    with pytest.raises(BadRequest, match=r"(?i)wrong file_id or the file is temporarily unavailable"):
        await bot_of(BotApi("telegram", token="200:OTHER")).get_file(file_id)


async def test_a_file_above_20_mb_is_not_given_out(api: BotApi, bale: BotApi) -> None:
    for server in (api, bale):
        server.send_document(SARA, "big.zip", "application/zip", b"PK", size=20 * MB + 1)
        file_id = raw_messages(server)[0].document
        assert file_id

        with pytest.raises(BadRequest, match=r"(?i)too big|larger than"):
            await bot_of(server).get_file(file_id)


async def test_a_path_is_dead_after_its_hour_and_for_other_bots(api: BotApi, bot: Bot) -> None:
    api.send_voice(SARA, SOUND)
    (message,) = await received(bot)
    assert message.voice
    file = await message.voice.get_file()

    assert (await api.download(file.file_path or "", "1:no")).status == 401
    api.files.expire_links()
    with pytest.raises(InvalidToken):
        await file.download_as_bytearray()
    assert await (await message.voice.get_file()).download_as_bytearray() == SOUND


@pytest.mark.parametrize("half", [True, False])
async def test_a_download_may_be_cut_midway(api: BotApi, web_bot: Bot, half: bool) -> None:
    api.send_document(SARA, "a.bin", "application/octet-stream", bytes(MB))
    (message,) = await received(web_bot)
    assert message.document
    file = await message.document.get_file()
    if half:
        api.faults.cut_midway()
    else:
        api.faults.cut("download")

    with pytest.raises(NetworkError):
        await file.download_as_bytearray()

    assert await file.download_as_bytearray() == bytes(MB)


async def test_a_download_may_fail_or_be_slow(api: BotApi, web_bot: Bot) -> None:
    api.send_voice(SARA, SOUND)
    (message,) = await received(web_bot)
    assert message.voice
    file = await message.voice.get_file()
    api.faults.fail_next("download", 500, b"oops")
    api.faults.fail_next("download", 404, b"gone")

    with pytest.raises(NetworkError, match="oops"):
        await file.download_as_bytearray()
    with pytest.raises(InvalidToken):
        await file.download_as_bytearray()
    api.faults.slow(30, "download")
    start = time.monotonic()
    with pytest.raises(TimedOut):
        await file.download_as_bytearray(read_timeout=0.1)
    assert time.monotonic() - start < 15
