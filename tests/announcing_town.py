"""A town that is announced to, while whoever sends is killed and the messenger is out of sorts."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import insert, text

from bot import markup
from bot.clock import Clock
from bot.config import PREFIX
from bot.models import AnnouncementState, citizens, staff
from bot.services import announcements
from bot.services.announcements import Announcement, Plan, Report
from bot.services.contents import Content
from bot.store import Store, Unit
from bot.store.migrate import upgrade
from tests.botapi import BotApi, DialectName
from tests.process import Process, ended
from tests.test_crash import messengers

WORDS: Final = "فردا از ساعت ۹ تا ۱۳ آب قطع است."
PLATFORM: Final[DialectName] = "telegram"
FIRST: Final = 10_000
AT_ONCE: Final = 5_000
URL: Final = f"{PREFIX}DATABASE__URL"


@dataclass(frozen=True)
class Weather:
    """How many are told, how often somebody is killed, and how often which fault happens (shares of calls)."""

    people: int
    kills: int = 0
    seed: int = 14
    pace: float = 300.0
    blocked: int = 0
    storms: bool = False
    """429 storms, 5 % errors of the server, cut connections, and answers that are lost."""


@dataclass
class AnnouncingTown:
    """One or two workers on one database, and everybody who is told."""

    workers: list[Process]
    api: BotApi
    weather: Weather
    store: Store
    blocked: set[int] = field(default_factory=set)
    made: Announcement | None = None

    @property
    def people(self) -> range:
        return range(FIRST, FIRST + self.weather.people)

    async def settle(self) -> None:
        """Everybody has written once; all are staff, since a service with samples in its content is not live."""
        for person in self.people:
            self.api.meet(person)
        for person in random.Random(self.weather.seed).sample(self.people, self.weather.blocked):
            self.api.block(person)
            self.blocked.add(person)
        await self.store.write(self._settle)

    def _settle(self, unit: Unit) -> None:
        connection = unit.citizens._connection
        for at in range(0, len(self.people), AT_ONCE):
            rows = [{"platform": PLATFORM, "user_id": user} for user in self.people[at : at + AT_ONCE]]
            connection.execute(insert(citizens), [row | {"met_at": 1} for row in rows])
            connection.execute(insert(staff), [row | {"role": "editor", "made_at": 1} for row in rows])

    async def announce(self) -> None:
        plan = Plan(Content(markup.spans(WORDS)), "emergency", urgent=True)

        def add(unit: Unit) -> Announcement:
            found = announcements.add(unit, plan, due_at=unit.now, state=AnnouncementState.PLANNED)
            assert found is not None
            return found

        self.made = await self.store.write(add)

    async def report(self) -> Report:
        made = self.made
        assert made is not None
        return await self.store.read(lambda unit: announcements.report(unit, made.id))

    async def until(self, done: int, patience: float = 300) -> None:
        """Wait until so many are dealt with, or it is over."""
        async with asyncio.timeout(patience):
            while True:
                report = await self.report()
                if report.announcement.state == AnnouncementState.DONE or sum(report.ends.values()) >= done:
                    return
                await asyncio.sleep(0.05)

    async def until_done(self, patience: float = 600) -> Report:
        async with asyncio.timeout(patience):
            while (report := await self.report()).announcement.state != AnnouncementState.DONE:
                await asyncio.sleep(0.1)
        return report

    async def live(self) -> Report:
        """Announce, and kill somebody again and again meanwhile; the report in the end."""
        dice = random.Random(self.weather.seed)
        for worker in self.workers:
            await worker.start()
        for worker in self.workers:
            await worker.ready()
        await self.announce()
        share = self.weather.people / (self.weather.kills + 1)
        for kill in range(self.weather.kills):
            await self.until(int(share * kill + dice.uniform(0, share)))
            await asyncio.sleep(dice.uniform(0, 0.2))
            victim = dice.choice(self.workers)
            await victim.kill()
            await victim.start()
            if dice.random() < 0.8:  # sometimes the next kill falls into the start
                await victim.ready()
        return await self.until_done()

    async def resend(self) -> Report:
        """An editor says that those who are unknown are to get it once more."""
        made = self.made
        assert made is not None

        def again(unit: Unit) -> None:
            member = unit.staff.find(PLATFORM, FIRST)
            assert member is not None
            announcements.resend(unit, made.id, member)

        await self.store.write(again)
        return await self.until_done()

    def received(self) -> Counter[int]:
        """How often each was told."""
        return Counter(seen.chat_id for seen in self.api.sent if WORDS in seen.text)

    async def gone(self) -> set[int]:
        query = text("SELECT user_id FROM citizens WHERE gone_at IS NOT NULL")
        return await self.store.read(lambda unit: set(unit.citizens._connection.execute(query).scalars()))


@asynccontextmanager
async def announcing_town(
    folder: Path, database: Path | str, weather: Weather, workers: int = 1
) -> AsyncIterator[AnnouncingTown]:
    async with AsyncExitStack() as stack:
        apis, settings = await stack.enter_async_context(messengers())
        settings["telegram__pace"] = weather.pace
        processes = [Process(database, folder / f"log{number}", **settings) for number in range(workers)]
        for process in processes:
            if workers > 1:
                process.program += ("--role", "worker")
            await stack.enter_async_context(ended(process))
        url = processes[0].environment[URL]
        await asyncio.to_thread(upgrade, url)
        store = Store(url, Clock())
        stack.push_async_callback(store.close)
        town = AnnouncingTown(processes, apis[PLATFORM], weather, store)
        await town.settle()
        if weather.storms:
            town.api.faults.mix(seed=weather.seed, duplicates=0, storm_seconds=2, storm_every=6)
        yield town
