"""What the watch sees, when it tells, and when it says that all is well again."""

import asyncio
import errno
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from bot import beats, config, leader, markup, outage, watch
from bot.alarms import Alarms
from bot.leader import Leader
from bot.loading import Loaded
from bot.models import outbox
from bot.platforms import Platform
from bot.store import Store, Unit
from bot.store.inbox import Received
from bot.store.outbox import Outgoing, Row
from bot.watch import House, Watch, disk
from tests.botapi import BotApi
from tests.citizen import PATIENCE, rows_of, wait_until
from tests.conftest import FakeClock
from tests.outage import away
from tests.platforms.site import opened

OPERATOR, SARA = 900, 7


class Space(NamedTuple):
    """Of a disk, as `shutil.disk_usage` has it."""

    total: int
    used: int
    free: int


@dataclass
class Tower:
    """Where the watch stands. Time stands still until `later`."""

    store: Store
    clock: FakeClock
    api: BotApi
    platform: Platform
    alarms: Alarms
    folder: Path

    def watch(self, holder: str = "one") -> Watch:
        bots = [(self.platform.name, self.platform.bot_id)]
        house = House({self.platform.name: self.platform}, bots, [self.folder], config.Alarms(disk_free_megabytes=1))
        return Watch(self.store, self.alarms, Leader(self.store, watch.LEASE, holder), house, self.clock)

    async def look(self, through: Watch | None = None) -> None:
        """One look; what it told reaches the operators."""
        await (through or self.watch()).look()
        await self.store.write(lambda unit: unit.outbox.drop_chat(self.platform.name, OPERATOR, "sent"))

    async def told(self) -> list[str]:
        """What was written to the operators, oldest first."""

        def look(unit: Unit) -> list[str]:
            rows = [row for row in rows_of(unit, outbox) if row["chat_id"] == OPERATOR]
            return [markup.plain(markup.from_json(json.loads(row["body"])["text"])) for row in rows]

        return await self.store.read(look)

    def later(self, seconds: float) -> None:
        self.clock.instant += timedelta(seconds=seconds)

    async def beat(self, name: str) -> None:
        await self.store.write(lambda unit: unit.beats.beat(name))

    async def heard(self) -> None:
        await self.beat(beats.heard(self.platform.name, self.platform.bot_id))

    async def arrive(self, count: int = 1) -> None:
        """Updates that wait, each in a chat of its own."""

        def work(unit: Unit) -> None:
            rows = [Received(1, unit.now + n, SARA + n, "{}") for n in range(count)]
            unit.chats.arrived(self.platform.name, unit.inbox.receive(self.platform.name, rows))

        await self.store.write(work)

    async def handle(self, count: int = 1) -> None:
        def work(unit: Unit) -> None:
            for chat in unit.chats.claim("a", [self.platform.name], count):
                (row,) = unit.inbox.waiting(chat.platform, chat.chat_id, 1)
                unit.inbox.done(row.id)
                unit.chats.advance(chat.platform, chat.chat_id, "a")

        await self.store.write(work)

    async def write(self) -> Row:
        """A message that waits to go out."""
        message = Outgoing(self.platform.name, SARA, "send", '{"text":[]}')
        return await self.store.write(lambda unit: unit.outbox.add(message, claimed=False))

    @asynccontextmanager
    async def watching(self, watch: Watch | None = None) -> AsyncIterator[Watch]:
        """A watch at work; at the end it is killed."""
        found = watch or self.watch()
        task = asyncio.create_task(found.run())
        try:
            yield found
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@pytest.fixture
async def tower(api: BotApi, database: str, loaded: Loaded, tmp_path: Path) -> AsyncIterator[Tower]:
    clock = FakeClock()
    store = Store(database, clock)
    api.meet(OPERATOR)
    async with opened(api) as platform:
        alarms = Alarms(config.Operators(chat_ids=(f"{platform.name}:{OPERATOR}",)), loaded.alarms, store)
        yield Tower(store, clock, api, platform, alarms, tmp_path)
        await store.close()


def kinds(told: list[str]) -> str:
    return "".join(text[0] for text in told)


# Silence


async def test_a_bot_that_nobody_hears_of_is_told_once_and_its_return_too(tower: Tower) -> None:
    watching = tower.watch()
    await tower.heard()
    tower.later(299)
    await tower.look(watching)
    assert await tower.told() == []

    for _ in range(3):
        tower.later(20)
        await tower.look(watching)
    (told,) = await tower.told()
    assert tower.platform.name in told
    assert "۵ دقیقه" in told

    await tower.heard()
    await tower.look(watching)
    assert kinds(await tower.told()) == "⚠✅"


async def test_what_a_dead_poller_left_is_seen_by_the_watch_of_another_process(tower: Tower) -> None:
    await tower.heard()
    others = tower.watch("two")
    tower.later(301)

    await tower.look(others)

    assert kinds(await tower.told()) == "⚠"


