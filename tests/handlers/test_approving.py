"""A second person approves an announcement, or does not."""

import pytest

from bot.app import App
from bot.models import AnnouncementState, audit
from tests.botapi import BotApi
from tests.citizen import Citizen, labels, rows_of, settled
from tests.drafting import REGRET, TEXT, composed, go_live, stored, submitted
from tests.editing import made_editor, pressed

YES, NO = "✅ تأیید", "✖️ رد"


@pytest.fixture
def api(telegram: BotApi) -> BotApi:
    """Both messengers see the whole life in `tests/test_announcement_life.py`."""
    return telegram


@pytest.fixture
async def mina(mina: Citizen) -> Citizen:
    """An editor; whatever she sends takes a second person."""
    go_live(mina.app, approve_above=0)
    return mina


@pytest.fixture
async def omid(app: App, api: BotApi) -> Citizen:
    """A manager."""
    api.meet(701, first_name="امید")
    return await made_editor(Citizen(app, api, 701), "manager")


@pytest.fixture
async def azar(app: App, api: BotApi) -> Citizen:
    """An admin."""
    api.meet(702, first_name="آذر")
    return await made_editor(Citizen(app, api, 702), "admin")


async def state(mina: Citizen) -> AnnouncementState:
    return AnnouncementState((await stored(mina.app))[-1]["state"])


def last(citizen: Citizen) -> str:
    """The last message that stands in their chat."""
    return citizen.api.seen(citizen.user_id)[-1].text


async def test_all_who_may_get_it_and_nobody_else(mina: Citizen, omid: Citizen, azar: Citizen, reza: Citizen) -> None:
    await made_editor(reza)
    before = reza.api.seen(reza.user_id)
    (told,) = await submitted(mina)

    assert "برای تأیید فرستاده شد" in told.text
    assert REGRET in labels(told)
    for manager in (omid, azar):
        shown, asked = manager.api.seen(manager.user_id)[-2:]
        assert shown.text == TEXT
        assert "مینا می‌خواهد" in asked.text
        assert "نفر می‌رسد" in asked.text
        assert labels(asked) == [YES, NO]
    assert reza.api.seen(reza.user_id) == before
    assert await state(mina) == AnnouncementState.WAITING


async def test_whoever_approves_first_counts_and_all_others_see_it(mina: Citizen, omid: Citizen, azar: Citizen) -> None:
    await submitted(mina)
    await omid.press(YES)
    (late,) = await pressed(azar, "approving:no:1")

    for manager in (omid, azar):
        assert any("امید این پیام را تأیید کرد" in seen.text for seen in manager.api.seen(manager.user_id))
        assert not any(YES in labels(seen) for seen in manager.api.seen(manager.user_id))
    assert "امید پیام شما را تأیید کرد" in last(mina)
    assert REGRET in labels(mina.api.seen(mina.user_id)[-1])
    assert "پیش از این تصمیم گرفته شده" in late.text
    assert await state(mina) == AnnouncementState.PLANNED


async def test_two_who_approve_at_the_same_moment_approve_it_once(mina: Citizen, omid: Citizen, azar: Citizen) -> None:
    await submitted(mina)
    for manager in (omid, azar):
        manager.api.press(manager.user_id, YES)
    await settled(mina.app, mina.api)

    told = [seen for seen in mina.api.seen(mina.user_id) if "تأیید کرد" in seen.text]
    refused = [seen for who in (omid, azar) for seen in who.api.seen(who.user_id) if "پیش از این تصمیم" in seen.text]
    deeds = await mina.app.store.read(lambda unit: rows_of(unit, audit))
    assert (len(told), len(refused)) == (1, 1)
    assert [deed["action"] for deed in deeds].count("announcement_approved") == 1


async def test_one_who_approves_and_one_who_refuses_at_the_same_moment(
    mina: Citizen, omid: Citizen, azar: Citizen
) -> None:
    await submitted(mina)
    omid.api.press(omid.user_id, YES)
    azar.api.press_gone(azar.user_id, "approving:refuse:1", azar.api.seen(azar.user_id)[-1])
    await settled(mina.app, mina.api)

    outcome = await state(mina)
    assert outcome in {AnnouncementState.PLANNED, AnnouncementState.REFUSED}
    assert ("رد کرد" in last(mina)) == (outcome == AnnouncementState.REFUSED)


async def test_who_refuses_says_why_and_its_author_goes_on(mina: Citizen, omid: Citizen, azar: Citizen) -> None:
    await submitted(mina)
    await omid.press(NO)
    (empty,) = await omid.send("\u200b")
    await omid.send("ساعتش غلط است [اینجا](https://evil.example)")
    shown, _ = await mina.press("از رویش پیام تازه بساز")

    assert "دلیلی در پیامتان نبود" in empty.text
    told = next(seen for seen in mina.api.seen(mina.user_id) if "رد کرد" in seen.text)
    assert "ساعتش غلط است" in told.text
    assert "evil.example" not in str(told.entities)
    assert any("امید این پیام را رد کرد" in seen.text for seen in azar.api.seen(azar.user_id))
    assert shown.text == TEXT
    assert await state(mina) == AnnouncementState.REFUSED


