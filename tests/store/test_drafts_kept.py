"""Half-finished reports, and how many codes somebody looked up."""

from bot.store.unit import Unit
from tests.store.conftest import Time

SARA = ("bale", 501, 501)
HOUR = 3_600_000


def test_a_draft_is_kept_in_place_of_the_one_before(unit: Unit) -> None:
    unit.drafts.keep(*SARA, {"text": "یک"})
    unit.drafts.keep(*SARA, {"text": "دو"})

    found = unit.drafts.find(*SARA)
    assert found is not None
    assert found.body == {"text": "دو"}
    assert unit.drafts.find("telegram", 501, 501) is None
    assert unit.drafts.count("bale", 501) == 1
    unit.drafts.drop(*SARA)
    assert unit.drafts.find(*SARA) is None


def test_a_draft_is_offered_once_until_it_is_touched_again(unit: Unit, clock: Time) -> None:
    unit.drafts.keep(*SARA, {})
    assert unit.drafts.to_offer(HOUR, 10) == []
    clock.go_on(HOUR + 1)
    (kept,) = unit.drafts.to_offer(HOUR, 10)
    assert (kept.platform, kept.chat_id, kept.user_id) == SARA
    unit.drafts.offered(kept)
    assert unit.drafts.to_offer(HOUR, 10) == []
    unit.drafts.keep(*SARA, {})
    clock.go_on(HOUR + 1)
    assert len(unit.drafts.to_offer(HOUR, 10)) == 1


def test_old_drafts_are_dropped(unit: Unit, clock: Time) -> None:
    unit.drafts.keep(*SARA, {})
    clock.go_on(HOUR + 1)
    unit.drafts.keep("bale", 502, 502, {})

    assert unit.drafts.drop_old(HOUR, 10) == 1
    assert unit.drafts.find(*SARA) is None
    assert unit.drafts.find("bale", 502, 502) is not None
    unit.drafts.forget("bale", 502)
    assert unit.drafts.count("bale", 502) == 0


def test_codes_looked_up_are_counted_for_a_while(unit: Unit, clock: Time) -> None:
    assert [unit.lookups.count_one("bale", 501, HOUR) for _ in range(3)] == [1, 2, 3]
    assert (unit.lookups.counted("bale", 501, HOUR), unit.lookups.counted("bale", 502, HOUR)) == (3, 0)
    clock.go_on(HOUR + 1)
    assert unit.lookups.counted("bale", 501, HOUR) == 0
    assert unit.lookups.count_one("bale", 501, HOUR) == 1
    clock.go_on(HOUR + 1)
    assert unit.lookups.forget_old(HOUR) == 1


def test_consent_is_kept_with_its_version(unit: Unit) -> None:
    unit.citizens.meet("bale", 501, "سارا")

    assert unit.citizens.agreed("bale", 501) is None
    unit.citizens.agree("bale", 501, 2)
    assert unit.citizens.agreed("bale", 501) == 2
