"""A survey from a file that somebody wrote on a computer, or from its text. How such a file looks is in an example.

ask -> a document: read as soon as it is fetched (`bot/sheet_runner.py`), which tells what came of it
       its text --sound--> a draft   --not--> all faults, each with its question and key
example -> a short one, to be copied
"""

from bot.errors import Faults
from bot.flow import CitizenError, Conversation, Keyboard, Turn
from bot.services import survey_drafts, survey_sheet, survey_typing
from bot.services.sheet_faults import SheetFaults
from bot.services.staff import Member

talk = Conversation("survey_import", role="editor", part_of="surveys")

EXAMPLE = "program"
EXAMPLE_QUESTIONS = 3
"""Enough to see how it goes: one with options, several of them, and a scale that not everybody is asked."""


@talk.button("ask")
def ask(turn: Turn) -> None:
    rows = [[turn.button("example", "example")], [turn.link("surveys", "do_list", "room")]]
    turn.say("ask", Keyboard(inline=rows))
    turn.go(take)


@talk.button("example")
def example(turn: Turn) -> None:
    tables = survey_sheet.tables_of(turn.library.surveys[EXAMPLE])
    tables["question"] = tables["question"][:EXAMPLE_QUESTIONS]
    turn.say("example", text=survey_typing.written(tables))
    turn.say("example_after")
    turn.go(take)


@talk.step
def take(turn: Turn) -> None:
    member = turn.me
    if turn.files:
        _fetch(turn, member)
        return
    if not turn.text.strip():
        raise CitizenError("empty")
    try:
        tables = survey_typing.sheet("sent", turn.text)
    except Faults as found:
        turn.tell(turn.words.text("faults") + SheetFaults(turn.words).of_file(found.faults))
        turn.go(take)
        return
    row = survey_drafts.make(turn.unit, tables, member)
    turn.say("made")
    turn.visit("surveys", "one", str(row.id))


def _fetch(turn: Turn, member: Member) -> None:
    """One after another; what is no text turns out to be none when it is there."""
    documents = [file for file in turn.files if file.kind == "document"]
    if not documents:
        raise CitizenError("no_document")
    for file in turn.keep(documents):
        turn.unit.survey_files.ask(file.key, member.id)
    turn.say("reading")
    turn.go(take)
