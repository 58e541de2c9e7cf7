"""Describes to staff a survey that they write: its questions, and when each is asked.

Words: of `content/survey_edit.toml`.
"""

from collections.abc import Mapping
from typing import Any, Final

from bot.content import Wording
from bot.markup import Spans
from bot.services import survey_questions
from bot.services.questionnaire import KINDS, MANY, NUMBER, SCALE
from bot.services.quoting import quote
from bot.services.survey_questions import Record, Tables

LINE: Final = 90
"""Letters of a question in a list."""
NAMED: Final = 40
"""Letters of an answer in a condition."""


class Outline:
    """`words`: of the content file."""

    def __init__(self, words: Wording) -> None:
        self._words = words

    def listing(self, tables: Tables) -> Spans:
        """All questions, each with its number and what is special about it."""
        text: Spans = ()
        for number, record in enumerate(tables["question"], start=1):
            shown = quote(record.get("text", ""), LINE) or self._words.button("wordless")
            text += self._words.text("line", number=number, text=shown, kind=self.kind(record["kind"]))
            text += self._marks(record) + self.rules(tables, record)
        return text

    def kind(self, name: str) -> str:
        """What staff call a kind of questions."""
        return self._words.button(f"kind_{name if name in KINDS else 'text'}")

    def whole(self, tables: Tables, record: Record) -> Spans:
        """One question with all that is set."""
        number = survey_questions.place(tables, record)
        text = self._words.text("one", number=number, kind=self.kind(record["kind"]))
        wordless = self._words.text("one_wordless")
        text += self._words.text("one_text", text=record["text"]) if "text" in record else wordless
        for option in record.get("options", ()):
            text += self._words.text("option_alone" if option.get("alone") else "option", label=option["label"])
        if record["kind"] == SCALE and "words" in record:
            text += self._words.text("scale", words="، ".join(record["words"]))
        if record["kind"] == NUMBER and "most" in record:
            text += self._words.text("range", least=record["least"], most=record["most"])
        if record["kind"] == MANY and "choices" in record:
            text += self._words.text("choices", count=record["choices"])
        return text + self._marks(record) + self.rules(tables, record)

    def _marks(self, record: Record) -> Spans:
        text = () if record.get("required", True) else self._words.text("mark_optional")
        return text + (self._words.text("mark_hidden") if record.get("hidden") else ())

    def rules(self, tables: Tables, record: Record) -> Spans:
        """When it is asked, a line for each condition."""
        by_id = {found["id"]: found for found in tables["question"]}
        text: Spans = ()
        for rule in record.get("show_if", ()):
            about = by_id.get(rule["question"])
            if about is not None:
                text += self._words.text(
                    "rule", number=survey_questions.place(tables, about), what=self.when(about, rule)
                )
        return text

    def when(self, about: Record, rule: Mapping[str, Any]) -> str:
        """Which answers a condition wants: ««بله» یا «شاید»», «از ۲ تا ۱۰»."""
        button = self._words.button
        if "any" in rule:
            labels = [option["label"] for option in about.get("options", ()) if option["id"] in rule["any"]]
            shown = [button("quoted", label=quote(label, NAMED)) for label in labels]
            return button("or").join(shown) or button("no_answer")
        least, most = self._named(about, rule.get("least")), self._named(about, rule.get("most"))
        if least is None or most is None:
            return button("at_most", most=most) if least is None else button("at_least", least=least)
        return button("exactly", value=least) if least == most else button("between", least=least, most=most)

    def _named(self, about: Record, value: int | None) -> int | str | None:
        """A step of a scale by its word."""
        if value is None or about["kind"] != SCALE:
            return value
        steps = about.get("words", ())
        return f"«{quote(steps[value - 1], NAMED)}»" if 1 <= value <= len(steps) else value
