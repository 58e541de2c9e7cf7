"""The pace above which the server refuses. Counts messages, knows nothing else of them."""

import math
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class Limits:
    """Messages a second, in all and per chat; beyond, 429 until the penalty is over."""

    overall: int | None = None
    per_chat: int | None = None
    penalty: int = 1
    refused: int = 0
    _sent: dict[int | None, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _until: dict[int | None, float] = field(default_factory=dict)

    def wait(self, chat_id: int | None) -> int | None:
        """Seconds after which to try again, or None and the message is counted."""
        now = time.monotonic()
        both = ((None, self.overall), (chat_id, self.per_chat))
        rules = [(key, most) for key, most in both if most is not None]
        for key, most in rules:
            recent = self._sent[key]
            while recent and recent[0] <= now - 1:
                recent.popleft()
            if len(recent) >= most:
                self._until.setdefault(key, now + self.penalty)
            until = self._until.get(key, now)
            if until > now:
                self.refused += 1
                return math.ceil(until - now)
            self._until.pop(key, None)
        for key, _ in rules:
            self._sent[key].append(now)
        return None
