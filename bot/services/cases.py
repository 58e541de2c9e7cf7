"""Cases as their citizens have them: looking at one, adding to it, taking it back, and saying what became of it.

 filed ─► NEW ─► TAKEN ─► ANSWERED, FIXED ─► «رفع شد» · «نصفه»
            ▲      │  ▲          │
            │      ▼  │          ├─► «نشد» the first time: NEW again, another owner
            │    ASKED           └─► «نشد» the second time: raised to the managers
            └── released              NOT_OURS, NO_ACTION, DUPLICATE, WITHDRAWN: ends

What staff do is in `handling.py`, who is told of it in `news.py`. Every function gives a `Change`: the case as it is
now, and what happened to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.errors import CitizenError
from bot.incoming import Attachment
from bot.media import MOST_BYTES
from bot.models import CaseState, FileState, Verdict
from bot.services import desks
from bot.store import Unit
from bot.store.case_log import Event, Happened
from bot.store.cases import Case
from bot.store.citizens import Citizen
from bot.store.files import File

__all__ = [
    "ADDED_LIMIT",
    "TALK",
    "Case",
    "CaseState",
    "Change",
    "Event",
    "Peek",
    "Verdict",
    "add",
    "addition",
    "confirm",
    "count",
    "explain",
    "files",
    "followed",
    "follows",
    "is_number",
    "judge",
    "leave",
    "look_up",
    "mine",
    "question",
    "see",
    "surveyed",
    "theirs",
    "to_survey",
    "withdraw",
]

ADDED_LIMIT: Final = 1000
"""Letters of what is added to a case at once."""
MOST_ADDED: Final = 100
"""So often a citizen adds to a case: whoever writes without end must not fill a desk."""
MOST_FILES: Final = 10
"""Added at once: an album."""
MOST_LOOKUPS: Final = 10
"""So many codes of others somebody may look up in an hour."""
LOOKUPS_MS: Final = 3600 * 1000
ASKED_LATER_MS: Final = 28 * 24 * 3600 * 1000
"""So long after it was called mended its citizen is asked whether it still is: what FixMyStreet does."""
LONGEST_NUMBER: Final = 19
"""Digits that the number of a case never has."""
TALK: Final = "talk"
"""The kind of a case that is a talk with the staff."""
JUDGED: Final = (CaseState.ANSWERED, CaseState.FIXED)
"""Ends of which the citizen says whether they are true."""


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to a case: as it is now, the event, and as it was (None: it is new)."""

    case: Case
    event: Event
    before: Case | None


@dataclass(frozen=True, slots=True)
class Peek:
    """What anybody may know of a case that is not theirs."""

    id: int
    code: int
    kind: str
    category: str
    state: CaseState
    is_open: bool


# -- looking


def mine(unit: Unit, citizen: Citizen, before: int, most: int) -> list[Case]:
    """Cases of a citizen, the newest first, of lower numbers than `before`."""
    return unit.cases.mine(citizen.platform, citizen.user_id, before, most)


def theirs(unit: Unit, citizen: Citizen, number: str) -> Case:
    """The citizen's own case that a button names. Raises `CitizenError`: "gone"."""
    found = _named(unit, number)
    if found is None or not _is_of(found, citizen):
        raise CitizenError("gone")
    return found


def see(unit: Unit, citizen: Citizen, number: str) -> Case | Peek:
    """The case that a button names: in full if it is the citizen's, a peek if they follow it.

    Raises `CitizenError`: "gone".
    """
    found = _named(unit, number)
    if found is not None and _is_of(found, citizen):
        return found
    if found is None or not unit.followers.follows(found.id, *_who(citizen)):
        raise CitizenError("gone")
    return peek(found)


def followed(unit: Unit, citizen: Citizen, most: int) -> list[Peek]:
    """The cases of others that the citizen follows, the newest first."""
    numbers = unit.followers.followed(*_who(citizen), most)
    return [peek(found) for number in numbers if (found := unit.cases.find(number)) is not None]


