"""Fits the weights of `bot/gate.py`: `python -m tests.questions.fit [FILES…] [--write]`, in a minute or two.

Run it after larger changes of the content or of the search; without files it takes those of this folder, except their
unseen questions. It prints how good the weights are on questions they were not fitted on (cross-validation), then the
weights fitted on all of them; with `--write` these replace the ones in `bot/gate.py`. Besides the files it learns from
a part of the content's own phrasings, each asked of an index that lacks it. Questions that a sign decides alone are
left out.
"""

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import exp
from operator import mul
from pathlib import Path
from typing import Any, Final, NamedTuple

from bot import gate
from bot.answers import FAIR, SUGGESTIONS, SURE, Answers
from bot.knowledge import Entry, load
from bot.services import hours
from bot.text import Text
from tests.questions.__main__ import ROOT, SETS, questions, seen

FOLDS: Final = 5
# A phrasing is written by the author of the answers, in a row of likes: it counts for less than a question.
PHRASING_WEIGHT: Final = 0.3
# One of so many phrasings is asked: more would take long and teach little.
PHRASING_SHARE: Final = 3
# Keeps the weights small where the questions say little.
RIDGE: Final = 0.2
STEPS: Final = 80
GATE: Final = ROOT / "bot" / "gate.py"


class Example(NamedTuple):
    """One question: a row of numbers for each entry that came near, the last row for «none of them»."""

    rows: list[list[float]]
    right: list[bool]
    names: list[str | None]
    good: frozenset[str | None]
    weight: float


def example(known: Answers, question: dict[str, Any], weight: float = 1.0) -> Example | None:
    """What the gate is asked about a question; nothing if it is not asked, as a sign decides alone."""
    sentences = tuple(known.sentences(question["q"]))
    heard = known.hear(sentences) if sentences else None
    if heard is None or known.certain(sentences, heard):
        return None
    asked = known.asked(heard)
    found = [(known.listed[match.entry], match) for match in known.matches(heard)]
    none = list(map(float, gate.nothing(asked)))
    rows = [[*map(float, gate.features(entry, match, asked)), *[0.0] * len(none)] for entry, match in found]
    rows.append([*[0.0] * len(gate.Features._fields), *none])
    good = frozenset({question["topic"], *question.get("also", [])})
    lost = question["topic"] is None
    right = [entry.id in good or (lost and entry.kind != "topic") for entry, _ in found]
    right.append(lost or not any(right))
    return Example(
        rows,
        right,
        [*(entry.id if entry.kind == "topic" or entry.id in good else "" for entry, _ in found), None],
        good,
        weight,
    )


def examples_of_content(text: Text, entries: Sequence[Entry]) -> Iterator[Example]:
    """The entries' own phrasings, each asked of answers without it and without its fold."""
    table, _ = hours.load(ROOT / "content")
    chance = random.Random(1)
    fold = {(entry.id, phrase): chance.randrange(FOLDS) for entry in entries for phrase in entry.phrasings}
    for number in range(FOLDS):
        kept = [
            replace(entry, phrasings=tuple(phrase for phrase in entry.phrasings if fold[entry.id, phrase] != number))
            for entry in entries
        ]
        known = Answers(kept, table, text)
        left_out = sorted(pair for pair, its in fold.items() if its == number)[::PHRASING_SHARE]
        for topic, phrase in left_out:
            found = example(known, {"q": phrase, "topic": topic}, PHRASING_WEIGHT)
            if found:
                yield found


def chances(weights: Sequence[float], rows: Iterable[Sequence[float]]) -> list[float]:
    scores = [sum(map(mul, weights, row)) for row in rows]
    top = max(scores)
    shares = [exp(score - top) for score in scores]
    total = sum(shares)
    return [share / total for share in shares]


