"""Cases: complaints, criticism, suggestions and thanks of citizens, and what belongs to them."""

from enum import IntEnum, unique

from sqlalchemy import BigInteger, Column, Float, Index, SmallInteger, String, Table, Text, UniqueConstraint, text

from bot.models.base import Id, PlatformName, metadata


@unique
class CaseState(IntEnum):
    """Where a case stands. The last six are ends; only the citizen's own word after one says that it is over."""

    NEW = 0
    """Filed; nobody has taken it."""
    TAKEN = 1
    """Somebody works on it."""
    ASKED = 2
    """Staff asked the citizen something, and wait."""
    PLANNED = 3
    """It will be done on a day that the citizen was told."""
    ANSWERED = 4
    """Closed with an answer, which is not to say that anything was mended."""
    FIXED = 5
    """Closed as mended, with a reason or a picture."""
    NOT_OURS = 6
    """Somebody else's to deal with; the citizen was told whose."""
    DUPLICATE = 7
    """The same as another case, whose news the citizen gets."""
    NO_ACTION = 8
    """Nothing will be done; the citizen was told why."""
    WITHDRAWN = 9
    """Taken back by its citizen."""


@unique
class Verdict(IntEnum):
    """What the citizen says of a closed case."""

    FIXED = 1
    HALF = 2
    NOT_FIXED = 3


_is_open = text("closed_at IS NULL")

cases = Table(
    "cases",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code", BigInteger, nullable=False, unique=True),  # what the citizen is told; see bot/services/codes.py
    Column("kind", String(12), nullable=False),  # complaint, criticism, suggestion, thanks, talk
    Column("category", String(40), nullable=False),  # a leaf of content/categories.toml
    Column("state", SmallInteger, nullable=False, server_default="0"),
    Column("priority", SmallInteger, nullable=False, server_default="1"),  # 0: urgent
    # Whose it is; none: filed by staff for somebody, or by somebody who was forgotten since.
    Column("platform", PlatformName),
    Column("chat_id", BigInteger),
    Column("user_id", BigInteger),
    Column("name", Text),  # only if the citizen wants staff to see it
    Column("phone", Text),  # only if the citizen gave it
    Column("text", Text, nullable=False),  # the citizen's words; empty where a voice says it
    Column("address", Text),  # in words
    Column("neighbourhood", String(40)),  # an id of content/neighbourhoods.toml
    Column("lat", Float),
    Column("lon", Float),
    Column("cell", BigInteger),  # of the grid by which cases near each other are found; see bot/services/geo.py
    Column("answers", Text),  # JSON: what was answered to the category's own questions
    Column("likeness", String(64)),  # hash of category and folded words: the same sent again is known by it
    Column("desk_id", BigInteger),  # whose it is to deal with; none: no desk takes the category
    Column("owner_id", BigInteger),  # of the staff
    Column("raised", SmallInteger, nullable=False, server_default="0"),  # 1: it is the managers' to look at
    Column("same_as", BigInteger),  # the case it is a duplicate of
    Column("filed_by", BigInteger),  # of the staff, who wrote it down for a caller
    Column("filed_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),  # when it should be dealt with, as the citizen was told
    Column("changed_at", BigInteger, nullable=False),
    Column("closed_at", BigInteger),
    Column("verdict", SmallInteger),
    Column("reopened", SmallInteger, nullable=False, server_default="0"),  # how often the citizen objected
    Column("ask_at", BigInteger),  # when the citizen is asked once more whether it is really mended; none: never
    Index(
        "ix_cases_citizen",
        "platform",
        "user_id",
        "id",
        sqlite_where=text("user_id IS NOT NULL"),
        postgresql_where=text("user_id IS NOT NULL"),
    ),
    Index("ix_cases_desk", "desk_id", "owner_id", "priority", "id", sqlite_where=_is_open, postgresql_where=_is_open),
    Index("ix_cases_owner", "owner_id", "priority", "id", sqlite_where=_is_open, postgresql_where=_is_open),
    Index("ix_cases_due", "due_at", "id", sqlite_where=_is_open, postgresql_where=_is_open),
    Index("ix_cases_near", "category", "cell", sqlite_where=_is_open, postgresql_where=_is_open),
    Index(
        "ix_cases_raised",
        "id",
        sqlite_where=text("raised = 1 AND closed_at IS NULL"),
        postgresql_where=text("raised = 1 AND closed_at IS NULL"),
    ),
    Index(
        "ix_cases_ask", "ask_at", sqlite_where=text("ask_at IS NOT NULL"), postgresql_where=text("ask_at IS NOT NULL")
    ),
    sqlite_autoincrement=True,
)

# What happened to a case, in order. Rows are only ever added; forgetting a person blanks their words.
case_events = Table(
    "case_events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),  # see bot/services/cases.py
    Column("member_id", BigInteger),  # of the staff; none: the citizen, or the clock
    Column("public", SmallInteger, nullable=False),  # 1: the citizen may see it
    Column("text", Text),
    Column("before", Text),  # JSON: what changed, as it was
    Column("after", Text),  # JSON: and as it is since
    Index(None, "case_id", "id"),
)

case_files = Table(
    "case_files",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", BigInteger, nullable=False),
    Column("event_id", BigInteger, nullable=False),
    Column("file", String(22), nullable=False),  # files.key
    UniqueConstraint("case_id", "file"),
    Index(None, "file"),
)

# Who said «من هم» to somebody else's case, or whose own case was the same.
case_followers = Table(
    "case_followers",
    metadata,
    Column("case_id", BigInteger, primary_key=True),
    Column("platform", PlatformName, primary_key=True),
    Column("user_id", BigInteger, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("since", BigInteger, nullable=False),
    Index(None, "platform", "user_id"),
)

# By which words a case is found. Without a number of its own on SQLite: the key is all there is.
case_words = Table(
    "case_words",
    metadata,
    Column("word", String(40), primary_key=True),
    Column("case_id", BigInteger, primary_key=True),
    sqlite_with_rowid=False,
)

# Half-finished reports, which outlive the place in the conversation.
drafts = Table(
    "drafts",
    metadata,
    Column("platform", PlatformName, primary_key=True),
    Column("chat_id", BigInteger, primary_key=True),
    Column("user_id", BigInteger, primary_key=True),
    Column("body", Text, nullable=False),  # JSON, see bot/services/reports.py
    Column("changed_at", BigInteger, nullable=False),
    Column("offered_at", BigInteger),  # when it was offered again
    Index(None, "changed_at"),
)

# Codes looked up that are not one's own: whoever tries many must wait.
lookups = Table(
    "lookups",
    metadata,
    Column("platform", PlatformName, primary_key=True),
    Column("user_id", BigInteger, primary_key=True),
    Column("since", BigInteger, nullable=False),
    Column("count", SmallInteger, nullable=False),
)
