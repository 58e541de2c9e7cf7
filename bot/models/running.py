"""What processes tell each other, and what operators are told."""

from sqlalchemy import BigInteger, Column, Float, Integer, SmallInteger, String, Table, Text, UniqueConstraint

from bot.models.base import Id, metadata

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
