"""The buttons under an announcement.

leave -> its topic comes no more, all if it has none --undo--> as it was
                                                     --all---> nothing comes any more --back--> all as it was
go    -> where the button leads: an answer, a report, a survey, a topic that is chosen --undo--> as it was
what is not there any more -> said so, with the way to «خبرهای من»
"""

from bot.flow import Button, Conversation, Keyboard, Turn, data
from bot.services import choosing, contents
from bot.services.choosing import Stand
from bot.services.contents import Action
from bot.services.topics import EMERGENCY, TOPICS

talk = Conversation("announced")

STOPPED = "stopped"
"""Of whoever wanted nothing at all before they chose a topic."""


# -- leaving


@talk.button("leave")
def leave(turn: Turn) -> None:
    found = contents.sent(turn.unit, turn.argument)
    if found is None:
        gone(turn)
        return
    turn.unit.presses.note(found.id, contents.LEFT, turn.citizen.id)
    if found.topic not in TOPICS:
        leave_all(turn)
        return
    stood = choosing.stand(choosing.of(turn.unit, turn.citizen), found.topic)
    undo = _undo(turn, found.topic, "sometimes" if stood == "refuses" else stood)  # to undo a refusal ends it
    choosing.put(turn.unit, turn.citizen, found.topic, "refuses")
    ways = Keyboard(inline=[[undo], [turn.button("all", "all")], [_to_room(turn)]])
    if found.topic == EMERGENCY:
        turn.say("left_emergency", ways)
    else:
        turn.say("left_topic", ways, topic=_named(turn, found.topic))


@talk.button("all")
def leave_all(turn: Turn) -> None:
    turn.unit.choices.leave(turn.citizen.id)
    turn.say("left_all", Keyboard(inline=[[turn.button("undo", "back")], [_to_room(turn)]]))


@talk.button("back")
def come_back(turn: Turn) -> None:
    turn.unit.choices.come_back(turn.citizen.id)
    turn.say("undone", Keyboard(inline=[[_to_room(turn)]]))


@talk.button("undo")
def undo(turn: Turn) -> None:
    """As it was before the button above, of which the topic alone is known."""
    topic, _, stood = turn.argument.partition(".")
    stand, _, stopped = stood.partition(".")
    if topic not in TOPICS or stand not in choosing.STANDS:
        gone(turn)
        return
    choosing.put(turn.unit, turn.citizen, topic, choosing.STANDS[stand])
    if stopped == STOPPED:
        turn.unit.choices.leave(turn.citizen.id)
    if choosing.of(turn.unit, turn.citizen).left:  # since then, by another button: that stays
        turn.visit("choices", "open")
    else:
        turn.say("undone", Keyboard(inline=[[_to_room(turn)]]))


# -- where the others lead


@talk.button("go")
def go(turn: Turn) -> None:
    number, _, place = turn.argument.partition(":")
    found = contents.sent(turn.unit, number)
    action = contents.action(found, place) if found is not None else None
    if found is None or action is None:
        gone(turn)
        return
    turn.unit.presses.note(found.id, int(place), turn.citizen.id)
    follow(turn, action)


def follow(turn: Turn, action: Action) -> None:
    """What it leads to may have been taken out since the announcement was sent."""
    library, target = turn.library, action.target
    if action.kind == "entry" and target in library.answers.entries:
        turn.visit("ask", "show", target)
    elif action.kind == "report" and not target:
        turn.visit("report", "begin")
    elif action.kind == "report" and target in library.categories.all:
        turn.visit("report", "about", target)
    elif action.kind == "subscribe" and target in TOPICS:
        subscribe(turn, target)
    elif action.kind == "survey":
        turn.visit("survey", "begin", target)
    else:
        gone(turn)


def subscribe(turn: Turn, topic: str) -> None:
    before = choosing.of(turn.unit, turn.citizen)
    undo = _undo(turn, topic, choosing.stand(before, topic), STOPPED if before.left else "")
    choosing.put(turn.unit, turn.citizen, topic, "wants")
    turn.unit.choices.come_back(turn.citizen.id)
    turn.say("subscribed", Keyboard(inline=[[undo], [_to_room(turn)]]), topic=_named(turn, topic))


def gone(turn: Turn) -> None:
    """What staff see before it is sent has buttons, too: of the announcement `0`."""
    if turn.argument.partition(":")[0] == "0":
        turn.say("sample")
        return
    turn.say("gone", Keyboard(inline=[[_to_room(turn)], [turn.link("menu", "home", "new", "home")]]))


def _undo(turn: Turn, topic: str, to: Stand, stopped: str = "") -> Button:
    return turn.button("undo", "undo", ".".join(filter(None, [topic, to, stopped])))


def _named(turn: Turn, topic: str) -> str:
    return choosing.named(turn.library.talks.words["choices"], topic)


def _to_room(turn: Turn) -> Button:
    return Button(turn.words.button("room"), data("choices", "open"))
