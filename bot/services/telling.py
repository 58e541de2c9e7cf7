"""Tells people what became of their questions: a few in the transaction that closes them, the rest soon after.

A message goes into the outbox in the transaction that takes its question off the list, so nobody is told twice and
nobody is left out, however often this is run and wherever.
"""

from typing import Final

from bot import markup, outbox
from bot.content import Wording
from bot.markup import Span, Spans
from bot.models import QuestionState
from bot.outbox import Button, Keyboard
from bot.services.quoting import quote
from bot.store import Unit
from bot.store.outbox import Outgoing
from bot.store.unanswered import Told
from bot.text import persian_digits

AT_ONCE: Final = 200
"""People told in one transaction."""
QUOTED: Final = 300


def tell(unit: Unit, words: Wording, most: int = AT_ONCE) -> int:
    """Tell so many of those who are to be told; how many it were."""
    taken = unit.unanswered.take(most)
    for told in taken:
        for body in outbox.bodies(_text(words, told), _under(words, told)):
            unit.outbox.add(Outgoing(told.platform, told.chat_id, "send", body), claimed=False)
    return len(taken)


def _text(words: Wording, told: Told) -> Spans:
    question = quote(told.text or "", QUOTED)
    numbers = persian_digits("، ".join(map(str, told.numbers)))
    if told.state == QuestionState.DROPPED:
        if told.answer:
            return words.text("told_dropped_why", numbers=numbers, question=question, reason=told.answer)
        return words.text("told_dropped", numbers=numbers, question=question)
    if told.numbers:
        said = words.text("told_waiting", numbers=numbers, question=question)
    else:
        said = words.text("told_missed", question=question)
    return (*said, Span("", "\n\n"), *markup.spans(told.answer or ""))


def _under(words: Wording, told: Told) -> Keyboard:
    home = [Button(words.button("told_home"), "menu:new:home")]
    if told.entry is None or told.state == QuestionState.DROPPED:
        return Keyboard(inline=[home])
    votes = [
        Button(words.button("told_up"), f"vote:up:{told.entry}"),
        Button(words.button("told_down"), f"vote:down:{told.entry}"),
    ]
    return Keyboard(inline=[votes, home])
