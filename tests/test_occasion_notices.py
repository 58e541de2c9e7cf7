"""What the clock does about occasions: greet, ask for approval, tell what was missed; each once."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import scheduler
from bot import config
from bot.clock import TEHRAN
from bot.models import AnnouncementState, announcements, outbox
from bot.services import audiences, closures, occasion_notices, staff
from bot.services.staff import Role
from bot.store import Store, Unit
from bot.store.citizens import Citizen
from bot.store.greeting_changes import GreetingChange
from tests.citizen import rows_of
from tests.conftest import FakeClock

EDITOR, BOSS, OPERATOR = 901, 902, 903
SETTINGS = config.load()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def store(database: str, clock: FakeClock) -> AsyncIterator[Store]:
    """With an editor, a manager and an operator."""
    opened = Store(database, clock)
    roles: dict[int, Role] = {EDITOR: "editor", BOSS: "manager", OPERATOR: "operator"}

    def hire(unit: Unit) -> None:
        for number, role in roles.items():
            staff.join(unit, Citizen(number, "bale", number, "همکار", 0), staff.invite(unit, role))

    await opened.write(hire)
    yield opened
    await opened.close()


async def run(store: Store, clock: FakeClock, day: str, *times: str) -> dict[str, int]:
    """Run the job on a day of 1405 at these times of it; what the last run counted."""
    counts: dict[str, int] = {}
    for time in times:
        clock.instant = at(day, time)
        counts = await scheduler.announce_occasions(store, SETTINGS)
    return counts


def at(day: str, time: str) -> datetime:
    """An instant of the year that begins on 21 March 2026: "12-22", "09:00"."""
    month, number = map(int, day.split("-"))
    hour, minute = map(int, time.split(":"))
    days = (month - 1) * 31 - max(month - 7, 0) + number - 1
    return datetime(2026, 3, 21, hour, minute, tzinfo=TEHRAN) + timedelta(days=days)


async def made(store: Store) -> dict[str, dict[str, Any]]:
    rows = await store.read(lambda unit: rows_of(unit, announcements))
    return {row["key"].removeprefix("occasion:"): row for row in rows}


async def told(store: Store, chat: int) -> list[tuple[str, list[str]]]:
    """What somebody was told, with the data of the buttons."""
    rows = await store.read(lambda unit: rows_of(unit, outbox))
    bodies = [json.loads(row["body"]) for row in rows if row["chat_id"] == chat]
    texts = ["".join(part[1] for part in body["text"]) for body in bodies]
    return [
        (text, [one["d"] for row in body["inline"] for one in row]) for text, body in zip(texts, bodies, strict=True)
    ]


async def decide(store: Store, change: GreetingChange) -> None:
    await store.write(lambda unit: unit.greeting_changes.keep(change, 1))


async def test_it_goes_at_its_hour_and_once_however_often_the_job_is_run(store: Store, clock: FakeClock) -> None:
    early = await run(store, clock, "09-30", "07:00", "16:59")
    due = await run(store, clock, "09-30", "17:00")
    again = await run(store, clock, "09-30", "17:00", "17:01", "20:00", "21:59")

    assert (early["sent"], due["sent"], again["sent"]) == (0, 1, 0)
    (row,) = (await made(store)).values()
    content = json.loads(row["content"])
    assert "شب یلدا مبارک" in content["text"][0][1]
    assert (content["files"], content["buttons"]) == ([], [])
    assert row["due_at"] == int(at("09-30", "17:00").timestamp() * 1000)
    assert row["until"] == int(at("09-30", "22:00").timestamp() * 1000)
    assert (row["state"], row["topic"], row["urgent"]) == (AnnouncementState.PLANNED, "culture", 0)


@pytest.mark.parametrize(
    ("day", "time", "key", "everybody"),
    [
        ("09-30", "17:00", "yalda:1405:0", True),  # a feast
        ("04-04", "09:00", "ashura:1448:0", True),  # mourned
        ("12-29", "09:00", "oil:1405:0", True),  # closes the municipality
        ("12-15", "09:00", "tree_planting:1405:0", False),
        ("12-28", "18:00", "nowruz:1406:1", False),  # only a reminder
    ],
)
async def test_who_chose_nothing_hears_of_great_days_only(
    store: Store, clock: FakeClock, day: str, time: str, key: str, everybody: bool
) -> None:
    if key.startswith("nowruz"):
        day = "12-29"
    await run(store, clock, day, time)

    audience = audiences.Audience.from_json((await made(store))[key]["audience"])
    assert audience.chosen_only is not everybody


@pytest.mark.parametrize(
    ("hour", "time", "sent"),
    [(None, "21:00", True), (None, "21:01", False), (21, "20:59", False), (21, "21:30", True), (21, "21:31", False)],
)
async def test_late_in_the_evening_nothing_begins(
    store: Store, clock: FakeClock, hour: int | None, time: str, sent: bool
) -> None:
    await decide(store, GreetingChange("occasion:yalda:1405:0", hour=hour))
    counts = await run(store, clock, "09-30", time)

    assert counts["sent"] == sent


async def test_what_staff_changed_is_what_goes(store: Store, clock: FakeClock) -> None:
    await decide(store, GreetingChange("occasion:yalda:1405:0", text="یلدا **خوش**", hour=19, photo="lost"))
    before = await run(store, clock, "09-30", "17:00")
    await run(store, clock, "09-30", "19:00")

    assert before["sent"] == 0
    content = json.loads((await made(store))["yalda:1405:0"]["content"])
    assert content == {"text": [["", "یلدا **خوش**"]], "files": [], "buttons": []}


async def test_what_is_skipped_is_neither_sent_nor_missed(store: Store, clock: FakeClock) -> None:
    await run(store, clock, "09-28", "09:00")
    await decide(store, GreetingChange("occasion:yalda:1405:0", skipped_by=1))
    await run(store, clock, "09-30", "17:00", "21:59")
    await run(store, clock, "10-01", "07:00")

    assert "yalda:1405:0" not in await made(store)


async def test_approval_is_asked_for_two_days_before_and_on_the_eve_of_who_may_do_something(
    store: Store, clock: FakeClock
) -> None:
    for day in ("12-19", "12-20", "12-21"):  # of the 22nd: the day of the martyrs
        await run(store, clock, day, "09:59", "10:00", "10:01", "20:00")

    asked = [one for one in await told(store, BOSS) if "منتظر تأییدند" in one[0]]
    assert len(asked) == 2
    assert "بزرگداشت شهدا" in asked[0][0]
    assert "پس‌فردا" in asked[0][0]
    assert "فردا" in asked[1][0]
    assert "calendar:text:martyrs.1405.0" in asked[0][1]
    assert len([one for one in await told(store, EDITOR) if "منتظر تأیید" in one[0]]) == 2
    assert await told(store, OPERATOR) == []


async def test_what_was_approved_is_not_asked_for_and_goes(store: Store, clock: FakeClock) -> None:
    await decide(store, GreetingChange("occasion:martyrs:1405:0", approved_by=2))
    await run(store, clock, "12-20", "10:00")
    counts = await run(store, clock, "12-22", "09:00")

    assert not any("شهدا" in text for text, _ in await told(store, BOSS))
    assert counts["sent"] == 1


async def test_what_nobody_approved_is_missed_and_managers_are_told_once(store: Store, clock: FakeClock) -> None:
    counts = await run(store, clock, "12-22", "09:00", "21:00", "21:01")
    await run(store, clock, "12-22", "21:02")
    await run(store, clock, "12-23", "07:00")

    assert counts["missed"] == 1
    assert (await made(store))["martyrs:1405:0"]["state"] == AnnouncementState.MISSED
    (text, buttons) = next(one for one in await told(store, BOSS) if "فرستاده نشد" in one[0])
    assert "روز بزرگداشت شهدا" in text
    assert "چون کسی به‌موقع تأییدش نکرد" in text
    assert buttons == ["calendar:room"]
    assert await told(store, EDITOR) == []


async def test_after_days_without_the_service_all_that_was_missed_is_told_in_one_message(
    store: Store, clock: FakeClock
) -> None:
    await run(store, clock, "09-26", "09:00")
    await run(store, clock, "09-27", "09:00")
    counts = await run(store, clock, "10-03", "08:00")

    ((text, _),) = await told(store, BOSS)
    assert counts["missed"] == 2
    assert text.count("کار نمی‌کرد") == 2  # of Yalda, and of the day of fathers
    assert counts["sent"] == 0


async def test_a_service_that_begins_today_has_missed_nothing_before(store: Store, clock: FakeClock) -> None:
    counts = await run(store, clock, "10-03", "08:00")

    assert counts["missed"] == 0
    assert await made(store) == {}


async def test_a_day_that_has_passed_by_a_moved_month_is_not_greeted_any_more(store: Store, clock: FakeClock) -> None:
    """Shawwal began yesterday, and nobody had known."""
    await run(store, clock, "12-15", "09:00")
    clock.instant = at("12-19", "07:30")

    def move(unit: Unit) -> None:
        hours = occasion_notices._shipped()[1]
        closures.move_month(unit, hours, (1448, 10), -1, 2)

    await store.write(move)
    await run(store, clock, "12-19", "07:31", "08:00", "12:00")

    assert (await made(store))["fitr:1448:0"]["state"] == AnnouncementState.MISSED
    assert any("ماه قمری جابه‌جا شد" in text for text, _ in await told(store, BOSS))


async def test_days_that_were_looked_up_before_a_month_moved_are_not_used(store: Store, clock: FakeClock) -> None:
    clock.instant = at("12-19", "08:00")
    day, said = await store.read(occasion_notices.standing)
    old = occasion_notices.plans(day, said)
    await store.write(lambda unit: closures.move_month(unit, occasion_notices._shipped()[1], (1448, 10), -1, 2))
    counts = await store.write(lambda unit: occasion_notices.announce(unit, old))
    other_day = replace(old, day=day - timedelta(days=1))

    assert set(counts.values()) == {0}
    assert set((await store.write(lambda unit: occasion_notices.announce(unit, other_day))).values()) == {0}
