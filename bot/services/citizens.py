"""What is kept of a citizen, and forgetting them."""

from dataclasses import dataclass
from typing import Final

from bot.dates import day_in_words
from bot.services import cases, leaving, staff
from bot.services.cases import Change
from bot.services.forgetting import forget_answers, forget_person
from bot.services.reports import DROPPED_AFTER_MS
from bot.store import Unit
from bot.store.choices import Choice
from bot.store.citizens import Citizen

DAY_MS: Final = 24 * 3600 * 1000
MOST_COUNTED: Final = 1000


@dataclass(frozen=True, slots=True)
class Kept:
    """All that is stored of one citizen.

    `since`: the day they first wrote; `messages`: how many are kept in words; `files`: how many they sent;
    `questions`: how many were noted because nobody could answer them; `votes`: on how many answers they voted;
    `cases`: how many they filed, `followed`: of others, `drafts`: half-finished ones; `banned`: that they may
    file none for a while; `choice`: of the announcements, `presses`: how many of their buttons they pressed;
    `surveys`: in how many they take part.
    """

    name: str | None
    since: str
    messages: int
    files: int
    questions: int
    votes: int
    cases: int
    followed: int
    drafts: int
    banned: bool
    choice: Choice
    presses: int
    surveys: int


def what_is_kept(unit: Unit, citizen: Citizen, chat_id: int) -> Kept:
    at = (citizen.platform, chat_id)
    who = (citizen.platform, citizen.user_id)
    return Kept(
        citizen.name,
        day_in_words(citizen.met_at),
        unit.inbox.kept(*at),
        unit.files.count(*at),
        unit.questions.kept(*who),
        unit.votes.kept(*who),
        unit.cases.count_mine(*who)[0],
        len(unit.followers.followed(*who, MOST_COUNTED)),
        unit.drafts.count(*who),
        unit.bans.find(*who) is not None,
        unit.choices.of(citizen.id),
        unit.presses.kept(citizen.id),
        len(unit.participants.of_citizen(citizen.id)),
    )


def forget(unit: Unit, citizen: Citizen, chat_id: int) -> list[Change]:
    """Delete the citizen and all that is theirs. Update ids stay, so that a repeat is known.

    Their cases stay, without them; and what they worked on as one of the staff is their colleagues' now.
    """
    member = staff.member(unit, citizen)
    staff.forget(unit, citizen)
    changes = forget_person(unit, citizen.platform, citizen.user_id, chat_id)
    changes += leaving.leave_all(unit, member, member) if member is not None else []
    unit.inbox.blank_chat(citizen.platform, chat_id)
    unit.outbox.drop_chat(citizen.platform, chat_id, "forgotten")
    unit.outbox.blank_chat(citizen.platform, chat_id)
    unit.files.adopt_of_cases(citizen.platform, chat_id)  # what they sent as one of the staff: proof of what was mended
    unit.files.forget(citizen.platform, chat_id)
    unit.places.forget(citizen.platform, citizen.user_id)
    unit.questions.forget(citizen.platform, citizen.user_id)
    unit.votes.forget(citizen.platform, citizen.user_id)
    unit.presses.forget(citizen.id)
    forget_answers(unit, citizen.id)
    unit.recipients.forget(citizen.id, unit.announcements.kept_runs(citizen.platform))
    unit.citizens.forget(citizen.platform, citizen.user_id)
    if citizen.platform == "web":
        unit.web.clear(chat_id)
    return changes


def forget_old_words(unit: Unit, age_ms: int, most: int) -> dict[str, int]:
    """Blank what was said and answered longer ago than this; so many of each at most, not to hold others up."""
    return {
        "updates": unit.inbox.blank_old(age_ms, most),
        "messages": unit.outbox.blank_old(age_ms, most),
        "files": unit.files.forget_old(max(age_ms, DROPPED_AFTER_MS + DAY_MS), most),  # drafts name theirs till then
        "page": unit.web.forget_old(age_ms, most),
        "questions": unit.questions.blank_old(age_ms, most),
        "places": unit.places.forget_old(age_ms, most),
        "lookups": unit.lookups.forget_old(cases.LOOKUPS_MS),
    }
