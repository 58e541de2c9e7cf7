"""What staff did, for admins: read by pages, of everybody or of one colleague. Nothing is changed here.

room, page -> ten things, the newest first; older ones by a button
whose      -> whose? --one, still here or not--> theirs alone
"""

from bot.flow import Button, CitizenError, Conversation, Keyboard, Spans, Turn, data, side_by_side
from bot.services import audit, bans, closures, codes, knowledge, quoting, surveys
from bot.services.audit import Deed

talk = Conversation("audit", role="admin")

NAMES_A_PAGE = 6
DIGITS = 18
TITLE_LIMIT = 60


@talk.room
def room(turn: Turn) -> None:
    turn.end()
    turn.tell(*_page(turn, None))


@talk.button("of")
def of_one(turn: Turn) -> None:
    turn.tell(*_page(turn, _colleague(turn, turn.argument)))


@talk.button("page")
def older(turn: Turn) -> None:
    whose, _, before = turn.argument.partition(".")
    turn.change(*_page(turn, _colleague(turn, whose) if whose != "all" else None, _number(before)))


@talk.button("whose")
def choose(turn: Turn) -> None:
    start = _number(turn.argument)
    found = turn.unit.staff.ever(start, NAMES_A_PAGE + 1)
    names = []
    for who, is_here in found[:NAMES_A_PAGE]:
        label = turn.name_of(who) if is_here else turn.words.button("gone", name=turn.name_of(who, 18))
        names.append(Button(label, data("audit", "of", str(who.id))))
    rows = side_by_side(names)
    if len(found) > NAMES_A_PAGE:
        rows.append([turn.button("others", "whose", str(start + NAMES_A_PAGE))])
    turn.change(turn.words.text("whose"), Keyboard(inline=[*rows, [turn.button("everybody", "room")]]))


def _page(turn: Turn, member_id: int | None, before: int = 0) -> tuple[Spans, Keyboard]:
    found = audit.look(turn.unit, member_id, before or None)
    text = turn.words.text("all") if member_id is None else turn.words.text("of_one", name=_name(turn, member_id))
    for deed in found.deeds:
        text += turn.words.text("line", when=audit.when(deed), who=_name(turn, deed.member_id)) + _deed(turn, deed)
    if not found.deeds:
        text += turn.words.text("nothing")
    whose = "all" if member_id is None else str(member_id)
    rows = []
    if found.older is not None:
        rows.append([turn.button("older", "page", f"{whose}.{found.older}")])
    rows.append([turn.button("whose", "whose", "0")])
    if member_id is not None:
        rows[-1].append(turn.button("everybody", "room"))
    return text, Keyboard(inline=[*rows, [turn.link("staff", "menu", "menu")]])


# -- one thing in words


def _deed(turn: Turn, deed: Deed) -> Spans:
    about = _about(turn, deed.about)
    if f"did_{deed.action}" not in turn.words.texts:  # of an older version of the bot
        return turn.words.text("something", action=deed.action, about=about)
    return turn.words.text(f"did_{deed.action}", about=about, detail=_detail(turn, deed))


def _about(turn: Turn, about: str) -> str:
    """What was acted upon, by its name as far as it still has one."""
    kind, _, name = about.partition(":")
    if kind == "entry":
        return quoting.cut(knowledge.called(turn.unit, name, turn.library.shipped), TITLE_LIMIT)
    if kind == "citizen":
        platform, last_digits = bans.shown(name)
        return turn.words.button(f"of_{platform}", number=last_digits)
    number = _number(name)
    if kind == "staff":
        return _name(turn, number)
    if kind == "desk":
        return _desk(turn, number)
    survey = turn.unit.surveys.find(number) if kind == "survey" else None
    if survey is not None:
        return f"«{quoting.quote(surveys.title(survey), TITLE_LIMIT)}»"
    case = turn.unit.cases.find(number) if kind == "case" else None
    if case is not None:
        return codes.shown(case.code)
    event = turn.unit.events.find(number) if kind == "event" else None
    return event.plan.title if event is not None else turn.words.button("number", number=number)


def _detail(turn: Turn, deed: Deed) -> str:
    """What else there is to say of it."""
    state = {**(deed.before or {}), **(deed.after or {})}
    if "role" in state:
        return turn.words.button(f"role_{state['role']}")
    if "desk" in state:
        return _desk(turn, state["desk"])
    if "month" in state:
        return closures.title(state["month"])
    if "first" in state:
        return audit.day(state["first"])
    if "told" in state:
        return turn.words.button("people", count=state["told"])
    return str(state.get("reason") or state.get("title") or "")


def _desk(turn: Turn, desk_id: int) -> str:
    desk = turn.unit.desks.named(desk_id)
    return quoting.quote(desk.title, TITLE_LIMIT) if desk is not None else turn.words.button("number", number=desk_id)


def _name(turn: Turn, member_id: int | None) -> str:
    """Who did it; the command line is whoever runs the machine."""
    who = turn.unit.staff.get(member_id) if member_id is not None else None
    return turn.name_of(who) if who is not None else turn.words.button("machine")


def _colleague(turn: Turn, written: str) -> int:
    """The number of somebody who works here, or did."""
    number = _number(written)
    if turn.unit.staff.get(number) is None:
        raise CitizenError("unknown")
    return number


def _number(written: str) -> int:
    return int(written) if written.isdecimal() and len(written) <= DIGITS else 0
