"""Results of a survey in words, with bars of signs, and as what is drawn. `words`: of `content/survey_results.toml`.

Each line with a bar ends in a Persian word: signs and digits alone would be read from left to right.
"""

from collections.abc import Callable, Sequence
from typing import Final

from bot import markup
from bot.charts import Bar, Panel
from bot.content import Wording
from bot.markup import Spans
from bot.services.held_sums import FIRST
from bot.services.questionnaire import NUMBER, SCALE, STEPS, Question, Value
from bot.services.quoting import quote
from bot.services.results import FEWEST, REST, UNKNOWN, Asked, Group, Kind, Results
from bot.services.surveys import Stage
from bot.text import persian_digits

BLOCKS: Final = 10
"""Signs of a whole bar."""
MOST_BARS: Final = 10
"""More different numbers than this are told by ranges."""
RANGES: Final = 6
LONGEST_QUESTION: Final = 300
LONGEST_LABEL: Final = 60

Name = Callable[[Group], str]
"""What a platform or a neighbourhood is called."""


def names(words: Wording, neighbourhoods: Callable[[str], str]) -> Name:
    """Names groups; `neighbourhoods`: the name of one by its id."""

    def name(group: Group) -> str:
        if group.value in {REST, UNKNOWN}:
            return words.button("unknown" if group.value == UNKNOWN else "rest")
        return words.button(f"platform_{group.value}") if group.kind == "platform" else neighbourhoods(group.value)

    return name


def whole(words: Wording, results: Results, name: Name) -> Spans:
    """All of it."""
    text = _head(words, results, name)
    if results.few:
        return text + (words.text("few_held", least=FIRST) if results.held else words.text("few", least=FEWEST))
    if not results.total:
        return text + words.text("none_but_page" if results.visitors else "none")
    for place, asked in enumerate(results.asked, start=1):
        text += _question(words, place, asked)
    return text + (words.text("unsent", count=results.unsent) if results.unsent else ())


def _head(words: Wording, results: Results, name: Name) -> Spans:
    text = words.text("head", title=title(results))
    if results.stage in {Stage.DRAFT, Stage.OPEN}:
        text += words.text("stage_held" if results.held else f"stage_{results.stage.value}")
    if results.only is not None:
        is_unknown = results.only.value == UNKNOWN
        only = words.text("nowhere") if is_unknown else words.text(f"only_{results.only.kind}", name=name(results.only))
        text += only
    text += _total(words, results)
    if results.with_visitors:
        return text + words.text("total_visitors")
    if results.only is not None:
        return text
    if results.rate is not None and results.total:
        text += words.text("rate", sent=results.sent or 0, percent=results.rate)
    return text + (words.text("visitors", count=results.visitors) if results.visitors else ())


def _total(words: Wording, results: Results) -> Spans:
    """How many have answered, and how many of them the results are of."""
    count = results.people + (results.visitors if results.with_visitors else 0) if results.held else results.total
    text = words.text("total", count=count) if count else ()
    return text + (words.text("total_held", count=results.total) if 0 < results.total < count else ())


def _question(words: Wording, place: int, asked: Asked) -> Spans:
    text = words.text("question", place=place, text=quote(asked.question.text, LONGEST_QUESTION))
    if not asked.answered:
        text += words.text("nobody")
    else:
        for line in lines(words, asked):
            label, bar = quote(line.label, LONGEST_LABEL), blocks(line.percent)
            text += words.text("bar", label=label, bar=bar, percent=line.percent, count=line.count)
        text += _sums(words, asked)
    if asked.left.left:
        text += words.text("left", count=asked.left.left, place=place, percent=asked.left.percent)
    return text


def _sums(words: Wording, asked: Asked) -> Spans:
    text: Spans = ()
    if asked.mean is not None and asked.question.kind == SCALE:
        text += words.text("mean_scale", mean=decimal(asked.mean), most=STEPS)
    elif asked.mean is not None:
        text += words.text("mean_number", mean=decimal(asked.mean))
    if asked.skipped:
        return text + words.text("answered_skipped", count=asked.answered, skipped=asked.skipped)
    return text + words.text("answered", count=asked.answered)


