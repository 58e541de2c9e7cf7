"""Webhooks over HTTP: stored before it is confirmed, whatever comes, and no way of switching loses anything."""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx
import pytest

from bot import config, receiver, webhook
from bot.app import App
from bot.errors import StoreDown, Undelivered
from bot.loading import Loaded
from bot.platforms import Platform, base
from bot.platforms.bale import Bale
from bot.platforms.telegram import Telegram
from bot.receiver import Receiver
from tests.botapi import BotApi, serve
from tests.botapi.answers import JSON
from tests.botapi.hook import Hook
from tests.citizen import PATIENCE, Citizen, inbox_rows, settled, wait_until
from tests.conftest import TOKEN
from web import hooks

PUBLIC = "https://hamyar.example.ir"
NOWHERE = "http://127.0.0.1:9/"
BY_HOOK = {"receive": "webhook"}
BY_POLL = {"receive": "poll"}
SECRET = "X-Telegram-Bot-Api-Secret-Token"
OPERATOR = 900

Opened = Callable[[], AbstractAsyncContextManager[App]]


@dataclass
class Door:
    """Stands for names, TLS and the proxy in front of us: leads to where the service listens at this moment."""

    address: str = NOWHERE

    def route(self, url: str) -> str:
        return url.replace(PUBLIC + "/", self.address)


