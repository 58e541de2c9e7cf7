"""Turns: one at a time, whole or not at all, at a place that survives a restart. With a little conversation of ours."""

from dataclasses import replace
from typing import Any

import pytest

from bot.app import App
from bot.content import Wording
from bot.errors import CitizenError
from bot.flow import Button, Conversation, Keyboard, Talks, Turn, data, side_by_side
from bot.loading import Loaded, find_talks
from bot.markup import spans
from bot.models import citizens, places
from tests.botapi import BotApi
from tests.citizen import Citizen, labels, outbox_rows, rows_of, settled
from tests.group import Group

talk = Conversation("ballot")


@talk.command("vote")
def ask(turn: Turn) -> None:
    turn.say("ask", Keyboard(inline=[[turn.button("withdraw", "withdraw", "now", name="سارا")]]))
    turn.memory["tries"] = 0
    turn.go(choose)


@talk.step
def choose(turn: Turn) -> None:
    """Writes before it refuses, so that a test sees whether the writing is undone."""
    turn.memory["tries"] += 1
    turn.unit.citizens.back(turn.citizen.platform, turn.citizen.user_id, turn.text)
    turn.say("counted", tries=turn.memory["tries"], name=turn.text)
    if turn.text == "دو":
        turn.end()
        raise CitizenError("only_one", limit=1)
    if turn.text == "باز":
        turn.go(choose)
    else:
        turn.end()


@talk.button("withdraw")
def withdraw(turn: Turn) -> None:
    turn.alert("counted_short")
    turn.change(f"**{turn.argument}**", Keyboard(inline=[[turn.link("menu", "home", "new", "home")]]))
    if turn.citizen.name == "رضا":
        raise CitizenError("only_one", limit=1)


@talk.desk_command("count")
def show(turn: Turn) -> None:
    turn.say("ask", Keyboard(inline=[[turn.button("withdraw", "count", turn.argument, name="سارا")]]))


@talk.desk_button("count")
def count(turn: Turn) -> None:
    if turn.argument == "bad":
        turn.unit.desks.make(turn.incoming.platform, turn.incoming.chat_id, "عوض شد")
        raise CitizenError("only_one", limit=1)
    turn.say("counted", tries=1, name=turn.argument)


WORDS = Wording(
    "ballot",
    texts={"ask": spans("کدام؟"), "counted": spans("بار {tries}: **{name}**"), "counted_short": spans("رسید")},
    buttons={"withdraw": "{name} پس گرفت"},
    errors={"only_one": spans("فقط {limit} رأی.")},
    words={"vote": ("رأی",)},
)


@pytest.fixture(scope="module")
def loaded(loaded: Loaded) -> Loaded:
    """The bot with one conversation more."""
    talks = Talks([*find_talks(), (talk, WORDS)])
    return replace(loaded, library=replace(loaded.library, talks=talks))


@pytest.fixture
def options() -> dict[str, Any]:
    return {"web": {"enabled": False}}


