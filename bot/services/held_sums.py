"""What is seen of an anonymous survey while it is open: its sums in steps of ten answers, and always ten behind.

count ─ten have come─► ready ─ten more─► shown;  closed: everything

So whatever is shown at two moments, the end included, differs by at least ten people, or not at all. If each answer
were seen as it comes, whoever knows that a neighbour answers just now would know what. People and visitors of the page
are shown apart, so each are held for themselves.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from bot.services import counting, surveys
from bot.services.surveys import Row, Stage
from bot.services.tallying import FEWEST
from bot.store import Unit
from bot.store.responses import Count, Held

WEB: Final = "web"
"""The platform of the visitors."""
FIRST: Final = 2 * FEWEST
"""With so many answers something is shown."""


def seen(unit: Unit, row: Row) -> list[Count]:
    """The sums as anybody may see them at this moment."""
    return shown(unit.responses.held(row.id)) if are_held(row, unit.now) else unit.responses.counts(row.id)


def are_held(row: Row, now: int) -> bool:
    """Whether only a part is shown, and nothing of groups and single people."""
    return row.anonymous and surveys.stage(row, now) is Stage.OPEN


def shown(sums: Iterable[Held]) -> list[Count]:
    """The part that is shown."""
    return [Count(one.question, one.value, one.platform, one.neighbourhood, one.shown) for one in sums if one.shown]


def move_on(unit: Unit) -> int:
    """Show what is ready where ten more have come; of how many surveys. May be called as often as one likes."""
    return sum(_move_on(unit, row.id) for row in unit.surveys.nameless() if are_held(row, unit.now))


def _move_on(unit: Unit, number: int) -> bool:
    """Whoever sends answers at this moment waits, or they would be shown in part."""
    if not _due(unit, number) or unit.surveys.hold(number) is None:
        return False
    due = _due(unit, number)
    unit.responses.move_on(number, due)
    return bool(due)


def _due(unit: Unit, number: int) -> list[str]:
    """The platforms of which something is to be shown."""
    waiting: Counter[bool] = Counter()
    sums = unit.responses.held(number)
    for one in sums:
        if counting.is_whole(one):
            waiting[one.platform == WEB] += one.count - one.ready
    return sorted({one.platform for one in sums if waiting[one.platform == WEB] >= FEWEST})
