"""How this process and its database are at this moment, for `/health` and `/metrics`. Looks at most once a second."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Generic, TypeVar

from bot import metrics
from bot.alarms import COUNTED
from bot.errors import StoreDown
from bot.metrics import Gauges
from bot.store import Store, Unit

log = logging.getLogger(__name__)

Found = TypeVar("Found")

ANSWER_SECONDS = 5.0
HEALTH_SECONDS = 1.0
GAUGES_SECONDS = 5.0
MOST_COUNTED = 100_000


class Cached(Generic[Found]):
    """The last answer of `ask`, for so many seconds; whoever asks meanwhile waits for the same one."""

    def __init__(self, ask: Callable[[], Awaitable[Found]], seconds: float) -> None:
        self._ask = ask
        self._seconds = seconds
        self._asking = asyncio.Lock()
        self._kept: tuple[float, Found] | None = None

    async def get(self) -> Found:
        async with self._asking:
            now = asyncio.get_running_loop().time()
            if self._kept is None or now - self._kept[0] >= self._seconds:
                self._kept = now, await self._ask()
            return self._kept[1]


class Health:
    """`parts` names what is wrong with the parts of this process; `holder` as it stands in leases."""

    def __init__(self, store: Store, holder: str, platforms: Sequence[str], parts: Callable[[], list[str]]) -> None:
        self._store = store
        self._holder = holder
        self._platforms = tuple(platforms)
        self._parts = parts
        self._health = Cached(self._look, HEALTH_SECONDS)
        self._gauges = Cached(self._read, GAUGES_SECONDS)

    async def faults(self) -> list[str]:
        """What is wrong, in words for an operator; empty when all is well."""
        return [*self._parts(), *await self._health.get()]

    async def metrics(self) -> bytes:
        """All figures in Prometheus' format; without the database, those of this process."""
        metrics.show(await self._gauges.get())
        return metrics.text()

    async def _look(self) -> list[str]:
        # Through the writer: a database that can only be read stores nothing.
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                standing = await self._store.write(lambda unit: unit.alarms.standing())
        except TimeoutError:
            return ["database: no answer"]
        except StoreDown:
            return ["database: does not answer"]
        # What is counted row by row, and a job, says nothing about whether citizens are served now.
        return [f"{alarm.kind}: {alarm.subject}" for alarm in standing if alarm.kind not in COUNTED | {"job"}]

    async def _read(self) -> Gauges | None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._store.read(partial(_gauges, holder=self._holder, platforms=self._platforms))
        except (StoreDown, TimeoutError):
            log.warning("gauges_not_read", exc_info=True)
            return None


def _gauges(unit: Unit, holder: str, platforms: tuple[str, ...]) -> Gauges:
    now = unit.now

    def age(at: int | None) -> float:
        return 0.0 if at is None else max(0, now - at) / 1000

    ages = {name: age(at) for name, at in unit.beats.all().items()}
    return Gauges(
        inbox=(unit.inbox.count_waiting(platforms, MOST_COUNTED), age(unit.inbox.oldest_waiting(platforms))),
        outbox={
            name: (unit.outbox.count_waiting(name, MOST_COUNTED), age(unit.outbox.oldest_waiting(name)))
            for name in platforms
        },
        set_aside={"inbox": unit.inbox.count_set_aside(), "outbox": unit.outbox.count_set_aside()},
        heard=_named("heard:", ages),
        sent=_named("sent:", ages),
        alarms=Counter(alarm.kind for alarm in unit.alarms.standing()),
        leases=tuple(unit.leases.held(holder)),
    )


def _named(prefix: str, ages: dict[str, float]) -> dict[str, float]:
    return {name.removeprefix(prefix): age for name, age in ages.items() if name.startswith(prefix)}
