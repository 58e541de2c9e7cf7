"""How good the answers are: `python -m tests.questions FILE… [--misses]` prints the figures by style.

A line of a file is a question with its topic (null: nothing here answers it), its style and other right topics.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.answers import Answers, Reply
from bot.clock import TEHRAN
from bot.knowledge import load
from bot.services import hours
from bot.text import Text

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 22, 12, tzinfo=TEHRAN)
VERDICTS = ("right", "among", "wrong", "lost")


@dataclass
class Tally:
    """Verdicts on the questions of one style, and the misses among them."""

    verdicts: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def share(self, verdict: str) -> float:
        return self.verdicts[verdict] / max(self.verdicts.total(), 1)


def answers(text: Text | None = None) -> Answers:
    """The answers of this repository's content."""
    entries, _ = load(ROOT / "content")
    table, _ = hours.load(ROOT / "content")
    return Answers(entries, table, text or Text())


def questions(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    for path in paths:
        yield from (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def verdict(question: dict[str, Any], reply: Reply) -> str:
    """Answered as it should be (right) or by a button (among), answered otherwise (wrong), nothing offered (lost)."""
    good = {question["topic"], *question.get("also", [])} - {None}
    if question["topic"] is None:
        if reply.outcome == "answer" and reply.topic not in good:
            return "wrong"
        return "among" if reply.outcome == "suggest" else "right"
    if reply.outcome in {"answer", "redirect", "chat"}:
        if reply.topic in good:
            return "right"
        return "wrong"
    return "among" if good & set(reply.suggestions) else "lost"


def measure(known: Answers, asked: Iterable[dict[str, Any]]) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for question in asked:
        reply = known.reply(question["q"], NOON)
        found = verdict(question, reply)
        for name in (question["style"], "NOT OURS" if question["topic"] is None else "OURS"):
            tally = tallies.setdefault(name, Tally())
            tally.verdicts[found] += 1
            if found in {"wrong", "lost"}:
                said = f"{reply.topic} {reply.suggestions}"
                tally.misses.append(f"{found} {reply.score:.2f} {question['q'][:90]} | {question['topic']} | {said}")
    return tallies


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.questions", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=[Path(__file__).with_name("dev.jsonl")])
    parser.add_argument("--misses", action="store_true", help="print the questions that went wrong")
    options = parser.parse_args()
    tallies = measure(answers(), questions(options.files))
    print(f"{'style':16}{'n':>5}" + "".join(f"{name:>8}" for name in VERDICTS))
    for style, tally in sorted(tallies.items(), key=lambda pair: (pair[0].isupper(), pair[0])):
        print(f"{style:16}{tally.verdicts.total():5}" + "".join(f"{tally.share(name):8.3f}" for name in VERDICTS))
        if options.misses and not style.isupper():
            print(*tally.misses, sep="\n")


if __name__ == "__main__":
    main()
