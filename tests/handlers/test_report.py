"""The form of a report: its beginning, the way through it, and what leads away from it."""

from typing import Any

import pytest
from sqlalchemy import update

from bot.models import citizens, drafts
from bot.services.reports import CONSENT_VERSION, DROPPED_AFTER_MS
from bot.store import Unit
from tests import samples
from tests.botapi import BotApi, Seen
from tests.citizen import Citizen, labels, rows_of, settled
from tests.editing import made_editor, pressed
from tests.reporting import (
    ANEW,
    BACK,
    BEGIN,
    CANCEL,
    COMPLAINT,
    LIGHTS,
    NO_PICTURES,
    ONE_LIGHT,
    RESUME,
    SEND,
    THANKS,
    WORDS,
    all_cases,
    all_drafts,
    begun,
    code_in,
    filed,
    photo,
    pin,
    to_review,
)

ON_AFTER_DANGER = "خطر رفع شد، ادامه می‌دهم"
FIRE = "کمک! تو کوچه ما آتیش گرفته"


async def album(sara: Citizen, count: int, caption: str | None = None) -> list[Seen]:
    pictures = [samples.jpeg(shade=10 + number) for number in range(count)]
    return await sara._after(lambda: sara.api.send_album(sara.user_id, pictures, caption=caption))


async def test_from_the_first_tap_to_the_code_it_takes_seven_at_the_most(sara: Citizen) -> None:
    await sara.send("/menu")
    await sara.press(BEGIN)

    steps = [
        sara.press(COMPLAINT),
        sara.send(WORDS),
        sara.press(LIGHTS),
        sara.press(ONE_LIGHT),
        pin(sara),
        photo(sara),
        sara.press(SEND),
    ]
    *_, shown = [await step for step in steps]

    (case,) = await all_cases(sara)
    assert len(steps) <= 7
    assert code_in(shown[-1]) == case["code"]
    assert (case["kind"], case["category"], case["text"]) == ("complaint", "lights", WORDS)
    assert (case["lat"], case["user_id"], case["name"]) == (35.672, sara.user_id, None)
    assert case["answers"] == '{"what": "one"}'
    assert await sara.app.store.read(lambda unit: unit.case_log.count_files(case["id"])) == 1


async def test_a_voice_alone_is_a_report_and_is_asked_for_its_subject(sara: Citizen) -> None:
    await begun(sara)

    (groups,) = await sara._after(lambda: sara.api.send_voice(sara.user_id, samples.ogg()))

    assert "کوچه و خیابان" in labels(groups)
    await sara.press("سایر")
    await sara.press("جای مشخصی ندارد")
    (review,) = await sara.press(NO_PICTURES)
    assert "با صدای خودتان" in review.text
    await sara.press(SEND)
    (case,) = await all_cases(sara)
    assert case["text"] == ""


async def test_a_photo_with_words_under_it_is_one_message(sara: Citizen) -> None:
    await begun(sara)

    (guesses,) = await photo(sara, WORDS)

    assert labels(guesses)[0] == LIGHTS
    (draft,) = await all_drafts(sara)
    assert WORDS in draft["body"].encode().decode("unicode_escape")


async def test_photos_without_words_are_kept_and_the_words_asked_for(sara: Citizen) -> None:
    await begun(sara)

    (asked,) = await photo(sara)
    (guesses,) = await sara.send(WORDS)

    assert "بنویسید چه شده" in asked.text
    assert labels(guesses)[0] == LIGHTS


async def test_of_an_album_of_ten_five_are_kept_and_that_is_said(sara: Citizen) -> None:
    await begun(sara)

    told, _ = await album(sara, 10, WORDS)
    assert "حداکثر ۵ فایل" in told.text
    assert "۵ تای آخر" in told.text

    (full,) = await album(sara, 2)
    assert "بیشتر جا نمی‌شود" in full.text
    await sara.press(LIGHTS)
    await sara.press(ONE_LIGHT)
    *_, review = await pin(sara)
    assert "۵ عکس یا فایل" in review.text


# -- what is agreed to


