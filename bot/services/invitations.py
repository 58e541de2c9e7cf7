"""How a survey is put to citizens: the words and buttons of the announcement that asks it.

A quick poll is answered right there, a survey begins with its first question.
"""

from bot.content import Wording
from bot.errors import CitizenError
from bot.markup import Span, Spans
from bot.services import surveys
from bot.services.contents import Action
from bot.services.questionnaire import ONE, SCALE, STEPS, Question, Survey, Value
from bot.services.taking_part import Ballot
from bot.store.surveys import Row


def wording(row: Row, words: Wording) -> Spans:
    """What is asked, and what becomes of the answers. `words`: of `content/survey.toml`. Raises `Faults`."""
    survey = surveys.sheet(row)
    if survey.quick:
        kind, body = "poll", survey.questions[0].text
    else:
        kind, body = "survey", f"{survey.title}\n\n{survey.intro}"
    nameless = words.text(f"nameless_{kind}") if survey.anonymous else ()
    return (Span("", body), *nameless)


def actions(row: Row, words: Wording) -> tuple[Action, ...]:
    """The buttons: one for each answer of a quick poll, one that begins a survey. Raises `Faults`."""
    survey = surveys.sheet(row)
    if not survey.quick:
        return (Action("survey", words.button("start"), str(row.id)),)
    return tuple(Action("vote", label, str(ballot)) for label, ballot in ballots(row, survey))


def ballots(row: Row, survey: Survey, about: int = 0) -> list[tuple[str, Ballot]]:
    """The answers of a quick poll, each with its label and what its button carries."""
    labels = answers(survey.questions[0])
    return [(label, Ballot.of(row, place, about=about)) for place, label in enumerate(labels)]


def answers(question: Question) -> list[str]:
    """The labels to choose from, by place; of a scale the best step first, as people read it."""
    if question.kind == SCALE:
        return list(reversed(question.words))
    return [option.label for option in question.options]


def value(question: Question, place: int) -> Value:
    """The answer whose label stands at this place. Raises `CitizenError`: "gone", if none does."""
    if question.kind not in {ONE, SCALE} or not 0 <= place < len(answers(question)):
        raise CitizenError("gone")
    return STEPS - place if question.kind == SCALE else question.options[place].id


def place(question: Question, chosen: Value | None) -> int | None:
    """The place at which the label of an answer stands. None: at none."""
    places = range(len(answers(question)))
    return next((at for at in places if question.kind in {ONE, SCALE} and value(question, at) == chosen), None)
