"""Questions in free words: whatever reaches no other conversation ends here.

a question    -> answer, with what is related and the way on
  not sure    -> up to three buttons «منظورتان این بود؟» --press--> answer; --none of them--> lost
  no idea     -> lost: how to ask, the menu, a person's number
what is on    -> the conversation `week`
show a topic  -> its answer below (the menu stays)
turn a page   -> the answer's next or previous page in its place
an unknown command, anything but text -> said so, kindly
"""

from bot.flow import Button, Conversation, Keyboard, Turn, data, side_by_side
from bot.services.coming import Spans

talk = Conversation("ask")

PHONE = "contact.phone"
HUMAN = "service.human"


@talk.otherwise
def answer(turn: Turn) -> None:
    turn.end()
    found = turn.found
    if turn.citizen.is_new and not (found and found.outcome == "chat"):  # small talk greets by itself
        turn.say("hello")
    if turn.incoming.command is not None:
        turn.say("no_such_command", _home(turn))
    elif found is None:
        turn.say("only_text", _home(turn))
    elif found.outcome == "suggest":
        did_you_mean(turn, found.suggestions)
    elif found.topic is None:
        lost(turn)
    else:
        _tell(turn, found.topic, found.text)


def did_you_mean(turn: Turn, topics: tuple[str, ...]) -> None:
    entries = turn.library.answers.entries
    rows = [[Button(entries[topic].title, data("ask", "show", topic))] for topic in topics]
    turn.say("did_you_mean", Keyboard(inline=[*rows, [turn.button("none_of_them", "lost")]]))


@talk.button("lost")
def lost(turn: Turn) -> None:
    entries = turn.library.answers.entries
    rows = [[Button(entries[topic].title, data("ask", "show", topic)) for topic in (HUMAN, PHONE)]]
    turn.say("lost", Keyboard(inline=[*rows, *_home(turn).inline]))


@talk.button("show")
def show(turn: Turn) -> None:
    topic = turn.argument
    if topic not in turn.library.answers.entries:
        lost(turn)
        return
    _tell(turn, topic, turn.library.answers.show(topic, turn.now))


def _tell(turn: Turn, topic: str, text: str) -> None:
    """An answer; what is on is told by the conversation that knows the events."""
    if turn.library.answers.entries[topic].computed == "events":
        turn.call("week")
    else:
        turn.tell(_with_events(turn, topic, text), _under(turn, topic, page=0))


def _with_events(turn: Turn, topic: str, text: str) -> Spans:
    return turn.library.coming.beneath(text, topic, turn.now)


@talk.button("page")
def turn_page(turn: Turn) -> None:
    """Page 0 is the answer itself; the others are its `more`."""
    topic, _, number = turn.argument.rpartition(".")
    entry = turn.library.answers.entries.get(topic)
    page = int(number) if number.isdecimal() else 0
    if entry is None or page > len(entry.more):
        lost(turn)
        return
    text = entry.more[page - 1] if page else _with_events(turn, topic, turn.library.answers.show(topic, turn.now))
    turn.change(text, _under(turn, topic, page))


def _under(turn: Turn, topic: str, page: int) -> Keyboard:
    """The buttons under an answer: pages, what is related, the way back."""
    entries = turn.library.answers.entries
    entry = entries[topic]
    pages = []
    if page > 0:
        pages.append(turn.button("previous", "page", f"{topic}.{page - 1}"))
    if page < len(entry.more):
        pages.append(turn.button("next", "page", f"{topic}.{page + 1}", page=page + 1, pages=len(entry.more)))
    dated = turn.library.coming.of_program(topic, turn.now)
    events = [turn.link("week", "of_program", "of", topic)] if dated else []
    related = side_by_side([Button(entries[other].title, data("ask", "show", other)) for other in entry.related])
    screen = turn.library.screens.of(topic)
    way_out = [] if screen == "home" else [turn.link("menu", "back", "new", screen)]
    rows = [pages, events, *related, [*way_out, *_home(turn).inline[0]]]
    return Keyboard(inline=[row for row in rows if row])


def _home(turn: Turn) -> Keyboard:
    return Keyboard(inline=[[turn.link("menu", "home", "new", "home")]])
