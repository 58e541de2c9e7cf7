"""A citizen files a complaint, criticism, a suggestion or thanks: the way through the form.

/report, «ثبت درخواست», a problem told -> begun once and left? --go on, or anew-->
  what they agree to, before the very first report; kind, words, photos, a voice (`report_words`)
  -> category, its questions (`report_subject`) -> place, what is open nearby (`report_place`)
  -> photos (`report_extras`) -> review -> sent (`report_review`)
«برگشت» at every step one back; «انصراف» drops it; whatever else leads away keeps it as a draft
files or a place at any step -> taken, and the step asked again
a danger in the words, or tapped -> stopped, the draft kept --«ادامه می‌دهم»--> goes on
about (from an announcement) -> the same, of a category that is not asked then
staff, for somebody who called -> the same without limits
"""

from bot.flow import CitizenError, Conversation, Draft, Keyboard, Turn
from bot.services import filling, intake, quoting, reports, staff
from bot.services.filling import Form

talk = Conversation("report")

LEFT_SHOWN = 150
ROOMS = {
    "consent": "report_words",
    "kind": "report_words",
    "words": "report_words",
    "category": "report_subject",
    "place": "report_place",
    "near": "report_place",
    "pictures": "report_extras",
    "name": "report_extras",
    "phone": "report_extras",
    "review": "report_review",
}
"""Which conversation asks a step; the category's own questions are asked where it is chosen."""
EDITED = {"kind", "words", "category", "place", "pictures", "name", "phone"}


# -- beginning


@talk.command("report")
@talk.button("begin")
def begin(turn: Turn) -> None:
    start(turn, _new(turn))


@talk.command("complaint")
def complain(turn: Turn) -> None:
    start(turn, _new(turn, "complaint"))


@talk.command("criticism")
def criticise(turn: Turn) -> None:
    start(turn, _new(turn, "criticism"))


@talk.command("suggestion")
def suggest(turn: Turn) -> None:
    start(turn, _new(turn, "suggestion"))


@talk.command("thanks")
def thank(turn: Turn) -> None:
    start(turn, _new(turn, "thanks"))


@talk.button("about")
def about(turn: Turn) -> None:
    """A report of this category, which another conversation names."""
    form = _new(turn)
    category = intake.choose_category(form, turn.argument, turn.library.categories, turn.citizen.name)
    if category.notice:
        turn.tell(category.notice)
    start(turn, form)


@talk.takes_reports
def told(turn: Turn) -> None:
    """A problem that was told to the knowledge: with it came words, maybe files and a place."""
    draft, form = turn.draft or Draft(""), _new(turn, "complaint")
    intake.take_words(form, draft.text)
    form.danger = True  # what was told there was answered there
    files = [file for file in draft.files if intake.fits(file)]
    intake.add_files(form, turn.keep(files[: intake.room(form, files)]))
    if draft.spot is not None:
        intake.take_spot(form, draft.spot, inside=turn.library.region.is_inside(draft.spot.lat, draft.spot.lon))
    start(turn, form)


@talk.button("for_caller")
def for_caller(turn: Turn) -> None:
    """Staff write down what somebody told them on the telephone or at the counter."""
    member = turn.member
    if member is None or not staff.may(member.role, "operator"):
        raise CitizenError("over")
    form = _new(turn)
    form.for_caller = form.agreed = True
    start(turn, form)


def _new(turn: Turn, kind: str = "") -> Form:
    form = Form(begun=turn.unit.now, agreed=reports.has_agreed(turn.unit, turn.citizen))
    form.put(kind=kind)
    return form


def start(turn: Turn, form: Form) -> None:
    """Whoever left a form half-finished is asked what to do with it first."""
    if not form.for_caller:
        reports.may_file(turn.unit, turn.citizen, turn.now)
    left = filling.kept(turn.unit, turn.citizen, turn.incoming.chat_id, turn.library.categories)
    if left is None:
        go_on(turn, form)
        return
    form.at = "choice"
    turn.memory = form.to_json()
    turn.go(hear)
    under = Keyboard(inline=[[turn.button("resume", "resume")], [turn.button("anew", "anew")]])
    if left.report.text:
        turn.say("left", under, text=quoting.quote(left.report.text, LEFT_SHOWN))
    else:
        turn.say("left_wordless", under)


@talk.button("resume")
def resume(turn: Turn) -> None:
    form = filling.kept(turn.unit, turn.citizen, turn.incoming.chat_id, turn.library.categories)
    if form is None:
        raise CitizenError("over")
    go_on(turn, form)


@talk.button("anew")
def anew(turn: Turn) -> None:
    form = filling.read(turn.memory, turn.library.categories)
    if form is None or form.at != "choice":  # an old button: what was begun since is not dropped by it
        start(turn, _new(turn))
        return
    reports.drop_draft(turn.unit, turn.citizen, turn.incoming.chat_id)
    go_on(turn, form)


