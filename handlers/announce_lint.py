"""Before an announcement goes: what may be wrong with it, and to how many it goes. Then it is sent.

check -> what stops it, what only warns, to how many, what approval it takes
send  -> urgent? asked once more -> goes in a minute, or when it is due; or waits for a second person (`approving`)
      -> an old button, or something has changed since: checked anew
regret (while it has not begun) -> back in the draft
"""

from bot.flow import Button, Conversation, Keyboard, Spans, Turn
from bot.services import announcements, composing, link_checks, proofreading, surveys, typed
from bot.services.announcements import Announcement, AnnouncementState, Reach
from bot.services.composing import Draft
from bot.services.proofreading import Beside, Finding
from bot.services.surveys import Stage

talk = Conversation("announce_lint", role="editor", part_of="announce")


# -- what may be wrong


@talk.button("check")
def check(turn: Turn) -> None:
    draft = composing.opened(turn)
    plan = composing.plan(draft)
    reach = announcements.reach(turn.unit, plan, turn.library.sending)
    findings = _findings(turn, draft)
    stops = _told(turn, [found for found in findings if found.stops]) + _obstacles(turn, draft, reach)
    warnings = _told(turn, [found for found in findings if not found.stops])
    text = turn.words.text("head_stops") + stops if stops else turn.words.text("head_fine")
    text += turn.words.text("head_warnings") + warnings if warnings else ()
    text += turn.words.text("head_plan") + turn.library.announcing.plan(plan, reach)
    text += turn.words.text("line_waits") if announcements.needs_approval(reach, turn.library.sending) else ()
    turn.tell(text, Keyboard(inline=_rows(turn, draft, findings, can_go=not stops, warned=bool(warnings))))


def _rows(turn: Turn, draft: Draft, findings: list[Finding], *, can_go: bool, warned: bool) -> list[list[Button]]:
    send = turn.button("send_anyway" if warned else "send", "send", draft.token)
    neat = any(found.key == "untidy" for found in findings)
    rows = [[send]] if can_go else []
    rows += [[turn.link("announce", "tidy", "tidy")]] if neat else []
    return [*rows, [turn.link("announce", "text", "text"), turn.link("announce", "back", "panel")]]


def _findings(turn: Turn, draft: Draft) -> list[Finding]:
    """As it reads on the day on which it is sent."""
    same = announcements.alike(turn.unit, composing.plan(draft))
    same_on = None if same is None else composing.day(same.due_at)
    sent = draft.due_at or turn.now
    beside = Beside(
        bool(draft.files),
        link_checks.of_buttons(draft),
        link_checks.dead(turn.unit, draft),
        tuple(button["label"] for button in draft.buttons if not _leads(turn, button["kind"], button["target"])),
        same_on,
        later=sent.date() != turn.now.date(),
    )
    calendar = turn.library.answers.hours.calendar
    return proofreading.findings(draft.text, sent, calendar, beside)


def _leads(turn: Turn, kind: str, target: str) -> bool:
    """Whether a button leads somewhere: answers and subjects are taken out now and then."""
    if kind == "entry":
        return target in turn.library.answers.entries
    return kind != "report" or not target or target in turn.library.categories.all


def _told(turn: Turn, findings: list[Finding]) -> Spans:
    lines = [turn.words.text(f"finding_{found.key}", **found.fields) for found in findings]
    return tuple(span for line in lines for span in (*turn.words.text("bullet"), *line))


def _obstacles(turn: Turn, draft: Draft, reach: Reach) -> Spans:
    """What has nothing to do with the words, and stops it all the same: said before anything is lost."""
    text: Spans = ()
    if composing.lost_files(turn.unit, draft):
        text += turn.words.text("obstacle_file")
    if draft.due_at is not None and draft.due_at <= turn.now:
        text += turn.words.text("obstacle_past")
    if _ends_unsent(draft):
        text += turn.words.text("obstacle_until")
    if draft.repeat is None and not reach.total:
        text += turn.words.text("obstacle_nobody")
    if draft.survey:
        text += _obstacle_of_survey(turn, draft)
    needs_other = announcements.needs_approval(reach, turn.library.sending)
    if needs_other and not announcements.approvers(turn.unit, turn.me.id):
        text += turn.words.text("obstacle_no_approver")
    return text


