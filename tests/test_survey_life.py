"""The whole life of polls and surveys, as residents and staff have it: made, asked, answered, closed, sent back.

Nothing of it is done behind the scenes but that days pass, that the job runs which ends what is over, and that six
neighbours answer without a chat.
"""

import csv
import io
from collections.abc import Sequence
from typing import Any

import pytest

from bot.app import App
from bot.models import participants, responses
from bot.services import taking_part
from bot.services.questionnaire import Value
from bot.store import Unit
from scheduler import JOBS
from tests.botapi import BotApi, Seen
from tests.citizen import Citizen, labels, rows_of, settled, wait_until
from tests.drafting import BACK, CHECK, choose, go_live
from tests.drafting import SEND as SEND_IT
from tests.editing import made_editor, pressed
from tests.filing import plain, platform_of
from tests.making import ASK, POLL, PREVIEW, QUICK, SETTINGS, TO_QUESTIONS, TO_SURVEY, blank, question, rows
from tests.surveying import DONE, SEND, SKIP, START
from tests.town_clock import TownClock

pytestmark = pytest.mark.usefixtures("cleaned_here")

MINDING = next(job for job in JOBS if job.name == "mind_surveys")
NAMES = {501: "سارا", 502: "رضا", 503: "لیلی", 504: "کیان", 505: "نادر"}
NEIGHBOURS = range(701, 707)
EARLY, LATE, EITHER = POLL.split("\n")[1:]
RESULTS, TOLD, REPLY = "📊 نتیجه‌ها", "📣 بگوییم چه شد", "✍️ جواب می‌دهم"
DONE_SINCE = "کلاس ورزش از شنبه ساعت ۵ عصر در سرای محله دولاب است. ممنون که گفتید."
USED, WHY, CLEAN, VISITS, WISH = (
    "به بوستان دولاب می‌روید؟",
    "برای چه می‌روید؟",
    "بوستان چقدر تمیز است؟",
    "هفته‌ای چند بار می‌روید؟",
    "بوستان چه کم دارد؟",
)


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
    """She asks."""
    go_live(app, approve_above=1_000)
    api.meet(601, first_name="مینا")
    return await made_editor(Citizen(app, api, 601))


@pytest.fixture
async def residents(app: App, api: BotApi) -> list[Citizen]:
    """All but Nader live in Dulab."""
    found = [Citizen(app, api, number) for number in NAMES]
    for person, name in zip(found, NAMES.values(), strict=True):
        api.meet(person.user_id, first_name=name)
        await person.send("/start")
        await choose(person, lives="shakib" if name == "نادر" else "doulab")
    return found


@pytest.fixture
async def neighbours(app: App, api: BotApi) -> list[Citizen]:
    """They live in Dulab, too."""
    found = [Citizen(app, api, number) for number in NEIGHBOURS]
    for person in found:
        api.meet(person.user_id, first_name="همسایه")
        await person.send("/start")
        await choose(person, lives="doulab")
    return found


def last(citizen: Citizen) -> Seen:
    return citizen.api.seen(citizen.user_id)[-1]


def said(seen: Seen) -> str:
    """Its words, wherever they stand."""
    return plain(seen) or seen.caption or ""


def all_with(citizen: Citizen, words: str) -> list[Seen]:
    """Whatever of the bot's messages says this."""
    return [seen for seen in citizen.api.seen(citizen.user_id) if words in said(seen)]


async def hears(citizen: Citizen, words: str) -> Seen:
    """Wait until some message says this; the latest of these."""
    await wait_until(lambda: all_with(citizen, words))
    await settled(citizen.app)
    return all_with(citizen, words)[-1]


async def minded(app: App) -> dict[str, int]:
    """The job of each minute runs."""
    return dict(await MINDING.run(app.store, app.settings))


