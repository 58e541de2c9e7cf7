"""What staff did, with what it was before. Rows are only ever added: the database itself refuses anything else."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from bot.models import audit
from bot.store.sql import NOW, insert

_NOT_YET: Final = 2**62
"""No row has such a number."""

ADD = insert(audit).values(
    at=NOW,
    member_id=bindparam("member"),
    action=bindparam("done"),
    about=bindparam("what"),
    before=bindparam("was"),
    after=bindparam("becomes"),
)
_newest_first = (
    select(audit.c.id, audit.c.at, audit.c.member_id, audit.c.action, audit.c.about, audit.c.before, audit.c.after)
    .order_by(audit.c.id.desc())
    .limit(bindparam("most"))
)
OF = _newest_first.where(audit.c.about == bindparam("what"))
BY = _newest_first.where(audit.c.member_id == bindparam("member"), audit.c.id < bindparam("earlier"))
LATEST = _newest_first.where(audit.c.id < bindparam("earlier"))

State = Mapping[str, Any]
"""What something was, or is since: as far as it changed."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was done. `member_id`: of the staff; None: on the command line. `about`: such as "staff:4"."""

    id: int
    at: int
    member_id: int | None
    action: str
    about: str
    before: State | None
    after: State | None


class Audit:
    """The table `audit`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, member_id: int | None, action: str, about: str, before: State | None, after: State | None) -> None:
        """Write down what was done. No word of a citizen may stand in it: it stays for ever."""
        self.note_all(member_id, action, {about: (before, after)})

    def note_all(
        self, member_id: int | None, action: str, about: Mapping[str, tuple[State | None, State | None]]
    ) -> None:
        """The same of many things at once: of each what it was, and what it is since."""
        rows = [
            {"member": member_id, "done": action, "what": what, "was": _json(before), "becomes": _json(after)}
            for what, (before, after) in about.items()
        ]
        if rows:
            self._connection.execute(ADD, rows)

    def of(self, about: str, most: int) -> list[Deed]:
        """What was done about one thing, the newest first, as all of these."""
        return [_deed(row) for row in self._connection.execute(OF, {"what": about, "most": most})]

    def by(self, member_id: int, most: int, before_id: int | None = None) -> list[Deed]:
        """What somebody did before the row of this number; None: what they did last."""
        values = {"member": member_id, "most": most, "earlier": before_id or _NOT_YET}
        return [_deed(row) for row in self._connection.execute(BY, values)]

    def latest(self, most: int, before_id: int | None = None) -> list[Deed]:
        """What was done before the row of this number; None: what was done last."""
        values = {"most": most, "earlier": before_id or _NOT_YET}
        return [_deed(row) for row in self._connection.execute(LATEST, values)]


def _json(state: State | None) -> str | None:
    return None if state is None else json.dumps(state, sort_keys=True)


def _deed(row: Iterable[Any]) -> Deed:
    number, at, member_id, action, about, before, after = row
    return Deed(number, at, member_id, action, about, _state(before), _state(after))


def _state(stored: str | None) -> State | None:
    return None if stored is None else json.loads(stored)
