"""«جواب تازه»: staff write an answer step by step, see it as citizens will, and publish it; or change one.

new                 -> title -> ways of asking -> text -> preview
edit (an entry)     -> preview of it as it stands
handed (by another room) -> what is lacking -> preview
preview --publish---> live within a second, end; --changed by somebody meanwhile--> theirs, or mine in its place
        --a field---> asked for, preview again
        --more------> photo, links, related answers, place, owner, review date (handlers/details.py), preview again
        --as I wrote it--> the text without our tidying, preview again
        --/cancel---> nothing is published

The draft is the memory of this conversation: `draft` (see `bot/services/knowledge.py`); `id` and `base` of the entry
that is changed ("" and 0 for a new one); `raw`: what staff wrote, where tidying changed it; `leads`: ways of asking
that reach other answers already; `shown`: how often it was previewed, since an older preview publishes nothing.

How another room hands a draft over, such as a question that nobody could answer:

    turn.memory = {"draft": {"phrasings": ["…"]}, "after": ["unanswered", "answered", "17"]}
    turn.visit("writing", "handed")

After publishing, the button `answered` of the conversation `unanswered` is visited with the argument "17" and
`turn.memory == {"entry": id}`. Without `after` nothing follows. If the staff cancel, nobody is told.
"""

from typing import Any

from bot.flow import CitizenError, Conversation, Keyboard, Turn
from bot.services import drafts, knowledge
from bot.services.knowledge import Entry

talk = Conversation("writing", role="editor")

FIELDS = ("title", "phrasings", "answer")
CHECKED = 12
"""Ways of asking that are tried on the answers: each takes milliseconds of everybody's time."""
LEADS_SHOWN = 5


@talk.button("new")
def begin(turn: Turn) -> None:
    turn.memory = {"draft": {}}
    handed(turn)


@talk.button("handed")
def handed(turn: Turn) -> None:
    drafts.warm()
    turn.memory = {"id": "", "base": 0, "raw": {}, "leads": [], "shown": 0} | turn.memory
    _notice_leads(turn, list(_draft(turn).get("phrasings", ())))
    go_on(turn)


@talk.button("edit")
def edit(turn: Turn) -> None:
    known = knowledge.current(turn.unit, turn.argument, turn.library.shipped)
    turn.memory = {"draft": known.table, "id": known.id, "base": known.number}
    handed(turn)


@talk.button("preview")
def go_on(turn: Turn) -> None:
    """Ask for the first thing that is lacking; preview what is whole."""
    draft = _draft(turn)
    lacking = next((key for key in FIELDS if not draft.get(key)), None)
    if lacking is None:
        preview(turn)
    else:
        ask_for(turn, lacking)


@talk.button("field")
def field(turn: Turn) -> None:
    _draft(turn)
    if turn.argument in FIELDS:
        ask_for(turn, turn.argument)
    else:
        go_on(turn)


def ask_for(turn: Turn, key: str) -> None:
    steps = {"title": write_title, "phrasings": write_phrasings, "answer": write_text}
    known = _draft(turn).get(key)
    back = turn.button("back", "preview") if known else turn.button("cancel", "cancel")
    turn.say(f"ask_{key}", Keyboard(inline=[[back]]))
    if key == "phrasings" and known:
        turn.say("phrasings_so_far", lines="\n".join(known))
    turn.go(steps[key])


@talk.step
def write_title(turn: Turn) -> None:
    titles = {entry.title for entry in _others(turn)}
    written = drafts.title(turn.text, titles)
    _put(turn, "title", drafts.neat(written), written)
    _notice_leads(turn, [written])
    go_on(turn)


@talk.step
def write_phrasings(turn: Turn) -> None:
    found = drafts.phrasings(turn.text)
    _draft(turn)["phrasings"] = found
    _notice_leads(turn, found)
    go_on(turn)


@talk.step
def write_text(turn: Turn) -> None:
    written = drafts.pages(turn.text)
    neat = drafts.pages(drafts.tidied(turn.text))
    for key, value in neat.items():
        _put(turn, key, value, written[key])
    go_on(turn)


def preview(turn: Turn) -> None:
    """The answer as citizens will see it, and below it what can be done."""
    draft, memory = _draft(turn), turn.memory
    memory["shown"] += 1
    entry = knowledge.sound(memory["id"] or "staff.0", draft)
    turn.show_entry(entry, turn.library.answers.draft(entry, turn.now))
    for page in entry.more:
        turn.tell(page)
    words = turn.words
    text = words.text("preview", title=entry.title, count=len(entry.phrasings))
    text += words.text("line_owner", owner=_owner(turn, entry)) if _owner(turn, entry) else ()
    text += words.text("line_review", day=knowledge.day(entry.review)) if entry.review is not None else ()
    text += words.text("line_related", count=len(entry.related)) if entry.related else ()
    text += words.text("line_tidied") if memory["raw"] else ()
    text += words.text("leads") if memory["leads"] else ()
    for asked, title in memory["leads"][:LEADS_SHOWN]:
        text += words.text("line_leads", asked=asked, title=title)
    rows = [
        [turn.button("publish", "publish", str(memory["shown"]))],
        [turn.button("title", "field", "title"), turn.button("phrasings", "field", "phrasings")],
        [turn.button("answer", "field", "answer"), turn.button("more", "more")],
    ]
    rows += [[turn.button("as_written", "raw")]] if memory["raw"] else []
    turn.tell(text + words.text("publish_so"), Keyboard(inline=[*rows, [turn.button("cancel", "cancel")]]))
    turn.go(decide)


