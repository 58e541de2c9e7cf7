"""Whom an announcement is for: its topic, and which citizens. What it comes to is counted after each change.

topics -> one, or none; of emergencies: urgent? --yes--> goes at any hour (asked once more when it is sent)
whom   -> neighbourhoods: typed, each taken away again; all of them
          platforms, one by one
          only who has chosen the topic, or everybody who has not refused it
"""

from bot.flow import Button, CitizenError, Conversation, Keyboard, Turn, data, side_by_side
from bot.services import announcements, composing, typed
from bot.services.composing import Draft
from bot.services.places import Place
from bot.services.quoting import quote
from bot.services.topics import EMERGENCY, TOPICS

talk = Conversation("announce_audience", role="editor", part_of="announce")

MOST_PLACES = 10
NAME_SHOWN = 30


# -- the topic


@talk.button("topics")
def topics(turn: Turn) -> None:
    draft = composing.opened(turn)
    name = turn.library.announcing.topic
    doors = [
        Button(_marked(name(topic), chosen=topic == draft.topic), data("announce_audience", "topic", topic))
        for topic in TOPICS
    ]
    none = turn.words.button("no_topic")
    doors.append(Button(_marked(none, chosen=not draft.topic), data("announce_audience", "topic")))
    hurry = [[turn.button("calm" if draft.urgent else "hurry", "calm" if draft.urgent else "hurry")]]
    rows = [*side_by_side(doors), *(hurry if draft.topic == EMERGENCY else []), _back(turn)]
    turn.change(turn.words.text("topics"), Keyboard(inline=rows))


@talk.button("topic")
def choose_topic(turn: Turn) -> None:
    draft = composing.opened(turn)
    composing.choose_topic(draft, turn.argument)
    composing.keep(turn, draft)
    topics(turn)


@talk.button("hurry")
def hurry(turn: Turn) -> None:
    """Asked here, and once more when it is sent."""
    draft = composing.opened(turn)
    if draft.topic != EMERGENCY:
        raise CitizenError("not_urgent")
    ways = [turn.button("yes_hurry", "hurried"), turn.button("no_hurry", "topics")]
    turn.say("sure_urgent", Keyboard(inline=[ways]))


@talk.button("hurried")
def hurried(turn: Turn) -> None:
    draft = composing.opened(turn)
    if draft.topic != EMERGENCY:
        raise CitizenError("not_urgent")
    draft.urgent = True
    composing.keep(turn, draft)
    topics(turn)


@talk.button("calm")
def calm(turn: Turn) -> None:
    draft = composing.opened(turn)
    draft.urgent = False
    composing.keep(turn, draft)
    topics(turn)


# -- which citizens


@talk.button("whom")
def whom(turn: Turn) -> None:
    """Counted each time: what it comes to is seen before anything is sent."""
    draft = composing.opened(turn)
    plan = composing.plan(draft)
    reach = announcements.reach(turn.unit, plan, turn.library.sending)
    text = turn.words.text("whom") + turn.library.announcing.whom(plan) + turn.library.announcing.reach(reach)
    turn.change(text, Keyboard(inline=_rows(turn, draft)))


def _rows(turn: Turn, draft: Draft) -> list[list[Button]]:
    places = turn.library.places.all
    chosen = [
        turn.button("take_away", "away", name, name=places[name].name)
        for name in draft.neighbourhoods
        if name in places
    ]
    rows = [[turn.button("more_places" if chosen else "places", "places")], *side_by_side(chosen)]
    rows += [[turn.button("all_places", "everywhere")]] if draft.neighbourhoods else []
    platforms = [
        turn.button("on" if _is_meant(draft, of) else "off", "platform", of, name=turn.library.announcing.platform(of))
        for of in turn.library.sending.paces
    ]
    rows += side_by_side(platforms) if len(platforms) > 1 else []
    rows += [[turn.button("chosen_only" if draft.chosen_only else "chosen_too", "chosen")]] if draft.topic else []
    return [*rows, _back(turn)]


def _is_meant(draft: Draft, platform: str) -> bool:
    return not draft.platforms or platform in draft.platforms


@talk.button("platform")
def choose_platform(turn: Turn) -> None:
    """All of them is kept as none, so that a platform that joins later is meant too."""
    draft, known = composing.opened(turn), list(turn.library.sending.paces)
    if turn.argument not in known:
        raise CitizenError("choose")
    chosen = [of for of in known if _is_meant(draft, of)]
    composing.toggle(chosen, turn.argument)
    if not chosen:
        raise CitizenError("no_platform")
    draft.platforms = [] if len(chosen) == len(known) else chosen
    composing.keep(turn, draft)
    whom(turn)


@talk.button("chosen")
def choose_chosen(turn: Turn) -> None:
    draft = composing.opened(turn)
    draft.chosen_only = bool(draft.topic) and not draft.chosen_only
    composing.keep(turn, draft)
    whom(turn)


# -- neighbourhoods


@talk.button("places")
def ask_places(turn: Turn) -> None:
    composing.opened(turn)
    turn.say("ask_places", Keyboard(inline=[[turn.button("back", "whom")]]))
    turn.go(write_places)


@talk.step
def write_places(turn: Turn) -> None:
    """Several may be named at once. Where a name means several, they are asked for."""
    draft = composing.opened(turn)
    found = {name: _meant(turn, name) for name in typed.listed(turn.text)}
    meant = [places for named in found.values() for places in named]
    if not meant:
        raise CitizenError("no_place")
    for places in meant:
        if len(places) == 1:
            _add(draft, places[0].id)
    composing.keep(turn, draft)
    unknown = [quote(name, NAME_SHOWN) for name, named in found.items() if not named]
    if unknown:
        turn.say("not_places", names="، ".join(unknown))
    unclear = [place for places in meant if len(places) > 1 for place in places]
    if not unclear:
        whom(turn)
        return
    rows = [[Button(place.name, data("announce_audience", "place", place.id))] for place in unclear]
    turn.say("which_place", Keyboard(inline=[*rows, [turn.button("back", "whom")]]))
    turn.go(write_places)


def _meant(turn: Turn, name: str) -> list[list[Place]]:
    """For each place that is named, the neighbourhoods that it may be."""
    mentioned = [
        [place for place in mention.places if place.kind == "neighbourhood"]
        for mention in turn.library.places.find(name)
    ]
    return [places for places in mentioned if places]


@talk.button("place")
def choose_place(turn: Turn) -> None:
    draft = composing.opened(turn)
    place = turn.library.places.all.get(turn.argument)
    if place is None or place.kind != "neighbourhood":
        raise CitizenError("no_place")
    _add(draft, place.id)
    composing.keep(turn, draft)
    whom(turn)


@talk.button("away")
def take_away(turn: Turn) -> None:
    draft = composing.opened(turn)
    draft.neighbourhoods = [name for name in draft.neighbourhoods if name != turn.argument]
    composing.keep(turn, draft)
    whom(turn)


@talk.button("everywhere")
def everywhere(turn: Turn) -> None:
    draft = composing.opened(turn)
    draft.neighbourhoods = []
    composing.keep(turn, draft)
    whom(turn)


def _add(draft: Draft, place: str) -> None:
    if place in draft.neighbourhoods:
        return
    if len(draft.neighbourhoods) >= MOST_PLACES:
        raise CitizenError("many_places", limit=MOST_PLACES)
    draft.neighbourhoods.append(place)


def _marked(label: str, *, chosen: bool) -> str:
    return f"✅ {label}" if chosen else label


def _back(turn: Turn) -> list[Button]:
    return [turn.link("announce", "back", "panel")]
