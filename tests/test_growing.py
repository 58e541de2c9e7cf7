"""Knowledge that changes: answers made anew from earlier ones are those made from nothing, and the old ones stay."""

import asyncio
import random
from array import array
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.answers import Answers
from bot.gate import chances
from bot.knowledge import Entry, load
from bot.postings import Posting, Postings, Sought, Weighed, best
from bot.search import Match
from bot.services.hours import Hours
from tests.questions.__main__ import ROOT, questions
from tests.test_answers import NOW
from tests.test_text import text

CONTENT = load(ROOT / "content")[0]
ASKED = [question["q"] for question in questions([ROOT / "tests" / "questions" / "dev.jsonl"])]


def answers(*entries: Entry) -> Answers:
    return Answers(entries, Hours({}, {}), text())


def entry(name: str, *phrasings: str, answer: str = "پاسخ") -> Entry:
    return Entry(name, phrasings[0], answer, phrasings=phrasings)


def found(known: Answers, question: str) -> tuple[list[Match], list[tuple[float, str]]]:
    sentences = tuple(known.sentences(question))
    if not sentences:
        return [], []
    heard = known.hear(sentences)
    matches = known.matches(heard)
    return matches, [(chance, entry.id) for chance, entry in chances(known.listed, matches, known.asked(heard))]


def some_changes(dice: random.Random) -> Iterator[list[Entry]]:
    """Entries as staff leave them after each hour of work: some new, some gone, some written anew or moved."""
    entries, waiting = CONTENT[::2], CONTENT[1::2]
    for hour in range(6):
        for _ in range(dice.randint(1, 5)):
            entries.insert(dice.randrange(len(entries)), waiting.pop())
            waiting.insert(0, entries.pop(dice.randrange(len(entries))))
            number = dice.randrange(len(entries))
            other = dice.choice(CONTENT)
            entries[number] = replace(entries[number], phrasings=other.phrasings[:4], answer=other.answer)
        if hour == 4:
            del entries[10:]
        yield list(entries)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_answers_made_anew_find_exactly_what_answers_made_from_nothing_find(seed: int) -> None:
    dice = random.Random(seed)
    known = answers(*CONTENT[::2])
    for entries in some_changes(dice):
        known = known.changed(entries)
        fresh = answers(*entries)
        for question in dice.sample(ASKED, 40):
            assert found(known, question) == found(fresh, question)


def test_a_new_word_changes_what_other_words_are_filed_under() -> None:
    parks = entry("a.parks", "فلانگاهها", "فلانگاهها کجا هستند")
    park = entry("a.park", "فلانگاه", "بزرگ‌ترین فلانگاه")
    known = answers(parks)
    grown = known.changed([parks, park])
    shrunk = grown.changed([parks])

    assert {entry.id for _, entry in grown.chances(grown.hear(tuple(grown.sentences("فلانگاهها"))))} == {
        "a.parks",
        "a.park",
    }
    for question in ("فلانگاهها", "فلانگاه", "فلانگاهای بزرگ", "felangah"):
        assert found(grown, question) == found(answers(parks, park), question)
        assert found(shrunk, question) == found(known, question)


def test_the_old_answers_stay_as_they_are() -> None:
    known, asked = answers(*CONTENT), ASKED[:60]
    before = [found(known, question) for question in asked]
    none = known.changed([])

    assert none.reply("پرچم افتخار", NOW).outcome == "none"
    assert [found(known, question) for question in asked] == before


def test_entries_of_no_word_at_all_do_no_harm() -> None:
    known = answers(entry("a.signs", "؟!", answer="…")).changed(
        [entry("a.signs", "؟!", answer="…"), entry("a.b", "کتاب")]
    )
    assert known.reply("کتاب", NOW).topic == "a.b"


async def test_questions_are_answered_while_a_change_is_made_in_a_thread() -> None:
    known = answers(*CONTENT)
    right = [found(known, question) for question in ASKED[:30]]
    changing = asyncio.create_task(asyncio.to_thread(known.changed, CONTENT[5:]))
    while not changing.done():
        assert [found(known, question) for question in ASKED[:30]] == right
        await asyncio.sleep(0)
    changed = await changing
    assert found(changed, ASKED[0]) == found(answers(*CONTENT[5:]), ASKED[0])


def test_rows_come_and_go() -> None:
    first = Postings().changed([], [(0, {"a": 1, "b": 2}), (1, {"a": 3})])
    second = first.changed([(0, {"a": 1, "b": 2})], [(2, {"a": 4}), (0, {"c": 5})])

    assert first.lists == {
        "a": Posting(array("i", [0, 1]), array("i", [1, 3])),
        "b": Posting(array("i", [0]), array("i", [2])),
    }
    assert second.lists == {
        "a": Posting(array("i", [1, 2]), array("i", [3, 4])),
        "c": Posting(array("i", [0]), array("i", [5])),
    }


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("count", [4, 10])
def test_reading_the_weightiest_lists_first_changes_nothing_of_the_shortlist(seed: int, count: int) -> None:
    dice = random.Random(seed)
    slots = 4_000
    # Halves, quarters and so on: sums are exact in any order, and many are equal.
    sought, scores = [], [0.0] * slots
    for number in range(30):
        held = sorted(dice.sample(range(slots), dice.choice([3, 40, 1_500, 3_500])))
        values = [dice.choice([0.5, 0.25, 0.125]) for _ in held]
        share = 2.0 ** -dice.choice([number // 2, 1, 12])
        sought.append(Sought(share * max(values), share, Weighed(array("i", held), array("d", values), max(values))))
        for slot, value in zip(held, values, strict=True):
            scores[slot] += share * value
    places = dice.sample(range(slots), slots)
    weighed: set[int] = set()

    def score(slot: int) -> float:
        weighed.add(slot)
        return scores[slot]

    right = sorted(range(slots), key=lambda slot: (-scores[slot], places[slot]))[:count]
    assert best(count, sought, score, places) == right
    assert len(weighed) < slots / 4


def test_nothing_is_best_where_nothing_scores() -> None:
    assert best(4, [], lambda _: 0.0, [0, 1]) == []
    assert best(4, [], lambda _: 0.0, []) == []
