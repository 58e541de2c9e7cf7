"""Staff write a survey step by step: its words, and the list of its questions."""

import json

import pytest

from bot.app import App
from bot.services import survey_sheet
from bot.store import Unit
from tests.botapi import BotApi
from tests.citizen import Citizen, labels
from tests.editing import made_editor, pressed
from tests.making import (
    ADD,
    ASK,
    GONE,
    NEW,
    PUBLISHED,
    TO_QUESTION,
    TO_QUESTIONS,
    TO_SURVEY,
    blank,
    only,
    question,
    rows,
    stands,
)


async def test_a_survey_is_there_from_its_title_on(mina: Citizen) -> None:
    await mina.send("/polls")
    await mina.press(NEW)
    await mina.send("نظر شما  درباره\nکتاب ها")
    begun = await only(mina.app)
    (page,) = await mina.send("چند سؤال کوتاه داریم.")

    assert begun["survey"]["title"] == "نظر شما درباره کتاب‌ها"
    assert begun["survey"]["thanks"] == "ممنون که وقت گذاشتید!"
    assert "هنوز سؤالی ندارد" in page.text
    assert (await only(mina.app))["survey"]["intro"] == "چند سؤال کوتاه داریم."


@pytest.mark.parametrize(
    ("text", "why"), [("ک" * 61, "تا ۶۰ حرف"), ("…", "متنی در این پیام نبود"), ("‌", "متنی در این پیام نبود")]
)
async def test_what_is_no_title_is_refused_and_the_question_stays(mina: Citizen, text: str, why: str) -> None:
    await mina.send("/polls")
    await mina.press(NEW)
    (refused,) = await mina.send(text)
    await mina.send("بوستان")

    assert why in refused.text
    assert (await only(mina.app))["survey"]["title"] == "بوستان"


async def branching(mina: Citizen) -> None:
    """Of all seven kinds, some of them asked only after some answers."""
    await blank(mina)
    await question(mina, "یک گزینه", "به بوستان رفته اید؟", "بله\nنه")
    await question(mina, "عدد", "چند بار؟", "1 تا 50")
    await question(mina, "طیف پنج‌تایی", "چطور بود؟", "> خیلی بد … خیلی خوب")
    await question(mina, "چند گزینه", "چرا می‌روید؟", "پیاده‌روی\nبازی بچه ها\nهیچ‌کدام", "> ۲ گزینه")
    await question(mina, "چند جمله", "چه کم دارد؟")
    await question(mina, "عکس", "عکسی دارید؟")
    await question(mina, "جایی روی نقشه", "کجاست؟")


async def test_a_branching_survey_is_made_step_by_step(mina: Citizen) -> None:
    await branching(mina)
    await mina.press("سؤال ۲")
    await mina.press("↪️ فقط اگر…")
    await mina.press("سؤال ۱: به بوستان رفته‌اید؟")
    await mina.press("بله")
    await mina.press("برگشت به شرط‌ها")
    await mina.press(TO_QUESTION)
    await mina.press(TO_QUESTIONS)
    await mina.press("سؤال ۳")
    await mina.press("↪️ فقط اگر…")
    await mina.press("سؤال ۲: چند بار؟")
    (shown,) = await mina.send("۲ به بالا")
    await mina.press("برگشت به شرط‌ها")
    (both,) = await mina.press("سؤال ۱: به بوستان رفته‌اید؟")
    await mina.press("بله")
    await mina.press("برگشت به شرط‌ها")
    await mina.press(TO_QUESTION)
    await mina.press(TO_QUESTIONS)
    await mina.press("سؤال ۵")
    await mina.press("↪️ فقط اگر…")
    await mina.press("سؤال ۳: چطور بود؟")
    await mina.press("تا متوسط")
    await mina.press("برگشت به شرط‌ها")
    await mina.press(TO_QUESTION)
    await mina.press("اختیاری شود")
    await mina.press(TO_QUESTIONS)
    await mina.press("سؤال ۴")
    await mina.press("گزینه تنها")
    await mina.press("هیچ‌کدام")
    await mina.press(TO_QUESTION)
    await mina.press(TO_QUESTIONS)
    (page,) = await mina.press(TO_SURVEY)

    tables = await only(mina.app)
    survey = survey_sheet.read_tables("park", tables)
    assert [one.kind for one in survey.questions] == ["one", "number", "scale", "many", "text", "photo", "place"]
    assert tables["question"][1]["show_if"] == [{"question": "q1", "any": ["o1"]}]
    assert tables["question"][2]["show_if"] == [{"question": "q2", "least": 2}, {"question": "q1", "any": ["o1"]}]
    assert tables["question"][4]["show_if"] == [{"question": "q3", "most": 3}]
    assert survey.questions[0].text == "به بوستان رفته‌اید؟"
    assert (survey.questions[1].least, survey.questions[1].most) == (1, 50)
    assert (survey.questions[3].choices, survey.questions[3].options[2].alone) == (2, True)
    assert not survey.questions[4].required
    assert "۲ یا بیشتر" in shown.text
    assert "هر چه باشد" in both.text
    for part in ("فقط اگر جواب سؤال ۱ «بله» باشد", "«متوسط» یا کمتر", "اختیاری", "آماده ارسال است"):
        assert part in page.text
    assert ASK in labels(page)


