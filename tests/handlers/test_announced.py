"""The buttons under an announcement, as a citizen presses them."""

import pytest

from bot.models import files, presses
from bot.services import topics
from bot.services.contents import LEFT, Action, Content
from bot.store import Unit
from bot.store.choices import Choice
from tests import samples
from tests.announcing import TEXT, add, announced, chosen, pressed_anew
from tests.botapi import Seen
from tests.citizen import Citizen, labels, rows_of
from tests.editing import library
from tests.filing import plain
from tests.reporting import COMPLAINT, RESUME, begun

LEAVE, LEAVE_ALL = "🔕 این خبرها را نمی‌خواهم", "🔕 دیگر خبری نفرستید"
UNDO, ALL, ROOM, HOME = "↩️ برگردانید", "همه خبرها را قطع کنید", "⚙️ تنظیم خبرها", "🏠 منوی اصلی"
LINK = Action("link", "🔗 ثبت‌نام", "https://tehran.ir/x")
ENTRY = Action("entry", "☎️ تلفن", "contact.phone")
REPORT = Action("report", "📝 خبر بدهید")
LIGHTS = Action("report", "💡 چراغ خاموش", "lights")
SPORT = Action("subscribe", "🔔 خبرهای ورزشی", "sport")
CULTURE = topics.bit("culture")


async def counted(citizen: Citizen) -> list[tuple[int, int]]:
    """(announcement, button) of each press that is kept."""
    rows = await citizen.app.store.read(lambda unit: rows_of(unit, presses))
    return [(row["announcement_id"], row["button"]) for row in rows]


def last(citizen: Citizen) -> Seen:
    return citizen.api.seen(citizen.user_id)[-1]


@pytest.fixture
async def sara(sara: Citizen) -> Citizen:
    """As ever, and she has met the bot."""
    await sara.send("/start")
    return sara


# -- how it looks


async def test_each_button_has_a_row_and_the_last_one_leaves(sara: Citizen) -> None:
    number = await announced(sara, LINK, ENTRY, SPORT)

    shown = last(sara)

    assert plain(shown) == TEXT.replace("*", "")
    assert shown.buttons == [[LINK.label], [ENTRY.label], [SPORT.label], [LEAVE]]
    assert shown.rows[0][0]["url"] == LINK.target
    assert [row[0].get("callback_data") for row in shown.rows[1:]] == [
        f"announced:go:{number}:1",
        f"announced:go:{number}:2",
        f"announced:leave:{number}",
    ]


async def test_one_of_no_topic_leaves_all(sara: Citizen) -> None:
    await announced(sara, topic="")

    assert labels(last(sara)) == [LEAVE_ALL]


async def test_a_picture_stands_above_the_text_and_one_that_is_lost_is_left_out(
    sara: Citizen, cleaned_here: None
) -> None:
    await sara.send("/report")
    await sara.press(COMPLAINT)
    await sara._after(lambda: sara.api.send_photo(sara.user_id, samples.jpeg()))
    (photo,) = await sara.app.store.read(lambda unit: rows_of(unit, files))

    await announced(sara, files=(photo["key"], "gone"))
    pictured = last(sara)
    await sara.app.store.write(lambda unit: unit.files.forget(photo["platform"], photo["chat_id"]))
    await announced(sara, files=(photo["key"],))

    assert (pictured.kind, pictured.buttons) == ("photo", [[LEAVE]])
    assert (last(sara).kind, plain(last(sara))) == ("text", plain(pictured))


def test_a_content_comes_back_from_json() -> None:
    content = Content((), ("a", "b"), (LINK, ENTRY, REPORT))

    assert Content.from_json(content.to_json()) == content


# -- leaving


