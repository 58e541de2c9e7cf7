"""People, as far as a platform shows them: its number for them and the name they gave there."""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, delete, select, update

from bot.models import citizens, places
from bot.store.sql import NOW, insert

_who = and_(citizens.c.platform == bindparam("of"), citizens.c.user_id == bindparam("user"))
FIND = (
    select(
        citizens.c.id,
        citizens.c.name,
        citizens.c.met_at,
        citizens.c.gone_at,
        places.c.place,
        places.c.memory,
    )
    .select_from(
        citizens.outerjoin(
            places,
            and_(
                places.c.platform == citizens.c.platform,
                places.c.user_id == citizens.c.user_id,
                places.c.chat_id == bindparam("chat"),
            ),
        ),
    )
    .where(_who)
)
MEET = (
    insert(citizens)
    .values(platform=bindparam("of"), user_id=bindparam("user"), name=bindparam("called"), met_at=NOW)
    .on_conflict_do_nothing(index_elements=["platform", "user_id"])
    .returning(citizens.c.id, citizens.c.met_at)
)
KNOWN = select(citizens.c.id, citizens.c.name, citizens.c.met_at).where(_who)
RENAME = update(citizens).where(_who).values(name=bindparam("called"), gone_at=None)
GONE = update(citizens).where(_who, citizens.c.gone_at.is_(None)).values(gone_at=NOW)
AGREE = update(citizens).where(_who).values(consent=bindparam("version"), consent_at=NOW)
AGREED = select(citizens.c.consent).where(_who)
CONSENT = select(citizens.c.consent, citizens.c.consent_at).where(_who)
FORGET = delete(citizens).where(_who)


@dataclass(frozen=True, slots=True)
class Citizen:
    """Who writes. `id` is ours; `user_id` is the platform's and means nothing without `platform`."""

    id: int
    platform: str
    user_id: int
    name: str | None
    met_at: int
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Met:
    """A known citizen, whether they had gone, and their place in this chat (None: nowhere)."""

    citizen: Citizen
    gone: bool
    place: str | None
    memory: str


class Citizens:
    """The table `citizens`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, platform: str, user_id: int, chat_id: int) -> Met | None:
        """The citizen with their place in this chat: one look, as it is made on every turn."""
        row = self._connection.execute(FIND, {"of": platform, "user": user_id, "chat": chat_id}).first()
        if row is None:
            return None
        citizen = Citizen(row.id, platform, user_id, row.name, row.met_at)
        return Met(citizen, row.gone_at is not None, row.place, row.memory or "{}")

    def meet(self, platform: str, user_id: int, name: str | None) -> Citizen:
        """Write down somebody new."""
        row = self._connection.execute(MEET, {"of": platform, "user": user_id, "called": name}).first()
        if row is None:  # met at this very moment in another chat
            known = self._connection.execute(KNOWN, {"of": platform, "user": user_id}).one()
            return Citizen(known.id, platform, user_id, known.name, known.met_at)
        return Citizen(row.id, platform, user_id, name, row.met_at, is_new=True)

    def back(self, platform: str, user_id: int, name: str | None) -> None:
        """They write again, maybe under another name: reachable once more."""
        self._connection.execute(RENAME, {"of": platform, "user": user_id, "called": name})

    def gone(self, platform: str, user_id: int) -> None:
        """The platform says they cannot be written to."""
        self._connection.execute(GONE, {"of": platform, "user": user_id})

    def agree(self, platform: str, user_id: int, version: int) -> None:
        """They agreed to this version of what is said before a first report."""
        self._connection.execute(AGREE, {"of": platform, "user": user_id, "version": version})

    def agreed(self, platform: str, user_id: int) -> int | None:
        """The version that they agreed to last."""
        return self._connection.execute(AGREED, {"of": platform, "user": user_id}).scalar()

    def consent(self, platform: str, user_id: int) -> tuple[int, int] | None:
        """The version that they agreed to last, and when; None: to none."""
        row = self._connection.execute(CONSENT, {"of": platform, "user": user_id}).first()
        return None if row is None or row.consent is None else (row.consent, row.consent_at)

    def forget(self, platform: str, user_id: int) -> None:
        """Delete the citizen's row."""
        self._connection.execute(FORGET, {"of": platform, "user": user_id})
