"""Bale over HTTP: each way in which its Bot API differs from Telegram's and touches us."""

import json
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import config, markup
from bot.errors import NotEditable
from bot.incoming import Incoming
from bot.markup import Span, Spans
from bot.outbox import Button, Keyboard
from bot.platforms import Platform, bale_repairs
from bot.platforms.bale_markdown import LONGEST, render
from bot.platforms.reading import read
from tests.botapi import BaleShape, BotApi
from tests.botapi.faults import Faults
from tests.citizen import Citizen, labels
from tests.conftest import TOKEN
from tests.platforms.site import body, opened, plain, refusal

SARA = 7
JSON = dict[str, Any]
MENU = Keyboard(inline=[[Button("ساعت کار", "hours")]])


@pytest.fixture
async def platform(bale: BotApi) -> AsyncIterator[Platform]:
    bale.meet(SARA)
    async with opened(bale) as platform:
        yield platform


@pytest.fixture
def api(bale: BotApi) -> BotApi:
    """Citizens of this file are on Bale."""
    return bale


# What comes in: fields that the framework requires are absent, or null


async def heard(bale: BotApi, platform: Platform, **update: Any) -> Incoming | None:  # noqa: ANN401 - any part of it
    """What we understand of an update that comes so over HTTP."""
    bale.updates.drop_waiting()
    bale.push(update)
    (came,) = await platform.fetch(None, 0)
    found = read("bale", json.dumps(platform.repair(came)), platform.bot)
    return found if isinstance(found, Incoming) else None


async def understood(bale: BotApi, platform: Platform, **parts: Any) -> Incoming:  # noqa: ANN401 - handed on as it is
    """As `heard`, of a message of Sara's."""
    message = {"message_id": 3, "from": {"id": SARA}, "chat": {"id": SARA}} | parts
    found = await heard(bale, platform, message=message)
    assert found is not None
    assert (found.user_id, found.chat_id, found.private) == (SARA, SARA, True)
    return found


async def test_a_message_may_lack_type_date_first_name_and_is_bot(bale: BotApi, platform: Platform) -> None:
    found = await understood(bale, platform, text="سلام")

    assert (found.kind, found.text, found.name) == ("text", "سلام", None)


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("voice", {"file_id": "v", "file_unique_id": "u"}),
        ("voice", {"file_id": "v"}),
        ("voice", {"file_id": "v", "duration": None, "mime_type": None}),
        ("audio", {"file_id": "a"}),
        ("video", {"file_id": "v", "width": None, "thumbnail": {"file_id": "t"}}),
        ("animation", {"file_id": "a"}),
        ("sticker", {"file_id": "s"}),
        ("document", {"file_id": "d", "thumbnail": None}),
        ("photo", [{"file_id": "p"}, {"file_id": "q", "width": 5}, None]),
        ("contact", {"phone_number": "09120000000"}),
        ("contact", {"first_name": "سارا", "user_id": 4_294_967_295}),
        ("location", {"longitude": 51.4, "latitude": 35.6}),
        ("other", {}),
    ],
)
async def test_files_and_cards_may_lack_what_describes_them(
    bale: BotApi, platform: Platform, kind: str, part: object
) -> None:
    assert (await understood(bale, platform, **{kind: part})).kind == kind


async def test_data_of_a_mini_app_comes_without_the_label_of_its_button(bale: BotApi, platform: Platform) -> None:
    assert (await understood(bale, platform, web_app_data={"data": "{}"})).kind == "other"


async def test_null_counts_as_absent(bale: BotApi, platform: Platform) -> None:
    nulls = dict.fromkeys(
        ("date", "text", "photo", "voice", "entities", "reply_to_message", "pinned_message", "reply_markup")
    )
    person = {"id": SARA, "is_bot": None, "first_name": None, "username": None}
    chat = {"id": SARA, "type": None, "title": "", "photo": None, "pinned_message": None}

    found = await understood(bale, platform, **nulls | {"from": person, "chat": chat, "caption": "پل"})

    assert found.text == "پل"


async def test_what_is_answered_or_pinned_is_mended_too(bale: BotApi, platform: Platform) -> None:
    old = {"message_id": 1, "chat": {"id": SARA}, "from": {"id": SARA}, "voice": {"file_id": "v"}}

    found = await understood(bale, platform, text="این", reply_to_message=old | {"reply_to_message": old})

    assert found.text == "این"
    assert (await understood(bale, platform, pinned_message=old)).kind == "other"