async def test_a_night_in_which_the_service_was_off_is_no_silence(tower: Tower) -> None:
    await tower.heard()
    tower.later(8 * 3600)

    watching = tower.watch()
    await tower.look(watching)
    assert await tower.told() == []

    tower.later(301)
    await tower.look(watching)
    assert kinds(await tower.told()) == "⚠"


async def test_a_restart_ends_no_alarm_while_nobody_is_heard(tower: Tower) -> None:
    first = tower.watch()
    tower.later(301)
    await tower.look(first)

    await tower.look(tower.watch("restarted"))
    tower.later(301)
    await tower.look(tower.watch("again"))

    assert kinds(await tower.told()) == "⚠"


async def test_an_alarm_about_a_bot_that_was_switched_off_does_not_stand_for_ever(tower: Tower) -> None:
    await tower.alarms.begin("silent", "another", minutes=5)
    await tower.alarms.begin("job", "forget_old", error="x")

    await tower.look()

    assert kinds(await tower.told()) == "⚠⚠"
    assert [alarm.kind for alarm in await tower.store.read(lambda unit: unit.alarms.standing())] == ["job"]


# Backlog


async def test_answers_that_come_late_are_told_and_when_they_come_in_time_again(tower: Tower) -> None:
    watching = tower.watch()
    await tower.arrive()
    for seconds in (30, 30):
        tower.later(seconds)
        await tower.look(watching)
    assert await tower.told() == []

    for seconds in (1, 20, 20):
        tower.later(seconds)
        await tower.look(watching)
    (told,) = await tower.told()
    assert "۸۱ ثانیه" in told

    await tower.handle()
    await tower.look(watching)
    assert kinds(await tower.told()) == "⚠✅"


async def test_a_backlog_between_the_measures_neither_begins_nor_ends(tower: Tower) -> None:
    watching = tower.watch()
    for seconds in (61, 45, 61, 45):
        await tower.arrive()
        tower.later(seconds)
        await tower.look(watching)
        await tower.look(watching)
        await tower.handle()

    assert kinds(await tower.told()) == "⚠"


async def test_what_a_stop_left_behind_is_no_backlog_if_it_is_dealt_with_at_once(tower: Tower) -> None:
    await tower.arrive()
    tower.later(3600)
    watching = tower.watch()

    await tower.look(watching)
    await tower.handle()
    await tower.look(watching)

    assert await tower.told() == []


async def test_many_that_wait_are_a_backlog_however_young(tower: Tower) -> None:
    watching = tower.watch()
    await tower.arrive(2001)
    await tower.look(watching)
    await tower.look(watching)

    assert kinds(await tower.told()) == "⚠"


async def test_a_backlog_is_counted_by_the_database_now_and_then(tower: Tower, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = []

    async def count_anew() -> None:
        counted.append(tower.clock.instant)

    monkeypatch.setattr(tower.store, "count_anew", count_anew)
    watching = tower.watch()
    await tower.arrive(999)
    await tower.look(watching)
    assert counted == []

    tower.later(1)
    await tower.arrive(1)
    await tower.look(watching)
    await tower.look(watching)
    assert len(counted) == 1

    monkeypatch.setattr(watch, "COUNT_SECONDS", 0.0)
    await tower.look(watching)
    assert len(counted) == 2


# Delivery


async def test_a_messenger_that_takes_nothing_is_told_and_when_it_takes_again(tower: Tower) -> None:
    watching = tower.watch()
    row = await tower.write()
    for _ in range(7):  # put off again and again, it is always due soon
        tower.later(20)
        await tower.store.write(lambda unit: unit.outbox.put_off(row, 20_000, "no"))
        await tower.heard()
        await tower.look(watching)
    assert kinds(await tower.told()) == "⚠"

    await tower.store.write(lambda unit: unit.outbox.drop_chat(tower.platform.name, SARA, "x"))
    tower.later(61)
    await tower.heard()
    await tower.beat(beats.sent(tower.platform.name))
    await tower.look(watching)
    assert kinds(await tower.told()) == "⚠✅"


async def test_one_chat_that_waits_is_no_failing_delivery_while_others_get_theirs(tower: Tower) -> None:
    watching = tower.watch()
    await tower.write()
    for _ in range(10):
        tower.later(20)
        await tower.beat(beats.sent(tower.platform.name))
        await tower.heard()
        await tower.look(watching)

    assert await tower.told() == []


async def test_a_message_that_goes_through_now_and_then_ends_no_trouble(tower: Tower) -> None:
    watching = tower.watch()
    await tower.alarms.begin("delivery", tower.platform.name)
    tower.later(30)
    await tower.beat(beats.sent(tower.platform.name))
    await tower.look(watching)
    assert kinds(await tower.told()) == "⚠"

    tower.later(31)
    await tower.look(watching)
    assert kinds(await tower.told()) == "⚠✅"


# Disk


@pytest.mark.parametrize(("free", "state"), [(4_000, "well"), (3_500, "between"), (2_900, "bad"), (0, "bad")], ids=str)
def test_a_disk_is_judged_by_its_share(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, state: str) -> None:
    megabyte = 1024 * 1024
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Space(100_000 * megabyte, 0, free * megabyte))

    assert disk(tmp_path, config.Alarms(disk_free_megabytes=1, disk_free_percent=3)).state == state


