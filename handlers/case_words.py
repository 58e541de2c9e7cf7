"""What staff say of a case in words: to its citizen, to each other, and with every end. The card itself: case.

in a desk:  action -> a message to reply to --words, files--> done, and a word that it left
                      a ready-made reply under it -> as it will be read -> sent
in private: action -> words or files, or a ready-made reply -> preview -> sent; other words replace it
planned -> for which day? --typed, or a button--> the same, with words or without
same    -> the code of the other case -> done;  note -> words -> kept, its citizen never sees them
a reply to a card, or to what was said of a case -> to its citizen; beginning with // -> a note
"""

from datetime import timedelta

from bot.flow import Button, CitizenError, Conversation, Keyboard, Spans, Turn, data, side_by_side
from bot.services import access, codes, errands, handling
from bot.services.cases import Case, Change
from bot.services.errands import OFFERED_DAYS, Errand
from bot.services.handling import Said
from bot.services.staff import Member

talk = Conversation("case_words", role="operator", part_of="case")

NOTE = "//"
AT_ONCE = frozenset({"note", "same", "gist"})
"""What needs no preview in private: it is not for the citizen, or they are asked whether it is right."""


# -- asking for words


@talk.desk_button("want")
@talk.button("want")
def want(turn: Turn) -> None:
    number, _, written = turn.argument.partition(".")
    errand = errands.read(written, turn.now)
    ask(turn, _ready(turn, number, errand), errand)


def ask(turn: Turn, case: Case, errand: Errand) -> None:
    """In a desk the message is named: whoever replies to it says the words. In private the next message does."""
    if errand.needs_day:
        question, rows = turn.words.text("which_day", code=codes.shown(case.code)), [_days(turn, case)]
    else:
        question, rows = _question(turn, case, errand), _ready_made(turn, case, errand)
    written = errands.as_written(errand)
    if turn.incoming.private:
        turn.memory = {"case": str(case.id), "errand": written}
        turn.go(write)
    else:
        question += turn.words.text("by_reply")
    rows.append([turn.button("drop", "drop", f"{case.id}.{written}")])
    turn.tell(question, Keyboard(inline=rows), logical=f"want:{case.id}:{written}")


def _question(turn: Turn, case: Case, errand: Errand) -> Spans:
    code = codes.shown(case.code)
    if errand.day is not None:
        return turn.words.text("planned_for", code=code, day=errands.in_words(errand.day))
    return turn.words.text(f"want_{errand.action}", code=code)


def _days(turn: Turn, case: Case) -> list[Button]:
    days = {key: turn.now + timedelta(days=ahead) for key, ahead in OFFERED_DAYS.items()}
    return [turn.button(f"day_{key}", "day", f"{case.id}.{errands.write_day(day)}") for key, day in days.items()]


def _ready_made(turn: Turn, case: Case, errand: Errand) -> list[list[Button]]:
    ahead = f"{case.id}.{errands.as_written(errand)}"
    found = errands.replies_for(turn.library.replies, case, errand)
    rows = side_by_side([Button(reply.title, data("case_words", "with", f"{ahead}.{reply.id}")) for reply in found])
    return [*rows, [turn.button("wordless", "send", ahead)]] if errand.day is not None else rows


@talk.desk_button("day")
@talk.button("day")
def choose_day(turn: Turn) -> None:
    number, _, written = turn.argument.partition(".")
    case = _ready(turn, number, Errand("planned"))
    ask(turn, case, errands.plan_for(turn.now, written=written))


@talk.desk_button("drop")
@talk.button("drop")
def drop(turn: Turn) -> None:
    number = turn.argument.partition(".")[0]
    case = _case(turn, number)
    if turn.memory.get("case") == number:  # an old button ends nothing else that was begun since
        turn.end()
    turn.change(turn.words.text("dropped", code=codes.shown(case.code)), _to_card(turn, case))


# -- a ready-made reply


@talk.desk_button("with")
@talk.button("with")
def show_filled(turn: Turn) -> None:
    """As its citizen will read it; in private other words may still replace it."""
    case, errand, text = _filled(turn)
    written = errands.as_written(errand)
    if turn.incoming.private:
        if (turn.memory.get("case"), turn.memory.get("errand")) != (str(case.id), written):
            turn.memory = {"case": str(case.id), "errand": written}
        turn.memory["text"] = text
        preview(turn, case, errand)
        return
    number, _, wanted = turn.argument.rpartition(".")
    rows = [[turn.button("send", "send", f"{number}.{wanted}"), turn.button("drop", "drop", number)]]
    told = turn.words.text("filled", code=codes.shown(case.code), text=text) + turn.words.text("by_reply")
    turn.change(told, Keyboard(inline=rows), logical=f"want:{case.id}:{written}")


@talk.desk_button("send")
@talk.button("send")
def send_filled(turn: Turn) -> None:
    """A ready-made reply goes out, or something planned is told without any words."""
    case, errand, text = _filled(turn)
    change = carry_out(turn, str(case.id), errand, handling.said(text))
    turn.end()
    turn.spread(change)
    turn.change(_told(turn, change), _to_card(turn, change.case), logical=f"said:{case.id}")


def _filled(turn: Turn) -> tuple[Case, Errand, str]:
    number, _, rest = turn.argument.partition(".")
    written, _, wanted = rest.partition(".")
    errand = errands.read(written, turn.now)
    case = _ready(turn, number, errand)
    if not wanted and errand.day is not None:
        return case, errand, ""
    reply = next((one for one in errands.replies_for(turn.library.replies, case, errand) if one.id == wanted), None)
    if reply is None or errand.needs_day:
        raise CitizenError("no_reply")
    return case, errand, errands.filled(turn.unit, turn.library.news.cards, case, errand, reply)


