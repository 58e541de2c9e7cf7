"""A lunar month begins a day earlier: staff say so, and its holidays move for every citizen."""

from datetime import datetime

import pytest

from bot.clock import TEHRAN
from bot.models import lunar_shifts
from bot.services import staff
from tests.citizen import Citizen, labels, rows_of
from tests.conftest import FakeClock
from tests.handlers.test_closing import live, plain

EID = "عید فطر بازین؟"


@pytest.fixture
def clock() -> FakeClock:
    """Sunday, 16 Esfand 1405: the moon of Shawwal is looked for in three days."""
    standing = FakeClock()
    standing.instant = datetime(2027, 3, 7, 10, tzinfo=TEHRAN)
    return standing


@pytest.fixture
async def mina(sara: Citizen) -> Citizen:
    """Sara, as an editor."""
    await sara.send(f"/staff {await sara.app.store.write(lambda unit: staff.invite(unit, 'editor'))}")
    return sara


async def test_a_month_moves_with_its_holidays_and_back(mina: Citizen, reza: Citizen) -> None:
    *_, before = await reza.send(EID)
    (shown,) = await mina.press("🌙 ماه‌های قمری")
    (sure,) = await mina.press("شوال: یک روز زودتر")
    (done,) = await mina.press("بله، اعلام شود")
    await live(mina.app)
    (moved,) = await reza.send(EID)
    await mina.press("لغو جابه‌جایی")
    await live(mina.app)
    (after,) = await reza.send(EID)

    assert "چهارشنبه ۱۹ اسفند به مناسبت عید سعید فطر تعطیل است" in plain(before.text)
    assert "شوال: چهارشنبه ۱۹ اسفند" in shown.text
    assert "(پیش‌بینی)" in shown.text
    assert "عید سعید فطر: پس‌فردا سه‌شنبه ۱۸ اسفند" in sure.text
    assert "شوال و تعطیلی‌هایش جابه‌جا شد" in done.text
    assert "پس‌فردا سه‌شنبه ۱۸ اسفند به مناسبت عید سعید فطر تعطیل است" in plain(moved.text)
    assert after.text == before.text
    back, there, *_ = await mina.app.store.read(lambda unit: unit.audit.latest(5))
    assert (there.action, there.about, there.after) == ("month_moved", back.about, back.before)
    assert back.action == "month_moved_back"


async def test_only_possible_moves_are_offered(mina: Citizen) -> None:
    (shown,) = await mina.send("/moon")

    assert "شوال: یک روز زودتر" in labels(shown)
    assert "شوال: یک روز دیرتر" not in labels(shown)  # Ramadan has 30 days already


async def test_a_month_is_moved_once(mina: Citizen) -> None:
    await mina.send("/moon")
    await mina.press("شوال: یک روز زودتر")
    await mina.press("بله، اعلام شود")
    await mina.press("بله، اعلام شود")
    (told,) = await mina.send("رؤیت هلال")

    assert len(await mina.app.store.read(lambda unit: rows_of(unit, lunar_shifts))) == 1
    assert "لغو جابه‌جایی شوال" in labels(told)


async def test_to_a_citizen_it_does_not_exist(reza: Citizen) -> None:
    await reza.send("/start")
    unknown = await reza.send("/nothing_of_ours")

    assert [seen.text for seen in await reza.send("/moon")] == [seen.text for seen in unknown]