async def test_one_tap_leaves_the_topic_at_once_and_it_can_be_undone(sara: Citizen) -> None:
    number = await announced(sara)

    (told,) = await sara.press(LEAVE)
    left = await chosen(sara)
    (undone,) = await sara.press(UNDO)

    assert "خبرهای «فرهنگ و هنر»" in told.text
    assert labels(told) == [UNDO, ALL, ROOM]
    assert left == Choice(refuses=CULTURE)
    assert await counted(sara) == [(number, LEFT)]
    assert "مثل قبل" in undone.text
    assert await chosen(sara) == Choice()


async def test_undoing_makes_a_wanted_topic_wanted_again(sara: Citizen) -> None:
    await sara.send("/news")
    await sara.press("➖ فرهنگ و هنر")
    await announced(sara)
    await sara.press(LEAVE)

    left = await chosen(sara)
    await sara.press(UNDO)

    assert left == Choice(refuses=CULTURE)
    assert await chosen(sara) == Choice(wants=CULTURE)


async def test_leaving_twice_counts_once_and_is_undone_all_the_same(sara: Citizen) -> None:
    number = await announced(sara)
    await sara.press(LEAVE)

    (told,) = await pressed_anew(sara, f"announced:leave:{number}")
    await sara.press(UNDO)

    assert labels(told) == [UNDO, ALL, ROOM]
    assert await counted(sara) == [(number, LEFT)]
    assert await chosen(sara) == Choice()


async def test_one_of_no_topic_stops_everything_and_it_can_be_undone(sara: Citizen) -> None:
    await announced(sara, topic="")

    (told,) = await sara.press(LEAVE_ALL)
    left = await chosen(sara)
    await sara.press(UNDO)

    assert "دیگر خبری برایتان نمی‌فرستیم" in told.text
    assert labels(told) == [UNDO, ROOM]
    assert left == Choice(left=True)
    assert await chosen(sara) == Choice()


async def test_from_the_topic_it_is_one_tap_to_stop_everything(sara: Citizen) -> None:
    await announced(sara)
    await sara.press(LEAVE)

    (told,) = await sara.press(ALL)
    stopped = await chosen(sara)
    await sara.press(UNDO)

    assert "حتی خبر فوری" in told.text
    assert stopped == Choice(refuses=CULTURE, left=True)
    assert await chosen(sara) == Choice(refuses=CULTURE)


async def test_undoing_a_topic_does_not_undo_that_everything_was_stopped(sara: Citizen) -> None:
    await announced(sara)
    (told,) = await sara.press(LEAVE)
    await sara.press(ALL)

    undo = told.button(UNDO)
    assert undo is not None
    (room,) = await pressed_anew(sara, undo["callback_data"])

    assert "🔔 دوباره خبر بفرستید" in labels(room)
    assert await chosen(sara) == Choice(left=True)


async def test_whoever_leaves_emergencies_is_told_what_that_means(sara: Citizen) -> None:
    await announced(sara, topic="emergency")

    (told,) = await sara.press(LEAVE)

    assert "خطرها" in told.text
    assert (await chosen(sara)).refuses == topics.bit("emergency")


async def test_a_report_that_was_half_done_is_not_lost_by_it(sara: Citizen) -> None:
    await announced(sara)
    await begun(sara)
    await sara.send("سه شب است اینجا تاریک است")
    await sara.press(LEAVE)

    (left,) = await sara.send("/report")

    assert RESUME in labels(left)
    assert "تاریک" in left.text


async def test_from_there_it_is_one_tap_to_all_choices(sara: Citizen) -> None:
    await announced(sara)
    await sara.press(LEAVE)

    (room,) = await sara.press(ROOM)

    assert "❌ نمی‌فرستیم: فرهنگ و هنر" in plain(room)


# -- the other buttons


async def test_a_button_leads_to_an_answer_and_counts_once_a_citizen(sara: Citizen, reza: Citizen) -> None:
    await reza.send("/start")
    number = await announced(sara, LINK, ENTRY)

    (answer,) = await sara.press(ENTRY.label)
    await pressed_anew(sara, f"announced:go:{number}:1")
    await pressed_anew(reza, f"announced:go:{number}:1")

    assert "۹۶۰۴۰۹۰۰" in answer.text
    counts = await sara.app.store.read(lambda unit: unit.presses.counts(number))
    assert counts == {1: 2}


