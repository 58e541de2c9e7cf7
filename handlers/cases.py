"""The cases that wait for staff, in private: lists, a search, a code typed alone, filing for somebody who came.

room -> mine, unassigned, overdue, the managers', those of a desk -> page by page; each opens its card
        search --code or words--> what was found
        for a caller -> the report
«۱۲۳ ۴۵۶ ۷۸۹» -> the card of that case; where it is none of theirs, as for everybody
"""

from bot.flow import Button, CitizenError, Conversation, Keyboard, Spans, Turn, data, side_by_side
from bot.services import case_lists, case_search, codes, quoting, staff
from bot.services.case_lists import MOST_COUNTED, Page
from bot.services.cases import Case
from bot.services.staff import Member

talk = Conversation("cases", role="operator")

TITLE_ON_BUTTON = 28
MOST_DESKS = 20


@talk.command("cases")
@talk.room
def room(turn: Turn) -> None:
    turn.end()
    member = _me(turn)
    waiting = case_lists.waiting(turn.unit, member)
    is_manager = staff.may(member.role, "manager")
    lists = [turn.button("mine", "mine"), turn.button("unassigned", "unassigned"), turn.button("overdue", "overdue")]
    lists += [turn.button("raised", "raised")] if is_manager else []
    lists += [turn.button("desks", "desks"), turn.button("search", "search")]
    under = [turn.button("caller", "caller")], [turn.link("staff", "menu", "menu")]
    text = turn.words.text("room", unassigned=waiting.unassigned, mine=waiting.mine)
    text += turn.words.text("room_raised", count=waiting.raised) if waiting.raised else ()
    turn.tell(text, Keyboard(inline=[*side_by_side(lists), *under]))


@talk.waiting
def waiting(turn: Turn) -> int:
    member = turn.member
    if member is None:
        return 0
    found = case_lists.waiting(turn.unit, member)
    return min(found.unassigned + found.mine, MOST_COUNTED)


# -- lists


@talk.button("mine")
def list_mine(turn: Turn) -> None:
    page = case_lists.mine(turn.unit, _me(turn), turn.argument)
    show(turn, turn.words.text("mine"), page, "mine")


@talk.button("unassigned")
def list_unassigned(turn: Turn) -> None:
    page = case_lists.unassigned(turn.unit, _me(turn), turn.argument)
    show(turn, turn.words.text("unassigned"), page, "unassigned")


@talk.button("overdue")
def list_overdue(turn: Turn) -> None:
    page = case_lists.overdue(turn.unit, _me(turn), turn.argument)
    show(turn, turn.words.text("overdue"), page, "overdue")


@talk.button("raised")
def list_raised(turn: Turn) -> None:
    page = case_lists.raised(turn.unit, _me(turn), turn.argument)
    show(turn, turn.words.text("raised"), page, "raised")


@talk.button("desks")
def choose_desk(turn: Turn) -> None:
    found = case_lists.desks_of(turn.unit, _me(turn))[:MOST_DESKS]
    if not found:
        raise CitizenError("no_desks")
    those = [
        Button(
            quoting.quote(desk.title, TITLE_ON_BUTTON) or turn.words.button("untitled", number=desk.id),
            data("cases", "desk", str(desk.id)),
        )
        for desk in found
    ]
    turn.change(turn.words.text("which_desk"), Keyboard(inline=[*side_by_side(those), [turn.button("back", "room")]]))


@talk.button("desk")
def list_desk(turn: Turn) -> None:
    desk, _, after = turn.argument.partition(".")
    page = case_lists.of_desk(turn.unit, _me(turn), desk, after)
    show(turn, turn.words.text("of_desk"), page, "desk", f"{desk}.")


def show(turn: Turn, title: Spans, page: Page, action: str, ahead: str = "") -> None:
    """A page of a list. The next one begins after its last case, so that none is left out when some are dealt with."""
    turning = [turn.button("next", action, f"{ahead}{page.after}")] if page.after else []
    under = [*turning, turn.button("back", "room")]
    text = title + (_lines(turn, page.cases) if page.cases else turn.words.text("none"))
    turn.change(text, Keyboard(inline=[*_doors(page.cases), under]))


def _lines(turn: Turn, cases: list[Case]) -> Spans:
    cards = turn.library.news.cards
    return tuple(span for case in cases for span in cards.line(case, turn.unit.now))


def _doors(cases: list[Case]) -> list[list[Button]]:
    return side_by_side([Button(codes.shown(case.code), data("case", "show", str(case.id))) for case in cases])


# -- a search


@talk.button("search")
def ask(turn: Turn) -> None:
    turn.go(look)
    turn.say("ask", Keyboard(inline=[[turn.button("back", "room")]]))


@talk.step
def look(turn: Turn) -> None:
    """They stay here: the next words are the next search."""
    found = case_search.find(turn.unit, _me(turn), turn.text, turn.library.answers.folded)
    if not found:
        raise CitizenError("nothing_found")
    text = turn.words.text("found", count=len(found)) + _lines(turn, found)
    turn.tell(text, Keyboard(inline=[*_doors(found), [turn.button("back", "room")]]))


@talk.hears(case_search.code_in)
def open_by_code(turn: Turn) -> None:
    found = case_search.find(turn.unit, _me(turn), turn.argument, turn.library.answers.folded)
    if found:
        turn.visit("case", "show", str(found[0].id))
    else:
        turn.pass_on()


# -- filing


@talk.button("caller")
def file_for_caller(turn: Turn) -> None:
    _me(turn)
    turn.visit("report", "for_caller")


def _me(turn: Turn) -> Member:
    member = turn.member
    if member is None:
        raise CitizenError("not_staff")
    return member