async def test_a_reason_is_not_needed(mina: Citizen, omid: Citizen) -> None:
    await submitted(mina)
    await omid.press(NO)
    await omid.press("بدون توضیح رد شود")

    assert "رد کرد" in last(mina)
    assert "دلیل" not in last(mina)


async def test_who_writes_a_reason_too_late_is_told_who_decided_and_goes_on(
    mina: Citizen, omid: Citizen, azar: Citizen
) -> None:
    await submitted(mina)
    await omid.press(NO)
    await azar.press(YES)

    (told,) = await omid.send("تاریخش غلط است.")
    (answered,) = await omid.send("سلام")

    assert "آذر این پیام را تأیید کرد" in told.text
    assert "این پیام" not in answered.text
    assert await state(mina) == AnnouncementState.PLANNED


async def test_who_takes_back_what_was_cancelled_is_not_told_that_it_goes(mina: Citizen, omid: Citizen) -> None:
    await submitted(mina)
    await pressed(omid, "announcements:cancelled:1")

    (told,) = await pressed(mina, "announce_lint:regret:1")

    assert "دیگر نیست" in told.text


async def test_nobody_approves_their_own(mina: Citizen, omid: Citizen, azar: Citizen) -> None:
    await composed(omid)
    await omid.press("✅ بررسی و ارسال")
    await omid.press("📤 بفرست")
    (yes,) = await pressed(omid, "approving:yes:1")
    (no,) = await pressed(omid, "approving:no:1")
    (forged,) = await pressed(omid, "approving:refuse:1")

    for told in (yes, no, forged):
        assert "پیام خودتان را" in told.text
    assert not any(YES in labels(seen) for seen in omid.api.seen(omid.user_id))
    assert any(YES in labels(seen) for seen in azar.api.seen(azar.user_id))
    assert await state(mina) == AnnouncementState.WAITING


async def test_what_its_author_takes_back_waits_for_nobody(mina: Citizen, omid: Citizen) -> None:
    await submitted(mina)
    await mina.press(REGRET)
    (late,) = await pressed(omid, "approving:yes:1")

    assert any("پس گرفت" in seen.text for seen in omid.api.seen(omid.user_id))
    assert not any(YES in labels(seen) for seen in omid.api.seen(omid.user_id))
    assert "پیش از این تصمیم" in late.text


async def test_who_is_no_manager_approves_nothing(mina: Citizen, omid: Citizen, reza: Citizen) -> None:
    await submitted(mina)
    await made_editor(reza)
    for data in ("approving:yes:1", "approving:refuse:1", "approving:ask:1", "approving:closed:1"):
        await pressed(reza, data)

    assert await state(mina) == AnnouncementState.WAITING


async def test_forged_numbers_break_nothing(mina: Citizen, omid: Citizen) -> None:
    await omid.send("/start")
    for data in ("yes:0", "no:x", "refuse:99999999999999999999", "ask:5", "closed:7", "yes"):
        (told,) = await pressed(omid, f"approving:{data}")
        assert "دیگر نیست" in told.text, data


async def test_who_left_is_told_nothing(mina: Citizen, omid: Citizen) -> None:
    await submitted(mina)
    await mina.app.store.write(lambda unit: unit.staff.end(1))
    before = mina.api.seen(mina.user_id)
    await omid.press(YES)

    assert mina.api.seen(mina.user_id) == before
    assert await state(mina) == AnnouncementState.PLANNED


async def test_it_can_be_decided_from_the_list_too(mina: Citizen, omid: Citizen) -> None:
    await submitted(mina)
    (menu,) = await omid.send("/staff")
    await omid.send("/announce")
    _, shown = await omid.press("۱. باز کردن")
    omid.api.press(omid.user_id, YES, shown)
    await settled(omid.app, omid.api)

    assert any("اطلاع‌رسانی (۱)" in label for label in labels(menu))
    assert await state(mina) == AnnouncementState.PLANNED


async def test_who_approves_may_be_on_another_messenger(app: App, telegram: BotApi, bale: BotApi) -> None:
    telegram.meet(503, first_name="مینا")
    bale.meet(701, first_name="امید")
    mina = await made_editor(Citizen(app, telegram, 503))
    omid = await made_editor(Citizen(app, bale, 701), "manager")
    go_live(app, approve_above=0)
    await submitted(mina)
    await settled(app, telegram, bale)
    await omid.press(YES)
    await settled(app, telegram, bale)

    assert "امید پیام شما را تأیید کرد" in last(mina)
    assert "امید این پیام را تأیید کرد" in last(omid)
