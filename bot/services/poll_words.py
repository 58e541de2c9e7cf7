"""What stands in place of a quick poll once a citizen has voted: their vote, and the counts where they are shown."""

from typing import Final

from bot.content import Wording
from bot.markup import Spans
from bot.services import invitations, tallying
from bot.services.questionnaire import Survey
from bot.store import Unit
from bot.store.surveys import Row

BLOCKS: Final = 10
FULL, EMPTY = "▓", "░"


def counts(unit: Unit, row: Row, survey: Survey) -> list[int]:
    """The votes for each answer, by place; those of the page are no part of them."""
    question = survey.questions[0]
    total = [0] * len(invitations.answers(question))
    for one in unit.responses.counts(row.id):
        if one.question == question.id and one.platform != "web":
            for place in range(len(total)):
                total[place] += one.count if str(invitations.value(question, place)) == one.value else 0
    return total


def result(row: Row, survey: Survey, found: list[int], chosen: int | None, words: Wording) -> Spans:
    """The question with what came of it. `chosen`: the place of their answer, None where it is not to be seen.

    `words`: of `content/poll.toml`.
    """
    question = survey.questions[0]
    labels = invitations.answers(question)
    text = words.text("question", question=question.text)
    if not row.shows:
        return text + (words.text("voted") if chosen is None else words.text("voted_for", label=labels[chosen]))
    if survey.anonymous and sum(found) < tallying.FEWEST:
        mine = words.text("voted") if chosen is None else words.text("voted_for", label=labels[chosen])
        return text + mine + words.text("few", least=tallying.FEWEST)
    for place, (label, count, percent) in enumerate(zip(labels, found, tallying.percents(found), strict=True)):
        key = "line_chosen" if place == chosen else "line"
        text += words.text(key, label=label, bar=bar(percent), percent=percent, count=count)
    return text


def bar(percent: int) -> str:
    """A percentage as blocks; whatever is more than nothing has one."""
    full = max((percent * BLOCKS + 50) // 100, int(percent > 0))
    return FULL * full + EMPTY * (BLOCKS - full)
