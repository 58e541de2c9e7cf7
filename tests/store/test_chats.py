"""Who may work on which chat."""

from bot.store import Unit
from bot.store.chats import LEASE_MS, SUSPECT_FROM, Claimed
from tests.store.conftest import Time

TELEGRAM = "telegram"


def claim(unit: Unit, holder: str, most: int = 10) -> list[Claimed]:
    return unit.chats.claim(holder, [TELEGRAM, "bale"], most)


def numbers(claimed: list[Claimed]) -> list[int]:
    return sorted(chat.chat_id for chat in claimed)


def test_a_chat_with_waiting_rows_is_claimed_once(unit: Unit) -> None:
    unit.chats.arrived(TELEGRAM, [1, 1, 2])

    assert numbers(claim(unit, "a")) == [1, 2]
    assert claim(unit, "b") == []


def test_a_chat_where_nothing_waits_is_not_claimed(unit: Unit) -> None:
    unit.chats.arrived(TELEGRAM, [])

    assert claim(unit, "a") == []


def test_the_chat_that_waits_longest_comes_first(unit: Unit, clock: Time) -> None:
    for chat in (3, 1, 2):
        unit.chats.arrived(TELEGRAM, [chat])
        clock.go_on(10)
    unit.chats.arrived(TELEGRAM, [3])  # more of the same does not put it back

    assert [numbers(claim(unit, "a", 1)) for _ in range(3)] == [[3], [1], [2]]


def test_the_same_number_on_another_platform_is_another_chat(unit: Unit) -> None:
    unit.chats.arrived(TELEGRAM, [1])
    unit.chats.arrived("bale", [1])

    assert {chat.platform for chat in claim(unit, "a")} == {TELEGRAM, "bale"}


def test_dealing_with_a_row_counts_down_and_the_last_ends_the_lease(unit: Unit) -> None:
    unit.chats.arrived(TELEGRAM, [1, 1])
    claim(unit, "a", 1)

    assert unit.chats.advance(TELEGRAM, 1, "a") == 1
    assert claim(unit, "b", 1) == []
    assert unit.chats.advance(TELEGRAM, 1, "a") == 0
    assert unit.chats.advance(TELEGRAM, 1, "a") is None


def test_what_arrives_while_a_chat_is_worked_on_is_not_forgotten(unit: Unit) -> None:
    unit.chats.arrived(TELEGRAM, [1])
    claim(unit, "a", 1)
    unit.chats.arrived(TELEGRAM, [1])

    assert unit.chats.advance(TELEGRAM, 1, "a") == 1
    unit.chats.let_go(TELEGRAM, 1, "a")
    assert numbers(claim(unit, "b", 1)) == [1]


def test_who_does_not_hold_the_lease_can_neither_advance_nor_let_go(unit: Unit) -> None:
    unit.chats.arrived(TELEGRAM, [1])
    claim(unit, "a", 1)

    unit.chats.let_go(TELEGRAM, 1, "b")

    assert unit.chats.advance(TELEGRAM, 1, "b") is None
    assert claim(unit, "b", 1) == []


def test_a_lease_ends_by_itself_and_the_late_holder_is_told_so(unit: Unit, clock: Time) -> None:
    unit.chats.arrived(TELEGRAM, [1])
    claim(unit, "a", 1)
    clock.go_on(LEASE_MS + 1)

    (taken,) = claim(unit, "b", 1)

    assert taken.tries == 2
    assert unit.chats.advance(TELEGRAM, 1, "a") is None
    assert unit.chats.advance(TELEGRAM, 1, "b") == 0


def test_a_chat_let_go_for_a_while_is_left_alone_so_long(unit: Unit, clock: Time) -> None:
    unit.chats.arrived(TELEGRAM, [1])
    claim(unit, "a", 1)
    unit.chats.let_go(TELEGRAM, 1, "a", wait_ms=500)

    assert claim(unit, "a", 1) == []
    clock.go_on(501)
    assert numbers(claim(unit, "a", 1)) == [1]


def test_a_chat_that_keeps_failing_takes_no_other_down_with_it(unit: Unit, clock: Time) -> None:
    unit.chats.arrived(TELEGRAM, [1, 2])
    for _ in range(SUSPECT_FROM):
        claim(unit, "dies")
        clock.go_on(LEASE_MS + 1)
    unit.chats.arrived(TELEGRAM, [3])

    assert numbers(claim(unit, "b")) == [3]  # the innocent first
    assert unit.chats.claim("b", [TELEGRAM], 10, quiet=False) == []  # nothing beside them
    assert [chat.is_suspect for chat in claim(unit, "b")] == [True]  # then one suspect, alone
    assert len(claim(unit, "b")) == 1


def test_a_chat_of_a_messenger_that_is_switched_off_waits_for_it(unit: Unit) -> None:
    unit.chats.arrived(TELEGRAM, [1])
    unit.chats.arrived("bale", [2])

    assert numbers(unit.chats.claim("a", ["bale", "web"], 10)) == [2]
    assert numbers(claim(unit, "a")) == [1]


def test_a_handled_row_clears_a_chat_of_suspicion(unit: Unit, clock: Time) -> None:
    unit.chats.arrived(TELEGRAM, [1, 1])
    for _ in range(SUSPECT_FROM + 1):
        claim(unit, "a", 1)
        clock.go_on(LEASE_MS + 1)

    unit.chats.advance(TELEGRAM, 1, "a")
    unit.chats.let_go(TELEGRAM, 1, "a")

    assert claim(unit, "a", 1) == [Claimed(TELEGRAM, 1, 1)]


def test_a_process_that_is_alone_frees_all_chats_at_its_start(unit: Unit) -> None:
    unit.chats.arrived(TELEGRAM, [1, 2])
    claim(unit, "gone")

    unit.chats.free_all()

    assert numbers(claim(unit, "a")) == [1, 2]


def test_several_rows_are_dealt_with_at_once(unit: Unit) -> None:
    unit.chats.arrived(TELEGRAM, [1, 1, 1])
    claim(unit, "a")

    assert unit.chats.advance(TELEGRAM, 1, "a", 2) == 1
    assert unit.chats.advance(TELEGRAM, 1, "a", 1) == 0
    assert claim(unit, "b") == []


def test_waiting_for_more_is_no_claim_without_an_end(unit: Unit, clock: Time) -> None:
    unit.chats.arrived(TELEGRAM, [1])
    for _ in range(SUSPECT_FROM + 3):
        assert [chat.tries for chat in claim(unit, "a")] == [1]
        unit.chats.wait(TELEGRAM, 1, "a", 500)
        assert claim(unit, "a") == []
        clock.go_on(500)


def test_a_claim_that_came_to_nothing_for_no_fault_of_the_chat_is_not_counted(unit: Unit) -> None:
    unit.chats.arrived(TELEGRAM, [1])
    for _ in range(5):
        (chat,) = unit.chats.claim("a", [TELEGRAM], 10)
        assert chat.tries == 1
        unit.chats.give_back(TELEGRAM, 1, "a")


def test_only_its_holder_keeps_a_chat(unit: Unit) -> None:
    unit.chats.arrived(TELEGRAM, [1])
    unit.chats.claim("a", [TELEGRAM], 10)

    assert unit.chats.keep(TELEGRAM, 1, "a")
    assert not unit.chats.keep(TELEGRAM, 1, "somebody else")
