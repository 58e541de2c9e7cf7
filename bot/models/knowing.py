"""What staff change of what the bot knows, and what it was asked and did not know."""

from enum import IntEnum, unique

from sqlalchemy import BigInteger, Column, Float, Index, Integer, SmallInteger, String, Table, Text, text

from bot.models.base import Id, PlatformName, metadata

revisions = Table(
    "revisions",
    metadata,
    Column("subject", String(20), primary_key=True),  # a part of the library, such as "knowledge"
    Column("number", BigInteger, nullable=False),  # goes up with every change; processes load anew what they lack
)


@unique
class QuestionState(IntEnum):
    """Where a question that the bot could not answer stands."""

    MISSED = 0
    """Only noted, to be learned from: its asker was not told a number and waits for nothing."""
    PASSED = 1
    """Passed on to staff: its asker knows its number and waits."""
    ANSWERED = 2
    """`entry` or `answer` says how. Whoever waited was told."""
    DROPPED = 3
    """Closed without an answer."""


# What the bot could not answer. Citizens' words: blanked when old, unless somebody waits (see bot/store/questions.py).
questions = Table(
    "questions",
    metadata,
    Column("id", Id, primary_key=True),  # the number that the asker is told
    Column("platform", PlatformName, nullable=False),
    Column("chat_id", BigInteger, nullable=False),  # where an answer reaches the asker
    Column("user_id", BigInteger, nullable=False),
    Column("text", Text),  # as it was asked, shortened
    Column("folded", Text),  # in the form of `Text.fold`, by which like questions are found
    Column("state", SmallInteger, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("passed_at", BigInteger),
    Column("closed_at", BigInteger),
    Column("entry", String(80)),  # the id of the entry that answered it; while it is open: the one found wanting
    Column("answer", Text),  # what the asker is told; forgotten with the question's words
    Column("closed_by", BigInteger),  # staff.id
    Column("leader", BigInteger),  # the question with which its group of like ones began; none: not looked at yet
    Column("telling", SmallInteger),  # 1: closed, and the asker is yet to be told
    Index(None, "state", "id"),
    Index(None, "platform", "user_id"),
    Index(None, "leader"),
    Index(
        "ix_questions_telling",
        "id",
        sqlite_where=text("telling IS NOT NULL"),
        postgresql_where=text("telling IS NOT NULL"),
    ),
    Index(
        "ix_questions_old_words",
        "asked_at",
        sqlite_where=text("text IS NOT NULL"),
        postgresql_where=text("text IS NOT NULL"),
    ),
    sqlite_autoincrement=True,  # a number that was told is never another question's
)

# What staff say about some days: closed, opening late, closing early, or open although others are closed.
closures = Table(
    "closures",
    metadata,
    Column("id", Id, primary_key=True),  # of those that cover a day the highest counts
    Column("kind", String(10), nullable=False),
    Column("first_day", String(10), nullable=False),  # "2026-11-24"
    Column("last_day", String(10), nullable=False),
    Column("offices", Text, nullable=False),  # their names in content/hours.toml, spaces between; empty: all
    Column("opens", SmallInteger),  # minutes of the day
    Column("closes", SmallInteger),
    Column("reason", Text, nullable=False),  # told to everybody
    Column("made_by", BigInteger, nullable=False),  # staff.id
    Column("made_at", BigInteger, nullable=False),
    Column("undone_by", BigInteger),
    Column("undone_at", BigInteger),
    Index(None, "last_day"),
)

# Lunar months that begin a day earlier or later than content/lunar.toml says.
lunar_shifts = Table(
    "lunar_shifts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("year", SmallInteger, nullable=False),
    Column("month", SmallInteger, nullable=False),
    Column("days", SmallInteger, nullable=False),  # 1: later, -1: earlier
    Column("made_by", BigInteger, nullable=False),  # staff.id
    Column("made_at", BigInteger, nullable=False),
    Column("undone_by", BigInteger),
    Column("undone_at", BigInteger),
)

# What citizens think of an answer. Nobody's words; deleted with whoever voted.
votes = Table(
    "votes",
    metadata,
    Column("platform", PlatformName, primary_key=True),
    Column("user_id", BigInteger, primary_key=True),
    Column("entry", String(80), primary_key=True),  # one vote a citizen and answer; the last one counts
    Column("vote", SmallInteger, nullable=False),  # 1: it helped, -1: it did not
    Column("voted_at", BigInteger, nullable=False),
    Index(None, "entry", "voted_at"),
)

# Answers that staff changed, made or retired: each counts over the one of the same id in content/.
entries = Table(
    "entries",
    metadata,
    Column("id", String(80), primary_key=True),  # as in content/, "contact.phone", or of what staff made, "staff.12"
    Column("number", Integer, nullable=False),  # of the version that counts: the last one
    Column("retired_at", BigInteger),  # not answered any more
)

# Every version of an entry that ever counted; none is changed or deleted.
entry_versions = Table(
    "entry_versions",
    metadata,
    Column("entry", String(80), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", String(12), nullable=False),  # what happened; see bot/store/entries.py
    Column("body", Text, nullable=False),  # JSON: the table of the entry as content/ would have it
    Column("based_on", String(64)),  # fingerprint of the entry of content/ that staff knew; none: there was none
    Column("member", BigInteger),  # staff.id of who did it; none: it was shipped so
    Column("made_at", BigInteger, nullable=False),
)


@unique
class EventTimes(IntEnum):
    """What is known of the times of an event."""

    START = 0
    """When it begins; the end is assumed."""
    SPAN = 1
    """From when to when; over several days: each day."""
    DAYS = 2
    """Whole days."""


# Dated happenings that staff enter. They stay in the table for a while after they are over; who looks asks the clock.
events = Table(
    "events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("program", String(80)),  # the id of an entry; none: of no program
    Column("kind", String(20), nullable=False),  # a group of programs, as in the menu; "" for none of them
    Column("audience", String(20), nullable=False),  # whom it is for; "" for everybody
    Column("title", Text, nullable=False),
    Column("times", SmallInteger, nullable=False),
    Column("starts_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False),  # it is over from then on
    Column("place", Text, nullable=False),
    Column("lat", Float),
    Column("lon", Float),
    Column("photo", String(22)),  # the key of a file
    Column("link", Text),
    Column("made_by", BigInteger, nullable=False),  # of the staff
    Column("made_at", BigInteger, nullable=False),
    Column("changed_by", BigInteger),
    Column("changed_at", BigInteger),
    Column("cancelled_by", BigInteger),
    Column("cancelled_at", BigInteger),
    Column("reason", Text),  # why it does not take place, in words for citizens
    Column("announce", SmallInteger),  # so many days before it is announced by itself; none: it is not
    Index(None, "ends_at"),
    sqlite_autoincrement=True,  # an old button must not lead to another event
)
