"""Words: everything that is said is in the content, and nothing there is unsaid. How it reads: `test_facts.py`."""

import ast
import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from bot.loading import ROOT

# Which table of the content a call takes its key from, and which of its arguments are not fields.
CALLS = {
    "say": ("texts", {"keyboard", "files", "logical"}),
    "alert": ("texts", set[str]()),
    "button": ("buttons", {"action", "argument"}),
    "chose": ("buttons", set[str]()),
    "text": ("texts", set[str]()),
    "CitizenError": ("errors", set[str]()),
}

ANY_FIELDS = "**"
"""Given as a dictionary: which they are is not seen from here."""


@dataclass(frozen=True)
class Said:
    """One place where something is said: patterns of the keys it may be, and the fields it gives."""

    talk: str
    table: str
    keys: tuple[str, ...]
    fields: frozenset[str]
    where: str


def content_of(name: str, root: Path = ROOT) -> dict[str, Any]:
    return tomllib.loads((root / "content" / f"{name}.toml").read_text(encoding="utf-8"))


def patterns(node: ast.expr, names: dict[str, ast.expr]) -> tuple[str, ...]:
    """The keys an expression may be, as regular expressions."""
    if isinstance(node, ast.Constant):
        return (re.escape(str(node.value)),)
    if isinstance(node, ast.IfExp):
        return (*patterns(node.body, names), *patterns(node.orelse, names))
    if isinstance(node, ast.JoinedStr):
        parts = (re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"\w+" for p in node.values)
        return ("".join(parts),)
    return patterns(names[node.id], names) if isinstance(node, ast.Name) and node.id in names else ()


def said_in(file: Path, talk: str, only: Collection[str] | None = None) -> Iterator[Said]:
    """Everything a module says, or these functions of it."""
    for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) or (
            only is not None and function.name not in only
        ):
            continue
        names = {
            target.id: node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        if any(ast.unparse(decorator) == "talk.room" for decorator in function.decorator_list):
            yield Said(talk, "buttons", ("room",), frozenset(), f"{talk}.py:{function.lineno}")
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and node.args:
                said = said_by(node, names, talk)
                if said is not None:
                    yield said


def said_by(call: ast.Call, names: dict[str, ast.expr], talk: str) -> Said | None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    where = f"{talk}.py:{call.lineno}"
    if name == "link":
        owner, key = (str(ast.literal_eval(argument)) for argument in call.args[:2])
        return Said(owner, "buttons", (re.escape(key),), frozenset(), where)
    if name == "name_of":
        return Said("staff", "buttons", ("nameless",), frozenset({"number"}), where)
    if name not in CALLS or (isinstance(call.func, ast.Attribute) and is_registration(call.func)):
        return None
    table, others = CALLS[name]
    fields = frozenset(ANY_FIELDS if keyword.arg is None else keyword.arg for keyword in call.keywords) - others
    return Said(talk, table, patterns(call.args[0], names), fields, where)


def is_registration(function: ast.Attribute) -> bool:
    """`talk.button("open")` names an action, not a label."""
    return isinstance(function.value, ast.Name) and function.value.id == "talk"


def services_of(handler: Path) -> list[Path]:
    """The services a handler imports: what they refuse is said in the handler's words."""
    tree = ast.parse(handler.read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "bot.services"]
    return [ROOT / "bot" / "services" / f"{alias.name}.py" for node in found for alias in node.names]


def called_in(handler: Path, service: Path) -> set[str]:
    """The functions of a service that a handler calls, and those which these call in turn."""
    return reached_from(service, of_module(ast.parse(handler.read_text(encoding="utf-8")), service))


def of_module(tree: ast.AST, service: Path) -> set[str]:
    """What is used of a service somewhere."""
    used = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    return {node.attr for node in used if ast.unparse(node.value) == service.stem}


def refused_beneath(handler: Path) -> set[str]:
    """Patterns of the errors of services that a handler reaches through its own ones: they may come up to it."""
    found: set[str] = set()
    for service in services_of(handler):
        reached = called_in(handler, service)
        tree = ast.parse(service.read_text(encoding="utf-8"))
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in reached]
        for other in services_of(service):
            names = {name for function in functions for name in of_module(function, other)}
            said = said_in(other, handler.stem, reached_from(other, names))
            found |= {key for one in said if one.table == "errors" for key in one.keys}
    return found


