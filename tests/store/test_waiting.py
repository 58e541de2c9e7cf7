"""What waits and since when, as the watch asks it: right, and cheap beside a million rows that are done."""

from typing import Any

import pytest
from sqlalchemy import Select, event

from bot.models import RowState
from bot.store import Unit, chats, inbox, outbox, places, surveys, uploads
from bot.store.inbox import Received
from bot.store.outbox import Finished, Outgoing
from tests.store.conftest import Time

OURS = ["telegram", "bale"]


def arrive(unit: Unit, platform: str, chat: int, number: int) -> None:
    unit.inbox.receive(platform, [Received(1, number, chat, "{}")])
    unit.chats.arrived(platform, [chat])


def handle(unit: Unit, platform: str, chat: int) -> None:
    """The oldest row of a chat is dealt with."""
    unit.chats.claim("a", OURS, 10)
    (row, *_) = unit.inbox.waiting(platform, chat, 1)
    unit.inbox.done(row.id)
    unit.chats.advance(platform, chat, "a")


def test_the_oldest_update_is_the_one_that_still_waits(unit: Unit, clock: Time) -> None:
    assert unit.inbox.oldest_waiting(OURS) is None
    began = clock.millis()
    for number, chat in enumerate((5, 5, 6)):
        arrive(unit, "telegram", chat, number)
        clock.go_on(1000)
    assert unit.inbox.oldest_waiting(OURS) == began

    handle(unit, "telegram", 5)
    assert unit.inbox.oldest_waiting(OURS) == began + 1000
    handle(unit, "telegram", 5)
    assert unit.inbox.oldest_waiting(OURS) == began + 2000


def test_what_nobody_here_serves_is_no_backlog(unit: Unit) -> None:
    arrive(unit, "web", 5, 1)

    assert unit.inbox.oldest_waiting(OURS) is None
    assert unit.inbox.count_waiting(OURS, 10) == 0
    assert unit.inbox.count_waiting(["web"], 10) == 1


def test_waiting_updates_are_counted_no_further_than_asked(unit: Unit) -> None:
    for number in range(5):
        arrive(unit, "bale", number, number)

    assert unit.inbox.count_waiting(OURS, 10) == 5
    assert unit.inbox.count_waiting(OURS, 3) == 3


def test_what_was_set_aside_is_counted_in_both_boxes(unit: Unit) -> None:
    arrive(unit, "bale", 5, 1)
    (row,) = unit.inbox.waiting("bale", 5, 1)
    unit.inbox.set_aside(row.id, "why")
    said = unit.outbox.add(Outgoing("bale", 5, "send", "{}"), claimed=True)
    assert (unit.inbox.count_set_aside(), unit.outbox.count_set_aside()) == (1, 0)

    unit.outbox.finish([Finished(said.id, RowState.SET_ASIDE, error="why")])

    assert (unit.inbox.count_set_aside(), unit.outbox.count_set_aside()) == (1, 1)


def test_the_oldest_message_is_known_though_it_was_put_off(unit: Unit, clock: Time) -> None:
    assert unit.outbox.oldest_waiting("bale") is None
    began = clock.millis()
    failing = unit.outbox.add(Outgoing("bale", 5, "send", "{}"), claimed=True)
    clock.go_on(1000)
    unit.outbox.add(Outgoing("bale", 6, "send", "{}"), claimed=False)
    unit.outbox.put_off(failing, 60_000, "no")

    assert unit.outbox.oldest_waiting("bale") == began
    assert unit.outbox.oldest_waiting("telegram") is None
    assert unit.outbox.count_waiting("bale", 10) == 2
    unit.outbox.finish([Finished(failing.id, RowState.DONE, 1)])
    assert unit.outbox.oldest_waiting("bale") == began + 1000


def explained(*call: Any) -> tuple[str, Any]:  # noqa: ANN401 - SQLAlchemy's own
    """The same statement with the same values, explained instead of done."""
    return f"EXPLAIN QUERY PLAN {call[2]}", call[3]


@pytest.mark.parametrize(
    ("statement", "values", "index"),
    [
        (inbox.COUNT_WAITING, {"ours": OURS, "most": 5}, "ix_inbox_waiting"),
        (inbox.OLDEST, {"ours": OURS}, "ix_inbox_waiting"),
        (inbox.OLDEST, {"ours": OURS}, "ix_chats_ready"),
        (inbox.WAITING, {"of": "bale", "chat": 5, "most": 5}, "ix_inbox_waiting"),
        (inbox.PARTS, {"of": "bale", "chat": 5, "mark": "a", "most": 5}, "ix_inbox_waiting"),
        (inbox.COUNT_ASIDE, {}, "ix_inbox_set_aside"),
        (chats.CLAIM, {"ours": OURS, "by": "me", "most": 5}, "ix_chats_ready"),
        (outbox.CLAIM, {"of": "bale", "most": 5, "tried": 9}, "ix_outbox_due"),
        (outbox.COUNT_WAITING, {"of": "bale", "most": 5}, "ix_outbox_due"),
        (outbox.SOONEST, {"of": "bale"}, "ix_outbox_due"),
        (outbox.COUNT_ASIDE, {}, "ix_outbox_set_aside"),
        (places.FORGET, {"of": "bale", "user": 5}, "ix_places_platform_user_id"),
        (surveys.OPEN, {"most": 5, "skipped": 5}, "ix_surveys_open"),
        (surveys.RUNNING, {}, "ix_surveys_open"),
        (uploads.FORGET, {"content": "hash"}, "ix_uploads_hash"),
    ],
)
def test_no_question_reads_what_is_done(unit: Unit, statement: Select[Any], values: dict[str, Any], index: str) -> None:
    connection = unit._connection
    if connection.dialect.name != "sqlite":
        pytest.skip("each engine explains in words of its own")
    event.listen(connection, "before_cursor_execute", explained, retval=True)

    plan = "\n".join(row[-1] for row in connection.execute(statement, values))

    assert f"INDEX {index}" in plan
    assert "TEMP B-TREE" not in plan
    assert "autoindex_chats_1 (platform=?)" not in plan  # all chats of a platform
