"""Polls and surveys on the page: an editor at her desk, two residents on phones, and one more on Telegram."""

import pytest
from playwright.async_api import Browser, expect

from bot.app import App
from scheduler import JOBS
from tests.botapi import BotApi
from tests.citizen import Citizen, settled, wait_until
from tests.drafting import CHECK, go_live
from tests.drafting import SEND as SEND_IT
from tests.making import ASK, FILE, PREVIEW, QUICK, TO_SURVEY
from tests.surveying import CHANGE, DONE, SEND, SKIP, START
from tests.town_clock import TownClock
from tests.web.colleagues import colleague, pictured
from tests.web.window import PHONE, Window, window

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("cleaned_here")]

MINDING = next(job for job in JOBS if job.name == "mind_surveys")
ROOM, OPEN, RESULTS = "🗳 نظرسنجی‌ها", "۱. باز کردن", "📊 نتیجه‌ها"
CLOSE, YES_CLOSE = "⏹ همین حالا ببند", "بله، ببند"
ASKED = "کلاس ورزش صبحگاهی بوستان دولاب از ماه بعد چه ساعتی باشد؟"
EARLY, LATE, EITHER = "۸ صبح", "۵ عصر، بعد از ساعت اداری", "فرقی نمی‌کند"
POLL = f"{ASKED}\n{EARLY}\n{LATE}\n{EITHER}"
USED, WHY, CLEAN, VISITS, WISH = (
    "به بوستان دولاب می‌روید؟",
    "بیشتر برای چه به آنجا می‌روید؟",
    "بوستان چقدر تمیز است؟",
    "هفته‌ای چند بار می‌روید؟",
    "بوستان چه کم دارد؟",
)
SHEET = f"""
[survey]
title = "بوستان دولاب"
intro = "پنج سؤال کوتاه درباره بوستان است؛ یک دقیقه وقت می‌گیرد."
thanks = "ممنون که وقت گذاشتید!"
anonymous = false

[[question]]
id = "used"
kind = "one"
text = "{USED}"
options = [{{ id = "yes", label = "بله" }}, {{ id = "no", label = "نه" }}]

[[question]]
id = "why"
kind = "many"
text = "{WHY}"
choices = 2
options = [
  {{ id = "walk", label = "پیاده‌روی و ورزش صبحگاهی" }},
  {{ id = "play", label = "بازی بچه‌ها" }},
  {{ id = "rest", label = "نشستن و دیدن همسایه‌ها" }},
  {{ id = "none", label = "هیچ‌کدام", alone = true }},
]
show_if = [{{ question = "used", any = ["yes"] }}]

[[question]]
id = "clean"
kind = "scale"
text = "{CLEAN}"
words = ["خیلی بد", "بد", "متوسط", "خوب", "خیلی خوب"]
show_if = [{{ question = "used", any = ["yes"] }}]

[[question]]
id = "visits"
kind = "number"
text = "{VISITS}"
least = 1
most = 20
show_if = [{{ question = "used", any = ["yes"] }}]

[[question]]
id = "wish"
kind = "text"
text = "{WISH}"
required = false
"""

WHOLE = """image => {
    const { width, height } = image.getBoundingClientRect();
    const tile = image.closest("button").getBoundingClientRect();
    const kept = Math.abs(width / height - image.naturalWidth / image.naturalHeight) < 0.02;
    return kept && tile.height >= height - 1 && tile.width >= width - 1;
}"""
"""Whether nothing of a picture is cut off."""


@pytest.fixture
def clock() -> TownClock:
    return TownClock()


async def test_a_poll_and_a_survey_from_their_first_word_to_their_pictures(
    browser: Browser, address: str, app: App, clock: TownClock, telegram: BotApi
) -> None:
    go_live(app, approve_above=1_000)
    sara, reza = [await resident(browser, address) for _ in range(2)]
    lily = await on_telegram(app, telegram)
    mina = await colleague(browser, app, "editor", "مینا")
    await poll_made(mina, clock)
    await voted(sara, reza, lily)
    await poll_closed(mina, sara, reza, lily)
    await survey_made(mina, clock)
    await answered_by_who_goes_there(sara)
    await answered_by_who_does_not(reza)
    await survey_closed(mina, sara, reza, app)
    await looked_at(mina)

    assert [one.troubles for one in (sara, reza, mina)] == [[]] * 3


async def resident(browser: Browser, address: str) -> Window:
    somebody = await window(browser, address, **PHONE)
    await somebody.open()
    await somebody.greeted()
    return somebody


