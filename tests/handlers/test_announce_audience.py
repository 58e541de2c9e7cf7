"""Staff choose the topic and the audience of an announcement, and see at once to how many it goes."""

import pytest

from bot.services.topics import bit
from tests.botapi import BotApi
from tests.citizen import Citizen, labels
from tests.drafting import BACK, choose, composed, go_live
from tests.editing import pressed

TOPIC, WHOM = "موضوع", "مخاطبان"


@pytest.fixture
def api(telegram: BotApi) -> BotApi:
    """Both messengers see the whole life in `tests/test_announcement_life.py`."""
    return telegram


@pytest.fixture
async def mina(mina: Citizen, sara: Citizen, reza: Citizen) -> Citizen:
    """She is composing; two citizens are there besides her."""
    go_live(mina.app)
    for citizen in (sara, reza):
        await citizen.send("/start")
    await composed(mina)
    return mina


async def test_everybody_is_meant_at_first(mina: Citizen) -> None:
    (asked,) = await mina.press(WHOM)

    assert "مخاطب: همه" in asked.text
    assert "به ۳ نفر می‌رسد" in asked.text
    assert "آزمایشی" not in asked.text


async def test_who_refuses_a_topic_is_none_of_them_and_who_wants_it_may_be_meant_alone(
    mina: Citizen, sara: Citizen, reza: Citizen
) -> None:
    await choose(sara, wants=bit("traffic"))
    await choose(reza, refuses=bit("traffic"))
    await mina.press(TOPIC)
    (chosen,) = await mina.press("راه و ترافیک")
    _, panel = await mina.press(BACK)
    await mina.press(WHOM)
    (only,) = await mina.press("➖ فقط کسانی که خواسته‌اند")
    (both,) = await mina.press("✅ فقط کسانی که خواسته‌اند")

    assert "✅ راه و ترافیک" in labels(chosen)
    assert "موضوع: راه و ترافیک" in panel.text
    assert "به ۲ نفر" in panel.text
    assert "به ۱ نفر" in only.text
    assert "به ۲ نفر" in both.text


async def test_the_button_to_leave_names_the_topic(mina: Citizen) -> None:
    await mina.press(TOPIC)
    await mina.press("راه و ترافیک")
    shown, _ = await mina.press(BACK)

    assert labels(shown) != ["🔕 دیگر خبری نفرستید"]


async def test_without_its_topic_nobody_has_chosen_it(mina: Citizen, sara: Citizen) -> None:
    await choose(sara, wants=bit("sport"))
    await mina.press(TOPIC)
    await mina.press("ورزش و شادی")
    await pressed(mina, "announce_audience:chosen")
    await pressed(mina, "announce_audience:topic")
    (asked,) = await pressed(mina, "announce_audience:whom")

    assert "به ۳ نفر" in asked.text
    assert not any("کسانی که خواسته‌اند" in label for label in labels(asked))


async def test_neighbourhoods_are_typed_and_taken_away_one_by_one(mina: Citizen, sara: Citizen, reza: Citizen) -> None:
    await choose(sara, lives="doulab")
    await choose(reza, lives="shakib")
    await mina.press(WHOM)
    await mina.press("فقط چند محله")
    (unknown,) = await mina.send("تجریش")
    (both,) = await mina.send("دولاب و شکیب")
    (one,) = await mina.press("🗑 دولاب")
    (all_,) = await mina.press("همه محله‌ها")

    assert "پیدا نکردم" in unknown.text
    assert "به ۲ نفر" in both.text
    assert "دولاب" in both.text
    assert "به ۱ نفر" in one.text
    assert "به ۳ نفر" in all_.text


async def test_which_names_are_no_neighbourhoods_is_said(mina: Citizen) -> None:
    await mina.press(WHOM)
    await mina.press("فقط چند محله")
    told, whom = await mina.send("دولاب، نبرد و [x](https://evil.example)")
    await mina.press("➕ محله دیگر")
    (more,) = await mina.send("شکیب")

    assert "پیدا نکردم: نبرد، [x]" in told.text
    assert "text_link" not in str(told.entities)
    assert "ساکنان دولاب" in whom.text
    assert "ساکنان دولاب، شکیب" in more.text


async def test_a_messenger_is_left_out_but_not_the_last_one(mina: Citizen) -> None:
    here = {"telegram": "تلگرام", "bale": "بله"}[mina.api.dialect.name]
    await mina.press(WHOM)
    (fewer,) = await mina.press(f"✅ {here}")
    others = [label for label in labels(fewer) if label.startswith("✅ ")]
    for label in others[:-1]:
        await mina.press(label)
    (refused,) = await mina.press(others[-1])
    (again,) = await mina.press(f"➖ {here}")

    assert "الان به کسی نمی‌رسد" in fewer.text
    assert "دست‌کم یک پیام‌رسان" in refused.text
    assert "به ۳ نفر" in again.text


async def test_only_an_emergency_may_be_urgent_and_it_is_asked(mina: Citizen) -> None:
    (forged,) = await pressed(mina, "announce_audience:hurried")
    await mina.press(TOPIC)
    (chosen,) = await mina.press("هشدار اضطراری")
    (asked,) = await mina.press("🚨 فوری است")
    (hurried,) = await mina.press("بله، فوری است")
    _, panel = await mina.press(BACK)

    assert "فقط پیام‌های اضطراری" in forged.text
    assert "🚨 فوری است" in labels(chosen)
    assert "در ساعت سکوت و نیمه‌شب هم می‌رسد" in asked.text
    assert "✅ فوری است (برداشتن)" in labels(hurried)
    assert "🚨 فوری" in panel.text


async def test_another_topic_is_not_urgent_any_more(mina: Citizen) -> None:
    await mina.press(TOPIC)
    await mina.press("هشدار اضطراری")
    await mina.press("🚨 فوری است")
    await mina.press("بله، فوری است")
    await mina.press("✅ فوری است (برداشتن)")
    await mina.press("🚨 فوری است")
    await mina.press("بله، فوری است")
    (other,) = await mina.press("کارهای عمرانی")
    _, panel = await mina.press(BACK)

    assert not any("فوری" in label for label in labels(other))
    assert "🚨" not in panel.text


@pytest.mark.parametrize("data", ["topic:nothing", "platform:icq", "place:nowhere", "away:nowhere"])
async def test_forged_choices_change_nothing(mina: Citizen, data: str) -> None:
    await pressed(mina, f"announce_audience:{data}")
    _, panel = await pressed(mina, "announce:panel")

    assert "موضوع: بدون موضوع" in panel.text
    assert "مخاطب: همه" in panel.text
