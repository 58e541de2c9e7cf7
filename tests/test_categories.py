"""Categories: found in what people write, complete for the conversation, refused where the file is wrong."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import markup
from bot.errors import Faults
from bot.loading import ROOT, Loaded
from bot.services import categories
from bot.services.categories import KINDS, OTHER, Categories
from bot.services.geo import REACH

FOUND = Path(__file__).parent / "categories_found.txt"
NONE = "-"
DATA_LIMIT = 64
"""Bytes of the data of a button."""


def messages() -> list[tuple[str, str]]:
    """(message, category) of the file."""
    lines = FOUND.read_text(encoding="utf-8").splitlines()
    return [(said, wanted) for said, _, wanted in (line.partition("\t") for line in lines if not line.startswith("#"))]


@pytest.fixture(scope="module")
def known(loaded: Loaded) -> Categories:
    return loaded.library.categories


def found(known: Categories, text: str) -> list[str]:
    return [category.id for category in known.find(text)]


# -- found by typing


def test_what_people_write_finds_its_category(known: Categories, note_figures: Callable[[str], None]) -> None:
    told = [(said, wanted) for said, wanted in messages() if wanted != NONE]
    first = sum(found(known, said)[:1] == [wanted] for said, wanted in told)
    three = sum(wanted in found(known, said) for said, wanted in told)

    note_figures(f"categories: {first / len(told):.1%} first, {three / len(told):.1%} among three, of {len(told)}")
    assert len(told) >= 200
    assert {wanted for _, wanted in told} == set(known.all) - {OTHER}
    assert first / len(told) >= 0.85
    assert three / len(told) >= 0.95


def test_what_names_no_subject_finds_none(known: Categories) -> None:
    silent = [said for said, wanted in messages() if wanted == NONE]

    assert len(silent) >= 30
    assert [said for said in silent if found(known, said)] == []


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("چراق کوچه", "lights"),
        ("چراغ‌هامون", "lights"),
        ("چراغ راهنما", "traffic"),
        ("چراغ سر چهارراه", "traffic"),
        ("پیاده‌رو", "pavement"),
        ("پياده روي", "pavement"),
        ("پیادهرو", "pavement"),
        ("دست‌فروشان", "vendors"),
        ("سروصدا", "noise"),
        ("سر و صداها", "noise"),
        ("آساانسور پل", "access"),
        ("ashghal", "waste"),
        ("cheragh", "lights"),
        ("derakhtha", "green"),
        ("فرهنگسزا", "culture"),
    ],
)
def test_spelling_endings_and_slips_do_not_matter(known: Categories, said: str, first: str) -> None:
    assert found(known, said)[:1] == [first]


@pytest.mark.parametrize(
    "said",
    [
        "",
        "فرزند",
        "فرزانه",
        "ناشناس",
        "اجرای طرح",
        "این همه",
        "salam",
        "mishe?",
        "جواب",
        "سر و",
        "👍",
        "۱۲۵",
        "محله آهنگ",
    ],
)
def test_words_that_are_only_like_ours_find_nothing(known: Categories, said: str) -> None:
    assert found(known, said) == []


def test_no_more_are_found_than_wanted_and_other_is_never(known: Categories) -> None:
    said = "چراغ و زباله و درخت و سگ و پارک"

    assert len(known.find(said)) == 3
    assert len(known.find(said, most=1)) == 1
    assert OTHER not in [category.id for category in known.find("سایر " + said, most=20)]


def test_a_message_takes_less_than_a_millisecond(known: Categories) -> None:
    told = [said for said, _ in messages()]
    known.find("")
    times = []
    for _ in range(3):
        start = time.perf_counter()
        for said in told:
            known.find(said)
        times.append((time.perf_counter() - start) / len(told))

    assert min(times) < 0.001


@pytest.mark.parametrize("piece", ["چراغ ", "آ", "salam ", "پیاده رو ", "😀", "ی ها ", "aaaa", "ashghal"])
def test_hostile_messages_are_bounded(known: Categories, piece: str) -> None:
    start = time.perf_counter()
    known.find(piece * 2000)

    assert time.perf_counter() - start < 0.2


@given(text=st.text(max_size=200))
def test_nothing_that_is_written_breaks_the_finding(loaded: Loaded, text: str) -> None:
    assert len(loaded.library.categories.find(text)) <= 3


# -- the content


def test_there_are_at_most_twenty_and_other_comes_last(known: Categories) -> None:
    assert 10 <= len(known.all) <= 20
    assert list(known.all)[-1] == OTHER
    assert [category.id for group in known.groups for category in group.categories] == list(known.all)
    assert known.groups[-1].categories == (known.all[OTHER],)


def test_what_nobody_has_confirmed_is_marked(loaded: Loaded) -> None:
    known = loaded.library.categories

    assert all(category.sample for category in known.all.values())
    assert all(kind.sample for kind in known.kinds.values() if kind.days is not None)
    assert {"categories.lights", "kinds.thanks"} <= set(loaded.samples)


def test_every_danger_has_its_number(known: Categories) -> None:
    numbers = {"fire": "۱۲۵", "medical": "۱۱۵", "police": "۱۱۰", "gas": "۱۹۴", "water": "۱۲۲", "power": "۱۲۱"}

    assert set(known.emergencies) == set(numbers)
    for name, number in numbers.items():
        text = known.emergencies[name].text
        assert number in text.splitlines()[0]
        assert "کمک فرستاده نمی‌شود" in text
        # By itself in bold, so that the page makes it a link to be called.
        assert number in [span.text for span in markup.spans(text) if span.style == "b"]


@pytest.mark.parametrize(
    ("category", "question", "option", "emergency"),
    [
        ("lights", "what", "wire", "power"),
        ("green", "what", "wire", "power"),
        ("green", "what", "falling", "fire"),
        ("pavement", "danger", "deep", "fire"),
        ("pavement", "danger", "gas", "gas"),
        ("drains", "where", "house", "fire"),
        ("drains", "where", "pipe", "water"),
        ("social", "danger", "threat", "police"),
        ("animals", "what", "bitten", "medical"),
    ],
)
def test_an_answer_that_tells_of_danger_names_who_helps(
    known: Categories, category: str, question: str, option: str, emergency: str
) -> None:
    asked = next(one for one in known.all[category].questions if one.id == question)

    assert next(one for one in asked.options if one.id == option).emergency == emergency


def test_each_question_can_be_passed_over_or_fits_everybody(known: Categories) -> None:
    """Somebody who does not know, or whose case is another, finds a button that is true."""
    for category in known.all.values():
        for question in category.questions:
            ids = {option.id for option in question.options}
            assert ids & {"unknown", "else"}, (category.id, question.id)
            assert not next(option for option in question.options if option.id in {"unknown", "else"}).emergency


def test_what_buttons_carry_fits_into_their_data(known: Categories) -> None:
    for category in known.all.values():
        for question in category.questions:
            for option in question.options:
                assert len(f"report:answer:{category.id}.{question.id}.{option.id}".encode()) <= DATA_LIMIT


def test_open_cases_near_by_can_be_found_by_the_grid(known: Categories) -> None:
    assert all(0 <= category.radius <= REACH for category in known.all.values())
    assert all(category.needs_place for category in known.all.values() if category.radius)


def test_the_kinds_are_four_and_only_a_complaint_is_asked_whether_it_is_mended(known: Categories) -> None:
    assert tuple(known.kinds) == KINDS
    assert [kind.id for kind in known.kinds.values() if kind.asks_verdict] == ["complaint"]
    assert known.kinds["complaint"].days is None


# -- the file

SILENT = '[[category]]\nid = "x"\ntitle = "x"\ngroup = "clean"\ndays = 1\nradius = 0\nneeds_place = true\n'
WHOLE = (ROOT / "content" / "categories.toml").read_text(encoding="utf-8")


def faults_of(folder: Path, text: str) -> list[tuple[str, str, str]]:
    (folder / "categories.toml").write_text(text, encoding="utf-8")
    try:
        categories.load(folder)
    except Faults as error:
        return error.faults
    return []


def test_the_file_is_sound_as_it_ships(tmp_path: Path) -> None:
    assert faults_of(tmp_path, WHOLE) == []


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ('id = "lights"', 'id = "The Lights"', "category.The Lights.id", "small Latin letters"),
        ('id = "lights"', 'id = "pavement"', "category.pavement.id", "is used twice"),
        ('title = "چراغ و روشنایی"', "title = 3", "category.lights.title", "must be str"),
        ('title = "چراغ و روشنایی"', f'title = "{"چ" * 31}"', "category.lights.title", "longer than 30"),
        ('title = "چراغ و روشنایی"', 'title = ""', "category.lights.title", "must not be empty"),
        ('title = "چراغ و روشنایی"\n', "", "category.lights.title", "is missing"),
        ('title = "چراغ و روشنایی"', 'title = "كوچه"', "category.lights.title", "Arabic letter"),
        ("days = 3\nradius = 60", "days = 0\nradius = 60", "category.lights.days", "from 1 to 90"),
        ("days = 3\nradius = 60", "days = true\nradius = 60", "category.lights.days", "must be int"),
        ("days = 3\nradius = 60", "days = 3\nradius = 251", "category.lights.radius", "from 0 to 250"),
        ("days = 3\nradius = 60", "days = 3\ncolour = 1\nradius = 60", "category.lights.colour", "is not a key"),
        ('notice = "برق', 'notice = " " #', "category.lights.notice", "must not be empty"),
        ('"چراغ", ', '"چراغ", "", ', "category.lights.words", "none of them empty"),
        ('"چراغ", ', '"چراغ کوچه ما باز هم", ', "category.lights.words", "of at most 4 words"),
        ('"چراغ", ', '"!", ', "category.lights.words", "of at most 4 words"),
        ('group = "clean"', 'group = "moon"', "category.waste.group", "is no group"),
        ('emergency = "power"', 'emergency = "moon"', "category.lights.what.options.wire.emergency", "no emergency"),
        ('id = "several", label = "چند', 'id = "one", label = "چند', "category.lights.what.options.one.id", "twice"),
        ('label = "چند چراغ یا همه کوچه"', "", "category.lights.what.options.several", "cannot be read"),
        ('id = "thanks"', 'id = "praise"', "kind.praise.id", "is none of"),
        ('[[kind]]\nid = "thanks"', '[[kinds]]\nid = "thanks"', "kinds", "is none of"),
        (
            '[[group]]\nid = "others"',
            '[[group]]\nid = "nobody"\ntitle = "x"\n[[group]]\nid = "others"',
            "group.nobody",
            "",
        ),
        ('id = "other"', 'id = "rest"\nwords = ["x"]', "category.other", "must be there, as the last one"),
    ],
)
def test_a_wrong_file_is_refused_with_key_and_reason(tmp_path: Path, old: str, new: str, key: str, reason: str) -> None:
    faults = faults_of(tmp_path, WHOLE.replace(old, new, 1))

    assert faults
    assert all(file == "content/categories.toml" for file, _, _ in faults)
    if reason == "cannot be read":
        assert reason in faults[0][2]
        return
    assert any(where == key and reason in why for _, where, why in faults), faults


def test_a_question_has_two_to_five_answers(tmp_path: Path) -> None:
    asked = '[[category.question]]\nid = "more"\ntext = "چه؟"\noptions = [{ id = "one", label = "یک" }]\n'
    faults = faults_of(tmp_path, WHOLE.replace('[[category]]\nid = "lights"', f'{asked}\n[[category]]\nid = "lights"'))

    assert [(where, why) for _, where, why in faults] == [("category.pavement.more.options", "must be from 2 to 5")]


def test_more_than_twenty_are_too_many(tmp_path: Path) -> None:
    more = "".join(SILENT.replace('"x"', f'"x{number}"') + 'words = ["x"]\n' for number in range(3))
    faults = faults_of(tmp_path, WHOLE + more)

    assert [(where, why) for _, where, why in faults] == [("category", "are more than 20")]


def test_a_category_that_typing_cannot_find_is_refused(tmp_path: Path) -> None:
    assert [where for _, where, _ in faults_of(tmp_path, WHOLE + SILENT)] == ["category.x.words"]


def test_a_file_that_is_not_there_is_one_fault(tmp_path: Path) -> None:
    with pytest.raises(Faults) as refused:
        categories.load(tmp_path)

    assert [(file, key) for file, key, _ in refused.value.faults] == [("content/categories.toml", "-")]
