"""Questions in free words: whatever reaches no other conversation ends here.

a question     -> answer, with what is related and the way on
  about the answer before («کجاست؟») -> the same entry says it, or says honestly that it does not know
  not sure     -> up to three buttons «منظورتان این بود؟» --press--> answer; --none of them--> not understood
  no idea      -> not understood: once more in other words, please
    again      -> may I ask staff? --yes--> passed on under a number; --no--> how to reach a person
    and again  -> how to reach a person
a place alone  -> is it ours, and where to turn; which of two, if both are called so
a problem told -> a report? --yes--> the conversation that takes reports; --a question--> not sure; --no--> end
what is on     -> the conversation `week`
a danger       -> the emergency numbers, from wherever the citizen is, who stays there
show a topic   -> its answer below (the menu stays)
turn a page    -> the answer's next or previous page in its place
small talk     -> answered kindly; an unknown command, files or a place without words -> said so
"""

from bot.flow import Button, CitizenError, Conversation, Draft, Keyboard, Turn, as_shown, data, side_by_side
from bot.services import following, questions
from bot.services.coming import Spans
from bot.services.ladder import MOST_FILES, Ladder
from bot.services.places import Place

talk = Conversation("ask")

PHONE = "contact.phone"
HUMAN = "service.human"
COMPLAINTS = "contact.complaints"
TRACKING = "contact.tracking"
SUBSCRIBE = "service.subscribe"
PRIVACY = "service.privacy"
LONGEST_NUMBER = 16
MOST_BUTTONS = 8


@talk.otherwise
@talk.step
def answer(turn: Turn) -> None:
    """Small talk and danger leave the citizen where they stand on the ladder; anything else moves them."""
    found, ladder = turn.found, _ladder(turn)
    if turn.citizen.is_new and not (found and found.outcome == "chat"):  # small talk greets by itself
        turn.say("hello")
    if turn.incoming.command is not None:
        strange_command(turn)
    elif found is None:
        wordless(turn, ladder)
    elif not found.urgent and follow_up(turn, ladder):
        return
    elif found.topic is not None and (found.urgent or found.outcome == "chat"):
        turn.tell(found.text, _under(turn, found.topic))
    elif found.follow != "day" and (mention := turn.library.places.only(turn.text)) is not None:
        where(turn, ladder, mention.places)
    elif found.problem:
        problem(turn, ladder)
    elif found.topic is not None:
        _answered(turn, ladder, found.topic)
        _show(turn, found.topic, found.text)
    elif found.choices:
        did_you_mean(turn, ladder, turn.text, found.choices)
    else:
        not_understood(turn, ladder, turn.text if found.sense else "")


def strange_command(turn: Turn) -> None:
    """Nobody's. For who is in the middle of something a slip of the thumb: they stay where they are."""
    if turn.was_busy:
        raise CitizenError("no_such_command")
    turn.end()
    turn.say("no_such_command", _home(turn))


@talk.warns
def warn(turn: Turn) -> None:
    if turn.found is not None:
        turn.tell(turn.found.text)


# -- the ladder


def did_you_mean(turn: Turn, ladder: Ladder, text: str, choices: tuple[str, ...]) -> None:
    """Unsure a second time in a row, it is time to offer more than buttons."""
    entries = turn.library.answers.entries
    rows = [[Button(entries[choice].title, data("ask", "show", choice))] for choice in choices]
    way_on = [turn.button("none_of_them", "lost")]
    if ladder.offered(text[: questions.TEXT_LIMIT]):
        way_on.append(turn.button("ask_staff", "pass"))
    _stay(turn, ladder)
    turn.say("did_you_mean", Keyboard(inline=[*rows, way_on]))


@talk.button("lost")
def none_of_them(turn: Turn) -> None:
    ladder = _ladder(turn)
    not_understood(turn, ladder, ladder.asked)


