"""The review of a report, and sending it: once, with the code at once."""

from datetime import datetime

import pytest

from bot.clock import TEHRAN
from bot.models import outbox
from tests.citizen import Citizen, labels, rows_of, settled
from tests.conftest import FakeClock
from tests.editing import made_editor, pressed
from tests.group import Group
from tests.reporting import (
    CANCEL,
    LIGHTS,
    NO_PICTURES,
    ONE_LIGHT,
    SEND,
    WORDS,
    all_cases,
    all_drafts,
    all_events,
    begun,
    code_in,
    filed,
    pin,
    to_review,
)

SHOW, HIDE = "👤 نامم را ببینند", "👤 نامم را نبینند"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


async def test_the_review_shows_all_of_it_and_who_will_see_it(sara: Citizen) -> None:
    review = await to_review(sara)

    for part in (WORDS, LIGHTS, ONE_LIGHT, "روی نقشه", "بدون عکس", "همکاران نامتان را نمی‌بینند", "فقط همکاران"):
        assert part in review.text
    assert labels(review)[0] == SEND


async def test_the_name_is_seen_only_if_its_citizen_wants(sara: Citizen) -> None:
    await to_review(sara)
    (shown,) = await sara.press(SHOW)
    (hidden,) = await sara.press(HIDE)
    await sara.press(SHOW)
    await sara.press(SEND)

    assert "سارا" in shown.text
    assert "سارا" not in hidden.text
    assert [case["name"] for case in await all_cases(sara)] == ["سارا"]


async def test_a_subject_that_needs_a_name_shows_it_and_another_hides_it_again(sara: Citizen) -> None:
    await to_review(sara)
    await sara.press("🗂 موضوع")
    await sara.press("📚 همه موضوع‌ها")
    await sara.press("خدمات و رفتار شهرداری")
    await sara.press("پرونده، عوارض و کار اداری")
    (needed,) = await sara.press("عوارض و فیش")
    (refused,) = await pressed(sara, "report_review:hide")
    await sara.press("🗂 موضوع")
    await sara.press(LIGHTS)
    (again,) = await sara.press(ONE_LIGHT)

    assert "بی‌نام بررسی نمی‌شود" in needed.text
    assert "سارا" in needed.text
    assert {SHOW, HIDE}.isdisjoint(labels(needed))
    assert "بی‌نام بررسی نمی‌شود" in refused.text
    assert "سارا" not in again.text


async def test_what_is_written_is_shown_as_it_is(sara: Citizen) -> None:
    hostile = "چراغ <b>{code}</b> **خاموش** [x](https://evil.example)"

    review = await to_review(sara, hostile)

    assert "{code}" in review.text
    assert not any("evil" in str(entity.get("url", "")) for entity in review.entities)


async def test_in_working_hours_the_day_is_told_and_outside_when_somebody_is_back(
    sara: Citizen, clock: FakeClock
) -> None:
    by_day = await filed(sara)
    clock.instant = datetime(2026, 11, 23, 23, 0, tzinfo=TEHRAN)
    by_night = await filed(sara, "لامپ کوچه بغلی هم سوخته", (35.68, 51.49))

    assert "باید جوابش به شما برسد" in by_day.text
    assert "ساعت کاری نیست" not in by_day.text
    assert "ساعت کاری نیست" in by_night.text
    assert labels(by_night) == ["🔎 دیدن درخواست", "🏠 منوی اصلی"]


async def test_two_quick_taps_file_one_case(sara: Citizen) -> None:
    await to_review(sara)
    sara.api.press(sara.user_id, SEND)
    sara.api.press(sara.user_id, SEND)
    await settled(sara.app, sara.api)

    (case,) = await all_cases(sara)
    assert code_in(sara.api.seen(sara.user_id)[-1]) == case["code"]
    assert "دیگر باز نیست" in sara.screen
    assert len(await all_events(sara)) == 1


