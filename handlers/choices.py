"""«خبرهای من»: what is announced to a citizen, what not, and when.

/news, «خبرهای من» -> what comes and what does not; each topic is a tap, in the same message
neighbourhood      -> typed, or one of the list --two are called so--> which? -> the room; or none
/quiet             -> hours typed, or ready ones -> the room
/stop, «خبر نمی‌خواهم» -> nothing is announced any more --back--> the room
"""

from collections.abc import Callable

from bot.flow import Button, CitizenError, Conversation, Keyboard, Spans, Turn, data, side_by_side
from bot.services import choosing, quiet
from bot.services.places import Place
from bot.services.topics import EMERGENCY, TOPICS

talk = Conversation("choices")

PAGE = 12
MOST_MEANT = 6
Show = Callable[[Spans, Keyboard], None]


@talk.command("news")
@talk.button("open")
def open_room(turn: Turn) -> None:
    """Below whatever led here."""
    turn.end()
    show(turn, turn.tell)


@talk.button("room")
def room(turn: Turn) -> None:
    turn.end()
    show(turn, turn.change)


def show(turn: Turn, way: Show) -> None:
    choice = choosing.of(turn.unit, turn.citizen)
    home = turn.link("menu", "home", "new", "home")
    if choice.left:
        way(turn.words.text("left"), Keyboard(inline=[[turn.button("back", "back")], [home]]))
        return
    topics = []
    for topic in TOPICS:
        felt = choosing.felt(choice, topic)
        name = turn.words.button(f"topic_{topic}")
        topics.append(turn.button(f"mark_{felt}", "wish", f"{topic}.{choosing.tapped(felt, topic)}", topic=name))
    own = [turn.button("where", "where"), turn.button("hours", "hours")]
    way(_told(turn), Keyboard(inline=[*side_by_side(topics), own, [turn.button("stop", "stop")], [home]]))


def _told(turn: Turn) -> Spans:
    """What comes now, what not, from where and when."""
    choice, words = choosing.of(turn.unit, turn.citizen), turn.words
    text = words.text("head")
    for stand in choosing.STANDS.values():
        found = choosing.topics_that(choice, stand)
        if found:
            text += words.text(f"line_{stand}", topics=choosing.named(words, *found))
    if choosing.felt(choice, EMERGENCY) == "refuses":
        text += words.text("careful")
    place = _lives(turn, choice.neighbourhood)
    text += words.text("nowhere") if place is None else words.text("lives", name=place.name)
    since, until = quiet.of(choice.quiet)
    return text + words.text("quiet", since=_hour(turn, since), until=_hour(turn, until))


# -- topics


@talk.button("wish")
def wish(turn: Turn) -> None:
    """A button says what it leads to, so that pressing it twice is pressing it once."""
    topic, _, to = turn.argument.partition(".")
    if topic not in TOPICS or to not in choosing.STANDS:
        raise CitizenError("old_button")
    if not choosing.of(turn.unit, turn.citizen).left:
        choosing.put(turn.unit, turn.citizen, topic, choosing.STANDS[to])
    room(turn)


# -- the neighbourhood


@talk.button("where")
def ask_neighbourhood(turn: Turn) -> None:
    known = _lives(turn, choosing.of(turn.unit, turn.citizen).neighbourhood)
    ways = [[turn.button("list", "list")]]
    ways += [[turn.button("none", "none")]] if known else []
    turn.change(turn.words.text("ask_neighbourhood"), Keyboard(inline=[*ways, _to_room(turn)]))
    turn.go(hear_neighbourhood)


