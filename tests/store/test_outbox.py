"""Messages on their way out: in order within a chat, each claimed by one."""

from bot.models import RowState, outbox
from bot.store import Unit
from bot.store.outbox import LEASE_MS, Finished, Outgoing, Row
from bot.store.whole import Whole
from tests.citizen import rows_of
from tests.store.conftest import Time

TELEGRAM = "telegram"


def say(unit: Unit, body: str = "{}", chat: int = 1, *, claimed: bool = False) -> Row:
    return unit.outbox.add(Outgoing(TELEGRAM, chat, "send", body), claimed=claimed)


def edit(unit: Unit, body: str, *, card: str | None = None, ref: str | None = None, claimed: bool = False) -> Row:
    return unit.outbox.add(Outgoing(TELEGRAM, 1, "edit", body, logical=card, ref=ref), claimed=claimed)


def claim(unit: Unit) -> list[Row]:
    return unit.outbox.claim(TELEGRAM, 100)


def states(unit: Unit) -> list[RowState]:
    return [RowState(row["state"]) for row in rows_of(unit, outbox)]


def test_only_the_oldest_message_of_a_chat_is_claimed(unit: Unit) -> None:
    first, second, other = say(unit, "1"), say(unit, "2"), say(unit, "3", chat=2)

    assert [row.id for row in claim(unit)] == [first.id, other.id]
    assert claim(unit) == []
    unit.outbox.finish([Finished(first.id, RowState.DONE, 77)])
    assert [row.id for row in claim(unit)] == [second.id]


def test_a_claim_counts_and_is_for_one_platform(unit: Unit) -> None:
    say(unit)
    unit.outbox.add(Outgoing("bale", 1, "send", "{}"), claimed=False)

    (row,) = claim(unit)

    assert (row.platform, row.tries) == (TELEGRAM, 1)


def test_what_its_writer_sends_itself_is_not_claimed_by_another(unit: Unit, clock: Time) -> None:
    mine = say(unit, claimed=True)

    assert mine.tries == 1
    assert claim(unit) == []
    clock.go_on(LEASE_MS + 1)
    assert [(row.id, row.tries) for row in claim(unit)] == [(mine.id, 2)]


def test_holding_a_row_keeps_it_ours(unit: Unit, clock: Time) -> None:
    mine = say(unit, claimed=True)
    clock.go_on(LEASE_MS - 1)

    assert unit.outbox.hold([(mine.id, 1)]) == {mine.id}
    assert unit.outbox.hold([(mine.id, 2)]) == set()
    assert unit.outbox.hold([]) == set()

    clock.go_on(LEASE_MS - 1)
    assert claim(unit) == []


def test_an_acknowledgement_waits_for_nobody_and_nobody_for_it(unit: Unit) -> None:
    ack = unit.outbox.add(Outgoing(TELEGRAM, 1, "ack", "{}", ref="q1"), claimed=False)
    first = say(unit)
    later = unit.outbox.add(Outgoing(TELEGRAM, 1, "ack", "{}", ref="q2"), claimed=False)

    assert [row.id for row in claim(unit)] == [ack.id, first.id, later.id]


def test_what_follows_a_row_that_was_put_off_waits_behind_it(unit: Unit, clock: Time) -> None:
    first, second = say(unit, claimed=True), say(unit, claimed=True)

    unit.outbox.put_off(first, 5_000, "NetworkError")

    assert claim(unit) == []
    clock.go_on(5_001)
    assert [row.id for row in claim(unit)] == [first.id]
    unit.outbox.finish([Finished(first.id, RowState.DONE, 1)])
    assert [row.id for row in claim(unit)] == [second.id]


def test_a_newer_edit_of_a_message_overtakes_one_that_has_not_begun(unit: Unit) -> None:
    edit(unit, "old", ref="9")
    edit(unit, "another message", ref="8")
    edit(unit, "old card", card="card:1")
    edit(unit, "new", ref="9")
    edit(unit, "new card", card="card:1")

    waiting = [row["body"] for row in rows_of(unit, outbox) if row["state"] == RowState.WAITING]
    assert waiting == ["another message", "new", "new card"]
    assert states(unit).count(RowState.DROPPED) == 2


def test_an_edit_that_is_being_sent_is_not_taken_back(unit: Unit) -> None:
    edit(unit, "under way", ref="9", claimed=True)
    edit(unit, "new", ref="9")

    assert states(unit) == [RowState.WAITING, RowState.WAITING]


