"""«چه کارهایی از تو برمی‌آید؟»: the menu, from anywhere, without typing.

/menu, «منو»      -> home screen
open a screen     -> the pressed message becomes that screen
new: a screen     -> that screen below (from under an answer, which stays)
/cancel, «لغو»    -> whatever was half-done is over, home screen
an unknown button -> a short word, home screen
"""

from bot.flow import Button, Conversation, Keyboard, Turn, data

talk = Conversation("menu")

HOME = "home"


@talk.command("menu")
def home(turn: Turn) -> None:
    turn.end()
    show(turn, HOME)


@talk.command("cancel")
def cancel(turn: Turn) -> None:
    """A half-finished report is kept wherever else its citizen goes; this drops it."""
    if turn.stood == "report":
        turn.visit("report", "cancel")
        return
    turn.say("cancelled" if turn.was_busy else "nothing_to_cancel")
    home(turn)


@talk.button("open")
def turn_page(turn: Turn) -> None:
    """The menu is one message that changes, so that walking about leaves no trail."""
    screen_id = turn.argument if turn.argument in turn.library.screens else HOME
    turn.change(turn.library.screens[screen_id].text, keyboard(turn, screen_id))


@talk.button("new")
def open_below(turn: Turn) -> None:
    show(turn, turn.argument if turn.argument in turn.library.screens else HOME)


@talk.stale
def stale(turn: Turn) -> None:
    turn.alert("stale")
    show(turn, HOME)


def show(turn: Turn, screen_id: str) -> None:
    turn.tell(turn.library.screens[screen_id].text, keyboard(turn, screen_id))


def keyboard(turn: Turn, screen_id: str) -> Keyboard:
    screen, entries = turn.library.screens[screen_id], turn.library.answers.entries
    # What staff have retired has no door.
    there = [[door for door in row if door.kind != "topic" or door.to in entries] for row in screen.rows]
    rows = [[_door(turn, door.kind, door.to, door.label) for door in row] for row in there if row]
    way_out = []
    if screen.above is not None and screen.above != HOME:
        way_out.append(turn.button("back", "open", screen.above))
    if screen_id != HOME:
        way_out.append(turn.button("home", "open", HOME))
    return Keyboard(inline=[*rows, way_out] if way_out else rows)


def _door(turn: Turn, kind: str, to: str, label: str) -> Button:
    if kind == "screen":
        return Button(label or turn.library.screens[to].title, data("menu", "open", to))
    if kind == "topic":
        return Button(label or turn.library.answers.entries[to].title, data("ask", "show", to))
    return Button(label, to)
