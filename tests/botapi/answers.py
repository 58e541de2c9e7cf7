"""What the server says back: bodies, refusals, a connection that ends without a word. Knows no method."""

import json
from dataclasses import dataclass
from typing import Any

JSON = dict[str, Any]


class Cut(Exception):
    """The connection ends and no answer is given, or only the first half of one."""

    def __init__(self, half_of: "Answer | None" = None) -> None:
        super().__init__()
        self.half_of = half_of


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer."""

    status: int
    body: bytes
    content_type: str = "application/json"


class ApiError(Exception):
    """A refusal in the envelope that Telegram and Bale share."""

    def __init__(self, status: int, description: str, retry_after: int | None = None, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters if retry_after is None else {"retry_after": retry_after, **parameters}

    def answer(self, status: int | None = None) -> Answer:
        """The refusal as sent; `status` overrides the HTTP status and leaves the error code as it is."""
        body: JSON = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return Answer(status or self.status, json.dumps(body).encode())


def success(result: object) -> Answer:
    """The result of a method that did what it was asked."""
    return Answer(200, json.dumps({"ok": True, "result": result}).encode())


def success_of_updates(updates: list[str]) -> Answer:
    """Updates are kept as JSON text, so that a long backlog costs no second encoding."""
    return Answer(200, f'{{"ok":true,"result":[{",".join(updates)}]}}'.encode())
