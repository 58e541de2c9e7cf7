"""Two years of occasions, hour by hour: each is greeted once, on its day and at its hour, or missed for a reason.

The days are those of the published calendar (`occasions_1405_1406.csv`), not those that the service counts. Three
citizens are sent to: one who chose nothing, one who chose the occasions, and one who sleeps till noon.
"""

import asyncio
import csv
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

import scheduler
from bot import broadcast, config
from bot.clock import TEHRAN
from bot.errors import StoreDown
from bot.loading import Loaded
from bot.models import AnnouncementState, announcements, outbox
from bot.services import closures, jalali, occasion_changes, occasion_notices, occasion_plans, staff, topics
from bot.services.greetings import Greetings
from bot.services.occasion_plans import State, Text
from bot.store import Store, Unit
from bot.store.citizens import Citizen
from tests.botapi import BotApi
from tests.citizen import PATIENCE, rows_of
from tests.conftest import FakeClock
from tests.town_hall import TownHall, town_hall

PUBLISHED = list(csv.DictReader((Path(__file__).parent / "occasions_1405_1406.csv").read_text("utf-8").splitlines()))
SETTINGS = config.load()
DAY = timedelta(days=1)
CITIZENS = SARA, REZA, MINA = 7, 8, 9
Act = Callable[["Year"], Any]
Expected = dict[tuple[str, int, date], int]
"""The hour of each (occasion, days before, day of the occasion)."""


def jalali_day(text: str) -> date:
    found = jalali.day_of(text)
    assert found is not None, text
    return found


def at(day: date | str, hour: int = 0) -> datetime:
    found = jalali_day(day) if isinstance(day, str) else day
    return datetime.combine(found, time(hour), TEHRAN)


def expected(words: Greetings, first: date, last: date) -> Expected:
    """What the published calendar and the content ask for, as far as it goes out within these days."""
    found: Expected = {}
    rows = {row["id"]: [*row["in_1405"].split(";"), *row["in_1406"].split(";")] for row in PUBLISHED}
    rows["nowruz"].append("1407-01-01")  # that year's first texts go out in this one
    for greeting in words.all:
        for written in rows[greeting.occasion]:
            for days, hour in [(0, greeting.hour), *((before.days, before.hour) for before in greeting.before)]:
                if first <= jalali_day(written) - days * DAY <= last:
                    found[greeting.occasion, days, jalali_day(written)] = hour
    return found


@dataclass
class Year:
    """A service whose job is run by hand, at whatever instant. `got`: what came to whom, and when."""

    store: Store
    clock: FakeClock
    hall: TownHall
    got: dict[int, list[tuple[datetime, str]]] = field(
        default_factory=lambda: {chat: [] for chat in (SARA, REZA, MINA)}
    )
    acts: dict[datetime, Act] = field(default_factory=dict)
    down: list[tuple[datetime, datetime]] = field(default_factory=list)
    unapproved: set[str] = field(default_factory=set)
    runs: int = 0

    async def live(self, first: date, last: date) -> None:
        """From the morning of one day to the night of another."""
        day = first
        while day <= last:
            for minute in (*range(7 * 60, 22 * 60, 60), 21 * 60 + 45):
                self.clock.instant = at(day) + timedelta(minutes=minute)
                act = self.acts.pop(self.clock.instant, None)
                if act is not None:
                    await act(self)
                if not any(begun <= self.clock.instant < over for begun, over in self.down):
                    await self.run()
                    await self.send()
            await self.approve_tomorrow()
            day += DAY

    async def run(self) -> None:
        self.runs += 1
        await scheduler.announce_occasions(self.store, SETTINGS)

    async def send(self) -> None:
        """All that may go at this instant goes."""
        async with asyncio.timeout(PATIENCE):
            await self.hall.herald._leader.renew()
            await self.hall.herald.look()
            while await self.store.read(self._under_way):
                await asyncio.sleep(0.002)
                await self.hall.herald.look()
        for chat, got in self.got.items():
            got += [(self.clock.instant, text) for text in self.hall.got(chat)[len(got) :]]

    def _under_way(self, unit: Unit) -> bool:
        """Whether something is to be sent to somebody who does not sleep."""
        asleep = {run for run, until in self.hall.broadcast._asleep.items() if until > self.clock.instant}
        running = [one for one in unit.announcements.open(100) if one.began_at is not None]
        left = [run for one in running for run in unit.announcements.runs(one.id) if not run.ended]
        return any(run.id not in asleep for run in left)

    async def approve_tomorrow(self) -> None:
        """The manager approves in the evening what goes on the next day, but not all of it."""

        def work(unit: Unit) -> None:
            day, said = occasion_notices.standing(unit)
            for text in occasion_plans.texts(unit, occasion_notices.plans(day, said).found):
                if text.state == State.WAITING and text.day == day + DAY and not self._forgotten(text):
                    (boss,) = unit.staff.all()
                    occasion_changes.approve(unit, text, boss, occasion_changes.print_of(text))

        await self.store.write(work)

    def _forgotten(self, text: Text) -> bool:
        return text.planned.occasion.id in self.unapproved

    async def rows(self) -> list[dict[str, Any]]:
        return await self.store.read(lambda unit: rows_of(unit, announcements))

    async def told(self) -> list[str]:
        """What the manager was told."""
        rows = await self.store.read(lambda unit: rows_of(unit, outbox))
        return ["".join(part[1] for part in json.loads(row["body"])["text"]) for row in rows]


