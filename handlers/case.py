"""A case in the hands of staff: its card in a desk or in private, and what one tap does. What needs words: case_words.

card -> take, release, urgent or not, open again  -> done; the card shows it, others are told
        another desk -> which? -> it is theirs
        colleague    -> whom?  -> it is theirs
        subject      -> group -> which? -> changed; where another desk takes that, it goes there
        more, less   -> the same card with other buttons
        history      -> who did what and when
show (from lists and news), pictures, keeping its citizen from filing more: in private
"""

from bot.flow import Button, CitizenError, Conversation, Keyboard, Spans, Turn, data, side_by_side
from bot.services import access, case_history, codes, handling, quoting, staff
from bot.services.cases import Case, Change
from bot.services.staff import Member

talk = Conversation("case", role="operator")

A_PAGE = 8
DIGITS = 8
MOST_SHOWN = 30
TITLE_ON_BUTTON = 28


# -- looking at it


@talk.button("show")
def show(turn: Turn) -> None:
    turn.end()
    case = _case(turn)
    turn.tell(*_card(turn, case), logical=f"card:{case.id}")


@talk.desk_button("more")
@talk.button("more")
def show_more(turn: Turn) -> None:
    case = _case(turn)
    turn.change(*_card(turn, case, more=True), logical=f"card:{case.id}")


@talk.desk_button("less")
@talk.button("less")
def show_less(turn: Turn) -> None:
    case = _case(turn)
    turn.change(*_card(turn, case), logical=f"card:{case.id}")


@talk.desk_button("history")
@talk.button("history")
def tell_history(turn: Turn) -> None:
    case = _case(turn)
    full = turn.incoming.private and _sees_all(_me(turn), case)
    turn.tell(case_history.told(turn.unit, turn.words, case, hide=not full), logical=f"said:{case.id}")


@talk.button("files")
def show_files(turn: Turn) -> None:
    case = _case(turn)
    files = turn.library.news.all_files(turn.unit, case)[-MOST_SHOWN:]
    if not files:
        raise CitizenError("no_files")
    turn.say("files_of", files=files, logical=f"said:{case.id}", code=codes.shown(case.code))


# -- one tap


@talk.desk_button("take")
@talk.button("take")
def take(turn: Turn) -> None:
    done(turn, handling.take(turn.unit, _me(turn), _number(turn)))
    turn.alert("taken")


@talk.desk_button("release")
@talk.button("release")
def release(turn: Turn) -> None:
    done(turn, handling.release(turn.unit, _me(turn), _number(turn)))
    turn.alert("released")


@talk.desk_button("hurry")
@talk.button("hurry")
def hurry(turn: Turn) -> None:
    done(turn, handling.hurry(turn.unit, _me(turn), _number(turn), urgent=True))
    turn.alert("urgent")


@talk.desk_button("calm")
@talk.button("calm")
def calm(turn: Turn) -> None:
    done(turn, handling.hurry(turn.unit, _me(turn), _number(turn), urgent=False))
    turn.alert("ordinary")


@talk.desk_button("open")
@talk.button("open")
def reopen(turn: Turn) -> None:
    done(turn, handling.reopen(turn.unit, _me(turn), _number(turn)))
    turn.alert("opened")


def done(turn: Turn, change: Change) -> None:
    """Everybody is told; in private the card that was pressed changes too, as far as one still may see it."""
    turn.spread(change)
    if not turn.incoming.private:
        return
    case = change.case
    if staff.works_at(turn.unit, _me(turn), case.desk_id):
        turn.change(*_card(turn, case), logical=f"card:{case.id}")
    else:
        desk = turn.unit.desks.get(case.desk_id) if case.desk_id is not None else None
        moved = turn.library.news.cards.moved_on(case, "" if desk is None else desk.title)
        turn.change(moved, Keyboard(inline=[[turn.link("cases", "room", "room")]]))


# -- one of several


@talk.desk_button("forward")
@talk.button("forward")
def choose_desk(turn: Turn) -> None:
    case, page = _to_work_on(turn)
    others = [desk for desk in turn.unit.desks.all() if desk.id != case.desk_id]
    if not others:
        raise CitizenError("no_other_desk")
    those = [
        Button(
            quoting.quote(desk.title, TITLE_ON_BUTTON) or turn.words.button("untitled", number=desk.id),
            data("case", "to", f"{case.id}.{desk.id}"),
        )
        for desk in others
    ]
    choose(turn, case, turn.words.text("which_desk"), _paged(turn, "forward", str(case.id), those, page))


@talk.desk_button("to")
@talk.button("to")
def forward(turn: Turn) -> None:
    number, _, desk = turn.argument.partition(".")
    there = staff.desk(turn.unit, desk)
    done(turn, handling.forward(turn.unit, _me(turn), _number(turn, number), there.id))
    turn.alert("forwarded")


