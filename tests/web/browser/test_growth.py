"""Knowledge that grows, in a real browser: asked, not known, answered by staff, shown to whoever still has it open."""

import pytest
from playwright.async_api import Browser, expect

from bot.app import App
from bot.services import staff
from tests.web.window import PHONE, Window, window

pytestmark = pytest.mark.browser

FIRST, OTHER = "امانت تلسکوپ نجوم", "نجوم تلسکوپ امانت می‌ده؟"
ANSWER = "تلسکوپ را در سرای نجوم امانت می‌دهند، هر روز از ۱۰ تا غروب."


async def press(who: Window, label: str) -> None:
    """Press the last button with this label, and wait until it is dealt with."""
    await who.page.locator("button.key", has_text=label).last.click()
    await expect(who.page.locator("button.key[aria-busy]")).to_have_count(0)


async def test_what_a_visitor_asks_in_vain_is_answered_by_staff_and_appears_by_itself(
    app: App, sara: Window, browser: Browser
) -> None:
    await sara.say(FIRST)
    await sara.say(OTHER)
    await press(sara, "سپردن به همکاران")
    await expect(sara.answers.last).to_contain_text("ثبت شد")

    mina = await window(browser, sara.address, **PHONE)
    await mina.open()
    await mina.greeted()
    await mina.say(f"/staff {await app.store.write(lambda unit: staff.invite(unit, 'editor'))}")
    await expect(mina.answers.last).to_contain_text("به چه نامی")
    await mina.say("مینا")
    await expect(mina.answers.last).to_contain_text("میز کار")
    await press(mina, "سؤال‌های بی‌جواب (۱)")
    await expect(mina.answers.last).to_contain_text("۱ نفر منتظر")
    await mina.picture("growth-room-360")
    await press(mina, "۱")
    await expect(mina.answers.last).to_contain_text("۱ نفر پرسیده‌اند")
    await mina.picture("growth-group-360")
    await press(mina, "نوشتن جواب")
    await mina.say(ANSWER)
    await expect(mina.answers.last).to_contain_text("منتشر شود؟")
    await mina.picture("growth-preview-360")
    await press(mina, "انتشار")
    await expect(mina.answers.last).to_contain_text("منتشر شد")

    await expect(sara.answers.last).to_contain_text(ANSWER, timeout=30_000)
    await expect(sara.answers.last).to_contain_text("جواب سؤال شما با شماره")
    await sara.picture("growth-told-1280")
    assert app.work is not None
    await app.work.refresher.look()
    reza = await window(browser, sara.address, **PHONE)
    await reza.open()
    await reza.greeted()
    await reza.say(FIRST)
    await expect(reza.answers.last).to_contain_text(ANSWER)
    await press(reza, "به کارم نیامد")
    await expect(reza.answers.last).to_contain_text("چه چیزی کم")
    await reza.picture("growth-vote-360")
    assert (mina.troubles, reza.troubles) == ([], [])
