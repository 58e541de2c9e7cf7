"""Editors look at the occasions that come and change what is said; managers approve."""

from datetime import datetime

import pytest

from bot.app import App
from bot.clock import TEHRAN
from bot.models import audit, greeting_changes
from bot.services import by_itself
from bot.services.audiences import Audience
from bot.services.contents import Content
from tests.botapi import BotApi, Seen
from tests.citizen import Citizen, labels, rows_of
from tests.conftest import FakeClock
from tests.editing import live, made_editor, pressed
from tests.entering import bare

ROOM = "🗓 مناسبت‌ها"
NOWRUZ = "نوروز ۱۴۰۶ مبارک"
EDIT, APPROVE, SKIP, BACK_IN = "✏️ متن دیگر", "✅ تأیید می‌کنم، برود", "⏸ فرستاده نشود", "▶️ فرستاده شود"
MARTYRS = "calendar:text:martyrs.1405.0"
FITR = "calendar:text:fitr.1448.0"


@pytest.fixture
def api(telegram: BotApi) -> BotApi:
    """Both messengers see the same: nothing here is a messenger's own."""
    return telegram


@pytest.fixture
def clock() -> FakeClock:
    """Saturday, 1 Esfand 1405: Ramadan, the end of the year and Nowruz are ahead."""
    standing = FakeClock()
    standing.instant = datetime(2027, 2, 20, 10, tzinfo=TEHRAN)
    return standing


@pytest.fixture
async def boss(app: App, api: BotApi) -> Citizen:
    """A manager."""
    api.meet(504, first_name="پروین")
    return await made_editor(Citizen(app, api, 504), "manager")


async def opened(mina: Citizen) -> str:
    await mina.send("/staff")
    (shown,) = await mina.press(ROOM)
    return bare(shown)


async def test_the_room_shows_what_comes_with_its_mood_and_whether_it_is_sure(mina: Citizen) -> None:
    text = await opened(mina)

    assert "🎉 پس‌فردا دوشنبه ۳ اسفند\nولادت امام حسن مجتبی (ع)\n🟢 ساعت ۱۷ خودش می‌رود" in text
    assert "🖤 پنجشنبه ۶ اسفند\nشب قدر (شب نوزدهم)\n🟢 ساعت ۱۸" in text
    assert "روز درختکاری\n🟢 ساعت ۹ خودش می‌رود\n⏳ یادآوری‌اش منتظر تأیید است" in text
    assert "قطعی نیست" not in text  # as far as the official calendar goes


async def test_eight_stand_on_a_page(mina: Citizen) -> None:
    await opened(mina)
    (first,) = mina.api.seen(mina.user_id)[-1:]
    (second,) = await mina.press("بعدی‌ها")
    (third,) = await mina.press("بعدی‌ها")
    (again,) = await mina.press("قبلی‌ها")

    assert labels(first) == ["۱", "۲", "۳", "۴", "۵", "۶", "۷", "۸", "بعدی‌ها", "میز کار"]
    assert labels(second)[:2] == ["۹", "۱۰"]
    assert labels(third)[-2:] == ["قبلی‌ها", "میز کار"]
    assert again.text == second.text


async def test_its_words_come_as_messages_of_their_own_those_of_the_days_before_first(mina: Citizen) -> None:
    await opened(mina)
    week, eve, day, about = await pressed(mina, "calendar:one:nowruz")

    assert "یک هفته تا نوروز مانده است" in week.text
    assert "فردا، یکشنبه ۱ فروردین، نوروز است" in eve.text
    assert NOWRUZ in day.text
    assert [labels(seen) for seen in (week, eve, day)] == [[], [], []]
    assert "۱. یکشنبه ۲۳ اسفند، ساعت ۹" in bare(about)
    assert "۳. یکشنبه ۱ فروردین ۱۴۰۶، ساعت ۹" in bare(about)
    assert labels(about) == ["✏️ متن ۱", "✏️ متن ۲", "✏️ متن ۳", "همه مناسبت‌ها"]


async def test_a_number_opens_its_occasion_and_leads_back(mina: Citizen) -> None:
    await opened(mina)
    text, about = await mina.press("۱")
    (back,) = await mina.press("همه مناسبت‌ها")

    assert "کریم اهل بیت" in text.text
    assert "متن بالا برای پس‌فردا دوشنبه ۳ اسفند، ساعت ۱۷ است" in bare(about)
    assert "مناسبت‌های ۶۰ روز پیش رو" in back.text


async def test_a_lunar_day_leads_to_the_moon_and_moves_with_it(mina: Citizen) -> None:
    await opened(mina)
    *_, before = await pressed(mina, "calendar:one:fitr")
    await mina.press("🌙 ماه‌های قمری")
    await mina.press("شوال: یک روز زودتر")
    await mina.press("بله، اعلام شود")
    await live(mina.app)
    eve, day, after = await pressed(mina, "calendar:one:fitr")

    assert "۲. چهارشنبه ۱۹ اسفند" in bare(before)
    assert "۲. سه‌شنبه ۱۸ اسفند" in bare(after)
    assert "فردا، سه‌شنبه ۱۸ اسفند، عید فطر است" in eve.text
    assert "تعطیل است" in day.text


