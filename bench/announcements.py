"""Announcements over the network: how fast they go, whether they keep the pace, and whether they let answers pass."""

import asyncio
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bench.bots import answered
from bench.crowd import announce, hire_all, settle
from bench.delivery import LATENCY, rate
from bench.processes import FIRST_CHAT, bot_api, ready, service
from bench.questions import questions
from bench.sender import IN_FLIGHT, TEXT
from bench.tables import median, rounds, show, spread
from bot.clock import Clock
from bot.markup import spans
from bot.services import announcements
from bot.services.announcements import Announcement, Plan
from bot.services.contents import Content
from bot.store import Store
from bot.store.migrate import upgrade
from tests.botapi.remote import Remote

LIMIT: Final = 30.0
URGENT: Final = Plan(Content(spans(TEXT)), "emergency", urgent=True)
"""No weekly limit holds it back, and no hour."""
ASKING: Final = 50
ASKED: Final = ((0.0, 1_500), (1.0, 10_000), (5.0, 1_500))
"""Questions a second while it is sent, and to how many."""


async def measure(quick: bool) -> None:  # noqa: FBT001 - all cases have this signature
    await _speed(1_000 if quick else 3_000, 1 if quick else 5)
    await _pace(quick=quick)


# -- as fast as it goes


async def _speed(messages: int, times: int) -> None:
    ways = {"announcement": "many", "bare aiohttp": "bare"}
    found = await rounds({name: partial(rate, way, messages) for name, way in ways.items()}, times)
    base = median(found["bare aiohttp"])
    show(
        f"announcements: {messages} recipients, {LATENCY * 1000:.0f} ms a call, {IN_FLIGHT} at once, no limit",
        ["sender", "messages/s", "ratio"],
        ([name, spread(rates), f"{median(rates) / base:.2f}"] for name, rates in found.items()),
    )


# -- at the platform's pace, with citizens who ask meanwhile


async def _pace(*, quick: bool) -> None:
    rows = []
    for asked, many in ASKED:
        recipients = 300 if quick else many
        stats, lasted = await _beside(recipients, asked)
        left = LIMIT - stats["latency"]["count"] / lasted
        rate, p99 = recipients / lasted, stats["latency"]["p99"]
        shown = "–" if p99 is None else f"{p99 * 1000:.0f}"
        rows.append(
            [
                f"{recipients:,}",
                f"{asked:.0f}",
                f"{rate:.2f}",
                f"{rate / left:.1%}",
                str(stats["busiest_second"]),
                shown,
            ]
        )
    show(
        f"announcements: no more than {LIMIT:.0f} a second, {LATENCY * 1000:.0f} ms a call",
        [
            "recipients",
            "asked a second",
            "announced a second",
            "of what answers leave",
            "busiest second",
            "answers, p99 ms",
        ],
        rows,
    )


async def _beside(recipients: int, asked: float) -> tuple[dict[str, Any], float]:
    """The server's figures, and how long the announcement lasted."""
    with TemporaryDirectory(prefix="hamyar14-bench-") as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"
        await asyncio.to_thread(upgrade, url)
        store = Store(url, Clock())
        await store.write(partial(settle, engine="sqlite", count=recipients))
        await store.write(hire_all)
        async with bot_api("--latency", str(LATENCY)) as remote:
            for chat in range(FIRST_CHAT, FIRST_CHAT + recipients):
                await remote.ask("meet", user_id=chat)
            limits = {"TELEGRAM__PACE": str(LIMIT)}
            async with service(remote.url, url, more=limits) as process:
                await ready(process)
                await _warm(remote)
                made = await store.write(partial(announce, plan=URGENT))
                seconds = recipients / LIMIT
                if asked:
                    wanted = questions(max(1, int(asked * seconds)))
                    asking = {"messages": len(wanted), "texts": wanted, "rate": asked}
                    await remote.ask("flood", citizens=ASKING, first_citizen=1, **asking)
                lasted = await _until_done(store, made)
                stats = await answered(remote)
        ends = await store.read(lambda unit: unit.announcements.counts(made.id))
        assert ends == {"sent": recipients}, ends
        await store.close()
    return stats, lasted


async def _warm(remote: Remote) -> None:
    """Those who ask later have written once."""
    await remote.ask("flood", messages=ASKING, citizens=ASKING, first_citizen=1)
    await answered(remote)
    await remote.ask("reset")


async def _until_done(store: Store, made: Announcement) -> float:
    """Seconds from its beginning to its end."""
    while True:
        found = await store.read(lambda unit: announcements.find(unit, made.id))
        if found.began_at is not None and found.ended_at is not None:
            return (found.ended_at - found.began_at) / 1000
        await asyncio.sleep(0.1)
