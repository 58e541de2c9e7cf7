"""What staff did, as admins read it."""

import pytest

from bot.services import audit, bans, staff
from bot.store import Unit
from tests.citizen import Citizen, labels
from tests.editing import made_editor, pressed, published
from tests.entering import bare, put
from tests.making import blank, poll

ROOM = "🧾 گزارش کارها"


@pytest.fixture
async def omid(sara: Citizen) -> Citizen:
    """Sara, as an admin."""
    return await made_editor(sara, "admin")


async def test_everything_is_told_in_words_the_newest_first(omid: Citizen, mina: Citizen) -> None:
    await published(mina, title="قایق‌های دریاچه")
    await put(omid.app, "کارگاه خط", "فردا ساعت ۱۰")
    await omid.send("/staff")
    (shown,) = await omid.press(ROOM)
    text = bare(shown)

    assert "سارا رویداد «کارگاه خط» را اضافه کرد." in text
    assert "مینا جواب «قایق‌های دریاچه» را اضافه کرد." in text
    assert "مینا با نقش ویراستار وارد میز کار شد." in text
    assert "گرداننده سامانه برای یک ویراستار کد دعوت ساخت." in text
    assert text.index("کارگاه خط") < text.index("قایق‌های دریاچه") < text.index("ویراستار وارد")


async def test_surveys_are_named_as_long_as_they_are_there(omid: Citizen, mina: Citizen) -> None:
    await poll(mina)
    await pressed(mina, "survey_settings:names:1")
    await blank(mina, "بوستان دولاب")
    await pressed(mina, "surveys:delete:2")
    await omid.send("/staff")
    (shown,) = await omid.press(ROOM)
    text = bare(shown)

    assert "مینا نظرسنجی «ساعت کلاس ورزش چند باشد؟» را ساخت." in text
    assert "مینا تنظیم‌های نظرسنجی «ساعت کلاس ورزش چند باشد؟» را عوض کرد." in text
    assert "مینا نظرسنجی شماره ۲ را حذف کرد." in text


async def test_who_was_placed_and_banned_is_told_by_name_and_by_last_digits(omid: Citizen, reza: Citizen) -> None:
    await made_editor(reza, "operator")

    def work(unit: Unit) -> None:
        me, them = unit.staff.all()
        desk = unit.desks.make("bale", -5, "فضای سبز")
        staff.place(unit, them, desk.id, me, works=True)
        unit.citizens.meet("web", 1234567, None)
        bans.ban(unit, me, "web", 1234567, 7, "توهین")
        bans.lift(unit, me, "web", 1234567)
        staff.dismiss(unit, them.id, me)

    await omid.app.store.write(work)
    await omid.send("/staff")
    (shown,) = await omid.press(ROOM)
    text = bare(shown)

    assert "سارا رضا را پشت میز «فضای سبز» گذاشت." in text
    assert "یک شهروند (صفحه گفت‌وگو، …۴۵۶۷) را محدود کرد. دلیل: توهین" in text
    assert "محدودیت یک شهروند (صفحه گفت‌وگو، …۴۵۶۷) را برداشت." in text
    assert "سارا دسترسی رضا (کارشناس) را برداشت." in text
    assert "1234567" not in text


async def test_ten_stand_on_a_page_and_older_ones_follow(omid: Citizen) -> None:
    def work(unit: Unit) -> None:
        for number in range(1, 20):
            audit.note(unit, 1, "event_cancelled", f"event:{number}")

    await omid.app.store.write(work)
    await omid.send("/staff")
    (first,) = await omid.press(ROOM)
    (second,) = await omid.press("قدیمی‌ترها")
    (third,) = await omid.press("قدیمی‌ترها")

    assert [bare(page).count("رویداد «شماره") for page in (first, second, third)] == [10, 9, 0]
    assert "شماره ۱۹»" in first.text
    assert "شماره ۹»" in second.text
    assert "قدیمی‌ترها" not in labels(third)


async def test_what_one_colleague_did_is_read_apart_even_after_they_left(omid: Citizen, mina: Citizen) -> None:
    await published(mina)
    await mina.send("/staff")
    await mina.press("خروج از همکاری")
    await mina.press("بله، خارج می‌شوم")
    await omid.send("/staff")
    await omid.press(ROOM)
    (names,) = await omid.press("کارهای یک همکار")
    (shown,) = await omid.press("مینا (رفته)")
    text = bare(shown)

    assert "سارا" in labels(names)
    assert "گزارش کارهای مینا" in text
    assert "مینا از همکاری خارج شد." in text
    assert "سارا" not in text


async def test_their_page_leads_to_what_they_did(omid: Citizen, mina: Citizen) -> None:
    await published(mina)
    await omid.press("👥 همکاران")
    await omid.press("مینا")
    (shown,) = await omid.press("کارهای او")

    assert "گزارش کارهای مینا" in bare(shown)


async def test_the_names_of_many_colleagues_come_by_pages(omid: Citizen) -> None:
    def join(unit: Unit) -> None:
        for number in range(8):
            unit.staff.join("telegram", 7000 + number, "editor", f"همکار {number}", None)

    await omid.app.store.write(join)
    await omid.send("/staff")
    await omid.press(ROOM)
    await omid.press("کارهای یک همکار")
    (second,) = await omid.press("بقیه ⬅️")

    assert labels(second) == ["همکار 5", "همکار 6", "همکار 7", "کارهای همه"]


async def test_who_was_forgotten_has_a_number_for_a_name(omid: Citizen, mina: Citizen) -> None:
    await mina.send("/deleteme")
    await mina.press("بله، پاک کنید")
    await omid.send("/staff")
    (shown,) = await omid.press(ROOM)

    assert "همکار شماره ۲ از همکاری خارج شد." in bare(shown)
    assert "مینا" not in shown.text


async def test_an_action_that_nobody_knows_any_more_is_shown_as_it_is(omid: Citizen) -> None:
    await omid.app.store.write(lambda unit: audit.note(unit, 1, "flew", "moon:3"))
    await omid.send("/staff")
    (shown,) = await omid.press(ROOM)

    assert "کار «flew» را روی شماره ۳ انجام داد." in bare(shown)


@pytest.mark.parametrize("data", ["of", "of:99", "of:x", "page", "page:99.1", "page:" + "9" * 40])
async def test_a_forged_button_is_told_so(omid: Citizen, data: str) -> None:
    (told,) = await pressed(omid, f"audit:{data}")

    assert "پیدا نشد" in told.text


async def test_a_page_that_never_was_is_empty(omid: Citizen) -> None:
    (shown,) = await pressed(omid, "audit:page:1." + "9" * 18)
    (names,) = await pressed(omid, "audit:whose:" + "9" * 18)

    assert "سارا با نقش مدیر" in bare(shown)
    assert labels(names) == ["کارهای همه"]
