"""Before a report is sent its citizen sees all of it, changes what they like, and sends it.

review -> sent: the code at once
          a part again -> the review again
          the name shown, or hidden
          an old «ارسال»: sent already, or changed since -> said so, nothing is sent
"""

from bot.flow import Button, CitizenError, Conversation, Keyboard, Spans, Turn, data, side_by_side
from bot.services import codes, filling, form_steps, intake, phones, reports, staff
from bot.services.filling import Form
from bot.services.hours import off_hours_note
from bot.services.reports import Filed, Sender

talk = Conversation("report_review", part_of="report")


@talk.button("ask")
def review(turn: Turn) -> None:
    form = form_steps.opened(turn)
    form.at = "review"
    form.shown += 1
    form_steps.keep(turn, form)
    turn.tell(_whole(turn, form), _keyboard(turn, form))


@talk.button("heard")
def heard(turn: Turn) -> None:
    form = form_steps.opened(turn)
    if not turn.chose("send"):
        raise CitizenError("press")
    send(turn, form)


# -- what is shown


def _whole(turn: Turn, form: Form) -> Spans:
    """Everything as it will be sent, and who will see it."""
    report, say, library = form.report, turn.words.text, turn.library
    kind, category = library.categories.kinds[report.kind], library.categories.all[report.category]
    parts = [say("head"), say("about", kind=kind.title, category=category.title)]
    parts.append(say("words", text=report.text) if report.text else say("spoken"))
    parts += [say("answered", question=asked, answer=given) for asked, given in filling.answers(form, category)]
    parts += _place(turn, form)
    parts.append(say("files", count=len(report.files)) if report.files else say("no_files"))
    if not category.anonymous and report.name:
        parts.append(say("named_always", name=report.name))
    else:
        parts.append(say("named", name=report.name) if report.name else say("nameless"))
    if report.phone:
        parts.append(say("phone", phone=phones.shown(report.phone)))
    parts.append(say("who_sees"))
    return tuple(span for part in parts for span in part)


def _place(turn: Turn, form: Form) -> list[Spans]:
    report, say = form.report, turn.words.text
    place = turn.library.places.all.get(report.neighbourhood or "")
    named = "، ".join(filter(None, [place.name if place is not None else "", report.address or ""]))
    parts = [say("where", where=named)] if named else []
    if report.lat is not None:
        parts.append(say("on_map_outside") if form.outside else say("on_map"))
    return parts or [say("nowhere")]


def _keyboard(turn: Turn, form: Form) -> Keyboard:
    report = form.report
    edits = [
        turn.button("edit_words", "edit", "words"),
        turn.button("edit_category", "edit", "category"),
        turn.button("edit_place", "edit", "place"),
        turn.button("edit_pictures", "edit", "pictures"),
        turn.button("edit_phone" if report.phone else "add_phone", "edit", "phone"),
        turn.button("edit_kind", "edit", "kind"),
    ]
    if form.for_caller:
        edits.append(turn.button("edit_name", "edit", "name"))
    elif turn.library.categories.all[report.category].anonymous:
        edits.append(turn.button("hide_name", "hide") if report.name else turn.button("show_name", "show"))
    ways = [turn.link("report", "back", "back"), turn.link("menu", "home", "new", "home")]
    cancel = turn.link("report", "cancel", "cancel", str(form.begun))
    return Keyboard(inline=[[turn.button("send", "send", form.token)], *side_by_side(edits), [*ways, cancel]])


# -- changes


@talk.button("edit")
def edit(turn: Turn) -> None:
    turn.visit("report", "edit", turn.argument)


@talk.button("show")
def show_name(turn: Turn) -> None:
    form = form_steps.opened(turn)
    intake.show_name(form, turn.citizen.name)
    form_steps.onward(turn, form)


@talk.button("hide")
def hide_name(turn: Turn) -> None:
    form = form_steps.opened(turn)
    intake.hide_name(form, turn.library.categories)
    form_steps.onward(turn, form)


# -- sending


@talk.button("send")
def press_send(turn: Turn) -> None:
    """The button names the review it stands under: what is sent is what was read there."""
    token = turn.argument
    _refuse_old(turn, token)
    form = form_steps.opened(turn)
    if token != form.token:
        turn.say("changed_since")
        form_steps.onward(turn, form)
        return
    send(turn, form)


def _refuse_old(turn: Turn, token: str) -> None:
    """A second tap, or the button of a form that was sent or dropped long ago."""
    categories = turn.library.categories
    form = filling.read(turn.memory, categories)
    form = form or filling.kept(turn.unit, turn.citizen, turn.incoming.chat_id, categories)
    if form is not None and filling.is_of(form, token):
        return
    sent = filling.sent_since(turn.unit, turn.citizen, token)
    if sent is None:
        raise CitizenError("over")
    raise CitizenError("over_sent", code=codes.shown(sent.code))


def send(turn: Turn, form: Form) -> None:
    if filling.following(form, turn.library.categories) != "review":  # the content asks more than it did
        form_steps.onward(turn, form)
        return
    report, library = filling.ready(form), turn.library
    days = reports.expected_days(library.categories.kinds[report.kind], library.categories.all[report.category])
    due = reports.due_at(library.answers.hours, turn.now, days)
    filed = reports.file(turn.unit, _sender(turn, form), report, library.answers.folded(report.text), due)
    reports.drop_draft(turn.unit, turn.citizen, turn.incoming.chat_id)
    turn.end()
    _tell(turn, form, filed)
    if report.files or not filed.joined:  # nobody is told of the same words again
        turn.spread(filed.change)


def _sender(turn: Turn, form: Form) -> Sender:
    if not form.for_caller:
        reports.may_file(turn.unit, turn.citizen, turn.now)
        return Sender(turn.citizen, turn.incoming.chat_id)
    member = turn.member
    if member is None or not staff.may(member.role, "operator"):
        raise CitizenError("not_staff")
    return Sender(filed_by=member.id)


def _tell(turn: Turn, form: Form, filed: Filed) -> None:
    case, hours = filed.change.case, turn.library.answers.hours
    code, day = codes.shown(case.code), filling.day(hours, case.due_at, turn.now)
    home = turn.link("menu", "home", "new", "home")
    if form.for_caller:
        turn.say("sent_for_caller", Keyboard(inline=[[turn.link("cases", "room", "room")], [home]]), code=code, day=day)
        return
    under = Keyboard(inline=[[Button(turn.words.button("see"), data("mine", "show", str(case.id)))], [home]])
    note = off_hours_note(hours, turn.now)
    if filed.joined:
        turn.say("joined", under, code=code)
    elif note:
        turn.say("sent_off_hours", under, code=code, day=day, note=note)
    else:
        turn.say("sent", under, code=code, day=day)
