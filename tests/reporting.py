"""Filling in a report as a citizen: how tests send files and places, get through the steps, and look at the cases."""

import re
from typing import Any

from bot.models import case_events, cases, drafts
from tests import samples
from tests.botapi import Seen
from tests.citizen import Citizen, labels, rows_of

BEGIN = "📝 ثبت درخواست"
COMPLAINT, CRITICISM, SUGGESTION, THANKS = "گزارش مشکل یا شکایت", "انتقاد", "پیشنهاد", "تشکر"
WORDS = "چراغ کوچه ما سه شبه خاموشه"
LIGHTS = "چراغ و روشنایی"
ONE_LIGHT = "یک چراغ"
BARE_WIRE = "سیم لخت یا آویزان"
NO_PICTURES = "بدون عکس"
SEND = "✅ ارسال"
BACK, CANCEL = "↩️ برگشت", "✖️ انصراف"
RESUME, ANEW = "▶️ ادامه می‌دهم", "🆕 از نو شروع می‌کنم"
ANOTHER = "مال من چیز دیگری است"
HERE = (35.672, 51.478)


async def pin(citizen: Citizen, lat: float = HERE[0], lon: float = HERE[1]) -> list[Seen]:
    """Send a point on the map."""
    return await citizen._after(lambda: citizen.api.send_location(citizen.user_id, lat, lon))


async def photo(citizen: Citizen, caption: str | None = None, **more: Any) -> list[Seen]:  # noqa: ANN401 - of a message
    """Send a photo."""
    return await citizen._after(lambda: citizen.api.send_photo(citizen.user_id, samples.jpeg(), caption, **more))


async def begun(citizen: Citizen, kind: str = COMPLAINT) -> list[Seen]:
    """The form is open, and the kind chosen."""
    await citizen.send("/report")
    return await citizen.press(kind)


async def to_review(citizen: Citizen, words: str = WORDS, at: tuple[float, float] = HERE) -> Seen:
    """A complaint about a lamp, up to its review."""
    await begun(citizen)
    await citizen.send(words)
    await citizen.press(LIGHTS)
    await citizen.press(ONE_LIGHT)
    await pin(citizen, *at)
    if ANOTHER in labels(citizen.api.seen(citizen.user_id)[-1]):
        await citizen.press(ANOTHER)
    return (await citizen.press(NO_PICTURES))[-1]


async def filed(citizen: Citizen, words: str = WORDS, at: tuple[float, float] = HERE) -> Seen:
    """A complaint about a lamp is sent; what its citizen was told."""
    await to_review(citizen, words, at)
    return (await citizen.press(SEND))[-1]


def code_in(seen: Seen) -> int:
    """The tracking code that a message tells."""
    (found,) = re.findall(r"[۰-۹]{3}\u00a0[۰-۹]{3}\u00a0[۰-۹]{3}", seen.text)
    return int("".join(found.split()))


async def all_cases(citizen: Citizen) -> list[dict[str, Any]]:
    return await citizen.app.store.read(lambda unit: rows_of(unit, cases))


async def all_drafts(citizen: Citizen) -> list[dict[str, Any]]:
    return await citizen.app.store.read(lambda unit: rows_of(unit, drafts))


async def all_events(citizen: Citizen) -> list[dict[str, Any]]:
    return await citizen.app.store.read(lambda unit: rows_of(unit, case_events))
