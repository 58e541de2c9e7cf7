"""Two who act on one case at the same instant, on PostgreSQL with two workers: one wins, the other is told.

A transaction of the test's own holds a row until everybody waits for it, so they do meet. Whatever the order, the row
is in the end what its log tells.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from bot import config
from bot.app import App
from bot.loading import Loaded
from bot.models import case_events
from bot.services.cases import Case
from tests.botapi import BotApi, serve
from tests.case_town import is_end
from tests.citizen import PATIENCE, Citizen, rows_of, settled
from tests.conftest import TOKEN
from tests.replaying import check_replay
from tests.reporting import SEND, all_cases, to_review
from tests.scene import ADMIN, MANAGER, MINA, REZA, ROLES, SARA, Scene

OTHER_MANAGER = 607
HOLD = {
    "cases": "SELECT 1 FROM cases WHERE id = $1 FOR UPDATE",
    "desks": "SELECT 1 FROM desks WHERE id = $1 FOR UPDATE",
    "staff": "SELECT 1 FROM staff WHERE id = $1 FOR UPDATE",
}
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@dataclass
class Race:
    """The scene, and the way to make several wait for one row."""

    scene: Scene
    database: str
    filed: int = 0

    async def file(self) -> Case:
        """A case of Sara's; the same words again would join the one that is there."""
        self.filed += 1
        return await self.scene.file(f"چراغ کوچه شماره {self.filed} سوخته است")

    @asynccontextmanager
    async def held(self, table: str, number: int) -> AsyncIterator[Callable[[int], Awaitable[None]]]:
        """Nobody else changes this row meanwhile. Gives what waits until so many wait for it."""
        connection = await asyncpg.connect(self.database.replace("+asyncpg", ""))

        async def wait_for(count: int) -> None:
            async with asyncio.timeout(PATIENCE):
                while await connection.fetchval(WAITING) < count:
                    await asyncio.sleep(0.002)

        try:
            async with connection.transaction():
                await connection.execute(HOLD[table], number)
                yield wait_for
        finally:
            await connection.close()
        await settled(self.scene.app, self.scene.api)

    async def both(self, case: Case, *presses: tuple[int, str], in_order: bool = False) -> list[str]:
        """Each presses a button in their private chat; all begin, and then go on together. What happened since."""
        before = len(await self.scene.log(case))
        async with self.held("cases", case.id) as wait_for:
            for number, (user_id, pressed) in enumerate(presses, start=1):
                self.press(user_id, pressed.format(case=case.id))
                if in_order or number == len(presses):
                    await wait_for(number)
        await self.check(case)
        return (await self.scene.log(case))[before:]

    async def close_desk(self) -> None:
        """An admin presses it in the group, where they were asked whether they are sure."""
        group = self.scene.desk.number
        shown = self.scene.api.seen(group)
        self.scene.api.press_gone(ADMIN, "desk:closed", shown[-1])

    def press(self, user_id: int, pressed: str) -> None:
        self.scene.api.press_gone(user_id, pressed, self.scene.api.seen(user_id)[-1])

    def told(self, user_id: int) -> str:
        return self.scene.api.seen(user_id)[-1].text

    async def check(self, case: Case) -> None:
        """The row is what the log tells."""
        (row,) = [row for row in await self.scene.rows() if row["id"] == case.id]
        events = await self.scene.app.store.read(lambda unit: rows_of(unit, case_events))
        check_replay(row, [event for event in events if event["case_id"] == case.id])


@pytest.fixture
def engine() -> str:
    return "postgresql"


@pytest.fixture
async def race(database: str, loaded: Loaded, telegram: BotApi, no_limit_in_groups: None) -> AsyncIterator[Race]:
    async with serve(telegram) as url:
        sections: dict[str, Any] = {
            "database": {"url": database},
            "web": {"enabled": False},
            "metrics": {"enabled": False},
            "telegram": {"token": TOKEN, "api_url": url, "pace": 10_000, "chat_pace": 10_000},
        }
        apps = [App(config.load(**sections), role="worker", loaded=loaded) for _ in range(2)]
        try:
            for app in apps:
                await app.start()
            scene = await Scene(apps[0], telegram).set_up()
            await scene.join(OTHER_MANAGER, "manager")
            for user_id in (*ROLES, OTHER_MANAGER):
                await scene.person(user_id).send("/staff")
            yield Race(scene, database)
        finally:
            for app in apps:
                await app.stop()


