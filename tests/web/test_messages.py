"""What a visitor sends: stored once, refused with a reason, limited."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update

from bot.store.web import WebMessages
from tests.web.site import ORIGIN, Place, SetClock, open_place

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("ساعت کار", callback_data="hours")]])


async def opened(place: Place, **headers: str) -> httpx.AsyncClient:
    """Somebody who has opened the page, and so has a cookie."""
    browser = place.browser(**headers)
    await browser.get("/")
    return browser


async def send(browser: httpx.AsyncClient, text: str, name: str = "message-1") -> httpx.Response:
    return await browser.post("/api/messages", json={"client_id": name, "text": text})


async def visitor_of(place: Place) -> int:
    update = (await place.inbox())[0]
    return int(update["message"]["chat"]["id"])


async def history(browser: httpx.AsyncClient) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = (await browser.get("/api/history")).json()["messages"]
    return messages


# -- cookies and visitors


async def test_opening_the_page_gives_a_cookie_that_scripts_cannot_read(place: Place) -> None:
    async with place.browser() as browser:
        cookie = (await browser.get("/")).headers["set-cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age=31536000" in cookie


async def test_only_looking_writes_nothing_down(place: Place) -> None:
    browser = await opened(place)
    await browser.get("/api/history")

    assert await place.store.read(lambda unit: unit.web.seqs(range(10))) == {}


async def test_the_cookie_itself_is_not_stored(place: Place, tmp_path: Path) -> None:
    browser = await opened(place)
    await send(browser, "سلام")
    await place.store.close()

    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert browser.cookies["hamyar14"].encode() not in stored


async def test_over_https_the_cookie_and_the_host_are_bound_to_it(tmp_path: Path, clock: SetClock) -> None:
    async with (
        open_place(tmp_path / "proxy.db", clock, trusted_proxy=True) as place,
        place.browser(**{"x-forwarded-proto": "https"}) as browser,
    ):
        headers = (await browser.get("/")).headers

    assert headers["set-cookie"].startswith("__Host-hamyar14=")
    assert "; Secure" in headers["set-cookie"]
    assert "; Path=/" in headers["set-cookie"]
    assert "Domain" not in headers["set-cookie"]
    assert headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("trusted", [False, True])
@pytest.mark.parametrize("lines", [[], ["https", "http"], ["https, http"]])
async def test_over_http_the_page_works_and_binds_nothing(
    tmp_path: Path, clock: SetClock, lines: list[str], *, trusted: bool
) -> None:
    async with (
        open_place(tmp_path / "proxy.db", clock, trusted_proxy=trusted) as place,
        place.browser() as browser,
    ):
        answer = await browser.get("/", headers=[("x-forwarded-proto", line) for line in lines])
        status = (await send(browser, "سلام")).status_code

    assert "Secure" not in answer.headers["set-cookie"]
    assert "strict-transport-security" not in answer.headers
    assert status == 200


async def test_a_cookie_planted_by_a_neighbouring_host_is_not_adopted(tmp_path: Path, clock: SetClock) -> None:
    planted = "a" * 32
    headers = {"x-forwarded-proto": "https", "cookie": f"hamyar14={planted}"}
    async with (
        open_place(tmp_path / "proxy.db", clock, trusted_proxy=True) as place,
        place.browser(**headers) as browser,
    ):
        answer = await browser.get("/")
        refused = await send(browser, "سلام")

    assert planted not in answer.headers["set-cookie"]
    assert (refused.status_code, refused.json()["error"]) == (401, "cookie")


async def test_over_https_a_talk_goes_on_with_its_cookie(tmp_path: Path, clock: SetClock) -> None:
    headers = {"x-forwarded-proto": "https"}
    async with (
        open_place(tmp_path / "proxy.db", clock, trusted_proxy=True) as place,
        place.browser(**headers) as browser,
    ):
        cookie = (await browser.get("/")).headers["set-cookie"].partition(";")[0]
        browser.headers["cookie"] = cookie  # the line to the proxy is https, the one to us is not
        first, second = await send(browser, "سلام"), await send(browser, "ساعت کار؟", "message-2")
        again = (await browser.get("/")).headers["set-cookie"]
        talk = await history(browser)

    assert (first.status_code, second.status_code, len(talk)) == (200, 200, 2)
    assert again.startswith(cookie)


async def test_two_browsers_are_two_citizens(place: Place) -> None:
    sara, reza = await opened(place), await opened(place)
    await send(sara, "سلام، سارا هستم")
    await send(reza, "سلام، رضا هستم")

    first, second = await place.inbox()
    assert first["message"]["chat"]["id"] != second["message"]["chat"]["id"]
    assert [row["body"]["text"] for row in await history(sara)] == ["سلام، سارا هستم"]


async def test_a_message_without_a_cookie_gets_one_and_is_asked_for_again(place: Place) -> None:
    browser = place.browser()

    answer = await send(browser, "سلام")
    assert (answer.status_code, answer.json()["error"]) == (401, "cookie")
    assert (await send(browser, "سلام")).status_code == 200


async def test_a_cookie_not_of_our_making_counts_as_none(place: Place) -> None:
    browser = place.browser(cookie="hamyar14=' OR 1=1 --")

    assert (await send(browser, "سلام")).status_code == 401


# -- storing


async def test_a_message_is_in_the_inbox_before_it_is_confirmed(place: Place) -> None:
    browser = await opened(place)
    answer = await send(browser, "  ساعت کار؟\n")

    (update,) = await place.inbox()
    assert update["message"]["text"] == "ساعت کار؟"
    assert update["message"]["message_id"] == answer.json()["id"]
    assert place.woken == [None]


async def test_the_framework_can_read_what_is_stored(place: Place) -> None:
    browser = await opened(place)
    await send(browser, "سلام")
    message_id = await place.say(await visitor_of(place), "چه کمکی؟", reply_markup=KEYBOARD)
    await browser.post("/api/messages", json={"client_id": "press-01", "press": "hours", "message_id": message_id})

    text, press = (Update.de_json(raw, place.bot) for raw in await place.inbox())
    assert text.message is not None
    assert text.message.text == "سلام"
    assert press.callback_query is not None
    assert (press.callback_query.data, press.callback_query.message is not None) == ("hours", True)


async def test_the_same_message_sent_again_is_one(place: Place) -> None:
    browser = await opened(place)
    first = await send(browser, "سلام")
    again = await send(browser, "سلام")

    assert first.json() == again.json()
    assert len(await place.inbox()) == 1
    assert len(await history(browser)) == 1


async def test_the_same_message_sent_ten_times_at_once_is_one(place: Place) -> None:
    browser = await opened(place)
    answers = await asyncio.gather(*(send(browser, "سلام") for _ in range(10)))

    assert {answer.status_code for answer in answers} == {200}
    assert len(await place.inbox()) == 1


async def test_two_visitors_may_give_a_message_the_same_name(place: Place) -> None:
    await send(await opened(place), "سلام")
    await send(await opened(place), "سلام")

    assert len(await place.inbox()) == 2


async def test_who_is_forgotten_while_they_write_is_asked_to_come_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await opened(place)
    with monkeypatch.context() as pruned:
        pruned.setattr(WebMessages, "visitor", lambda _self, _key: 404)
        assert (await send(browser, "سلام")).status_code == 503
    assert await place.inbox() == []

    assert (await send(browser, "سلام")).status_code == 200
    assert [row["body"]["text"] for row in await history(browser)] == ["سلام"]


async def test_the_page_s_own_hello_is_a_start(place: Place) -> None:
    browser = await opened(place)
    await browser.post("/api/messages", json={"client_id": "hello-01", "start": True})

    assert (await place.inbox())[0]["message"]["text"] == "/start"
    assert (await history(browser))[0]["body"] == {"text": "/start", "start": True}


async def test_hostile_text_arrives_as_it_was_written(place: Place) -> None:
    hostile = '<script>alert(1)</script> "]} [x](javascript:1) **b** \u202e &amp; \U0001f600'
    browser = await opened(place)
    await send(browser, hostile)

    assert (await place.inbox())[0]["message"]["text"] == hostile
    assert (await history(browser))[0]["body"]["text"] == hostile


async def test_control_characters_are_left_out(place: Place) -> None:
    browser = await opened(place)
    answer = await browser.post(
        "/api/messages",
        content=b'{"client_id": "control-1", "text": "a\\u0000b\\u0007c\\nd"}',
        headers={"content-type": "application/json"},
    )

    assert answer.status_code == 200
    assert (await place.inbox())[0]["message"]["text"] == "abc\nd"


# -- presses


async def talked(place: Place) -> tuple[httpx.AsyncClient, int]:
    """A visitor, and a message of the bot with a button."""
    browser = await opened(place)
    await send(browser, "سلام")
    return browser, await place.say(await visitor_of(place), "چه کمکی؟", reply_markup=KEYBOARD)


async def press(browser: httpx.AsyncClient, data: str, message_id: int) -> httpx.Response:
    return await browser.post("/api/messages", json={"client_id": "press-01", "press": data, "message_id": message_id})


async def test_a_press_reaches_the_inbox(place: Place) -> None:
    browser, message_id = await talked(place)

    assert (await press(browser, "hours", message_id)).status_code == 200
    query = (await place.inbox())[1]["callback_query"]
    assert (query["data"], query["message"]["message_id"]) == ("hours", message_id)


@pytest.mark.parametrize("data", ["delete_everything", "", "ساعت کار"])
async def test_a_button_that_is_not_there_cannot_be_pressed(place: Place, data: str) -> None:
    browser, message_id = await talked(place)

    answer = await press(browser, data, message_id)
    assert (answer.status_code, answer.json()["error"]) == (400, "button")
    assert len(await place.inbox()) == 1


async def test_nobody_can_press_another_s_button(place: Place) -> None:
    _, message_id = await talked(place)

    assert (await press(await opened(place), "hours", message_id)).status_code == 400
    assert len(await place.inbox()) == 1


async def test_a_press_sent_again_after_the_button_went_is_no_error(place: Place) -> None:
    browser, message_id = await talked(place)
    await press(browser, "hours", message_id)
    await place.bot.edit_message_text('[["", "۸ تا ۱۶"]]', await visitor_of(place), message_id)

    assert (await press(browser, "hours", message_id)).status_code == 200
    assert len(await place.inbox()) == 2


# -- refusals


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"client_id": "message-1", "text": ""}, "empty"),
        ({"client_id": "message-1", "text": " \n\u200c".strip("\u200c")}, "empty"),
        ({"client_id": "message-1", "text": "م" * 4097}, "long"),
        ({"client_id": "message-1", "text": ["سلام"]}, "form"),
        ({"client_id": "message-1"}, "form"),
        ({"client_id": "short", "text": "سلام"}, "form"),
        ({"client_id": "x" * 65, "text": "سلام"}, "form"),
        ({"client_id": 12345678, "text": "سلام"}, "form"),
        ({"text": "سلام"}, "form"),
        ({"client_id": "message-1", "press": "a", "message_id": "1"}, "form"),
        ({"client_id": "message-1", "press": "a", "message_id": True}, "form"),
        ({"client_id": "message-1", "press": "a", "message_id": 2**63}, "form"),
        ({"client_id": "message-1", "press": {}, "message_id": 1}, "form"),
        ({"client_id": "message-1", "press": "choices:list:" + "9" * 5_000, "message_id": 1}, "form"),
    ],
)
async def test_what_is_no_message_is_refused(place: Place, data: dict[str, Any], error: str) -> None:
    browser = await opened(place)
    answer = await browser.post("/api/messages", json=data)

    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert await place.inbox() == []


async def test_a_message_may_have_4096_characters(place: Place) -> None:
    assert (await send(await opened(place), "\U0001f600" * 4096)).status_code == 200


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 60_000, b'{"a":' * 10_000, b"9" * 5000, b'{"text": "\\ud800"}']
)
async def test_a_body_that_is_no_object_is_refused(place: Place, body: bytes) -> None:
    browser = await opened(place, **{"content-type": "application/json"})
    answer = await browser.post("/api/messages", content=body)

    assert (answer.status_code, answer.json()["error"]) == (400, "form")


async def test_a_body_without_end_is_cut_off(place: Place) -> None:
    async def endless() -> Any:  # noqa: ANN401 - a body as httpx takes it
        while True:
            yield b"x" * 10_000

    browser = await opened(place, **{"content-type": "application/json"})
    answer = await browser.post("/api/messages", content=endless())

    assert answer.status_code == 413


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_only_json_is_read(place: Place, kind: str) -> None:
    browser = await opened(place, **{"content-type": kind})
    answer = await browser.post("/api/messages", content=b'{"client_id": "message-1", "text": "x"}')

    assert answer.status_code == 415


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": ORIGIN + ".evil.example"},
        {"origin": ORIGIN + ":8080"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
    ],
)
async def test_another_site_can_neither_write_nor_read(place: Place, headers: dict[str, str]) -> None:
    browser = await opened(place, **headers)

    assert (await send(browser, "سلام")).status_code == 403
    assert (await browser.get("/api/history")).status_code == 403
    assert (await browser.get("/api/stream")).status_code == 403
    assert await place.inbox() == []


async def test_our_own_page_can_write(place: Place) -> None:
    browser = await opened(place, origin=ORIGIN, **{"sec-fetch-site": "same-origin"})

    assert (await send(browser, "سلام")).status_code == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_messages_are_posted_and_nothing_else(place: Place, method: str) -> None:
    browser = await opened(place)

    assert (await browser.request(method, "/api/messages")).status_code == 405
