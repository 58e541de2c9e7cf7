"""Surveys made up for tests, their questions of all kinds and their branches at random, and answers to them."""

from hypothesis import strategies as some

from bot.services.questionnaire import (
    KINDS,
    MANY,
    NUMBER,
    ONE,
    PLACE,
    SCALE,
    STEPS,
    Condition,
    Option,
    Question,
    Survey,
    Value,
)

WORDS = ("خیلی بد", "بد", "متوسط", "خوب", "خیلی خوب")


@some.composite
def questions(draw: some.DrawFn, number: int, earlier: list[Question]) -> Question:
    """The question of this number; it may look back at some of the earlier ones, even so that nothing fulfils it."""
    kind = draw(some.sampled_from(KINDS))
    count = draw(some.integers(2, 4)) if kind in {ONE, MANY} else 0
    alone = draw(some.booleans()) and kind == MANY
    least = draw(some.integers(-3, 3)) if kind == NUMBER else 0
    asked = [question for question in earlier if question.kind in {ONE, MANY, SCALE, NUMBER}]
    about = draw(some.lists(some.sampled_from(asked), unique=True, max_size=2)) if asked else []
    return Question(
        id=f"q{number}",
        kind=kind,
        text="چه خبر؟",
        options=tuple(Option(f"o{at}", f"گزینه {at}", alone=alone and at == count - 1) for at in range(count)),
        words=WORDS if kind == SCALE else (),
        least=least,
        most=least + draw(some.integers(0, 5)) if kind == NUMBER else 0,
        choices=draw(some.integers(2, count)) if kind == MANY else count,
        required=draw(some.booleans()),
        hidden=draw(some.integers(0, 9)) == 0,
        show_if=tuple(draw(conditions(question)) for question in about),
    )


@some.composite
def conditions(draw: some.DrawFn, about: Question) -> Condition:
    if about.options:
        ids = [option.id for option in about.options]
        return Condition(about.id, frozenset(draw(some.lists(some.sampled_from(ids), min_size=1))))
    least, most = draw(some.none() | some.integers(-4, 8)), draw(some.none() | some.integers(-4, 8))
    return Condition(about.id, least=least, most=most)


@some.composite
def surveys(draw: some.DrawFn, most: int = 7) -> Survey:
    found: list[Question] = []
    for number in range(draw(some.integers(1, most))):
        found.append(draw(questions(number, found)))
    return Survey("made_up", "نظر شما", "ممنون", anonymous=draw(some.booleans()), questions=tuple(found))


def values(question: Question) -> list[Value]:
    """What may be answered; of what has no end one example, since no condition looks at it."""
    if question.kind == ONE:
        return [option.id for option in question.options]
    if question.kind == MANY:
        return _choices(question)
    if question.kind == SCALE:
        return list(range(1, STEPS + 1))
    if question.kind == NUMBER:
        return list(range(question.least, question.most + 1))
    return [(35.67, 51.48)] if question.kind == PLACE else ["هرچه"]


def _choices(question: Question) -> list[Value]:
    together = [option.id for option in question.options if not option.alone]
    found: list[Value] = [(option.id,) for option in question.options if option.alone]
    for bits in range(1, 2 ** len(together)):
        chosen = tuple(option for at, option in enumerate(together) if bits >> at & 1)
        if len(chosen) <= question.choices:
            found.append(chosen)
    return found