async def test_of_two_who_take_it_one_wins_and_the_other_is_told_fifty_times(
    race: Race, note_figures: Callable[[str], None]
) -> None:
    winners: Counter[int] = Counter()
    for _ in range(50):
        case = await race.file()

        assert await race.both(case, (MINA, "case:take:{case}"), (REZA, "case:take:{case}")) == ["taken"]

        owner = (await race.scene.now(case)).owner_id
        winner, loser = (MINA, REZA) if owner == await race.scene.member(MINA) else (REZA, MINA)
        assert "زودتر برداشته است" in race.told(loser)
        assert "زودتر برداشته است" not in race.told(winner)
        winners[winner] += 1
    note_figures(f"Mina won {winners[MINA]} times, Reza {winners[REZA]} times")


async def test_two_managers_take_it_at_once(race: Race) -> None:
    for _ in range(5):
        case = await race.file()

        assert await race.both(case, (MANAGER, "case:take:{case}"), (OTHER_MANAGER, "case:take:{case}")) == ["taken"]


async def test_two_managers_hurry_it_at_once(race: Race) -> None:
    case = await race.file()

    assert await race.both(case, (MANAGER, "case:hurry:{case}"), (OTHER_MANAGER, "case:hurry:{case}")) == ["urgent"]


async def test_two_managers_end_it_at_once_and_its_citizen_hears_one_end(race: Race) -> None:
    for _ in range(5):
        case = await race.file()

        ends = await race.both(
            case,
            (MANAGER, "case_words:send:{case}.fixed.fixed"),
            (OTHER_MANAGER, "case_words:send:{case}.answered.answered"),
        )

        assert ends in (["fixed"], ["answered"])
        assert len([seen for seen in race.scene.api.seen(SARA) if is_end(seen)]) == race.filed


async def test_who_takes_it_while_its_citizen_takes_it_back(race: Race) -> None:
    for _ in range(5):
        case = await race.file()

        happened = await race.both(case, (MINA, "case:take:{case}"), (SARA, "mine:withdrawn:{case}"))

        assert happened in (["taken", "withdrawn"], ["withdrawn"])
        assert not (await race.scene.now(case)).is_open
        assert "پس گرفتید" in race.told(SARA)


async def test_who_ends_it_while_its_citizen_takes_it_back(race: Race) -> None:
    for _ in range(5):
        case = await race.scene.take(MINA, await race.file())

        happened = await race.both(case, (MINA, "case_words:send:{case}.fixed.fixed"), (SARA, "mine:withdrawn:{case}"))

        assert happened in (["fixed"], ["withdrawn"])


async def test_who_ends_it_again_while_its_citizen_objects(race: Race) -> None:
    for _ in range(5):
        case = await race.scene.close(MINA, await race.scene.take(MINA, await race.file()))

        happened = await race.both(
            case, (SARA, "verdict:not_fixed:{case}"), (REZA, "case_words:send:{case}.fixed.fixed")
        )

        assert happened in (["reopened"], ["reopened", "fixed"])


async def test_who_opens_it_again_while_its_citizen_objects(race: Race) -> None:
    for _ in range(5):
        case = await race.scene.close(MINA, await race.scene.take(MINA, await race.file()))

        happened = await race.both(case, (SARA, "verdict:not_fixed:{case}"), (MINA, "case:open:{case}"))

        assert happened in (["reopened"], ["opened"])


async def test_who_forwards_it_while_another_takes_it(race: Race) -> None:
    for _ in range(5):
        case = await race.file()
        to = f"case:to:{case.id}.{race.scene.other_id}"

        happened = await race.both(case, (MINA, "case:take:{case}"), (REZA, to))

        assert happened in (["taken"], ["forwarded"])


