"""What staff type for a survey, as it is kept: tidied, cut into lines, counted. They need not know how print has it."""

import json
import re
from typing import Any, Final

from bot.errors import CitizenError
from bot.services import numbers, survey_sheet, tidying, typed
from bot.services.questionnaire import STEPS
from bot.services.quoting import ZWNJ
from bot.services.survey_questions import Tables
from bot.services.survey_sheet import LABEL_LIMIT, OPTIONS, QUICK_OPTIONS, RANGE, TITLE_LIMIT
from bot.text import fold_ours

FILE_BYTES: Final = 64 * 1024
_FOREIGN: Final = str.maketrans("يك٠١٢٣٤٥٦٧٨٩", "یک۰۱۲۳۴۵۶۷۸۹")
_DIGIT: Final = r"[0-9۰-۹٠-٩]"
_BULLET: Final = re.compile(
    rf"^\s*(?:[•●○▪■*+]+|[-–—]+(?!{_DIGIT})|{_DIGIT}\ufe0f?\u20e3|\(?{_DIGIT}{{1,2}}\s?[.)\-–—:ـ](?!{_DIGIT}))\s*"
)
"""Before an answer in a list: «- », «• », «۱. », «۱) »; not the beginning of «۱.۵ متر», «۱۰:۳۰» or «۱۸ تا ۲۹»."""
_TO: Final = re.compile(r"\s*(?<!\w)(?:تا|الی)(?!\w)\s*|\s*[–—]\s*|\s+-\s+|(?<=[0-9۰-۹٠-٩])-(?=[0-9۰-۹٠-٩])")
_LEAST: Final = re.compile(r"(?<!\w)(?:از|حداقل|دست ?کم|به بالا|بیشتر|بزرگ ?تر)(?!\w)")
_MOST: Final = re.compile(r"(?<!\w)(?:تا|حداکثر|به پایین|کمتر|کوچک ?تر)(?!\w)")
_BEYOND: Final = re.compile(r"(?<!\w)(?:(?P<more>بیشتر|بزرگ ?تر)|کمتر|کوچک ?تر) از(?!\w)")
"""Without the number itself, unlike «۳ یا بیشتر»."""
_FENCE: Final = re.compile(r"\A\s*```\w*\n|\n?```\s*\Z")


# -- words


def words(text: str, limit: int) -> str:
    """A text as people read it. Raises `CitizenError`: "empty", "too_long" (limit, length); `Unprepared`."""
    whole = _print(_cleaned(text))
    if len(whole) > limit:
        raise CitizenError("too_long", limit=limit, length=len(whole))
    return whole


def title(text: str) -> str:
    """In one line. Raises `CitizenError`: "empty", "too_long" (limit, length); `Unprepared`."""
    return words(" ".join(text.split()), TITLE_LIMIT)


def options(text: str, most: int = OPTIONS[1]) -> list[str]:
    """Answers to choose from, one a line.

    Raises `CitizenError`: "empty"; "option_long" (line, limit), "option_wordless" (line), "option_twice" (line);
    "few_options", "many_options" (limit, count); `Unprepared`.
    """
    found = _labels(_cleaned(text).split("\n"))
    if len(found) < OPTIONS[0]:
        raise CitizenError("few_options")
    if len(found) > most:
        raise CitizenError("many_options", limit=most, count=len(found))
    return found


def poll(text: str) -> tuple[str, list[str]]:
    """A quick poll: the first line asks, each further one is an answer. Raises as `words` and `options`."""
    asked, _, rest = _cleaned(text).partition("\n")
    question = words(asked, survey_sheet.QUESTION_LIMIT)
    if not rest.strip():
        raise CitizenError("few_options")
    return question, options(rest, QUICK_OPTIONS[1])


def steps(text: str) -> list[str]:
    """The five words of a scale, one a line. Raises as `options`; "five_words" (count)."""
    found = _labels(_cleaned(text).split("\n"))
    if len(found) != STEPS:
        raise CitizenError("five_words", count=len(found))
    return found


def _cleaned(text: str) -> str:
    if not text.strip():
        raise CitizenError("empty")
    return typed.cleaned(text)


def _labels(lines: list[str]) -> list[str]:
    found: list[str] = []
    for line in lines:
        label = _print(" ".join(_BULLET.sub("", line).split()))
        if not line.strip():
            continue
        if len(label) > LABEL_LIMIT:
            raise CitizenError("option_long", line=label, limit=LABEL_LIMIT)
        if not fold_ours(label):
            raise CitizenError("option_wordless", line=label or line)
        if fold_ours(label) in map(fold_ours, found):
            raise CitizenError("option_twice", line=label)
        found.append(label)
    return found