# -- the way through


@talk.button("onward")
def onward(turn: Turn) -> None:
    """The next step that has to be asked. Every step that is done leads here."""
    go_on(turn, _open(turn))


def go_on(turn: Turn, form: Form) -> None:
    """On to what has to be asked next; but nobody should go on tapping while something burns."""
    form.stopped = form.edit = False
    if turn.found is not None and turn.found.urgent and not form.danger:
        stop(turn, form)
    else:
        ask(turn, form, filling.following(form, turn.library.categories))


def stop(turn: Turn, form: Form) -> None:
    """The emergency numbers stand above. Once this was answered, the same word again is a part of the story."""
    form.danger = form.stopped = True
    _keep(turn, form)
    ways = [turn.link("menu", "home", "new", "home"), turn.button("cancel", "cancel", str(form.begun))]
    turn.say("stop", Keyboard(inline=[[turn.button("onward", "onward")], ways]))


def ask(turn: Turn, form: Form, step: str) -> None:
    """The question of a step. What was gathered so far outlives whatever happens now."""
    form.at = step
    _keep(turn, form)
    turn.visit(_room(step), "ask")


@talk.button("edit")
def edit(turn: Turn) -> None:
    """A part of the review is asked again, and leads back there."""
    step = turn.argument
    form = _open(turn)
    if step not in EDITED:
        raise CitizenError("over")
    form.edit, form.stopped = True, False
    ask(turn, form, step)


@talk.button("back")
def back(turn: Turn) -> None:
    form = _open(turn)
    if form.stopped:
        form.stopped = False
        ask(turn, form, form.at)
        return
    before = filling.before(form, turn.library.categories)
    if before is None:
        turn.call("menu")
        return
    form.edit = False
    ask(turn, form, before)


@talk.button("cancel")
def cancel(turn: Turn) -> None:
    """An old button names another form than the one of today, and drops nothing."""
    form, named = _found(turn), turn.argument
    if named and (form is None or named != str(form.begun)):
        raise CitizenError("over")
    reports.drop_draft(turn.unit, turn.citizen, turn.incoming.chat_id)
    turn.end()
    turn.say("dropped", Keyboard(inline=[[turn.link("menu", "home", "new", "home")]]))


@talk.button("open")
def open_form(turn: Turn) -> None:
    """The citizen stands in the form, from wherever they pressed one of its buttons."""
    _keep(turn, _open(turn))


@talk.step
def hear(turn: Turn) -> None:
    """Whatever is written or sent while the form is open."""
    form = _open(turn)
    if form.at == "choice":
        decide(turn)
    elif form.stopped and not turn.chose("back"):
        if not turn.chose("onward"):
            raise CitizenError("stopped")
        go_on(turn, form)
    elif turn.chose("back") or turn.chose("plain_back"):
        back(turn)
    elif turn.files or turn.spot is not None:
        take_sent(turn, form)
    elif not turn.text and (turn.contact is None or form.at != "phone"):
        raise CitizenError("wrong_sort")
    else:
        turn.visit(_room(form.at), "heard")


def decide(turn: Turn) -> None:
    """Go on with what was left, or begin anew: said in words."""
    if turn.chose("resume"):
        resume(turn)
    elif turn.chose("anew"):
        anew(turn)
    else:
        raise CitizenError("choose")


def take_sent(turn: Turn, form: Form) -> None:
    """Files and places are welcome at every step: people send them when they have them."""
    if turn.text:
        intake.take_words(form, turn.text, more=form.at != "words")
    if turn.files:
        room = intake.room(form, turn.files)
        intake.add_files(form, turn.keep(turn.files[:room]))
        if len(turn.files) > room:
            turn.say("left_out", limit=reports.MOST_FILES, count=len(turn.files) - room)
    if turn.spot is not None:
        intake.take_spot(form, turn.spot, inside=turn.library.region.is_inside(turn.spot.lat, turn.spot.lon))
    if form.at == "place" and turn.spot is not None:
        _keep(turn, form)
        turn.visit("report_place", "pinned")
    else:
        if form.at == filling.following(form, turn.library.categories) != "words":
            turn.say("taken")
        go_on(turn, form)


# -- around


def _room(step: str) -> str:
    """The conversation that asks a step."""
    return ROOMS.get(step, "report_subject")


def _open(turn: Turn) -> Form:
    """The form that is being filled in; or the one that was left, since its buttons still stand in the chat."""
    form = _found(turn)
    if form is None:
        raise CitizenError("over")
    return form


def _found(turn: Turn) -> Form | None:
    categories = turn.library.categories
    form = filling.read(turn.memory, categories)
    return form or filling.kept(turn.unit, turn.citizen, turn.incoming.chat_id, categories)


def _keep(turn: Turn, form: Form) -> None:
    turn.memory = filling.keep(turn.unit, turn.citizen, turn.incoming.chat_id, form)
    turn.go(hear)