async def stored(sara: Citizen, table: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a table
    return await sara.app.store.read(lambda unit: rows_of(unit, table))


async def texts(sara: Citizen, *messages: str) -> list[str]:
    """What the bot showed after each message, joined."""
    return ["\n".join(seen.text for seen in await sara.send(message)) for message in messages]


async def test_a_conversation_goes_from_step_to_step_and_ends(sara: Citizen) -> None:
    asked, first, second, after = await texts(sara, "/vote", "باز", "یک", "سلام")

    assert asked == "کدام؟"
    assert ("بار ۱" in first, "بار ۲" in second) == (True, True)
    assert "بار ۳" not in after
    assert await stored(sara, places) == []


async def test_an_expected_error_leaves_the_citizen_at_their_step_with_nothing_written(sara: Citizen) -> None:
    await texts(sara, "/vote", "باز")

    (refused,) = await sara.send("دو")

    assert "فقط ۱ رأی." in refused.text
    assert [row["name"] for row in await stored(sara, citizens)] == ["سارا"]
    assert [(row["place"], row["memory"]) for row in await stored(sara, places)] == [("ballot.choose", '{"tries": 1}')]
    (counted,) = await sara.send("یک")
    assert "بار ۲" in counted.text


async def test_an_expected_error_of_a_button_still_stops_it_from_spinning(reza: Citizen) -> None:
    (asked,) = await reza.send("/vote")

    (refused,) = await reza.press(labels(asked)[0])

    assert "فقط ۱ رأی." in refused.text
    assert [alert.text for alert in reza.api.alerts] == [""]
    assert reza.api.seen(reza.user_id)[0] == asked
    assert [row["place"] for row in await stored(reza, places)] == ["ballot.choose"]


async def test_a_button_carries_its_argument_and_is_acknowledged_once(sara: Citizen) -> None:
    (asked,) = await sara.send("/vote")

    (changed,) = await sara.press("سارا پس گرفت")

    assert changed.message_id == asked.message_id
    assert "now" in changed.text
    assert labels(changed) == ["🏠 منوی اصلی"]
    assert [alert.text for alert in sara.api.alerts] == ["رسید"]


async def test_what_a_citizen_writes_is_shown_back_as_they_wrote_it(sara: Citizen) -> None:
    hostile = "<i>x</i> &amp; {limit} [a](https://b.c)"
    await sara.send("/vote")

    (shown,) = await sara.send(hostile)

    assert not [entity for entity in shown.entities if entity["type"] in {"italic", "text_link"}]
    if sara.api.dialect.name == "telegram":
        assert hostile in shown.text


@pytest.mark.parametrize("word", ["/menu", "منو", "/vote@hamyar14_bot", "لغو"])
async def test_a_command_from_anywhere_moves_the_citizen(sara: Citizen, word: str) -> None:
    await texts(sara, "/deleteme", word)

    places_now = [row["place"] for row in await stored(sara, places)]
    assert places_now == (["ballot.choose"] if "vote" in word else [])


async def test_two_citizens_do_not_meet(sara: Citizen, reza: Citizen) -> None:
    await sara.send("/vote")
    await reza.send("/deleteme")
    (hers,) = await sara.send("یک")
    (his,) = await reza.send("نه")

    assert "بار ۱" in hers.text
    assert "چیزی پاک نشد" in his.text


async def test_messages_of_one_citizen_are_handled_in_their_order(sara: Citizen) -> None:
    for message in ("/vote", *["باز"] * 8, "یک"):
        sara.api.say(sara.user_id, message)
    await settled(sara.app, sara.api)

    counted = [seen.text.partition(":")[0] for seen in sara.api.seen(sara.user_id)]
    assert counted == ["کدام؟", *(f"بار {digit}" for digit in "۱۲۳۴۵۶۷۸۹")]


async def test_the_place_survives_a_restart(start: Any, api: BotApi) -> None:  # noqa: ANN401 - see conftest
    api.meet(501, first_name="سارا")
    async with start() as app:
        await texts(Citizen(app, api, 501), "/vote", "باز")

    async with start() as app:
        (counted,) = await texts(Citizen(app, api, 501), "یک")

    assert "بار ۲" in counted


@pytest.mark.parametrize("place", ["ballot.gone", "gone.choose", "ballot", ""])
@pytest.mark.parametrize("api", ["telegram"], indirect=True)
async def test_a_place_that_no_longer_exists_is_left(sara: Citizen, place: str) -> None:
    await sara.send("/vote")
    await sara.app.store.write(lambda unit: unit.places.move("telegram", 501, 501, (place, "{}")))

    (shown,) = await sara.send("کد پستی شهرداری چنده؟")

    assert "۱۷۷۷۶۸۳۱۹۳" in shown.text
    assert [row["place"] for row in await stored(sara, places)] == ["ask.answer"]


@pytest.mark.parametrize("api", ["telegram"], indirect=True)
async def test_a_repeated_update_changes_nothing(sara: Citizen) -> None:
    await sara.send("/vote")
    sara.api.faults.duplicate_next_updates(1)

    shown = await sara.send("باز")

    assert [seen.text for seen in shown] == ["بار ۱: باز"]
    assert len(await outbox_rows(sara.app)) == 2


def test_a_button_says_its_conversation_what_to_do_and_with_what() -> None:
    assert data("ask", "show", "contact.phone") == "ask:show:contact.phone"
    assert data("menu", "home") == "menu:home"


def test_short_buttons_stand_side_by_side_and_long_ones_alone() -> None:
    buttons = [Button(label, "a:b") for label in ("یک", "دو", "سه", "ی" * 30, "چهار")]

    assert [[len(button.label) for button in row] for row in side_by_side(buttons)] == [[2, 2], [2], [30], [4]]


# In a desk


async def test_a_button_in_a_desk_reaches_its_step_and_answers_in_the_same_topic(telegram: BotApi, app: App) -> None:
    desk = Group(app, telegram, extra={"topics": (33,)})
    await desk.become_desk()
    await desk.send(501, "/count seven", thread_id=33)

    (counted,) = await desk.after(lambda: telegram.press(502, "سارا پس گرفت", chat_id=desk.number))

    assert (counted.text, counted.thread_id) == ("بار ۱: seven", 33)
    assert [alert.text for alert in telegram.alerts] == [""]


async def test_what_a_step_in_a_desk_did_before_it_refused_is_undone(sara: Citizen) -> None:
    desk = Group(sara.app, sara.api)
    await desk.become_desk()
    await desk.send(501, "/count bad")

    shown = await desk.after(lambda: sara.api.press(501, "سارا پس گرفت", chat_id=desk.number))

    found = await desk.desk()
    assert shown == []
    assert found is not None
    assert found.title == desk.title


async def test_why_not_is_said_in_a_desk_only_to_whoever_pressed(sara: Citizen) -> None:
    desk = Group(sara.app, sara.api)
    await desk.become_desk()
    await desk.send(501, "/count bad")

    await desk.after(lambda: sara.api.press(501, "سارا پس گرفت", chat_id=desk.number))

    (told,) = sara.api.alerts
    assert (told.user_id, told.text, told.show_alert) == (501, "فقط ۱ رأی.", True)


async def test_what_belongs_into_desks_reaches_nothing_in_private_and_the_other_way_round(sara: Citizen) -> None:
    desk = Group(sara.app, sara.api)
    await desk.become_desk()
    *_, asked = await sara.send("/vote")
    (in_desk,) = await desk.send(501, "/count 7")

    assert await desk.send(501, "/vote") == []
    sara.api.press_gone(501, data("ballot", "withdraw", "now"), in_desk)
    await settled(sara.app, sara.api)
    sara.api.press_gone(501, data("ballot", "count", "7"), asked)
    await settled(sara.app, sara.api)

    assert len(sara.api.seen(desk.number)) == 1
    assert "بار" not in sara.screen


async def test_who_is_asked_something_in_private_is_not_disturbed_by_a_desk(sara: Citizen) -> None:
    desk = Group(sara.app, sara.api)
    await desk.become_desk()
    await sara.send("/vote")

    await desk.send(501, "/count 7")
    await desk.after(lambda: sara.api.press(501, "سارا پس گرفت", chat_id=desk.number))
    await desk.send(501, "یک")

    (counted,) = await sara.send("یک")
    assert counted.text.startswith("بار ۱: ")
