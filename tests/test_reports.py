"""A problem told in free words is offered as a report, and handed over with all that came with it."""

from dataclasses import replace

import pytest

from bot.content import Wording
from bot.errors import Faults
from bot.flow import Conversation, Draft, Talks, Turn
from bot.loading import Loaded, find_talks
from bot.markup import spans
from bot.models import places
from tests import samples
from tests.botapi import Seen
from tests.citizen import Citizen, labels, rows_of, settled

PROBLEM = "زباله‌های کوچه ما رو سه روزه جمع نکردن"
YES, QUESTION, NO = "بله، ثبت کنید", "نه، سؤال بود", "هیچ‌کدام، بگذریم"
ANSWER = "۱۷۷۷۶۸۳۱۹۳"
PICTURES = [samples.jpeg(shade=90), samples.jpeg(shade=60)]

intake = Conversation("intake")
WORDS = Wording(
    "intake",
    {
        "begin": spans("گزارش: {text} | {count} پرونده | {spot}"),
        "kept": spans("نگه داشتم"),
    },
)


@intake.takes_reports
def begin(turn: Turn) -> None:
    draft = turn.draft
    assert draft is not None
    turn.memory = draft.to_json()
    turn.say("begin", text=draft.text, count=len(draft.files), spot=f"{draft.spot.lat:.2f}" if draft.spot else "بی‌جا")
    turn.go(confirm)


@intake.step
def confirm(turn: Turn) -> None:
    turn.say("kept", files=turn.keep(Draft.from_json(turn.memory).files))
    turn.end()


@pytest.fixture
def takers() -> list[tuple[Conversation, Wording]]:
    """Who takes reports beside what the bot has already."""
    return [(intake, WORDS)]


@pytest.fixture
def loaded(loaded: Loaded, takers: list[tuple[Conversation, Wording]]) -> Loaded:
    others = find_talks()
    for found, _ in others:
        found.reports = None
    return replace(loaded, library=replace(loaded.library, talks=Talks([*others, *takers])))


@pytest.fixture(autouse=True)
async def met(sara: Citizen) -> None:
    await sara.send("/start")


async def after(sara: Citizen) -> list[Seen]:
    """What the bot has shown since Sara's last message."""
    before = sara.api.seen(sara.user_id)
    await settled(sara.app, sara.api)
    return [seen for seen in sara.api.seen(sara.user_id) if seen not in before]


async def test_a_problem_told_is_offered_as_a_report_and_its_words_are_handed_over(sara: Citizen) -> None:
    (offer,) = await sara.send(PROBLEM)
    (begun,) = await sara.press(YES)

    assert labels(offer) == [YES, QUESTION, NO]
    assert begun.text == f"گزارش: {PROBLEM} | ۰ پرونده | بی‌جا"
    (place,) = await sara.app.store.read(lambda unit: rows_of(unit, places))
    assert place["place"] == "intake.confirm"


async def test_an_album_with_a_problem_under_it_goes_along_and_is_kept_only_then(sara: Citizen) -> None:
    sara.api.send_album(sara.user_id, PICTURES, caption=PROBLEM)
    (offer,) = await after(sara)
    (begun,) = await sara.press(YES)
    shown = await sara.send("بله")

    assert labels(offer)[0] == YES
    assert "۲ پرونده" in begun.text
    assert [seen.kind for seen in shown].count("photo") == len(PICTURES)


async def test_a_photo_and_a_place_before_the_words_belong_to_them(sara: Citizen) -> None:
    sara.api.send_photo(sara.user_id, PICTURES[0])
    await after(sara)
    await sara._after(lambda: sara.api.say(sara.user_id, None, location={"latitude": 35.66, "longitude": 51.47}))
    await sara.send(PROBLEM)

    (begun,) = await sara.press(YES)

    assert begun.text == f"گزارش: {PROBLEM} | ۱ پرونده | 35.66"


async def test_a_photo_after_the_offer_is_added_to_it(sara: Citizen) -> None:
    await sara.send(PROBLEM)
    sara.api.send_photo(sara.user_id, PICTURES[0])
    (added,) = await after(sara)

    (begun,) = await sara.press(YES)

    assert "اضافه شد" in added.text
    assert "۱ پرونده" in begun.text


async def test_what_was_a_question_is_answered_as_one(sara: Citizen) -> None:
    await sara.send(PROBLEM)
    (shown,) = await sara.press(QUESTION)

    assert labels(shown)
    (old,) = await sara.press(YES)
    assert "قدیمی" in old.text


async def test_who_wants_no_report_is_left_in_peace(sara: Citizen) -> None:
    await sara.send(PROBLEM)
    (shown,) = await sara.press(NO)

    assert "چیزی ثبت نشد" in shown.text
    (place,) = await sara.app.store.read(lambda unit: rows_of(unit, places))
    assert PROBLEM not in place["memory"]


async def test_another_subject_in_between_makes_the_offer_old(sara: Citizen) -> None:
    await sara.send(PROBLEM)
    (answer,) = await sara.send("کد پستی شهرداری چنده؟")

    (shown,) = await sara.press(YES)

    assert ANSWER in answer.text
    assert "قدیمی" in shown.text


async def test_asking_how_to_complain_is_a_question(sara: Citizen) -> None:
    (shown,) = await sara.send("چطور شکایت کنم")

    assert YES not in labels(shown)
    assert "۱۳۷" in shown.text


@pytest.mark.parametrize("problem", ["<b>چاله</b> وسط خیابون [x](https://a.b)", "{text} چاله وسط کوچه ما **کنده**"])
async def test_the_words_are_handed_over_as_they_were_written(sara: Citizen, problem: str) -> None:
    await sara.send(problem)
    (begun,) = await sara.press(YES)

    assert problem in begun.text.replace("\u200b", "")  # by which Bale keeps marks harmless
    assert not any(entity["type"] == "text_link" for entity in begun.entities)


class TestAsLongAsNobodyTakesReports:
    """The citizen learns where to take their words today, and finds them ready to be copied."""

    @pytest.fixture
    def takers(self) -> list[tuple[Conversation, Wording]]:
        return []

    async def test_the_citizen_is_told_where_to_go_with_their_words(self, sara: Citizen) -> None:
        how, words = await sara.send(PROBLEM)

        assert "۱۳۷" in how.text
        assert words.text.endswith(PROBLEM)
        assert labels(words) == [QUESTION]

    async def test_what_was_a_question_is_answered_as_one(self, sara: Citizen) -> None:
        await sara.send(PROBLEM)
        (shown,) = await sara.press(QUESTION)

        assert labels(shown)


def test_only_one_conversation_may_take_reports(loaded: Loaded) -> None:
    other = Conversation("other")
    other.takes_reports(begin)

    with pytest.raises(Faults, match="takes_reports"):
        Talks([*find_talks(), (intake, WORDS), (other, Wording("other"))])
