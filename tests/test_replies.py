"""Replies to messages of the bot, in desks and in private, and messages that a conversation hears. Little ones of ours.

/show 7 -> a card of that name --reply--> what it said, with its files
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.answers import Answers, Reply
from bot.app import App
from bot.content import Wording
from bot.errors import CitizenError, Faults
from bot.flow import Conversation, Talks, Turn
from bot.loading import Loaded, find_talks
from bot.markup import spans
from bot.services import desks as rules
from tests.botapi import BotApi, Seen
from tests.citizen import Citizen, settled
from tests.editing import made_editor
from tests.group import Group
from tests.samples import jpeg

NEW = -1_000_000_000_100

cards = Conversation("cards")
secret = Conversation("secret", role="editor")
codes = Conversation("codes")
numbers = Conversation("numbers")


@cards.command("show")
@cards.desk_command("show")
def show(turn: Turn) -> None:
    turn.say("card", logical=f"thing:{turn.argument}")


@cards.command("busy")
def busy(turn: Turn) -> None:
    turn.say("asked")
    turn.go(wait)


@cards.step
def wait(turn: Turn) -> None:
    turn.say("waited")


@cards.desk_reply("thing")
@cards.reply("thing")
def take(turn: Turn) -> None:
    kept = turn.keep()
    turn.say("taken", number=turn.argument, words=turn.text, count=len(kept))
    if turn.text == "نه":
        raise CitizenError("refused")


@secret.command("hidden")
def hide(turn: Turn) -> None:
    turn.say("card", logical="hidden:1")


@cards.command("hidden_for_all")
def leave(turn: Turn) -> None:
    turn.say("card", logical="hidden:1")


@secret.reply("hidden")
def reveal(turn: Turn) -> None:
    turn.say("seen")


def digits(text: str) -> str | None:
    return text.strip("# ") if text.strip("# ").isdecimal() else None


@codes.hears(lambda text: digits(text) if text.startswith("#") else None)
@numbers.hears(digits)
def heard(turn: Turn) -> None:
    turn.say("heard", number=turn.argument)


CARDS = Wording(
    "cards",
    texts={
        "card": spans("کارت"),
        "asked": spans("بنویسید."),
        "waited": spans("نوشتید."),
        "taken": spans("{number}: {words} ({count})"),
    },
    errors={"refused": spans("نمی‌شود.")},
)
OURS = [
    (numbers, Wording("numbers", texts={"heard": spans("شماره {number}")})),
    (codes, Wording("codes", texts={"heard": spans("کد {number}")})),
    (secret, Wording("secret", texts={"card": spans("کارت"), "seen": spans("دیده شد")})),
    (cards, CARDS),
]


@pytest.fixture(scope="module")
def loaded(loaded: Loaded) -> Loaded:
    """The bot with some conversations more."""
    return replace(loaded, library=replace(loaded.library, talks=Talks([*find_talks(), *OURS])))


@pytest.fixture
def options() -> dict[str, Any]:
    return {"web": {"enabled": False}}


@pytest.fixture
async def group(app: App, api: BotApi) -> Group:
    """A desk."""
    made = Group(app, api)
    await made.become_desk()
    return made


def texts(seen: list[Seen]) -> list[str]:
    return [one.text for one in seen]


# In a desk


async def test_a_reply_to_a_card_reaches_its_step_with_its_number(group: Group) -> None:
    (card,) = await group.send(501, "/show 7")

    assert texts(await group.send(502, "آمدیم", reply_to=card.message_id)) == ["7: آمدیم (۰)"]
    assert await group.words_kept() == []


async def test_what_follows_the_name_may_say_more(group: Group) -> None:
    (card,) = await group.send(501, "/show 7:done")

    (taken,) = await group.send(502, "شد", reply_to=card.message_id)

    assert taken.text == "7:done: شد (۰)"


async def test_a_reply_may_bring_a_picture_with_words(group: Group) -> None:
    (card,) = await group.send(501, "/show 7")

    (taken,) = await group.after(
        lambda: group.api.send_photo(502, jpeg(), "شد", chat_id=group.number, reply_to=card.message_id)
    )

    assert taken.text == "7: شد (۱)"


async def test_a_reply_may_bring_an_album(group: Group) -> None:
    (card,) = await group.send(501, "/show 7")

    (taken,) = await group.after(
        lambda: group.api.send_album(502, [jpeg(), jpeg(shade=9)], "شد", chat_id=group.number, reply_to=card.message_id)
    )

    assert taken.text == "7: شد (۲)"


async def test_who_talks_to_each_other_in_a_desk_is_not_listened_to(group: Group) -> None:
    (card,) = await group.send(501, "/show 7")
    said = group.api.chats[group.number].heard

    assert said is not None
    assert await group.send(502, "سلام") == []
    assert await group.send(502, "باشد", reply_to=said["message_id"]) == []
    (taken,) = await group.send(501, "شد", reply_to=card.message_id)
    assert await group.send(502, "آفرین", reply_to=taken.message_id) == []
    assert await group.words_kept() == []


async def test_a_command_is_one_even_under_a_card(group: Group) -> None:
    (card,) = await group.send(501, "/show 7")

    assert texts(await group.send(502, "/show 8", reply_to=card.message_id)) == ["کارت"]
    assert await group.send(502, "/nothing", reply_to=card.message_id) == []


async def test_what_a_reply_did_before_it_was_refused_is_undone_and_said_in_the_desk(group: Group) -> None:
    (card,) = await group.send(501, "/show 7")

    assert texts(await group.send(502, "نه", reply_to=card.message_id)) == ["نمی‌شود."]


async def test_a_reply_in_a_group_that_is_no_desk_is_nothing(group: Group) -> None:
    (card,) = await group.send(501, "/show 7")
    other = Group(group.app, group.api, -101)
    number = other.api.take_message_id(other.chat)

    assert await other.send(502, "شد", reply_to_message={**message_of(other, number)}) == []
    (taken,) = await group.send(502, "شد", reply_to=card.message_id)
    assert taken.text == "7: شد (۰)"


def message_of(group: Group, number: int) -> dict[str, Any]:
    """A message of the bot as a platform quotes it."""
    return {"message_id": number, "from": group.api.me, "chat": group.chat.shape, "date": 1, "text": "x"}


@pytest.mark.parametrize(
    "broken", [None, 7, "x", {}, {"from": 3}, {"message_id": "5"}, {"message_id": 2**70}, {"message_id": True}]
)
async def test_a_reply_to_something_strange_is_no_reply(group: Group, broken: object) -> None:
    if isinstance(broken, dict) and "message_id" in broken:
        broken = message_of(group, 1) | broken

    assert await group.send(502, "شد", reply_to_message=broken) == []
    assert await group.operators_told() == []


async def test_a_card_is_known_by_its_number_in_its_own_chat_alone(group: Group) -> None:
    (card,) = await group.send(501, "/show 7")
    number = await group.app.store.read(lambda unit: unit.outbox.named(group.platform, group.number, card.message_id))

    assert number == "thing:7"
    assert await group.app.store.read(lambda unit: unit.outbox.named(group.platform, 501, card.message_id)) is None


async def test_a_reply_of_a_hidden_admin_is_told_how_to_show_who_they_are(telegram: BotApi, app: App) -> None:
    group = Group(app, telegram)
    await group.become_desk()
    (card,) = await group.send(501, "/show 7")

    (told,) = await group.after(lambda: telegram.say_anonymously(group.number, "شد", reply_to=card.message_id))

    assert "ناشناس ماندن" in told.text


async def test_cards_from_before_a_group_moved_are_known_only_to_what_was_said_before(
    telegram: BotApi, app: App
) -> None:
    old = Group(app, telegram, extra={"kind": "group"})
    await old.become_desk()
    (card,) = await old.send(501, "/show 7")
    new = Group(app, telegram, NEW)
    await app.store.write(lambda unit: rules.moved(unit, "telegram", old.number, NEW))

    late = await new.after(lambda: telegram.say(502, "شد", chat_id=old.number, reply_to=card.message_id))
    since = await new.send(502, "شد", reply_to_message=message_of(new, card.message_id))

    assert (texts(late), since) == (["7: شد (۰)"], [])


# In private


async def test_a_reply_in_private_reaches_its_step(sara: Citizen) -> None:
    (card,) = await sara.send("/show 7")

    assert texts(await sara.send("چه خبر؟", reply_to=card.message_id)) == ["7: چه خبر؟ (۰)"]


async def test_a_reply_goes_before_the_step_that_waits_for_words(sara: Citizen) -> None:
    (card,) = await sara.send("/show 7")
    (asked,) = await sara.send("/busy")

    assert texts(await sara.send("یک", reply_to=asked.message_id)) == ["نوشتید."]
    await sara.send("/busy")
    assert texts(await sara.send("منو", reply_to=card.message_id)) == ["7: منو (۰)"]


async def test_a_command_goes_before_a_reply(sara: Citizen) -> None:
    (card,) = await sara.send("/show 7")

    assert texts(await sara.send("/busy", reply_to=card.message_id)) == ["بنویسید."]


async def test_a_reply_that_is_for_staff_is_a_message_like_any_to_a_citizen(sara: Citizen) -> None:
    (card,) = await sara.send("/hidden_for_all")
    await sara.send("/busy")

    assert texts(await sara.send("یک", reply_to=card.message_id)) == ["نوشتید."]
    await made_editor(sara)
    assert texts(await sara.send("یک", reply_to=card.message_id)) == ["دیده شد"]


async def test_two_conversations_for_one_name_stop_the_start() -> None:
    twice = Conversation("twice")
    twice.reply("thing")(take)
    twice.desk_reply("thing")(take)

    with pytest.raises(Faults) as error:
        Talks([*find_talks(), (cards, CARDS), (twice, Wording("twice"))])

    assert [fault[:2] for fault in error.value.faults] == [("handlers/twice.py", "thing")] * 2


# Heard


async def test_a_message_is_heard_by_the_first_that_finds_something(sara: Citizen) -> None:
    first = await sara.send("#12")
    second = await sara.send(" 12 ")

    assert (texts(first), texts(second)) == (["کد 12"], ["شماره 12"])


async def test_nothing_is_heard_from_somebody_in_the_middle_of_something(sara: Citizen) -> None:
    await sara.send("/busy")

    assert texts(await sara.send("12")) == ["نوشتید."]


async def test_who_only_asks_is_heard(sara: Citizen) -> None:
    await sara.send("کد پستی شهرداری چنده؟")

    assert texts(await sara.send("12")) == ["شماره 12"]


async def test_what_is_heard_is_not_looked_up(sara: Citizen, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    look = Answers.reply

    def noted(self: Answers, text: str, now: datetime) -> Reply:
        looked.append(text)
        return look(self, text, now)

    monkeypatch.setattr(Answers, "reply", noted)

    await sara.send("12")
    await sara.send("سلام")

    assert looked == ["سلام"]


async def test_a_picture_with_such_words_is_not_heard(sara: Citizen) -> None:
    sara.api.send_photo(sara.user_id, jpeg(), "12")
    await settled(sara.app, sara.api)

    assert "شماره" not in sara.screen
