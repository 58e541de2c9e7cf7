"""Who gets an announcement: written down from the citizens, in pieces, and read in order.

There may be a million of one run, so nothing here looks at all of them at once while it writes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, literal, or_, select, update

from bot.models import RecipientState, citizens, participants, recipients, runs, staff, surveys
from bot.store.sql import NOW, insert


@dataclass(frozen=True, slots=True)
class Whom:
    """Which citizens. `topic`: a bit, or none. `neighbourhoods`, `platforms`: empty for all.

    `chosen_only`: who has chosen the topic, and nobody else; `staff_only`: of these, who is of the staff; `answered`:
    of these, who has answered this survey, `unanswered`: who was asked and has not.
    """

    topic: int = 0
    platforms: tuple[str, ...] = ()
    neighbourhoods: tuple[str, ...] = ()
    chosen_only: bool = False
    staff_only: bool = False
    answered: int | None = None
    unanswered: int | None = None

    def to_values(self) -> dict[str, Any]:
        return {
            "topic": self.topic,
            "places": list(self.neighbourhoods),
            "anywhere": int(not self.neighbourhoods),
            "anyhow": int(not self.chosen_only),
            "anybody": int(not self.staff_only),
            "answered": self.answered,
            "unanswered": self.unanswered,
        }


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who waits for an announcement, and what counts for whether it goes to them now.

    `quiet`: hours of their own. `nudged_before`: the instant of the last but one that they had not asked for.
    `answered`: the survey that they are to be reminded of.
    """

    citizen_id: int
    chat_id: int
    gone: bool
    left: bool
    wants: int
    refuses: int
    quiet: tuple[int, int] | None
    nudged_before: int | None
    answered: bool


_works = (
    select(staff.c.id)
    .where(staff.c.platform == citizens.c.platform, staff.c.user_id == citizens.c.user_id, staff.c.ended_at.is_(None))
    .exists()
)
_got, _who = recipients.alias("got"), participants.alias("who")
_topic = bindparam("topic", type_=citizens.c.wants.type)


_answered = bindparam("answered", type_=participants.c.survey_id.type)
_unanswered = bindparam("unanswered", type_=participants.c.survey_id.type)


def _sent(survey: ColumnElement[Any]) -> ColumnElement[bool]:
    """Who has sent answers to a survey."""
    return (
        select(_who.c.survey_id)
        .where(_who.c.survey_id == survey, _who.c.citizen_id == citizens.c.id, _who.c.sent_at.is_not(None))
        .exists()
    )


# Who got the announcement that asks a survey, or may have.
_was_asked = (
    select(_got.c.run_id)
    .join(runs, runs.c.id == _got.c.run_id)
    .join(surveys, surveys.c.announcement_id == runs.c.announcement_id)
    .where(
        surveys.c.id == _unanswered,
        _got.c.citizen_id == citizens.c.id,
        _got.c.state.in_([RecipientState.SENT, RecipientState.UNKNOWN]),
    )
    .exists()
)


def _meant() -> ColumnElement[bool]:
    return and_(
        or_(_answered.is_(None), _sent(_answered)),
        or_(_unanswered.is_(None), and_(_was_asked, ~_sent(_unanswered))),
        citizens.c.gone_at.is_(None),
        citizens.c.left_at.is_(None),
        citizens.c.refuses.bitwise_and(_topic) == 0,
        or_(bindparam("anyhow") == 1, citizens.c.wants.bitwise_and(_topic) != 0),
        or_(bindparam("anywhere") == 1, citizens.c.neighbourhood.in_(bindparam("places", expanding=True))),
        or_(bindparam("anybody") == 1, _works),
    )


QUEUE = insert(recipients).from_select(
    ["run_id", "citizen_id", "chat_id", "state"],
    select(bindparam("run", type_=recipients.c.run_id.type), citizens.c.id, citizens.c.user_id, literal(0)).where(
        # Not by the column itself: SQLite would walk all citizens of the platform for each piece.
        citizens.c.platform.concat("") == bindparam("of"),
        citizens.c.id > bindparam("after"),
        citizens.c.id <= bindparam("last"),
        _meant(),
    ),
)
COUNT_OF_SURVEY = (
    select(citizens.c.platform, func.count())
    .select_from(participants)
    .join(citizens, citizens.c.id == participants.c.citizen_id)
    .where(participants.c.survey_id == _answered, participants.c.sent_at.is_not(None), _meant())
    .group_by(citizens.c.platform)
)
LAST_CITIZEN = select(func.max(citizens.c.id))
_of_run = recipients.c.run_id == bindparam("run")
_these = and_(_of_run, recipients.c.citizen_id.in_(bindparam("citizens", expanding=True)))
_range = and_(_of_run, recipients.c.citizen_id > bindparam("after"), recipients.c.citizen_id <= bindparam("last"))
_waiting = (
    select(
        recipients.c.citizen_id,
        recipients.c.chat_id,
        citizens.c.gone_at,
        citizens.c.left_at,
        citizens.c.wants,
        citizens.c.refuses,
        citizens.c.quiet_from,
        citizens.c.quiet_until,
        citizens.c.nudged_before,
        citizens.c.id.label("known"),
        and_(_unanswered.is_not(None), _sent(_unanswered)).label("answered"),
    )
    .outerjoin(citizens, citizens.c.id == recipients.c.citizen_id)
    .where(recipients.c.state == RecipientState.WAITING)
)
PAGE = (
    _waiting.where(_of_run, recipients.c.citizen_id > bindparam("after"), or_(bindparam("anybody") == 1, _works))
    .order_by(recipients.c.citizen_id)
    .limit(bindparam("most"))
)
AMONG = _waiting.where(_these)
IN_STATE = (
    select(recipients.c.citizen_id)
    .where(_of_run, recipients.c.citizen_id > bindparam("after"), recipients.c.state == bindparam("stands"))
    .order_by(recipients.c.citizen_id)
    .limit(bindparam("most"))
)
MOVE = update(recipients).where(_these, recipients.c.state == bindparam("before")).values(state=bindparam("to"))
TAKE = (
    update(recipients)
    .where(_these, recipients.c.state == RecipientState.WAITING)
    .values(state=RecipientState.TAKEN)
    .returning(recipients.c.citizen_id)
)
FIRST_OF_RUN = select(func.min(recipients.c.citizen_id)).where(_of_run)
FORGET_RANGE = delete(recipients).where(_range)
FORGET = delete(recipients).where(
    recipients.c.run_id.in_(bindparam("runs", expanding=True)), recipients.c.citizen_id == bindparam("citizen")
)
NUDGED = (
    update(citizens)
    .where(citizens.c.id.in_(bindparam("citizens", expanding=True)))
    .values(nudged_before=citizens.c.nudged_at, nudged_at=NOW)
)


