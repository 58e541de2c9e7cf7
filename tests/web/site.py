"""The page of the tests: a real database, the real application, and a bot that is small enough to be seen through.

The bot is a stand-in: it takes the inbox's rows and answers over the page's Bot API, as delivery does.
"""

import asyncio
import contextlib
import json
import socket
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import create_engine
from starlette.applications import Starlette
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup

from bot import markup
from bot.clock import Clock
from bot.config import Alarms
from bot.config import Web as Settings
from bot.markup import spans
from bot.media import Cleaner, Shelf
from bot.models import RowState, inbox, metadata
from bot.platforms.web import TOKEN, WebRequest
from bot.store import Store, Unit
from web.app import Site, create_app
from web.server import server
from web.streams import Streams

WORDS = tomllib.loads((Path(__file__).parents[2] / "content" / "page.toml").read_text(encoding="utf-8"))["texts"]
ORIGIN = "http://page"
WAITING = inbox.select().where(inbox.c.state == RowState.WAITING).order_by(inbox.c.id)


class SetClock(Clock):
    """A clock that goes on only when it is told to."""

    def __init__(self) -> None:
        self._millis = 1_795_340_000_000

    def millis(self) -> int:
        return self._millis

    def go_on(self, seconds: float) -> None:
        self._millis += int(seconds * 1000)


@dataclass
class Place:
    """A page with its database and the bot's way to it."""

    store: Store
    site: Site
    bot: Bot
    woken: list[None] = field(default_factory=list)

    @cached_property
    def app(self) -> Starlette:
        return create_app(self.site)

    def browser(self, **headers: str) -> httpx.AsyncClient:
        """Somebody with a browser of their own, without a cookie as yet."""
        transport = httpx.ASGITransport(self.app)
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)

    async def inbox(self) -> list[dict[str, Any]]:
        """What waits for the bot, oldest first."""
        rows = await self.store.read(lambda unit: unit._connection.execute(WAITING).all())
        return [json.loads(row.raw) for row in rows]

    async def say(self, visitor_id: int, text: str, **more: Any) -> int:  # noqa: ANN401 - handed on as it is
        """The bot says something; the number of its message."""
        message = await self.bot.send_message(visitor_id, rendered(text), **more)
        return message.message_id


def rendered(text: str) -> str:
    return json.dumps(markup.to_json(spans(text)))


@asynccontextmanager
async def open_place(database: Path, clock: Clock, **changes: Any) -> AsyncIterator[Place]:  # noqa: ANN401 - handed on as it is
    """Build the database if it is new, and everything on it."""
    engine = create_engine(f"sqlite:///{database}")
    with engine.begin() as connection:
        metadata.create_all(connection)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    engine.dispose()
    store = Store(f"sqlite+aiosqlite:///{database}", clock)
    streams = Streams(store)
    woken: list[None] = []
    cleaner = Cleaner(Shelf(database.parent / "media"))
    site = Site(
        store=store,
        settings=Settings(**changes),
        cleaner=cleaner,
        words=WORDS,
        streams=streams,
        clock=clock,
        arrived=lambda: woken.append(None),
        alarms=Alarms(disk_free_megabytes=1, disk_free_percent=0),
    )
    yield Place(store, site, Bot(TOKEN, "page://", request=WebRequest(store, streams.wake)), woken)
    await cleaner.close()
    await store.close()


@asynccontextmanager
async def served(place: Place, port: int = 0) -> AsyncIterator[str]:
    """The page behind a real server; its address."""
    listening = socket.create_server(("127.0.0.1", port))
    serving = server(create_app(place.site), place.site.settings)
    with contextlib.ExitStack() as stack:
        stack.callback(listening.close)
        task = asyncio.create_task(serving._serve([listening]))
        while not serving.started:
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        place.site.streams.stop()
        serving.should_exit = True
        await task


MENU = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("ساعت کار شهرداری", callback_data="hours")],
        [
            InlineKeyboardButton("نشانی", callback_data="address"),
            InlineKeyboardButton("تلفن", callback_data="phone"),
        ],
        [InlineKeyboardButton("سایت منطقه ۱۴", url="https://region14.tehran.ir/")],
    ]
)
KEYS = ReplyKeyboardMarkup([["منوی اصلی", "گزارش مشکل"], ["پیگیری", "راهنما"]])
HELLO = (
    "سلام! من **همیار ۱۴** هستم، دستیار شهروندان منطقه ۱۴ تهران.\n\n"
    "از من می‌توانید بپرسید:\n• ساعت کار و نشانی شهرداری\n• برنامه‌ها و رویدادهای منطقه\n• راه فرستادن پیشنهاد و گزارش"
)
HOURS = (
    "شهرداری منطقه ۱۴ **شنبه تا سه‌شنبه** از ساعت ۸ تا ۱۶:۳۰ و **چهارشنبه** تا ۱۵:۳۰ باز است. "
    "پنجشنبه، جمعه و روزهای تعطیل بسته است.\n\nبرای خبر تازه، [سایت منطقه](https://region14.tehran.ir/) را ببینید."
)
BACK = InlineKeyboardMarkup([[InlineKeyboardButton("بازگشت", callback_data="menu")]])


@asynccontextmanager
async def answering(place: Place) -> AsyncIterator[None]:
    """The stand-in bot at work."""

    async def work() -> None:
        while True:
            for update in await place.inbox():
                await answer(place, update)
                await place.store.write(_done)
            await asyncio.sleep(0.02)

    task = asyncio.create_task(work())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def answer(place: Place, update: dict[str, Any]) -> None:
    """One answer: hello, a menu that is turned by editing, or an echo."""
    if "callback_query" in update:
        press = update["callback_query"]
        where = {"chat_id": press["from"]["id"], "message_id": press["message"]["message_id"]}
        text, keyboard = (HELLO, MENU) if press["data"] == "menu" else (HOURS, BACK)
        await place.bot.edit_message_text(rendered(text), **where, reply_markup=keyboard)
        await place.bot.answer_callback_query(press["id"])
        return
    visitor_id, text = update["message"]["chat"]["id"], update["message"]["text"]
    if text == "/start":
        await place.say(visitor_id, HELLO, reply_markup=MENU)
        await place.say(visitor_id, "هر وقت خواستید، از این دکمه‌ها استفاده کنید.", reply_markup=KEYS)
    elif "ساعت" in text:
        await place.say(visitor_id, HOURS)
    else:
        message = json.dumps([["", f"شنیدم: {text}"]])
        await place.bot.send_message(visitor_id, message)


def _done(unit: Unit) -> None:
    row = unit._connection.execute(WAITING).first()
    if row is not None:
        unit.inbox.done(row.id)
