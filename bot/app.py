"""The wiring: opens the database, builds and runs platforms, pollers, switchboard, deliveries, page and scheduler.

A platform that fails never stops another: each part is watched over by itself and started again.
"""

import asyncio
import contextlib
import fcntl
import gc
import logging
import os
import secrets
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import IO

from bot import loading
from bot.alarms import Alarms
from bot.clock import Clock
from bot.config import ROOT, Settings
from bot.delivery import Delivery
from bot.fetching import Fetching
from bot.inbox import Poller
from bot.loading import Loaded
from bot.media import Shelf
from bot.pace import Pace
from bot.platforms import Platform
from bot.platforms.bale import Bale
from bot.platforms.telegram import Telegram
from bot.platforms.web import Web, WebRequest
from bot.sending import Sender
from bot.store import Store, Unit
from bot.store.address import file_of, with_file
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


class CannotStart(Exception):
    """Something outside stands in the way: one line for the operator, what and how to mend it."""


class App:
    """The running service. For tests: `platforms` instead of those of the settings, `loaded` content loaded before."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock | None = None,
        *,
        platforms: list[Platform] | None = None,
        loaded: Loaded | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock or Clock()
        self.address: str | None = None
        self._url = database_url(settings)
        self.messengers = chosen_messengers(settings) if platforms is None else platforms
        self._loaded = loaded
        self._holder = f"{socket.gethostname()[:16]}-{os.getpid()}-{secrets.token_hex(4)}"
        self._exit = contextlib.AsyncExitStack()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._pollers: list[Poller] = []
        self._publishing: list[asyncio.Task[None]] = []
        self.deliveries: dict[str, Delivery] = {}
        self._failed: dict[str, float] = {}

    async def start(self) -> None:
        """Open and start everything; returns when the page can be opened. Raises `CannotStart` or `Faults`."""
        try:
            # First what may stand in the way, so that it is said at once; then what takes long, side by side.
            if (file := file_of(self._url)) is not None:
                self._exit.enter_context(contextlib.closing(_lock(file)))
            listener = self._listen() if self.settings.web.enabled else None
            loaded, _ = await asyncio.gather(self._load(), self._open_database())
            await self._wire(loaded, listener)
        except BaseException:
            await self._exit.aclose()
            raise

    async def _load(self) -> Loaded:
        loaded = await asyncio.to_thread(loading.load) if self._loaded is None else self._loaded
        if self.settings.service.live and loaded.samples:
            raise CannotStart(f"live = true, but these entries are samples: {', '.join(loaded.samples)}")
        return loaded

    async def _open_database(self) -> None:
        await asyncio.to_thread(upgrade, self._url)
        self.store = Store(self._url, self.clock)
        self._exit.push_async_callback(self.store.close)
        # The file's lock says that nobody else is here: whatever is leased was leased by a process that is gone.
        await self.store.write(free_all)

    async def _wire(self, loaded: Loaded, listener: socket.socket | None) -> None:
        self.alarms = Alarms(self.settings.operators, loaded.alarms, self.store)
        streams = Streams(self.store)
        self.shelf = Shelf(self.settings.media.path(), self.settings.media.most_bytes)
        platforms = [*self.messengers, Web(WebRequest(self.store, streams.wake))]
        house = House(loaded.library, {p.name: p for p in platforms}, self.clock, self.alarms)
        self.switchboard = Switchboard(self.store, house, self._holder, self._deliver)
        for platform in platforms:
            await platform.open()
            self._exit.push_async_callback(platform.close)
            self.deliveries[platform.name] = self._delivery(platform)
        for platform in self.messengers:
            self._pollers.append(Poller(platform, self.store, self.alarms, self._holder, self.switchboard.wake))
        self.scheduler = Scheduler(self.store, self.settings, self._holder)
        self.scheduler.start()
        self._watch("switchboard", self.switchboard.run)
        for name, delivery in self.deliveries.items():
            self._watch(f"delivery:{name}", delivery.run)
        self._watch("fetching", Fetching(self.messengers, self.store, self.shelf).run)
        for platform, poller in zip(self.messengers, self._pollers, strict=True):
            self._watch(f"poller:{platform.name}", poller.run)
            self._publishing.append(asyncio.create_task(_publish(platform, loaded.library.talks.described())))
        self._streams = streams
        # What is loaded by now stays for ever: the collector need not look through it again and again.
        gc.collect()
        gc.freeze()
        if listener is not None:
            site = Site(
                store=self.store,
                settings=self.settings.web,
                shelf=self.shelf,
                words=loaded.page,
                streams=streams,
                clock=self.clock,
                arrived=self.switchboard.wake,
                health=self.health,
            )
            await self._serve(create_app(site), listener)

    async def health(self) -> list[str]:
        """What is wrong at this moment; empty when all is well."""
        faults = [f"{name} has stopped" for name, task in self._tasks.items() if task.done()]
        now = asyncio.get_running_loop().time()
        faults += [f"{name} failed" for name, when in self._failed.items() if now - when < FAILED_LATELY_SECONDS]
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
        self.scheduler.stop()
        pollers = [task for name, task in self._tasks.items() if name.startswith("poller:")]
        for task in pollers:
            task.cancel()
        await asyncio.gather(*pollers, return_exceptions=True)
        if "page" in self._tasks:
            self._server.should_exit = True
            await asyncio.gather(self._tasks["page"], return_exceptions=True)
        await self.switchboard.stop()
        await asyncio.gather(*(delivery.finish() for delivery in self.deliveries.values()))
        for poller in self._pollers:
            await poller.release()

    def _deliver(self, rows: list[Row]) -> None:
        for row in rows:
            delivery = self.deliveries.get(row.platform)
            if delivery is not None:  # an operator on a messenger that is switched off: the row waits for it
                delivery.offer([row])

    def _delivery(self, platform: Platform) -> Delivery:
        limits = {"telegram": self.settings.telegram, "bale": self.settings.bale}.get(platform.name)
        sender = Sender(platform, self.store, self.shelf, self.alarms, self.clock)
        now = asyncio.get_running_loop().time
        if limits is None:
            return Delivery(sender, self.store, Pace(WEB_PACE, WEB_PACE, now), self.alarms, self.clock)
        pace = Pace(limits.pace, limits.chat_pace, now)
        return Delivery(sender, self.store, pace, self.alarms, self.clock)

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

    def _listen(self) -> socket.socket:
        """Take the page's port before anything else is slow, so that a port in use is said at once."""
        web = self.settings.web
        listener = socket.socket(socket.AF_INET6 if ":" in web.host else socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((web.host, web.port))
        except OSError as error:
            listener.close()
            raise CannotStart(
                f"the page cannot use {web.host}:{web.port} ({error.strerror}). "
                "Mend: stop the other program, or start with HAMYAR14_WEB__PORT=<another port>"
            ) from None
        self._exit.enter_context(contextlib.closing(listener))
        self.address = f"http://{web.host}:{listener.getsockname()[1]}/"
        return listener

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


def database_url(settings: Settings) -> str:
    """The address, with a relative file counted from the project wherever the command was called. Makes its folder."""
    file = file_of(settings.database.url)
    if file is None:
        raise CannotStart("database.url: a file is needed, since the messages must outlive the process")
    path = ROOT / file
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_name(path.name + ".lock").touch()
    except OSError as error:
        raise CannotStart(
            f"database.url: {path} cannot be written ({error.strerror}). "
            "Mend: allow it, or name another file by HAMYAR14_DATABASE__URL"
        ) from None
    return with_file(settings.database.url, path)


def _lock(database: Path) -> IO[str]:
    """Only one process may work on a SQLite file."""
    file = database.with_name(database.name + ".lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        raise CannotStart(
            f"{database} is in use by another start of Hamyar 14 (process {holder}). "
            "Mend: stop that one, or give this one another HAMYAR14_DATABASE__URL"
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


async def _publish(platform: Platform, commands: dict[str, str]) -> None:
    """A nicety, tried once: commands work whether the messenger lists them or not."""
    try:
        await platform.publish(commands)
    except Exception:
        log.warning("commands_not_published", extra={"platform": platform.name}, exc_info=True)
