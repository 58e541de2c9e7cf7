"""The links of a draft: asked for by `bot/link_runner.py` while its author goes on; told if they do not answer."""

from typing import Final

from bot.services import links
from bot.services.composing import Draft
from bot.store import Unit
from bot.store.links import ALIVE

GOOD_FOR_MS: Final = 3600 * 1000
"""So long an answer counts."""


def ask(unit: Unit, draft: Draft) -> None:
    """Have the links of a draft asked, but for those that were a while ago."""
    unit.links.ask(_all(draft), GOOD_FOR_MS)


def dead(unit: Unit, draft: Draft) -> frozenset[str]:
    """Those that are known not to answer."""
    found = unit.links.outcomes(_all(draft))
    return frozenset(link for link, outcome in found.items() if outcome not in {None, ALIVE})


def of_buttons(draft: Draft) -> tuple[str, ...]:
    """The links under a draft."""
    return tuple(button["target"] for button in draft.buttons if button["kind"] == "link")


def _all(draft: Draft) -> list[str]:
    return [link for link in (*links.written(draft.text), *of_buttons(draft)) if links.is_sound(link)]
