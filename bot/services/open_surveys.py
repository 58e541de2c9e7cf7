"""What is asked at this moment of one citizen."""

from dataclasses import dataclass

from bot.services import staff, surveys, taking_part
from bot.services.audiences import Audience
from bot.services.surveys import Stage
from bot.services.topics import bit
from bot.store import Unit
from bot.store.announcements import Announcement
from bot.store.citizens import Citizen
from bot.store.surveys import Row


@dataclass(frozen=True, slots=True)
class Asked:
    """A survey, and whether they have sent their answers."""

    row: Row
    answered: bool


def asked(unit: Unit, citizen: Citizen, *, live: bool) -> list[Asked]:
    """The open surveys that are meant for a citizen, the newest first. Not `live`: for staff only."""
    if not live and staff.member(unit, citizen) is None:
        return []
    found = [
        row
        for row in unit.surveys.running()
        if surveys.stage(row, unit.now) is Stage.OPEN and surveys.can_be_asked(row)
    ]
    return [
        Asked(row, taking_part.has_sent(unit, citizen, row.id))
        for row in sorted(found, key=lambda row: -row.id)
        if _is_meant(unit, citizen, row)
    ]


def _is_meant(unit: Unit, citizen: Citizen, row: Row) -> bool:
    announcement = None if row.announcement_id is None else unit.announcements.find(row.announcement_id)
    return announcement is not None and _reaches(unit, citizen, announcement)


def _reaches(unit: Unit, citizen: Citizen, announcement: Announcement) -> bool:
    """Whether they belong to the audience. Who wants no announcements may still look here for what is asked."""
    whom, choice = Audience.from_json(announcement.audience), unit.choices.of(citizen.id)
    return (
        (not whom.platforms or citizen.platform in whom.platforms)
        and (not whom.neighbourhoods or choice.neighbourhood in whom.neighbourhoods)
        and (not whom.chosen_only or not announcement.topic or bool(choice.wants & bit(announcement.topic)))
        and (whom.answered is None or taking_part.has_sent(unit, citizen, whom.answered))
        and (whom.unanswered is None or not taking_part.has_sent(unit, citizen, whom.unanswered))
    )
