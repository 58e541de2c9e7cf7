"""Who fetches a file, and what becomes of contents that nobody names any more."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot import config, fetching
from bot.errors import Undelivered
from bot.fetching import Fetching, _trouble
from bot.incoming import Attachment
from bot.media import Cleaner, Shelf
from bot.models import FileState, files
from bot.platforms import Platform
from bot.store import Store, Unit
from bot.store.files import LEASE_MS, File
from scheduler import JOBS
from tests import samples
from tests.botapi import BotApi
from tests.botapi.files import Upload
from tests.citizen import PATIENCE, rows_of
from tests.conftest import FakeClock
from tests.outage import away
from tests.platforms.site import opened

SARA = 501


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "TICK_SECONDS", 0.01)


@pytest.fixture
async def platform(telegram: BotApi) -> AsyncIterator[Platform]:
    async with opened(telegram) as found:
        yield found


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "media")


@pytest.fixture
async def cleaner(shelf: Shelf) -> AsyncIterator[Cleaner]:
    found = Cleaner(shelf)
    yield found
    await found.close()


async def want(store: Store, api: BotApi, *contents: bytes) -> list[File]:
    """Sara's documents, waiting to be fetched."""
    names = [api.files.keep("document", Upload.of("document", content)).file_id for content in contents]
    sent = [Attachment("document", name, "a.pdf") for name in names]
    return await store.write(lambda unit: [unit.files.want("telegram", SARA, one) for one in sent])


@asynccontextmanager
async def at_work(*workers: Fetching) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(worker.run()) for worker in workers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def rows(store: Store) -> list[dict[str, Any]]:
    return await store.read(lambda unit: rows_of(unit, files))


async def until_there(store: Store) -> list[dict[str, Any]]:
    async with asyncio.timeout(PATIENCE):
        while any(row["state"] == FileState.WAITING for row in await rows(store)):
            await asyncio.sleep(0.01)
    return await rows(store)


async def until_held(store: Store, clock: FakeClock) -> None:
    """Wait until what waits is leased for the whole time again, or is there."""
    async with asyncio.timeout(PATIENCE):
        while any(row["due_at"] < clock.millis() + LEASE_MS and not row["state"] for row in await rows(store)):
            await asyncio.sleep(0.01)


async def test_two_processes_fetch_each_file_once(
    store: Store, platform: Platform, cleaner: Cleaner, telegram: BotApi
) -> None:
    await want(store, telegram, *(samples.PDF + bytes([number]) for number in range(20)))

    async with at_work(Fetching([platform], store, cleaner), Fetching([platform], store, cleaner)):
        found = await until_there(store)

    assert {row["state"] for row in found} == {FileState.THERE}
    assert telegram.called["getFile"] == 20


async def test_what_a_dead_process_had_claimed_is_fetched_by_another(
    store: Store, platform: Platform, cleaner: Cleaner, telegram: BotApi, clock: FakeClock
) -> None:
    await want(store, telegram, samples.PDF)
    await store.write(lambda unit: unit.files.claim(["telegram"], 5))

    async with at_work(Fetching([platform], store, cleaner)):
        await asyncio.sleep(0.1)
        assert [row["state"] for row in await rows(store)] == [FileState.WAITING]
        clock.instant += timedelta(milliseconds=LEASE_MS)
        found = await until_there(store)

    assert [(row["state"], row["tries"]) for row in found] == [(FileState.THERE, 2)]


