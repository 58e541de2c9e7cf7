"""Delivery over HTTP, on both messengers: in order, again after a failure, never lost."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest

from bot import delivery as module
from bot.loading import Loaded
from bot.models import RowState, citizens
from bot.outbox import Button, Keyboard
from bot.pace import EVEN, OwnGate
from bot.store import Unit
from bot.store.outbox import Outbox, Outgoing
from tests.botapi import BotApi, Limits
from tests.botapi.faults import Faults
from tests.citizen import Citizen, rows_of, wait_until
from tests.office import OPERATOR, Office, office

SARA, REZA, MINA = 7, 8, 9
MENU = Keyboard(inline=[[Button("ساعت کار", "hours")]])
DONE, ASIDE, DROPPED = RowState.DONE, RowState.SET_ASIDE, RowState.DROPPED


def gate_of(post: Office) -> OwnGate:
    gate = post.delivery._pace.all
    assert isinstance(gate, OwnGate)
    return gate


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TICK_SECONDS", 0.01)


@pytest.fixture
def limits() -> dict[str, Any]:
    return {}


@pytest.fixture
async def closed(api: BotApi, database: str, loaded: Loaded, limits: dict[str, Any]) -> AsyncIterator[Office]:
    for chat in (SARA, REZA, MINA, OPERATOR):
        api.meet(chat)
    async with office(api, database, loaded.alarms, **limits) as found:
        yield found


@pytest.fixture
async def post(closed: Office) -> AsyncIterator[Office]:
    async with closed.open():
        yield closed


# Order


async def test_a_chat_gets_its_messages_in_order(post: Office) -> None:
    for number in range(5):
        await post.post(SARA, f"الف{number}", f"ب{number}")

    await post.until_sent()

    assert post.seen(SARA) == [text for number in range(5) for text in (f"الف{number}", f"ب{number}")]
    assert set(await post.states()) == {DONE}


async def test_the_order_is_kept_through_failures(post: Office) -> None:
    post.api.faults.at_random({"500": 0.2, "cut": 0.1, "502": 0.1, "garbage": 0.1}, seed=14)
    for number in range(12):
        await post.post(SARA, f"س{number}")
        await post.post(REZA, f"ر{number}")

    await post.until_sent(seconds_a_look=5)

    assert post.seen(SARA) == [f"س{number}" for number in range(12)]
    assert post.seen(REZA) == [f"ر{number}" for number in range(12)]


async def test_a_queue_behind_a_message_leaves_without_waiting_for_the_clock(
    post: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TICK_SECONDS", 3600)
    await asyncio.sleep(0.03)  # the last short tick is over
    post.api.faults.slow(0.05, "sendMessage")

    for number in range(10):
        await post.post(SARA, str(number))

    await post.until_sent()
    assert post.seen(SARA) == [str(number) for number in range(10)]


async def test_chats_do_not_wait_for_each_other(post: Office) -> None:
    post.api.faults.fail_next("sendMessage", 500, "Internal Server Error", chat_id=SARA)
    await post.post(SARA, "یک", "دو")
    await post.post(REZA, "سه")

    await post.until(lambda: post.seen(REZA) == ["سه"])
    await post.until_put_off()
    assert post.seen(SARA) == []

    await post.until_sent(seconds_a_look=1)
    assert post.seen(SARA) == ["یک", "دو"]


# Again


@pytest.mark.parametrize(
    "fault",
    [
        lambda f: f.fail_next("sendMessage", 500, "Internal Server Error"),
        lambda f: f.bad_gateway("sendMessage"),
        lambda f: f.cut("sendMessage"),
        lambda f: f.garbage("sendMessage"),
        lambda f: f.fail_next("sendMessage", 403, b"<html>filtered</html>"),
    ],
    ids=["500", "502", "cut", "garbage", "a page in place of the platform"],
)
async def test_what_failed_is_sent_later_and_once(post: Office, fault: Callable[[Faults], None]) -> None:
    fault(post.api.faults)
    await post.post(SARA, "یک")
    await post.until_put_off()
    assert post.seen(SARA) == []

    await post.until_sent(seconds_a_look=1)

    assert post.seen(SARA) == ["یک"]


async def test_waits_grow_up_to_a_minute(post: Office) -> None:
    post.api.faults.bad_gateway("sendMessage", times=7)
    await post.post(SARA, "یک")
    for seconds in (1, 2, 4, 8, 16, 32, 60):
        await post.until(partial(waits, post, seconds))
        post.later(seconds)

    await post.until_sent(seconds_a_look=1)
    assert post.seen(SARA) == ["یک"]


async def waits(post: Office, seconds: float) -> bool:
    """Whether the only row has to wait so long from now."""
    (row,) = await post.rows()
    return bool(row["error"]) and row["due_at"] - post.clock.millis() == seconds * 1000 and post.quiet


async def test_a_message_whose_answer_was_lost_is_sent_again(post: Office) -> None:
    post.api.faults.lose_answer()
    await post.post(SARA, "یک", "دو")

    await post.until_put_off()
    await post.until_sent(seconds_a_look=1)

    assert post.seen(SARA) == ["یک", "یک", "دو"]


async def test_after_hours_of_trouble_a_message_is_given_up_and_the_next_one_tried(post: Office) -> None:
    post.api.faults.bad_gateway("sendMessage", times=2)
    await post.post(SARA, "کهنه")
    await post.until_put_off()

    post.later(6 * 3600 + 1)
    await post.post(SARA, "تازه")
    await post.until_sent()

    assert post.seen(SARA) == ["تازه"]
    assert await post.states() == [ASIDE, DONE]
    assert post.seen(OPERATOR) == []  # trouble that lasts is told as such


async def test_what_a_killed_process_was_to_send_is_sent_when_its_lease_ends(closed: Office) -> None:
    with killed_after_the_commit(closed):
        await closed.post(SARA, "یک", "دو")

    async with closed.open() as post:
        assert await post.store.read(post._waiting) == 2
        await post.until_sent(seconds_a_look=5)

    assert closed.seen(SARA) == ["یک", "دو"]


@contextmanager
def killed_after_the_commit(closed: Office) -> Iterator[None]:
    """What is written inside is handed to nobody."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(closed.delivery, "offer", list)
        yield