async def sent_off(mina: Citizen, clock: TownClock) -> None:
    """From the panel of its announcement; she thinks for a minute, and it goes."""
    (checked,) = await mina.press(CHECK)
    assert "مانعی برای ارسال نیست" in checked.text
    before = len(all_with(mina, "ارسال تمام شد"))
    (told,) = await mina.press(SEND_IT)
    assert "تا یک دقیقه دیگر" in told.text
    clock.later(minutes=1)
    await wait_until(lambda: len(all_with(mina, "ارسال تمام شد")) > before)
    await settled(mina.app)


# -- a quick poll


async def asked_in_one_message(mina: Citizen, clock: TownClock) -> None:
    await mina.send("/polls")
    await mina.press(QUICK)
    shown, panel = await mina.send(POLL)
    assert labels(shown)[:3] == [EARLY, LATE, EITHER]
    assert "مخاطب: همه" in panel.text
    await sent_off(mina, clock)


async def voted(people: Sequence[Citizen]) -> None:
    """Three vote; one changes her mind, and another taps twice. Each sees the counts as they are then."""
    sara, reza, lily, kian = people
    for person in people:
        assert labels(last(person))[:3] == [EARLY, LATE, EITHER]
    (first,) = await sara.press(EARLY)
    assert f"✓ {EARLY}\n▓▓▓▓▓▓▓▓▓▓ ۱۰۰٪ · ۱ رأی" in plain(first)
    await reza.press(LATE)
    (third,) = await lily.press(LATE)
    assert f"{EARLY}\n▓▓▓░░░░░░░ ۳۳٪ · ۱ رأی" in plain(third)
    (changed,) = await sara.press(LATE)
    assert sara.api.alerts[-1].text == "رأی‌تان عوض شد."
    assert changed.message_id == first.message_id
    assert f"✓ {LATE}\n▓▓▓▓▓▓▓▓▓▓ ۱۰۰٪ · ۳ رأی" in plain(changed)
    assert labels(changed)[:3] == [EARLY, f"✓ {LATE}", EITHER]
    (same,) = await reza.press(f"✓ {LATE}")
    assert reza.api.alerts[-1].text == "همین رأی را داده‌اید."
    assert "۱۰۰٪ · ۳ رأی" in plain(same)
    assert len(all_with(kian, POLL.split("\n", maxsplit=1)[0])) == 1


async def closed_by_the_clock(mina: Citizen, people: Sequence[Citizen], clock: TownClock) -> None:
    """Until its last minute nobody hears of it again; then all who voted hear what came of it."""
    *voters, kian = people
    before = len(kian.api.seen(kian.user_id))
    clock.later(days=2, hours=23)
    assert await minded(mina.app) == {"ended": 0, "reminded": 0, "moved_on": 0}
    clock.later(hours=1)
    assert await minded(mina.app) == {"ended": 1, "reminded": 0, "moved_on": 0}
    assert await minded(mina.app) == {"ended": 0, "reminded": 0, "moved_on": 0}
    for person in voters:
        result = await hears(person, "شما و ۲ همسایه‌تان جواب دادید")
        assert f"{LATE}\n▓▓▓▓▓▓▓▓▓▓ ۱۰۰٪ · ۳ نفر" in said(result)
        assert result.kind == "photo"
        assert said(result).count(POLL.split("\n", maxsplit=1)[0]) == 1
    assert len(kian.api.seen(kian.user_id)) == before
    assert "بسته شد" in (await hears(mina, "جواب‌دهنده‌ها: ۳ نفر")).text


async def refused_politely(kian: Citizen) -> None:
    """By the poll, which still stands in his chat; and nothing is open for him."""
    (told,) = await kian.press(EITHER)
    assert "بسته شده است. ممنون" in told.text
    (none,) = await kian.send("نظرسنجی‌ها")
    assert "الان هیچ نظرسنجی‌ای برای شما باز نیست" in none.text


