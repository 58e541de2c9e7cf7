"""Who works here: admins invite colleagues and remove them.

room   -> who works here
invite -> a one-time code to pass on
remove -> whom? --others--> the next ones
                --one--> sure? --yes--> removed, and told
                               --no---> room
"""

from bot.flow import Button, CitizenError, Conversation, Keyboard, Turn, data
from bot.services import staff
from bot.services.staff import Role

talk = Conversation("team", role="admin")

MOST_NAMED = 20
MOST_ASKED = 6


@talk.room
def room(turn: Turn) -> None:
    turn.end()
    members = turn.unit.staff.all()
    text = turn.words.text("team", count=len(members))
    for who in members[:MOST_NAMED]:
        text += turn.words.text(f"line_{who.role}", name=turn.name_of(who))
    rows = [
        [turn.button("invite_editor", "invite", "editor"), turn.button("invite_admin", "invite", "admin")],
        [turn.button("remove", "remove"), turn.link("staff", "menu", "menu")],
    ]
    turn.tell(text, Keyboard(inline=rows))


@talk.button("invite")
def invite(turn: Turn) -> None:
    role: Role = "admin" if turn.argument == "admin" else "editor"
    code = staff.invite(turn.unit, role, turn.member.id if turn.member else None)
    turn.say(f"invited_{role}", Keyboard(inline=[[turn.button("back", "room")]]), code=code)


@talk.button("remove")
def remove(turn: Turn) -> None:
    mine = turn.member
    others = [who for who in turn.unit.staff.all() if mine is None or who.id != mine.id]
    if not others:
        raise CitizenError("nobody_else")
    start = min(int(turn.argument), len(others) - 1) if turn.argument.isascii() and turn.argument.isdecimal() else 0
    rows = [[Button(turn.name_of(who), data("team", "ask", str(who.id)))] for who in others[start:][:MOST_ASKED]]
    ahead = start + MOST_ASKED
    rows += [[turn.button("others", "remove", str(ahead))]] if ahead < len(others) else []
    turn.say("whom", Keyboard(inline=[*rows, [turn.button("back", "room")]]))


@talk.button("ask")
def ask(turn: Turn) -> None:
    who = staff.still_here(turn.unit, turn.argument)
    rows = [[turn.button("yes", "dismiss", str(who.id)), turn.button("no", "room")]]
    turn.say("sure", Keyboard(inline=rows), name=turn.name_of(who))


@talk.button("dismiss")
def dismiss(turn: Turn) -> None:
    who = staff.dismiss(turn.unit, staff.still_here(turn.unit, turn.argument).id)
    turn.say("removed", Keyboard(inline=[[turn.button("back", "room")]]), name=turn.name_of(who))
