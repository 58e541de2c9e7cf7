"""Looks after the service from outside its parts: what has gone wrong, and whether it is over.

One process looks, by lease, at what the database holds, so it also sees what processes left that are dead. Each
trouble begins at one measure and ends at a milder one; between the two nothing is said. How things are told is in
`bot/alarms.py`; what is done while the database itself is away, in `bot/outage.py`.
"""

import asyncio
import logging
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Literal

from bot import beats
from bot.alarms import COUNTED, Alarms
from bot.clock import Clock
from bot.config import Alarms as Limits
from bot.errors import StoreDown
from bot.leader import Leader
from bot.outage import Outage
from bot.platforms import Platform
from bot.store import Store, Unit

log = logging.getLogger(__name__)

LEASE = "watch"
LOOK_SECONDS = 20.0
WELL_MS = 60_000
"""What was heard of, or was sent, within so long is well again."""
MANY = 1_000
"""Of so many that wait in one place, the database is to know when it plans."""
COUNT_SECONDS = 120.0
LOOKED_AT = frozenset({"silent", "backlog", "delivery", "disk"})
MEGABYTE = 1024 * 1024

State = Literal["bad", "well", "between"]


@dataclass(frozen=True, slots=True)
class House:
    """What is looked at. `bots`: (platform, bot id) of each that is asked for updates; `folders`: whose disks count."""

    platforms: Mapping[str, Platform]
    bots: Sequence[tuple[str, int]]
    folders: Sequence[Path]
    limits: Limits


