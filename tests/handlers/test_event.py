"""How an editor enters an event, and changes one."""

import pytest

from bot.models import events, files
from bot.services import knowledge
from bot.store import Unit
from tests import samples
from tests.botapi import Seen
from tests.citizen import Citizen, labels, rows_of, settled
from tests.editing import library, pressed
from tests.entering import bare, live, make_editor, put

ROOM = "📅 رویدادها"
ASKED = ("فرهنگ و هنر", "هفته‌های فرهنگی", "کودک و نوجوان")
NO_PHOTO, NO_LINK, PUBLISH = "بدون عکس", "بدون پیوند", "✅ انتشار"


@pytest.fixture
async def mina(sara: Citizen) -> Citizen:
    return await make_editor(sara)


async def begun(mina: Citizen) -> Seen:
    """An editor who is asked for the title."""
    await mina.send("/events")
    await mina.press("➕ رویداد تازه")
    for label in ASKED:
        (asked,) = await mina.press(label)
    return asked


async def at_the_preview(mina: Citizen) -> list[Seen]:
    await begun(mina)
    await mina.send("کارگاه سفال")
    await mina.send("فردا ۱۸:۳۰ تا ۲۰")
    await mina.press("بله، درست است")
    await mina.send("سرای محله شکیب")
    await mina.press(NO_PHOTO)
    return await mina.press(NO_LINK)


async def stored(mina: Citizen) -> list[dict[str, object]]:
    return await mina.app.store.read(lambda unit: rows_of(unit, events))


async def test_an_event_is_entered_step_by_step_and_told_to_who_asks(mina: Citizen, reza: Citizen) -> None:
    shown, asked = await at_the_preview(mina)
    (published,) = await mina.press(PUBLISH)
    await live(mina.app)

    *_, told = await reza.send("فردا چه برنامه‌ای هست؟")

    for text in ("کارگاه سفال", "ساعت ۱۸:۳۰ تا ۲۰", "سرای محله شکیب", "ویژه کودک و نوجوان"):
        assert text in shown.text
        assert text in told.text
    assert "فرهنگ و هنر · هفته‌های فرهنگی" in asked.text
    assert "منتشر شد" in published.text
    (row,) = await stored(mina)
    assert (row["program"], row["kind"], row["audience"]) == ("program.culture_weeks", "culture", "children")


async def test_its_news_goes_when_the_editor_says_and_not_of_itself(mina: Citizen) -> None:
    _, at_first = await at_the_preview(mina)
    (asked,) = await mina.press("📣 خبرش را بفرست")
    _, chosen = await mina.press("سه روز پیش")
    await mina.press("📣 خبرش را بفرست")
    await mina.press("همان روز")
    await mina.press(PUBLISH)

    assert "خبرش فرستاده نمی‌شود" in at_first.text
    assert labels(asked) == ["همان روز", "یک روز پیش", "سه روز پیش", "خبری نرود", "پیش‌نمایش"]
    assert "خبرش سه روز پیش می‌رود" in chosen.text
    (row,) = await stored(mina)
    assert row["announce"] == 0


async def test_when_news_go_stands_on_buttons_only(mina: Citizen) -> None:
    await at_the_preview(mina)
    (refused,) = await pressed(mina, "event:announce:2")
    _, shown = await pressed(mina, "event:preview")

    assert "یکی از دکمه‌ها" in refused.text
    assert "خبرش فرستاده نمی‌شود" in shown.text


async def test_what_was_understood_of_the_time_is_shown_before_it_counts(mina: Citizen) -> None:
    await begun(mina)
    await mina.send("کارگاه سفال")

    (wrong,) = await mina.send("فردا ساعت ۱۰")
    await mina.press("دوباره می‌نویسم")
    (right,) = await mina.send("فردا ساعت ۱۱")
    (asked,) = await mina.send("بله")

    assert "این‌طور فهمیدم" in wrong.text
    assert "ساعت ۱۰" in wrong.text
    assert "ساعت ۱۱" in right.text
    assert "کجاست؟" in asked.text


async def test_a_time_that_cannot_be_is_refused_and_asked_again(mina: Citizen) -> None:
    await begun(mina)
    await mina.send("کارگاه سفال")

    for written, reason in (
        ("به زودی", "روزش را پیدا نکردم"),
        ("۱۴۰۰/۱/۱", "گذشته است"),
        ("فردا ۲۰ تا ۱۸", "پیش از شروع"),
    ):
        (refused,) = await mina.send(written)
        assert reason in refused.text
    (understood,) = await mina.send("فردا")
    assert "این‌طور فهمیدم" in understood.text


