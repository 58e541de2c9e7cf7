"""What staff do with cases. Each function holds the row, looks whether this member may, and gives a `Change`.

Of two who do it at once one wins, and the other is told: `CitizenError` "taken", "closed". A case is worked on by its
owner; whoever speaks for an unowned one takes it with that. Managers may act on any. Who may is in `access.py`, what
becomes of cases when somebody leaves in `leaving.py`.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

from bot.errors import CitizenError
from bot.services import audit, desks, staff
from bot.services.access import reachable, refuse_taken, see, taken_by, work_on
from bot.services.cases import JUDGED, Case, CaseState, Change, ask_at
from bot.services.reports import words_of
from bot.services.staff import Member
from bot.store import Unit
from bot.store.case_log import Happened
from bot.store.cases import ORDINARY, URGENT
from bot.store.followers import Follower

TEXT_LIMIT: Final = 1000
ENDS: Final = {
    "answered": CaseState.ANSWERED,
    "fixed": CaseState.FIXED,
    "not_ours": CaseState.NOT_OURS,
    "no_action": CaseState.NO_ACTION,
}
"""What a case may be closed as, with words for its citizen."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words of staff, and the keys of files that came with them."""

    text: str = ""
    files: tuple[str, ...] = ()


def said(text: str, files: tuple[str, ...] = ()) -> Said:
    """Words as they may go out. Raises `CitizenError`: "too_long" (length, limit)."""
    text = text.strip()
    if len(text) > TEXT_LIMIT:
        raise CitizenError("too_long", length=len(text), limit=TEXT_LIMIT)
    return Said(text, files)


# -- taking


def take(unit: Unit, member: Member, number: str) -> Change:
    """It is this member's now. Raises `CitizenError`: see `work_on`; "yours_already"."""
    case = see(unit, member, number)
    if case.is_open and case.owner_id == member.id:
        raise CitizenError("yours_already")
    if case.is_open and case.owner_id is not None:  # a manager takes what is a colleague's by assigning it
        refuse_taken(unit, case)
    mine = work_on(unit, member, case)
    state = CaseState.TAKEN if case.state == CaseState.NEW else case.state
    return _changed(unit, member, case, replace(mine, state=state), Happened("taken"))


def release(unit: Unit, member: Member, number: str) -> Change:
    """It is nobody's again. Raises `CitizenError`: "closed", "taken", "nobodys"."""
    case = see(unit, member, number)
    if case.is_open and case.owner_id is None:
        raise CitizenError("nobodys")
    work_on(unit, member, case)
    return left(unit, member, case)


def assign(unit: Unit, member: Member, number: str, to: Member) -> Change:
    """It is another's now. Raises `CitizenError`: "not_theirs" if they do not work there, "theirs_already"."""
    case = see(unit, member, number)
    work_on(unit, member, case)
    if unit.staff.keep(to.id) is None or not staff.works_at(unit, to, case.desk_id):
        raise CitizenError("not_theirs")
    if to.id == case.owner_id:
        raise CitizenError("theirs_already")
    state = CaseState.TAKEN if case.state == CaseState.NEW else case.state
    return _changed(unit, member, case, replace(case, owner_id=to.id, state=state), Happened("assigned", public=False))


def forward(unit: Unit, member: Member, number: str, desk_id: int) -> Change:
    """It is another desk's now, and nobody's there yet. Raises `CitizenError`: "no_such_desk", "there_already"."""
    case = see(unit, member, number)
    work_on(unit, member, case)
    if unit.desks.keep(desk_id) is None:
        raise CitizenError("no_such_desk")
    if desk_id == case.desk_id:
        raise CitizenError("there_already")
    return _changed(unit, member, case, replace(_unowned(case), desk_id=desk_id), Happened("forwarded"))


