"""Half-finished reports: offered once to who left them a day ago, dropped after a week.

The message goes into the outbox in the transaction that marks its draft, so nobody is offered the same twice.
"""

from typing import Final

from bot import outbox
from bot.content import Wording
from bot.outbox import Button, Keyboard
from bot.services import quoting
from bot.services.reports import DROPPED_AFTER_MS, OFFERED_AFTER_MS
from bot.store import Unit
from bot.store.drafts import Kept
from bot.store.outbox import Outgoing

SHOWN: Final = 150
"""Letters of what was written."""


def offer(unit: Unit, words: Wording, most: int) -> int:
    """Offer so many; how many drafts were dealt with. Whoever has blocked the bot or is unknown is left alone."""
    left = unit.drafts.to_offer(OFFERED_AFTER_MS, most)
    for draft in left:
        unit.drafts.offered(draft)
        met = unit.citizens.find(draft.platform, draft.user_id, draft.chat_id)
        if met is None or met.gone:
            continue
        text = quoting.quote(draft.body["report"]["text"], SHOWN)
        said = words.text("left", text=text) if text else words.text("left_wordless")
        for body in outbox.bodies(said, _under(words, draft)):
            unit.outbox.add(Outgoing(draft.platform, draft.chat_id, "send", body), claimed=False)
    return len(left)


def drop(unit: Unit, most: int) -> int:
    """Drop so many of those that are too old; how many it were."""
    return unit.drafts.drop_old(DROPPED_AFTER_MS, most)


def _under(words: Wording, draft: Kept) -> Keyboard:
    """«انصراف» names the draft: pressed later, it drops no other one."""
    resume = Button(words.button("resume"), "report:resume")
    return Keyboard(inline=[[resume], [Button(words.button("cancel"), f"report:cancel:{draft.body['begun']}")]])
