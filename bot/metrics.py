"""What Prometheus is told: counters that the parts raise, and gauges read when it asks. No citizen's words or ids.

One registry a process. Counting costs about a microsecond; what the database has to be asked for is asked once a
scrape, in `Gauges`, at most once in five seconds.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    disable_created_metrics,
    generate_latest,
)

from bot.config import ROOT

CONTENT_TYPE = CONTENT_TYPE_LATEST
disable_created_metrics()  # type: ignore[no-untyped-call]  # when a counter began says nothing that its process does not
REGISTRY = CollectorRegistry(auto_describe=True)
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def _counter(name: str, meaning: str, *labels: str) -> Counter:
    return Counter(f"hamyar14_{name}", meaning, labels, registry=REGISTRY)


def _gauge(name: str, meaning: str, *labels: str) -> Gauge:
    return Gauge(f"hamyar14_{name}", meaning, labels, registry=REGISTRY)


UPDATES = _counter("updates_stored_total", "Updates stored in the inbox, repeats left out", "platform")
TURNS = _counter("turns_total", "Turns by how they ended: done, failed, set_aside, lease_lost", "outcome")
TURN_SECONDS = Histogram(
    "hamyar14_turn_seconds",
    "From a claimed update to its commit",
    registry=REGISTRY,
    buckets=SECONDS,
)
SENT = _counter("messages_sent_total", "Messages that the platform took", "platform")
EDITED = _counter("messages_edited_total", "Messages changed in place", "platform")
FAILED = _counter("messages_failed_total", "Tries to send that failed, by cause", "platform", "cause")
PACE_WAITING = _gauge("pace_waiting_messages", "Messages of this process that wait for the platform's pace", "platform")
INBOX_WAITING = _gauge("inbox_waiting_rows", "Updates not handled yet, counted up to 100,000")
INBOX_OLDEST = _gauge("inbox_oldest_waiting_seconds", "How long the oldest unhandled update has waited")
OUTBOX_WAITING = _gauge("outbox_waiting_rows", "Messages not gone out yet, counted up to 100,000", "platform")
OUTBOX_OLDEST = _gauge("outbox_oldest_waiting_seconds", "How long the oldest unsent message has waited", "platform")
SET_ASIDE = _gauge("set_aside_rows", "Rows given up, since ever", "box")
POLL_AGE = _gauge("last_poll_seconds", "Since a bot's platform last answered for it, by <platform>:<bot id>", "bot")
SENT_AGE = _gauge("last_sent_seconds", "Since a platform last took a message", "platform")
ALARMS = _gauge("alarms_standing", "Alarms that stand, by kind", "kind")
LEASE = _gauge("lease_held", "1 for each lease that this process holds", "name")
DATABASE_UP = _gauge("database_up", "1 if the database answered this scrape")
STARTED = _gauge("process_start_time_seconds", "When this process started, since 1970")
BUILD = Info("hamyar14_build", "The version that runs", registry=REGISTRY)


@dataclass(frozen=True, slots=True)
class Gauges:
    """What the database says at one moment. Ages in seconds; `sending`: (waiting, oldest) by platform."""

    inbox: tuple[int, float]
    outbox: Mapping[str, tuple[int, float]]
    set_aside: Mapping[str, int]
    heard: Mapping[str, float]
    sent: Mapping[str, float]
    alarms: Mapping[str, int]
    leases: tuple[str, ...]


def began(millis: int) -> None:
    """Write down when the process started and what it is."""
    STARTED.set(millis / 1000)
    BUILD.info({"version": version()})


def show(gauges: Gauges | None) -> None:
    """Set what was read from the database; None: it did not answer, and old figures must not pass for new ones."""
    for family in (OUTBOX_WAITING, OUTBOX_OLDEST, SET_ASIDE, POLL_AGE, SENT_AGE, ALARMS, LEASE):
        family.clear()
    DATABASE_UP.set(gauges is not None)
    waiting, oldest = gauges.inbox if gauges else (float("nan"), float("nan"))
    INBOX_WAITING.set(waiting)
    INBOX_OLDEST.set(oldest)
    if gauges is None:
        return
    for platform, (count, age) in gauges.outbox.items():
        OUTBOX_WAITING.labels(platform).set(count)
        OUTBOX_OLDEST.labels(platform).set(age)
    shown = ((SET_ASIDE, gauges.set_aside), (POLL_AGE, gauges.heard), (SENT_AGE, gauges.sent), (ALARMS, gauges.alarms))
    for family, values in shown:
        for label, value in values.items():
            family.labels(label).set(value)
    for name in gauges.leases:
        LEASE.labels(name).set(1)


def text() -> bytes:
    """Everything in Prometheus' text format."""
    return generate_latest(REGISTRY)


@cache
def version() -> str:
    """As `pyproject.toml` has it."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])
