"""How good the answers are: `make quality`, or `python -m tests.questions [FILE…]`.

Prints the figures by set, style and topic, the worst misses, and whether the goals hold on questions never looked at.
A line of a file is a question with its topic (null: nothing here answers it), its style and other right topics; `seen`
is false where the content and the weights were made without looking at the question.
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from bot.answers import Answers, Reply
from bot.clock import TEHRAN
from bot.knowledge import load
from bot.services import hours
from bot.text import Text

ROOT = Path(__file__).parents[2]
SETS: Final = ("dev.jsonl", "more.jsonl", "fresh.jsonl", "sealed.jsonl")
NOON = datetime(2026, 11, 22, 12, tzinfo=TEHRAN)
VERDICTS = ("right", "among", "wrong", "lost")
OURS: Final = "OURS"
OTHERS: Final = "NOT OURS"
# A style or topic with fewer questions says nothing by its share.
ENOUGH: Final = 5


class Miss(NamedTuple):
    """A question that went wrong. A wrong answer is worse than none, and the surer it was the worse."""

    wrong: bool
    score: float
    line: str


@dataclass
class Tally:
    """Verdicts on some questions, and the misses among them."""

    verdicts: Counter[str] = field(default_factory=Counter)
    misses: list[Miss] = field(default_factory=list)

    def share(self, *verdicts: str) -> float:
        return sum(self.verdicts[verdict] for verdict in verdicts) / max(self.verdicts.total(), 1)


class Judged(NamedTuple):
    """A question, what was replied, and how good that is."""

    question: dict[str, Any]
    reply: Reply
    verdict: str


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
        return "among" if reply.outcome == "suggest" and reply.suggestions else "right"
    if reply.outcome in {"answer", "redirect", "chat"}:
        if reply.topic in good:
            return "right"
        return "wrong"
    return "among" if good & set(reply.suggestions) else "lost"


def judge(known: Answers, asked: Iterable[dict[str, Any]]) -> Iterator[Judged]:
    for question in asked:
        reply = known.reply(question["q"], NOON)
        yield Judged(question, reply, verdict(question, reply))


def tally(judged: Iterable[Judged], names: Callable[[dict[str, Any]], Iterable[str]]) -> dict[str, Tally]:
    """One tally for each name that a question goes by."""
    tallies: dict[str, Tally] = {}
    for question, reply, found in judged:
        for name in names(question):
            one = tallies.setdefault(name, Tally())
            one.verdicts[found] += 1
            if found in {"wrong", "lost"}:
                said = f"{reply.topic} {' '.join(reply.suggestions)}"
                line = f"{found} {reply.score:.2f} {question['q'][:90]} | {question['topic']} | {said}"
                one.misses.append(Miss(found == "wrong", reply.score, line))
    return tallies


def seen(question: dict[str, Any]) -> bool:
    """Whether content and weights were made knowing this question."""
    return bool(question.get("seen", True))


def scope(question: dict[str, Any]) -> str:
    return OTHERS if question["topic"] is None else OURS


def measure(known: Answers, asked: Iterable[dict[str, Any]]) -> dict[str, Tally]:
    return tally(judge(known, asked), lambda question: (question["style"], scope(question)))


def goals(judged: Iterable[Judged]) -> str:
    """What was aimed at, and whether it is reached."""
    found = list(judged)
    ours, others = (tally(found, lambda question: [scope(question)]).get(name, Tally()) for name in (OURS, OTHERS))
    styles = tally((one for one in found if scope(one.question) == OURS), lambda question: [question["style"]])
    weakest = min((one.share("right", "among") for one in styles.values() if one.verdicts.total() >= ENOUGH), default=0)
    aims = (
        ("wrong", ours.share("wrong"), "≤", 0.02),
        ("not ours answered", others.share("wrong"), "≤", 0.05),
        ("right or among", ours.share("right", "among"), "≥", 0.95),
        ("weakest style", weakest, "≥", 0.85),
        ("right", ours.share("right"), "≥", 0.75),
    )
    return "; ".join(
        f"{name} {share:.1%} ({sign} {aim:.0%}{'' if (share <= aim if sign == '≤' else share >= aim) else ', MISSED'})"
        for name, share, sign, aim in aims
    )


def table(title: str, tallies: dict[str, Tally]) -> None:
    print(f"\n{title:26}{'n':>5}" + "".join(f"{name:>8}" for name in VERDICTS))
    for name, one in tallies.items():
        print(f"{name:26}{one.verdicts.total():5}" + "".join(f"{one.share(verdict):8.3f}" for verdict in VERDICTS))


def ordered(tallies: dict[str, Tally], key: Callable[[tuple[str, Tally]], Any]) -> dict[str, Tally]:
    return dict(sorted(tallies.items(), key=key))


def print_misses(judged: Iterable[Judged], most: int) -> None:
    misses = [miss for one in tally(judged, lambda question: [question["style"]]).values() for miss in one.misses]
    print("\nworst misses: the surest wrong answers first")
    print(*(miss.line for miss in sorted(misses, reverse=True)[:most]), sep="\n")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.questions", description=__doc__)
    here = Path(__file__).parent
    parser.add_argument("files", nargs="*", type=Path, default=[here / name for name in SETS])
    parser.add_argument("--misses", type=int, default=20, help="so many of the worst are printed (20)")
    parser.add_argument("--unseen", action="store_true", help="print unseen ones too; then they are unseen no more")
    options = parser.parse_args()
    known = answers()
    judged: list[Judged] = []
    by_set: dict[str, Tally] = {}
    for path in options.files:
        of_file = list(judge(known, questions([path])))
        label = {True: path.stem, False: f"{path.stem}, unseen"}
        by_set |= tally(of_file, lambda q, label=label: [f"{label[seen(q)]} {scope(q)}"])  # type: ignore[misc]  # mypy gives a lambda's default no type
        judged += of_file
    ours = [one for one in judged if scope(one.question) == OURS]
    table("set", by_set)
    table("style", ordered(tally(judged, lambda q: [q["style"]]), lambda pair: pair[0]))
    table("topic", ordered(tally(ours, lambda q: [q["topic"]]), lambda pair: pair[1].share("right")))
    print_misses([one for one in judged if options.unseen or seen(one.question)], options.misses)
    print(f"\nall: {goals(judged)}")
    unseen = [one for one in judged if not seen(one.question)]
    if unseen:
        print(f"goals, on {len(unseen)} unseen questions: {goals(unseen)}")


if __name__ == "__main__":
    main()
