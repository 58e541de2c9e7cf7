"""What is wrong with an announcement, or may be: found before it goes out, each finding by its key and fields.

What `stops` must be mended first; of the rest staff are told, and decide. The words are `finding_<key>` in
`content/announce_lint.toml`. Who is warned without need soon reads no warnings: where a text may be right, it is.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from bot.clock import TEHRAN
from bot.dates import date_in_words
from bot.outbox import CAPTION_LIMIT, TEXT_LIMIT
from bot.services import links, named_days, tone
from bot.services.day_words import spelled
from bot.services.events_over import over
from bot.services.named_days import Named, sentences
from bot.services.occasions import Calendar, Dated
from bot.services.quoting import cut
from bot.services.tidying import untidy
from bot.text import fold_ours

SHORT: Final = 500
"""A longer text is read by few."""
MOST: Final = 3500
"""So below `TEXT_LIMIT` that one message has room for what is said under it."""
SHOWN: Final = 60
"""So much of a link or a place in the text is shown."""

_CALLED_OFF: Final = re.compile(r"لغو|تعویق|موکول|برگزار ن|وقت دیگر|زمان دیگر|اجرا نمی")
_RELATIVE: Final = re.compile(r"(?<!\w)(?:امروز|امشب|فردا|پس ?فردا|دیروز)(?!\w)")
_DEADLINE: Final = re.compile(r"مهلت|ثبت ?نام|نام ?نویسی|تا پایان")


@dataclass(frozen=True, slots=True)
class Finding:
    key: str
    fields: Mapping[str, object] = field(default_factory=dict)
    stops: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """What else an announcement has, and what is known of it.

    `links`: of its buttons; `dead`: those of all its links that do not answer; `nowhere`: labels of buttons that lead
    to nothing any more; `same_on`: the same text went out then; `later`: it goes on another day than it is written.
    """

    has_picture: bool = False
    links: tuple[str, ...] = ()
    dead: frozenset[str] = frozenset()
    nowhere: tuple[str, ...] = ()
    same_on: date | None = None
    later: bool = False


NOTHING: Final = Beside()


def findings(text: str, sent: datetime, calendar: Calendar, beside: Beside = NOTHING) -> list[Finding]:
    """What is to be said of a text that goes out at `sent`; what stops it comes first."""
    sent = sent.astimezone(TEHRAN)
    plain = spelled(text[:TEXT_LIMIT])
    dates = named_days.named(plain, sent.date(), calendar.lunar)
    found = [
        *_weekdays(plain, dates, sent.date(), calendar),
        *_tone(text, sent.date(), calendar),
        *_links(text, beside),
        *_length(len(text), has_picture=beside.has_picture),
        *_over(plain, dates, sent),
        *(_relative(plain, sent.date()) if beside.later else ()),
        *_feast_in_mourning(plain, dates, sent.date(), calendar),
        *_typing(text),
    ]
    if beside.same_on is not None:
        found.append(Finding("same_text", {"day": date_in_words(beside.same_on)}))
    return sorted(found, key=lambda finding: not finding.stops)


def fingerprint(text: str) -> str:
    """The same for texts of the same letters, whatever their numbers, signs and spaces; empty without letters."""
    letters = "".join(sign for sign in fold_ours(text) if sign.isalpha())
    return hashlib.sha256(letters.encode()).hexdigest() if letters else ""


def _weekdays(plain: str, dates: list[Named], sent: date, calendar: Calendar) -> Iterator[Finding]:
    for misfit in named_days.misfits(plain, sent, calendar.lunar):
        yield Finding("weekday", misfit._asdict(), stops=True)
    for words in dict.fromkeys(one.words for one in dates if not one.days):
        yield Finding("no_such_day", {"day": words}, stops=True)


def _tone(text: str, sent: date, calendar: Calendar) -> Iterator[Finding]:
    """On a day that is both it is mourned."""
    dated = calendar.on(sent)
    for mood in ("mourning", "joy"):
        occasion = _of_mood(dated, mood)
        if occasion:
            for wrong in tone.heard(text, tone.KIND_OF_MOOD[mood]):
                yield from _of_tone(wrong, text, occasion)
            return


def _of_tone(wrong: tone.Wrong, text: str, occasion: str) -> Iterator[Finding]:
    """Not every sign is festive, nor is it wrong to have several where they point at a place, an hour and a number."""
    sign = tone.festive_sign(text)
    if wrong.key == "festive":
        fields = {"occasion": occasion, **wrong.fields}
        yield Finding("mourned_word", fields, stops=not _CALLED_OFF.search(text))
    elif wrong.key == "signs" and wrong.fields["most"] == 0 and sign:
        yield Finding("mourned_sign", {"occasion": occasion, "sign": sign}, stops=True)
    elif wrong.key == "call":
        yield Finding("mourned_call", {"occasion": occasion})
    elif wrong.key == "grief":
        yield Finding("feast_word", {"occasion": occasion, **wrong.fields})


def _of_mood(dated: tuple[Dated, ...], mood: str) -> str:
    return next((one.occasion.title for one in dated if one.occasion.mood == mood), "")


def _feast_in_mourning(plain: str, dates: list[Named], sent: date, calendar: Calendar) -> Iterator[Finding]:
    """Something festive is announced for a day that is mourned."""
    for start, end in sentences(plain):
        sentence = plain[start:end]
        word = tone.festive_word(sentence)
        if not word or _CALLED_OFF.search(sentence) or _DEADLINE.search(sentence):
            continue
        for one in dates:
            occasion = _of_mood(calendar.on(one.days[0]), "mourning") if one.days and one.days[0] > sent else ""
            if occasion and start <= one.start < end:
                yield Finding("mourned_day", {"day": one.words, "occasion": occasion, "word": word})


def _over(plain: str, dates: list[Named], sent: datetime) -> Iterator[Finding]:
    for key, words in over(plain, dates, sent):
        yield Finding(key, {"when": words})


def _relative(plain: str, sent: date) -> Iterator[Finding]:
    """Whoever writes «فردا» today and sends it on Thursday may mean either."""
    for word in dict.fromkeys(found[0] for found in _RELATIVE.finditer(plain)):
        yield Finding("relative", {"word": word, "day": date_in_words(sent)})


def _length(length: int, *, has_picture: bool) -> Iterator[Finding]:
    if length > MOST:
        yield Finding("too_long", {"length": length, "most": MOST}, stops=True)
    elif has_picture and length > CAPTION_LIMIT:
        yield Finding("two_messages", {"length": length, "most": CAPTION_LIMIT})
    elif length > SHORT:
        yield Finding("long", {"length": length, "most": SHORT})


def _typing(text: str) -> Iterator[Finding]:
    place = untidy(text)
    if place:
        yield Finding("untidy", {"place": cut(place, SHOWN)})


def _links(text: str, beside: Beside) -> Iterator[Finding]:
    for link in dict.fromkeys((*links.written(text), *beside.links)):
        shown = {"link": cut("".join(sign for sign in link if sign.isprintable()), SHOWN)}
        if link.lower().startswith("www.") and link not in beside.links:
            yield Finding("bare_link", shown)
        elif not links.is_sound(link):
            yield Finding("bad_link", shown, stops=True)
        elif link in beside.dead:
            yield Finding("dead_link", shown)
    for label in beside.nowhere:
        yield Finding("dead_button", {"label": label}, stops=True)
