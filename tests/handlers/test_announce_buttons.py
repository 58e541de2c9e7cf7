"""Staff put buttons under an announcement, and take them away again."""

import pytest

from tests.botapi import BotApi, Seen
from tests.citizen import Citizen, labels
from tests.drafting import BACK, composed
from tests.editing import pressed

LIST, TO_LIST = "دکمه‌ها", "برگشت به دکمه‌ها"
LEAVE = "🔕 دیگر خبری نفرستید"


@pytest.fixture
def api(telegram: BotApi) -> BotApi:
    """Both messengers see the whole life in `tests/test_announcement_life.py`."""
    return telegram


@pytest.fixture
async def mina(mina: Citizen) -> Citizen:
    """She is composing, with the list of buttons open."""
    await composed(mina)
    await mina.press(LIST)
    return mina


async def shown(mina: Citizen) -> Seen:
    """The message with its buttons."""
    return (await mina.press(BACK))[0]


async def test_a_link_has_its_label_and_its_address(mina: Citizen) -> None:
    await mina.press("🔗 پیوند")
    (refused,) = await mina.send("javascript:alert(1)")
    (listed,) = await mina.send("ثبت‌نام: https://tehran.ir/a")
    message = await shown(mina)

    assert "نشانی صفحه را پیدا نکردم" in refused.text
    assert "🗑 ثبت‌نام" in labels(listed)
    assert labels(message) == ["ثبت‌نام", LEAVE]
    assert message.rows[0][0]["url"] == "https://tehran.ir/a"


async def test_a_link_without_a_label_gets_one_and_a_long_one_is_refused(mina: Citizen) -> None:
    await mina.press("🔗 پیوند")
    (refused,) = await mina.send(f"{'الف' * 20} https://tehran.ir")
    await mina.send("https://tehran.ir")

    assert "تا ۳۰ حرف" in refused.text
    assert labels(await shown(mina)) == ["اطلاعات بیشتر", LEAVE]


async def test_an_answer_is_found_by_words(mina: Citizen) -> None:
    await mina.press("💬 یک جواب")
    (nothing,) = await mina.send("؟")
    (found,) = await mina.send("ساعت کاری شهرداری")
    await mina.press("ساعت کاری")
    (again,) = await pressed(mina, "announce_buttons:answer:contact.hours")

    assert "چیزی پیدا نکردم" in nothing.text
    assert "ساعت کاری" in labels(found)
    assert "همین حالا زیر پیام هست" in again.text
    assert labels(await shown(mina)) == ["ساعت کاری", LEAVE]


async def test_a_report_may_be_of_a_category_or_of_any(mina: Citizen) -> None:
    await mina.press("📝 ثبت درخواست")
    (found,) = await mina.send("چراغ خیابان خاموش است")
    await mina.press(labels(found)[0])
    await mina.press("📝 ثبت درخواست")
    await mina.press("هر موضوعی")

    assert labels(await shown(mina)) == ["📝 ثبت درخواست", "📝 ثبت درخواست", LEAVE]


async def test_news_of_a_topic_are_offered(mina: Citizen) -> None:
    await mina.press("🔔 عضویت در خبرها")
    await mina.press("راه و ترافیک")

    assert labels(await shown(mina)) == ["🔔 این خبرها را می‌خواهم", LEAVE]


async def test_four_are_enough_and_one_taken_away_makes_room(mina: Citizen) -> None:
    for number in range(4):
        await mina.press("🔗 پیوند")
        (listed,) = await mina.send(f"صفحه {number} https://tehran.ir/{number}")
    (refused,) = await pressed(mina, "announce_buttons:topic:sport")
    (emptier,) = await mina.press("🗑 صفحه 1")
    (gone,) = await pressed(mina, "announce_buttons:away:9")

    assert "هر ۴ دکمه پر است" in listed.text
    assert "🔗 پیوند" not in labels(listed)
    assert "تا ۴ دکمه" in refused.text
    assert "🔗 پیوند" in labels(emptier)
    assert labels(gone) == labels(emptier)
    assert labels(await shown(mina)) == ["صفحه 0", "صفحه 2", "صفحه 3", LEAVE]


@pytest.mark.parametrize("data", ["answer:nothing.here", "category:nothing", "topic:nothing", "topic"])
async def test_what_is_not_there_cannot_be_put_there(mina: Citizen, data: str) -> None:
    (refused,) = await pressed(mina, f"announce_buttons:{data}")

    assert "دیگر نیست" in refused.text
    assert labels(await shown(mina)) == [LEAVE]


async def test_a_label_is_shown_as_it_was_typed(mina: Citizen) -> None:
    await mina.press("🔗 پیوند")
    (listed,) = await mina.send("[x](y) {label} https://tehran.ir")

    assert "🗑 [x](y) {label}" in labels(listed)
