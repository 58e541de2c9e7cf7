"""The first steps of a report: what the citizen agrees to, the kind, their own words.

consent -> the kind at once, or agreed to
kind    -> one of four; what is written there already is kept
words   -> free text; a greeting is asked for more; a danger stops the form
"""

from bot.flow import Button, CitizenError, Conversation, Keyboard, Turn, data, side_by_side
from bot.services import form_steps, intake, reports
from bot.services.filling import Form

talk = Conversation("report_words", part_of="report")

LONGEST_GREETING = 40


@talk.button("ask")
def ask(turn: Turn) -> None:
    form = form_steps.opened(turn)
    if form.at == "words":
        ask_words(turn, form)
    else:
        ask_kind(turn, form)


@talk.button("heard")
def heard(turn: Turn) -> None:
    """What was written."""
    form = form_steps.opened(turn)
    if form.at == "consent":
        hear_consent(turn, form)
    else:
        _refuse_greeting(turn, form)
        hear_words(turn, form)


# -- what is agreed to, and the kind


def ask_kind(turn: Turn, form: Form) -> None:
    kinds = turn.library.categories.kinds.values()
    if form.at == "consent" and form.report.kind:
        turn.say("consent", Keyboard(inline=[[turn.button("agree", "agree")], form_steps.ways_out(turn, form)]))
        return
    rows = side_by_side([Button(kind.title, data("report_words", "kind", kind.id)) for kind in kinds])
    under = Keyboard(inline=[*rows, form_steps.ways_out(turn, form)])
    if form.at == "consent":
        turn.say("consent_kinds", under)
    else:
        turn.say("ask_kind", under)


@talk.button("agree")
def agree(turn: Turn) -> None:
    form = form_steps.opened(turn)
    _agreed(turn, form)
    form_steps.onward(turn, form)


@talk.button("kind")
def choose_kind(turn: Turn) -> None:
    kind = turn.argument
    form = form_steps.opened(turn)
    intake.choose_kind(form, kind, turn.library.categories)
    _agreed(turn, form)
    form_steps.onward(turn, form)


def _agreed(turn: Turn, form: Form) -> None:
    if not form.agreed:
        reports.agree(turn.unit, turn.citizen)
        form.agreed = True


def hear_consent(turn: Turn, form: Form) -> None:
    if not form.report.kind or not turn.chose("agree"):
        raise CitizenError("agree_first")
    _agreed(turn, form)
    form_steps.onward(turn, form)


# -- the words


def ask_words(turn: Turn, form: Form) -> None:
    kind = turn.library.categories.kinds[form.report.kind]
    under = Keyboard(inline=[form_steps.ways_out(turn, form)])
    if form.edit:
        turn.say("words_again", under)
    elif form.report.files:
        turn.say("words_beside_files", under)
    else:
        turn.say("ask_words_and_photo" if kind.asks_files else "ask_words", under, prompt=kind.prompt)


def hear_words(turn: Turn, form: Form) -> None:
    """Those that come before a kind is chosen are kept: nobody likes to write them twice."""
    intake.take_words(form, turn.text)
    if form.at == "kind":
        turn.say("taken_words")
    form_steps.onward(turn, form)


def _refuse_greeting(turn: Turn, form: Form) -> None:
    """Many say hello first, in a message of its own. Thanks are small talk too, but here they are meant."""
    found = turn.found
    if found is None or found.outcome != "chat" or found.urgent or len(turn.text) > LONGEST_GREETING:
        return
    if form.report.kind != "thanks":
        raise CitizenError("greeting")
