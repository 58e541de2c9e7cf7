"""Content: every word that is said is there, nothing there is unsaid, facts are exact, and it is well typed."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from bot import knowledge, markup
from bot.loading import ROOT, Loaded
from bot.outbox import TEXT_LIMIT

LABEL_LIMIT = 30
LONGEST_FIELD = 128
"""No field is longer than a name."""

# Which table of the content a call takes its key from, and which of its arguments are not fields.
CALLS = {
    "say": ("texts", {"keyboard"}),
    "alert": ("texts", set[str]()),
    "button": ("buttons", {"action", "argument"}),
    "chose": ("buttons", set[str]()),
    "text": ("texts", set[str]()),
    "CitizenError": ("errors", set[str]()),
}


@dataclass(frozen=True)
class Said:
    """One place where something is said: patterns of the keys it may be, and the fields it gives."""

    talk: str
    table: str
    keys: tuple[str, ...]
    fields: frozenset[str]
    where: str


def content_of(name: str, root: Path = ROOT) -> dict[str, Any]:
    return tomllib.loads((root / "content" / f"{name}.toml").read_text(encoding="utf-8"))


def patterns(node: ast.expr, names: dict[str, ast.expr]) -> tuple[str, ...]:
    """The keys an expression may be, as regular expressions."""
    if isinstance(node, ast.Constant):
        return (re.escape(str(node.value)),)
    if isinstance(node, ast.IfExp):
        return (*patterns(node.body, names), *patterns(node.orelse, names))
    if isinstance(node, ast.JoinedStr):
        parts = (re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"\w+" for p in node.values)
        return ("".join(parts),)
    return patterns(names[node.id], names) if isinstance(node, ast.Name) and node.id in names else ()


def said_in(file: Path, talk: str) -> Iterator[Said]:
    """Everything a module says."""
    for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        names = {
            target.id: node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and node.args:
                said = said_by(node, names, talk)
                if said is not None:
                    yield said


def said_by(call: ast.Call, names: dict[str, ast.expr], talk: str) -> Said | None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    where = f"{talk}.py:{call.lineno}"
    if name == "link":
        owner, key = (str(ast.literal_eval(argument)) for argument in call.args[:2])
        return Said(owner, "buttons", (re.escape(key),), frozenset(), where)
    if name not in CALLS or (isinstance(call.func, ast.Attribute) and is_registration(call.func)):
        return None
    table, others = CALLS[name]
    fields = frozenset(str(keyword.arg) for keyword in call.keywords) - others
    return Said(talk, table, patterns(call.args[0], names), fields, where)


def is_registration(function: ast.Attribute) -> bool:
    """`talk.button("open")` names an action, not a label."""
    return isinstance(function.value, ast.Name) and function.value.id == "talk"


def services_of(handler: Path) -> list[Path]:
    """The services a handler imports: what they refuse is said in the handler's words."""
    tree = ast.parse(handler.read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "bot.services"]
    return [ROOT / "bot" / "services" / f"{alias.name}.py" for node in found for alias in node.names]


def all_said(root: Path) -> list[Said]:
    found: list[Said] = []
    for handler in sorted((root / "handlers").glob("*.py")):
        found += said_in(handler, handler.stem)
        for service in services_of(handler):
            found += said_in(service, handler.stem)
    return found


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def faults_of_words(root: Path) -> list[str]:
    """Where code and content disagree on what is said."""
    faults = []
    heard: set[tuple[str, str, str]] = set()
    for said in all_said(root):
        table = content_of(said.talk, root).get(said.table, {})
        keys = [key for key in table if any(re.fullmatch(pattern, key) for pattern in said.keys)]
        heard |= {(said.talk, said.table, key) for key in keys}
        if any(not any(re.fullmatch(pattern, key) for key in table) for pattern in said.keys) or not said.keys:
            faults.append(f"{said.where}: {said.table} has no {said.keys}")
        wanted = set().union(*(fields_of(table[key]) for key in keys)) if keys else set()
        if wanted != said.fields:
            faults.append(f"{said.where}: {keys} has the fields {wanted}, given are {set(said.fields)}")
    for handler in sorted((root / "handlers").glob("[!_]*.py")):
        words = content_of(handler.stem, root)
        for table in ("texts", "buttons", "errors"):
            unsaid = [key for key in words.get(table, {}) if (handler.stem, table, key) not in heard]
            faults += [f"content/{handler.stem}.toml: {table}.{key}: nobody says it" for key in unsaid]
    return faults


