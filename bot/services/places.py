"""The places of the region and their many names: `content/neighbourhoods.toml`, and finding them in what people write.

A name is compared by its letters alone: «۴۰۰ دستگاه», «چارصد دستگا» and «چهارصددستگاه» are one.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from bot.knowledge import Fault
from bot.text import Text

Kind = Literal["neighbourhood", "landmark", "outside"]

KINDS: Final[tuple[Kind, ...]] = ("neighbourhood", "landmark", "outside")
REGION: Final = 14
DISTRICTS: Final = 6
REGIONS: Final = 22
LONGEST_NAME: Final = 5
"""Words of a name, when it is written apart."""
SLIP: Final = 7
"""A name of so many letters is known with one of them missing, too many or wrong."""
MOST_WORDS: Final = 200
MOST_WORDS_ALONE: Final = 12
ID_LIMIT: Final = 40
NAME_LIMIT: Final = 30

_FORMS: Final = {
    "میدون": "میدان",
    "خیابون": "خیابان",
    "اتوبان": "بزرگراه",
    "اتوبون": "بزرگراه",
    "سیزده": "13",
    "سیزدهم": "13",
    "هفده": "17",
}
_SPOKEN: Final = (
    (re.compile(r"^(چهار|چار) ?صد(?=دستگا|$)"), "400"),
    (re.compile(r"^صد(?=دستگا|$)"), "100"),
    (re.compile(r"دستگا$"), "دستگاه"),
    (re.compile(r"(?<=\w\w)ون$"), "ان"),
)
_SORTS: Final = frozenset("محله خیابان میدان بزرگراه کوی شهرک فلکه کوچه بلوار ناحیه منطقه سمت طرف طرفای".split())
_BEFORE: Final = _SORTS | frozenset("تو توی در از اهل ساکن بچه سر ته اخر اول نزدیک نزدیکی دور حوالی پشت روبروی".split())
# What stands beside the name in a message that names a place and asks or tells nothing else.
_BESIDE_WORDS: Final = """
    من ما مال جزو جزء جز هستم هستیم هست است ه هستش زندگی می کنم میکنم کنیم میکنیم میشینم نشینم شینم خونه خونم خونمون
    خانه خانه ام خونه ام کدوم کدام کجاست کجاس کجا چی چیه ایا میشه شه شود میشود حساب محسوب 14 چهارده شهرداری رو را و هم
    که اینجا محلمون محلم محل ی ای یه سلام لطفا تهران شما به مربوط برای کدومه کدامه ناحیش ناحیه اش اش
    """


@dataclass(frozen=True, slots=True)
class Place:
    """A neighbourhood of the region, a street or square there, or a place outside of it.

    `district`: the ناحیه, None as long as nobody told us; `region`: of a place outside, 0 if we do not know; `border`:
    only one side of it is ours; `ordinary`: the name is an everyday word too.
    """

    id: str
    name: str
    kind: Kind
    aliases: tuple[str, ...] = ()
    district: int | None = None
    region: int = REGION
    border: bool = False
    ordinary: bool = False
    sample: bool = False

    @property
    def known_as(self) -> str:
        """What can be said of it: its kind, or more where its `district` or `region` is known or it is `border`."""
        if self.border:
            return "border"
        if self.district is not None:
            return "district"
        return "region" if self.kind == "outside" and self.region else self.kind


class Mention(NamedTuple):
    """A place that is named. `places`: those that the words may mean; more than one: ask which."""

    said: str
    places: tuple[Place, ...]
    start: int
    end: int


class Places:
    """All places, and the way from what people write to them."""

    def __init__(self, places: Iterable[Place], text: Text) -> None:
        self.all = {place.id: place for place in places}
        self._text = text
        self._named: dict[str, list[Place]] = defaultdict(list)
        self._slips: dict[str, set[str]] = defaultdict(set)
        for place in self.all.values():
            for name in (place.name, *place.aliases):
                words = self._words(name)
                for key in dict.fromkeys(("".join(words), "".join(_without_sort(words)))):
                    self._name(key, place, bare=key != "".join(words))

    def find(self, text: str) -> list[Mention]:
        """The places that a text names, in their order."""
        return list(self._mentions(self._words(text)[:MOST_WORDS]))

    def only(self, text: str) -> Mention | None:
        """The place, if a message names one and nothing else: «دولاب», «ما تو دولاب می‌شینیم», «دولاب جزو ۱۴ هست؟»."""
        words = self._words(text)
        found = list(self._mentions(words)) if len(words) <= MOST_WORDS_ALONE else []
        if len(found) != 1:
            return None
        mention = found[0]
        beside = words[: mention.start] + words[mention.end :]
        return mention if all(word in _BESIDE for word in beside) else None

    def _name(self, key: str, place: Place, *, bare: bool) -> None:
        """`bare`: without «میدان» or «خیابان», which a name of its own may need: «میدان شهدا» is no «شهدا»."""
        if not key or (bare and (place.kind != "neighbourhood")):
            return
        if place not in self._named[key]:
            self._named[key].append(place)
        if len(key) >= SLIP:
            for short in _shortened(key):
                self._slips[short].add(key)

    def _mentions(self, words: Sequence[str]) -> Iterator[Mention]:
        at = 0
        while at < len(words):
            found = next(
                (
                    (length, places)
                    for length in range(min(LONGEST_NAME, len(words) - at), 0, -1)
                    if (places := self._at(words, at, length))
                ),
                None,
            )
            if found is None:
                at += 1
                continue
            length, places = found
            yield Mention(" ".join(words[at : at + length]), places, at, at + length)
            at += length

    def _at(self, words: Sequence[str], at: int, length: int) -> tuple[Place, ...]:
        """What these words name. An everyday word is a name only alone, or after a word that says so."""
        key = "".join(words[at : at + length])
        places = self._named.get(key) or self._nearly(key)
        alone = all(word in _BESIDE for word in (*words[:at], *words[at + length :]))
        called = alone or words[at] in _SORTS or (at > 0 and words[at - 1] in _BEFORE)
        return tuple(place for place in places if called or not place.ordinary)

    def _nearly(self, key: str) -> list[Place]:
        if len(key) < SLIP:
            return []
        found = {name for short in _shortened(key) for name in self._slips.get(short, ())}
        near = {name for name in found if abs(len(name) - len(key)) <= 1}
        return self._named[near.pop()] if len(near) == 1 else []

    def _words(self, text: str) -> list[str]:
        return [_form(word) for word in self._text.tokens(text)]


def _form(word: str) -> str:
    """A word in the one spelling in which names are compared."""
    word = _FORMS.get(word, word)
    for spoken, written in _SPOKEN:
        word = spoken.sub(written, word)
    return word


_BESIDE: Final = _BEFORE | {_form(word) for word in _BESIDE_WORDS.split()}


def _without_sort(words: Sequence[str]) -> Sequence[str]:
    return words[1:] if len(words) > 1 and words[0] in _SORTS else words


def _shortened(key: str) -> Iterator[str]:
    """The name itself and all it becomes by losing one letter: two names one slip apart share one of these."""
    yield key
    for i in range(len(key)):
        yield key[:i] + key[i + 1 :]


def load(path: Path) -> tuple[list[Place], list[Fault]]:
    """All sound places of a file, and every fault of the others."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return [], [Fault(path.name, "", str(error))]
    # The region's border stands in the same file: bot/services/geo.py.
    strange = sorted(set(tables) - {*KINDS, "region"})
    faults = [Fault(path.name, key, f"is none of {', '.join(KINDS)}") for key in strange]
    places: dict[str, Place] = {}
    for kind in KINDS:
        rows = tables.get(kind, [])
        if not isinstance(rows, list):
            faults.append(Fault(path.name, kind, f"must be written as [[{kind}]]"))
            continue
        for number, row in enumerate(rows, start=1):
            label = str(row.get("id") or f"{kind} {number}") if isinstance(row, dict) else f"{kind} {number}"
            wrong = [Fault(path.name, f"{label}.{key}" if key else label, why) for key, why in _wrongs(kind, row)]
            if not wrong and row["id"] in places:
                wrong = [Fault(path.name, f"{label}.id", "is used twice")]
            faults += wrong
            if not wrong:
                places[row["id"]] = _place(kind, row)
    return list(places.values()), faults


