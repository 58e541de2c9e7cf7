"""What goes wrong with the fake reaches python-telegram-bot as it does in earnest."""

import asyncio
import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from telegram import Bot
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from tests.botapi import BotApi, Limits
from tests.botapi.faults import Faults
from tests.botapi.request import InMemory, bot_of

# The framework announces that `retry_after` will become a timedelta.
pytestmark = pytest.mark.filterwarnings("ignore:.*attribute .retry_after.")

SARA, REZA = 7, 8


async def greet(bot: Bot, chat_id: int = SARA) -> None:
    await bot.send_message(chat_id, "سلام")


async def outcomes(bot: Bot, count: int) -> list[str]:
    """What became of so many greetings."""
    found = []
    for _ in range(count):
        try:
            await greet(bot)
            found.append("ok")
        except TelegramError as error:
            found.append(type(error).__name__)
    return found


@pytest.mark.parametrize(
    ("fault", "error", "why"),
    [
        (lambda f: f.fail_next("sendMessage", 400, "Bad Request: no"), BadRequest, "^No$"),
        (lambda f: f.fail_next("sendMessage", 403, "Forbidden: gone"), Forbidden, "gone"),
        (lambda f: f.fail_next("*", 500, "Internal Server Error"), NetworkError, "Internal"),
        (lambda f: f.fail_next("sendMessage", 503, b"busy"), NetworkError, "busy"),
        (lambda f: f.retry_after(3), RetryAfter, "3 seconds"),
        (lambda f: f.local_rate_limited(), NetworkError, "local_rate_limited"),
        (lambda f: f.bad_gateway(), NetworkError, "Bad Gateway"),
        (lambda f: f.away(30, "sendMessage"), InvalidToken, "Not Found"),
        (lambda f: f.garbage(), TelegramError, "Invalid server response"),
        (lambda f: f.not_ok("sendMessage", 403, "Forbidden: gone"), KeyError, "result"),
        (lambda f: f.cut(), NetworkError, "cut"),
    ],
)
async def test_a_fault_is_met_and_nothing_is_delivered(
    bale: BotApi, fault: Callable[[Faults], None], error: type[Exception], why: str
) -> None:
    bale.meet(SARA)
    fault(bale.faults)

    with pytest.raises(error, match=why):
        await greet(bot_of(bale))

    assert bale.seen(SARA) == []


async def test_a_lost_answer_leaves_the_message_delivered(api: BotApi, bot: Bot) -> None:
    api.meet(SARA)
    api.faults.lose_answer()

    with pytest.raises(NetworkError):
        await greet(bot)

    assert [seen.text for seen in api.seen(SARA)] == ["سلام"]


async def test_a_slow_answer_is_given_up_but_delivered(api: BotApi) -> None:
    api.meet(SARA)
    api.faults.slow(0.1, "sendMessage")
    hasty = Bot(api.token, "http://memory/bot", request=InMemory(api, seconds=0.05))

    with pytest.raises(TimedOut):
        await greet(hasty)

    assert await api.wait_for(SARA)
    async with asyncio.timeout(60):
        while not api.faults.unheard["sendmessage"]:
            await asyncio.sleep(0)


async def test_a_fault_ends_after_its_times(api: BotApi, bot: Bot) -> None:
    api.meet(SARA)
    api.faults.retry_after(1, times=2)

    assert await outcomes(bot, 3) == ["RetryAfter", "RetryAfter", "ok"]
    assert api.faults.happened == {"answer": 2}


async def test_a_fault_without_end_ends_when_cleared(api: BotApi, bot: Bot) -> None:
    api.meet(SARA)
    api.faults.cut(times=None)

    assert await outcomes(bot, 3) == ["NetworkError"] * 3
    api.faults.clear()
    assert await outcomes(bot, 1) == ["ok"]


async def test_a_fault_can_concern_one_chat_and_one_method(api: BotApi, bot: Bot) -> None:
    api.meet(SARA)
    api.meet(REZA)
    api.faults.fail_next("sendMessage", 403, "Forbidden: user is deactivated", chat_id=REZA)

    await bot.send_chat_action(REZA, "typing")
    await greet(bot, SARA)
    with pytest.raises(Forbidden):
        await greet(bot, REZA)


async def test_an_absence_ends_by_itself(api: BotApi, bot: Bot, clock: SimpleNamespace) -> None:
    api.faults.away(5)

    with pytest.raises(InvalidToken):
        await bot.get_updates()
    clock.now += 5.1
    assert await bot.get_updates() == ()


