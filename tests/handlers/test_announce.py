"""Staff compose an announcement: its words and files, as it will arrive."""

from typing import Any

import pytest

from bot import fetching
from tests import samples
from tests.botapi import BotApi, Seen
from tests.citizen import Citizen, labels, settled
from tests.drafting import CHECK, DROP, GONE, NEW, TEXT, composed, drafts, stored
from tests.editing import made_editor, pressed
from tests.entering import bare

LONG = "این خبر بلند است. " * 60


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses are for others' sake; here nobody else waits."""
    monkeypatch.setattr(fetching, "TICK_SECONDS", 0.02)
    monkeypatch.setattr("bot.delivery.NOT_YET_MS", 200)
    monkeypatch.setattr("bot.delivery.TICK_SECONDS", 0.1)


async def sent_picture(mina: Citizen, caption: str | None = None, count: int = 1) -> list[Seen]:
    """What is seen after a picture, or an album of different ones."""
    before = mina.api.seen(mina.user_id)
    pictures = [samples.jpeg(shade=90 + number) for number in range(count)]
    if count == 1:
        mina.api.send_photo(mina.user_id, pictures[0], caption)
    else:
        mina.api.send_album(mina.user_id, pictures, caption)
    await settled(mina.app, mina.api)
    return [seen for seen in mina.api.seen(mina.user_id) if seen not in before]


async def begun(mina: Citizen) -> Seen:
    await mina.send("/announce")
    return (await mina.press(NEW))[-1]


async def test_a_draft_is_seen_as_it_will_arrive_with_what_is_set(mina: Citizen) -> None:
    shown, panel = await composed(mina)

    assert shown.text == TEXT
    assert labels(shown) == ["🔕 دیگر خبری نفرستید"]
    for part in ("موضوع: بدون موضوع", "مخاطب: همه", "به ۱ نفر می‌رسد", "فقط برای همکاران"):
        assert part in panel.text
    assert CHECK in labels(panel)
    assert await stored(mina.app) == []


async def test_a_picture_and_its_words_are_taken_whole(mina: Citizen) -> None:
    await begun(mina)
    shown, panel = await sent_picture(mina, TEXT)

    assert (shown.kind, shown.caption) == ("photo", TEXT)
    assert labels(shown) == ["🔕 دیگر خبری نفرستید"]
    assert "دو پیام" not in panel.text


async def test_a_picture_without_words_asks_for_them(mina: Citizen) -> None:
    await begun(mina)
    (asked,) = await sent_picture(mina)
    shown, _ = await mina.send(TEXT)

    assert "حالا متنی را بنویسید" in asked.text
    assert (shown.kind, shown.caption) == ("photo", TEXT)


async def test_an_album_is_taken_whole_and_comes_before_its_words(mina: Citizen) -> None:
    await begun(mina)
    one, two, words, panel = await sent_picture(mina, TEXT, count=2)

    assert (one.kind, two.kind, words.text) == ("photo", "photo", TEXT)
    assert "دو پیام" in panel.text


async def test_a_long_text_beside_a_picture_is_said_to_come_apart(mina: Citizen) -> None:
    await composed(mina, LONG)
    await mina.press("عکس یا فایل")
    picture, words, panel = await sent_picture(mina)
    await mina.press("عکس یا فایل")
    alone, without = await mina.press("بدون عکس و فایل")

    assert (picture.kind, words.text) == ("photo", LONG.strip())
    assert "دو پیام" in panel.text
    assert (alone.text, "دو پیام" in without.text) == (LONG.strip(), False)


async def test_what_is_sent_at_the_panel_joins_and_what_is_written_overwrites_nothing(mina: Citizen) -> None:
    await composed(mina)
    (told,) = await mina.send("راستی یک چیز دیگر")
    shown, _ = await sent_picture(mina)

    assert "اضافه نشد" in told.text
    assert shown.caption == TEXT


async def test_more_files_than_a_message_takes_are_left_out_and_said(mina: Citizen) -> None:
    await composed(mina)
    await sent_picture(mina, count=6)
    left_out, *_ = await sent_picture(mina, count=6)

    assert "۲ فایل آخر کنار گذاشته شد" in left_out.text


async def test_other_words_take_the_place_of_those_before(mina: Citizen) -> None:
    await composed(mina)
    await mina.press("متن")
    shown, _ = await mina.send("متن تازه")

    assert shown.text == "متن تازه"


async def test_what_looks_like_markup_stays_as_it_was_typed(mina: Citizen) -> None:
    text = "**پررنگ** [اینجا](https://evil.example) {when} <b> _کج_"
    shown, _ = await composed(mina, text)

    assert text.replace("*", "") in bare(shown)
    assert "text_link" not in str(shown.entities)


async def test_what_is_no_text_or_too_long_is_refused_and_the_question_stays(mina: Citizen) -> None:
    await begun(mina)
    (long,) = await mina.send("خبر " * 2_500)
    (sticker,) = await mina.send(None, sticker={"file_id": "s", "file_unique_id": "u", "type": "regular"})  # type: ignore[arg-type]  # words are no part of a sticker
    (dots,) = await mina.send("... !!")
    shown, _ = await mina.send(TEXT)

    assert "تا ۳۵۰۰ حرف" in long.text
    assert "متنی در این پیام نبود" in sticker.text
    assert "متنی در این پیام نبود" in dots.text
    assert shown.text == TEXT


