"""The first meeting."""

from bot.app import App
from tests.botapi import BotApi
from tests.citizen import Citizen, labels, wait_until


async def test_a_newcomer_is_welcomed_with_an_example_and_sees_the_menu(sara: Citizen) -> None:
    welcome, menu = await sara.send("/start")

    assert "همیار ۱۴" in welcome.text
    assert "فردا تا کی بازید؟" in welcome.text
    assert labels(welcome) == ["🏠 منوی اصلی", "❓ راهنما"]
    assert "🎭 برنامه‌های شهری" in labels(menu)


async def test_who_comes_back_is_not_told_the_same_again(sara: Citizen) -> None:
    first, _ = await sara.send("/start")

    again, menu = await sara.send("شروع")

    assert "دوباره" in again.text
    assert again.text != first.text
    assert "🎭 برنامه‌های شهری" in labels(menu)


async def test_the_keyboard_that_stays_leads_to_menu_and_help(sara: Citizen) -> None:
    welcome, _ = await sara.send("/start")
    to_menu, to_help = labels(welcome)

    (menu,) = await sara.send(to_menu)
    (explained,) = await sara.send(to_help)

    assert "منوی اصلی" in menu.text
    assert "از من برمی‌آید" in explained.text


async def test_a_deep_link_and_the_name_of_the_bot_do_not_matter(sara: Citizen) -> None:
    welcome, _ = await sara.send("/start from_poster")
    again, _ = await sara.send("/START@hamyar14_bot")

    assert "همیار ۱۴" in welcome.text
    assert "دوباره" in again.text


async def test_telegram_lists_the_commands_and_bale_is_not_asked_to(app: App, telegram: BotApi, bale: BotApi) -> None:
    await wait_until(lambda: telegram.commands)

    listed = {command["command"]: command["description"] for command in telegram.commands}
    assert listed["menu"] == "منوی اصلی"
    assert listed["cancel"]
    assert not bale.calls_of("setMyCommands")
