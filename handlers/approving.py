"""A second person looks at an announcement before it goes to many.

asked (by its author, `announce_lint`) -> managers and admins get it with «تأیید» and «رد»
yes -> it may go                              whoever acts first counts: with all others, the message changes to who did
no  -> why? --words, or none--> it does not   it and when; the author is told
closed (its author took it back) -> the message changes with all of them
"""

from bot.flow import Address, CitizenError, Conversation, Keyboard, Spans, Turn
from bot.services import announcements, composing, contents, typed
from bot.services.announcements import Announcement, AnnouncementState
from bot.services.quoting import quote
from bot.services.staff import Member

talk = Conversation("approving", role="manager")

REASON_MOST = 300


@talk.button("ask")
def ask(turn: Turn) -> None:
    """Everybody who may gets it in their own chat."""
    found = announcements.find(turn.unit, typed.number(turn.argument))
    if found.state != AnnouncementState.WAITING or found.made_by != turn.me.id:
        raise CitizenError("decided")
    plan = composing.plan_of(found)
    content, words = plan.content, turn.library.talks.words["announced"]
    reach = announcements.reach(turn.unit, plan, turn.library.sending)
    text = turn.words.text("asked", who=turn.name_of(turn.me)) + turn.library.announcing.plan(plan, reach)
    number = str(found.id)
    under = Keyboard(inline=[[turn.button("yes", "yes", number), turn.button("no", "no", number)]])
    for who in announcements.approvers(turn.unit, found.made_by):
        to = Address(who.platform, who.user_id)
        turn.post(to, content.text, content.keyboard(0, found.topic, words), contents.files_of(turn.unit, content))
        turn.post(to, text, under, logical=_name(found))


@talk.button("yes")
def approve(turn: Turn) -> None:
    lunar = turn.library.answers.hours.calendar.lunar
    found = announcements.approve(turn.unit, typed.number(turn.argument), turn.me, lunar)
    _tell_all(turn, found)
    author = _author(turn, found)
    if author is not None:
        when = turn.library.announcing.millis(found.due_at)
        under = Keyboard(inline=[[turn.link("announce_lint", "regret", "regret", str(found.id))]])
        text = turn.words.text("yours_approved", who=turn.name_of(turn.me), when=when)
        turn.post(Address(author.platform, author.user_id), text, under, logical=f"run:{found.id}")


@talk.button("no")
def ask_reason(turn: Turn) -> None:
    found = announcements.find(turn.unit, typed.number(turn.argument))
    if found.state != AnnouncementState.WAITING:
        raise CitizenError("decided")
    if found.made_by == turn.me.id:
        raise CitizenError("own")
    turn.memory = {"refuse": found.id}
    turn.go(write_reason)
    turn.say("ask_reason", Keyboard(inline=[[turn.button("no_reason", "refuse", str(found.id))]]))


@talk.step
def write_reason(turn: Turn) -> None:
    """Somebody else may have decided while the reason was written: then it is not waited for any longer."""
    found = announcements.find(turn.unit, turn.memory.get("refuse", 0))
    if found.state != AnnouncementState.WAITING:
        turn.end()
        turn.tell(_outcome(turn, found))
        return
    reason = quote(turn.text, REASON_MOST)
    if not reason:
        raise CitizenError("empty")
    _refuse(turn, found.id, reason)


@talk.button("refuse")
def refuse(turn: Turn) -> None:
    _refuse(turn, typed.number(turn.argument), "")


def _refuse(turn: Turn, number: int, reason: str) -> None:
    """Its author can go on with the words: nothing is lost."""
    found = announcements.refuse(turn.unit, number, turn.me)
    turn.end()
    _tell_all(turn, found)
    author, who = _author(turn, found), turn.name_of(turn.me)
    if author is None:
        return
    text = turn.words.text("yours_refused", who=who)
    text += turn.words.text("line_reason", reason=reason) if reason else ()
    under = Keyboard(inline=[[turn.link("announcements", "copy", "copy", str(found.id))]])
    turn.post(Address(author.platform, author.user_id), text, under, logical=f"run:{found.id}")


@talk.button("closed")
def closed(turn: Turn) -> None:
    """Nobody has to decide any more."""
    found = announcements.find(turn.unit, typed.number(turn.argument))
    if found.state == AnnouncementState.CANCELLED and found.approved_by is None:
        _tell_all(turn, found)


def _tell_all(turn: Turn, found: Announcement) -> None:
    """What stands in each chat instead of the question."""
    for who in announcements.approvers(turn.unit, found.made_by):
        turn.repost(Address(who.platform, who.user_id), _name(found), _outcome(turn, found))


def _outcome(turn: Turn, found: Announcement) -> Spans:
    who = None if found.approved_by is None else turn.unit.staff.get(found.approved_by)
    if who is None or found.approved_at is None:
        return turn.words.text("withdrawn")
    when = turn.library.announcing.millis(found.approved_at)
    key = "refused_by" if found.state == AnnouncementState.REFUSED else "approved_by"
    return turn.words.text(key, who=turn.name_of(who), when=when)


def _author(turn: Turn, found: Announcement) -> Member | None:
    """Who wrote it, if they still work here."""
    return None if found.made_by is None else turn.unit.staff.here(found.made_by)


def _name(found: Announcement) -> str:
    return f"approval:{found.id}"