async def test_the_button_of_a_report_that_was_sent_says_so(sara: Citizen, clock: FakeClock) -> None:
    told = await filed(sara)
    clock.instant = datetime(2026, 11, 22, 11, 0, tzinfo=TEHRAN)
    await begun(sara)
    await sara.send("یک چیز دیگر هم هست، درخت خشک شده")

    old = next(seen for seen in sara.api.seen(sara.user_id) if SEND in labels(seen))
    sara.api.press_gone(sara.user_id, old.keyboard["inline_keyboard"][0][0]["callback_data"], old)
    await settled(sara.app, sara.api)

    shown = sara.api.seen(sara.user_id)[-1]
    assert "دیگر باز نیست" in shown.text
    assert code_in(shown) == code_in(told)
    assert len(await all_cases(sara)) == 1
    assert len(await all_drafts(sara)) == 1


async def test_an_older_review_of_the_same_form_sends_nothing(sara: Citizen) -> None:
    old = await to_review(sara)
    await sara.press("📝 متن")
    await sara.send("همه چراغ‌های کوچه خاموش است")

    sara.api.press_gone(sara.user_id, old.keyboard["inline_keyboard"][0][0]["callback_data"], old)
    await settled(sara.app, sara.api)

    *_, changed, review = sara.api.seen(sara.user_id)
    assert "عوض کرده‌اید" in changed.text
    assert "همه چراغ‌های" in review.text
    assert await all_cases(sara) == []


async def test_the_same_words_within_ten_minutes_are_the_same_report(sara: Citizen) -> None:
    first = await filed(sara)
    second = await filed(sara)

    assert "دو بار ثبتش نکردم" in second.text
    assert code_in(first) == code_in(second)
    assert len(await all_cases(sara)) == 1


async def test_sending_may_be_written_and_other_words_are_explained(sara: Citizen) -> None:
    await to_review(sara)

    (explained,) = await sara.send("خوبه")
    (told,) = await sara.send("ارسال")

    assert "✅ ارسال" in explained.text
    assert code_in(told)


async def test_a_dropped_form_is_not_sent_by_its_button(sara: Citizen) -> None:
    await to_review(sara)
    await sara.press(CANCEL)

    (told,) = await sara.press(SEND)

    assert "چیزی فرستاده نشد" in told.text
    assert await all_cases(sara) == []


async def test_a_report_survives_a_look_at_the_menu_and_is_sent_from_its_review(sara: Citizen) -> None:
    await to_review(sara)
    await sara.send("/menu")

    (told,) = await sara.press(SEND)

    assert code_in(told)
    assert await all_drafts(sara) == []


async def test_its_card_is_shown_in_the_desk_without_who_sent_it(sara: Citizen) -> None:
    desk = Group(sara.app, sara.api, title="میز روشنایی")
    await desk.become_desk()

    told = await filed(sara)

    shown = sara.api.seen(desk.number)
    assert any(WORDS in seen.text and "بی‌نام" in seen.text for seen in shown)
    assert code_in(told) == code_in(next(seen for seen in shown if WORDS in seen.text))
    assert not any("سارا" in seen.text for seen in shown)


async def test_without_a_desk_the_managers_learn_of_it(sara: Citizen, mina: Citizen) -> None:
    await made_editor(mina, "manager")

    await filed(sara)

    assert "میزی ندارد" in mina.screen


async def test_it_is_told_even_if_the_desk_has_lost_the_bot(sara: Citizen) -> None:
    desk = Group(sara.app, sara.api)
    await desk.become_desk()
    sara.api.block(desk.number)

    told = await filed(sara)

    assert code_in(told)
    rows = await sara.app.store.read(lambda unit: rows_of(unit, outbox))
    assert [row for row in rows if row["state"] == 0] == []


async def test_a_ban_that_came_meanwhile_sends_nothing_and_keeps_the_draft(sara: Citizen) -> None:
    await begun(sara)
    await sara.send(WORDS)
    await sara.press(LIGHTS)
    await sara.press(ONE_LIGHT)
    await pin(sara)
    await sara.press(NO_PICTURES)
    platform = sara.api.dialect.name
    await sara.app.store.write(lambda unit: unit.bans.put(platform, sara.user_id, None, 1, "توهین"))

    (refused,) = await sara.press(SEND)

    assert "توهین" in refused.text
    assert await all_cases(sara) == []
    assert len(await all_drafts(sara)) == 1
