"""Several processes on one PostgreSQL, here several `App`s on one: they share the work and tread on nobody's toes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot import config, delivery, switchboard
from bot.app import App, Role
from bot.clock import Clock
from bot.errors import CitizenError
from bot.loading import Loaded
from bot.models import entry_versions, inbox
from bot.opening import CannotStart
from bot.pace import GROUP_BURST
from bot.services import knowledge
from bot.shared_pace import SharedGate
from bot.store import Store, Unit
from tests.botapi import BotApi, serve
from tests.citizen import PATIENCE, rows_of, settled, wait_until
from tests.conftest import TOKEN
from tests.editing import library
from tests.web.test_messages import send
from tests.web.test_stream import listening
from web import streams

FAST = {"pace": 10_000, "chat_pace": 10_000}
QUESTIONS = ("کد پستی شهرداری چنده؟", "ایمیل شهرداری چیه؟", "شماره تلفن شهرداری چنده", "ممنون")

Start = Callable[..., Any]


@pytest.fixture
def engine() -> str:
    return "postgresql"


@pytest.fixture
async def start(database: str, loaded: Loaded, telegram: BotApi) -> AsyncIterator[Start]:
    """Starts one more process of this role."""
    async with serve(telegram) as url:

        @asynccontextmanager
        async def started(role: Role = "all", **limits: float) -> AsyncIterator[App]:
            sections: dict[str, Any] = {
                "database": {"url": database},
                "web": {"port": 0, "enabled": role != "worker"},
                "telegram": {"token": TOKEN, "api_url": url} | FAST | limits,
            }
            app = App(config.load(**sections), role=role, loaded=loaded)
            await app.start()
            try:
                yield app
            finally:
                await app.stop()

        yield started


@pytest.fixture
def no_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks by themselves: whatever happens in time was told by a bell."""
    monkeypatch.setattr(switchboard, "IDLE_SECONDS", 60)
    monkeypatch.setattr(delivery, "TICK_SECONDS", 60)
    monkeypatch.setattr(streams, "LOOK_S", 60)


async def test_a_page_served_by_one_process_is_answered_by_another(start: Start, no_ticks: None) -> None:
    async with (
        start("web") as front,
        start("worker"),
        httpx.AsyncClient(base_url=front.address, timeout=PATIENCE) as browser,
    ):
        await browser.get("/")
        await send(browser, "سلام")
        async with listening(browser) as events:
            async for _, data, _ in events:
                messages = data.get("messages", [data])
                if any(message.get("kind") == "out" for message in messages):
                    break


async def test_the_web_role_neither_polls_nor_answers(start: Start, telegram: BotApi) -> None:
    telegram.say(1, "سلام")

    async with start("web") as front:
        assert front.messengers == []
        assert front.work is None
    assert telegram.calls_of("getUpdates") == []


async def test_two_workers_answer_everybody_once_and_in_order(start: Start, telegram: BotApi) -> None:
    async with start("worker") as one, start("worker"):
        for question in QUESTIONS:
            for user in range(40):
                telegram.say(user, question)
        await settled(one, telegram)

        alone = [seen.text for seen in telegram.seen(0)]
        assert len(alone) == len(QUESTIONS) + 1  # and a word of welcome
        for user in range(40):
            assert [seen.text for seen in telegram.seen(user)] == alone
    assert telegram.updates.conflicts == 0


async def test_both_workers_take_part(start: Start, telegram: BotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switchboard, "CHATS_AT_ONCE", 2)
    async with start("worker") as one, start("worker") as two:
        handled = {id(one): 0, id(two): 0}
        for app in (one, two):
            count_turns(app, handled)
        said = 0
        async with asyncio.timeout(PATIENCE):
            while not min(handled.values()):  # one may be done with all before the other has been told of any
                for user in range(60):
                    telegram.say(user, "سلام")
                said += 60
                await settled(one, telegram)

    assert sum(handled.values()) == said


def count_turns(app: App, handled: dict[int, int]) -> None:
    assert app.work is not None
    board = app.work.switchboard
    handle = board._handle

    async def counted(*arguments: Any) -> Any:  # noqa: ANN401 - as the original
        handled[id(app)] += 1
        return await handle(*arguments)

    board._handle = counted  # type: ignore[assignment, method-assign]  # for a while only


