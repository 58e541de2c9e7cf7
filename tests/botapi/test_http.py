"""The fake behind HTTP: with python-telegram-bot's own client, in every encoding, as its own process."""

import asyncio
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from telegram import Bot
from telegram.error import NetworkError, TimedOut
from telegram.request import HTTPXRequest

from tests.botapi import BotApi, serve
from tests.botapi.files import Upload
from tests.botapi.remote import Remote, started

SARA = 7
CALL = {"chat_id": "7", "text": "سلام & <بله>"}


@pytest_asyncio.fixture
async def url(api: BotApi) -> AsyncIterator[str]:
    async with serve(api) as url:
        yield url


@pytest_asyncio.fixture
async def web_bot(url: str, api: BotApi) -> AsyncIterator[Bot]:
    async with Bot(api.token, f"{url}/bot", request=HTTPXRequest(read_timeout=60, http_version="1.1")) as bot:
        yield bot


@pytest_asyncio.fixture
async def session(url: str) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(url) as session:
        yield session


@pytest_asyncio.fixture
async def remote() -> AsyncIterator[Remote]:
    async with started("--dialect", "bale", "--token", "9:x", "--messages", "2", "--text", "پیام {n}") as remote:
        yield remote


async def test_a_talk_over_http(api: BotApi, web_bot: Bot) -> None:
    api.say(SARA, "سلام")

    (update,) = await web_bot.get_updates(timeout=1)
    assert update.message
    await update.message.reply_text("بله؟", do_quote=True)

    assert [(seen.text, seen.reply_to) for seen in await api.wait_for(SARA)] == [("بله؟", 1)]


async def test_an_upload_arrives_with_its_name_and_type(api: BotApi, web_bot: Bot) -> None:
    api.meet(SARA)

    await web_bot.send_photo(SARA, b"12345", filename="bridge.jpg", caption="پل")

    (seen,) = api.seen(SARA)
    assert seen.file
    assert (seen.caption, seen.file.uploaded, seen.file.stored.upload) == (
        "پل",
        True,
        Upload("bridge.jpg", "image/jpeg", b"12345"),
    )


@pytest.mark.parametrize(("query", "form", "body"), [(CALL, None, None), ({}, CALL, None), ({}, None, CALL)])
async def test_parameters_come_in_every_encoding(
    api: BotApi,
    session: aiohttp.ClientSession,
    query: dict[str, str],
    form: dict[str, str] | None,
    body: dict[str, str] | None,
) -> None:
    api.meet(SARA)

    async with session.post("/bot100:TEST/sendMessage", params=query, data=form, json=body) as answer:
        told = await answer.json()

    assert (answer.status, told["result"]["text"]) == (200, "سلام & <بله>")


async def test_a_wrong_token_and_a_wrong_path_are_refused(session: aiohttp.ClientSession) -> None:
    statuses = {}
    for path in ("/bot1:no/getMe", "/bot100:TEST/getme", "/elsewhere", "/control/poem"):
        async with session.get(path) as answer:
            statuses[path] = answer.status

    assert list(statuses.values()) == [401, 200, 404, 404]


async def test_a_cut_connection_is_a_network_error(api: BotApi, web_bot: Bot) -> None:
    api.meet(SARA)
    api.faults.cut("sendMessage")
    api.faults.lose_answer()

    for delivered in (0, 1):
        with pytest.raises(NetworkError):
            await web_bot.send_message(SARA, "سلام")
        assert len(api.seen(SARA)) == delivered


async def test_a_client_that_gives_up_is_served_all_the_same(api: BotApi, web_bot: Bot) -> None:
    api.meet(SARA)
    api.faults.slow(0.2, "sendMessage")

    with pytest.raises(TimedOut):
        await web_bot.send_message(SARA, "سلام", read_timeout=0.05)

    assert await api.wait_for(SARA)
    async with asyncio.timeout(60):
        while not api.faults.unheard["sendmessage"]:
            await asyncio.sleep(0)


async def test_a_poller_that_is_gone_is_no_rival(api: BotApi, session: aiohttp.ClientSession) -> None:
    with pytest.raises(TimeoutError):
        await session.post("/bot100:TEST/getUpdates", json={"timeout": 30}, timeout=aiohttp.ClientTimeout(0.1))
    await asyncio.sleep(0.05)

    async with session.post("/bot100:TEST/getUpdates", json={"timeout": 0}) as answer:
        assert answer.status == 200
    assert api.updates.conflicts == 0


