"""A document for reading: one page from right to left, with nothing in it that acts or is fetched from elsewhere."""

from collections.abc import Iterable
from html import escape
from typing import Final

_STYLE: Final = """
body { font: 1rem/1.9 Vazirmatn, Tahoma, sans-serif; max-width: 42rem; margin: 0 auto; padding: 1rem; color: #1b1b1b }
h1 { font-size: 1.4rem } h2 { font-size: 1.15rem; margin-top: 2rem; border-bottom: 1px solid #ccc }
p { white-space: pre-line; overflow-wrap: anywhere; margin: .6rem 0 }
"""
_PAGE: Final = """<!doctype html>
<html lang="fa" dir="rtl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


class Sheet:
    """A document that grows. Whatever is put into it is text, and stays text."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._parts: list[str] = []

    def add(self, heading: str, paragraphs: Iterable[str]) -> None:
        """A section."""
        self._parts.append(f"<h2>{escape(heading)}</h2>")
        self.say(paragraphs)

    def say(self, paragraphs: Iterable[str]) -> None:
        """Each begins at the right or at the left as its own first letter wants it."""
        self._parts += [f'<p dir="auto">{escape(text.strip())}</p>' for text in paragraphs if text.strip()]

    def html(self) -> str:
        """All of it."""
        return _PAGE.format(title=escape(self._title), style=_STYLE, body="\n".join(self._parts))