def not_understood(turn: Turn, ladder: Ladder, text: str) -> None:
    """One rung up. `text` is what was asked; empty if it is nothing to learn from."""
    rung = ladder.missed_again(_note(turn, text) if text else None)
    _stay(turn, ladder)
    if rung == "rephrase":
        turn.say("rephrase", _home(turn))
    elif rung == "offer":
        yes_or_no = [_pass_button(turn, ladder.missed[-1]), turn.button("not_staff", "person")]
        turn.say("offer_staff", Keyboard(inline=[yes_or_no, *_home(turn).inline]))
    else:
        reach_a_person(turn, ladder)


@talk.button("pass")
def pass_on(turn: Turn) -> None:
    """A button names the question; beside «منظورتان این بود؟» it is what was asked there."""
    ladder = _ladder(turn)
    if turn.argument:
        asked = int(turn.argument) if turn.argument.isdecimal() and len(turn.argument) < LONGEST_NUMBER else 0
        others = ladder.missed if asked in ladder.missed else []
    elif ladder.asked:
        asked, others = _note(turn, ladder.asked), ladder.missed if ladder.misses else []
    else:
        raise CitizenError("not_there")
    number = questions.pass_on(turn.unit, turn.citizen, turn.incoming.chat_id, asked, others)
    ladder.answered("")
    _stay(turn, ladder)
    turn.say("passed", _home(turn), number=number)


@talk.button("person")
def refuse(turn: Turn) -> None:
    ladder = _ladder(turn)
    ladder.misses = 0
    _stay(turn, ladder)
    reach_a_person(turn, ladder)


def reach_a_person(turn: Turn, ladder: Ladder) -> None:
    entries = turn.library.answers.entries
    rows = [[Button(entries[topic].title, data("ask", "show", topic)) for topic in (HUMAN, PHONE) if topic in entries]]
    if ladder.missed:
        rows.append([_pass_button(turn, ladder.missed[-1])])
    turn.say("person", Keyboard(inline=[*rows, *_home(turn).inline]), opening=turn.library.answers.opening(turn.now))


# -- what follows an answer


def follow_up(turn: Turn, ladder: Ladder) -> bool:
    """Answer what is asked of the subject before; False: the message has a subject of its own, or there was none."""
    follow = turn.found.follow if turn.found else ""
    entry = turn.library.answers.entries.get(ladder.topic)
    if entry is None or not follow:
        return False
    if follow == "more":
        tell_more(turn, ladder)
        return True
    if following.is_of_office(entry) or entry.computed:
        return about_office(turn, ladder, "when" if follow == "day" else follow)
    said = following.lines(entry, follow, turn.library.answers.group(turn.text))
    _stay(turn, ladder)
    if said:
        turn.say("of_entry", _under(turn, entry.id), title=entry.title, lines="\n".join(said))
    elif entry.kind == "redirect":
        turn.say("ask_them")
        turn.tell(entry.answer, _under(turn, entry.id))
    else:
        number = _note(turn, f"{entry.title}: {turn.text}")
        rows = [[_pass_button(turn, number)], *_home(turn).inline]
        turn.say(f"not_said_{'when' if follow == 'day' else follow}", Keyboard(inline=rows), title=entry.title)
    return True


def about_office(turn: Turn, ladder: Ladder, follow: str) -> bool:
    door = following.DOORS.get(follow, "")
    if door not in turn.library.answers.entries:
        return False
    _answered(turn, ladder, door)
    turn.tell(turn.library.answers.show(door, turn.now, turn.text), _under(turn, door))
    return True


def tell_more(turn: Turn, ladder: Ladder) -> None:
    entry = turn.library.answers.entries[ladder.topic]
    if ladder.page < len(entry.more):
        _answered(turn, ladder, entry.id, ladder.page + 1)
        turn.tell(entry.more[ladder.page - 1], _under(turn, entry.id, ladder.page))
    else:
        _stay(turn, ladder)
        turn.say("no_more", _under(turn, entry.id, ladder.page), title=entry.title)


# -- a place and nothing else


