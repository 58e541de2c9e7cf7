"""Logs: one line an event, `key=value` pairs, on standard error. Never a token, never a citizen's words.

`log = logging.getLogger(__name__)` and `log.info("turn_handled", extra={"ms": 3})`: the message is a name in the past
tense.
"""

import logging
import re
import sys
from collections import Counter
from datetime import UTC, datetime
from typing import Final

from bot.errors import StoreDown, trace

_STANDARD: Final = frozenset(vars(logging.makeLogRecord({})))
# A token in a URL or a text: its number stays, as it names the bot; the secret half goes. A port is no secret.
_TOKEN: Final = re.compile(r"(\d{3,19})(:|%3A)(?!\d{1,5}(?![\w.-]))[\w.-]{4,}", re.IGNORECASE)
# What stands before the host, to the last @: whoever forgot to encode a password may have any sign in it.
_PASSWORD: Final = re.compile(r"://.*@")
_HOOK: Final = re.compile(r"(/hook/\w+/)\w+")  # who knows the path may deliver
CALM_SECONDS: Final = 60.0
_OURS: Final = ("bot", "web", "handlers", "scheduler")


class Line(logging.Formatter):
    """Formats a record as one line of pairs and takes secrets out."""

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        parts = [when, record.levelname.lower(), record.name, _value(record.getMessage())]
        parts += [f"{key}={_value(value)}" for key, value in vars(record).items() if _ours(key)]
        if record.exc_info and record.exc_info[1] is not None:
            parts.append(f"error={_value(trace(record.exc_info[1]))}")
        return " ".join(parts)


class Calm(logging.Filter):
    """While the database is away, each part says so once a minute and not at every try; nothing else is held back."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, ...], float] = {}
        self._unsaid: Counter[tuple[str, ...]] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.exc_info or not isinstance(record.exc_info[1], StoreDown):
            return True
        part = getattr(record, "part", None) or getattr(record, "platform", "")
        which = (record.name, record.getMessage(), str(part))
        if record.created - self._said.get(which, -CALM_SECONDS) < CALM_SECONDS:
            self._unsaid[which] += 1
            return False
        self._said[which] = record.created
        record.unsaid = self._unsaid.pop(which, 0)
        return True


def set_up(level: str) -> None:
    """Send everything to standard error in one form; libraries only from warnings on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line())
    handler.addFilter(Calm())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    for name in _OURS:
        logging.getLogger(name).setLevel(level.upper())


def without_secrets(text: str) -> str:
    """The text with tokens, passwords in addresses and paths of webhooks struck out; sooner too much than not all."""
    return _HOOK.sub(r"\1***", _PASSWORD.sub("://***@", _TOKEN.sub(r"\1\2***", text)))


def _ours(key: str) -> bool:
    return key not in _STANDARD and key not in {"message", "asctime", "color_message"}


def _value(value: object) -> str:
    """Without secrets, and with nothing in it that could end the value or the line, or that a terminal would obey."""
    text = "".join(map(_shown, without_secrets(str(value))))
    return f'"{text}"' if re.search(r'[ "=]', text) else text


def _shown(sign: str) -> str:
    if sign == '"':
        return '\\"'
    return sign if sign.isprintable() and sign != "\\" else sign.encode("unicode_escape").decode()