async def test_before_the_first_report_its_citizen_learns_who_sees_it_and_agrees_by_choosing(sara: Citizen) -> None:
    (first,) = await sara.send("/report")
    await sara.press(THANKS)
    await sara.press(CANCEL)
    (second,) = await sara.send("/report")

    assert "موافقید" in first.text
    assert "موافقید" not in second.text
    (row,) = await sara.app.store.read(lambda unit: rows_of(unit, citizens))
    assert (row["consent"], row["consent_at"] > 0) == (CONSENT_VERSION, True)


async def test_who_agreed_to_an_older_text_is_asked_again(sara: Citizen) -> None:
    await sara.send("/start")
    await sara.app.store.write(lambda unit: unit.citizens.agree(sara.api.dialect.name, sara.user_id, 0))

    (shown,) = await sara.send("/report")

    assert "موافقید" in shown.text


@pytest.mark.parametrize(
    ("word", "kind"),
    [("شکایت دارم", "چه شده"), ("انتقاد دارم", "خوب نیست"), ("پیشنهاد دارم", "پیشنهادتان"), ("تقدیر", "راضی")],
)
async def test_a_word_that_names_a_kind_begins_with_it(sara: Citizen, word: str, kind: str) -> None:
    (consent,) = await sara.send(word)
    (asked,) = await sara.press("✅ موافقم")

    assert "موافقید" in consent.text
    assert kind in asked.text


# -- a problem that was told


async def test_a_category_that_nobody_knows_begins_nothing(sara: Citizen) -> None:
    await sara.send("/start")

    for forged in ("report:about", "report:about:x"):
        await pressed(sara, forged)

        assert COMPLAINT not in labels(sara.api.seen(sara.user_id)[-1])
    assert await all_drafts(sara) == []


async def test_a_problem_told_begins_the_form_with_all_that_came_with_it(sara: Citizen) -> None:
    await sara.send("/start")
    await photo(sara)
    await pin(sara)
    await sara.send("زباله‌های کوچه ما رو سه روزه جمع نکردن")

    (consent,) = await sara.press("بله، ثبت کنید")
    (guesses,) = await sara.press("✅ موافقم")
    await sara.press("زباله و نظافت")
    (review,) = await sara.press("نخاله یا وسایل کهنه")

    assert "موافقید" in consent.text
    assert "زباله و نظافت" in labels(guesses)
    assert "سه روزه جمع نکردن" in review.text
    assert "روی نقشه" in review.text
    assert "۱ عکس" in review.text


# -- danger


async def test_a_danger_in_the_words_stops_the_form_and_keeps_them(sara: Citizen) -> None:
    await begun(sara)

    warned, stopped = await sara.send(FIRE)
    (again,) = await sara.send("چی شد؟")

    assert "۱۲۵" in warned.text
    assert "نگه داشته‌ام" in stopped.text
    assert labels(stopped)[0] == ON_AFTER_DANGER
    assert ON_AFTER_DANGER in again.text
    assert FIRE in (await all_drafts(sara))[0]["body"].encode().decode("unicode_escape")
    (onward,) = await sara.press(ON_AFTER_DANGER)
    assert "موضوعش" in onward.text


# -- back, cancel, and whatever leads away


async def test_back_leads_through_every_step_to_the_menu(sara: Citizen) -> None:
    await to_review(sara)

    shown = [(await sara.press(BACK))[-1].text for _ in range(6)]

    marks = ("عکس کار را جلو", "نشانی‌اش را بنویسید", "کدام‌یک است", "موضوعش", "چه شده است", "کدام را می‌خواهید ثبت کنید")
    assert [mark in text for mark, text in zip(marks, shown, strict=True)] == [True] * 6
    (menu,) = await sara.press(BACK)
    assert "منوی اصلی" in menu.text


async def test_the_word_leads_back_too(sara: Citizen) -> None:
    await begun(sara)
    await sara.send(WORDS)

    (shown,) = await sara.send("برگشت")

    assert "چه شده است" in shown.text