def where(turn: Turn, ladder: Ladder, places: tuple[Place, ...]) -> None:
    """«دولاب»: whether that is ours, and where to turn. Where two places have the name, which of them."""
    ladder.answered("")
    _stay(turn, ladder)
    if len(places) > 1:
        rows = side_by_side([Button(place.name, data("ask", "place", place.id)) for place in places])
        turn.say("which_place", Keyboard(inline=[*rows, *_home(turn).inline]))
        return
    (place,) = places
    turn.say(f"place_{place.known_as}", _under(turn, PHONE), name=place.name, number=place.district or place.region)


@talk.button("place")
def show_place(turn: Turn) -> None:
    place = turn.library.places.all.get(turn.argument)
    if place is None:
        raise CitizenError("not_there")
    where(turn, _ladder(turn), (place,))


# -- a problem that may become a report


def problem(turn: Turn, ladder: Ladder) -> None:
    """As long as nobody takes reports, the citizen learns where to take their words today."""
    draft = _with_sent(ladder, Draft(turn.text, turn.files, turn.spot))
    topics = turn.found.suggestions if turn.found else ()
    _answered(turn, ladder, COMPLAINTS)
    ladder.report = draft.to_json() | {"topics": [topic for topic in topics if topic != COMPLAINTS]}
    _stay(turn, ladder)
    if turn.takes_reports:
        offer_report(turn, "offer_report")
    else:
        turn.tell(turn.library.answers.show(COMPLAINTS, turn.now), _under(turn, COMPLAINTS))
        turn.say("your_words", Keyboard(inline=[[turn.button("a_question", "question")]]), text=draft.text)


def offer_report(turn: Turn, key: str) -> None:
    rows = [[turn.button("report", "report")]]
    rows.append([turn.button("a_question", "question"), turn.button("no_report", "no_report")])
    turn.say("added" if key == "added" else "offer_report", Keyboard(inline=rows))


@talk.button("report")
def report(turn: Turn) -> None:
    kept = _ladder(turn).report
    if kept is None:
        raise CitizenError("not_there")
    if turn.takes_reports:
        turn.hand_over(Draft.from_json(kept))
    else:
        turn.tell(turn.library.answers.show(COMPLAINTS, turn.now), _under(turn, COMPLAINTS))


@talk.button("question")
def was_a_question(turn: Turn) -> None:
    ladder = _ladder(turn)
    kept, ladder.report = ladder.report, None
    if kept is None:
        raise CitizenError("not_there")
    topics = tuple(topic for topic in kept["topics"] if topic in turn.library.answers.entries)
    if topics:
        did_you_mean(turn, ladder, kept["text"], topics)
    else:
        not_understood(turn, ladder, kept["text"])


@talk.button("no_report")
def no_report(turn: Turn) -> None:
    ladder = _ladder(turn)
    ladder.answered("")
    _stay(turn, ladder)
    turn.say("no_report", _home(turn))


def wordless(turn: Turn, ladder: Ladder) -> None:
    """Files or a place without words belong to the problem just told, or to the one that is told next."""
    if not turn.files and turn.spot is None:
        turn.say("only_text", _home(turn))
        return
    if ladder.report is not None and turn.takes_reports:
        kept = Draft.from_json(ladder.report)
        more = Draft(kept.text, (*kept.files, *turn.files)[:MOST_FILES], turn.spot or kept.spot)
        ladder.report |= more.to_json()
        _stay(turn, ladder)
        offer_report(turn, "added")
        return
    ladder.sent = _with_sent(ladder, Draft("", turn.files, turn.spot)).to_json()
    _stay(turn, ladder)
    turn.say("only_text", _home(turn))


def _with_sent(ladder: Ladder, draft: Draft) -> Draft:
    """The draft, with what was sent before it without words."""
    if ladder.sent is None:
        return draft
    sent = Draft.from_json(ladder.sent)
    return Draft(draft.text, (*sent.files, *draft.files)[:MOST_FILES], draft.spot or sent.spot)


# -- entries


@talk.button("show")
def show(turn: Turn) -> None:
    topic, ladder = turn.argument, _ladder(turn)
    if topic not in turn.library.answers.entries:
        reach_a_person(turn, ladder)
        return
    _answered(turn, ladder, topic)
    _show(turn, topic, turn.library.answers.show(topic, turn.now))


