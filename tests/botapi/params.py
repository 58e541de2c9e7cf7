"""Reads the parameters of a call, which arrive as text or as JSON values. Checks form, not sense."""

import json
from typing import Any

from tests.botapi.answers import JSON, ApiError


def text(params: JSON, name: str) -> str:
    """A text parameter, empty when missing."""
    value = params.get(name)
    return "" if value is None else str(value)


def number(params: JSON, name: str, default: int = 0) -> int:
    """A whole number; what is not one is refused."""
    value = params.get(name)
    if value is None or value == "":
        return default
    try:
        return int(value)
    except (TypeError, ValueError):
        raise ApiError(400, f"Bad Request: invalid {name} specified") from None


def flag(params: JSON, name: str) -> bool:
    """Whether a switch is on, in any of the ways in which clients write it."""
    return str(params.get(name, "")).lower() in {"true", "1", "yes"}


def structure(params: JSON, name: str) -> Any | None:  # noqa: ANN401 - whatever JSON the client sent
    """A nested value, which forms carry as JSON text."""
    value = params.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        raise ApiError(400, f"Bad Request: can't parse {name} JSON object") from None


def chat_of(params: JSON) -> int | None:
    """The chat that a call is about, if it names one by number."""
    try:
        return int(params["chat_id"])
    except (KeyError, TypeError, ValueError):
        return None
