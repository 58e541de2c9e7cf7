"""The buttons under an announcement, four at the most.

list -> one taken away; a new one:
        link   -> label and address, in one message
        answer -> words --> those that come near --> one of them
        report -> any, or of a category found by words
        news   -> the topic of the announcement, to be chosen by whoever presses
"""

from bot.flow import Button, CitizenError, Conversation, Keyboard, Turn, data
from bot.services import composing, links, typed
from bot.services.quoting import quote
from bot.services.topics import TOPICS

talk = Conversation("announce_buttons", role="editor", part_of="announce")

FOUND = 5


@talk.button("list")
def show(turn: Turn) -> None:
    draft = composing.opened(turn)
    if draft.survey:
        raise CitizenError("of_survey")
    taken = [
        [turn.button("take_away", "away", str(place), label=button["label"])]
        for place, button in enumerate(draft.buttons)
    ]
    doors = [
        [turn.button("add_link", "link"), turn.button("add_entry", "entry")],
        [turn.button("add_report", "report"), turn.button("add_news", "news")],
    ]
    full = len(draft.buttons) >= composing.BUTTONS_MOST
    back = [turn.link("announce", "back", "panel")]
    text = turn.words.text("full" if full else "list", limit=composing.BUTTONS_MOST)
    turn.change(text, Keyboard(inline=[*taken, *([] if full else doors), back]))


@talk.button("away")
def take_away(turn: Turn) -> None:
    """The label on the button may be old: the place counts, and only if there is something."""
    draft = composing.opened(turn)
    place = typed.number(turn.argument)
    if place < len(draft.buttons):
        del draft.buttons[place]
    composing.keep(turn, draft)
    show(turn)


# -- a link


@talk.button("link")
def ask_link(turn: Turn) -> None:
    composing.opened(turn)
    turn.say("ask_link", _back(turn))
    turn.go(write_link)


@talk.step
def write_link(turn: Turn) -> None:
    """«ثبت‌نام https://…»: what is no address is the label."""
    draft = composing.opened(turn)
    label, url = typed.link_of(turn.text)
    composing.add_button(draft, "link", label or turn.words.button("page"), links.checked_link(url))
    composing.keep(turn, draft)
    show(turn)


# -- an answer


@talk.button("entry")
def ask_entry(turn: Turn) -> None:
    composing.opened(turn)
    turn.say("ask_entry", _back(turn))
    turn.go(look)


@talk.step
def look(turn: Turn) -> None:
    composing.opened(turn)
    found = [entry for entry in turn.library.answers.near(turn.text, FOUND + 1) if entry.kind != "chat"][:FOUND]
    rows = [[Button(entry.title, data("announce_buttons", "answer", entry.id))] for entry in found]
    turn.say("found" if found else "not_found", Keyboard(inline=[*rows, *_back(turn).inline]))
    turn.go(look)


@talk.button("answer")
def add_answer(turn: Turn) -> None:
    draft = composing.opened(turn)
    entry = turn.library.answers.entries.get(turn.argument)
    if entry is None:
        raise CitizenError("gone")
    composing.add_button(draft, "entry", quote(entry.title, composing.LABEL_MOST), entry.id)
    composing.keep(turn, draft)
    show(turn)


# -- a report


@talk.button("report")
def ask_report(turn: Turn) -> None:
    composing.opened(turn)
    rows = [[turn.button("any_report", "category")], *_back(turn).inline]
    turn.say("ask_report", Keyboard(inline=rows))
    turn.go(look_for_category)


@talk.step
def look_for_category(turn: Turn) -> None:
    composing.opened(turn)
    found = turn.library.categories.find(turn.text)[:FOUND]
    rows = [[Button(one.title, data("announce_buttons", "category", one.id))] for one in found]
    rows.append([turn.button("any_report", "category")])
    turn.say("found" if found else "not_found", Keyboard(inline=[*rows, *_back(turn).inline]))
    turn.go(look_for_category)


@talk.button("category")
def add_report(turn: Turn) -> None:
    draft = composing.opened(turn)
    category = turn.library.categories.all.get(turn.argument)
    if turn.argument and category is None:
        raise CitizenError("gone")
    composing.add_button(draft, "report", turn.words.button("report"), turn.argument)
    composing.keep(turn, draft)
    show(turn)


# -- news of a topic


@talk.button("news")
def ask_topic(turn: Turn) -> None:
    composing.opened(turn)
    name = turn.library.announcing.topic
    rows = [[Button(name(topic), data("announce_buttons", "topic", topic))] for topic in TOPICS]
    turn.say("ask_topic", Keyboard(inline=[*rows, *_back(turn).inline]))


@talk.button("topic")
def add_topic(turn: Turn) -> None:
    draft = composing.opened(turn)
    if turn.argument not in TOPICS:
        raise CitizenError("gone")
    composing.add_button(draft, "subscribe", turn.words.button("subscribe"), turn.argument)
    composing.keep(turn, draft)
    show(turn)


def _back(turn: Turn) -> Keyboard:
    return Keyboard(inline=[[turn.button("back", "list")]])
