"""An announcement on the page: two of the staff at their desks, three residents on phones."""

import pytest
from playwright.async_api import Browser, FilePayload, expect

from bot.app import App
from tests.drafting import BACK, CHECK, NEW, SEND, go_live
from tests.town_clock import TownClock
from tests.web.colleagues import colleague, pictured
from tests.web.pictures import photo
from tests.web.window import PHONE, Window, window

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("cleaned_here")]

WRONG = "جشن محله پنجشنبه ۱۰ آذر ۱۴۰۵ ساعت ۱۷ در بوستان دولاب است. آش داغ و نقالی هم هست."  # which is a Tuesday
RIGHT = WRONG.replace("پنجشنبه", "سه‌شنبه")
ANSWER, LEAVE = "سالن و استخر ورزشی", "🔕 این خبرها را نمی‌خواهم"
PANEL = "پیام به همین شکل می‌رسد"


@pytest.fixture
def clock() -> TownClock:
    return TownClock()


async def test_from_a_wrong_weekday_to_whoever_wants_no_more(
    browser: Browser, address: str, app: App, clock: TownClock
) -> None:
    go_live(app, approve_above=1)
    sara, reza, kian = [await resident(browser, address) for _ in range(3)]
    await chosen(sara, kian)
    await at_home(reza)
    await reza.say("ساعت سکوت")
    await reza.say("۸ تا ۱۶")
    await reza.hears("۸ صبح تا ۴ بعدازظهر")
    mina, omid = await colleague(browser, app, "editor", "مینا"), await colleague(browser, app, "manager", "امید")
    await composed(mina)
    await mended(mina)
    await approved(mina, omid)
    clock.later(minutes=1)
    await arrived(sara, kian)
    await paused(mina)
    clock.until(clock.now().replace(hour=17, minute=0))
    await reported(mina, sara, reza)
    await listed(mina)

    assert [one.troubles for one in (sara, reza, kian, mina, omid)] == [[]] * 5


async def resident(browser: Browser, address: str) -> Window:
    somebody = await window(browser, address, **PHONE)
    await somebody.open()
    await somebody.greeted()
    return somebody


async def chosen(sara: Window, kian: Window) -> None:
    """Sara wants what Kian does not; both live in Dulab, which one of them finds in the list."""
    for somebody in (sara, kian):
        await somebody.say("خبرهای من")
        await somebody.hears("گاهی: فرهنگ و هنر")
        await somebody.press("➖ فرهنگ و هنر")
        await somebody.hears("می‌فرستیم: فرهنگ و هنر")
    await sara.picture("phone-announcement-room")
    await kian.press("✅ فرهنگ و هنر")
    await kian.hears("نمی‌فرستیم: فرهنگ و هنر")
    await at_home(sara)
    await kian.press("📍 محله من")
    await kian.press("🏘 فهرست محله‌ها")
    await kian.hears("نامش را هم می‌توانید بنویسید")
    await kian.picture("phone-announcement-places")
    await kian.press("بعدی")
    await kian.press("دولاب")
    await kian.hears("محله شما: دولاب")
    await kian.press("🌙 ساعت سکوت")
    await kian.hears("از چه ساعتی")
    await kian.picture("phone-announcement-hours")
    await kian.say("از ۱۱ شب تا ۸ صبح")
    await kian.hears("محله شما: دولاب")
    await kian.picture("phone-announcement-room-after")


async def at_home(somebody: Window) -> None:
    """They say where they live in their own words."""
    await somebody.say("خبرهای من")
    await somebody.press("📍 محله من")
    await somebody.hears("در کدام محله")
    await somebody.say("دولاب")
    await somebody.hears("محله شما: دولاب")


