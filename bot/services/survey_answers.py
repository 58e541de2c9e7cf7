"""Single answers of a survey, as staff read them: words, photos, and the rows of a table.

In the order of random numbers, which is none. Numbers of people are hidden, labels stand for ids. What is anonymous is
read only when it is closed, and where so many have answered that nobody can guess whose an answer is.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bot.content import Wording
from bot.dates import written
from bot.errors import CitizenError
from bot.services import counting, questionnaire, results, surveys, tallying
from bot.services.masking import mask_phones
from bot.services.questionnaire import MANY, NUMBER, PHOTO, PLACE, TEXT, Question, Survey, Value
from bot.services.quoting import ZWNJ, quote
from bot.services.results import REST, UNKNOWN, WEB, Group, Results
from bot.services.survey_words import Name, label_of
from bot.services.surveys import Row
from bot.store import Unit
from bot.store.files import File
from bot.store.responses import Response

AT_ONCE: Final = 500
"""Responses read in one statement."""
A_PAGE: Final = 10
FURTHEST: Final = 1_500
"""Responses looked through for a page of words, in one turn."""
MOST_PHOTOS: Final = 10
SHOWN: Final = 300
"""Letters of an answer in a message."""
_NUMBER: Final = re.compile("[0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class Words:
    """A page of what was written. `after`: the number after which the next page begins. None: that is all."""

    question: Question
    texts: tuple[str, ...]
    after: int | None


def words(unit: Unit, row: Row, place: int, behind: str = "") -> Words:
    """What was written to a question of a place among all; `behind`: after which number, as a button says it.

    Raises `CitizenError`: "few" where nothing may be read, "held" where not yet, "old_button", "unfinished".
    """
    found = _read(unit, row)
    questions = found.survey.questions
    if not 0 <= place < len(questions) or questions[place].kind != TEXT:
        raise CitizenError("old_button")
    after = int(behind) if _NUMBER.fullmatch(behind) else 0
    question, texts, last = questions[place], list[str](), min(after, surveys.LARGEST)
    for response in _walk(unit, row, last, FURTHEST):
        last = response.token
        answer = _answers(found.survey, response).get(question.id) if found.reads(response.platform) else None
        if answer:
            texts.append(mask_phones(quote(str(answer), SHOWN)))
        if len(texts) == A_PAGE:
            break
    return Words(question, tuple(texts), last if unit.responses.page(row.id, last, 1) else None)


def photos(unit: Unit, row: Row) -> list[File]:
    """Some photos that were sent, as far as they are there. Raises `CitizenError` as `words`."""
    found = _read(unit, row)
    asked = [question.id for question in found.survey.questions if question.kind == PHOTO]
    keys: list[str] = []
    for response in _walk(unit, row, 0, FURTHEST):
        if found.reads(response.platform):
            answers = _answers(found.survey, response)
            keys += [str(answers[name]) for name in asked if answers.get(name)]
        if len(keys) >= MOST_PHOTOS:
            break
    there = unit.files.find(keys[:MOST_PHOTOS])
    return [there[key] for key in keys if key in there and there[key].there]


def _read(unit: Unit, row: Row) -> Results:
    found = results.of(unit, row)
    if found.held:
        raise CitizenError("held")
    if not any(map(found.reads, ("", WEB))):
        raise CitizenError("few")
    return found


def _walk(unit: Unit, row: Row, after: int, most: int) -> Iterator[Response]:
    for _ in range(most // AT_ONCE):
        page = unit.responses.page(row.id, after, AT_ONCE)
        yield from page
        if len(page) < AT_ONCE:
            return
        after = page[-1].token


def _answers(survey: Survey, response: Response) -> Mapping[str, Value | None]:
    return questionnaire.counting(survey, counting.from_json(survey, response.answers))


# -- as a table

Cell = str | int | float


@dataclass(slots=True)
class Table:
    """Makes rows of responses. `results`: at the time of the first one; `places`: who may be told by their place.

    Of what is anonymous neither day nor messenger: whoever knows when and where a neighbour answered would find them.
    """

    results: Results
    words: Wording
    name: Name
    places: Collection[tuple[bool, str]]
    _number: int = field(default=0)

    @property
    def questions(self) -> list[Question]:
        """Those that are asked."""
        return [question for question in self.results.survey.questions if not question.hidden]

    def head(self) -> list[str]:
        """The names of the columns."""
        when_and_where = [] if self.results.survey.anonymous else ["day", "iso", "platform"]
        first = [self.words.button(f"column_{key}") for key in ["number", *when_and_where, "neighbourhood", "visitor"]]
        return [*first, *(name for question in self.questions for name in self._columns(question))]

    def row(self, response: Response) -> list[Cell] | None:
        """What somebody answered. None: it may not be read."""
        if not self.results.reads(response.platform):
            return None
        self._number += 1
        visitor = self.words.button("chosen") if response.platform == WEB else ""
        first: list[Cell] = [self._number, *self._when_and_where(response), visitor]
        answers = _answers(self.results.survey, response)
        asked = {question.id for question in questionnaire.path(self.results.survey, answers)}
        for question in self.questions:
            first += self._cells(question, answers.get(question.id), asked=question.id in asked)
        return first

    def _columns(self, question: Question) -> list[str]:
        text = plain(question.text)
        if question.kind == MANY:
            return [self.words.button("option", question=text, option=one.label) for one in question.options]
        if question.kind == PLACE:
            return [self.words.button(f"point_{which}", question=text) for which in ("lat", "lon")]
        return [text]

    def _when_and_where(self, response: Response) -> list[Cell]:
        place = place_of(response.platform, response.neighbourhood)
        lives = self.name(Group("neighbourhood", place[1] if place in self.places else REST))
        if self.results.survey.anonymous:
            return [lives]
        day = date.fromordinal(response.day)
        return [written(day), day.isoformat(), self.name(Group("platform", response.platform)), lives]

    def _cells(self, question: Question, value: Value | None, *, asked: bool) -> list[Cell]:
        wide = len(question.options) if question.kind == MANY else 2 if question.kind == PLACE else 1
        if not asked:
            return [self.words.button("not_asked")] * wide
        if value is None or value in ("", ()):
            return [""] * wide
        if question.kind == MANY and isinstance(value, tuple):
            return [self.words.button("chosen") if one.id in value else "" for one in question.options]
        if question.kind == PLACE and isinstance(value, tuple):
            return [float(part) for part in value]
        return [self._cell(question, value)]

    def _cell(self, question: Question, value: Value) -> Cell:
        if question.kind == NUMBER and isinstance(value, int):
            return value
        if question.kind == PHOTO:
            return self.words.button("has_photo")
        return mask_phones(plain(str(value))) if question.kind == TEXT else plain(label_of(question, str(value)))

    def _sum(self, key: str) -> str:
        return self.words.button(f"sum_{key}")

    def sums(self) -> Iterator[list[Cell]]:
        """The sums of those on messengers, as rows: question, answer, count, percent."""
        called, found = self._sum, self.results
        yield [called("question"), called("answer"), called("count"), called("percent")]
        yield [called("total"), "", found.people, ""]
        yield [called("visitors"), "", found.visitors, ""]
        if found.sent is not None:
            yield [called("sent"), "", found.sent, found.rate or 0]
        for asked in found.asked:
            text = plain(asked.question.text)
            yield [text, called("answered"), asked.answered, ""]
            yield [text, called("skipped"), asked.skipped, ""]
            for share in asked.shares:
                label = int(share.value) if asked.question.kind == NUMBER else label_of(asked.question, share.value)
                yield [text, label, share.count, share.percent]
            if asked.mean is not None:
                yield [text, called("mean"), round(asked.mean, 2), ""]


def table(unit: Unit, row: Row, words: Wording, name: Name) -> Table:
    """Raises `CitizenError`: "few" where nothing may be read, "held" where not yet, "unfinished"."""
    found = _read(unit, row)
    return Table(found, words, name, _places(unit, row))


def place_of(platform: str, neighbourhood: str) -> tuple[bool, str]:
    """Whether somebody is a visitor of the page, and where they live."""
    return platform == WEB, neighbourhood or UNKNOWN


def _places(unit: Unit, row: Row) -> set[tuple[bool, str]]:
    """Where ten or more live: of people the groups that results tell of, or these without the rows would leave few."""
    groups: dict[bool, Counter[str]] = {False: Counter(), True: Counter()}
    for one in unit.responses.counts(row.id):
        if counting.is_whole(one):
            is_visitor, lives = place_of(one.platform, one.neighbourhood)
            groups[is_visitor][lives] += one.count
    told = {(is_visitor, lives) for is_visitor, found in groups.items() for lives in tallying.folded(found)}
    return told - {(False, REST), (True, REST)}


def plain(text: str) -> str:
    """A text in one line, without signs that nobody sees."""
    seen = (" " if sign.isspace() else sign for sign in text if sign.isspace() or _is_seen(sign))
    return " ".join("".join(seen).split())


def _is_seen(sign: str) -> bool:
    return sign == ZWNJ or unicodedata.category(sign)[0] != "C"
