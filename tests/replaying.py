"""The log of a case played back: what its row must be by now, and whether anything stands there that cannot be."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.models import CaseState, Verdict

JUDGED = {CaseState.ANSWERED, CaseState.FIXED}
ENDS = {"answered", "fixed", "not_ours", "no_action", "duplicate", "withdrawn"}
OF_OPEN = ENDS | {
    "added", "taken", "released", "assigned", "forwarded", "urgent", "recategorised", "asked", "planned", "followed",
}  # fmt: skip
"""What happens to open cases only."""
OF_CLOSED = {"opened", "verdict", "reopened", "raised", "half"}
FRESH: Mapping[str, Any] = {
    "state": CaseState.NEW,
    "owner_id": None,
    "priority": 1,
    "raised": 0,
    "same_as": None,
    "verdict": None,
    "reopened": 0,
    "closed_at": None,
    "ask_at": None,
}
GIVEN = ("desk_id", "category", "due_at")
"""What a new case has that its log does not tell: as it was before it changed first."""

Row = Mapping[str, Any]


def check_replay(row: Row, log: Sequence[Row]) -> None:
    """The row is what its log tells, and each event could happen where it stands. Both as the tables have them."""
    kinds = [event["kind"] for event in log]
    assert kinds[:1] == ["filed"], (row["id"], kinds)
    assert kinds.count("filed") == 1, (row["id"], kinds)
    now = {**FRESH, **{name: _at_first(row, log, name) for name in GIVEN}}
    for event in log[1:]:
        _may_happen(event, now, kinds)
        now |= _after(event, now)
    # When a citizen took it back is known to the row alone.
    ended = {"closed_at": now["closed_at"] if now["closed_at"] != "then" else row["closed_at"]}
    assert now | ended == {name: row[name] for name in now}, (row["id"], kinds)
    assert (row["closed_at"] is None) == (now["closed_at"] is None)


def _at_first(row: Row, log: Sequence[Row], name: str) -> object:
    told = (json.loads(event["before"] or "{}") for event in log)
    return next((before[name] for before in told if name in before), row[name])


def _may_happen(event: Row, now: Row, kinds: Sequence[str]) -> None:
    kind, where = event["kind"], (event["case_id"], event["kind"], kinds)
    is_open = now["closed_at"] is None
    assert is_open or kind not in OF_OPEN, where
    assert not is_open or kind not in OF_CLOSED, where
    if kind == "taken":
        assert now["owner_id"] is None, where
    if kind in {"verdict", "reopened", "raised"}:
        assert now["state"] in JUDGED, where
    if kind == "raised":
        assert now["reopened"] == 1, where


def _after(event: Row, now: Row) -> dict[str, Any]:
    """What is another since an event."""
    before, after = json.loads(event["before"] or "{}"), json.loads(event["after"] or "{}")
    kind = event["kind"]
    if kind in {"reopened", "raised"}:
        assert (before["owner"], before["state"]) == (now["owner_id"], now["state"]), event
        return {
            "state": CaseState.NEW,
            "owner_id": None,
            "closed_at": None,
            "verdict": Verdict.NOT_FIXED,
            "reopened": now["reopened"] + 1,
            "raised": int(kind == "raised"),
            "ask_at": None,
        }
    if kind == "withdrawn":
        return {"state": CaseState.WITHDRAWN, "closed_at": "then", "raised": 0, "ask_at": None}
    if kind == "added" and now["state"] == CaseState.ASKED:
        return {"state": CaseState.NEW if now["owner_id"] is None else CaseState.TAKEN}
    if kind == "surveyed":
        return {"ask_at": None}
    assert {name: now[name] for name in before} == before, (event, now)
    return dict(after)