# -- words in private


@talk.step
def write(turn: Turn) -> None:
    """Words or files, in any order: each replaces what was there of its kind."""
    errand = errands.read(turn.memory.get("errand", ""), turn.now)
    case = _ready(turn, turn.memory.get("case", ""), errand)
    if errand.needs_day:
        ask(turn, case, errands.plan_for(turn.now, text=turn.text))
        return
    said = _said(turn)
    if errand.action in AT_ONCE:
        finish(turn, carry_out(turn, str(case.id), errand, said))
        return
    if said.text:
        turn.memory["text"] = said.text
    if said.files:
        turn.memory["files"] = list(said.files)
    if not (said.text or said.files):
        raise CitizenError("no_text")
    preview(turn, case, errand)


def preview(turn: Turn, case: Case, errand: Errand) -> None:
    """The button of an earlier one sends nothing: its words may be others."""
    turn.memory["shown"] = turn.memory.get("shown", 0) + 1
    rows = [
        [
            turn.button("send", "post", str(turn.memory["shown"])),
            turn.button("drop", "drop", f"{case.id}.{errands.as_written(errand)}"),
        ]
    ]
    text, files = turn.memory.get("text", ""), turn.memory.get("files", [])
    told = turn.words.text("preview", code=codes.shown(case.code))
    told += turn.words.text("preview_text", text=text) if text else ()
    told += turn.words.text("preview_files", count=len(files)) if files else ()
    turn.tell(told + turn.words.text("or_other_words"), Keyboard(inline=rows))
    turn.go(write)


@talk.button("post")
def post(turn: Turn) -> None:
    if "shown" not in turn.memory or turn.argument != str(turn.memory["shown"]):
        raise CitizenError("no_errand")
    errand = errands.read(turn.memory["errand"], turn.now)
    said = handling.said(turn.memory.get("text", ""), tuple(turn.memory.get("files", ())))
    finish(turn, carry_out(turn, turn.memory["case"], errand, said))


def finish(turn: Turn, change: Change) -> None:
    turn.end()
    turn.spread(change)
    turn.tell(_told(turn, change), _to_card(turn, change.case), logical=f"said:{change.case.id}")


# -- words by replies


@talk.desk_reply("want")
def reply_to_question(turn: Turn) -> None:
    number, _, written = turn.argument.partition(":")
    errand = errands.read(written, turn.now)
    case = _ready(turn, number, errand)
    if errand.needs_day:
        ask(turn, case, errands.plan_for(turn.now, text=turn.text))
        return
    change = carry_out(turn, number, errand, _said(turn))
    turn.spread(change)
    # What stands there asks no more; that it was done is said below, where everybody looks.
    turn.repost(turn.here, f"want:{turn.argument}", turn.words.text("answered", code=codes.shown(case.code)))
    turn.tell(_told(turn, change), logical=f"said:{case.id}")


@talk.desk_reply("card")
@talk.desk_reply("said")
@talk.reply("card")
@talk.reply("said")
def reply_to_case(turn: Turn) -> None:
    case = _case(turn, turn.argument)
    if turn.text.lstrip().startswith(NOTE):
        said = _said(turn, turn.text.lstrip().removeprefix(NOTE))
        change = handling.note(turn.unit, _me(turn), str(case.id), said)
    else:
        change = handling.tell(turn.unit, _me(turn), str(case.id), _said(turn))
    turn.spread(change)
    turn.tell(_told(turn, change), logical=f"said:{case.id}")


# -- doing it


def carry_out(turn: Turn, number: str, errand: Errand, said: Said) -> Change:
    unit, member = turn.unit, _me(turn)
    if errand.action == "ask":
        return handling.ask(unit, member, number, said)
    if errand.action == "say":
        return handling.tell(unit, member, number, said)
    if errand.action == "note":
        return handling.note(unit, member, number, said)
    if errand.action == "same":
        return handling.same_as(unit, member, number, codes.read(said.text))
    if errand.action == "gist":
        return handling.gist(unit, member, number, said, turn.library.categories.fold(said.text))
    if errand.day is not None:
        return handling.plan(unit, member, number, errands.end_of(errand.day), said)
    return handling.close(unit, member, number, errand.action, said)


def _told(turn: Turn, change: Change) -> Spans:
    """A word that it is done, and whether it went to a citizen."""
    kind, code = change.event.kind, codes.shown(change.case.code)
    if kind == "note":
        return turn.words.text("noted", code=code)
    if change.case.chat_id is None:
        return turn.words.text("kept", code=code)
    return turn.words.text("sent", code=code)


# -- small things


def _me(turn: Turn) -> Member:
    member = turn.member
    if member is None:
        raise CitizenError("not_staff")
    return member


def _said(turn: Turn, text: str | None = None) -> Said:
    return handling.said(turn.text if text is None else text, tuple(file.key for file in turn.keep()))


def _case(turn: Turn, number: str) -> Case:
    """The case, if it may be seen by this member and at this place."""
    case = access.see(turn.unit, turn.member, number)
    if not turn.incoming.private:
        access.at_desk(turn.unit, case, turn.incoming.platform, turn.incoming.chat_id)
    return case


def _ready(turn: Turn, number: str, errand: Errand) -> Case:
    """The same, if this may be done to it now: better said before they write than after."""
    _case(turn, number)
    return access.ready(turn.unit, turn.member, number, errand.action)


def _to_card(turn: Turn, case: Case) -> Keyboard:
    """In private, the way back; in a desk the card stands above."""
    if not turn.incoming.private:
        return Keyboard()
    return Keyboard(inline=[[turn.link("case", "show", "show", str(case.id))]])
