"""Telegram's HTML as its server reads it: plain text with entities, or a refusal. No Markdown."""

import html
import re

from tests.botapi.answers import JSON, ApiError

_TOKEN = re.compile(
    r"""<(?:[^>"']|"[^"]*"|'[^']*')*>?"""
    r"|&(?:lt|gt|amp|quot|\#\d+|\#x[0-9a-fA-F]+);"
    r"|[^<&]+|&"
)
_TAG = re.compile(r"<(/?)([^\s>/]*)([^>]*)>")
_HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))""")
_KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
}  # fmt: skip


def units(text: str) -> int:
    """Length in UTF-16 units, in which entities are counted."""
    return len(text) + sum(character > "\uffff" for character in text)


def rendered(source: str) -> tuple[str, list[JSON]]:
    """What the citizen sees of this HTML, and the entities over it."""
    reader = _Reader(source)
    for token in _TOKEN.finditer(source):
        reader.take(token[0], token.start())
    if reader.open:
        raise _refused(f'Can\'t find end tag corresponding to start tag "{reader.open[-1][0]}"')
    return "".join(reader.parts), sorted(reader.entities, key=lambda e: (e["offset"], -e["length"]))


def trimmed(text: str, entities: list[JSON]) -> tuple[str, list[JSON]]:
    """Telegram cuts white space off both ends of a message; the entities move along."""
    kept = text.strip()
    if len(kept) == len(text):
        return text, entities
    lead = units(text[: len(text) - len(text.lstrip())])
    end = units(kept)
    moved: list[JSON] = []
    for entity in entities:
        first = max(entity["offset"] - lead, 0)
        last = min(entity["offset"] + entity["length"] - lead, end)
        if last > first:
            moved.append({**entity, "offset": first, "length": last - first})
    return kept, moved


class _Reader:
    """Walks over text and tags and remembers which are open."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.parts: list[str] = []
        self.entities: list[JSON] = []
        self.open: list[tuple[str, int, str]] = []
        self.length = 0

    def take(self, token: str, start: int) -> None:
        if not token.startswith("<"):
            plain = html.unescape(token) if token.endswith(";") and token.startswith("&") else token
            self.parts.append(plain)
            self.length += units(plain)
            return
        tag = _TAG.fullmatch(token)
        if tag is None:
            raise self._refused_at("Unclosed start tag", start)
        if tag[1]:
            self._close(tag[2].lower(), start)
        else:
            self._begin(tag, start)

    def _begin(self, tag: re.Match[str], start: int) -> None:
        name = tag[2].lower()
        if name not in _KINDS:
            raise self._refused_at(f'Unsupported start tag "{name}"', start)
        href = _HREF.search(tag[3])
        address = html.unescape(next((group for group in href.groups() if group), "")) if href else ""
        self.open.append((name, self.length, address))

    def _close(self, name: str, start: int) -> None:
        if not self.open:
            raise self._refused_at("Unexpected end tag", start)
        opened, offset, address = self.open.pop()
        if name != opened:
            where = f"Unmatched end tag at byte offset {self._bytes(start)}"
            raise _refused(f'{where}, expected "</{opened}>", found "</{name}>"')
        entity: JSON = {"type": _KINDS[name], "offset": offset, "length": self.length - offset}
        if name == "a":
            entity["url"] = address
        # A link without an address is shown as plain text.
        if entity["length"] and entity.get("url", "-"):
            self.entities.append(entity)

    def _bytes(self, start: int) -> int:
        return len(self.source[:start].encode())

    def _refused_at(self, why: str, start: int) -> ApiError:
        return _refused(f"{why} at byte offset {self._bytes(start)}")


def _refused(why: str) -> ApiError:
    return ApiError(400, f"Bad Request: can't parse entities: {why}")
