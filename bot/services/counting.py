"""What a response adds to the sums of its survey, and how answers are stored.

Of each question that was asked a response counts once, as `ANSWERED` or `SKIPPED`; and where answers can be told apart
(options, steps, numbers) once for each value beside that. So sums tell how many were asked, and add up to them.
"""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from bot.services.questionnaire import MANY, NUMBER, ONE, PLACE, SCALE, Answers, Survey, Value, counting
from bot.store.responses import Count, Response

ANSWERED: Final = "+"
SKIPPED: Final = "-"
LEFT: Final = ">"
"""Who went no further, once nothing is kept of them but that. No option and no number is written so."""
ALL: Final = ""
"""Instead of a question: the responses themselves."""


def counts(survey: Survey, response: Response, sign: int = 1) -> list[Count]:
    """What a response adds to the sums; with `sign` -1, what it takes from them when it is changed."""
    return [
        Count(question, value, response.platform, response.neighbourhood, sign)
        for question, value in _values(survey, from_json(survey, response.answers))
    ]


def difference(survey: Survey, before: Response, after: Response) -> list[Count]:
    """What changes in the sums when a response does."""
    total: Counter[tuple[str, str]] = Counter()
    for one in (*counts(survey, before, -1), *counts(survey, after)):
        total[one.question, one.value] += one.count
    where = (after.platform, after.neighbourhood)
    return [Count(question, value, *where, count) for (question, value), count in total.items() if count]


def is_whole(one: Count) -> bool:
    """Whether it counts responses themselves, and not who left with all questions behind them."""
    return (one.question, one.value) == (ALL, ANSWERED)


def _values(survey: Survey, answers: Answers) -> list[tuple[str, str]]:
    found = [(ALL, ANSWERED)]
    for name, value in counting(survey, answers).items():
        found.append((name, SKIPPED if value is None else ANSWERED))
        kind = survey.find(name).kind
        if kind == MANY and isinstance(value, tuple):
            found += [(name, str(option)) for option in value]
        elif kind in {ONE, SCALE, NUMBER} and value is not None:
            found.append((name, str(value)))
    return found


# -- stored


def to_json(answers: Answers) -> str:
    """Answers as they are stored."""
    return json.dumps(answers, ensure_ascii=False, sort_keys=True)


def from_json(survey: Survey, stored: str) -> dict[str, Value | None]:
    """The same, read. What the survey asks no longer is left out."""
    kinds = {question.id: question.kind for question in survey.questions}
    found: Mapping[str, Any] = json.loads(stored)
    return {
        name: tuple(value) if kinds[name] in {MANY, PLACE} and value is not None else value
        for name, value in found.items()
        if name in kinds
    }