async def test_when_the_process_that_polls_is_stopped_another_goes_on(start: Start, telegram: BotApi) -> None:
    async with start("worker") as two:
        async with start("worker") as one:
            telegram.say(1, "سلام")
            await settled(one, telegram)
        telegram.say(1, QUESTIONS[0])
        await wait_until(lambda: len(telegram.seen(1)) > 1)
        await settled(two, telegram)

        rows = await two.store.read(lambda unit: rows_of(unit, inbox))
    assert [row["state"] for row in rows] == [1, 1]


async def test_the_pace_of_a_platform_is_kept_in_sum(
    start: Start, telegram: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    at: list[float] = []
    instant = SharedGate.instant

    async def noted(gate: SharedGate) -> float:
        at.append(await instant(gate))
        return at[-1]

    monkeypatch.setattr(SharedGate, "instant", noted)
    async with start("worker", pace=20) as one, start("worker", pace=20):
        for user in range(50):
            telegram.say(user, "سلام")
        await settled(one, telegram)

    # Not when they arrived: after a moment in which the machine stood still, several do at once.
    assert len(at) >= len(telegram.sent) >= 50
    assert max(sum(start <= other < start + 1 for other in at) for start in at) <= 25


async def test_the_pace_of_a_group_is_kept_in_sum(database: str, clock: Clock) -> None:
    async with AsyncExitStack() as stack:
        gates = []
        for _ in range(2):
            store = Store(database, clock)
            stack.push_async_callback(store.close)
            now = asyncio.get_running_loop().time
            gates.append(SharedGate(store, "telegram:-100", (16 / 60, GROUP_BURST), now))
        began = asyncio.get_running_loop().time()
        at = sorted([await gates[turn % 2].instant() - began for turn in range(24)])

    assert max(sum(start <= other < start + 60 for other in at) for start in at) <= 20


async def test_a_sqlite_file_is_not_shared(empty_database: Path, loaded: Loaded) -> None:
    settings = config.load(database={"url": f"sqlite+aiosqlite:///{empty_database}"}, web={"port": 0})

    with pytest.raises(CannotStart, match="PostgreSQL"):
        await App(settings, role="worker", loaded=loaded).start()


async def test_an_answer_of_staff_is_live_in_every_process_within_a_second(start: Start) -> None:
    async with start("worker") as one, start("worker") as other:
        draft = {"title": "قایق", "phrasings": ["قایق پدالی کرایه می‌دهید؟"], "answer": "بله"}

        await one.store.write(lambda unit: knowledge.add(unit, 1, draft))

        for app in (one, other):
            await wait_until(lambda app=app: "staff.1" in library(app).answers.entries)  # type: ignore[misc]  # mypy gives a lambda's default no type
            assert library(app).answers.reply("قایق پدالی کرایه می‌دین", app.clock.now()).topic == "staff.1"
        known = await one.store.read(lambda unit: knowledge.current(unit, "staff.1", {}))
        await other.store.write(lambda unit: knowledge.retire(unit, 1, known))
        for app in (one, other):
            await wait_until(lambda app=app: "staff.1" not in library(app).answers.entries)  # type: ignore[misc]  # mypy gives a lambda's default no type


async def test_two_processes_that_change_one_answer_at_once_keep_one_change(start: Start) -> None:
    async with start("worker") as one, start("worker") as other:
        draft = {"title": "قایق", "phrasings": ["قایق"], "answer": "بله"}
        await one.store.write(lambda unit: knowledge.add(unit, 1, draft))
        known = await one.store.read(lambda unit: knowledge.current(unit, "staff.1", {}))

        def change(unit: Unit) -> bool:
            try:
                knowledge.change(unit, 1, known, draft | {"answer": "نه"})
            except CitizenError:
                return False
            return True

        done = await asyncio.gather(*(app.store.write(change) for app in (one, other) for _ in range(3)))

        assert sorted(done) == [False] * 5 + [True]
        assert len(await one.store.read(lambda unit: rows_of(unit, entry_versions))) == 2


async def test_new_answers_of_two_processes_get_numbers_of_their_own(start: Start) -> None:
    async with start("worker") as one, start("worker") as other:
        draft = {"title": "قایق", "phrasings": ["قایق"], "answer": "بله"}

        def add(unit: Unit) -> str:
            return knowledge.add(unit, 1, draft).id

        made = await asyncio.gather(*(app.store.write(add) for app in (one, other) for _ in range(4)))

        assert sorted(made) == [f"staff.{number}" for number in range(1, 9)]
