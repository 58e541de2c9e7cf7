"""Filing a case: what a report holds, who may file one, what is the same as one filed a moment ago, what is near.

A report is filed in the turn that tells its citizen the code, so the code exists as soon as anybody knows it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from bot.clock import TEHRAN
from bot.dates import day_in_words
from bot.errors import CitizenError
from bot.incoming import Spot
from bot.services import audit, bans, codes, desks, geo
from bot.services.cases import Change
from bot.services.categories import Category, Kind
from bot.services.offices import REGION
from bot.services.openings import Hours
from bot.store import Unit
from bot.store.case_log import Happened
from bot.store.cases import Case
from bot.store.citizens import Citizen
from bot.store.followers import Follower

TEXT_LIMIT: Final = 2000
"""Letters of a report; longer words are cut, and their citizen is told before."""
ADDRESS_LIMIT: Final = 300
MOST_FILES: Final = 5
MOST_A_DAY: Final = 3
MOST_TALKS_A_DAY: Final = 5
JOINED_WITHIN_MS: Final = 10 * 60 * 1000
"""The same words again within this are the same report."""
CONSENT_VERSION: Final = 1
"""Of the text in content/report.toml; who agreed to an older one is asked again."""
OFFERED_AFTER_MS: Final = 24 * 3600 * 1000
DROPPED_AFTER_MS: Final = 7 * 24 * 3600 * 1000
MOST_NEAR: Final = 3
_LOOKED_AT: Final = 100
MOST_WORDS: Final = 40
LONGEST_WORD: Final = 40


@dataclass(frozen=True, slots=True)
class Report:
    """What a citizen gathered. `files`: keys of `files`; `answers`: question to option, of the category's questions.

    `name` and `phone`: only what staff may see.
    """

    kind: str
    category: str
    text: str = ""
    files: tuple[str, ...] = ()
    lat: float | None = None
    lon: float | None = None
    address: str | None = None
    neighbourhood: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    name: str | None = None
    phone: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As it stands in the memory of a conversation and in a draft."""
        return asdict(self) | {"files": list(self.files)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Report":
        return cls(**{**stored, "files": tuple(stored["files"])})

    @property
    def spot(self) -> Spot | None:
        return None if self.lat is None or self.lon is None else Spot(self.lat, self.lon)


@dataclass(frozen=True, slots=True)
class Filed:
    """A report that was filed. `joined`: to the case of the same words that was filed a moment before."""

    change: Change
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """An open case close to a point, and how many metres away it is."""

    case: Case
    metres: int


# -- before a report


def may_file(unit: Unit, citizen: Citizen, now: datetime) -> None:
    """Raises `CitizenError`: "banned" (until, reason) or "banned_for_good" (reason), "too_many" (limit)."""
    may_write(unit, citizen)
    if _filed_today(unit, citizen, now, talks=False) >= MOST_A_DAY:
        raise CitizenError("too_many", limit=MOST_A_DAY)


def may_talk(unit: Unit, citizen: Citizen, now: datetime) -> None:
    """As `may_file`, for a talk with the staff: it is no report and takes none of them, but must not fill a desk."""
    may_write(unit, citizen)
    if _filed_today(unit, citizen, now, talks=True) >= MOST_TALKS_A_DAY:
        raise CitizenError("too_many", limit=MOST_TALKS_A_DAY)


def _filed_today(unit: Unit, citizen: Citizen, now: datetime, *, talks: bool) -> int:
    today = now.astimezone(TEHRAN).replace(hour=0, minute=0, second=0, microsecond=0)
    return unit.cases.filed_since(citizen.platform, citizen.user_id, int(today.timestamp() * 1000), talks=talks)


def may_write(unit: Unit, citizen: Citizen) -> None:
    """Raises `CitizenError` for who is banned: "banned" (until, reason), "banned_for_good" (reason)."""
    ban = bans.standing(unit, citizen)
    if ban is not None and ban.until is None:
        raise CitizenError("banned_for_good", reason=ban.reason)
    if ban is not None and ban.until is not None:
        raise CitizenError("banned", until=day_in_words(ban.until), reason=ban.reason)


def has_agreed(unit: Unit, citizen: Citizen) -> bool:
    """Whether the citizen agreed to the text that counts today."""
    return unit.citizens.agreed(citizen.platform, citizen.user_id) == CONSENT_VERSION


def agree(unit: Unit, citizen: Citizen) -> None:
    """The citizen has seen the text, and goes on."""
    unit.citizens.agree(citizen.platform, citizen.user_id, CONSENT_VERSION)


def near(unit: Unit, citizen: Citizen, category: Category, spot: Spot) -> list[Near]:
    """Open cases of the category within its radius that are neither the citizen's nor followed, the nearest first."""
    if not category.radius:
        return []
    around = unit.cases.near(category.id, geo.cells_around(spot.lat, spot.lon), _LOOKED_AT)
    measured = [
        Near(case, round(geo.metres((spot.lat, spot.lon), (case.lat, case.lon))))
        for case in around
        if case.lat is not None and case.lon is not None and not is_theirs(case, citizen)
    ]
    close = sorted((one for one in measured if one.metres <= category.radius), key=lambda one: one.metres)
    return list(islice((one for one in close if not _follows(unit, one.case, citizen)), MOST_NEAR))


def is_theirs(case: Case, citizen: Citizen) -> bool:
    """Whether the citizen filed it."""
    return case.user_id is not None and (case.platform, case.user_id) == (citizen.platform, citizen.user_id)


def _follows(unit: Unit, case: Case, citizen: Citizen) -> bool:
    return unit.followers.follows(case.id, citizen.platform, citizen.user_id)


def follow(unit: Unit, citizen: Citizen, chat_id: int, case_id: int) -> Change:
    """«من هم»: the citizen gets the news of an open case. Raises `CitizenError`: "gone", "follows_already"."""
    case = unit.cases.hold(case_id)
    if case is None or not case.is_open:
        raise CitizenError("gone")
    if is_theirs(case, citizen) or not unit.followers.add(
        case.id, Follower(citizen.platform, citizen.user_id, chat_id)
    ):
        raise CitizenError("follows_already")
    return Change(case, unit.case_log.add(case.id, Happened("followed", public=False)), case)


# -- filing


def due_at(hours: Hours, now: datetime, days: int) -> int:
    """The end of the working day, so many of them ahead, in milliseconds."""
    day = now.astimezone(TEHRAN).date()
    for _ in range(days):
        day = hours.next_open(REGION, day) or day + timedelta(days=1)
    end = datetime(day.year, day.month, day.day, 23, 59, tzinfo=TEHRAN)
    return int(end.timestamp() * 1000)


def expected_days(kind: Kind, category: Category) -> int:
    """Working days until an answer is to be expected."""
    return kind.days if kind.days is not None else category.days


@dataclass(frozen=True, slots=True)
class Sender:
    """Who files: a citizen in their chat, or a member of the staff for somebody who called or came."""

    citizen: Citizen | None = None
    chat_id: int | None = None
    filed_by: int | None = None


def file(unit: Unit, sender: Sender, report: Report, folded: str, due: int) -> Filed:
    """File a report. `folded`: its words in the form of `Text.fold`; `due`: see `due_at`.

    Ask `may_file` before. The same words of the same citizen within ten minutes join the case that is there.
    """
    likeness = _likeness(report, folded)
    first = _just_filed(unit, sender, likeness) if folded.strip() else None
    if first is not None:
        return Filed(_join(unit, first, report), joined=True)
    values = _values(report) | _whose(sender) | {"likeness": likeness, "due_at": due}
    desk = desks.for_category(unit, report.category)
    values["desk_id"] = None if desk is None else desk.id
    case = None
    while case is None:  # a code in a thousand is taken already
        case = unit.cases.file(values | {"code": codes.new()})
    unit.case_words.add(case.id, words_of(f"{folded} {report.address or ''} {report.name or ''}"))
    event = unit.case_log.add(case.id, Happened("filed", member_id=sender.filed_by, files=report.files))
    if sender.filed_by is not None:
        audit.note(unit, sender.filed_by, "case_filed", f"case:{case.id}", after={"category": case.category})
    return Filed(Change(case, event, None))


def words_of(folded: str) -> list[str]:
    """The words by which a case is found, of a text in the form of `Text.fold`."""
    words = dict.fromkeys(word[:LONGEST_WORD] for word in folded.split() if len(word) > 1)
    return list(words)[:MOST_WORDS]


def _just_filed(unit: Unit, sender: Sender, likeness: str) -> Case | None:
    who = sender.citizen
    if who is None:
        return None
    first = unit.cases.same(who.platform, who.user_id, likeness, unit.now - JOINED_WITHIN_MS)
    held = None if first is None else unit.cases.hold(first.id)
    return held if held is not None and held.is_open else None  # it may have ended this very moment


def _join(unit: Unit, first: Case, report: Report) -> Change:
    """The files and the place that the first one did not have. Words alone, sent once more, add nothing to see."""
    case = first
    if case.lat is None and report.spot is not None:
        cell = geo.cell_of(report.spot.lat, report.spot.lon)
        case = unit.cases.put(case.id, report.spot.lat, report.spot.lon, cell)
    happened = Happened("added", files=report.files) if report.files else Happened("repeated", public=False)
    return Change(case, unit.case_log.add(case.id, happened), first)


def _likeness(report: Report, folded: str) -> str:
    said = json.dumps([report.kind, report.category, folded.split()])
    return hashlib.sha256(said.encode()).hexdigest()


def _values(report: Report) -> dict[str, Any]:
    cell = None if report.spot is None else geo.cell_of(report.spot.lat, report.spot.lon)
    return {
        "kind": report.kind,
        "category": report.category,
        "text": report.text,
        "address": report.address,
        "neighbourhood": report.neighbourhood,
        "lat": report.lat,
        "lon": report.lon,
        "cell": cell,
        "answers": json.dumps(dict(report.answers)) if report.answers else None,
        "name": report.name,
        "phone": report.phone,
    }


def _whose(sender: Sender) -> dict[str, Any]:
    if sender.citizen is None:
        return {"filed_by": sender.filed_by}
    return {
        "platform": sender.citizen.platform,
        "user_id": sender.citizen.user_id,
        "chat_id": sender.chat_id,
        "filed_by": sender.filed_by,
    }


# -- drafts


def keep_draft(unit: Unit, citizen: Citizen, chat_id: int, body: Mapping[str, Any]) -> None:
    """Keep what was gathered so far; it is offered again after a day and dropped after a week."""
    unit.drafts.keep(citizen.platform, chat_id, citizen.user_id, body)


def draft(unit: Unit, citizen: Citizen, chat_id: int) -> Mapping[str, Any] | None:
    """What was begun and not sent; None: nothing, or it is older than a week."""
    kept = unit.drafts.find(citizen.platform, chat_id, citizen.user_id)
    return None if kept is None or kept.changed_at < unit.now - DROPPED_AFTER_MS else kept.body


def drop_draft(unit: Unit, citizen: Citizen, chat_id: int) -> None:
    unit.drafts.drop(citizen.platform, chat_id, citizen.user_id)