# Too fast


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
async def test_a_chat_that_is_too_fast_waits_alone(post: Office, method: str) -> None:
    await post.post(SARA, "صفر", logical="card:1")
    await post.until_sent()
    post.api.faults.retry_after(3600, method, chat_id=SARA)
    kind = "send" if method == "sendMessage" else "edit"
    await post.post(SARA, "یک", kind=kind, logical="card:1")
    await post.until_put_off()

    await post.post(REZA, "دو")
    await post.until(lambda: post.seen(REZA) == ["دو"])
    assert post.seen(SARA) == ["صفر"]

    paused = post.delivery._pace._chat_paused_until
    assert paused.pop(SARA) - now() > 3000  # how it is kept is in `test_pace.py`
    await post.until_sent(seconds_a_look=3600)
    assert post.seen(SARA)[-1] == "یک"


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_two_chats_too_fast_pause_the_platform_and_slow_it(post: Office) -> None:
    for chat in (SARA, REZA):
        post.api.faults.retry_after(3600, chat_id=chat)
        await post.post(chat, "یک")
    await post.until(lambda: post.api.faults.happened["answer"] == 2)
    await post.until_put_off()

    pace = post.delivery._pace
    assert pace._pause(MINA) - now() > 3000
    gate_of(post).paused_until = 0.0  # an hour is over
    pace._chat_paused_until.clear()
    await post.post(MINA, "دو")
    await post.until_sent(seconds_a_look=3600)

    assert [post.seen(chat) for chat in (SARA, REZA, MINA)] == [["یک"], ["یک"], ["دو"]]
    assert 5_000 * EVEN < gate_of(post).rate < 10_000 * EVEN