async def test_a_forward_of_the_old_form_is_an_ordinary_message(bale: BotApi, platform: Platform) -> None:
    forward = {
        "forward_from": {"id": 9},
        "forward_from_chat": {"id": 8},
        "forward_date": 1,
        "forward_from_message_id": 2,
    }

    assert (await understood(bale, platform, text="خبر", **forward)).text == "خبر"


async def test_a_strange_entity_costs_no_message(bale: BotApi, platform: Platform) -> None:
    found = await understood(bale, platform, text="/start", entities=[{"type": "bot_command"}, None, "x"])

    assert found.command == "start"


@pytest.mark.parametrize("entities", [True, False])
async def test_a_command_is_one_with_and_without_its_entity(entities: bool) -> None:
    bale = BotApi("bale", shape=BaleShape(command_entities=entities))
    bale.say(SARA, "/start pay_14")
    async with opened(bale) as platform:
        (came,) = await platform.fetch(None, 0)
        found = read("bale", json.dumps(platform.repair(came)), platform.bot)

    assert isinstance(found, Incoming)
    assert (found.command, found.argument) == ("start", "pay_14")


async def test_the_bodies_of_2023_are_understood() -> None:
    bale = BotApi("bale", shape=BaleShape(body="2023"))
    bale.meet(SARA, first_name="سارا")
    bale.say(SARA, "سلام")
    async with opened(bale) as platform:
        (came,) = await platform.fetch(None, 0)
        found = read("bale", json.dumps(platform.repair(came)), platform.bot)

    assert isinstance(found, Incoming)
    assert (found.text, found.private, found.name) == ("سلام", True, "سارا")


@pytest.mark.parametrize(
    "message",
    [
        {"message_id": 5, "date": 1, "chat": {"id": SARA, "type": "private"}, "text": "منو"},
        {"message_id": 5, "date": 0, "chat": {"id": SARA, "type": "private"}},
        {"message_id": 5, "chat": {"id": SARA}},
        {"message_id": 5, "chat": {"id": SARA}, "reply_markup": {"keyboard": [[{"text": "x"}]]}},
        {"message_id": 5, "chat": {"id": SARA}, "reply_markup": {"inline_keyboard": [[{"copy_text": 1}]]}},
    ],
)
async def test_a_press_may_lack_chat_instance_and_most_of_its_message(
    bale: BotApi, platform: Platform, message: JSON
) -> None:
    press = {"id": "70", "from": {"id": SARA}, "data": "hours", "message": message}

    found = await heard(bale, platform, callback_query=press)

    assert found is not None
    assert found.press is not None
    assert (found.chat_id, found.private) == (SARA, True)
    assert (found.press.id, found.press.data, found.press.message_id) == ("70", "hours", 5)


async def test_a_press_may_come_without_its_message(bale: BotApi, platform: Platform) -> None:
    found = await heard(bale, platform, callback_query={"id": "70", "from": {"id": SARA}, "message": None})

    assert found is not None
    assert found.press is not None
    assert (found.chat_id, found.press.data, found.press.message_id) == (SARA, "", None)


async def test_a_chat_without_a_type_but_with_a_title_is_no_private_one(bale: BotApi, platform: Platform) -> None:
    message = {"message_id": 1, "from": {"id": SARA}, "chat": {"id": 88, "title": "میز"}, "text": "سلام"}

    found = await heard(bale, platform, message=message)

    assert found is not None
    assert not found.private


async def test_comings_and_goings_in_a_group_are_no_trouble(bale: BotApi, platform: Platform) -> None:
    message = {"message_id": 1, "from": {"id": SARA}, "chat": {"id": 88, "type": "group"}}

    for part in ({"new_chat_members": [{"id": 5}]}, {"left_chat_member": {"id": 5}}):
        assert await heard(bale, platform, message=message | part)


async def test_a_post_of_a_channel_has_no_author_and_is_not_for_us(bale: BotApi, platform: Platform) -> None:
    post = {"message_id": 1, "chat": {"id": 88, "type": "channel"}, "sender_chat": {"id": 88}, "text": "خبر"}

    assert await heard(bale, platform, message=post) is None


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
PART = st.sampled_from(
    ["from", "chat", "photo", "voice", "entities", "contact", "reply_to_message", "new_chat_members", "pinned_message"]
)


@given(
    st.dictionaries(
        st.sampled_from(["message", "callback_query", "edited_message"]), JUNK | st.dictionaries(PART, JUNK)
    )
)
def test_mending_never_fails_whatever_comes(update: JSON) -> None:
    assert isinstance(bale_repairs.update(update), dict)


# What an answer means: (try again when?, gone?, our fault?, too fast?)

