"""When an announcement is sent: at once, at a time that is typed, or again and again.

when   -> at once, or typed --> understood? --yes--> that time
repeat -> how often --> by which calendar, of months and years --> until when, or for ever
"""

from typing import get_args

from bot.flow import CitizenError, Conversation, Keyboard, Turn
from bot.services import composing, sending_times, typed
from bot.services.repeating import Basis, Every, Repeat

talk = Conversation("announce_time", role="editor", part_of="announce")

BY_CALENDAR = ("month", "year")


@talk.button("when")
def when(turn: Turn) -> None:
    composing.opened(turn)
    rows = [[turn.button("at_once", "at_once"), turn.button("repeat", "repeat")]]
    turn.say("ask_when", Keyboard(inline=[*rows, [turn.link("announce", "back", "panel")]]))
    turn.go(write)


@talk.button("at_once")
def at_once(turn: Turn) -> None:
    """What goes at once goes once."""
    draft = composing.opened(turn)
    draft.due = draft.until = draft.repeat = None
    composing.keep(turn, draft)
    turn.visit("announce", "panel")


@talk.step
def write(turn: Turn) -> None:
    """What was understood is shown first: a slip would wake people on the wrong day."""
    if turn.chose("right"):
        right(turn)
        return
    composing.opened(turn)
    found = sending_times.read(turn.text, turn.now)
    if found.now:
        at_once(turn)
        return
    pending = turn.memory["pending"] = int(found.at.timestamp() * 1000)
    rows = [[turn.button("right", "right", str(pending)), turn.button("again", "when")]]
    shown = turn.library.announcing.instant(found.at)
    turn.say("understood_quiet" if found.quiet else "understood", Keyboard(inline=rows), when=shown)
    turn.go(write)


@talk.button("right")
def right(turn: Turn) -> None:
    """A button says which time is right: the one above may be of an earlier try."""
    pending = turn.memory.get("pending")
    draft = composing.opened(turn)
    if pending is None or turn.argument not in {"", str(pending)}:
        raise CitizenError("old_button")
    draft.due = pending
    composing.keep(turn, draft)
    turn.visit("announce", "panel")


# -- again and again


@talk.button("repeat")
def ask_repeat(turn: Turn) -> None:
    draft = composing.opened(turn)
    if draft.survey:
        raise CitizenError("of_survey")
    if draft.due is None:
        raise CitizenError("time_first")
    often = [turn.button(f"every_{every}", "every", every) for every in get_args(Every)]
    rows = [often[:2], often[2:], [turn.button("once", "once"), turn.button("back", "when")]]
    turn.say("ask_repeat", Keyboard(inline=rows))


@talk.button("once")
def once(turn: Turn) -> None:
    draft = composing.opened(turn)
    draft.repeat = None
    composing.keep(turn, draft)
    turn.visit("announce", "panel")


@talk.button("every")
def choose_often(turn: Turn) -> None:
    composing.opened(turn)
    if turn.argument not in get_args(Every):
        raise CitizenError("old_button")
    if turn.argument in BY_CALENDAR:
        those = [turn.button(f"by_{basis}", "by", f"{turn.argument}.{basis}") for basis in get_args(Basis)]
        turn.say("ask_calendar", Keyboard(inline=[those, [turn.button("back_repeat", "repeat")]]))
    else:
        ask_until(turn, f"{turn.argument}.solar")


@talk.button("by")
def choose_calendar(turn: Turn) -> None:
    composing.opened(turn)
    ask_until(turn, turn.argument)


def ask_until(turn: Turn, rule: str) -> None:
    _read(rule)
    turn.memory["rule"] = rule
    rows = [[turn.button("for_ever", "for_ever")], [turn.button("back_repeat", "repeat")]]
    turn.say("ask_until", Keyboard(inline=rows))
    turn.go(write_until)


@talk.step
def write_until(turn: Turn) -> None:
    _take(turn, turn.text)


@talk.button("for_ever")
def for_ever(turn: Turn) -> None:
    _take(turn, "")


def _take(turn: Turn, until: str) -> None:
    rule = turn.memory.get("rule", "")
    draft = composing.opened(turn)
    found = _read(rule)
    if draft.due is None or draft.survey:
        raise CitizenError("time_first")
    last = typed.last_day(until, turn.now.date()) if until else None
    draft.repeat = Repeat(found.every, found.calendar, last).to_json()
    composing.keep(turn, draft)
    turn.visit("announce", "panel")


def _read(rule: str) -> Repeat:
    """«month.lunar», as it stands on a button."""
    every, _, basis = rule.partition(".")
    for often in get_args(Every):
        for calendar in get_args(Basis):
            if (often, calendar) == (every, basis):
                return Repeat(often, calendar)
    raise CitizenError("old_button")
