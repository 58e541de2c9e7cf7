"""Surveys and quick polls, with how the announcement stands by which each is asked."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, or_, select, update

from bot.models import announcements, surveys
from bot.store.sql import NOW, insert


@dataclass(frozen=True, slots=True)
class Row:
    """A row. `sheet`: JSON. `key`: of one that stands open all the time.

    `asked`: the state of its announcement, None without one; `due_at`, `began_at`: of that, too.
    """

    id: int
    key: str | None
    sheet: str
    anonymous: bool
    shows: bool
    reminds: bool
    closes_at: int | None
    lasts_ms: int | None
    announcement_id: int | None
    made_by: int | None
    changed_at: int
    closed_at: int | None
    asked: int | None
    due_at: int | None
    began_at: int | None


_columns = (
    surveys.c.id,
    surveys.c.key,
    surveys.c.sheet,
    surveys.c.anonymous,
    surveys.c.shows,
    surveys.c.reminds,
    surveys.c.closes_at,
    surveys.c.lasts_ms,
    surveys.c.announcement_id,
    surveys.c.made_by,
    surveys.c.changed_at,
    surveys.c.closed_at,
    announcements.c.state,
    announcements.c.due_at,
    announcements.c.began_at,
)
_all = select(*_columns).outerjoin(announcements, announcements.c.id == surveys.c.announcement_id)
_one = surveys.c.id == bindparam("number")
FIND = _all.where(_one)
# The row alone: of what is joined PostgreSQL would give what stood there before it waited.
HOLD = select(surveys.c.id).where(_one).with_for_update()
SHARE = select(surveys.c.id).where(_one).with_for_update(read=True)
OF_KEY = _all.where(surveys.c.key == bindparam("called"))
OF_ANNOUNCEMENT = _all.where(surveys.c.announcement_id == bindparam("asked"))
_new = insert(surveys).values(
    key=bindparam("called"),
    sheet=bindparam("body"),
    anonymous=bindparam("nameless"),
    shows=bindparam("shown"),
    lasts_ms=bindparam("lasts"),
    made_by=bindparam("by"),
    made_at=NOW,
    changed_at=NOW,
)
ADD = _new.on_conflict_do_nothing(index_elements=["key"]).returning(surveys.c.id)
REWRITE = update(surveys).where(_one).values(sheet=bindparam("body"), anonymous=bindparam("nameless"), changed_at=NOW)
SET = (
    update(surveys)
    .where(_one)
    .values(
        shows=bindparam("shown"),
        reminds=bindparam("reminding"),
        closes_at=bindparam("last"),
        lasts_ms=bindparam("lasts"),
        changed_at=NOW,
    )
)
ASK = update(surveys).where(_one).values(announcement_id=bindparam("asked"))
CLOSE = update(surveys).where(_one, surveys.c.closed_at.is_(None)).values(closed_at=NOW)
DROP = delete(surveys).where(_one)
# The key as an expression: else SQLite walks all that have none, closed or not, instead of the index of the open ones.
_not_closed = and_(surveys.c.closed_at.is_(None), surveys.c.key.concat("").is_(None))
OPEN = _all.where(_not_closed).order_by(surveys.c.id.desc()).offset(bindparam("skipped")).limit(bindparam("most"))
CLOSED = (
    _all.where(or_(surveys.c.closed_at.is_not(None), surveys.c.key.is_not(None)))
    .order_by(surveys.c.id.desc())
    .offset(bindparam("skipped"))
    .limit(bindparam("most"))
)
RUNNING = _all.where(_not_closed, announcements.c.began_at.is_not(None)).order_by(surveys.c.id)

NAMELESS = _all.where(surveys.c.closed_at.is_(None), surveys.c.anonymous == 1).order_by(surveys.c.id)


class Surveys:
    """The table `surveys`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(  # noqa: PLR0913 - what a row holds
        self,
        sheet: str,
        *,
        anonymous: bool,
        shows: bool = False,
        lasts_ms: int | None = None,
        made_by: int | None = None,
        key: str | None = None,
    ) -> int | None:
        """Write one down; its number. None: one of this key is there already."""
        values = {"called": key, "body": sheet, "nameless": int(anonymous), "shown": int(shows), "lasts": lasts_ms}
        return self._connection.execute(ADD, values | {"by": made_by}).scalar()

    def find(self, survey_id: int) -> Row | None:
        return self._found(FIND, {"number": survey_id})

    def hold(self, survey_id: int) -> Row | None:
        """The same; nobody else changes it, nor sends answers to it, until this transaction ends."""
        self._connection.execute(HOLD, {"number": survey_id})
        return self.find(survey_id)

    def share(self, survey_id: int) -> Row | None:
        """The same; nobody changes it until this transaction ends, but others may send answers."""
        self._connection.execute(SHARE, {"number": survey_id})
        return self.find(survey_id)

    def of_key(self, key: str) -> Row | None:
        return self._found(OF_KEY, {"called": key})

    def of_announcement(self, announcement_id: int) -> Row | None:
        """The survey that an announcement asks."""
        return self._found(OF_ANNOUNCEMENT, {"asked": announcement_id})

    def rewrite(self, survey_id: int, sheet: str, *, anonymous: bool) -> None:
        """Other questions, or other words."""
        self._connection.execute(REWRITE, {"number": survey_id, "body": sheet, "nameless": int(anonymous)})

    def set(self, survey_id: int, *, shows: bool, reminds: bool, closes_at: int | None, lasts_ms: int | None) -> None:
        """Everything beside the questions that staff choose."""
        when = {"last": closes_at, "lasts": lasts_ms}
        self._connection.execute(SET, {"number": survey_id, "shown": int(shows), "reminding": int(reminds)} | when)

    def ask(self, survey_id: int, announcement_id: int) -> None:
        """It is asked by this announcement."""
        self._connection.execute(ASK, {"number": survey_id, "asked": announcement_id})

    def close(self, survey_id: int) -> bool:
        """Nobody answers any more. False: it was so already."""
        return self._connection.execute(CLOSE, {"number": survey_id}).rowcount == 1

    def drop(self, survey_id: int) -> None:
        self._connection.execute(DROP, {"number": survey_id})

    def open(self, most: int, skipped: int = 0) -> list[Row]:
        """What is being made, waits to be asked, or is asked; the newest first."""
        return self._all(OPEN, {"most": most, "skipped": skipped})

    def closed(self, most: int, skipped: int = 0) -> list[Row]:
        """What is over, and what stands open all the time; the newest first."""
        return self._all(CLOSED, {"most": most, "skipped": skipped})

    def running(self) -> list[Row]:
        """What is asked by now, over or not, unless it was closed."""
        return self._all(RUNNING, {})

    def nameless(self) -> list[Row]:
        """All anonymous ones that were not closed, drafts and those that stand open too."""
        return self._all(NAMELESS, {})

    def _found(self, statement: Any, values: dict[str, object]) -> Row | None:  # noqa: ANN401 - a select of these columns
        row = self._connection.execute(statement, values).first()
        return None if row is None else _row(row)

    def _all(self, statement: Any, values: dict[str, object]) -> list[Row]:  # noqa: ANN401 - a select of these columns
        return [_row(row) for row in self._connection.execute(statement, values)]


def _row(row: Any) -> Row:  # noqa: ANN401 - a row of these columns
    number, key, sheet, anonymous, shows, reminds, *rest = row
    return Row(number, key, sheet, bool(anonymous), bool(shows), bool(reminds), *rest)
