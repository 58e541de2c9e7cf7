"""A town hall that announces: herald and broadcast on one messenger, without the rest of the service."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bot import config, markup
from bot.alarms import Alarms
from bot.broadcast import Broadcast
from bot.herald import Herald
from bot.leader import Leader
from bot.loading import Loaded
from bot.media import Shelf
from bot.models import AnnouncementState, RecipientState, citizens, recipients
from bot.pace import Pace
from bot.platforms import Platform
from bot.sending import Sender
from bot.services import announcements
from bot.services.announcements import Announcement, Plan, Report, Sending
from bot.services.audiences import Audience
from bot.services.contents import Content
from bot.store import Store, Unit
from bot.switchboard import House
from tests.botapi import BotApi
from tests.citizen import PATIENCE, rows_of
from tests.conftest import FakeClock
from tests.platforms.site import opened

AT_ONCE = 5_000


def plan(text: str, topic: str = "", **said: Any) -> Plan:  # noqa: ANN401 - of `Plan` and of `Audience`
    whom = {key: said.pop(key) for key in ("platforms", "neighbourhoods", "chosen_only") if key in said}
    return Plan(Content(markup.spans(text)), topic, audience=Audience(**whom), **said)


@dataclass
class TownHall:
    """Time stands still here; only the pace and the leases know the real one."""

    store: Store
    clock: FakeClock
    api: BotApi
    platform: Platform
    house: House
    broadcast: Broadcast
    herald: Herald
    parts: list[asyncio.Task[None]] = field(default_factory=list)

    async def settle(self, *user_ids: int, **columns: Any) -> None:  # noqa: ANN401 - of the table
        """Citizens who have written once."""
        await self.store.write(lambda unit: self._settle(unit, user_ids, columns))

    def _settle(self, unit: Unit, user_ids: Sequence[int], columns: dict[str, Any]) -> None:
        common = {"platform": self.platform.name, "met_at": unit.now} | columns
        for at in range(0, len(user_ids), AT_ONCE):
            rows = [common | {"user_id": user} for user in user_ids[at : at + AT_ONCE]]
            unit.citizens._connection.execute(insert(citizens), rows)

    async def announce(self, made: Plan, **about: Any) -> Announcement:  # noqa: ANN401 - of `announcements.add`
        """What is planned, due at once."""

        def add(unit: Unit) -> Announcement:
            wanted = {"due_at": unit.now, "state": AnnouncementState.PLANNED} | about
            found = announcements.add(unit, made, **wanted)
            assert found is not None
            return found

        return await self.store.write(add)

    async def report(self, made: Announcement) -> Report:
        return await self.store.read(lambda unit: announcements.report(unit, made.id))

    async def ends(self, made: Announcement) -> dict[str, int]:
        return dict((await self.report(made)).ends)

    async def until_done(self, made: Announcement, patience: float = PATIENCE) -> dict[str, int]:
        async def done() -> bool:
            return (await self.report(made)).announcement.state >= AnnouncementState.DONE

        await self.until(done, patience)
        return await self.ends(made)

    async def until(self, condition: Callable[[], Any | Awaitable[Any]], patience: float = PATIENCE) -> None:
        """Wait until the condition, which may look into the database, holds."""
        async with asyncio.timeout(patience):
            while True:
                found = condition()
                if await found if isinstance(found, Awaitable) else found:
                    return
                await asyncio.sleep(0.005)

    async def states(self) -> dict[int, RecipientState]:
        """Where recipients stand, by chat."""
        rows = await self.store.read(lambda unit: rows_of(unit, recipients))
        return {row["chat_id"]: RecipientState(row["state"]) for row in rows}

    def later(self, **passed: float) -> None:
        self.clock.instant += timedelta(**passed)

    def got(self, chat_id: int) -> list[str]:
        return [seen.text for seen in self.api.seen(chat_id)]

    def slow_down(self, per_second: float) -> None:
        """So many messages a second from now on."""
        pace = Pace(per_second, 10_000.0, asyncio.get_running_loop().time)
        self.broadcast._crew = replace(self.broadcast._crew, pace=pace)

    def open(self) -> None:
        """Begin to work."""
        self.parts = [asyncio.create_task(work) for work in (self.broadcast.run(), self.herald.run())]

    async def close(self) -> None:
        """Stop in an orderly way."""
        await self.herald.release()
        await self.broadcast.finish()
        await self.kill()

    async def kill(self) -> None:
        for part in self.parts:
            part.cancel()
        await asyncio.gather(*self.parts, return_exceptions=True)


@asynccontextmanager
async def town_hall(api: BotApi, database: str, loaded: Loaded, **limits: Any) -> AsyncIterator[TownHall]:  # noqa: ANN401 - handed on as it is
    """One that is closed yet. `limits`: pace, in_flight, live, media (the folder of files), holder (its name)."""
    clock = limits.get("clock") or FakeClock()
    store = Store(database, clock)
    async with opened(api, limits.get("token")) as platform:
        platform.in_flight = int(limits.get("in_flight", 16))
        alarms = Alarms(config.Operators(), loaded.alarms, store)
        sending = Sending(limits.get("live", True), 1000, {platform.name: 30.0})
        house = House(replace(loaded.library, sending=sending), {platform.name: platform}, clock, alarms)
        holder = limits.get("holder", "hall")
        pace = Pace(limits.get("pace", 10_000.0), 10_000.0, asyncio.get_running_loop().time)
        sender = Sender(platform, store, Shelf(Path(limits.get("media", "none"))), alarms, clock)
        leader = Leader(store, f"broadcast:{platform.name}", holder)
        broadcast = Broadcast(sender, store, pace, leader, house)
        herald = Herald(store, Leader(store, "herald", holder), house, [platform.name])
        hall = TownHall(store, clock, api, platform, house, broadcast, herald)
        try:
            yield hall
        finally:
            await hall.kill()
            await store.close()
