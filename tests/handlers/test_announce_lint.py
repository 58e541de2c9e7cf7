"""What is looked at before an announcement goes, and how it goes."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.clock import TEHRAN
from bot.linkcheck import Answer
from bot.models import AnnouncementState
from bot.services import jalali
from tests.botapi import BotApi
from tests.citizen import PATIENCE, Citizen, labels, wait_until
from tests.drafting import CHECK, GONE, REGRET, SEND, TEXT, composed, drafts, go_live, stored, submitted
from tests.editing import made_editor, pressed

ANYWAY = "📤 همین‌طور بفرست"


@pytest.fixture
def api(telegram: BotApi) -> BotApi:
    """Both messengers see the whole life in `tests/test_announcement_life.py`."""
    return telegram


async def states(mina: Citizen) -> list[str]:
    return [AnnouncementState(row["state"]).name for row in await stored(mina.app)]


async def hurried(mina: Citizen) -> None:
    """What she composes is urgent."""
    await mina.press("موضوع")
    await mina.press("هشدار اضطراری")
    await mina.press("🚨 فوری است")
    await mina.press("بله، فوری است")


async def test_what_is_fine_goes_in_a_minute_and_once(mina: Citizen) -> None:
    await composed(mina)
    (checked,) = await mina.press(CHECK)
    (sent,) = await mina.press(SEND)
    (again,) = await mina.press(SEND)

    assert "مانعی برای ارسال نیست" in checked.text
    assert "فقط برای همکاران" in checked.text
    assert "تا یک دقیقه دیگر" in sent.text
    assert labels(sent) == [REGRET]
    assert GONE in again.text
    (row,) = await stored(mina.app)
    assert row["state"] == AnnouncementState.PLANNED
    assert 50_000 < row["due_at"] - row["made_at"] <= 60_000
    assert await drafts(mina.app) == []


async def test_what_goes_arrives_and_its_author_reads_the_report(
    mina: Citizen, reza: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.announcements.REGRET_MS", 0)
    monkeypatch.setattr("bot.herald.TICK_SECONDS", 0.05)
    monkeypatch.setattr("bot.services.announcing.is_quiet", lambda *_: False)  # whatever the hour of this run
    await reza.send("/start")
    go_live(mina.app)
    await submitted(mina)
    await reza.api.until(reza.user_id, lambda seen: seen[-1].text == TEXT)
    shown = await mina.api.until(mina.user_id, lambda seen: any("ارسال تمام شد" in one.text for one in seen))

    report = next(one for one in shown if "ارسال تمام شد" in one.text)
    assert "رسید: ۲" in report.text
    assert labels(report) == ["جزئیات"]
    assert labels(reza.api.seen(reza.user_id)[-1]) == ["🔕 دیگر خبری نفرستید"]


async def test_what_repeats_must_not_be_over_before_its_first_time(mina: Citizen) -> None:
    await composed(mina)
    today = datetime.now(TEHRAN).date()
    before, first = ("/".join(map(str, jalali.parts(today + timedelta(days=days)))) for days in (10, 20))
    await pressed(mina, "announce_time:when")
    await mina.send(f"{first} ساعت ۹")
    await mina.press("بله، درست است")
    await pressed(mina, "announce_time:repeat")
    await mina.press("هر هفته")
    await mina.send(before)
    (early,) = await mina.press(CHECK)
    await pressed(mina, "announce_time:every:week")
    await mina.send(first)
    (fine,) = await mina.press(CHECK)

    assert "پیش از نخستین ارسال" in early.text
    assert SEND not in labels(early)
    assert SEND in labels(fine)


async def test_who_regrets_finds_all_of_it_in_the_draft(mina: Citizen) -> None:
    await composed(mina)
    await mina.press("دکمه‌ها")
    await mina.press("🔗 پیوند")
    await mina.send("ثبت‌نام https://tehran.ir")
    await mina.press("برگشت به پیش‌نویس")
    await mina.press("موضوع")
    await mina.press("راه و ترافیک")
    await mina.press("برگشت به پیش‌نویس")
    await mina.press(CHECK)
    await mina.press(SEND)
    told, shown, panel = await mina.press(REGRET)
    (late,) = await pressed(mina, "announce_lint:regret:1")

    assert "به پیش‌نویس برگشت" in told.text
    assert shown.text == TEXT
    assert labels(shown)[0] == "ثبت‌نام"
    assert "راه و ترافیک" in panel.text
    assert await states(mina) == ["CANCELLED"]
    assert "دیگر نیست" in late.text


async def test_who_regrets_while_another_draft_is_open_loses_neither(mina: Citizen) -> None:
    await submitted(mina)
    await composed(mina, "متن دیگر")
    _, offered = await mina.press(REGRET)
    shown, _ = await mina.press("متن دیگر جایش بیاید")

    assert await states(mina) == ["CANCELLED"]
    assert "متن دیگر" in offered.text
    assert shown.text == TEXT


async def test_a_weekday_that_is_none_of_its_date_stops_it(mina: Citizen) -> None:
    wrong = "جشن محله پنجشنبه ۱۰ آذر ۱۴۰۵ در بوستان است."
    assert datetime(2026, 12, 1, tzinfo=TEHRAN).weekday() == 1  # 10 Azar 1405 is a Tuesday
    await composed(mina, wrong)
    (checked,) = await mina.press(CHECK)
    (forged,) = (await pressed(mina, "announce_lint:send:1.1"))[-1:]

    assert "اول این را درست کنید" in checked.text
    assert "سه‌شنبه" in checked.text
    assert SEND not in labels(checked)
    assert "اول این را درست کنید" in forged.text
    assert await stored(mina.app) == []


async def test_what_only_warns_may_go_all_the_same(mina: Citizen) -> None:
    await composed(mina, f"{TEXT} ثبت‌نام در www.tehran.ir")
    (checked,) = await mina.press(CHECK)
    (sent,) = await mina.press(ANYWAY)

    assert "نگاهی به این‌ها" in checked.text
    assert "https://" in checked.text
    assert "تا یک دقیقه دیگر" in sent.text


async def test_the_same_again_is_said(mina: Citizen) -> None:
    await submitted(mina)
    await composed(mina, TEXT)
    (checked,) = await mina.press(CHECK)

    assert "همین متن" in checked.text
    assert ANYWAY in labels(checked)


async def test_what_was_changed_since_its_check_is_checked_anew(mina: Citizen) -> None:
    await composed(mina)
    await mina.press(CHECK)
    await mina.press("متن")
    await mina.send("متن تازه‌ای که کسی ندیده است")
    told, checked = await mina.press(SEND)

    assert "دوباره بررسی کردم" in told.text
    assert SEND in labels(checked)
    assert await stored(mina.app) == []


async def test_what_is_urgent_is_asked_once_more(mina: Citizen) -> None:
    await composed(mina)
    await hurried(mina)
    await mina.press("برگشت به پیش‌نویس")
    await mina.press(CHECK)
    (asked,) = await mina.press(SEND)
    before = await stored(mina.app)
    await mina.press("بله، همین حالا بفرست")

    assert "حتی اگر در ساعت سکوت باشند" in asked.text
    assert before == []
    (row,) = await stored(mina.app)
    assert (row["urgent"], row["topic"]) == (1, "emergency")


async def test_what_reaches_nobody_does_not_go(mina: Citizen) -> None:
    await composed(mina)
    await mina.press("مخاطبان")
    await mina.press("فقط چند محله")
    await mina.send("دولاب")
    await mina.press("برگشت به پیش‌نویس")
    (checked,) = await mina.press(CHECK)

    assert "به کسی نمی‌رسد" in checked.text
    assert SEND not in labels(checked)


async def test_where_nobody_could_approve_it_that_is_said_before_anything_is_lost(mina: Citizen) -> None:
    go_live(mina.app, approve_above=0)
    await composed(mina)
    (checked,) = await mina.press(CHECK)

    assert "جز شما کسی نیست" in checked.text
    assert SEND not in labels(checked)
    assert len(await drafts(mina.app)) == 1


async def test_few_recipients_need_no_second_person_and_many_do(mina: Citizen, reza: Citizen) -> None:
    await made_editor(reza, "manager")
    go_live(mina.app, approve_above=2)
    await composed(mina)
    (few,) = await mina.press(CHECK)
    go_live(mina.app, approve_above=1)
    (many,) = await mina.press(CHECK)

    assert "باید تأییدش کند" not in few.text
    assert "باید تأییدش کند" in many.text


async def test_a_time_that_has_passed_meanwhile_stops_it(mina: Citizen) -> None:
    await composed(mina)
    await mina.app.store.write(lambda unit: unit.announcement_drafts.keep(1, {"begun": 1, "text": TEXT, "due": 1}))
    await mina.send("/menu")
    (checked,) = await pressed(mina, "announce_lint:check")

    assert "زمان ارسال گذشته است" in checked.text
    assert SEND not in labels(checked)


async def test_only_its_author_takes_it_back(mina: Citizen, reza: Citizen) -> None:
    await submitted(mina)
    await made_editor(reza)
    (refused,) = await pressed(reza, "announce_lint:regret:1")

    assert "همکار دیگری نوشته" in refused.text
    assert await states(mina) == ["PLANNED"]


@pytest.mark.parametrize("data", ["send:1.1", "send", "urgent:x", "regret:x", "regret:99999999999999999999", "check"])
async def test_forged_buttons_send_nothing(mina: Citizen, data: str) -> None:
    await mina.send("/announce")
    (told,) = await pressed(mina, f"announce_lint:{data}")

    assert GONE in told.text or "دیگر نیست" in told.text
    assert await stored(mina.app) == []


async def test_a_link_that_does_not_answer_is_told(mina: Citizen, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked as soon as the draft is shown, while she goes on."""
    asked: list[str] = []

    async def answers(url: str, *_: object) -> Answer:
        asked.append(url)
        return Answer("missing" if "gone" in url else "alive")

    monkeypatch.setattr("bot.link_runner.answers", answers)
    monkeypatch.setattr("bot.leader.TICK_SECONDS", 0.02)
    await composed(mina, "برنامه: https://example.com/gone و https://example.com/here")
    await wait_until(lambda: len(asked) == 2)
    await wait_until_checked(mina)

    (checked,) = await mina.press(CHECK)

    assert "https://example.com/gone همین حالا باز نشد" in checked.text
    assert "https://example.com/here" not in checked.text


async def wait_until_checked(mina: Citizen) -> None:
    async with asyncio.timeout(PATIENCE):
        while await mina.app.store.read(lambda unit: unit.links.waiting(1)):
            await asyncio.sleep(0.01)