@pytest.mark.parametrize("api", ["telegram"], indirect=True)
async def test_a_limit_that_is_met_costs_few_refusals_and_no_message(post: Office) -> None:
    post.api.limits = Limits(overall=40, penalty=1)
    gate_of(post).most = gate_of(post).rate = 60
    gate_of(post).meter.burst = 12
    for chat in range(1000, 1080):
        post.api.meet(chat)
        await post.post(chat, "خبر")

    await post.until_sent(seconds_a_look=0.1)

    assert all(post.seen(chat) == ["خبر"] for chat in range(1000, 1080))
    # Those under way when it is met, and once more after a moment in which the machine stood still.
    assert post.api.limits.refused <= 40


# Refused


async def test_a_refused_message_is_set_aside_and_the_operators_are_told_once(post: Office) -> None:
    post.api.faults.fail_next("sendMessage", 400, "Bad Request: BUTTON_DATA_INVALID", chat_id=SARA)

    await post.post(SARA, "یک", "دو")
    await post.until(lambda: post.seen(OPERATOR))
    await post.until_sent()

    assert post.seen(SARA) == ["دو"]
    assert (await post.states())[0] == ASIDE
    (told,) = post.seen(OPERATOR)
    assert "button_data_invalid" in told.lower()


async def test_an_alarm_that_is_refused_raises_no_alarm(post: Office) -> None:
    post.api.faults.fail_next("sendMessage", 400, "Bad Request: no", times=None)

    await post.post(SARA, "یک")
    await post.until(lambda: post.api.faults.happened["answer"] == 2)
    await post.until_sent()

    assert await post.states() == [ASIDE, ASIDE]


async def test_a_body_that_cannot_be_rendered_stops_nobody(post: Office) -> None:
    await post.put(Outgoing(post.platform.name, SARA, "send", '{"text": 5}'))
    await post.post(SARA, "دو")

    await post.until(lambda: post.seen(OPERATOR))
    await post.until_sent()
    assert post.seen(SARA) == ["دو"]


# Gone


async def test_who_blocked_us_gets_nothing_more_and_is_noted_as_gone(post: Office) -> None:
    await post.store.write(lambda unit: unit.citizens.meet(post.platform.name, SARA, None))
    post.api.block(SARA)

    await post.post(SARA, "یک", "دو")
    await post.post(REZA, "سه")
    await post.until_sent()

    assert await post.states() == [DROPPED, DROPPED, DONE]
    assert post.api.called["sendMessage"] == 2
    assert [row["gone_at"] is not None for row in await post.store.read(all_citizens)] == [True]
    assert post.seen(OPERATOR) == []


def all_citizens(unit: Unit) -> list[dict[str, Any]]:
    return rows_of(unit, citizens)


async def test_who_was_gone_is_back_with_their_next_message(sara: Citizen) -> None:
    await sara.send("/start")
    sara.api.block(sara.user_id)
    await sara.send("/help")
    assert [row["gone_at"] is not None for row in await sara.app.store.read(all_citizens)] == [True]

    sara.api.unblock(sara.user_id)
    shown = await sara.send("/help")

    assert shown
    assert [row["gone_at"] for row in await sara.app.store.read(all_citizens)] == [None]


# Presses


async def press(post: Office, **how: Any) -> str:  # noqa: ANN401 - of `BotApi.press`
    """Sara presses a button; the name of the press."""
    if not post.api.seen(SARA):
        await post.post(SARA, "بفرمایید", keyboard=MENU)
        await post.until_sent()
    post.api.press(SARA, "ساعت کار", **how)
    return list(post.api.queries)[-1]


async def test_a_press_is_acknowledged_even_while_its_chat_waits(post: Office) -> None:
    pressed = await press(post)
    post.api.faults.bad_gateway("sendMessage", times=None)
    await post.post(SARA, "یک")
    await post.until_put_off()

    await post.acknowledge(SARA, pressed, "باشد")

    await post.until(lambda: [alert.text for alert in post.api.alerts] == ["باشد"])