async def test_a_double_tap_on_send_files_one(race: Race) -> None:
    sara = Citizen(race.scene.app, race.scene.api, SARA)
    for number in range(3):
        review = await to_review(sara, f"چراغ کوچه {number} خاموش است")
        for _ in range(2):
            race.scene.api.press(SARA, SEND, review)
        await settled(race.scene.app, race.scene.api)

        assert len(await all_cases(sara)) == number + 1
        assert "این فرم دیگر باز نیست" in race.told(SARA)


async def test_the_same_words_again_while_the_first_ends_are_a_case_of_their_own(race: Race) -> None:
    case = await race.file()
    sara = Citizen(race.scene.app, race.scene.api, SARA)
    await to_review(sara, case.text)

    async with race.held("cases", case.id) as wait_for:
        race.press(MANAGER, f"case_words:send:{case.id}.fixed.fixed")
        await wait_for(1)
        race.scene.api.press(SARA, SEND)
        await wait_for(2)

    assert await race.scene.log(case) == ["filed", "fixed"]
    assert len(await all_cases(sara)) == 2
    await race.check(case)


# -- people and desks that go


async def test_what_ends_while_its_owner_is_dismissed_stays_ended(race: Race) -> None:
    case = await race.scene.take(MINA, await race.file())
    dismissal = f"team:dismiss:{await race.scene.member(MINA)}"

    happened = await race.both(case, (MANAGER, "case_words:send:{case}.fixed.fixed"), (ADMIN, dismissal), in_order=True)

    assert happened == ["fixed"]
    assert not (await race.scene.now(case)).is_open


async def test_who_is_dismissed_while_taking_it_does_not_get_it(race: Race) -> None:
    case = await race.file()
    member = await race.scene.member(MINA)

    async with race.held("cases", case.id) as wait_for:
        race.press(MINA, f"case:take:{case.id}")
        await wait_for(1)
        race.press(ADMIN, f"team:dismiss:{member}")
        async with asyncio.timeout(PATIENCE):
            while await race.scene.app.store.read(lambda unit: unit.staff.find("telegram", MINA)) is not None:
                await asyncio.sleep(0.002)

    assert await race.scene.log(case) == ["filed"]
    assert (await race.scene.now(case)).owner_id is None
    await race.check(case)


async def test_what_is_given_to_somebody_who_is_being_dismissed_is_refused(race: Race) -> None:
    case = await race.file()
    member = await race.scene.member(REZA)

    async with race.held("staff", member) as wait_for:
        race.press(ADMIN, f"team:dismiss:{member}")
        await wait_for(1)
        race.press(MANAGER, f"case:give:{case.id}.{member}")
        await wait_for(2)

    assert await race.scene.log(case) == ["filed"]
    assert (await race.scene.now(case)).owner_id is None


async def test_what_ends_while_its_desk_is_closed_stays_ended(race: Race) -> None:
    case = await race.scene.take(MINA, await race.file())

    async with race.held("cases", case.id) as wait_for:
        race.press(MANAGER, f"case_words:send:{case.id}.fixed.fixed")
        await wait_for(1)
        await race.close_desk()
        await wait_for(2)

    assert not (await race.scene.now(case)).is_open
    assert await race.scene.log(case) == ["filed", "taken", "fixed"]
    await race.check(case)


async def test_what_is_filed_while_the_desk_is_closed_has_another_one_or_none(race: Race) -> None:
    await race.scene.close(MINA, await race.scene.take(MINA, await race.file()))
    sara = Citizen(race.scene.app, race.scene.api, SARA)
    await to_review(sara)

    async with race.held("desks", race.scene.desk_id) as wait_for:
        await race.close_desk()
        await wait_for(1)
        race.scene.api.press(SARA, SEND)
        await wait_for(2)

    *_, row = await all_cases(sara)
    assert row["desk_id"] in {race.scene.other_id, None}
    assert await race.scene.desk.desk() is None
