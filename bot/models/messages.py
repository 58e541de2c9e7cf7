"""Messages on their way in and out, the page's among them, and files."""

from enum import IntEnum, unique

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, String, Table, Text, UniqueConstraint, text

from bot.models.base import Id, PlatformName, metadata


@unique
class RowState(IntEnum):
    """Where a row of the inbox or the outbox stands."""

    WAITING = 0
    DONE = 1
    SET_ASIDE = 2
    """Inbox: failed too often. Outbox: given up. The error stands in the row; operators were told."""
    DROPPED = 3
    """Outbox only: not wanted any more (an old acknowledgement, an edit overtaken, a citizen who left)."""


@unique
class FileState(IntEnum):
    """Where a file that somebody keeps stands."""

    WAITING = 0
    """To be fetched from its platform."""
    THERE = 1
    MISSING = 2
    """It cannot be fetched, or is none that we take; the reason stands in the row."""
    UPLOADED = 3
    """There, but not put into a message yet; forgotten if it is not."""


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
    Column("brief", SmallInteger, nullable=False, server_default="0"),  # blanked as soon as it is done
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
        "ix_outbox_named",
        "platform",
        "chat_id",
        "message_id",
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