async def test_what_the_moon_may_still_move_says_so(mina: Citizen, clock: FakeClock) -> None:
    clock.instant = datetime(2027, 6, 1, 10, tzinfo=TEHRAN)
    text = await opened(mina)
    *_, about = await pressed(mina, "calendar:one:ashura")

    assert "عاشورای حسینی (قطعی نیست)" in text
    assert "تاریخش قطعی نیست" in about.text


async def test_a_text_for_a_day_that_is_mourned_too_is_pointed_out(mina: Citizen, clock: FakeClock) -> None:
    clock.instant = datetime(2026, 6, 1, 10, tzinfo=TEHRAN)
    await opened(mina)
    *_, about = await pressed(mina, "calendar:one:ghadir")

    assert "روز سوگواری هم هست: رحلت حضرت امام خمینی (ره)" in bare(about)


@pytest.mark.parametrize("data", ["one", "one:moon", "one:ashura", "one:nowruz_2", "one:" + "9" * 40])
async def test_an_occasion_that_is_far_or_none_is_said_to_be_so(mina: Citizen, data: str) -> None:
    (told,) = await pressed(mina, f"calendar:{data}")

    assert "در ۶۰ روز پیش رو نیست" in told.text


async def test_a_page_that_never_was_is_the_last_or_the_first_one(mina: Citizen) -> None:
    (last,) = await pressed(mina, "calendar:page:" + "9" * 40)
    (first,) = await pressed(mina, "calendar:page:x")

    assert "بعدی‌ها" not in labels(last)
    assert labels(first)[0] == "۱"


async def test_words_lead_there_too(mina: Citizen) -> None:
    (by_word,) = await mina.send("تقویم مناسبت‌ها")
    (by_command,) = await mina.send("/calendar")

    assert by_word.text == by_command.text
    assert "مناسبت‌های ۶۰ روز پیش رو" in by_word.text


# -- what staff decide


async def changes(mina: Citizen) -> list[dict[str, object]]:
    return await mina.app.store.read(lambda unit: rows_of(unit, greeting_changes))


async def done(mina: Citizen) -> list[str]:
    deeds = await mina.app.store.read(lambda unit: rows_of(unit, audit))
    return [str(deed["action"]) for deed in deeds if str(deed["action"]).startswith("greeting")]


async def written(who: Citizen, data: str, words: str) -> list[Seen]:
    await pressed(who, data)
    await who.press(EDIT)
    return await who.send(words)


async def test_other_words_are_shown_as_they_will_be_sent(mina: Citizen) -> None:
    text, about = await written(mina, FITR, "عید فطر بر همه **همسایه‌ها** مبارک")

    assert text.text.replace("\u200b", "") == "عید فطر بر همه **همسایه‌ها** مبارک"  # never marks
    assert "ساعت ۸ خودش می‌رود" in bare(about)
    (row,) = await changes(mina)
    assert row["key"] == "occasion:fitr:1448:0"
    assert await done(mina) == ["greeting_edited"]


async def test_the_first_words_come_back(mina: Citizen) -> None:
    await written(mina, FITR, "عید فطر مبارک")
    text, about = await mina.press("↩️ متن اصلی")

    assert "یک ماه صبوری کردید" in text.text
    assert "↩️ متن اصلی" not in labels(about)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("یاد شهدا مبارک", "«مبارک» به آن نمی‌خورد"),
        ("یاد شهدا گرامی!", "بی علامت تعجب"),
        ("یاد شهدا گرامی 🌷", "۱ نشانه مثل 🌷"),
        ("یاد " * 200, "حداکثر ۳۵۰ حرف"),
        ("…", "متنی در پیامتان نبود"),
    ],
)
async def test_words_that_do_not_fit_the_day_are_refused_and_asked_again(
    mina: Citizen, words: str, reason: str
) -> None:
    (refused,) = await written(mina, MARTYRS, words)
    text, _ = await mina.send("یاد شهدای محله گرامی.")

    assert reason in bare(refused)
    assert "یاد شهدای محله" in text.text


async def test_what_waits_is_approved_by_a_manager_and_by_no_editor(mina: Citizen, boss: Citizen) -> None:
    _, to_editor = await pressed(mina, MARTYRS)
    _, to_manager = await pressed(boss, MARTYRS)
    _, approved = await boss.press(APPROVE)

    assert "⏳ منتظر تأیید\nتأییدش با سرپرست یا مدیر است" in bare(to_editor)
    assert APPROVE not in labels(to_editor)
    assert APPROVE in labels(to_manager)
    assert "✅ تأیید شده؛ ساعت ۹ می‌رود" in bare(approved)
    assert await done(mina) == ["greeting_approved"]


async def test_an_editor_who_knows_the_button_still_approves_nothing(mina: Citizen) -> None:
    (refused,) = await pressed(mina, "calendar:approve:martyrs.1405.0.abcdef")

    assert "با سرپرست یا مدیر است" in refused.text
    assert await changes(mina) == []


