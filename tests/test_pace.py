"""The pace of a platform, in a time that passes only when everybody waits."""

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bot.pace import CHAT_BURST, EVEN, RECOVERY, SLOWEST, Meter, OwnGate, Pace

SARA, REZA, MINA = 7, 8, 9


class TimeLapse(asyncio.SelectorEventLoop):
    """An event loop without waiting: when nothing is left to do, it is at once the instant of the next alarm."""

    def __init__(self) -> None:
        super().__init__()
        self.instant = 1000.0

    def time(self) -> float:
        return self.instant

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:  # type: ignore[attr-defined]  # internals of asyncio, not typed
            self.instant = max(self.instant, self._scheduled[0]._when)  # type: ignore[attr-defined]  # the same
        super()._run_once()  # type: ignore[misc]  # the same


def passing(work: Callable[[Pace, "Seconds"], Coroutine[Any, Any, None]], **limits: float) -> None:
    """Run this with a pace in a lapse of time."""
    rates = {"per_second": 10.0, "per_chat": 1000.0, "burst": 2.0} | limits
    with asyncio.Runner(loop_factory=TimeLapse) as runner:
        loop = runner.get_loop()
        limit = rates.get("limit", rates["per_second"] / EVEN)
        pace = Pace(limit, rates["per_chat"], loop.time, burst=rates["burst"])
        runner.run(work(pace, lambda: round(loop.time() - 1000.0, 6)))


Seconds = Callable[[], float]


def own(pace: Pace) -> OwnGate:
    assert isinstance(pace.all, OwnGate)
    return pace.all


async def sent(pace: Pace, now: Seconds, *chats: int) -> list[float]:
    """The seconds at which messages to these chats go out, all wanting to go now."""
    at: list[float] = []

    async def send(chat: int) -> None:
        await pace.turn(chat)
        at.append(now())

    await asyncio.gather(*map(send, chats))
    return at


def test_a_few_go_at_once_and_then_so_many_a_second() -> None:
    async def story(pace: Pace, now: Seconds) -> None:
        assert await sent(pace, now, *range(6)) == [0, 0, 0.1, 0.2, 0.3, 0.4]

    passing(story)


def test_after_a_silence_a_few_go_at_once_again() -> None:
    async def story(pace: Pace, now: Seconds) -> None:
        await sent(pace, now, *range(20))
        await asyncio.sleep(60)
        start = now()
        assert [round(at - start, 6) for at in await sent(pace, now, *range(4))] == [0, 0, 0.1, 0.2]

    passing(story)


@pytest.mark.parametrize("rate", [5.0, 25.0])
def test_no_second_sees_more_than_the_limit(rate: float) -> None:
    async def story(pace: Pace, now: Seconds) -> None:
        at = await sent(pace, now, *range(200))
        busiest = max(sum(start <= other < start + 1 for other in at) for start in at)
        assert rate - 1 <= busiest <= rate

    passing(story, limit=rate)


def test_who_wakes_late_makes_no_second_too_full() -> None:
    """A loop that was busy for a while: several instants have passed when it looks again."""

    async def story(pace: Pace, now: Seconds) -> None:
        at: list[float] = []

        async def send(chat: int) -> None:
            await pace.turn(chat)
            at.append(now())

        loop = asyncio.get_running_loop()
        assert isinstance(loop, TimeLapse)
        going = asyncio.gather(*map(send, range(100)))
        for _ in range(20):
            await asyncio.sleep(0.1)
            loop.instant += 0.35
        await going
        assert max(sum(start <= other < start + 1 for other in at) for start in at) <= 10

    passing(story, limit=10)


# What goes to many


async def of_many(pace: Pace, now: Seconds, *chats: int) -> list[float]:
    """As `sent`, for one message to all of these."""
    at: list[float] = []

    async def send(chat: int) -> None:
        await pace.turn_of_many(chat)
        at.append(now())

    await asyncio.gather(*map(send, chats))
    return at


def test_what_goes_to_many_has_the_whole_pace_while_nobody_asks() -> None:
    async def story(pace: Pace, now: Seconds) -> None:
        at = await of_many(pace, now, *range(100))
        assert at[-1] == pytest.approx(9.9)

    passing(story, burst=1)


def test_answers_overtake_what_goes_to_many() -> None:
    async def story(pace: Pace, now: Seconds) -> None:
        many = asyncio.create_task(of_many(pace, now, *range(100, 200)))
        await asyncio.sleep(2.02)
        start = now()
        at = await sent(pace, now, *range(20))
        assert at[0] - start < 0.3  # two of the many have their instants already
        assert [round(later - sooner, 6) for sooner, later in itertools.pairwise(at)] == [0.1] * 19
        assert (await many)[-1] == pytest.approx(11.9)

    passing(story, burst=1)


