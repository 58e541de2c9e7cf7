"""One question of a survey: what can be answered, where it stands, and what goes with it."""

import pytest

from tests.botapi import BotApi
from tests.citizen import Citizen, labels, settled
from tests.editing import pressed
from tests.making import TO_QUESTION, blank, only, poll, question, rows


@pytest.fixture
def api(telegram: BotApi) -> BotApi:
    """Both messengers see the same: nothing here is a messenger's own."""
    return telegram


@pytest.fixture
async def mina(mina: Citizen) -> Citizen:
    """She has a survey of three questions, of which the second looks at the first."""
    await blank(mina)
    await question(mina, "یک گزینه", "به بوستان رفته‌اید؟", "بله\nنه\nیادم نیست")
    await question(mina, "چند گزینه", "چرا می‌روید؟", "پیاده‌روی\nبازی\nهوا\nهیچ‌کدام", "> هر چند تا بخواهند")
    await question(mina, "چند جمله", "چه کم دارد؟")
    await pressed(mina, "survey_rules:option:1.q2.q1.o1")
    return mina


async def ids(mina: Citizen) -> list[str]:
    return [record["id"] for record in (await only(mina.app))["question"]]


async def test_options_that_stay_keep_what_they_were_and_new_ones_are_new(mina: Citizen) -> None:
    await pressed(mina, "survey_question:single:1.q2.o4")
    await pressed(mina, "survey_question:most:1.q2.3")
    await pressed(mina, "survey_question:options:1.q2")
    await mina.send("هوا\nهیچ‌کدام\nورزش")

    record = (await only(mina.app))["question"][1]
    assert record["options"] == [
        {"id": "o3", "label": "هوا"},
        {"id": "o4", "label": "هیچ‌کدام", "alone": True},
        {"id": "o5", "label": "ورزش"},
    ]
    assert record["choices"] == 3


async def test_a_condition_on_an_option_that_went_is_said_to_miss_it(mina: Citizen) -> None:
    await pressed(mina, "survey_question:options:1.q1")
    await mina.send("هر روز\nنه")
    (page,) = await pressed(mina, "surveys:one:1")

    assert (await only(mina.app))["question"][1]["show_if"] == [{"question": "q1", "any": []}]
    assert "سؤال ۲، «فقط اگر»: خالی است" in page.text


@pytest.mark.parametrize(
    ("ask", "text", "why"),
    [
        ("options:1.q1", "بله", "دست‌کم دو گزینه"),
        ("options:1.q1", "بله\nبله", "دو بار آمده"),
        ("options:1.q1", "\n".join(f"گزینه {one}" for one in "ابپتثجچحخدذرز"), "۱۳ گزینه نوشته‌اید و تا ۱۲"),
        ("options:1.q1", "بله\n" + "ن" * 41, "تا ۴۰ حرف"),
        ("options:1.q1", "بله\n!!", "کلمه‌ای نیست"),
        ("text:1.q1", "چ" * 301, "تا ۳۰۰ حرف"),
        ("text:1.q1", "؟!", "متنی در این پیام نبود"),
    ],
)
async def test_what_is_none_is_refused_with_the_reason_and_changes_nothing(
    mina: Citizen, ask: str, text: str, why: str
) -> None:
    before = await only(mina.app)
    await pressed(mina, f"survey_question:{ask}")
    (refused,) = await mina.send(text)

    assert why in refused.text
    assert await only(mina.app) == before


async def test_five_words_are_typed_or_chosen(mina: Citizen) -> None:
    await pressed(mina, "survey_edit:add:1.scale")
    await mina.send("چقدر؟")
    (few,) = await mina.send("کم\nزیاد")
    (page,) = await mina.send("۱. هیچ\n۲. کم\n۳. متوسط\n۴. زیاد\n۵. خیلی زیاد")
    await pressed(mina, "survey_question:words:1.q4")
    (ready,) = await mina.press("کاملاً مخالف … کاملاً موافق")

    assert "شما ۲ تا نوشته‌اید" in few.text
    assert "هیچ، کم، متوسط، زیاد، خیلی زیاد" in page.text
    assert (await only(mina.app))["question"][3]["words"][2] == "نه مخالف، نه موافق"
    assert "کاملاً موافق" in ready.text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("یک", "عددها را پیدا نکردم"),
        ("۵۰ تا ۱", "عدد اول باید کوچک‌تر"),
        ("۱ تا ۲۰۰۰۰۰۰", "عددها از"),
        ("هر چه", "عددها را پیدا نکردم"),
    ],
)
async def test_a_range_is_two_numbers(mina: Citizen, text: str, why: str) -> None:
    await pressed(mina, "survey_edit:add:1.number")
    await mina.send("چند نفرید؟")
    (refused,) = await mina.send(text)
    await mina.send("از یک تا ۱۲")

    record = (await only(mina.app))["question"][3]
    assert why in refused.text
    assert (record["least"], record["most"]) == (1, 12)


