"""An event that is being entered: what was said so far, as the memory of a conversation keeps it, and what comes next.

`{"values": …, "at": step, "one": only this step, then the preview, "event": the one that is changed, "was": as it
stood when that began}`
"""

from dataclasses import asdict
from typing import Any, Final

from bot.errors import CitizenError
from bot.services.dated import Dated
from bot.store.events import Event, Plan

Memory = dict[str, Any]

FIELDS: Final = ("kind", "program", "audience", "title", "when", "place", "photo", "link")
"""The steps, in order."""


def new() -> Memory:
    return {"values": {"kind": "", "program": None, "audience": ""}, "one": False}


def of(event: Event) -> Memory:
    """For changing an event that is there."""
    return {"values": asdict(event.plan), "one": False, "event": event.id, "was": asdict(event.plan)}


def choose(memory: Memory, field: str, value: str) -> None:
    """A value that stood on a button. Raises `CitizenError`: "no_draft"."""
    if "values" not in memory or field not in FIELDS:
        raise CitizenError("no_draft")
    memory["values"][field] = value or (None if field in {"program", "photo", "link"} else "")
    if field == "kind":
        memory["values"]["program"] = None


def after(memory: Memory, field: str) -> str | None:
    """The step that follows; None: the preview. A program is asked for only where a kind was chosen."""
    if field == "kind" and memory["values"]["kind"]:
        return "program"
    if memory["one"] or field == FIELDS[-1]:
        return None
    return "audience" if field == "kind" else FIELDS[FIELDS.index(field) + 1]


def before(memory: Memory) -> str | None:
    """The step before; None: there is none."""
    at = memory.get("at")
    if at not in FIELDS or at == FIELDS[0]:
        return None
    if at == "audience" and not memory["values"]["kind"]:
        return "kind"
    return FIELDS[FIELDS.index(at) - 1]


def times(when: Dated) -> dict[str, int]:
    """Days and times as an event keeps them."""
    return {
        "times": int(when.times),
        "starts_at": int(when.start.timestamp() * 1000),
        "ends_at": int(when.end.timestamp() * 1000),
    }


def dated_plan(when: Dated) -> Plan:
    """An event of which nothing is known but when it is."""
    known: dict[str, Any] = {"title": "", "kind": "", "place": ""} | times(when)
    return Plan(**known)


def plan(values: dict[str, Any]) -> Plan:
    """What was said, as a whole. Raises `CitizenError`: "unfinished"."""
    try:
        return Plan(**values)
    except TypeError:
        raise CitizenError("unfinished") from None