async def test_a_database_that_is_away_meanwhile_costs_no_file_its_fetch(
    store: Store, platform: Platform, cleaner: Cleaner, telegram: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither its claims nor its holding cut off what is under way, and the end is written down as soon as may be."""
    telegram.faults.slow(0.3, "download")
    (file,) = await want(store, telegram, samples.PDF)
    async with at_work(Fetching([platform], store, cleaner)), asyncio.timeout(PATIENCE):
        while not telegram.called["getFile"]:
            await asyncio.sleep(0.01)
        with away(store):
            await asyncio.sleep(0.6)
        found = await until_there(store)

    assert [(row["state"], row["tries"]) for row in found] == [(FileState.THERE, file.tries + 1)]
    assert telegram.called["getFile"] == 1


async def test_a_file_that_takes_long_stays_with_who_fetches_it(
    store: Store,
    platform: Platform,
    cleaner: Cleaner,
    telegram: BotApi,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetching, "HOLD_SECONDS", 0.02)
    telegram.faults.slow(0.5, "download")
    await want(store, telegram, samples.PDF)

    async with at_work(Fetching([platform], store, cleaner), Fetching([platform], store, cleaner)):
        for _ in range(5):
            clock.instant += timedelta(milliseconds=LEASE_MS * 2 // 3)
            await until_held(store, clock)
        await until_there(store)

    assert telegram.called["getFile"] == 1


async def test_a_stop_leaves_no_half_file_and_the_row_for_later(
    store: Store, platform: Platform, cleaner: Cleaner, telegram: BotApi
) -> None:
    telegram.faults.slow(5, "download")
    await want(store, telegram, samples.PDF)

    async with at_work(Fetching([platform], store, cleaner)), asyncio.timeout(PATIENCE):
        while not telegram.called["getFile"]:
            await asyncio.sleep(0.01)

    assert [row["state"] for row in await rows(store)] == [FileState.WAITING]
    assert not [file for file in cleaner.shelf.folder.rglob("*") if file.is_file()]


async def test_pauses_grow_and_the_longest_is_ten_minutes(store: Store, telegram: BotApi, clock: FakeClock) -> None:
    (file,) = await want(store, telegram, samples.PDF)
    pauses = []
    for tries in range(1, 13):
        trouble = partial(_trouble, file=replace(file, tries=tries), error=Undelivered("no network", retry_ms=1000))
        await store.write(trouble)
        pauses.append((int((await rows(store))[0]["due_at"]) - clock.millis()) // 1000)

    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600]


async def test_a_platform_that_asks_for_a_longer_pause_gets_it(
    store: Store, telegram: BotApi, clock: FakeClock
) -> None:
    (file,) = await want(store, telegram, samples.PDF)
    asked = Undelivered("too fast", retry_ms=30_000, flood=True)

    await store.write(lambda unit: _trouble(unit, replace(file, tries=1), asked))

    assert (await rows(store))[0]["due_at"] == clock.millis() + 30_000


# What nobody names


async def run(name: str, store: Store, shelf: Shelf) -> dict[str, int]:
    settings = config.load(media={"folder": str(shelf.folder)})
    return await next(job for job in JOBS if job.name == name).run(store, settings)


def put(unit: Unit, shelf: Shelf, source: Path, content: bytes, visitor: int) -> str:
    source.write_bytes(content)
    cleaned = shelf.put(source, name="a")
    unit.files.put("web", visitor, cleaned)
    unit.uploads.keep("telegram", 100, {(cleaned.hash, cleaned.kind): "id"})
    return cleaned.hash


async def test_contents_go_with_the_last_row_that_names_them(store: Store, shelf: Shelf, tmp_path: Path) -> None:
    source = tmp_path / "came"
    photo = await store.write(lambda unit: put(unit, shelf, source, samples.jpeg(), 1))
    shared = await store.write(lambda unit: put(unit, shelf, source, samples.PDF, 1))
    await store.write(lambda unit: put(unit, shelf, source, samples.PDF, 2))
    for file in (file for file in shelf.folder.rglob("*") if file.is_file()):
        os.utime(file, (1, 1))

    assert await run("throw_away_unnamed", store, shelf) == {"thrown": 0}
    await store.write(lambda unit: unit.files.forget("web", 1))
    assert await run("throw_away_unnamed", store, shelf) == {"thrown": 2}  # the photo and its preview

    assert [file.name for file in shelf.folder.rglob("*") if file.is_file()] == [shared]
    names = await store.read(lambda unit: unit.uploads.find("telegram", 100, [photo, shared]))
    assert set(names) == {(shared, "document")}


async def test_what_has_just_come_is_not_thrown_away(store: Store, shelf: Shelf, tmp_path: Path) -> None:
    """Its row is written a moment after its content."""
    (tmp_path / "came").write_bytes(samples.PDF)
    shelf.put(tmp_path / "came", name="a.pdf")

    assert await run("throw_away_unnamed", store, shelf) == {"thrown": 0}


async def test_without_any_file_there_is_nothing_to_throw_away(store: Store, shelf: Shelf) -> None:
    assert await run("throw_away_unnamed", store, shelf) == {"thrown": 0}
