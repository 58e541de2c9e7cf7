"""Messages that a turn sends to other chats, and changes there, with a little conversation of ours."""

from dataclasses import replace
from typing import Any

import pytest

from bot.app import App
from bot.content import Wording
from bot.errors import CitizenError
from bot.flow import Address, Button, Conversation, Keyboard, Talks, Turn
from bot.loading import Loaded, find_talks
from bot.markup import spans
from tests.botapi import BotApi
from tests.citizen import Citizen
from tests.group import Group
from tests.samples import jpeg

talk = Conversation("poster")
TOPIC = 33
CARD = "card:1"


def desk(turn: Turn) -> Address:
    return Address(turn.incoming.platform, -100, TOPIC if turn.incoming.platform == "telegram" else None)


@talk.command("post")
def post(turn: Turn) -> None:
    under = Keyboard(inline=[[Button("دکمه", "poster:seen")]])
    turn.post(desk(turn), turn.argument or "کارت", under, turn.keep(), logical=CARD)
    turn.say("sent")
    if turn.argument == "bad":
        raise CitizenError("refused")


@talk.command("repost")
def repost(turn: Turn) -> None:
    turn.repost(desk(turn), CARD, "کم‌کم")
    turn.repost(desk(turn), CARD, turn.argument)


WORDS = Wording("poster", texts={"sent": spans("رفت")}, errors={"refused": spans("نشد.")})


@pytest.fixture(scope="module")
def loaded(loaded: Loaded) -> Loaded:
    """The bot with one conversation more."""
    return replace(loaded, library=replace(loaded.library, talks=Talks([*find_talks(), (talk, WORDS)])))


@pytest.fixture
def options() -> dict[str, Any]:
    return {"web": {"enabled": False}}


@pytest.fixture
def group(app: App, api: BotApi) -> Group:
    topics = {"topics": (TOPIC,)} if api.dialect.name == "telegram" else {}
    return Group(app, api, extra=topics)


async def test_a_turn_writes_to_another_chat_and_to_its_topic(group: Group, sara: Citizen) -> None:
    told = await sara.send("/post سلام میز")

    (card,) = group.api.seen(group.number)
    assert [seen.text for seen in told] == ["رفت"]
    assert (card.text, card.buttons) == ("سلام میز", [["دکمه"]])
    assert card.thread_id == (TOPIC if group.platform == "telegram" else None)


async def test_a_refused_turn_writes_nothing_anywhere(group: Group, sara: Citizen) -> None:
    (refused,) = await sara.send("/post bad")

    assert "نشد" in refused.text
    assert group.api.seen(group.number) == []


async def test_a_named_message_is_changed_where_it_stands(group: Group, sara: Citizen) -> None:
    await sara.send("/post سلام")
    await sara.send("/repost انجام شد")

    (card,) = group.api.seen(group.number)
    assert (card.text, card.buttons, card.edited) == ("انجام شد", [], True)


async def test_of_two_changes_in_one_turn_the_last_one_counts(group: Group, sara: Citizen) -> None:
    await sara.send("/post سلام")
    await sara.send("/repost یک")
    await sara.send("/repost دو")

    assert [seen.text for seen in group.api.seen(group.number)] == ["دو"]


async def test_a_name_that_nothing_was_sent_under_is_sent_now(group: Group, sara: Citizen) -> None:
    await sara.send("/repost سلام")
    await sara.send("/repost دوباره")

    assert [seen.text for seen in group.api.seen(group.number)] == ["دوباره"]


async def test_what_cannot_be_changed_any_more_is_sent_anew_and_changed_there(group: Group, sara: Citizen) -> None:
    await sara.send("/post سلام")
    group.api.faults.fail_next("editMessageText", 400, "Bad Request: message can't be edited")

    await sara.send("/repost یک")
    await sara.send("/repost دو")

    assert [seen.text for seen in group.api.seen(group.number)] == ["سلام", "دو"]


@pytest.mark.usefixtures("cleaned_here")
async def test_files_stand_before_a_named_message_which_can_still_be_changed(group: Group, sara: Citizen) -> None:
    await sara._after(lambda: group.api.send_photo(sara.user_id, jpeg(), "/post سلام"))
    await sara.send("/repost انجام شد")

    photo, card = group.api.seen(group.number)
    assert (photo.kind, photo.caption) == ("photo", "")
    assert (card.text, card.edited) == ("انجام شد", True)
