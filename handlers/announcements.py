"""«اطلاع‌رسانی»: what is announced, how far it is, and how it ended. How one is composed: `announce.py`.

room, /announce -> a new one; those that have not ended; the past ones, by pages
one -> as it is sent; where it stands, the report, and what can be done:
       pause, resume; cancel --sure?--> ended; resend to those of whom nothing is known --sure?--> goes on
       approve or refuse, for whoever may; its words as a new draft
"""

from bot.flow import Address, Button, CitizenError, Conversation, Keyboard, Spans, Turn
from bot.services import announcement_words, announcements, composing, contents, poll_ends, staff, typed
from bot.services.announcements import Announcement, AnnouncementState

talk = Conversation("announcements", role="editor")

A_PAGE = 5
MOST_OPEN = 50
FURTHEST = 1_000
"""Pages, of what has ended."""
CANCELLABLE = (
    AnnouncementState.WAITING,
    AnnouncementState.PLANNED,
    AnnouncementState.QUEUING,
    AnnouncementState.RUNNING,
    AnnouncementState.PAUSED,
)


# -- the lists


@talk.waiting
def waiting(turn: Turn) -> int:
    """How many they could approve."""
    return sum(_may_decide(turn, found) for found in turn.unit.announcements.open(MOST_OPEN))


@talk.command("announce")
@talk.room
def room(turn: Turn) -> None:
    turn.end()
    _list_open(turn, 0, below=True)


@talk.button("open")
def page(turn: Turn) -> None:
    _list_open(turn, typed.number(turn.argument))


def _list_open(turn: Turn, wanted: int, *, below: bool = False) -> None:
    found = turn.unit.announcements.open(MOST_OPEN)
    last = max(len(found) - 1, 0) // A_PAGE
    number = min(wanted, last)
    shown = found[number * A_PAGE :][:A_PAGE]
    turning = [turn.button("newer", "open", str(number - 1))] if number else []
    turning += [turn.button("older", "open", str(number + 1))] if number < last else []
    rows = [[turn.link("announce", "new", "new")], *_doors(turn, shown)]
    rows += [turning] if turning else []
    rows.append([turn.button("past", "past"), turn.link("staff", "menu", "menu")])
    text = turn.words.text("room" if found else "room_empty") + _lines(turn, shown)
    (turn.tell if below else turn.change)(text, Keyboard(inline=rows))


@talk.button("past")
def past(turn: Turn) -> None:
    number = min(typed.number(turn.argument), FURTHEST)
    found = turn.unit.announcements.ended(A_PAGE + 1, number * A_PAGE)
    shown = found[:A_PAGE]
    turning = [turn.button("newer", "past", str(number - 1))] if number else []
    turning += [turn.button("older", "past", str(number + 1))] if len(found) > A_PAGE else []
    rows = [*_doors(turn, shown), *([turning] if turning else []), [turn.button("do_list", "open")]]
    turn.change(turn.words.text("past" if found else "past_empty") + _lines(turn, shown), Keyboard(inline=rows))


def _lines(turn: Turn, shown: list[Announcement]) -> Spans:
    lines = [turn.library.announcing.line(place, found) for place, found in enumerate(shown, start=1)]
    return tuple(span for line in lines for span in line)


def _doors(turn: Turn, shown: list[Announcement]) -> list[list[Button]]:
    doors = [turn.button("open", "one", str(found.id), place=place) for place, found in enumerate(shown, start=1)]
    return [doors[:3], doors[3:]] if len(doors) > 3 else [doors] if doors else []


# -- one of them


@talk.button("one")
def one(turn: Turn) -> None:
    """As it is sent, and below it how it stands."""
    turn.end()
    found = announcements.find(turn.unit, typed.number(turn.argument))
    content, words = composing.plan_of(found).content, turn.library.talks.words["announced"]
    turn.tell(content.text, content.keyboard(0, found.topic, words), contents.files_of(turn.unit, content))
    turn.tell(*_state(turn, found.id), logical=f"run:{found.id}")


@talk.button("refresh")
def refresh(turn: Turn) -> None:
    _show(turn, typed.number(turn.argument))


def _show(turn: Turn, number: int) -> None:
    turn.change(*_state(turn, number), logical=f"run:{number}")


def _state(turn: Turn, number: int) -> tuple[Spans, Keyboard]:
    report = announcements.report(turn.unit, number)
    found, words = report.announcement, turn.words
    plan = composing.plan_of(found)
    text = (
        announcement_words.progress(words, report, turn.unit.now)
        + words.text("head_plan")
        + turn.library.announcing.plan(plan)
        + _who(turn, found)
    )
    counted = {place: one.label for place, one in enumerate(plan.content.buttons) if one.kind != "link"}
    told = announcement_words.pressed(words, report, counted)
    text += words.text("head_pressed") + told if report.total and told else ()
    rows = [
        [button for button in row if button.data != f"announcements:one:{number}"]
        for row in announcement_words.under(words, report).inline
    ]
    return text, Keyboard(inline=[row for row in [*rows, *_ways(turn, found)] if row])