async def test_a_picture_a_link_and_a_point_on_the_map_reach_who_asks(mina: Citizen, reza: Citizen) -> None:
    await begun(mina)
    await mina.send("کارگاه سفال")
    await mina.send("فردا ساعت ۱۷")
    await mina.press("بله، درست است")
    await mina._after(lambda: mina.api.send_location(mina.user_id, 35.67, 51.46))
    await mina.send("سرای محله شکیب")
    await mina._after(lambda: mina.api.send_photo(mina.user_id, samples.jpeg()))
    await mina.send("tehran.ir/sofal")
    await mina.press(PUBLISH)
    await live(mina.app)

    *_, told = await reza.send("فردا چه خبره؟")
    (point,) = await reza.press("📍 روی نقشه")

    assert told.kind == "photo"
    assert "کارگاه سفال" in told.text
    assert "https://tehran.ir/sofal" in [button.get("url") for row in told.rows for button in row]
    assert point.location is not None


async def test_the_picture_stays_when_its_editor_wants_to_be_forgotten(mina: Citizen, reza: Citizen) -> None:
    await at_the_preview(mina)
    await mina.press("✏️ اصلاح")
    await mina.press("عکس")
    await mina._after(lambda: mina.api.send_photo(mina.user_id, samples.jpeg()))
    await wait_for_files(mina)
    await mina.press(PUBLISH)

    await mina.send("/deleteme")
    await mina.press("بله، پاک کنید")
    await live(mina.app)
    *_, told = await reza.send("فردا چه خبره؟")

    assert told.kind == "photo"
    left = await mina.app.store.read(lambda unit: rows_of(unit, files))
    assert [row["chat_id"] for row in left] == [0]


async def wait_for_files(mina: Citizen) -> None:
    """Until all files are fetched."""
    while any(row["state"] == 0 for row in await mina.app.store.read(lambda unit: rows_of(unit, files))):
        await settled(mina.app, mina.api)


async def test_what_is_no_picture_or_no_link_is_refused(mina: Citizen) -> None:
    await begun(mina)
    await mina.send("کارگاه سفال")
    await mina.send("فردا")
    await mina.press("بله، درست است")
    await mina.send("سرای محله")

    (no_picture,) = await mina.send("عکس ندارم")
    await mina.press(NO_PHOTO)
    (no_link,) = await mina.send("javascript:alert(1)")

    assert "این عکس نیست" in no_picture.text
    assert "این نشانی درست نیست" in no_link.text


async def test_one_may_go_back_at_every_step_to_the_room(mina: Citizen) -> None:
    asked = await begun(mina)
    texts = [asked.text]
    for _ in range(4):
        (*_, shown) = await mina.press("↩️ مرحله قبل")
        texts.append(shown.text)

    assert [text[:12] for text in texts] == [text[:12] for text in texts if text]
    for text, part in zip(texts, ("عنوان", "چه کسانی", "کدام برنامه", "کدام بخش", "رویدادها"), strict=True):
        assert part in text


async def test_one_step_is_mended_from_the_preview(mina: Citizen) -> None:
    await at_the_preview(mina)
    await mina.press("✏️ اصلاح")
    await mina.press("عنوان")

    shown, _ = await mina.send("کارگاه خط")
    await mina.press(PUBLISH)

    assert "کارگاه خط" in shown.text
    assert [row["title"] for row in await stored(mina)] == ["کارگاه خط"]


async def test_another_kind_asks_for_its_program(mina: Citizen) -> None:
    await at_the_preview(mina)
    await mina.press("✏️ اصلاح")
    await mina.press("بخش و برنامه")

    (asked,) = await mina.press("ورزش و شادی")
    _, preview = await mina.press("شهروند قوی")

    assert "کدام برنامه" in asked.text
    assert "ورزش و شادی · شهروند قوی" in preview.text


async def test_a_general_event_is_asked_for_no_program(mina: Citizen) -> None:
    await mina.send("/events")
    await mina.press("➕ رویداد تازه")

    (asked,) = await mina.press("عمومی")

    assert "چه کسانی" in asked.text


async def test_an_event_that_is_there_is_changed(mina: Citizen) -> None:
    await put(mina.app, "کارگاه سفال", "فردا ساعت ۱۰", link="https://tehran.ir", lat=35.6, lon=51.4)
    await mina.send("/events")
    await mina.press("۱. کارگاه سفال")
    await mina.press("✏️ تغییر")
    await mina.press("✏️ اصلاح")
    await mina.press("زمان")
    await mina.send("فردا ساعت ۱۲")
    await mina.press("بله، درست است")

    await mina.press(PUBLISH)

    (row,) = await stored(mina)
    assert (row["link"], row["lat"], row["changed_by"] is not None) == ("https://tehran.ir", 35.6, True)
    assert await mina.app.store.read(lambda unit: unit.events.find(1)) is not None


async def test_another_place_forgets_the_old_point(mina: Citizen) -> None:
    await put(mina.app, "کارگاه سفال", "فردا ساعت ۱۰", lat=35.6, lon=51.4)
    await mina.send("/events")
    await mina.press("۱. کارگاه سفال")
    await mina.press("✏️ تغییر")
    await mina.press("✏️ اصلاح")
    await mina.press("مکان")
    await mina.send("پارک بسیج")

    await mina.press(PUBLISH)

    (row,) = await stored(mina)
    assert (row["place"], row["lat"]) == ("پارک بسیج", None)


