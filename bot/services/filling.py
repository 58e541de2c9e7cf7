"""A report being filled in: what was gathered, which step comes next, and what each step takes in.

consent ─► kind ─► words ─► category ─► its questions ─► place ─► near ─► pictures ─► name, phone ─► review

What is known already is not asked: somebody may come with words, files and a place, or from a draft. The words of the
steps are in the content of the conversations, `handlers/report*.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Final

from bot.errors import CitizenError
from bot.incoming import Attachment, Spot
from bot.media import MOST_BYTES
from bot.services import phones, reports
from bot.services.categories import Categories, Category, Kind, Question
from bot.services.reports import ADDRESS_LIMIT, MOST_FILES, TEXT_LIMIT, Report
from bot.store import Unit
from bot.store.citizens import Citizen
from bot.store.files import File

NAME_LIMIT: Final = 60
ASKED: Final = "question."
"""So begin the steps in which a category's own questions are asked; the id of the question follows."""
_PICTURES: Final = frozenset({"photo", "video", "document"})
_SPOKEN: Final = frozenset({"voice", "audio", "video"})
_MEGABYTE: Final = 1024 * 1024


@dataclass(slots=True)
class Form:
    """What was gathered, as JSON values in the memory of the conversation and in the draft.

    `at`: the step that the citizen stands at; `done`: steps that need no answer any more though nothing was gathered
    there; `begun` names the form, `shown` counts its reviews, so that an old «ارسال» sends nothing; `named`: the name
    may be seen by staff; `pictured`, `spoken`: what the files are; `outside`: the point is not in the region;
    `danger`: it was told in the words, and answered; `stopped`: a danger was told just now; `edit`: the step was chosen
    at the review, and leads back there; `for_caller`: staff fill it in for somebody else.
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
        "place": report.lat is not None or report.address is not None,
        "near": report.lat is None or form.for_caller,
        "pictures": form.pictured,
        "name": report.name is not None,
        "phone": report.phone is not None,
    }.get(step, False)


# -- what is taken in


def choose_kind(form: Form, kind: str, categories: Categories) -> None:
    """Raises `CitizenError`: "choose"."""
    if kind not in categories.kinds:
        raise CitizenError("choose")
    form.put(kind=kind)


def choose_category(form: Form, chosen: str, categories: Categories, name: str | None) -> Category:
    """`name`: the citizen's, which some categories cannot do without. Raises `CitizenError`: "choose"."""
    category = categories.all.get(chosen)
    if category is None:
        raise CitizenError("choose")
    if category.id != form.report.category:
        form.put(category=category.id, answers={})
        form.reopen("near")
    if not category.anonymous and not form.for_caller:
        show_name(form, name)
    return category


def answer(form: Form, chosen: str, categories: Categories) -> str:
    """What was tapped at a question, as "question.option". Returns the emergency that it tells of, or "".

    Raises `CitizenError`: "choose".
    """
    asked, _, option_id = chosen.partition(".")
    found = question(form, categories, f"{ASKED}{asked}")
    option = next((one for one in found.options if one.id == option_id), None) if found is not None else None
    if option is None:
        raise CitizenError("choose")
    form.put(answers={**form.report.answers, asked: option.id})
    return option.emergency if option.emergency in categories.emergencies else ""


def take_words(form: Form, text: str, *, more: bool = False) -> None:
    """What the citizen wrote, in place of what they had written, or (`more`) after it.

    Raises `CitizenError`: "empty", "too_long" (limit, length).
    """
    said = text.strip()
    if not any(sign.isalnum() for sign in said):
        raise CitizenError("empty")
    whole = f"{form.report.text}\n{said}" if more and form.report.text else said
    if len(whole) > TEXT_LIMIT:
        raise CitizenError("too_long", limit=TEXT_LIMIT, length=len(whole))
    form.put(text=whole)


def fits(sent: Attachment) -> bool:
    """Whether the file is small enough to be fetched, as far as its platform says."""
    return (sent.size or 0) <= MOST_BYTES


def room(form: Form, sent: Sequence[Attachment]) -> int:
    """How many more files there is room for. Raises `CitizenError`: "too_big" (limit), "full" (limit)."""
    if not all(map(fits, sent)):
        raise CitizenError("too_big", limit=MOST_BYTES // _MEGABYTE)
    left = MOST_FILES - len(form.report.files)
    if left <= 0:
        raise CitizenError("full", limit=MOST_FILES)
    return left


def add_files(form: Form, files: Iterable[File]) -> None:
    """Files that were kept; ask `room` before."""
    for file in files:
        form.put(files=(*form.report.files, file.key)[:MOST_FILES])
        form.pictured |= file.kind in _PICTURES
        form.spoken |= file.kind in _SPOKEN


def drop_files(form: Form) -> None:
    """All of them."""
    form.put(files=())
    form.pictured = form.spoken = False
    form.settle("pictures")


def take_spot(form: Form, spot: Spot, *, inside: bool) -> None:
    """A point on the map, wherever it is."""
    form.put(lat=spot.lat, lon=spot.lon)
    form.outside = not inside
    form.reopen("near")


def take_address(form: Form, text: str) -> str:
    """Where it is, in words. Raises `CitizenError`: "empty", "address_too_long" (limit, length)."""
    said = " ".join(text.split())
    if not any(sign.isalnum() for sign in said):
        raise CitizenError("empty")
    if len(said) > ADDRESS_LIMIT:
        raise CitizenError("address_too_long", limit=ADDRESS_LIMIT, length=len(said))
    form.put(address=said, neighbourhood=None)
    return said


def drop_place(form: Form) -> None:
    """It is nowhere in particular."""
    form.put(lat=None, lon=None, address=None, neighbourhood=None)
    form.outside = False
    form.settle("place")


def take_name(form: Form, text: str) -> None:
    """Raises `CitizenError`: "empty", "name_too_long" (limit)."""
    said = " ".join(text.split())
    if not any(sign.isalpha() for sign in said):
        raise CitizenError("empty")
    if len(said) > NAME_LIMIT:
        raise CitizenError("name_too_long", limit=NAME_LIMIT)
    form.put(name=said)


def show_name(form: Form, name: str | None) -> None:
    """Staff may see the name; whoever has none here is asked for it."""
    form.named = True
    form.put(name=form.report.name or (name or "").strip()[:NAME_LIMIT] or None)


def hide_name(form: Form, categories: Categories) -> None:
    """Raises `CitizenError`: "name_needed" where the category cannot do without."""
    category = categories.all.get(form.report.category)
    if category is not None and not category.anonymous:
        raise CitizenError("name_needed")
    form.named = False
    form.put(name=None)


def take_phone(form: Form, text: str) -> None:
    """Raises `CitizenError`: "wrong_phone"."""
    found = phones.read(text)
    if found is None:
        raise CitizenError("wrong_phone")
    form.put(phone=found)
