"""The moon was seen a day earlier or later: staff move a lunar month, and its holidays with it.

/moon, room -> the months that begin next, and those that were moved
move        -> sure? with the holidays as they will fall --yes--> live, with a button to undo it
                                                         --no---> room
undo        -> back to the calendar
"""

from bot.flow import CitizenError, Conversation, Keyboard, Turn
from bot.services import closures
from bot.services.openings import Hours

talk = Conversation("moon", role="editor")

MOST_HOLIDAYS = 5
MOST_MOVED = 2


@talk.command("moon")
@talk.room
def room(turn: Turn) -> None:
    turn.end()
    hours, today = _hours(turn), turn.now.date()
    text = turn.words.text("months")
    rows = []
    for month in closures.months(hours, today):
        key = "line_sure" if month.sure else "line_predicted"
        text += turn.words.text(key, month=month.title, day=hours.name_day(month.first, today))
        for days in (-1, 1):
            if hours.calendar.lunar.has_room(*month.key, days):
                where = f"{month.year}.{month.number}.{days}"
                label = "earlier" if days < 0 else "later"
                rows.append([turn.button(label, "ask", where, month=month.title)])
    undoing = [
        [turn.button("undo_month", "undo", str(shift.id), month=closures.title(shift.month))]
        for shift in closures.moved_months(turn.unit)[-MOST_MOVED:]
    ]
    turn.tell(text, Keyboard(inline=[*rows, *undoing, [turn.link("staff", "menu", "menu")]]))


@talk.button("ask")
def ask(turn: Turn) -> None:
    hours, today = _hours(turn), turn.now.date()
    key, days = _move(turn)
    closures.may_move(turn.unit, hours, key, days)
    text = turn.words.text("sure_earlier" if days < 0 else "sure_later", month=closures.title(key[1]))
    for dated in list(closures.holidays_of(hours, key, days))[:MOST_HOLIDAYS]:
        text += turn.words.text("line_holiday", title=dated.occasion.why, day=hours.name_day(dated.day, today))
    rows = [[turn.button("yes", "move", turn.argument), turn.button("no", "room")]]
    turn.tell(text + turn.words.text("right"), Keyboard(inline=rows))


@talk.button("move")
def move(turn: Turn) -> None:
    key, days = _move(turn)
    number = closures.move_month(turn.unit, _hours(turn), key, days, _me(turn))
    rows = [[turn.button("undo", "undo", str(number))], [turn.button("list", "room")]]
    turn.say("moved", Keyboard(inline=rows), month=closures.title(key[1]))


@talk.button("undo")
def undo(turn: Turn) -> None:
    closures.move_back(turn.unit, turn.argument, _me(turn))
    turn.say("undone", Keyboard(inline=[[turn.button("list", "room")]]))


def _move(turn: Turn) -> tuple[tuple[int, int], int]:
    """The month and the days that a button carries."""
    parts = turn.argument.split(".")
    try:
        year, month, days = map(int, parts)
    except ValueError:
        raise CitizenError("no_room") from None
    return (year, month), days


def _hours(turn: Turn) -> Hours:
    return turn.library.answers.hours


def _me(turn: Turn) -> int:
    return turn.member.id if turn.member else 0