@talk.step
def decide(turn: Turn) -> None:
    turn.go(decide)
    if turn.chose("publish"):
        _publish(turn)
    else:
        turn.say("press_one", Keyboard(inline=[[turn.button("back", "preview")]]))


@talk.button("raw")
def as_written(turn: Turn) -> None:
    draft, raw = _draft(turn), turn.memory["raw"]
    draft.update(raw)
    turn.memory["raw"] = {}
    preview(turn)


@talk.button("more")
def more(turn: Turn) -> None:
    _draft(turn)
    turn.visit("details", "menu")


@talk.button("cancel")
def cancel(turn: Turn) -> None:
    turn.end()
    turn.say("cancelled", Keyboard(inline=[[turn.door("knowledge")]]))


# -- publishing


@talk.button("publish")
def publish(turn: Turn) -> None:
    if turn.argument != str(_draft(turn) and turn.memory["shown"]):
        preview(turn)
    else:
        _publish(turn)


@talk.button("instead")
def publish_instead(turn: Turn) -> None:
    """Mine in place of theirs, which stays among the versions."""
    _draft(turn)
    turn.memory["base"] = int(turn.argument) if turn.argument.isdecimal() else -1
    _publish(turn)


def _publish(turn: Turn) -> None:
    draft, memory = _draft(turn), turn.memory
    if drafts.lost(turn.unit, draft.get("files", ())):
        raise CitizenError("file_lost")
    if not memory["id"]:
        _published(turn, knowledge.add(turn.unit, _me(turn), draft))
        return
    known = knowledge.current(turn.unit, memory["id"], turn.library.shipped)
    if known.number == memory["base"]:
        _published(turn, knowledge.change(turn.unit, _me(turn), known, draft))
        return
    rows = [[turn.button("theirs", "edit", known.id)], [turn.button("instead", "instead", str(known.number))]]
    (last,) = knowledge.versions(turn.unit, known.id, 0, 1)
    turn.say("changed_meanwhile", Keyboard(inline=rows), who=_name(turn, last.member or 0), day=knowledge.when(last))


def _published(turn: Turn, entry: Entry) -> None:
    after = turn.memory.get("after")
    turn.end()
    rows = [[turn.link("knowledge", "back", "show", entry.id)], [turn.button("new", "new"), turn.door("knowledge")]]
    turn.say("published", Keyboard(inline=rows), title=entry.title)
    if after:
        talk_name, action, argument = after
        turn.memory = {"entry": entry.id}
        turn.visit(talk_name, action, argument)


# -- small things


def _draft(turn: Turn) -> dict[str, Any]:
    """The draft that is being written. A button of one that was published or cancelled finds none."""
    found = turn.memory.get("draft")
    if not isinstance(found, dict):
        raise CitizenError("no_draft")
    return found


def _put(turn: Turn, key: str, tidy: object, written: object) -> None:
    """Keep a field tidied, and as it was written if that is not the same."""
    _draft(turn)[key] = tidy
    raw = turn.memory["raw"]
    raw.pop(key, None)
    if tidy != written:
        raw[key] = written


def _others(turn: Turn) -> list[Entry]:
    return [entry for entry in turn.library.answers.entries.values() if entry.id != turn.memory["id"]]


def _notice_leads(turn: Turn, phrasings: list[str]) -> None:
    """Note which of these ways of asking reach another answer already."""
    answers = turn.library.answers
    known = dict.fromkeys(asked for asked, _ in turn.memory["leads"])
    for phrasing in phrasings[:CHECKED]:
        topic = answers.reply(phrasing, turn.now).topic
        if topic is not None and topic != turn.memory["id"] and phrasing not in known:
            turn.memory["leads"].append([phrasing, answers.entries[topic].title])


def _me(turn: Turn) -> int:
    member = turn.member
    if member is None:
        raise LookupError("reached by staff only")
    return member.id


def _name(turn: Turn, member_id: int) -> str:
    member = turn.unit.staff.get(member_id)
    return turn.name_of(member) if member else ""


def _owner(turn: Turn, entry: Entry) -> str:
    return _name(turn, entry.owner_id) if entry.owner_id else entry.owner