def test_a_small_disk_is_judged_by_its_bytes_and_a_folder_need_not_be_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    looked: list[Path] = []

    def small(path: Path) -> Space:
        looked.append(path)
        return Space(10**9, 0, 9 * 10**8)

    monkeypatch.setattr(shutil, "disk_usage", small)

    assert disk(tmp_path / "not" / "yet", config.Alarms(disk_free_megabytes=1_000)).state == "bad"
    assert looked == [tmp_path]


def test_a_disk_that_cannot_be_looked_at_is_trouble_and_silences_no_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def gone(_: Path) -> Space:
        raise OSError(errno.ESTALE, "Stale file handle")

    monkeypatch.setattr(shutil, "disk_usage", gone)

    assert disk(tmp_path, config.Alarms()).state == "bad"


async def test_a_disk_that_fills_up_is_told_in_numbers(tower: Tower, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Space(10**9, 0, 0))
    watching = tower.watch()
    await tower.look(watching)
    await tower.look(watching)
    monkeypatch.undo()
    await tower.look(watching)

    first, last = await tower.told()
    assert "۰ مگابایت" in first
    assert last[0] == "✅"


# Counted rows, and who looks


async def test_rows_set_aside_are_over_after_an_hour_without(tower: Tower) -> None:
    watching = tower.watch()
    await tower.store.write(lambda unit: tower.alarms.count(unit, "set_aside", "bale", row=1, error="x"))
    await tower.look(watching)
    tower.later(3601)
    await tower.heard()

    await tower.look(watching)

    assert kinds(await tower.told()) == "⚠✅"


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leases are renewed, and looks taken, many times a second."""
    monkeypatch.setattr(leader, "RENEW_SECONDS", 0.02)
    monkeypatch.setattr(leader, "WAIT_SECONDS", 0.02)
    monkeypatch.setattr(watch, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(outage, "AWAY_SECONDS", 0.1)


async def looked(tower: Tower, condition: Callable[[list[str]], bool]) -> None:
    """Wait until the operators were told what is wanted."""
    async with asyncio.timeout(PATIENCE):
        while not condition(await tower.told()):
            await asyncio.sleep(0.005)


async def test_of_two_watches_one_tells_and_the_other_takes_over(tower: Tower, hurry: None) -> None:
    first, second = tower.watch("one"), tower.watch("two")
    tower.later(301)
    async with tower.watching(first):
        await wait_until(lambda: first._leader.leads)
        async with tower.watching(second):
            await looked(tower, bool)
            assert not second._leader.leads
    await first.release()
    async with tower.watching(second):
        await wait_until(lambda: second._leader.leads)
        await tower.heard()
        await looked(tower, lambda told: kinds(told) == "⚠✅")

    assert len(await tower.told()) == 2


# The database


async def test_a_database_that_is_gone_is_said_straight_and_once_and_its_return_too(
    tower: Tower, hurry: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tower.watching() as running, tower.watching(tower.watch("another")):
        await wait_until(lambda: running._leader.leads)
        with away(tower.store):
            await wait_until(lambda: tower.api.seen(OPERATOR))
            tries = tower.api.called["sendMessage"]
            await asyncio.sleep(0.2)  # many rounds
            assert tower.api.called["sendMessage"] == tries
        await looked(tower, bool)

    (gone,) = tower.api.seen(OPERATOR)
    assert gone.text[0] == "⛔"
    assert "۱۰:۰۰" in gone.text
    assert kinds(await tower.told()) == "✅"


async def test_a_moment_without_the_database_is_not_worth_a_word(
    tower: Tower, hurry: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(outage, "AWAY_SECONDS", 60)
    async with tower.watching() as running:
        await wait_until(lambda: running._leader.leads)
        with away(tower.store):
            await wait_until(lambda: "database_away" in caplog.text)
        await wait_until(lambda: "database_back" in caplog.text)

    assert tower.api.seen(OPERATOR) == []
    assert await tower.told() == []


async def test_an_operator_who_was_out_of_reach_is_told_later(
    tower: Tower, hurry: None, caplog: pytest.LogCaptureFixture
) -> None:
    tower.api.faults.bad_gateway("sendMessage", times=2)
    async with tower.watching() as running:
        await wait_until(lambda: running._leader.leads)
        with away(tower.store):
            await wait_until(lambda: tower.api.seen(OPERATOR))

    assert caplog.text.count("operator_not_reached") == 1
    assert len(tower.api.seen(OPERATOR)) == 1


async def test_an_operator_who_blocked_the_bot_is_not_tried_for_ever(tower: Tower, hurry: None) -> None:
    tower.api.block(OPERATOR)
    async with tower.watching() as running:
        await wait_until(lambda: running._leader.leads)
        with away(tower.store):
            await wait_until(lambda: tower.api.called["sendMessage"])
            await asyncio.sleep(0.2)  # many rounds

    assert tower.api.called["sendMessage"] == 1