@dataclass(frozen=True, slots=True)
class Sight:
    """What the database says at one moment. Instants in its milliseconds; `sending`: oldest unsent by platform.

    `unsent`: so many wait for the platform for which most do, counted up to `MANY`.
    """

    now: int
    beats: Mapping[str, int]
    standing: Mapping[tuple[str, str], int]
    waiting: int
    oldest: int | None
    sending: Mapping[str, int | None]
    unsent: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check says of one subject; `fields` for the text at its beginning."""

    kind: str
    subject: str
    state: State
    fields: Mapping[str, object] = field(default_factory=dict)


class Watch:
    """The watch of one process. Silent until it leads; several on one database tell everything once."""

    def __init__(self, store: Store, alarms: Alarms, leader: Leader, house: House, clock: Clock) -> None:
        self._store = store
        self._alarms = alarms
        self._leader = leader
        self._house = house
        self._clock = clock
        self._since = clock.millis()
        self._late = False
        self._counted_at = -COUNT_SECONDS
        self._outage = Outage(alarms, house.platforms, clock)

    async def run(self) -> None:
        """Look again and again, until cancelled. Survives the database."""
        due = 0.0
        while True:
            now = asyncio.get_running_loop().time()
            led = self._leader.leads
            try:
                leads = await self._leader.renew()
                await self._outage.ended(self._store)
                if leads and now >= due:
                    due = now + LOOK_SECONDS
                    await self.look()
            except StoreDown:
                await self._outage.goes_on(now, led=led or self._leader.leads)
            await self._leader.pause()

    async def release(self) -> None:
        """Let another process look at once."""
        await self._leader.release()

    async def look(self) -> list[Finding]:
        """Look once and tell what has changed; what was found. Raises `StoreDown`."""
        sight = await self._store.read(partial(_see, house=self._house))
        disks = [await asyncio.to_thread(disk, folder, self._house.limits) for folder in self._house.folders]
        findings = [*self._silent(sight), self._backlog(sight), *self._delivery(sight), *disks]
        for found in findings:
            stands = (found.kind, found.subject) in sight.standing
            if found.state == "bad" and not stands:
                await self._alarms.begin(found.kind, found.subject, **found.fields)
            elif found.state == "well" and stands:
                await self._alarms.over(found.kind, found.subject)
        await self._settle(sight, {(found.kind, found.subject) for found in findings})
        await self._count(sight)
        return findings

    async def _settle(self, sight: Sight, looked_at: set[tuple[str, str]]) -> None:
        """Alarms that no finding ends: those that count, and those about something that was taken out of service."""
        for kind, subject in sight.standing:
            if kind in COUNTED:
                await self._alarms.settle(kind, subject)
            elif kind in LOOKED_AT and (kind, subject) not in looked_at:
                await self._store.write(partial(_forget, kind=kind, subject=subject))
                log.warning("alarm_dropped", extra={"kind": kind, "subject": subject})

    async def _count(self, sight: Sight) -> None:
        """Claims beside a backlog that the database does not know of would be planned as if nothing waited."""
        now = asyncio.get_running_loop().time()
        if max(sight.waiting, sight.unsent) >= MANY and now - self._counted_at >= COUNT_SECONDS:
            self._counted_at = now
            await self._store.count_anew()

    def _silent(self, sight: Sight) -> Iterator[Finding]:
        """Bots that nobody hears of. What was before our own start is not held against them."""
        for platform, bot_id in self._house.bots:
            last = sight.beats.get(beats.heard(platform, bot_id), 0)
            silence_ms = sight.now - max(last, self._since)
            state: State = "between"
            if silence_ms > self._house.limits.silent_seconds * 1000:
                state = "bad"
            elif sight.now - last < WELL_MS:
                state = "well"
            yield Finding("silent", platform, state, {"minutes": silence_ms // 60_000})

    def _backlog(self, sight: Sight) -> Finding:
        """A backlog that is there at two looks: what a stop left behind is no trouble if it is dealt with at once."""
        found = backlog(sight, self._house.limits)
        was_late, self._late = self._late, found.state == "bad"
        return found if was_late or not self._late else replace(found, state="between")

    def _delivery(self, sight: Sight) -> Iterator[Finding]:
        """Messengers that take nothing, though something waits for them. Delivery itself tells of more."""
        limit_ms = self._house.limits.delivery_seconds * 1000
        for platform, oldest in sight.sending.items():
            waits_ms = 0 if oldest is None else sight.now - oldest
            taken = sight.beats.get(beats.sent(platform), 0)
            state: State = "between"
            if min(waits_ms, sight.now - max(taken, self._since)) > limit_ms:
                state = "bad"
            elif waits_ms < limit_ms // 2 and (oldest is None or sight.now - taken < WELL_MS):
                # Not at once: a message that goes through now and then ends no trouble.
                began = sight.standing.get(("delivery", platform), sight.now)
                state = "well" if sight.now - began >= WELL_MS else "between"
            yield Finding("delivery", platform, state)


def _see(unit: Unit, house: House) -> Sight:
    names = list(house.platforms)
    return Sight(
        now=unit.now,
        beats=unit.beats.all(),
        standing={(alarm.kind, alarm.subject): alarm.began_at for alarm in unit.alarms.standing()},
        waiting=unit.inbox.count_waiting(names, max(MANY, house.limits.backlog_messages + 1)),
        oldest=unit.inbox.oldest_waiting(names),
        sending={name: unit.outbox.oldest_waiting(name) for name in names},
        unsent=max((unit.outbox.count_waiting(name, MANY) for name in names), default=0),
    )


def _forget(unit: Unit, kind: str, subject: str) -> None:
    unit.alarms.end(kind, subject)


def backlog(sight: Sight, limits: Limits) -> Finding:
    """Messages that wait for their answer, too many or too long; well again at half of it."""
    waits_ms = 0 if sight.oldest is None else max(0, sight.now - sight.oldest)
    state: State = "between"
    if waits_ms > limits.backlog_seconds * 1000 or sight.waiting > limits.backlog_messages:
        state = "bad"
    elif waits_ms <= limits.backlog_seconds * 500 and sight.waiting <= limits.backlog_messages // 2:
        state = "well"
    return Finding("backlog", "inbox", state, {"count": sight.waiting, "seconds": waits_ms // 1000})


def disk(folder: Path, limits: Limits) -> Finding:
    """The disk under a folder, which need not be there yet; well again with a fifth more than the least."""
    try:
        there = next(path for path in (folder, *folder.parents) if path.exists())
        usage = shutil.disk_usage(there)
    except OSError:  # a disk of the network that has gone, for example: nothing can be written there
        log.warning("disk_not_seen", extra={"folder": folder.name}, exc_info=True)
        return Finding("disk", folder.name, "bad", {"megabytes": 0, "percent": 0})
    least = max(limits.disk_free_megabytes * MEGABYTE, usage.total * limits.disk_free_percent / 100)
    state: State = "between"
    if usage.free < least:
        state = "bad"
    elif usage.free > least * 1.2:
        state = "well"
    percent = round(usage.free * 100 / usage.total)
    return Finding("disk", folder.name, state, {"megabytes": usage.free // MEGABYTE, "percent": percent})
