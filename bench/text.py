"""What understanding a message costs: an ordinary question, and the worst that 4,096 characters can be."""

import random
import time
from collections.abc import Callable

from bench import machine
from bench.questions import questions
from bench.tables import median, share, show

LENGTH = 4096
LETTERS = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیآ"
FINGLISH = "shahrdari saate kari koja hast mantaghe shomare telefon".split()
_dice = random.Random(14)


def _words(letters: str, most: int = 9) -> str:
    return " ".join("".join(_dice.choices(letters, k=_dice.randint(2, most))) for _ in range(LENGTH // 3))


def _slips() -> str:
    """Real words, each with two letters changed places: every one asks to be repaired."""
    words = [word for word in " ".join(questions(1000)).split() if len(word) > 4]
    return " ".join(word[0] + word[2] + word[1] + word[3:] for word in _dice.choices(words, k=LENGTH // 5))


def _mixed() -> str:
    return "".join(chr(_dice.randrange(32, 0x2FFF)) for _ in range(LENGTH))


SHAPES: dict[str, Callable[[], str]] = {
    "one letter": lambda: _dice.choice(LETTERS) * LENGTH,
    "one word without a space": lambda: "".join(_dice.choices(LETTERS, k=LENGTH)),
    "half-spaces": lambda: "می\u200c" * LENGTH,
    "nothing but half-spaces": lambda: "\u200c" * LENGTH,
    "words nobody knows": lambda: _words(LETTERS),
    "Latin words nobody knows": lambda: _words("aeioubdfghjkmnrstvyz"),
    "Finglish": lambda: " ".join(_dice.choices(FINGLISH, k=LENGTH)),
    "words with slips": _slips,
    "one real question after the other": lambda: " ".join(_dice.sample(questions(2000), 200)),
    "questions with marks": lambda: "؟ ".join(_dice.sample(questions(2000), 200)),
    "one-letter sentences": lambda: "؟ ".join(_dice.choices(LETTERS, k=LENGTH)),
    "digits": lambda: "".join(_dice.choices("0123456789۰۱۲۳٤٥", k=LENGTH)),
    "dots and brackets": lambda: "".join(_dice.choices(".…()[]{}«»!؟،؛", k=LENGTH)),
    "new lines": lambda: "ا\n" * LENGTH,
    "spaces": lambda: " " * LENGTH,
    "diacritics": lambda: "ا\u064b\u064c\u0651" * LENGTH,
    "joiners and directions": lambda: "ب\u200d\u200f\u202b" * LENGTH,
    "at signs and dots": lambda: "a@b." * LENGTH,
    "e-mail that never ends": lambda: "a.b-c+" * LENGTH,
    "addresses": lambda: "https://x.ir/ www." * LENGTH,
    "tracking codes": lambda: "R14-" * LENGTH,
    "dollars": lambda: "a$" * LENGTH,
    "emoji": lambda: "🙏🌳" * LENGTH,
    "any sign of Unicode": _mixed,
}


async def measure(quick: bool) -> None:  # noqa: FBT001 - all cases have this signature
    from bot.clock import Clock  # noqa: PLC0415 - hazm takes seconds: only this case pays for it
    from bot.loading import load  # noqa: PLC0415 - loaded only where it is used

    machine.pin(0, machine.CLIENT)
    answers, now = load().library.answers, Clock().now()

    def cost(text: str) -> float:
        began = time.perf_counter()
        answers.reply(text, now)
        return (time.perf_counter() - began) * 1000

    asked = questions(10_000)
    first = sorted(cost(question) for question in asked)
    again = sorted(cost(question) for question in asked)
    shapes = {name: [cost(shape()[:LENGTH]) for _ in range(3 if quick else 15)] for name, shape in SHAPES.items()}
    machine.pin(0, machine.SERVER)
    show(
        f"text: ms for an ordinary message, {len(asked)} different ones",
        ["", "p50", "p99", "most"],
        (
            [name, f"{share(costs, 50):.2f}", f"{share(costs, 99):.2f}", f"{costs[-1]:.2f}"]
            for name, costs in (("asked for the first time", first), ("asked again", again))
        ),
    )
    worst = sorted(shapes.items(), key=lambda pair: -median(pair[1]))
    show(
        f"text: ms for {LENGTH} characters, the worst of {len(shapes)} shapes",
        ["shape", "median", "most"],
        ([name, f"{median(costs):.2f}", f"{max(costs):.2f}"] for name, costs in worst[:5]),
    )