def test_one_chat_gets_a_short_burst_and_then_its_own_pace() -> None:
    async def story(pace: Pace, now: Seconds) -> None:
        at = await sent(pace, now, *[SARA] * 6)
        assert at == [0] * CHAT_BURST + [1, 2, 3]

    passing(story, per_second=1000, per_chat=1, burst=20)


def test_a_chat_that_waits_holds_up_no_other() -> None:
    async def story(pace: Pace, now: Seconds) -> None:
        waiting = asyncio.create_task(sent(pace, now, *[SARA] * 10))
        await asyncio.sleep(0)
        assert await sent(pace, now, REZA) == [0]
        assert max(await waiting) == 7

    passing(story, per_second=1000, per_chat=1, burst=20)


def test_who_comes_first_goes_first() -> None:
    async def story(pace: Pace, now: Seconds) -> None:
        order: list[int] = []

        async def send(chat: int) -> None:
            await pace.turn(chat)
            order.append(chat)

        await asyncio.gather(*map(send, range(50)))
        assert order == list(range(50))

    passing(story)


def test_no_minute_sees_more_in_a_group_than_the_platform_takes() -> None:
    async def story(pace: Pace, now: Seconds) -> None:
        at: list[float] = []
        for _ in range(70):
            await pace.turn(-100, 20)
            at.append(now())
        assert max(at[:5]) < 0.1
        assert max(sum(start <= other < start + 60 for other in at) for start in at) == 20

    passing(story, per_second=1000)


# Complaints


def test_after_a_complaint_the_chat_waits_and_others_go_on() -> None:
    async def story(pace: Pace, now: Seconds) -> None:
        await pace.complained(SARA, 30)
        sara = asyncio.create_task(sent(pace, now, SARA))
        assert await sent(pace, now, REZA, MINA) == [0, 0]
        assert await sara == [30]

    passing(story)


def test_complaints_about_two_chats_stop_the_platform() -> None:
    async def story(pace: Pace, now: Seconds) -> None:
        await pace.complained(SARA, 30)
        await pace.complained(REZA, 20)
        assert await sent(pace, now, MINA) == [20]
        assert await sent(pace, now, SARA) == [30]

    passing(story)


def test_two_complaints_about_one_chat_do_not() -> None:
    async def story(pace: Pace, now: Seconds) -> None:
        await pace.complained(SARA, 30)
        await pace.complained(SARA, 5)
        assert await sent(pace, now, MINA) == [0]
        assert await sent(pace, now, SARA) == [30]

    passing(story)


def test_who_waited_through_a_pause_does_not_leave_all_together() -> None:
    async def story(pace: Pace, now: Seconds) -> None:
        await pace.complained(1, 30)
        await pace.complained(2, 30)
        at = await sent(pace, now, *range(3, 23))
        assert at[:2] == [30, 30]
        assert at[2:5] == [30.2, 30.4, 30.6]  # at half the pace
        assert max(at) == pytest.approx(33.6)

    passing(story)


def test_a_pause_that_begins_while_somebody_waits_holds_for_them_too() -> None:
    async def story(pace: Pace, now: Seconds) -> None:
        waiting = asyncio.create_task(sent(pace, now, *range(10, 30)))
        await asyncio.sleep(0.55)
        await pace.complained(1, 10)
        await pace.complained(2, 10)
        at = await waiting
        assert [second for second in at if 0.55 < second < 10.55] == []
        assert len(at) == 20

    passing(story)


def test_a_crowd_of_complaints_halves_the_pace_once() -> None:
    async def story(pace: Pace, now: Seconds) -> None:
        for chat in range(64):
            await pace.complained(chat, 5)
        assert own(pace).rate == 5

        await asyncio.sleep(6)
        await pace.complained(1, 5)
        await pace.complained(2, 5)
        assert own(pace).rate == 2.5

    passing(story)


def test_the_pace_never_ends_and_recovers_with_what_goes_through() -> None:
    async def story(pace: Pace, now: Seconds) -> None:
        for _ in range(20):
            await pace.complained(1, 1)
            await pace.complained(2, 1)
            await asyncio.sleep(2)
        assert own(pace).rate == SLOWEST

        for _ in range(RECOVERY):
            pace.went_through()
        assert own(pace).rate == 10

    passing(story)


def test_chats_long_silent_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.pace.MOST_CHATS", 10)

    async def story(pace: Pace, now: Seconds) -> None:
        await sent(pace, now, *range(11))
        await asyncio.sleep(10)
        await sent(pace, now, SARA)
        assert len(pace._chats) == 1

    passing(story)


def test_a_meter_gives_out_instants_never_before_now() -> None:
    meter = Meter(burst=2)

    assert [meter.reserve(5, 10) for _ in range(3)] == [5, 5, pytest.approx(5.1)]
    assert meter.reserve(100, 10) == 100
