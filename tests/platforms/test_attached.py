"""What came with a message, as far as the fakes of the platforms do not show it."""

import pytest

from bot.platforms import attached

BIG = 5 * 2**32 + 501
HALF = 501


@pytest.mark.parametrize(
    ("platform", "number", "own"),
    [
        ("telegram", BIG, True),
        ("telegram", HALF, False),
        ("bale", BIG, True),
        ("bale", HALF, True),
        ("bale", HALF + 1, False),
        ("bale", None, False),
        ("bale", [HALF], False),
    ],
)
def test_half_of_a_number_is_somebody_s_own_on_bale_only(platform: str, number: object, own: bool) -> None:
    message = {"from": {"id": BIG}, "contact": {"phone_number": "+989120000000", "user_id": number}}

    found = attached.contact(message, platform)

    assert found is not None
    assert found.own is own
