"""The pace above which the server refuses. Counts messages, knows nothing else of them."""

import math
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


class _Rule(NamedTuple):
    """So many messages in so many seconds; beyond, refusals for the penalty, or until there is room again."""

    key: tuple[str, int | None]
    most: int
    window: float
    penalty: float | None


@dataclass(slots=True)
class Limits:
    """Messages a second, in all and per chat, with 429 until the penalty is over; messages a minute per group.

    `group_window` are the seconds of that minute, shorter in tests.
    """

    overall: int | None = None
    per_chat: int | None = None
    penalty: int = 1
    refused: int = 0
    per_group: int | None = None
    group_window: float = 60
    _sent: dict[tuple[str, int | None], deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _until: dict[tuple[str, int | None], float] = field(default_factory=dict)

    def wait(self, chat_id: int | None, *, group: bool = False, messages: int = 1) -> int | None:
        """Seconds after which to try again, or None and the messages are counted."""
        now = time.monotonic()
        rules = list(self._rules(chat_id, group=group))
        for rule in rules:
            seconds = self._refusal(rule, now)
            if seconds > 0:
                self.refused += 1
                return math.ceil(seconds)
        for rule in rules:
            self._sent[rule.key].extend([now] * messages)
        return None

    def _rules(self, chat_id: int | None, *, group: bool) -> Iterator[_Rule]:
        if self.overall is not None:
            yield _Rule(("overall", None), self.overall, 1, self.penalty)
        if self.per_chat is not None:
            yield _Rule(("chat", chat_id), self.per_chat, 1, self.penalty)
        if self.per_group is not None and group:
            yield _Rule(("group", chat_id), self.per_group, self.group_window, None)

    def _refusal(self, rule: _Rule, now: float) -> float:
        """Seconds left of a refusal, 0 when there is none."""
        recent = self._sent[rule.key]
        while recent and recent[0] <= now - rule.window:
            recent.popleft()
        if len(recent) >= rule.most:
            end = recent[len(recent) - rule.most] + rule.window if rule.penalty is None else now + rule.penalty
            self._until.setdefault(rule.key, end)
        left = self._until.get(rule.key, now) - now
        if left <= 0:
            self._until.pop(rule.key, None)
        return left
