"""The log of a case as staff read it: who did what and when, and what was said."""

from typing import Final

from bot.content import Wording
from bot.dates import instant_in_words
from bot.markup import Spans
from bot.services import codes
from bot.services.cases import Case, Event
from bot.services.masking import mask_phones
from bot.services.quoting import quote
from bot.store import Unit

MOST_SHOWN: Final = 12
"""The newest events, in one message."""
TEXT_SHOWN: Final = 160
NAME_SHOWN: Final = 25
CITIZENS: Final = frozenset({
    "filed", "added", "repeated", "withdrawn", "verdict", "reopened", "raised", "followed", "half", "ended",
    "forgotten", "confirmed",
})  # fmt: skip
"""What citizens do themselves; the rest without a member is done by the clock."""


def told(unit: Unit, words: Wording, case: Case, *, hide: bool) -> Spans:
    """The log, the oldest first. `hide`: telephone numbers that somebody wrote are not for everybody here."""
    found = unit.case_log.of(case.id, MOST_SHOWN + 1)
    text = words.text("history", code=codes.shown(case.code))
    if len(found) > MOST_SHOWN:
        text += words.text("history_earlier", most=MOST_SHOWN)
    for event in reversed(found[:MOST_SHOWN]):
        who = _who(unit, words, event)
        text += words.text("history_line", at=instant_in_words(event.at), who=who, what=_what(words, event))
        if event.text:
            said = quote(mask_phones(event.text) if hide else event.text, TEXT_SHOWN)
            text += words.text("history_said", text=said)
    return text


def _who(unit: Unit, words: Wording, event: Event) -> str:
    if event.member_id is None:
        return words.button("by_citizen" if event.kind in CITIZENS else "by_itself")
    member = unit.staff.get(event.member_id)
    name = quote((member.name or "") if member is not None else "", NAME_SHOWN)
    return name or words.button("nameless", number=event.member_id)


def _what(words: Wording, event: Event) -> str:
    key = f"log_{event.kind}"
    return words.button(f"log_{event.kind}") if key in words.buttons else event.kind