async def test_an_acknowledgement_that_fails_is_not_tried_again(post: Office) -> None:
    pressed = await press(post)
    post.api.faults.bad_gateway("answerCallbackQuery")

    await post.acknowledge(SARA, pressed)
    await post.until_sent()
    post.later(3600)
    await post.post(SARA, "یک")
    await post.until_sent()

    assert (await post.states())[-2:] == [DROPPED, DONE]
    assert post.api.called["answerCallbackQuery"] == 1


@pytest.mark.parametrize(("seconds", "asked"), [(9, 1), (11, 0)])
async def test_an_acknowledgement_is_dropped_after_ten_seconds(closed: Office, seconds: int, asked: int) -> None:
    closed.api.faults.bad_gateway("answerCallbackQuery")
    with killed_after_the_commit(closed):
        await closed.acknowledge(SARA, "70")
    await closed.store.write(lambda unit: unit.outbox.free_all())

    closed.later(seconds)
    async with closed.open():
        await closed.until_sent()

    assert closed.api.called["answerCallbackQuery"] == asked


async def test_an_old_client_gets_the_word_of_a_press_as_a_message(post: Office) -> None:
    pressed = await press(post, old_client=True)

    await post.acknowledge(SARA, pressed, "این دکمه قدیمی است")
    await post.until_sent()

    assert [alert.visible for alert in post.api.alerts] == [post.api.dialect.name == "telegram"]
    assert ("این دکمه قدیمی است" in post.seen(SARA)) == (post.api.dialect.name == "bale")


async def test_a_press_without_a_word_is_acknowledged_and_nothing_said(post: Office) -> None:
    pressed = await press(post, old_client=True)

    await post.acknowledge(SARA, pressed)
    await post.until_sent()

    assert len(post.api.alerts) == 1
    assert post.seen(SARA) == ["بفرمایید"]


# Edits


async def test_a_message_is_edited_by_its_name_right_after_it_was_sent(post: Office) -> None:
    await post.post(SARA, "پرونده ۱", logical="card:1")
    for text in ("پرونده ۱: دیده شد", "پرونده ۱: تمام شد"):
        await post.edit(SARA, text, logical="card:1")
        await post.until_sent()

    assert post.seen(SARA) == ["پرونده ۱: تمام شد"]
    assert len({row["message_id"] for row in await post.rows()}) == 1


async def test_a_send_and_its_edit_in_one_go_are_one_message(closed: Office) -> None:
    rows = [*await closed.post(SARA, "یک", logical="card:1"), *await closed.edit(SARA, "دو", logical="card:1")]
    assert rows

    async with closed.open():
        await closed.until_sent(seconds_a_look=5)

    assert closed.seen(SARA) == ["دو"]


async def test_the_newest_edit_wins(post: Office) -> None:
    await post.post(SARA, "صفر", logical="card:1")
    await post.until_sent()
    post.api.faults.slow(0.3, "editMessageText")

    for number in range(1, 10):
        await post.edit(SARA, str(number), logical="card:1")
    await post.until_sent()

    assert post.seen(SARA) == ["9"]
    assert post.api.called["editMessageText"] < 9
    assert (await post.states()).count(DROPPED) == 9 - post.api.called["editMessageText"]


async def test_an_edit_of_the_pressed_message_needs_no_name(post: Office) -> None:
    await post.post(SARA, "یک", keyboard=MENU)
    await post.until_sent()

    await post.edit(SARA, "دو", ref=str(post.last(SARA).message_id))
    await post.until_sent()

    assert post.seen(SARA) == ["دو"]


async def test_an_edit_that_changes_nothing_is_done(post: Office) -> None:
    await post.post(SARA, "یک", logical="card:1")
    await post.until_sent()

    await post.edit(SARA, "یک", logical="card:1")
    await post.until_sent()

    assert (await post.states(), post.seen(SARA)) == ([DONE, DONE], ["یک"])