def moved(year: int, month: int, days: int) -> Act:
    """Staff move a lunar month."""

    async def act(of: Year) -> None:
        def work(unit: Unit) -> None:
            hours = closures.applied(occasion_notices._shipped()[1], closures.said(unit))
            closures.move_month(unit, hours, (year, month), days, 1)

        await of.store.write(work)

    return act


async def cut_and_twice(of: Year) -> None:
    """The process dies after the first of its transactions; the next one runs the job twice, at once."""

    class Dying(Store):
        wrote = False

        async def write(self, work: Callable[[Unit], Any]) -> Any:  # noqa: ANN401 - as the store's
            if self.wrote:
                raise StoreDown
            self.wrote = True
            return await super().write(work)

    dying = Dying(str(of.store.url), of.clock)
    with pytest.raises(StoreDown):
        await scheduler.announce_occasions(dying, SETTINGS)
    await dying.close()
    await of.run()
    await of.run()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def year(
    database: str, clock: FakeClock, telegram: BotApi, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Year]:
    """Begins with a manager and three citizens."""
    for setting in ("LOOK_SECONDS", "IDLE_SECONDS"):
        monkeypatch.setattr(broadcast, setting, 0.002)
    clock.instant = datetime(2026, 3, 21, 0, 30, tzinfo=TEHRAN)
    for chat in CITIZENS:
        telegram.meet(chat)

    def hire(unit: Unit) -> None:
        staff.join(unit, Citizen(1, "bale", 900, "مینا", 0), staff.invite(unit, "manager"))

    async with town_hall(telegram, database, loaded, clock=clock) as hall:
        await hall.store.write(hire)
        await hall.settle(SARA)
        await hall.settle(REZA, wants=topics.bits(topics.TOPICS))
        await hall.settle(MINA, wants=topics.bits(topics.TOPICS), quiet_from=7, quiet_until=12)
        hall.parts = [asyncio.create_task(hall.broadcast.run())]
        yield Year(hall.store, clock, hall)


def check_arrivals(year: Year, going: "Going") -> str:
    """Everybody has what they are to have, once, at an hour at which they may be written to; in figures."""
    sent = sum(state != AnnouncementState.MISSED for state, _ in going.values())
    assert [len(year.got[chat]) for chat in (REZA, MINA)] == [sent, sent]
    assert all(12 <= when.hour < 22 for when, _ in year.got[MINA])
    assert all(7 <= when.hour < 22 for got in year.got.values() for when, _ in got)
    for (begun, _), (over, _) in zip(year.got[SARA], year.got[SARA][2:], strict=False):
        assert over - begun >= 7 * DAY
    return f"{sent} came to who chose them, {len(year.got[SARA])} to who chose nothing"


Going = dict[tuple[str, int, date], tuple[AnnouncementState, datetime]]


def matched(rows: list[dict[str, Any]], wanted: Expected) -> Going:
    """Each that was expected, with its announcement; fails for one too many or too few."""
    mine: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in rows:
        _, occasion, _, before = row["key"].split(":")
        mine.setdefault((occasion, int(before)), []).append(row)
    found: Going = {}
    for occasion, before in {key[:2] for key in wanted} | mine.keys():
        days = sorted(day for of, days, day in wanted if (of, days) == (occasion, before))
        made = sorted(mine.get((occasion, before), []), key=lambda row: row["due_at"])
        assert len(made) == len(days), (occasion, before, days, [row["key"] for row in made])
        for day, row in zip(days, made, strict=True):
            due = datetime.fromtimestamp(row["due_at"] / 1000, TEHRAN)
            found[occasion, before, day] = (AnnouncementState(row["state"]), due)
    return found


def differing(going: Going, wanted: Expected) -> dict[tuple[str, int, str], str]:
    """Those that did not go at the hour of their day, and what happened instead."""
    return {
        (occasion, before, "{:04}-{:02}-{:02}".format(*jalali.parts(day))): f"{state.name} {due:%m-%d %H:%M}"
        for (occasion, before, day), (state, due) in sorted(going.items(), key=lambda one: one[1][1])
        if state != AnnouncementState.DONE or due != at(day - before * DAY, wanted[occasion, before, day])
    }


