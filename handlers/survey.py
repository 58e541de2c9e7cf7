"""A citizen answers a survey, question by question; each answer is kept at once.

show   -> what it is about, as announced --start--> begin
begin  -> the first question, or the one where they stood; of a quick poll the poll; sent already -> what was sent
question --tap, words, photo, place--> the next --...--> with a name: sent, thanks
                                                         without:     review
   a tap on an earlier one -> that answer, and on; one that is not asked any more -> said so, nothing counted
   «رد کردن» where none is needed · «سؤال قبل» one back · «همین بماند» leaves the answer that stands
review --a question--> asked again, and back here
       --«بفرست»----> sent, thanks
change -> the review of what was sent with a name --«بفرست»--> counted anew
closed, edited or sent meanwhile -> said so, with the ways on; nothing of it stays
"""

from collections.abc import Callable, Sequence
from functools import wraps

from bot.flow import Button, CitizenError, Conversation, Keyboard, Spans, Turn, data, side_by_side
from bot.services import (
    coming,
    invitations,
    question_words,
    questionnaire,
    responses,
    surveys,
    taking_part,
    traces,
    typed,
)
from bot.services.questionnaire import MANY, PHOTO, PLACE, Question, Value
from bot.services.responses import Given
from bot.services.surveys import Row, Stage
from bot.services.taking_part import Ballot, Part

talk = Conversation("survey")

OVER = frozenset({"gone", "edited", "not_begun", "closed", "not_yet", "answered", "not_answered", "nameless"})
"""Why somebody cannot go on, whatever they answer."""
Step = Callable[[Turn], None]


def kindly(step: Step) -> Step:
    """A refusal is said here and not raised: what was taken back from the page must not come back with it."""

    @wraps(step)
    def guarded(turn: Turn) -> None:
        try:
            step(turn)
        except CitizenError as error:
            refuse(turn, error)

    return guarded


def refuse(turn: Turn, error: CitizenError) -> None:
    """An old button leads nobody away from where they are; where nothing can be answered any more, it ends."""
    mine = turn.gathered_before.get("at", "") if turn.stood == "survey" else ""
    pressed = turn.incoming.press is not None
    about_mine = not pressed or turn.argument.partition(".")[0] == mine.partition(".")[0]
    if mine and about_mine and error.key in OVER:
        turn.end()
    else:
        turn.stay()
    ways = [[turn.link("survey_list", "others", "list")], home(turn)] if error.key in OVER else []
    turn.tell(turn.words.error(error.key, **error.fields), Keyboard(inline=ways))


# -- beginning


@talk.button("show")
@kindly
def show(turn: Turn) -> None:
    """As the announcement puts it, for whoever comes from elsewhere."""
    row = quietly(turn, typed.number(turn.argument))
    taking_part.check(turn.unit, turn.citizen, row)
    turn.stay()
    begin_it = Button(turn.words.button("start"), data("survey", "begin", str(row.id)))
    turn.tell(invitations.wording(row, turn.words), Keyboard(inline=[[begin_it], home(turn)]))


@talk.button("begin")
@kindly
def begin(turn: Turn) -> None:
    row = quietly(turn, typed.number(turn.argument))
    taking_part.check(turn.unit, turn.citizen, row)
    if surveys.sheet(row).quick:
        turn.visit("poll", "show", str(row.id))
        return
    before = taking_part.look(turn.unit, turn.citizen, row)
    if before is not None and before.who.sent and not before.is_changing:
        sent_before(turn, before)
        return
    part = taking_part.begin(turn.unit, turn.citizen, row.id)
    on_trial = surveys.stage(row, turn.unit.now) is Stage.DRAFT
    comes_back = part.answers and part.at is not None
    lead = [turn.words.text("trial")] if on_trial else []
    lead += [turn.words.text("resumed")] if comes_back else []
    go_on(turn, part, lead, below=True)


def sent_before(turn: Turn, part: Part) -> None:
    turn.stay()
    if part.row.anonymous:
        turn.say("arrived", Keyboard(inline=[home(turn)]))
    else:
        change_it = turn.button("change", "change", ballot(part))
        said = turn.words.text("yours") + question_words.review(part, turn.words)
        turn.tell(said, Keyboard(inline=[[change_it], home(turn)]))


# -- questions


def go_on(turn: Turn, part: Part, lead: Sequence[Spans] = (), *, below: bool = False) -> None:
    """The next question, or what comes after the last."""
    if part.at is not None:
        ask(turn, part, part.at, lead, below=below)
    elif part.row.anonymous or part.is_changing:
        review(turn, part, lead, below=below)
    else:
        finish(turn, part)


