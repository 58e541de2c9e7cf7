"""What came of a survey, from its sums alone: a few hundred rows, however many answered.

Visitors of the page are told apart, since a cookie is no person: they are in no total unless somebody asks for that.
Nobody can be known by what is shown. Groups of fewer than ten are folded, and no two totals that are shown differ by
such a group. What is anonymous shows nothing before ten have answered, and while it is open only totals, in steps
(`held_sums.py`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from bot.errors import CitizenError, Faults
from bot.services import counting, held_sums, surveys, tallying
from bot.services.counting import ALL, ANSWERED, LEFT, SKIPPED
from bot.services.held_sums import WEB
from bot.services.questionnaire import NUMBER, SCALE, Question, Survey
from bot.services.surveys import Row, Stage
from bot.services.tallying import FEWEST, REST, Left, Share
from bot.store import Unit
from bot.store.responses import Count

__all__ = ["FEWEST", "REST", "UNKNOWN", "WEB", "Asked", "Group", "Kind", "Results", "of"]

UNKNOWN: Final = "?"
"""The neighbourhood of those who never said where they live."""

Kind = Literal["platform", "neighbourhood"]
Belongs = Callable[[Count], bool]


class Group(NamedTuple):
    """Those of one platform or of one neighbourhood."""

    kind: Kind
    value: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What was answered to one question. `mean`: of a scale and of numbers; `left`: who went no further than it."""

    question: Question
    answered: int
    skipped: int
    shares: tuple[Share, ...]
    mean: float | None
    left: Left


@dataclass(frozen=True, slots=True)
class Results:
    """What is shown. `total`: how many have answered, of `only` this group if there is one.

    `people`, `visitors`: how many on messengers, and how many on the page, by now. `held`: whether the answers shown
    are those of fewer, of no group and of no single person. `sent`: to how many people the survey went; None: it never
    did. `few`: too few have answered to show more than how many. `unsent`: who stands at no question and has not sent
    answers either. `groups`: who answered, what may not be shown alone together under `REST`.
    """

    survey: Survey
    stage: Stage
    total: int
    people: int
    visitors: int
    sent: int | None
    held: bool
    few: bool
    asked: tuple[Asked, ...]
    unsent: int
    groups: Mapping[Kind, Mapping[str, int]]
    only: Group | None = None
    with_visitors: bool = False

    @property
    def rate(self) -> int | None:
        """How many percent of those to whom it went have answered."""
        return min(tallying.percent(self.people, self.sent), 100) if self.sent else None

    @property
    def takes_visitors(self) -> bool:
        """Whether a total with the visitors beside one without them tells of no small group."""
        apart = all(count == 0 or count >= FEWEST for count in (self.people, self.visitors))
        return bool(self.visitors) and (apart or not self.survey.anonymous)

    def reads(self, platform: str) -> bool:
        """Whether single answers of a platform may be read: of few without a name, one could guess whose they are."""
        there = self.visitors if platform == WEB else self.people
        return not self.held and (there >= FEWEST or not self.survey.anonymous)

    def may_show(self, group: Group) -> bool:
        """Whether a group may be shown alone."""
        return group.value != REST and group.value in self.groups.get(group.kind, {})


def of(unit: Unit, row: Row, only: Group | None = None, *, with_visitors: bool = False) -> Results:
    """The results of a survey at this instant. A group of the page is of visitors, all others are without them.

    Raises `CitizenError`: "few_there" for a group that may not be shown alone, "held" where none may, "few_visitors"
    for a total that would give away what few visitors said, "unfinished" for a draft that cannot be asked yet.
    """
    survey, held = _sheet(row), held_sums.are_held(row, unit.now)
    if held and only is not None:
        raise CitizenError("held")
    sums, seen = _sums(unit, row, held=held)
    answers = [one for one in sums if counting.is_whole(one)]
    people = sum(one.count for one in answers if one.platform != WEB)
    counts = [one for one in seen if one.value != LEFT]
    dropped = [one for one in seen if one.value == LEFT]
    belongs = _belonging(only, with_visitors=with_visitors)
    total = sum(one.count for one in seen if counting.is_whole(one) and belongs(one))
    few = survey.anonymous and total < FEWEST
    stopped = Counter[str | None]() if few or held else _stopped(unit, row, only, belongs, dropped)
    found = Results(
        survey=survey,
        stage=surveys.stage(row, unit.now),
        total=total,
        people=people,
        visitors=sum(one.count for one in answers) - people,
        sent=_sent(unit, row),
        held=held,
        few=few,
        asked=() if few else _answers(survey, filter(belongs, counts), stopped),
        unsent=stopped[None],
        groups={} if held else {"platform": _platforms(answers), "neighbourhood": _neighbourhoods(answers)},
        only=only,
        with_visitors=with_visitors,
    )
    if only is not None and not found.may_show(only):
        raise CitizenError("few_there")
    if with_visitors and not found.takes_visitors:
        raise CitizenError("few_visitors")
    return found