async def told_what_became_of_it(mina: Citizen, people: Sequence[Citizen], clock: TownClock) -> None:
    """Mina looks at the results, and writes to those who voted what was done since."""
    *voters, kian = people
    (shown,) = await mina.press(RESULTS)
    assert "جواب‌دهنده‌ها: ۳ نفر. نظرسنجی به" in plain(shown)
    (room,) = await mina.press(TO_SURVEY)
    assert "بسته" in room.text
    (asked,) = await mina.press(TOLD)
    assert "متن پیام را بنویسید" in asked.text
    *_, panel = await mina.send(DONE_SINCE)
    assert "فقط کسانی که به نظرسنجی جواب داده‌اند" in panel.text
    assert "به ۳ نفر می‌رسد" in panel.text
    await sent_off(mina, clock)
    for person in voters:
        assert len(all_with(person, DONE_SINCE)) == 1
    assert not all_with(kian, DONE_SINCE)


async def test_a_quick_poll_from_one_message_to_what_was_done(
    mina: Citizen, residents: list[Citizen], clock: TownClock
) -> None:
    people = residents[:4]
    await asked_in_one_message(mina, clock)
    await voted(people)
    await closed_by_the_clock(mina, people, clock)
    await refused_politely(people[-1])
    await told_what_became_of_it(mina, people, clock)


# -- a survey


async def made_step_by_step(mina: Citizen) -> None:
    """A question of each kind that is answered by taps or words; three are for those alone who go there."""
    await blank(mina, "بوستان دولاب", "پنج سؤال کوتاه درباره بوستان است.")
    await mina.press(TO_QUESTIONS)
    await question(mina, "یک گزینه", USED, "بله\nنه")
    await question(mina, "چند گزینه", WHY, "پیاده‌روی\nورزش\nبازی بچه‌ها\nهیچ‌کدام", "> ۲ گزینه")
    await question(mina, "طیف پنج‌تایی", CLEAN, "> خیلی بد … خیلی خوب")
    await question(mina, "عدد", VISITS, "۱ تا ۲۰")
    await question(mina, "چند جمله", WISH)
    for number in "۲۳۴":
        await mina.press(f"سؤال {number}")
        await mina.press("↪️ فقط اگر…")
        await mina.press(f"سؤال ۱: {USED}")
        (rule,) = await mina.press("بله")
        assert "فقط اگر جوابش «بله» باشد" in rule.text
        await mina.press("برگشت به شرط‌ها")
        await mina.press("برگشت به سؤال")
        await mina.press(TO_QUESTIONS)
    await mina.press("سؤال ۵")
    await mina.press("اختیاری شود")
    await mina.press(TO_QUESTIONS)


async def without_names(mina: Citizen) -> None:
    await mina.press(TO_SURVEY)
    await mina.press(SETTINGS)
    (shown,) = await mina.press("بی‌نام شود")
    assert "ما هم نمی‌بینیم چه کسی" in shown.text
    (room,) = await mina.press(TO_SURVEY)
    assert "آماده ارسال است" in room.text


async def previewed(mina: Citizen) -> None:
    """As citizens have it, to the end; nothing of it counts."""
    *_, asked = await mina.press(PREVIEW)
    assert "جواب‌های آزمایشی پیش از ارسال پاک می‌شود" in asked.text
    await mina.press("نه")
    await mina.send("سایه ندارد")
    *_, thanks = await mina.press(SEND)
    assert "ممنون که وقت گذاشتید" in thanks.text
    assert len(await kept(mina.app, responses)) == 1


async def asked_in_dulab(mina: Citizen, clock: TownClock) -> None:
    await pressed(mina, "surveys:one:1")
    await mina.press(ASK)
    await mina.press("مخاطبان")
    await mina.press("فقط چند محله")
    await mina.send("دولاب")
    panel = (await mina.press(BACK))[-1]
    assert "ساکنان دولاب" in panel.text
    assert "به ۱۰ نفر می‌رسد" in panel.text
    await sent_off(mina, clock)
    assert await kept(mina.app, responses) == []
    assert await kept(mina.app, participants) == []