def _ends_unsent(draft: Draft) -> bool:
    """Whether what is repeated is over before its first time."""
    plan = composing.plan(draft)
    last = None if plan.repeat is None else plan.repeat.until
    return last is not None and plan.due is not None and last < plan.due.date()


def _obstacle_of_survey(turn: Turn, draft: Draft) -> Spans:
    """It may have been changed or asked by somebody else meanwhile, or would close before it begins."""
    row = surveys.find(turn.unit, draft.survey)
    if surveys.stage(row, turn.unit.now) is not Stage.DRAFT:
        return turn.words.text("obstacle_published")
    words = turn.library.talks.words["survey"]
    if not surveys.can_be_asked(row) or composing.asking(draft, row, words) != draft:
        return turn.words.text("obstacle_edited")
    begins = announcements.REGRET_MS + (turn.unit.now if draft.due is None else max(draft.due, turn.unit.now))
    return turn.words.text("obstacle_closes") if row.closes_at is not None and row.closes_at <= begins else ()


# -- sent


@talk.button("send")
def send(turn: Turn) -> None:
    """The button names the check that it stands under: what goes is what was checked there."""
    draft = composing.opened(turn)
    if turn.argument != draft.token:
        turn.say("changed_since")
        check(turn)
    elif draft.urgent:
        ways = [turn.button("yes_urgent", "urgent", draft.token), turn.link("announce", "back", "panel")]
        reach = announcements.reach(turn.unit, composing.plan(draft), turn.library.sending)
        turn.say("sure_urgent", Keyboard(inline=[ways]), count=reach.total)
    else:
        _submit(turn, draft)


@talk.button("urgent")
def send_urgent(turn: Turn) -> None:
    draft = composing.opened(turn)
    if turn.argument != draft.token:
        turn.say("changed_since")
        check(turn)
    else:
        _submit(turn, draft)


def _submit(turn: Turn, draft: Draft) -> None:
    """What was fine a moment ago may not be any more: a file was lost, the time has come, somebody was announced."""
    if draft.survey:
        surveys.hold(turn.unit, draft.survey)  # what is looked at here is what is asked
    reach = announcements.reach(turn.unit, composing.plan(draft), turn.library.sending)
    if _obstacles(turn, draft, reach) or any(found.stops for found in _findings(turn, draft)):
        turn.say("changed_since")
        check(turn)
        return
    composing.keep_files(turn.unit, draft)
    made = announcements.submit(turn.unit, composing.plan(draft), turn.me, turn.library.sending)
    if draft.survey:
        surveys.publish(turn.unit, draft.survey, made.id, turn.me)
    composing.drop(turn)
    turn.end()
    number = str(made.id)
    if made.state == AnnouncementState.WAITING:
        under = [[turn.button("regret", "regret", number)], [turn.link("announcements", "do_list", "room")]]
        turn.say("waiting", Keyboard(inline=under), logical=f"run:{number}")
        turn.visit("approving", "ask", number)
    else:
        _say_planned(turn, draft, made)


def _say_planned(turn: Turn, draft: Draft, made: Announcement) -> None:
    under = Keyboard(inline=[[turn.button("regret", "regret", str(made.id))]])
    if draft.due is None:
        turn.say("sent", under, logical=f"run:{made.id}")
    else:
        when = turn.library.announcing.millis(made.due_at)
        turn.say("planned", under, logical=f"run:{made.id}", when=when)


@talk.button("regret")
def regret(turn: Turn) -> None:
    """Stopped first; then its words are the draft again, if there is no other one by now."""
    number = typed.number(turn.argument)
    before = announcements.find(turn.unit, number)
    announcements.regret(turn.unit, number, turn.me)
    turn.change(turn.words.text("regretted"), Keyboard(), logical=f"run:{number}")
    if before.state == AnnouncementState.WAITING:
        turn.visit("approving", "closed", str(number))
    turn.visit("announce", "copy", str(number))
