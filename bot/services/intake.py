"""What the steps of a report take in: each thing checked, and refused with the reason, or put into the form.

Which step it is, and which comes next, is in `filling.py`.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.errors import CitizenError
from bot.incoming import Attachment, Spot
from bot.media import MOST_BYTES
from bot.services import phones
from bot.services.categories import Categories, Category
from bot.services.filling import ASKED, Form, question
from bot.services.reports import ADDRESS_LIMIT, MOST_FILES, TEXT_LIMIT
from bot.store.files import File

NAME_LIMIT: Final = 60
_PICTURES: Final = frozenset({"photo", "video", "document"})
_SPOKEN: Final = frozenset({"voice", "audio", "video"})
_MEGABYTE: Final = 1024 * 1024


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
    last = categories.all.get(form.report.category)
    if category != last:
        form.put(category=category.id, answers={})
        form.reopen("near")
    if form.for_caller:
        return category
    if not category.anonymous:
        show_name(form, name)
    elif last is not None and not last.anonymous:  # it was shown for the sake of that one only
        form.named = False
        form.put(name=None)
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
    """A point on the map, wherever it is. Where the place is changed, what was known of the old one is dropped."""
    if form.edit and form.at == "place" and not form.street:
        form.put(address=None, neighbourhood=None)
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
    form.put(address=said, neighbourhood=form.report.neighbourhood if form.street else None)
    _drop_old_spot(form)
    return said


def take_neighbourhood(form: Form, place: str, *, street: bool) -> None:
    """Where it is, roughly; `street`: the street is asked for next."""
    form.put(neighbourhood=place)
    _drop_old_spot(form)
    form.street = street


def _drop_old_spot(form: Form) -> None:
    if form.edit:
        form.put(lat=None, lon=None)
        form.outside = False


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
