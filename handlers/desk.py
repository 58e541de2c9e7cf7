"""«این گروه برای همیار ۱۴ چیست؟»: a group of staff becomes a desk, says what it is, and is one no more.

/desk in a group, by an admin of the staff       -> a desk from now on; for which subjects?
/desk in a desk                                  -> what it is to the bot, what it takes, who works here
  subjects --press one--> taken, or not any more; --the rest--> all that no other desk takes; --done--> as /desk
  here     -> what is written to the desk stands in this topic of the forum
  close    -> sure? --yes--> a desk no more; --no--> as /desk
a button that is there no more                   -> a short word to whoever pressed it
a command of an admin who hides behind the group -> how to show who they are
"""

from bot.flow import Address, CitizenError, Conversation, Keyboard, Spans, Turn, side_by_side
from bot.services import desks, leaving, staff
from bot.services.desks import Desk
from bot.services.staff import Member

talk = Conversation("desk")


@talk.group_command("desk", role="admin")
def make(turn: Turn) -> None:
    desk = desks.make(turn.unit, turn.here, turn.incoming.title, _admin(turn))
    turn.say("made", title=desk.title)
    turn.say("choose", _subjects(turn, desk))


@talk.desk_command("desk")
def tell(turn: Turn) -> None:
    desk = desks.called(turn.unit, _desk(turn), turn.incoming.title)
    turn.tell(*_about(turn, desk))


@talk.desk_button("show")
def show(turn: Turn) -> None:
    _admin(turn)
    turn.change(*_about(turn, _desk(turn)))


@talk.desk_button("subjects")
def choose(turn: Turn) -> None:
    _admin(turn)
    turn.change(turn.words.text("choose"), _subjects(turn, _desk(turn)))


@talk.desk_button("toggle")
def toggle(turn: Turn) -> None:
    member, desk = _admin(turn), _desk(turn)
    if turn.argument not in turn.library.categories.all:
        raise CitizenError("no_subject")
    changed = desks.toggle(turn.unit, desk, turn.argument, member)
    turn.change(turn.words.text("choose"), _subjects(turn, changed))


@talk.desk_button("rest")
def take_the_rest(turn: Turn) -> None:
    member, desk = _admin(turn), _desk(turn)
    turn.change(turn.words.text("choose"), _subjects(turn, desks.cover(turn.unit, desk, None, member)))


@talk.desk_button("here")
def write_here(turn: Turn) -> None:
    member, desk = _admin(turn), _desk(turn)
    turn.change(*_about(turn, desks.place(turn.unit, desk, turn.incoming.thread_id, member)))


@talk.desk_button("close")
def ask_whether_to_close(turn: Turn) -> None:
    _admin(turn)
    desk = _desk(turn)
    yes, no = turn.button("yes", "closed"), turn.button("no", "show")
    turn.change(turn.words.text("sure", title=desk.title), Keyboard(inline=[[yes], [no]]))


@talk.desk_button("closed")
def close(turn: Turn) -> None:
    """Its open cases have no desk now; managers are told once of all of them."""
    member, desk = _admin(turn), _desk(turn)
    desks.close(turn.unit, desk.id, member)
    left = leaving.orphan(turn.unit, member, desk.id)
    turn.change(turn.words.text("closed", title=desk.title), Keyboard())
    for manager in leaving.managers(turn.unit) if left else ():
        told = turn.words.text("homeless", title=desk.title, count=left)
        under = Keyboard(inline=[[turn.link("cases", "unassigned", "unassigned")]])
        turn.post(Address(manager.platform, manager.user_id), told, under)


@talk.dead
def dead(turn: Turn) -> None:
    turn.alert("dead")


@talk.nameless
def ask_for_name(turn: Turn) -> None:
    turn.say("anonymous")


def _admin(turn: Turn) -> Member:
    """Whoever acts here, if they may say what desks there are."""
    member = turn.member
    if member is None or not staff.may(member.role, "admin"):
        raise CitizenError("only_admins")
    return member


def _desk(turn: Turn) -> Desk:
    return desks.here(turn.unit, turn.incoming.platform, turn.incoming.chat_id)


def _about(turn: Turn, desk: Desk) -> tuple[Spans, Keyboard]:
    people = "، ".join(turn.name_of(member) for member in turn.unit.desk_members.of_desk(desk.id))
    text = turn.words.text(
        "desk",
        title=desk.title,
        since=desks.since(desk),
        subjects=_named(turn, desk),
        people=people or turn.words.button("nobody"),
    )
    here = [turn.button("here", "here")] if turn.incoming.thread_id != desk.thread_id else []
    rows = [[turn.button("subjects", "subjects")], here, [turn.button("close", "close")]]
    return text, Keyboard(inline=[row for row in rows if row])


def _named(turn: Turn, desk: Desk) -> str:
    """The subjects of a desk in words. What the content does not know any more is left out."""
    if desk.covers is None:
        return turn.words.button("rest")
    known = turn.library.categories.all
    return "، ".join(known[subject].title for subject in known if subject in desk.covers)


def _subjects(turn: Turn, desk: Desk) -> Keyboard:
    """What the desk may take, with a mark on what it does take."""
    taken = desk.covers or ()
    subjects = [
        turn.button("on" if subject.id in taken else "off", "toggle", subject.id, title=subject.title)
        for subject in turn.library.categories.all.values()
    ]
    rest = turn.button("off" if taken else "on", "rest", title=turn.words.button("rest"))
    return Keyboard(inline=[[rest], *side_by_side(subjects), [turn.button("done", "show")]])
