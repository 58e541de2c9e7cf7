"""How a group of unanswered questions is dealt with, for editors; whoever asked is told (bot/services/telling.py).

write    -> the answer? --text--> preview --publish--> a new entry, all who asked are told
                                          --title----> another title? --text--> preview
                                          --text-----> preview of that one
existing -> which entry? --one of the buttons--> sure? --yes--> their words lead to it now, all who asked are told
                         --words of it----> which of these?
one      -> whom? --one--> the answer? --text--> preview --send--> that one is told, the others stay
drop     -> why? --text, or nothing--> gone, those who wait are told
"""

from typing import Any

from bot.flow import Button, CitizenError, Conversation, Keyboard, Turn, data
from bot.services import knowledge, telling, unanswered
from bot.services.staff import Member
from bot.services.unanswered import ANSWER_LIMIT, REASON_LIMIT, TITLE_LIMIT

talk = Conversation("answering", role="editor")

MOST_ENTRIES = 5


# -- a new entry, or a word to one person


@talk.button("write")
def write(turn: Turn) -> None:
    turn.memory = {"group": turn.argument, "draft": _draft(turn, turn.argument), "previews": 0}
    turn.say("write", _back(turn), limit=ANSWER_LIMIT)
    turn.go(written)


@talk.button("one")
def one(turn: Turn) -> None:
    found = unanswered.askers(turn.unit, turn.argument)
    if not found:
        raise CitizenError("nobody")
    turn.memory = {"group": turn.argument, "previews": 0}
    if len(found) == 1:
        turn.argument = str(found[0][0])
        to_one(turn)
        return
    text = turn.words.text("whom")
    for place, (_, question) in enumerate(found, start=1):
        text += turn.words.text("asker", place=place, question=question)
    numbers = [turn.button("number", "to", str(asked), place=place) for place, (asked, _) in enumerate(found, start=1)]
    turn.tell(text, Keyboard(inline=[numbers, *_back(turn).inline]))
    turn.go(choosing)


@talk.button("to")
def to_one(turn: Turn) -> None:
    asked = dict(unanswered.askers(turn.unit, _of(turn, "group")))
    if turn.argument not in map(str, asked):
        raise CitizenError("closed")
    turn.memory["one"] = int(turn.argument)
    turn.say("write_one", _back(turn), question=asked[int(turn.argument)], limit=ANSWER_LIMIT)
    turn.go(written)


@talk.step
def written(turn: Turn) -> None:
    turn.memory["text"] = _text(turn, ANSWER_LIMIT)
    preview(turn)


def preview(turn: Turn) -> None:
    """As it is about to be sent. The button of an earlier preview leads back here: it sends only what it showed."""
    if _is_over(turn):
        return
    turn.memory["previews"] += 1
    shown = str(turn.memory["previews"])
    turn.tell(_of(turn, "text"))
    if "one" in turn.memory:
        rows = [[turn.button("send", "send", shown)], *_back(turn).inline]
        turn.say("preview_one", Keyboard(inline=rows))
    else:
        told = unanswered.see(turn.unit, _of(turn, "group")).told
        rows = [[turn.button("publish", "send", shown), turn.button("retitle", "retitle")], *_back(turn).inline]
        turn.say("preview", Keyboard(inline=rows), title=turn.memory["draft"]["title"], told=told)
    turn.go(written)


@talk.button("retitle")
def retitle(turn: Turn) -> None:
    _of(turn, "text")
    turn.say("ask_title", limit=TITLE_LIMIT)
    turn.go(titled)


@talk.step
def titled(turn: Turn) -> None:
    title = " ".join(_text(turn, TITLE_LIMIT).split())
    turn.memory["draft"] = turn.memory["draft"] | {"title": title}
    preview(turn)


@talk.button("send")
def send(turn: Turn) -> None:
    text, group = _of(turn, "text"), _of(turn, "group")
    if _is_over(turn):
        return
    if turn.argument != str(turn.memory["previews"]):
        turn.say("old")
        preview(turn)
        return
    if "one" in turn.memory:
        unanswered.reply(turn.unit, turn.memory["one"], _member(turn), text)
        told = None
    else:
        entry = knowledge.add(turn.unit, _member(turn).id, turn.memory["draft"] | {"answer": text})
        told = unanswered.answer(turn.unit, group, _member(turn), entry.id, text)
    done(turn, told)


# -- an entry that is there already


@talk.button("existing")
def existing(turn: Turn) -> None:
    group = unanswered.see(turn.unit, turn.argument)
    turn.memory = {"group": turn.argument}
    guessed = [group.about] if group.about is not None else []
    for sample in group.samples:
        guessed += turn.library.answers.reply(sample, turn.now).suggestions
    _offer(turn, guessed, first=True)


@talk.step
def search(turn: Turn) -> None:
    said = " ".join(_text(turn, ANSWER_LIMIT).split())
    entries = turn.library.answers.entries
    named = [entry.id for entry in entries.values() if said in entry.title]
    guessed = [*turn.found.suggestions, turn.found.topic] if turn.found is not None else []
    _offer(turn, [topic for topic in (*named, *guessed) if topic is not None])