def follows(unit: Unit, citizen: Citizen, case: Peek) -> bool:
    """Whether the citizen gets the news of somebody else's case."""
    return unit.followers.follows(case.id, *_who(citizen))


def count(unit: Unit, citizen: Citizen) -> tuple[int, int]:
    """How many cases a citizen has, and how many of them are open."""
    return unit.cases.count_mine(*_who(citizen))


def files(unit: Unit, case: Case) -> list[File]:
    """The files of a case that its citizen may see, in their order, without those that could not be fetched."""
    keys = [key for key, _ in unit.case_log.files(case.id, public=True)]
    found = unit.files.find(keys)
    return [found[key] for key in keys if key in found and found[key].state != FileState.MISSING]


def question(unit: Unit, case: Case) -> str:
    """What staff asked, of a case that waits for the answer; empty if it does not."""
    asked = unit.case_log.last(case.id, "asked") if case.state == CaseState.ASKED else None
    return "" if asked is None else asked.text or ""


def look_up(unit: Unit, citizen: Citizen, code: int) -> Case | Peek | None:
    """The case of a code: in full if it is the citizen's, else what anybody may know; None: there is none.

    Raises `CitizenError`: "guessing" for whoever has tried too many that are not theirs.
    """
    if unit.lookups.counted(*_who(citizen), LOOKUPS_MS) >= MOST_LOOKUPS:
        raise CitizenError("guessing")
    found = unit.cases.of_code(code)
    if found is not None and _is_of(found, citizen):
        return found
    unit.lookups.count_one(*_who(citizen), LOOKUPS_MS)
    return None if found is None else peek(found)


def peek(case: Case) -> Peek:
    return Peek(case.id, case.code, case.kind, case.category, case.state, case.is_open)


# -- what citizens do