def reached_from(service: Path, ahead: set[str]) -> set[str]:
    """These functions of a service, and those which they call in turn."""
    tree = ast.parse(service.read_text(encoding="utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    reached: set[str] = set()
    while ahead:
        name = ahead.pop()
        if name in functions and name not in reached:
            reached.add(name)
            ahead |= {node.id for node in ast.walk(functions[name]) if isinstance(node, ast.Name)}
    return reached


def all_said(root: Path) -> list[Said]:
    services = ROOT / "bot" / "services"
    found = [*said_in(services / "cards.py", "case"), *said_in(services / "contents.py", "announced", {"keyboard"})]
    found += said_in(services / "announcement_words.py", "announcements")
    found += said_in(services / "invitations.py", "survey", {"wording", "actions"})
    found += said_in(services / "responses.py", "survey")
    found += said_in(services / "survey_words.py", "survey_results")
    found += said_in(services / "survey_answers.py", "survey_results")
    found += said_in(ROOT / "bot" / "exporting.py", "survey_results")
    found += said_in(services / "sheet_faults.py", "survey_import")
    found += said_in(services / "survey_outline.py", "survey_edit")
    found += said_in(ROOT / "bot" / "sheet_runner.py", "survey_import")
    found += said_in(services / "survey_typing.py", "survey_import", {"decoded"})
    for handler in sorted((root / "handlers").glob("*.py")):
        found += said_in(handler, handler.stem)
        for service in services_of(handler):
            found += said_in(service, handler.stem, called_in(handler, service))
    return found


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def faults_of_words(root: Path) -> list[str]:
    """Where code and content disagree on what is said."""
    faults = []
    heard: set[tuple[str, str, str]] = set()
    for said in all_said(root):
        table = content_of(said.talk, root).get(said.table, {})
        keys = [key for key in table if any(re.fullmatch(pattern, key) for pattern in said.keys)]
        heard |= {(said.talk, said.table, key) for key in keys}
        if any(not any(re.fullmatch(pattern, key) for key in table) for pattern in said.keys) or not said.keys:
            faults.append(f"{said.where}: {said.table} has no {said.keys}")
        wanted = set().union(*(fields_of(table[key]) for key in keys)) if keys else set()
        if ANY_FIELDS not in said.fields and wanted != said.fields:
            faults.append(f"{said.where}: {keys} has the fields {wanted}, given are {set(said.fields)}")
    for handler in sorted((root / "handlers").glob("[!_]*.py")):
        words = content_of(handler.stem, root)
        beneath = refused_beneath(handler)
        for table in ("texts", "buttons", "errors"):
            unsaid = [key for key in words.get(table, {}) if (handler.stem, table, key) not in heard]
            unsaid = [key for key in unsaid if table != "errors" or not any(re.fullmatch(one, key) for one in beneath)]
            faults += [f"content/{handler.stem}.toml: {table}.{key}: nobody says it" for key in unsaid]
    return faults


def test_what_conversations_say_is_in_their_content_and_nothing_else_is() -> None:
    assert len(all_said(ROOT)) > 25
    assert faults_of_words(ROOT) == []


@pytest.mark.parametrize(
    ("content", "services"),
    [("survey_ends", ["poll_ends"]), ("occasion_notices", ["occasion_notices", "event_notices"])],
)
def test_what_jobs_say_is_in_their_content_and_nothing_else_is(content: str, services: list[str]) -> None:
    """These words belong to no conversation."""
    files = [ROOT / "bot" / "services" / f"{name}.py" for name in services]
    said = [one for file in files for one in said_in(file, content)]
    for table in ("texts", "buttons"):
        words = content_of(content)[table]
        unsaid = set(words)
        for one in (one for one in said if one.table == table):
            keys = [key for key in words if any(re.fullmatch(pattern, key) for pattern in one.keys)]
            assert keys, one
            assert set().union(*(fields_of(words[key]) for key in keys)) <= one.fields, one
            unsaid -= set(keys)
        assert unsaid == set()


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("content/privacy.toml", "{messages}", "{count}", "has the fields"),
        ("content/menu.toml", "stale =", "old =", "has no"),
        ("content/menu.toml", "[texts]", '[texts]\nextra = "x"', "texts.extra: nobody says it"),
        ("handlers/ask.py", '"did_you_mean"', '"do_you_mean"', "has no"),
    ],
)
def test_the_check_sees_what_is_renamed(tmp_path: Path, file: str, old: str, new: str, fault: str) -> None:
    for folder in ("handlers", "content"):
        (tmp_path / folder).mkdir()
        for path in (ROOT / folder).glob("*.*"):
            text = path.read_text(encoding="utf-8")
            changed = text.replace(old, new) if f"{folder}/{path.name}" == file else text
            (tmp_path / folder / path.name).write_text(changed, encoding="utf-8")

    assert any(fault in found for found in faults_of_words(tmp_path))


def test_what_operators_are_told_is_in_its_content_and_nothing_else_is() -> None:
    given: dict[str, set[str]] = {}
    names = ("alarms", "watch", "outage", "delivery", "switchboard", "groups")
    files = [ROOT / "bot" / f"{name}.py" for name in names]
    for file in (*files, ROOT / "scheduler.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            for key, fields in told_by(node):
                given.setdefault(key, set()).update(fields)
    texts = {key: fields_of(text) for key, text in content_of("alarms")["texts"].items()}

    assert set(texts) == set(given)
    assert {key: fields - given[key] for key, fields in texts.items() if fields - given[key]} == {}


def told_by(node: ast.AST) -> Iterator[tuple[str, set[str]]]:
    """The texts of one call, each with the fields it may show."""
    if not isinstance(node, ast.Call):
        return
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    keys = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    fields = {str(keyword.arg) for keyword in node.keywords}
    end = {"subject", "since", "minutes", "count"}
    if name == "Finding" and keys:
        shown = {str(ast.literal_eval(key)) for d in node.args if isinstance(d, ast.Dict) for key in d.keys if key}
        yield from ((keys[0], {"subject", "since"} | shown), (f"{keys[0]}_over", end))
    elif name in {"begin", "began"}:
        yield from (pair for key in keys for pair in ((key, {"subject", "since"} | fields), (f"{key}_over", end)))
    elif name == "count":
        yield from ((key, {"subject"} | fields) for key in keys)
        yield from ((f"{key}_{more}", end - {"minutes"}) for key in keys for more in ("more", "over"))
    elif name in {"write", "text", "words"}:
        yield from ((key, fields) for key in keys)


def test_the_page_says_every_word_of_its_content_and_only_those() -> None:
    words = content_of("page")["texts"]
    sources = [*(ROOT / "web").rglob("*.py"), *(ROOT / "web").rglob("*.html"), *(ROOT / "web").rglob("*.js")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)

    assert [key for key in words if not re.search(rf"\b{key.removeprefix('error_')}\b", code)] == []
    assert [key for key in re.findall(r"\bwords\.(\w+)", code) if key not in words and key != "error_"] == []
