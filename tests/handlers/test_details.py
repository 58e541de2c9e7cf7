"""What an answer has beside its text: asked for, checked, seen in the preview, shown to citizens."""

import pytest

from bot import fetching
from bot.knowledge import Entry
from tests import samples
from tests.botapi import BotApi
from tests.citizen import Citizen, labels, settled
from tests.editing import ANSWER, PUBLISH, QUESTION, drafted, library, live, pressed

MORE = "عکس، پیوند، مکان و …"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses are for others' sake; here nobody else waits."""
    monkeypatch.setattr(fetching, "TICK_SECONDS", 0.02)
    monkeypatch.setattr("bot.delivery.NOT_YET_MS", 200)
    monkeypatch.setattr("bot.delivery.TICK_SECONDS", 0.1)


async def asked(mina: Citizen, button: str) -> None:
    await mina.press(MORE)
    await mina.press(button)


async def entry_of(mina: Citizen) -> Entry:
    """The draft, published."""
    await mina.press(PUBLISH)
    await live(mina.app)
    return library(mina.app).answers.entries["staff.1"]


async def test_links_stand_under_the_answer(mina: Citizen, sara: Citizen) -> None:
    await sara.send("/start")
    await drafted(mina)
    await asked(mina, "پیوند")
    (refused,) = await mina.send("ثبت‌نام http://tehran.ir")
    preview, _ = await mina.send("ثبت‌نام: https://tehran.ir/a\nhttps://region14.tehran.ir")
    await entry_of(mina)

    (answer,) = await sara.send(QUESTION)

    assert "با https://" in refused.text
    assert labels(preview) == ["ثبت‌نام", "صفحه اینترنتی"]
    assert labels(answer)[:2] == ["ثبت‌نام", "صفحه اینترنتی"]
    assert "https://tehran.ir/a" in str(answer.keyboard)


async def test_a_photo_goes_up_once_and_then_by_its_name(mina: Citizen, sara: Citizen, api: BotApi) -> None:
    picture = samples.jpeg()
    await sara.send("/start")
    await drafted(mina)
    await asked(mina, "عکس و فایل")
    (refused,) = await mina.send("این عکس")
    api.send_photo(mina.user_id, picture)
    await settled(mina.app, api)
    await entry_of(mina)

    (answer,) = await sara.send(QUESTION)
    await sara.send(QUESTION)

    assert "نرسید" in refused.text
    assert (answer.kind, answer.text) == ("photo", ANSWER)
    assert answer.file is not None
    assert not answer.file.uploaded


async def test_a_file_that_never_came_is_not_published(mina: Citizen, api: BotApi) -> None:
    await drafted(mina)
    await asked(mina, "عکس و فایل")
    api.send_document(mina.user_id, "a.exe", "application/octet-stream", samples.PROGRAM)
    await settled(mina.app, api)

    (refused,) = await mina.press(PUBLISH)

    assert "به دستمان نرسید" in refused.text


async def test_a_place_is_a_point_an_address_or_both(mina: Citizen, sara: Citizen, api: BotApi) -> None:
    await sara.send("/start")
    await drafted(mina)
    await asked(mina, "مکان و نشانی")
    api.send_location(mina.user_id, 35.67, 51.46)
    await settled(mina.app, api)
    await asked(mina, "مکان و نشانی")
    await mina.send("بوستان دریاچه ، در شمالی")
    entry = await entry_of(mina)

    answer, point = await sara.send(QUESTION)

    assert entry.address == "بوستان دریاچه، در شمالی"
    assert "📍 بوستان دریاچه، در شمالی" in answer.text
    assert point.kind == "location"


async def test_coordinates_may_be_written(mina: Citizen) -> None:
    await drafted(mina)
    await asked(mina, "مکان و نشانی")
    await mina.send("۳۵.۶۷، 51.46")

    entry = await entry_of(mina)

    assert entry.place == (35.67, 51.46)


async def test_a_related_answer_is_found_by_its_words(mina: Citizen) -> None:
    await drafted(mina)
    await asked(mina, "جواب‌های مرتبط")
    await mina.send("ساعت کاری شهرداری")
    preview, _ = await mina.press("ساعت کاری")

    assert labels(preview) == []
    assert (await entry_of(mina)).related == ("contact.hours",)


async def test_an_owner_is_one_of_us_or_a_name(mina: Citizen) -> None:
    await drafted(mina)
    await asked(mina, "مسئول")
    *_, mine = await mina.press("مینا")
    await asked(mina, "مسئول")
    *_, named = await mina.send("روابط عمومی")

    assert "مسئول: مینا" in mine.text
    assert "مسئول: روابط عمومی" in named.text
    entry = await entry_of(mina)
    assert (entry.owner, entry.owner_id) == ("روابط عمومی", 0)


async def test_a_review_date_is_jalali_and_ahead(mina: Citizen) -> None:
    await drafted(mina)
    await asked(mina, "تاریخ بازبینی")
    (unknown,) = await mina.send("هفته آینده")
    (passed,) = await mina.send("۱ فروردین ۱۴۰۰")
    *_, below = await mina.send("۱۵ فروردین ۱۴۱۰")

    assert "نفهمیدم" in unknown.text
    assert "گذشته است" in passed.text
    assert "بازبینی: ۱۵ فروردین ۱۴۱۰" in below.text


async def test_what_was_added_can_be_taken_away(mina: Citizen) -> None:
    await drafted(mina)
    await asked(mina, "تاریخ بازبینی")
    await mina.press("۶ ماه بعد")
    await asked(mina, "تاریخ بازبینی")
    *_, below = await mina.press("برداشتن این بخش")

    assert "بازبینی" not in below.text
    assert (await entry_of(mina)).review is None


async def test_buttons_have_an_end(mina: Citizen) -> None:
    await drafted(mina)
    await asked(mina, "پیوند")

    (refused,) = await mina.send("\n".join(f"الف https://a{number}.ir" for number in range(4)))

    assert "۳ دکمه" in refused.text


async def test_an_owner_may_write_answers(mina: Citizen) -> None:
    platform = mina.api.dialect.name
    other = await mina.app.store.write(lambda unit: unit.staff.join(platform, 909, "operator", "اپراتور", None))
    await drafted(mina)

    await mina.press(MORE)
    *_, shown = await mina.press("مسئول")
    (refused,) = await pressed(mina, f"details:owner:{other.id}")

    assert "مینا" in labels(shown)
    assert "اپراتور" not in labels(shown)
    assert "مسئول: اپراتور" not in refused.text


@pytest.mark.parametrize("data", ["details:ask:links", "details:ask:nothing", "details:back", "details:owner:1"])
async def test_a_button_of_a_draft_that_is_over_says_so(mina: Citizen, data: str) -> None:
    await drafted(mina)
    await mina.press("کنار گذاشتن پیش‌نویس")

    (told, *_) = await pressed(mina, data)

    assert "پیش‌نویس دیگر باز نیست" in told.text


async def test_the_menu_above_goes_on_working_while_one_thing_after_the_other_is_added(mina: Citizen) -> None:
    await drafted(mina)
    await asked(mina, "پیوند")
    await mina.send("ثبت‌نام https://tehran.ir")

    await pressed(mina, "details:ask:owner")
    await mina.send("واحد فرهنگی")
    await pressed(mina, "details:ask:review")
    (title, *_) = await pressed(mina, "writing:field:title")

    assert "عنوان" in title.text
    await pressed(mina, "writing:preview")
    entry = await entry_of(mina)
    assert (entry.owner, [link.label for link in entry.links]) == ("واحد فرهنگی", ["ثبت‌نام"])
