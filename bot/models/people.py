"""Citizens and where they stand, staff, and the groups where staff work."""

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, String, Table, Text, UniqueConstraint

from bot.models.base import Id, PlatformName, metadata

citizens = Table(
    "citizens",
    metadata,
    Column("id", Id, primary_key=True),
    Column("platform", PlatformName, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("name", Text),
    Column("met_at", BigInteger, nullable=False),
    Column("gone_at", BigInteger),  # blocked the bot or closed the account; forgotten when they write again
    Column("consent", SmallInteger),  # the version of the text that they agreed to before their first report
    Column("consent_at", BigInteger),
    Column("wants", Integer, nullable=False, server_default="0"),  # topics, a bit each; see bot/services/topics.py
    Column("refuses", Integer, nullable=False, server_default="0"),  # topics they do not want
    Column("neighbourhood", String(40)),  # an id of content/neighbourhoods.toml
    Column("quiet_from", SmallInteger),  # hours of their own, in which nothing is announced to them
    Column("quiet_until", SmallInteger),
    Column("left_at", BigInteger),  # want no announcements at all
    Column("nudged_at", BigInteger),  # when the last one that they had not asked for was sent
    Column("nudged_before", BigInteger),  # and the one before
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
    Column("thread_id", BigInteger),  # the topic of a forum in which it is
    Column("title", Text, nullable=False),
    Column("covers", Text),  # JSON: the categories it takes; none: all that no other desk takes
    Column("made_at", BigInteger, nullable=False),
    Column("made_by", BigInteger),  # of the staff
    Column("lost_at", BigInteger),  # the bot was taken out, or the group is no more
    Column("told_at", BigInteger),  # operators were told of that
    Column("closed_at", BigInteger),  # a desk no more; the row stays, since cases and the audit name it
    UniqueConstraint("platform", "chat_id"),
)

staff = Table(
    "staff",
    metadata,
    Column("id", Id, primary_key=True),
    Column("platform", PlatformName, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("role", String(16), nullable=False),  # operator, editor, manager, admin; see bot/services/staff.py
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
    Column("desk_id", BigInteger),  # of an operator: their first desk
    Column("made_at", BigInteger, nullable=False),
    Column("made_by", BigInteger),  # of the staff; none for the command line
    Column("until", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("used_by", BigInteger),
)

# Which desks an operator works at.
desk_members = Table(
    "desk_members",
    metadata,
    Column("desk_id", BigInteger, primary_key=True),
    Column("member_id", BigInteger, primary_key=True),
    Index(None, "member_id"),
)

# Who may not file reports. Outlives "delete me": else that would end it.
bans = Table(
    "bans",
    metadata,
    Column("platform", PlatformName, primary_key=True),
    Column("user_id", BigInteger, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("until", BigInteger),  # none: until it is lifted
    Column("by", BigInteger, nullable=False),  # of the staff
    Column("reason", Text, nullable=False),  # told to the citizen
)

# What staff did, with what it was before. Never changed: the database itself refuses it. Holds no citizen's words.
audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("member_id", BigInteger),  # of the staff; none: the command line
    Column("action", String(32), nullable=False),
    Column("about", String(40), nullable=False),  # what was acted upon, such as "case:123" or "staff:4"
    Column("before", Text),  # JSON
    Column("after", Text),  # JSON
    Index(None, "about", "id"),
    Index(None, "member_id", "id"),
)
