"""Editors' events: what is ahead, and what becomes of it. How one is entered and changed: `event.py`.

room, /events -> what is ahead, page by page, and the way to a new one
one event     -> change
                 cancel: reason -> sure? --yes--> whoever asks is told so
                 a cancelled one: takes place after all
"""

from bot.flow import Button, CitizenError, Conversation, Keyboard, Turn
from bot.services import events
from bot.services.events import Event

talk = Conversation("events", role="editor")

PAGE = 4
TITLE_ON_BUTTON = 24


@talk.command("events")
@talk.room
@talk.button("page")
def room(turn: Turn) -> None:
    turn.end()
    found = events.ahead(turn.unit, turn.now)
    last = max(len(found) - 1, 0) // PAGE
    page = min(int(turn.argument), last) if turn.argument.isascii() and turn.argument.isdecimal() else 0
    rows = [[_door(turn, number, event)] for number, event in enumerate(found, start=1)][page * PAGE :][:PAGE]
    turning = [turn.button("earlier", "page", str(page - 1))] if page else []
    turning += [turn.button("later", "page", str(page + 1))] if page < last else []
    ways = [turn.link("event", "add", "add"), turn.link("staff", "menu", "menu")]
    under = Keyboard(inline=[*rows, *([turning] if turning else []), ways])
    if found:
        turn.say("list", under, count=len(found))
    else:
        turn.say("none_ahead", under)


def _door(turn: Turn, number: int, event: Event) -> Button:
    title = ("❌ " if event.cancelled else "") + event.plan.title
    return turn.button("one", "one", str(event.id), number=number, title=title[:TITLE_ON_BUTTON])


@talk.button("one")
def one(turn: Turn) -> None:
    turn.end()
    event = _named(turn)
    if event.cancelled:
        ways = [turn.button("restore", "restore", str(event.id))]
    else:
        ways = [turn.link("event", "change", "change", str(event.id)), turn.button("cancel", "cancel", str(event.id))]
    turn.tell(turn.library.coming.whole(event, turn.now), Keyboard(inline=[ways, [turn.button("all", "room")]]))


@talk.button("cancel")
def cancel(turn: Turn) -> None:
    event = _named(turn)
    turn.memory = {"cancel": event.id}
    turn.go(write_reason)
    ways = [turn.button("no_reason", "no_reason"), turn.button("no", "one", str(event.id))]
    turn.say("ask_reason", Keyboard(inline=[ways]), title=event.plan.title)


@talk.step
def write_reason(turn: Turn) -> None:
    turn.memory["reason"] = events.line(turn.text, events.REASON_LIMIT)
    make_sure(turn)


@talk.button("no_reason")
def no_reason(turn: Turn) -> None:
    turn.memory["reason"] = ""
    make_sure(turn)


def make_sure(turn: Turn) -> None:
    event, reason = _to_be_cancelled(turn), turn.memory["reason"]
    ways = Keyboard(inline=[[turn.button("yes", "yes"), turn.button("no", "one", str(event.id))]])
    if reason:
        turn.say("sure_reason", ways, title=event.plan.title, reason=reason)
    else:
        turn.say("sure", ways, title=event.plan.title)


@talk.button("yes")
def cancelled(turn: Turn) -> None:
    event = _to_be_cancelled(turn)
    events.cancel(turn.unit, event.id, turn.memory.get("reason", ""), _me(turn), turn.now)
    turn.end()
    turn.say("cancelled", Keyboard(inline=[[turn.button("all", "room")]]))


@talk.button("restore")
def restore(turn: Turn) -> None:
    events.restore(turn.unit, _named(turn).id, _me(turn), turn.now)
    turn.say("restored", Keyboard(inline=[[turn.button("all", "room")]]))


def _named(turn: Turn) -> Event:
    number = int(turn.argument) if turn.argument.isascii() and turn.argument.isdecimal() else 0
    return events.find(turn.unit, number, turn.now)


def _to_be_cancelled(turn: Turn) -> Event:
    return events.find(turn.unit, turn.memory.get("cancel", 0), turn.now)


def _me(turn: Turn) -> int:
    member = turn.member
    if member is None:
        raise CitizenError("gone")
    return member.id