def addition(text: str, sent: Sequence[Attachment]) -> str:
    """The words of what a citizen adds with these files.

    Raises `CitizenError`: "nothing", "too_long" (length, limit), "too_many" (limit), "too_big" (limit).
    """
    words = text.strip()
    if not words and not sent:
        raise CitizenError("nothing")
    if len(words) > ADDED_LIMIT:
        raise CitizenError("too_long", length=len(words), limit=ADDED_LIMIT)
    if len(sent) > MOST_FILES:
        raise CitizenError("too_many", limit=MOST_FILES)
    if any((file.size or 0) > MOST_BYTES for file in sent):
        raise CitizenError("too_big", limit=MOST_BYTES // 1024**2)
    return words


def add(unit: Unit, case: Case, text: str, files: tuple[str, ...] = ()) -> Change:
    """The citizen adds to an open case, or answers what staff asked. Raises `CitizenError`: "closed", "enough"."""
    if not case.is_open:
        raise CitizenError("closed")
    _room_for_more(unit, case)
    now = case
    if case.state == CaseState.ASKED:
        back = CaseState.TAKEN if case.owner_id is not None else CaseState.NEW
        now = unit.cases.change(replace(case, state=back))
    return Change(now, unit.case_log.add(case.id, Happened("added", text[:ADDED_LIMIT] or None, files=files)), case)


def confirm(unit: Unit, case: Case) -> Change:
    """What staff wrote down of the citizen's voice is right. Raises `CitizenError`: "no_gist", "said_already"."""
    gist, confirmed = unit.case_log.last(case.id, "gist"), unit.case_log.last(case.id, "confirmed")
    if gist is None:
        raise CitizenError("no_gist")
    if confirmed is not None and confirmed.id > gist.id:
        raise CitizenError("said_already")
    return Change(case, unit.case_log.add(case.id, Happened("confirmed")), case)


def withdraw(unit: Unit, case: Case) -> Change:
    """The citizen takes an open case back. Raises `CitizenError`: "closed"."""
    if not case.is_open:
        raise CitizenError("closed")
    now = unit.cases.change(replace(case, state=CaseState.WITHDRAWN, closed_at=unit.now, raised=0, ask_at=None))
    return Change(now, unit.case_log.add(case.id, Happened("withdrawn")), case)


def judge(unit: Unit, case: Case, verdict: Verdict) -> Change:
    """What the citizen says of an end. «نشد» opens it again: for another owner, and the second time for the managers.

    Raises `CitizenError`: "not_judged" for a case that is open or ended otherwise, "said_already", "objected_twice".
    """
    if case.is_open or case.state not in JUDGED:
        raise CitizenError("not_judged")
    if case.verdict == verdict:
        raise CitizenError("said_already")
    if verdict != Verdict.NOT_FIXED:
        now = unit.cases.change(replace(case, verdict=verdict))
        return Change(now, unit.case_log.add(case.id, Happened("verdict", after={"verdict": int(verdict)})), case)
    if case.reopened >= 2:  # the managers had it: theirs is the last word
        raise CitizenError("objected_twice")
    return _reopen(unit, case)


def _reopen(unit: Unit, case: Case) -> Change:
    again = replace(
        case,
        state=CaseState.NEW,
        desk_id=desks.home_of(unit, case.desk_id, case.category),
        closed_at=None,
        verdict=int(Verdict.NOT_FIXED),
        owner_id=None,
        reopened=case.reopened + 1,
        raised=int(case.reopened > 0),
        ask_at=None,
    )
    kind = "raised" if again.raised else "reopened"
    happened = Happened(kind, before={"owner": case.owner_id, "state": int(case.state)}, after={"owner": None})
    return Change(unit.cases.change(again), unit.case_log.add(case.id, happened), case)


def explain(unit: Unit, case: Case, text: str, files: tuple[str, ...] = ()) -> Change:
    """What is still wrong, told after «نصفه» or «نشد». Raises `CitizenError`: "closed", "enough"."""
    if case.is_open:
        return add(unit, case, text, files)
    if case.verdict != Verdict.HALF:
        raise CitizenError("closed")
    _room_for_more(unit, case)
    return Change(case, unit.case_log.add(case.id, Happened("half", text[:ADDED_LIMIT] or None, files=files)), case)


def leave(unit: Unit, citizen: Citizen, number: str) -> None:
    """The citizen follows a case no more. Raises `CitizenError`: "not_followed"."""
    if not is_number(number) or not unit.followers.leave(int(number), *_who(citizen)):
        raise CitizenError("not_followed")


def to_survey(unit: Unit, most: int) -> list[Case]:
    """Cases whose citizens are asked now, once and never again, whether it is still mended."""
    return [unit.cases.change(replace(case, ask_at=None)) for case in unit.cases.to_ask(most)]


def surveyed(unit: Unit, case: Case) -> Change:
    """One of them is asked."""
    return Change(case, unit.case_log.add(case.id, Happened("surveyed")), case)


def ask_at(unit: Unit, case: Case) -> int | None:
    """When the citizen is to be asked once more of a case that ends now. None: they have been, or nobody is there."""
    if case.user_id is None or unit.case_log.last(case.id, "surveyed") is not None:
        return None
    return unit.now + ASKED_LATER_MS


def _room_for_more(unit: Unit, case: Case) -> None:
    if unit.case_log.count(case.id, "added") + unit.case_log.count(case.id, "half") >= MOST_ADDED:
        raise CitizenError("enough")


def _named(unit: Unit, number: str) -> Case | None:
    """The case of a number, held."""
    return unit.cases.hold(int(number)) if is_number(number) else None


def is_number(number: str) -> bool:
    """Whether a button names a number that a case may have."""
    return number.isascii() and number.isdecimal() and len(number) < LONGEST_NUMBER


def _is_of(case: Case, citizen: Citizen) -> bool:
    """Whether the citizen filed it."""
    return case.user_id is not None and (case.platform, case.user_id) == _who(citizen)


def _who(citizen: Citizen) -> tuple[str, int]:
    return citizen.platform, citizen.user_id