Meaning = tuple[int | None, bool, bool, bool]
GONE = (None, True, False, False)
OURS = (None, False, True, False)
AGAIN = (1000, False, False, False)
OPERATORS = (30_000, False, True, False)
FLOOD = (5000, False, False, True)


@pytest.mark.parametrize(
    ("status", "said", "meaning"),
    [
        (403, "Forbidden: permission_denied", GONE),
        (404, "no such group or user", GONE),
        (400, "chat_id: must be a valid value", GONE),
        (403, "Bad Request: Token not found", OPERATORS),
        (404, "Not Found", AGAIN),
        (404, b"<html>404</html>", AGAIN),
        (403, b"<html>firewall</html>", AGAIN),
        (502, b"<html>502</html>", AGAIN),
        (500, "Internal Server Error", AGAIN),
        (429, b"local_rate_limited", FLOOD),
        (429, "bot limit exceed", FLOOD),
        (400, "bot limit exceed", FLOOD),
        (403, "Forbidden: bot limit exceed", FLOOD),
        (400, "text: cannot be blank", OURS),
    ],
)
async def test_what_an_answer_means(
    bale: BotApi, platform: Platform, status: int, said: str | bytes, meaning: Meaning
) -> None:
    bale.faults.fail_next("sendMessage", status, said)

    error = await refusal(platform.send(SARA, body("سلام")))

    assert (error.retry_ms, error.gone, error.ours, error.flood) == meaning
    assert "html" not in error.reason


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        (lambda f: f.retry_after(7), (7000, False, False, True)),
        (lambda f: f.local_rate_limited(), FLOOD),
        (lambda f: f.not_ok("sendMessage", 403, "Forbidden: permission_denied"), GONE),
        (lambda f: f.not_ok("sendMessage", 403, "Bad Request: Token not found"), OPERATORS),
        (lambda f: f.not_ok("sendMessage", 404, "no such group or user"), GONE),
        (lambda f: f.not_ok("sendMessage", 429, "bot limit exceed"), FLOOD),
        (lambda f: f.fail_next("sendMessage", 200, b'{"ok":false,"result":null}'), AGAIN),
        (lambda f: f.bad_gateway(), AGAIN),
        (lambda f: f.garbage(), AGAIN),
        (lambda f: f.cut(), AGAIN),
    ],
)
async def test_what_trouble_means(
    bale: BotApi, platform: Platform, fault: Callable[[Faults], None], meaning: Meaning
) -> None:
    fault(bale.faults)

    error = await refusal(platform.send(SARA, body("سلام")))

    assert (error.retry_ms, error.gone, error.ours, error.flood) == meaning


async def test_a_stranger_is_out_of_reach_and_no_sign_of_a_bad_token(platform: Platform) -> None:
    error = await refusal(platform.send(404, body("سلام")))

    assert (error.gone, error.ours) == (True, False)


async def test_a_wrong_token_is_our_fault_and_no_citizens(bale: BotApi) -> None:
    async with opened(bale, "1:wrong") as platform:
        sending, polling = await refusal(platform.send(SARA, body("سلام"))), await refusal(platform.fetch(None, 0))

    for error in (sending, polling):
        assert (error.gone, error.ours, error.retry_ms) == (False, True, 30_000)


@pytest.mark.parametrize("said", ["Not Found", b"<html>404</html>", "no such group or user"])
async def test_404_to_a_poll_is_a_hiccup(bale: BotApi, platform: Platform, said: str | bytes) -> None:
    bale.faults.fail_next("getUpdates", 404, said)

    error = await refusal(platform.fetch(None, 0))

    assert (error.ours, error.retry_ms or 0) <= (False, 1000)
    assert await platform.fetch(None, 0) == []


# What goes out


async def test_only_what_bale_documents_is_sent(bale: BotApi, platform: Platform) -> None:
    reply = Keyboard(reply=[["ساعت کار"]])
    for keyboard in (MENU, reply, Keyboard(place="جای من"), Keyboard(remove=True)):
        await platform.send(SARA, body("**سلام**", keyboard))
    await platform.edit(SARA, 1, body("سلام", MENU))

    *sent, edited = (call.params for call in bale.calls if call.method != "getUpdates")
    assert all(call.keys() <= {"chat_id", "text", "reply_markup"} for call in sent)
    assert edited.keys() <= {"chat_id", "message_id", "text", "reply_markup"}
    assert [seen.keyboard for seen in bale.seen(SARA)] == [
        {"inline_keyboard": [[{"text": "ساعت کار", "callback_data": "hours"}]]},
        {"keyboard": [[{"text": "ساعت کار"}]]},
        {"keyboard": [[{"text": "جای من", "request_location": True}]]},
        {"remove_keyboard": True},
    ]


