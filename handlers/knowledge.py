"""«جواب‌ها»: staff find an answer, see how it stands, retire it, restore it, and roll it back.

/answers, «جواب‌ها», room -> how many there are; words --> those that come near
list, stale, retired, ailing -> by pages
one of them -> as citizens see it, and below it: owner, review, version, ways of asking, what can be done
  change    -> handlers/writing.py
  retire    -> sure? --yes--> not answered any more
  restore   -> answered again
  versions  -> who and when; one of them -> its text --roll back--> counts again
  shipped   -> the newer text of content/ --take--> counts; --keep ours--> the mark is gone
"""

from collections.abc import Callable, Sequence

from bot.flow import Button, Conversation, Keyboard, Spans, Turn, data
from bot.services import drafts, knowledge
from bot.services.knowledge import Entry, Kept

talk = Conversation("knowledge", role="editor")

A_PAGE = 5
TITLE_LIMIT = 30
DIGITS = 6
PHRASINGS_SHOWN = 10

Listed = list[tuple[str, str]]
"""Entries by id and title."""


@talk.waiting
def waiting(turn: Turn) -> int:
    return len(_stale(turn))


@talk.command("answers")
@talk.room
def room(turn: Turn) -> None:
    drafts.warm()  # whoever comes here is about to write
    turn.end()
    turn.go(find)
    if turn.argument:
        search(turn, turn.argument)
        return
    stale, off, ailing = len(_stale(turn)), turn.unit.entries.count_retired(), len(_ailing(turn))
    rows = [[turn.link("writing", "new", "new"), turn.button("list", "list", "0")]]
    rows += [[turn.button("stale", "stale", "0", count=stale)]] if stale else []
    rows += [[turn.button("retired", "retired", "0", count=off)]] if off else []
    rows += [[turn.button("ailing", "ailing", "0", count=ailing)]] if ailing else []
    turn.say("room", Keyboard(inline=[*rows, [_desk(turn)]]), count=len(turn.library.answers.entries))


@talk.step
def find(turn: Turn) -> None:
    turn.go(find)
    search(turn, turn.text)


def search(turn: Turn, words: str) -> None:
    live = turn.library.answers
    found = [live.entries[words.strip()]] if words.strip() in live.entries else live.near(words, A_PAGE)
    rows = [[_open(entry.id, entry.title)] for entry in found]
    turn.say("found" if found else "not_found", Keyboard(inline=[*rows, [turn.door("knowledge")]]))


# -- lists


@talk.button("list")
def show_all(turn: Turn) -> None:
    entries = sorted(turn.library.answers.entries.values(), key=lambda entry: (entry.kind != "topic", entry.title))
    _pages(turn, "list", len(entries), lambda after: _listed(entries[after : after + A_PAGE]))


@talk.button("stale")
def show_stale(turn: Turn) -> None:
    entries = _stale(turn)
    _pages(turn, "stale", len(entries), lambda after: _listed(entries[after : after + A_PAGE]))


@talk.button("retired")
def show_retired(turn: Turn) -> None:
    def some(after: int) -> Listed:
        return [(kept.id, _title(kept)) for kept in knowledge.retired(turn.unit, after, A_PAGE)]

    _pages(turn, "retired", turn.unit.entries.count_retired(), some)


@talk.button("ailing")
def show_ailing(turn: Turn) -> None:
    ids = _ailing(turn)

    def some(after: int) -> Listed:
        shown = ids[after : after + A_PAGE]
        return [(name, _title(knowledge.current(turn.unit, name, turn.library.shipped))) for name in shown]

    _pages(turn, "ailing", len(ids), some)


def _listed(entries: Sequence[Entry]) -> Listed:
    return [(entry.id, entry.title) for entry in entries]