async def test_a_question_moves_but_not_past_what_it_depends_on(mina: Citizen) -> None:
    (refused,) = await pressed(mina, "survey_question:up:1.q2")
    (edge,) = await pressed(mina, "survey_question:up:1.q1")
    (other,) = await pressed(mina, "survey_question:down:1.q1")
    await pressed(mina, "survey_question:up:1.q3")

    assert "سؤال ۲ به جواب سؤال ۱ بستگی دارد" in refused.text
    assert "اول یا آخر فهرست است" in edge.text
    assert "سؤال ۲ به جواب سؤال ۱ بستگی دارد" in other.text
    assert await ids(mina) == ["q1", "q3", "q2"]


async def test_what_others_depend_on_is_deleted_only_knowingly(mina: Citizen) -> None:
    (asked,) = await pressed(mina, "survey_question:sure:1.q1")
    (kept,) = await mina.press("نه، بماند")
    await pressed(mina, "survey_question:sure:1.q1")
    await mina.press("بله، حذف شود")
    (twice,) = await pressed(mina, "survey_question:delete:1.q1")

    assert "پرسیدن سؤال ۲ به جواب سؤال ۱ بستگی دارد" in asked.text
    assert "سؤال ۱" in kept.text
    assert "دیگر نیست" in twice.text
    assert await ids(mina) == ["q2", "q3"]
    assert "show_if" not in (await only(mina.app))["question"][0]


async def test_numbers_of_questions_are_not_used_again(mina: Citizen) -> None:
    await pressed(mina, "survey_question:delete:1.q2")
    await pressed(mina, "survey_edit:add:1.text")

    assert await ids(mina) == ["q1", "q3", "q4"]


async def test_what_is_put_aside_comes_back(mina: Citizen) -> None:
    await pressed(mina, "survey_question:one:1.q3")
    (aside,) = await mina.press("کنار گذاشتن")
    (back,) = await mina.press("برگرداندن")

    assert "کنار گذاشته شده" in aside.text
    assert "کنار گذاشته شده" not in back.text


async def test_a_double_tap_flips_twice_and_is_seen(mina: Citizen) -> None:
    await pressed(mina, "survey_question:one:1.q3")
    shown = mina.api.seen(mina.user_id)[-1]
    for _ in range(2):
        mina.api.press_gone(mina.user_id, "survey_question:must:1.q3", shown)
    await settled(mina.app, mina.api)

    assert "required" not in (await only(mina.app))["question"][2]


async def test_at_most_so_many_and_which_stands_alone(mina: Citizen) -> None:
    await pressed(mina, "survey_question:choices:1.q2")
    (page,) = await mina.press("۲ گزینه")
    await mina.press("گزینه تنها")
    (marked,) = await mina.press("هیچ‌کدام")
    (unmarked,) = await mina.press("✅ هیچ‌کدام")

    assert "حداکثر ۲ گزینه" in page.text
    assert "✅ هیچ‌کدام" in labels(marked)
    assert "هیچ‌کدام" in labels(unmarked)
    (back,) = await mina.press(TO_QUESTION)
    assert "تنها انتخاب می‌شود" not in back.text


@pytest.mark.parametrize(
    "data",
    ["one:1.q9", "one:1", "must:1.", "single:1.q2.o9", "single:1.q1.o1", "words:1.q1", "range:1.q3", "up:1.zzz"],
)
async def test_forged_buttons_change_nothing(mina: Citizen, data: str) -> None:
    before = await only(mina.app)
    (told,) = await pressed(mina, f"survey_question:{data}")

    assert "دیگر نیست" in told.text
    assert await only(mina.app) == before


@pytest.mark.parametrize("data", ["one", "one:x.q1", "must:9.q1", "delete:99999999999999999999.q1"])
async def test_a_survey_that_never_was_is_gone(mina: Citizen, data: str) -> None:
    (told,) = await pressed(mina, f"survey_question:{data}")

    assert "پیدا نکردم" in told.text


@pytest.mark.parametrize(("named", "called"), [(False, "روز کلاس کدام باشد؟"), (True, "کلاس ورزش")])
async def test_a_quick_poll_is_called_as_it_asks_unless_it_has_a_name(
    mina: Citizen, *, named: bool, called: str
) -> None:
    """By its title citizens find it in their list, and know what a result is about."""
    await poll(mina)
    if named:
        await pressed(mina, "survey_edit:title:2")
        await mina.send("کلاس ورزش")
    await pressed(mina, "survey_question:text:2.q1")
    await mina.send("روز کلاس کدام باشد؟")

    found = (await rows(mina.app))[-1]["tables"]

    assert found["question"][0]["text"] == "روز کلاس کدام باشد؟"
    assert found["survey"]["title"] == called


async def test_the_question_of_a_quick_poll_takes_eight_answers_and_stays_alone(mina: Citizen) -> None:
    await poll(mina)
    await pressed(mina, "survey_question:options:2.q1")
    (many,) = await mina.send("\n".join(f"گزینه {one}" for one in "ابپتثجچحخ"))
    (more,) = await pressed(mina, "survey_edit:add:2.text")
    (kept,) = await pressed(mina, "survey_question:delete:2.q1")

    assert "۹ گزینه نوشته‌اید و تا ۸ تا" in many.text
    assert "یک سؤال دارد" in more.text
    assert "همین یک سؤال" in kept.text
