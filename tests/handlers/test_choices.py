"""«خبرهای من»: what a citizen chooses of the announcements."""

import pytest

from bot.services import topics
from bot.store.choices import Choice
from tests.announcing import chosen, pressed_anew
from tests.botapi import Seen
from tests.citizen import Citizen, labels
from tests.editing import pressed
from tests.filing import plain

OPEN, STOP, BACK = "🔔 خبرهای من", "🔕 دیگر خبری نفرستید", "🔔 دوباره خبر بفرستید"
WHERE, LIST, NONE, HOURS = "📍 محله من", "🏘 فهرست محله‌ها", "🗑 محله‌ام را پاک کنید", "🌙 ساعت سکوت"
HOME = "🏠 منوی اصلی"


def lines(seen: Seen) -> list[str]:
    return plain(seen).splitlines()


# -- the room


async def test_the_room_says_what_comes_and_what_may_be_changed(sara: Citizen) -> None:
    (room,) = await sara.send("/news")

    assert "✅ می‌فرستیم: هشدار اضطراری" in lines(room)
    assert "➖ گاهی: فرهنگ و هنر، ورزش و شادی، کارهای عمرانی، راه و ترافیک، مناسبت‌ها" in lines(room)
    assert "❌" not in room.text
    assert "ساعت سکوت: ۱۰ شب تا ۷ صبح" in room.text
    assert "➖ فرهنگ و هنر" in labels(room)
    assert labels(room)[6:] == [WHERE, HOURS, STOP, HOME]


@pytest.mark.parametrize("said", ["خبرهای من", "عضویت خبر", "خبر می‌خوام", "اشتراک خبرها"])
async def test_words_lead_to_the_room(sara: Citizen, said: str) -> None:
    (room,) = await sara.send(said)

    assert "می‌فرستیم" in room.text
    assert STOP in labels(room)


async def test_the_menu_the_help_and_the_answer_about_news_lead_to_the_room(sara: Citizen) -> None:
    for way in ("/menu", "/help", "چطور عضو خبرنامه بشم", "حریم خصوصی"):
        *_, shown = await sara.send(way)
        if way == "/menu":
            await sara.press("❓ راهنما، خبرها، حریم خصوصی")

        (room,) = await sara.press(OPEN)

        assert STOP in labels(room), way
        assert shown.message_id != room.message_id


# -- topics


async def test_taps_want_a_topic_refuse_it_and_leave_it_open_again(sara: Citizen) -> None:
    await sara.send("/news")

    (wanted,) = await sara.press("➖ ورزش و شادی")
    kept = await chosen(sara)
    (refused,) = await sara.press("✅ ورزش و شادی")

    assert wanted.edited
    assert "✅ می‌فرستیم: ورزش و شادی، هشدار اضطراری" in lines(wanted)
    assert kept == Choice(wants=topics.bit("sport"))
    assert "❌ نمی‌فرستیم: ورزش و شادی" in lines(refused)
    assert await chosen(sara) == Choice(refuses=topics.bit("sport"))
    await sara.press("❌ ورزش و شادی")
    assert await chosen(sara) == Choice()


async def test_topics_do_not_touch_each_other(sara: Citizen) -> None:
    await sara.send("/news")
    await sara.press("➖ ورزش و شادی")
    await sara.press("➖ مناسبت‌ها")
    await sara.press("✅ ورزش و شادی")

    assert await chosen(sara) == Choice(wants=topics.bit("occasions"), refuses=topics.bit("sport"))


async def test_pressing_an_old_button_twice_is_pressing_it_once(sara: Citizen) -> None:
    await sara.send("/news")

    for _ in range(2):
        await pressed(sara, "choices:wish:sport.wants")

    assert await chosen(sara) == Choice(wants=topics.bit("sport"))


async def test_whoever_refuses_emergencies_is_told_what_that_means(sara: Citizen) -> None:
    await sara.send("/news")

    (refused,) = await sara.press("✅ هشدار اضطراری")
    (wanted,) = await sara.press("❌ هشدار اضطراری")

    assert "خبر خطرها" in refused.text
    assert "خطرها" not in wanted.text
    assert await chosen(sara) == Choice(wants=topics.bit("emergency"))


@pytest.mark.parametrize(
    "forged",
    ["wish", "wish:sport", "wish:sport.x", "wish:x.wants", "live", "live:x", "take", "take:9", "take:²"],
)
async def test_a_forged_button_changes_nothing(sara: Citizen, forged: str) -> None:
    await sara.send("/news")

    (refused,) = await pressed_anew(sara, f"choices:{forged}")

    assert "این دکمه دیگر کار نمی‌کند" in refused.text
    assert await chosen(sara) == Choice()


# -- the neighbourhood


async def test_a_neighbourhood_is_typed_and_can_be_taken_back(sara: Citizen) -> None:
    await sara.send("/news")
    (asked,) = await sara.press(WHERE)

    (room,) = await sara.send("ما تو دولاب می‌شینیم")
    kept = await chosen(sara)
    (asked_again,) = await sara.press(WHERE)
    (without,) = await sara.press(NONE)

    assert NONE not in labels(asked)
    assert "محله شما: دولاب" in plain(room)
    assert kept == Choice(neighbourhood="doulab")
    assert NONE in labels(asked_again)
    assert "محله شما" not in plain(without)
    assert await chosen(sara) == Choice()