def lines(words: Wording, asked: Asked) -> list[Bar]:
    """The answers to choose from with their counts; of a scale the best step first, of many numbers by ranges."""
    found = [Bar(label_of(asked.question, one.value), one.count, one.percent) for one in asked.shares]
    if asked.question.kind == SCALE:
        return found[::-1]
    return _ranges(words, asked) if asked.question.kind == NUMBER and len(found) > MOST_BARS else found


def _ranges(words: Wording, asked: Asked) -> list[Bar]:
    """Numbers in some ranges of the same length, the percentages of each added up."""
    numbers = [(int(one.value), one.count, one.percent) for one in asked.shares]
    first, last = numbers[0][0], numbers[-1][0]
    size = -(-(last - first + 1) // RANGES)
    found = []
    for start in range(first, last + 1, size):
        end = min(start + size - 1, last)
        those = [one for one in numbers if start <= one[0] <= end]
        label = words.button("range", least=start, most=end) if end > start else persian_digits(str(start))
        found.append(Bar(label, sum(one[1] for one in those), sum(one[2] for one in those)))
    return found


def label_of(question: Question, value: str) -> str:
    """What an answer is called; the value itself of what is offered no longer."""
    if question.kind == SCALE and value.isdecimal() and 1 <= int(value) <= len(question.words):
        return question.words[int(value) - 1]
    if question.kind == NUMBER:
        return persian_digits(value)
    return next((option.label for option in question.options if option.id == value), value)


def in_words(question: Question, value: Value) -> str:
    """What somebody answered, of several options all."""
    if isinstance(value, tuple):
        return "، ".join(label_of(question, one) if isinstance(one, str) else str(one) for one in value)
    return label_of(question, str(value))


def blocks(percent: int) -> str:
    """«▓▓▓░░»: who answered at all is seen."""
    filled = min(max((percent * BLOCKS + 50) // 100, 1 if percent else 0), BLOCKS)
    return "▓" * filled + "░" * (BLOCKS - filled)


def decimal(number: float) -> str:
    """«۴٫۲»."""
    return persian_digits(f"{number:.1f}").replace(".", "٫")


def groups(words: Wording, results: Results, kind: Kind, name: Name) -> Spans:
    """How many of each platform or neighbourhood have answered."""
    text = words.text(f"by_{kind}", title=title(results))
    for value, count in results.groups[kind].items():
        text += words.text("group", name=name(Group(kind, value)), count=count)
    if not results.groups[kind]:
        return text + words.text("none")
    return text + words.text("groups_note", least=FEWEST)


# -- as it is drawn


def panels(words: Wording, results: Results) -> list[Panel]:
    """The questions that can be drawn."""
    return [
        Panel(heading(results, asked), lines(words, asked), _note(words, asked))
        for asked in results.asked
        if asked.shares and asked.answered
    ]


def heading(results: Results, asked: Asked) -> str:
    """What stands above the answers to a question; nothing if the title says it, as that of most quick polls does."""
    text = asked.question.text
    return "" if text == results.survey.title else quote(text, LONGEST_QUESTION)


def _note(words: Wording, asked: Asked) -> str:
    if asked.mean is None:
        return markup.plain(words.text("note_answered", count=asked.answered))
    return markup.plain(words.text("note_mean", count=asked.answered, mean=decimal(asked.mean)))


def title(results: Results) -> str:
    return quote(results.survey.title, LONGEST_LABEL)


def list_of(words: Wording, question: Question, texts: Sequence[str], ending: str) -> Spans:
    """Some of what was written. `ending`: what is said below, as `words_…` of the texts."""
    text = words.text("words", text=quote(question.text, LONGEST_QUESTION))
    for one in texts:
        text += words.text("word", text=one)
    return text + (words.text(f"words_{ending}") if ending else ())
