"""The poller over HTTP, on both messengers: nothing is acknowledged that is not stored, and nothing stops it."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot import poller as polling
from bot import receiver
from bot.models import inbox as inbox_table
from bot.platforms import Platform, base, request
from bot.poller import Poller
from bot.store import Store, Unit
from bot.store.beats import Beats
from tests.botapi import BotApi
from tests.botapi.faults import Faults
from tests.botapi.hook import Hook
from tests.citizen import PATIENCE, rows_of, wait_until
from tests.conftest import FakeClock
from tests.platforms.site import opened

SARA, REZA = 7, 8


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses are short here."""
    monkeypatch.setattr(receiver, "RENEW_SECONDS", 0.02)
    monkeypatch.setattr(receiver, "LONGEST_PAUSE_SECONDS", 0.02)
    monkeypatch.setattr(polling, "EMPTY_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(polling, "UNNUMBERED_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(base, "NETWORK_RETRY_MS", 10)
    monkeypatch.setattr(base, "OPERATORS_RETRY_MS", 10)
    monkeypatch.setattr(request, "DEFAULT_WAIT_SECONDS", 0.01)


@dataclass
class Desk:
    """Where updates arrive."""

    api: BotApi
    platform: Platform
    store: Store
    clock: FakeClock
    woken: int = 0

    def poller(self, holder: str = "one") -> Poller:
        return Poller(self.platform, self.store, holder, self._wake)

    @asynccontextmanager
    async def polling(self, holder: str = "one") -> AsyncIterator[Poller]:
        """A poller at work; at the end it is killed, as by SIGKILL."""
        poller = self.poller(holder)
        task = asyncio.create_task(poller.run())
        try:
            yield poller
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def texts(self) -> list[str | None]:
        """What was said in the updates that are stored."""
        rows = await self.store.read(lambda unit: rows_of(unit, inbox_table))
        return [_text(json.loads(row["raw"])) for row in rows]

    async def until(self, found: Callable[[], Any], wanted: Callable[[Any], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not wanted(await found()):
                await asyncio.sleep(0.005)

    async def until_heard(self, *texts: str) -> None:
        await self.until(self.texts, lambda heard: set(texts) <= set(heard))

    def _wake(self) -> None:
        self.woken += 1


def _text(update: Any) -> str | None:  # noqa: ANN401 - whatever came
    message = update.get("message") if isinstance(update, dict) else None
    return message.get("text") if isinstance(message, dict) else None


@pytest.fixture
async def desk(api: BotApi, database: str) -> AsyncIterator[Desk]:
    clock = FakeClock()
    store = Store(database, clock)
    async with opened(api) as platform:
        yield Desk(api, platform, store, clock)
        await store.close()


# Stored, then acknowledged


async def test_an_update_is_stored_before_it_is_acknowledged(desk: Desk) -> None:
    desk.api.say(SARA, "یک")

    await desk.poller()._once()

    assert await desk.texts() == ["یک"]
    assert (len(desk.api.updates.waiting), desk.api.updates.confirmed) == (1, 0)


async def test_who_is_killed_before_acknowledging_gets_it_again_and_keeps_it_once(desk: Desk) -> None:
    desk.api.say(SARA, "یک")
    await desk.poller()._once()
    desk.api.say(SARA, "دو")

    after = desk.poller("two")
    await after._once()
    desk.api.say(SARA, "سه")
    await after._once()

    assert await desk.texts() == ["یک", "دو", "سه"]
    assert desk.api.updates.confirmed == 2
    assert desk.woken == 3


async def test_what_the_database_does_not_take_is_not_acknowledged(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.api.say(SARA, "یک")
    poller = desk.poller()
    with monkeypatch.context() as broken:
        broken.setattr(desk.store, "write", full)
        with pytest.raises(OSError, match="full"):
            await poller._once()

    await poller._once()

    assert await desk.texts() == ["یک"]


async def full(work: object) -> None:
    raise OSError("the disk is full")


async def test_a_repeated_update_is_one_row_and_wakes_nobody(desk: Desk) -> None:
    async with desk.polling():
        desk.api.say(SARA, "یک")
        await desk.until_heard("یک")
        await wait_until(lambda: desk.api.updates.confirmed == 1)
        woken = desk.woken
        desk.api.faults.duplicate_next_updates()
        desk.api.say(SARA, "دو")
        await desk.until_heard("دو")

    assert await desk.texts() == ["یک", "دو"]
    assert desk.woken - woken <= 2


async def test_many_updates_are_taken_in_batches_and_in_order(desk: Desk) -> None:
    said = [str(number) for number in range(250)]
    for text in said:
        desk.api.say(SARA, text)

    async with desk.polling():
        await desk.until_heard(*said)
        await wait_until(lambda: desk.api.updates.confirmed == 250)

    assert await desk.texts() == said


async def test_the_number_to_go_on_from_is_dropped_after_a_silence(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "POLL_SECONDS", 0)
    number = desk.api.say(SARA, "یک")
    poller = desk.poller()

    for _ in range(3):
        await poller._once()
    desk.api.push({"update_id": 5, "message": {"message_id": 9, "chat": {"id": SARA}, "text": "از نو"}})
    await poller._once()

    offsets = [call.params.get("offset") for call in desk.api.calls_of("getUpdates")]
    assert offsets == [None, str(number + 1), None, None]
    assert await desk.texts() == ["یک", "از نو"]


# Nothing stops it


@pytest.mark.parametrize(
    "fault",
    [
        lambda f: f.fail_next("getUpdates", 404, "Not Found", times=3),
        lambda f: f.fail_next("getUpdates", 409, "Conflict: terminated by other getUpdates request"),
        lambda f: f.fail_next("getUpdates", 401, "Unauthorized"),
        lambda f: f.fail_next("getUpdates", 403, "Bad Request: Token not found"),
        lambda f: f.fail_next("getUpdates", 429, b"local_rate_limited"),
        lambda f: f.fail_next("getUpdates", 200, b"<html>sign in</html>"),
        lambda f: f.fail_next("getUpdates", 200, b'{"ok":true,"result":{}}'),
        lambda f: f.fail_next("getUpdates", 200, b'{"ok":true}'),
        lambda f: f.not_ok("getUpdates", 500, "Internal Server Error"),
        lambda f: f.bad_gateway("getUpdates", times=3),
        lambda f: f.garbage("getUpdates"),
        lambda f: f.cut("getUpdates"),
        lambda f: f.lose_answer("getUpdates"),
    ],
)
async def test_polling_goes_on_after(desk: Desk, fault: Callable[[Faults], None]) -> None:
    fault(desk.api.faults)
    async with desk.polling():
        await wait_until(lambda: desk.api.faults.happened)
        desk.api.say(SARA, "یک")
        await desk.until_heard("یک")

    assert await desk.texts() == ["یک"]


@pytest.mark.parametrize("api", ["bale"], indirect=True)
async def test_a_gateway_that_answers_404_for_a_while_is_asked_with_pauses(desk: Desk) -> None:
    desk.api.faults.away(0.3, "getUpdates", 404)
    async with desk.polling():
        desk.api.say(SARA, "یک")
        await desk.until_heard("یک")

    assert 2 <= desk.api.called["getUpdates"] <= 20


TAKEN = "Conflict: terminated by other getUpdates request"


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(lambda f: f.bad_gateway("getUpdates", times=8), id="away"),
        pytest.param(lambda f: f.fail_next("getUpdates", 409, TAKEN, times=8), id="another_polls"),
    ],
)
async def test_pauses_begin_short_and_grow_while_polls_fail(
    desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, fault: Callable[[Faults], None]
) -> None:
    monkeypatch.setattr(receiver, "LONGEST_PAUSE_SECONDS", 30.0)
    monkeypatch.setattr(base, "OPERATORS_RETRY_MS", 30_000)
    slept: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await real(0)

    monkeypatch.setattr("bot.receiver.asyncio.sleep", sleep)
    fault(desk.api.faults)
    poller = desk.poller()
    task = asyncio.create_task(poller._receive_forever())
    async with asyncio.timeout(PATIENCE):
        while len(slept) < 8:
            await real(0.005)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert slept[:8] == [1, 2, 4, 8, 16, 30, 30, 30]
    assert desk.api.token not in caplog.text


async def test_what_is_no_update_is_kept_and_the_next_one_comes(desk: Desk) -> None:
    junk = (
        b'{"ok":true,"result":[5,"x",null,[],{},{"update_id":"7"},{"update_id":1e40},{"update_id":-3},{"message":1}]}'
    )
    desk.api.faults.fail_next("getUpdates", 200, junk)
    async with desk.polling():
        await wait_until(lambda: desk.api.faults.happened)
        desk.api.say(SARA, "یک")
        await desk.until_heard("یک")

    assert len(await desk.texts()) == 10


async def test_what_comes_without_a_number_is_kept_once_however_often_it_comes(desk: Desk) -> None:
    desk.api.faults.fail_next("getUpdates", 200, b'{"ok":true,"result":[{"message":{"text":"x"}}]}', times=3)
    async with desk.polling():
        desk.api.say(SARA, "یک")
        await desk.until_heard("یک")

    assert sorted(map(str, await desk.texts())) == ["x", "یک"]


async def test_mending_that_fails_costs_no_update(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(update: object) -> None:
        raise KeyError("گفته شهروند")

    monkeypatch.setattr(desk.platform, "repair", fails)
    desk.api.say(SARA, "یک")

    await desk.poller()._once()

    assert await desk.texts() == ["یک"]
    assert [record.message for record in caplog.records if record.levelno == logging.ERROR] == ["repair_failed"]


# One poller


async def test_only_one_of_two_processes_polls(desk: Desk) -> None:
    async with desk.polling("one"), desk.polling("two"):
        for text in ("یک", "دو", "سه"):
            desk.api.say(SARA, text)
            await desk.until_heard(text)

    assert desk.api.updates.conflicts == 0
    assert await desk.texts() == ["یک", "دو", "سه"]


async def test_another_process_takes_over_when_the_lease_has_ended(desk: Desk) -> None:
    async with desk.polling("one"):
        await wait_until(lambda: desk.api.updates._pollers)
    desk.api.say(SARA, "یک")
    await wait_until(lambda: not desk.api.updates._pollers)
    calls = desk.api.called["getUpdates"]

    two = desk.poller("two")
    assert not await two._take()
    async with desk.polling("two"):
        desk.clock.instant += timedelta(milliseconds=receiver.LEASE_MS - 1000)
        assert desk.api.called["getUpdates"] == calls
        desk.clock.instant += timedelta(seconds=2)
        await desk.until_heard("یک")


async def test_who_stops_in_order_lets_the_next_one_begin_at_once(desk: Desk) -> None:
    async with desk.polling("one") as poller:
        await wait_until(lambda: desk.api.updates._pollers)
    await poller.release()
    desk.api.say(SARA, "یک")

    async with desk.polling("two"):
        await desk.until_heard("یک")


async def test_a_process_that_lost_its_lease_stops_polling(desk: Desk) -> None:
    async with desk.polling("one") as poller:
        await wait_until(lambda: desk.api.updates._pollers)

        def steal(unit: Unit) -> bool:
            unit.leases.end(poller._lease, "one")
            return unit.leases.take(poller._lease, "two", receiver.LEASE_MS)

        assert await desk.store.write(steal)
        await wait_until(lambda: not desk.api.updates._pollers)


async def test_two_bots_of_one_platform_have_two_leases(desk: Desk) -> None:
    assert await desk.poller("one")._take()
    async with opened(desk.api, "200:OTHER") as other:
        assert await Poller(other, desk.store, "two", desk._wake)._take()


# Silence


async def beats(desk: Desk) -> dict[str, int]:
    return await desk.store.read(lambda unit: unit.beats.all())


async def test_each_answer_is_a_sign_of_life_even_an_empty_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "POLL_SECONDS", 0)

    async with desk.polling():
        await desk.until(lambda: beats(desk), bool)

    name = f"heard:{desk.platform.name}:{desk.platform.bot_id}"
    assert await beats(desk) == {name: desk.clock.millis()}


async def test_a_platform_that_fails_gives_no_sign_of_life(desk: Desk) -> None:
    desk.api.faults.bad_gateway("getUpdates", times=None)

    async with desk.polling():
        await wait_until(lambda: desk.api.faults.happened["answer"] > 5)

    assert await beats(desk) == {}


async def test_signs_of_life_are_written_now_and_then_and_not_at_each_poll(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr(Beats, "beat", lambda _, name: written.append(name))
    monkeypatch.setattr(polling, "POLL_SECONDS", 0)

    async with desk.polling():
        await wait_until(lambda: desk.api.called["getUpdates"] > 5)

    assert len(written) == 1


# A webhook in the way


async def test_a_webhook_from_another_time_is_taken_away_before_the_first_poll(desk: Desk) -> None:
    desk.api.postman.scale = 0.01
    desk.api.postman.start(Hook("http://127.0.0.1:9/hook"))
    desk.api.say(SARA, "یک")

    await desk.poller()._once()

    assert desk.api.postman.hook is None
    assert await desk.texts() == ["یک"]


async def test_polling_goes_on_where_a_webhook_cannot_be_asked_about(desk: Desk) -> None:
    desk.api.faults.bad_gateway("deleteWebhook", times=None)
    async with desk.polling():
        desk.api.say(SARA, "یک")
        await desk.until_heard("یک")
