"""How somebody becomes staff, and the menu that leads staff to their rooms.

/staff CODE          -> joined, menu; whoever has no name, as on the page, is asked for one first --text--> menu
/staff, «میز کار»    -> menu: the rooms of one's role; a citizen is told that a code is needed
«خروج از همکاری»     -> sure? --yes--> a citizen again
                              --no---> menu
"""

from bot.flow import CitizenError, Conversation, Keyboard, Turn, side_by_side
from bot.services import leaving, staff
from bot.services.staff import Member

talk = Conversation("staff")


@talk.command("staff")
def enter(turn: Turn) -> None:
    turn.end()
    if turn.argument:
        join(turn)
    elif turn.member is None:
        turn.say("not_staff")
    else:
        menu(turn)


def join(turn: Turn) -> None:
    member = staff.join(turn.unit, turn.citizen, turn.argument)
    turn.spread(*leaving.leave_desks(turn.unit, member, member))
    turn.say(f"joined_{member.role}")
    if member.name:
        menu(turn)
    else:
        turn.say("ask_name")
        turn.go(take_name)


@talk.step
def take_name(turn: Turn) -> None:
    """Colleagues give each other cases: a number would say nobody who that is."""
    staff.call_oneself(turn.unit, _member(turn), turn.text)
    menu(turn)


@talk.button("menu")
def menu(turn: Turn) -> None:
    turn.end()
    rows = side_by_side([turn.door(room) for room in turn.library.talks.rooms(_member(turn).role)])
    turn.say("menu", Keyboard(inline=[*rows, [turn.button("leave", "leave")]]))


@talk.button("leave")
def leave(turn: Turn) -> None:
    _member(turn)
    turn.say("sure", Keyboard(inline=[[turn.button("yes", "left"), turn.button("no", "menu")]]))


@talk.button("left")
def left(turn: Turn) -> None:
    member = _member(turn)
    staff.leave(turn.unit, member)
    turn.spread(*leaving.leave_all(turn.unit, member, member))
    turn.say("left")


def _member(turn: Turn) -> Member:
    """Who acts: buttons stay in a chat long after somebody has left."""
    member = turn.member
    if member is None:
        raise CitizenError("not_staff")
    return member
