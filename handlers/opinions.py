"""What citizens think of answers, for editors: the votes, the worst answer first.

room      -> the answers with their votes
page      -> others in their place
an answer -> its votes over time, and the room where it can be changed
"""

from bot.flow import Button, CitizenError, Conversation, Keyboard, Turn, data
from bot.services import votes

talk = Conversation("opinions", role="editor")

PAGE = 5


@talk.room
def room(turn: Turn) -> None:
    turn.end()
    show(turn, 0, below=True)


@talk.button("page")
def turn_page(turn: Turn) -> None:
    turn.end()
    show(turn, int(turn.argument) if turn.argument.isdecimal() and len(turn.argument) < 9 else 0)


def show(turn: Turn, page: int, *, below: bool = False) -> None:
    found = votes.opinions(turn.unit, turn.library.answers.entries.values())
    pages = max(1, -(-len(found) // PAGE))
    page = min(page, pages - 1)
    some = found[page * PAGE : (page + 1) * PAGE]
    text = turn.words.text("room", count=len(found)) if found else turn.words.text("none")
    for place, one in enumerate(some, start=1):
        text += turn.words.text("line", place=place, title=one.title, up=one.all.up, down=one.all.down)
        if (one.week.up or one.week.down) and one.week != one.all:
            text += turn.words.text("line_week", up=one.week.up, down=one.week.down)
    numbers = [turn.button("number", "entry", one.entry, place=place) for place, one in enumerate(some, start=1)]
    way_on = []
    if page > 0:
        way_on.append(turn.button("previous", "page", str(page - 1)))
    if page + 1 < pages:
        way_on.append(turn.button("next", "page", str(page + 1)))
    rows = [numbers, way_on, [turn.link("staff", "menu", "menu")]]
    (turn.tell if below else turn.change)(text, Keyboard(inline=[row for row in rows if row]))


@talk.button("entry")
def look_into(turn: Turn) -> None:
    entry = turn.library.answers.entries.get(turn.argument)
    if entry is None:
        raise CitizenError("gone")
    counts = votes.periods(turn.unit, entry.id)
    text = turn.words.text("entry", title=entry.title)
    for period, count in counts._asdict().items():
        if count is not None:
            text += turn.words.text(f"in_{period}", up=count.up, down=count.down)
    rows = [[Button(turn.words.button("answer"), data("knowledge", "show", entry.id))]]
    rows.append([turn.button("back", "page")])
    turn.change(text, Keyboard(inline=rows))
