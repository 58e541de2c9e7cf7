"""How long citizens wait for their answers, and how many messages went each way."""

import time
from collections import defaultdict, deque
from typing import Literal

from tests.botapi.answers import JSON

Matching = Literal["fifo", "nth"]


class Stats:
    """Matches what citizens sent with what the bot answered, chat by chat.

    "fifo": a message of the bot answers the oldest thing that waits, if any; an edit answers a press.
    "nth": the n-th message of the bot answers the n-th of the citizen, so one too many shifts the rest.
    """

    def __init__(self, matching: Matching = "fifo") -> None:
        self.matching: Matching = matching
        self.sent = self.edited = 0
        self.waits: list[float] = []
        self.first_sent = self.last_sent = 0.0
        self.arrivals: list[float] = []
        self._open: defaultdict[int, deque[tuple[float, bool]]] = defaultdict(deque)
        self._early: defaultdict[int, int] = defaultdict(int)

    def asked(self, chat_id: int, *, press: bool = False) -> None:
        """A citizen sent a message or pressed a button."""
        if self.matching == "nth" and self._early[chat_id]:
            self._early[chat_id] -= 1
        else:
            self._open[chat_id].append((time.monotonic(), press))

    def answered(self, chat_id: int, arrived: float) -> None:
        """The bot sent a message, which reached the server at `arrived`."""
        self.sent += 1
        self.arrivals.append(arrived)
        self.last_sent = max(self.last_sent, arrived)
        self.first_sent = self.first_sent or arrived
        waiting = self._open[chat_id]
        if waiting:
            self.waits.append(max(arrived - waiting.popleft()[0], 0))
        elif self.matching == "nth":
            self._early[chat_id] += 1

    def changed(self, chat_id: int, arrived: float) -> None:
        """The bot edited a message."""
        self.edited += 1
        waiting = self._open[chat_id]
        if self.matching == "fifo" and waiting and waiting[0][1]:
            self.waits.append(max(arrived - waiting.popleft()[0], 0))

    @property
    def unanswered(self) -> int:
        return sum(len(waiting) for waiting in self._open.values())

    def summary(self) -> JSON:
        """Counts, messages a second and waits in seconds."""
        waits = sorted(self.waits)
        lasted = self.last_sent - self.first_sent
        return {
            "sent": self.sent,
            "edited": self.edited,
            "sent_per_second": round((self.sent - 1) / lasted, 1) if lasted > 0 else None,
            "busiest_second": _busiest(sorted(self.arrivals)),
            "unanswered": self.unanswered,
            "latency": {
                "count": len(waits),
                "mean": round(sum(waits) / len(waits), 4) if waits else None,
                **{f"p{share}": _share(waits, share) for share in (50, 90, 99)},
                "max": round(waits[-1], 4) if waits else None,
            },
        }


def _busiest(arrivals: list[float]) -> int:
    """How many messages came within one second, wherever it begins."""
    most = first = 0
    for last, at in enumerate(arrivals):
        while arrivals[first] <= at - 1:
            first += 1
        most = max(most, last - first + 1)
    return most


def _share(ordered: list[float], percent: int) -> float | None:
    """The wait that so many percent of the citizens did not exceed."""
    if not ordered:
        return None
    return round(ordered[min(len(ordered) * percent // 100, len(ordered) - 1)], 4)
