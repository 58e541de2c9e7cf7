"""The tables. Queries are in `bot/store/`, one class a table; how tables change is in `migrations/`.

Instants are BIGINT milliseconds since 1970 (UTC). Ids of platforms are BIGINT and never stand without their platform:
the same number is another person on another platform.
"""

from enum import IntEnum

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    },
)

# SQLite numbers rows by itself only for INTEGER keys.
Id = BigInteger().with_variant(Integer(), "sqlite")
PlatformName = String(16)


class RowState(IntEnum):
    """Where a row of the inbox or the outbox stands."""

    WAITING = 0
    DONE = 1
    SET_ASIDE = 2
    """Inbox: failed too often. Outbox: given up. The error stands in the row; operators were told."""
    DROPPED = 3
    """Outbox only: not wanted any more (an old acknowledgement, an edit overtaken, a citizen who left)."""


class FileState(IntEnum):
    """Where a file that somebody keeps stands."""

    WAITING = 0
    """To be fetched from its platform."""
    THERE = 1
    MISSING = 2
    """It cannot be fetched, or is none that we take; the reason stands in the row."""
    UPLOADED = 3
    """There, but not put into a message yet; forgotten if it is not."""


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


class EventTimes(IntEnum):
    """What is known of the times of an event."""

    START = 0
    """When it begins; the end is assumed."""
    SPAN = 1
    """From when to when; over several days: each day."""
    DAYS = 2
    """Whole days."""


