"""The room of what could not be answered: in groups, in order, and harmless whatever was written."""

import pytest

from bot.store.questions import Asker
from tests.botapi import Seen
from tests.citizen import Citizen, labels
from tests.editors import hired, missed, passed

ROOM = "❓ سؤال‌های بی‌جواب"
SUBJECTS = (
    "قایق",
    "خوشنویسی",
    "کبوتر",
    "نهال",
    "شورایاری",
    "دوچرخه",
    "پسماند",
    "کتابخانه",
    "سرعتگیر",
    "عروسی",
    "اسکیت",
)
HOSTILE = {
    "markup": "<b>قایق</b> **پررنگ** [بانک](https://evil.example/x) `کد` _خط_",
    "bidi": "قایق \u202egnp.exe\u202c \u2066x\u2069 \u200f\u200e",
    "links": "قایق https://evil.example/a?b evil.com/x @evil_bot /deleteme a@evil.com t.me/evil",
    "long": "قایق " + "دریاچه " * 680,
    "marks": "قا" + "\u0651\u0650\u064e" * 40 + "یق" + "\u0338" * 100,
    "lines": "قایق\n\n\n\n" * 50,
    "unseen": "قایق\x07\u2028\u2029\ufeff\U000e0041",
}


def who(number: int) -> Asker:
    return Asker("telegram", number, number)


@pytest.fixture
async def mina(reza: Citizen) -> Citizen:
    """An editor."""
    return await hired(reza)


async def enter(mina: Citizen) -> Seen:
    *_, menu = await mina.send("/staff")
    return (await mina.press(next(label for label in labels(menu) if ROOM in label)))[-1]


async def test_without_questions_the_room_says_so(mina: Citizen) -> None:
    room = await enter(mina)

    assert "سؤال بی‌جوابی نمانده است" in room.text
    assert labels(room) == ["میز کار"]


async def test_those_who_wait_come_first_then_what_most_have_asked(mina: Citizen) -> None:
    for number, subject in ((1, "نهال"), (2, "کبوتر"), (3, "کبوتر"), (4, "کبوتر"), (4, "کبوتر")):
        await missed(mina.app, who(number), f"{subject} همسایه‌ها")
    await passed(mina.app, who(5), "خوشنویسی")
    *_, menu = await mina.send("/staff")

    (room,) = await mina.press(next(label for label in labels(menu) if ROOM in label))

    assert f"{ROOM} (۱)" in labels(menu)
    assert "۳ دسته؛ ۱ نفر منتظر" in room.text
    first, second, third = (room.text.index(subject) for subject in ("خوشنویسی", "کبوتر", "نهال"))
    assert first < second < third
    assert "۳ نفر پرسیده‌اند" in room.text


async def test_many_groups_are_paged_in_their_place(mina: Citizen) -> None:
    for number, subject in enumerate(SUBJECTS):
        await missed(mina.app, who(number), subject)
    pages = [await enter(mina)]
    while "صفحه بعد" in labels(pages[-1]):
        pages += await mina.press("صفحه بعد")
    (back,) = await mina.press("صفحه قبل")

    assert [subject for page in pages for subject in SUBJECTS if f"«{subject}»" in page.text] == list(SUBJECTS)
    assert {page.message_id for page in pages} == {back.message_id}
    assert all(len(labels(page)) <= 8 for page in pages)
    assert back.text.replace("*", "") == pages[1].text.replace("*", "")


async def test_a_group_shows_how_it_was_asked_once_each(mina: Citizen) -> None:
    for number, text in enumerate(("قایق کرایه", "قایق کرایه", "کرایه قایق چنده؟", "قایق کرایه!")):
        await missed(mina.app, who(number), text)
    await enter(mina)

    (group,) = await mina.press("۱")

    assert group.text.count("•") == 2
    assert group.text.index("قایق کرایه") < group.text.index("کرایه قایق چنده؟")
    assert len(labels(group)) <= 8


@pytest.mark.parametrize("kind", HOSTILE)
async def test_whatever_was_written_is_shown_harmlessly(mina: Citizen, kind: str) -> None:
    await passed(mina.app, who(1), HOSTILE[kind])
    screens = [await enter(mina), (await mina.press("۱"))[-1], (await mina.press("👤 جواب به یک نفر"))[-1]]

    for screen in screens:
        assert "قا" in screen.text
        assert len(screen.text) < 700
        assert not set(screen.text) & set("\u202e\u202c\u2066\u2069\u200f\u200e\x07\u2028\ufeff\U000e0041")
        assert screen.text.count("\u0338") <= 2
        assert "قایق\n" not in screen.text
        assert not [link for link in ("://", "evil.com", " @evil", " /deleteme", "t.me") if link in screen.text]
        assert not [entity for entity in screen.content.entities if entity["type"] != "bold"]


async def test_what_was_written_in_a_title_and_in_phrasings_is_harmless_too(mina: Citizen) -> None:
    for number, text in enumerate(HOSTILE.values()):
        await missed(mina.app, who(number), text)
    room = await enter(mina)
    while True:
        await mina.press("۱")
        await mina.press("✍️ نوشتن جواب")
        await mina.send("جواب")
        (done,) = await mina.press("✅ انتشار")
        assert "منتشر شد" in done.text
        (room,) = await mina.press("همه سؤال‌ها")
        if "نمانده" in room.text:
            break
    assert mina.app.work is not None
    await mina.app.work.refresher.look()
    grown = [e for e in mina.app.work.house.library.answers.entries.values() if e.id.startswith("staff.")]
    assert grown
    assert all(0 < len(entry.title) <= 30 for entry in grown)
    assert not [text for entry in grown for text in entry.phrasings if "evil.com" in text or "\u202e" in text]


@pytest.mark.parametrize("page", ["x", "-1", "99", "9" * 30, ""])
async def test_a_page_that_does_not_exist_is_one_that_does(mina: Citizen, page: str) -> None:
    await missed(mina.app, who(1), "قایق")
    room = await enter(mina)
    mina.api.press_gone(mina.user_id, f"unanswered:page:{page}", room)
    (shown,) = await mina._after(lambda: None) or [mina.api.seen(mina.user_id)[-1]]

    assert "۱ دسته" in shown.text