@pytest.mark.parametrize("way", [CANCEL, "انصراف", "/cancel"])
async def test_cancelling_drops_the_draft(sara: Citizen, way: str) -> None:
    await begun(sara)
    await sara.send(WORDS)
    assert len(await all_drafts(sara)) == 1

    (told,) = await (sara.press(way) if way == CANCEL else sara.send(way))

    assert "کنار گذاشتم" in told.text
    assert await all_drafts(sara) == []
    (shown,) = await sara.send("/report")
    assert labels(shown)[0] == COMPLAINT


async def test_what_was_left_by_a_command_is_offered_again(sara: Citizen) -> None:
    await begun(sara)
    await sara.send(WORDS)
    await sara.press(LIGHTS)
    await sara.send("/menu")
    await sara.send("فردا تا کی بازید؟")

    (offer,) = await sara.send("/report")
    (question,) = await sara.press(RESUME)

    assert WORDS in offer.text
    assert labels(offer) == [RESUME, ANEW]
    assert "کدام‌یک" in question.text


async def test_the_form_survives_the_end_of_the_process(start: Any, api: BotApi) -> None:  # noqa: ANN401 - see conftest
    async with start() as app:
        sara = Citizen(app, api, 501)
        await begun(sara)
        await sara.send(WORDS)
    async with start() as app:
        sara = Citizen(app, api, 501)

        *_, question = await sara.send("چراغ و روشنایی")

    assert "کدام‌یک" in question.text


async def test_anew_drops_what_was_left(sara: Citizen) -> None:
    await begun(sara)
    await sara.send(WORDS)
    await sara.send("/menu")

    await sara.send("تشکر از شهرداری")
    (asked,) = await sara.send("از نو شروع می‌کنم")

    assert "راضی" in asked.text
    assert await all_drafts(sara) == []


async def test_an_old_anew_does_not_drop_what_was_begun_since(sara: Citizen) -> None:
    await begun(sara)
    await sara.send(WORDS)

    (offer,) = await pressed(sara, "report:anew")

    assert labels(offer) == [RESUME, ANEW]
    assert len(await all_drafts(sara)) == 1


async def test_a_button_of_the_form_works_after_a_look_at_the_menu(sara: Citizen) -> None:
    await begun(sara)
    await sara.send(WORDS)
    await sara.send("/menu")

    *_, question = await sara.press(LIGHTS)
    (place, _) = await sara.send("یک چراغ")

    assert "کدام‌یک" in question.text
    assert "کجاست" in place.text


async def test_a_draft_of_more_than_a_week_is_not_offered(sara: Citizen) -> None:
    await begun(sara)
    await sara.send(WORDS)
    await sara.send("/menu")

    def age(unit: Unit) -> None:
        old = update(drafts).values(changed_at=drafts.c.changed_at - DROPPED_AFTER_MS - 1)
        unit.inbox._connection.execute(old)

    await sara.app.store.write(age)
    (shown,) = await sara.send("/report")

    assert labels(shown)[0] == COMPLAINT


@pytest.mark.parametrize(
    "button",
    [
        "report:onward", "report:resume", "report:back", "report:edit:words", "report:cancel:1", "report:open",
        "report_words:kind:complaint", "report_words:agree", "report_words:heard",
        "report_subject:pick:lights", "report_subject:answer:what.one", "report_subject:group:street",
        "report_place:nowhere", "report_place:choose:dolab", "report_place:me_too:1", "report_place:list:99",
        "report_extras:drop_pictures", "report_extras:no_phone", "report_review:send:1.1", "report_review:show",
    ],
)  # fmt: skip
async def test_a_button_of_a_form_that_is_over_changes_nothing(sara: Citizen, button: str) -> None:
    await sara.send("/start")

    (told,) = await pressed(sara, button)

    assert "دیگر باز نیست" in told.text
    assert await all_cases(sara) == await all_drafts(sara) == []


@pytest.mark.parametrize(
    "button", ["report:edit:everything", "report_words:kind:x", "report_subject:pick:x", "report_subject:answer:x.y",
               "report_subject:group:x", "report_place:choose:x", "report_place:me_too:99999999999999999999"]
)  # fmt: skip
async def test_a_forged_button_changes_nothing_of_the_form(sara: Citizen, button: str) -> None:
    await begun(sara)
    await sara.send(WORDS)
    (before,) = await all_drafts(sara)

    (told,) = await pressed(sara, button)

    assert told.text
    assert [draft["body"] for draft in await all_drafts(sara)] == [before["body"]]