def hurry(unit: Unit, member: Member, number: str, *, urgent: bool = True) -> Change:
    """Urgent, or not any more. Which one is said: of two who press at once, the second undoes nothing.

    Raises `CitizenError`: "closed", "urgent_already", "not_urgent".
    """
    case = see(unit, member, number)
    if not case.is_open:
        raise CitizenError("closed")
    if case.is_urgent == urgent:
        raise CitizenError("urgent_already" if urgent else "not_urgent")
    now = replace(case, priority=URGENT if urgent else ORDINARY)
    return _changed(unit, member, case, now, Happened("urgent", public=False))


def recategorise(unit: Unit, member: Member, number: str, category: str) -> Change:
    """It is about something else; where another desk takes that, it goes there."""
    case = see(unit, member, number)
    work_on(unit, member, case)
    if category == case.category:
        raise CitizenError("there_already")
    desk = desks.for_category(unit, category)
    moved = replace(case, category=category)
    if desk is not None and desk.id != case.desk_id:
        moved = replace(_unowned(moved), desk_id=desk.id)
    return _changed(unit, member, case, moved, Happened("recategorised", public=False))


# -- speaking


def ask(unit: Unit, member: Member, number: str, said: Said) -> Change:
    """Ask the citizen. Raises `CitizenError`: "nobody_there" where a case has no citizen who can be reached."""
    case = see(unit, member, number)
    mine = work_on(unit, member, case)
    reachable(case)
    _some_text(said)
    _refuse_twice(unit, case, CaseState.ASKED, "asked", said)
    return _changed(unit, member, case, replace(mine, state=CaseState.ASKED), _words("asked", said))


def tell(unit: Unit, member: Member, number: str, said: Said) -> Change:
    """Tell the citizen something; the case stays where it is, a closed one too."""
    case = see(unit, member, number)
    reachable(case)
    if not (said.text or said.files):
        raise CitizenError("no_text")
    mine = work_on(unit, member, case) if case.is_open else case
    if mine.state == CaseState.NEW:
        mine = replace(mine, state=CaseState.TAKEN)
    return _changed(unit, member, case, mine, _words("said", said))


def note(unit: Unit, member: Member, number: str, said: Said) -> Change:
    """For colleagues only; the citizen never sees it."""
    case = see(unit, member, number)
    if not (said.text or said.files):
        raise CitizenError("no_text")
    return _changed(unit, member, case, case, replace(_words("note", said), public=False))


def plan(unit: Unit, member: Member, number: str, due: int, said: Said) -> Change:
    """It is done on a day: the end of that day is `due`."""
    case = see(unit, member, number)
    mine = work_on(unit, member, case)
    if due == case.due_at:
        _refuse_twice(unit, case, CaseState.PLANNED, "planned", said)
    now = replace(mine, state=CaseState.PLANNED, due_at=due)
    return _changed(unit, member, case, now, _words("planned", said))


def gist(unit: Unit, member: Member, number: str, said: Said, folded: str) -> Change:
    """What a voice says, in words that its citizen is asked to confirm. `folded`: the same in the form of `Text.fold`.

    Raises `CitizenError`: "has_words" where the citizen wrote themselves.
    """
    case = see(unit, member, number)
    mine = work_on(unit, member, case)
    _some_text(said)
    if case.text and unit.case_log.last(case.id, "gist") is None:
        raise CitizenError("has_words")
    unit.cases.word(case.id, said.text)
    unit.case_words.add(case.id, words_of(folded))
    state = CaseState.TAKEN if mine.state == CaseState.NEW else mine.state
    return _changed(unit, member, case, replace(mine, text=said.text, state=state), _words("gist", said))


# -- ends


def close(unit: Unit, member: Member, number: str, as_what: str, said: Said) -> Change:
    """One of `ENDS`. Raises `CitizenError`: "no_text"; "needs_proof" for "fixed" without a reason and a picture."""
    case = see(unit, member, number)
    mine = work_on(unit, member, case)
    if as_what == "fixed" and not (said.text or said.files):
        raise CitizenError("needs_proof")
    if as_what != "fixed":
        _some_text(said)
    state = ENDS[as_what]
    later = ask_at(unit, case) if state in JUDGED and case.kind != "thanks" else None
    ended = replace(mine, state=state, closed_at=unit.now, verdict=None, raised=0, ask_at=later)
    return _changed(unit, member, case, ended, _words(as_what, said))


