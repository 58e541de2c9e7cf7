"""«فقط اگر…»: questions that only some are asked."""

import pytest

from tests.botapi import BotApi
from tests.citizen import Citizen, labels
from tests.editing import pressed
from tests.making import blank, only, question, rows


@pytest.fixture
def api(telegram: BotApi) -> BotApi:
    """Both messengers see the same: nothing here is a messenger's own."""
    return telegram


@pytest.fixture
async def mina(mina: Citizen) -> Citizen:
    """She has a survey of five questions, the last of which she makes depend on the others."""
    await blank(mina)
    await question(mina, "یک گزینه", "به بوستان رفته‌اید؟", "بله\nنه\nیادم نیست")
    await question(mina, "طیف پنج‌تایی", "چطور بود؟", "> خیلی بد … خیلی خوب")
    await question(mina, "عدد", "چند بار؟", "۱ تا ۵۰")
    await question(mina, "چند جمله", "چه دیدید؟")
    await question(mina, "چند جمله", "چه کم دارد؟")
    await pressed(mina, "survey_rules:rules:1.q5")
    return mina


async def rules(mina: Citizen) -> object:
    return (await only(mina.app))["question"][4].get("show_if")


async def test_only_what_can_be_compared_is_offered(mina: Citizen) -> None:
    shown = mina.api.seen(mina.user_id)[-1]

    assert labels(shown) == [
        "سؤال ۱: به بوستان رفته‌اید؟",
        "سؤال ۲: چطور بود؟",
        "سؤال ۳: چند بار؟",
        "برگشت به سؤال",
    ]
    assert "همیشه پرسیده می‌شود" in shown.text


async def test_the_first_question_has_nothing_to_look_back_at(mina: Citizen) -> None:
    (told,) = await pressed(mina, "survey_rules:rules:1.q1")

    assert "اول یکی بسازید" in told.text


async def test_answers_are_switched_on_and_off(mina: Citizen) -> None:
    await mina.press("سؤال ۱: به بوستان رفته‌اید؟")
    await mina.press("نه")
    (two,) = await mina.press("بله")
    both = await rules(mina)
    await mina.press("✅ نه")
    (none,) = await mina.press("✅ بله")

    assert "فقط اگر جوابش «بله» یا «نه» باشد" in two.text
    assert both == [{"question": "q1", "any": ["o1", "o2"]}]
    assert "هر چه باشد" in none.text
    assert await rules(mina) is None


async def test_from_a_step_to_a_step(mina: Citizen) -> None:
    await mina.press("سؤال ۲: چطور بود؟")
    await mina.press("از بد")
    (shown,) = await mina.press("تا خوب")
    both = await rules(mina)
    (turned,) = await mina.press("تا خیلی بد")
    (off,) = await mina.press("✅ تا خیلی بد")

    assert "از «بد» تا «خوب»" in shown.text
    assert both == [{"question": "q2", "least": 2, "most": 4}]
    assert "«خیلی بد» یا کمتر" in turned.text
    assert "هر چه باشد" in off.text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("۲ تا ۱۰", {"least": 2, "most": 10}),
        ("از ۲ تا ۱۰", {"least": 2, "most": 10}),
        ("۲-۱۰", {"least": 2, "most": 10}),
        ("۳ به بالا", {"least": 3}),
        ("۳ یا بیشتر", {"least": 3}),
        ("بیشتر از ۳", {"least": 4}),
        ("بزرگ‌تر از ۳", {"least": 4}),
        ("دست‌کم ۳", {"least": 3}),
        ("حداقل سه", {"least": 3}),
        ("تا ۵", {"most": 5}),
        ("حداکثر پنج", {"most": 5}),
        ("کمتر از ۵", {"most": 4}),
        ("۷", {"least": 7, "most": 7}),
    ],
)
async def test_numbers_are_typed_as_people_say_them(mina: Citizen, text: str, found: dict[str, int]) -> None:
    await mina.press("سؤال ۳: چند بار؟")
    await mina.send(text)

    assert await rules(mina) == [{"question": "q3"} | found]


@pytest.mark.parametrize("text", ["خیلی", "۱۰ تا ۲", "۱ تا ۲ تا ۳", ""])
async def test_what_is_no_number_is_refused_and_the_question_stays(mina: Citizen, text: str) -> None:
    await mina.press("سؤال ۳: چند بار؟")
    (refused,) = await mina.send(text or "…")
    await mina.send("۲ به بالا")

    assert "نفهمیدم" in refused.text
    assert await rules(mina) == [{"question": "q3", "least": 2}]


async def test_conditions_that_nobody_fulfils_are_said_at_once(mina: Citizen) -> None:
    await mina.press("سؤال ۳: چند بار؟")
    (never,) = await mina.send("۵۱ به بالا")
    (page,) = await pressed(mina, "surveys:one:1")

    assert "از هیچ‌کس پرسیده نمی‌شود" in never.text
    assert "سؤال ۵، «فقط اگر»: با این شرط‌ها از هیچ‌کس پرسیده نمی‌شود" in page.text


async def test_several_conditions_hold_together_and_one_is_taken_away(mina: Citizen) -> None:
    await mina.press("سؤال ۱: به بوستان رفته‌اید؟")
    await mina.press("بله")
    await mina.press("برگشت به شرط‌ها")
    await mina.press("سؤال ۲: چطور بود؟")
    await mina.press("تا بد")
    (both,) = await mina.press("برگشت به شرط‌ها")
    await mina.press("✅ سؤال ۱: به بوستان رفته‌اید؟")
    (one,) = await mina.press("این شرط را بردار")

    assert both.text.count("فقط اگر") == 2
    assert one.text.count("فقط اگر") == 1
    assert await rules(mina) == [{"question": "q2", "most": 2}]


@pytest.mark.parametrize(
    "data",
    [
        "option:1.q5.q1.o9",
        "option:1.q5.q4.o1",
        "option:1.q1.q5.o1",
        "option:1.q5.q5.o1",
        "least:1.q5.q2.6",
        "least:1.q5.q2.x",
        "least:1.q5.q1.1",
        "most:1.q5.q3.2",
        "drop:1.q5",
        "about:1.q5.q9",
        "rules:1.q9",
    ],
)
async def test_forged_conditions_are_none(mina: Citizen, data: str) -> None:
    (told,) = await pressed(mina, f"survey_rules:{data}")

    assert "دیگر نیست" in told.text
    assert await rules(mina) is None


async def test_questions_that_came_with_long_names_are_found_by_their_buttons(mina: Citizen) -> None:
    await pressed(mina, "surveys:take:interest")
    await mina.press("✏️ سؤال‌ها و متن‌ها")
    await mina.press("سؤال ۲")
    await mina.press("↪️ فقط اگر…")
    (door,) = [label for label in labels(mina.api.seen(mina.user_id)[-1]) if "سؤال ۱" in label]
    await mina.press(door)
    await mina.press("محله‌گردی")
    await mina.press("✅ هیچ‌کدام")

    tables = (await rows(mina.app))[1]["tables"]
    assert tables["question"][1]["show_if"] == [{"question": "programs", "any": ["neighbourhood_walk"]}]