def slope(weights: Sequence[float], examples: Iterable[Example]) -> list[float]:
    """How fast the loss (what the right rows lack to certainty) grows with each weight."""
    found = [2 * RIDGE * weight for weight in weights]
    for rows, right, _, _, weight in examples:
        shares = chances(weights, rows)
        sure = max(sum(share for share, good in zip(shares, right, strict=True) if good), 1e-12)
        for row, share, good in zip(rows, shares, right, strict=True):
            push = weight * (share - share / sure if good else share)
            if abs(push) > 1e-6:
                found = [old + push * value for old, value in zip(found, row, strict=True)]
    return found


def fit(examples: Sequence[Example]) -> list[float]:
    """Rprop: each weight goes down its slope by its own step, longer while the slope keeps its sign, else shorter."""
    width = len(examples[0].rows[0])
    weights, steps, before = [0.0] * width, [0.3] * width, [0.0] * width
    for _ in range(STEPS):
        now = slope(weights, examples)
        for i, (old, new) in enumerate(zip(before, now, strict=True)):
            steps[i] = min(max(steps[i] * (1.2 if old * new > 0 else 0.5 if old * new < 0 else 1), 1e-3), 1.0)
            if old * new < 0:
                now[i] = 0.0
            weights[i] -= steps[i] * ((now[i] > 0) - (now[i] < 0))
        before = now
    return weights


def verdict(weights: Sequence[float], asked: Example) -> str:
    """As `python -m tests.questions` judges, for questions that have a topic."""
    ranked = sorted(zip(chances(weights, asked.rows), asked.names, strict=True), key=lambda pair: -pair[0])
    ranked = [(chance, name) for chance, name in ranked if name is not None]
    if ranked and ranked[0][0] >= SURE:
        return "right" if ranked[0][1] in asked.good else "wrong"
    offered = [name for chance, name in ranked if name and chance >= FAIR][:SUGGESTIONS]
    return "among" if asked.good & set(offered) else "lost"


def cross_validated(asked: Sequence[Example], content: Sequence[Example]) -> Counter[str]:
    """The verdicts on questions, each judged by weights that were fitted without its fold."""
    mixed = list(asked)
    random.Random(1).shuffle(mixed)
    found: Counter[str] = Counter()
    for number in range(FOLDS):
        weights = fit([one for i, one in enumerate(mixed) if i % FOLDS != number] + list(content))
        found.update(verdict(weights, one) for one in mixed[number::FOLDS] if None not in one.good)
    return found


def written(weights: Sequence[float]) -> dict[str, str]:
    """The weights as they stand in `bot/gate.py`, by the name of their constant."""
    width = len(gate.Features._fields)
    return {
        "WEIGHTS": _call("Features", gate.Features._fields, weights[:width]),
        "NOTHING_WEIGHTS": _call("Nothing", gate.Nothing._fields, weights[width:]),
    }


def _call(name: str, fields: Iterable[str], weights: Iterable[float]) -> str:
    lines = "".join(f"    {field}={weight:.2f},\n" for field, weight in zip(fields, weights, strict=True))
    return f"{name}(\n{lines})"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.questions.fit", description=__doc__)
    here = Path(__file__).parent
    parser.add_argument("files", nargs="*", type=Path, default=[here / name for name in SETS])
    parser.add_argument("--write", action="store_true", help="put the weights into bot/gate.py")
    options = parser.parse_args()
    text = Text()
    entries, _ = load(ROOT / "content")
    table, _ = hours.load(ROOT / "content")
    known = Answers(entries, table, text)
    asked = [found for question in questions(options.files) if seen(question) and (found := example(known, question))]
    content = list(examples_of_content(text, entries))
    verdicts = cross_validated(asked, content)
    shares = (f"{name} {count / verdicts.total():.3f}" for name, count in verdicts.most_common())
    sys.stdout.write(f"cross-validated: {', '.join(shares)}\n")
    constants = written(fit(asked + content))
    sys.stdout.writelines(f"{name}: Final = {call}\n" for name, call in constants.items())
    if options.write:
        source = GATE.read_text(encoding="utf-8")
        for name, call in constants.items():
            source = re.sub(rf"(?ms)^{name}: Final = \w+\(.*?^\)", f"{name}: Final = {call}", source)
        GATE.write_text(source, encoding="utf-8")


if __name__ == "__main__":
    main()
