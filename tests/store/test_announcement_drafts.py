"""What staff are composing: one draft a member."""

from bot.store.unit import Unit
from tests.store.conftest import Time

HOUR = 3_600_000


def test_a_draft_is_kept_in_place_of_the_one_before(unit: Unit) -> None:
    unit.announcement_drafts.keep(1, {"text": "یک"})
    unit.announcement_drafts.keep(1, {"text": "دو"})
    unit.announcement_drafts.keep(2, {"text": "سه"})

    assert unit.announcement_drafts.find(1, HOUR) == {"text": "دو"}
    unit.announcement_drafts.drop(1)
    assert unit.announcement_drafts.find(1, HOUR) is None
    assert unit.announcement_drafts.find(2, HOUR) == {"text": "سه"}


def test_an_old_draft_is_none_until_it_is_touched_again(unit: Unit, clock: Time) -> None:
    unit.announcement_drafts.keep(1, {"text": "یک"})
    clock.go_on(HOUR + 1)
    assert unit.announcement_drafts.find(1, HOUR) is None
    unit.announcement_drafts.keep(1, {"text": "یک"})
    assert unit.announcement_drafts.find(1, HOUR) == {"text": "یک"}
