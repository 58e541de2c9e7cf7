"""Buttons of the fake are pressed, answered, edited away."""

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message, ReplyKeyboardMarkup, Update
from telegram.error import BadRequest

from tests.botapi import BaleShape, BotApi
from tests.botapi.request import bot_of

SARA = 7
MENU = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("ساعت کار", callback_data="hours")],
        [InlineKeyboardButton("سایت", url="https://example.org")],
    ]
)


async def pressed(api: BotApi, bot: Bot, **how: bool) -> Update:
    """The update of a press on the menu."""
    api.meet(SARA)
    await bot.send_message(SARA, "منو", reply_markup=MENU)
    number = api.press(SARA, "ساعت کار", **how)
    return (await bot.get_updates(offset=number))[0]


async def test_a_button_is_pressed_by_its_label_or_its_data(api: BotApi, bot: Bot) -> None:
    update = await pressed(api, bot)
    api.press(SARA, "hours")

    assert update.callback_query
    assert (update.callback_query.data, update.callback_query.chat_instance != "") == ("hours", True)
    assert isinstance(update.callback_query.message, Message)
    assert update.callback_query.message.reply_markup == MENU


async def test_a_press_on_what_is_not_there_tells_what_is(api: BotApi, bot: Bot) -> None:
    await pressed(api, bot)

    with pytest.raises(AssertionError, match=r"no button 'سایت' .* #1 .*ساعت کار"):
        api.press(SARA, "سایت")


async def test_an_older_message_can_be_pressed(api: BotApi, bot: Bot) -> None:
    await pressed(api, bot)
    await bot.send_message(SARA, "منو", reply_markup=MENU)

    api.press(SARA, "hours", message=api.seen(SARA)[0])

    update = (await bot.get_updates())[-1]
    assert update.effective_message
    assert update.effective_message.message_id == 1


async def test_a_button_that_has_just_gone_can_still_be_pressed(api: BotApi, bot: Bot) -> None:
    await pressed(api, bot)
    (menu,) = api.seen(SARA)
    await bot.edit_message_reply_markup(SARA, 1)

    api.press_gone(SARA, "hours", menu)

    update = (await bot.get_updates())[-1]
    assert update.callback_query
    assert update.callback_query.data == "hours"


async def test_bale_can_leave_the_chat_instance_out() -> None:
    api = BotApi("bale", shape=BaleShape(chat_instance=False))

    with pytest.raises(TypeError, match="chat_instance"):
        await pressed(api, bot_of(api))


async def test_an_answered_press_is_noted(api: BotApi, bot: Bot) -> None:
    update = await pressed(api, bot)

    assert update.callback_query
    await update.callback_query.answer("ثبت شد", show_alert=True)
    assert [(alert.user_id, alert.text, alert.show_alert) for alert in api.alerts] == [(SARA, "ثبت شد", True)]


async def test_an_old_bale_client_shows_no_answer(bale: BotApi, bale_bot: Bot) -> None:
    update = await pressed(bale, bale_bot, old_client=True)

    assert update.callback_query
    assert update.callback_query.id.startswith("1")
    await update.callback_query.answer("ثبت شد")
    assert not bale.alerts[0].visible


async def test_a_stale_press_cannot_be_answered(api: BotApi, bot: Bot) -> None:
    update = await pressed(api, bot)
    api.expire_queries()

    assert update.callback_query
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await update.callback_query.answer()


@pytest.mark.parametrize(("data", "why"), [("ی" * 33, "(?i)button_data_invalid"), (None, "(?i)text buttons")])
async def test_telegram_refuses_buttons_that_cannot_work(api: BotApi, bot: Bot, data: str | None, why: str) -> None:
    api.meet(SARA)
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("دکمه", callback_data=data)]])

    with pytest.raises(BadRequest, match=why):
        await bot.send_message(SARA, "منو", reply_markup=markup)


async def test_labels_are_seen_row_by_row(api: BotApi, bot: Bot) -> None:
    await pressed(api, bot)
    await bot.send_message(SARA, "کدام؟", reply_markup=ReplyKeyboardMarkup([["بله", "نه"]]))

    assert [seen.buttons for seen in api.seen(SARA)] == [[["ساعت کار"], ["سایت"]], [["بله", "نه"]]]


# Edits


async def test_an_edit_changes_what_is_seen_and_takes_the_buttons_away(api: BotApi, bot: Bot) -> None:
    await pressed(api, bot)

    message = await bot.edit_message_text("<b>باز</b>", SARA, 1, parse_mode="HTML")

    (seen,) = api.seen(SARA)
    assert (seen.text, seen.edited, seen.buttons) == ("باز", True, [])
    assert isinstance(message, Message)
    assert message.text == "باز"


async def test_buttons_are_edited_alone(api: BotApi, bot: Bot) -> None:
    await pressed(api, bot)

    await bot.edit_message_reply_markup(SARA, 1)

    assert (api.seen(SARA)[0].text, api.seen(SARA)[0].buttons) == ("منو", [])


async def test_bale_answers_an_edit_with_a_stub(bale: BotApi, bale_bot: Bot) -> None:
    await pressed(bale, bale_bot)

    message = await bale_bot.edit_message_text("باز", SARA, 1)

    assert isinstance(message, Message)
    assert (message.message_id, message.text, bale.seen(SARA)[0].text) == (0, None, "باز")


async def test_telegram_refuses_an_edit_that_changes_nothing(api: BotApi, bot: Bot) -> None:
    await pressed(api, bot)

    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await bot.edit_message_text("منو", SARA, 1, reply_markup=MENU)


async def test_only_the_bots_own_messages_with_inline_buttons_are_edited(api: BotApi, bot: Bot) -> None:
    api.say(SARA, "سلام")
    await bot.send_message(SARA, "کدام؟", reply_markup=ReplyKeyboardMarkup([["بله"]]))

    for message_id, why in ((1, "can't be edited"), (2, "can't be edited"), (99, "to edit not found")):
        with pytest.raises(BadRequest, match=why):
            await bot.edit_message_text("باز", SARA, message_id)


async def test_a_deleted_message_is_gone(api: BotApi, bot: Bot) -> None:
    api.say(SARA, "سلام")
    await bot.send_message(SARA, "بله")

    assert await bot.delete_message(SARA, 2)
    assert api.seen(SARA) == []
    with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
        await bot.delete_message(SARA, 2)
