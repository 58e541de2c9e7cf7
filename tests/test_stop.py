"""The service as a process: it stops within ten seconds, loses nothing, and says in one line why it cannot start."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.__main__ import main
from bot.config import PREFIX, ROOT
from tests.botapi import BotApi, serve
from tests.process import PATIENCE, Process, ended

SECRET = "NOT-FOR-LOGS-00"
TOKEN = f"100:{SECRET}"
MARKER = "شباهنگ"
QUESTION = f"کد پستی شهرداری چنده {MARKER}"
STOP_SECONDS = 10
FAST = {"pace": 10_000, "chat_pace": 10_000}


def messenger(name: str, url: str) -> dict[str, object]:
    return {f"{name}__{key}": value for key, value in ({"token": TOKEN, "api_url": url} | FAST).items()}


async def stopped(process: Process) -> float:
    """Stop, as an operator or the system does; how long it took."""
    began = time.monotonic()
    assert await process.stop() == 0
    took = time.monotonic() - began
    assert took < STOP_SECONDS
    return took


async def until_still(process: Process, *apis: BotApi) -> None:
    """Wait until nothing waits, neither in nor out."""
    waiting = "SELECT (SELECT count(*) FROM inbox WHERE state = 0) + (SELECT count(*) FROM outbox WHERE state = 0)"
    async with asyncio.timeout(PATIENCE):
        while any(api.updates.waiting for api in apis) or process.rows(waiting)[0][0]:
            await asyncio.sleep(0.05)


def keeps_secrets(process: Process) -> None:
    words = process.words()
    assert words
    assert SECRET not in words
    assert MARKER not in words


@asynccontextmanager
async def silent_server() -> AsyncIterator[str]:
    """Takes connections and never answers, as behind a wall."""
    held = []

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)
        await reader.read()

    server = await asyncio.start_server(hold, "127.0.0.1")
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        for writer in held:
            writer.close()
        server.close()


async def test_a_stop_under_load_loses_nothing_and_repeats_nothing(tmp_path: Path, telegram: BotApi) -> None:
    telegram.token = TOKEN
    async with serve(telegram) as url:
        process = Process(tmp_path / "hamyar14.db", tmp_path / "log", **messenger("telegram", url))
        async with ended(process):
            await process.start()
            await process.ready()
            for number in range(600):
                telegram.say(1000 + number % 60, QUESTION)
            while len(telegram.sent) < 50:
                await asyncio.sleep(0.001)
            await stopped(process)
            in_between = len(telegram.sent)
            await process.start()
            await process.ready()
            await until_still(process, telegram)
            await stopped(process)
    assert in_between < 660
    # The first answer of each citizen is preceded by a greeting.
    assert set(Counter(seen.chat_id for seen in telegram.sent).values()) == {11}
    assert len(telegram.sent) == 660
    assert process.rows("SELECT state, count(*), sum(tries) FROM inbox GROUP BY 1") == [(1, 600, 0)]
    keeps_secrets(process)


async def test_a_stop_with_pages_open_and_telegram_out_of_reach(tmp_path: Path, telegram: BotApi, bale: BotApi) -> None:
    telegram.token = bale.token = TOKEN
    telegram.meet(1)
    options: dict[str, object] = {"web__enabled": "true", "web__port": 0, "operators__chat_ids": '["telegram:1"]'}
    async with serve(telegram) as telegram_url, serve(bale) as bale_url, silent_server() as nowhere:
        settings = options | messenger("bale", bale_url)
        process = Process(tmp_path / "hamyar14.db", tmp_path / "log", **settings | messenger("telegram", nowhere))
        async with ended(process):
            await process.start()
            await process.ready()
            bale.push({"message": {"text": MARKER}})  # cannot be read: the operators are to be told, on Telegram
            bale.say(7, QUESTION)
            await bale.wait_for(7, 2)
            async with aiohttp.ClientSession(process.page, cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
                streams = [await page(browser) for _ in range(3)]
                while not process.rows("SELECT 1 FROM outbox WHERE platform = 'telegram' AND tries"):
                    await asyncio.sleep(0.05)
                await stopped(process)
                for stream in streams:
                    await asyncio.wait_for(stream.content.read(), PATIENCE)  # they have ended
            again = Process(process.database, process.log, **settings | messenger("telegram", telegram_url))
            async with ended(again):
                await again.start()
                await again.ready()
                await telegram.wait_for(1)
                await until_still(again, telegram, bale)
                await stopped(again)
    assert len(bale.seen(7)) == 2
    assert len(telegram.seen(1)) == 1
    keeps_secrets(process)


async def page(browser: aiohttp.ClientSession) -> aiohttp.ClientResponse:
    """A window of the chat page, with its stream open and one question asked."""
    await browser.get("/")
    message = {"client_id": os.urandom(8).hex(), "text": QUESTION}
    async with browser.post("/api/messages", json=message) as answer:
        assert answer.status == 200
    stream = await browser.get("/api/stream")
    assert "۱۷۷۷۶۸۳۱۹۳" in await _until(stream, "۱۷۷۷۶۸۳۱۹۳")
    return stream


async def _until(stream: aiohttp.ClientResponse, word: str) -> str:
    heard = ""
    async with asyncio.timeout(PATIENCE):
        while word not in heard:
            heard += (await stream.content.readany()).decode(errors="replace")
    return heard


async def test_a_stop_while_the_name_of_a_platform_cannot_be_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a network the system looks for a name for half a minute, in a thread that cannot be ended."""
    (tmp_path / "sitecustomize.py").write_text(
        "import socket, time\n"
        "find = socket.getaddrinfo\n"
        "socket.getaddrinfo = lambda host, *a, **k: time.sleep(30) if host == 'nowhere.test' else find(host, *a, **k)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    process = Process(tmp_path / "hamyar14.db", tmp_path / "log", **messenger("telegram", "http://nowhere.test"))
    async with ended(process):
        await process.start()
        await process.ready()
        await asyncio.sleep(0.2)
        await stopped(process)


async def test_a_stop_during_the_start(tmp_path: Path) -> None:
    async def one(seconds: float) -> int:
        process = Process(tmp_path / f"{seconds}.db", tmp_path / "log")
        async with ended(process):
            await process.start()
            await asyncio.sleep(seconds)
            began = time.monotonic()
            status = await process.stop()
            assert time.monotonic() - began < STOP_SECONDS
            return status

    statuses = await asyncio.gather(*(one(seconds) for seconds in (0.05, 0.7, 1.4, 2.5)))

    # Before Python has read our first lines nobody can answer a signal but the system.
    assert set(statuses) <= {0, -signal.SIGTERM}
    assert "Traceback" not in (tmp_path / "log").read_text(encoding="utf-8")


async def test_two_starts_on_one_file_are_one_too_many(tmp_path: Path) -> None:
    first = Process(tmp_path / "hamyar14.db", tmp_path / "log")
    async with ended(first):
        await first.start()
        await first.ready()

        status, said = await refused(DATABASE__URL=f"sqlite+aiosqlite:///{first.database}")

        assert status == 1
        assert f"in use by another start of Hamyar 14 (process {first.running and first.running.pid})" in said
        await stopped(first)


async def test_a_port_in_use_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, said = await refused(DATABASE__URL=f"sqlite+aiosqlite:///{tmp_path}/x.db", WEB__PORT=port)
    assert status == 1
    assert f"127.0.0.1:{port}" in said


@pytest.mark.parametrize(
    ("variable", "value", "key"),
    [
        ("TELEGRAM__TOKEN", f"{SECRET} with spaces", "telegram"),
        ("TELEGRAM__TOKEN_FILE", "/no/such/file", "telegram"),
        ("TELEGRAM__TOKN", TOKEN, "HAMYAR14_TELEGRAM__TOKN"),
        ("WEB__PORT", "eighty", "web.port"),
        ("BALE__API_URL", "tapi.bale.ai", "bale.api_url"),
        ("OPERATORS__CHAT_IDS", '["5"]', "operators.chat_ids"),
        ("OPERATORS__CHAT_IDS", "5", "operators"),
        ("DATABASE__URL", "mysql://root@localhost/x", "database.url"),
    ],
)
def test_a_wrong_setting_is_said_in_one_line(
    variable: str, value: str, key: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Found before anything is started, so it needs no process of its own; what is found later does."""
    monkeypatch.setenv(PREFIX + variable, value)

    assert main(["run"]) == 1

    told = capsys.readouterr()
    (said,) = (told.out + told.err).splitlines()
    assert key in said
    assert SECRET not in said


async def test_a_database_that_cannot_be_opened_is_said_in_one_line() -> None:
    status, said = await refused(
        DATABASE__URL="sqlite+aiosqlite:////proc/nothing/x.db",
        TELEGRAM__TOKEN=TOKEN,
        TELEGRAM__API_URL="http://[::1]:9",
    )

    assert status == 1
    assert "database" in said
    assert SECRET not in said


async def refused(**settings: object) -> tuple[int, str]:
    """A start that must fail: exit status and what was said, which must be one line."""
    ours = {PREFIX + key: str(value) for key, value in settings.items()}
    others = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=ROOT,
        env=others | ours,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert len(said.decode().splitlines()) == 1, said.decode()
    assert process.returncode is not None
    return process.returncode, said.decode()