async def on_telegram(app: App, telegram: BotApi) -> Citizen:
    telegram.meet(503, first_name="لیلی")
    lily = Citizen(app, telegram, 503)
    await lily.send("/start")
    return lily


async def has_heard(somebody: Window, words: str) -> None:
    """Wait until some answer says this, whatever stands below it."""
    await expect(somebody.answers.filter(has_text=words).last).to_be_visible()


async def drawn(somebody: Window, words: str) -> None:
    """Wait until there is a picture with these words, and it is one."""
    message = somebody.answers.filter(has_text=words).last
    await message.locator("img").first.evaluate("image => image.decode()")


async def sent_off(mina: Window, clock: TownClock, name: str) -> None:
    await mina.press(CHECK)
    await mina.hears("مانعی برای ارسال نیست")
    await pictured(mina, f"survey-{name}-fine")
    await mina.press(SEND_IT)
    await mina.hears("تا یک دقیقه دیگر")
    clock.later(minutes=1)


# -- a quick poll


async def poll_made(mina: Window, clock: TownClock) -> None:
    await mina.press(ROOM)
    await mina.hears("الان هیچ نظرسنجی‌ای در کار نیست")
    await pictured(mina, "survey-room")
    await mina.press(QUICK)
    await mina.hears("همه را در یک پیام بنویسید")
    await mina.field.fill(POLL)
    await mina.submit()
    await mina.hears("پیام به همین شکل می‌رسد")
    await pictured(mina, "survey-poll-panel")
    await sent_off(mina, clock, "poll")


async def voted(sara: Window, reza: Window, lily: Citizen) -> None:
    """Lily's vote counts for all to see; those of the page are said to be counted apart."""
    await wait_until(lambda: ASKED in lily.screen)
    await lily.press(LATE)
    await sara.hears(ASKED)
    await sara.picture("phone-survey-poll")
    await sara.press(EARLY)
    await sara.hears(f"✓ {EARLY}")
    await sara.hears("۱۰۰٪ · ۱ رأی")
    await sara.hears("رأی‌های این صفحه جدا شمرده می‌شود")
    await sara.picture("phone-survey-poll-voted")
    await reza.press(EITHER)
    await reza.hears(f"✓ {EITHER}")
    await reza.press(LATE)
    await reza.hears(f"✓ {LATE}")
    await reza.picture("phone-survey-poll-changed")
    await expect(reza.answers.last.get_by_role("button", name=EITHER, exact=True)).to_be_visible()


async def closed(mina: Window, name: str, title: str, answers: str) -> None:
    """By her, at once; then the job of each minute runs."""
    await mina.say("/polls")
    await has_heard(mina, f"۱. {title}")
    await mina.press(OPEN)
    await mina.hears(f"{answers} جواب رسیده است")
    await pictured(mina, f"survey-{name}-open")
    await mina.press(CLOSE)
    await mina.hears("همین حالا بسته شود؟")
    await mina.hears(f"تا حالا {answers} جواب رسیده است")
    await pictured(mina, f"survey-{name}-close")
    await mina.press(YES_CLOSE)
    await mina.hears("⚪️ بسته")


async def poll_closed(mina: Window, sara: Window, reza: Window, lily: Citizen) -> None:
    """All who voted get what came of it, with its picture."""
    await closed(mina, "poll", "کلاس ورزش", "۳")
    await MINDING.run(lily.app.store, lily.app.settings)
    await mina.hears("جواب‌دهنده‌ها: ۱ نفر")
    for somebody in (sara, reza):
        await somebody.hears("در صفحه گفت‌وگو هم ۲ جواب رسید")
        await drawn(somebody, "در صفحه گفت‌وگو هم ۲ جواب رسید")
    await sara.picture("phone-survey-poll-result")
    await settled(lily.app)
    assert "در صفحه گفت‌وگو هم ۲ جواب رسید" in (lily.api.seen(lily.user_id)[-1].caption or "")
    await reza.press(EARLY)
    await reza.hears("بسته شده است")
    await reza.picture("phone-survey-poll-over")


# -- a survey