def _print(text: str) -> str:
    """What tidying leaves alone, such as a telephone number, still has letters and digits of one kind."""
    return tidying.tidied(text).strip().translate(_FOREIGN)


# -- numbers


def span(text: str) -> tuple[int, int]:
    """«۱ تا ۵۰»: the range of a number.

    Raises `CitizenError`: "no_range", "range_turned", "range_far" (least, most).
    """
    ends = [numbers.whole(part) for part in _TO.split(_from_off(text))]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        raise CitizenError("no_range")
    least, most = ends[0], ends[1]
    if least > most:
        raise CitizenError("range_turned")
    if least < RANGE[0] or most > RANGE[1]:
        raise CitizenError("range_far", least=RANGE[0], most=RANGE[1])
    return least, most


def limits(text: str) -> tuple[int | None, int | None]:
    """«۲ تا ۱۰», «۲ به بالا», «بیشتر از ۳», «حداکثر ۵», «۳»: from where to where; None: no limit.

    Raises `CitizenError`: "no_limits".
    """
    text = text[:100].replace(ZWNJ, " ")
    beyond = _BEYOND.search(text)
    ends = [numbers.whole(part) for part in _TO.split(_from_off(_BEYOND.sub("", text))) if part.strip()]
    if len(ends) == 2 and ends[0] is not None and ends[1] is not None and ends[0] <= ends[1]:
        return ends[0], ends[1]
    if len(ends) != 1 or ends[0] is None:
        raise CitizenError("no_limits")
    if beyond is not None:
        return (ends[0] + 1, None) if beyond["more"] else (None, ends[0] - 1)
    is_least, is_most = _LEAST.search(text) is not None, _MOST.search(text) is not None
    if is_least and is_most:
        raise CitizenError("no_limits")
    return None if is_most else ends[0], None if is_least else ends[0]


def _from_off(text: str) -> str:
    """«از ۱ تا ۵» is «۱ تا ۵»."""
    return re.sub(r"^\s*از\s+", "", text[:100])


# -- whole files


def sheet(name: str, text: str) -> Tables:
    """A survey that somebody wrote as a file of `content/surveys/`, its texts tidied; `name` stands in the faults.

    Raises `Faults` with every fault found; `Unprepared`.
    """
    tables = survey_sheet.tables_of_text(name, _FENCE.sub("", text.removeprefix("\ufeff")))
    mended: Tables = _mended(tables)
    survey_sheet.read_tables(name, mended)
    return mended


def written(tables: Tables) -> str:
    """The other way round: tables as the text of such a file."""
    parts = ["[survey]", *(f"{key} = {_value(value)}" for key, value in tables["survey"].items())]
    for record in tables["question"]:
        parts += ["", "[[question]]", *(f"{key} = {_value(value)}" for key, value in record.items())]
    return "\n".join(parts)


def _value(value: Any) -> str:  # noqa: ANN401 - whatever such tables hold
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(part)}" for key, part in value.items()) + " }"
    if isinstance(value, list):
        apart = ",\n  " if value and isinstance(value[0], dict) else ", "
        inside = apart.join(map(_value, value))
        return f"[\n  {inside},\n]" if apart != ", " else f"[{inside}]"
    return json.dumps(value, ensure_ascii=False)


def decoded(content: bytes) -> str:
    """Raises `CitizenError`: "file_big", "file_coding"."""
    if len(content) > FILE_BYTES:
        raise CitizenError("file_big", limit=FILE_BYTES // 1024)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CitizenError("file_coding") from None


_TEXTS: Final = frozenset({"title", "intro", "thanks", "text", "label", "words"})
"""The keys whose values people read."""
_DEEPEST: Final = 8
"""Nothing that is read stands deeper than this; a file may nest without end."""


def _mended(value: Any, key: str = "", depth: int = 0) -> Any:  # noqa: ANN401 - whatever a file holds
    if depth > _DEEPEST:
        return value
    if isinstance(value, dict):
        return {name: _mended(part, name, depth + 1) for name, part in value.items()}
    if isinstance(value, list):
        return [_mended(part, key, depth + 1) for part in value]
    return _safe(value) if isinstance(value, str) and key in _TEXTS else value


def _safe(text: str) -> str:
    """What is empty or too long stays, and is a fault."""
    try:
        return _print(typed.cleaned(text))
    except CitizenError:
        return text
