"""A citizen takes part in a survey: begins, answers, leaves and comes back, sends, and may change what has a name.

begin ─► question by question, each answer kept at once ─► send ─► counted
             ▲ anywhere later, from where they stood          └─change (not anonymous)─► question ─► send: counted anew

Until they are sent, answers stand beside the citizen, so that they can go on. What is sent of an anonymous survey
stands under a random number alone (docs/decisions/0027).

Whoever writes here shares the survey's row first: whoever publishes, ends or deletes it holds that row before they
touch an answer, so nobody waits for each other in a circle, and nothing is written after an end.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.clock import TEHRAN
from bot.errors import CitizenError
from bot.services import cases, counting, questionnaire, staff, surveys
from bot.services.cases import is_number
from bot.services.questionnaire import PLACE, Answers, Question, Survey, Value
from bot.services.surveys import Stage
from bot.store import Unit
from bot.store.citizens import Citizen
from bot.store.participants import Participant
from bot.store.responses import Response
from bot.store.surveys import Row

ROUGHLY: Final = 3
"""Decimals of a point without a name: some hundred metres."""


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody's part in a survey. `answers`: given so far, or sent ones that are being changed."""

    row: Row
    survey: Survey
    who: Participant
    answers: Mapping[str, Value | None]

    @property
    def at(self) -> Question | None:
        """The question that is to be answered next. None: all are."""
        return questionnaire.next_question(self.survey, self.answers)

    @property
    def is_changing(self) -> bool:
        """Whether they have sent answers and change them."""
        return self.who.sent and self.who.answers is not None


@dataclass(frozen=True, slots=True)
class Ballot:
    """What buttons of a survey carry: its number and tag, the case that it is about, and what is theirs alone.

    As data: "12.1f3e.0.4.2".
    """

    number: int
    tag: str
    about: int = 0
    rest: tuple[int, ...] = ()

    @classmethod
    def of(cls, row: Row, *rest: int, about: int = 0) -> "Ballot":
        return cls(row.id, surveys.tag(row), about, rest)

    def __str__(self) -> str:
        return ".".join(map(str, (self.number, self.tag, self.about, *self.rest)))


def ballot(data: str) -> Ballot:
    """What a button carries. Raises `CitizenError`: "gone", of a forged one."""
    number, tag, *rest = [*data.split("."), ""]
    numbers = (number, *rest[:-1])
    if len(numbers) < 2 or not all(map(is_number, numbers)):
        raise CitizenError("gone")
    return Ballot(int(number), tag, int(rest[0]), tuple(map(int, rest[1:-1])))


def check(unit: Unit, citizen: Citizen, row: Row) -> None:
    """Whether they may answer now: staff on trial, too. Raises `CitizenError`: "not_yet"; "closed"."""
    stage = surveys.stage(row, unit.now)
    if stage is Stage.CLOSED:
        raise CitizenError("closed")
    if stage is Stage.PLANNED or (stage is Stage.DRAFT and not _on_trial(unit, citizen, row)):
        raise CitizenError("not_yet")


def look(unit: Unit, citizen: Citizen, row: Row, about: int = 0) -> Part | None:
    """What somebody has answered, only to be looked at. None: they have not begun.

    Of what is sent without a name there are no answers.
    """
    return None if unit.participants.find(row.id, citizen.id, about) is None else _part(unit, citizen, row, about)


def begin(unit: Unit, citizen: Citizen, number: int, about: int = 0) -> Part:
    """Somebody's part in a survey, new or as they left it. `about`: the case that they are asked about.

    Raises `CitizenError`: "gone"; "not_yet"; "closed"; "answered" if theirs are sent already.
    """
    return _begun(unit, citizen, surveys.share(unit, number), about)


def _begun(unit: Unit, citizen: Citizen, row: Row, about: int) -> Part:
    check(unit, citizen, row)
    _check_about(unit, citizen, row, about)
    first = questionnaire.next_question(surveys.sheet(row), {})
    at = None if first is None else first.id
    unit.participants.begin(Participant(row.id, citizen.id, about, at, "{}", _instant(row, unit.now), None, None))
    part = _part(unit, citizen, row, about)
    if part.who.sent and not part.is_changing:
        raise CitizenError("answered")
    return part


def find(unit: Unit, citizen: Citizen, button: Ballot) -> Part:
    """The part that a button belongs to.

    Raises `CitizenError` as `begin`; "edited" if the survey asks something else by now; "not_begun".
    """
    row = surveys.share(unit, button.number)
    if surveys.tag(row) != button.tag:
        raise CitizenError("edited")
    check(unit, citizen, row)
    part = _part(unit, citizen, row, button.about)
    if part.who.sent and not part.is_changing:
        raise CitizenError("answered")
    return part


def has_sent(unit: Unit, citizen: Citizen, number: int, about: int = 0) -> bool:
    """Whether somebody's answers are sent."""
    found = unit.participants.find(number, citizen.id, about)
    return found is not None and found.sent


def give(unit: Unit, part: Part, question: Question, value: Value | None) -> Part:
    """One more answer, or another one. Raises `CitizenError`: "not_asked"."""
    if question.kind == PLACE and part.row.anonymous and isinstance(value, tuple):
        lat, lon = map(float, value)
        value = (round(lat, ROUGHLY), round(lon, ROUGHLY))
    answers = questionnaire.give(part.survey, part.answers, question, value)
    at = questionnaire.next_question(part.survey, answers)
    who = replace(part.who, next=None if at is None else at.id, answers=counting.to_json(answers))
    unit.participants.keep(who)
    if part.row.anonymous:
        _drop_photos(unit, part.survey, part.answers, answers)
    return replace(part, who=who, answers=answers)


