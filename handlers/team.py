"""Who works here: admins invite colleagues, say at which desks operators work, and remove colleagues.

room, page   -> who works here; one of them -> their page
invite       -> as what? --operator--> at which desk first? --one, or none yet--> a one-time code to pass on
                         --another role------------------------------------------^
their page   -> what they are, and since when
  desks      -> an operator's desks: each is pressed on and off
  remove     -> sure? --yes--> removed
                      --no---> their page
  what they did: audit.py
"""

from collections.abc import Sequence
from typing import TypeVar

from bot.flow import Button, CitizenError, Conversation, Keyboard, Spans, Turn, data, side_by_side
from bot.services import leaving, quoting, staff
from bot.services.staff import ROLES, Desk, Member

talk = Conversation("team", role="admin")

A_PAGE = 6
TITLE_ON_BUTTON = 26
DIGITS = 18

Listed = TypeVar("Listed")


# -- who works here


@talk.room
def room(turn: Turn) -> None:
    turn.end()
    turn.tell(*_team(turn, ""))


@talk.button("page")
def page(turn: Turn) -> None:
    turn.change(*_team(turn, turn.argument))


def _team(turn: Turn, wanted: str) -> tuple[Spans, Keyboard]:
    members = turn.unit.staff.all()
    shown, turning = _paged(turn, members, wanted, "page")
    text = turn.words.text("team", count=len(members))
    for who in shown:
        text += turn.words.text("line", name=turn.name_of(who), role=turn.words.button(f"role_{who.role}"))
    names = [Button(turn.name_of(who), data("team", "one", str(who.id))) for who in shown]
    ways = [turn.button("invite", "invite"), turn.link("staff", "menu", "menu")]
    return text, Keyboard(inline=[*side_by_side(names), *turning, ways])


@talk.button("one")
def one(turn: Turn) -> None:
    who = staff.still_here(turn.unit, turn.argument)
    role = turn.words.button(f"role_{who.role}")
    text = turn.words.text("one", name=turn.name_of(who), role=role, since=staff.since(who))
    rows = [[turn.link("audit", "theirs", "of", str(who.id))]]
    if who.role == "operator":
        text += _desks_of(turn, who)
        rows[0].append(turn.button("desks", "desks", str(who.id)))
    if turn.member is None or who.id != turn.member.id:
        rows.append([turn.button("remove", "ask", str(who.id))])
    turn.tell(text, Keyboard(inline=[*rows, [turn.button("back", "room")]]))


def _desks_of(turn: Turn, who: Member) -> Spans:
    theirs = turn.unit.desk_members.of_member(who.id)
    text = turn.words.text("works_at" if theirs else "works_nowhere")
    for desk in turn.unit.desks.all():
        if desk.id in theirs:
            text += turn.words.text("line_desk", desk=_title(turn, desk))
    return text


# -- inviting


@talk.button("invite")
def invite(turn: Turn) -> None:
    roles = [turn.button(f"role_{role}", "role", role) for role in ROLES]
    turn.say("as_what", Keyboard(inline=[*side_by_side(roles), [turn.button("back", "room")]]))


@talk.button("role")
def choose_role(turn: Turn) -> None:
    if turn.argument == "operator" and turn.unit.desks.all():
        turn.argument = ""
        choose_desk(turn)
    else:
        without_desk(turn)


@talk.button("which")
def choose_desk(turn: Turn) -> None:
    shown, turning = _paged(turn, turn.unit.desks.all(), turn.argument, "which")
    rows = [[Button(_title(turn, desk), data("team", "begin", str(desk.id)))] for desk in shown]
    under = [turn.button("desk_later", "later", "operator"), turn.button("back", "room")]
    turn.change(turn.words.text("which_desk"), Keyboard(inline=[*rows, *turning, under]))


@talk.button("begin")
def with_desk(turn: Turn) -> None:
    tell_code(turn, "operator", staff.desk(turn.unit, turn.argument))


@talk.button("later")
def without_desk(turn: Turn) -> None:
    tell_code(turn, turn.argument, None)


