"""Announcements: what goes to many, to whom it went, and what staff change of the texts for occasions."""

from enum import IntEnum, unique

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, String, Table, Text, UniqueConstraint, text

from bot.models.base import Id, PlatformName, metadata


@unique
class AnnouncementState(IntEnum):
    """Where an announcement stands. From `DONE` on it has ended."""

    WAITING = 0
    """A second person has to approve it."""
    PLANNED = 1
    """It begins by itself when it is due."""
    QUEUING = 2
    """Its recipients are being written down; what is written down is not sent yet."""
    RUNNING = 3
    PAUSED = 4
    DONE = 5
    CANCELLED = 6
    REFUSED = 7
    """Whoever had to approve it did not."""
    MISSED = 8
    """When it could have gone it would have been too late."""


@unique
class RecipientState(IntEnum):
    """Where one recipient stands."""

    WAITING = 0
    TAKEN = 1
    """Somebody is about to send it. Whoever finds it so after them cannot know whether it went."""
    SENT = 2
    UNKNOWN = 3
    """It was sent, and no answer came; only staff say whether it goes once more."""
    GONE = 4
    """The citizen cannot be written to."""
    LEFT = 5
    """The citizen wants no such announcements, or not any."""
    HELD = 6
    """Two unsolicited ones in a week are enough."""
    LATE = 7
    """It would have come too late, as out of quiet hours."""
    FAILED = 8
    DROPPED = 9
    """Cancelled before its turn."""
    ANSWERED = 10
    """The survey that they were to be reminded of."""


announcements = Table(
    "announcements",
    metadata,
    Column("id", Id, primary_key=True),
    Column("state", SmallInteger, nullable=False),
    Column("key", String(80), unique=True),  # what it comes from, such as "occasion:nowruz:1405:0": never made twice
    Column("topic", String(16), nullable=False),  # "": of none
    Column("urgent", SmallInteger, nullable=False, server_default="0"),
    Column("content", Text, nullable=False),  # JSON, see bot/services/contents.py
    Column("audience", Text, nullable=False),  # JSON, see bot/services/audiences.py
    Column("fingerprint", String(64), nullable=False),  # of its text: the same again is found by it
    Column("made_by", BigInteger),  # staff.id; none: by the calendar
    Column("made_at", BigInteger, nullable=False),
    Column("approved_by", BigInteger),  # staff.id of whoever approved or refused it
    Column("approved_at", BigInteger),
    Column("due_at", BigInteger, nullable=False),  # not to begin before
    Column("until", BigInteger),  # not to be sent later
    Column("repeat", Text),  # JSON, see bot/services/repeating.py: of a series, that is never sent itself
    Column("began_at", BigInteger),
    Column("ended_at", BigInteger),
    Index("ix_announcements_due", "due_at", sqlite_where=text("state < 5"), postgresql_where=text("state < 5")),
    Index(None, "fingerprint"),
    sqlite_autoincrement=True,  # an old button must not lead to another announcement
)

# An announcement on one platform.
runs = Table(
    "runs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("announcement_id", BigInteger, nullable=False),
    Column("platform", PlatformName, nullable=False),
    Column("queued_to", BigInteger, nullable=False, server_default="0"),  # the last citizen that was looked at
    Column("queued_at", BigInteger),  # all recipients are written down
    Column("total", Integer, nullable=False, server_default="0"),
    Column("ended_at", BigInteger),
    UniqueConstraint("announcement_id", "platform"),
    Index("ix_runs_open", "platform", sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL")),
)

# Narrow, since there may be a million of one run; read and written in the order of its key only.
recipients = Table(
    "recipients",
    metadata,
    Column("run_id", BigInteger, primary_key=True),
    Column("citizen_id", BigInteger, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("state", SmallInteger, nullable=False, server_default="0"),
    sqlite_with_rowid=False,
)

run_counts = Table(
    "run_counts",
    metadata,
    Column("run_id", BigInteger, primary_key=True),
    Column("outcome", String(80), primary_key=True),  # a state of recipients, in words; failures by cause: "failed:…"
    Column("count", Integer, nullable=False),
)

# Who pressed which button of an announcement.
presses = Table(
    "presses",
    metadata,
    Column("announcement_id", BigInteger, primary_key=True),
    Column("button", SmallInteger, primary_key=True),  # its place in the content; -1: whoever left by it
    Column("citizen_id", BigInteger, primary_key=True),
    Index(None, "citizen_id"),
    sqlite_with_rowid=False,
)

# What staff decided of one text of one date of an occasion; see bot/services/occasion_plans.py.
greeting_changes = Table(
    "greeting_changes",
    metadata,
    Column("key", String(80), primary_key=True),  # as of the announcement that is made of it
    Column("text", Text),  # instead of the shipped one
    Column("hour", SmallInteger),
    Column("photo", String(22)),  # the key of a file
    Column("skipped_by", BigInteger),  # staff.id; it is not sent
    Column("approved_by", BigInteger),  # staff.id; it may go
    Column("changed_by", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
)

# What a member of the staff is composing; it outlives their place in the conversation.
announcement_drafts = Table(
    "announcement_drafts",
    metadata,
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),  # staff.id
    Column("body", Text, nullable=False),  # JSON, see bot/services/composing.py
    Column("changed_at", BigInteger, nullable=False),
)

# How many citizens have chosen the same and live in the same place: so many are counted now and then, not each time.
crowds = Table(
    "crowds",
    metadata,
    Column("platform", PlatformName, primary_key=True),
    Column("neighbourhood", String(40), primary_key=True),  # "": none is known
    Column("wants", Integer, primary_key=True),
    Column("refuses", Integer, primary_key=True),
    Column("count", Integer, nullable=False),
)

# Links in what staff write, and whether they answered.
links = Table(
    "links",
    metadata,
    Column("url", String(500), primary_key=True),
    Column("asked_at", BigInteger, nullable=False),
    Column("checked_at", BigInteger),
    Column("outcome", String(16)),  # see `Answer.key` in bot/linkcheck.py
)
