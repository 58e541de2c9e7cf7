"""Polls and surveys: what is asked, who takes part, and what was answered.

Of an anonymous survey nothing leads from a row of `participants` to one of `responses`: docs/decisions/0027.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, String, Table, Text, text

from bot.models.base import Id, PlatformName, metadata

surveys = Table(
    "surveys",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(80), unique=True),  # of one that stands open all the time, such as "after_case:1f2e3d4c"
    Column("sheet", Text, nullable=False),  # JSON: what a file of content/surveys holds
    Column("anonymous", SmallInteger, nullable=False),
    Column("shows", SmallInteger, nullable=False, server_default="0"),  # who has answered sees the counts at once
    Column("reminds", SmallInteger, nullable=False, server_default="1"),
    Column("closes_at", BigInteger),
    Column("lasts_ms", BigInteger),  # from its beginning, unless closes_at says when it ends
    Column("announcement_id", BigInteger),  # by which it is asked
    Column("made_by", BigInteger),  # staff.id; none: it came with the content
    Column("made_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("closed_at", BigInteger),  # whatever follows the end was done then; see bot/services/poll_ends.py
    Index("ix_surveys_open", "id", sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL")),
    sqlite_autoincrement=True,  # an old button must not lead to another survey
)

# Who was asked and has begun. The answers stand here until they are sent, and nowhere else.
participants = Table(
    "participants",
    metadata,
    Column("survey_id", BigInteger, primary_key=True),
    Column("citizen_id", BigInteger, primary_key=True),
    Column("about", BigInteger, primary_key=True, server_default="0"),  # the case that they are asked about
    Column("next", String(20)),  # the question at which they stand; none: at the end
    Column("answers", Text),  # JSON, until they are sent
    Column("began_at", BigInteger, nullable=False),  # of an anonymous survey its first day, as sent_at
    Column("sent_at", BigInteger),
    Column("token", BigInteger),  # of their response, unless the survey is anonymous
    Index(None, "citizen_id"),
    Index(
        "ix_participants_left",
        "survey_id",
        "next",
        sqlite_where=text("sent_at IS NULL"),
        postgresql_where=text("sent_at IS NULL"),
    ),
    sqlite_with_rowid=False,
)

# What somebody answered, under a random number: neither the number nor the place of the row tells when.
responses = Table(
    "responses",
    metadata,
    Column("survey_id", BigInteger, primary_key=True),
    Column("token", BigInteger, primary_key=True),
    Column("platform", PlatformName, nullable=False),
    Column("neighbourhood", String(40), nullable=False),  # "": not known
    Column("day", Integer, nullable=False),  # date.toordinal() in Tehran
    Column("answers", Text, nullable=False),  # JSON, by question
    sqlite_with_rowid=False,
)

# The sums of `responses`, changed in the same transaction; see bot/services/counting.py for what is a value.
answer_counts = Table(
    "answer_counts",
    metadata,
    Column("survey_id", BigInteger, primary_key=True),
    Column("question", String(20), primary_key=True),  # "": the responses themselves
    Column("value", String(20), primary_key=True),
    Column("platform", PlatformName, primary_key=True),
    Column("neighbourhood", String(40), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("ready", Integer, nullable=False, server_default="0"),  # shown next; see bot/services/held_sums.py
    Column("shown", Integer, nullable=False, server_default="0"),  # while an anonymous survey is open
    sqlite_with_rowid=False,
)

# Files from which staff want a survey made, as soon as they are fetched.
survey_files = Table(
    "survey_files",
    metadata,
    Column("key", String(22), primary_key=True),  # of the file
    Column("member_id", BigInteger, nullable=False),  # staff.id
    Column("asked_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
