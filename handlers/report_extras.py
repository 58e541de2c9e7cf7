"""What may be added to a report: photos, the name, a telephone number.

pictures -> photos, an album, a film (taken by `report`) --«بدون عکس»--> on; --«همه را بردارید»--> none
name     -> typed, by who has none here or for somebody who called
phone    -> typed, or a contact shared --«بدون شماره»--> none
"""

from bot.flow import CitizenError, Conversation, Keyboard, Turn
from bot.services import form_steps, intake, reports
from bot.services.filling import Form

talk = Conversation("report_extras", part_of="report")


@talk.button("ask")
def ask(turn: Turn) -> None:
    form = form_steps.opened(turn)
    {"name": ask_name, "phone": ask_phone}.get(form.at, ask_pictures)(turn, form)


@talk.button("heard")
def heard(turn: Turn) -> None:
    """What was typed, or a contact."""
    form = form_steps.opened(turn)
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
        rows = [[turn.button("drop_pictures", "drop_pictures")], form_steps.ways_out(turn, form)]
        turn.say("pictures_again", Keyboard(inline=rows), count=count, limit=reports.MOST_FILES)
    else:
        rows = [[turn.button("no_pictures", "no_pictures")], form_steps.ways_out(turn, form)]
        turn.say("ask_pictures", Keyboard(inline=rows), limit=reports.MOST_FILES)


@talk.button("no_pictures")
def no_pictures(turn: Turn) -> None:
    form = form_steps.opened(turn)
    form.settle("pictures")
    form_steps.onward(turn, form)


@talk.button("drop_pictures")
def drop_pictures(turn: Turn) -> None:
    form = form_steps.opened(turn)
    intake.drop_files(form)
    form_steps.onward(turn, form)


# -- the name


def ask_name(turn: Turn, form: Form) -> None:
    if form.for_caller:
        rows = [[turn.button("no_name", "no_name")], form_steps.ways_out(turn, form)]
        turn.say("ask_callers_name", Keyboard(inline=rows))
    else:
        turn.say("ask_name", Keyboard(inline=[form_steps.ways_out(turn, form)]))


def hear_name(turn: Turn, form: Form) -> None:
    if turn.chose("no_name"):
        no_name(turn)
        return
    intake.take_name(form, turn.text)
    form.named = True
    form_steps.onward(turn, form)


@talk.button("no_name")
def no_name(turn: Turn) -> None:
    form = form_steps.opened(turn)
    intake.hide_name(form, turn.library.categories)
    form.settle("name")
    form_steps.onward(turn, form)


# -- the telephone number


def ask_phone(turn: Turn, form: Form) -> None:
    rows = [[turn.button("no_phone", "no_phone")], form_steps.ways_out(turn, form)]
    if form.for_caller:
        turn.say("ask_callers_phone", Keyboard(inline=rows))
    else:
        turn.say("ask_phone", Keyboard(inline=rows))


def hear_phone(turn: Turn, form: Form) -> None:
    if turn.chose("no_phone"):
        no_phone(turn)
        return
    intake.take_phone(form, turn.contact.phone if turn.contact is not None else turn.text)
    form_steps.onward(turn, form)


@talk.button("no_phone")
def no_phone(turn: Turn) -> None:
    form = form_steps.opened(turn)
    form.put(phone=None)
    form.settle("phone")
    form_steps.onward(turn, form)
