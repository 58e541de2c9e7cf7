"""Citizens who may not file reports for a while, for managers.

room, page -> who, why and until when; one of them -> lift? --yes--> lifted
                                                            --no---> room
begin (from a case) -> for how long? -> why? --one of these, or words--> sure? --yes--> banned
                                                                               --no---> nothing changed

How another room begins it, with the button to which it leads afterwards:

    turn.memory = {"after": ["case", "show", "17"]}
    turn.visit("bans", "begin", f"{platform}.{user_id}")
"""

from typing import Any

from bot.flow import CitizenError, Conversation, Keyboard, Spans, Turn, side_by_side
from bot.services import bans
from bot.services.bans import Ban
from bot.services.staff import Member

talk = Conversation("bans", role="manager")

A_PAGE = 4
MOST_SHOWN = 400
LENGTHS = {"week": 7, "month": 30, "open": None}
REASONS = ("insult", "spam", "false")


# -- who is banned


@talk.room
def room(turn: Turn) -> None:
    turn.end()
    show(turn, 0, below=True)


@talk.button("page")
def page(turn: Turn) -> None:
    show(turn, int(turn.argument) if turn.argument.isdecimal() and len(turn.argument) < 6 else 0)


def show(turn: Turn, wanted: int, *, below: bool = False) -> None:
    found = bans.all(turn.unit, MOST_SHOWN)
    last = max(len(found) - 1, 0) // A_PAGE
    number = min(wanted, last)
    text = turn.words.text("room", count=len(found)) if found else turn.words.text("nobody")
    lifting = []
    for place, ban in list(enumerate(found, start=1))[number * A_PAGE :][:A_PAGE]:
        text += turn.words.text("line", place=place, who=_who(turn, *bans.shown(ban)), since=bans.since(ban))
        text += _until(turn, ban) + turn.words.text("line_reason", reason=ban.reason)
        lifting.append(turn.button("lift", "ask", bans.key(ban), place=place))
    turning = [turn.button("previous", "page", str(number - 1))] if number else []
    turning += [turn.button("next", "page", str(number + 1))] if number < last else []
    rows = [*side_by_side(lifting), turning, [turn.link("staff", "menu", "menu")]]
    (turn.tell if below else turn.change)(text, Keyboard(inline=[row for row in rows if row]))


@talk.button("ask")
def ask(turn: Turn) -> None:
    ban = bans.standing_of(turn.unit, turn.argument)
    rows = [[turn.button("yes_lift", "lift", turn.argument), turn.button("no_lift", "room")]]
    turn.say("sure_lift", Keyboard(inline=rows), who=_who(turn, *bans.shown(ban)), reason=ban.reason)


@talk.button("lift")
def lift(turn: Turn) -> None:
    ban = bans.standing_of(turn.unit, turn.argument)
    bans.lift(turn.unit, _me(turn), ban.platform, ban.user_id)
    turn.say("lifted", _to_room(turn), who=_who(turn, *bans.shown(ban)))


# -- a new one


@talk.button("begin")
def begin(turn: Turn) -> None:
    platform, user_id = bans.named(turn.unit, turn.argument)
    bans.may_ban(turn.unit, platform, user_id)
    after = turn.memory.get("after")
    turn.memory = {"who": turn.argument, "shown": 0} | ({"after": after} if after else {})
    how_long(turn)


@talk.step
def how_long(turn: Turn) -> None:
    """Asked again for whatever is written here: only the buttons count."""
    _of(turn, "who")
    lengths = [turn.button(f"for_{length}", "for", length) for length in LENGTHS]
    turn.say("how_long", Keyboard(inline=[lengths, [turn.button("drop", "drop")]]))
    turn.go(how_long)


@talk.button("for")
def choose_length(turn: Turn) -> None:
    _of(turn, "who")
    if turn.argument not in LENGTHS:
        raise CitizenError("no_draft")
    turn.memory["length"] = turn.argument
    reasons = [[turn.button(f"why_{reason}", "why", reason)] for reason in REASONS]
    turn.say("why", Keyboard(inline=[*reasons, [turn.button("drop", "drop")]]), limit=bans.REASON_LIMIT)
    turn.go(write_reason)


@talk.button("why")
def choose_reason(turn: Turn) -> None:
    _of(turn, "length")
    if turn.argument not in REASONS:
        raise CitizenError("no_draft")
    turn.memory["reason"] = turn.words.button(f"why_{turn.argument}")
    make_sure(turn)


@talk.step
def write_reason(turn: Turn) -> None:
    _of(turn, "length")
    turn.memory["reason"] = bans.checked_reason(turn.text)
    make_sure(turn)


def make_sure(turn: Turn) -> None:
    """As it will be. The button of an earlier one bans nobody: its citizen or its reason may be others."""
    turn.memory["shown"] += 1
    agreed = f"{turn.memory['who']}.{turn.memory['shown']}"
    rows = [[turn.button("yes", "yes", agreed), turn.button("drop", "drop")]]
    length = turn.words.button(f"for_{turn.memory['length']}")
    turn.say("sure", Keyboard(inline=rows), length=length, reason=turn.memory["reason"])
    turn.go(write_reason)


@talk.button("yes")
def yes(turn: Turn) -> None:
    if turn.argument != f"{_of(turn, 'who')}.{_of(turn, 'shown')}":
        raise CitizenError("no_draft")
    platform, user_id = bans.named(turn.unit, turn.memory["who"])
    days = LENGTHS[_of(turn, "length")]
    ban = bans.ban(turn.unit, _me(turn), platform, user_id, days, _of(turn, "reason"))
    turn.tell(turn.words.text("banned", who=_who(turn, *bans.shown(ban))) + _until(turn, ban), _to_room(turn))
    onward(turn)


@talk.button("drop")
def drop(turn: Turn) -> None:
    turn.say("dropped", _to_room(turn))
    onward(turn)


def onward(turn: Turn) -> None:
    """Back to where it was begun."""
    after = turn.memory.get("after")
    turn.end()
    if after:
        turn.visit(*after)


# -- small things


def _until(turn: Turn, ban: Ban) -> Spans:
    day = bans.until(ban)
    return turn.words.text("until_lifted") if day is None else turn.words.text("until", day=day)


def _who(turn: Turn, platform: str, number: str) -> str:
    return turn.words.button(f"of_{platform}", number=number)


def _of(turn: Turn, key: str) -> Any:  # noqa: ANN401 - what was gathered is JSON
    """What was gathered under a key: buttons stay in a chat long after it is over."""
    if key not in turn.memory:
        raise CitizenError("no_draft")
    return turn.memory[key]


def _me(turn: Turn) -> Member:
    member = turn.member
    if member is None:
        raise CitizenError("no_draft")
    return member


def _to_room(turn: Turn) -> Keyboard:
    return Keyboard(inline=[[turn.button("back", "room")]])
