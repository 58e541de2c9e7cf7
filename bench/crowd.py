"""A city of made-up citizens, and a town hall that announces to them without a network."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlalchemy import text

from bench.databases import durable_postgres
from bench.processes import FIRST_CHAT, NO_PACE, TOKEN
from bench.rows import NUMBERS
from bot import loading
from bot.alarms import Alarms
from bot.broadcast import Broadcast
from bot.clock import Clock
from bot.config import Operators
from bot.herald import Herald
from bot.leader import Leader
from bot.media import Shelf
from bot.models import AnnouncementState
from bot.pace import Pace
from bot.platforms import Platform
from bot.platforms.request import AiohttpRequest
from bot.platforms.telegram import Telegram
from bot.sending import Sender
from bot.services import announcements
from bot.services.announcements import Announcement, Plan, Sending
from bot.store import Store, Unit
from bot.store.migrate import upgrade
from bot.switchboard import House

CITIZENS: Final = (
    "{numbers} INSERT INTO citizens (platform, user_id, met_at, wants, refuses, neighbourhood) "
    "SELECT 'telegram', {first} + n - 1, n, CASE WHEN n % 3 = 0 THEN 4 ELSE 0 END, "
    "CASE WHEN n % 50 = 0 THEN 2 ELSE 0 END, CASE WHEN n % 2 = 0 THEN 'dolab' ELSE 'khavaran' END FROM numbers"
)
"""Everybody lives somewhere; some have chosen sport, some refused it."""


def settle(unit: Unit, *, engine: str, count: int) -> None:
    """So many citizens of Telegram who have written once."""
    statement = CITIZENS.format(numbers=NUMBERS[engine], first=FIRST_CHAT)
    unit.citizens._connection.execute(text(statement), {"rows": count})


def hire_all(unit: Unit) -> None:
    """Make all of them staff: a service with samples in its content is not live, and announces to staff only."""
    everybody = "SELECT platform, user_id, 'editor', met_at FROM citizens"
    unit.citizens._connection.execute(text(f"INSERT INTO staff (platform, user_id, role, made_at) {everybody}"))


def announce(unit: Unit, *, plan: Plan) -> Announcement:
    """It is due at once."""
    made = announcements.add(unit, plan, due_at=unit.now, state=AnnouncementState.PLANNED)
    assert made is not None
    return made


class Nowhere(Telegram):
    """Takes every message at once, and drops it."""

    async def send(self, chat_id: int, body: dict[str, Any]) -> int:
        self.content(body, None)
        await asyncio.sleep(0)
        return chat_id


class Noon(Clock):
    """The real time, but never an hour in which citizens sleep."""

    def now(self) -> datetime:
        return super().now().replace(hour=12)


def hall(store: Store, platform: Platform) -> tuple[Herald, Broadcast]:
    """Who announces on Telegram, live and without a limit."""
    loaded = loading.load()
    alarms = Alarms(Operators(), loaded.alarms, store)
    library = replace(loaded.library, sending=Sending(live=True, paces={platform.name: float(NO_PACE)}))
    house = House(library, {platform.name: platform}, Noon(), alarms)
    pace = Pace(NO_PACE, NO_PACE, asyncio.get_running_loop().time)
    sender = Sender(platform, store, Shelf(Path("none")), alarms, Clock())
    broadcast = Broadcast(sender, store, pace, Leader(store, "broadcast", "bench"), house)
    return Herald(store, Leader(store, "herald", "bench"), house, [platform.name]), broadcast


def nowhere(in_flight: int) -> Nowhere:
    platform = Nowhere(TOKEN, "http://127.0.0.1:9", AiohttpRequest(connections=1), AiohttpRequest(connections=1))
    platform.in_flight = in_flight
    return platform


@asynccontextmanager
async def city(engine: str, citizens: int) -> AsyncIterator[Store]:
    """A database with so many citizens."""
    with TemporaryDirectory(prefix="hamyar14-bench-") as folder, durable_postgres(engine) as server:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'many.db'}" if server is None else server.url(server.new_database())
        await asyncio.to_thread(upgrade, url)
        store = Store(url, Clock())
        await store.write(partial(settle, engine=engine, count=citizens))
        if server is not None:
            server.query("VACUUM ANALYZE", store.url.database or "")
        try:
            yield store
        finally:
            await store.close()