async def test_what_was_begun_and_left_is_said_by_its_number(mina: Citizen) -> None:
    await blank(mina)
    await question(mina, "یک گزینه", "به بوستان رفته‌اید؟", "بله\nنه")
    await mina.press(ADD)
    await mina.press("عدد")
    (page,) = await pressed(mina, "surveys:one:1")

    assert "سؤال ۲، متن: نوشته نشده است" in page.text
    assert ASK not in labels(page)
    await pressed(mina, "survey_question:text:1.q2")
    await mina.send("چند بار؟")
    (page,) = await pressed(mina, "surveys:one:1")
    assert "سؤال ۲، از چند تا چند: نوشته نشده است" in page.text


async def test_the_words_around_the_questions_are_typed_anew(mina: Citizen) -> None:
    await blank(mina)
    now, _ = await mina.press("تشکر پایان")
    await mina.send("دستتان درد نکند!")
    await mina.press("عنوان")
    await mina.send("بوستان دولاب")
    await mina.press("متن شروع")
    (page,) = await mina.send("دو سؤال داریم")

    assert "ممنون که وقت گذاشتید!" in now.text
    assert (await only(mina.app))["survey"] == {
        "title": "بوستان دولاب",
        "thanks": "دستتان درد نکند!",
        "anonymous": False,
        "intro": "دو سؤال داریم",
    }
    assert "«بوستان دولاب»" in page.text


async def test_thirty_questions_are_enough(mina: Citizen) -> None:
    await blank(mina)

    def fill(unit: Unit) -> None:
        tables = {"survey": {"title": "ب", "thanks": "م", "intro": "ش", "anonymous": False}}
        made = [{"id": f"q{number}", "kind": "text", "text": "چرا؟"} for number in range(1, 31)]
        unit.surveys.rewrite(1, json.dumps(tables | {"question": made}), anonymous=False)

    await mina.app.store.write(fill)
    (refused,) = await pressed(mina, "survey_edit:add:1.text")

    assert "تا ۳۰ سؤال" in refused.text
    assert len((await only(mina.app))["question"]) == 30


async def test_what_is_asked_already_is_not_edited_by_any_old_button(mina: Citizen) -> None:
    await blank(mina)
    await question(mina, "یک گزینه", "به بوستان رفته‌اید؟", "بله\nنه")
    await mina.press("عنوان")
    before = (await rows(mina.app))[0]["sheet"]
    await stands(mina.app, begun=True)
    typed = await mina.send("عنوان دیگر")
    data = ["survey_edit:title:1", "survey_edit:add:1.text", "survey_question:must:1.q1", "survey_question:delete:1.q1"]
    data += ["survey_rules:drop:1.q1.q1", "survey_settings:names:1", "surveys:delete:1", "survey_settings:days:1.7"]
    told = [await pressed(mina, one) for one in data]

    assert all(PUBLISHED in seen[0].text for seen in [typed, *told])
    assert (await rows(mina.app))[0]["sheet"] == before


@pytest.mark.parametrize("data", ["questions:9", "add:9.text", "add:1.essay", "title:x", "add", "kinds:-1"])
async def test_forged_buttons_reach_nothing(mina: Citizen, data: str) -> None:
    await blank(mina)
    (told,) = await pressed(mina, f"survey_edit:{data}")

    assert GONE in told.text
    assert (await only(mina.app))["question"] == []


async def test_two_editors_at_one_draft_undo_nothing_of_each_other(app: App, api: BotApi, mina: Citizen) -> None:
    api.meet(504, first_name="امید")
    omid = await made_editor(Citizen(app, api, 504))
    await blank(mina)
    await question(mina, "یک گزینه", "به بوستان رفته‌اید؟", "بله\nنه")
    await mina.press("سؤال ۱")
    await mina.press("متن")
    await pressed(omid, "survey_edit:title:1")
    await omid.send("بوستان دولاب")
    await pressed(omid, "survey_question:must:1.q1")
    await pressed(omid, "survey_edit:add:1.text")
    await mina.send("امسال به بوستان رفته‌اید؟")

    tables = await only(app)
    assert tables["survey"]["title"] == "بوستان دولاب"
    assert tables["question"][0]["text"] == "امسال به بوستان رفته‌اید؟"
    assert tables["question"][0]["required"] is False
    assert len(tables["question"]) == 2


async def test_a_question_that_another_editor_deleted_is_said_to_be_gone(app: App, api: BotApi, mina: Citizen) -> None:
    api.meet(504, first_name="امید")
    omid = await made_editor(Citizen(app, api, 504))
    await blank(mina)
    await question(mina, "چند جمله", "چه کم دارد؟")
    await mina.press("سؤال ۱")
    await mina.press("متن")
    await pressed(omid, "survey_question:delete:1.q1")
    (told,) = await mina.send("چه زیاد دارد؟")

    assert "دیگر نیست" in told.text
    assert (await only(app))["question"] == []