def _offer(turn: Turn, topics: list[str], *, first: bool = False) -> None:
    entries = turn.library.answers.entries
    known = [topic for topic in dict.fromkeys(topics) if topic in entries and entries[topic].kind != "chat"]
    rows = [[Button(entries[topic].title, data("answering", "pick", topic))] for topic in known[:MOST_ENTRIES]]
    turn.say("search" if rows or first else "search_again", Keyboard(inline=[*rows, *_back(turn).inline]))
    turn.go(search)


@talk.button("pick")
def pick(turn: Turn) -> None:
    entry = turn.library.answers.entries.get(turn.argument)
    if entry is None:
        raise CitizenError("gone")
    if _is_over(turn):
        return
    told = unanswered.see(turn.unit, _of(turn, "group")).told
    rows = [[turn.button("send_existing", "take", entry.id)], *_back(turn).inline]
    turn.tell(turn.library.answers.show(entry.id, turn.now))
    turn.say("pick", Keyboard(inline=rows), told=told, title=entry.title)
    turn.go(search)


@talk.button("take")
def take(turn: Turn) -> None:
    entry, group = turn.argument, _of(turn, "group")
    if entry not in turn.library.answers.entries:
        raise CitizenError("gone")
    if _is_over(turn):
        return
    if unanswered.see(turn.unit, group).about != entry:  # what is said of an answer does not lead to it
        lead_to(turn, entry, _draft(turn, group)["phrasings"])
    text = turn.library.answers.show(entry, turn.now)
    done(turn, unanswered.answer(turn.unit, group, _member(turn), entry, text))


def lead_to(turn: Turn, entry: str, phrasings: list[str]) -> None:
    """An entry is found by these too: one version more, however many they are."""
    known = knowledge.current(turn.unit, entry, turn.library.shipped)
    asked = list(dict.fromkeys([*known.table.get("phrasings", ()), *phrasings]))
    knowledge.change(turn.unit, _member(turn).id, known, known.table | {"phrasings": asked})


# -- no answer


@talk.button("drop")
def drop(turn: Turn) -> None:
    group = unanswered.see(turn.unit, turn.argument)
    turn.memory = {"group": turn.argument}
    turn.go(why)
    under = Keyboard(inline=[[turn.button("drop_now", "dropped")], *_back(turn).inline])
    if not group.waiting:
        turn.say("sure", under)
        return
    turn.say("ask_reason", under, waiting=group.waiting)


@talk.step
def why(turn: Turn) -> None:
    turn.memory["reason"] = " ".join(_text(turn, REASON_LIMIT).split())
    if _is_over(turn):
        return
    waiting = unanswered.see(turn.unit, _of(turn, "group")).waiting
    rows = [[turn.button("drop_now", "dropped")], *_back(turn).inline]
    turn.say("reason", Keyboard(inline=rows), waiting=waiting, reason=turn.memory["reason"])
    turn.go(why)


@talk.button("dropped")
def dropped(turn: Turn) -> None:
    if _is_over(turn):
        return
    told = unanswered.drop(turn.unit, _of(turn, "group"), _member(turn), turn.memory.get("reason"))
    turn.end()
    telling.tell(turn.unit, turn.words)
    turn.say("dropped", _back(turn), told=told)


# -- what they share


@talk.step
def choosing(turn: Turn) -> None:
    """Somebody has to be chosen by a button first."""
    turn.argument = _of(turn, "group")
    one(turn)


def done(turn: Turn, told: int | None) -> None:
    turn.end()
    telling.tell(turn.unit, turn.words)
    if told is None:
        turn.say("sent", _back(turn))
    else:
        turn.say("published", _back(turn), told=told)


def _is_over(turn: Turn) -> bool:
    """Whether a colleague was quicker; then that is said, and the editor stands nowhere any more."""
    if unanswered.is_open(turn.unit, _of(turn, "group")):
        return False
    turn.end()
    turn.say("over", _back(turn))
    return True


def _draft(turn: Turn, group: str) -> dict[str, Any]:
    return unanswered.draft(turn.unit, group, _member(turn), turn.library.answers.folded)


def _member(turn: Turn) -> Member:
    member = turn.member
    if member is None:
        raise CitizenError("draft_gone")
    return member


def _of(turn: Turn, key: str) -> Any:  # noqa: ANN401 - what was gathered is JSON
    """What was gathered under a key: buttons stay in a chat long after it is over."""
    if key not in turn.memory:
        raise CitizenError("draft_gone")
    return turn.memory[key]


def _text(turn: Turn, limit: int) -> str:
    text = turn.text.strip()
    if not text or turn.files:
        raise CitizenError("no_text")
    if len(text) > limit:
        raise CitizenError("too_long", length=len(text), limit=limit)
    return text


def _back(turn: Turn) -> Keyboard:
    """Back to the group, while there is one; or to all of them."""
    group = turn.memory.get("group")
    if group is None:
        return Keyboard(inline=[[Button(turn.words.button("all"), data("unanswered", "page"))]])
    return Keyboard(inline=[[Button(turn.words.button("back"), data("unanswered", "group", group))]])
