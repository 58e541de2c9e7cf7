"""What a worker does, all but the page: receives, answers, sends, does what is due by the clock, looks after it all."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from bot.alarms import Alarms
from bot.broadcast import Broadcast
from bot.clock import Clock
from bot.config import ROOT, Settings
from bot.copying import Copying
from bot.delivery import Delivery
from bot.exporting import Exporting
from bot.fetching import Fetching
from bot.herald import Herald
from bot.leader import Leader
from bot.link_runner import LinkRunner
from bot.loading import Loaded
from bot.media import Cleaner
from bot.pace import MakeGate, Pace
from bot.parts import Parts
from bot.platforms import Platform
from bot.platforms.web import Web, WebRequest
from bot.poller import Poller
from bot.receiver import Receiver
from bot.refresh import Refresher
from bot.sending import Sender
from bot.services.announcements import Sending
from bot.shared_pace import SharedGate
from bot.sheet_runner import SheetRunner
from bot.store import Store
from bot.store.address import file_of
from bot.store.outbox import Row
from bot.switchboard import House, Switchboard
from bot.watch import LEASE as WATCH_LEASE
from bot.watch import House as Watched
from bot.watch import Watch
from bot.webhook import Webhook
from scheduler import LEASE as SCHEDULER_LEASE
from scheduler import Scheduler

log = logging.getLogger(__name__)

WEB_PACE = 1_000.0
WEB_BURST = 200.0
NAME_SECONDS = 60.0
LEADING = ("receiver", "scheduler", "watch", "herald")
"""Parts that hold a lease, and stop first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What all parts of a process share. `holder` names it in leases; `changed` is told whose page has changed."""

    settings: Settings
    store: Store
    cleaner: Cleaner
    clock: Clock
    parts: Parts
    holder: str
    changed: Callable[[int], None]


class Work:
    """The worker of this process."""

    def __init__(self, base: Base, loaded: Loaded, messengers: list[Platform]) -> None:
        self._base = base
        self._store = base.store
        self._described = loaded.library.talks.described()
        self.messengers = messengers
        self.platforms = [*messengers, Web(WebRequest(base.store, base.changed))]
        self.alarms = Alarms(base.settings.operators, loaded.alarms, base.store)
        library = replace(loaded.library, sending=self._announcing())
        house = self.house = House(library, {p.name: p for p in self.platforms}, base.clock, self.alarms)
        self.refresher = Refresher(base.store, house)
        copying = Copying(base.store, base.cleaner.shelf, loaded.copy, house.platforms, lambda: house.library)
        exporting = Exporting(base.store, base.cleaner.shelf, lambda: house.library)
        self._fetching = Fetching(self.platforms, base.store, base.cleaner, [copying, exporting])
        self.switchboard = Switchboard(base.store, house, base.holder, self._deliver, self._fetching.wake)
        self._paces = {platform.name: self._pace(platform) for platform in self.platforms}
        self.deliveries = {platform.name: self._delivery(platform) for platform in self.platforms}
        self.broadcasts = [self._broadcast(platform) for platform in self.platforms]
        herald = Leader(base.store, "herald", base.holder)
        self.herald = Herald(base.store, herald, house, [platform.name for platform in self.platforms])
        self._links = LinkRunner(base.store, herald)
        self._sheets = SheetRunner(base.store, herald, house, base.cleaner.shelf)
        self._receivers = [self._receiver(platform) for platform in messengers]
        scheduler = Leader(base.store, SCHEDULER_LEASE, base.holder)
        self.scheduler = Scheduler(base.store, base.settings, self.alarms, scheduler, base.clock)
        self.watch = self._made_watch()

    async def start(self, leaving: contextlib.AsyncExitStack) -> None:
        """Begin everything; what has to be closed in the end goes onto the stack."""
        await self._refresh_once()
        for platform in self.platforms:
            await platform.open()
            leaving.push_async_callback(platform.close)
        self._store.bells.on("inbox", lambda _: self.switchboard.wake())
        self._store.bells.on("outbox", self._waits)
        run = self._base.parts.run
        run("scheduler", self.scheduler.run)
        run("watch", self.watch.run)
        run("refresher", self.refresher.run)
        run("switchboard", self.switchboard.run)
        run("fetching", self._fetching.run)
        for name, delivery in self.deliveries.items():
            run(f"delivery:{name}", delivery.run)
        run("herald", self.herald.run)
        run("links", self._links.run)
        run("sheets", self._sheets.run)
        for broadcast in self.broadcasts:
            run(f"broadcast:{broadcast.platform.name}", broadcast.run)
        for platform, receiver in zip(self.messengers, self._receivers, strict=True):
            run(f"receiver:{platform.name}", receiver.run)
            self._base.parts.once(partial(_publish, platform, self._described))
            self._base.parts.once(partial(_learn_name, platform))

    async def _refresh_once(self) -> None:
        """Answers begin with what staff have made, or, should that be spoilt, with what was shipped."""
        try:
            await self.refresher.look()
        except Exception:
            log.exception("refresh_failed")

    async def finish(self) -> None:
        """Finish what has begun, and let others take over."""
        await self.switchboard.stop()
        await self.herald.release()
        await asyncio.gather(*(broadcast.finish() for broadcast in self.broadcasts))
        await asyncio.gather(*(delivery.finish() for delivery in self.deliveries.values()))
        for receiver in self._receivers:
            await receiver.release()
        await self.scheduler.release()
        await self.watch.release()

    def arrived(self) -> None:
        """The inbox has something new."""
        self.switchboard.wake()
        self._store.bells.ring("inbox")

    def _deliver(self, rows: list[Row]) -> None:
        for row in rows:
            delivery = self.deliveries.get(row.platform)
            if delivery is not None:  # an operator on a messenger that is switched off: the row waits for it
                delivery.offer([row])
            if row.tries == 0:  # earlier messages of its chat may be on their way in another process
                self._store.bells.ring(f"outbox:{row.platform}:{row.chat_id}")

    def _waits(self, where: str) -> None:
        """Another process has left a message for whoever sends to its chat."""
        platform, _, chat_id = where.partition(":")
        if platform in self.deliveries:
            self.deliveries[platform].look_at(int(chat_id))

    def _pace(self, platform: Platform) -> Pace:
        limits = self._base.settings.messenger(platform.name)
        now = asyncio.get_running_loop().time
        if limits is None:
            return Pace(WEB_PACE, WEB_PACE, now, burst=WEB_BURST)
        return Pace(limits.pace, limits.chat_pace, now, self._shared_gates(platform))

    def _delivery(self, platform: Platform) -> Delivery:
        pace, clock = self._paces[platform.name], self._base.clock
        return Delivery(self._sender(platform), self._store, pace, self.alarms, clock)

    def _broadcast(self, platform: Platform) -> Broadcast:
        leader = Leader(self._store, f"broadcast:{platform.name}", self._base.holder)
        return Broadcast(self._sender(platform), self._store, self._paces[platform.name], leader, self.house)

    def _sender(self, platform: Platform) -> Sender:
        return Sender(platform, self._store, self._base.cleaner.shelf, self.alarms, self._base.clock)

    def _announcing(self) -> Sending:
        settings = self._base.settings
        limits = {platform.name: settings.messenger(platform.name) for platform in self.platforms}
        paces = {name: WEB_PACE if found is None else found.pace for name, found in limits.items()}
        return Sending(settings.service.live, settings.announcements.approve_above, paces)

    def _receiver(self, platform: Platform) -> Receiver:
        base = self._base
        if base.settings.by_webhook(platform.name):
            return Webhook(platform, base.store, base.holder, base.settings.web.public_url)
        return Poller(platform, base.store, base.holder, self.arrived)

    def _shared_gates(self, platform: Platform) -> MakeGate | None:
        """Where other processes may send too, the pace is kept in sum; one that has to be learned is kept for ever."""
        learns = platform.learns_pace
        if self._base.settings.database.is_one_file and not learns:
            return None
        now = asyncio.get_running_loop().time

        def make(name: str, rate: float, burst: float) -> SharedGate:
            called = f"{platform.name}:{name}".rstrip(":")
            return SharedGate(self._store, called, (rate, burst), now, learns=learns and not name)

        return make

    def _made_watch(self) -> Watch:
        base = self._base
        house = Watched(
            platforms={platform.name: platform for platform in self.platforms},
            bots=[(platform.name, platform.bot_id) for platform in self.messengers],
            folders=_folders(base.settings),
            limits=base.settings.alarms,
        )
        return Watch(base.store, self.alarms, Leader(base.store, WATCH_LEASE, base.holder), house, base.clock)


def _folders(settings: Settings) -> list[Path]:
    """Where disks must not fill up: the database's file, if it is one, and the media; one of each disk is enough."""
    media = settings.media.path()
    database = file_of(settings.database.url) if settings.database.is_one_file else None
    if database is None:
        return [media]
    folder = (ROOT / database).parent
    if media.exists() and folder.stat().st_dev == media.stat().st_dev:
        return [media]
    return [folder, media]


async def _learn_name(platform: Platform) -> None:
    """Until it is known: a platform may be out of reach for long after the start."""
    while platform.username is None:
        try:
            await platform.learn_name()
        except Exception as error:  # noqa: BLE001 - whatever it is, asked again
            log.info("name_not_learnt", extra={"platform": platform.name, "why": type(error).__name__})
        if platform.username is None:
            await asyncio.sleep(NAME_SECONDS)


async def _publish(platform: Platform, commands: dict[str, str]) -> None:
    """A nicety, tried once: commands work whether the messenger lists them or not."""
    try:
        await platform.publish(commands)
    except Exception:
        log.warning("commands_not_published", extra={"platform": platform.name}, exc_info=True)