async def test_what_cannot_be_edited_is_sent_anew_and_edited_there_next_time(post: Office) -> None:
    await post.post(SARA, "یک", logical="card:1")
    await post.until_sent()
    post.api.faults.fail_next("editMessageText", 400, "Bad Request: message can't be edited")

    await post.edit(SARA, "دو", logical="card:1")
    await post.until_sent()
    assert post.seen(SARA) == ["یک", "دو"]

    await post.edit(SARA, "سه", logical="card:1")
    await post.until_sent()
    assert post.seen(SARA) == ["یک", "سه"]


async def test_an_edit_of_what_was_never_sent_is_sent(post: Office) -> None:
    await post.edit(SARA, "یک", logical="card:1")
    await post.until_sent()

    assert post.seen(SARA) == ["یک"]


async def test_an_edit_meets_trouble_and_is_done_later(post: Office) -> None:
    await post.post(SARA, "یک", logical="card:1")
    await post.until_sent()
    post.api.faults.bad_gateway("editMessageText")

    await post.edit(SARA, "دو", logical="card:1")
    await post.until_put_off()
    await post.until_sent(seconds_a_look=1)

    assert post.seen(SARA) == ["دو"]


# Trouble that lasts


async def test_operators_are_told_once_when_trouble_begins(post: Office) -> None:
    post.api.faults.bad_gateway("sendMessage", times=30)
    for chat in range(100, 130):
        post.api.meet(chat)
        await post.post(chat, "یک")
    await post.until(lambda: post.api.faults.happened["answer"] == 30)

    await post.until_sent(seconds_a_look=5)

    assert [text[0] for text in post.seen(OPERATOR)] == ["⚠"]
    assert await post.store.read(standing) == [("delivery", post.platform.name)]


def standing(unit: Unit) -> list[tuple[str, str]]:
    return [(alarm.kind, alarm.subject) for alarm in unit.alarms.standing()]


async def test_messages_that_are_refused_one_after_the_other_are_one_alarm(post: Office) -> None:
    post.api.faults.fail_next("sendMessage", 400, "Bad Request: no", times=3, chat_id=SARA)

    await post.post(SARA, "یک", "دو", "سه", "چهار")
    await post.until_sent()

    assert await post.states() == [ASIDE, ASIDE, ASIDE, DONE, DONE]
    assert len(post.seen(OPERATOR)) == 1


async def test_what_went_out_is_a_sign_of_life(post: Office) -> None:
    assert await post.store.read(lambda unit: unit.beats.all()) == {}

    await post.post(SARA, "یک")
    await post.until_sent()

    assert list(await post.store.read(lambda unit: unit.beats.all())) == [f"sent:{post.platform.name}"]


async def test_a_short_trouble_is_not_worth_a_word(post: Office) -> None:
    post.api.faults.bad_gateway("sendMessage", times=5)

    await post.post(SARA, "یک")
    await post.until_sent(seconds_a_look=5)

    assert await post.texts_in(OPERATOR) == []


@pytest.mark.parametrize("limits", [{"token": "1:wrong"}])
async def test_a_dead_token_is_told_at_once_and_no_citizen_is_gone(post: Office) -> None:
    await post.store.write(lambda unit: unit.citizens.meet(post.platform.name, SARA, None))
    await post.post(SARA, "یک")
    await post.post(REZA, "دو")
    await post.until(lambda: post.api.called["sendMessage"] >= 2)
    await post.until_put_off()

    async def told() -> bool:
        return len(await post.texts_in(OPERATOR)) == 1

    await post.until(told)
    assert [row["gone_at"] for row in await post.store.read(all_citizens)] == [None]
    assert not {ASIDE, DROPPED} & set(await post.states())

    # Mended: the platform knows the token again.
    post.api.token = "1:wrong"
    await post.until_sent(seconds_a_look=5)
    assert (post.seen(SARA), post.seen(REZA)) == (["یک"], ["دو"])


