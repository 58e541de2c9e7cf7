"""The wiring: opens the database, starts the worker and the page as the role of this process wants, and stops them."""

import asyncio
import contextlib
import gc
import logging
import os
import secrets
import socket
from collections.abc import Mapping
from typing import Literal

from bot import loading, metrics
from bot.clock import Clock
from bot.config import Settings
from bot.errors import StoreDown
from bot.health import Health
from bot.loading import Loaded
from bot.media import Cleaner, Shelf
from bot.opening import CannotStart, database_url, listen, listen_privately, lock, out_of_reach
from bot.parts import Parts, plain_server
from bot.platforms import Platform
from bot.platforms.bale import Bale
from bot.platforms.telegram import Telegram
from bot.store import Store, Unit
from bot.store.address import file_of
from bot.store.migrate import upgrade
from bot.work import LEADING, Base, Work
from web.app import Site, create_app
from web.private import create_private_app
from web.server import server
from web.streams import Streams

log = logging.getLogger(__name__)

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
        self.private_address: str | None = None
        # Whoever may deliver by webhook, and those of them that we fetch from and send to.
        self._bringers = chosen_messengers(settings) if platforms is None else platforms
        self.messengers = [] if role == "web" else self._bringers
        self.work: Work | None = None
        self._url = database_url(settings)
        self._loaded = loaded
        self.shelf = Shelf(settings.media.path(), settings.media.most_bytes)
        self._cleaner = Cleaner(self.shelf)
        self._holder = f"{socket.gethostname()[:16]}-{os.getpid()}-{secrets.token_hex(4)}"
        self._exit = contextlib.AsyncExitStack()
        self._parts = Parts()
        metrics.began(self.clock.millis())

    async def start(self) -> None:
        """Open and start everything; returns when the page can be opened. Raises `CannotStart` or `Faults`."""
        self._exit.push_async_callback(self._cleaner.close)
        try:
            # First what may stand in the way, so that it is said at once; then what takes long, side by side.
            if self.settings.database.is_one_file:
                self._take_file()
            listener = self._listen() if self._serves else None
            private = self._listen_privately() if self.settings.metrics.enabled else None
            loaded, _ = await asyncio.gather(self._load(), self._open_database())
            await self._start_work(loaded)
            # What is loaded by now stays for ever: the collector need not look through it again and again.
            gc.collect()
            gc.freeze()
            if listener is not None:
                words = loaded.page if loaded is not None else loading.page()
                await self._parts.serve("page", server(create_app(self._site(words)), self.settings.web), listener)
            if private is not None:
                private_app = create_private_app(self.health, self._health.metrics)
                await self._parts.serve("metrics", plain_server(private_app), private)
        except BaseException:
            await self._exit.aclose()
            raise

    async def health(self) -> list[str]:
        """What is wrong at this moment; empty when all is well."""
        return await self._health.faults()

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
        await self._parts.stop()
        await self._exit.aclose()
        log.info("stopped")

    async def _finish(self) -> None:
        self._streams.stop()
        await self._parts.stop(*LEADING)
        await self._parts.stop_serving()
        if self.work is not None:
            await self.work.finish()

    # -- opening

    @property
    def _serves(self) -> bool:
        by_webhook = any(self.settings.by_webhook(platform.name) for platform in self._bringers)
        return self.role != "worker" and (self.settings.web.enabled or by_webhook)

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
        self._streams = Streams(self.store)
        if self.settings.database.is_one_file:
            # The file's lock says that nobody else is here: whatever is leased was leased by a process that is gone.
            await self.store.write(free_all)

    async def _start_work(self, loaded: Loaded | None) -> None:
        platforms = [platform.name for platform in self.messengers]
        if loaded is not None:
            base = Base(
                settings=self.settings,
                store=self.store,
                cleaner=self._cleaner,
                clock=self.clock,
                parts=self._parts,
                holder=self._holder,
                changed=self._streams.changed,
            )
            self.work = Work(base, loaded, self.messengers)
            platforms = list(self.work.deliveries)
            await self.work.start(self._exit)
        self._health = Health(self.store, self._holder, platforms, self._parts.faults)

    def _listen(self) -> socket.socket:
        web = self.settings.web
        listener = self._exit.enter_context(contextlib.closing(listen(web.host, web.port)))
        self.address = f"http://{web.host}:{listener.getsockname()[1]}/"
        return listener

    def _listen_privately(self) -> socket.socket | None:
        """The port for Prometheus. A port in use stops nobody: figures are not worth a start."""
        private = self.settings.metrics
        listener = listen_privately(private.host, private.port)
        if listener is not None:
            self._exit.enter_context(contextlib.closing(listener))
            self.private_address = f"http://{private.host}:{listener.getsockname()[1]}/"
            log.info("metrics_on", extra={"address": self.private_address + "metrics"})
        return listener

    def _site(self, words: Mapping[str, str]) -> Site:
        return Site(
            store=self.store,
            settings=self.settings.web,
            cleaner=self._cleaner,
            words=words,
            streams=self._streams,
            clock=self.clock,
            arrived=self._arrived,
            health=self.health,
            messengers=self._bringers,
            alarms=self.settings.alarms,
        )

    def _arrived(self) -> None:
        """The inbox has something new; if there is no worker here, there is one elsewhere."""
        if self.work is not None:
            self.work.arrived()
        else:
            self.store.bells.ring("inbox")


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
