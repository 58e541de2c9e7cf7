"""Whatever a platform sends is handled or set aside with its error; the process lives, the next message is answered."""

import asyncio
import copy
import json
import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import switchboard
from bot.app import App
from bot.clock import Clock
from bot.config import Bale as BaleSettings
from bot.config import Telegram as TelegramSettings
from bot.errors import Unreadable
from bot.flow import Turn
from bot.inbox import _row
from bot.incoming import Incoming
from bot.loading import Loaded
from bot.markup import plain
from bot.platforms import Platform
from bot.platforms.bale import Bale
from bot.platforms.reading import chat_of, is_id, read
from bot.platforms.telegram import Telegram
from bot.switchboard import Switchboard
from tests.botapi import BotApi
from tests.citizen import Citizen, inbox_rows, settled, wait_until

PLATFORMS: dict[str, Platform] = {
    "telegram": Telegram.from_settings(TelegramSettings(), "100:TEST"),
    "bale": Bale.from_settings(BaleSettings(), "100:TEST"),
}
DONE, SET_ASIDE = 1, 2
QUESTION = "کد پستی شهرداری چنده؟"
ANSWER = "۱۷۷۷۶۸۳۱۹۳"
OPERATOR = 900

SARA = {"id": 501, "is_bot": False, "first_name": "سارا"}
TALK = {"id": 501, "type": "private", "first_name": "سارا"}
SAID = {"message_id": 7, "date": 1_791_025_477, "chat": TALK, "from": SARA, "text": "سلام"}
SHOWN = SAID | {"from": {"id": 100, "is_bot": True, "first_name": "Hamyar"}, "text": "منوی اصلی"}
PRESSED = {"id": "7000", "from": SARA, "message": SHOWN, "chat_instance": "-7", "data": "menu:new:home"}
GOOD: tuple[dict[str, Any], ...] = (
    {"update_id": 5, "message": SAID},
    {"update_id": 5, "edited_message": SAID | {"edit_date": 1_791_025_999}},
    {"update_id": 5, "message": SAID | {"text": "/start go", "reply_to_message": SHOWN}},
    {"update_id": 5, "callback_query": PRESSED},
)


def without(shape: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in shape.items() if name not in names}


def taken_in(platform: str, update: Any) -> Incoming | None:  # noqa: ANN401 - whatever a platform sends
    """The way of an update without a database: into a row, and read from it."""
    row = _row(PLATFORMS[platform], copy.deepcopy(update))
    assert is_id(row.update_id)
    assert is_id(row.chat_id)
    assert row.raw.isascii()
    found = read(platform, row.raw, PLATFORMS[platform].bot)
    return found if isinstance(found, Incoming) else None


# -- anything at all

TEXT = st.text(max_size=8) | st.sampled_from(["\ud800", "a\x00b", "\u202e", "{0} %s", "9" * 400])
NUMBERS = st.integers() | st.sampled_from([0, -1, 2**31, 2**53, 2**63 - 1, -(2**63), 2**63, 2**64, 10**30, True])
ANYTHING = st.recursive(
    st.none() | NUMBERS | st.floats(allow_nan=True) | TEXT,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "chat", "from", "message", "text", "type"]) | TEXT, inner, max_size=4)
    ),
    max_leaves=12,
)
KEYS = st.sampled_from(["message", "edited_message", "callback_query", "pre_checkout_query", "poll", "my_chat_member"])
INVENTED = st.dictionaries(KEYS | TEXT, ANYTHING, max_size=3).flatmap(
    lambda update: ANYTHING.map(lambda number: {"update_id": number} | update)
)


