"""Where the trouble is, and whether somebody has reported it already.

place -> a point on the map (the key, or the paperclip)   -> outside of the region? said, and taken
         an address in words -> its neighbourhood is known -> a street too, if only that was named
                                a name of two places       -> which?
                                nothing known              -> neighbourhoods in pages, or as it was typed
         «جای مشخصی ندارد», where none is needed
near  -> open cases of the category around the point --«من هم»--> its news, end
                                                      --another one--> on
"""

from dataclasses import replace

from bot.flow import Button, CitizenError, Conversation, Keyboard, Spans, Turn, data, side_by_side
from bot.services import cases, codes, filling, form_steps, intake, reports
from bot.services.filling import Form
from bot.services.places import Place

talk = Conversation("report_place", part_of="report")

PAGE = 12
SAME_SPOT = 10
"""Metres: no telephone knows its place any better."""


@talk.button("ask")
def ask(turn: Turn) -> None:
    form = form_steps.opened(turn)
    if form.at == "near":
        ask_near(turn, form)
    else:
        ask_place(turn, form)


@talk.button("heard")
def heard(turn: Turn) -> None:
    """What was typed."""
    form = form_steps.opened(turn)
    if form.at == "near":
        hear_near(turn, form)
    elif form.street:
        intake.take_address(form, turn.text)
        address_taken(turn, form)
    else:
        hear_address(turn, form)


# -- the place


def ask_place(turn: Turn, form: Form) -> None:
    """The key that sends the place needs a message of its own: one message has one keyboard."""
    form.street = False
    form_steps.keep(turn, form)
    turn.say("ask_place", replace(_stays(turn), place=turn.words.button("here")))
    rows = [[turn.button("list", "list")]]
    if filling.may_be_nowhere(form, turn.library.categories):
        rows[0].append(turn.button("nowhere", "nowhere"))
    turn.say("or_typed", Keyboard(inline=[*rows, form_steps.ways_out(turn, form)]))


@talk.button("pinned")
def pinned(turn: Turn) -> None:
    """A point was sent. Wherever it is: who stands elsewhere may know better than our map."""
    form = form_steps.opened(turn)
    if form.report.lat is None:
        raise CitizenError("choose")
    turn.say("pin_outside" if form.outside else "pin_taken", _stays(turn))
    placed(turn, form)


@talk.button("nowhere")
def nowhere(turn: Turn) -> None:
    form = form_steps.opened(turn)
    if not filling.may_be_nowhere(form, turn.library.categories):
        raise CitizenError("place_needed")
    intake.drop_place(form)
    turn.say("no_place", _stays(turn))
    placed(turn, form)


def hear_address(turn: Turn, form: Form) -> None:
    if turn.chose("nowhere"):
        nowhere(turn)
        return
    said = intake.take_address(form, turn.text)
    named = {place.id: place for mention in turn.library.places.find(said) for place in mention.places}
    ours = [place for place in named.values() if place.kind == "neighbourhood"]
    if len(ours) == 1:
        only = turn.library.places.only(said)
        settle(turn, form, ours[0], street=only is None)
    elif ours:
        form_steps.keep(turn, form)
        rows = [*side_by_side([_door(place) for place in ours]), [turn.button("as_typed", "as_typed")]]
        turn.say("which_place", Keyboard(inline=[*rows, form_steps.ways_out(turn, form)]))
    elif named:
        outside = all(place.kind == "outside" for place in named.values())
        turn.say("address_outside" if outside else "address_taken", _stays(turn))
        placed(turn, form)
    else:
        form_steps.keep(turn, form)
        turn.say("unknown_place", _page(turn, form, 0))


@talk.button("list")
def show_list(turn: Turn) -> None:
    """All neighbourhoods, some at a time."""
    page = int(turn.argument) if turn.argument.isascii() and turn.argument.isdecimal() else 0
    form = form_steps.opened(turn)
    turn.change(turn.words.text("neighbourhoods"), _page(turn, form, page))


@talk.button("choose")
def choose(turn: Turn) -> None:
    wanted = turn.argument
    form = form_steps.opened(turn)
    place = turn.library.places.all.get(wanted)
    if place is None or place.kind != "neighbourhood":
        raise CitizenError("choose")
    settle(turn, form, place, street=bool(form.report.address))


