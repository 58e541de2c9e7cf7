"""Ready answers of staff: those that fit, and good Persian with a name and without one."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.errors import Faults
from bot.loading import Loaded
from bot.outbox import TEXT_LIMIT
from bot.services import replies
from bot.services.replies import STATES, Replies, Reply

VALUES: Mapping[str, str] = {
    "name": "سارا",
    "code": "۱۲۳ ۴۵۶ ۷۸۲",
    "category": "چراغ و روشنایی",
    "unit": "میز روشنایی",
    "date": "سه‌شنبه ۳ آذر",
}


@pytest.fixture(scope="module")
def ready(loaded: Loaded) -> Replies:
    return loaded.library.replies


def test_every_category_has_a_ready_answer_for_every_state(loaded: Loaded, ready: Replies) -> None:
    bare = [(category, state) for category in loaded.library.categories.all for state in STATES]

    assert [pair for pair in bare if not ready.of(*pair)] == []


def test_what_is_written_for_the_category_comes_first(ready: Replies) -> None:
    assert [reply.id for reply in ready.of("lights", "fixed")] == ["fixed_lights", "fixed"]
    assert [reply.id for reply in ready.of("noise", "fixed")] == ["fixed"]


def test_no_more_are_offered_than_wanted(ready: Replies) -> None:
    assert len(ready.of("noise", "asked", most=2)) == 2
    assert ready.of("noise", "fixed", most=0) == []


def test_what_cannot_be_filled_is_not_offered(ready: Replies) -> None:
    offered = ready.of("pavement", "planned", known=("name", "code", "category"))

    assert offered == []
    assert [reply.id for reply in ready.of("pavement", "planned", known=("date", "category"))] == [
        "planned_asphalt",
        "planned",
    ]


@pytest.mark.parametrize("name", ["سارا", ""])
def test_every_text_reads_well_with_a_name_and_without(ready: Replies, name: str) -> None:
    for reply in ready.all:
        text = reply.fill({**VALUES, "name": name})
        assert text.startswith("سلام سارا،" if name else "سلام،"), reply.id
        assert not re.search(r"[{}]|  | [،.:؛!]|،،|^[،.]", text, re.MULTILINE), reply.id
        assert len(text) < TEXT_LIMIT / 4, reply.id


@pytest.mark.parametrize("name", ["", " ", "\u200c \n"])
def test_a_name_of_nothing_is_no_name(name: str) -> None:
    assert Reply("x", "x", ("fixed",), "سلام {name}، درست شد.").fill({"name": name.strip("\u200c")}) == "سلام، درست شد."


def test_a_name_may_be_missing_and_nothing_else() -> None:
    reply = Reply("x", "x", ("fixed",), "ممنون از شما {name}. تا {date} درست می‌شود.")

    assert reply.fill({"date": "فردا"}) == "ممنون از شما. تا فردا درست می‌شود."
    assert reply.needs == {"date"}
    with pytest.raises(LookupError, match="x needs date"):
        reply.fill({"name": "سارا", "date": " "})


def test_what_a_citizen_is_called_is_only_text() -> None:
    filled = Reply("x", "x", ("fixed",), "سلام {name}، {code}").fill({"name": "{code}\n**{0}**", "code": "۱"})

    assert filled == "سلام {code} **{0}**، ۱"


# -- the file

GOOD = '[[reply]]\nid = "good"\ntitle = "خوب"\nstates = ["fixed"]\ntext = "سلام {name}، درست شد."\n'


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ('id = "good"\n', "", "reply 1.id", "is missing"),
        ('id = "good"', 'id = "G d"', "reply.G d.id", "small Latin letters"),
        ('"خوب"', f'"{"خ" * 31}"', "reply.good.title", "longer than 30"),
        ('"خوب"', '" "', "reply.good.title", "must not be empty"),
        ('"خوب"', '"كار"', "reply.good.title", "Arabic letter"),
        ('["fixed"]', '["mended"]', "reply.good.states", "mended is none of"),
        ('["fixed"]', "[]", "reply.good.states", "must not be empty"),
        ('["fixed"]', '"fixed"', "reply.good.states", "must be list"),
        ("text =", 'categories = ["moon"]\ntext =', "reply.good.categories", "moon is no category"),
        ("{name}،", "{nam}،", "reply.good.text", "{nam} is none of"),
        ("{name}،", "{name!r}،", "reply.good.text", "none of"),
        ("{name}،", "{0}،", "reply.good.text", "{0} is none of"),
        ("{name}،", "{name،", "reply.good.text", "brace"),
        ("سلام {name}، ", "{name} عزیز، ", "reply.good.text", "after a word and before a mark"),
        ("سلام {name}، ", "سلام {name} ", "reply.good.text", "after a word and before a mark"),
        ("سلام {name}", "سلام آقای {name}", "reply.good.text", "must not follow a title"),
        ("[[reply]]", "[[answer]]", "answer", "is none of reply"),
        ('id = "good"', 'colour = "red"\nid = "good"', "reply.good.colour", "is not a key"),
        ("[[reply]]", "[[reply]", "-", "cannot be read"),
    ],
)
def test_a_wrong_answer_is_refused_with_key_and_reason(
    tmp_path: Path, old: str, new: str, key: str, reason: str
) -> None:
    (tmp_path / "replies.toml").write_text(GOOD.replace(old, new), encoding="utf-8")

    with pytest.raises(Faults) as refused:
        replies.load(tmp_path, ["lights"])

    ((file, where, why),) = refused.value.faults
    assert (file, where) == ("content/replies.toml", key)
    assert reason in why


def test_no_id_is_used_twice(tmp_path: Path) -> None:
    (tmp_path / "replies.toml").write_text(GOOD + GOOD, encoding="utf-8")

    with pytest.raises(Faults, match=r"reply\.good\.id: is used twice"):
        replies.load(tmp_path, [])
