"""News of events: when they go, to whom, and that no event is announced by a date that it does not have."""

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

import scheduler
from bot import config
from bot.clock import TEHRAN
from bot.models import AnnouncementState, EventTimes, announcements, outbox
from bot.services import event_notices, events, staff
from bot.services.audiences import Audience
from bot.services.events import Event, Plan
from bot.store import Store
from bot.store.citizens import Citizen
from tests.citizen import rows_of
from tests.conftest import FakeClock

DAY = timedelta(days=1)
FRIDAY = datetime(2026, 11, 27, 17, tzinfo=TEHRAN)
"""The tests begin on the Sunday before, at ten."""


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def store(database: str, clock: FakeClock) -> AsyncIterator[Store]:
    opened = Store(database, clock)
    code = await opened.write(lambda unit: staff.invite(unit, "manager"))
    await opened.write(lambda unit: staff.join(unit, Citizen(1, "bale", 902, "پروین", 0), code))
    yield opened
    await opened.close()


def plan(
    announce: int | None = 1,
    starts: datetime = FRIDAY,
    times: EventTimes = EventTimes.START,
    kind: str = "culture",
    link: str | None = None,
) -> Plan:
    ends = starts + (DAY if times == EventTimes.DAYS else timedelta(hours=2))
    instants = (millis(starts), millis(ends))
    return Plan("شب شعر", kind, int(times), *instants, place="سرای محله", link=link, announce=announce)


def millis(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


async def entered(store: Store, clock: FakeClock, of: Plan) -> Event:
    return await store.write(lambda unit: events.add(unit, of, 1, clock.now()))


async def run(store: Store, clock: FakeClock, *instants: datetime) -> dict[str, int]:
    counts: dict[str, int] = {}
    for clock.instant in instants:
        counts = await scheduler.announce_occasions(store, config.load())
    return counts


async def made(store: Store) -> list[dict[str, Any]]:
    rows = await store.read(lambda unit: rows_of(unit, announcements))
    return [row for row in rows if row["key"].startswith("event:")]


MIDNIGHT = FRIDAY.replace(hour=0)


@pytest.mark.parametrize(
    ("of", "due"),
    [
        (plan(0), FRIDAY.replace(hour=9)),
        (plan(1), FRIDAY.replace(hour=18) - DAY),
        (plan(3), FRIDAY.replace(hour=18) - 3 * DAY),
        (plan(0, FRIDAY.replace(hour=8)), FRIDAY.replace(hour=18) - DAY),  # its morning would be too late
        (plan(0, MIDNIGHT, EventTimes.DAYS), FRIDAY.replace(hour=9)),
    ],
)
def test_its_news_goes_in_the_evening_before_or_in_its_own_morning(of: Plan, due: datetime) -> None:
    assert event_notices.due(Event(1, of)) == due


async def test_it_goes_once_to_those_who_chose_its_topic(store: Store, clock: FakeClock) -> None:
    event = await entered(store, clock, plan(1, kind="joy", link="https://tehran.ir/a"))
    eve = FRIDAY.replace(hour=18) - DAY
    before = await run(store, clock, eve - timedelta(minutes=1))
    await run(store, clock, eve, eve, eve + timedelta(hours=1), FRIDAY - timedelta(hours=1))

    assert before["events"] == 0
    (row,) = await made(store)
    assert row["key"] == f"event:{event.id}:{event.plan.starts_at}"
    assert (row["topic"], Audience.from_json(row["audience"])) == ("sport", Audience(chosen_only=True))
    assert row["until"] == millis(eve.replace(hour=22))
    content = json.loads(row["content"])
    text = "".join(part[1] for part in content["text"])
    assert text.startswith("📣 رویدادی در راه است\n\nشب شعر")
    assert "ساعت ۱۷" in text
    assert content["buttons"] == [{"kind": "link", "label": "اطلاعات بیشتر", "target": "https://tehran.ir/a"}]


async def test_of_what_nobody_wants_announced_nothing_goes(store: Store, clock: FakeClock) -> None:
    await entered(store, clock, plan(None))
    await run(store, clock, FRIDAY - timedelta(hours=1), FRIDAY + timedelta(hours=1))

    assert await made(store) == []


async def test_a_cancelled_event_is_not_announced(store: Store, clock: FakeClock) -> None:
    event = await entered(store, clock, plan(1))
    await store.write(lambda unit: events.cancel(unit, event.id, "", 1, clock.now()))
    await run(store, clock, FRIDAY - DAY + timedelta(hours=1), FRIDAY + timedelta(hours=1))

    assert await made(store) == []


async def test_a_moved_event_is_announced_by_its_new_date(store: Store, clock: FakeClock) -> None:
    event = await entered(store, clock, plan(1))
    later = plan(1, FRIDAY + 2 * DAY)
    await store.write(lambda unit: events.change(unit, event.id, later, 1, clock.now()))
    old = await run(store, clock, FRIDAY - DAY + timedelta(hours=1))
    new = await run(store, clock, FRIDAY + DAY + timedelta(hours=1))

    assert (old["events"], new["events"]) == (0, 1)
    (row,) = await made(store)
    assert row["key"].endswith(str(later.starts_at))


async def test_what_was_entered_late_goes_at_once_but_not_at_night(store: Store, clock: FakeClock) -> None:
    clock.instant = FRIDAY.replace(hour=21, minute=30) - DAY
    await entered(store, clock, plan(3))
    night = await run(store, clock, clock.instant)
    morning = await run(store, clock, FRIDAY.replace(hour=8, minute=59), FRIDAY.replace(hour=9))

    assert (night["events"], morning["events"]) == (0, 1)


async def test_what_has_begun_unannounced_is_missed_and_told_once(store: Store, clock: FakeClock) -> None:
    await entered(store, clock, plan(1))
    counts = await run(store, clock, FRIDAY + timedelta(hours=3))
    await run(store, clock, FRIDAY + timedelta(hours=4))

    assert counts["events_missed"] == 1
    (row,) = await made(store)
    assert row["state"] == AnnouncementState.MISSED
    rows = await store.read(lambda unit: rows_of(unit, outbox))
    (body,) = [json.loads(row["body"]) for row in rows if "شب شعر" in row["body"] or "\\u0634\\u0628" in row["body"]]
    assert "رویداد «شب شعر»" in "".join(part[1] for part in body["text"])


async def test_what_is_cancelled_while_its_news_goes_out_is_told_to_nobody_more(store: Store, clock: FakeClock) -> None:
    event = await entered(store, clock, plan(0))
    await run(store, clock, FRIDAY.replace(hour=9))
    (news,) = await made(store)
    await store.write(lambda unit: unit.announcements.begin(news["id"]))

    await store.write(lambda unit: events.cancel(unit, event.id, "باران", 1, clock.now()))
    await run(store, clock, FRIDAY.replace(hour=9, minute=1))

    assert [row["state"] for row in await made(store)] == [AnnouncementState.CANCELLED]


async def test_what_is_moved_while_its_news_goes_out_is_told_by_its_new_date_alone(
    store: Store, clock: FakeClock
) -> None:
    event = await entered(store, clock, plan(0))
    await run(store, clock, FRIDAY.replace(hour=9))
    (news,) = await made(store)
    await store.write(lambda unit: unit.announcements.begin(news["id"]))

    moved = plan(0, FRIDAY + timedelta(hours=1))
    await store.write(lambda unit: events.change(unit, event.id, moved, 1, clock.now()))
    await run(store, clock, FRIDAY.replace(hour=9, minute=1))

    assert [row["state"] for row in await made(store)] == [AnnouncementState.CANCELLED, AnnouncementState.PLANNED]
