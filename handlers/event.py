"""Editors enter an event, step by step, or change one.

new one -> kind -> program -> for whom -> title -> when -> understood? -> where -> picture -> link -> preview
           «مرحله قبل» at every step goes one back
preview -> published; or one of these steps again, and back to the preview; or dropped
        -> when is its news to go? --one of these--> preview
change  -> the preview of an event that is there
"""

from typing import Any

from bot.flow import Button, CitizenError, Conversation, Keyboard, Turn, data, side_by_side
from bot.services import coming, dated, event_drafts, event_notices, events, links
from bot.services.coming import AUDIENCES
from bot.services.event_drafts import FIELDS
from bot.services.events import Event

talk = Conversation("event", role="editor")


@talk.button("add")
def add(turn: Turn) -> None:
    turn.memory = event_drafts.new()
    ask(turn, FIELDS[0])


def ask(turn: Turn, field: str) -> None:
    """The question of a step, with what can be pressed there."""
    turn.memory["at"] = field
    turn.go(write)
    back = turn.button("preview", "preview") if turn.memory.get("one") else turn.button("back", "back")
    turn.say(
        f"step_{field}", Keyboard(inline=[*side_by_side(_choices(turn, field)), [back, turn.button("drop", "drop")]])
    )


def _choices(turn: Turn, field: str) -> list[Button]:
    kinds = turn.library.kinds
    if field == "kind":
        chosen = [Button(kind.title, data("event", "take", f"kind.{name}")) for name, kind in kinds.items()]
        return [*chosen, turn.button("general", "take", "kind.")]
    if field == "program":
        return [*_programs(turn), turn.button("no_program", "take", "program.")]
    if field == "audience":
        whom = turn.library.coming.whom
        those = [Button(whom(name), data("event", "take", f"audience.{name}")) for name in AUDIENCES]
        return [turn.button("everyone", "take", "audience."), *those]
    if field == "photo":
        return [turn.button("no_photo", "take", "photo.")]
    return [turn.button("no_link", "take", "link.")] if field == "link" else []


def _programs(turn: Turn) -> list[Button]:
    """The programs of the chosen kind, as the menu shows them."""
    screen = turn.library.kinds.get(_values(turn)["kind"])
    entries = turn.library.answers.entries
    doors = (
        [door for row in screen.rows for door in row if door.kind == "topic" and door.to in entries] if screen else []
    )
    return [Button(door.label or entries[door.to].title, data("event", "take", f"program.{door.to}")) for door in doors]


@talk.button("take")
def take(turn: Turn) -> None:
    """What stands on a button is chosen."""
    field, _, value = turn.argument.partition(".")
    allowed = {
        "kind": ("", *turn.library.kinds),
        "program": ("", *turn.library.answers.entries),
        "audience": ("", *AUDIENCES),
    }.get(field, ("",))
    if value not in allowed:
        raise CitizenError("choose")
    event_drafts.choose(turn.memory, field, value)
    onward(turn, field)


@talk.step
def write(turn: Turn) -> None:
    """What was written or sent at a step is taken in, or refused with the reason."""
    field = turn.memory.get("at", "")
    if field == "title":
        _values(turn)["title"] = events.line(turn.text, events.TITLE_LIMIT)
    elif field == "when":
        write_when(turn)
        return
    elif field == "place":
        if not write_place(turn):
            return
    elif field == "photo":
        send_photo(turn)
    elif field == "link":
        _values(turn)["link"] = links.checked_link(turn.text)
    elif field in FIELDS:  # only buttons count here, and they may have scrolled away
        ask(turn, field)
        return
    else:
        raise CitizenError("choose")
    onward(turn, field)


def write_when(turn: Turn) -> None:
    """What was understood is shown first: a slip here would send people to the wrong day."""
    if turn.memory.get("pending") and (turn.chose("right") or turn.chose("plain_yes")):
        right(turn)
        return
    found = events.checked_when(dated.read(turn.text, turn.now), turn.now)
    turn.memory["pending"] = event_drafts.times(found)
    when = turn.library.coming.when(event_drafts.dated_plan(found))
    turn.say("understood", Keyboard(inline=[[turn.button("right", "right"), turn.button("again", "again")]]), when=when)


@talk.button("right")
def right(turn: Turn) -> None:
    pending = turn.memory.pop("pending", None)
    if pending is None:
        raise CitizenError("no_draft")
    _values(turn).update(pending)
    onward(turn, "when")


@talk.button("again")
def again(turn: Turn) -> None:
    _values(turn)
    ask(turn, "when")


def write_place(turn: Turn) -> bool:
    """A point on the map, the words, or one after the other; whether the step is over."""
    values = _values(turn)
    if turn.spot is not None:
        values.update(lat=turn.spot.lat, lon=turn.spot.lon)
        turn.memory["spot"] = True
        turn.say("spot_kept")
        return False
    values["place"] = events.line(turn.text, events.PLACE_LIMIT)
    if not turn.memory.pop("spot", False):  # another place than before: the old point would lead astray
        values.update(lat=None, lon=None)
    return True