def _place(kind: Kind, row: dict[str, Any]) -> Place:
    known = {"region": 0} if kind == "outside" else {}
    return Place(kind=kind, **(known | row | {"aliases": tuple(row.get("aliases", ()))}))


_TYPES: Final[dict[str, type]] = {
    "id": str,
    "name": str,
    "aliases": list,
    "district": int,
    "region": int,
    "border": bool,
    "ordinary": bool,
    "sample": bool,
}
_ONLY_OF: Final = {"district": "neighbourhood", "border": "landmark", "region": "outside"}


def _wrongs(kind: Kind, row: object) -> Iterator[tuple[str, str]]:
    """(key, reason) of each fault."""
    if not isinstance(row, dict):
        yield "", "must be a table"
        return
    yield from ((key, "is missing") for key in ("id", "name") if not row.get(key))
    for key, value in row.items():
        if key not in _TYPES:
            yield key, "is not a key of a place"
        elif type(value) is not _TYPES[key]:
            yield key, f"must be {_TYPES[key].__name__}"
        elif _ONLY_OF.get(key, kind) != kind:
            yield key, f"is only for a {_ONLY_OF[key]}"
        else:
            yield from ((key, why) for why in _wrong_value(key, value))


def _wrong_value(key: str, value: Any) -> Iterator[str]:  # noqa: ANN401 - of the type that the key has
    if key == "aliases" and not all(isinstance(name, str) and name.strip() for name in value):
        yield "must be a list of names, none of them empty"
    if key == "id" and not re.fullmatch(rf"[a-z][a-z0-9_]{{0,{ID_LIMIT - 1}}}", value):
        yield "must be of small Latin letters, digits and _"
    if key == "name" and len(value) > NAME_LIMIT:
        yield f"is longer than {NAME_LIMIT} characters"
    if key == "district" and not 1 <= value <= DISTRICTS:
        yield f"must be from 1 to {DISTRICTS}"
    if key == "region" and (not 1 <= value <= REGIONS or value == REGION):
        yield f"must be another region of Tehran, from 1 to {REGIONS}"
