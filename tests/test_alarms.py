"""What operators are told, and how often."""

import json
import logging
from collections.abc import AsyncIterator

import pytest

from bot import config, markup
from bot.alarms import Alarms
from bot.clock import Clock
from bot.loading import Loaded
from bot.models import outbox
from bot.store import Store, Unit
from tests.citizen import rows_of


@pytest.fixture
async def store(database: str, clock: Clock) -> AsyncIterator[Store]:
    store = Store(database, clock)
    yield store
    await store.close()


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
        await alarms.begin("silent", "telegram")
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
        await alarms.begin("silent", platform)
    await alarms.over("silent", "telegram")

    assert len(await told(store)) == 6


async def test_without_operators_trouble_is_in_the_log(
    store: Store, loaded: Loaded, caplog: pytest.LogCaptureFixture
) -> None:
    alarms = Alarms(config.Operators(), loaded.alarms, store)

    await alarms.begin("silent", "telegram")
    await alarms.over("silent", "telegram")

    assert await told(store) == []
    assert [(record.levelno, record.message) for record in caplog.records] == [
        (logging.ERROR, "trouble_began"),
        (logging.WARNING, "trouble_ended"),
    ]


async def test_an_alarm_is_part_of_the_transaction_it_is_written_in(store: Store, alarms: Alarms) -> None:
    def fails(unit: Unit) -> None:
        alarms.write(unit, "set_aside", row=1, platform="bale", error="x")
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - ours
        await store.write(fails)

    assert await told(store) == []


def test_a_citizen_is_told_the_number_under_which_operators_find_the_fault(alarms: Alarms) -> None:
    apology = alarms.apology("bale", 7, 14)

    assert (apology.platform, apology.chat_id, apology.kind) == ("bale", 7, "send")
    assert "۱۴" in words(apology.body)


@pytest.mark.parametrize("kind", ["silent", "silent_over", "delivery", "delivery_over", "refused", "set_aside"])
async def test_every_kind_of_trouble_has_its_words(store: Store, alarms: Alarms, kind: str) -> None:
    fields = {"subject": "bale", "row": 14, "platform": "bale", "error": "x" * 5000}

    await store.write(lambda unit: alarms.write(unit, kind, **fields))

    assert len(await told(store)) == 2
