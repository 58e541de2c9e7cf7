"""Sends as fast as it can and prints the seconds: `python -m bench.sender ours|many|bare URL MESSAGES DATABASE`.

ours: our Delivery with the real store, the rows already in the outbox. many: an announcement to as many citizens,
written down already, until all of them are marked. bare: a loop on aiohttp that stores nothing.
"""

import asyncio
import json
import sys
import time
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import aiohttp

from bench.processes import FIRST_CHAT, NO_PACE, TOKEN
from bot import outbox
from bot.alarms import Alarms
from bot.clock import Clock
from bot.config import Operators
from bot.content import Wording
from bot.delivery import Delivery
from bot.markup import spans
from bot.media import Shelf
from bot.pace import Pace
from bot.platforms.request import AiohttpRequest
from bot.platforms.telegram import Telegram
from bot.sending import Sender
from bot.services.announcements import Plan
from bot.services.contents import Content
from bot.store import Store, Unit
from bot.store.migrate import upgrade
from bot.store.outbox import Outgoing

IN_FLIGHT = 64
TEXT = "**ساعت کار**\n\nشنبه تا چهارشنبه از ۷:۳۰ تا ۱۴:۳۰ در خدمت شما هستیم؛ پنجشنبه‌ها تا ۱۲:۳۰. شماره تماس: ۱۳۷"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def ours(url: str, messages: int, database: str) -> float:
    address = f"sqlite+aiosqlite:///{database}"
    await asyncio.to_thread(upgrade, address)
    clock = Clock()
    store = Store(address, clock)
    platform = Telegram(TOKEN, url, AiohttpRequest(connections=IN_FLIGHT), AiohttpRequest(connections=1))
    platform.in_flight = IN_FLIGHT
    pace = Pace(NO_PACE, NO_PACE, asyncio.get_running_loop().time)
    alarms = Alarms(Operators(), Wording("alarms"), store)
    sender = Sender(platform, store, Shelf(Path(database).parent / "media"), alarms, clock)
    delivery = Delivery(sender, store, pace, alarms, clock)
    (body,) = outbox.bodies(spans(TEXT))

    def fill(unit: Unit) -> None:
        for chat in range(FIRST_CHAT, FIRST_CHAT + messages):
            unit.outbox.add(Outgoing("telegram", chat, "send", body), claimed=False)

    await store.write(fill)
    await platform.open()
    began = time.monotonic()
    running = asyncio.create_task(delivery.run())
    while True:
        if not await store.read(lambda unit: unit.outbox.waiting("telegram")):
            break
        await asyncio.sleep(0.02)
    lasted = time.monotonic() - began
    running.cancel()
    await platform.close()
    await store.close()
    return lasted


async def many(url: str, messages: int, database: str) -> float:
    from bench import crowd  # noqa: PLC0415 - loads the content, which would slow the others' start

    address = f"sqlite+aiosqlite:///{database}"
    await asyncio.to_thread(upgrade, address)
    store = Store(address, Clock())
    platform = Telegram(TOKEN, url, AiohttpRequest(connections=IN_FLIGHT), AiohttpRequest(connections=1))
    platform.in_flight = IN_FLIGHT
    await platform.open()
    await store.write(partial(crowd.settle, engine="sqlite", count=messages))
    herald, broadcast = crowd.hall(store, platform)
    plan = Plan(Content(spans(TEXT)))
    made = await store.write(partial(crowd.announce, plan=plan))
    await herald._leader.renew()
    await herald.look()
    await broadcast._leader.renew()
    began = time.monotonic()
    running = asyncio.create_task(broadcast.run())
    while (await store.read(lambda unit: unit.announcements.counts(made.id))).get("sent") != messages:
        await asyncio.sleep(0.02)
    lasted = time.monotonic() - began
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await platform.close()
    await store.close()
    return lasted


async def bare(url: str, messages: int, _database: str) -> float:
    waiting = iter(range(FIRST_CHAT, FIRST_CHAT + messages))

    async def work(session: aiohttp.ClientSession) -> None:
        for chat in waiting:
            body = urlencode({"chat_id": chat, "text": TEXT})
            async with session.post(f"{url}/bot{TOKEN}/sendMessage", data=body, headers=FORM) as answer:
                assert json.loads(await answer.read())["ok"]

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=IN_FLIGHT)) as session:
        began = time.monotonic()
        await asyncio.gather(*(work(session) for _ in range(IN_FLIGHT)))
        return time.monotonic() - began


def main(way: str, url: str, messages: str, database: str) -> None:
    sys.setswitchinterval(0.001)  # as the service does
    print(asyncio.run({"ours": ours, "many": many, "bare": bare}[way](url, int(messages), database)))


if __name__ == "__main__":
    main(*sys.argv[1:])
