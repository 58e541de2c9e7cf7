"""A tracking code leads to its case.

/track, «کد پیگیری دارم»  -> asks for the code --code--> one's own: all of it (`mine.py`), end
                                               --code--> somebody else's: what anybody may know --follow--> followed
                                               --code--> one that is followed: the same, and the way out (`mine.py`)
                                               --mistyped--> said so, asked again
a code alone, from anywhere -> the same
Whoever tries many codes that are not theirs must wait.
"""

from bot.flow import CitizenError, Conversation, Keyboard, Turn
from bot.services import cases, codes, reports, stories
from bot.services.cases import Case, Peek

talk = Conversation("track")

MISTYPED = "mistyped"


def find_code(text: str) -> str | None:
    """The code that is all a message says."""
    code = codes.read(text)
    if code is not None:
        return str(code)
    return MISTYPED if codes.is_mistyped(text) else None


@talk.command("track")
@talk.button("ask")
def ask(turn: Turn) -> None:
    if turn.argument:
        look(turn, turn.argument)
        return
    turn.go(write)
    turn.say("ask", Keyboard(inline=[[turn.link("mine", "list", "list"), turn.link("menu", "home", "new", "home")]]))


@talk.step
def write(turn: Turn) -> None:
    look(turn, turn.text)


@talk.hears(find_code)
def hear(turn: Turn) -> None:
    """A code that stands alone in a message."""
    look(turn, turn.argument if turn.argument != MISTYPED else turn.text)


def look(turn: Turn, text: str) -> None:
    code = codes.read(text)
    if code is None:
        raise CitizenError("mistyped" if codes.is_mistyped(text) else "no_code")
    found = cases.look_up(turn.unit, turn.citizen, code)
    if isinstance(found, Case):
        turn.visit("mine", "show", str(found.id))
    elif found is None:  # no error: it would undo that this was counted
        turn.go(write)
        turn.say("unknown", _out(turn))
    elif cases.follows(turn.unit, turn.citizen, found):
        turn.visit("mine", "show", str(found.id))
    else:
        turn.end()
        tell(turn, found)


def tell(turn: Turn, case: Peek) -> None:
    text = stories.line_of_others(turn.library.news, turn.words, case)
    ways = [[turn.button("follow", "follow", str(case.code))]] if case.is_open else []
    turn.tell((*turn.words.text("of_others"), *text), Keyboard(inline=[*ways, *_out(turn).inline]))


@talk.button("follow")
def follow(turn: Turn) -> None:
    """The button holds the code, not a number that could be guessed."""
    turn.end()
    code = codes.read(turn.argument)
    found = None if code is None else cases.look_up(turn.unit, turn.citizen, code)
    # No errors: they would undo that this was counted, and buttons can be forged to try codes.
    if found is None or not found.is_open:
        turn.say("not_to_follow", _out(turn))
        return
    if isinstance(found, Case) or cases.follows(turn.unit, turn.citizen, found):
        turn.say("follows_already", _out(turn))
        return
    turn.spread(reports.follow(turn.unit, turn.citizen, turn.incoming.chat_id, found.id))
    turn.say("followed", Keyboard(inline=[[turn.link("mine", "followed", "followed")], *_out(turn).inline]))


def _out(turn: Turn) -> Keyboard:
    return Keyboard(inline=[[turn.link("mine", "list", "list"), turn.link("menu", "home", "new", "home")]])
