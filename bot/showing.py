"""How things are laid out in a message: an entry, buttons side by side."""

from collections.abc import Sequence

from bot import markup
from bot.knowledge import Entry
from bot.markup import Spans
from bot.outbox import Button, Keyboard

Rows = list[list[Button]]
SHORT_LABEL = 18


def as_spans(text: str | Spans) -> Spans:
    return markup.spans(text.strip("\n")) if isinstance(text, str) else text


def side_by_side(buttons: list[Button]) -> Rows:
    """Two short buttons in a row, a long one alone: an answer and its buttons should fit on a phone together."""
    rows: Rows = []
    for button in buttons:
        if len(button.label) <= SHORT_LABEL and rows and len(rows[-1]) == 1 and len(rows[-1][0].label) <= SHORT_LABEL:
            rows[-1].append(button)
        else:
            rows.append([button])
    return rows


def as_shown(entry: Entry, text: str | Spans, under: Sequence[Sequence[Button]] = ()) -> tuple[Spans, Keyboard]:
    """The first page of an entry: its text with its address, its links above these buttons."""
    links = [[Button(link.label, url=link.url)] for link in entry.links]
    address = markup.spans(f"\n\n📍 {entry.address}") if entry.address else ()
    return (*as_spans(text), *address), Keyboard(inline=[*links, *under])