def reasons(told: list[str]) -> Counter[str]:
    """How often managers were told which reason."""
    lines = [line for message in told if "این‌ها فرستاده نشد" in message for line in message.split("\n")]
    return Counter(why for line in lines for why in ("تأییدش نکرد", "کار نمی‌کرد", "جابه‌جا شد") if why in line)


def no_night(going: Going) -> bool:
    """Nothing is made at an hour at which people sleep."""
    return all(7 <= due.hour < 22 for _, due in going.values())


async def test_the_end_of_a_year(year: Year, loaded: Loaded, note_figures: Callable[[str], None]) -> None:
    """A month moved on the eve, a day without the service, one of a process that dies, and one without a manager."""
    first, last = jalali_day("1405-12-03"), jalali_day("1405-12-20")
    wanted = expected(loaded.library.greetings, first, last)
    year.unapproved = {"tree_planting"}  # a reminder of it, on a day that is mourned
    year.down = [(at("1405-12-05"), at("1405-12-06", 12))]
    year.acts = {at("1405-12-15", 9): cut_and_twice, at("1405-12-17", 20): moved(1448, 10, -1)}

    await year.live(first, last)

    going = matched(await year.rows(), wanted)
    assert differing(going, wanted) == {
        ("engineering", 0, "1405-12-05"): "MISSED 02-25 12:00",
        ("tree_planting", 7, "1405-12-15"): "MISSED 02-27 21:45",
        ("fitr", 1, "1405-12-19"): "DONE 03-08 20:00",
        ("fitr", 0, "1405-12-19"): "DONE 03-09 08:00",
    }
    assert no_night(going)
    assert reasons(await year.told()) == {"تأییدش نکرد": 1, "کار نمی‌کرد": 1}
    told = check_arrivals(year, going)
    note_figures(f"{len(going)} texts in {(last - first).days + 1} days, {year.runs} runs of the job; {told}")


@pytest.mark.soak
async def test_two_years(year: Year, loaded: Loaded, note_figures: Callable[[str], None]) -> None:
    """Months moved before and after their day was greeted, and after it was missed; three days without the service."""
    first, last = jalali_day("1405-01-01"), jalali_day("1406-12-29")
    wanted = expected(loaded.library.greetings, first, last)
    year.unapproved = {"revolution", "arbaeen"}
    year.down = [
        (at("1405-07-07", 8), at("1405-07-07", 13)),
        (at("1405-09-29"), at("1405-10-02", 12)),
    ]
    year.acts = {
        at("1405-08-24", 17): cut_and_twice,
        at("1405-12-17", 20): moved(1448, 10, -1),
        at("1406-03-25", 12): moved(1449, 1, 1),
        at("1406-05-04", 8): moved(1449, 2, 1),
        at("1406-06-12", 9): cut_and_twice,
    }

    await year.live(first, last)

    going = matched(await year.rows(), wanted)
    assert differing(going, wanted) == {
        ("firefighting", 0, "1405-07-07"): "DONE 09-29 13:00",  # late, and still on its day
        ("yalda", 0, "1405-09-30"): "MISSED 12-23 12:00",
        ("father", 0, "1405-10-02"): "DONE 12-23 12:00",
        ("revolution", 0, "1405-11-22"): "MISSED 02-11 21:45",
        # Shawwal a day earlier, said on the eve.
        ("fitr", 1, "1405-12-19"): "DONE 03-08 20:00",
        ("fitr", 0, "1405-12-19"): "DONE 03-09 08:00",
        ("imam_sadiq", 0, "1406-01-14"): "DONE 04-02 09:00",
        # Muharram a day later, said when Ashura had been greeted: it is not greeted again, so nothing stands here.
        # Safar a day later, said on the day after the one on which nobody approved: now it goes. Rabi begins later too.
        ("arbaeen", 7, "1406-05-03"): "MISSED 07-18 21:45",
        ("arbaeen", 0, "1406-05-03"): "DONE 07-26 09:00",
        ("prophet_passing", 1, "1406-05-11"): "DONE 08-02 09:00",
        ("prophet_passing", 0, "1406-05-11"): "DONE 08-03 09:00",
        ("imam_reza_martyrdom", 0, "1406-05-12"): "DONE 08-04 09:00",
        ("imam_askari", 0, "1406-05-20"): "DONE 08-12 09:00",
        ("prophet_birth", 0, "1406-05-29"): "DONE 08-21 09:00",
        ("revolution", 0, "1406-11-22"): "MISSED 02-11 21:45",
    }
    assert no_night(going)
    assert reasons(await year.told()) == {"تأییدش نکرد": 4, "کار نمی‌کرد": 1}
    told = check_arrivals(year, going)
    note_figures(f"{len(going)} texts in {(last - first).days + 1} days, {year.runs} runs of the job; {told}")
