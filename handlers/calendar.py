"""The working room of occasions: editors see what goes when, change it, hold it back; managers approve.

room, /calendar -> the occasions of the coming days and how each stands, page by page
one occasion    -> its texts as they will be sent, each a message of its own, then when each goes and how it stands
one text        -> as it will be sent, and what can be done with it:
                   words      -> asked for --fit its day--> kept, shown again
                                           --wrong tone, too long--> asked again
                   hour       -> one of these --> kept
                   picture    -> asked for --> kept; or taken away
                   not to go, to go after all, its first words again --> kept
                   approved, by a manager who has not written it --> goes at its hour
of a lunar day  -> on to the room of lunar months
"""

from datetime import date

from bot.flow import Button, CitizenError, Conversation, Keyboard, Spans, Turn, side_by_side
from bot.services import occasion_changes, occasion_plans, staff
from bot.services.occasion_plans import State, Text
from bot.services.staff import Member

talk = Conversation("calendar", role="editor")

PAGE = 8
IN_A_ROW = 4
HOURS_IN_A_ROW = 5


# -- all of them


@talk.command("calendar")
@talk.room
@talk.button("page")
def room(turn: Turn) -> None:
    turn.end()
    texts = _coming(turn)
    found = [text for text in texts if not text.planned.before]
    reminded = {text.planned.dated for text in texts if text.planned.before and text.state == State.WAITING}
    last = max(len(found) - 1, 0) // PAGE
    page = min(int(turn.argument), last) if turn.argument.isascii() and turn.argument.isdecimal() else 0
    shown = list(enumerate(found, start=1))[page * PAGE :][:PAGE]
    said = turn.words.text("list")
    for number, text in shown:
        said += _line(turn, number, text)
        if text.planned.dated in reminded:
            said += turn.words.text("reminder_waits")
    numbers = [turn.button("one", "one", text.planned.occasion.id, number=number) for number, text in shown]
    turning = [turn.button("earlier", "page", str(page - 1))] if page else []
    turning += [turn.button("later", "page", str(page + 1))] if page < last else []
    rows = [numbers[:IN_A_ROW], numbers[IN_A_ROW:], turning, [turn.link("staff", "menu", "menu")]]
    turn.tell(said, Keyboard(inline=[row for row in rows if row]))


def _line(turn: Turn, number: int, text: Text) -> Spans:
    kind = text.planned.greeting.kind
    mood = kind if kind in {"feast", "mourning"} else "other"
    line = turn.words.text(f"line_{mood}", number=number, day=_day(turn, text.planned.dated.day), title=text.title)
    return line + (() if text.planned.sure else turn.words.text("unsure")) + _mark(turn, text)


def _mark(turn: Turn, text: Text) -> Spans:
    return turn.words.text(f"mark_{text.state}", hour=text.hour)


# -- one of them


@talk.button("one")
def one(turn: Turn) -> None:
    turn.end()
    found = [text for text in _coming(turn) if text.planned.occasion.id == turn.argument]
    dated = next((text.planned.dated for text in found if not text.planned.before), None)
    if dated is None:
        raise CitizenError("gone")
    texts = [text for text in found if text.planned.dated == dated]
    for text in texts:
        _show(turn, text)
    changing = [turn.button("one_text", "text", texts[0].ref)]
    if len(texts) > 1:
        changing = [turn.button("text", "text", text.ref, number=at) for at, text in enumerate(texts, start=1)]
    turn.tell(_about(turn, texts), Keyboard(inline=[*side_by_side(changing), *_to_moon(turn, texts[0]), _to_all(turn)]))


def _about(turn: Turn, texts: list[Text]) -> Spans:
    """When each of the texts above goes, how it stands, and what is to be thought of before."""
    last = texts[-1]
    if len(texts) == 1:
        said = turn.words.text("about_one", title=last.title, day=_day(turn, last.day), hour=last.hour)
        said += _mark(turn, last)
    else:
        said = turn.words.text("about", title=last.title)
        for number, text in enumerate(texts, start=1):
            said += turn.words.text("when", number=number, day=_day(turn, text.day), hour=text.hour) + _mark(turn, text)
    return said + _doubts(turn, texts)


def _doubts(turn: Turn, texts: list[Text]) -> Spans:
    said = () if texts[-1].planned.sure else turn.words.text("may_move")
    for text in texts:
        if text.planned.mourned:
            said += turn.words.text("mourned", day=_day(turn, text.day), title=text.planned.mourned)
        if text.names_other_day:
            said += turn.words.text("other_day", day=_day(turn, text.day))
    return said


# -- one text


@talk.button("text")
def show(turn: Turn) -> None:
    turn.end()
    _show_with_ways(turn, _find(turn, turn.argument))


def _show_with_ways(turn: Turn, text: Text) -> None:
    _show(turn, text)
    turn.tell(_about(turn, [text]) + _whose(turn, text), Keyboard(inline=_ways(turn, text)))


def _show(turn: Turn, text: Text) -> None:
    """As it will be sent."""
    photos = turn.unit.files.find([text.photo]) if text.photo else {}
    turn.tell(text.spans, files=list(photos.values()))


def _whose(turn: Turn, text: Text) -> Spans:
    """Who has to approve it, if somebody has to."""
    if text.state != State.WAITING:
        return ()
    if occasion_changes.is_own(turn.unit, text, _me(turn)):
        return turn.words.text("another_approves")
    return () if staff.may(_me(turn).role, "manager") else turn.words.text("manager_approves")


