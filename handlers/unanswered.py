"""What the bot could not answer, for editors: like questions in groups, those for whom somebody waits first.

room    -> the first groups, with how many asked and wait
page    -> other groups in their place
a group -> how it was asked; from here on it is answered (handlers/answering.py)
"""

from bot.flow import Button, Conversation, Keyboard, Turn, data
from bot.services import unanswered
from bot.services.unanswered import Seen

talk = Conversation("unanswered", role="editor")


@talk.room
def room(turn: Turn) -> None:
    turn.end()
    show(turn, 0, below=True)


@talk.waiting
def waiting(turn: Turn) -> int:
    return turn.unit.unanswered.waiting()


@talk.button("page")
def turn_page(turn: Turn) -> None:
    turn.end()
    show(turn, int(turn.argument) if turn.argument.isdecimal() and len(turn.argument) < 9 else 0)


def show(turn: Turn, page: int, *, below: bool = False) -> None:
    found = unanswered.look(turn.unit, page)
    text = turn.words.text("room", count=found.count, waiting=found.waiting) if found.count else turn.words.text("none")
    for place, group in enumerate(found.groups, start=1):
        text += turn.words.text("line", place=place, sample=group.samples[0], people=group.people)
        if group.waiting:
            text += turn.words.text("line_waiting", waiting=group.waiting)
    rows = [[_number(turn, place, group) for place, group in enumerate(found.groups, start=1)]]
    rows.append([])
    if found.page > 0:
        rows[-1].append(turn.button("previous", "page", str(found.page - 1)))
    if found.page + 1 < found.pages:
        rows[-1].append(turn.button("next", "page", str(found.page + 1)))
    rows.append([turn.link("staff", "menu", "menu")])
    (turn.tell if below else turn.change)(text, Keyboard(inline=[row for row in rows if row]))


def _number(turn: Turn, place: int, group: Seen) -> Button:
    return turn.button("number", "group", str(group.id), place=place)


@talk.button("group")
def look_into(turn: Turn) -> None:
    turn.end()
    if not unanswered.is_open(turn.unit, turn.argument):
        turn.alert("closed")
        show(turn, 0)
        return
    group = unanswered.see(turn.unit, turn.argument)
    number = str(group.id)
    text = turn.words.text("group", people=group.people, waiting=group.waiting, since=group.since)
    if group.about is not None:
        entry = turn.library.answers.entries.get(group.about)
        text += turn.words.text("about", title=entry.title if entry is not None else group.about)
    for sample in group.samples:
        text += turn.words.text("sample", question=sample)
    rows = [
        [turn.link("answering", "write", "write", number)],
        [turn.link("answering", "existing", "existing", number)],
        [turn.link("answering", "one", "one", number), turn.link("answering", "drop", "drop", number)],
        [Button(turn.words.button("back"), data("unanswered", "page"))],
    ]
    turn.change(text, Keyboard(inline=rows))
