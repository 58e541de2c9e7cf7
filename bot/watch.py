"""Looks after the service from outside its parts: what has gone wrong, and whether it is over.

One process looks, by lease, at what the database holds, so it also sees what processes left that are dead. Each
trouble begins at one measure and ends at a milder one; between the two nothing is said. While the database is away,
the process that looked last says so straight through the messengers. How things are told is in `bot/alarms.py`.
"""

import asyncio
import logging
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

from bot import beats, markup
from bot.alarms import COUNTED, Alarms, hour
from bot.clock import Clock
from bot.config import Alarms as Limits
from bot.errors import StoreDown, Undelivered
from bot.leader import Leader
from bot.platforms import Platform
from bot.store import Store, Unit

log = logging.getLogger(__name__)

LEASE = "watch"
LOOK_SECONDS = 20.0
AWAY_SECONDS = 15.0
TELL_SECONDS = 20.0
WELL_MS = 60_000
"""What was heard of, or was sent, within so long is well again."""
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
    """What the database says at one moment. Instants in its milliseconds; `sending`: oldest unsent by platform."""

    now: int
    beats: Mapping[str, int]
    standing: Mapping[tuple[str, str], int]
    waiting: int
    oldest: int | None
    sending: Mapping[str, int | None]


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
        findings = [*self._silent(sight), backlog(sight, self._house.limits), *self._delivery(sight), *disks]
        for found in findings:
            stands = (found.kind, found.subject) in sight.standing
            if found.state == "bad" and not stands:
                await self._alarms.begin(found.kind, found.subject, **found.fields)
            elif found.state == "well" and stands:
                await self._alarms.over(found.kind, found.subject)
        for kind, subject in sight.standing:
            if kind in COUNTED:
                await self._alarms.settle(kind, subject)
        return findings

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
        waiting=unit.inbox.count_waiting(names, house.limits.backlog_messages + 1),
        oldest=unit.inbox.oldest_waiting(names),
        sending={name: unit.outbox.oldest_waiting(name) for name in names},
    )


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
    there = next(path for path in (folder, *folder.parents) if path.exists())
    usage = shutil.disk_usage(there)
    least = max(limits.disk_free_megabytes * MEGABYTE, usage.total * limits.disk_free_percent / 100)
    state: State = "between"
    if usage.free < least:
        state = "bad"
    elif usage.free > least * 1.2:
        state = "well"
    percent = round(usage.free * 100 / usage.total)
    return Finding("disk", folder.name, state, {"megabytes": usage.free // MEGABYTE, "percent": percent})


class Outage:
    """The database is away: told once, straight to the operators' chats, and again when it is back."""

    def __init__(self, alarms: Alarms, platforms: Mapping[str, Platform], clock: Clock) -> None:
        self._alarms = alarms
        self._platforms = platforms
        self._clock = clock
        self._began: float | None = None
        self._began_at = 0
        self._told: set[tuple[str, int]] = set()
        self._tells = False

    async def goes_on(self, now: float, *, led: bool) -> None:
        """The database did not answer at `now` (the loop's clock). Whoever led when that began tells.

        An operator whom we cannot reach is tried again.
        """
        if self._began is None:
            self._began, self._began_at, self._tells = now, self._clock.millis(), led
            log.error("database_away")
        if not self._tells or asyncio.get_running_loop().time() - self._began < AWAY_SECONDS:
            return
        words = self._alarms.words("database", since=hour(self._began_at))
        for chat in self._alarms.chats:
            if chat not in self._told and await self._send(chat, words):
                self._told.add(chat)

    async def ended(self, store: Store) -> None:
        """The database answers. Those who were told hear of it, through the outbox as ever."""
        if self._began is None:
            return
        minutes = max(1, (self._clock.millis() - self._began_at) // 60_000)
        if self._told:
            await store.write(partial(self._write_end, minutes=minutes))
        self._told, self._began = set(), None
        log.warning("database_back", extra={"minutes": minutes})

    def _write_end(self, unit: Unit, minutes: int) -> None:
        self._alarms.write(unit, "database_over", minutes=minutes)

    async def _send(self, chat: tuple[str, int], words: markup.Spans) -> bool:
        platform = self._platforms.get(chat[0])
        if platform is None or platform.name == "web":  # the page itself lives in the database
            return False
        with suppress(Undelivered, TimeoutError):
            async with asyncio.timeout(TELL_SECONDS):
                await platform.send(chat[1], {"text": markup.to_json(words)})
                return True
        log.warning("operator_not_reached", extra={"platform": platform.name})
        return False
