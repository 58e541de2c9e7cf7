"""A platform's side of webhooks: where it is to deliver, with which secret, and whether it does.

Path and secret come from the token by HMAC-SHA256: nothing more has to be kept, and both change with it. Facts:
core.telegram.org/bots/api#setwebhook and docs.bale.ai, read 2026-10.
"""

import hmac
from typing import Any, ClassVar

from telegram.error import TelegramError

from bot.errors import Undelivered

CONNECTIONS = 40
"""So many deliveries at once; Telegram allows 1 to 100. Those of one chat still come one after the other."""


class Hooked:
    """What every platform can do with its webhook. `wanted`: the kinds of updates to ask for; empty: the usual ones.

    `hook_path` is to be joined to the public address and, like `hook_secret`, is never logged. `hook_header`: where
    the platform puts the secret, None if it knows none: then the path alone must do.
    """

    name: ClassVar[str]
    wanted: ClassVar[tuple[str, ...]] = ()
    hook_header: ClassVar[str | None] = None

    def __init__(self, token: str) -> None:
        self.hook_path = f"/hook/{self.name}/{_derived(token, f'{self.name} path')}"
        self.hook_secret = _derived(token, f"{self.name} secret") if self.hook_header else None

    async def hook(self) -> dict[str, Any]:
        """What the platform says of our webhook, with its `url` at least ("": none). Raises `Undelivered`."""
        found = await self._ask("getWebhookInfo")
        return found | {"url": str(found.get("url") or "")} if isinstance(found, dict) else {"url": ""}

    async def set_hook(self, url: str) -> None:
        """Have updates delivered to this address. Raises `Undelivered`."""
        await self._ask("setWebhook", url=url, **self.hook_options())

    async def drop_hook(self) -> None:
        """Back to polling; what has not been delivered is kept for it. Raises `Undelivered`."""
        await self._ask("deleteWebhook")

    def hook_options(self) -> dict[str, Any]:
        """What setWebhook is told besides the address."""
        return {}

    async def _ask(self, method: str, **parameters: Any) -> Any:  # noqa: ANN401 - JSON in both directions
        try:
            return await self._call(method, **parameters)
        except TelegramError as error:
            raise self.verdict(error) from None

    async def _call(self, method: str, **parameters: Any) -> Any:  # noqa: ANN401 - as above
        raise NotImplementedError

    def verdict(self, error: TelegramError) -> Undelivered:
        raise NotImplementedError


def _derived(token: str, label: str) -> str:
    return hmac.digest(token.encode(), f"hamyar14 webhook {label}".encode(), "sha256").hex()