def _show(turn: Turn, topic: str, text: str) -> None:
    """An entry with all it has, and the ways on; what is on is told by the conversation that knows the events."""
    entry = turn.library.answers.entries[topic]
    if entry.computed == "events":
        turn.call("week")
    else:
        turn.show_entry(entry, _with_events(turn, topic, text), _under(turn, topic).inline)


def _with_events(turn: Turn, topic: str, text: str) -> Spans:
    return turn.library.coming.beneath(text, topic, turn.now)


@talk.button("page")
def turn_page(turn: Turn) -> None:
    """Page 0 is the answer itself; the others are its `more`."""
    topic, _, number = turn.argument.rpartition(".")
    entry, ladder = turn.library.answers.entries.get(topic), _ladder(turn)
    page = int(number) if number.isdecimal() else 0
    if entry is None or page > len(entry.more):
        reach_a_person(turn, ladder)
        return
    _answered(turn, ladder, topic, page)
    under = _under(turn, topic, page)
    if page:
        turn.change(entry.more[page - 1], under)
    else:
        text = _with_events(turn, topic, turn.library.answers.show(topic, turn.now))
        turn.change(*as_shown(entry, text, under.inline))


def _under(turn: Turn, topic: str, page: int = 0) -> Keyboard:
    """The buttons under an answer: pages, what is related, the way back."""
    entries = turn.library.answers.entries
    entry = entries[topic]
    pages = []
    if page > 0:
        pages.append(turn.button("previous", "page", f"{topic}.{page - 1}"))
    if page < len(entry.more):
        pages.append(turn.button("next", "page", f"{topic}.{page + 1}", page=page + 1, pages=len(entry.more)))
    dated = turn.library.coming.of_program(topic, turn.now)
    events = [turn.link("week", "of_program", "of", topic)] if dated else []
    related = side_by_side([Button(entries[other].title, data("ask", "show", other)) for other in entry.related])
    screen = turn.library.screens.of(topic)
    way_out = [] if screen == "home" else [turn.link("menu", "back", "new", screen)]
    rows = [_doors(turn, topic) if page == 0 else [], pages, events, *related, [*way_out, *_home(turn).inline[0]]]
    if entry.kind == "topic" and page == 0 and sum(map(len, rows)) <= MOST_BUTTONS - 2:
        rows.insert(0, [turn.link("vote", "up", "up", topic), turn.link("vote", "down", "down", topic)])
    return Keyboard(inline=[row for row in rows if row])


def _doors(turn: Turn, topic: str) -> list[Button]:
    """The conversations that an answer speaks of."""
    if topic == COMPLAINTS:
        return [turn.link("report", "begin", "begin"), turn.link("mine", "list", "list")]
    if topic == TRACKING:
        return [turn.link("track", "ask", "ask"), turn.link("mine", "list", "list")]
    if topic == HUMAN:
        return [turn.link("person", "begin", "begin")]
    return [turn.link("choices", "open", "open")] if topic in {SUBSCRIBE, PRIVACY} else []


def _home(turn: Turn) -> Keyboard:
    return Keyboard(inline=[[turn.link("menu", "home", "new", "home")]])


def _pass_button(turn: Turn, number: int) -> Button:
    return turn.button("ask_staff", "pass", str(number))


# -- what is remembered


def _ladder(turn: Turn) -> Ladder:
    return Ladder.read(turn.memory, turn.now)


def _stay(turn: Turn, ladder: Ladder) -> None:
    """Remember it until the citizen speaks again; anything but a question forgets it."""
    turn.memory = ladder.to_json()
    turn.go(answer)


def _answered(turn: Turn, ladder: Ladder, topic: str, page: int = 0) -> None:
    ladder.answered(topic, page)
    _stay(turn, ladder)


def _note(turn: Turn, text: str) -> int:
    folded = turn.library.answers.folded(text)
    return questions.note(turn.unit, turn.citizen, turn.incoming.chat_id, text, folded)