def tell_code(turn: Turn, wanted: str, desk: Desk | None) -> None:
    role = next((role for role in ROLES if role == wanted), None)
    if role is None:
        raise CitizenError("no_role")
    code = staff.invite(turn.unit, role, turn.member, desk.id if desk is not None else None)
    text = turn.words.text(f"invited_{role}")
    if desk is not None:
        text += turn.words.text("first_desk", desk=_title(turn, desk))
    turn.tell(text + turn.words.text("pass_on", code=code), Keyboard(inline=[[turn.button("back", "room")]]))


# -- an operator's desks


@talk.button("desks")
def desks(turn: Turn) -> None:
    number, _, wanted = turn.argument.partition(".")
    turn.change(*_desks(turn, staff.still_here(turn.unit, number), wanted))


@talk.button("place")
def place(turn: Turn) -> None:
    """What is wanted stands on the button, so that a second tap of a double one does not undo the first."""
    number, _, rest = turn.argument.partition(".")
    desk, _, rest = rest.partition(".")
    works, _, wanted = rest.partition(".")
    who = staff.still_here(turn.unit, number)
    staff.place(turn.unit, who, staff.desk(turn.unit, desk).id, _me(turn), works=works == "on")
    turn.spread(*leaving.leave_desks(turn.unit, _me(turn), who))
    turn.change(*_desks(turn, who, wanted))


def _desks(turn: Turn, who: Member, wanted: str) -> tuple[Spans, Keyboard]:
    if who.role != "operator":
        raise CitizenError("no_operator")
    every = turn.unit.desks.all()
    if not every:
        raise CitizenError("no_desks")
    theirs = turn.unit.desk_members.of_member(who.id)
    shown, turning = _paged(turn, every, wanted, "desks", f"{who.id}.")
    rows = []
    for desk in shown:
        works = desk.id in theirs
        wish = f"{who.id}.{desk.id}.{'off' if works else 'on'}.{_number(wanted)}"
        rows.append([turn.button("desk_on" if works else "desk_off", "place", wish, title=_title(turn, desk))])
    back = [turn.button("back_to_one", "one", str(who.id))]
    return turn.words.text("desks", name=turn.name_of(who)), Keyboard(inline=[*rows, *turning, back])


# -- removing


@talk.button("ask")
def ask(turn: Turn) -> None:
    who = _other(turn)
    rows = [[turn.button("yes", "dismiss", str(who.id)), turn.button("no", "one", str(who.id))]]
    turn.say("sure", Keyboard(inline=rows), name=turn.name_of(who))


@talk.button("dismiss")
def dismiss(turn: Turn) -> None:
    who = staff.dismiss(turn.unit, _other(turn).id, _me(turn))
    turn.spread(*leaving.leave_all(turn.unit, _me(turn), who))
    turn.say("removed", Keyboard(inline=[[turn.button("back", "room")]]), name=turn.name_of(who))


# -- small things


def _me(turn: Turn) -> Member:
    member = turn.member
    if member is None:
        raise CitizenError("gone")
    return member


def _other(turn: Turn) -> Member:
    """The colleague that a button names."""
    who = staff.still_here(turn.unit, turn.argument)
    if who.id == _me(turn).id:
        raise CitizenError("yourself")
    return who


def _title(turn: Turn, desk: Desk) -> str:
    return quoting.quote(desk.title, TITLE_ON_BUTTON) or turn.words.button("nameless_desk", number=desk.id)


def _paged(
    turn: Turn, those: Sequence[Listed], wanted: str, action: str, ahead: str = ""
) -> tuple[Sequence[Listed], list[list[Button]]]:
    """A page of a list, and the buttons that turn it: `action` with the number of a page after `ahead`."""
    last = max(len(those) - 1, 0) // A_PAGE
    number = min(_number(wanted), last)
    turning = [turn.button("previous", action, f"{ahead}{number - 1}")] if number else []
    turning += [turn.button("next", action, f"{ahead}{number + 1}")] if number < last else []
    return those[number * A_PAGE :][:A_PAGE], [turning] if turning else []


def _number(written: str) -> int:
    return int(written) if written.isdecimal() and len(written) <= DIGITS else 0
