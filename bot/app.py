"""The wiring: opens the database, builds and runs platforms, pollers, switchboard, deliveries, page and scheduler.

A platform that fails never stops another: each part is watched over by itself and started again.
"""

import asyncio
import contextlib
import gc
import logging
import os
import secrets
import socket
from collections.abc import Awaitable, Callable
from typing import Literal

from bot import loading
from bot.alarms import Alarms
from bot.clock import Clock
from bot.config import Settings
from bot.delivery import Delivery
from bot.errors import StoreDown
from bot.fetching import Fetching
from bot.inbox import Poller
from bot.loading import Loaded
from bot.media import Shelf
from bot.opening import CannotStart, database_url, listen, lock, out_of_reach
from bot.pace import MakeGate, Pace
from bot.platforms import Platform
from bot.platforms.bale import Bale
from bot.platforms.telegram import Telegram
from bot.platforms.web import Web, WebRequest
from bot.sending import Sender
from bot.shared_pace import SharedGate
from bot.store import Store, Unit
from bot.store.address import file_of
from bot.store.migrate import upgrade
from bot.store.outbox import Row
from bot.switchboard import House, Switchboard
from scheduler import Scheduler
from web.app import Site, create_app
from web.server import server
from web.streams import Streams

log = logging.getLogger(__name__)

RESTART_SECONDS = 2.0
FAILED_LATELY_SECONDS = 30.0
WEB_PACE = 1_000.0

Role = Literal["all", "web", "worker"]
"""What a process does: `web` serves the page and takes webhooks, `worker` does everything else, `all` both."""


