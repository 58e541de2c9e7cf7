"""From `python -m bot run` to the first answer of a messenger and of the page, and the memory after that."""

import asyncio
import time
from collections.abc import Awaitable
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import aiohttp

from bench import machine
from bench.bots import answered
from bench.processes import bot_api, free_port, service
from bench.questions import questions
from bench.tables import show, spread
from tests.botapi.remote import Remote

NEW_CITIZENS = count(14)
QUESTIONS = 200
CITIZENS = 50


class Start(NamedTuple):
    """Seconds to the first answer in the messenger and of the page; memory in MiB after the questions."""

    answer: float
    page: float
    resident: float = 0
    most: float = 0


async def measure(quick: bool) -> None:  # noqa: FBT001 - all cases have this signature
    with TemporaryDirectory(prefix="hamyar14-bench-") as name:
        folder = Path(name)
        async with bot_api() as remote:
            new = await _start(remote, folder)  # makes the database, and warms the disk's cache
            starts = [await _start(remote, folder) for _ in range(1 if quick else 5)]
            full = await _start(remote, folder, ask=True)
    show(
        "start: seconds from `python -m bot run`",
        ["", "to the first answer on Telegram", "to the page's first answer"],
        [
            ["new database", f"{new.answer:.2f}", f"{new.page:.2f}"],
            ["warm", spread([s.answer for s in starts], 2), spread([s.page for s in starts], 2)],
        ],
    )
    show(
        f"memory: MiB after {QUESTIONS} questions of {CITIZENS} citizens, Telegram and the page on",
        ["resident", "most ever"],
        [[f"{full.resident:.0f}", f"{full.most:.0f}"]],
    )


async def _start(remote: Remote, folder: Path, *, ask: bool = False) -> Start:
    citizen, port = next(NEW_CITIZENS), free_port()
    await remote.ask("say", user_id=citizen, text=questions(1)[0])
    began = time.monotonic()
    async with service(remote.url, f"sqlite+aiosqlite:///{folder / 'bench.db'}", port) as process:
        # Somebody new is greeted first: the second message is the answer.
        waiting = remote.ask("wait", chat_id=citizen, count=2, timeout=60.0)
        answer, page = await asyncio.gather(_since(began, waiting), _since(began, _page_answers(port)))
        if not ask:
            return Start(answer, page)
        await remote.ask("flood", messages=QUESTIONS, citizens=CITIZENS, texts=questions(QUESTIONS))
        await answered(remote)
        return Start(answer, page, *machine.memory(process.pid))


async def _since(began: float, waiting: Awaitable[object]) -> float:
    await waiting
    return time.monotonic() - began


async def _page_answers(port: int) -> None:
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/") as answer:
                    assert answer.status == 200
                    return
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.01)