@talk.desk_button("assign")
@talk.button("assign")
def choose_colleague(turn: Turn) -> None:
    case, page = _to_work_on(turn)
    them = access.colleagues(turn.unit, case)
    if not them:
        raise CitizenError("no_colleague")
    those = [Button(turn.name_of(who), data("case", "give", f"{case.id}.{who.id}")) for who in them]
    choose(turn, case, turn.words.text("whom"), _paged(turn, "assign", str(case.id), those, page))


@talk.desk_button("give")
@talk.button("give")
def assign(turn: Turn) -> None:
    number, _, whom = turn.argument.partition(".")
    who = staff.still_here(turn.unit, whom)
    done(turn, handling.assign(turn.unit, _me(turn), _number(turn, number), who))
    turn.alert("assigned")


@talk.desk_button("recategorise")
@talk.button("recategorise")
def choose_group(turn: Turn) -> None:
    case, _ = _to_work_on(turn)
    groups = turn.library.categories.groups
    those = [Button(group.title, data("case", "group", f"{case.id}.{group.id}")) for group in groups]
    choose(turn, case, turn.words.text("which_group"), side_by_side(those))


@talk.desk_button("group")
@talk.button("group")
def choose_category(turn: Turn) -> None:
    number, _, wanted = turn.argument.partition(".")
    turn.argument = number
    case, _ = _to_work_on(turn)
    group = next((group for group in turn.library.categories.groups if group.id == wanted), None)
    if group is None:
        raise CitizenError("no_such_category")
    those = [
        Button(category.title, data("case", "leaf", f"{case.id}.{category.id}"))
        for category in group.categories
        if category.id != case.category
    ]
    choose(turn, case, turn.words.text("which_category"), side_by_side(those))


@talk.desk_button("leaf")
@talk.button("leaf")
def recategorise(turn: Turn) -> None:
    number, _, wanted = turn.argument.partition(".")
    if wanted not in turn.library.categories.all:
        raise CitizenError("no_such_category")
    done(turn, handling.recategorise(turn.unit, _me(turn), _number(turn, number), wanted))
    turn.alert("recategorised")


def choose(turn: Turn, case: Case, question: Spans, those: list[list[Button]]) -> None:
    """The question stands under the card, whose buttons make room for the choice."""
    text, _ = _card(turn, case)
    back = [turn.button("back", "less", str(case.id))]
    turn.change(text + question, Keyboard(inline=[*those, back]), logical=f"card:{case.id}")


# -- its citizen


@talk.button("ban")
def ban(turn: Turn) -> None:
    case = _case(turn)
    if not staff.may(_me(turn).role, "manager"):
        raise CitizenError("managers_only")
    if case.user_id is None:
        raise CitizenError("no_citizen")
    turn.memory = {"after": ["case", "show", str(case.id)]}
    turn.visit("bans", "begin", f"{case.platform}.{case.user_id}")


# -- small things


def _me(turn: Turn) -> Member:
    """Who acts: whoever is in the group may press what stands there."""
    member = turn.member
    if member is None:
        raise CitizenError("not_staff")
    return member


def _case(turn: Turn, number: str | None = None) -> Case:
    """The case that a button names, if it may be seen by this member and at this place."""
    case = access.see(turn.unit, _me(turn), turn.argument if number is None else number)
    if not turn.incoming.private:
        access.at_desk(turn.unit, case, turn.incoming.platform, turn.incoming.chat_id)
    return case


def _number(turn: Turn, number: str | None = None) -> str:
    """The number of that case."""
    return str(_case(turn, number).id)


def _to_work_on(turn: Turn) -> tuple[Case, int]:
    """A case that this member may change, and the page of the choice."""
    number, _, page = turn.argument.partition(".")
    case = _case(turn, number)
    access.work_on(turn.unit, _me(turn), case)
    return case, int(page) if page.isascii() and page.isdecimal() and len(page) < DIGITS else 0


def _card(turn: Turn, case: Case, *, more: bool = False) -> tuple[Spans, Keyboard]:
    cards = turn.library.news.cards
    if not turn.incoming.private:
        return cards.of_desk(turn.unit, case, more=more)
    member = _me(turn)
    bans = staff.may(member.role, "manager")
    return cards.of_member(turn.unit, case, more=more, full=_sees_all(member, case), bans=bans)


def _sees_all(member: Member, case: Case) -> bool:
    """Whether telephone numbers are shown to a member."""
    return case.owner_id == member.id or staff.may(member.role, "manager")


def _paged(turn: Turn, action: str, ahead: str, those: list[Button], page: int) -> list[list[Button]]:
    """One page of a choice, and the buttons that turn it."""
    last = max(len(those) - 1, 0) // A_PAGE
    number = min(page, last)
    turning = [turn.button("previous", action, f"{ahead}.{number - 1}")] if number else []
    turning += [turn.button("next", action, f"{ahead}.{number + 1}")] if number < last else []
    return [*side_by_side(those[number * A_PAGE :][:A_PAGE]), *([turning] if turning else [])]