async def test_nothing_is_asked_that_bale_lacks(sara: Citizen, bale: BotApi) -> None:
    *_, menu = await sara.send("/start")
    await sara.press(labels(menu)[0])

    documented = {"getMe", "deleteWebhook", "getUpdates", "sendMessage", "editMessageText", "answerCallbackQuery"}
    assert set(bale.called) <= documented
    assert all("allowed_updates" not in call.params for call in bale.calls_of("getUpdates"))


async def test_an_edit_is_believed_and_its_stub_is_not(bale: BotApi, platform: Platform) -> None:
    number = await platform.send(SARA, body("یک", MENU))

    await platform.edit(SARA, number, body("دو", MENU))
    await platform.edit(SARA, number, body("سه", MENU))

    (seen,) = bale.seen(SARA)
    assert (seen.message_id, seen.text) == (number, "سه")


@pytest.mark.parametrize(
    ("status", "said"), [(400, "message not editable"), (404, "Not Found"), (404, "message not found")]
)
async def test_what_cannot_be_edited_is_to_be_sent_anew(
    bale: BotApi, platform: Platform, status: int, said: str
) -> None:
    bale.faults.fail_next("editMessageText", status, said)

    with pytest.raises(NotEditable):
        await platform.edit(SARA, 1, body("یک"))


async def test_an_edit_that_changes_nothing_has_succeeded(bale: BotApi, platform: Platform) -> None:
    bale.faults.fail_next("editMessageText", 400, "Bad Request: message is not modified")

    await platform.edit(SARA, 1, body("یک"))


async def test_a_sent_message_counts_as_sent_however_poor_the_answer(bale: BotApi, platform: Platform) -> None:
    poor = rb'{"ok":true,"result":{"message_id":9,"chat":{"id":7,"photo":null,"first_name":"\ud83d"},"from":{"id":1}}}'
    bale.faults.fail_next("sendMessage", 200, poor)

    assert await platform.send(SARA, body("سلام")) == 9


async def test_an_old_client_cannot_show_the_word_of_a_press(bale: BotApi, platform: Platform) -> None:
    await platform.send(SARA, body("بفرمایید", MENU))
    bale.press(SARA, "ساعت کار", old_client=True)
    bale.press(SARA, "ساعت کار")

    for press in bale.queries:
        await platform.acknowledge(press, "باشد")

    assert [alert.visible for alert in bale.alerts] == [False, True]
    assert [platform.shows_words(press) for press in bale.queries] == [False, True]


def test_bale_has_a_careful_pace_of_its_own() -> None:
    assert config.Bale().pace <= 5
    assert config.Bale().in_flight < config.Telegram().in_flight


# Text: every text is read as Bale's Markdown, and there is no escape

BOLD = re.compile(r"(?<!\S)\*(?=\S)([^\n]*?)(?<=\S)\*(?!\S)")
ITALIC = re.compile(r"(?<!\S)_(?=\S)([^\n]*?)(?<=\S)_(?!\S)")
LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")
BLOCK = re.compile(r"```\[[^\]]*\].*?```", re.DOTALL)


def marks(text: str) -> dict[str, list[Any]]:
    """What Bale reads as marks in a text, by what its documents say."""
    return {"bold": BOLD.findall(text), "italic": ITALIC.findall(text), "link": LINK.findall(text)} | {
        "block": BLOCK.findall(text)
    }


def test_the_reader_of_this_test_knows_marks_when_it_sees_them() -> None:
    assert marks("*الف* _ب_ [ج](https://x.ir) ```[د]ه```") == {
        "bold": ["الف"],
        "italic": ["ب"],
        "link": [("ج", "https://x.ir")],
        "block": ["```[د]ه```"],
    }


def bare(text: str) -> str:
    return text.replace("\u200b", "")


@pytest.mark.parametrize(
    "words",
    [
        "[جایزه شما](https://evil.example)",
        "*پررنگ* و _کج_",
        "**دو ستاره** __دو خط__",
        "```[پیش‌نمایش]متن```",
        "*[تو](https://evil.example)*",
        "_*تو در تو*_",
        "[x](y)](https://evil.example)",
        "* تنها\n_\n`",
        "(*در پرانتز*)، «_در گیومه_»",
    ],
)
def test_a_citizens_words_are_shown_as_written(words: str) -> None:
    text = render((Span("", words),))

    assert not any(marks(text).values())
    assert bare(text) == words