async def survey_made(mina: Window, clock: TownClock) -> None:
    """From a file; she looks at it as residents will."""
    await mina.press(FILE)
    await mina.hears("فایل نظرسنجی را بفرستید")
    await mina.pick({"name": "بوستان.toml", "mimeType": "application/toml", "buffer": SHEET.encode()}, by="file")
    await mina.uploaded(1)
    await mina.submit()
    await mina.hears("«بوستان دولاب» ساخته شد")
    await pictured(mina, "survey-file")
    await mina.press("دیدن نظرسنجی")
    await mina.hears("آماده ارسال است")
    await pictured(mina, "survey-draft")
    await mina.press(PREVIEW)
    await mina.hears("سؤال ۱ از ۲")
    await pictured(mina, "survey-preview")
    await mina.press(TO_SURVEY)
    await mina.hears("آماده ارسال است")
    await mina.press(ASK)
    await mina.hears("پیام به همین شکل می‌رسد")
    await pictured(mina, "survey-panel")
    await sent_off(mina, clock, "sent")


async def answered_by_who_goes_there(sara: Window) -> None:
    """By taps and typed words; she changes one of her answers after all."""
    await sara.hears("یک دقیقه وقت می‌گیرد")
    await sara.picture("phone-survey-invited")
    await sara.press(START)
    await sara.hears("سؤال ۱ از ۲")
    await sara.press("بله")
    await sara.hears(WHY)
    await sara.press("پیاده‌روی و ورزش صبحگاهی")
    await sara.press("نشستن و دیدن همسایه‌ها")
    await sara.hears("✓ نشستن و دیدن همسایه‌ها")
    await sara.picture("phone-survey-many")
    await sara.press(DONE)
    await sara.hears(CLEAN)
    await sara.picture("phone-survey-scale")
    await sara.press("خوب")
    await sara.hears(VISITS)
    await sara.say("هر روز")
    await sara.hears("عددش را پیدا نکردم")
    await sara.picture("phone-survey-number")
    await sara.say("هفت")
    await sara.hears(WISH)
    await sara.say("آب‌خوری و سایه")
    await sara.hears("ممنون که وقت گذاشتید")
    await sara.picture("phone-survey-thanks")
    await sara.press(CHANGE)
    await sara.hears("«آب‌خوری و سایه»")
    await sara.picture("phone-survey-review")
    await sara.press("✏️ سؤال ۳")
    await sara.hears("✓ خوب")
    await sara.picture("phone-survey-again")
    await sara.press("متوسط")
    await sara.hears("تا «بفرست» را نزنید")
    await sara.press(SEND)
    await sara.hears("ممنون که وقت گذاشتید")


async def answered_by_who_does_not(reza: Window) -> None:
    await reza.say("نظرسنجی‌ها")
    await reza.picture("phone-survey-list")
    await reza.press("🗳 بوستان دولاب")
    await reza.hears("یک دقیقه وقت می‌گیرد")
    await reza.press(START)
    await reza.hears(USED)
    await reza.press("نه")
    await reza.hears("سؤال ۲ از ۲")
    await reza.press(SKIP)
    await reza.hears("ممنون که وقت گذاشتید")


async def survey_closed(mina: Window, sara: Window, reza: Window, app: App) -> None:
    """Visitors alone have answered, and so it is said."""
    await closed(mina, "survey", "بوستان دولاب", "۲")
    await MINDING.run(app.store, app.settings)
    for somebody in (sara, reza):
        await has_heard(somebody, "در صفحه گفت‌وگو ۲ جواب رسید")
        await expect(somebody.answers.locator("img")).to_have_count(3)  # one of the poll, two of this
    first, second = [sara.answers.locator("img").nth(at) for at in (1, 2)]
    for chart in (first, second):
        await chart.evaluate("image => image.decode()")
        assert await chart.evaluate(WHOLE)
    await sara.show(first)
    await sara.picture("phone-survey-result-charts")
    await sara.show(sara.answers.last)
    await sara.picture("phone-survey-result")


async def looked_at(mina: Window) -> None:
    """The editor: apart from all others, then with the visitors; as a picture, too."""
    await mina.hears("«بوستان دولاب» بسته شد")
    await pictured(mina, "survey-ended")
    await mina.press(RESULTS)
    await mina.hears("از صفحه گفت‌وگو هم ۲ جواب رسید که اینجا حساب نشده است")
    await mina.hears("از پیام‌رسان‌ها هنوز کسی جواب نداده است")
    await pictured(mina, "survey-results-apart")
    await mina.press("با بازدیدکننده‌های صفحه")
    await mina.hears("بازدیدکننده‌های صفحه گفت‌وگو هم حساب شده‌اند")
    await mina.hears("میانگین: ۳")
    await pictured(mina, "survey-results")
    await mina.press("✍️ نوشته‌ها")
    await mina.hears("آب‌خوری و سایه")
    await pictured(mina, "survey-words")