def _sheet(row: Row) -> Survey:
    try:
        return surveys.sheet(row)
    except Faults:
        raise CitizenError("unfinished") from None


def _sums(unit: Unit, row: Row, *, held: bool) -> tuple[Sequence[Count], Sequence[Count]]:
    """What was counted by now, and what of that is shown."""
    if held:
        sums = unit.responses.held(row.id)
        return sums, held_sums.shown(sums)
    counts = unit.responses.counts(row.id)
    return counts, counts


def _belonging(only: Group | None, *, with_visitors: bool) -> Belongs:
    """Whether what was counted is looked at."""
    if only is None:
        return lambda one: with_visitors or one.platform != WEB
    if only.kind == "platform":
        return lambda one: one.platform == only.value
    return lambda one: one.platform != WEB and (one.neighbourhood or UNKNOWN) == only.value


def _sent(unit: Unit, row: Row) -> int | None:
    """To how many people it went."""
    if row.announcement_id is None or row.began_at is None:
        return None
    runs = [run for run in unit.announcements.runs(row.announcement_id) if run.platform != WEB]
    return sum(unit.announcements.counts_of(run.id).get("sent", 0) for run in runs)


def _stopped(
    unit: Unit, row: Row, only: Group | None, belongs: Belongs, dropped: Iterable[Count]
) -> Counter[str | None]:
    """How many have not finished, by the question that is their next one. Where they live is not known here.

    `dropped`: those of whom no more is kept, since an anonymous survey has ended.
    """
    if only is not None and only.kind != "platform":
        return Counter()
    left = unit.participants.left(row.id).items()
    stand = [Count(question or ALL, LEFT, platform, "", count) for (question, platform), count in left]
    found: Counter[str | None] = Counter()
    for one in (*stand, *dropped):
        found[one.question or None] += one.count if belongs(one) else 0
    return found


def _answers(survey: Survey, counts: Iterable[Count], stopped: Mapping[str | None, int]) -> tuple[Asked, ...]:
    values: dict[str, Counter[str]] = {question.id: Counter() for question in survey.questions}
    for one in counts:
        if one.question in values:
            values[one.question][one.value] += one.count
    shown = [one for one in survey.questions if not one.hidden]
    came_by = {name: found[ANSWERED] + found[SKIPPED] for name, found in values.items()}
    stands = {question: count for question, count in stopped.items() if question is not None}
    left = tallying.drop_off([one.id for one in shown], came_by, stands)
    return tuple(_asked(question, values[question.id], gone) for question, gone in zip(shown, left, strict=True))


def _asked(question: Question, found: Counter[str], left: Left) -> Asked:
    answered, skipped = found.pop(ANSWERED, 0), found.pop(SKIPPED, 0)
    is_number = question.kind in {SCALE, NUMBER}
    shares = tallying.shares(question, found, answered) if is_number or question.options else ()
    return Asked(question, answered, skipped, tuple(shares), tallying.mean(found) if is_number else None, left)


# -- groups


def _platforms(answers: Iterable[Count]) -> dict[str, int]:
    """People by messenger, and the visitors if they are enough."""
    found: Counter[str] = Counter()
    for one in answers:
        found[one.platform] += one.count
    visitors = found.pop(WEB, 0)
    return tallying.folded(found) | ({WEB: visitors} if visitors >= FEWEST else {})


def _neighbourhoods(answers: Iterable[Count]) -> dict[str, int]:
    """People by where they live, the largest group first."""
    found: Counter[str] = Counter()
    for one in answers:
        found[one.neighbourhood or UNKNOWN] += one.count if one.platform != WEB else 0
    return tallying.folded(dict(found.most_common()))
