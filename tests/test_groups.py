"""Groups: only desks are listened to, only to what is meant for the bot, and nothing said there is kept."""

import asyncio
from typing import Any

import pytest

from bot.app import App
from bot.models import citizens, desks, outbox, places
from bot.services import desks as rules
from bot.store import Unit
from bot.store.outbox import Outgoing
from tests.botapi import BotApi
from tests.botapi.answers import JSON
from tests.citizen import Citizen, inbox_rows, rows_of, settled
from tests.conftest import BOTH_ENGINES
from tests.group import OPERATOR, Group

NEW = -1_000_000_000_100
on_both = pytest.mark.parametrize("engine", BOTH_ENGINES)


@pytest.fixture
def options() -> dict[str, Any]:
    return {"web": {"enabled": False}, "operators": {"chat_ids": ["telegram:900", "bale:900"]}}


@pytest.fixture
def group(app: App, api: BotApi) -> Group:
    api.meet(OPERATOR)
    return Group(app, api)


async def rows(app: App, table: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a table
    """All rows, the oldest first: PostgreSQL shows them as they lie on the disk."""
    found = await app.store.read(lambda unit: rows_of(unit, table))
    return sorted(found, key=lambda row: row.get("id", 0))


def service(group: Group, **what: object) -> JSON:
    """A message of the group about itself."""
    person = {"id": 501, "is_bot": False, "first_name": "سارا"}
    return {"message": {"message_id": 70, "date": 1, "chat": group.chat.shape, "from": person, **what}}


def membership(chat: JSON, status: str) -> JSON:
    """The bot's place in a chat changed."""
    me = {"id": 100, "is_bot": True, "first_name": "Hamyar"}
    person = {"id": 501, "is_bot": False, "first_name": "سارا"}
    states = {"old_chat_member": {"user": me, "status": "member"}, "new_chat_member": {"user": me, "status": status}}
    return {"my_chat_member": {"chat": chat, "from": person, "date": 1, **states}}


# What is not for the bot


@pytest.mark.parametrize("said", ["سلام", "/start", "/help@hamyar14_bot", "/deleteme", "ساعت کاری شما چیست؟"])
@pytest.mark.parametrize("is_desk", [False, True])
async def test_what_people_say_in_a_group_is_neither_answered_nor_kept(
    group: Group, said: str, *, is_desk: bool
) -> None:
    if is_desk:
        await group.become_desk()

    assert await group.send(501, said) == []

    assert await group.words_kept() == []
    assert await rows(group.app, citizens) == await rows(group.app, places) == await rows(group.app, outbox) == []
    assert [(row["state"], row["error"]) for row in await inbox_rows(group.app)] == [(1, None)]


async def test_a_button_pressed_in_a_strange_group_reaches_nothing(group: Group, sara: Citizen) -> None:
    *_, menu = await sara.send("/start")
    message = {"message_id": 5, "date": 1, "chat": group.chat.shape, "from": group.api.me, "text": "x"}
    pressed = {"id": "77", "from": group.api.person(501), "chat_instance": "1", "data": "menu:open:home"}

    for _ in range(2):
        assert await group.push({"callback_query": pressed | {"message": message}}) == []
        await group.become_desk()

    assert await sara.press(menu.buttons[0][0])


@pytest.mark.parametrize(
    "update",
    [
        {"message": {"message_id": 5, "date": 1, "from": {"id": 7}, "text": 8}},
        {"message": {"message_id": 5, "date": 1, "from": {"id": 7, "is_bot": False, "first_name": []}, "photo": 3}},
        {"message_from_the_future": {"text": "راز"}},
    ],
)
async def test_what_cannot_be_read_in_a_strange_group_is_nobodys_trouble(group: Group, update: JSON) -> None:
    for part in update.values():
        part["chat"] = group.chat.shape

    await group.push(update)

    assert await group.operators_told() == await group.words_kept() == []


async def test_channel_posts_through_a_group_are_passed_over(group: Group) -> None:
    await group.become_desk()

    assert await group.after(lambda: group.api.post_from_channel(group.number, -777, "/desk")) == []
    assert await group.send(501, "/desk", sender_chat={"id": -777, "type": "channel", "title": "خبر"}) == []


async def test_a_talk_under_way_in_private_is_not_touched_by_a_desk(group: Group, sara: Citizen) -> None:
    await group.become_desk()
    await sara.send("/deleteme")

    assert len(await group.send(501, "/desk")) == 1
    (deleted,) = await sara.send("بله")

    assert "پاک شد" in deleted.text


# Topics


async def test_an_answer_stands_in_the_topic_that_was_written_in(telegram: BotApi, app: App) -> None:
    group = Group(app, telegram, extra={"topics": (33,)})
    await group.become_desk()

    (in_topic,) = await group.send(501, "/desk", thread_id=33)
    (in_general,) = await group.send(501, "/desk")

    assert (in_topic.thread_id, in_general.thread_id) == (33, None)


async def test_an_answer_to_a_topic_that_is_gone_goes_to_the_group(telegram: BotApi, app: App) -> None:
    group = Group(app, telegram, extra={"topics": (33,)})
    await group.become_desk()
    telegram.faults.fail_next("sendMessage", 400, "Bad Request: message thread not found")

    (shown,) = await group.send(501, "/desk", thread_id=33)

    assert shown.thread_id is None


async def test_an_answer_in_a_plain_group_is_no_topic(telegram: BotApi, app: App) -> None:
    group = Group(app, telegram)
    await group.become_desk()

    assert len(await group.send(501, "/desk", message_thread_id=34)) == 1

    assert ["message_thread_id" in call.params for call in telegram.calls_of("sendMessage")] == [False]


async def test_bale_is_told_of_no_topics(bale: BotApi, app: App) -> None:
    group = Group(app, bale)
    await group.become_desk()

    await group.send(501, "/desk", message_thread_id=33, is_topic_message=True)

    assert ["message_thread_id" in call.params for call in bale.calls_of("sendMessage")] == [False]


# Moving


@pytest.fixture
async def old(telegram: BotApi, app: App) -> Group:
    """A desk that is still a plain group."""
    group = Group(app, telegram, extra={"kind": "group"})
    await group.become_desk()
    return group


@on_both
async def test_a_group_that_becomes_a_supergroup_stays_a_desk(telegram: BotApi, app: App, old: Group) -> None:
    made = await old.desk()

    telegram.migrate(old.number, NEW, 501)
    new = Group(app, telegram, NEW)
    (shown,) = await new.send(501, "/desk")

    desk = await new.desk()
    assert desk is not None
    assert made is not None
    assert (desk.id, desk.chat_id) == (made.id, NEW)
    assert old.title in shown.text
    assert await old.operators_told() == []


@pytest.mark.parametrize("order", [("from", "to"), ("from",), ("to",), ("to", "to", "from", "from")])
async def test_who_says_that_a_group_has_moved_and_how_often_does_not_matter(
    telegram: BotApi, app: App, old: Group, order: tuple[str, ...]
) -> None:
    new = Group(app, telegram, NEW)

    for way in order:
        if way == "to":
            await old.push(service(old, migrate_to_chat_id=NEW))
        else:
            await new.push(service(new, migrate_from_chat_id=old.number))

    assert len(await new.send(501, "/desk")) == 1
    assert len(await rows(app, desks)) == 1


@on_both
async def test_any_number_of_processes_may_learn_of_a_move_at_once(telegram: BotApi, app: App, old: Group) -> None:
    def move(unit: Unit) -> None:
        rules.moved(unit, "telegram", old.number, NEW)

    await asyncio.gather(*(app.store.write(move) for _ in range(8)))

    assert [row["chat_id"] for row in await rows(app, desks)] == [NEW]


@on_both
async def test_a_move_and_a_loss_that_are_told_at_once_do_not_wait_for_each_other(app: App, old: Group) -> None:
    def write(unit: Unit) -> None:
        for _ in range(100):
            unit.outbox.add(Outgoing("telegram", old.number, "send", '{"text":[]}'), claimed=True)

    def move(unit: Unit) -> None:
        rules.moved(unit, "telegram", old.number, NEW)

    def lose(unit: Unit) -> None:
        rules.lost(unit, "telegram", old.number, "put out")

    await app.store.write(write)
    await asyncio.gather(*(app.store.write(work) for work in (lose, move, lose, move)))

    assert [row["chat_id"] for row in await rows(app, desks)] == [NEW]


@on_both
async def test_what_was_asked_before_the_move_is_answered_after_it(telegram: BotApi, app: App, old: Group) -> None:
    new = Group(app, telegram, NEW)
    await new.push(service(new, migrate_from_chat_id=old.number))

    await old.send(501, "/desk")

    assert telegram.seen(old.number) == []
    assert len(telegram.seen(NEW)) == 1


@on_both
async def test_messages_that_meet_the_move_go_to_the_new_group_in_order(telegram: BotApi, app: App, old: Group) -> None:
    new = Group(app, telegram, NEW)
    old.chat.migrated_to = NEW

    for _ in range(3):
        telegram.say(501, "/desk", chat_id=old.number)
    await settled(app, telegram)

    assert telegram.seen(old.number) == []
    sent = [row["message_id"] for row in await rows(app, outbox) if row["chat_id"] == NEW]
    assert sent == [seen.message_id for seen in telegram.seen(NEW)]
    assert len(sent) == 3
    assert await new.desk() is not None


async def test_an_alarm_for_a_group_of_operators_that_moved_arrives_too(telegram: BotApi, app: App) -> None:
    Group(app, telegram, NEW)
    telegram.meet(OPERATOR).migrated_to = NEW

    assert app.work is not None
    await app.work.alarms.begin("silent", "bale", minutes=5)
    await settled(app, telegram)

    assert ["bale" in seen.text for seen in telegram.seen(NEW)] == [True]


# Lost desks


@on_both
async def test_operators_are_told_once_of_a_desk_that_cannot_be_written_to(group: Group) -> None:
    await group.become_desk()
    group.api.block(group.number)
    for _ in range(3):
        await group.send(501, "/desk")

    assert len(await group.operators_told()) == 1
    told = "\n".join(seen.text for seen in group.api.seen(OPERATOR))
    assert "میز فضای سبز" in told


async def test_a_group_with_a_citizens_number_is_not_taken_for_the_citizen(
    sara: Citizen, api: BotApi, app: App
) -> None:
    """Bale gives groups numbers like those of people."""
    await sara.send("سلام")
    await app.store.write(lambda unit: unit.desks.make(api.dialect.name, sara.user_id, "میز"))
    api.block(sara.user_id)

    await sara.send("سلام")

    assert [row["gone_at"] for row in await rows(app, citizens)] == [None]


@on_both
@pytest.mark.parametrize("status", ["left", "kicked"])
async def test_who_puts_the_bot_out_of_a_desk_is_noticed_and_who_lets_it_in_again_too(
    telegram: BotApi, app: App, status: str
) -> None:
    telegram.meet(OPERATOR)
    group = Group(app, telegram)
    await group.become_desk()

    for _ in range(2):
        await group.push(membership(group.chat.shape, status))
    lost = await group.desk()
    await group.push(membership(group.chat.shape, "administrator"))
    back = await group.desk()

    assert lost is not None
    assert lost.lost_at is not None
    assert back is not None
    assert back.lost_at is None
    assert len(await group.operators_told()) == 1


async def test_who_blocks_the_bot_is_gone_until_they_write_again(telegram: BotApi, app: App) -> None:
    telegram.meet(501, first_name="سارا")
    sara = Citizen(app, telegram, 501)
    await sara.send("سلام")

    async def is_gone() -> bool:
        def look(unit: Unit) -> bool:
            met = unit.citizens.find("telegram", 501, 501)
            return met is not None and met.gone

        return await app.store.read(look)

    telegram.push(membership({"id": 501, "type": "private", "first_name": "سارا"}, "kicked"))
    await settled(app, telegram)
    assert await is_gone()

    await sara.send("سلام")
    assert not await is_gone()