async def test_the_server_stops_at_once_while_a_bot_polls(api: BotApi) -> None:
    async with aiohttp.ClientSession() as session:
        async with serve(api) as url:
            poll = asyncio.create_task(session.post(f"{url}/bot100:TEST/getUpdates", json={"timeout": 30}))
            await asyncio.sleep(0.05)
            start = time.monotonic()
        assert time.monotonic() - start < 15
        await asyncio.wait([poll], timeout=15)
        assert poll.done()


# As a process of its own, steered through /control/


async def answer_all(remote: Remote) -> None:
    """A bot that says everything back until nothing waits."""
    async with Bot("9:x", f"{remote.url}/bot") as bot:
        offset = 0
        while updates := await bot.get_updates(offset=offset):
            for update in updates:
                offset = update.update_id + 1
                if update.message:
                    await update.message.reply_text(update.message.text or "…")


async def test_a_process_is_talked_to_from_outside(remote: Remote) -> None:
    await remote.ask("say", user_id=SARA, text="سلام")

    await answer_all(remote)

    told = await remote.ask("wait", chat_id=SARA, count=1)
    assert [seen["text"] for seen in told["seen"]] == ["سلام"]
    chats = (await remote.ask("seen"))["chats"]
    assert [seen["text"] for seen in chats["1000"]] == ["پیام 0", "پیام 1"]


async def test_a_flood_is_counted_and_timed(remote: Remote) -> None:
    await remote.ask("flood", messages=20, citizens=5, texts=["یک", "دو"], first_citizen=1)
    await remote.ask("flood", messages=10, citizens=10, rate=200, first_citizen=50)
    await asyncio.sleep(0.1)

    await answer_all(remote)

    stats = await remote.until_answered(60)
    assert (stats["queued"], stats["sent"], stats["latency"]["count"]) == (32, 32, 32)
    assert stats["latency"]["p50"] <= stats["latency"]["p99"] <= stats["latency"]["max"] < 10
    assert (stats["confirmed"], stats["calls"]["sendMessage"], stats["flooding"]) == (32, 32, False)


async def test_faults_and_limits_are_set_from_outside(remote: Remote) -> None:
    await remote.ask("fault", fault="fail_next", method="sendMessage", status=429, body="local_rate_limited")
    await remote.ask("set", latency=0.01, limits={"overall": 100})

    with pytest.raises(NetworkError, match="local_rate_limited"):
        await answer_all(remote)

    stats = await remote.stats()
    assert (stats["faults"], stats["refused"], stats["unanswered"]) == ({"answer": 1}, 0, 2)


async def test_a_press_from_outside_needs_a_button(remote: Remote) -> None:
    await remote.ask("meet", user_id=SARA)

    with pytest.raises(AssertionError, match="no button 'منو' to press"):
        await remote.ask("press", user_id=SARA, wanted="منو")
    with pytest.raises(AssertionError, match="no such fault"):
        await remote.ask("fault", fault="hail")


async def test_counts_start_anew_after_a_warm_up(remote: Remote) -> None:
    await answer_all(remote)
    await remote.ask("reset", matching="nth")

    stats = await remote.stats()

    assert (stats["sent"], stats["latency"]["p99"], stats["calls"]) == (0, None, {})


async def test_files_and_groups_are_steered_from_outside(remote: Remote) -> None:
    await remote.ask("group", chat_id=-5, title="میز", members=[SARA])
    await remote.send_media(SARA, "photo", b"bridge", caption="پل", chat_id=-5)
    await remote.send_album(SARA, [b"bridge", b"river"])
    await remote.ask("send_location", user_id=SARA, latitude=35.6, longitude=51.4)
    async with Bot("9:x", f"{remote.url}/bot") as bot:
        await bot.send_document(-5, b"%PDF", filename="a.pdf", caption="نامه")

    assert (await remote.stats())["waiting"] == 6
    (seen,) = (await remote.ask("seen", chat_id=-5))["seen"]
    assert (seen["kind"], seen["text"], seen["file"]["name"], seen["file"]["uploaded"]) == (
        "document",
        "نامه",
        "a.pdf",
        True,
    )


async def test_a_mix_of_faults_is_counted_from_outside(remote: Remote) -> None:
    await remote.ask("meet", user_id=SARA)
    async with Bot("9:x", f"{remote.url}/bot") as bot:
        await remote.ask("fault", fault="mix", seed=1, errors=0, cuts=0, lost=1, duplicates=0)
        for _ in range(2):
            with pytest.raises(NetworkError):
                await bot.send_message(SARA, "سلام")

    stats = await remote.stats()
    assert (stats["faults"], stats["unheard"]) == ({"lost": 2}, {"sendmessage": 2})
    assert len((await remote.ask("repeats"))["repeats"]) == 1
