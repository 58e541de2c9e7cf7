"""Asks citizens, weeks after they were told that something is mended, whether it still is. Once, and never again."""

from functools import cache
from typing import Final

from bot import content
from bot.services import cases, categories, places
from bot.services.cards import Cards
from bot.services.cases import Case
from bot.services.news import News
from bot.store import Unit

AT_ONCE: Final = 25
"""In one transaction: each takes some ten statements."""


@cache
def shipped_news() -> News:
    """For jobs, which have no library: the words, and the names of what they speak of."""
    known, _ = places.load(content.ROOT / "neighbourhoods.toml")
    cards = Cards(content.load("case"), categories.load(content.ROOT), {place.id: place for place in known})
    return News(content.load("news"), cards)


def is_due(unit: Unit) -> bool:
    """Whether anybody is to be asked now."""
    return bool(unit.cases.to_ask(1))


def ask(unit: Unit, news: News, most: int = AT_ONCE) -> int:
    """Ask so many of those who are to be asked; how many cases it were.

    Who has blocked the bot is left in peace, and of thanks, a talk or the like nobody is asked whether it is mended.
    """
    due = cases.to_survey(unit, most)
    for case in due:
        if news.asks(case) and _is_there(unit, case):
            for message in news.of(unit, cases.surveyed(unit, case)):
                unit.outbox.add(message, claimed=False)
    return len(due)


def _is_there(unit: Unit, case: Case) -> bool:
    if case.platform is None or case.user_id is None or case.chat_id is None:
        return False
    met = unit.citizens.find(case.platform, case.user_id, case.chat_id)
    return met is not None and not met.gone