def send_photo(turn: Turn) -> None:
    values = _values(turn)
    if not turn.files or turn.files[0].kind != "photo":
        raise CitizenError("not_a_photo")
    kept = turn.keep()
    if not kept:
        raise CitizenError("photo_lost")
    values["photo"] = kept[0].key


def onward(turn: Turn, field: str) -> None:
    """The next step; after a single one that was asked again, the preview."""
    following = event_drafts.after(turn.memory, field)
    if following is None:
        preview(turn)
    else:
        ask(turn, following)


@talk.button("back")
def back(turn: Turn) -> None:
    _values(turn)
    before = event_drafts.before(turn.memory)
    if before is None:
        turn.call("events")
    else:
        ask(turn, before)


@talk.button("drop")
def drop(turn: Turn) -> None:
    turn.end()
    turn.say("dropped")
    turn.call("events")


@talk.button("change")
def change(turn: Turn) -> None:
    number = int(turn.argument) if turn.argument.isascii() and turn.argument.isdecimal() else 0
    turn.memory = event_drafts.of(events.find(turn.unit, number, turn.now))
    preview(turn)


@talk.button("preview")
def preview(turn: Turn) -> None:
    event = Event(0, event_drafts.plan(_values(turn)))
    turn.memory.update(at="preview", one=False)
    turn.go(write)
    photos = turn.unit.files.find([event.plan.photo]) if event.plan.photo else {}
    link = [[Button(event.plan.link, url=event.plan.link)]] if event.plan.link else []
    turn.tell(turn.library.coming.whole(event, turn.now), Keyboard(inline=link), list(photos.values()))
    ways = [
        [turn.button("publish", "publish")],
        [turn.button("news", "news")],
        [turn.button("edit", "edit"), turn.button("drop", "drop")],
    ]
    about = _about(turn, event)
    turn.tell(coming.stacked([about, turn.words.text("preview")]), Keyboard(inline=ways))


def _about(turn: Turn, event: Event) -> coming.Spans:
    """What citizens do not see at the event itself."""
    kind, program = turn.library.kinds.get(event.plan.kind), turn.library.answers.entries.get(event.plan.program or "")
    about = turn.words.text(
        "about_program" if program else "about",
        kind=kind.title if kind else turn.words.button("general"),
        program=program.title if program else "",
        when=turn.library.coming.when(event.plan),
    )
    announce = event.plan.announce
    return about + turn.words.text("news_none" if announce is None else f"news_{announce}")


@talk.button("news")
def ask_news(turn: Turn) -> None:
    """When those who want such news are told of it."""
    _values(turn)
    days = [turn.button(f"before_{days}", "announce", str(days)) for days in event_notices.CHOICES]
    rows = [*side_by_side(days), [turn.button("before_none", "announce", "none")], [turn.button("preview", "preview")]]
    turn.say("ask_news", Keyboard(inline=rows))


@talk.button("announce")
def choose_news(turn: Turn) -> None:
    chosen = {str(days): days for days in event_notices.CHOICES} | {"none": None}
    if turn.argument not in chosen:
        raise CitizenError("choose")
    _values(turn)["announce"] = chosen[turn.argument]
    preview(turn)


@talk.button("edit")
def edit(turn: Turn) -> None:
    _values(turn)
    fields = [turn.button(f"field_{field}", "field", field) for field in FIELDS if field != "program"]
    turn.say("ask_field", Keyboard(inline=[*side_by_side(fields), [turn.button("preview", "preview")]]))


@talk.button("field")
def ask_again(turn: Turn) -> None:
    _values(turn)
    if turn.argument not in FIELDS:
        raise CitizenError("no_draft")
    turn.memory["one"] = True
    ask(turn, turn.argument)


@talk.button("publish")
def publish(turn: Turn) -> None:
    plan, known = event_drafts.plan(_values(turn)), turn.memory.get("event")
    if known is None:
        events.add(turn.unit, plan, _me(turn), turn.now)
    else:
        events.hold(turn.unit, known, event_drafts.plan(turn.memory["was"]), turn.now)
        events.change(turn.unit, known, plan, _me(turn), turn.now)
    turn.end()
    turn.say("published", Keyboard(inline=[[turn.link("events", "all", "room")]]))


def _values(turn: Turn) -> dict[str, Any]:
    """What was said so far. A button of a talk that is over leads nowhere."""
    if "values" not in turn.memory:
        raise CitizenError("no_draft")
    values: dict[str, Any] = turn.memory["values"]
    return values


def _me(turn: Turn) -> int:
    member = turn.member
    if member is None:
        raise CitizenError("no_draft")
    return member.id
