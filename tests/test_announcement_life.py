"""The whole life of announcements, as residents and staff have it: composed, mended, approved, sent, left, held back.

Nothing of it is done behind the scenes but that hours pass. In this week Kian never says what he wants.
"""

from typing import Any

import pytest

from bot.app import App
from tests import samples
from tests.botapi import BotApi, Seen
from tests.citizen import Citizen, labels, settled, wait_until
from tests.drafting import BACK, CHECK, NEW, SEND, go_live
from tests.editing import made_editor
from tests.town_clock import TownClock

pytestmark = pytest.mark.usefixtures("cleaned_here")

WRONG = "جشن محله پنجشنبه ۱۰ آذر ۱۴۰۵ در بوستان دولاب است."  # which is a Tuesday
RIGHT = WRONG.replace("پنجشنبه", "سه‌شنبه")
SECOND = "کارگاه سفال فردا در سرای محله دولاب است."
THIRD = "نمایشگاه عکس در سرای محله دولاب باز شد."
URGENT, OVER = "آب منطقه تا ساعت ۱۶ قطع است.", "آب وصل شد. ممنون از صبرتان."
ANSWER, LEAVE = "سالن و استخر ورزشی", "🔕 این خبرها را نمی‌خواهم"
NAMES = {501: "سارا", 502: "رضا", 503: "لیلی", 504: "کیان", 505: "نادر", 506: "پری", 507: "بابک"}
PICTURE = samples.jpeg()


@pytest.fixture
def engine(api: BotApi) -> str:
    """Each messenger with another database."""
    return {"telegram": "sqlite", "bale": "postgresql"}[api.dialect.name]


@pytest.fixture
def clock() -> TownClock:
    return TownClock()


@pytest.fixture
def options(database: str, clock: TownClock) -> dict[str, Any]:
    clock.tells(database)
    return {"web": {"enabled": False}}


@pytest.fixture
async def mina(app: App, api: BotApi) -> Citizen:
    """She writes what is announced."""
    api.meet(601, first_name="مینا")
    return await made_editor(Citizen(app, api, 601))


@pytest.fixture
async def omid(app: App, api: BotApi) -> Citizen:
    """He approves it."""
    api.meet(602, first_name="امید")
    return await made_editor(Citizen(app, api, 602), "manager")


@pytest.fixture
async def residents(app: App, api: BotApi) -> list[Citizen]:
    """All but Nader live in Dulab; Sara wants news of culture, Reza wants none of it, Pari wants no news at all."""
    found = [Citizen(app, api, number) for number in NAMES]
    for person, name in zip(found, NAMES.values(), strict=True):
        api.meet(person.user_id, first_name=name)
        await person.send("خبرهای من")
        await person.press("📍 محله من")
        await person.send("شکیب" if name == "نادر" else "دولاب")
    sara, reza, *_, pari, _ = found
    await sara.press("➖ فرهنگ و هنر")
    for press in ("➖ فرهنگ و هنر", "✅ فرهنگ و هنر"):
        await reza.press(press)
    await pari.send("/stop")
    return found


def last(citizen: Citizen) -> Seen:
    return citizen.api.seen(citizen.user_id)[-1]


def has(citizen: Citizen, words: str) -> bool:
    """Whether somebody got what was announced so."""
    return any(words in seen.text for seen in citizen.api.seen(citizen.user_id))


async def hears(citizen: Citizen, words: str) -> Seen:
    """Wait until the latest message says this."""
    await wait_until(lambda: words in last(citizen).text)
    await settled(citizen.app)
    return last(citizen)


async def for_culture_in_dulab(mina: Citizen) -> Seen:
    """What she is writing is meant for these."""
    await mina.press("موضوع")
    await mina.press("فرهنگ و هنر")
    await mina.press(BACK)
    await mina.press("مخاطبان")
    await mina.press("فقط چند محله")
    await mina.send("دولاب")
    return (await mina.press(BACK))[-1]


async def sent(mina: Citizen, clock: TownClock, text: str) -> None:
    """She writes it for those, sends it, and thinks for a minute."""
    await mina.send("/announce")
    await mina.press(NEW)
    await mina.send(text)
    await for_culture_in_dulab(mina)
    await mina.press(CHECK)
    (told,) = await mina.press(SEND)
    assert "تا یک دقیقه دیگر" in told.text
    clock.later(minutes=1)


async def composed(mina: Citizen) -> None:
    """With a picture, a weekday that is none of its date, and a button."""
    await mina.send("/announce")
    await mina.press(NEW)
    *_, panel = await mina._after(lambda: mina.api.send_photo(mina.user_id, PICTURE, WRONG))
    assert "مخاطب: همه" in panel.text
    await mina.press("دکمه‌ها")
    await mina.press("💬 یک جواب")
    await mina.send("استخر")
    await mina.press(ANSWER)
    await mina.press(BACK)
    panel = await for_culture_in_dulab(mina)
    assert "ساکنان دولاب" in panel.text
    assert "به ۴ نفر می‌رسد" in panel.text


async def mended(mina: Citizen) -> None:
    """It does not go before its weekday is right."""
    (checked,) = await mina.press(CHECK)
    assert "سه‌شنبه است، نه پنجشنبه" in checked.text
    assert SEND not in labels(checked)
    await mina.press("متن")
    await mina.send(RIGHT)
    (checked,) = await mina.press(CHECK)
    assert "مانعی برای ارسال نیست" in checked.text
    assert "باید تأییدش کند" in checked.text