async def test_one_messenger_that_is_away_leaves_the_other_alone(
    app: Any,  # noqa: ANN401 - the service
    telegram: BotApi,
    bale: BotApi,
) -> None:
    for method in ("sendMessage", "getUpdates"):
        telegram.faults.away(60, method, status=502)
    telegram.say(SARA, "/start")
    for number in range(3):
        bale.say(REZA, "/start" if number == 0 else "/help")
    await wait_until(lambda: len(bale.seen(REZA)) >= 4)
    assert telegram.seen(SARA) == []

    telegram.faults.clear()
    await wait_until(lambda: telegram.seen(SARA))


# Leases


@pytest.mark.parametrize("limits", [{"in_flight": 1}])
async def test_a_row_that_waits_here_for_its_turn_stays_ours(closed: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HOLD_SECONDS", 0.01)
    closed.api.faults.slow(0.4, "sendMessage")
    async with closed.open() as post:
        await post.post(SARA, "یک")
        await post.post(REZA, "دو")
        for _ in range(4):
            post.later(50)
            await post.until(lambda: leased_for(post, 55_000))
            assert await post.store.write(lambda unit: unit.outbox.claim(post.platform.name, 10)) == []
        await post.until_sent()

    assert (closed.seen(SARA), closed.seen(REZA)) == (["یک"], ["دو"])


async def leased_for(post: Office, millis: int) -> bool:
    """Whether all that waits is leased so long at least."""
    return all(row["due_at"] - post.clock.millis() > millis for row in await post.rows() if row["state"] == 0)


@pytest.mark.parametrize("limits", [{"in_flight": 1}])
async def test_a_row_whose_lease_ended_here_unnoticed_is_sent_once(post: Office) -> None:
    post.api.faults.slow(0.1, "sendMessage")
    await post.post(SARA, "یک", "دو")

    post.later(120)  # the machine slept
    await post.until_sent()

    assert post.seen(SARA) == ["یک", "دو"]


# The end


async def test_a_stop_finishes_what_is_being_sent(closed: Office) -> None:
    closed.api.faults.slow(0.05, "sendMessage")
    async with closed.open() as post:
        await post.post(SARA, "یک", "دو")
        await post.delivery.finish()

    assert closed.seen(SARA) == ["یک", "دو"]
    assert await closed.states() == [DONE, DONE]


@pytest.mark.parametrize("limits", [{"chat_pace": 0.001}])
async def test_what_a_stop_cuts_off_stays_in_the_database_and_what_was_sent_is_marked(closed: Office) -> None:
    async with closed.open() as post:
        await post.post(SARA, *"۱۲۳۴۵")
        await post.until(lambda: len(post.delivery._chains.get(SARA, ())) == 2)

    assert await closed.states() == [DONE, DONE, DONE, RowState.WAITING, RowState.WAITING]
    assert closed.delivery.idle


async def test_marks_wait_for_a_database_that_is_busy(post: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    finish = Outbox.finish
    failed: list[list[Any]] = []

    def once(self: Outbox, ends: list[Any]) -> None:
        if not failed:
            failed.append(ends)
            raise OSError("database is locked")
        finish(self, ends)

    monkeypatch.setattr(Outbox, "finish", once)
    await post.post(SARA, "یک")
    await post.until_sent()

    assert failed
    assert post.seen(SARA) == ["یک"]


# Numbers of messages


@pytest.mark.parametrize("api", ["bale"], indirect=True)
async def test_the_number_of_an_edited_message_is_never_its_stub(post: Office) -> None:
    await post.post(SARA, "یک", logical="card:1")
    for text in ("دو", "سه"):
        await post.edit(SARA, text, logical="card:1")
        await post.until_sent()

    assert 0 not in {row["message_id"] for row in await post.rows()}
