"""Half-finished reports are offered once after a day, and dropped after a week."""

from datetime import timedelta

import pytest

import scheduler
from bot import config
from bot.models import outbox
from scheduler import Counts
from tests.citizen import Citizen, labels, rows_of, settled
from tests.conftest import FakeClock
from tests.reporting import CANCEL, LIGHTS, RESUME, WORDS, all_drafts, begun, photo

DAY = timedelta(hours=25)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=["telegram"])
def api(request: pytest.FixtureRequest) -> object:
    return request.getfixturevalue(request.param)


async def job(sara: Citizen) -> Counts:
    done = await scheduler.offer_drafts(sara.app.store, config.load())
    await settled(sara.app, sara.api)
    return done


async def left(sara: Citizen) -> None:
    await begun(sara)
    await sara.send(WORDS)
    await sara.send("/menu")


async def test_what_was_left_a_day_ago_is_offered_once_and_goes_on(sara: Citizen, clock: FakeClock) -> None:
    await left(sara)
    assert (await job(sara))["offered"] == 0

    clock.instant += DAY
    assert [(await job(sara))["offered"], (await job(sara))["offered"]] == [1, 0]

    offer = sara.api.seen(sara.user_id)[-1]
    (guesses,) = await sara.press(RESUME)
    assert WORDS in offer.text
    assert labels(offer) == [RESUME, CANCEL]
    assert labels(guesses)[0] == LIGHTS


async def test_the_offer_of_photos_alone_has_words_too(sara: Citizen, clock: FakeClock) -> None:
    await begun(sara)
    await photo(sara)
    await sara.send("/menu")
    clock.instant += DAY

    await job(sara)

    assert "نیمه‌کاره" in sara.api.seen(sara.user_id)[-1].text


async def test_it_may_be_dropped_but_not_by_the_offer_of_another(sara: Citizen, clock: FakeClock) -> None:
    await left(sara)
    clock.instant += DAY
    await job(sara)
    offer = sara.api.seen(sara.user_id)[-1]
    (dropped,) = await sara.press(CANCEL)
    await left(sara)

    sara.api.press_gone(sara.user_id, offer.keyboard["inline_keyboard"][1][0]["callback_data"], offer)
    await settled(sara.app, sara.api)

    assert "کنار گذاشتم" in dropped.text
    assert "دیگر باز نیست" in sara.api.seen(sara.user_id)[-1].text
    assert len(await all_drafts(sara)) == 1


async def test_whoever_has_blocked_the_bot_is_left_alone(sara: Citizen, clock: FakeClock) -> None:
    await left(sara)
    before = len(await sara.app.store.read(lambda unit: rows_of(unit, outbox)))
    await sara.app.store.write(lambda unit: unit.citizens.gone("telegram", sara.user_id))
    clock.instant += DAY

    await job(sara)

    assert len(await sara.app.store.read(lambda unit: rows_of(unit, outbox))) == before


async def test_after_a_week_it_is_dropped(sara: Citizen, clock: FakeClock) -> None:
    await left(sara)
    clock.instant += timedelta(days=6)
    assert (await job(sara))["dropped"] == 0
    assert len(await all_drafts(sara)) == 1

    clock.instant += timedelta(days=2)

    assert (await job(sara))["dropped"] == 1
    assert await all_drafts(sara) == []
