"""What the table classes share of SQL, so that one spelling serves both engines."""

from sqlalchemy import BigInteger, func
from sqlalchemy.dialects.postgresql import insert

__all__ = ["NOW", "insert"]

# The database's clock in milliseconds: a function of ours on SQLite (writer.py), one made by the
# migrations on PostgreSQL, where it is the instant at which the statement began.
NOW = func.now_ms(type_=BigInteger)

# PostgreSQL's `insert` knows ON CONFLICT and, for what is used here, compiles to the same words on SQLite; so
# statements can stand as constants, built once. The store tests hold this.
