"""A report being filled in: what was gathered, which step comes next.

consent ─► kind ─► words ─► category ─► its questions ─► place ─► near ─► pictures ─► name, phone ─► review

What is known already is not asked: somebody may come with words, files and a place, or from a draft. The words of the
steps are in the content of the conversations, `handlers/report*.py`.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Final

from bot.clock import TEHRAN
from bot.services import reports
from bot.services.categories import Categories, Category, Kind, Question
from bot.services.openings import Hours
from bot.services.reports import Report
from bot.store import Unit
from bot.store.cases import Case
from bot.store.citizens import Citizen

NEWEST: Final = 2**62
"""Above every number of a case."""
LONGEST_NUMBER: Final = 16
ASKED: Final = "question."
"""So begin the steps in which a category's own questions are asked; the id of the question follows."""


@dataclass(slots=True)
class Form:
    """What was gathered, as JSON values in the memory of the conversation and in the draft.

    `at`: the step that the citizen stands at; `done`: steps that need no answer any more though nothing was gathered
    there; `begun` names the form, `shown` counts its reviews, so that an old «ارسال» sends nothing; `named`: the name
    may be seen by staff; `pictured`, `spoken`: what the files are; `outside`: the point is not in the region; `street`:
    one is asked for, in the neighbourhood; `danger`: it was told in the words, and answered; `stopped`: a danger was
    told just now; `edit`: the step was chosen at the review, and leads back there; `for_caller`: staff fill it in for
    somebody else.
    """

    report: Report = field(default_factory=lambda: Report("", ""))
    at: str = ""
    done: list[str] = field(default_factory=list)
    begun: int = 0
    shown: int = 0
    agreed: bool = False
    named: bool = False
    pictured: bool = False
    spoken: bool = False
    outside: bool = False
    street: bool = False
    danger: bool = False
    stopped: bool = False
    edit: bool = False
    for_caller: bool = False

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        values = {key: value for key, value in asdict(self).items() if value or key == "begun"}
        return values | {"report": self.report.to_json()}

    def put(self, **values: Any) -> None:  # noqa: ANN401 - values of the fields of `Report`
        """Change what will be sent."""
        self.report = replace(self.report, **values)

    def settle(self, step: str) -> None:
        """The step needs no answer any more."""
        if step not in self.done:
            self.done.append(step)

    def reopen(self, *steps: str) -> None:
        """The steps are to be asked again."""
        self.done = [step for step in self.done if step not in steps]

    @property
    def token(self) -> str:
        """Names this very review of this very form."""
        return f"{self.begun}.{self.shown}"

    @property
    def is_worth_keeping(self) -> bool:
        """Whether there is more in it than the choice of a kind."""
        return bool(self.report.text or self.report.files or self.report.lat is not None or self.report.address)


_NAMES: Final = {part.name for part in fields(Form)}


def read(memory: Mapping[str, Any], categories: Categories) -> Form | None:
    """The form in a memory or a draft; None: there is none. What the content does not know any more is asked again."""
    if "begun" not in memory:
        return None
    form = Form(**{key: memory[key] for key in _NAMES & memory.keys() if key != "report"})
    form.report = Report.from_json(memory["report"])
    if form.report.kind not in categories.kinds:
        form.put(kind="")
    if form.report.category not in categories.all:
        form.put(category="", answers={})
    return form


def kept(unit: Unit, citizen: Citizen, chat_id: int, categories: Categories) -> Form | None:
    """The form that was begun and left, if there is more in it than a beginning."""
    draft = reports.draft(unit, citizen, chat_id)
    form = read(draft, categories) if draft is not None else None
    return form if form is not None and form.is_worth_keeping else None


def keep(unit: Unit, citizen: Citizen, chat_id: int, form: Form) -> dict[str, Any]:
    """Keep the form as the draft; returns it for the memory of the conversation."""
    stored = form.to_json()
    if form.is_worth_keeping:
        reports.keep_draft(unit, citizen, chat_id, stored)
    return stored


