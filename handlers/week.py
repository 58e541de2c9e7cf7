"""«این هفته چه خبر است؟»: the events that are coming.

/week, «📅 رویدادهای هفته», a question about what is on -> the events of those days
                                     --none of them--> said so, with what comes next
next ones      -> the rest of the list, below
a number       -> one event, with its picture, its link and the way to it on the map
of a program   -> what comes of it
"""

from bot.flow import Button, Conversation, Keyboard, Turn, data
from bot.services import coming
from bot.services.coming import Event, Wanted

talk = Conversation("week")

PAGE = 5
MOST_OTHERS = 3
SUBSCRIBE = "service.subscribe"


@talk.command("week")
@talk.button("week")
def show(turn: Turn) -> None:
    turn.end()
    question = turn.found.understood if turn.found is not None else ""
    wanted = turn.library.coming.wanted(question, turn.now, turn.library.kinds)
    found = turn.library.coming.select(wanted, turn.now)
    if not found:
        nothing(turn, wanted)
    elif len(found) == 1:
        tell_one(turn, found[0], _heading(turn, wanted))
    else:
        page(turn, wanted, 0)


@talk.button("more")
def more(turn: Turn) -> None:
    text, _, start = turn.argument.rpartition("-")
    try:
        page(turn, Wanted.from_text(text), int(start))
    except (ValueError, OverflowError):  # of a button that nobody made
        show(turn)


@talk.button("of")
def of_program(turn: Turn) -> None:
    entry = turn.library.answers.entries.get(turn.argument)
    found = turn.library.coming.of_program(turn.argument, turn.now)
    if entry is None or not found:
        turn.say("nothing_of_program", Keyboard(inline=[_way_out(turn)]))
        return
    _tell_several(turn, turn.words.text("of_program", title=entry.title), found[:PAGE], [])


@talk.button("one")
def one(turn: Turn) -> None:
    event = _pressed(turn)
    if event is None:
        turn.say("gone", Keyboard(inline=[_way_out(turn)]))
    else:
        tell_one(turn, event, ())


@talk.button("spot")
def show_spot(turn: Turn) -> None:
    event = _pressed(turn)
    spot = coming.spot(event.plan) if event is not None else None
    if spot is None:
        turn.say("gone", Keyboard(inline=[_way_out(turn)]))
    else:
        turn.show_spot(spot, Keyboard(inline=[_way_out(turn)]))


def page(turn: Turn, wanted: Wanted, start: int) -> None:
    found = turn.library.coming.select(wanted, turn.now)
    left = len(found) - start - PAGE
    onward = f"{wanted.to_text()}-{start + PAGE}"
    ahead = [turn.button("more", "more", onward, count=left)] if left > 0 else []
    _tell_several(turn, _heading(turn, wanted), found[max(start, 0) :][:PAGE], ahead)


def tell_one(turn: Turn, event: Event, heading: coming.Spans) -> None:
    """One event with all that is known of it."""
    photos = turn.unit.files.find([event.plan.photo]) if event.plan.photo and not event.cancelled else {}
    under = []
    if event.plan.link and not event.cancelled:
        under.append(Button(turn.words.button("link"), url=event.plan.link))
    if coming.spot(event.plan) and not event.cancelled:
        under.append(turn.button("spot", "spot", str(event.id)))
    text = coming.stacked([heading, turn.library.coming.whole(event, turn.now)])
    turn.tell(text, Keyboard(inline=[row for row in (under, _way_out(turn)) if row]), list(photos.values()))


def nothing(turn: Turn, wanted: Wanted) -> None:
    """Honestly none; what else there is on these days, or what comes next."""
    known, now = turn.library.coming, turn.now
    parts = [coming.stacked([_heading(turn, wanted), turn.words.text("none")], "\n")]
    others = known.select(Wanted(wanted.period), now)[:MOST_OTHERS]
    following = known.following(wanted, now)
    if others:
        parts += [turn.words.text("but"), *(known.line(event, now) for event in others)]
    elif following is not None:
        parts += [turn.words.text("next"), known.line(following, now)]
    else:
        parts.append(turn.words.text("nothing_next"))
    subscribe = Button(turn.words.button("subscribe"), data("ask", "show", SUBSCRIBE))
    turn.tell(coming.stacked(parts), Keyboard(inline=[[subscribe], _way_out(turn)]))


def _tell_several(turn: Turn, heading: coming.Spans, events: list[Event], ahead: list[Button]) -> None:
    numbers = [
        Button(turn.words.button("number", number=number), data("week", "one", str(event.id)))
        for number, event in enumerate(events, start=1)
        if coming.has_more(event)
    ]
    hint = turn.words.text("number_for_more") if numbers else ()
    text = coming.stacked([heading, turn.library.coming.numbered(events, turn.now), hint])
    turn.tell(text, Keyboard(inline=[row for row in (numbers, ahead, _way_out(turn)) if row]))


def _heading(turn: Turn, wanted: Wanted) -> coming.Spans:
    """The days, and what of these days: «فردا دوشنبه ۲ آذر», «رویدادهای «فرهنگ و هنر»»."""
    parts = [turn.words.text("heading", period=turn.library.coming.called(wanted.period, turn.now))]
    if wanted.kind in turn.library.kinds:
        parts.append(turn.words.text("of_kind", kind=turn.library.kinds[wanted.kind].title))
    if wanted.audience in coming.AUDIENCES:
        audience = turn.library.coming.whom(wanted.audience)
        parts.append(turn.words.text("for_audience", audience=audience))
    return coming.stacked(parts, "\n")


def _pressed(turn: Turn) -> Event | None:
    """The event that a button names, unless it is over by now."""
    number = int(turn.argument) if turn.argument.isascii() and turn.argument.isdecimal() else 0
    return turn.library.coming.find(number, turn.now)


def _way_out(turn: Turn) -> list[Button]:
    return [turn.link("menu", "home", "new", "home")]
