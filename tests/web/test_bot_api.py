"""The page's Bot API, as python-telegram-bot and delivery use it."""

import json
from typing import Any

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import BadRequest, Forbidden, InvalidToken

from bot.errors import NotEditable, Undelivered
from bot.incoming import Attachment
from bot.markup import spans
from bot.platforms.web import Web, WebRequest
from bot.store.files import File
from tests.web.pictures import photo
from tests.web.site import Place, rendered

KEYBOARD = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("ساعت کار", callback_data="hours")],
        [InlineKeyboardButton("سایت", url="https://region14.tehran.ir/")],
    ]
)
NOBODY = 404


@pytest.fixture
async def sara(place: Place) -> int:
    return await place.store.write(lambda unit: unit.web.meet("a" * 64))


async def talk(place: Place, visitor_id: int) -> list[dict[str, Any]]:
    rows = await place.store.read(lambda unit: unit.web.since(visitor_id, 0, 100))
    return [{"kind": row.kind, **json.loads(row.body)} for row in rows]


async def test_the_bot_knows_itself(place: Place) -> None:
    assert (await place.bot.get_me()).is_bot


async def test_a_message_is_kept_in_spans(place: Place, sara: int) -> None:
    message = await place.bot.send_message(sara, rendered("سلام، **همیار** ام: [سایت](https://x.ir/)"))

    assert (message.chat_id, message.text) == (sara, "سلام، همیار ام: سایت")
    (stored,) = await talk(place, sara)
    assert stored["text"][1:] == [["b", "همیار"], ["", " ام: "], ["a", "سایت", "https://x.ir/"]]


async def test_buttons_under_a_message(place: Place, sara: int) -> None:
    await place.say(sara, "چه کمکی؟", reply_markup=KEYBOARD)

    (stored,) = await talk(place, sara)
    assert stored["inline"] == [
        [{"t": "ساعت کار", "d": "hours"}],
        [{"t": "سایت", "u": "https://region14.tehran.ir/"}],
    ]


async def test_a_keyboard_comes_and_goes(place: Place, sara: int) -> None:
    await place.say(sara, "منو", reply_markup=ReplyKeyboardMarkup([["راهنما", "پیگیری"]]))
    await place.say(sara, "خداحافظ", reply_markup=ReplyKeyboardRemove())

    first, second = await talk(place, sara)
    assert (first["reply"], second["remove"]) == ([["راهنما", "پیگیری"]], True)


async def test_a_key_may_ask_for_the_place(place: Place, sara: int) -> None:
    asking = ReplyKeyboardMarkup([[KeyboardButton("جای من", request_location=True)], ["بدون جا"]])
    await place.say(sara, "کجا؟", reply_markup=asking)

    (stored,) = await talk(place, sara)
    assert stored["reply"] == [[{"place": "جای من"}], ["بدون جا"]]


async def test_an_edit_keeps_the_message_and_gives_it_a_new_number(place: Place, sara: int) -> None:
    message_id = await place.say(sara, "یک", reply_markup=KEYBOARD)
    await place.say(sara, "دو")
    edited = await place.bot.edit_message_text(rendered("سه"), sara, message_id)

    assert not isinstance(edited, bool)
    assert edited.message_id == message_id
    rows = await place.store.read(lambda unit: unit.web.since(sara, 2, 100))
    assert [(row.id, row.seq, json.loads(row.body)) for row in rows] == [(message_id, 3, {"text": [["", "سه"]]})]


async def test_buttons_can_be_changed_alone(place: Place, sara: int) -> None:
    message_id = await place.say(sara, "یک", reply_markup=KEYBOARD)
    await place.bot.edit_message_reply_markup(sara, message_id)

    assert await talk(place, sara) == [{"kind": "out", "text": [["", "یک"]]}]


async def test_an_edit_that_changes_nothing_is_said_to_be_none(place: Place, sara: int) -> None:
    message_id = await place.say(sara, "یک")

    with pytest.raises(BadRequest, match="not modified"):
        await place.bot.edit_message_text(rendered("یک"), sara, message_id)