# -- what does not fit


async def test_what_cannot_be_taken_is_said_in_a_word_and_the_form_stays(sara: Citizen) -> None:
    await begun(sara)
    huge = {"file_id": "film", "file_unique_id": "film", "file_size": 50 * 1024 * 1024, "duration": 60}

    (empty,) = await sara.send("…")
    (greeting,) = await sara.send("سلام")
    (sticker,) = await sara._after(lambda: sara.api.say(sara.user_id, None, sticker={"emoji": "🙂"}))
    (contact,) = await sara._after(lambda: sara.api.send_contact(sara.user_id, "+989123456789", "سارا"))
    (long,) = await sara.send("الف ب " * 500)
    (large,) = await sara._after(lambda: sara.api.say(sara.user_id, None, video=huge))

    assert "متنی در پیامتان نبود" in empty.text
    assert "همین‌جا بنویسید" in greeting.text
    assert "نمی‌توانم" in sticker.text
    assert sticker.text == contact.text
    assert "۲۹۹۹ حرف" in long.text
    assert "۲۰۰۰" in long.text
    assert "۲۰ مگابایت" in large.text
    (guesses,) = await sara.send(WORDS)
    assert labels(guesses)[0] == LIGHTS


async def test_a_place_where_a_subject_is_asked_is_taken_and_the_subject_asked_again(sara: Citizen) -> None:
    await begun(sara)
    await sara.send(WORDS)

    taken, again = await pin(sara)
    await sara.press(LIGHTS)
    (pictures,) = await sara.press(ONE_LIGHT)

    assert "رسید" in taken.text
    assert labels(again)[0] == LIGHTS
    assert NO_PICTURES in labels(pictures)


# -- limits


async def test_the_fourth_report_of_a_day_is_refused_kindly(sara: Citizen) -> None:
    for number in ("یک", "دو", "سه"):
        await filed(sara, f"{WORDS} شماره {number}")

    (refused,) = await sara.send("/report")

    assert "۳ درخواست" in refused.text
    assert "فردا" in refused.text
    assert len(await all_cases(sara)) == 3


async def test_who_is_banned_learns_why_and_until_when(sara: Citizen) -> None:
    await sara.send("/start")
    platform = sara.api.dialect.name

    def ban(unit: Unit) -> None:
        unit.bans.put(platform, sara.user_id, unit.now + 7 * 24 * 3600 * 1000, 1, "توهین")

    await sara.app.store.write(ban)
    (refused,) = await sara.send("/report")

    assert "توهین" in refused.text
    assert "تا " in refused.text


# -- for somebody who called


async def test_staff_write_down_what_a_caller_told(mina: Citizen) -> None:
    await made_editor(mina, "operator")
    await pressed(mina, "report:for_caller")
    await mina.press(COMPLAINT)
    await mina.send(WORDS)
    await mina.press(LIGHTS)
    await mina.press(ONE_LIGHT)
    await pin(mina)
    (name,) = await mina.press(NO_PICTURES)
    await mina.send("آقای احمدی")
    (review,) = await mina.send("۰۹۱۲ ۳۴۵ ۶۷۸۹")
    await mina.press(SEND)

    (case,) = await all_cases(mina)
    assert "مراجعه‌کننده" in name.text
    assert "آقای احمدی" in review.text
    assert (case["user_id"], case["name"], case["phone"]) == (None, "آقای احمدی", "09123456789")
    assert case["filed_by"] is not None
    assert str(case["code"])[:3].translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) in mina.screen


@pytest.mark.parametrize("role", ["citizen", "editor"])
async def test_only_staff_who_work_on_cases_write_down_those_of_others(sara: Citizen, role: str) -> None:
    await sara.send("/start")
    if role == "editor":
        await made_editor(sara)

    (refused,) = await pressed(sara, "report:for_caller")

    assert "دیگر باز نیست" in refused.text
    await settled(sara.app, sara.api)
    assert await all_drafts(sara) == []