def _pages(turn: Turn, key: str, count: int, some: Callable[[int], Listed]) -> None:
    """One page of a list, in place of the page before. `some` reads what stands on a page, and no more."""
    pages = max(1, -(-count // A_PAGE))
    page = max(0, min(_number(turn.argument), pages - 1))
    rows = [[_open(*one)] for one in some(page * A_PAGE)]
    turning = [turn.button("previous", key, str(page - 1))] if page else []
    turning += [turn.button("next", key, str(page + 1))] if page + 1 < pages else []
    text = turn.words.text(f"{key}_page", page=page + 1, pages=pages)
    turn.change(text, Keyboard(inline=[*rows, *([turning] if turning else []), [turn.door("knowledge")]]))


# -- one entry


@talk.button("show")
def show(turn: Turn) -> None:
    known = knowledge.current(turn.unit, turn.argument, turn.library.shipped)
    turn.end()
    turn.go(find)
    if known.entry is not None:
        turn.show_entry(known.entry, turn.library.answers.draft(known.entry, turn.now))
    at = f"{known.id}.{known.number}"
    rows = [[turn.link("writing", "change", "edit", known.id)]]
    if known.retired_at is not None:
        rows[0].append(turn.button("restore", "restore", at))
    else:
        rows[0].append(turn.button("retire", "ask", at))
    rows += [[turn.button("versions", "versions", f"{known.id}.0")]] if known.number else []
    rows += [[turn.button("shipped", "shipped", at)]] if known.outdated else []
    turn.tell(_facts(turn, known), Keyboard(inline=[*rows, [turn.door("knowledge")]]))


def _facts(turn: Turn, known: Kept) -> Spans:
    """What staff should know of an entry beside what citizens see."""
    words, entry = turn.words, known.entry
    text = words.text("about", title=_title(known), id=known.id)
    if entry is None:
        return text + words.text("line_unsound")
    text += words.text("line_owner", owner=_owner(turn, entry)) if _owner(turn, entry) else words.text("line_no_owner")
    if entry.review is not None:
        passed = entry.review <= turn.now.date()
        text += words.text("line_stale" if passed else "line_review", day=knowledge.day(entry.review))
    if known.number:
        (last,) = knowledge.versions(turn.unit, known.id, 0, 1)
        text += words.text("line_version", number=known.number, who=_who(turn, last.member), day=knowledge.when(last))
    else:
        text += words.text("line_as_shipped")
    text += words.text("line_retired") if known.retired_at is not None else ()
    text += words.text("line_outdated") if known.outdated else ()
    dead = sum(trouble.id == known.id and trouble.ailment == "dead" for trouble in turn.library.troubles)
    text += words.text("line_dead", count=dead) if dead else ()
    text += words.text("line_phrasings", count=len(entry.phrasings))
    for phrasing in entry.phrasings[:PHRASINGS_SHOWN]:
        text += words.text("line_phrasing", phrasing=phrasing)
    more = len(entry.phrasings) - PHRASINGS_SHOWN
    return text + words.text("line_more_phrasings", count=more) if more > 0 else text


@talk.button("ask")
def ask(turn: Turn) -> None:
    entry_id, _, _ = turn.argument.rpartition(".")
    known = knowledge.current(turn.unit, entry_id, turn.library.shipped)
    rows = [[turn.button("yes", "retire", turn.argument), turn.button("no", "show", entry_id)]]
    turn.say("sure", Keyboard(inline=rows), title=_title(known))


@talk.button("retire")
def retire(turn: Turn) -> None:
    known = _at(turn)
    knowledge.retire(turn.unit, _me(turn), known)
    turn.say("now_retired", _back(turn, known.id), title=_title(known))


@talk.button("restore")
def restore(turn: Turn) -> None:
    known = _at(turn)
    knowledge.restore(turn.unit, _me(turn), known)
    turn.say("now_restored", _back(turn, known.id), title=_title(known))


# -- versions


@talk.button("versions")
def show_versions(turn: Turn) -> None:
    entry_id, _, number = turn.argument.rpartition(".")
    page = max(0, _number(number))
    known = knowledge.current(turn.unit, entry_id, turn.library.shipped)
    found = knowledge.versions(turn.unit, entry_id, page * A_PAGE, A_PAGE + 1)
    text = turn.words.text("versions", title=_title(known))
    rows = []
    for version in found[:A_PAGE]:
        text += turn.words.text(
            f"done_{version.kind}",
            number=version.number,
            who=_who(turn, version.member),
            day=knowledge.when(version),
        )
        rows.append([turn.button("version", "version", f"{entry_id}.{version.number}", number=version.number)])
    turning = [turn.button("newer", "versions", f"{entry_id}.{page - 1}")] if page else []
    turning += [turn.button("older", "versions", f"{entry_id}.{page + 1}")] if len(found) > A_PAGE else []
    back = [turn.button("back", "show", entry_id)]
    turn.change(text, Keyboard(inline=[*rows, *([turning] if turning else []), back]))


@talk.button("version")
def show_version(turn: Turn) -> None:
    entry_id, _, number = turn.argument.rpartition(".")
    known = knowledge.current(turn.unit, entry_id, turn.library.shipped)
    version, entry = knowledge.version(turn.unit, entry_id, _number(number))
    if entry is not None:
        turn.show_entry(entry, turn.library.answers.draft(entry, turn.now))
    rows = [[turn.button("versions", "versions", f"{entry_id}.0")]]
    if entry is not None and version.number != known.number:
        rows.insert(0, [turn.button("roll", "roll", f"{entry_id}.{known.number}.{version.number}")])
    turn.say(
        "version",
        Keyboard(inline=rows),
        number=version.number,
        who=_who(turn, version.member),
        day=knowledge.when(version),
    )


@talk.button("roll")
def roll_back(turn: Turn) -> None:
    at, _, number = turn.argument.rpartition(".")
    known = _at(turn, at)
    knowledge.roll_back(turn.unit, _me(turn), known, _number(number))
    turn.say("rolled_back", _back(turn, known.id), number=_number(number))


@talk.button("shipped")
def show_shipped(turn: Turn) -> None:
    known = _at(turn)
    if known.shipped is not None:
        turn.show_entry(known.shipped, turn.library.answers.draft(known.shipped, turn.now))
    rows = [[turn.button("take", "take", turn.argument)], [turn.button("keep", "keep", turn.argument)]]
    turn.say("shipped", Keyboard(inline=rows), title=_title(known))


@talk.button("take")
def take_shipped(turn: Turn) -> None:
    known = _at(turn)
    knowledge.take_shipped(turn.unit, _me(turn), known)
    turn.say("taken", _back(turn, known.id))


@talk.button("keep")
def keep_ours(turn: Turn) -> None:
    known = _at(turn)
    knowledge.keep_ours(turn.unit, _me(turn), known)
    turn.say("kept", _back(turn, known.id))


# -- small things


def _at(turn: Turn, argument: str = "") -> Kept:
    """The entry that a button names, as long as it stands at the version that the button was made for."""
    entry_id, _, base = (argument or turn.argument).rpartition(".")
    return knowledge.current(turn.unit, entry_id, turn.library.shipped, _number(base))


def _number(written: str) -> int:
    """The number in a button; of one that nobody made, a number that nothing has."""
    return int(written) if written.isdecimal() and len(written) <= DIGITS else -1


def _me(turn: Turn) -> int:
    member = turn.member
    if member is None:
        raise LookupError("reached by staff only")
    return member.id


def _open(entry_id: str, title: str) -> Button:
    return Button(title, data("knowledge", "show", entry_id))


def _back(turn: Turn, entry_id: str) -> Keyboard:
    return Keyboard(inline=[[turn.button("back", "show", entry_id), turn.door("knowledge")]])


def _desk(turn: Turn) -> Button:
    return turn.link("staff", "menu", "menu")


def _title(known: Kept) -> str:
    return str(known.table.get("title") or known.id)[:TITLE_LIMIT]


def _who(turn: Turn, member_id: int | None) -> str:
    """The name of a member of staff; of somebody who wants to be forgotten, their number."""
    member = turn.unit.staff.get(member_id) if member_id is not None else None
    if member is None:
        return turn.words.button("program")
    return turn.name_of(member)


def _owner(turn: Turn, entry: Entry) -> str:
    return _who(turn, entry.owner_id) if entry.owner_id else entry.owner


def _stale(turn: Turn) -> list[Entry]:
    return knowledge.stale(turn.library.answers.entries.values(), turn.now.date())


def _ailing(turn: Turn) -> list[str]:
    """Stored entries that are not live as they were written, each once."""
    return list(dict.fromkeys(trouble.id for trouble in turn.library.troubles))
