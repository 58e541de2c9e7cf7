"""What a group of staff is to the bot."""

import pytest

from bot.app import App
from bot.dates import day_in_words
from tests.botapi import BotApi
from tests.citizen import Citizen, inbox_rows
from tests.group import Group


@pytest.fixture
def group(app: App, api: BotApi) -> Group:
    return Group(app, api)


async def test_staff_are_told_what_the_group_is_and_since_when(group: Group) -> None:
    desk = await group.become_desk()

    (shown,) = await group.send(501, "/desk")

    assert "میز فضای سبز" in shown.text
    assert day_in_words(desk.made_at) in shown.text


async def test_the_command_may_name_the_bot_but_no_other(group: Group) -> None:
    await group.become_desk()

    assert len(await group.send(501, "/desk@Hamyar14_bot")) == 1
    assert await group.send(501, "/desk@another_bot") == []


async def test_a_title_that_looks_like_markup_is_shown_as_it_is(group: Group) -> None:
    group.title = "<b>{since}</b> [x](https://a.b)"
    await group.become_desk()

    (shown,) = await group.send(501, "/desk")

    assert "{since}" in shown.text
    assert not any(entity.get("url", "").startswith("https://a.b") for entity in shown.entities)


async def test_in_a_group_that_is_no_desk_nothing_is_said(group: Group) -> None:
    assert await group.send(501, "/desk") == []


async def test_in_a_private_talk_it_is_a_command_like_any_that_does_not_exist(sara: Citizen) -> None:
    await sara.send("/start")
    unknown = await sara.send("/nothing_of_ours")
    told = await sara.send("/desk")

    assert [seen.text for seen in told] == [seen.text for seen in unknown]


async def test_an_admin_who_hides_behind_the_group_is_asked_to_show_themselves(app: App, telegram: BotApi) -> None:
    group = Group(app, telegram)
    await group.become_desk()

    (shown,) = await group.after(lambda: telegram.say_anonymously(group.number, "/desk"))

    assert "ناشناس ماندن" in shown.text
    assert "میز کار" not in shown.text
    assert [row["error"] for row in await inbox_rows(app)] == [None]


async def test_chatter_of_a_hidden_admin_is_no_matter_of_ours(app: App, telegram: BotApi) -> None:
    group = Group(app, telegram)
    await group.become_desk()

    assert await group.after(lambda: telegram.say_anonymously(group.number, "سلام")) == []