async def test_what_is_dropped_is_published_nowhere(mina: Citizen) -> None:
    _, preview = await at_the_preview(mina)
    dropped, room = await mina.press("کنار گذاشتن")

    mina.api.press_gone(mina.user_id, "event:publish", preview)
    await settled(mina.app, mina.api)

    assert "کنار گذاشتم" in dropped.text
    assert "رویدادی در پیش نیست" in room.text
    assert "پیش‌نویس دیگر باز نیست" in mina.api.seen(mina.user_id)[-1].text
    assert await stored(mina) == []


async def test_publishing_twice_makes_one_event(mina: Citizen) -> None:
    _, preview = await at_the_preview(mina)
    await mina.press(PUBLISH)

    mina.api.press_gone(mina.user_id, "event:publish", preview)
    await settled(mina.app, mina.api)

    assert len(await stored(mina)) == 1


async def test_a_half_finished_event_is_still_there_after_a_question_by_button_and_goes_with_cancel(
    mina: Citizen,
) -> None:
    await begun(mina)
    (refused,) = await mina.send("...")
    (asked,) = await mina.send("کارگاه سفال")
    cancelled, _ = await mina.send("/cancel")

    assert "متنی در پیامتان نبود" in refused.text
    assert "کی برگزار می‌شود" in asked.text
    assert "لغو شد" in cancelled.text
    assert await stored(mina) == []


async def test_a_title_shows_as_it_was_written_and_nothing_else(mina: Citizen, reza: Citizen) -> None:
    title = "**بازی** [اینجا](https://evil.example) {when} <b>"
    await begun(mina)
    await mina.send(title)
    await mina.send("فردا")
    await mina.press("بله، درست است")
    await mina.send("{title} *_پارک_*")
    await mina.press(NO_PHOTO)
    shown, _ = await mina.press(NO_LINK)
    await mina.press(PUBLISH)
    await live(mina.app)

    *_, told = await reza.send("فردا چه خبره؟")

    assert title.replace("*", "") in bare(shown)
    assert title.replace("*", "") in bare(told)
    assert "evil" not in str(told.rows)


async def test_a_citizen_can_neither_enter_nor_press_anything_of_it(mina: Citizen, reza: Citizen) -> None:
    await at_the_preview(mina)
    *_, shown = await reza.send("/start")

    for button in (
        "event:add",
        "event:publish",
        "event:take:kind.culture",
        "event:preview",
        "events:room",
        "events:one:1",
    ):
        reza.api.press_gone(reza.user_id, button, shown)
        await settled(reza.app, reza.api)
    *_, told = await reza.send("/events")

    assert "رویداد تازه از" not in reza.screen
    assert "این دستور را نمی‌شناسم" in told.text
    assert await stored(mina) == []


async def test_who_is_no_editor_any_more_cannot_finish(mina: Citizen) -> None:
    await at_the_preview(mina)
    await mina.app.store.write(lambda unit: unit.staff.end(1))

    await mina.press(PUBLISH)

    assert await stored(mina) == []


async def test_the_buttons_of_a_screen_are_few(mina: Citizen) -> None:
    await mina.send("/events")
    for label in ("➕ رویداد تازه", *ASKED):
        (*_, shown) = await mina.press(label)
        assert len(labels(shown)) <= 8
    await at_the_preview(mina)
    (fields,) = await mina.press("✏️ اصلاح")
    assert len(labels(fields)) <= 8


async def test_a_retired_program_is_not_offered(mina: Citizen) -> None:
    entry = library(mina.app).answers.entries["program.culture_weeks"]

    def retire(unit: Unit) -> None:
        known = knowledge.current(unit, entry.id, library(mina.app).shipped)
        knowledge.retire(unit, 1, known)

    await mina.app.store.write(retire)
    await live(mina.app)
    await mina.send("/events")
    await mina.press("➕ رویداد تازه")

    (asked,) = await mina.press(ASKED[0])

    assert "بدون برنامه" in labels(asked)
    assert entry.title not in labels(asked)


async def test_the_second_of_two_editors_is_told_and_the_first_ones_change_stays(mina: Citizen, reza: Citizen) -> None:
    await make_editor(reza)
    event = await put(mina.app, "شب شعر", "فردا ساعت ۱۷")
    for editor in (mina, reza):
        await editor.send("/events")
        await editor.press("۱. شب شعر")
        await editor.press("✏️ تغییر")
    for editor, title in ((mina, "شب داستان"), (reza, "شب موسیقی")):
        await editor.press("✏️ اصلاح")
        await editor.press("عنوان")
        await editor.send(title)
        told = (await editor.press(PUBLISH))[-1]

    assert "همکارتان" in told.text
    assert [row["title"] for row in await stored(mina) if row["id"] == event.id] == ["شب داستان"]
