"""Staff compose an announcement: its words and files, and all of it in view the whole time.

new   -> left something? --go on, or anew--> words, with files or without -> the draft as it will arrive, and the panel
panel -> words, tidied words, files: here; whatever is sent meanwhile joins the files
         buttons (`announce_buttons`), topic and audience (`announce_audience`), time (`announce_time`)
         a trial to oneself -> the panel
         checked -> sent (`announce_lint`)
         dropped? --yes--> gone
copy  (of one that was sent or taken back) -> its words as a new draft
survey (from its room) -> the draft asks it; its words are changed there, not here
whatever leads away keeps the draft
"""

from bot.flow import Button, CitizenError, Conversation, Keyboard, Spans, Turn, side_by_side
from bot.services import announcements, composing, contents, link_checks, surveys, tidying, typed
from bot.services.composing import Draft
from bot.services.quoting import quote
from bot.services.surveys import Row, Stage

talk = Conversation("announce", role="editor")

LEFT_SHOWN = 150


# -- beginning


@talk.button("new")
def new(turn: Turn) -> None:
    left = composing.found(turn)
    if left is None or not left.is_worth_keeping:
        begin(turn)
    else:
        offer(turn, left, turn.button("anew", "anew", str(left.begun)))


@talk.button("anew")
def anew(turn: Turn) -> None:
    """An old button names another draft than the one of today, and drops nothing."""
    left = composing.found(turn)
    if left is not None and turn.argument != str(left.begun):
        new(turn)
    else:
        begin(turn)


def begin(turn: Turn) -> None:
    composing.keep(turn, Draft(begun=turn.unit.now))
    ask_text(turn)


@talk.button("copy")
def copy(turn: Turn) -> None:
    """The words of an announcement as a new draft. What is being composed is never lost by it unasked.

    A survey that was asked is copied in its own room: its words alone would leave nothing to answer by.
    """
    number = typed.number(turn.argument.partition(".")[0])
    row = turn.unit.surveys.of_announcement(number)
    if row is not None and surveys.stage(row, turn.unit.now) is not Stage.DRAFT:
        turn.visit("surveys", "one", str(row.id))
        return
    made = composing.of_announcement(announcements.find(turn.unit, number), turn.unit.now)
    _put(turn, "copy", number, made if row is None else _asking(turn, made, row))


@talk.button("survey")
def ask_survey(turn: Turn) -> None:
    """A survey is ready to be asked: whom and when is decided here, and stays decided while its words are changed."""
    row = surveys.find(turn.unit, typed.number(turn.argument.partition(".")[0]))
    left = composing.found(turn)
    draft = left if left is not None and left.survey == row.id else Draft(begun=turn.unit.now)
    _put(turn, "survey", row.id, _asking(turn, draft, row))


@talk.button("result")
def tell_result(turn: Turn) -> None:
    """What was done with a survey, for whoever answered it."""
    row = surveys.find(turn.unit, typed.number(turn.argument.partition(".")[0]))
    _put(turn, "result", row.id, Draft(begun=turn.unit.now, answered=row.id))


def _put(turn: Turn, action: str, number: int, made: Draft) -> None:
    """Compose this; but what is being composed already is left only by a second press that names it."""
    left = composing.found(turn)
    sure = turn.argument.partition(".")[2]
    same = left is not None and bool(made.survey) and left.survey == made.survey
    if left is not None and left.is_worth_keeping and not same and sure != str(left.begun):
        offer(turn, left, turn.button("instead", action, f"{number}.{left.begun}"))
        return
    composing.keep(turn, made)
    panel(turn)


def _asking(turn: Turn, draft: Draft, row: Row) -> Draft:
    """Raises `CitizenError`: "published", "unfinished"."""
    if surveys.stage(row, turn.unit.now) is not Stage.DRAFT:
        raise CitizenError("published")
    if not surveys.can_be_asked(row):
        raise CitizenError("unfinished")
    return composing.asking(draft, row, turn.library.talks.words["survey"])


def offer(turn: Turn, left: Draft, other: Button) -> None:
    """Go on with what was left, or not."""
    composing.keep(turn, left)
    turn.go(hear)
    under = Keyboard(inline=[[turn.button("resume", "panel")], [other]])
    turn.say("left", under, text=quote(left.text, LEFT_SHOWN) or turn.words.button("wordless"))


@talk.button("open")
def open_draft(turn: Turn) -> None:
    """The editor stands in the draft, from wherever they pressed one of its buttons."""
    draft = composing.found(turn)
    if draft is None:
        raise CitizenError("no_draft")
    composing.keep(turn, draft)
    turn.go(hear)


# -- the words and files


@talk.button("text")
def ask_text(turn: Turn) -> None:
    draft = composing.opened(turn)
    _check_own_words(draft)
    way = turn.button("back", "panel") if draft.text else turn.button("drop", "sure")
    turn.say("ask_text", Keyboard(inline=[[way]]), limit=typed.TEXT_MOST)
    turn.go(write)


@talk.step
def write(turn: Turn) -> None:
    """A message is taken whole: its files in place of those before, its words too."""
    draft = composing.opened(turn)
    _check_own_words(draft)
    if turn.text:
        draft.text = typed.cleaned(turn.text)
    elif not turn.files:
        raise CitizenError("empty")
    if turn.files:
        draft.files = []
        take_files(turn, draft)
    composing.keep(turn, draft)
    if draft.text:
        panel(turn)
    else:
        turn.say("ask_words_beside")
        turn.go(write)