async def answered_by_who_goes_there(sara: Citizen) -> None:
    """All five questions; she looks at what she said, and mends it before it is sent."""
    (first,) = await sara.press(START)
    assert "سؤال ۱ از ۲" in first.text
    (why,) = await sara.press("بله")
    assert "سؤال ۲ از ۵" in why.text
    await sara.press("پیاده‌روی")
    await sara.press("ورزش")
    (refused,) = await sara.press("بازی بچه‌ها")
    assert "حداکثر ۲ گزینه" in refused.text
    await sara.press(DONE)
    await sara.press("خوب")
    (not_so,) = await sara.send("هر روز")
    assert "عددش را پیدا نکردم" in not_so.text
    await sara.send("۷")
    review = (await sara.send("آب‌خوری"))[-1]
    assert "«آب‌خوری»" in review.text
    await sara.press("✏️ سؤال ۳")
    (again,) = await sara.press("متوسط")
    assert "متوسط" in again.text
    *_, thanks = await sara.press(SEND)
    assert "ممنون که وقت گذاشتید" in thanks.text
    assert USED not in sara.screen


async def answered_by_who_does_not(reza: Citizen, lily: Citizen) -> None:
    """Two questions; Reza begins as one who goes there and thinks again, Lily skips what she may."""
    await reza.press(START)
    await reza.press("بله")
    await reza.press("↩️ سؤال قبل")
    (wish,) = await reza.press("نه")
    assert "سؤال ۲ از ۲" in wish.text
    await reza.send("دور است")
    await reza.press(SEND)
    await lily.press(START)
    await lily.press("نه")
    await lily.press(SKIP)
    await lily.press(SEND)


async def left_half_way(kian: Citizen) -> None:
    await kian.press(START)
    await kian.press("بله")
    await kian.press("بازی بچه‌ها")
    (asked,) = await kian.press(DONE)
    assert CLEAN in asked.text


def answer(unit: Unit, citizen: Citizen, values: Sequence[Value | None]) -> None:
    """Somebody answers all of the only survey, without a chat."""
    known = unit.citizens.find(platform_of(citizen), citizen.user_id, citizen.user_id)
    assert known is not None
    part = taking_part.begin(unit, known.citizen, 1)
    for value in values:
        assert part.at is not None
        part = taking_part.give(unit, part, part.at, value)
    taking_part.send(unit, known.citizen, part)


async def answered_by_neighbours(people: Sequence[Citizen]) -> None:
    """Four of the six go there."""
    for at, person in enumerate(people):
        values: list[Value | None] = ["o1", ("o1",), 4, 2 + at, None] if at < 4 else ["o2", "خیلی شلوغ است"]
        await person.app.store.write(lambda unit, one=person, some=values: answer(unit, one, some))  # type: ignore[misc]  # mypy gives a lambda's default no type