def test_a_row_ends_once(unit: Unit) -> None:
    row = say(unit, claimed=True)

    unit.outbox.finish([Finished(row.id, RowState.DONE, 42)])
    unit.outbox.finish([Finished(row.id, RowState.SET_ASIDE, error="late")])
    unit.outbox.finish([])
    unit.outbox.put_off(row, 0, "late")

    (stored,) = rows_of(unit, outbox)
    assert (stored["state"], stored["message_id"], stored["error"]) == (RowState.DONE, 42, None)


def test_a_chat_says_whether_something_is_on_its_way(unit: Unit) -> None:
    unit.outbox.add(Outgoing(TELEGRAM, 1, "ack", "{}", ref="q"), claimed=True)
    assert not unit.outbox.queued(TELEGRAM, 1)

    row = say(unit, claimed=True)

    assert unit.outbox.queued(TELEGRAM, 1)
    assert not unit.outbox.queued(TELEGRAM, 2)
    assert unit.outbox.waiting(TELEGRAM) == 2
    unit.outbox.finish([Finished(row.id, RowState.DONE, 1)])
    assert not unit.outbox.queued(TELEGRAM, 1)


def test_a_logical_message_is_known_by_the_number_it_was_last_sent_under(unit: Unit) -> None:
    for number in (11, 12, 0):
        row = edit(unit, "{}", card="card:1", claimed=True)
        unit.outbox.finish([Finished(row.id, RowState.DONE, number)])
    edit(unit, "not sent", card="card:1", claimed=True)

    assert unit.outbox.message_of(TELEGRAM, 1, "card:1") == 12
    assert unit.outbox.message_of(TELEGRAM, 1, "card:2") is None
    assert unit.outbox.message_of(TELEGRAM, 2, "card:1") is None


def test_nothing_is_sent_to_a_citizen_who_has_gone(unit: Unit) -> None:
    say(unit, claimed=True)
    say(unit)
    say(unit, chat=2)

    unit.outbox.drop_chat(TELEGRAM, 1, "Forbidden")

    assert states(unit) == [RowState.DROPPED, RowState.DROPPED, RowState.WAITING]


def test_a_process_that_is_alone_frees_all_messages_at_its_start(unit: Unit) -> None:
    row = say(unit, claimed=True)

    unit.outbox.free_all()

    assert [found.id for found in claim(unit)] == [row.id]


def test_forgetting_a_chat_leaves_only_what_is_still_to_be_sent(unit: Unit) -> None:
    sent = say(unit, "secret", claimed=True)
    unit.outbox.finish([Finished(sent.id, RowState.DONE, 1)])
    say(unit, "to be sent")
    say(unit, "another's", chat=2)

    unit.outbox.blank_chat(TELEGRAM, 1)

    assert [row["body"] for row in rows_of(unit, outbox)] == [None, "to be sent", "another's"]


def test_old_words_are_blanked_only_once_sent(unit: Unit, clock: Time) -> None:
    sent = say(unit, "old")
    unit.outbox.finish([Finished(sent.id, RowState.DONE, 1)])
    say(unit, "waits")
    clock.go_on(1001)

    assert unit.outbox.blank_old(1000, 10) == 1
    assert unit.outbox.blank_old(1000, 10) == 0
    assert [row["body"] for row in rows_of(unit, outbox)] == [None, "waits"]


def test_what_was_kept_back_counts_as_not_tried(unit: Unit, clock: Time) -> None:
    unit.outbox.add(Outgoing(TELEGRAM, 1, "send", "{}"), claimed=False)
    for _ in range(3):
        (row,) = unit.outbox.claim(TELEGRAM, 10)
        assert row.tries == 1
        unit.outbox.keep_back(row, 500, "not yet")
        assert unit.outbox.claim(TELEGRAM, 10) == []
        clock.go_on(500)


def test_nothing_stays_of_what_is_brief_however_it_ends(unit: Unit) -> None:
    def brief(chat: int, kind: str = "send") -> Row:
        card = "card" if kind == "edit" else None
        return unit.outbox.add(Outgoing(TELEGRAM, chat, kind, "secret", card, brief=True), claimed=False)

    delivered, refused = brief(1), brief(2)
    unit.outbox.finish([Finished(delivered.id, RowState.DONE, 7), Finished(refused.id, RowState.SET_ASIDE, error="no")])
    brief(3)
    unit.outbox.drop_chat(TELEGRAM, 3, "gone")
    brief(4, "edit")
    brief(4, "edit")
    say(unit, "kept", chat=5)

    assert [row["body"] for row in rows_of(unit, outbox)] == [None, None, None, None, "secret", "kept"]
    assert Whole(unit._connection).drop_waiting("restored") == 2
    assert [row["body"] for row in rows_of(unit, outbox)] == [*[None] * 5, "kept"]
