"""What may be added to a report: photos, the name, a telephone number.

pictures -> photos, an album, a film (taken by `report`) --«بدون عکس»--> on; --«همه را بردارید»--> none
name     -> typed, by who has none here or for somebody who called
phone    -> typed, or a contact shared --«بدون شماره»--> none
"""

from bot.flow import Button, CitizenError, Conversation, Keyboard, Turn
from bot.services import filling, intake, reports
from bot.services.filling import Form

talk = Conversation("report_extras", part_of="report")


@talk.button("ask")
def ask(turn: Turn) -> None:
    form = _form(turn)
    {"name": ask_name, "phone": ask_phone}.get(form.at, ask_pictures)(turn, form)


@talk.button("heard")
def heard(turn: Turn) -> None:
    """What was typed, or a contact."""
    form = _form(turn)
    if form.at == "name":
        hear_name(turn, form)
    elif form.at == "phone":
        hear_phone(turn, form)
    elif turn.chose("no_pictures"):
        no_pictures(turn)
    else:
        raise CitizenError("not_a_picture")


# -- photos


def ask_pictures(turn: Turn, form: Form) -> None:
    count = len(form.report.files)
    if count and form.edit:
        rows = [[turn.button("drop_pictures", "drop_pictures")], _ways_out(turn, form)]
        turn.say("pictures_again", Keyboard(inline=rows), count=count, limit=reports.MOST_FILES)
    else:
        rows = [[turn.button("no_pictures", "no_pictures")], _ways_out(turn, form)]
        turn.say("ask_pictures", Keyboard(inline=rows), limit=reports.MOST_FILES)


@talk.button("no_pictures")
def no_pictures(turn: Turn) -> None:
    form = _form(turn)
    form.settle("pictures")
    _onward(turn, form)


@talk.button("drop_pictures")
def drop_pictures(turn: Turn) -> None:
    form = _form(turn)
    intake.drop_files(form)
    _onward(turn, form)


# -- the name


def ask_name(turn: Turn, form: Form) -> None:
    if form.for_caller:
        rows = [[turn.button("no_name", "no_name")], _ways_out(turn, form)]
        turn.say("ask_callers_name", Keyboard(inline=rows))
    else:
        turn.say("ask_name", Keyboard(inline=[_ways_out(turn, form)]))


def hear_name(turn: Turn, form: Form) -> None:
    if turn.chose("no_name"):
        no_name(turn)
        return
    intake.take_name(form, turn.text)
    form.named = True
    _onward(turn, form)


@talk.button("no_name")
def no_name(turn: Turn) -> None:
    form = _form(turn)
    intake.hide_name(form, turn.library.categories)
    form.settle("name")
    _onward(turn, form)


# -- the telephone number


def ask_phone(turn: Turn, form: Form) -> None:
    rows = [[turn.button("no_phone", "no_phone")], _ways_out(turn, form)]
    if form.for_caller:
        turn.say("ask_callers_phone", Keyboard(inline=rows))
    else:
        turn.say("ask_phone", Keyboard(inline=rows))


def hear_phone(turn: Turn, form: Form) -> None:
    if turn.chose("no_phone"):
        no_phone(turn)
        return
    intake.take_phone(form, turn.contact.phone if turn.contact is not None else turn.text)
    _onward(turn, form)


@talk.button("no_phone")
def no_phone(turn: Turn) -> None:
    form = _form(turn)
    form.put(phone=None)
    form.settle("phone")
    _onward(turn, form)


# -- around


def _form(turn: Turn) -> Form:
    turn.visit("report", "open")
    form = filling.read(turn.memory, turn.library.categories)
    if form is None:
        raise CitizenError("not_a_picture")
    return form


def _onward(turn: Turn, form: Form) -> None:
    turn.memory = form.to_json()
    turn.visit("report", "onward")


def _ways_out(turn: Turn, form: Form) -> list[Button]:
    return [
        turn.link("report", "back", "back"),
        turn.link("menu", "home", "new", "home"),
        turn.link("report", "cancel", "cancel", str(form.begun)),
    ]
