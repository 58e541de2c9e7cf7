"""A quick poll: one tap under the message that asks, which then shows what came of it.

vote -> counted; the message of the announcement shows it, with its other buttons --another--> changed
                                                                                --the same--> said so
pick -> the same under the poll as the list of surveys shows it
show -> the poll below, or what was voted
without a name: once, and nothing of the turn is kept
Whoever votes stays in whatever conversation they stand in.
"""

import json

from bot.flow import Button, CitizenError, Conversation, Keyboard, Spans, Turn, data
from bot.services import contents, invitations, poll_words, surveys, taking_part, typed
from bot.services.surveys import Row, Stage
from bot.services.taking_part import Ballot

talk = Conversation("poll")


@talk.button("vote")
def vote(turn: Turn) -> None:
    cast(turn, "vote")


@talk.button("pick")
def pick(turn: Turn) -> None:
    cast(turn, "pick")


@talk.button("show")
def show(turn: Turn) -> None:
    turn.stay()
    row = quietly(turn, typed.number(turn.argument))
    chosen, voted = standing(turn, row, 0)
    if voted:
        turn.tell(*result(turn, row, "pick", 0, chosen))
        return
    text = turn.words.text("question", question=surveys.sheet(row).questions[0].text)
    text += turn.words.text("nameless") if row.anonymous else ()
    turn.tell(text + trial(turn, row), Keyboard(inline=[*answers(row, "pick", 0), home(turn)]))


def cast(turn: Turn, action: str) -> None:
    turn.stay()
    ballot = taking_part.ballot(turn.argument)
    row = quietly(turn, ballot.number)
    if surveys.tag(row) != ballot.tag:
        raise CitizenError("edited")
    place = ballot.rest[0] if len(ballot.rest) == 1 else -1
    value = invitations.value(surveys.sheet(row).questions[0], place)
    before, voted = standing(turn, row, ballot.about)
    if voted and row.anonymous:
        turn.alert("only_once")
        return
    if before != place:
        taking_part.vote(turn.unit, turn.citizen, ballot, value)
    seen = None if row.anonymous and turn.incoming.platform == "web" else place  # what stands on the page is kept by us
    turn.change(*result(turn, row, action, ballot.about, seen))
    if voted:
        turn.alert("same" if before == place else "changed")
    else:
        turn.alert("noted")


def quietly(turn: Turn, number: int) -> Row:
    """The poll, if it may be answered now. If it is anonymous, nothing of this turn is kept."""
    row = surveys.find(turn.unit, number)
    turn.leaves_nothing = row.anonymous
    taking_part.check(turn.unit, turn.citizen, row)
    if not surveys.sheet(row).quick:
        raise CitizenError("gone")
    return row


def standing(turn: Turn, row: Row, about: int) -> tuple[int | None, bool]:
    """The place of the answer that counts for them, where that can be known, and whether they have voted."""
    part = taking_part.look(turn.unit, turn.citizen, row, about)
    if part is None or not part.who.sent:
        return None, False
    question = part.survey.questions[0]
    return invitations.place(question, part.answers.get(question.id)), True


# -- what is shown


def result(turn: Turn, row: Row, action: str, about: int, chosen: int | None) -> tuple[Spans, Keyboard]:
    survey = surveys.sheet(row)
    text = poll_words.result(turn.unit, row, survey, chosen, turn.words)
    if row.shows and turn.incoming.platform == "web":
        text += turn.words.text("apart")
    return text + trial(turn, row), Keyboard(inline=under(turn, row, action, about, chosen))


def under(turn: Turn, row: Row, action: str, about: int, chosen: int | None) -> list[list[Button]]:
    """The answers, while one can be changed; and whatever else the announcement has."""
    votes = [] if row.anonymous else answers(row, action, about, chosen)
    asked = turn.unit.announcements.find(row.announcement_id) if row.announcement_id is not None else None
    if action == "pick" or asked is None:
        return [*votes, home(turn)]
    content = contents.Content.from_json(json.loads(asked.content))
    whole = content.keyboard(asked.id, asked.topic, turn.library.talks.words["announced"])
    return [*votes, *([*line] for line in whole.inline if not line[0].data.startswith(data("poll", "vote", "")))]


def answers(row: Row, action: str, about: int, chosen: int | None = None) -> list[list[Button]]:
    found = enumerate(invitations.ballots(row, surveys.sheet(row), about))
    return [[_answer(action, label, ballot, marked=place == chosen)] for place, (label, ballot) in found]


def _answer(action: str, label: str, ballot: Ballot, *, marked: bool) -> Button:
    return Button(f"✓ {label}" if marked else label, data("poll", action, str(ballot)))


def trial(turn: Turn, row: Row) -> Spans:
    return turn.words.text("trial") if surveys.stage(row, turn.unit.now) is Stage.DRAFT else ()


def home(turn: Turn) -> list[Button]:
    return [turn.link("menu", "home", "new", "home")]