inbox = Table(
    "inbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("platform", PlatformName, nullable=False),
    Column("bot_id", BigInteger, nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("album", String(80)),  # parts that came as one message carry the same mark; see bot/store/inbox.py
    Column("raw", Text),  # JSON as it came, ASCII only; blanked when forgotten
    Column("state", SmallInteger, nullable=False, server_default="0"),
    Column("tries", SmallInteger, nullable=False, server_default="0"),
    Column("error", Text),
    Column("received_at", BigInteger, nullable=False),
    Column("done_at", BigInteger),
    UniqueConstraint("platform", "bot_id", "update_id"),
    Index(
        "ix_inbox_waiting",
        "platform",
        "chat_id",
        "update_id",
        sqlite_where=text("state = 0"),
        postgresql_where=text("state = 0"),
    ),
    Index(
        "ix_inbox_words",
        "platform",
        "chat_id",
        sqlite_where=text("raw IS NOT NULL"),
        postgresql_where=text("raw IS NOT NULL"),
    ),
    Index(
        "ix_inbox_old_words",
        "done_at",
        sqlite_where=text("raw IS NOT NULL AND done_at IS NOT NULL"),
        postgresql_where=text("raw IS NOT NULL AND done_at IS NOT NULL"),
    ),
    Index(
        "ix_inbox_set_aside",
        "id",
        sqlite_where=text("state = 2"),
        postgresql_where=text("state = 2"),
    ),
)

chats = Table(
    "chats",
    metadata,
    Column("platform", PlatformName, primary_key=True),
    Column("chat_id", BigInteger, primary_key=True),
    Column("pending", Integer, nullable=False, server_default="0"),  # inbox rows of the chat that wait
    Column("ready_at", BigInteger, nullable=False),  # not to be claimed before
    Column("tries", SmallInteger, nullable=False, server_default="0"),  # claims since the last handled row
    Column("lease_by", String(40)),
    Column("lease_until", BigInteger, nullable=False, server_default="0"),
    Index(
        "ix_chats_ready",
        "ready_at",
        sqlite_where=text("pending > 0"),
        postgresql_where=text("pending > 0"),
    ),
)

citizens = Table(
    "citizens",
    metadata,
    Column("id", Id, primary_key=True),
    Column("platform", PlatformName, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("name", Text),
    Column("met_at", BigInteger, nullable=False),
    Column("gone_at", BigInteger),  # blocked the bot or closed the account; forgotten when they write again
    UniqueConstraint("platform", "user_id"),
)

places = Table(
    "places",
    metadata,
    Column("platform", PlatformName, primary_key=True),
    Column("chat_id", BigInteger, primary_key=True),
    Column("user_id", BigInteger, primary_key=True),
    Column("place", String(80), nullable=False),  # "<conversation>.<step>"
    Column("memory", Text, nullable=False, server_default="{}"),  # JSON: what the conversation has gathered
    Column("changed_at", BigInteger, nullable=False),
    Index(None, "platform", "user_id"),
)

desks = Table(
    "desks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("platform", PlatformName, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("former_chat_id", BigInteger),  # before the group became a supergroup
    Column("title", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("lost_at", BigInteger),  # the bot was taken out, or the group is no more
    Column("told_at", BigInteger),  # operators were told of that
    UniqueConstraint("platform", "chat_id"),
)

staff = Table(
    "staff",
    metadata,
    Column("id", Id, primary_key=True),
    Column("platform", PlatformName, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("role", String(16), nullable=False),  # admin, editor; see bot/services/staff.py
    Column("name", Text),
    Column("made_at", BigInteger, nullable=False),
    Column("made_by", BigInteger),  # another row; none for whoever joined by a code of the command line
    Column("ended_at", BigInteger),  # works with us no more; the row stays, since others name it
    UniqueConstraint("platform", "user_id"),
)

invites = Table(
    "invites",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code_hash", String(64), nullable=False, unique=True),  # SHA-256; the code itself is not kept
    Column("role", String(16), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("made_by", BigInteger),  # of the staff; none for the command line
    Column("until", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("used_by", BigInteger),
)

revisions = Table(
    "revisions",
    metadata,
    Column("subject", String(20), primary_key=True),  # a part of the library, such as "knowledge"
    Column("number", BigInteger, nullable=False),  # goes up with every change; processes load anew what they lack
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("platform", PlatformName, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("kind", String(8), nullable=False),  # send, edit, ack
    Column("logical", String(80)),  # name of a message that is edited later, such as "card:123"
    Column("ref", String(80)),  # edit: message id to change; ack: id of the button press
    Column("body", Text),  # JSON, see bot/outbox.py; blanked when forgotten
    Column("state", SmallInteger, nullable=False, server_default="0"),
    Column("tries", SmallInteger, nullable=False, server_default="0"),
    Column("due_at", BigInteger, nullable=False),  # also the lease: a claim pushes it ahead
    Column("created_at", BigInteger, nullable=False),
    Column("done_at", BigInteger),
    Column("message_id", BigInteger),
    Column("error", Text),
    Index(
        "ix_outbox_due",
        "platform",
        "due_at",
        sqlite_where=text("state = 0"),
        postgresql_where=text("state = 0"),
    ),
    Index(
        "ix_outbox_chat",
        "platform",
        "chat_id",
        "id",
        sqlite_where=text("state = 0"),
        postgresql_where=text("state = 0"),
    ),
    Index(
        "ix_outbox_logical",
        "platform",
        "chat_id",
        "logical",
        "id",
        sqlite_where=text("logical IS NOT NULL"),
        postgresql_where=text("logical IS NOT NULL"),
    ),
    Index(
        "ix_outbox_words",
        "platform",
        "chat_id",
        sqlite_where=text("body IS NOT NULL"),
        postgresql_where=text("body IS NOT NULL"),
    ),
    Index(
        "ix_outbox_old_words",
        "done_at",
        sqlite_where=text("body IS NOT NULL AND done_at IS NOT NULL"),
        postgresql_where=text("body IS NOT NULL AND done_at IS NOT NULL"),
    ),
    Index(
        "ix_outbox_set_aside",
        "id",
        sqlite_where=text("state = 2"),
        postgresql_where=text("state = 2"),
    ),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(80), primary_key=True),  # "poller:telegram:123", "scheduler"
    Column("holder", String(40), nullable=False),
    Column("until", BigInteger, nullable=False),
)

paces = Table(
    "paces",
    metadata,
    Column("name", String(80), primary_key=True),  # "telegram", "telegram:-100123"
    Column("next_ms", Float(53), nullable=False),  # the instant that nobody has taken yet
    Column("taken_ms", Float(53)),  # the beginning of what was taken last
    Column("rate", Float(53), nullable=False),  # messages a second: fewer than wished for after a complaint
    Column("paused_until", BigInteger, nullable=False),
)

visitors = Table(
    "visitors",
    metadata,
    Column("id", Id, primary_key=True),  # chat id and user id of the platform "web"
    Column("key_hash", String(64), nullable=False, unique=True),  # SHA-256 of the cookie; the cookie itself is not kept
    Column("seq", BigInteger, nullable=False, server_default="0"),  # last number given in web_messages
    Column("met_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    sqlite_autoincrement=True,  # a number that was given once is never given to somebody else
)

web_messages = Table(
    "web_messages",
    metadata,
    Column("id", Id, primary_key=True),
    Column("visitor_id", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),  # counts changes of one visitor's talk: an edit gets a new one
    Column("kind", String(8), nullable=False),  # in: from the visitor, out: from the bot, notice: short and not kept
    Column("client_id", String(64)),  # given by the browser: the same message sent twice is one
    Column("body", Text, nullable=False),  # JSON, see bot/platforms/web.py
    Column("created_at", BigInteger, nullable=False),
    Column("edited_at", BigInteger),
    Index(None, "created_at"),
    UniqueConstraint("visitor_id", "seq"),
    UniqueConstraint("visitor_id", "client_id"),
    sqlite_autoincrement=True,  # as above: open pages remember numbers of messages that are gone
)

files = Table(
    "files",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(22), nullable=False, unique=True),  # unguessable: whoever may know it may see the file
    Column("platform", PlatformName, nullable=False),  # whose file it is: sent by this chat, or given to it
    Column("chat_id", BigInteger, nullable=False),
    Column("kind", String(8), nullable=False),  # photo, video, voice, audio, document
    Column("name", Text),
    Column("mime", String(100)),
    Column("size", Integer),  # bytes
    Column("width", Integer),
    Column("height", Integer),
    Column("seconds", Integer),
    Column("hash", String(64)),  # of the content, under which it stands on the shelf; see bot/media
    Column("preview", String(64)),  # the same of its small picture
    Column("state", SmallInteger, nullable=False, server_default="0"),
    Column("source", Text),  # the platform's name for the file, by which it is fetched
    Column("tries", SmallInteger, nullable=False, server_default="0"),
    Column("due_at", BigInteger, nullable=False),  # also the lease: a claim pushes it ahead
    Column("error", Text),
    Column("received_at", BigInteger, nullable=False),
    Index(
        "ix_files_waiting",
        "platform",
        "due_at",
        sqlite_where=text("state = 0"),
        postgresql_where=text("state = 0"),
    ),
    Index("ix_files_uploaded", "received_at", sqlite_where=text("state = 3"), postgresql_where=text("state = 3")),
    Index(None, "platform", "chat_id"),
    Index(None, "received_at"),
    Index(None, "hash", sqlite_where=text("hash IS NOT NULL"), postgresql_where=text("hash IS NOT NULL")),
    Index(None, "preview", sqlite_where=text("preview IS NOT NULL"), postgresql_where=text("preview IS NOT NULL")),
)

uploads = Table(
    "uploads",
    metadata,
    Column("platform", PlatformName, primary_key=True),
    Column("bot_id", BigInteger, primary_key=True),  # another bot cannot use the name
    Column("hash", String(64), primary_key=True),
    Column("kind", String(8), primary_key=True),  # what it was sent as: the same content may be a photo and a document
    Column("file_id", Text, nullable=False),
    Index(None, "hash"),
)

alarms = Table(
    "alarms",
    metadata,
    Column("kind", String(40), primary_key=True),
    Column("subject", String(80), primary_key=True),
    Column("began_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),  # of what is counted: the last one
    Column("count", Integer, nullable=False, server_default="1"),
    Column("told", Integer, nullable=False, server_default="1"),  # the count that operators know
    Column("told_at", BigInteger, nullable=False),
)

beats = Table(
    "beats",
    metadata,
    Column("name", String(80), primary_key=True),  # "heard:telegram:123", "sent:bale"
    Column("at", BigInteger, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(40), nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("holder", String(40), nullable=False),
    Column("tries", SmallInteger, nullable=False, server_default="1"),
    Column("began_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("outcome", Text),  # JSON: what was counted, or {"error": where it failed}
    UniqueConstraint("name", "due_at"),
)

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
    Index(None, "ends_at"),
    sqlite_autoincrement=True,  # an old button must not lead to another event
)