def _check_own_words(draft: Draft) -> None:
    """Those of a survey are changed in its own room."""
    if draft.survey:
        raise CitizenError("of_survey")


def take_files(turn: Turn, draft: Draft) -> None:
    room = composing.room_for(draft, turn.files)
    draft.files += [file.key for file in turn.keep(turn.files[:room])]
    if len(turn.files) > room:
        turn.say("left_out", limit=composing.FILES_MOST, count=len(turn.files) - room)


@talk.step
def hear(turn: Turn) -> None:
    """Files are welcome at any time; words might be anything, so nothing is overwritten by them."""
    draft = composing.opened(turn)
    if not turn.files:
        turn.say("press_one", Keyboard(inline=[[turn.button("text", "text"), turn.button("back", "panel")]]))
        return
    take_files(turn, draft)
    composing.keep(turn, draft)
    panel(turn)


@talk.button("files")
def ask_files(turn: Turn) -> None:
    draft = composing.opened(turn)
    rows = [[turn.button("no_files", "no_files")]] if draft.files else []
    turn.say("ask_files", Keyboard(inline=[*rows, [turn.button("back", "panel")]]), limit=composing.FILES_MOST)


@talk.button("no_files")
def no_files(turn: Turn) -> None:
    draft = composing.opened(turn)
    draft.files = []
    composing.keep(turn, draft)
    panel(turn)


@talk.button("tidy")
def tidy(turn: Turn) -> None:
    """Before and after, and nothing is changed unasked."""
    draft = composing.opened(turn)
    _check_own_words(draft)
    neat = tidying.tidied(draft.text)
    if neat == draft.text:
        turn.say("tidy_already", Keyboard(inline=[[turn.button("back", "panel")]]))
        return
    turn.memory["neat"] = neat
    turn.say("tidy_before", text=draft.text)
    rows = [[turn.button("take_neat", "neat"), turn.button("keep_mine", "panel")]]
    turn.say("tidy_after", Keyboard(inline=rows), text=neat)


@talk.button("neat")
def take_neat(turn: Turn) -> None:
    neat = turn.memory.get("neat")
    draft = composing.opened(turn)
    if neat is None:
        raise CitizenError("no_draft")
    draft.text = typed.cleaned(neat)
    composing.keep(turn, draft)
    panel(turn)


# -- the panel


@talk.button("panel")
def panel(turn: Turn) -> None:
    """The draft as it will arrive, and below it what is set and what can be done."""
    draft = composing.opened(turn)
    if draft.survey:
        draft = _asking(turn, draft, surveys.find(turn.unit, draft.survey))
    composing.keep(turn, draft)
    if not draft.text:
        ask_text(turn)
        return
    link_checks.ask(turn.unit, draft)
    show(turn, draft)
    turn.tell(_set(turn, draft), _keyboard(turn, draft))


def show(turn: Turn, draft: Draft) -> None:
    """The message itself. Its buttons belong to no announcement yet: `0`."""
    content, words = composing.plan(draft).content, turn.library.talks.words["announced"]
    turn.tell(content.text, content.keyboard(0, draft.topic, words), contents.files_of(turn.unit, content))


def _set(turn: Turn, draft: Draft) -> Spans:
    plan, words = composing.plan(draft), turn.words
    text = words.text("panel") + turn.library.announcing.plan(
        plan, announcements.reach(turn.unit, plan, turn.library.sending)
    )
    text += words.text("line_apart") if draft.is_apart else ()
    text += words.text("line_file_lost") if composing.lost_files(turn.unit, draft) else ()
    return text


def _keyboard(turn: Turn, draft: Draft) -> Keyboard:
    if draft.survey:
        words = [turn.link("surveys", "back", "one", str(draft.survey))]
    else:
        words = [turn.button("text", "text"), turn.button("tidy", "tidy")]
    doors = [
        *words,
        turn.button("files", "files"),
        *([] if draft.survey else [turn.link("announce_buttons", "door", "list")]),
        turn.link("announce_audience", "door_topic", "topics"),
        turn.link("announce_audience", "door", "whom"),
        turn.link("announce_time", "door", "when"),
        turn.button("trial", "trial"),
    ]
    last = [[turn.link("announce_lint", "door", "check")], [turn.button("drop", "sure")]]
    return Keyboard(inline=[*side_by_side(doors), *last])


@talk.button("trial")
def trial(turn: Turn) -> None:
    """Only the message, as a citizen has it, to whoever composes it."""
    draft = composing.opened(turn)
    show(turn, draft)
    turn.say("trial", Keyboard(inline=[[turn.button("back", "panel")]]))


@talk.button("sure")
def sure(turn: Turn) -> None:
    draft = composing.opened(turn)
    ways = [turn.button("yes_drop", "drop", str(draft.begun)), turn.button("no_drop", "panel")]
    turn.say("sure", Keyboard(inline=[ways]))


@talk.button("drop")
def drop(turn: Turn) -> None:
    draft = composing.opened(turn)
    if turn.argument != str(draft.begun):
        raise CitizenError("no_draft")
    composing.drop(turn)
    turn.end()
    turn.say("dropped", Keyboard(inline=[[turn.link("announcements", "do_list", "room")]]))
