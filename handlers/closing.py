"""Closed tomorrow: staff say when offices are closed, open late, close early, or are open although others are closed.

/close, «تعطیل فردا آلودگی هوا»             -> understood so? --yes--> live, with a button to undo it
/late, «شروع ساعت ۱۰ فردا برف»                               --no---> nothing changed
/early, «پایان ساعت ۱۳ فردا گرما»           -> no reason said? asks for it first
/open, «باز چهارشنبه ۸ تا ۱۲ خدمات نوروزی»  -> no day in it? it was meant for the knowledge
/closures, room                             -> what is to come --undo--> undone
"""

from bot.flow import CitizenError, Conversation, Keyboard, Turn
from bot.services import closing_words, closures
from bot.services.closing_words import Draft
from bot.services.days import Kind
from bot.services.openings import Hours

talk = Conversation("closing", role="editor")

MOST_SHOWN = 6


@talk.command("close")
def close(turn: Turn) -> None:
    begin(turn, "closed")


@talk.command("late")
def late(turn: Turn) -> None:
    begin(turn, "late")


@talk.command("early")
def early(turn: Turn) -> None:
    begin(turn, "early")


@talk.command("open")
def keep_open(turn: Turn) -> None:
    begin(turn, "open")


def begin(turn: Turn, kind: Kind) -> None:
    if not turn.argument:
        room(turn)
    elif turn.incoming.command is None and not closures.names_day(_hours(turn), turn.argument):
        turn.pass_on()
    else:
        draft = closing_words.understand(turn.argument, kind, _hours(turn), turn.now.date())
        turn.memory = draft.kept()
        if draft.reason or draft.kind == "open":
            confirm(turn, draft)
        else:
            turn.say("why", Keyboard(inline=[[turn.button("no", "no")]]))
            turn.go(reason)


@talk.step
def reason(turn: Turn) -> None:
    if not turn.text.strip():
        raise CitizenError("no_reason")
    draft = closing_words.with_reason(Draft.again(turn.memory), turn.text)
    turn.memory = draft.kept()
    confirm(turn, draft)


def confirm(turn: Turn, draft: Draft) -> None:
    seen = closures.shown(_hours(turn), draft, turn.now.date())
    under = Keyboard(inline=[[turn.button("yes", "yes"), turn.button("no", "no")]])
    turn.say(f"sure_{draft.kind}", under, offices=seen.offices, days=seen.days, time=seen.time, reason=seen.reason)
    turn.go(decide)


@talk.step
def decide(turn: Turn) -> None:
    if turn.chose("yes") or turn.chose("plain_yes"):
        declare(turn)
    else:
        drop(turn)


@talk.button("yes")
def declare(turn: Turn) -> None:
    draft = closures.remembered(turn.memory)
    number = closures.declare(turn.unit, draft, _me(turn))
    turn.end()
    undoing = turn.button("undo" if draft.kind == "closed" else "undo_other", "undo", str(number))
    turn.say("declared", Keyboard(inline=[[undoing], [turn.button("list", "room")]]))


@talk.button("no")
def drop(turn: Turn) -> None:
    turn.end()
    turn.say("dropped", _back(turn))


@talk.button("undo")
def undo(turn: Turn) -> None:
    turn.end()
    closures.undo(turn.unit, turn.argument, _me(turn))
    turn.say("undone", _back(turn))


@talk.command("closures")
@talk.room
def room(turn: Turn) -> None:
    turn.end()
    today = turn.now.date()
    coming = closures.coming(turn.unit, today)
    text = turn.words.text("coming" if coming else "none")
    rows = []
    for number, one in enumerate(coming[:MOST_SHOWN], start=1):
        seen = closures.shown(_hours(turn), one, today)
        text += turn.words.text(
            f"line_{one.kind}",
            number=number,
            offices=seen.offices,
            days=seen.days,
            time=seen.time,
            reason=seen.reason,
        )
        rows.append([turn.button("undo_number", "undo", str(one.id), number=number)])
    if len(coming) > MOST_SHOWN:
        text += turn.words.text("more", count=len(coming) - MOST_SHOWN)
    turn.tell(text + turn.words.text("how"), Keyboard(inline=[*rows, [turn.link("staff", "menu", "menu")]]))


def _back(turn: Turn) -> Keyboard:
    return Keyboard(inline=[[turn.button("list", "room"), turn.link("staff", "menu", "menu")]])


def _hours(turn: Turn) -> Hours:
    return turn.library.answers.hours


def _me(turn: Turn) -> int:
    return turn.member.id if turn.member else 0
