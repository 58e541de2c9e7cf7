"""What a report is about: its category, and what the category asks itself.

category  -> up to three guesses from the words, «همه موضوع‌ها» -> groups -> subjects
             --typed--> chosen, or guesses again; a long text belongs to the words
chosen    -> its notice, its questions one tap each
a danger  -> the emergency number; the form stops, the draft is kept --«خطر رفع شد»--> goes on
"""

from bot.flow import Button, CitizenError, Conversation, Keyboard, Turn, data, side_by_side
from bot.services import filling, form_steps, intake
from bot.services.categories import Category
from bot.services.filling import Form

talk = Conversation("report_subject", part_of="report")

GUESSES = 3
MOST_SEARCHED = 6
"""Words of a message that looks for a subject; a longer one tells more of the story."""


@talk.button("ask")
def ask(turn: Turn) -> None:
    form = form_steps.opened(turn)
    if form.at == "category":
        ask_category(turn, form)
    else:
        ask_question(turn, form)


@talk.button("heard")
def heard(turn: Turn) -> None:
    """What was typed instead of tapped."""
    form = form_steps.opened(turn)
    if form.at == "category":
        hear_category(turn, form)
    else:
        hear_answer(turn, form)


# -- the category


def ask_category(turn: Turn, form: Form) -> None:
    guesses = turn.library.categories.find(form.report.text, GUESSES) if form.report.text else []
    if guesses:
        turn.say("guesses", _among(turn, form, guesses))
    else:
        turn.say("groups", _groups(turn, form))


def hear_category(turn: Turn, form: Form) -> None:
    categories = turn.library.categories
    if len(turn.text.split()) > MOST_SEARCHED:
        intake.take_words(form, turn.text, more=True)
        turn.say("words_added")
        form_steps.onward(turn, form)
        return
    named = [one for one in categories.all.values() if categories.fold(one.title) == categories.fold(turn.text)]
    found = named or categories.find(turn.text, GUESSES)
    if len(found) == 1:
        choose(turn, form, found[0].id)
    elif found:
        turn.say("guesses", _among(turn, form, found))
    else:
        turn.say("not_found", _groups(turn, form))


@talk.button("groups")
def show_groups(turn: Turn) -> None:
    form = form_steps.opened(turn)
    turn.change(turn.words.text("groups"), _groups(turn, form))


@talk.button("group")
def show_group(turn: Turn) -> None:
    wanted = turn.argument
    form = form_steps.opened(turn)
    group = next((group for group in turn.library.categories.groups if group.id == wanted), None)
    if group is None:
        raise CitizenError("choose")
    rows = [[_door(category)] for category in group.categories]
    rows.append([turn.button("all_groups", "groups")])
    under = Keyboard(inline=[*rows, form_steps.ways_out(turn, form)])
    turn.change(turn.words.text("group", title=group.title), under)


@talk.button("pick")
def pick(turn: Turn) -> None:
    wanted = turn.argument
    choose(turn, form_steps.opened(turn), wanted)


def choose(turn: Turn, form: Form, wanted: str) -> None:
    categories = turn.library.categories
    category = intake.choose_category(form, wanted, categories, turn.citizen.name)
    if category.notice and filling.asks_questions(categories.kinds.get(form.report.kind)):
        turn.tell(category.notice)
    form_steps.onward(turn, form)


def _among(turn: Turn, form: Form, found: list[Category]) -> Keyboard:
    rows = [[_door(category)] for category in found]
    return Keyboard(inline=[*rows, [turn.button("all_groups", "groups")], form_steps.ways_out(turn, form)])


def _groups(turn: Turn, form: Form) -> Keyboard:
    """A group of one subject is that subject."""
    doors = [
        _door(group.categories[0])
        if len(group.categories) == 1
        else Button(group.title, data("report_subject", "group", group.id))
        for group in turn.library.categories.groups
    ]
    return Keyboard(inline=[*side_by_side(doors), form_steps.ways_out(turn, form)])


def _door(category: Category) -> Button:
    return Button(category.title, data("report_subject", "pick", category.id))


# -- its questions


def ask_question(turn: Turn, form: Form) -> None:
    question = filling.question(form, turn.library.categories, form.at)
    if question is None:  # the content has changed since
        form_steps.onward(turn, form)
        return
    rows = [
        [Button(option.label, data("report_subject", "answer", f"{question.id}.{option.id}"))]
        for option in question.options
    ]
    turn.tell(question.text, Keyboard(inline=[*rows, form_steps.ways_out(turn, form)]))


def hear_answer(turn: Turn, form: Form) -> None:
    question, fold = filling.question(form, turn.library.categories, form.at), turn.library.categories.fold
    options = question.options if question is not None else ()
    meant = [option for option in options if fold(option.label) == fold(turn.text)]
    if question is None or not meant:
        raise CitizenError("choose")
    answered(turn, form, f"{question.id}.{meant[0].id}")


@talk.button("answer")
def tap(turn: Turn) -> None:
    tapped = turn.argument
    answered(turn, form_steps.opened(turn), tapped)


def answered(turn: Turn, form: Form, tapped: str) -> None:
    emergency = intake.answer(form, tapped, turn.library.categories)
    if not emergency:
        form_steps.onward(turn, form)
        return
    form.stopped = True
    turn.memory = filling.keep(turn.unit, turn.citizen, turn.incoming.chat_id, form)
    turn.tell(turn.library.categories.emergencies[emergency].text)
    turn.say("stopped", Keyboard(inline=[[turn.link("report", "onward", "onward")], form_steps.ways_out(turn, form)]))