@pytest.fixture
def options() -> dict[str, Any]:
    return {
        "web": {"public_url": PUBLIC},
        "telegram": dict(BY_HOOK),
        "bale": dict(BY_HOOK),
        "operators": {"chat_ids": [f"telegram:{OPERATOR}", f"bale:{OPERATOR}"]},
    }


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks and pauses are short here."""
    monkeypatch.setattr(webhook, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(receiver, "LONGEST_PAUSE_SECONDS", 0.02)
    monkeypatch.setattr(receiver, "RENEW_SECONDS", 0.02)
    monkeypatch.setattr(base, "NETWORK_RETRY_MS", 10)
    monkeypatch.setattr(base, "OPERATORS_RETRY_MS", 10)


@pytest.fixture
def door(telegram: BotApi, bale: BotApi) -> Door:
    door = Door()
    for api in (telegram, bale):
        api.meet(OPERATOR)
        api.postman.route = door.route
        api.postman.scale = 0.01
    return door


@pytest.fixture
def opened(start: Opened, door: Door) -> Opened:
    """Starts the service where the door leads to; may be called again, with other options."""

    @asynccontextmanager
    async def started() -> AsyncIterator[App]:
        async with start() as app:
            door.address = app.address or NOWHERE
            try:
                yield app
            finally:
                door.address = NOWHERE

    return started


@pytest.fixture
async def app(opened: Opened) -> AsyncIterator[App]:
    async with opened() as app:
        yield app


@pytest.fixture
async def client(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=app.address or "", timeout=PATIENCE) as client:
        yield client


def platform_of(app: App, api: BotApi) -> Platform:
    return next(platform for platform in app.messengers if platform.name == api.dialect.name)


def headers_of(platform: Platform) -> dict[str, str]:
    return {SECRET: platform.hook_secret} if platform.hook_secret else {}


def text_update(number: int, text: str = "سلام", user_id: int = 501) -> JSON:
    person = {"id": user_id, "is_bot": False, "first_name": "سارا"}
    chat = {"id": user_id, "type": "private", "first_name": "سارا"}
    return {
        "update_id": number,
        "message": {"message_id": number, "date": 1, "chat": chat, "from": person, "text": text},
    }


async def numbers(app: App, api: BotApi) -> Counter[int]:
    """How often each update of the messenger stands in the inbox, and handled."""
    rows = [row for row in await inbox_rows(app) if row["platform"] == api.dialect.name]
    assert {row["state"] for row in rows} <= {1}
    return Counter(row["update_id"] for row in rows)


# Deliveries


async def test_a_citizen_is_answered_by_webhook_and_nothing_is_polled(sara: Citizen) -> None:
    welcome, menu = await sara.send("/start")
    (screen,) = await sara.press(menu.buttons[0][0])

    assert "همیار ۱۴" in welcome.text
    assert screen.text
    assert sara.api.called["getUpdates"] == 0


async def test_each_platform_is_told_what_it_understands_and_no_more(app: App, api: BotApi) -> None:
    await wait_until(lambda: api.postman.hook)
    platform = platform_of(app, api)
    params = api.calls_of("setWebhook")[0].params

    assert params.pop("url") == PUBLIC + platform.hook_path
    if api.dialect.name == "bale":
        assert params == {}
        return
    assert params["secret_token"] == platform.hook_secret
    assert set(params["allowed_updates"]) == {"message", "edited_message", "callback_query", "my_chat_member"}
    assert "drop_pending_updates" not in params


async def test_messages_of_a_chat_stay_in_order_and_each_is_handled_once(app: App, api: BotApi) -> None:
    said = [api.say(user_id, f"{number}") for number in range(20) for user_id in (501, 502, 503)]
    await settled(app, api)

    assert await numbers(app, api) == Counter(said)
    rows = [row for row in await inbox_rows(app) if row["platform"] == api.dialect.name]
    for user_id in (501, 502, 503):
        texts = [json.loads(row["raw"])["message"]["text"] for row in rows if row["chat_id"] == user_id]
        assert texts == [str(number) for number in range(20)]


async def test_a_delivery_that_is_repeated_is_handled_once(app: App, api: BotApi) -> None:
    api.faults.duplicate_next_updates(5)
    said = [api.say(501, f"{number}") for number in range(10)]
    await settled(app, api)

    assert api.updates.repeated == 5
    assert await numbers(app, api) == Counter(said)


async def test_while_the_database_is_away_the_platform_is_asked_to_come_again(
    app: App, api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    await wait_until(lambda: api.postman.hook)

    async def away(work: object) -> None:
        raise StoreDown("OperationalError")

    with monkeypatch.context() as broken:
        broken.setattr(hooks, "receive", lambda *_: away(None))
        said = [api.say(501, f"{number}") for number in range(5)]
        await wait_until(lambda: api.postman.counts["failed"] >= 2)
        assert api.postman.last_error is not None
        assert "503" in api.postman.last_error[1]
        assert len(api.updates.waiting) == 5
    await settled(app, api)

    assert await numbers(app, api) == Counter(said)


# What may come


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"{", b"\xff\xfe", b"[" * 100_000],
)
async def test_what_is_no_json_is_answered_200_and_left(
    app: App, api: BotApi, client: httpx.AsyncClient, body: bytes
) -> None:
    platform = platform_of(app, api)

    answer = await client.post(platform.hook_path, content=body, headers=headers_of(platform))

    assert answer.status_code == 200
    assert await inbox_rows(app) == []


@pytest.mark.parametrize("body", [b"5", b"null", b"[]", b"{}", b'{"update_id":"7"}', b'{"message":{"chat":8}}'])
async def test_what_is_no_update_is_kept_as_the_poller_keeps_it(
    app: App, api: BotApi, client: httpx.AsyncClient, body: bytes
) -> None:
    platform = platform_of(app, api)

    for _ in range(2):
        answer = await client.post(platform.hook_path, content=body, headers=headers_of(platform))
        assert answer.status_code == 200
    await settled(app, api)

    (row,) = await inbox_rows(app)
    assert (row["state"], row["update_id"] < 0) == (2, True)


async def test_a_half_of_a_character_costs_nobody_their_message(
    app: App, api: BotApi, client: httpx.AsyncClient
) -> None:
    platform = platform_of(app, api)
    body = json.dumps(text_update(3, "\ud83d سلام")).encode()

    assert (await client.post(platform.hook_path, content=body, headers=headers_of(platform))).status_code == 200
    await settled(app, api)

    assert await numbers(app, api) == Counter([3])
    assert api.seen(501) == [] or api.seen(501)[0].text


async def test_strangers_are_refused_and_nothing_of_theirs_is_kept(
    app: App, telegram: BotApi, bale: BotApi, client: httpx.AsyncClient
) -> None:
    ours, theirs = platform_of(app, telegram), platform_of(app, bale)
    body = json.dumps(text_update(3)).encode()
    attempts = [
        (ours.hook_path, {}, 403),
        (ours.hook_path, {SECRET: "guessed"}, 403),
        (ours.hook_path, {SECRET: ""}, 403),
        (ours.hook_path, {SECRET: "é"}, 403),
        ("/hook/telegram/guessed", headers_of(ours), 404),
        ("/hook/bale/guessed", {}, 404),
        (theirs.hook_path.replace("bale", "telegram"), headers_of(ours), 404),
        ("/hook/web/" + ours.hook_path.rpartition("/")[2], headers_of(ours), 404),
    ]

    for path, headers, status in attempts:
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        assert (await client.post(path, content=body, headers=raw)).status_code == status, (path, status)
    assert (await client.get(ours.hook_path)).status_code == 405
    assert await inbox_rows(app) == []


async def test_a_body_without_end_is_not_read(
    app: App, api: BotApi, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "BODY_LIMIT", 10_000)
    platform = platform_of(app, api)
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 50_000_000:
            sent += 4096
            yield b"x" * 4096
            await asyncio.sleep(0)

    told = await client.post(platform.hook_path, content=b"x" * 10_001, headers=headers_of(platform))
    assert told.status_code == 413
    try:
        answer = await client.post(platform.hook_path, content=endless(), headers=headers_of(platform))
        assert answer.status_code == 413
    except (httpx.WriteError, httpx.RemoteProtocolError, httpx.ReadError):
        pass  # the connection was closed in our face, which will do
    assert sent < 50_000_000
    assert await inbox_rows(app) == []


async def test_a_body_that_comes_by_drops_is_not_waited_for(
    app: App, api: BotApi, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "BODY_SECONDS", 0.2)
    platform = platform_of(app, api)
    lines = [f"{name}: {value}" for name, value in headers_of(platform).items()]
    head = "\r\n".join([f"POST {platform.hook_path} HTTP/1.1", "Host: x", "Content-Length: 100", *lines])
    reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
    writer.write(head.encode() + b'\r\n\r\n{"update_id": 5')
    await writer.drain()

    # Others are served meanwhile.
    body = json.dumps(text_update(3)).encode()
    assert (await client.post(platform.hook_path, content=body, headers=headers_of(platform))).status_code == 200
    async with asyncio.timeout(PATIENCE):
        told = await reader.read()
    writer.close()
    await writer.wait_closed()

    assert told.startswith(b"HTTP/1.1 408")
    await settled(app, api)
    assert await numbers(app, api) == Counter([3])


# The webhook stands


async def test_a_webhook_that_somebody_took_away_is_set_again(app: App, api: BotApi) -> None:
    await wait_until(lambda: api.postman.hook)

    api.postman.stop()
    await wait_until(lambda: api.postman.hook)
    api.postman.start(Hook("http://elsewhere.example.ir/hook"))
    await wait_until(lambda: api.postman.hook and api.postman.hook.url.startswith(PUBLIC))


def keeper_of(app: App, api: BotApi) -> Receiver:
    """Whoever looks after this messenger's webhook; the watch misses its signs of life (`test_watch.py`)."""
    assert app.work is not None
    names = [platform.name for platform in app.messengers]
    return app.work._receivers[names.index(api.dialect.name)]