def ask(turn: Turn, part: Part, question: Question, lead: Sequence[Spans] = (), *, below: bool = False) -> None:
    """In place of the message whose button was pressed, or below."""
    chosen = part.answers.get(question.id)
    stand(turn, part, question)
    if question.kind == MANY:
        turn.memory["chosen"] = list(chosen) if isinstance(chosen, tuple) else []
    text = coming.stacked([*lead, question_words.asked(part, question, turn.words)])
    put(turn, text, keyboard(turn, part, question, chosen), below=below)
    if question.kind == PLACE:  # the key that sends it needs a message of its own: one message has one keyboard
        turn.say("place_key", Keyboard(reply=keys(turn), place=turn.words.button("here")))


def stand(turn: Turn, part: Part, question: Question | None = None) -> None:
    """Where they are, for what they type next. Of an anonymous survey that must be known even if it is deleted."""
    turn.memory = {"at": ballot(part, question), "nameless": part.row.anonymous}
    turn.go(hear)


def put(turn: Turn, text: Spans, ways: Keyboard, *, below: bool) -> None:
    if below:
        turn.tell(text, ways)
    else:
        turn.change(text, ways)


def keyboard(turn: Turn, part: Part, question: Question, chosen: Value | set[str] | None) -> Keyboard:
    action = "toggle" if question.kind == MANY else "pick"
    labels = question_words.marked(question, chosen)
    rows = [
        [Button(label, data("survey", action, ballot(part, question, place)))] for place, label in enumerate(labels)
    ]
    if question.kind == MANY:
        rows.append([turn.button("done", "done", ballot(part, question))])
    elif question.id in part.answers:
        rows.append([turn.button("keep", "keep", ballot(part, question))])
    under = []
    if questionnaire.previous(part.survey, part.answers, question) is not None:
        under.append(turn.button("back", "back", ballot(part, question)))
    if not question.required:
        under.append(turn.button("skip", "skip", ballot(part, question)))
    return Keyboard(inline=[*rows, under] if under else rows)


def answered(turn: Turn, part: Part, question: Question, value: Value | None) -> None:
    part = taking_part.give(turn.unit, part, question, value)
    go_on(turn, part, below=put_away(turn, question))


def put_away(turn: Turn, question: Question) -> bool:
    """Take the key that sends a place away. Whether it was there: then the next question comes below this word."""
    if question.kind == PLACE:
        turn.say("place_taken" if turn.spot is not None else "no_place", Keyboard(reply=keys(turn)))
    return question.kind == PLACE


@talk.button("pick")
@kindly
def pick(turn: Turn) -> None:
    part, question, place = pressed(turn)
    answered(turn, part, question, invitations.value(question, place))


@talk.button("toggle")
@kindly
def toggle(turn: Turn) -> None:
    """One more or one less; what is chosen so far is not an answer yet."""
    part, question, place = pressed(turn)
    if question.kind != MANY or not 0 <= place < len(question.options):
        raise CitizenError("gone")
    chosen = chosen_so_far(turn, part, question) ^ {question.options[place].id}
    if chosen:
        responses.read(question, Given(pressed=tuple(chosen)))
    stand(turn, part, question)
    turn.memory["chosen"] = [one.id for one in question.options if one.id in chosen]
    turn.change(question_words.asked(part, question, turn.words), keyboard(turn, part, question, chosen))


@talk.button("done")
@kindly
def done(turn: Turn) -> None:
    part, question, _ = pressed(turn)
    chosen = chosen_so_far(turn, part, question)
    if not chosen:
        raise CitizenError("none_chosen")
    answered(turn, part, question, responses.read(question, Given(pressed=tuple(chosen))))


def chosen_so_far(turn: Turn, part: Part, question: Question) -> set[str]:
    """By taps on this question; where there were none, as it was answered."""
    if turn.memory.get("at") == ballot(part, question):
        return set(turn.memory.get("chosen", ()))
    stored = part.answers.get(question.id)
    return set(map(str, stored)) if isinstance(stored, tuple) and question.kind == MANY else set()


@talk.button("skip")
@kindly
def skip(turn: Turn) -> None:
    part, question, _ = pressed(turn)
    responses.skip(question)
    answered(turn, part, question, None)


@talk.button("back")
@kindly
def back(turn: Turn) -> None:
    part, question, _ = pressed(turn)
    before = questionnaire.previous(part.survey, part.answers, question)
    ask(turn, part, before or question, below=put_away(turn, question))


@talk.button("keep")
@kindly
def keep(turn: Turn) -> None:
    part, question, _ = pressed(turn)
    go_on(turn, part, below=put_away(turn, question))


@talk.button("edit")
@kindly
def edit(turn: Turn) -> None:
    part, question, _ = pressed(turn)
    ask(turn, part, question)


