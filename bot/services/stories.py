"""A case as its citizen reads it: what they filed, where it stands, and what has happened since, in order."""

from typing import Final

from bot import markup
from bot.content import Wording
from bot.dates import day_in_words, instant_in_words
from bot.markup import Spans
from bot.models import Verdict
from bot.services import codes, phones
from bot.services.cases import Case, CaseState, Peek
from bot.services.news import News
from bot.services.quoting import cut
from bot.store import Unit
from bot.store.case_log import Event

SHOWN: Final = 8
"""So many of the last things that happened stand under a case; all of them are a button away."""
MOST: Final = 200
LINE_LIMIT: Final = 300
"""Letters of what somebody said, in a line of the history."""
WITH_FILES: Final = frozenset({"added", "said", "half"})
"""What may be files without a word."""
WITH_REASON: Final = frozenset({"planned", "fixed"})
"""What may be said with words or without."""


def line(news: News, words: Wording, case: Case) -> Spans:
    """A case in a list."""
    return words.text(
        "line",
        code=codes.shown(case.code),
        kind=news.cards.kind(case),
        category=news.cards.category(case),
        state=markup.plain(news.state(case)),
        day=day_in_words(case.filed_at),
    )


def line_of_others(news: News, words: Wording, case: Peek) -> Spans:
    """All that anybody may know of somebody else's case."""
    return words.text(
        "line_of_others",
        code=codes.shown(case.code),
        kind=news.cards.kind(case),
        category=news.cards.category(case),
        state=markup.plain(news.state_of_others(case)),
    )


def summary(unit: Unit, news: News, words: Wording, case: Case) -> Spans:
    """What was filed, and where it stands."""
    parts = [
        words.text(
            "head",
            code=codes.shown(case.code),
            kind=news.cards.kind(case),
            category=news.cards.category(case),
            state=markup.plain(news.state(case)),
        )
    ]
    if case.is_open:
        parts.append(words.text("planned" if case.state == CaseState.PLANNED else "due", day=day_in_words(case.due_at)))
    elif case.verdict in {Verdict.FIXED, Verdict.HALF}:
        parts.append(words.text(f"verdict_{case.verdict}"))
    if case.text:
        parts.append(words.text("text", text=case.text))
    parts += _where(news, words, case)
    parts.append(words.text("as_who", name=case.name) if case.name else words.text("nameless"))
    if case.phone:
        parts.append(words.text("phone", phone=phones.shown(case.phone)))
    count = len(unit.case_log.files(case.id, public=True))
    if count:
        parts.append(words.text("files", count=count))
    return _joined(parts)


def history(unit: Unit, words: Wording, case: Case, most: int = MOST, longest: int = LINE_LIMIT) -> Spans:
    """What has happened, the first first; of more than `most` only the last."""
    events = unit.case_log.of(case.id, most, public=True)
    told = [_happened(unit, words, case, event, longest) for event in reversed(events)]
    return _joined([words.text("history"), *told]) if any(told) else ()


def is_long(unit: Unit, case: Case) -> bool:
    """Whether more has happened than stands under the case."""
    return len(unit.case_log.of(case.id, SHOWN + 1, public=True)) > SHOWN


def _happened(unit: Unit, words: Wording, case: Case, event: Event, longest: int) -> Spans:
    key = event.kind
    if key == "verdict":
        key = f"verdict_{event.after.get('verdict')}"
    elif key in WITH_FILES and not event.text:
        key = f"{key}_files"
    elif key in WITH_REASON and event.text:
        key = f"{key}_why"
    if f"did_{key}" not in words.texts:  # of a kind that is nothing to the citizen
        return ()
    return words.text(
        f"did_{key}",
        when=instant_in_words(event.at),
        text=cut(" ".join((event.text or "").split()), longest),
        day=day_in_words(event.after.get("due_at", case.due_at)),
        other=_other(unit, event),
    )


def _other(unit: Unit, event: Event) -> str:
    """The code of the case of which this one was said to be a duplicate."""
    number = event.after.get("same_as")
    found = unit.cases.find(number) if number is not None else None
    return "" if found is None else codes.shown(found.code)


def _where(news: News, words: Wording, case: Case) -> list[Spans]:
    place = news.cards.places.get(case.neighbourhood or "")
    named = "، ".join(filter(None, [place.name if place is not None else "", case.address]))
    if named:
        return [words.text("where", where=named)]
    return [words.text("on_map")] if case.lat is not None else []


def _joined(parts: list[Spans]) -> Spans:
    return tuple(span for part in parts for span in part)
