"""One writer on SQLite: shared commits, separate fates."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import StoreDown
from bot.models import citizens
from bot.store import Store, Unit
from bot.store.writer import OneFile, Writer
from tests.citizen import PATIENCE, rows_of
from tests.store.conftest import Time


@pytest.fixture
def engine() -> str:
    return "sqlite"


def writer_of(store: Store) -> Writer:
    assert isinstance(store._engine, OneFile)
    return store._engine._writer


def meet(user: int) -> Callable[[Unit], int]:
    """Raises if the citizen is known already."""

    def work(unit: Unit) -> int:
        values = {"platform": "telegram", "user_id": user, "met_at": 0}
        return int(unit._connection.execute(citizens.insert().returning(citizens.c.id), values).scalar_one())

    return work


async def known(store: Store) -> list[int]:
    rows = await store.read(lambda unit: rows_of(unit, citizens))
    return [row["user_id"] for row in rows]


async def test_work_handed_in_together_shares_commits_and_keeps_its_order(store: Store) -> None:
    commits: list[object] = []
    event.listen(writer_of(store)._engine, "commit", commits.append)

    await asyncio.gather(*(store.write(meet(user)) for user in range(100)))

    assert await known(store) == list(range(100))
    assert len(commits) < 20


async def test_one_failing_job_takes_nothing_with_it(store: Store) -> None:
    ends = await asyncio.gather(
        *(store.write(meet(user)) for user in (1, 2, 2, 3)),
        return_exceptions=True,
    )

    assert [type(end) for end in ends] == [int, int, IntegrityError, int]
    assert await known(store) == [1, 2, 3]


async def test_nothing_of_a_job_that_raises_is_stored(store: Store) -> None:
    def work(unit: Unit) -> None:
        meet(1)(unit)
        raise ValueError("no")

    for others in ([], [meet(2), meet(3)]):
        ends = await asyncio.gather(*(store.write(job) for job in [work, *others]), return_exceptions=True)
        assert isinstance(ends[0], ValueError)

    assert await known(store) == [2, 3]


async def test_what_is_attempted_is_undone_alone(store: Store) -> None:
    def work(unit: Unit) -> None:
        meet(1)(unit)
        with pytest.raises(IntegrityError), unit.attempt():
            meet_again(unit)

    def meet_again(unit: Unit) -> None:
        meet(2)(unit)
        meet(1)(unit)

    await asyncio.gather(store.write(work), store.write(meet(3)))

    assert await known(store) == [1, 3]


async def test_when_the_commit_fails_everybody_who_shares_it_is_told(store: Store) -> None:

    def fails(connection: Connection) -> None:
        connection.connection.rollback()  # as SQLite does by itself when the disk is full
        raise OSError("disk full")

    event.listen(writer_of(store)._engine, "commit", fails)
    ends = await asyncio.gather(*(store.write(meet(user)) for user in range(3)), return_exceptions=True)
    event.remove(writer_of(store)._engine, "commit", fails)

    assert [type(end) for end in ends] == [StoreDown] * 3
    await store.write(meet(9))
    assert await known(store) == [9]


async def test_work_whose_asker_was_cancelled_stands(store: Store) -> None:
    asking = asyncio.create_task(store.write(meet(1)))
    await asyncio.sleep(0)
    asking.cancel()
    await store.write(meet(2))

    assert asking.cancelled()
    assert await known(store) == [1, 2]


async def test_closing_finishes_what_was_handed_in_and_takes_nothing_new(store: Store) -> None:
    tasks = [asyncio.create_task(store.write(meet(user))) for user in range(10)]
    await asyncio.sleep(0)

    await store.close()

    assert len(set(await asyncio.gather(*tasks))) == 10
    with pytest.raises(RuntimeError, match="closed"):
        await store.write(meet(11))


async def test_a_reader_sees_what_was_written_and_nothing_half_done(store: Store) -> None:
    async def look() -> list[list[int]]:
        return [await known(store) for _ in range(20)]

    def both(unit: Unit) -> None:
        meet(1)(unit)
        unit.citizens.meet("telegram", 2, None)

    seen, _ = await asyncio.gather(look(), store.write(both))

    assert all(found in ([], [1, 2]) for found in seen)
    assert await known(store) == [1, 2]


async def test_the_clock_of_the_database_is_ours(store: Store, clock: Time) -> None:
    clock.go_on(12_345)

    assert await store.write(lambda unit: unit.now) == clock.millis()
    assert await store.read(lambda unit: unit.now) == clock.millis()


async def test_after_a_failed_commit_the_next_work_is_done(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    await store.write(lambda unit: unit.now)
    with monkeypatch.context() as broken:
        broken.setattr(Connection, "commit", disk_full)
        with pytest.raises(StoreDown):
            await store.write(lambda unit: unit.leases.take("a", "me", 1000))

    assert await store.write(lambda unit: unit.leases.take("a", "me", 1000))


def disk_full(_connection: Connection) -> None:
    raise OSError("no space left")


async def test_work_that_raises_stop_iteration_keeps_nobody_waiting(store: Store) -> None:
    def bad(_unit: Unit) -> int:
        return next(iter(()))

    works = [store.write(bad), *(store.write(lambda unit: unit.now) for _ in range(3))]
    async with asyncio.timeout(PATIENCE):
        first, *others = await asyncio.gather(*works, return_exceptions=True)

    assert isinstance(first, RuntimeError)
    assert all(isinstance(other, int) for other in others)


async def test_after_a_refused_lock_a_transaction_is_still_all_or_nothing(store: Store, database: str) -> None:
    def half(unit: Unit) -> None:
        unit.beats.beat("half")
        raise ValueError

    await store.write(lambda unit: unit._connection.exec_driver_sql("PRAGMA busy_timeout=1").close())
    with closing(sqlite3.connect(database.partition("///")[2], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreDown):
            await store.write(lambda unit: unit.beats.beat("refused"))
        with pytest.raises(StoreDown):
            await asyncio.gather(*(store.write(lambda unit: unit.beats.beat("refused")) for _ in range(3)))
        other.execute("ROLLBACK")

    with pytest.raises(ValueError):  # noqa: PT011 - ours
        await store.write(half)
    assert await store.read(lambda unit: unit.beats.all()) == {}
    await store.write(lambda unit: unit.beats.beat("whole"))
    assert list(await store.read(lambda unit: unit.beats.all())) == ["whole"]


async def test_a_file_that_cannot_be_opened_at_first_is_opened_later(store: Store, database: str) -> None:
    file = Path(database.partition("///")[2])
    away = file.rename(file.with_name("away.db"))
    file.mkdir()
    for _ in range(2):
        async with asyncio.timeout(PATIENCE):
            ends = await asyncio.gather(store.write(meet(1)), store.write(meet(2)), return_exceptions=True)
        assert [type(end) for end in ends] == [StoreDown, StoreDown]

    file.rmdir()
    away.rename(file)

    await store.write(meet(3))
    assert await known(store) == [3]


async def test_who_finds_no_free_reader_in_time_is_told_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def none_free(*_: object) -> None:
        raise PoolTimeout("all of them read")

    assert isinstance(store._engine, OneFile)
    monkeypatch.setattr(store._engine._readers.sync_engine.pool, "connect", none_free)

    with pytest.raises(StoreDown):
        await store.read(lambda unit: unit.now)