@given(st.lists(st.text("ab *_[]()`\n", max_size=20)))
def test_no_words_of_citizens_become_marks(pieces: list[str]) -> None:
    text = render(tuple(Span("", piece) for piece in pieces))

    assert not any(marks(text).values())
    assert bare(text) == "".join(pieces)


@pytest.mark.parametrize(
    "words",
    [
        "https://t.me/region_14/a_b*c",
        "@hamyar_14_bot",
        "info_region14@tehran.ir",
        "(۰۲۱)۹۶۰۴۰۹۰۰",
        "۲*۳=۶",
        "[الف] (ب)",
    ],
)
def test_what_is_copied_stays_as_it_is(words: str) -> None:
    assert render((Span("", words),)) == words


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("ساعت **کار** ما", "ساعت *کار* ما"),
        ("**ساعت کار**: ۸ تا ۱۵", "*ساعت کار:* ۸ تا ۱۵"),
        ("**ساعت کار**\n۸", "*ساعت کار*\n۸"),
        ("دوشنبه‌های **مردمی**.", "دوشنبه‌های *مردمی.*"),
        ("«**ایران پاک**» (**خوب**)", "*«ایران پاک»* *(خوب)*"),
        ("**همیار**\u200cها و **کتاب**ها", "*همیار\u200cها* و *کتابها*"),
        ("**الف**،**ب**", "*الف،ب*"),
        ("•**الف** ب", "*•الف* ب"),
        ("** الف ** ب", " *الف*  ب"),
        ("**سایت**[ما](https://x.ir/)", "*سایت* [ما](https://x.ir/)"),
        ("[ما](https://x.ir/)**سایت**", "[ما](https://x.ir/) *سایت*"),
        ("[ما](https://x.ir/)، **سایت**", "[ما](https://x.ir/)، *سایت*"),
    ],
)
def test_bold_has_white_space_around_it_or_takes_its_whole_word(source: str, shown: str) -> None:
    assert render(markup.spans(source)) == shown


def test_bold_does_not_run_over_the_end_of_a_line() -> None:
    assert render((Span("b", "الف \n ب"), Span("", " ج"))) == "*الف* \n *ب* ج"


def test_the_address_of_a_link_keeps_within_its_parentheses() -> None:
    text = render((Span("a", "مقاله](https://evil.example)", "https://fa.wikipedia.org/wiki/تهران_(شهر)"),))

    ((title, url),) = LINK.findall(text)
    assert (bare(title), url) == ("مقاله］(https://evil.example)", "https://fa.wikipedia.org/wiki/تهران_%28شهر%29")


WORDS = st.text("ab *_[]()`\n،", max_size=8)
SPANS = st.lists(
    st.builds(Span, st.sampled_from(["", "b"]), WORDS)
    | st.builds(Span, st.just("a"), st.just("ما"), st.just("https://x.ir"))
)


@given(SPANS)
def test_bold_is_read_as_bold_and_nothing_is_lost(parts: list[Span]) -> None:
    spans: Spans = tuple(parts)

    found = marks(render(spans))

    assert [url for _, url in found["link"]] == [span.url for span in spans if span.style == "a"]
    assert not found["italic"]
    assert not found["block"]
    bold = squeezed("".join(found["bold"]))
    assert all(letter in bold for span in spans if span.style == "b" for letter in squeezed(span.text))


@given(SPANS)
def test_a_text_with_marks_reads_the_same(parts: list[Span]) -> None:
    text = LINK.sub(r"\1", BOLD.sub(r"\1", render(tuple(parts))))

    assert squeezed(text) == squeezed(markup.plain(parts))


def squeezed(text: str) -> str:
    """Without what is not seen: a space more or less beside bold is no difference."""
    return "".join(bare(text).translate(str.maketrans("［］", "[]")).split())


def test_a_text_full_of_marks_is_no_longer_than_a_message_may_be() -> None:
    text = render((Span("b", "عنوان"), Span("", " [*_`](" * 570)))

    assert len(text) <= LONGEST
    assert not any(marks(text).values())


async def test_a_message_is_seen_as_rendered(bale: BotApi, platform: Platform) -> None:
    await platform.send(SARA, body("**سلام**، [سایت](https://x.ir/)"))
    await platform.send(SARA, plain("[x](https://evil.example)"))

    assert [seen.text for seen in bale.seen(SARA)] == [
        "*سلام،* [سایت](https://x.ir/)",
        "[x]\u200b(https://evil.example)",
    ]
    assert bale.token == TOKEN