# -- which step


def steps(form: Form, categories: Categories) -> list[str]:
    """The steps of this form in their order. Which of them are asked says `following`."""
    kind, category = categories.kinds.get(form.report.kind), categories.all.get(form.report.category)
    path = ["kind", "words", "category"]
    if asks_questions(kind):
        path += [f"{ASKED}{question.id}" for question in (category.questions if category else ())]
    if kind is not None and kind.asks_place:
        path += ["place", "near"]
    if kind is not None and kind.asks_files:
        path.append("pictures")
    if form.for_caller:
        path += ["name", "phone"]
    elif form.named and form.report.name is None:
        path.append("name")
    return path if form.agreed else ["consent", *path]


def following(form: Form, categories: Categories) -> str:
    """The next step that has to be asked."""
    return next((step for step in steps(form, categories) if not _is_done(form, step)), "review")


def before(form: Form, categories: Categories) -> str | None:
    """The step that leads back from where the citizen stands; None: it is the first. An edit leads to the review."""
    if form.edit:
        return "review"
    if form.at == "near":
        return "place"
    path = [step for step in steps(form, categories) if step not in {"near", "consent"}]
    at = path.index(form.at) if form.at in path else len(path)
    return path[at - 1] if at else None


def asks_questions(kind: Kind | None) -> bool:
    """Whether the category's own questions help: they are about something that is to be mended."""
    return kind is not None and kind.asks_place


def may_be_nowhere(form: Form, categories: Categories) -> bool:
    """Whether it may be sent without a place."""
    kind, category = categories.kinds.get(form.report.kind), categories.all.get(form.report.category)
    return kind is None or category is None or not (kind.asks_place and category.needs_place)


def question(form: Form, categories: Categories, step: str) -> Question | None:
    """The question of a step of the category; None: the category does not ask it (any more)."""
    category = categories.all.get(form.report.category)
    asked = category.questions if category is not None else ()
    return next((one for one in asked if f"{ASKED}{one.id}" == step), None)


def _is_done(form: Form, step: str) -> bool:
    report = form.report
    if step.startswith(ASKED):
        return step.removeprefix(ASKED) in report.answers
    return step in form.done or {
        "kind": bool(report.kind),
        "words": bool(report.text) or form.spoken,
        "category": bool(report.category),
        "place": any(one is not None for one in (report.lat, report.address, report.neighbourhood)),
        "near": report.lat is None or form.for_caller,
        "pictures": form.pictured,
        "name": report.name is not None,
        "phone": report.phone is not None,
    }.get(step, False)


# -- what becomes of it


def answers(form: Form, category: Category) -> list[tuple[str, str]]:
    """The category's own questions that were answered, and the labels that were tapped."""
    given = form.report.answers
    return [
        (question.text, option.label)
        for question in category.questions
        for option in question.options
        if given.get(question.id) == option.id
    ]


def ready(form: Form) -> Report:
    """As it is sent: the name only if it is to be seen."""
    shown = form.report.name if form.named or form.for_caller else None
    return replace(form.report, name=shown)


def is_of(form: Form, token: str) -> bool:
    """Whether a review with this token was one of this form."""
    return token.partition(".")[0] == str(form.begun)


def sent_since(unit: Unit, citizen: Citizen, token: str) -> Case | None:
    """The newest report that the citizen filed since the form of this token was begun."""
    begun = token.partition(".")[0]
    newest = unit.cases.mine(citizen.platform, citizen.user_id, NEWEST, 1)
    since = int(begun) if begun.isascii() and begun.isdecimal() and len(begun) < LONGEST_NUMBER else 0
    return newest[0] if newest and since and newest[0].filed_at >= since else None


def day(hours: Hours, due_at: int, now: datetime) -> str:
    """The day by which an answer is to be expected: «شنبه ۸ آذر»."""
    due = datetime.fromtimestamp(due_at / 1000, TEHRAN).date()
    return hours.name_day(due, now.astimezone(TEHRAN).date())