async def test_a_message_taken_back_is_gone_with_its_words(place: Place, sara: int) -> None:
    message_id = await place.say(sara, "راز")
    await place.bot.delete_message(sara, message_id)

    assert await talk(place, sara) == [{"kind": "gone"}]
    with pytest.raises(BadRequest, match="not found"):
        await place.bot.delete_message(sara, message_id)


async def test_only_the_last_notice_is_kept(place: Place, sara: int) -> None:
    for text in ("یک", "دو"):
        await place.bot.answer_callback_query(f"{sara}.1", text)
    await place.bot.answer_callback_query(f"{sara}.1")

    assert await talk(place, sara) == [{"kind": "notice", "text": "دو"}]


async def test_typing_leaves_no_trace(place: Place, sara: int) -> None:
    await place.bot.send_chat_action(sara, "typing")

    assert await talk(place, sara) == []


async def test_an_unknown_visitor_has_blocked_the_bot(place: Place) -> None:
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await place.say(NOBODY, "سلام")
    with pytest.raises(Forbidden):
        await place.bot.edit_message_text(rendered("سلام"), NOBODY, 1)
    with pytest.raises(Forbidden):
        await place.bot.answer_callback_query(f"{NOBODY}.1", "سلام")


async def test_another_visitor_s_message_cannot_be_edited(place: Place, sara: int) -> None:
    reza = await place.store.write(lambda unit: unit.web.meet("b" * 64))
    message_id = await place.say(sara, "سلام")

    with pytest.raises(BadRequest, match="essage to edit not found"):
        await place.bot.edit_message_text(rendered("سلام"), reza, message_id)


async def test_a_method_the_page_has_not_is_not_found(place: Place, sara: int) -> None:
    with pytest.raises(InvalidToken, match="method not found"):
        await place.bot.send_dice(sara)


@pytest.mark.parametrize("text", ["سلام", "[]", '[["", ""]]', "{}", '[["script", "x"]]', "[[]]", "[1]", "null"])
async def test_text_that_is_not_in_the_page_s_form_is_refused(place: Place, sara: int, text: str) -> None:
    with pytest.raises(BadRequest):
        await place.bot.send_message(sara, text)


@pytest.mark.parametrize("chat_id", ["@someone", "", "-5", "1.5", "9" * 30])
async def test_a_chat_that_can_be_no_visitor_is_refused(place: Place, chat_id: str) -> None:
    with pytest.raises(BadRequest):
        await place.bot.send_message(chat_id, rendered("سلام"))


async def test_whoever_is_connected_is_told_after_the_commit(place: Place, sara: int) -> None:
    told: list[int] = []
    bot = Bot("0:page", "page://", request=WebRequest(place.store, told.append))
    await bot.send_message(sara, rendered("سلام"))

    assert told == [sara]


async def test_clearing_leaves_nothing_but_the_word_of_it(place: Place, sara: int) -> None:
    await place.say(sara, "یک")
    await place.store.write(lambda unit: unit.web.clear(sara))
    await place.say(sara, "دو")
    await place.store.write(lambda unit: unit.web.clear(sara))

    assert await talk(place, sara) == [{"kind": "clear"}]


# -- files, places, numbers


async def test_a_file_of_anybody_is_given_to_the_visitor_as_their_own(place: Place, sara: int) -> None:
    theirs = await kept(place, "telegram", 501)
    await place.bot.send_photo(sara, theirs.key, caption=rendered("**نقشه**"), reply_markup=KEYBOARD)

    (stored,) = await talk(place, sara)
    (file,) = stored["files"]
    assert (file["kind"], file["mime"], file["key"] != theirs.key) == ("photo", "image/jpeg", True)
    assert (stored["text"], len(stored["inline"])) == ([["b", "نقشه"]], 2)
    own = await place.store.read(lambda unit: unit.files.find_theirs("web", sara, [file["key"]]))
    assert own[file["key"]].hash == theirs.hash


async def test_a_visitor_s_own_file_stays_one(place: Place, sara: int) -> None:
    own = await kept(place, "web", sara)
    await place.bot.send_photo(sara, own.key)

    assert (await talk(place, sara))[0]["files"][0]["key"] == own.key