def _who(turn: Turn, found: Announcement) -> Spans:
    author = None if found.made_by is None else turn.unit.staff.get(found.made_by)
    if author is not None:
        text = turn.words.text("line_author", who=turn.name_of(author))
    else:
        text = turn.words.text("line_by_survey" if poll_ends.is_made_here(found) else "line_by_calendar")
    decider = None if found.approved_by is None else turn.unit.staff.get(found.approved_by)
    if decider is None or found.approved_at is None:
        return text
    key = "line_refused" if found.state == AnnouncementState.REFUSED else "line_approved"
    when = turn.library.announcing.millis(found.approved_at)
    return text + turn.words.text(key, who=turn.name_of(decider), when=when)


def _ways(turn: Turn, found: Announcement) -> list[list[Button]]:
    number = str(found.id)
    rows = []
    if _may_decide(turn, found):
        rows.append([turn.link("approving", "yes", "yes", number), turn.link("approving", "no", "no", number)])
    if found.state in {AnnouncementState.WAITING, AnnouncementState.PLANNED}:
        mine = found.made_by == turn.me.id
        take_back = [turn.link("announce_lint", "regret", "regret", number)] if mine else []
        rows.append([*take_back, turn.button("do_cancel", "cancel", number)])
    last = [turn.button("copy", "copy", number)] if found.state not in CANCELLABLE else []
    if found.state in CANCELLABLE:
        last.append(turn.button("refresh", "refresh", number))
    return [*rows, last, [turn.button("do_list", "room")]]


@talk.button("copy")
def copy(turn: Turn) -> None:
    turn.visit("announce", "copy", turn.argument)


def _may_decide(turn: Turn, found: Announcement) -> bool:
    me = turn.me
    return found.state == AnnouncementState.WAITING and found.made_by != me.id and staff.may(me.role, "manager")


# -- what is done to it


@talk.button("pause")
def pause(turn: Turn) -> None:
    _show(turn, announcements.pause(turn.unit, typed.number(turn.argument), turn.me).id)


@talk.button("resume")
def resume(turn: Turn) -> None:
    _show(turn, announcements.resume(turn.unit, typed.number(turn.argument), turn.me).id)


@talk.button("cancel")
def sure_cancel(turn: Turn) -> None:
    found = announcements.find(turn.unit, typed.number(turn.argument))
    if found.state not in CANCELLABLE:
        raise CitizenError("not_running")
    number = str(found.id)
    ways = [turn.button("yes_cancel", "cancelled", number), turn.button("no", "one", number)]
    turn.say("sure_cancel", Keyboard(inline=[ways]))


@talk.button("cancelled")
def cancel(turn: Turn) -> None:
    number = typed.number(turn.argument)
    before = announcements.find(turn.unit, number)
    announcements.cancel(turn.unit, number, turn.me)
    turn.say("cancelled", Keyboard(inline=[[turn.button("do_list", "room")]]))
    _tell_author(turn, before)
    if before.state == AnnouncementState.WAITING:
        turn.visit("approving", "closed", str(number))


def _tell_author(turn: Turn, cancelled: Announcement) -> None:
    """Their own message says how it is no more; what a colleague did is told below all else."""
    author = None if cancelled.made_by is None else turn.unit.staff.here(cancelled.made_by)
    if author is None:
        return
    report = announcements.report(turn.unit, cancelled.id)
    told, under = announcement_words.ended(turn.words, report), announcement_words.under(turn.words, report)
    to, name = Address(author.platform, author.user_id), f"run:{cancelled.id}"
    if author.id == turn.me.id:
        turn.repost(to, name, told, under)
    else:
        turn.post(to, told, under, logical=name)


@talk.button("resend")
def sure_resend(turn: Turn) -> None:
    found = announcements.find(turn.unit, typed.number(turn.argument))
    if found.state != AnnouncementState.DONE:
        raise CitizenError("not_running")
    number = str(found.id)
    ways = [turn.button("yes_resend", "resent", number), turn.button("no", "one", number)]
    turn.say("sure_resend", Keyboard(inline=[ways]))


@talk.button("resent")
def resend(turn: Turn) -> None:
    found = announcements.resend(turn.unit, typed.number(turn.argument), turn.me)
    turn.say("resent", Keyboard(inline=[[turn.button("do_open", "one", str(found.id))]]), logical=f"run:{found.id}")