async def approved(mina: Citizen, omid: Citizen, clock: TownClock) -> None:
    """By another one than who wrote it; then it takes a minute."""
    (told,) = await mina.press(SEND)
    assert "برای تأیید فرستاده شد" in told.text
    shown, asked = omid.api.seen(omid.user_id)[-2:]
    assert (shown.kind, shown.caption) == ("photo", RIGHT)
    assert "مینا می‌خواهد" in asked.text
    await omid.press("✅ تأیید")
    assert "امید پیام شما را تأیید کرد" in last(mina).text
    clock.later(minutes=1)


async def arrived(mina: Citizen, residents: list[Citizen]) -> None:
    """With those who live there and did not refuse it; who has blocked the bot is counted as such."""
    sara, reza, lily, kian, nader, pari, _ = residents
    told = await hears(mina, "ارسال تمام شد")
    assert "رسید: ۳" in told.text
    assert "حسابشان بسته است: ۱" in told.text
    for person in (sara, lily, kian):
        assert (last(person).kind, last(person).caption) == ("photo", RIGHT)
        assert labels(last(person)) == [ANSWER, LEAVE]
    assert not any(has(person, RIGHT) for person in (reza, nader, pari))


async def pressed(mina: Citizen, sara: Citizen, lily: Citizen) -> None:
    """Sara looks at the answer, Lily leaves: both stand in the report."""
    answer = (await sara.press(ANSWER))[0]
    assert "استخر" in answer.text
    (left,) = await lily.press(LEAVE)
    assert "دیگر خبرهای «فرهنگ و هنر» را" in left.text
    report = (await mina.press("جزئیات"))[-1]
    assert f"{ANSWER}: ۱ نفر" in report.text
    assert "با دکمه زیر پیام" in report.text
    assert "تأیید: امید" in report.text


async def paused_until_he_wakes(mina: Citizen, omid: Citizen, residents: list[Citizen], clock: TownClock) -> None:
    """Kian works at night: what is not urgent waits until he wakes, and meanwhile Mina stops it."""
    sara, _, lily, kian, *_ = residents
    await kian.send("/quiet")
    (room,) = await kian.send("۸ تا ۱۶")
    assert "ساعت سکوت: ۸ صبح تا ۴ بعدازظهر" in room.text
    await sent(mina, clock, SECOND)
    running = await hears(mina, "۱ از ۲ نفر")
    assert "در حال ارسال" in running.text
    assert (has(sara, SECOND), has(kian, SECOND), has(lily, SECOND)) == (True, False, False)
    await mina.press("⏸ مکث")
    await hears(mina, "ارسال متوقف است")
    await urgent(mina, omid, clock, URGENT)
    assert has(kian, URGENT)
    clock.until(clock.now().replace(hour=17, minute=0))
    await urgent(mina, omid, clock, OVER)  # whoever sends this has passed over what is paused
    assert (has(kian, OVER), has(kian, SECOND)) == (True, False)
    await resumed(mina)
    assert has(kian, SECOND)
    assert not has(lily, SECOND)


async def urgent(mina: Citizen, omid: Citizen, clock: TownClock, text: str) -> None:
    """To all of the region, at any hour; agreed twice by Mina, and once by Omid."""
    await mina.send("/announce")
    await mina.press(NEW)
    await mina.send(text)
    for press in ("موضوع", "هشدار اضطراری", "🚨 فوری است", "بله، فوری است", BACK, CHECK, SEND):
        await mina.press(press)
    await mina.press("بله، همین حالا بفرست")
    await omid.press("✅ تأیید")
    clock.later(minutes=1)
    await wait_until(lambda: "ارسال تمام شد" in mina.api.seen(mina.user_id)[-2].text)  # she has got it, too
    await settled(mina.app)


async def resumed(mina: Citizen) -> None:
    """From the list, since other messages stand below it by now."""
    *_, room = await mina.send("/announce")  # how far it is may be told anew meanwhile
    assert "⏸ متوقف" in room.text
    await mina.press("۱. باز کردن")
    await mina.press("▶️ ادامه")
    told = await hears(mina, "ارسال تمام شد")
    assert "رسید: ۲" in told.text


async def enough_for_a_week(mina: Citizen, residents: list[Citizen], clock: TownClock) -> None:
    """Two that Kian never asked for; Sara has asked."""
    sara, _, lily, kian, *_ = residents
    await sent(mina, clock, THIRD)
    told = await hears(mina, "ارسال تمام شد")
    assert "رسید: ۱" in told.text
    assert "این هفته به اندازه کافی پیام گرفته‌اند: ۱" in told.text
    assert (has(sara, THIRD), has(kian, THIRD), has(lily, THIRD)) == (True, False, False)


async def test_from_a_wrong_weekday_to_enough_for_a_week(
    mina: Citizen, omid: Citizen, residents: list[Citizen], clock: TownClock
) -> None:
    sara, _, lily, *_, babak = residents
    go_live(mina.app, approve_above=3)
    babak.api.block(babak.user_id)
    await composed(mina)
    await mended(mina)
    await approved(mina, omid, clock)
    await arrived(mina, residents)
    await pressed(mina, sara, lily)
    clock.later(hours=23)
    await paused_until_he_wakes(mina, omid, residents, clock)
    clock.later(hours=24)
    await enough_for_a_week(mina, residents, clock)


async def test_before_the_service_is_live_only_staff_get_it(
    mina: Citizen, omid: Citizen, residents: list[Citizen], clock: TownClock
) -> None:
    await mina.send("/announce")
    await mina.press(NEW)
    await mina.send(THIRD)
    (checked,) = await mina.press(CHECK)
    await mina.press(SEND)
    clock.later(minutes=1)
    await hears(omid, THIRD)
    await wait_until(lambda: has(mina, "ارسال تمام شد"))

    assert "به ۲ نفر می‌رسد" in checked.text
    assert "فقط برای همکاران فرستاده می‌شود" in checked.text
    assert not any(has(person, THIRD) for person in residents)
