"""Which occasions come, and the words for them: editors look, and take the words to wherever they want them.

room, /calendar -> the occasions of the coming days, page by page
one occasion    -> its words, each a message of its own to be forwarded or copied, then for when each of them is
                   of a lunar day: on to the room of lunar months
"""

from datetime import date

from bot.flow import CitizenError, Conversation, Keyboard, Spans, Turn
from bot.services import greetings
from bot.services.greetings import Planned

talk = Conversation("calendar", role="editor")

PAGE = 8
IN_A_ROW = 4


@talk.command("calendar")
@talk.room
@talk.button("page")
def room(turn: Turn) -> None:
    turn.end()
    found = [planned for planned in _planned(turn) if not planned.before]
    last = max(len(found) - 1, 0) // PAGE
    page = min(int(turn.argument), last) if turn.argument.isascii() and turn.argument.isdecimal() else 0
    shown = list(enumerate(found, start=1))[page * PAGE :][:PAGE]
    text = turn.words.text("list")
    for number, planned in shown:
        text += _line(turn, number, planned)
    numbers = [turn.button("one", "one", planned.occasion.id, number=number) for number, planned in shown]
    turning = [turn.button("earlier", "page", str(page - 1))] if page else []
    turning += [turn.button("later", "page", str(page + 1))] if page < last else []
    rows = [numbers[:IN_A_ROW], numbers[IN_A_ROW:], turning, [turn.link("staff", "menu", "menu")]]
    turn.tell(text, Keyboard(inline=[row for row in rows if row]))


def _line(turn: Turn, number: int, planned: Planned) -> Spans:
    mood = planned.greeting.kind if planned.greeting.kind in {"feast", "mourning"} else "other"
    line = turn.words.text(
        f"line_{mood}", number=number, day=_day(turn, planned.dated.day), title=planned.occasion.title
    )
    return line if planned.sure else line + turn.words.text("unsure")


@talk.button("one")
def one(turn: Turn) -> None:
    turn.end()
    found = [planned for planned in _planned(turn) if planned.occasion.id == turn.argument]
    coming = next((planned.dated for planned in found if not planned.before), None)
    if coming is None:
        raise CitizenError("gone")
    texts = [planned for planned in found if planned.dated == coming]
    for planned in texts:
        turn.tell(planned.text)
    moon = [[turn.link("moon", "room", "room")]] if coming.occasion.calendar == "lunar" else []
    turn.tell(_about(turn, texts), Keyboard(inline=[*moon, [turn.button("all", "room")]]))


def _about(turn: Turn, texts: list[Planned]) -> Spans:
    """When each of the texts above is meant for, and what is to be thought of before it is taken."""
    last = texts[-1]
    if len(texts) == 1:
        day = _day(turn, last.day)
        text = turn.words.text("about_one", title=last.occasion.title, day=day, hour=last.hour)
    else:
        text = turn.words.text("about", title=last.occasion.title)
        for number, planned in enumerate(texts, start=1):
            text += turn.words.text("when", number=number, day=_day(turn, planned.day), hour=planned.hour)
    if not last.sure:
        text += turn.words.text("may_move")
    for planned in texts:
        if planned.mourned:
            text += turn.words.text("mourned", day=_day(turn, planned.day), title=planned.mourned)
    return text


def _planned(turn: Turn) -> list[Planned]:
    return greetings.coming(turn.library.greetings, turn.library.answers.hours, turn.now.date())


def _day(turn: Turn, day: date) -> str:
    return turn.library.answers.hours.name_day(day, turn.now.date())
