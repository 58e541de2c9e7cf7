"""How a question of a survey is put to a citizen, and how their answers are shown to them again."""

from collections.abc import Collection
from typing import Final

from bot.content import Wording
from bot.markup import Spans
from bot.services import invitations, questionnaire
from bot.services.questionnaire import MANY, NUMBER, PHOTO, PLACE, SCALE, TEXT, Question, Value
from bot.services.quoting import quote
from bot.services.taking_part import Part
from bot.text import persian_digits

QUESTION_MOST: Final = 90
ANSWER_MOST: Final = 90
CHOSEN: Final = "✓ "


def asked(part: Part, question: Question, words: Wording) -> Spans:
    """A question, which of how many it is as things stand, and what is to be done. `words`: of `survey.toml`."""
    path = questionnaire.path(part.survey, part.answers)
    of = {"number": path.index(question) + 1, "count": len(path), "question": question.text}
    text = words.text("question" if len(path) > 1 else "only_question", **of)
    if question.kind == MANY and question.choices < len(question.options):
        return text + words.text("choose_some", limit=question.choices)
    if question.kind == MANY:
        return text + words.text("choose_many")
    return text + words.text(f"hint_{question.kind}") if question.kind in {NUMBER, TEXT, PHOTO, PLACE} else text


def marked(question: Question, chosen: Collection[str] | Value | None) -> list[str]:
    """The labels of the buttons to choose from, what is chosen with its mark."""
    if question.kind == MANY:
        ids = chosen if isinstance(chosen, tuple | set) else ()
        return [f"{CHOSEN if one.id in ids else ''}{one.label}" for one in question.options]
    at = invitations.place(question, chosen if isinstance(chosen, str | int) else None)
    return [f"{CHOSEN if at == place else ''}{label}" for place, label in enumerate(invitations.answers(question))]


def review(part: Part, words: Wording) -> Spans:
    """All answers in short, by the number of their question. `words`: as above."""
    lines: list[Spans] = []
    for number, question in enumerate(questionnaire.path(part.survey, part.answers), start=1):
        line = {"number": number, "question": quote(question.text, QUESTION_MOST)}
        lines.append(words.text("line", answer=_short(question, part.answers.get(question.id), words), **line))
    return tuple(span for line in lines for span in line)


def _short(question: Question, value: Value | None, words: Wording) -> str:
    if value is None:
        return words.button("passed_over")
    if question.kind in {PHOTO, PLACE}:
        return words.button(f"a_{question.kind}")
    if question.kind == TEXT:
        return f"«{quote(str(value), ANSWER_MOST)}»"
    if question.kind == SCALE and isinstance(value, int):
        return question.words[value - 1]
    chosen = value if isinstance(value, tuple) else (value,)
    labels = [one.label for one in question.options if one.id in chosen]
    return "، ".join(labels) or persian_digits(str(value))