async def test_a_webhook_through_which_nothing_arrives_is_no_sign_of_life(
    app: App, telegram: BotApi, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "RECENT_SECONDS", 5)
    keeper = keeper_of(app, telegram)
    await wait_until(lambda: telegram.postman.hook)
    address, door.address = door.address, NOWHERE

    telegram.say(501, "سلام")
    async with asyncio.timeout(PATIENCE):
        while await keeper._once() is None:
            await asyncio.sleep(0.01)
        door.address = address
        while await keeper._once() is not None:
            await asyncio.sleep(0.01)
    await settled(app, telegram)

    assert telegram.seen(501)


async def test_a_platform_that_does_not_answer_gives_no_sign_of_life(app: App, api: BotApi) -> None:
    await wait_until(lambda: api.postman.hook)
    api.faults.bad_gateway("getWebhookInfo", times=None)

    with pytest.raises(Undelivered):
        await keeper_of(app, api)._once()


async def test_neither_path_nor_secret_is_ever_logged(
    app: App, api: BotApi, client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    caplog.set_level(logging.DEBUG, logger="web")
    platform = platform_of(app, api)
    api.faults.fail_next("setWebhook", 400, f"Bad Request: bad webhook {PUBLIC}{platform.hook_path}")
    api.postman.stop()
    await client.post(platform.hook_path, content=b"{", headers=headers_of(platform))
    await wait_until(lambda: api.faults.happened["answer"])
    await wait_until(lambda: api.postman.hook)

    logged = caplog.text + str([vars(record) for record in caplog.records if record.name.startswith(("bot", "web"))])
    assert platform.hook_path.rpartition("/")[2] not in logged
    assert (platform.hook_secret or "nothing") not in logged


def test_path_and_secret_change_with_the_token_and_tell_nothing_of_it() -> None:
    one, other = (Telegram.from_settings(config.Telegram(), f"100:{letters}") for letters in ("AAAA", "BBBB"))
    bale = Bale.from_settings(config.Bale(), "100:AAAA")

    secrets = [one.hook_path, other.hook_path, bale.hook_path, one.hook_secret, other.hook_secret]
    assert len(set(secrets)) == 5
    assert not any("AAAA" in (secret or "") for secret in secrets)
    assert one.hook_path == Telegram.from_settings(config.Telegram(), "100:AAAA").hook_path
    assert len(bale.hook_path.rpartition("/")[2]) >= 32


# Switching


async def test_polling_takes_a_left_webhook_away_and_gets_what_waited(
    opened: Opened, options: dict[str, Any], api: BotApi
) -> None:
    options[api.dialect.name] = dict(BY_POLL)
    number = api.say(501, "سلام")
    api.postman.start(Hook(PUBLIC + "/hook/of/another/time"))
    async with opened() as app:
        await settled(app, api)

        assert await numbers(app, api) == Counter([number])
        # And when somebody sets one while we poll.
        api.postman.start(Hook(PUBLIC + "/hook/of/another/program"))
        api.updates.end_polls("Conflict: terminated by setWebhook request")
        number = api.say(501, "هنوز هستید؟")
        await settled(app, api)

        assert number in await numbers(app, api)


async def test_a_late_delivery_in_polling_is_kept_once(opened: Opened, options: dict[str, Any], api: BotApi) -> None:
    options[api.dialect.name] = dict(BY_POLL)
    async with opened() as app, httpx.AsyncClient(base_url=app.address or "", timeout=PATIENCE) as client:
        platform = platform_of(app, api)
        number = api.say(501, "سلام")
        await settled(app, api)
        late = [json.dumps(text_update(n)).encode() for n in (number, number + 7)]
        for body in late * 2:
            answer = await client.post(platform.hook_path, content=body, headers=headers_of(platform))
            assert answer.status_code == 200
        await settled(app, api)

        assert await numbers(app, api) == Counter([number, number + 7])


async def test_to_and_fro_under_load_loses_nothing_and_doubles_nothing(
    opened: Opened, options: dict[str, Any], api: BotApi
) -> None:
    name = api.dialect.name
    said: list[int] = []
    most = 0

    async def talk() -> None:
        while True:
            if len(said) < most:
                said.append(api.say(501 + len(said) % 7, f"{len(said)}"))
                if len(said) % 20 == 0:
                    api.faults.duplicate_next_updates(1)
            await asyncio.sleep(0.002)

    def has_said(most: int) -> bool:
        return len(said) >= most

    talking = asyncio.create_task(talk())
    for way in (BY_POLL, BY_HOOK, BY_POLL, BY_HOOK):
        options[name] = dict(way)
        most = len(said) + 90  # enough to go on until after the next start, and no more than can be answered
        async with opened():
            await wait_until(partial(has_said, len(said) + 60))
    talking.cancel()
    await asyncio.gather(talking, return_exceptions=True)
    options[name] = dict(BY_POLL)
    async with opened() as app:
        await settled(app, api, seconds=3 * PATIENCE)

        assert len(said) >= 240
        assert await numbers(app, api) == Counter(said)


async def test_what_is_said_while_the_service_is_down_arrives_after_its_start(opened: Opened, api: BotApi) -> None:
    async with opened() as app:
        said = [api.say(501, "یک")]
        await settled(app, api)
    said += [api.say(501, text) for text in ("دو", "سه")]
    async with opened() as app:
        await settled(app, api)

        assert await numbers(app, api) == Counter(said)
        assert len(api.seen(501)) >= 3


async def test_webhooks_need_no_page(opened: Opened, options: dict[str, Any], api: BotApi) -> None:
    options["web"]["enabled"] = False
    async with opened() as app, httpx.AsyncClient(base_url=app.address or "", timeout=PATIENCE) as client:
        number = api.say(501, "سلام")
        await settled(app, api)

        assert await numbers(app, api) == Counter([number])
        assert (await client.get("/")).status_code == 404
        assert (await client.get("/health")).status_code == 200


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_a_web_process_takes_in_what_a_worker_answers(
    engine: str,
    telegram: BotApi,
    database: str,
    loaded: Loaded,
    door: Door,
) -> None:
    async with serve(telegram) as url:
        settings = config.load(
            database={"url": database},
            web={"port": 0, "public_url": PUBLIC},
            telegram={"token": TOKEN, "api_url": url, "receive": "webhook"},
        )
        front, worker = App(settings, role="web"), App(settings, role="worker", loaded=loaded)
        await front.start()
        await worker.start()
        door.address = front.address or NOWHERE
        try:
            said = [telegram.say(501, "سلام"), telegram.say(502, "سلام")]
            await settled(worker, telegram)

            assert worker.address is None
            assert await numbers(worker, telegram) == Counter(said)
            assert telegram.seen(501)
        finally:
            await front.stop()
            await worker.stop()
