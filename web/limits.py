"""How often somebody may do something.

Kept in memory: each process counts for itself, which is close enough against a flood.
"""

import math

from bot.clock import Clock

SWEEP_FROM = 10_000
"""So many are remembered before those whose time is over are looked for."""


class Limit:
    """`most` times in `seconds`, all at once if they like, then evenly."""

    def __init__(self, most: int, seconds: int, clock: Clock) -> None:
        self._step = seconds * 1000 / most
        self._room = seconds * 1000
        self._clock = clock
        self._busy_until: dict[str, float] = {}
        self._sweep_at = SWEEP_FROM

    def take(self, who: str, amount: int = 1) -> int:
        """Count so many times more. 0, or the seconds to wait if it was too much; then it does not count."""
        wait = self.wait(who, amount)
        if not wait:
            now = self._clock.millis()
            self._busy_until[who] = max(self._busy_until.get(who, 0), now) + amount * self._step
            self._sweep(now)
        return wait

    def wait(self, who: str, amount: int = 1) -> int:
        """What `take` would answer; counts nothing."""
        now = self._clock.millis()
        until = max(self._busy_until.get(who, 0), now) + amount * self._step
        return max(0, math.ceil((until - now - self._room) / 1000))

    def give_back(self, who: str, amount: int) -> None:
        """Of what was counted, so much did not happen."""
        if who in self._busy_until:
            self._busy_until[who] -= amount * self._step

    def _sweep(self, now: int) -> None:
        if len(self._busy_until) >= self._sweep_at:
            self._busy_until = {who: until for who, until in self._busy_until.items() if until > now}
            self._sweep_at = max(SWEEP_FROM, 2 * len(self._busy_until))
