"""What the bot sends besides words is seen by the citizen, and its answer is what the framework expects."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
)
from telegram.error import BadRequest, InvalidToken, NetworkError
from telegram.request import HTTPXRequest

from tests.botapi import BaleShape, BotApi, serve
from tests.botapi.files import KINDS, MB, Kind, Upload
from tests.botapi.request import bot_of

SARA = 7
BRIDGE, RIVER = b"bridge", b"river"


@pytest.fixture
def full_bale() -> BotApi:
    return BotApi("bale", shape=BaleShape(media="full"))


@pytest_asyncio.fixture(params=["telegram", "bale"])
async def server(request: pytest.FixtureRequest, api: BotApi, full_bale: BotApi) -> BotApi:
    """Either dialect; Bale with all fields, so that the framework can read it without repairs."""
    server = api if request.param == "telegram" else full_bale
    server.meet(SARA)
    return server


@pytest_asyncio.fixture
async def web_bot(server: BotApi) -> AsyncIterator[Bot]:
    request = HTTPXRequest(read_timeout=60, http_version="1.1")
    async with serve(server) as url, Bot(server.token, f"{url}/bot", f"{url}/file/bot", request=request) as bot:
        yield bot


@pytest.mark.parametrize("kind", KINDS)
async def test_a_file_is_uploaded_once_and_sent_again_by_its_id(server: BotApi, web_bot: Bot, kind: Kind) -> None:
    send = getattr(web_bot, f"send_{kind}")

    first = await send(SARA, BRIDGE, caption="پل", filename="پل.bin")
    found = first.photo[-1] if kind == "photo" else getattr(first, kind)
    await send(SARA, found.file_id)

    one, two = server.seen(SARA)
    assert one.file
    assert two.file
    assert (one.kind, one.caption, one.file.name, one.file.content, one.file.uploaded) == (
        kind,
        "پل",
        "پل.bin",
        BRIDGE,
        True,
    )
    assert (two.file.sha256, two.file.uploaded, two.caption) == (one.file.sha256, False, "")
    assert (server.files.times_uploaded(BRIDGE), server.files.times_reused(BRIDGE)) == (1, 1)


async def test_what_a_citizen_sent_can_be_sent_on_by_its_id(api: BotApi, bot: Bot) -> None:
    api.send_photo(SARA, BRIDGE)
    (update,) = await bot.get_updates()
    assert update.message

    await bot.send_photo(SARA, update.message.photo[-1].file_id)

    assert api.files.times_uploaded(BRIDGE) == 0
    assert api.files.times_reused(BRIDGE) == 1


@pytest.mark.parametrize("where", ["other bot", "other platform", "address"])
async def test_a_foreign_id_is_refused(server: BotApi, where: str) -> None:
    other = {
        "other bot": BotApi("telegram", token="200:OTHER"),
        "other platform": BotApi("bale" if server.dialect.name == "telegram" else "telegram"),
        "address": None,
    }[where]
    given = other.files.keep("photo", Upload.of("photo", BRIDGE)).file_id if other else "https://example.org/a.jpg"

    with pytest.raises(
        BadRequest, match=r"(?i)^(wrong file identifier/HTTP URL specified|photo: must be a valid value)"
    ):
        await bot_of(server).send_photo(SARA, given)
    assert server.seen(SARA) == []


async def test_an_id_of_another_kind_is_refused(api: BotApi, bot: Bot) -> None:
    api.meet(SARA)
    sent = await bot.send_document(SARA, BRIDGE)
    assert sent.document

    with pytest.raises(BadRequest, match=r"(?i)can't use file of type Document as Photo"):
        await bot.send_photo(SARA, sent.document.file_id)


async def test_an_album_of_uploads_and_ids(server: BotApi, web_bot: Bot) -> None:
    known = (await web_bot.send_photo(SARA, RIVER)).photo[-1].file_id

    sent = await web_bot.send_media_group(
        SARA,
        [
            InputMediaPhoto(BRIDGE, caption="<b>پل</b>", parse_mode="HTML"),
            InputMediaPhoto(known),
            InputMediaVideo(b"v"),
        ],
    )

    _, *parts = server.seen(SARA)
    assert [(seen.kind, seen.file and (seen.file.content, seen.file.uploaded)) for seen in parts] == [
        ("photo", (BRIDGE, True)),
        ("photo", (RIVER, False)),
        ("video", (b"v", True)),
    ]
    assert [message.message_id for message in sent] == [seen.message_id for seen in parts]
    assert len({message.media_group_id for message in sent} | {seen.album for seen in parts}) == 1
    assert parts[0].text == ("پل" if server.dialect.name == "telegram" else "<b>پل</b>")


@pytest.mark.parametrize("count", [1, 11])
async def test_an_album_has_two_to_ten_parts(server: BotApi, count: int) -> None:
    with pytest.raises(BadRequest):
        await bot_of(server).send_media_group(SARA, [InputMediaPhoto(BRIDGE)] * count)
    assert server.seen(SARA) == []


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (InputMediaDocument(RIVER), "Document can't be mixed"),
        (InputMediaAudio(RIVER), "Audio can't be mixed"),
        (InputMediaPhoto("no-id"), "wrong file identifier"),
        (InputMediaPhoto(RIVER, caption="x" * 1025), "caption is too long"),
    ],
)
async def test_one_wrong_part_keeps_the_whole_album_back(
    api: BotApi, bot: Bot, other: InputMediaPhoto | InputMediaDocument, why: str
) -> None:
    api.meet(SARA)

    with pytest.raises(BadRequest, match=f"(?i){why}"):
        await bot.send_media_group(SARA, [InputMediaPhoto(BRIDGE), other])
    assert api.seen(SARA) == []
    assert api.files.times_uploaded(BRIDGE) == 0


@pytest.mark.parametrize(
    ("kind", "size", "why"),
    [
        ("photo", 0, "non-empty|size must be"),
        ("photo", 10 * MB + 1, "too big for a photo|size must be"),
        ("document", 50 * MB + 1, "Too Large|size must be"),
    ],
)
async def test_an_upload_has_its_limits(server: BotApi, kind: str, size: int, why: str) -> None:
    call = {"chat_id": SARA, kind: Upload("a.bin", "image/jpeg", bytes(size))}

    answer = await server.handle(f"send{kind}", call)

    assert answer.status in {400, 413}
    assert any(part in answer.body.decode() for part in why.split("|"))


async def test_bale_may_take_less_than_it_documents() -> None:
    bale = BotApi("bale", shape=BaleShape(most_upload=20 * MB))
    bale.meet(SARA)

    with pytest.raises(BadRequest, match="document: the size must be"):
        await bot_of(bale).send_document(SARA, bytes(20 * MB + 1))


async def test_a_caption_above_1024_is_refused(server: BotApi) -> None:
    with pytest.raises(BadRequest, match=r"(?i)caption"):
        await bot_of(server).send_photo(SARA, BRIDGE, caption="x" * 1025)


async def test_places_and_contacts_are_seen(server: BotApi) -> None:
    bot = bot_of(server)

    place = await bot.send_location(SARA, 35.67, 51.47)
    person = await bot.send_contact(SARA, "137", "شهرداری")

    assert place.location
    assert person.contact
    first, second = server.seen(SARA)
    assert (first.kind, first.location, first.contact) == ("location", {"latitude": 35.67, "longitude": 51.47}, None)
    assert second.contact == {"phone_number": "137", "first_name": "شهرداری"}


async def test_a_caption_and_its_buttons_are_edited_a_text_is_not(api: BotApi, bot: Bot) -> None:
    api.meet(SARA)
    await bot.send_photo(SARA, BRIDGE, caption="پل")
    menu = InlineKeyboardMarkup([[InlineKeyboardButton("نقشه", callback_data="map")]])

    await bot.edit_message_caption(SARA, 1, caption="پل تازه", reply_markup=menu)

    assert (api.seen(SARA)[0].caption, api.seen(SARA)[0].buttons) == ("پل تازه", [["نقشه"]])
    api.press(SARA, "نقشه")
    with pytest.raises(BadRequest, match=r"(?i)no text in the message to edit"):
        await bot.edit_message_text("متن", SARA, 1)
    await bot.edit_message_reply_markup(SARA, 1)
    assert api.seen(SARA)[0].buttons == []
    await bot.send_message(SARA, "متن")
    with pytest.raises(BadRequest, match=r"(?i)no caption in the message to edit"):
        await bot.edit_message_caption(SARA, 2, caption="پل")


async def test_a_file_is_replaced_on_telegram_only(server: BotApi) -> None:
    bot = bot_of(server)
    sent = await bot.send_photo(SARA, BRIDGE)

    if server.dialect.name == "bale":
        with pytest.raises(InvalidToken):
            await bot.edit_message_media(InputMediaVideo(RIVER), SARA, sent.message_id)
        return
    await bot.edit_message_media(InputMediaVideo(RIVER), SARA, sent.message_id)
    (seen,) = server.seen(SARA)
    assert seen.file
    assert (seen.kind, seen.file.content) == ("video", RIVER)


async def test_a_lost_answer_leaves_the_upload_done(api: BotApi, bot: Bot) -> None:
    api.meet(SARA)
    api.faults.lose_answer("sendPhoto")

    with pytest.raises(NetworkError):
        await bot.send_photo(SARA, BRIDGE)

    assert api.files.times_uploaded(BRIDGE) == 1
    assert len(api.seen(SARA)) == 1
