"""Who takes part in a survey: where they stand, and their answers until these are sent."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, or_, select, tuple_, update

from bot.models import citizens, participants, surveys
from bot.store.sql import NOW, insert


@dataclass(frozen=True, slots=True)
class Participant:
    """A row. `next`: the question at which they stand, None at the end; `answers`: JSON, None once they are sent.

    `token`: of their response, unless the survey is anonymous. With `answers` beside it, these are being changed.
    """

    survey_id: int
    citizen_id: int
    about: int
    next: str | None
    answers: str | None
    began_at: int
    sent_at: int | None
    token: int | None

    @property
    def sent(self) -> bool:
        return self.sent_at is not None


@dataclass(frozen=True, slots=True)
class Unsent:
    """What there was of somebody who never sent their answers; as in `Participant`."""

    citizen_id: int
    next: str | None
    platform: str
    answers: str | None


_columns = (
    participants.c.survey_id,
    participants.c.citizen_id,
    participants.c.about,
    participants.c.next,
    participants.c.answers,
    participants.c.began_at,
    participants.c.sent_at,
    participants.c.token,
)
_of_survey = participants.c.survey_id == bindparam("survey")
_one = and_(
    _of_survey,
    participants.c.citizen_id == bindparam("citizen"),
    participants.c.about == bindparam("case"),
)
FIND = select(*_columns).where(_one)
HOLD = FIND.with_for_update()
BEGIN = (
    insert(participants)
    .values(
        survey_id=bindparam("survey"),
        citizen_id=bindparam("citizen"),
        about=bindparam("case"),
        next=bindparam("at"),
        answers=bindparam("body"),
        began_at=bindparam("since"),
    )
    .on_conflict_do_nothing(index_elements=["survey_id", "citizen_id", "about"])
)
KEEP = (
    update(participants)
    .where(_one, or_(participants.c.sent_at.is_(None), participants.c.token.is_not(None)))
    .values(next=bindparam("at"), answers=bindparam("body"))
)
SEND = (
    update(participants)
    .where(_one)
    .values(next=None, answers=None, sent_at=bindparam("when"), token=bindparam("number"))
)
LEFT = (
    select(participants.c.next, citizens.c.platform, func.count())
    .join(citizens, citizens.c.id == participants.c.citizen_id)
    .where(_of_survey, participants.c.sent_at.is_(None))
    .group_by(participants.c.next, citizens.c.platform)
)
_theirs = participants.c.citizen_id == bindparam("citizen")
OF_CITIZEN = select(*_columns).where(_theirs).order_by(participants.c.survey_id)
FORGET = delete(participants).where(_theirs)
WIPE = delete(participants).where(_of_survey)
_long_closed = select(surveys.c.id).where(surveys.c.closed_at < NOW - bindparam("age"))
FORGET_OLD = delete(participants).where(
    tuple_(participants.c.survey_id, participants.c.citizen_id, participants.c.about).in_(
        select(participants.c.survey_id, participants.c.citizen_id, participants.c.about)
        .where(participants.c.survey_id.in_(_long_closed))
        .limit(bindparam("most"))
    )
)
_unsent = and_(_of_survey, participants.c.sent_at.is_(None))
UNSENT = (
    select(participants.c.citizen_id, participants.c.next, citizens.c.platform, participants.c.answers)
    .join(citizens, citizens.c.id == participants.c.citizen_id)
    .where(_unsent)
    .limit(bindparam("most"))
)
DROP = delete(participants).where(_unsent, participants.c.citizen_id.in_(bindparam("citizens", expanding=True)))


class Participants:
    """The table `participants`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, survey_id: int, citizen_id: int, about: int = 0, *, hold: bool = False) -> Participant | None:
        """`hold`: nobody else changes it until this transaction ends."""
        which = {"survey": survey_id, "citizen": citizen_id, "case": about}
        row = self._connection.execute(HOLD if hold else FIND, which).first()
        return None if row is None else Participant(*row)

    def begin(self, new: Participant) -> None:
        """Somebody begins; nothing changes if they have."""
        self._connection.execute(BEGIN, _which(new) | {"since": new.began_at, "at": new.next, "body": new.answers})

    def keep(self, kept: Participant) -> None:
        """They stand elsewhere now. What is sent without a name cannot be changed."""
        self._connection.execute(KEEP, _which(kept) | {"at": kept.next, "body": kept.answers})

    def send(self, who: Participant, sent_at: int, token: int | None) -> None:
        """Their answers are in a response, and nowhere else."""
        self._connection.execute(SEND, _which(who) | {"when": sent_at, "number": token})

    def left(self, survey_id: int) -> dict[tuple[str | None, str], int]:
        """How many have not sent their answers, by the question at which they stand and the platform."""
        rows = self._connection.execute(LEFT, {"survey": survey_id})
        return {(question, platform): int(count) for question, platform, count in rows}

    def of_citizen(self, citizen_id: int) -> list[Participant]:
        """All in which somebody takes part."""
        return [Participant(*row) for row in self._connection.execute(OF_CITIZEN, {"citizen": citizen_id})]

    def forget(self, citizen_id: int) -> None:
        """That a citizen took part in anything."""
        self._connection.execute(FORGET, {"citizen": citizen_id})

    def forget_old(self, age_ms: int, most: int) -> int:
        """Delete who took part in surveys that were closed longer ago than this, so many at the most; how many."""
        return self._connection.execute(FORGET_OLD, {"age": age_ms, "most": most}).rowcount

    def drop_unsent(self, survey_id: int, most: int) -> list[Unsent]:
        """Delete so many at most who have not sent their answers."""
        some = [Unsent(*row) for row in self._connection.execute(UNSENT, {"survey": survey_id, "most": most})]
        if some:
            self._connection.execute(DROP, {"survey": survey_id, "citizens": [one.citizen_id for one in some]})
        return some

    def wipe(self, survey_id: int) -> None:
        """Everybody in a survey."""
        self._connection.execute(WIPE, {"survey": survey_id})


def _which(one: Participant) -> dict[str, Any]:
    return {"survey": one.survey_id, "citizen": one.citizen_id, "case": one.about}
