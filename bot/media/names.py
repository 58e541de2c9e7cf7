"""Names of files as strangers give them, made harmless: no path, no hidden characters, the ending of the real type."""

import re
import unicodedata

LONGEST = 80
_SIGNS = re.compile(r'[<>:"|?*%;`$&]+')
_JOINER = "\u200c"  # the half-space of Persian words: the one hidden character that a name may hold


def neutral(name: str, ending: str) -> str:
    """The name as it may be shown and saved. `ending` without its dot; what stood there before is taken off."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(char if _is_seen(char) else " " if char.isspace() else "" for char in last)
    stem = " ".join(_SIGNS.sub(" ", seen).split())
    # Every ending goes, not the last one only: «photo.jpg.exe» must not become «photo.jpg.png».
    while (found := re.fullmatch(r"(.+)\.[A-Za-z0-9]{1,5}", stem)) is not None:
        stem = found[1]
    stem = stem.strip(f". _-{_JOINER}")[:LONGEST].rstrip() or "file"
    return f"{stem}.{ending}"


def _is_seen(char: str) -> bool:
    """Letters, signs and half-spaces; neither control characters nor those that turn the direction of writing."""
    return char == _JOINER or unicodedata.category(char)[0] not in "CZ" or char == " "