async def test_of_two_neighbourhoods_of_one_name_it_is_asked_which(sara: Citizen) -> None:
    await sara.send("/news")
    await sara.press(WHERE)

    (which,) = await sara.send("ابوذر")
    (room,) = await sara.press("ابوذر غربی")

    assert labels(which)[:2] == ["ابوذر شرقی", "ابوذر غربی"]
    assert "محله شما: ابوذر غربی" in plain(room)
    assert (await chosen(sara)).neighbourhood == "abouzar_west"


async def test_a_neighbourhood_is_chosen_from_the_list(sara: Citizen) -> None:
    await sara.send("/news")
    await sara.press(WHERE)

    (first,) = await sara.press(LIST)
    (second,) = await sara.press("بعدی")
    name = labels(second)[0]
    (room,) = await sara.press(name)

    assert labels(first)[0] == "آهنگ"
    assert labels(second)[0] != "آهنگ"
    assert f"محله شما: {name}" in plain(room)


async def test_what_is_no_neighbourhood_of_ours_is_asked_again(sara: Citizen) -> None:
    await sara.send("/news")
    await sara.press(WHERE)

    (unknown,) = await sara.send("ققنوس‌آباد")
    (outside,) = await sara.send("تهرانپارس")
    (room,) = await sara.send("دولاب")

    assert "نشناختم" in unknown.text
    assert "در منطقه ۱۴ نیست" in outside.text
    assert "محله شما: دولاب" in plain(room)


# -- quiet hours


@pytest.mark.parametrize(
    ("said", "shown", "kept"),
    [("از ده شب تا شش صبح", "۱۰ شب تا ۶ صبح", (22, 6)), ("۲۳ تا ۸", "۱۱ شب تا ۸ صبح", (23, 8))],
)
async def test_quiet_hours_are_typed(sara: Citizen, said: str, shown: str, kept: tuple[int, int]) -> None:
    (asked,) = await sara.send("ساعت سکوت")
    (room,) = await sara.send(said)

    assert "فوری" in asked.text
    assert f"ساعت سکوت: {shown}." in room.text
    assert (await chosen(sara)).quiet == kept


async def test_ready_quiet_hours_are_one_tap_and_so_are_the_usual_ones(sara: Citizen) -> None:
    await sara.send("/news")
    await sara.press(HOURS)

    (own,) = await sara.press("۹ شب تا ۸ صبح")
    kept = await chosen(sara)
    await sara.press(HOURS)
    (usual,) = await sara.press("۱۰ شب تا ۷ صبح")

    assert "ساعت سکوت: ۹ شب تا ۸ صبح." in own.text
    assert kept.quiet == (21, 8)
    assert "ساعت سکوت: ۱۰ شب تا ۷ صبح." in usual.text
    assert await chosen(sara) == Choice()


async def test_hours_that_are_none_are_asked_again(sara: Citizen) -> None:
    await sara.send("/quiet")

    (again,) = await sara.send("شب‌ها")
    (room,) = await sara.send("۲۳ تا ۸")

    assert "نفهمیدم" in again.text
    assert "ساعت سکوت: ۱۱ شب تا ۸ صبح." in room.text


# -- all of it


async def test_one_tap_stops_everything_and_one_brings_it_back(sara: Citizen) -> None:
    await sara.send("/news")
    await sara.press("➖ ورزش و شادی")

    (stopped,) = await sara.press(STOP)
    left = await chosen(sara)
    (room,) = await sara.press(BACK)

    assert "دیگر خبری برایتان نمی‌فرستیم" in stopped.text
    assert labels(stopped) == [BACK, HOME]
    assert left == Choice(wants=topics.bit("sport"), left=True)
    assert "✅ ورزش و شادی" in labels(room)
    assert await chosen(sara) == Choice(wants=topics.bit("sport"))


@pytest.mark.parametrize(
    "said", ["خبر نمی‌خوام", "خبر نمیخواهم", "لغو اشتراک", "دیگه خبر نفرستید", "دیگه پیام نده", "/stop"]
)
async def test_words_stop_everything_at_once(sara: Citizen, said: str) -> None:
    (stopped,) = await sara.send(said)

    assert (await chosen(sara)).left
    assert labels(stopped) == [BACK, HOME]


async def test_whoever_stopped_sees_so_and_old_buttons_bring_nothing_back(sara: Citizen) -> None:
    await sara.send("/stop")

    (room,) = await sara.send("/news")
    await pressed(sara, "choices:wish:sport.wants")

    assert labels(room) == [BACK, HOME]
    assert await chosen(sara) == Choice(left=True)


async def test_choices_are_ones_own(sara: Citizen, reza: Citizen) -> None:
    await reza.send("/news")
    await sara.send("/stop")

    assert await chosen(reza) == Choice()


async def test_the_first_meeting_asks_nothing_of_this(sara: Citizen) -> None:
    shown = await sara.send("/start")

    assert all("خبرهای من" not in seen.text and OPEN not in labels(seen) for seen in shown)