async def test_a_confirmed_update_is_delivered_again(api: BotApi, bot: Bot) -> None:
    first, second = api.say(SARA, "یک"), api.say(SARA, "دو")
    await bot.get_updates(offset=second + 1)

    api.faults.duplicate_next_updates(2)

    assert [update.update_id for update in await bot.get_updates(offset=second + 1)] == [first, second]
    assert await bot.get_updates(offset=second + 1) == ()


async def test_chance_is_the_same_for_the_same_seed(api: BotApi, bale: BotApi) -> None:
    rates = {"500": 0.2, "429": 0.2, "lost": 0.2}
    for server in (api, bale):
        server.meet(SARA)
        server.faults.at_random(rates, seed=14)

    found = await outcomes(bot_of(api), 60)

    assert found == await outcomes(bot_of(bale), 60)
    assert set(found) == {"ok", "NetworkError", "RetryAfter"}
    assert len(api.seen(SARA)) == found.count("ok") + api.faults.happened["lost"]


async def test_lost_answers_can_be_compared_with_what_was_said_twice(api: BotApi, bot: Bot) -> None:
    api.meet(SARA)
    api.faults.mix(seed=14, errors=0.1, cuts=0.1, lost=0.1)

    for number in range(60):
        while True:
            try:
                await bot.send_message(SARA, f"پیام {number}")
                break
            except NetworkError:
                continue

    assert len({seen.text for seen in api.seen(SARA)}) == 60
    assert len(api.repeats()) == api.faults.unheard["sendmessage"] == api.faults.happened["lost"] > 0
    assert api.faults.counts().keys() == {"500", "cut", "lost"}


async def test_a_refused_call_whose_answer_is_lost_changed_nothing(api: BotApi, bot: Bot) -> None:
    api.faults.lose_answer()

    with pytest.raises(NetworkError):
        await greet(bot)

    assert (api.faults.happened["lost"], api.faults.unheard) == (1, {})


async def test_storms_come_and_go(api: BotApi, bot: Bot, clock: SimpleNamespace) -> None:
    api.meet(SARA)
    api.faults.mix(errors=0, cuts=0, lost=0, storm_seconds=3, storm_every=10)

    found = []
    for second in (0, 9, 10.5, 12.5, 13.5, 19, 21, 23):
        clock.now = 1000 + second
        found += await outcomes(bot, 1)
        assert await bot.get_updates() == ()

    assert found == ["ok", "ok", "RetryAfter", "RetryAfter", "ok", "ok", "RetryAfter", "ok"]
    assert api.faults.counts() == {"storm": 3}


async def test_updates_come_again_by_chance(api: BotApi, bot: Bot) -> None:
    api.faults.mix(seed=14, errors=0, cuts=0, lost=0, duplicates=0.3)
    said = [api.say(SARA, str(number)) for number in range(50)]

    found: list[int] = []
    for _ in range(20):
        found += [update.update_id for update in await bot.get_updates(offset=max(found, default=0) + 1, limit=7)]

    assert sorted(set(found)) == said
    assert len(found) - 50 == api.faults.counts()["duplicate"] > 5


async def test_an_unknown_kind_of_chance_is_refused(api: BotApi) -> None:
    with pytest.raises(ValueError, match="no such faults: hail"):
        api.faults.at_random({"hail": 1})


async def test_latency_holds_for_every_call(api: BotApi, bot: Bot) -> None:
    api.latency = 0.5
    start = time.monotonic()

    await asyncio.gather(*(bot.get_me() for _ in range(5)))

    assert 0.5 <= time.monotonic() - start < 2.5


@pytest.mark.parametrize(("limits", "sent"), [(Limits(overall=3), 3), (Limits(per_chat=1), 1), (Limits(), 5)])
async def test_a_pace_above_the_limit_is_refused(
    api: BotApi, bot: Bot, clock: SimpleNamespace, limits: Limits, sent: int
) -> None:
    api.meet(SARA)
    api.limits = limits

    assert await outcomes(bot, 5) == ["ok"] * sent + ["RetryAfter"] * (5 - sent)
    assert limits.refused == 5 - sent


async def test_the_pace_is_forgiven_after_the_penalty(api: BotApi, bot: Bot, clock: SimpleNamespace) -> None:
    api.meet(SARA)
    api.limits = Limits(per_chat=1)
    assert await outcomes(bot, 2) == ["ok", "RetryAfter"]

    clock.now += 1.01

    assert await outcomes(bot, 1) == ["ok"]
