"""What was answered, under random numbers, and the sums of it, which change together."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, delete, select, update

from bot.models import answer_counts, responses
from bot.store.sql import insert


@dataclass(frozen=True, slots=True)
class Response:
    """A row. `day`: as of `date.toordinal`; `answers`: JSON."""

    survey_id: int
    token: int
    platform: str
    neighbourhood: str
    day: int
    answers: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many answered a question so, of one neighbourhood and one platform."""

    question: str
    value: str
    platform: str
    neighbourhood: str
    count: int


_columns = (
    responses.c.survey_id,
    responses.c.token,
    responses.c.platform,
    responses.c.neighbourhood,
    responses.c.day,
    responses.c.answers,
)
_of_survey = responses.c.survey_id == bindparam("survey")
_one = and_(_of_survey, responses.c.token == bindparam("number"))
FIND = select(*_columns).where(_one)
ADD = insert(responses).values(
    survey_id=bindparam("survey"),
    token=bindparam("number"),
    platform=bindparam("of"),
    neighbourhood=bindparam("lives"),
    day=bindparam("on"),
    answers=bindparam("body"),
)
REWRITE = update(responses).where(_one).values(answers=bindparam("body"))
PAGE = (
    select(*_columns)
    .where(_of_survey, responses.c.token > bindparam("after"))
    .order_by(responses.c.token)
    .limit(bindparam("most"))
)
# Nothing changes; but on PostgreSQL each row carries the number of the transaction that wrote it last.
MIX = update(responses).where(_of_survey).values(day=responses.c.day)
DROP = delete(responses).where(_one)
WIPE = delete(responses).where(_of_survey)

_new = insert(answer_counts).values(
    survey_id=bindparam("survey"),
    question=bindparam("about"),
    value=bindparam("said"),
    platform=bindparam("of"),
    neighbourhood=bindparam("lives"),
    count=bindparam("more"),
)
COUNT = _new.on_conflict_do_update(
    index_elements=["survey_id", "question", "value", "platform", "neighbourhood"],
    set_={"count": answer_counts.c.count + _new.excluded.count},
)
_counts_of = answer_counts.c.survey_id == bindparam("survey")
COUNTS = select(
    answer_counts.c.question,
    answer_counts.c.value,
    answer_counts.c.platform,
    answer_counts.c.neighbourhood,
    answer_counts.c.count,
).where(_counts_of, answer_counts.c.count != 0)
HELD = select(
    answer_counts.c.question,
    answer_counts.c.value,
    answer_counts.c.platform,
    answer_counts.c.neighbourhood,
    answer_counts.c.count,
    answer_counts.c.ready,
    answer_counts.c.shown,
).where(_counts_of)
MOVE_ON = (
    update(answer_counts)
    .where(_counts_of, answer_counts.c.platform.in_(bindparam("platforms", expanding=True)))
    .values(shown=answer_counts.c.ready, ready=answer_counts.c.count)
)
WIPE_COUNTS = delete(answer_counts).where(_counts_of)


@dataclass(frozen=True, slots=True)
class Held(Count):
    """The same, of which staff are shown a part. `ready`: what they are shown next."""

    ready: int
    shown: int


class Responses:
    """The tables `responses` and `answer_counts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, new: Response) -> None:
        values = {"survey": new.survey_id, "number": new.token, "of": new.platform, "lives": new.neighbourhood}
        self._connection.execute(ADD, values | {"on": new.day, "body": new.answers})

    def find(self, survey_id: int, token: int) -> Response | None:
        row = self._connection.execute(FIND, {"survey": survey_id, "number": token}).first()
        return None if row is None else Response(*row)

    def rewrite(self, survey_id: int, token: int, answers: str) -> None:
        """Other answers."""
        self._connection.execute(REWRITE, {"survey": survey_id, "number": token, "body": answers})

    def drop(self, survey_id: int, token: int) -> None:
        self._connection.execute(DROP, {"survey": survey_id, "number": token})

    def page(self, survey_id: int, after: int, most: int) -> list[Response]:
        """Some responses after one number, in the order of their numbers, which is none."""
        which = {"survey": survey_id, "after": after, "most": most}
        return [Response(*row) for row in self._connection.execute(PAGE, which)]

    def count(self, survey_id: int, changes: Iterable[Count]) -> None:
        """Add to the sums.

        In one order whoever adds, so that two who add at the same moment never wait for each other in a circle.
        """
        ordered = sorted(changes, key=lambda one: (one.question, one.value))
        if ordered:
            self._connection.execute(
                COUNT,
                [
                    {"survey": survey_id, "about": one.question, "said": one.value}
                    | {"of": one.platform, "lives": one.neighbourhood, "more": one.count}
                    for one in ordered
                ],
            )

    def counts(self, survey_id: int) -> list[Count]:
        """The sums."""
        return [Count(*row) for row in self._connection.execute(COUNTS, {"survey": survey_id})]

    def held(self, survey_id: int) -> list[Held]:
        """The sums, and how much of each is shown."""
        return [Held(*row) for row in self._connection.execute(HELD, {"survey": survey_id})]

    def move_on(self, survey_id: int, platforms: Collection[str]) -> None:
        """Show what was ready, and keep what has come since ready. Whoever calls holds the survey."""
        self._connection.execute(MOVE_ON, {"survey": survey_id, "platforms": list(platforms)})

    def mix(self, survey_id: int) -> None:
        """Make all rows look as if they were written at this moment. On SQLite nothing tells when they were."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(MIX, {"survey": survey_id})

    def wipe(self, survey_id: int) -> None:
        """All that was answered, and its sums."""
        self._connection.execute(WIPE, {"survey": survey_id})
        self._connection.execute(WIPE_COUNTS, {"survey": survey_id})