async def test_what_was_changed_since_it_was_shown_is_not_approved(mina: Citizen, boss: Citizen) -> None:
    await pressed(boss, MARTYRS)
    await written(mina, MARTYRS, "یاد شهدا گرامی.")
    (refused,) = await boss.press(APPROVE)

    assert "همین حالا عوض شده است" in refused.text
    assert (await changes(mina))[0]["approved_by"] is None


async def test_other_words_have_to_be_approved_anew(mina: Citizen, boss: Citizen) -> None:
    await pressed(boss, MARTYRS)
    await boss.press(APPROVE)
    _, about = await written(mina, MARTYRS, "یاد شهدا گرامی.")

    assert "منتظر تأیید" in bare(about)


async def test_nobody_approves_their_own_words_if_somebody_else_can(
    mina: Citizen, boss: Citizen, app: App, api: BotApi
) -> None:
    _, alone = await written(boss, MARTYRS, "یاد شهدا گرامی.")
    api.meet(505, first_name="رضا")
    other = await made_editor(Citizen(app, api, 505), "admin")
    (refused,) = await boss.press(APPROVE)
    _, theirs = await pressed(boss, MARTYRS)
    await pressed(other, MARTYRS)
    _, approved = await other.press(APPROVE)

    assert APPROVE in labels(alone)  # there is nobody else to do it
    assert "خودتان نوشته‌اید" in refused.text
    assert "سرپرست یا مدیر دیگری" in theirs.text
    assert APPROVE not in labels(theirs)
    assert "تأیید شده" in approved.text


async def test_what_is_skipped_can_go_after_all(mina: Citizen) -> None:
    await pressed(mina, FITR)
    _, skipped = await mina.press(SKIP)
    text = await opened(mina)
    await pressed(mina, FITR)
    _, back = await mina.press(BACK_IN)

    assert "⏸ فرستاده نمی‌شود" in skipped.text
    assert EDIT not in labels(skipped)
    assert "⏸" not in text  # not on this page
    assert "خودش می‌رود" in back.text
    assert await done(mina) == ["greeting_skipped", "greeting_unskipped"]


async def test_another_hour_is_chosen_by_a_button(mina: Citizen) -> None:
    await pressed(mina, FITR)
    (asked,) = await mina.press("🕘 ساعت دیگر")
    _, about = await mina.press("۱۰")
    (wrong,) = await pressed(mina, "calendar:at:fitr.1448.0.23")

    assert labels(asked)[0] == "۷"
    assert labels(asked)[-2] == "۲۱"
    assert "ساعت ۱۰ خودش می‌رود" in bare(about)
    assert "از ۷ تا ۲۱" in wrong.text


async def test_a_day_of_the_week_that_is_not_its_own_has_to_be_looked_at(mina: Citizen) -> None:
    _, right = await written(mina, FITR, "چهارشنبه عید فطر است.")
    _, wrong = await written(mina, FITR, "سه شنبه عید فطر است.")

    assert "خودش می‌رود" in right.text
    assert "منتظر تأیید" in wrong.text
    assert "نام روز دیگری" in wrong.text


async def test_what_was_decided_goes_along_with_a_moved_month(mina: Citizen) -> None:
    await written(mina, FITR, "عید فطر مبارک")
    await mina.press("🌙 ماه‌های قمری")
    await mina.press("شوال: یک روز زودتر")
    await mina.press("بله، اعلام شود")
    await live(mina.app)
    text, about = await pressed(mina, FITR)

    assert text.text == "عید فطر مبارک"
    assert "سه‌شنبه ۱۸ اسفند" in bare(about)


@pytest.mark.parametrize("ref", ["fitr.1447.0", "moon.1405.0", "fitr.1448.9", "", "x" * 40])
async def test_a_text_that_has_passed_or_never_was_gets_a_kind_word(mina: Citizen, ref: str) -> None:
    for action in ("text", "edit", "skip", "approve", "at", "nophoto"):
        (told,) = await pressed(mina, f"calendar:{action}:{ref}")
        assert "مناسبت‌های تازه را در «مناسبت‌ها» ببینید" in told.text


async def test_what_was_sent_is_not_changed_any_more(mina: Citizen, clock: FakeClock) -> None:
    until = datetime(2027, 3, 10, 22, tzinfo=TEHRAN)
    await mina.app.store.write(
        lambda unit: by_itself.add_by_itself(
            unit, "occasion:fitr:1448:0", Content(()), topic="occasions", audience=Audience(), until=until
        )
    )
    (refused,) = await pressed(mina, "calendar:skip:fitr.1448.0")
    _, about = await pressed(mina, FITR)

    assert "این متن فرستاده شده است" in refused.text
    assert "📨 فرستاده شد" in about.text
    assert labels(about) == ["این مناسبت", "همه مناسبت‌ها"]


async def test_late_in_its_evening_nothing_can_be_done_any_more(mina: Citizen, clock: FakeClock) -> None:
    clock.instant = datetime(2027, 3, 10, 21, 5, tzinfo=TEHRAN)
    (told,) = await pressed(mina, "calendar:skip:fitr.1448.0")

    assert "وقت فرستادن این متن گذشته است" in told.text
