"""The menu, walked without typing."""

import pytest

from bot.screens import MOST_BUTTONS
from tests.botapi import BotApi, Seen
from tests.citizen import Citizen, labels, settled
from tests.test_facts import BY_ID, TOPIC_IDS

HOME = "🏠 منوی اصلی"
BACK = "↩️ بازگشت"


async def test_the_menu_opens_by_command_and_by_word(sara: Citizen) -> None:
    for asked in ("/menu", "منو", "منوی اصلي!", "صفحه اصلی", "/menu@hamyar14_bot"):
        (menu,) = await sara.send(asked)

        assert "منوی اصلی" in menu.text, asked
        assert 0 < len(labels(menu)) <= MOST_BUTTONS
        assert HOME not in labels(menu)


async def test_walking_changes_one_message_and_leaves_no_trail(sara: Citizen) -> None:
    (menu,) = await sara.send("/menu")
    walked = [await sara.press(label) for label in ("🎭 برنامه‌های شهری", "ورزش و شادی", BACK, "سیمای شهر", HOME)]

    assert [len(changed) for changed in walked] == [1] * 5
    assert {changed[0].message_id for changed in walked} == {menu.message_id}
    assert len(sara.api.seen(sara.user_id)) == 1
    assert (walked[-1][0].text, labels(walked[-1][0])) == (menu.text, labels(menu))


async def test_a_topic_opens_below_and_leads_back_to_its_screen(sara: Citizen) -> None:
    (menu,) = await sara.send("/menu")
    (contact,) = await sara.press("📞 تماس و نشانی")

    (answer,) = await sara.press("📮 کد پستی")
    (below,) = await sara.press(BACK)

    assert "۱۷۷۷۶۸۳۱۹۳" in answer.text
    assert answer.message_id != menu.message_id
    assert (below.text, labels(below)) == (contact.text, labels(contact))
    assert below.message_id not in {menu.message_id, answer.message_id}


async def test_pressing_the_same_button_twice_is_no_trouble(sara: Citizen) -> None:
    (menu,) = await sara.send("/menu")
    await sara.press("📞 تماس و نشانی")

    sara.api.press_gone(sara.user_id, "menu:open:contact", menu)
    await settled(sara.app, sara.api)

    (shown,) = sara.api.seen(sara.user_id)
    assert "تماس و نشانی" in shown.text
    assert len(sara.api.alerts) == 2


async def test_a_screen_that_is_gone_opens_the_home_screen(sara: Citizen) -> None:
    (menu,) = await sara.send("/menu")
    await sara.press("📞 تماس و نشانی")

    sara.api.press_gone(sara.user_id, "menu:open:no_such_screen", menu)
    await settled(sara.app, sara.api)

    assert labels(sara.api.seen(sara.user_id)[0]) == labels(menu)


async def test_an_old_or_forged_button_is_answered_kindly(sara: Citizen) -> None:
    (menu,) = await sara.send("/menu")
    for number, pressed in enumerate(("ancient:show:1", "menu:no_such_action", "x", ":::", "🙂", "menu"), start=1):
        sara.api.press_gone(sara.user_id, pressed, menu)
        await settled(sara.app, sara.api)

        *_, shown = sara.api.seen(sara.user_id)
        assert len(sara.api.seen(sara.user_id)) == number + 1
        assert labels(shown) == labels(menu)
        assert "قدیمی" in sara.api.alerts[-1].text


async def test_cancel_says_whether_there_was_something_to_cancel(sara: Citizen) -> None:
    nothing, menu = await sara.send("/cancel")
    await sara.send("حذف من")
    cancelled, again = await sara.send("بی‌خیال")

    assert nothing.text != cancelled.text
    assert menu.text == again.text
    shown = await sara.send("بله، پاک کنید")
    assert "پاک شد" not in shown[0].text


# -- everything that is known can be reached without typing


async def open_screen(sara: Citizen, path: tuple[str, ...]) -> Seen:
    (shown,) = await sara.send("/menu")
    for pressed in path:
        (shown,) = await sara.press(pressed)
    return shown


def doors(shown: Seen, kind: str) -> list[str]:
    pressable = [button["callback_data"] for row in shown.rows for button in row if "callback_data" in button]
    return [data for data in pressable if data.startswith(kind)]


@pytest.mark.parametrize("api", ["telegram"], indirect=True)
async def test_every_topic_is_reached_by_pressing_alone(sara: Citizen, api: BotApi) -> None:
    found: set[str] = set()
    ahead: list[tuple[str, ...]] = [()]
    walked: set[str] = {"menu:open:home"}
    while ahead:
        path = ahead.pop()
        shown = await open_screen(sara, path)
        assert len(labels(shown)) <= MOST_BUTTONS
        assert (HOME in labels(shown)) == bool(path)
        assert (BACK in labels(shown)) == (len(path) > 1)
        for topic in doors(shown, "ask:show:"):
            await sara.press(topic)
            answer = sara.api.seen(sara.user_id)[-1]
            assert HOME in labels(answer)
            assert len(labels(answer)) <= MOST_BUTTONS
            found |= {topic.removeprefix("ask:show:")}
        for screen in doors(shown, "menu:open:"):
            if screen not in walked:
                walked.add(screen)
                ahead.append((*path, screen))

    assert found >= set(TOPIC_IDS)
    assert found <= BY_ID.keys()