def same_as(unit: Unit, member: Member, number: str, code: int | None) -> Change:
    """A duplicate of the case with this code, whose news its citizen gets from now on.

    Raises `CitizenError`: "no_such_case", "itself", "other_closed".
    """
    case = see(unit, member, number)
    mine = work_on(unit, member, case)
    other = None if code is None else unit.cases.of_code(code)
    if other is None or not staff.works_at(unit, member, other.desk_id):
        raise CitizenError("no_such_case")
    if case.id in {other.id, other.same_as}:
        raise CitizenError("itself")
    held = unit.cases.hold(other.id)  # it is not closed at this very moment: its news would never come
    if held is None or not held.is_open:
        raise CitizenError("other_closed")
    who = _citizen_of(case)
    if who is not None and (who.platform, who.user_id) != (other.platform, other.user_id):
        unit.followers.add(other.id, who)
    unit.followers.go_along(case.id, other.id)
    ended = replace(mine, state=CaseState.DUPLICATE, same_as=other.id, closed_at=unit.now, raised=0)
    return _changed(unit, member, case, ended, Happened("duplicate"))


def reopen(unit: Unit, member: Member, number: str) -> Change:
    """A closed case is open again, and this member's. Not one that its citizen took back."""
    case = see(unit, member, number)
    if case.is_open:
        raise CitizenError("open_already")
    if case.state == CaseState.WITHDRAWN:
        raise CitizenError("withdrawn")
    again = replace(
        taken_by(unit, member, case),
        state=CaseState.TAKEN,
        desk_id=desks.home_of(unit, case.desk_id, case.category),
        closed_at=None,
        same_as=None,
        verdict=None,
        ask_at=None,
    )
    return _changed(unit, member, case, again, Happened("opened"))


def left(unit: Unit, by: Member | None, case: Case) -> Change:
    """It is nobody's again."""
    return _changed(unit, by, case, _unowned(case), Happened("released", public=False))


def _unowned(case: Case) -> Case:
    return replace(case, owner_id=None, state=CaseState.NEW if case.state == CaseState.TAKEN else case.state)


# -- what they share


def _changed(unit: Unit, member: Member | None, before: Case, now: Case, happened: Happened) -> Change:
    """Write it all down: the case, its log with before and after, and the audit, which holds no words."""
    was, became = _difference(before, now)
    by = None if member is None else member.id
    written = unit.cases.change(now) if was else now
    event = unit.case_log.add(now.id, replace(happened, member_id=by, before=was, after=became))
    audit.note(unit, member, f"case_{happened.kind}", f"case:{now.id}", was, became)
    return Change(written, event, before)


def _difference(before: Case, now: Case) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is another than before, as it was and as it is."""
    names = (
        "state",
        "owner_id",
        "desk_id",
        "priority",
        "category",
        "due_at",
        "raised",
        "same_as",
        "verdict",
        "closed_at",
        "ask_at",
    )
    changed = [name for name in names if getattr(before, name) != getattr(now, name)]
    was, became = ({name: getattr(case, name) for name in changed} for case in (before, now))
    return was, became


def _words(kind: str, said: Said) -> Happened:
    return Happened(kind, said.text or None, files=said.files)


def _some_text(said: Said) -> None:
    if not said.text:
        raise CitizenError("no_text")


def _refuse_twice(unit: Unit, case: Case, state: CaseState, kind: str, said: Said) -> None:
    """A button that is tapped twice must not tell the citizen twice. Raises `CitizenError`: "told_already"."""
    last = unit.case_log.last(case.id, kind) if case.state == state and not said.files else None
    if last is not None and (last.text or "") == said.text:
        raise CitizenError("told_already")


def _citizen_of(case: Case) -> Follower | None:
    if case.platform is None or case.user_id is None or case.chat_id is None:
        return None
    return Follower(case.platform, case.user_id, case.chat_id)