def settle(turn: Turn, form: Form, place: Place, *, street: bool) -> None:
    """The neighbourhood is known. It alone leads nobody to the right door: a street is asked for, once."""
    ask_street = not street and form.report.lat is None
    intake.take_neighbourhood(form, place.id, street=ask_street)
    if not ask_street:
        address_taken(turn, form)
        return
    form.put(address=None)
    form_steps.keep(turn, form)
    ways = Keyboard(inline=[[turn.button("enough", "enough")], form_steps.ways_out(turn, form)])
    turn.say("which_street", ways, name=place.name)


@talk.button("enough")
def enough(turn: Turn) -> None:
    form = form_steps.opened(turn)
    if form.report.neighbourhood is None:
        raise CitizenError("choose")
    address_taken(turn, form)


@talk.button("as_typed")
def as_typed(turn: Turn) -> None:
    form = form_steps.opened(turn)
    if not form.report.address:
        raise CitizenError("choose")
    address_taken(turn, form)


def address_taken(turn: Turn, form: Form) -> None:
    turn.say("address_taken", _stays(turn))
    placed(turn, form)


def placed(turn: Turn, form: Form) -> None:
    form.street = False
    form.settle("place")
    form_steps.onward(turn, form)


def _page(turn: Turn, form: Form, page: int) -> Keyboard:
    places = [place for place in turn.library.places.all.values() if place.kind == "neighbourhood"]
    last = max(len(places) - 1, 0) // PAGE
    page = min(page, last)
    rows = side_by_side([_door(place) for place in places[page * PAGE :][:PAGE]])
    turning = [turn.button("earlier", "list", str(page - 1))] if page else []
    turning += [turn.button("later", "list", str(page + 1))] if page < last else []
    typed = [[turn.button("as_typed", "as_typed")]] if form.report.address else []
    return Keyboard(inline=[*rows, *([turning] if turning else []), *typed, form_steps.ways_out(turn, form)])


def _door(place: Place) -> Button:
    return Button(place.name, data("report_place", "choose", place.id))


def _stays(turn: Turn) -> Keyboard:
    """The keyboard that stays, as at the first meeting: without the key that sends the place."""
    return Keyboard(reply=[[turn.words.button("menu"), turn.words.button("help")]])


# -- what is open nearby


def ask_near(turn: Turn, form: Form) -> None:
    found = _near(turn, form)
    if not found:
        another(turn)
        return
    rows = [
        [turn.button("me_too", "me_too", str(one.case.id), number=number)] for number, one in enumerate(found, start=1)
    ]
    lines = [_line(turn, number, one) for number, one in enumerate(found, start=1)]
    text = (*turn.words.text("near"), *(span for line in lines for span in line), *turn.words.text("is_it_one"))
    turn.tell(text, Keyboard(inline=[*rows, [turn.button("another", "another")], form_steps.ways_out(turn, form)]))


def _line(turn: Turn, number: int, one: reports.Near) -> Spans:
    """Where an open case is and where it stands: in the words of citizens, who are not its own."""
    news = turn.library.news
    told = turn.words.text(
        "near_line_here" if one.metres < SAME_SPOT else "near_line",
        number=number,
        category=news.cards.category(one.case),
        metres=one.metres,
        age=news.cards.age(one.case, turn.unit.now),
    )
    return told + news.state_of_others(cases.peek(one.case))


def _near(turn: Turn, form: Form) -> list[reports.Near]:
    category, spot = turn.library.categories.all.get(form.report.category), form.report.spot
    if category is None or spot is None or form.for_caller:
        return []
    return reports.near(turn.unit, turn.citizen, category, spot)


def hear_near(turn: Turn, form: Form) -> None:
    if not turn.chose("another"):
        raise CitizenError("choose")
    form.settle("near")
    form_steps.onward(turn, form)


@talk.button("me_too")
def me_too(turn: Turn) -> None:
    """Only what is near may be followed this way: a forged number leads to nobody's case."""
    wanted = turn.argument
    form = form_steps.opened(turn)
    case = next((one.case for one in _near(turn, form) if str(one.case.id) == wanted), None)
    if case is None:
        raise CitizenError("gone")
    turn.spread(reports.follow(turn.unit, turn.citizen, turn.incoming.chat_id, case.id))
    reports.drop_draft(turn.unit, turn.citizen, turn.incoming.chat_id)
    turn.end()
    leave = Button(turn.words.button("leave"), data("mine", "leave", str(case.id)))
    turn.say(
        "followed", Keyboard(inline=[[leave], [turn.link("menu", "home", "new", "home")]]), code=codes.shown(case.code)
    )


@talk.button("another")
def another(turn: Turn) -> None:
    form = form_steps.opened(turn)
    form.settle("near")
    form_steps.onward(turn, form)
