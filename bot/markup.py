"""Text with a little emphasis, in a form that belongs to no platform: spans. Each platform renders its own dialect.

Content is written with `**bold**` and `[title](https://…)`. Only content is ever read as markup: what a citizen wrote
enters as a field of a template, after the template was taken apart, and stays plain whatever it holds.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_MARK = re.compile(r"\*\*(?P<bold>[^*\n]+)\*\*|\[(?P<title>[^\]\n]+)\]\((?P<url>https?://[^)\s]+)\)")


class Span(NamedTuple):
    """A piece of text. `style`: "" plain, "b" bold, "a" a link to `url`. As JSON a list of two or three strings."""

    style: str
    text: str
    url: str = ""


Spans = tuple[Span, ...]


def spans(source: str) -> Spans:
    """Take marked-up content apart."""
    found: list[Span] = []
    at = 0
    for mark in _MARK.finditer(source):
        if mark.start() > at:
            found.append(Span("", source[at : mark.start()]))
        if mark["bold"]:
            found.append(Span("b", mark["bold"]))
        else:
            found.append(Span("a", mark["title"], mark["url"]))
        at = mark.end()
    if at < len(source):
        found.append(Span("", source[at:]))
    return tuple(found)


def plain(parts: Iterable[Span]) -> str:
    """The text alone, as somebody without any formatting reads it."""
    return "".join(part.text for part in parts)


def to_json(parts: Iterable[Span]) -> list[list[str]]:
    return [[part.style, part.text, part.url] if part.url else [part.style, part.text] for part in parts]


def from_json(stored: Sequence[Sequence[str]]) -> Spans:
    return tuple(Span(*part) for part in stored)