class App:
    """The running service. For tests: `platforms` instead of those of the settings, `loaded` content loaded before."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock | None = None,
        *,
        role: Role = "all",
        platforms: list[Platform] | None = None,
        loaded: Loaded | None = None,
    ) -> None:
        self.settings = settings
        self.role = role
        self.clock = clock or Clock()
        self.address: str | None = None
        self._url = database_url(settings)
        self.messengers = [] if role == "web" else chosen_messengers(settings) if platforms is None else platforms
        self._loaded = loaded
        self.shelf = Shelf(settings.media.path(), settings.media.most_bytes)
        self._holder = f"{socket.gethostname()[:16]}-{os.getpid()}-{secrets.token_hex(4)}"
        self._exit = contextlib.AsyncExitStack()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self.alarms: Alarms | None = None
        self.switchboard: Switchboard | None = None
        self.scheduler: Scheduler | None = None
        self._pollers: list[Poller] = []
        self._publishing: list[asyncio.Task[None]] = []
        self.deliveries: dict[str, Delivery] = {}
        self._failed: dict[str, float] = {}

    async def start(self) -> None:
        """Open and start everything; returns when the page can be opened. Raises `CannotStart` or `Faults`."""
        try:
            # First what may stand in the way, so that it is said at once; then what takes long, side by side.
            if self.settings.database.is_one_file:
                self._take_file()
            listener = self._listen() if self.settings.web.enabled and self.role != "worker" else None
            loaded, _ = await asyncio.gather(self._load(), self._open_database())
            await self._wire(loaded, listener)
        except BaseException:
            await self._exit.aclose()
            raise

    async def _load(self) -> Loaded | None:
        if self.role == "web":  # knows nothing to say, and starts sooner
            return None
        loaded = await asyncio.to_thread(loading.load) if self._loaded is None else self._loaded
        if self.settings.service.live and loaded.samples:
            raise CannotStart(f"live = true, but these entries are samples: {', '.join(loaded.samples)}")
        return loaded

    def _take_file(self) -> None:
        if self.role != "all":
            raise CannotStart(
                f"--role {self.role}: several processes cannot share a SQLite file. "
                "Mend: leave the role out, or use PostgreSQL (HAMYAR14_DATABASE__URL=postgresql://…)"
            )
        if (file := file_of(self._url)) is not None:
            self._exit.enter_context(contextlib.closing(lock(file)))

    async def _open_database(self) -> None:
        try:
            await asyncio.to_thread(upgrade, self._url)
        except StoreDown as error:
            raise out_of_reach(self._url, error) from None
        self.store = Store(self._url, self.clock, self.settings.database.connections)
        self._exit.push_async_callback(self.store.close)
        await self.store.bells.open()
        if self.settings.database.is_one_file:
            # The file's lock says that nobody else is here: whatever is leased was leased by a process that is gone.
            await self.store.write(free_all)

    async def _wire(self, loaded: Loaded | None, listener: socket.socket | None) -> None:
        self._streams = Streams(self.store)
        if loaded is not None:
            await self._wire_work(loaded)
        # What is loaded by now stays for ever: the collector need not look through it again and again.
        gc.collect()
        gc.freeze()
        if listener is not None:
            site = Site(
                store=self.store,
                settings=self.settings.web,
                shelf=self.shelf,
                words=loaded.page if loaded is not None else loading.page(),
                streams=self._streams,
                clock=self.clock,
                arrived=self._arrived,
                health=self.health,
            )
            await self._serve(create_app(site), listener)

    async def _wire_work(self, loaded: Loaded) -> None:
        """Everything but the page: what reads, answers, sends, and is done by the clock."""
        self.alarms = Alarms(self.settings.operators, loaded.alarms, self.store)
        platforms = [*self.messengers, Web(WebRequest(self.store, self._streams.changed))]
        house = House(loaded.library, {p.name: p for p in platforms}, self.clock, self.alarms)
        self.switchboard = Switchboard(self.store, house, self._holder, self._deliver)
        self.store.bells.on("inbox", lambda _: self._wake())
        self.store.bells.on("outbox", self._waits)
        for platform in platforms:
            await platform.open()
            self._exit.push_async_callback(platform.close)
            self.deliveries[platform.name] = self._delivery(platform, self.alarms)
        for platform in self.messengers:
            self._pollers.append(Poller(platform, self.store, self.alarms, self._holder, self._arrived))
        self.scheduler = Scheduler(self.store, self.settings, self._holder)
        self.scheduler.start()
        self._watch("switchboard", self.switchboard.run)
        for name, delivery in self.deliveries.items():
            self._watch(f"delivery:{name}", delivery.run)
        self._watch("fetching", Fetching(self.messengers, self.store, self.shelf).run)
        for platform, poller in zip(self.messengers, self._pollers, strict=True):
            self._watch(f"poller:{platform.name}", poller.run)
            self._publishing.append(asyncio.create_task(_publish(platform, loaded.library.talks.described())))

    def _listen(self) -> socket.socket:
        listener = listen(self.settings.web.host, self.settings.web.port)
        self._exit.enter_context(contextlib.closing(listener))
        self.address = f"http://{self.settings.web.host}:{listener.getsockname()[1]}/"
        return listener

    async def health(self) -> list[str]:
        """What is wrong at this moment; empty when all is well."""
        faults = [f"{name} has stopped" for name, task in self._tasks.items() if task.done()]
        now = asyncio.get_running_loop().time()
        faults += [f"{name} failed" for name, when in self._failed.items() if now - when < FAILED_LATELY_SECONDS]
        if self.alarms is not None:
            faults += [f"{kind}: {subject}" for kind, subject in sorted(self.alarms.standing)]
        try:
            async with asyncio.timeout(FAILED_LATELY_SECONDS / 6):
                await self.store.write(lambda unit: unit.now)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it is the news
            faults.append(f"database: {type(error).__name__}")
        return faults

    async def stop(self) -> None:
        """Take in nothing new, finish what has begun, close.

        At most `service.stop_seconds` long; what is cut off is safe in the database.
        """
        log.info("stopping")
        try:
            async with asyncio.timeout(self.settings.service.stop_seconds):
                await self._finish()
        except TimeoutError:
            log.warning("stop_cut_short")
        except Exception:
            log.exception("stop_disturbed")
        running = [*self._tasks.values(), *self._publishing]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._exit.aclose()
        log.info("stopped")

    async def _finish(self) -> None:
        self._streams.stop()
        if self.scheduler is not None:
            self.scheduler.stop()
        pollers = [task for name, task in self._tasks.items() if name.startswith("poller:")]
        for task in pollers:
            task.cancel()
        await asyncio.gather(*pollers, return_exceptions=True)
        if "page" in self._tasks:
            self._server.should_exit = True
            await asyncio.gather(self._tasks["page"], return_exceptions=True)
        if self.switchboard is not None:
            await self.switchboard.stop()
        await asyncio.gather(*(delivery.finish() for delivery in self.deliveries.values()))
        for poller in self._pollers:
            await poller.release()

    def _arrived(self) -> None:
        """The inbox has something new."""
        self._wake()
        self.store.bells.ring("inbox")

    def _wake(self) -> None:
        if self.switchboard is not None:
            self.switchboard.wake()

    def _deliver(self, rows: list[Row]) -> None:
        for row in rows:
            delivery = self.deliveries.get(row.platform)
            if delivery is not None:  # an operator on a messenger that is switched off: the row waits for it
                delivery.offer([row])
            if row.tries == 0:  # earlier messages of its chat may be on their way in another process
                self.store.bells.ring(f"outbox:{row.platform}:{row.chat_id}")

    def _waits(self, where: str) -> None:
        """Another process has left a message for whoever sends to its chat."""
        platform, _, chat_id = where.partition(":")
        if platform in self.deliveries:
            self.deliveries[platform].look_at(int(chat_id))

    def _delivery(self, platform: Platform, alarms: Alarms) -> Delivery:
        limits = {"telegram": self.settings.telegram, "bale": self.settings.bale}.get(platform.name)
        sender = Sender(platform, self.store, self.shelf, alarms, self.clock)
        now = asyncio.get_running_loop().time
        if limits is None:
            return Delivery(sender, self.store, Pace(WEB_PACE, WEB_PACE, now), alarms, self.clock)
        pace = Pace(limits.pace, limits.chat_pace, now, self._shared_gates(platform.name))
        return Delivery(sender, self.store, pace, alarms, self.clock)

    def _shared_gates(self, platform: str) -> MakeGate | None:
        """Where other processes may send too, the pace is kept in sum."""
        if self.settings.database.is_one_file:
            return None
        now = asyncio.get_running_loop().time
        return lambda name, rate, burst: SharedGate(self.store, f"{platform}:{name}".rstrip(":"), (rate, burst), now)

    def _watch(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        self._tasks[name] = asyncio.create_task(self._again_and_again(name, run), name=name)

    async def _again_and_again(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await run()
                return
            except Exception:
                self._failed[name] = asyncio.get_running_loop().time()
                log.exception("part_failed", extra={"part": name})
            await asyncio.sleep(RESTART_SECONDS)

    async def _serve(self, app: object, listener: socket.socket) -> None:
        self._server = server(app, self.settings.web)
        self._tasks["page"] = asyncio.create_task(self._server.serve(sockets=[listener]), name="page")
        while not self._server.started and not self._tasks["page"].done():  # noqa: ASYNC110 - uvicorn sets a flag only
            await asyncio.sleep(0.01)


def free_all(unit: Unit) -> None:
    """End the leases of a process that is gone."""
    unit.chats.free_all()
    unit.outbox.free_all()
    unit.files.free_all()
    unit.leases.free_all()


def chosen_messengers(settings: Settings) -> list[Platform]:
    """The platforms that have a token."""
    found: list[Platform] = []
    if (token := settings.telegram.secret()) is not None:
        found.append(Telegram.from_settings(settings.telegram, token))
    if (token := settings.bale.secret()) is not None:
        found.append(Bale.from_settings(settings.bale, token))
    return found


async def _publish(platform: Platform, commands: dict[str, str]) -> None:
    """A nicety, tried once: commands work whether the messenger lists them or not."""
    try:
        await platform.publish(commands)
    except Exception:
        log.warning("commands_not_published", extra={"platform": platform.name}, exc_info=True)