async def test_signs_that_nobody_sees_are_taken_out(mina: Citizen) -> None:
    shown, _ = await composed(mina, f"خبر \u202eوارونه\u202c و خ{chr(0x0301) * 30}بر")

    assert shown.text == "خبر وارونه و خبر"


async def test_tidied_words_are_shown_beside_those_that_were_typed_and_chosen(mina: Citizen) -> None:
    await composed(mina, "خبر ها را در https://tehran.ir/a-b می خوانید")
    before, after = await mina.press("مرتب کردن متن")
    mine, _ = await mina.press("متن خودم بماند")
    await mina.press("مرتب کردن متن")
    neat, _ = await mina.press("همین بهتر است")
    (already,) = await mina.press("مرتب کردن متن")
    (late,) = await pressed(mina, "announce:neat")

    assert "خبر ها" in before.text
    assert "خبر\u200cها را در https://tehran.ir/a-b می\u200cخوانید" in after.text
    assert mine.text == "خبر ها را در https://tehran.ir/a-b می خوانید"
    assert neat.text == "خبر\u200cها را در https://tehran.ir/a-b می\u200cخوانید"
    assert "مرتب است" in already.text
    assert GONE in late.text


async def test_a_trial_is_the_message_alone_and_its_buttons_lead_nowhere(mina: Citizen) -> None:
    await composed(mina)
    shown, told = await mina.press("برای خودم بفرست")
    (sample,) = await mina.press("🔕 دیگر خبری نفرستید")

    assert "فقط نمونه است" in sample.text
    assert (shown.text, labels(shown)) == (TEXT, ["🔕 دیگر خبری نفرستید"])
    assert "همین را می‌گیرند" in told.text
    assert not await mina.app.store.read(lambda unit: unit.choices.of(1).left)


async def test_what_was_left_is_offered_again(mina: Citizen) -> None:
    await composed(mina)
    await mina.send("/menu")
    await mina.send("/announce")
    (offered,) = await mina.press(NEW)
    shown, _ = await mina.press("ادامه می‌دهم")

    assert TEXT in offered.text.replace("\n", " ")
    assert shown.text == TEXT


async def test_a_picture_alone_is_worth_keeping_too(mina: Citizen) -> None:
    await begun(mina)
    await sent_picture(mina)
    await mina.send("/announce")
    (offered,) = await mina.press(NEW)
    (asked,) = await mina.press("ادامه می‌دهم")
    shown, _ = await mina.send(TEXT)

    assert "عکس یا فایل بدون متن" in offered.text
    assert "متن پیام را بنویسید" in asked.text
    assert shown.caption == TEXT


async def test_anew_drops_what_was_left_but_an_old_button_does_not(mina: Citizen) -> None:
    await composed(mina)
    await mina.send("/announce")
    (offered,) = await mina.press(NEW)
    await mina.press("از نو شروع می‌کنم")
    await mina.send("متن دوم")
    mina.api.press(mina.user_id, "از نو شروع می‌کنم", offered)
    await settled(mina.app, mina.api)

    (draft,) = await drafts(mina.app)
    assert "متن دوم" in draft["body"].encode().decode("unicode_escape")


async def test_a_draft_survives_a_restart(start: Any, api: BotApi) -> None:  # noqa: ANN401 - a context manager
    api.meet(503, first_name="مینا")
    async with start() as first:
        mina = await made_editor(Citizen(first, api, 503))
        await composed(mina)
        await mina.press("متن")
    async with start() as second:
        shown, panel = await Citizen(second, api, 503).send("متن پس از راه‌اندازی")

    assert shown.text == "متن پس از راه‌اندازی"
    assert CHECK in labels(panel)


async def test_buttons_of_a_draft_work_from_wherever_the_editor_went(mina: Citizen) -> None:
    await composed(mina)
    await mina.send("/menu")
    shown, _ = await mina.press("برای خودم بفرست")

    assert shown.text == TEXT


async def test_what_is_dropped_is_gone_and_its_buttons_say_so(mina: Citizen) -> None:
    await composed(mina)
    await mina.press(DROP)
    (forged,) = await pressed(mina, "announce:drop:1")
    (dropped,) = await mina.press("بله، کنار بگذار")
    (late,) = await mina.press("نه، بماند")

    assert GONE in forged.text
    assert "کنار گذاشته شد" in dropped.text
    assert GONE in late.text
    assert await drafts(mina.app) == []


async def test_forged_buttons_break_nothing(mina: Citizen) -> None:
    await mina.send("/announce")
    for data in (
        "announce:panel",
        "announce:neat",
        "announce:copy:x",
        "announce:copy:99999999999999999",
        "announce:copy:7",
    ):
        (told,) = await pressed(mina, data)
        assert GONE in told.text or "دیگر نیست" in told.text, data

    assert await drafts(mina.app) == []


async def test_who_is_forgotten_leaves_no_draft(mina: Citizen) -> None:
    await composed(mina)
    await mina.send("/deleteme")
    await mina.press("بله، پاک کنید")

    assert await drafts(mina.app) == []


async def test_a_citizen_cannot_compose(mina: Citizen, reza: Citizen) -> None:
    await reza.send("/start")
    for data in ("announce:new", "announce:text", "announcements:room", "announce_lint:check", "approving:yes:1"):
        await pressed(reza, data)
    (told,) = await reza.send("/announce")

    assert "نمی‌شناسم" in told.text
    assert await drafts(mina.app) == []
