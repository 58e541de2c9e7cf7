"""What all tables share."""

from sqlalchemy import BigInteger, Integer, MetaData, String

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
