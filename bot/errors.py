"""The errors that have a meaning here, and how an unexpected one is described without a citizen's words."""

import traceback
from collections.abc import Callable
from pathlib import Path

ROOT = str(Path(__file__).resolve().parent.parent)


class CitizenError(Exception):
    """Expected: the citizen is told `key` of the conversation's content, and stays at their step."""

    def __init__(self, key: str, **fields: object) -> None:
        super().__init__(key)
        self.key = key
        self.fields = fields


class Faults(Exception):
    """Settings or content that stop the start: a list of (file or variable, key, reason)."""

    def __init__(self, faults: list[tuple[str, str, str]]) -> None:
        super().__init__("\n".join(f"{file}: {key}: {reason}" for file, key, reason in faults))
        self.faults = faults


class Unreadable(Exception):
    """An update that cannot be understood, whoever tries and however often. The text says why, in our words."""


class StoreDown(Exception):
    """The database did not take the work: nobody's fault, nothing is stored, worth another try."""


class Unprepared(Exception):
    """A step needs what takes seconds to load. `prepare` loads it, outside of the transaction; then the step is run."""

    def __init__(self, prepare: Callable[[], object]) -> None:
        super().__init__("to be loaded first")
        self.prepare = prepare


class Undelivered(Exception):
    """A message the platform did not take. Answers these questions.

    `retry_ms`: try again after so long (None: never). `gone`: the citizen cannot be written to. `ours`: our mistake.
    `flood`: the platform asks for less. `moved_to`: the number that the group has now. `lost`: no answer came, so it
    may have been delivered all the same.
    """

    def __init__(  # noqa: PLR0913 - each is a question of its own, and has a name
        self,
        reason: str,
        *,
        retry_ms: int | None = None,
        gone: bool = False,
        ours: bool = False,
        flood: bool = False,
        moved_to: int | None = None,
        lost: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_ms = retry_ms
        self.gone = gone
        self.ours = ours
        self.flood = flood
        self.moved_to = moved_to
        self.lost = lost


class NotEditable(Exception):
    """The message cannot be changed any more; a new one has to be sent."""


class NotYet(Exception):
    """The message waits for something of ours, such as a file that is still being fetched: nobody's failure."""


class NotKnown(Exception):
    """A message with files was refused, maybe since the platform has forgotten `names`, by which they were sent."""

    def __init__(self, reason: str, names: dict[tuple[str, str], str]) -> None:
        super().__init__(reason)
        self.names = names


def trace(error: BaseException) -> str:
    """Where an error arose, without its message: that may hold a citizen's words or a token."""
    frames = traceback.extract_tb(error.__traceback__)
    steps = [f"{frame.filename.removeprefix(ROOT + '/')}:{frame.lineno} {frame.name}" for frame in frames[-6:]]
    return f"{type(error).__name__} at {' < '.join(reversed(steps))}" if steps else type(error).__name__
