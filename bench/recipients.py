"""A million recipients: how long they take to be written down, and what each costs beside how many others.

Without a network: messages are rendered and dropped, and each recipient is marked in the database.
"""

import asyncio
import os
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from bench import machine
from bench.crowd import announce, city, hall, nowhere
from bench.sender import IN_FLIGHT, TEXT
from bench.tables import show
from bot.markup import spans
from bot.models import AnnouncementState
from bot.services import announcements
from bot.services.announcements import Announcement, Plan
from bot.services.audiences import Audience
from bot.services.contents import Content
from bot.store import Store, Unit

MILLION: Final = 1_000_000
SIZES: Final = (1_000, 100, 1)
"""Of a million, the thousandth part and so on."""
PLAN: Final = Plan(Content(spans(TEXT)), "culture", audience=Audience(neighbourhoods=("dolab", "khavaran", "nabard")))
"""All filters are asked, and everybody passes them."""


async def measure(quick: bool) -> None:  # noqa: FBT001 - all cases have this signature
    most = MILLION // 50 if quick else MILLION
    rows = []
    for engine in ("sqlite", "postgresql"):
        for part in SIZES:
            async with city(engine, most // part) as store:
                rows.append([engine, f"{most // part:,}", *await _measured(store, most // part)])
    show(
        "recipients: written down with all filters, then sent to nowhere and marked",
        ["database", "recipients", "written down, s", "longest piece, ms", "sent, a second", "µs of ours each", "MiB"],
        rows,
    )


async def _measured(store: Store, count: int) -> list[str]:
    herald, broadcast = hall(store, nowhere(IN_FLIGHT))
    made = await store.write(partial(announce, plan=PLAN))
    await herald._leader.renew()
    pieces: list[float] = []
    queuing = _timed(store, pieces)
    began = time.perf_counter()
    await herald.look()
    written = time.perf_counter() - began
    queuing()
    assert (await _report(store, made)).total == count
    before, used, began = machine.memory(os.getpid())[0], time.process_time(), time.perf_counter()
    working = [asyncio.create_task(broadcast.run()), asyncio.create_task(herald.run())]
    most = before
    while (await _report(store, made)).announcement.state != AnnouncementState.DONE:
        await asyncio.sleep(0.2)
        most = max(most, machine.memory(os.getpid())[0])
    lasted, used = time.perf_counter() - began, time.process_time() - used
    for task in working:
        task.cancel()
    await asyncio.gather(*working, return_exceptions=True)
    assert (await _report(store, made)).ends == {"sent": count}
    return [
        f"{written:.2f}",
        f"{max(pieces) * 1000:.0f}",
        f"{count / lasted:.0f}",
        f"{used / count * 1e6:.0f}",
        f"{most - before:.0f}",
    ]


def _timed(store: Store, pieces: list[float]) -> Callable[[], None]:
    """Note how long each piece of work holds the writer, until what is returned is called."""
    write = store.write

    async def timed(work: Callable[[Unit], Any]) -> Any:  # noqa: ANN401 - as `Store.write`
        def held(unit: Unit) -> Any:  # noqa: ANN401 - as above
            began = time.perf_counter()
            found = work(unit)
            pieces.append(time.perf_counter() - began)
            return found

        return await write(held)

    store.write = timed  # type: ignore[method-assign]  # for a while only

    def restore() -> None:
        store.write = write  # type: ignore[method-assign]  # as it was

    return restore


async def _report(store: Store, made: Announcement) -> announcements.Report:
    return await store.read(lambda unit: announcements.report(unit, made.id))