def paths(shape: object, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in an update."""
    inside = shape.items() if isinstance(shape, dict) else enumerate(shape) if isinstance(shape, list) else ()
    return [before, *(path for key, value in inside for path in paths(value, (*before, key)))]


def spoiled(update: dict[str, Any], path: tuple[Any, ...], value: object, *, gone: bool) -> Any:  # noqa: ANN401 - any JSON
    """The update with one place changed or gone."""
    if not path:
        return value
    holder = update = copy.deepcopy(update)
    for key in path[:-1]:
        holder = holder[key]
    if gone:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return update


SPOILED = st.sampled_from(GOOD).flatmap(
    lambda good: st.builds(
        lambda path, value, gone: spoiled(good, path, value, gone=gone),
        st.sampled_from(paths(good)),
        ANYTHING,
        st.booleans(),
    )
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(platform=st.sampled_from(["telegram", "bale"]), update=INVENTED | SPOILED | ANYTHING)
def test_any_update_is_understood_or_refused_in_our_words(platform: str, update: object) -> None:
    assert is_id(chat_of(update))
    try:
        incoming = taken_in(platform, update)
    except Unreadable as error:
        assert len(str(error)) < 100  # noqa: PT017 - it may be raised
    else:
        if incoming is not None:
            storable(incoming)


def storable(incoming: Incoming) -> None:
    """Whatever goes on from here is of the right kind, and a database takes it."""
    assert is_id(incoming.chat_id)
    assert is_id(incoming.user_id)
    for text in (incoming.text, incoming.argument, incoming.name or "", incoming.command or ""):
        assert "\x00" not in text
        text.encode()
    if incoming.press is not None:
        incoming.press.data.encode()
        assert isinstance(incoming.press.id, str)
        assert incoming.press.message_id is None or is_id(incoming.press.message_id)


DEEP: Any = "end"
for _ in range(900):
    DEEP = [DEEP]


@pytest.mark.parametrize("number", ["5", 5.5, None, True, [], {}, -(10**40), 2**63, 2**70])
def test_an_update_without_a_usable_number_gets_one_of_ours(number: object) -> None:
    row = _row(PLATFORMS["telegram"], {"update_id": number, "message": SAID})

    assert row.update_id < 0
    assert row.chat_id == 501
    assert row == _row(PLATFORMS["telegram"], {"update_id": number, "message": SAID})


@pytest.mark.parametrize("levels", [10, 200, 900, 1020])
def test_deep_nesting_is_no_danger(levels: int) -> None:
    deep: Any = "end"
    for _ in range(levels):
        deep = {"reply_to_message": deep}
    row = _row(PLATFORMS["bale"], {"update_id": 5, "message": deep})

    with pytest.raises(Unreadable):
        read("bale", row.raw, PLATFORMS["bale"].bot)


@pytest.mark.parametrize("platform", list(PLATFORMS))
@pytest.mark.parametrize(
    "part",
    [
        {"reply_to_message": {"text": "یک روز"}},
        {"reply_to_message": {"reply_to_message": {"reply_to_message": {"reply_to_message": 8}}}},
        {"pinned_message": {"message_id": "seven"}},
        {"entities": [{"type": "bold"}]},
        {"forward_origin": {"type": "from_the_future"}},
        {"reply_markup": {"inline_keyboard": [[{"text": 7}]]}},
        {"giveaway": {}, "quote": [], "external_reply": {"origin": 1}, "link_preview_options": "no"},
    ],
)
def test_a_poor_part_that_nobody_looks_at_costs_no_answer(platform: str, part: dict[str, Any]) -> None:
    found = taken_in(platform, {"update_id": 5, "message": SAID | part})

    assert found is not None
    assert (found.kind, found.text) == ("text", SAID["text"])


@pytest.mark.parametrize("platform", list(PLATFORMS))
def test_a_poor_picture_is_a_picture_all_the_same(platform: str) -> None:
    found = taken_in(platform, {"update_id": 5, "message": without(SAID, "text") | {"photo": [1, 2], "caption": "این"}})

    assert found is not None
    assert (found.kind, found.text) == ("photo", "این")


# -- the shapes of Bale

PERSON_2023 = {"id": 485750575, "first_name": "سارا", "username": "sara", "is_bot": False}
CHAT_2023 = {
    "id": 485750575,
    "type": "private",
    "title": "",
    "username": "sara",
    "first_name": "سارا",
    "last_name": "",
    "all_members_are_administrators": False,
    "photo": None,
    "pinned_message": None,
}
BODY_2023 = {"message_id": -1515335176, "from": PERSON_2023, "date": 1680340954, "chat": CHAT_2023, "text": "salam"}
FILE = {"file_id": "485:1:abc"}
EMPTY = without(SAID, "text")
SHAPES: dict[str, tuple[dict[str, Any], str, str]] = {
    "body of 2023": ({"message": BODY_2023}, "text", "salam"),
    "body of 2026": ({"message": SAID}, "text", "سلام"),
    "command without entities": ({"message": SAID | {"text": "/start payload"}}, "text", "/start payload"),
    "chat without a type": ({"message": SAID | {"chat": {"id": 501}}}, "text", "سلام"),
    "chat with nulls": ({"message": SAID | {"chat": dict.fromkeys(CHAT_2023) | {"id": 501}}}, "text", "سلام"),
    "person without is_bot": ({"message": SAID | {"from": {"id": 501, "first_name": "سارا"}}}, "text", "سلام"),
    "person without a name": ({"message": SAID | {"from": {"id": 501}}}, "text", "سلام"),
    "person with nulls": (
        {"message": SAID | {"from": {"id": 501, "first_name": None, "last_name": None, "username": None}}},
        "text",
        "سلام",
    ),
    "ids of 52 bits": (
        {"message": SAID | {"chat": TALK | {"id": 2**52 - 1}, "from": SARA | {"id": 2**52 - 1}}},
        "text",
        "سلام",
    ),
    "without a date": ({"message": without(SAID, "date")}, "text", "سلام"),
    "nulls for parts": ({"message": SAID | dict.fromkeys(("voice", "photo", "contact", "sticker"))}, "text", "سلام"),
    "null beside the message": ({"message": SAID, "callback_query": None, "edited_message": None}, "text", "سلام"),
    "old forward": (
        {"message": SAID | {"forward_from": SARA, "forward_from_message_id": 3, "forward_date": 1}},
        "text",
        "سلام",
    ),
    "reply to a stub": (
        {"message": SAID | {"reply_to_message": {"message_id": 3, "chat": {"id": 501}}}},
        "text",
        "سلام",
    ),
    "voice of two fields": ({"message": EMPTY | {"voice": FILE | {"file_unique_id": "u"}}}, "voice", ""),
    "voice of one field": ({"message": EMPTY | {"voice": FILE}}, "voice", ""),
    "audio": ({"message": EMPTY | {"audio": FILE}}, "audio", ""),
    "video": ({"message": EMPTY | {"video": FILE, "caption": "پل"}}, "video", "پل"),
    "animation": ({"message": EMPTY | {"animation": FILE}}, "animation", ""),
    "sticker": ({"message": EMPTY | {"sticker": FILE}}, "sticker", ""),
    "document": ({"message": EMPTY | {"document": FILE}}, "document", ""),
    "photo": ({"message": EMPTY | {"photo": [FILE, FILE]}}, "photo", ""),
    "contact of 32 bits": (
        {"message": EMPTY | {"contact": {"phone_number": "98912", "user_id": 501}}},
        "contact",
        "",
    ),
    "contact without a number": ({"message": EMPTY | {"contact": {"first_name": "سارا"}}}, "contact", ""),
    "location": ({"message": EMPTY | {"location": {"longitude": 51.4, "latitude": 35.6}}}, "location", ""),
    "mini app": ({"message": EMPTY | {"web_app_data": {"data": "{}"}}}, "other", ""),
    "empty message": ({"message": EMPTY}, "other", ""),
    "press": ({"callback_query": PRESSED}, "press", ""),
    "press without chat_instance": ({"callback_query": without(PRESSED, "chat_instance")}, "press", ""),
    "press with a null chat_instance": ({"callback_query": PRESSED | {"chat_instance": None}}, "press", ""),
    "press without its message": ({"callback_query": without(PRESSED, "message")}, "press", ""),
    "press with a null message": ({"callback_query": PRESSED | {"message": None}}, "press", ""),
    "press under an old message": (
        {"callback_query": PRESSED | {"message": {"message_id": 7, "chat": {"id": 501}}}},
        "press",
        "",
    ),
    "press of an old client": ({"callback_query": PRESSED | {"id": "1000"}}, "press", ""),
    "press without data": ({"callback_query": without(PRESSED, "data")}, "press", ""),
    "press with empty data": ({"callback_query": PRESSED | {"data": ""}}, "press", ""),
    "press with negative message": ({"callback_query": PRESSED | {"message": SHOWN | {"message_id": -9}}}, "press", ""),
    "press of a nameless person": ({"callback_query": PRESSED | {"from": {"id": 501}}}, "press", ""),
}
IGNORED: dict[str, dict[str, Any]] = {
    "edited": {"edited_message": SAID},
    "channel post": {
        "message": without(SAID, "from") | {"chat": {"id": -100, "type": "channel"}, "sender_chat": {"id": -100}}
    },
    "without a sender": {"message": without(SAID, "from")},
    "null sender": {"message": SAID | {"from": None}},
}
REFUSED: dict[str, dict[str, Any]] = {
    "no chat": {"message": without(SAID, "chat")},
    "null chat": {"message": SAID | {"chat": None}},
    "chat without a number": {"message": SAID | {"chat": {"type": "private"}}},
    "number for a text": {"message": SAID | {"text": 5}},
    "list for a text": {"message": SAID | {"text": ["سلام"]}},
    "text for an id": {"message": SAID | {"chat": TALK | {"id": "501"}}},
    "id beyond 64 bits": {"message": SAID | {"from": SARA | {"id": 10**30}}},
    "date beyond time": {"message": SAID | {"date": 10**18}},
    "press without a person": {"callback_query": without(PRESSED, "from")},
    "press without a name": {"callback_query": without(PRESSED, "id")},
    "press named by a number": {"callback_query": PRESSED | {"id": 7}},
    "list for data": {"callback_query": PRESSED | {"data": ["menu:new:home"]}},
    "unknown kind": {"business_wish": {"chat": TALK}},
    "nothing": {},
}


@pytest.mark.parametrize("name", SHAPES)
def test_bales_shapes_are_understood(name: str) -> None:
    shape, kind, text = SHAPES[name]

    incoming = taken_in("bale", {"update_id": 0} | shape)

    assert incoming is not None
    storable(incoming)
    assert (incoming.kind, incoming.text, incoming.private) == (kind, text, True)


@pytest.mark.parametrize("name", IGNORED)
def test_what_is_not_for_us_is_no_error(name: str) -> None:
    assert taken_in("bale", {"update_id": 0} | IGNORED[name]) is None


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("platform", ["telegram", "bale"])
def test_what_cannot_be_read_is_refused(platform: str, name: str) -> None:
    with pytest.raises(Unreadable):
        taken_in(platform, {"update_id": 0} | REFUSED[name])


# -- over HTTP, with the whole service


def queue(api: BotApi, update: Any) -> None:  # noqa: ANN401 - whatever a platform sends
    """Queue an update word for word; the server counts it, whatever number it bears."""
    updates = api.updates
    updates.waiting.append((updates.next_id, json.dumps(update)))
    updates.next_id += 1
    updates.queued += 1
    updates._wake()


async def answered(citizen: Citizen) -> bool:
    return any(ANSWER in seen.text for seen in await citizen.send(QUESTION))


async def test_every_shape_over_http_and_the_next_message_is_answered(
    app: App, api: BotApi, sara: Citizen, reza: Citizen
) -> None:
    shapes = [shape for shape, _, _ in SHAPES.values()] + list(IGNORED.values()) + list(REFUSED.values())
    if api.dialect.name == "telegram":  # what only Bale leaves out is refused there
        shapes = list(REFUSED.values())
    for shape in shapes:
        queue(api, {"update_id": api.updates.next_id} | shape)

    assert await answered(sara)
    assert await answered(reza)
    rows = await inbox_rows(app)
    assert len(rows) == len(shapes) + 2
    assert sum(row["state"] == SET_ASIDE for row in rows) == len(REFUSED)
    assert all(row["error"] for row in rows if row["state"] == SET_ASIDE)
    assert await app.health() == []


async def test_spoiled_updates_between_good_ones(app: App, api: BotApi, sara: Citizen, reza: Citizen) -> None:
    dice = random.Random(14)
    values: list[Any] = [
        None,
        5,
        -1,
        2**70,
        1.5,
        True,
        "",
        "x",
        "a\x00b",
        [],
        [1],
        {},
        {"id": 1},
        "{}",
        "9" * 5000,
        DEEP,
    ]
    count = 0
    for good in GOOD:
        for path in paths(good):
            for gone in (False, True):
                if path or not gone:
                    numbered = good | {"update_id": api.updates.next_id}
                    queue(api, spoiled(numbered, path, dice.choice(values), gone=gone))
                    count += 1

    assert await answered(sara)
    assert await answered(reza)
    rows = await inbox_rows(app)
    assert {row["state"] for row in rows} <= {DONE, SET_ASIDE}
    assert sum(row["state"] == SET_ASIDE for row in rows) > count / 10
    assert all(row["error"] for row in rows if row["state"] == SET_ASIDE)
    assert not any(row["tries"] for row in rows), "a step raised"


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.poller.UNNUMBERED_PAUSE_SECONDS", 0.01)


@pytest.mark.usefixtures("no_pause")
@pytest.mark.parametrize("number", ["none", None, True, -5, 2**63, 2**70, "7", 1.5, [7], 2**60, -(2**60)])
async def test_an_update_with_a_strange_number_loses_no_other(
    api: BotApi, sara: Citizen, reza: Citizen, number: object
) -> None:
    update: dict[str, Any] = {"message": SAID | {"text": "/help"}}
    queue(api, update if number == "none" else {"update_id": number} | update)
    await asyncio.sleep(0.05)

    assert await answered(sara)
    assert await answered(reza)
    offsets = [int(call.params.get("offset", 0)) for call in api.calls_of("getUpdates")]
    assert 0 <= min(offsets) <= max(offsets) <= api.updates.next_id, "confirmed what it has not fetched"


async def test_answers_that_are_no_updates_stop_nothing(api: BotApi, sara: Citizen) -> None:
    answers: tuple[Any, ...] = (None, 5, "x", [], [[]], True, 1e300)
    for strange in answers:
        queue(api, strange)

    assert await answered(sara)


async def test_a_text_of_a_megabyte_is_answered_quickly(api: BotApi, sara: Citizen, reza: Citizen) -> None:
    for text in ("الف " * 250_000, "ب" * 1_000_000, "/start " + "x" * 1_000_000, "\u200c" * 1_000_000, "ـ" * 500_000):
        api.say(501, text)
    began = time.monotonic()

    assert await answered(sara)
    assert await answered(reza)
    assert time.monotonic() - began < 30


@pytest.mark.parametrize("text", ["سلام\ud800", "\udfff", "\x00", "سلام\x00"])
async def test_what_no_database_takes_is_left_out(app: App, api: BotApi, sara: Citizen, text: str) -> None:
    incoming = taken_in("telegram", {"update_id": 5, "message": SAID | {"text": text}})
    assert incoming is not None
    assert incoming.text in {"سلام", ""}

    api.say(501, text)

    assert await answered(sara)
    assert [row["state"] for row in await inbox_rows(app)] == [DONE, DONE]


# -- what is echoed is neutral

NASTY = (
    "*bold* _it_",
    "[bank](http://evil.example)",
    "``` [x] y```",
    "<b>b</b> <a href='http://evil.example'>a</a>",
    "{name} {0} %s %(x)d ${HOME}",
    "&lt;&amp; </b>",
    "**two** [a](https://evil.example)",
    "\\*x\\* \\_",
)


@pytest.mark.parametrize("name", NASTY)
async def test_a_name_full_of_marks_is_shown_as_it_is(api: BotApi, sara: Citizen, name: str) -> None:
    api.meet(501, first_name=name)

    (shown,) = [seen for seen in await sara.send("/mydata") if seen.buttons]

    assert name in shown.text.replace("\u200b", "")
    if api.dialect.name == "telegram":
        assert not any(entity["type"] in {"text_link", "bold", "italic", "code"} for entity in shown.entities)
    else:
        assert "](" not in shown.raw_text
        assert not any(mark in shown.raw_text for mark in (" *", "* ", " _", "_ ", "```"))


@pytest.mark.parametrize("text", NASTY)
async def test_a_message_full_of_marks_is_a_message(sara: Citizen, text: str) -> None:
    assert await sara.send(text)
    assert await answered(sara)
    assert "evil.example" not in sara.screen


# -- what fails in our own steps


@pytest.fixture
def options() -> dict[str, Any]:
    return {"operators": {"chat_ids": [f"telegram:{OPERATOR}"]}}


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the next try as long as in life."""
    monkeypatch.setattr(switchboard, "PAUSES_MS", (10, 10, 10))
    monkeypatch.setattr(switchboard, "IDLE_SECONDS", 0.02)


@pytest.fixture
def broken_help(monkeypatch: pytest.MonkeyPatch, loaded: Loaded) -> list[Exception]:
    """/help raises what is in the list, one a time, and then works again. Before that it says and writes something."""
    raised: list[Exception] = []
    talks = loaded.library.talks
    name, step = talks.command("help")

    def broken(turn: Turn) -> None:
        if not raised:
            step(turn)
            return
        turn.tell("نباید دیده شود")
        turn.unit.citizens.back(turn.citizen.platform, turn.citizen.user_id, "نباید بماند")
        raise raised.pop(0)

    monkeypatch.setitem(talks._commands, "help", (name, broken))
    return raised


async def test_a_step_that_fails_once_is_tried_again(
    app: App, sara: Citizen, broken_help: list[Exception], hurry: None
) -> None:
    await sara.send("/start")
    broken_help.append(ValueError("یک بار"))

    shown = await sara.send("/help")

    assert len(shown) == 1
    assert "نباید دیده شود" not in sara.screen
    (row,) = [row for row in await inbox_rows(app) if row["tries"]]
    assert (row["state"], row["tries"]) == (DONE, 1)


async def test_a_step_that_always_fails_is_set_aside_and_said(
    app: App,
    telegram: BotApi,
    sara: Citizen,
    reza: Citizen,
    broken_help: list[Exception],
    hurry: None,
    loaded: Loaded,
) -> None:
    telegram.meet(OPERATOR)
    await sara.send("/start")
    broken_help += [ValueError("راز")] * 3

    (apology,) = await sara.send("/help")

    (row,) = [row for row in await inbox_rows(app) if row["state"] == SET_ASIDE]
    assert apology.text == plain(loaded.alarms.text("apology", code=row["id"]))
    assert "ValueError at" in row["error"]
    (alarm,) = telegram.seen(OPERATOR)
    fields = {"row": row["id"], "subject": sara.api.dialect.name, "error": row["error"]}
    assert alarm.text == plain(loaded.alarms.text("set_aside", **fields))
    assert not any("راز" in text for text in (row["error"], alarm.text))
    assert await answered(sara)
    assert await answered(reza)
    assert "نباید دیده شود" not in sara.screen


async def test_a_failing_search_is_no_different(
    telegram: BotApi, sara: Citizen, hurry: None, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    telegram.meet(OPERATOR)
    await sara.send("/start")
    with monkeypatch.context() as patch:
        patch.setattr(type(loaded.library.answers), "reply", _fails)
        (apology,) = await sara.send("این چیست؟")

    assert apology.text.startswith(plain(loaded.alarms.text("apology", code=0))[:40])
    assert await answered(sara)


def _fails(*_: object) -> None:
    raise RuntimeError


async def test_while_a_chat_fails_others_are_answered(
    sara: Citizen, reza: Citizen, api: BotApi, broken_help: list[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(switchboard, "PAUSES_MS", (60_000,) * 3)
    broken_help.append(ValueError())
    api.say(501, "/help")
    await wait_until(lambda: not broken_help)

    api.say(502, QUESTION)
    seen = await api.wait_for(502, 2)

    assert ANSWER in seen[-1].text
    assert not api.seen(501)


# -- what kills the process


def waiting_since_a_kill(database: str, platform: str, texts: dict[int, list[str]], tries: dict[int, int]) -> None:
    """Rows as a killed process leaves them: claimed so many times, and never finished."""
    with closing(sqlite3.connect(database.removeprefix("sqlite+aiosqlite:///"))) as connection:
        number = 700_000
        for chat_id, said in texts.items():
            for text in said:
                number += 1
                message = SAID | {"text": text, "chat": TALK | {"id": chat_id}, "from": SARA | {"id": chat_id}}
                raw = json.dumps({"update_id": number, "message": message})
                connection.execute(
                    "INSERT INTO inbox (platform, bot_id, update_id, chat_id, raw, received_at) "
                    "VALUES (?, 100, ?, ?, ?, ?)",
                    (platform, number, chat_id, raw, Clock().millis()),
                )
            connection.execute(
                "INSERT INTO chats (platform, chat_id, pending, ready_at, tries, lease_by, lease_until) "
                "VALUES (?, ?, ?, 0, ?, 'gone', 1e15)",
                (platform, chat_id, len(said), tries.get(chat_id, 1)),
            )
        connection.commit()


async def test_what_killed_the_process_again_and_again_is_set_aside(
    start: Callable[[], Any], database: str, telegram: BotApi, api: BotApi
) -> None:
    telegram.meet(OPERATOR)
    for user_id in (501, 502, 503):
        api.meet(user_id)
    texts = {501: ["چیزی که می‌کشد", QUESTION], 502: [QUESTION], 503: [QUESTION]}
    waiting_since_a_kill(database, api.dialect.name, texts, {501: 5, 503: 4})

    async with start() as app:
        await settled(app, api)
        rows = await inbox_rows(app)

    assert [(row["chat_id"], row["state"]) for row in rows] == [(501, SET_ASIDE), (501, DONE), (502, DONE), (503, DONE)]
    assert "no end after 5 tries" in rows[0]["error"]
    assert all(ANSWER in api.seen(user_id)[-1].text for user_id in (501, 502, 503))
    assert len(telegram.seen(OPERATOR)) == 1


async def test_suspects_are_handled_alone(
    start: Callable[[], Any], database: str, telegram: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chat that kills the process must not take others down with it time after time, until they are set aside too."""
    texts = {chat_id: ["/help"] for chat_id in range(600, 640)}
    for chat_id in texts:
        telegram.meet(chat_id)
    waiting_since_a_kill(database, "telegram", texts, dict.fromkeys(range(600, 610), 2))
    together: list[int] = []
    drain = Switchboard._drain

    async def watched(self: Switchboard, chat: Any, rows: Any) -> None:  # noqa: ANN401 - only handed on
        if chat.is_suspect:
            together.append(len(self._active))
        await drain(self, chat, rows)
        if chat.is_suspect:
            together.append(len(self._active))

    monkeypatch.setattr(Switchboard, "_drain", watched)
    async with start() as app:
        await settled(app, telegram)

    assert together == [1] * 20


async def test_messages_of_a_messenger_that_is_switched_off_wait_for_it(
    start: Callable[[], Any], database: str, telegram: BotApi, bale: BotApi, options: dict[str, Any]
) -> None:
    bale.meet(501)
    waiting_since_a_kill(database, "bale", {501: [QUESTION]}, {})
    options["bale"] = {"token": ""}
    async with start() as app:
        telegram.say(7, QUESTION)
        await telegram.wait_for(7, 2)
        assert [row["state"] for row in await inbox_rows(app) if row["platform"] == "bale"] == [0]
    del options["bale"]

    async with start() as app:
        await settled(app, bale)

    assert ANSWER in bale.seen(501)[-1].text


async def test_words_written_after_the_wish_to_be_forgotten_are_answered(
    start: Callable[[], Any], database: str, telegram: BotApi
) -> None:
    telegram.meet(501)
    waiting_since_a_kill(database, "telegram", {501: ["/deleteme", "بله، پاک کنید", *["سلام"] * 12, QUESTION]}, {})

    async with start() as app:
        await settled(app, telegram)
        rows = await inbox_rows(app)

    assert {row["state"] for row in rows} == {DONE}
    assert [row["raw"] is None for row in rows] == [True, True] + [False] * 13
    assert ANSWER in telegram.seen(501)[-1].text
