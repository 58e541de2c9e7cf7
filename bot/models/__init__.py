"""The tables. Queries are in `bot/store/`, one class a table; how tables change is in `migrations/`.

Instants are BIGINT milliseconds since 1970 (UTC). Ids of platforms are BIGINT and never stand without their platform:
the same number is another person on another platform.
"""

from bot.models.announcing import (
    AnnouncementState,
    RecipientState,
    announcements,
    greeting_changes,
    presses,
    recipients,
    run_counts,
    runs,
)
from bot.models.base import Id, PlatformName, metadata
from bot.models.cases import (
    CaseState,
    Verdict,
    case_events,
    case_files,
    case_followers,
    case_words,
    cases,
    drafts,
    lookups,
)
from bot.models.knowing import (
    EventTimes,
    QuestionState,
    closures,
    entries,
    entry_versions,
    events,
    lunar_shifts,
    questions,
    revisions,
    votes,
)
from bot.models.messages import FileState, RowState, chats, files, inbox, outbox, uploads, visitors, web_messages
from bot.models.people import audit, bans, citizens, desk_members, desks, invites, places, staff
from bot.models.running import alarms, beats, jobs, leases, paces

__all__ = [
    "AnnouncementState",
    "CaseState",
    "EventTimes",
    "FileState",
    "Id",
    "PlatformName",
    "QuestionState",
    "RecipientState",
    "RowState",
    "Verdict",
    "alarms",
    "announcements",
    "audit",
    "bans",
    "beats",
    "case_events",
    "case_files",
    "case_followers",
    "case_words",
    "cases",
    "chats",
    "citizens",
    "closures",
    "desk_members",
    "desks",
    "drafts",
    "entries",
    "entry_versions",
    "events",
    "files",
    "greeting_changes",
    "inbox",
    "invites",
    "jobs",
    "leases",
    "lookups",
    "lunar_shifts",
    "metadata",
    "outbox",
    "paces",
    "places",
    "presses",
    "questions",
    "recipients",
    "revisions",
    "run_counts",
    "runs",
    "staff",
    "uploads",
    "visitors",
    "votes",
    "web_messages",
]