@talk.step
def hear_neighbourhood(turn: Turn) -> None:
    named = {place.id: place for mention in turn.library.places.find(turn.text) for place in mention.places}
    ours = [place for place in named.values() if place.kind == "neighbourhood"]
    if len(ours) == 1:
        live_in(turn, ours[0].id)
    elif ours:
        rows = side_by_side([_door(place) for place in ours[:MOST_MEANT]])
        turn.say("which_place", Keyboard(inline=[*rows, _to_room(turn)]))
    else:
        outside = bool(named) and all(place.kind == "outside" for place in named.values())
        ways = Keyboard(inline=[[turn.button("list", "list")], _to_room(turn)])
        turn.say("outside" if outside else "unknown_place", ways)


@talk.button("list")
def show_list(turn: Turn) -> None:
    """All neighbourhoods, some at a time; one may still be typed."""
    places = [place for place in turn.library.places.all.values() if place.kind == "neighbourhood"]
    wanted = int(turn.argument) if turn.argument.isascii() and turn.argument.isdecimal() else 0
    last = max(len(places) - 1, 0) // PAGE
    page = min(wanted, last)
    rows = side_by_side([_door(place) for place in places[page * PAGE :][:PAGE]])
    turning = [turn.button("earlier", "list", str(page - 1))] if page else []
    turning += [turn.button("later", "list", str(page + 1))] if page < last else []
    turn.change(
        turn.words.text("neighbourhoods"), Keyboard(inline=[row for row in (*rows, turning, _to_room(turn)) if row])
    )
    turn.go(hear_neighbourhood)


@talk.button("live")
def choose_neighbourhood(turn: Turn) -> None:
    if _lives(turn, turn.argument) is None:
        raise CitizenError("old_button")
    live_in(turn, turn.argument)


@talk.button("none")
def forget_neighbourhood(turn: Turn) -> None:
    live_in(turn, None)


def live_in(turn: Turn, place: str | None) -> None:
    turn.unit.choices.live_in(turn.citizen.id, place)
    room(turn)


def _lives(turn: Turn, place_id: str | None) -> Place | None:
    """The neighbourhood; None: none, or one that is not in the content any more."""
    place = turn.library.places.all.get(place_id or "")
    return place if place is not None and place.kind == "neighbourhood" else None


def _door(place: Place) -> Button:
    return Button(place.name, data("choices", "live", place.id))


# -- quiet hours


@talk.command("quiet")
@talk.button("hours")
def ask_hours(turn: Turn) -> None:
    offered = {"usual": quiet.of(None)} | {str(place): hours for place, hours in enumerate(quiet.READY)}
    ready = [
        turn.button("ready", "take", name, since=_hour(turn, since), until=_hour(turn, until))
        for name, (since, until) in offered.items()
    ]
    turn.change(turn.words.text("ask_hours"), Keyboard(inline=[*side_by_side(ready), _to_room(turn)]))
    turn.go(hear_hours)


@talk.step
def hear_hours(turn: Turn) -> None:
    be_quiet(turn, quiet.read(turn.text))


@talk.button("take")
def take_hours(turn: Turn) -> None:
    ready = {str(place): hours for place, hours in enumerate(quiet.READY)}
    if turn.argument != "usual" and turn.argument not in ready:
        raise CitizenError("old_button")
    be_quiet(turn, ready.get(turn.argument))


def be_quiet(turn: Turn, hours: quiet.Quiet | None) -> None:
    turn.unit.choices.be_quiet(turn.citizen.id, hours)
    room(turn)


def _hour(turn: Turn, hour: int) -> str:
    """«۱۰ شب»: as people say it."""
    return turn.words.button(f"hour_{quiet.part_of_day(hour)}", hour=hour % quiet.HALF_DAY or quiet.HALF_DAY)


# -- all of it


@talk.command("stop")
@talk.button("stop")
def stop(turn: Turn) -> None:
    turn.unit.choices.leave(turn.citizen.id)
    room(turn)


@talk.button("back")
def come_back(turn: Turn) -> None:
    turn.unit.choices.come_back(turn.citizen.id)
    room(turn)


def _to_room(turn: Turn) -> list[Button]:
    return [turn.button("to_room", "room")]
