"""Forgetting a person whose cases stay: the hole in the street is still there when nobody is told of it any more.

What leads to somebody goes: who and where they are, their name, telephone numbers in whatever was said, every sound and
film with their voice. Photos of the street stay, as ours.
"""

import re
from typing import Final

from bot.services import reports
from bot.services.cases import Case, Change
from bot.services.masking import HIDDEN, mask_phones
from bot.store import Unit
from bot.store.case_log import Happened
from bot.text import fold_ours

AT_ONCE: Final = 100
LAST: Final = 2**62
"""No case has this number."""


def forget_person(unit: Unit, platform: str, user_id: int, chat_id: int) -> list[Change]:
    """Their cases are nobody's, and whatever else belongs to reports is gone. Open cases stay open."""
    unit.followers.forget(platform, user_id)
    unit.drafts.forget(platform, user_id)
    unit.lookups.forget(platform, user_id)
    changes: list[Change] = []
    while found := unit.cases.mine(platform, user_id, LAST, AT_ONCE):
        changes += [_without_person(unit, case, chat_id) for case in found]
    return changes


def _without_person(unit: Unit, case: Case, chat_id: int) -> Change:
    _forget_files(unit, case, chat_id)
    for event, said in unit.case_log.spoken(case.id):
        if (plain := _plain(said, case.name)) != said:
            unit.case_log.reword(event, plain)
    address = None if case.address is None else _plain(case.address, case.name)
    now = unit.cases.forget(case, _plain(case.text, case.name), address)
    unit.case_words.drop(case.id)
    unit.case_words.add(case.id, reports.words_of(fold_ours(f"{now.text} {now.address or ''}")))
    return Change(now, unit.case_log.add(case.id, Happened("forgotten", public=False)), case)


def _forget_files(unit: Unit, case: Case, chat_id: int) -> None:
    """Their photos stay; the rest is forgotten with all files of their chat."""
    keys = [key for key, _ in unit.case_log.files(case.id)]
    theirs = unit.files.find_theirs(case.platform or "", chat_id, keys)
    unit.files.adopt([key for key, file in theirs.items() if file.kind == "photo"])
    unit.case_log.drop_files(case.id, [key for key, file in theirs.items() if file.kind != "photo"])


def _plain(text: str, name: str | None) -> str:
    """Without telephone numbers and, where they let staff see it, without their name."""
    named = name.strip() if name else ""
    found = re.sub(rf"(?<!\w){re.escape(named)}(?!\w)", HIDDEN, text) if named else text
    return mask_phones(found)