def _ways(turn: Turn, text: Text) -> list[list[Button]]:
    back = [turn.button("back", "one", text.planned.occasion.id), *_to_all(turn)]
    if text.state in {State.SENT, State.MISSED} or turn.now > text.last_start:
        return [back]
    if text.state == State.SKIPPED:
        return [[turn.button("unskip", "unskip", text.ref)], back]
    rows = [[turn.button("edit", "edit", text.ref), turn.button("hour", "hour", text.ref)]]
    picture = [turn.button("photo", "photo", text.ref)]
    picture += [turn.button("no_photo", "nophoto", text.ref)] if text.photo else []
    rows += [picture, [turn.button("skip", "skip", text.ref)]]
    if text.change.text is not None:
        rows.append([turn.button("restore", "restore", text.ref)])
    me = _me(turn)
    may_approve = staff.may(me.role, "manager") and not occasion_changes.is_own(turn.unit, text, me)
    if text.state == State.WAITING and may_approve:
        rows.insert(0, [turn.button("approve", "approve", f"{text.ref}.{occasion_changes.print_of(text)}")])
    return [*rows, *_to_moon(turn, text), back]


@talk.button("edit")
def edit(turn: Turn) -> None:
    text = _open(turn, turn.argument)
    turn.memory = {"ref": text.ref, "at": "words"}
    turn.say("ask_words", _to_text(turn, text), limit=occasion_changes.LETTERS)
    turn.go(write)


@talk.button("photo")
def picture(turn: Turn) -> None:
    text = _open(turn, turn.argument)
    turn.memory = {"ref": text.ref, "at": "photo"}
    turn.say("ask_photo", _to_text(turn, text))
    turn.go(write)


@talk.step
def write(turn: Turn) -> None:
    """What was written or sent is taken in, or refused with the reason and asked for again."""
    text = _open(turn, turn.memory.get("ref", ""))
    if turn.memory.get("at") == "photo":
        if not turn.files or turn.files[0].kind != "photo":
            raise CitizenError("not_a_photo")
        kept = turn.keep()
        if not kept:
            raise CitizenError("photo_lost")
        occasion_changes.show(turn.unit, text, _me(turn), kept[0].key)
    else:
        occasion_changes.edit(turn.unit, text, _me(turn), turn.text)
    _again(turn, text)


@talk.button("hour")
def hour(turn: Turn) -> None:
    text = _open(turn, turn.argument)
    hours = [turn.button("at", "at", f"{text.ref}.{number}", at=number) for number in occasion_changes.HOURS]
    rows = [hours[at : at + HOURS_IN_A_ROW] for at in range(0, len(hours), HOURS_IN_A_ROW)]
    turn.say("ask_hour", Keyboard(inline=[*rows, [turn.button("never_mind", "text", text.ref)]]))


@talk.button("at")
def put_at(turn: Turn) -> None:
    ref, _, number = turn.argument.rpartition(".")
    text = _open(turn, ref)
    wanted = int(number) if number.isascii() and number.isdecimal() and len(number) < IN_A_ROW else -1
    occasion_changes.put_at(turn.unit, text, _me(turn), wanted)
    _again(turn, text)


@talk.button("nophoto")
def without_picture(turn: Turn) -> None:
    text = _open(turn, turn.argument)
    occasion_changes.show(turn.unit, text, _me(turn), None)
    _again(turn, text)


@talk.button("restore")
def restore(turn: Turn) -> None:
    text = _open(turn, turn.argument)
    occasion_changes.restore(turn.unit, text, _me(turn))
    _again(turn, text)


@talk.button("skip")
def skip(turn: Turn) -> None:
    text = _open(turn, turn.argument)
    occasion_changes.skip(turn.unit, text, _me(turn))
    _again(turn, text)


@talk.button("unskip")
def send_after_all(turn: Turn) -> None:
    text = _open(turn, turn.argument)
    occasion_changes.send_after_all(turn.unit, text, _me(turn))
    _again(turn, text)


@talk.button("approve")
def approve(turn: Turn) -> None:
    ref, _, seen = turn.argument.rpartition(".")
    text = _open(turn, ref)
    occasion_changes.approve(turn.unit, text, _me(turn), seen)
    _again(turn, text)


# -- small things


def _again(turn: Turn, text: Text) -> None:
    """As it is now."""
    turn.end()
    _show_with_ways(turn, _find(turn, text.ref))


def _open(turn: Turn, ref: str) -> Text:
    """A text that can still be changed."""
    text = _find(turn, ref)
    occasion_changes.may_change(text, turn.now)
    return text


def _find(turn: Turn, ref: str) -> Text:
    hours = turn.library.answers.hours
    return occasion_plans.find(turn.unit, turn.library.greetings, hours, turn.now.date(), ref)


def _coming(turn: Turn) -> list[Text]:
    return occasion_plans.coming(turn.unit, turn.library.greetings, turn.library.answers.hours, turn.now.date())


def _to_moon(turn: Turn, text: Text) -> list[list[Button]]:
    lunar = text.planned.occasion.calendar == "lunar"
    return [[turn.link("moon", "room", "room")]] if lunar else []


def _to_all(turn: Turn) -> list[Button]:
    return [turn.button("all", "room")]


def _to_text(turn: Turn, text: Text) -> Keyboard:
    return Keyboard(inline=[[turn.button("never_mind", "text", text.ref)]])


def _day(turn: Turn, day: date) -> str:
    return turn.library.answers.hours.name_day(day, turn.now.date())


def _me(turn: Turn) -> Member:
    member = turn.member
    if member is None:
        raise CitizenError("gone")
    return member
