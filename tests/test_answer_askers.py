"""The job that tells the many: each once, in batches, however often it runs."""

from collections.abc import AsyncIterator
from functools import partial

import pytest

from bot import config, content
from bot.models import QuestionState, outbox, questions
from bot.services import telling, unanswered
from bot.store import Store, Unit
from bot.store.questions import Asker
from bot.store.staff import Member
from scheduler import JOBS
from tests.citizen import rows_of
from tests.conftest import BOTH_ENGINES, FakeClock

PEOPLE = 450
(JOB,) = [job for job in JOBS if job.name == "answer_askers"]
WORDS = content.load("answering")
MINA = Member(1, "telegram", 503, "editor", "مینا", 0)


@pytest.fixture(params=BOTH_ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
async def store(database: str) -> AsyncIterator[Store]:
    opened = Store(database, FakeClock())
    yield opened
    await opened.close()


def ask(unit: Unit) -> None:
    for number in range(1, PEOPLE + 1):
        asker = Asker("telegram", number, number)
        asked = unit.questions.missed(asker, "قایق", "قایق")
        unit.questions.passed(asker, asked, "قایق", "قایق")


def miss(unit: Unit, text: str) -> int:
    return unit.questions.missed(Asker("bale", 1, 1), text, text)


def close(unit: Unit) -> int:
    group = unit.unanswered.groups(0, 1)[0].id
    return unanswered.answer(unit, str(group), MINA, "staff.1", "اسکله **شرقی**")


async def test_thousands_are_told_in_batches_and_each_once(store: Store) -> None:
    await store.write(ask)
    grouped = await JOB.run(store, config.load())
    assert await store.write(close) == PEOPLE

    first = await JOB.run(store, config.load())
    second = await JOB.run(store, config.load())

    told = await store.read(lambda unit: rows_of(unit, outbox))
    assert (grouped, first, second) == (
        {"grouped": PEOPLE, "told": 0},
        {"grouped": 0, "told": PEOPLE},
        {"grouped": 0, "told": 0},
    )
    assert [row["chat_id"] for row in told] == list(range(1, PEOPLE + 1))
    assert {row["state"] for row in await store.read(lambda unit: rows_of(unit, questions))} == {QuestionState.ANSWERED}


async def test_a_batch_is_bounded(store: Store) -> None:
    await store.write(ask)
    await JOB.run(store, config.load())
    await store.write(close)

    assert await store.write(lambda unit: telling.tell(unit, WORDS)) == telling.AT_ONCE < PEOPLE


async def test_nobodys_turn_compares_a_question_with_thousands(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unanswered, "FEW_GROUPS", 1)

    def look(unit: Unit) -> int:
        unanswered.look(unit, 0)
        return len(unit.unanswered.ungrouped(10))

    for text in ("نهال", "استخر", "قایق"):
        await store.write(partial(miss, text=text))
    assert await store.write(look) == 0

    await store.write(partial(miss, text="کتابخانه"))

    assert await store.write(look) == 1
    assert await JOB.run(store, config.load()) == {"grouped": 1, "told": 0}


async def test_a_question_of_a_thousand_lines_is_looked_at_in_part(store: Store) -> None:
    folded: list[str] = []

    def fold(text: str) -> str:
        folded.append(text)
        return text

    def draft(unit: Unit) -> None:
        text = "\n".join(["قایق"] * 200)
        number = unit.questions.missed(Asker("telegram", 1, 1), text, "قایق")
        unanswered.gather(unit)
        unanswered.draft(unit, str(number), MINA, fold)

    await store.write(draft)

    assert len(folded) == unanswered.LINES
