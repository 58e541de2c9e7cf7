"""What operators are told, and how often."""

import asyncio
import json
import logging
from datetime import timedelta

import pytest

from bot import config, markup
from bot.alarms import COUNTED, Alarms
from bot.loading import Loaded
from bot.models import outbox
from bot.store import Store, Unit
from tests.citizen import rows_of
from tests.conftest import FakeClock
from tests.outage import away


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def alarms(store: Store, loaded: Loaded) -> Alarms:
    return Alarms(config.Operators(chat_ids=("telegram:900", "bale:-901")), loaded.alarms, store)


async def told(store: Store) -> list[tuple[str, int, str]]:
    def look(unit: Unit) -> list[tuple[str, int, str]]:
        return [(row["platform"], row["chat_id"], words(row["body"])) for row in rows_of(unit, outbox)]

    return await store.read(look)


def words(body: str) -> str:
    return markup.plain(markup.from_json(json.loads(body)["text"]))


async def test_trouble_is_told_to_every_operator_when_it_begins_and_when_it_ends(store: Store, alarms: Alarms) -> None:
    for _ in range(3):
        await alarms.begin("silent", "telegram", minutes=5)
    assert [(platform, chat) for platform, chat, _ in await told(store)] == [("telegram", 900), ("bale", -901)]

    for _ in range(3):
        await alarms.over("silent", "telegram")
    assert len(await told(store)) == 4


async def test_what_never_began_is_not_over(store: Store, alarms: Alarms) -> None:
    await alarms.over("silent", "telegram")

    assert await told(store) == []


async def test_trouble_that_comes_back_is_told_again(store: Store, alarms: Alarms) -> None:
    for _ in range(2):
        await alarms.begin("delivery", "bale")
        await alarms.over("delivery", "bale")

    assert len(await told(store)) == 8


async def test_troubles_of_two_platforms_are_two(store: Store, alarms: Alarms) -> None:
    for platform in ("telegram", "bale"):
        await alarms.begin("silent", platform, minutes=5)
    await alarms.over("silent", "telegram")

    assert len(await told(store)) == 6


async def test_without_operators_trouble_is_in_the_log(
    store: Store, loaded: Loaded, caplog: pytest.LogCaptureFixture
) -> None:
    alarms = Alarms(config.Operators(), loaded.alarms, store)

    await alarms.begin("silent", "telegram", minutes=5)
    await alarms.over("silent", "telegram")

    assert await told(store) == []
    assert [(record.levelno, record.message) for record in caplog.records] == [
        (logging.ERROR, "trouble_began"),
        (logging.WARNING, "trouble_ended"),
    ]


async def test_an_alarm_is_part_of_the_transaction_it_is_written_in(store: Store, alarms: Alarms) -> None:
    def fails(unit: Unit) -> None:
        alarms.count(unit, "set_aside", "bale", row=1, error="x")
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - ours
        await store.write(fails)

    assert await told(store) == []


def test_a_citizen_is_told_the_number_under_which_operators_find_the_fault(alarms: Alarms) -> None:
    apology = alarms.apology("bale", 7, 14)

    assert (apology.platform, apology.chat_id, apology.kind) == ("bale", 7, "send")
    assert "۱۴" in words(apology.body)


@pytest.mark.parametrize("ending", ["", "_more", "_over"])
@pytest.mark.parametrize("kind", ["set_aside", "refused", "silent", "backlog", "delivery", "disk", "job", "database"])
async def test_every_kind_of_trouble_has_its_words(store: Store, alarms: Alarms, kind: str, ending: str) -> None:
    if ending == "_more" and kind not in COUNTED:
        return
    numbers = dict.fromkeys(("row", "minutes", "count", "seconds", "megabytes", "percent"), 14)
    fields = {"subject": "bale", "since": "۱۰:۰۰", "error": "x" * 5000} | numbers

    await store.write(lambda unit: alarms.write(unit, kind + ending, **fields))

    assert len(await told(store)) == 2


async def test_two_processes_tell_once_and_end_once(store: Store, alarms: Alarms, loaded: Loaded) -> None:
    others = Alarms(config.Operators(chat_ids=("telegram:900", "bale:-901")), loaded.alarms, store)

    await asyncio.gather(*(who.begin("silent", "bale", minutes=5) for who in (alarms, others, alarms)))
    assert [text[0] for *_, text in await told(store)] == ["⚠"] * 2
    await asyncio.gather(*(who.over("silent", "bale") for who in (others, alarms, others)))

    assert [text[0] for *_, text in await told(store)] == ["⚠"] * 2 + ["✅"] * 2


async def test_what_stands_outlives_the_process_that_told_it(store: Store, alarms: Alarms, loaded: Loaded) -> None:
    await alarms.begin("silent", "bale", minutes=5)

    restarted = Alarms(config.Operators(chat_ids=("telegram:900",)), loaded.alarms, store)
    await restarted.begin("silent", "bale", minutes=9)
    assert len(await told(store)) == 2
    await restarted.over("silent", "bale")

    assert [text[0] for *_, text in await told(store)] == ["⚠", "⚠", "✅"]


async def test_rows_set_aside_are_one_alarm_told_again_once_an_hour(
    store: Store, alarms: Alarms, clock: FakeClock
) -> None:
    async def one_more(row: int) -> None:
        await store.write(lambda unit: alarms.count(unit, "set_aside", "bale", row=row, error="ValueError"))

    for row in (1, 2, 3):
        await one_more(row)
    await alarms.settle("set_aside", "bale")
    assert len(await told(store)) == 2

    clock.instant += timedelta(minutes=59)
    await one_more(4)
    clock.instant += timedelta(minutes=2)
    for _ in range(2):
        await alarms.settle("set_aside", "bale")
    assert ["۴ پیام" in text for *_, text in await told(store)] == [False, False, True, True]

    clock.instant += timedelta(minutes=61)
    for _ in range(2):
        await alarms.settle("set_aside", "bale")
    assert [text[0] for *_, text in await told(store)] == ["⚠"] * 4 + ["✅"] * 2


async def test_an_end_says_how_long_it_took(store: Store, alarms: Alarms, clock: FakeClock) -> None:
    await alarms.begin("delivery", "bale")
    clock.instant += timedelta(minutes=75)
    await alarms.over("delivery", "bale")

    first, *_, last = [text for *_, text in await told(store)]
    assert "۱۰:۰۰" in first
    assert "۷۵ دقیقه" in last


async def test_without_the_database_an_alarm_is_logged_and_stops_nobody(
    store: Store, alarms: Alarms, caplog: pytest.LogCaptureFixture
) -> None:
    with away(store):
        await alarms.begin("delivery", "bale")
        await alarms.over("delivery", "bale")

    assert [record.message for record in caplog.records] == ["alarm_not_written"] * 2
    assert await told(store) == []