class Recipients:
    """The table `recipients`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def last_citizen(self) -> int:
        """The highest number that a citizen has; 0 if there is none."""
        return int(self._connection.execute(LAST_CITIZEN).scalar() or 0)

    def queue(self, run_id: int, platform: str, whom: Whom, span: tuple[int, int]) -> int:
        """Write down who is meant on a platform, of the citizens after one number up to another; how many."""
        after, last = span
        wanted = whom.to_values() | {"run": run_id, "of": platform, "after": after, "last": last}
        return self._connection.execute(QUEUE, wanted).rowcount

    def count_answered(self, whom: Whom) -> dict[str, int]:
        """How many of those who answered a survey are meant, by platform."""
        found = self._connection.execute(COUNT_OF_SURVEY, whom.to_values())
        return {of: int(count) for of, count in found if not whom.platforms or of in whom.platforms}

    def page(
        self, run_id: int, after: int, most: int, *, staff_only: bool = False, unanswered: int | None = None
    ) -> list[Recipient]:
        """Who waits, after the citizen of this number. Whoever we do not know any more has gone.

        `unanswered`: the survey that they are reminded of.
        """
        wanted = {"run": run_id, "after": after, "most": most, "anybody": int(not staff_only), "unanswered": unanswered}
        return [_recipient(row) for row in self._connection.execute(PAGE, wanted)]

    def among(self, run_id: int, whom: Sequence[int], unanswered: int | None) -> list[Recipient]:
        """Those of these citizens who still wait, as they are now."""
        if not whom:
            return []
        wanted = {"run": run_id, "citizens": list(whom), "unanswered": unanswered}
        return [_recipient(row) for row in self._connection.execute(AMONG, wanted)]

    def in_state(self, run_id: int, state: RecipientState, after: int, most: int) -> list[int]:
        """Citizens who stand so, in order."""
        wanted = {"run": run_id, "stands": state, "after": after, "most": most}
        return list(self._connection.execute(IN_STATE, wanted).scalars())

    def move(self, run_id: int, before: RecipientState, to: RecipientState, whom: Sequence[int]) -> int:
        """These citizens, as far as they stand there; how many did."""
        if not whom:
            return 0
        wanted = {"run": run_id, "before": before, "to": to, "citizens": list(whom)}
        return self._connection.execute(MOVE, wanted).rowcount

    def take(self, run_id: int, whom: Sequence[int]) -> set[int]:
        """These citizens are about to be sent to, as far as they wait; those who did."""
        if not whom:
            return set()
        return set(self._connection.execute(TAKE, {"run": run_id, "citizens": list(whom)}).scalars())

    def nudged(self, whom: Sequence[int]) -> None:
        """These were sent something that they had not asked for."""
        if whom:
            self._connection.execute(NUDGED, {"citizens": list(whom)})

    def first(self, run_id: int) -> int | None:
        """The lowest number of a citizen in a run. None: nobody is left in it."""
        return self._connection.execute(FIRST_OF_RUN, {"run": run_id}).scalar()

    def forget_range(self, run_id: int, span: tuple[int, int]) -> int:
        """Delete who got it, of the citizens after one number up to another; return how many."""
        return self._connection.execute(FORGET_RANGE, {"run": run_id, "after": span[0], "last": span[1]}).rowcount

    def forget(self, citizen_id: int, run_ids: Sequence[int]) -> None:
        """That a citizen was among the recipients of these."""
        if run_ids:
            self._connection.execute(FORGET, {"citizen": citizen_id, "runs": list(run_ids)})


def _recipient(row: Any) -> Recipient:  # noqa: ANN401 - of `PAGE`
    return Recipient(
        row.citizen_id,
        row.chat_id,
        row.known is None or row.gone_at is not None,
        row.left_at is not None,
        row.wants or 0,
        row.refuses or 0,
        None if row.quiet_from is None else (row.quiet_from, row.quiet_until),
        row.nudged_before,
        bool(row.answered),
    )
