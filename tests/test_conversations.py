"""Conversations find each other by name alone; the price, silent mistakes, is paid here."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from bot import content
from bot.content import Wording, key_of
from bot.errors import Faults
from bot.flow import Conversation, Talks, Turn, data
from bot.loading import ROOT, find_talks
from tests.test_content import faults_of_words

FOUND = find_talks()
NAMES = [talk.name for talk, _ in FOUND]


def nothing(_turn: Turn) -> None:
    """A step."""


def talk(name: str, *commands: str, last: bool = False) -> Conversation:
    made = Conversation(name)
    made.command(*commands)(nothing)
    if last:
        made.otherwise(nothing)
        made.stale(nothing)
        made.nameless(nothing)
    return made


def refused(*found: tuple[Conversation, Wording]) -> list[tuple[str, str]]:
    with pytest.raises(Faults) as error:
        Talks(found)
    return [(file, key) for file, key, _ in error.value.faults]


def test_every_handler_is_a_conversation_of_its_name_with_content_and_a_test() -> None:
    for name in NAMES:
        assert (ROOT / "content" / f"{name}.toml").exists(), name
        assert (ROOT / "tests" / "handlers" / f"test_{name}.py").exists(), name
    assert sorted(file.stem for file in (ROOT / "handlers").glob("[!_]*.py")) == NAMES


def test_every_command_belongs_to_one_conversation() -> None:
    commands = Counter(command for talk, _ in FOUND for command in talk.commands)

    assert [command for command, count in commands.items() if count > 1] == []
    assert {"start", "help", "menu", "cancel", "mydata", "deleteme"} <= commands.keys()


@pytest.mark.parametrize("of_staff", [False, True])
def test_every_word_belongs_to_one_command(of_staff: bool) -> None:
    """Staff's words are apart: where one is everybody's too, it is theirs only at the beginning of a message."""
    found = [words.words for talk, words in FOUND if bool(talk.role) == of_staff]
    words = Counter(key_of(word) for spoken in found for spellings in spoken.values() for word in spellings)

    assert [word for word, count in words.items() if count > 1] == []
    assert words
    assert "" not in words


def test_every_button_leads_to_the_conversation_it_names() -> None:
    talks = Talks(FOUND)

    for found, _ in FOUND:
        assert ":" not in found.name
        assert not any(":" in action for action in found.desk_buttons)
        for action in found.buttons:
            assert ":" not in action
            assert talks.knows(data(found.name, action))
    assert not talks.knows("nobody:open")
    assert not talks.knows("menu:nothing")


def test_every_step_can_be_found_again_under_its_stored_name() -> None:
    for found, _ in FOUND:
        for name, step in found.steps.items():
            assert name == step.__name__
            assert len(f"{found.name}.{name}") <= 80


def test_a_command_that_is_taken_stops_the_start() -> None:
    clash = refused((talk("a", "go", last=True), Wording("a")), (talk("b", "go"), Wording("b")))

    assert clash == [("handlers/b.py", "go")]


def test_a_command_of_desks_that_is_taken_stops_the_start() -> None:
    first, second = talk("a", last=True), talk("b")
    first.desk_command("go")(nothing)
    second.desk_command("go")(nothing)

    assert refused((first, Wording("a")), (second, Wording("b"))) == [("handlers/b.py", "go")]


def test_a_word_that_is_taken_stops_the_start() -> None:
    first = (talk("a", "go", last=True), Wording("a", words={"go": ("برو",)}))

    assert refused(first, (talk("b", "come"), Wording("b", words={"come": ("برو!",)}))) == [
        ("content/b.toml", "words.come")
    ]


def test_words_for_a_command_that_does_not_exist_stop_the_start() -> None:
    assert refused((talk("a", "go", last=True), Wording("a", words={"gone": ("رفت",)}))) == [
        ("content/a.toml", "words.gone")
    ]


def test_one_conversation_and_only_one_takes_what_reaches_nothing_else() -> None:
    nobody = refused((talk("a", "go"), Wording("a")))
    both = refused((talk("a", "go", last=True), Wording("a")), (talk("b", last=True), Wording("b")))

    assert nobody == both == [("handlers/", kind) for kind in ("otherwise", "stale", "nameless")]


OFFICE = '''"""Where is the nearest office?

/office -> asks for the neighbourhood --text--> address, end
                                      --unknown--> asked again
"""

from bot.flow import CitizenError, Conversation, Turn

talk = Conversation("office")


@talk.command("office")
def ask(turn: Turn) -> None:
    turn.say("ask")
    turn.go(find)


@talk.step
def find(turn: Turn) -> None:
    if turn.text != "دولاب":
        raise CitizenError("unknown", name=turn.text)
    turn.say("address", name=turn.text)
    turn.end()
'''
WORDS = """
[texts]
ask = "کدام محله؟"
address = "دفتر {name} همین‌جاست."
[errors]
unknown = "{name} را نمی‌شناسم."
[words]
office = ["نزدیک‌ترین دفتر"]
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The tree with one conversation more: three new files, no edit."""
    for folder in ("handlers", "content", "tests/handlers"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "handlers" / "office.py").write_text(OFFICE, encoding="utf-8")
    (tmp_path / "content" / "office.toml").write_text(WORDS, encoding="utf-8")
    (tmp_path / "tests" / "handlers" / "test_office.py").write_text("", encoding="utf-8")
    return tmp_path


def test_adding_a_conversation_is_three_new_files_and_no_edit(copy: Path) -> None:
    found = find_talks(copy)
    talks = Talks(found)

    assert sorted([*NAMES, "office"]) == [talk.name for talk, _ in found]
    assert talks.command("office")[0] == "office"
    assert faults_of_words(copy) == []
    assert [talk.name for talk, _ in find_talks()] == NAMES


@pytest.mark.parametrize(
    ("file", "text", "key"),
    [
        ("handlers/office.py", "talk = None", "talk"),
        ("handlers/office.py", 'from bot.flow import Conversation\ntalk = Conversation("shop")', "talk"),
        ("content/office.toml", "[texts", "-"),
        ("content/office.toml", '[texts]\nask = ""', "texts.ask"),
        ("content/office.toml", '[texts]\nask = "{name"', "texts.ask"),
        ("content/office.toml", '[texts]\nask = "{name.x}"', "texts.ask"),
        ("content/office.toml", '[texts]\nask = "كجا؟"', "texts.ask"),
        ("content/office.toml", '[text]\nask = "کجا؟"', "text"),
        ("content/office.toml", "texts = 1", "texts"),
        ("content/office.toml", "[buttons]\ngo = '" + "ب" * 31 + "'", "buttons.go"),
        ("content/office.toml", '[words]\noffice = "دفتر"', "words.office"),
    ],
)
def test_a_faulty_conversation_stops_the_start_with_its_file_and_key(
    copy: Path, file: str, text: str, key: str
) -> None:
    (copy / file).write_text(text, encoding="utf-8")

    with pytest.raises(Faults) as error:
        find_talks(copy)
    assert [fault[:2] for fault in error.value.faults] == [(file, key)]


def test_a_conversation_without_words_stops_the_start(copy: Path) -> None:
    (copy / "content" / "office.toml").unlink()

    with pytest.raises(Faults, match=r"content/office.toml: -: is missing"):
        find_talks(copy)


def test_the_words_of_a_conversation_are_read_as_they_are_written() -> None:
    words = content.load("menu")

    assert words.button("home") == "🏠 منوی اصلی"
    assert key_of("  «منوي اصلی»! ") == key_of("🏠 منوی‌اصلی")
