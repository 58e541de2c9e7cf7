"""A fake Bot API server for tests and benchmarks: Telegram and Bale, in memory or over HTTP, with faults.

`BotApi` answers a bot's calls and lets a test speak as its citizens; `serve` puts it behind HTTP;
`python -m tests.botapi` runs it as a process of its own, steered through /control/ (see `remote`).

    api = BotApi("bale")
    api.say(7, "سلام")  # the bot polls, works, answers
    (answer,) = await api.wait_for(7)
    api.press(7, "ساعت کار")
    api.send_album(7, [photo, other], caption="پل")
    api.group(-5, "میز خدمت", topics=[3])
    api.say(8, "سلام", chat_id=-5, thread_id=3)
    api.faults.mix(seed=1, errors=0.05, lost=0.01, storm_seconds=3, storm_every=30)

Updates are polled, or brought to the address of setWebhook. Fetching a file counts as a method "download".
Markdown, the processing of pictures, files sent by address and groups' rights are not imitated.
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