async def kept(app: App, table: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a table
    return await app.store.read(lambda unit: rows_of(unit, table))


async def reminded_once(mina: Citizen, everybody: Sequence[Citizen], kian: Citizen, clock: TownClock) -> None:
    """Kian alone, on the day before it closes."""
    clock.until(clock.now().replace(hour=17, minute=0))
    clock.later(days=2)
    before = {one.user_id: len(one.api.seen(one.user_id)) for one in everybody}
    assert await minded(mina.app) == {"ended": 0, "reminded": 1, "moved_on": 0}
    assert await minded(mina.app) == {"ended": 0, "reminded": 0, "moved_on": 0}
    told = await hears(kian, "جواب شما هنوز نرسیده است")
    assert labels(told)[0] == REPLY
    assert len(all_with(kian, "جواب شما هنوز نرسیده است")) == 1
    assert {one.user_id: len(one.api.seen(one.user_id)) for one in everybody} == before


async def goes_on_where_he_stood(kian: Citizen) -> None:
    (asked,) = await kian.press(REPLY)
    assert "خوش برگشتید" in asked.text
    assert CLEAN in asked.text
    await kian.press("خیلی بد")
    await kian.send("یک")
    await kian.send("تاب و سرسره")
    *_, thanks = await kian.press(SEND)
    assert "ممنون که وقت گذاشتید" in thanks.text


async def nobody_can_say_who(app: App) -> None:
    """What is kept of who took part says nothing of what they said."""
    for row in await kept(app, participants):
        assert row["sent_at"] is not None
        assert (row["answers"], row["token"]) == (None, None)


async def results_came_back(mina: Citizen, everybody: Sequence[Citizen], nader: Citizen, clock: TownClock) -> None:
    """To all ten, with pictures; Nader lives elsewhere and has heard nothing from first to last."""
    clock.later(days=1)
    assert await minded(mina.app) == {"ended": 1, "reminded": 0, "moved_on": 0}
    for person in everybody:
        result = await hears(person, "شما و ۹ همسایه‌تان جواب دادید")
        assert "بیشتر از همه: «بله» (۶۰٪)" in said(result)
        assert "میانگین: ۳٫۳ از ۵" in said(result)
        assert any(seen.kind == "photo" for seen in person.api.seen(person.user_id))
    assert not all_with(nader, "بوستان دولاب")


async def looked_at(mina: Citizen) -> None:
    """In words, and what was written."""
    await hears(mina, "جواب‌دهنده‌ها: ۱۰ نفر")
    (shown,) = await mina.press(RESULTS)
    text = plain(shown)
    for words in (
        "جواب‌دهنده‌ها: ۱۰ نفر. نظرسنجی به ۱۰ نفر رسید؛ ۱۰۰٪",
        "بله\n▓▓▓▓▓▓░░░░ ۶۰٪ · ۶ نفر",
        "میانگین: ۳٫۳ از ۵",
    ):
        assert words in text, words
    assert "رها کردند" not in text
    (words_said,) = await mina.press("✍️ نوشته‌ها")
    assert all(one in words_said.text for one in ("آب‌خوری", "دور است", "تاب و سرسره", "خیلی شلوغ است"))
    assert not any(name in words_said.text for name in NAMES.values())
    await mina.press("همه نتیجه‌ها")


async def taken_as_a_table(mina: Citizen) -> None:
    await mina.press("📄 جدول CSV")
    await wait_until(lambda: any(seen.file for seen in mina.api.seen(mina.user_id)))
    (file,) = [seen.file for seen in mina.api.seen(mina.user_id) if seen.file]
    head, *found = csv.reader(io.StringIO(file.content.decode("utf-8-sig"), newline=""))
    assert [name for name in head if name in {USED, CLEAN, VISITS, WISH}] == [USED, CLEAN, VISITS, WISH]
    assert len(found) == 10
    by_use = {use: [row for row in found if row[head.index(USED)] == use] for use in ("بله", "نه")}
    assert {use: len(some) for use, some in by_use.items()} == {"بله": 6, "نه": 4}
    assert {row[head.index(CLEAN)] for row in by_use["نه"]} == {"—"}
    assert sorted(int(row[head.index(VISITS)]) for row in by_use["بله"]) == [1, 2, 3, 4, 5, 7]
    assert not any(name in cell for row in found for cell in row for name in NAMES.values())


async def test_a_survey_without_names_from_its_first_question_to_a_table(
    mina: Citizen, residents: list[Citizen], neighbours: list[Citizen], clock: TownClock
) -> None:
    sara, reza, lily, kian, nader = residents
    await made_step_by_step(mina)
    await without_names(mina)
    await previewed(mina)
    await asked_in_dulab(mina, clock)
    await answered_by_who_goes_there(sara)
    await answered_by_who_does_not(reza, lily)
    await left_half_way(kian)
    await answered_by_neighbours(neighbours)
    await reminded_once(mina, [sara, reza, lily, *neighbours], kian, clock)
    await goes_on_where_he_stood(kian)
    await nobody_can_say_who(mina.app)
    await results_came_back(mina, [sara, reza, lily, kian, *neighbours], nader, clock)
    await looked_at(mina)
    await taken_as_a_table(mina)

    (row,) = await rows(mina.app)
    assert row["closed_at"] is not None