@talk.step
@kindly
def hear(turn: Turn) -> None:
    """Words, a photo or a place at a question; or the words of its buttons, which may have scrolled away."""
    turn.leaves_nothing = bool(turn.memory.get("nameless"))
    turn.argument = str(turn.memory.get("at", ""))
    step = None if turn.files else named(turn)
    if step is not None:
        step(turn)
        return
    if not taking_part.ballot(turn.argument).rest:
        opened(turn)
        raise CitizenError("press")
    part, question, _ = pressed(turn)
    answered(turn, part, question, responses.read(question, given(turn, question)))


def named(turn: Turn) -> Step | None:
    """The step of the button whose words were typed."""
    if not taking_part.ballot(turn.argument).rest:
        return send if turn.chose("send") else None
    if turn.chose("done"):
        return done
    if turn.chose("keep"):
        return keep
    if turn.chose("back"):
        return back
    return skip if turn.chose("skip") else None


def given(turn: Turn, question: Question) -> Given:
    """What arrived. A word under a file is no answer."""
    if question.kind == PHOTO:
        kept = turn.keep([file for file in turn.files if file.kind == "photo"][:1])
        return Given(photo=kept[0].key if kept else "")
    place = (turn.spot.lat, turn.spot.lon) if turn.spot is not None else None
    return Given(text="" if turn.files else turn.text, place=place)


# -- the end


def review(turn: Turn, part: Part, lead: Sequence[Spans] = (), *, below: bool = False) -> None:
    stand(turn, part)
    path = questionnaire.path(part.survey, part.answers)
    again = [
        turn.button("again", "edit", ballot(part, question), number=number)
        for number, question in enumerate(path, start=1)
    ]
    send_it = turn.button("send", "send", ballot(part))
    said = turn.words.text("review") + question_words.review(part, turn.words)
    said += turn.words.text("only_once" if part.row.anonymous else "not_sent_yet")
    put(turn, coming.stacked([*lead, said]), Keyboard(inline=[[send_it], *side_by_side(again)]), below=below)


@talk.button("send")
@kindly
def send(turn: Turn) -> None:
    part = opened(turn)
    if part.at is not None:
        go_on(turn, part)
    else:
        finish(turn, part)


@talk.button("change")
@kindly
def change(turn: Turn) -> None:
    pressed_one = taking_part.ballot(turn.argument)
    quietly(turn, pressed_one.number)
    part = taking_part.change(turn.unit, turn.citizen, pressed_one.number, pressed_one.about)
    go_on(turn, part)


def finish(turn: Turn, part: Part) -> None:
    """Sent. What was typed on the page is gone from there, and these thanks stay."""
    part = taking_part.send(turn.unit, turn.citizen, part)
    turn.end()
    said = turn.words.text("thanks", thanks=part.survey.thanks)
    if not part.row.anonymous:
        ways = Keyboard(inline=[[turn.button("change", "change", ballot(part))], home(turn)])
        put(turn, said + turn.words.text("may_change"), ways, below=False)
    elif turn.trail:
        turn.trail = ""
        traces.clear(turn.unit, turn.incoming, part.row.id, whole=True)
        turn.tell(said + turn.words.text("cleared"), Keyboard(inline=[home(turn)]))
    else:
        put(turn, said, Keyboard(inline=[home(turn)]), below=False)


# -- what all steps share


def quietly(turn: Turn, number: int) -> Row:
    """The survey of this number. If it is anonymous, nothing of this turn is kept."""
    row = surveys.find(turn.unit, number)
    if row.anonymous:
        turn.leaves_nothing = True
        if turn.incoming.platform == "web":
            turn.trail = traces.name(row.id)
            traces.clear(turn.unit, turn.incoming, row.id)
    return row


def opened(turn: Turn) -> Part:
    """Somebody's part in the survey whose button was pressed."""
    of_button = taking_part.ballot(turn.argument)
    quietly(turn, of_button.number)
    return taking_part.find(turn.unit, turn.citizen, of_button)


def pressed(turn: Turn) -> tuple[Part, Question, int]:
    """The question whose button was pressed, and the place of the button there; -1 where there are no places."""
    part = opened(turn)
    number, place = [*taking_part.ballot(turn.argument).rest, -1, -1][:2]
    if not 0 <= number < len(part.survey.questions):
        raise CitizenError("gone")
    question = part.survey.questions[number]
    if question not in questionnaire.path(part.survey, part.answers):
        raise CitizenError("not_asked")
    return part, question, place


def ballot(part: Part, question: Question | None = None, place: int | None = None) -> str:
    """What a button of this part carries: of a question, of one of its answers."""
    at = [] if question is None else [part.survey.questions.index(question)]
    return str(Ballot.of(part.row, *at, *([] if place is None else [place]), about=part.who.about))


def keys(turn: Turn) -> list[list[str]]:
    """The keyboard that stays, as at the first meeting."""
    return [[turn.words.button("menu"), turn.words.button("help")]]


def home(turn: Turn) -> list[Button]:
    return [turn.link("menu", "home", "new", "home")]
