"""Talking with a person: from the bot to the staff and back, said aloud each time.

/person, «صحبت با کارشناس» -> what is it about? --words--> staff have it; whatever is written goes to them
  talking --words, files--> to the staff, who answer by replying
          --«پایان گفت‌وگو»--> the bot answers again
          --staff end it--> the bot answers again, and the words that came after it are answered
"""

from bot.flow import CitizenError, Conversation, Keyboard, Turn
from bot.services import cases, persons, reports
from bot.services.hours import off_hours_note

talk = Conversation("person")


@talk.command("person")
@talk.button("begin")
def ask(turn: Turn) -> None:
    turn.end()
    known = persons.talking(turn.unit, turn.citizen)
    if known is not None:
        turn.memory = {"case": known.id}
        turn.say("on_it", _ending(turn))
        turn.go(talking)
        return
    reports.may_talk(turn.unit, turn.citizen, turn.now)
    turn.say(
        "ask", Keyboard(inline=[[turn.button("no", "no")]]), note=off_hours_note(turn.library.answers.hours, turn.now)
    )
    turn.go(about)


@talk.button("no")
def no(turn: Turn) -> None:
    turn.end()
    turn.call("menu")


@talk.step
def about(turn: Turn) -> None:
    """The first words: from here on staff read along."""
    text = _text(turn)
    if not text:
        raise CitizenError("no_words")
    reports.may_talk(turn.unit, turn.citizen, turn.now)  # they may have been banned since they were asked
    files = tuple(file.key for file in turn.keep())
    folded = turn.library.answers.folded(text)
    change = persons.begin(turn.unit, turn.citizen, turn.incoming.chat_id, persons.Opening(text, files, folded))
    turn.memory = {"case": change.case.id}
    turn.say("begun", _ending(turn))
    turn.spread(change)
    turn.go(talking)


@talk.step
def talking(turn: Turn) -> None:
    case = turn.unit.cases.hold(turn.memory["case"])
    if case is None or not case.is_open:  # staff have ended it, and said so
        turn.end()
        turn.pass_on()
        return
    if turn.chose("end"):
        end(turn)
        return
    text = _text(turn)
    if not text and not turn.files:
        raise CitizenError("no_words")
    turn.spread(cases.add(turn.unit, case, text, tuple(file.key for file in turn.keep())))
    turn.go(talking)


@talk.button("end")
def end(turn: Turn) -> None:
    case = persons.talking(turn.unit, turn.citizen)
    turn.end()
    if case is None:
        raise CitizenError("over")
    turn.spread(persons.end(turn.unit, case))
    turn.say("ended", Keyboard(inline=[[turn.link("menu", "home", "new", "home")]]))


def _text(turn: Turn) -> str:
    text = turn.text.strip()
    if len(text) > cases.ADDED_LIMIT:
        raise CitizenError("too_long", length=len(text), limit=cases.ADDED_LIMIT)
    return text


def _ending(turn: Turn) -> Keyboard:
    return Keyboard(inline=[[turn.button("end", "end")]])