async def test_an_album_is_one_message_on_the_page(place: Place, sara: int) -> None:
    keys = [(await kept(place, "bale", 7)).key for _ in range(3)]
    media = [InputMediaPhoto(key) for key in keys]
    messages = await place.bot.send_media_group(sara, media, caption=rendered("سه عکس"))

    assert len({message.message_id for message in messages}) == 1
    (stored,) = await talk(place, sara)
    assert (len(stored["files"]), stored["text"]) == (3, [["", "سه عکس"]])


async def test_what_is_not_to_be_had_is_shown_as_missing(place: Place, sara: int) -> None:
    waiting = await place.store.write(
        lambda unit: unit.files.want("telegram", 501, Attachment("video", "abc", "film.mp4"))
    )
    await place.bot.send_video(sara, waiting.key)
    await place.bot.send_photo(sara, "unknown")

    assert [message["files"] for message in await talk(place, sara)] == [
        [{"kind": "video", "missing": True, "name": "film.mp4"}],
        [{"kind": "photo", "missing": True}],
    ]


async def test_a_place_and_a_number(place: Place, sara: int) -> None:
    await place.bot.send_location(sara, 35.67, 51.47)
    await place.bot.send_contact(sara, "137", "سامانه ۱۳۷")

    assert await talk(place, sara) == [
        {"kind": "out", "place": {"lat": 35.67, "lon": 51.47}},
        {"kind": "out", "contact": {"phone": "137", "name": "سامانه ۱۳۷"}},
    ]


async def test_an_edit_changes_the_words_under_a_photo_and_keeps_the_photo(place: Place, sara: int) -> None:
    message = await place.bot.send_photo(sara, (await kept(place, "web", sara)).key, caption=rendered("یک"))
    await place.bot.edit_message_caption(sara, message.message_id, caption=rendered("دو"))
    await place.bot.edit_message_text(rendered("سه"), sara, message.message_id)

    (stored,) = await talk(place, sara)
    assert (stored["text"], len(stored["files"])) == ([["", "سه"]], 1)


async def test_nothing_is_given_to_an_unknown_visitor(place: Place) -> None:
    theirs = await kept(place, "telegram", 501)

    with pytest.raises(Forbidden):
        await place.bot.send_photo(NOBODY, theirs.key)
    assert await place.store.read(lambda unit: unit.files.count("web", NOBODY)) == 0


async def kept(place: Place, platform: str, chat_id: int) -> File:
    """A photo that a chat has sent."""
    with place.site.cleaner.shelf.scratch() as source:
        source.write_bytes(photo())
        cleaned = place.site.cleaner.shelf.put(source, name="a.jpg")
    return await place.store.write(lambda unit: unit.files.put(platform, chat_id, cleaned))


# -- as delivery uses it


@pytest.fixture
def page(place: Place) -> Web:
    return Web(WebRequest(place.store, place.site.streams.wake))


async def test_delivery_sends_and_edits(place: Place, page: Web, sara: int) -> None:
    words = [list(span[:2]) for span in spans("سلام، **همیار**")]
    number = await page.send(sara, {"text": words, "inline": [[{"t": "منو", "d": "menu"}]]})
    await page.edit(sara, number, {"text": [["", "خداحافظ"]]})
    await page.edit(sara, number, {"text": [["", "خداحافظ"]]})
    await page.acknowledge(f"{sara}.5", "باشد")

    notes = await talk(place, sara)
    assert notes == [{"kind": "out", "text": [["", "خداحافظ"]]}, {"kind": "notice", "text": "باشد"}]


async def test_delivery_learns_that_a_visitor_is_gone(page: Web) -> None:
    with pytest.raises(Undelivered) as raised:
        await page.send(NOBODY, {"text": [["", "سلام"]]})

    assert raised.value.gone


async def test_delivery_sends_anew_what_cannot_be_edited(page: Web, sara: int) -> None:
    with pytest.raises(NotEditable):
        await page.edit(sara, 999, {"text": [["", "سلام"]]})
