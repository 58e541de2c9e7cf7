"""Content: every topic is there with its exact facts, well typed, and fits into a message and onto a phone."""

import re
import tomllib
from collections.abc import Iterator

import pytest

from bot import knowledge, markup
from bot.loading import ROOT, Loaded
from bot.outbox import TEXT_LIMIT
from tests.test_content import content_of

LABEL_LIMIT = 30
LONGEST_FIELD = 128
"""No field is longer than a name."""

ENTRIES, FAULTS = knowledge.load(ROOT / "content")

SILENT = set(
    "phrasings keywords words hints id source week related computed names calendar mood day official_until"
    " first".split()
)
"""Keys whose values nobody is shown."""


def strings(value: object, where: str) -> Iterator[tuple[str, str]]:
    """Every text that is shown, with where it stands. How people ask is theirs, not ours."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in SILENT:
                yield from strings(item, f"{where}.{key}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from strings(item, f"{where}[{number}]")
    elif isinstance(value, str):
        yield where, value


SHOWN = [
    found
    for path in sorted((ROOT / "content").rglob("*.toml"))
    for found in strings(tomllib.loads(path.read_text(encoding="utf-8")), path.stem)
]
LATIN = re.compile(r"\[[^\]]*\]\([^)]*\)|\{\w+\}|(?:screen|topic|talk):[\w:.]+\|?|\S*[A-Za-z]\S*")
UNTIDY = {
    "an Arabic letter or digit": r"[يك\u0660-\u0669]|ة\b",
    "a half-space that does not stand between two letters": r"\u200c(?![\u0621-\u06cc])|(?<![\u0621-\u06cc])\u200c",
    "an invisible sign": r"[\u200b\u200e\u200f\u00ad\ufeff\u202a-\u202e\u0640]",
    "a straight quotation mark": r"[\"']",
    "a Latin sign among Persian words": r"[\u0621-\u06cc]\s*[,;?%]",
    "spaces doubled or before a sign": r"[^\s]  |[\u0621-\u06cc] [،؛؟!:.»]|« | »",
    "three dots for an ellipsis": r"\.\.\.",
    "a space where a half-space belongs": r"[\u0621-\u06cc] (?:ها|های|هایی|ترین)(?![\u0621-\u06cc\u200c])",
    "می and its verb written apart": r"(?<![\u0621-\u06cc\u200c])ن?می [\u0621-\u06cc]",
}


@pytest.mark.parametrize("fault", UNTIDY)
def test_no_shown_text_has(fault: str) -> None:
    found = [(where, text) for where, text in SHOWN if re.search(UNTIDY[fault], LATIN.sub("x", text))]

    assert found == []


def test_numbers_in_persian_text_have_persian_digits() -> None:
    assert [(where, text) for where, text in SHOWN if re.search(r"[0-9]", LATIN.sub(" ", text))] == []


def test_every_file_of_the_content_is_sound() -> None:
    assert FAULTS == []
    assert len(SHOWN) > 400


def test_labels_fit_on_a_button() -> None:
    for name in (path.stem for path in (ROOT / "content").glob("*.toml")):
        for label in content_of(name).get("buttons", {}).values():
            assert len(label.format_map(Longest("۹۹"))) <= LABEL_LIMIT, label
    assert [entry.id for entry in ENTRIES if len(entry.title) > LABEL_LIMIT] == []


class Longest(dict[str, str]):
    """Any field, filled with the same."""

    def __init__(self, value: str) -> None:
        super().__init__()
        self.value = value

    def __missing__(self, key: str) -> str:
        return self.value


def test_every_text_fits_into_one_message_with_the_longest_fields() -> None:
    for name in (path.stem for path in (ROOT / "content").glob("*.toml")):
        for text in content_of(name).get("texts", {}).values():
            assert len(text.format_map(Longest("ش" * LONGEST_FIELD))) <= TEXT_LIMIT
    for entry in ENTRIES:
        assert all(len(page) + 400 <= TEXT_LIMIT for page in (entry.answer, *entry.more)), entry.id


TOPICS = {
    "contact": "hours address phone email postal_code social complaints survey tracking",
    "plan": "overview policies content_policies",
    "program": (
        "flag century shahryar sadra strong_citizen neighbourhood_walk public_meeting clean_iran contests "
        "joy_stations culture_weeks empathy tourism city_symbols history murals social_services public_spaces "
        "online_content occasions"
    ),
    "vision": "overview economy infrastructure management security transport environment architecture culture",
    "service": "help privacy subscribe emergency human",
}
TOPIC_IDS = [f"{area}.{name}" for area, names in TOPICS.items() for name in names.split()]
BY_ID = {entry.id: entry for entry in ENTRIES}
ADDRESS = ("بزرگراه محلاتی", "نبرد جنوبی", "بعد از چهارراه زمزم")
FACTS = {
    "contact.hours": ("شنبه تا سه‌شنبه: ۸ تا ۱۶:۳۰", "چهارشنبه: ۸ تا ۱۵:۳۰", "پنجشنبه", "جمعه", "تعطیل رسمی"),
    "contact.address": ADDRESS,
    "contact.phone": ("۹۶۰۴۰۹۰۰", "۹۶۰۴۰۰۰۰", "شماره دیگر: **۹۶۰۱۰۲۲**"),
    "contact.email": ("Info.region14@tehran.ir",),
    "contact.postal_code": ("۱۷۷۷۶۸۳۱۹۳",),
    "contact.social": ("https://instagram.com/tehranregion14", "https://aparat.com/region14"),
    "contact.complaints": ("۱۳۷", "۱۸۸۸", "۹۶۰۴۰۹۰۰", "Info.region14@tehran.ir", *ADDRESS),
    "service.emergency": ("۱۲۵", "۱۱۵", "۱۱۰", "۱۳۷", "۱۸۸۸"),
    "service.human": ("۹۶۰۴۰۹۰۰",),
    "vision.overview": ("شورای اسلامی شهر تهران", "هشت محور"),
}
NUMBERS = {"96040900", "96040000", "9601022", "1777683193"}


def test_there_are_the_46_topics_that_must_be_known() -> None:
    assert len(set(TOPIC_IDS)) == 46
    assert [topic for topic in TOPIC_IDS if topic not in BY_ID or BY_ID[topic].kind != "topic"] == []


@pytest.mark.parametrize("topic", FACTS)
def test_facts_are_exact(topic: str) -> None:
    assert [fact for fact in FACTS[topic] if fact not in BY_ID[topic].answer] == []


def test_no_long_number_is_one_that_nobody_gave() -> None:
    latin = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")
    found = {number for _, text in SHOWN for number in re.findall(r"\d{7,}", text.translate(latin))}

    assert found <= NUMBERS


@pytest.mark.parametrize("area", ["plan", "program"])
def test_every_answer_about_the_plan_says_the_year_of_the_plan(area: str) -> None:
    found = [entry for entry in ENTRIES if entry.id.startswith(f"{area}.")]

    assert [entry.id for entry in found if "۱۴۰۰" not in entry.answer] == []


def test_every_answer_about_the_vision_says_that_its_year_has_passed() -> None:
    found = [entry for entry in ENTRIES if entry.id.startswith("vision.")]

    assert len(found) >= 9
    assert [e.id for e in found if "۱۴۰۴" not in e.answer or not re.search(r"گذشته|گذشت", e.answer)] == []


def test_every_answer_stands_on_the_menu_or_is_no_topic(loaded: Loaded) -> None:
    doors = {
        door.to
        for screen in loaded.library.screens
        for row in loaded.library.screens[screen].rows
        for door in row
        if door.kind == "topic"
    }

    assert set(TOPIC_IDS) <= doors


def test_the_marks_of_all_answers_are_closed() -> None:
    for where, text in SHOWN:
        assert "**" not in markup.plain(markup.spans(text)), where
        assert "](" not in markup.plain(markup.spans(text)), where
