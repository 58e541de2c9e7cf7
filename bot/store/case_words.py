"""By which words a case is found. A table of ours: the full-text searches of the two engines are two languages."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, and_, bindparam, delete, func, select

from bot.models import case_words, cases
from bot.store.sql import insert

LOOKED_AT: Final = 3_000
"""Of the rarest word, so many of the newest cases are looked at: an older one is found by a rarer word."""

ADD = (
    insert(case_words)
    .values(word=bindparam("form"), case_id=bindparam("case"))
    .on_conflict_do_nothing(index_elements=["word", "case_id"])
)
DROP = delete(case_words).where(case_words.c.case_id == bindparam("case"))
_few = select(case_words.c.case_id).where(case_words.c.word == bindparam("form")).limit(LOOKED_AT)
COUNT = select(func.count()).select_from(_few.subquery())
_newest = (
    select(case_words.c.case_id)
    .where(case_words.c.word == bindparam("form"))
    .order_by(case_words.c.case_id.desc())
    .limit(LOOKED_AT)
    .subquery("newest")
)
_others = (
    select(func.count())
    .where(
        case_words.c.case_id == _newest.c.case_id,
        case_words.c.word.in_(bindparam("others", expanding=True)),
    )
    .scalar_subquery()
)
FIND = (
    select(_newest.c.case_id)
    .where(_others == bindparam("how_many"))
    .order_by(_newest.c.case_id.desc())
    .limit(bindparam("most"))
)
_seen = and_(cases.c.id == _newest.c.case_id, cases.c.desk_id.in_(bindparam("desks", expanding=True)))
FIND_AT = (
    select(_newest.c.case_id)
    .join(cases, _seen)
    .where(_others == bindparam("how_many"))
    .order_by(_newest.c.case_id.desc())
    .limit(bindparam("most"))
)


class CaseWords:
    """The table `case_words`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, case_id: int, words: Iterable[str]) -> None:
        """The case is found by these words too."""
        rows = [{"form": word, "case": case_id} for word in words]
        if rows:
            self._connection.execute(ADD, rows)

    def drop(self, case_id: int) -> None:
        """The case is found by no word any more."""
        self._connection.execute(DROP, {"case": case_id})

    def find(self, words: list[str], desks: list[int] | None, most: int) -> list[int]:
        """The newest cases that hold all of these words, of these desks (None: of all)."""
        if not words:
            return []
        rarest, *others = sorted(words, key=self._count)
        asked = {"form": rarest, "others": others, "how_many": len(others), "most": most}
        found = (
            self._connection.execute(FIND, asked)
            if desks is None
            else self._connection.execute(FIND_AT, asked | {"desks": desks})
        )
        return list(found.scalars())

    def _count(self, word: str) -> int:
        return int(self._connection.execute(COUNT, {"form": word}).scalar_one())
