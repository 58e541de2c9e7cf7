"""What is of no use any more is deleted, in small steps; what may still be needed stays."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Table, text, update

from bot import config
from bot.models import (
    AnnouncementState,
    RowState,
    announcements,
    chats,
    citizens,
    inbox,
    metadata,
    outbox,
    participants,
    places,
    survey_files,
    surveys,
    visitors,
)
from bot.services import reports, retention
from bot.services.reports import Report, Sender
from bot.services.retention import DAY_MS, prune
from bot.store import Store, Unit
from bot.store import events as of_events
from bot.store import files as of_files
from bot.store import inbox as of_inbox
from bot.store import outbox as of_outbox
from bot.store import web as of_web
from bot.store.announcements import NewAnnouncement
from bot.store.inbox import Received
from bot.store.outbox import Finished, Outgoing
from bot.store.recipients import Whom
from tests.citizen import rows_of
from tests.conftest import BOTH_ENGINES
from tests.polling import FAIR, POLL, answered, opened, voted

SETTINGS = config.load(privacy={"keep_rows_days": 100})
TABLES = (
    "updates",
    "messages",
    "questions",
    "events",
    "bans",
    "greetings",
    "visitors",
    "recipients",
    "links",
    "participants",
    "survey_files",
)
NOTHING = dict.fromkeys(TABLES, 0)


@pytest.fixture(params=BOTH_ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


INSTANTS = {
    "inbox": ("received_at", "done_at"),
    "outbox": ("created_at", "done_at"),
    "visitors": ("met_at", "seen_at"),
    "web_messages": ("created_at",),
}


def days_pass(unit: Unit, days: int) -> None:
    """All that is there becomes so much older."""
    for table, columns in INSTANTS.items():
        older = {column: metadata.tables[table].c[column] - days * DAY_MS for column in columns}
        unit.inbox._connection.execute(update(metadata.tables[table]).values(older))


def receive(unit: Unit, number: int, *, done: bool = True) -> None:
    unit.inbox.receive("bale", [Received(1, number, number, "{}")])
    for row in unit.inbox.waiting("bale", number, 1):
        if done:
            unit.inbox.done(row.id)


def say(unit: Unit, state: RowState = RowState.DONE, card: str | None = None, message_id: int | None = 7) -> int:
    row = unit.outbox.add(Outgoing("bale", 1, "send", "{}", logical=card), claimed=True)
    if state != RowState.WAITING:
        unit.outbox.finish([Finished(row.id, state, message_id)])
    return row.id


async def ids(store: Store, table: Table) -> list[int]:
    return [row["id"] for row in await store.read(lambda unit: rows_of(unit, table))]


async def test_old_rows_are_deleted_and_young_and_waiting_ones_stay(store: Store) -> None:
    def old(unit: Unit) -> None:
        receive(unit, 1)
        receive(unit, 2, done=False)
        receive(unit, 3)
        for state in (RowState.DONE, RowState.WAITING, RowState.SET_ASIDE, RowState.DROPPED):
            say(unit, state)
        days_pass(unit, 101)
        receive(unit, 4)
        say(unit)
        days_pass(unit, 99 - 101 + 101)

    await store.write(old)

    assert await prune(store, SETTINGS) == NOTHING | {"updates": 2, "messages": 3}

    left = await store.read(lambda unit: [row["update_id"] for row in rows_of(unit, inbox)])
    assert left == [2, 4]
    assert len(await ids(store, outbox)) == 2
    assert await prune(store, SETTINGS) == NOTHING


async def test_a_message_that_may_still_be_edited_is_still_known(store: Store) -> None:
    def old(unit: Unit) -> None:
        say(unit, card="card:1", message_id=11)
        say(unit, card="card:1", message_id=12)
        say(unit, RowState.SET_ASIDE, card="card:1", message_id=None)
        say(unit, card="card:2", message_id=21)
        say(unit)
        days_pass(unit, 101)

    await store.write(old)

    assert (await prune(store, SETTINGS))["messages"] == 2

    def known(unit: Unit) -> list[int | None]:
        return [unit.outbox.message_of("bale", 1, card) for card in ("card:1", "card:2")]

    assert await store.read(known) == [12, 21]


async def test_visitors_who_stay_away_are_forgotten_with_all_that_is_theirs(store: Store) -> None:
    def meet(unit: Unit) -> list[int]:
        met = [unit.web.meet(name) for name in ("gone", "came back", "talks")]
        for visitor in met:
            unit.citizens.meet("web", visitor, "سارا")
            unit.places.move("web", visitor, visitor, ("ask.more", "{}"))
            unit.chats.arrived("web", [visitor])
            unit.chats.claim("me", ["web"], 1)
            unit.chats.advance("web", visitor, "me")
        unit.citizens.meet("bale", met[0], "رضا")
        unit.web.sent(met[2], "{}")
        days_pass(unit, 101)
        unit.web.arrived(met[1], "a message", "{}")
        unit.web.clear(met[1])
        return met

    _, came_back, talks = await store.write(meet)

    assert (await prune(store, SETTINGS))["visitors"] == 1
    assert await ids(store, visitors) == [came_back, talks]

    def whose(unit: Unit) -> list[list[tuple[str, int]]]:
        tables = ((citizens, "user_id"), (places, "chat_id"), (chats, "chat_id"))
        return [[(row["platform"], row[column]) for row in rows_of(unit, table)] for table, column in tables]

    kept = [("web", came_back), ("web", talks)]
    people, stood, wrote = await store.read(whose)
    assert sorted(people) == sorted([*kept, ("bale", 1)])
    assert (stood, wrote) == (kept, kept)


async def test_many_rows_are_deleted_in_many_small_steps(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 10)

    def old(unit: Unit) -> None:
        for number in range(1, 96):
            receive(unit, number, done=number > 25)
        days_pass(unit, 101)

    await store.write(old)
    steps: list[int] = []
    write = store.write

    async def counted(work: Callable[[Unit], tuple[int, int | None]]) -> tuple[int, int | None]:
        done = await write(work)
        steps.append(done[0])
        return done

    monkeypatch.setattr(store, "write", counted)

    assert (await prune(store, SETTINGS))["updates"] == 70
    assert max(steps) == 10
    assert len(steps) == 10 + 11  # of the updates, and one for each other kind


async def test_what_is_not_done_in_time_is_left_for_the_next_night(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "MOST_SECONDS", 0.0)

    def old(unit: Unit) -> None:
        receive(unit, 1)
        days_pass(unit, 101)

    await store.write(old)

    assert await prune(store, SETTINGS) == NOTHING


STATEMENTS = {
    "inbox page": (of_inbox.OLD_PAGE, {"age": 1, "after": 5, "most": 500}),
    "inbox": (of_inbox.PRUNE, {"age": 1, "after": 5, "last": 505}),
    "inbox words": (of_inbox.BLANK_OLD, {"age": 1, "most": 500}),
    "outbox page": (of_outbox.OLD_PAGE, {"age": 1, "after": 5, "most": 500}),
    "outbox": (of_outbox.PRUNE, {"age": 1, "after": 5, "last": 505}),
    "outbox words": (of_outbox.BLANK_OLD, {"age": 1, "most": 500}),
    "events": (of_events.PRUNE, {"age": 1, "most": 500}),
    "visitors page": (of_web.OLD_PAGE, {"age": 1, "after": 5, "most": 500}),
    "visitors": (of_web.PRUNE, {"age": 1, "after": 5, "last": 505}),
    "uploads": (of_files.FORGET_UPLOADED, {"age": 1, "most": 500}),
    "page": (of_web.FORGET_OLD, {"age": 1, "most": 500}),
}


@pytest.mark.parametrize("name", STATEMENTS)
async def test_no_step_looks_through_a_whole_table(name: str, store: Store, engine: str) -> None:
    statement, values = STATEMENTS[name]

    def explain(unit: Unit) -> str:
        connection = unit.inbox._connection
        if engine == "postgresql":  # where an index serves, an empty table is no reason to look through it
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        compiled: Any = statement.compile(dialect=connection.dialect)
        given = compiled.construct_params(values)
        prefix = "EXPLAIN " if engine == "postgresql" else "EXPLAIN QUERY PLAN "
        found = connection.exec_driver_sql(prefix + str(compiled), tuple(given[key] for key in compiled.positiontup))
        return "\n".join(str(row[-1]) for row in found)

    plan = await store.write(explain)

    assert re.search(r"index scan|index only scan|bitmap index|search", plan, re.IGNORECASE), plan
    assert not re.search(
        r"seq scan|scan (files|inbox|outbox|visitors|web_messages|events|later)", plan, re.IGNORECASE
    ), plan


async def test_a_visitors_case_stays_without_them(store: Store) -> None:
    def file(unit: Unit) -> int:
        visitor = unit.web.meet("gone")
        sara = unit.citizens.meet("web", visitor, None)
        report = Report("complaint", "lights", "چراغ 09121234567", name="سارا", phone="09121234567")
        filed = reports.file(unit, Sender(sara, visitor), report, "چراغ", 2_000_000_000_000)
        reports.keep_draft(unit, sara, visitor, {})
        days_pass(unit, 101)
        return filed.change.case.id

    number = await store.write(file)

    assert (await prune(store, SETTINGS))["visitors"] == 1
    case = await store.read(lambda unit: unit.cases.find(number))
    assert case is not None
    assert (case.user_id, case.chat_id, case.name, case.phone, case.is_open) == (None, None, None, None, True)
    assert "1234567" not in case.text
    assert await store.read(lambda unit: unit.drafts.count("web", 1)) == 0


async def test_who_got_an_announcement_is_forgotten_a_month_after_it_ended(store: Store) -> None:
    def announced(unit: Unit) -> None:
        for user in (1, 2):
            unit.citizens.meet("bale", user, None)
        for ended in (True, False):
            new = NewAnnouncement(
                AnnouncementState.RUNNING,
                topic="",
                urgent=False,
                content="{}",
                audience="{}",
                fingerprint="",
                due_at=unit.now,
            )
            made = unit.announcements.add(new) or 0
            unit.announcements.add_run(made, "bale")
            (run,) = unit.announcements.runs(made)
            assert unit.recipients.queue(run.id, "bale", Whom(), (0, unit.recipients.last_citizen())) == 2
            unit.announcements.count(run.id, "sent", 2)
            unit.presses.note(made, 0, 1)
            if ended:
                unit.announcements.move(made, (AnnouncementState.RUNNING,), AnnouncementState.DONE)

    await store.write(announced)
    assert (await prune(store, SETTINGS))["recipients"] == 0
    aged = update(announcements).where(announcements.c.ended_at.is_not(None))
    await store.write(lambda unit: unit.inbox._connection.execute(aged.values(ended_at=1)))

    assert (await prune(store, SETTINGS))["recipients"] == 2
    assert await store.read(lambda unit: [unit.announcements.counts(number) for number in (1, 2)]) == [{"sent": 2}] * 2
    assert await store.read(lambda unit: [unit.presses.counts(number) for number in (1, 2)]) == [{}, {0: 1}]


# -- surveys


async def test_who_took_part_is_forgotten_long_after_the_end_and_what_was_answered_stays(store: Store) -> None:
    def asked(unit: Unit) -> tuple[int, int, int]:
        numbers = opened(unit, POLL), opened(unit, POLL), opened(unit, POLL)
        for number in numbers:
            voted(unit, number, 2, 1)
        for number in numbers[:2]:
            unit.surveys.close(number)
        closed = update(surveys).where(surveys.c.id == numbers[0])
        unit.surveys._connection.execute(closed.values(closed_at=surveys.c.closed_at - 401 * DAY_MS))
        return numbers

    old, young, running = await store.write(asked)
    gone = await prune(store, SETTINGS)
    again = await prune(store, SETTINGS)

    left = await store.read(lambda unit: {row["survey_id"] for row in rows_of(unit, participants)})
    assert (gone["participants"], again["participants"], left) == (3, 0, {young, running})
    assert await store.read(lambda unit: len(unit.responses.page(old, 0, 10))) == 3


async def test_files_of_surveys_that_nobody_made_are_forgotten_after_a_day(store: Store) -> None:
    def wanted(unit: Unit) -> None:
        for key in ("old", "young"):
            unit.survey_files.ask(key, 1)
        older = update(survey_files).where(survey_files.c.key == "old")
        unit.surveys._connection.execute(older.values(asked_at=survey_files.c.asked_at - DAY_MS - 1))

    await store.write(wanted)

    assert (await prune(store, SETTINGS))["survey_files"] == 1
    assert [row["key"] for row in await store.read(lambda unit: rows_of(unit, survey_files))] == ["young"]


async def test_of_a_visitor_who_is_forgotten_answers_stay_without_their_words(store: Store) -> None:
    def visited(unit: Unit) -> tuple[int, int]:
        visitor = unit.web.meet("a visitor")
        sent, begun = opened(unit, FAIR), opened(unit, FAIR)
        answered(unit, sent, visitor, "no", 2, None, "راز", None, None, platform="web")
        answered(unit, begun, visitor, "no", platform="web")
        days_pass(unit, 101)
        return sent, begun

    sent, begun = await store.write(visited)

    assert (await prune(store, SETTINGS))["visitors"] == 1
    assert await store.read(lambda unit: rows_of(unit, participants)) == []
    (response,) = await store.read(lambda unit: unit.responses.page(sent, 0, 10))
    assert '"mend": ""' in response.answers
    assert await store.read(lambda unit: unit.responses.page(begun, 0, 10)) == []
