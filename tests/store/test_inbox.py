"""Updates as they came, each stored once."""

from bot.models import RowState, inbox
from bot.store import Unit
from bot.store.inbox import Received
from tests.citizen import rows_of
from tests.store.conftest import Time

TELEGRAM = "telegram"


def update(number: int, chat: int = 1, raw: str = "{}", bot: int = 100) -> Received:
    return Received(bot, number, chat, raw)


def only_row(unit: Unit) -> int:
    (row,) = unit.inbox.waiting(TELEGRAM, 1, 10)
    return row.id


def test_a_repeated_update_is_stored_once(unit: Unit) -> None:
    first = unit.inbox.receive(TELEGRAM, [update(1), update(2, chat=7), update(1)])
    again = unit.inbox.receive(TELEGRAM, [update(2, chat=7, raw='{"other":1}'), update(3)])

    assert sorted(first) == [1, 7]
    assert again == [1]
    assert [row.raw for row in unit.inbox.waiting(TELEGRAM, 7, 10)] == ["{}"]


def test_the_same_number_from_another_bot_or_platform_is_another_update(unit: Unit) -> None:
    unit.inbox.receive(TELEGRAM, [update(1)])

    assert unit.inbox.receive(TELEGRAM, [update(1, bot=200)]) == [1]
    assert unit.inbox.receive("bale", [update(1)]) == [1]
    assert unit.inbox.receive("bale", []) == []


def test_a_full_batch_is_stored_whole(unit: Unit) -> None:
    chats = unit.inbox.receive(TELEGRAM, [update(number, chat=number % 3) for number in range(1000)])

    assert len(chats) == 1000


def test_the_rows_of_a_chat_come_as_the_platform_has_numbered_them(unit: Unit) -> None:
    unit.inbox.receive(TELEGRAM, [update(9), update(3), update(5, chat=2), update(4)])

    assert [row.update_id for row in unit.inbox.waiting(TELEGRAM, 1, 10)] == [3, 4, 9]
    assert [row.update_id for row in unit.inbox.waiting(TELEGRAM, 1, 2)] == [3, 4]


def test_what_waits_on_the_page_is_handled_as_it_came(unit: Unit, clock: Time) -> None:
    for number in (12, 11, 13):
        unit.inbox.receive("web", [update(number)])
        clock.go_on(1)

    assert [row.update_id for row in unit.inbox.waiting("web", 1, 2)] == [12, 11]


def test_a_row_is_done_once(unit: Unit) -> None:
    unit.inbox.receive(TELEGRAM, [update(1)])
    row = only_row(unit)

    assert unit.inbox.done(row)
    assert not unit.inbox.done(row)
    assert not unit.inbox.set_aside(row, "late")
    assert unit.inbox.waiting(TELEGRAM, 1, 10) == []


def test_a_row_set_aside_keeps_its_error_for_the_operators(unit: Unit) -> None:
    unit.inbox.receive(TELEGRAM, [update(1)])

    assert unit.inbox.set_aside(only_row(unit), "cannot be parsed")

    (row,) = rows_of(unit, inbox)
    assert (row["state"], row["error"]) == (RowState.SET_ASIDE, "cannot be parsed")


def test_failures_are_counted_and_the_row_still_waits(unit: Unit) -> None:
    unit.inbox.receive(TELEGRAM, [update(1)])
    row = only_row(unit)

    assert [unit.inbox.failed(row, "ValueError") for _ in range(2)] == [1, 2]
    assert unit.inbox.waiting(TELEGRAM, 1, 10)[0].tries == 2


def test_forgetting_a_chat_blanks_its_words_and_a_repeat_is_still_known(unit: Unit) -> None:
    unit.inbox.receive(TELEGRAM, [update(1, raw='{"a":1}'), update(2, chat=2, raw='{"b":1}')])
    unit.inbox.done(only_row(unit))

    unit.inbox.blank_chat(TELEGRAM, 1)

    assert [row["raw"] for row in rows_of(unit, inbox)] == [None, '{"b":1}']
    assert unit.inbox.receive(TELEGRAM, [update(1)]) == []
    assert [unit.inbox.kept(TELEGRAM, chat) for chat in (1, 2)] == [0, 1]


def test_what_was_written_after_the_wish_to_be_forgotten_is_still_answered(unit: Unit) -> None:
    unit.inbox.receive(TELEGRAM, [update(1, raw='{"a":1}')])

    unit.inbox.blank_chat(TELEGRAM, 1)

    assert [row.raw for row in unit.inbox.waiting(TELEGRAM, 1, 10)] == ['{"a":1}']


def test_old_words_are_blanked_only_once_dealt_with(unit: Unit, clock: Time) -> None:
    unit.inbox.receive(TELEGRAM, [update(1)])
    unit.inbox.done(only_row(unit))
    unit.inbox.receive(TELEGRAM, [update(2)])
    clock.go_on(1001)
    unit.inbox.receive(TELEGRAM, [update(3, chat=3)])

    assert unit.inbox.blank_old(1000, 10) == 1
    assert unit.inbox.blank_old(1000, 10) == 0
    assert [row["raw"] for row in rows_of(unit, inbox)] == [None, "{}", "{}"]


def test_the_waiting_parts_of_an_album_are_found_together_with_the_time(unit: Unit, clock: Time) -> None:
    def part(number: int, album: str | None, chat: int = 1) -> Received:
        return Received(100, number, chat, "{}", album)

    unit.inbox.receive(TELEGRAM, [part(1, "a"), part(2, None), part(3, "b"), part(4, "a", chat=2), part(5, "a")])
    clock.go_on(700)
    unit.inbox.done(unit.inbox.waiting(TELEGRAM, 1, 1)[0].id)
    unit.inbox.receive(TELEGRAM, [part(6, "a")])

    rows, now = unit.inbox.parts(TELEGRAM, 1, "a", 10)
    assert [(row.update_id, now - row.received_at) for row in rows] == [(5, 700), (6, 0)]
    assert unit.inbox.parts(TELEGRAM, 1, "no such", 10) == ([], 0)