async def test_a_button_leads_to_a_report(sara: Citizen) -> None:
    await announced(sara, REPORT)

    (asked,) = await sara.press(REPORT.label)

    assert COMPLAINT in labels(asked)


async def test_a_button_leads_to_a_report_of_a_category_which_is_not_asked_then(sara: Citizen) -> None:
    await announced(sara, LIGHTS)
    (notice, *_) = await sara.press(LIGHTS.label)
    await sara.press(COMPLAINT)

    (*_, asked) = await sara.send("سه شب است اینجا تاریک است")

    assert "۱۲۱" in notice.text
    assert "یک چراغ" in labels(asked)


async def test_a_button_chooses_a_topic_and_it_can_be_undone(sara: Citizen) -> None:
    await announced(sara, SPORT)

    (told,) = await sara.press(SPORT.label)
    wanted = await chosen(sara)
    await sara.press(UNDO)

    assert "ورزش و شادی" in told.text
    assert labels(told) == [UNDO, ROOM]
    assert wanted == Choice(wants=topics.bit("sport"))
    assert await chosen(sara) == Choice()


async def test_whoever_had_stopped_everything_comes_back_by_choosing_until_that_is_undone(sara: Citizen) -> None:
    await announced(sara, SPORT)
    await sara.send("/stop")

    await sara.press(SPORT.label)
    wanted = await chosen(sara)
    await sara.press(UNDO)

    assert wanted == Choice(wants=topics.bit("sport"))
    assert await chosen(sara) == Choice(left=True)


@pytest.mark.parametrize(
    "lost", [Action("entry", "الف", "contact.x"), Action("report", "الف", "x"), Action("subscribe", "الف", "x")]
)
async def test_what_a_button_led_to_may_be_gone_by_now(sara: Citizen, lost: Action) -> None:
    await announced(sara, lost)

    (told,) = await sara.press(lost.label)

    assert "دیگر کار نمی‌کند" in told.text
    assert labels(told) == [ROOM, HOME]
    assert await chosen(sara) == Choice()


@pytest.mark.parametrize(
    "forged",
    [
        "leave",
        "leave:x",
        "leave:999",
        "leave:-1",
        "leave:²",
        "leave:99999999999999999999999999",
        "go",
        "go:{number}",
        "go:{number}:9",
        "go:{number}:-1",
        "go:{number}:x",
        "go:{number}:0:0",
        "go:999:0",
        "undo",
        "undo:culture",
        "undo:culture.x",
        "undo:x.wants",
    ],
)
async def test_a_forged_or_old_button_changes_nothing(sara: Citizen, forged: str) -> None:
    number = await announced(sara, SPORT)

    (told,) = await pressed_anew(sara, "announced:" + forged.format(number=number))

    assert "دیگر کار نمی‌کند" in told.text
    assert await chosen(sara) == Choice()
    assert await counted(sara) == []


async def test_one_that_nobody_was_sent_has_no_buttons_yet(sara: Citizen) -> None:
    def plan(unit: Unit) -> int:
        return add(unit, Content((), (), (SPORT,)), "culture", begun=False)

    number = await sara.app.store.write(plan)

    for forged in (f"announced:leave:{number}", f"announced:go:{number}:0"):
        (told,) = await pressed_anew(sara, forged)
        assert "دیگر کار نمی‌کند" in told.text
    assert await chosen(sara) == Choice()
    assert await counted(sara) == []


async def test_the_longest_button_fits(sara: Citizen) -> None:
    words = library(sara.app).talks.words["announced"]

    keyboard = Content((), (), (ENTRY,) * 10).keyboard(10**15, "occasions", words)

    assert len(keyboard.inline) == 11