def test_what_conversations_say_is_in_their_content_and_nothing_else_is() -> None:
    assert len(all_said(ROOT)) > 25
    assert faults_of_words(ROOT) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("content/privacy.toml", "{messages}", "{count}", "has the fields"),
        ("content/menu.toml", "stale =", "old =", "has no"),
        ("content/menu.toml", "[texts]", '[texts]\nextra = "x"', "texts.extra: nobody says it"),
        ("handlers/ask.py", '"did_you_mean"', '"do_you_mean"', "has no"),
    ],
)
def test_the_check_sees_what_is_renamed(tmp_path: Path, file: str, old: str, new: str, fault: str) -> None:
    for folder in ("handlers", "content"):
        (tmp_path / folder).mkdir()
        for path in (ROOT / folder).glob("*.*"):
            text = path.read_text(encoding="utf-8")
            changed = text.replace(old, new) if f"{folder}/{path.name}" == file else text
            (tmp_path / folder / path.name).write_text(changed, encoding="utf-8")

    assert any(fault in found for found in faults_of_words(tmp_path))


def test_what_operators_are_told_is_in_its_content_and_nothing_else_is() -> None:
    given: dict[str, set[str]] = {}
    for name in ("alarms", "inbox", "delivery", "switchboard", "app"):
        for node in ast.walk(ast.parse((ROOT / "bot" / f"{name}.py").read_text(encoding="utf-8"))):
            for key, fields in told_by(node):
                given.setdefault(key, set()).update(fields)

    assert {key: fields_of(text) for key, text in content_of("alarms")["texts"].items()} == given


def told_by(node: ast.AST) -> Iterator[tuple[str, set[str]]]:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    keys = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    fields = {str(keyword.arg) for keyword in node.keywords}
    if node.func.attr == "begin":
        yield from ((f"{key}{end}", {"subject"}) for key in keys for end in ("", "_over"))
    elif node.func.attr in {"write", "text"}:
        yield from ((key, fields) for key in keys)


def test_the_page_says_every_word_of_its_content_and_only_those() -> None:
    words = content_of("page")["texts"]
    sources = [*(ROOT / "web").rglob("*.py"), *(ROOT / "web").rglob("*.html"), *(ROOT / "web").rglob("*.js")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)

    assert [key for key in words if not re.search(rf"\b{key.removeprefix('error_')}\b", code)] == []
    assert [key for key in re.findall(r"\bwords\.(\w+)", code) if key not in words and key != "error_"] == []


# -- how it is typed

ENTRIES, FAULTS = knowledge.load(ROOT / "content")


def strings(value: object, where: str) -> Iterator[tuple[str, str]]:
    """Every text that is shown, with where it stands. How people ask is theirs, not ours."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in {"phrasings", "keywords", "words", "id", "source", "week", "related", "computed"}:
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
    "a half-space that is doubled, or at the edge of a word": r"\u200c\u200c|\u200c(?![\u0621-\u06cc])|(?<![\u0621-\u06cc])\u200c",
    "an invisible sign": r"[\u200b\u200e\u200f\u00ad\ufeff\u202a-\u202e\u0640]",
    "a straight quotation mark": r"[\"']",
    "a Latin sign among Persian words": r"[\u0621-\u06cc]\s*[,;?%]",
    "spaces doubled or before a sign": r"[^\s]  |[\u0621-\u06cc] [،؛؟!:.»]|« | »",
    "three dots for an ellipsis": r"\.\.\.",
    "a half-space where words are written apart": r"[\u0621-\u06cc] (?:ها|های|هایی|ترین)(?![\u0621-\u06cc\u200c])",
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


# -- what must be known

TOPICS = {
    "contact": "hours address phone email postal_code social complaints survey tracking",
    "plan": "overview policies content_policies",
    "program": (
        "flag century shahryar sadra strong_citizen neighbourhood_walk public_meeting clean_iran contests joy_stations "
        "culture_weeks empathy tourism city_symbols history murals social_services public_spaces online_content occasions"
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
    "contact.phone": ("۹۶۰۴۰۹۰۰", "۹۶۰۴۰۰۰۰", "شماره دیگر: ۹۶۰۱۰۲۲"),
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