async def composed(mina: Window) -> None:
    """With a picture, a button, a topic, and for one neighbourhood."""
    await mina.press("📣 اطلاع‌رسانی")
    await mina.hears("پیامی در راه نیست")
    await mina.press(NEW)
    await mina.hears("متن پیام را بنویسید")
    await mina.pick(picture("teal"))
    await mina.uploaded(1)
    await mina.field.fill(WRONG)
    await mina.submit()
    await mina.hears(PANEL)
    await pictured(mina, "announcement-panel")
    await mina.press("دکمه‌ها")
    await mina.press("💬 یک جواب")
    await mina.hears("کدام جواب")
    await mina.say("استخر")
    await mina.press(ANSWER)
    await mina.hears("چه دکمه‌ای")
    await pictured(mina, "announcement-buttons")
    await back(mina)
    await mina.press("موضوع")
    await mina.press("فرهنگ و هنر")
    await expect(mina.answers.get_by_role("button", name="✅ فرهنگ و هنر")).to_be_visible()
    await pictured(mina, "announcement-topics")
    await back(mina)
    await mina.press("مخاطبان")
    await mina.press("فقط چند محله")
    await mina.hears("نام محله‌ها را بنویسید")
    await mina.say("دولاب")
    await mina.hears("ساکنان دولاب")
    await pictured(mina, "announcement-whom")
    await back(mina)
    await mina.hears("الان به ۲ نفر می‌رسد")
    await mina.press("زمان")
    await mina.hears("کی فرستاده شود")
    await pictured(mina, "announcement-time")
    await mina.press("همین حالا")
    await mina.hears(PANEL)


async def back(mina: Window) -> None:
    await mina.press(BACK)
    await mina.hears(PANEL)


async def mended(mina: Window) -> None:
    await mina.press(CHECK)
    await mina.hears("سه‌شنبه است، نه پنجشنبه")
    await pictured(mina, "announcement-stopped")
    await mina.press("متن")
    await mina.hears("متن پیام را بنویسید")
    await mina.say(RIGHT)
    await mina.hears(PANEL)
    await mina.press(CHECK)
    await mina.hears("مانعی برای ارسال نیست")
    await pictured(mina, "announcement-fine")
    await mina.press(SEND)
    await mina.hears("برای تأیید فرستاده شد")
    await pictured(mina, "announcement-waiting")


async def approved(mina: Window, omid: Window) -> None:
    await omid.hears("مینا می‌خواهد")
    await pictured(omid, "announcement-asked")
    await omid.press("✅ تأیید")
    await omid.hears("امید این پیام را تأیید کرد")
    await mina.hears("امید پیام شما را تأیید کرد")
    await pictured(mina, "announcement-approved")


async def arrived(sara: Window, kian: Window) -> None:
    """With its picture, to who wants it."""
    await sara.hears(RIGHT)
    await sara.answers.last.locator("img").evaluate("image => image.decode()")
    await sara.picture("phone-announcement-arrived")
    assert await kian.answers.get_by_text(RIGHT).count() == 0


async def paused(mina: Window) -> None:
    """Reza works at night, so there is time to stop it, and to go on."""
    await mina.hears("۱ از ۲ نفر")
    await pictured(mina, "announcement-running")
    await mina.press("⏸ مکث")
    await mina.hears("ارسال متوقف است")
    await pictured(mina, "announcement-paused")
    await mina.press("▶️ ادامه")
    await mina.hears("در حال ارسال")


async def reported(mina: Window, sara: Window, reza: Window) -> None:
    """Its message changes until it is the report; Sara looks at the answer, Reza leaves."""
    await mina.hears("ارسال تمام شد")
    await mina.hears("رسید: ۲")
    await sara.press(ANSWER)
    await sara.hears("سانس، شهریه")
    await reza.hears(RIGHT)
    await reza.press(LEAVE)
    await reza.hears("دیگر خبرهای «فرهنگ و هنر»")
    await reza.picture("phone-announcement-left")
    await reza.press("⚙️ تنظیم خبرها")
    await reza.hears("نمی‌فرستیم: فرهنگ و هنر")
    await reza.picture("phone-announcement-left-room")
    await mina.press("جزئیات")
    await mina.hears(f"{ANSWER}: ۱ نفر")
    await pictured(mina, "announcement-report")


async def listed(mina: Window) -> None:
    await mina.press("اطلاع‌رسانی")
    await mina.hears("پیامی در راه نیست")
    await mina.press("پیام‌های گذشته")
    await mina.hears("فرستاده شد")
    await pictured(mina, "announcement-past")


def picture(colour: str) -> FilePayload:
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": photo(900, 700, colour)}
