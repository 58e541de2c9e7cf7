"""The whole life of a case on the page: a resident on a phone, two of the staff at desks of their own.

The cards of the staff's group stand on a messenger; whoever works on the page has everything in private.
"""

import re

import pytest
from playwright.async_api import Browser, FilePayload, expect
from sqlalchemy import update

from bot import config
from bot.app import App
from bot.models import cases
from bot.store import Unit
from scheduler import JOBS
from tests.botapi import BotApi
from tests.group import Group
from tests.reporting import BEGIN, COMPLAINT, HERE, LIGHTS, ONE_LIGHT, SEND, WORDS
from tests.web.colleagues import colleague
from tests.web.pictures import photo
from tests.web.site import WORDS as PAGE
from tests.web.window import PHONE, Window, window

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("cleaned_here")]

ASKING = next(job for job in JOBS if job.name == "ask_again")
PLACE = {"latitude": HERE[0], "longitude": HERE[1]}
CODE = re.compile("[۰-۹]{3}\u00a0[۰-۹]{3}\u00a0[۰-۹]{3}")
TAKE, ASK, FIXED, ANSWERED = "✋ برمی‌دارم", "❓ پرسش از شهروند", "✅ رفع شد", "📄 پاسخ و پایان"
VERDICTS = ["✅ رفع شد", "🌓 نصفه", "❌ نشد"]
QUESTION, REPLY = "شماره تیر چراغ چند است؟", "روی تیر نوشته ۱۴۲"
ANSWER, MENDED = "لامپ در برنامه تعویض است.", "لامپ عوض شد."


async def test_from_the_first_message_to_mended_and_weeks_after(
    browser: Browser, address: str, app: App, telegram: BotApi
) -> None:
    desk = await Group(app, telegram, -100, "میز برق").become_desk()
    sara = await window(browser, address, **PHONE, permissions=["geolocation"], geolocation=PLACE)
    await sara.open()
    await sara.greeted()
    code = await reported(sara)
    mina = await colleague(browser, app, "operator", "مینا", desk.id)
    await taken(mina, code)
    await asked_and_answered(sara, mina)
    await closed_but_not_mended(sara, mina)
    reza = await colleague(browser, app, "operator", "رضا", desk.id)
    await mended(sara, mina, reza, code)
    await asked_weeks_later(sara, app)
    await told_by_its_code(sara, code)

    assert [one.troubles for one in (sara, mina, reza)] == [[], [], []]


async def reported(sara: Window) -> str:
    """By the page's own buttons, the key for the place, and a photo picked. The code that was told."""
    await sara.press(BEGIN)
    await sara.press(COMPLAINT)
    await sara.hears("اگر عکس دارید")
    await sara.say(WORDS)
    await sara.press(LIGHTS)
    await sara.press(ONE_LIGHT)
    await sara.page.locator("#keys").get_by_role("button", name="موقعیت من").click()
    await sara.hears("عکس")
    await sara.pick(picture("teal"), picture("orange"))
    await sara.uploaded(2)
    await sara.submit()
    await sara.hears("آماده فرستادن است")
    await sara.hears(WORDS)
    await sara.picture("phone-case-review")
    await sara.press(SEND)
    await sara.hears("کد پیگیری")
    await sara.picture("phone-case-filed")
    found = CODE.search(await sara.answers.last.inner_text())
    assert found is not None
    return found[0]


async def opened(colleague: Window, code: str) -> None:
    """From the menu of staff to the card, by the list of what nobody has taken."""
    await colleague.press("📥 درخواست‌ها (۱)")
    await colleague.press("🆕 برداشته‌نشده")
    await colleague.press(code)
    await colleague.hears(f"«{WORDS}»")


async def taken(mina: Window, code: str) -> None:
    await opened(mina, code)
    await mina.picture("desktop-case-card")
    await mina.press("📎 عکس و فایل")
    await mina.hears("عکس‌ها و فایل‌های درخواست")
    await expect(mina.answers.get_by_role("button", name=PAGE["open_photo"])).to_have_count(2)
    await mina.press(TAKE)
    await expect(mina.answers.get_by_text("در دست بررسی")).to_be_visible()


async def asked_and_answered(sara: Window, mina: Window) -> None:
    await sara.hears("برداشت")
    await mina.press(ASK)
    await mina.hears("چه می‌پرسید")
    await mina.say(QUESTION)
    await mina.press("✅ ارسال")
    await mina.hears("فرستاده شد")
    await sara.hears(QUESTION)
    await sara.press("✍️ جواب می‌دهم")
    await sara.say(REPLY)
    await sara.hears("رسید")
    await mina.hears(REPLY)
    await mina.has(["💬 پیام به شهروند"])  # nobody can reply to a message on the page
    await mina.picture("desktop-case-answered")


async def closed_but_not_mended(sara: Window, mina: Window) -> None:
    """An answer is not «رفع شد»: Sara says so, and Mina may not take it again."""
    await mina.press("🗂 دیدن درخواست")
    await mina.hears("با مینا")
    await mina.press(ANSWERED)
    await mina.hears("پاسخ شهروند را بنویسید")
    await mina.say(ANSWER)
    await mina.press("✅ ارسال")
    await mina.hears("فرستاده شد")
    await sara.hears(ANSWER)
    await sara.has(VERDICTS)
    await sara.picture("phone-case-verdict")
    await sara.press("❌ نشد")
    await sara.hears("دوباره باز شد")
    await mina.hears("رفع نشد")


async def mended(sara: Window, mina: Window, reza: Window, code: str) -> None:
    """Reza mends it and shows a photo; Sara sees that and agrees."""
    await opened(reza, code)
    await mina.press("🗂 دیدن درخواست")
    await mina.hears(f"«{WORDS}»")
    await mina.press(TAKE)
    await mina.hears("باید همکار دیگری بردارد")
    await reza.press(TAKE)
    await reza.press(FIXED)
    await reza.hears("چه کاری انجام شد")
    await reza.pick(picture("gold"))
    await reza.uploaded(1)
    await reza.field.fill(MENDED)
    await reza.submit()
    await reza.hears("۱ عکس یا فایل")
    await reza.picture("desktop-case-preview")
    await reza.press("✅ ارسال")
    await reza.hears("فرستاده شد")
    await sara.hears(MENDED)
    shown = sara.answers.get_by_role("button", name=PAGE["open_photo"])
    await expect(shown).to_have_count(1)
    await shown.locator("img").evaluate("image => image.decode()")
    await sara.picture("phone-case-mended")
    await sara.press("✅ رفع شد")
    await sara.hears("ممنون که خبر دادید")
    await reza.hears("شهروند می‌گوید رفع شد")


async def asked_weeks_later(sara: Window, app: App) -> None:
    """Once more, and never again."""
    await app.store.write(weeks_pass)
    assert await ASKING.run(app.store, config.load()) == {"asked": 1}
    await sara.hears("چند هفته پیش")
    await sara.has(VERDICTS)
    assert await ASKING.run(app.store, config.load()) == {"asked": 0}


async def told_by_its_code(sara: Window, code: str) -> None:
    await sara.say(code)
    await sara.hears("وضعیت: رفع شد")
    await sara.hears(MENDED)
    await sara.picture("phone-case-by-code")


def picture(colour: str) -> FilePayload:
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": photo(900, 700, colour)}


def weeks_pass(unit: Unit) -> None:
    unit.cases._connection.execute(update(cases).where(cases.c.ask_at.is_not(None)).values(ask_at=1))
