"""A fake Bot API server for tests and benchmarks: Telegram and Bale, in memory or over HTTP, with faults.

`BotApi` answers a bot's calls and lets a test speak as its citizens; `serve` puts it behind HTTP;
`python -m tests.botapi` runs it as a process of its own, steered through /control/ (see `remote`).

    api = BotApi("bale")
    api.say(7, "سلام")  # the bot polls, works, answers
    (answer,) = await api.wait_for(7)
    api.press(7, "ساعت کار")
    api.faults.lose_answer()

Markdown, files, webhooks' deliveries and groups' rights are not imitated.
"""

from tests.botapi.answers import Answer, ApiError, Cut
from tests.botapi.api import BotApi
from tests.botapi.bale import BaleShape
from tests.botapi.chats import Alert, Seen
from tests.botapi.limits import Limits
from tests.botapi.server import serve
from tests.botapi.world import DialectName

__all__ = [
    "Alert",
    "Answer",
    "ApiError",
    "BaleShape",
    "BotApi",
    "Cut",
    "DialectName",
    "Limits",
    "Seen",
    "serve",
]
