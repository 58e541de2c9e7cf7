"""Two who meet at one survey on PostgreSQL: a transaction of the test's own holds its row until the other one waits."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import asyncpg
import pytest

from bot.clock import Clock
from bot.errors import CitizenError
from bot.models import AnnouncementState, answer_counts, participants, surveys
from bot.services import held_sums, survey_drafts, taking_part
from bot.services import surveys as survey_rules
from bot.services.taking_part import Ballot
from bot.store import Store, Unit
from bot.store.announcements import NewAnnouncement
from bot.store.citizens import Citizen
from bot.store.responses import Count
from tests.citizen import PATIENCE, rows_of
from tests.polling import FAIR, POLL, opened
from tests.test_case_races import WAITING

MINA = 901
Work = Callable[[Unit], object]


@pytest.fixture
def engine() -> str:
    return "postgresql"


@pytest.fixture
async def store(database: str) -> AsyncIterator[Store]:
    found = Store(database, Clock(), connections=4)
    yield found
    await found.close()


@pytest.fixture
async def other(database: str) -> AsyncIterator[asyncpg.Connection]:
    """Somebody else's connection; nothing of theirs waits for long."""
    connection = await asyncpg.connect(database.replace("+asyncpg", ""))
    await connection.execute("SET lock_timeout = '300ms'")
    yield connection
    await connection.close()


async def meets(store: Store, other: asyncpg.Connection, number: int, work: Work, *then: str) -> object:
    """The other one holds the survey, `work` comes to wait for it, the other one does this, and goes."""
    async with other.transaction():
        await other.execute("SELECT 1 FROM surveys WHERE id = $1 FOR UPDATE", number)
        task = asyncio.create_task(store.write(work))
        async with asyncio.timeout(PATIENCE):
            while not await other.fetchval(WAITING):
                await asyncio.sleep(0.002)
        for statement in then:
            await other.execute(statement, number)
    return await task


def drafted(unit: Unit) -> int:
    member = unit.staff.join("bale", MINA, "editor", "مینا", None)
    return survey_drafts.make(unit, POLL, member).id


def planned(unit: Unit) -> int:
    """An announcement that has not begun."""
    new = NewAnnouncement(
        AnnouncementState.PLANNED, "", urgent=False, content="{}", audience="{}", fingerprint="", due_at=unit.now
    )
    made = unit.announcements.add(new)
    assert made is not None
    return made


PUBLISH = "UPDATE surveys SET announcement_id = (SELECT max(id) FROM announcements) WHERE id = $1"
END = ("UPDATE surveys SET closed_at = 1 WHERE id = $1", "DELETE FROM participants WHERE survey_id = $1")


@pytest.mark.parametrize("what", ["edit", "publish", "delete", "try"])
async def test_what_a_colleague_has_just_published_is_no_draft_any_more(
    store: Store, other: asyncpg.Connection, what: str
) -> None:
    number = await store.write(drafted)
    asked = await store.write(planned)

    def work(unit: Unit) -> None:
        (mina,) = unit.staff.all()
        if what == "edit":
            survey_drafts.change(unit, number, lambda tables: tables["survey"].update(title="دیگر"))
        elif what == "publish":
            survey_rules.publish(unit, number, asked, mina)
        elif what == "delete":
            survey_drafts.drop(unit, number, mina)
        else:
            ballot = Ballot.of(survey_rules.find(unit, number))
            taking_part.vote(unit, unit.citizens.meet("bale", MINA, "مینا"), ballot, "yes")

    with pytest.raises(CitizenError, match="not_yet" if what == "try" else "published"):
        await meets(store, other, number, work, PUBLISH)

    (row,) = await store.read(lambda unit: rows_of(unit, surveys))
    assert json.loads(row["sheet"]) == POLL


async def test_the_last_answer_and_the_end_do_not_wait_for_each_other(store: Store, other: asyncpg.Connection) -> None:
    number = await store.write(lambda unit: opened(unit, FAIR, nameless=True))

    def begin(unit: Unit) -> Citizen:
        sara = unit.citizens.meet("bale", 7, "سارا")
        taking_part.begin(unit, sara, number)
        return sara

    sara = await store.write(begin)

    def answer(unit: Unit) -> object:
        part = taking_part.find(unit, sara, Ballot.of(survey_rules.find(unit, number)))
        assert part.at is not None
        return taking_part.give(unit, part, part.at, "no")

    with pytest.raises(CitizenError, match="closed"):
        await meets(store, other, number, answer, *END)

    assert await store.read(lambda unit: rows_of(unit, participants)) == []


@pytest.mark.parametrize("what", ["vote", "begin", "change"])
async def test_at_the_moment_of_the_end_nothing_is_written(store: Store, other: asyncpg.Connection, what: str) -> None:
    number = await store.write(lambda unit: opened(unit, POLL))
    ballot = await store.write(lambda unit: Ballot.of(survey_rules.find(unit, number)))

    def vote(unit: Unit) -> object:
        return taking_part.vote(unit, unit.citizens.meet("bale", 7, "سارا"), ballot, "yes")

    if what == "change":
        await store.write(vote)
    before = await store.read(lambda unit: rows_of(unit, participants))

    def work(unit: Unit) -> object:
        sara = unit.citizens.meet("bale", 7, "سارا")
        if what == "vote":
            return vote(unit)
        return taking_part.begin(unit, sara, number) if what == "begin" else taking_part.change(unit, sara, number)

    with pytest.raises(CitizenError, match="closed"):
        await meets(store, other, number, work, END[0])

    assert await store.read(lambda unit: rows_of(unit, participants)) == before
    counted: list[dict[str, Any]] = await store.read(lambda unit: rows_of(unit, answer_counts))
    assert bool(counted) == (what == "change")


async def test_what_is_shown_meanwhile_is_never_an_answer_by_half(store: Store) -> None:
    """Ten send at once, four times, and the job of two processes runs all the time."""
    number = await store.write(lambda unit: opened(unit, POLL, nameless=True))
    ballot = await store.write(lambda unit: Ballot.of(survey_rules.find(unit, number)))
    looks: list[tuple[int, int]] = []
    all_sent = asyncio.Event()

    async def vote(user: int) -> None:
        await store.write(
            lambda unit: taking_part.vote(unit, unit.citizens.meet("bale", 1 + user, "سارا"), ballot, "yes")
        )

    async def mind() -> None:
        while not all_sent.is_set():
            await store.write(held_sums.move_on)
            sums = await store.read(lambda unit: held_sums.shown(unit.responses.held(number)))
            looks.append((sum(one.count for one in sums if one.question == ""), said(sums, "yes")))

    async def send() -> None:
        for first in range(0, 40, 10):
            await asyncio.gather(*map(vote, range(first, first + 10)))
            await store.write(held_sums.move_on)
        await asyncio.sleep(0.1)
        all_sent.set()

    await asyncio.gather(mind(), mind(), send())

    assert looks[-1][0] >= 10, "something was shown"
    assert all(of_all == of_yes and (of_all == 0 or of_all >= 10) for of_all, of_yes in looks)


def said(sums: list[Count], value: str) -> int:
    return sum(one.count for one in sums if one.value == value)
