"""Announcements, and their runs: one a platform."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, or_, select, update

from bot.models import AnnouncementState, announcements, presses, recipients, run_counts, runs
from bot.store.sql import NOW, insert


@dataclass(frozen=True, slots=True)
class Announcement:
    """A row. `content`, `audience`, `repeat`: JSON. `made_by`, `approved_by`: of the staff; None: the calendar."""

    id: int
    state: AnnouncementState
    key: str | None
    topic: str
    urgent: bool
    content: str
    audience: str
    made_by: int | None
    made_at: int
    approved_by: int | None
    approved_at: int | None
    due_at: int
    until: int | None
    repeat: str | None
    began_at: int | None
    ended_at: int | None


@dataclass(frozen=True, slots=True)
class NewAnnouncement:
    """A row to be written, see `Announcement`. `fingerprint`: by which the same text is found again."""

    state: AnnouncementState
    topic: str
    urgent: bool
    content: str
    audience: str
    fingerprint: str
    due_at: int
    until: int | None = None
    key: str | None = None
    made_by: int | None = None
    repeat: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """An announcement on one platform. `total`: recipients written down so far, `queued`: whether that is all."""

    id: int
    announcement_id: int
    platform: str
    total: int
    queued_to: int
    queued: bool
    ended: bool


ENDED = (
    AnnouncementState.DONE,
    AnnouncementState.CANCELLED,
    AnnouncementState.REFUSED,
    AnnouncementState.MISSED,
)
_columns = (
    announcements.c.id,
    announcements.c.state,
    announcements.c.key,
    announcements.c.topic,
    announcements.c.urgent,
    announcements.c.content,
    announcements.c.audience,
    announcements.c.made_by,
    announcements.c.made_at,
    announcements.c.approved_by,
    announcements.c.approved_at,
    announcements.c.due_at,
    announcements.c.until,
    announcements.c.repeat,
    announcements.c.began_at,
    announcements.c.ended_at,
)
ADD = (
    insert(announcements)
    .values(
        state=bindparam("to"),
        key=bindparam("origin"),
        topic=bindparam("about"),
        urgent=bindparam("hurry"),
        content=bindparam("body"),
        audience=bindparam("whom"),
        fingerprint=bindparam("print"),
        made_by=bindparam("by"),
        made_at=NOW,
        due_at=bindparam("due"),
        until=bindparam("last"),
        repeat=bindparam("again"),
    )
    .on_conflict_do_nothing(index_elements=["key"])
    .returning(announcements.c.id)
)
_one = announcements.c.id == bindparam("number")
FIND = select(*_columns).where(_one)
HOLD = FIND.with_for_update()
_may = and_(_one, announcements.c.state.in_(bindparam("before", expanding=True)))
MOVE = update(announcements).where(_may).values(state=bindparam("to"))
APPROVE = MOVE.values(approved_by=bindparam("by"), approved_at=NOW, due_at=bindparam("due"))
REFUSE = MOVE.values(approved_by=bindparam("by"), approved_at=NOW, ended_at=NOW)
BEGIN = MOVE.values(began_at=NOW)
END = MOVE.values(ended_at=NOW)
REOPEN = MOVE.values(ended_at=None, until=bindparam("last"))
PUT_OFF = update(announcements).where(_one).values(due_at=bindparam("due"))
PROLONG = update(announcements).where(_one).values(until=bindparam("last"))
# Written out, so that the partial index is of use.
_open = announcements.c.state < AnnouncementState.DONE
DUE = (
    select(*_columns)
    .where(_open, announcements.c.state == AnnouncementState.PLANNED, announcements.c.due_at <= NOW)
    .order_by(announcements.c.urgent.desc(), announcements.c.due_at)
    .limit(bindparam("most"))
)
SERIES = select(*_columns).where(
    _open,
    announcements.c.state.in_((AnnouncementState.WAITING, AnnouncementState.PLANNED)),
    announcements.c.repeat.is_not(None),
)
OPEN = select(*_columns).where(_open).order_by(announcements.c.due_at, announcements.c.id).limit(bindparam("most"))
UNDER_WAY = (
    select(*_columns)
    .where(_open, announcements.c.state >= AnnouncementState.QUEUING)
    .order_by(announcements.c.state, announcements.c.due_at, announcements.c.id)
    .limit(bindparam("most"))
)
ENDED_LATELY = (
    select(*_columns)
    .where(announcements.c.state.in_(ENDED))
    .order_by(announcements.c.id.desc())
    .offset(bindparam("skipped"))
    .limit(bindparam("most"))
)
SAME = (
    select(*_columns)
    .where(
        announcements.c.fingerprint == bindparam("print"),
        announcements.c.made_at > NOW - bindparam("age"),
        # What was cancelled on its way has reached some.
        or_(
            announcements.c.began_at.is_not(None),
            announcements.c.state.not_in((AnnouncementState.CANCELLED, AnnouncementState.REFUSED)),
        ),
    )
    .order_by(announcements.c.id.desc())
)
KNOWN = select(announcements.c.key).where(announcements.c.key.in_(bindparam("keys", expanding=True)))
OF_KEYS = select(*_columns).where(announcements.c.key.in_(bindparam("keys", expanding=True)))
FIRST = select(func.min(announcements.c.made_at))
PUT_AGAIN = (
    update(announcements)
    .where(
        announcements.c.key == bindparam("origin"),
        announcements.c.state == AnnouncementState.MISSED,
        announcements.c.until < bindparam("last"),
    )
    .values(
        state=bindparam("to"),
        content=bindparam("body"),
        audience=bindparam("whom"),
        due_at=bindparam("due"),
        until=bindparam("last"),
        ended_at=None,
    )
)

_run_columns = (
    runs.c.id,
    runs.c.announcement_id,
    runs.c.platform,
    runs.c.total,
    runs.c.queued_to,
    runs.c.queued_at.is_not(None).label("queued"),
    runs.c.ended_at.is_not(None).label("ended"),
)
ADD_RUN = (
    insert(runs)
    .values(announcement_id=bindparam("about"), platform=bindparam("of"))
    .on_conflict_do_nothing(index_elements=["announcement_id", "platform"])
)
RUNS = select(*_run_columns).where(runs.c.announcement_id == bindparam("about")).order_by(runs.c.id)
GO_ON = (
    update(runs)
    .where(runs.c.id == bindparam("run"))
    .values(queued_to=bindparam("to"), total=runs.c.total + bindparam("more"))
)
QUEUED = update(runs).where(runs.c.id == bindparam("run")).values(queued_at=NOW)
END_RUN = update(runs).where(runs.c.id == bindparam("run"), runs.c.ended_at.is_(None)).values(ended_at=NOW)
REOPEN_RUN = update(runs).where(runs.c.id == bindparam("run")).values(ended_at=None)
NEXT_RUN = (
    select(*_run_columns)
    .join(announcements, announcements.c.id == runs.c.announcement_id)
    .where(
        runs.c.platform == bindparam("of"),
        runs.c.ended_at.is_(None),
        announcements.c.state == AnnouncementState.RUNNING,
        runs.c.id.not_in(bindparam("asleep", expanding=True)),
    )
    .order_by(announcements.c.urgent.desc(), runs.c.id)
    .limit(1)
)
COUNTS = (
    select(run_counts.c.outcome, func.sum(run_counts.c.count))
    .join(runs, runs.c.id == run_counts.c.run_id)
    .where(runs.c.announcement_id == bindparam("about"))
    .group_by(run_counts.c.outcome)
)
COUNTS_OF = select(run_counts.c.outcome, run_counts.c.count).where(run_counts.c.run_id == bindparam("run"))
_new_count = insert(run_counts).values(run_id=bindparam("run"), outcome=bindparam("end"), count=bindparam("more"))
COUNT = _new_count.on_conflict_do_update(
    index_elements=["run_id", "outcome"], set_={"count": run_counts.c.count + _new_count.excluded.count}
)
_ended_long_ago = announcements.c.ended_at < NOW - bindparam("age")
OLD_RUNS = (
    select(runs.c.id)
    .join(announcements, announcements.c.id == runs.c.announcement_id)
    .where(_ended_long_ago, select(recipients.c.run_id).where(recipients.c.run_id == runs.c.id).exists())
    .limit(bindparam("most"))
)
KEPT_RUNS = (
    select(runs.c.id)
    .where(
        runs.c.platform == bindparam("of"),
        select(recipients.c.run_id).where(recipients.c.run_id == runs.c.id).exists(),
    )
    .order_by(runs.c.id)
)
FORGET_PRESSES = delete(presses).where(presses.c.announcement_id.in_(select(announcements.c.id).where(_ended_long_ago)))


class Announcements:
    """The tables `announcements`, `runs` and `run_counts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, new: NewAnnouncement) -> int | None:
        """Write one down; its number. None: one of this key is there already."""
        return self._connection.execute(
            ADD,
            {
                "to": new.state,
                "origin": new.key,
                "about": new.topic,
                "hurry": int(new.urgent),
                "body": new.content,
                "whom": new.audience,
                "print": new.fingerprint,
                "by": new.made_by,
                "due": new.due_at,
                "last": new.until,
                "again": new.repeat,
            },
        ).scalar()

    def find(self, announcement_id: int, *, hold: bool = False) -> Announcement | None:
        """`hold`: nobody else changes it until this transaction ends."""
        row = self._connection.execute(HOLD if hold else FIND, {"number": announcement_id}).first()
        return None if row is None else _announcement(row)

    def approve(self, announcement_id: int, by: int, due_at: int) -> bool:
        """It is planned now. False, here and below: it stood somewhere else already."""
        values = {"by": by, "due": due_at}
        return self._move(APPROVE, announcement_id, [AnnouncementState.WAITING], AnnouncementState.PLANNED, values)

    def refuse(self, announcement_id: int, by: int) -> bool:
        before = [AnnouncementState.WAITING]
        return self._move(REFUSE, announcement_id, before, AnnouncementState.REFUSED, {"by": by})

    def begin(self, announcement_id: int) -> bool:
        """Its recipients are written down from now on."""
        return self._move(BEGIN, announcement_id, [AnnouncementState.PLANNED], AnnouncementState.QUEUING)

    def move(self, announcement_id: int, before: Sequence[AnnouncementState], to: AnnouncementState) -> bool:
        """From one of these states to another."""
        return self._move(END if to in ENDED else MOVE, announcement_id, before, to)

    def reopen(self, announcement_id: int, until: int) -> bool:
        """Some of its recipients are to get it after all, until then."""
        before = [AnnouncementState.DONE]
        return self._move(REOPEN, announcement_id, before, AnnouncementState.RUNNING, {"last": until})

    def prolong(self, announcement_id: int, until: int) -> None:
        """It may be sent until then."""
        self._connection.execute(PROLONG, {"number": announcement_id, "last": until})

    def put_off(self, announcement_id: int, due_at: int) -> None:
        """It is due then."""
        self._connection.execute(PUT_OFF, {"number": announcement_id, "due": due_at})

    def due(self, most: int) -> list[Announcement]:
        """What is to begin now, series too; urgent ones first."""
        return [_announcement(row) for row in self._connection.execute(DUE, {"most": most})]

    def series(self) -> list[Announcement]:
        """What comes again and again."""
        return [_announcement(row) for row in self._connection.execute(SERIES)]

    def open(self, most: int) -> list[Announcement]:
        """What has not ended, in the order in which it is due."""
        return [_announcement(row) for row in self._connection.execute(OPEN, {"most": most})]

    def under_way(self, most: int) -> list[Announcement]:
        """What has begun and not ended; what is paused comes last."""
        return [_announcement(row) for row in self._connection.execute(UNDER_WAY, {"most": most})]

    def ended(self, most: int, skipped: int = 0) -> list[Announcement]:
        """What has ended, the newest first."""
        return [_announcement(r) for r in self._connection.execute(ENDED_LATELY, {"most": most, "skipped": skipped})]

    def same(self, fingerprint: str, age_ms: int) -> list[Announcement]:
        """What has the same text and is no older than this, the newest first; not what was taken back."""
        return [_announcement(r) for r in self._connection.execute(SAME, {"print": fingerprint, "age": age_ms})]

    def known(self, keys: Sequence[str]) -> set[str]:
        """Those of these keys of which an announcement was made."""
        return set(self._connection.execute(KNOWN, {"keys": list(keys)}).scalars()) if keys else set()

    def of_keys(self, keys: Sequence[str]) -> dict[str, Announcement]:
        """What was made of these keys, by key."""
        if not keys:
            return {}
        found = (_announcement(row) for row in self._connection.execute(OF_KEYS, {"keys": list(keys)}))
        return {one.key: one for one in found if one.key is not None}

    def first_made(self) -> int | None:
        """When the first of all was made."""
        found = self._connection.execute(FIRST).scalar()
        return None if found is None else int(found)

    def put_again(self, new: NewAnnouncement) -> bool:
        """What was missed has a later day now. False: none of this key was missed, or its day is no later."""
        wanted = {
            "origin": new.key,
            "to": new.state,
            "body": new.content,
            "whom": new.audience,
            "due": new.due_at,
            "last": new.until,
        }
        return bool(self._connection.execute(PUT_AGAIN, wanted).rowcount)

    # -- runs

    def add_run(self, announcement_id: int, platform: str) -> None:
        self._connection.execute(ADD_RUN, {"about": announcement_id, "of": platform})

    def runs(self, announcement_id: int) -> list[Run]:
        return [_run(row) for row in self._connection.execute(RUNS, {"about": announcement_id})]

    def went_on(self, run_id: int, to: int, more: int) -> None:
        """All citizens up to this one were looked at, and so many of them written down."""
        self._connection.execute(GO_ON, {"run": run_id, "to": to, "more": more})

    def queued(self, run_id: int) -> None:
        """All of its recipients are written down."""
        self._connection.execute(QUEUED, {"run": run_id})

    def end_run(self, run_id: int) -> None:
        self._connection.execute(END_RUN, {"run": run_id})

    def reopen_run(self, run_id: int) -> None:
        self._connection.execute(REOPEN_RUN, {"run": run_id})

    def next_run(self, platform: str, asleep: Iterable[int]) -> Run | None:
        """What is to be sent to a platform, the most urgent first; none of these."""
        row = self._connection.execute(NEXT_RUN, {"of": platform, "asleep": list(asleep)}).first()
        return None if row is None else _run(row)

    def count(self, run_id: int, outcome: str, more: int) -> None:
        """So many more recipients of a run ended so; fewer, if `more` is below zero."""
        if more:
            self._connection.execute(COUNT, {"run": run_id, "end": outcome, "more": more})

    def counts(self, announcement_id: int) -> dict[str, int]:
        """How recipients ended, on all platforms."""
        rows = self._connection.execute(COUNTS, {"about": announcement_id})
        return {outcome: int(count) for outcome, count in rows if count}

    def counts_of(self, run_id: int) -> dict[str, int]:
        """How recipients of one run ended."""
        rows = self._connection.execute(COUNTS_OF, {"run": run_id})
        return {outcome: int(count) for outcome, count in rows if count}

    # -- forgetting

    def old_runs(self, age_ms: int, most: int) -> list[int]:
        """Runs that ended longer ago than this and whose recipients are still there."""
        return list(self._connection.execute(OLD_RUNS, {"age": age_ms, "most": most}).scalars())

    def kept_runs(self, platform: str) -> list[int]:
        """Runs on a platform whose recipients are still there."""
        return list(self._connection.execute(KEPT_RUNS, {"of": platform}).scalars())

    def forget_presses(self, age_ms: int) -> None:
        """Who pressed what, of announcements that ended longer ago than this."""
        self._connection.execute(FORGET_PRESSES, {"age": age_ms})

    def _move(
        self,
        statement: Any,  # noqa: ANN401 - one of the updates above
        announcement_id: int,
        before: Sequence[AnnouncementState],
        to: AnnouncementState,
        values: dict[str, Any] | None = None,
    ) -> bool:
        wanted = {"number": announcement_id, "before": list(before), "to": to} | (values or {})
        return bool(self._connection.execute(statement, wanted).rowcount)


def _announcement(row: Iterable[Any]) -> Announcement:
    number, state, key, topic, urgent, *rest = row
    return Announcement(number, AnnouncementState(state), key, topic, bool(urgent), *rest)


def _run(row: Iterable[Any]) -> Run:
    number, announcement_id, platform, total, queued_to, queued, ended = row
    return Run(number, announcement_id, platform, total, queued_to, queued=bool(queued), ended=bool(ended))
