"""How a message looks before any platform has seen it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import markup, outbox
from bot.markup import Span, Spans, plain
from bot.outbox import TEXT_LIMIT, Button, Keyboard, alert, bodies, split
from bot.store.files import File

MENU = Keyboard(inline=[[Button("منو", "menu:open:home")]])
PHOTO = File(1, "a", "web", 1, "photo", None, None, None, None, None, None, None, None, 1, None, 0, 0)
TEXTS = st.lists(
    st.tuples(st.sampled_from(["", "b"]), st.text(alphabet="ab\n", min_size=1, max_size=3 * TEXT_LIMIT)), min_size=1
).map(lambda parts: tuple(Span(*part) for part in parts))


def read(body: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(body)
    return found


def test_a_message_is_one_body_with_its_text_and_keyboard() -> None:
    (body,) = bodies(markup.spans("سلام **سارا**"), MENU)

    assert read(body) == {"text": [["", "سلام "], ["b", "سارا"]], "inline": [[{"t": "منو", "d": "menu:open:home"}]]}


def test_a_body_is_ascii_so_that_every_database_takes_it() -> None:
    assert bodies(markup.spans("سلام 🌷"))[0].isascii()


@pytest.mark.parametrize(
    ("keyboard", "shown"),
    [
        (outbox.NO_KEYBOARD, {}),
        (Keyboard(remove=True), {"remove": True}),
        (Keyboard(reply=[["الف", "ب"]]), {"reply": [["الف", "ب"]]}),
        (Keyboard(place="جای من", reply=[["بعد"]]), {"reply": [["بعد"]], "place": "جای من"}),
        (Keyboard(inline=[[Button("نقشه", url="https://a.b")]]), {"inline": [[{"t": "نقشه", "u": "https://a.b"}]]}),
    ],
)
def test_a_keyboard_is_kept_with_what_it_has(keyboard: Keyboard, shown: dict[str, Any]) -> None:
    assert keyboard.to_json() == shown


def test_the_keyboard_stands_under_the_last_part_of_a_long_message() -> None:
    first, second = (read(body) for body in bodies(markup.spans("خط\n" * 2000), MENU))

    assert "inline" not in first
    assert "inline" in second


def test_a_long_text_is_cut_at_the_end_of_a_line() -> None:
    pieces = list(split(markup.spans("واژه واژه\n" * 1000)))

    assert all(plain(piece).endswith("\n") for piece in pieces)


@given(TEXTS)
def test_no_part_is_too_long_and_together_they_are_the_whole(text: Spans) -> None:
    pieces = list(split(text))

    assert "".join(plain(piece) for piece in pieces) == plain(text)
    assert all(0 < len(plain(piece)) <= TEXT_LIMIT for piece in pieces)


def test_a_button_that_no_messenger_would_carry_is_refused_without_its_words() -> None:
    with pytest.raises(ValueError, match=r"longer than 64 bytes: ask$"):
        Button("x", "ask:show:" + "ش" * 40)


def test_a_word_for_who_pressed_is_cut_where_no_messenger_would_take_more() -> None:
    word = read(alert("واژه " * 100, stays=True))

    assert (len(word["alert"]), word["alert"][-1], word["stays"]) == (200, "…", True)


def test_the_text_of_a_named_message_never_stands_under_a_file() -> None:
    file, text = (read(body) for body in outbox.named_bodies(markup.spans("کارت"), files=[PHOTO]))

    assert (file["files"], file["text"], text["text"]) == (["a"], [], [["", "کارت"]])


def test_an_acknowledgement_has_a_short_word_or_none() -> None:
    assert read(alert("")) == {"alert": ""}
    assert read(alert("قدیمی")) == {"alert": "قدیمی"}
