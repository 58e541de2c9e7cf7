"""Announcements over HTTP, on both messengers: to everybody who is to have one, once; told apart what nobody knows."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from copy import copy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot import broadcast, herald, leader, volley
from bot.errors import StoreDown, Undelivered
from bot.loading import Loaded
from bot.models import AnnouncementState, RecipientState, outbox
from bot.models import announcements as announcements_table
from bot.pace import Pace
from bot.sending import Sender
from bot.services import announcements, surveys, topics
from bot.services.audiences import Audience
from bot.services.lunar import Lunar
from bot.services.repeating import Repeat
from bot.services.staff import Member
from bot.store import Unit
from bot.store.announcements import Announcements
from bot.store.recipients import Whom
from tests.botapi import BotApi
from tests.citizen import rows_of, wait_until
from tests.polling import answered
from tests.surveying import SWING, put
from tests.town_hall import TownHall, plan, town_hall

PEOPLE = tuple(range(101, 141))
SARA, REZA, MINA = 7, 8, 9
CULTURE = topics.bit("culture")
DAY_MS = 24 * 3600 * 1000
LONG = "خبر " * 1_500
"""Two messages."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(herald, "TICK_SECONDS", 0.02)
    monkeypatch.setattr(broadcast, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(broadcast, "IDLE_SECONDS", 0.02)
    monkeypatch.setattr(volley, "FLUSH_SECONDS", 0.02)
    monkeypatch.setattr(leader, "WAIT_SECONDS", 0.05)


@pytest.fixture
def limits() -> dict[str, Any]:
    return {}


@pytest.fixture
async def closed(api: BotApi, database: str, loaded: Loaded, limits: dict[str, Any]) -> AsyncIterator[TownHall]:
    for chat in (SARA, REZA, MINA, *PEOPLE):
        api.meet(chat)
    async with town_hall(api, database, loaded, **limits) as found:
        yield found


@pytest.fixture
async def hall(closed: TownHall) -> TownHall:
    closed.open()
    return closed


def moved(made: announcements.Announcement, to: AnnouncementState) -> Any:  # noqa: ANN401 - a piece of work
    def work(unit: Unit) -> bool:
        return unit.announcements.move(made.id, list(AnnouncementState), to)

    return work


# Who gets it


async def test_everybody_gets_it_once(hall: TownHall) -> None:
    await hall.settle(*PEOPLE)

    made = await hall.announce(plan("فردا آب قطع است."))

    assert await hall.until_done(made) == {"sent": len(PEOPLE)}
    assert [hall.got(chat) for chat in PEOPLE] == [["فردا آب قطع است."]] * len(PEOPLE)


async def test_who_has_gone_or_left_or_refused_gets_nothing(hall: TownHall) -> None:
    await hall.settle(SARA)
    await hall.settle(REZA, left_at=1)
    await hall.settle(MINA, refuses=CULTURE)
    await hall.settle(PEOPLE[0], gone_at=1)

    made = await hall.announce(plan("نمایشگاه", "culture"))

    assert await hall.until_done(made) == {"sent": 1}
    assert (await hall.report(made)).total == 1
    assert [hall.got(chat) for chat in (SARA, REZA, MINA, PEOPLE[0])] == [["نمایشگاه"], [], [], []]


async def test_an_audience_is_a_neighbourhood_or_who_chose(hall: TownHall) -> None:
    await hall.settle(SARA, neighbourhood="dolab", wants=CULTURE)
    await hall.settle(REZA, neighbourhood="dolab")
    await hall.settle(MINA, wants=CULTURE)

    near = await hall.announce(plan("دولاب", neighbourhoods=("dolab",)))
    chosen = await hall.announce(plan("فرهنگی", "culture", chosen_only=True))

    assert await hall.until_done(near) == {"sent": 2}
    assert await hall.until_done(chosen) == {"sent": 2}
    assert [sorted(hall.got(chat)) for chat in (SARA, REZA, MINA)] == [["دولاب", "فرهنگی"], ["دولاب"], ["فرهنگی"]]


async def test_whoever_leaves_before_their_turn_gets_nothing(closed: TownHall) -> None:
    await closed.settle(SARA, REZA)
    made = await closed.announce(plan("خبر"))
    closed.parts = [asyncio.create_task(closed.herald.run())]
    await closed.until(lambda: running(closed, made))
    await closed.store.write(lambda unit: unit.choices.leave(citizen_of(unit, closed, REZA)))

    closed.parts.append(asyncio.create_task(closed.broadcast.run()))

    assert await closed.until_done(made) == {"sent": 1, "left": 1}
    assert closed.got(REZA) == []


async def running(hall: TownHall, made: announcements.Announcement) -> bool:
    return (await hall.report(made)).announcement.state == AnnouncementState.RUNNING


def citizen_of(unit: Unit, hall: TownHall, user_id: int) -> int:
    found = unit.citizens.find(hall.platform.name, user_id, user_id)
    assert found is not None
    return found.citizen.id


async def test_whoever_leaves_while_it_is_sent_gets_nothing(closed: TownHall) -> None:
    await closed.settle(*PEOPLE)
    closed.slow_down(40)
    closed.open()
    made = await closed.announce(plan("خبر"))
    await wait_until(lambda: closed.got(PEOPLE[2]))

    await closed.store.write(lambda unit: unit.choices.leave(citizen_of(unit, closed, PEOPLE[-1])))

    assert await closed.until_done(made) == {"sent": len(PEOPLE) - 1, "left": 1}
    assert closed.got(PEOPLE[-1]) == []


async def test_whoever_was_forgotten_before_their_turn_gets_nothing(closed: TownHall) -> None:
    await closed.settle(*PEOPLE)
    closed.slow_down(40)
    closed.open()
    made = await closed.announce(plan("خبر"))
    await wait_until(lambda: closed.got(PEOPLE[2]))

    def forget(unit: Unit) -> None:
        runs = [run.id for run in unit.announcements.runs(made.id)]
        unit.recipients.forget(citizen_of(unit, closed, PEOPLE[-1]), runs)

    await closed.store.write(forget)

    assert await closed.until_done(made) == {"sent": len(PEOPLE) - 1}
    assert closed.got(PEOPLE[-1]) == []


async def test_a_third_unsolicited_one_in_a_week_is_held_back(hall: TownHall) -> None:
    await hall.settle(SARA)
    await hall.settle(REZA, wants=CULTURE)
    for number in range(3):
        made = await hall.announce(plan(f"خبر {number}", "culture"))
        ends = await hall.until_done(made)

    assert ends == {"sent": 1, "held": 1}
    assert (len(hall.got(SARA)), len(hall.got(REZA))) == (2, 3)


async def test_a_week_later_there_is_room_again_and_emergencies_always_go(hall: TownHall) -> None:
    await hall.settle(SARA)
    for _ in range(2):
        await hall.until_done(await hall.announce(plan("خبر")))
    urgent = await hall.announce(plan("زلزله", "emergency", urgent=True))
    assert await hall.until_done(urgent) == {"sent": 1}

    hall.later(days=7, minutes=1)

    assert await hall.until_done(await hall.announce(plan("خبر تازه"))) == {"sent": 1}


async def test_not_live_it_goes_to_staff_only(closed: TownHall) -> None:
    await closed.settle(SARA, REZA)
    await closed.store.write(lambda unit: unit.staff.join(closed.platform.name, REZA, "editor", "رضا", None))
    sending = announcements.Sending(live=False, paces=closed.house.library.sending.paces)
    object.__setattr__(closed.house.library, "sending", sending)
    closed.open()

    made = await closed.announce(plan("آزمایشی"))

    assert await closed.until_done(made) == {"sent": 1}
    assert (closed.got(SARA), closed.got(REZA)) == ([], ["آزمایشی"])


def approving(hall: TownHall, *, above: int) -> None:
    sending = replace(hall.house.library.sending, approve_above=above)
    object.__setattr__(hall.house.library, "sending", sending)


async def staff_of(hall: TownHall) -> tuple[Member, Member]:
    """An author, and who may approve."""

    def join(unit: Unit) -> tuple[Member, Member]:
        author = unit.staff.join(hall.platform.name, 1, "editor", "مینا", None)
        return author, unit.staff.join(hall.platform.name, 2, "manager", "امید", None)

    return await hall.store.write(join)


async def test_what_outgrew_its_author_is_approved_before_it_begins(closed: TownHall) -> None:
    author, manager = await staff_of(closed)
    made = await closed.announce(plan("خبر"), by=author.id)
    await closed.settle(SARA, REZA)
    approving(closed, above=1)

    await closed.herald.look()

    assert (await closed.report(made)).announcement.state == AnnouncementState.WAITING
    told = [(row["chat_id"], row["logical"]) for row in await closed.store.read(lambda unit: rows_of(unit, outbox))]
    assert told == [(2, None), (2, f"approval:{made.id}"), (1, f"run:{made.id}")]
    await closed.store.write(lambda unit: announcements.approve(unit, made.id, manager, Lunar()))
    closed.later(minutes=2)
    closed.open()
    assert await closed.until_done(made) == {"sent": 2}


@pytest.mark.parametrize("approved", [False, True])
async def test_a_series_is_approved_once_or_each_time_that_it_goes_to_many(closed: TownHall, *, approved: bool) -> None:
    author, manager = await staff_of(closed)
    states = {True: AnnouncementState.WAITING, False: AnnouncementState.PLANNED}
    series = await closed.announce(plan("هر روز", repeat=Repeat("day")), by=author.id, state=states[approved])
    if approved:
        await closed.store.write(lambda unit: announcements.approve(unit, series.id, manager, Lunar()))
        closed.later(minutes=2)
    await closed.settle(SARA, REZA)
    approving(closed, above=1)

    await closed.herald.look()  # makes the one of today
    await closed.herald.look()

    found = {one.id: one.state for one in await closed.store.read(lambda unit: unit.announcements.open(9))}
    del found[series.id]
    assert list(found.values()) == [AnnouncementState.QUEUING if approved else AnnouncementState.WAITING]


async def test_a_series_moves_with_its_lunar_month(closed: TownHall) -> None:
    series = await closed.announce(plan("هر ماه", repeat=Repeat("month", "lunar")))  # on 12 Jumada al-Thani
    await closed.herald.look()
    planned = await due_at(closed, series)

    move_rajab(closed, -1)
    await closed.herald.look()
    moved_to = await due_at(closed, series)
    move_rajab(closed, 1)
    await closed.herald.look()

    assert moved_to == planned - DAY_MS
    assert await due_at(closed, series) == planned


async def test_a_month_that_is_moved_after_its_day_makes_no_second_one(closed: TownHall) -> None:
    series = await closed.announce(plan("هر ماه", repeat=Repeat("month", "lunar")))
    move_rajab(closed, -1)
    closed.later(days=29)
    await closed.herald.look()  # makes those of both months
    planned = await due_at(closed, series)

    move_rajab(closed, 1)
    closed.later(days=1)
    await closed.herald.look()

    assert await due_at(closed, series) == planned
    assert len(await closed.store.read(lambda unit: rows_of(unit, announcements_table))) == 3


async def due_at(hall: TownHall, made: announcements.Announcement) -> int:
    return (await hall.report(made)).announcement.due_at


def move_rajab(hall: TownHall, days: int) -> None:
    answers = copy(hall.house.library.answers)
    answers._hours = replace(answers.hours, calendar=answers.hours.calendar.shifted({(1448, 7): days}))
    object.__setattr__(hall.house.library, "answers", answers)


async def test_a_series_that_is_approved_late_keeps_its_days(closed: TownHall) -> None:
    author, manager = await staff_of(closed)
    weekly = plan("هر هفته", repeat=Repeat("week"))
    series = await closed.announce(weekly, by=author.id, state=AnnouncementState.WAITING)
    closed.later(days=2)

    await closed.store.write(lambda unit: announcements.approve(unit, series.id, manager, Lunar()))
    closed.later(minutes=2)
    await closed.herald.look()

    found = await closed.store.read(lambda unit: rows_of(unit, announcements_table))
    assert [row["id"] for row in found] == [series.id]
    assert await due_at(closed, series) == series.due_at + 7 * DAY_MS


async def test_its_end_and_its_report_are_written_down_together(
    closed: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    author, _ = await staff_of(closed)
    made = await closed.announce(plan("خبر"), by=author.id)  # to nobody
    tell, away = closed.herald._tell, [True]

    def told(unit: Unit, number: int, before: str = "") -> str:
        if announcements.find(unit, number).state == AnnouncementState.DONE and away and away.pop():
            raise StoreDown("away")
        return tell(unit, number, before)

    monkeypatch.setattr(closed.herald, "_tell", told)
    monkeypatch.setattr(herald, "TROUBLE_SECONDS", 0.01)
    closed.open()
    await closed.until_done(made)
    await closed.until(lambda: not away)

    async def reported() -> bool:
        bodies = [row["body"] for row in await closed.store.read(lambda unit: rows_of(unit, outbox))]
        return any("ارسال تمام شد" in str(json.loads(body)["text"]) for body in bodies)

    await closed.until(reported)


@pytest.mark.parametrize("many", [2, 3])
async def test_the_database_counts_many_recipients_before_they_are_read(
    closed: TownHall, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    await closed.settle(SARA, REZA)
    counted = list[AnnouncementState]()

    async def count_anew() -> None:
        counted.append((await closed.report(made)).announcement.state)

    monkeypatch.setattr(herald, "COUNTED_FROM", many)
    monkeypatch.setattr(closed.store, "count_anew", count_anew)
    made = await closed.announce(plan("خبر"))
    closed.open()

    assert await closed.until_done(made) == {"sent": 2}
    assert counted == ([AnnouncementState.QUEUING] if many == 2 else [])


async def test_a_series_that_is_cancelled_as_it_comes_due_goes_no_more(
    closed: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    series = await closed.announce(plan("هر روز", repeat=Repeat("day")))
    monkeypatch.setattr(Announcements, "due", lambda *_: [series])  # as it was seen before
    await closed.store.write(moved(series, AnnouncementState.CANCELLED))

    await closed.herald.look()

    found = await closed.store.read(lambda unit: rows_of(unit, announcements_table))
    assert [row["id"] for row in found] == [series.id]


async def test_nobody_is_told_the_same_again_while_it_is_paused(
    closed: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(herald, "_pause", lambda _: 0.0)
    author, _ = await staff_of(closed)
    await closed.announce(plan("خبر"), by=author.id, state=AnnouncementState.PAUSED)

    for _ in range(3):
        await closed.herald.look()

    assert len(await closed.store.read(lambda unit: rows_of(unit, outbox))) == 1


# When


async def test_quiet_hours_put_it_off_and_hold_up_nothing_else(hall: TownHall) -> None:
    await hall.settle(SARA, quiet_from=9, quiet_until=12)
    await hall.settle(REZA)
    first = await hall.announce(plan("اول"))
    second = await hall.announce(plan("دوم"))
    await wait_until(lambda: len(hall.got(REZA)) == 2)
    assert hall.got(SARA) == []

    hall.later(hours=2)

    assert await hall.until_done(first) == {"sent": 2}
    assert await hall.until_done(second) == {"sent": 2}
    assert hall.got(SARA) == ["اول", "دوم"]


async def test_whoever_answers_before_a_reminder_reaches_them_is_not_reminded(hall: TownHall) -> None:
    await hall.settle(SARA, MINA, quiet_from=9, quiet_until=12)
    await hall.settle(REZA)
    number = await hall.store.write(lambda unit: put(unit, SWING))
    await hall.store.write(lambda unit: everybody_was_asked(unit, number, hall.platform.name))
    made = await hall.announce(replace(plan("یادآوری"), audience=Audience(unanswered=number)))
    await wait_until(lambda: hall.got(REZA))

    await hall.store.write(lambda unit: answered(unit, number, SARA, "yes", platform=hall.platform.name))
    hall.later(hours=2)

    assert await hall.until_done(made) == {"sent": 2, "answered": 1}
    assert (hall.got(SARA), hall.got(MINA)) == ([], ["یادآوری"])


def everybody_was_asked(unit: Unit, number: int, platform: str) -> None:
    """They got the announcement that asks a survey."""
    asking = surveys.find(unit, number).announcement_id
    assert asking is not None
    unit.announcements.add_run(asking, platform)
    (run,) = unit.announcements.runs(asking)
    unit.recipients.queue(run.id, platform, Whom(), (0, 1_000))
    everybody = unit.recipients.in_state(run.id, RecipientState.WAITING, 0, 100)
    unit.recipients.move(run.id, RecipientState.WAITING, RecipientState.SENT, everybody)


async def test_however_many_wait_for_a_sleeper_the_next_one_goes(hall: TownHall) -> None:
    await hall.settle(SARA, quiet_from=9, quiet_until=12, wants=CULTURE)
    await hall.settle(REZA, wants=CULTURE)

    for number in range(22):
        await hall.announce(plan(f"خبر {number}", "culture"))

    await wait_until(lambda: len(hall.got(REZA)) == 22)


async def test_what_waits_for_staff_keeps_nothing_from_beginning(
    closed: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(herald, "MOST", 2)
    await closed.settle(SARA)
    for number in range(2):
        await closed.announce(plan(f"خبر {number}"), state=AnnouncementState.WAITING)
    closed.open()

    made = await closed.announce(plan("خبر"))

    assert await closed.until_done(made) == {"sent": 1}


async def test_what_is_urgent_wakes_and_overtakes(closed: TownHall) -> None:
    await closed.settle(SARA, quiet_from=9, quiet_until=12)
    await closed.settle(*PEOPLE)
    closed.slow_down(20)
    closed.open()
    slow = await closed.announce(plan("خبر"))
    await wait_until(lambda: closed.got(PEOPLE[3]))

    urgent = await closed.announce(plan("زلزله", "emergency", urgent=True))
    await closed.until_done(urgent)

    assert closed.got(SARA) == ["زلزله"]
    assert (await closed.ends(slow)).get("sent", 0) < len(PEOPLE)
    closed.later(hours=2)
    assert await closed.until_done(slow) == {"sent": len(PEOPLE) + 1}


async def test_whoever_sleeps_till_it_is_too_late_does_not_get_it(hall: TownHall) -> None:
    await hall.settle(SARA, quiet_from=9, quiet_until=12)
    await hall.settle(REZA)
    made = await hall.announce(plan("تا ظهر", until=hall.clock.now() + timedelta(hours=1)))
    await wait_until(lambda: hall.got(REZA))

    hall.later(hours=3)

    assert await hall.until_done(made) == {"sent": 1, "late": 1}
    assert hall.got(SARA) == []


async def test_what_waits_on_a_platform_that_was_switched_off_ends_in_time(closed: TownHall) -> None:
    await closed.settle(SARA)
    await closed.settle(REZA, platform="elsewhere")
    both = list(closed.herald._platforms)
    closed.herald._platforms = [*both, "elsewhere"]
    made = await closed.announce(plan("خبر"))
    await closed.herald.look()
    closed.herald._platforms = both
    closed.open()
    await wait_until(lambda: closed.got(SARA))
    assert await running(closed, made)  # it may come back

    closed.later(days=1, minutes=1)

    assert await closed.until_done(made) == {"sent": 1, "late": 1}


async def test_what_was_due_too_long_ago_is_missed(hall: TownHall) -> None:
    await hall.settle(SARA)
    day_before = hall.clock.millis() - 25 * 3600 * 1000

    made = await hall.announce(plan("دیروز"), due_at=day_before)
    await hall.until_done(made)

    assert (await hall.report(made)).announcement.state == AnnouncementState.MISSED
    assert hall.got(SARA) == []


@pytest.mark.parametrize("repeat", [None, Repeat("day")])
async def test_its_author_hears_of_what_was_missed(closed: TownHall, repeat: Repeat | None) -> None:
    author, _ = await staff_of(closed)
    long_ago = closed.clock.millis() - 3 * DAY_MS
    await closed.announce(plan("خبر", repeat=repeat), by=author.id, due_at=long_ago)

    await closed.herald.look()

    (told,) = await closed.store.read(lambda unit: rows_of(unit, outbox))
    assert told["chat_id"] == author.user_id
    assert "دیر شد و فرستاده نشد" in str(json.loads(told["body"])["text"])


@pytest.mark.parametrize(("hours", "missed"), [(11, False), (23, True)])
async def test_what_comes_every_day_comes_late_but_not_twice_in_an_hour(
    closed: TownHall, hours: int, missed: bool
) -> None:
    await closed.announce(plan("هر روز", repeat=Repeat("day")))
    closed.later(hours=hours)

    await closed.herald.look()

    _, made = await closed.store.read(lambda unit: rows_of(unit, announcements_table))
    assert (made["state"] == AnnouncementState.MISSED) is missed


# What goes wrong


async def test_who_blocked_the_bot_is_parked(hall: TownHall, api: BotApi) -> None:
    await hall.settle(SARA, REZA)
    api.block(SARA)

    made = await hall.announce(plan("خبر"))

    assert await hall.until_done(made) == {"sent": 1, "gone": 1}
    again = await hall.announce(plan("خبر دیگر"))
    await hall.until_done(again)
    assert (await hall.report(again)).total == 1


async def test_a_flood_and_errors_of_the_server_are_waited_out(hall: TownHall, api: BotApi) -> None:
    await hall.settle(*PEOPLE)
    api.faults.retry_after(1, times=2)
    api.faults.fail_next("sendMessage", 500, "Internal Server Error", times=3)

    made = await hall.announce(plan("خبر"))

    assert await hall.until_done(made) == {"sent": len(PEOPLE)}
    assert [len(hall.got(chat)) for chat in PEOPLE] == [1] * len(PEOPLE)


async def test_a_lost_answer_is_unknown_until_staff_say_send_it_again(hall: TownHall, api: BotApi) -> None:
    await hall.settle(SARA, REZA)
    api.faults.lose_answer("sendMessage")
    made = await hall.announce(plan("خبر"))
    assert await hall.until_done(made) == {"sent": 1, "unknown": 1}
    assert len(hall.got(SARA)) + len(hall.got(REZA)) == 2

    admin = await hall.store.write(lambda unit: unit.staff.join(hall.platform.name, 1, "admin", "مدیر", None))
    await hall.store.write(lambda unit: announcements.resend(unit, made.id, admin))

    assert await hall.until_done(made) == {"sent": 2}
    assert len(hall.got(SARA)) + len(hall.got(REZA)) == 3


async def test_sent_again_it_goes_to_nobody_for_whom_it_was_too_late(
    hall: TownHall, api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcast, "LATE_AT_ONCE", 2)
    late = PEOPLE[:5]
    await hall.settle(*late, quiet_from=9, quiet_until=12)
    await hall.settle(SARA)
    api.faults.lose_answer("sendMessage")
    made = await hall.announce(plan("تا ظهر", until=hall.clock.now() + timedelta(hours=1)))
    await wait_until(lambda: hall.got(SARA))
    hall.later(hours=3)
    assert await hall.until_done(made) == {"unknown": 1, "late": len(late)}
    assert {(await hall.states())[chat] for chat in late} == {RecipientState.LATE}

    admin = await hall.store.write(lambda unit: unit.staff.join(hall.platform.name, 1, "admin", "مدیر", None))
    await hall.store.write(lambda unit: announcements.resend(unit, made.id, admin))

    assert await hall.until_done(made) == {"sent": 1, "late": len(late)}
    assert [hall.got(chat) for chat in late] == [[]] * len(late)


async def test_sent_again_it_ends_when_it_would_have_ended(hall: TownHall, api: BotApi) -> None:
    await hall.settle(SARA)
    api.faults.lose_answer("sendMessage")
    made = await hall.announce(plan("تا ظهر", until=hall.clock.now() + timedelta(hours=1)))
    assert await hall.until_done(made) == {"unknown": 1}

    admin = await hall.store.write(lambda unit: unit.staff.join(hall.platform.name, 1, "admin", "مدیر", None))
    again = await hall.store.write(lambda unit: announcements.resend(unit, made.id, admin))

    assert again.until == made.until
    assert await hall.until_done(made) == {"sent": 1}


async def test_what_the_platform_refuses_is_counted_by_cause(hall: TownHall, api: BotApi) -> None:
    await hall.settle(SARA, REZA)
    api.faults.fail_next("sendMessage", 400, "Bad Request: button 17 is wrong")

    made = await hall.announce(plan("خبر"))
    ends = await hall.until_done(made)

    assert ends.pop("sent") == 1
    assert [(cause.partition(":")[0], count) for cause, count in ends.items()] == [("failed", 1)]
    assert "17" not in str(ends)


async def test_whose_turn_the_database_did_not_give_out_gets_it_a_moment_later(
    closed: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    await closed.settle(SARA, REZA)
    pace, away = closed.broadcast._crew.pace, [True]

    async def turn(chat_id: int) -> None:
        if away.pop() if away else False:
            raise StoreDown("paces")
        await Pace.turn_of_many(pace, chat_id)

    monkeypatch.setattr(volley, "AWAY_MS", 20)
    monkeypatch.setattr(pace, "turn_of_many", turn)
    closed.open()

    made = await closed.announce(plan("خبر"))

    assert await closed.until_done(made) == {"sent": 2}


async def test_whose_file_the_database_did_not_name_gets_it_a_moment_later(
    closed: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    await closed.settle(SARA, REZA)
    sender, away = closed.broadcast._crew.sender, [True]

    async def send(row: Any, body: Any) -> int:  # noqa: ANN401 - of `Sender.send`
        if away.pop() if away else False:
            raise StoreDown("files")
        return await Sender.send(sender, row, body)

    monkeypatch.setattr(volley, "AWAY_MS", 20)
    monkeypatch.setattr(sender, "send", send)
    closed.open()

    made = await closed.announce(plan("خبر"))

    assert await closed.until_done(made) == {"sent": 2}


async def test_each_message_of_a_long_one_goes_by_the_pace(closed: TownHall, monkeypatch: pytest.MonkeyPatch) -> None:
    await closed.settle(SARA, REZA)
    pace, turns = closed.broadcast._crew.pace, list[int]()

    async def turn(chat_id: int) -> None:
        turns.append(chat_id)
        await Pace.turn_of_many(pace, chat_id)

    monkeypatch.setattr(pace, "turn_of_many", turn)
    closed.open()

    made = await closed.announce(plan(LONG))

    assert await closed.until_done(made) == {"sent": 2}
    assert (len(closed.got(SARA)), len(closed.got(REZA))) == (2, 2)
    assert sorted(turns) == [SARA, SARA, REZA, REZA]


async def test_a_platform_that_is_away_is_waited_for(closed: TownHall, monkeypatch: pytest.MonkeyPatch) -> None:
    await closed.settle(SARA, REZA)
    fail(closed, monkeypatch, lambda _, tries: tries <= 2 * (volley.MOST_TRIES + 2))
    closed.open()

    made = await closed.announce(plan("خبر"))

    assert await closed.until_done(made) == {"sent": 2}


async def test_whoever_fell_asleep_while_the_platform_was_away_is_not_woken(
    closed: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    await closed.settle(SARA, quiet_from=11, quiet_until=12)
    tried, away = list[int](), [True]
    sender = closed.broadcast._crew.sender

    async def send(row: Any, body: Any) -> int:  # noqa: ANN401 - of `Sender.send`
        tried.append(row.chat_id)
        if away[0]:
            raise Undelivered("NetworkError", retry_ms=1)
        return await Sender.send(sender, row, body)

    monkeypatch.setattr(volley, "LONGEST_WAIT_MS", 5)
    monkeypatch.setattr(sender, "send", send)
    closed.open()
    made = await closed.announce(plan("خبر"))
    await wait_until(lambda: tried)

    closed.later(hours=1)
    away[0] = False
    await wait_until(lambda: closed.broadcast._asleep)

    assert closed.got(SARA) == []
    closed.later(hours=1)
    assert await closed.until_done(made) == {"sent": 1}


async def test_whose_turn_comes_only_after_they_fell_asleep_is_not_woken(
    closed: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    await closed.settle(SARA, quiet_from=11, quiet_until=12)

    async def turn(_: int) -> None:
        if closed.clock.now().hour == 10:
            closed.later(hours=1)

    monkeypatch.setattr(closed.broadcast._crew.pace, "turn_of_many", turn)
    monkeypatch.setattr(volley, "AWAY_MS", 1)
    closed.open()
    made = await closed.announce(plan("خبر"))
    await wait_until(lambda: closed.broadcast._asleep)

    assert closed.got(SARA) == []
    closed.later(hours=1)
    assert await closed.until_done(made) == {"sent": 1}


async def test_nobody_waits_for_a_chat_that_only_fails(closed: TownHall, monkeypatch: pytest.MonkeyPatch) -> None:
    await closed.settle(REZA, *PEOPLE)
    closed.slow_down(60)
    fail(closed, monkeypatch, lambda chat, _: chat == REZA)
    closed.open()

    made = await closed.announce(plan("خبر"))

    assert await closed.until_done(made) == {"sent": len(PEOPLE), "failed:NetworkError": 1}


def fail(hall: TownHall, monkeypatch: pytest.MonkeyPatch, fails: Callable[[int, int], bool]) -> None:
    """The platform is not reached by the calls that `fails` names: the chat, how many there were."""
    sender, tried = hall.broadcast._crew.sender, list[int]()

    async def send(row: Any, body: Any) -> int:  # noqa: ANN401 - of `Sender.send`
        tried.append(row.chat_id)
        if fails(row.chat_id, len(tried)):
            raise Undelivered("NetworkError", retry_ms=1)
        return await Sender.send(sender, row, body)

    monkeypatch.setattr(volley, "LONGEST_WAIT_MS", 5)
    monkeypatch.setattr(sender, "send", send)


# Stops and kills


async def test_a_pause_holds_and_a_resumption_goes_on(closed: TownHall) -> None:
    await closed.settle(*PEOPLE)
    closed.slow_down(40)
    closed.open()
    made = await closed.announce(plan("خبر"))
    await wait_until(lambda: closed.got(PEOPLE[2]))

    await closed.store.write(moved(made, AnnouncementState.PAUSED))
    await wait_until(closed.broadcast._idle.is_set)
    so_far = await closed.ends(made)
    assert 0 < so_far["sent"] < len(PEOPLE)
    assert sum(bool(closed.got(chat)) for chat in PEOPLE) == so_far["sent"]

    await closed.store.write(moved(made, AnnouncementState.RUNNING))
    assert await closed.until_done(made) == {"sent": len(PEOPLE)}


def second_fails(hall: TownHall, monkeypatch: pytest.MonkeyPatch, retry_ms: int) -> list[int]:
    """The second call fails; to whom calls went."""
    sender, tried = hall.broadcast._crew.sender, list[int]()

    async def send(row: Any, body: Any) -> int:  # noqa: ANN401 - of `Sender.send`
        tried.append(row.chat_id)
        if len(tried) == 2:
            raise Undelivered("502", retry_ms=retry_ms)
        return await Sender.send(sender, row, body)

    monkeypatch.setattr(sender, "send", send)
    return tried


async def test_whoever_has_a_part_of_it_does_not_get_that_twice(
    closed: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    await closed.settle(SARA)
    tried = second_fails(closed, monkeypatch, retry_ms=60_000)
    closed.open()
    made = await closed.announce(plan(LONG))
    await closed.until(lambda: len(tried) == 2)

    await closed.store.write(moved(made, AnnouncementState.PAUSED))
    await wait_until(closed.broadcast._idle.is_set)
    await closed.store.write(moved(made, AnnouncementState.RUNNING))

    assert await closed.until_done(made) == {"unknown": 1}
    assert len(closed.got(SARA)) == 1


async def test_whoever_has_a_part_of_it_gets_the_rest_a_moment_later(
    closed: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    await closed.settle(SARA)
    second_fails(closed, monkeypatch, retry_ms=20)
    closed.open()

    made = await closed.announce(plan(LONG))

    assert await closed.until_done(made) == {"sent": 1}
    assert len(closed.got(SARA)) == 2


async def half_sent(hall: TownHall) -> announcements.Announcement:
    """An announcement that some have and others not."""
    await hall.settle(*PEOPLE)
    hall.open()
    made = await hall.announce(plan("خبر"))
    await wait_until(lambda: hall.got(PEOPLE[2]))
    return made


async def test_an_orderly_stop_leaves_nobody_unknown(api: BotApi, database: str, loaded: Loaded) -> None:
    for chat in PEOPLE:
        api.meet(chat)
    async with town_hall(api, database, loaded, pace=40, holder="first") as first:
        made = await half_sent(first)
        await first.close()
        assert RecipientState.TAKEN not in (await first.states()).values()
    async with town_hall(api, database, loaded, holder="second") as second:
        second.open()
        assert await second.until_done(made) == {"sent": len(PEOPLE)}
        assert [len(second.got(chat)) for chat in PEOPLE] == [1] * len(PEOPLE)


async def test_after_a_kill_those_who_were_taken_are_unknown(api: BotApi, database: str, loaded: Loaded) -> None:
    for chat in PEOPLE:
        api.meet(chat)
    async with town_hall(api, database, loaded, pace=40, holder="hall") as first:
        made = await half_sent(first)
        await first.kill()
    async with town_hall(api, database, loaded, holder="hall") as second:
        second.open()
        ends = await second.until_done(made)

    assert ends["sent"] + ends.get("unknown", 0) == len(PEOPLE)
    assert max(len(api.seen(chat)) for chat in PEOPLE) == 1
    assert sum(not api.seen(chat) for chat in PEOPLE) <= ends.get("unknown", 0)
