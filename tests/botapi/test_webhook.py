"""The fake brings updates to the address that a bot set, as each platform does, and keeps what is not taken."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from telegram import Bot, Update
from telegram.error import BadRequest, Conflict

from tests.botapi import BaleShape, BotApi, DialectName, serve
from tests.botapi.request import bot_of

SARA, REZA = 7, 8


@dataclass
class Receiver:
    """A bot's own server: notes what comes, and answers as told, 200 when nothing is."""

    url: str = ""
    got: list[tuple[int, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    statuses: list[int | web.Response] = field(default_factory=list)
    gate: asyncio.Event | None = None
    inside: int = 0
    most_inside: int = 0

    async def handle(self, request: web.BaseRequest) -> web.Response:
        update = json.loads(await request.read())
        self.headers.append(dict(request.headers))
        message = update.get("message") or update.get("callback_query", {}).get("message") or {}
        self.got.append((update["update_id"], message.get("text", "")))
        self.inside += 1
        self.most_inside = max(self.inside, self.most_inside)
        try:
            if self.gate is not None:
                await self.gate.wait()
        finally:
            self.inside -= 1
        status = self.statuses.pop(0) if self.statuses else 200
        return status if isinstance(status, web.Response) else web.Response(status=status)

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.got]


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    runner = web.ServerRunner(web.Server(receiver.handle, handler_cancellation=True), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


@pytest_asyncio.fixture(params=["telegram", "bale"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[BotApi]:
    server = BotApi(request.param)
    server.postman.scale = 0.01
    yield server
    await server.postman.pause()


@pytest_asyncio.fixture
async def telegram(api: BotApi) -> AsyncIterator[BotApi]:
    api.postman.scale = 0.01
    yield api
    await api.postman.pause()


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.002)


async def test_what_waits_and_what_comes_is_brought_in_order(server: BotApi, receiver: Receiver) -> None:
    for n in range(3):
        server.say(SARA, f"پیش {n}")

    await bot_of(server).set_webhook(receiver.url)
    await until(lambda: len(receiver.got) == 3)
    server.say(SARA, "پس")

    await until(lambda: not server.updates.waiting)
    assert receiver.texts == ["پیش 0", "پیش 1", "پیش 2", "پس"]
    assert receiver.headers[0]["Content-Type"] == "application/json"


async def test_the_framework_reads_what_is_brought(telegram: BotApi, receiver: Receiver, bot: Bot) -> None:
    await bot.set_webhook(receiver.url)
    telegram.send_photo(SARA, b"bridge", caption="پل")

    await until(lambda: not telegram.updates.waiting)
    update = Update.de_json(json.loads(telegram.updates.recent[-1][1]), bot)
    assert update.update_id == receiver.got[0][0]
    assert update.message
    assert update.message.caption == "پل"


@pytest.mark.parametrize(("dialect", "header"), [("telegram", "s3cret"), ("bale", None)])
async def test_only_telegram_sends_the_secret(dialect: DialectName, header: str | None, receiver: Receiver) -> None:
    server = BotApi(dialect)
    await bot_of(server).set_webhook(receiver.url, secret_token="s3cret")
    server.say(SARA, "سلام")

    await until(lambda: not server.updates.waiting)
    assert receiver.headers[0].get("X-Telegram-Bot-Api-Secret-Token") == header


async def test_a_failure_holds_its_chat_and_no_other(server: BotApi, receiver: Receiver) -> None:
    receiver.statuses = [500, 502, 404]
    server.say(SARA, "یک")
    server.say(SARA, "دو")
    await bot_of(server).set_webhook(receiver.url)

    await until(lambda: len(receiver.got) >= 2)
    server.say(REZA, "سه")

    await until(lambda: not server.updates.waiting)
    of_sara = [text for text in receiver.texts if text != "سه"]
    assert of_sara[-2:] == ["یک", "دو"]
    assert of_sara.count("یک") + receiver.texts.count("سه") == 5
    assert (server.postman.counts["failed"], server.postman.counts["delivered"]) == (3, 3)


async def test_the_first_failure_is_repeated_at_once_the_second_after_a_while(
    telegram: BotApi, receiver: Receiver, bot: Bot
) -> None:
    telegram.postman.scale = 60
    receiver.statuses = [500, 500]
    telegram.say(SARA, "سلام")
    await bot.set_webhook(receiver.url)

    await until(lambda: telegram.postman.counts["failed"] == 2)
    await asyncio.sleep(0.05)

    assert receiver.texts == ["سلام", "سلام"]
    assert len(telegram.updates.waiting) == 1


async def test_retry_after_is_honoured(telegram: BotApi, receiver: Receiver, bot: Bot) -> None:
    telegram.postman.scale = 60
    receiver.statuses = [web.Response(status=503, headers={"Retry-After": "5"})]
    telegram.say(SARA, "سلام")
    await bot.set_webhook(receiver.url)

    await until(lambda: telegram.postman.counts["failed"] == 1)
    await asyncio.sleep(0.05)

    assert len(receiver.got) == 1


async def test_any_2xx_is_success(server: BotApi, receiver: Receiver) -> None:
    receiver.statuses = [204, 202]
    await bot_of(server).set_webhook(receiver.url)
    server.say(SARA, "یک")
    server.say(SARA, "دو")

    await until(lambda: not server.updates.waiting)
    assert receiver.texts == ["یک", "دو"]


async def test_chats_go_side_by_side_up_to_the_limit(telegram: BotApi, receiver: Receiver, bot: Bot) -> None:
    receiver.gate = asyncio.Event()
    for citizen in range(10):
        telegram.say(citizen + 1, "یک")
        telegram.say(citizen + 1, "دو")
    await bot.set_webhook(receiver.url, max_connections=4)

    await until(lambda: receiver.inside == 4)
    await asyncio.sleep(0.05)
    assert receiver.texts == ["یک"] * 4
    receiver.gate.set()

    await until(lambda: not telegram.updates.waiting)
    assert (receiver.most_inside, len(receiver.got)) == (4, 20)


async def test_an_answer_may_get_lost_after_the_update_was_processed(server: BotApi, receiver: Receiver) -> None:
    server.faults.duplicate_next_updates()
    await bot_of(server).set_webhook(receiver.url)
    server.say(SARA, "یک")
    server.say(SARA, "دو")

    await until(lambda: not server.updates.waiting)
    assert receiver.texts == ["یک", "یک", "دو"]
    assert server.faults.counts() == {"duplicate": 1}


async def test_polling_is_refused_meanwhile_and_a_waiting_poll_ends(server: BotApi, receiver: Receiver) -> None:
    poll = asyncio.create_task(bot_of(server).get_updates(timeout=50))
    await until(lambda: server.called["getUpdates"])

    await bot_of(server).set_webhook(receiver.url)

    with pytest.raises(Conflict, match="terminated by setWebhook"):
        await poll
    with pytest.raises(Conflict, match=r"(?i)webhook is"):
        await bot_of(server).get_updates()


async def test_bale_may_let_both_go_side_by_side(receiver: Receiver) -> None:
    bale = BotApi("bale", shape=BaleShape(polls_beside_webhook=True))
    receiver.gate = asyncio.Event()
    await bot_of(bale).set_webhook(receiver.url)
    number = bale.say(SARA, "سلام")

    assert [update.update_id for update in await bot_of(bale).get_updates(timeout=1)] == [number]

    await bale.postman.pause()


async def test_to_and_fro_loses_and_confirms_nothing(server: BotApi, receiver: Receiver) -> None:
    bot = bot_of(server)
    polled = server.say(SARA, "نظرسنجی")
    assert len(await bot.get_updates()) == 1
    receiver.gate = asyncio.Event()
    await bot.set_webhook(receiver.url)
    server.say(SARA, "دوم")
    await until(lambda: receiver.inside == 1)

    await bot.delete_webhook()
    again = await bot.get_updates()
    assert [update.update_id for update in again] == [polled, polled + 1]

    assert await bot.get_updates(offset=polled + 1)
    receiver.gate.set()
    await bot.set_webhook(receiver.url)
    await until(lambda: not server.updates.waiting)
    await bot.delete_webhook()
    assert await bot.get_updates() == ()
    assert receiver.texts[-1] == "دوم"


async def test_an_address_can_be_changed(server: BotApi, receiver: Receiver) -> None:
    bot = bot_of(server)
    await bot.set_webhook("http://127.0.0.1:9/nobody")
    server.say(SARA, "سلام")
    await until(lambda: server.postman.counts["failed"])

    await bot.set_webhook(receiver.url)

    await until(lambda: not server.updates.waiting)
    assert receiver.texts == ["سلام"]


async def test_telegram_tells_the_state_of_the_webhook(telegram: BotApi, receiver: Receiver, bot: Bot) -> None:
    telegram.postman.scale = 60
    receiver.statuses = [500] * 9
    telegram.say(SARA, "سلام")
    await bot.set_webhook(receiver.url, max_connections=3, allowed_updates=["message"])
    await until(lambda: telegram.postman.counts["failed"])

    info = await bot.get_webhook_info()

    assert (info.url, info.pending_update_count, info.max_connections, info.has_custom_certificate) == (
        receiver.url,
        1,
        3,
        False,
    )
    assert info.allowed_updates == ("message",)
    assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
    assert info.last_error_date
    await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""


async def test_bale_tells_only_the_address(bale: BotApi, receiver: Receiver) -> None:
    await bot_of(bale).set_webhook(receiver.url)

    answer = await bale.handle("getWebhookInfo", {})

    assert json.loads(answer.body)["result"] == {"url": receiver.url}


async def test_an_unwanted_kind_is_not_brought(telegram: BotApi, receiver: Receiver, bot: Bot) -> None:
    await bot.set_webhook(receiver.url, allowed_updates=["message"])
    telegram.push({"poll": {"id": "1"}})
    telegram.say(SARA, "سلام")

    await until(lambda: not telegram.updates.waiting)
    assert receiver.texts == ["سلام"]


@pytest.mark.parametrize("call", [{"url": "ftp://a.ir"}, {"url": "http://a.ir/", "secret_token": "نه"}])
async def test_nonsense_is_refused(bot: Bot, call: dict[str, str]) -> None:
    with pytest.raises(BadRequest, match=r"(?i)must be provided|unallowed characters"):
        await bot.set_webhook(**call)  # type: ignore[arg-type]  # texts, for whichever of its arguments


async def test_a_server_that_comes_back_goes_on_delivering(api: BotApi, receiver: Receiver) -> None:
    receiver.gate = asyncio.Event()
    async with serve(api) as url, Bot(api.token, f"{url}/bot") as bot:
        await bot.set_webhook(receiver.url)
        api.say(SARA, "سلام")
        await until(lambda: receiver.inside == 1)

    await until(lambda: receiver.inside == 0)
    assert len(api.updates.waiting) == 1
    receiver.gate.set()
    async with serve(api):
        await until(lambda: not api.updates.waiting)
    assert receiver.texts == ["سلام", "سلام"]


async def test_each_update_may_be_brought_twice_by_chance(server: BotApi, receiver: Receiver) -> None:
    server.faults.mix(seed=14, errors=0, cuts=0, lost=0, duplicates=0.3)
    said = [server.say(SARA, str(number)) for number in range(30)]
    await bot_of(server).set_webhook(receiver.url)

    await until(lambda: not server.updates.waiting)
    numbers = [number for number, _ in receiver.got]
    assert numbers == sorted(numbers)
    assert sorted(set(numbers)) == said
    assert len(numbers) - 30 == server.faults.counts()["duplicate"] > 0
