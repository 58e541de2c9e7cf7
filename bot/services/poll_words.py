"""What stands in place of a quick poll once a citizen has voted: their vote, and the counts where they are shown."""

from collections import Counter

from bot.content import Wording
from bot.markup import Spans
from bot.services import held_sums, invitations, tallying
from bot.services.questionnaire import Survey
from bot.services.survey_words import blocks
from bot.store import Unit
from bot.store.surveys import Row


def result(unit: Unit, row: Row, survey: Survey, chosen: int | None, words: Wording) -> Spans:
    """The question with what came of it. `chosen`: the place of their answer, None where it is not to be seen.

    `words`: of `content/poll.toml`.
    """
    question, found = survey.questions[0], _counts(unit, row, survey) if row.shows else []
    labels, held = invitations.answers(question), held_sums.are_held(row, unit.now)
    text = words.text("question", question=question.text)
    too_few = survey.anonymous and sum(found) < tallying.FEWEST
    if not row.shows or too_few:
        text += words.text("voted") if chosen is None else words.text("voted_for", label=labels[chosen])
        least = held_sums.FIRST if held else tallying.FEWEST
        return text + words.text("few", least=least) if row.shows else text
    for place, (label, count, percent) in enumerate(zip(labels, found, tallying.percents(found), strict=True)):
        key = "line_chosen" if place == chosen else "line"
        text += words.text(key, label=label, bar=blocks(percent), percent=percent, count=count)
    return text + words.text("held") if held else text


def _counts(unit: Unit, row: Row, survey: Survey) -> list[int]:
    """The votes for each answer, by place; those of the page are no part of them."""
    question, total = survey.questions[0], Counter[str]()
    for one in held_sums.seen(unit, row):
        if one.question == question.id and one.platform != held_sums.WEB:
            total[one.value] += one.count
    return [total[str(invitations.value(question, place))] for place in range(len(invitations.answers(question)))]
