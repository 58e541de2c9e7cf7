"""What a bot asks for with setWebhook: read and checked. Nothing is delivered here."""

import re
from dataclasses import dataclass

from tests.botapi import params
from tests.botapi.answers import JSON, ApiError

_ADDRESS = re.compile(r"https?://[^/\s:@]+(?::\d{1,5})?(?:/\S*)?")
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_MOST_CONNECTIONS = 100


@dataclass(frozen=True, slots=True)
class Hook:
    """Where updates go, and how; `allowed` empty means every kind."""

    url: str
    secret: str = ""
    connections: int = 40
    allowed: frozenset[str] = frozenset()

    def takes(self, update: JSON) -> bool:
        kinds = update.keys() - {"update_id"}
        return not self.allowed or bool(kinds & self.allowed)


def telegrams(call: JSON) -> Hook | None:
    """As Telegram reads it; None where the bot gave no address. http is taken too, as this is no place for TLS."""
    url = params.text(call, "url")
    if not url:
        return None
    if not _ADDRESS.fullmatch(url):
        raise ApiError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
    secret = params.text(call, "secret_token")
    if not _SECRET.fullmatch(secret):
        raise ApiError(400, "Bad Request: secret token contains unallowed characters")
    connections = min(max(params.number(call, "max_connections", 40), 1), _MOST_CONNECTIONS)
    return Hook(url, secret, connections, frozenset(params.structure(call, "allowed_updates") or ()))


def bales(call: JSON) -> Hook | None:
    """As Bale reads it: the address and nothing else."""
    url = params.text(call, "url")
    if url and not _ADDRESS.fullmatch(url):
        raise ApiError(400, "url: must be a valid URL")
    return Hook(url) if url else None