def send(unit: Unit, citizen: Citizen, part: Part) -> Part:
    """All answers count from now on, once.

    Raises `CitizenError`: "unfinished" if there is a question left; else as `begin`, since the survey may have closed.
    """
    row = surveys.share(unit, part.row.id)
    check(unit, citizen, row)
    held = unit.participants.find(row.id, citizen.id, part.who.about, hold=True)
    if held is None or (held.sent and held.token is None):
        raise CitizenError("answered")
    if part.at is not None:
        raise CitizenError("unfinished")
    _keep_photos(unit, part)
    token = _recount(unit, part, held.token) if held.token is not None else _count(unit, citizen, part)
    sent_at = held.sent_at or _instant(row, unit.now)
    unit.participants.send(held, sent_at, None if row.anonymous else token)
    return _part(unit, citizen, row, part.who.about)


def change(unit: Unit, citizen: Citizen, number: int, about: int = 0) -> Part:
    """Somebody changes what they have sent; it counts as it was until they send it again.

    Raises `CitizenError`: "gone", "closed", "nameless" for what nobody can find again, "not_answered".
    """
    return _changing(unit, citizen, surveys.share(unit, number), about)


def _changing(unit: Unit, citizen: Citizen, row: Row, about: int) -> Part:
    check(unit, citizen, row)
    part = _part(unit, citizen, row, about)
    if not part.who.sent:
        raise CitizenError("not_answered")
    if part.who.token is None:
        raise CitizenError("nameless")
    if not part.is_changing:
        unit.participants.keep(replace(part.who, next=None, answers=counting.to_json(part.answers)))
    return _part(unit, citizen, row, about)


def vote(unit: Unit, citizen: Citizen, button: Ballot, value: Value) -> Part:
    """The one answer of a quick poll: given, sent, and changed by a second one.

    Raises `CitizenError` as `begin`; "edited"; "nameless" for a second one without a name.
    """
    row = surveys.share(unit, button.number)
    if surveys.tag(row) != button.tag:
        raise CitizenError("edited")
    opened = _changing if has_sent(unit, citizen, row.id, button.about) else _begun
    part = opened(unit, citizen, row, button.about)
    return send(unit, citizen, give(unit, part, part.survey.questions[0], value))


# -- inside


def _on_trial(unit: Unit, citizen: Citizen, row: Row) -> bool:
    """Whether it is staff who try a draft, and the draft is one that can be asked."""
    return staff.member(unit, citizen) is not None and surveys.can_be_asked(row)


def _check_about(unit: Unit, citizen: Citizen, row: Row, about: int) -> None:
    """What stands open all the time is answered once for each case, by those whose case it is; all else once."""
    if bool(about) != (row.key is not None):
        raise CitizenError("gone")
    if about:
        cases.theirs(unit, citizen, str(about))


def _part(unit: Unit, citizen: Citizen, row: Row, about: int) -> Part:
    survey = surveys.sheet(row)
    who = unit.participants.find(row.id, citizen.id, about)
    if who is None:
        raise CitizenError("not_begun")
    stored = who.answers
    if stored is None and who.token is not None:
        found = unit.responses.find(row.id, who.token)
        stored = None if found is None else found.answers
    answers = questionnaire.counting(survey, counting.from_json(survey, stored or "{}"))
    return Part(row, survey, who, answers)


def _count(unit: Unit, citizen: Citizen, part: Part) -> int:
    """A new response, and its sums; its token."""
    lives = unit.choices.of(citizen.id).neighbourhood or ""
    token = secrets.randbelow(surveys.LARGEST) + 1
    day = datetime.fromtimestamp(_instant(part.row, unit.now) / 1000, TEHRAN).toordinal()
    response = Response(part.row.id, token, citizen.platform, lives, day, counting.to_json(part.answers))
    unit.responses.add(response)
    unit.responses.count(part.row.id, counting.counts(part.survey, response))
    return token


def _recount(unit: Unit, part: Part, token: int) -> int:
    """Other answers in place of those before; where they are counted stays."""
    before = unit.responses.find(part.row.id, token)
    if before is None:
        raise CitizenError("not_answered")
    after = replace(before, answers=counting.to_json(part.answers))
    unit.responses.rewrite(part.row.id, token, after.answers)
    unit.responses.count(part.row.id, counting.difference(part.survey, before, after))
    _drop_photos(unit, part.survey, counting.from_json(part.survey, before.answers), part.answers)
    return token


def _keep_photos(unit: Unit, part: Part) -> None:
    """They stay with the survey, whoever sent them."""
    found = sorted(questionnaire.photos(part.survey, part.answers))
    if part.row.anonymous:
        unit.files.adopt_nameless(found, _instant(part.row, unit.now))
    else:
        unit.files.adopt(found)


def _drop_photos(unit: Unit, survey: Survey, before: Answers, after: Answers) -> None:
    """Those that were taken back."""
    unit.files.drop(sorted(questionnaire.photos(survey, before) - questionnaire.photos(survey, after)))


def _instant(row: Row, now: int) -> int:
    """When something happened. Of an anonymous survey its first day, whenever it was.

    Few answer on one day: whoever knows on which one somebody did would know whose a response can be.
    """
    if not row.anonymous:
        return now
    began = now if row.began_at is None else row.began_at
    midnight = datetime.fromtimestamp(began / 1000, TEHRAN).replace(hour=0, minute=0, second=0, microsecond=0)
    return int(midnight.timestamp() * 1000)
