"""What an answer has beside its text: staff add photos, links, related answers, a place, an owner, a review date.

menu --one of them--> asked for --sent--> preview (handlers/writing.py)
                                --clear--> taken away, preview
     --back---------> preview

The memory is the draft of handlers/writing.py, which leads here and is led back to: this is a part of it, so that the
buttons of both go on working while staff add one thing after the other.
"""

from typing import Any

from bot.flow import Button, CitizenError, Conversation, Keyboard, Turn, data
from bot.services import drafts, staff
from bot.services.staff import Member

talk = Conversation("details", role="editor", part_of="writing")

FOUND = 5
OWNERS = 5


@talk.button("menu")
def menu(turn: Turn) -> None:
    _draft(turn)
    rows = [
        [turn.button("files", "ask", "files"), turn.button("links", "ask", "links")],
        [turn.button("related", "ask", "related"), turn.button("place", "ask", "place")],
        [turn.button("owner", "ask", "owner"), turn.button("review", "ask", "review")],
        [turn.button("back", "back")],
    ]
    turn.say("menu", Keyboard(inline=rows))
    turn.go(choose)


@talk.step
def choose(turn: Turn) -> None:
    menu(turn)


@talk.button("ask")
def ask(turn: Turn) -> None:
    draft = _draft(turn)
    key = turn.argument
    steps = {
        "files": attach,
        "links": link,
        "related": look,
        "place": locate,
        "owner": name_owner,
        "review": set_review,
    }
    if key not in steps:
        raise CitizenError("no_draft")
    there = any(draft.get(name) for name in _fields(key))
    rows = [*_choices(turn, key), *([[turn.button("clear", "clear", key)]] if there else [])]
    turn.say(f"ask_{key}", Keyboard(inline=[*rows, [turn.button("back", "back")]]))
    turn.go(steps[key])


def _choices(turn: Turn, key: str) -> list[list[Button]]:
    """What can be chosen instead of being written."""
    if key == "review":
        return [
            [turn.button("in_three", "review", "3"), turn.button("in_six", "review", "6")],
            [turn.button("in_year", "review", "12")],
        ]
    if key == "owner":
        return [[Button(turn.name_of(who), data("details", "owner", str(who.id)))] for who in _editors(turn)[:OWNERS]]
    return []


@talk.button("clear")
def clear(turn: Turn) -> None:
    draft = _draft(turn)
    for name in _fields(turn.argument):
        draft.pop(name, None)
    back(turn)


@talk.button("back")
def back(turn: Turn) -> None:
    _draft(turn)
    turn.visit("writing", "preview")


@talk.step
def attach(turn: Turn) -> None:
    draft = _draft(turn)
    draft["files"] = drafts.files(draft.get("files", ()), [file.key for file in turn.keep()])
    back(turn)


@talk.step
def link(turn: Turn) -> None:
    draft = _draft(turn)
    draft["links"] = drafts.links(turn.text, turn.words.button("page"), len(draft.get("related", ())))
    back(turn)


@talk.step
def look(turn: Turn) -> None:
    """Words lead to answers; one of them is chosen."""
    mine = turn.memory["id"]
    near = turn.library.answers.near(turn.text, FOUND + 1)
    found = [entry for entry in near if entry.id != mine and entry.kind != "chat"][:FOUND]
    rows = [[Button(entry.title, data("details", "relate", entry.id))] for entry in found]
    turn.say("found" if found else "not_found", Keyboard(inline=[*rows, [turn.button("back", "back")]]))
    turn.go(look)


@talk.button("relate")
def relate(turn: Turn) -> None:
    draft = _draft(turn)
    if turn.argument not in turn.library.answers.entries:
        raise CitizenError("gone")
    draft["related"] = drafts.related(draft.get("related", ()), turn.argument, len(draft.get("links", ())))
    back(turn)


@talk.step
def locate(turn: Turn) -> None:
    """A point on the map, or an address in words; an answer may have both."""
    draft = _draft(turn)
    point = {"lat": turn.spot.lat, "lon": turn.spot.lon} if turn.spot is not None else drafts.place(turn.text)
    if point is not None:
        draft["place"] = point
    else:
        draft["address"] = drafts.tidied(drafts.address(turn.text))
    back(turn)


@talk.step
def name_owner(turn: Turn) -> None:
    draft = _draft(turn)
    draft["owner"] = drafts.owner(turn.text)
    draft.pop("owner_id", None)
    back(turn)


@talk.button("owner")
def choose_owner(turn: Turn) -> None:
    draft = _draft(turn)
    if turn.argument not in {str(who.id) for who in _editors(turn)}:
        raise CitizenError("gone")
    draft["owner_id"] = int(turn.argument)
    draft.pop("owner", None)
    back(turn)


@talk.step
def set_review(turn: Turn) -> None:
    _draft(turn)["review"] = drafts.review(turn.text, turn.now.date())
    back(turn)


@talk.button("review")
def choose_review(turn: Turn) -> None:
    months = int(turn.argument) if turn.argument in {"3", "6", "12"} else 12
    _draft(turn)["review"] = drafts.review_in(months, turn.now.date())
    back(turn)


def _editors(turn: Turn) -> list[Member]:
    """Whoever may keep an answer true."""
    return [who for who in turn.unit.staff.all() if staff.may(who.role, "editor")]


def _fields(key: str) -> tuple[str, ...]:
    """What of the draft belongs to a button of the menu."""
    return {"place": ("place", "address"), "owner": ("owner", "owner_id")}.get(key, (key,))


def _draft(turn: Turn) -> dict[str, Any]:
    found = turn.memory.get("draft")
    if not isinstance(found, dict):
        raise CitizenError("no_draft")
    return found
