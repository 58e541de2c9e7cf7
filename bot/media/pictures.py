"""Pictures made anew: turned upright, of a sensible size, with nothing in them but what is seen.

Pillow is loaded with the first picture, and in the worker alone: whoever never gets one never pays for it.
"""

from __future__ import annotations

import errno
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from bot.media import jpeg
from bot.media.sort import Rejected

if TYPE_CHECKING:
    from PIL.Image import Image, Transpose

LONGEST_SIDE = 2560
PREVIEW_SIDE = 640
MOST_PIXELS = 40_000_000
"""Decoded whole: 120 MB, or 160 if it is transparent, and as much again while it is made smaller."""
MOST_WEBP_PIXELS = 24_000_000
"""Its decoder holds the canvas four times over, always with transparency."""
MOST_JPEG_PIXELS = 250_000_000
"""A JPEG is decoded at a fraction of its size, unless it is in several scans: those are held to the other limit."""
MOST_RATIO = 20
"""Longer ones are no photos to Telegram (core.telegram.org/bots/api#sendphoto)."""
ORIENTATION = 0x0112
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


def warm() -> None:
    """Load Pillow and what it needs for these formats."""
    from PIL import GifImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin  # noqa: F401, PLC0415 - see above


def redraw(source: Path, target: Path, preview: Path) -> tuple[int, int]:
    """Write the picture and its preview as JPEG; its (width, height). Of a moving picture the first frame.

    Raises `Rejected`: "pixels" before anything is decoded, "broken" if it cannot be.
    """
    from PIL import Image  # noqa: PLC0415 - see above

    try:
        Image.MAX_IMAGE_PIXELS = _most_pixels(source)
        with warnings.catch_warnings(action="error", category=Image.DecompressionBombWarning):
            return _redraw(source, target, preview)
    except Rejected:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Rejected("pixels") from None
    except Exception as error:  # a decoder fails in many ways
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise Rejected("broken") from error


def is_photo(width: int, height: int) -> bool:
    """Whether messengers show it as a photo."""
    return max(width, height) <= MOST_RATIO * min(width, height)


def _most_pixels(source: Path) -> int:
    """How many this file may have. Raises `Rejected` for a JPEG that its markers give away."""
    with source.open("rb") as opened:
        head = opened.read(12)
    if not head.startswith(b"\xff\xd8"):
        return MOST_WEBP_PIXELS if head.endswith(b"WEBP") else MOST_PIXELS
    try:
        costs = jpeg.look(source)
    except jpeg.TooMuch:
        raise Rejected("broken") from None
    most = MOST_PIXELS if costs.whole else MOST_JPEG_PIXELS
    if costs.width * costs.height > most:
        raise Rejected("pixels")
    return most


def _redraw(source: Path, target: Path, preview: Path) -> tuple[int, int]:
    from PIL import Image  # noqa: PLC0415 - see above

    with Image.open(source, formats=FORMATS) as opened:
        if opened.width * opened.height > (Image.MAX_IMAGE_PIXELS or 0):
            raise Rejected("pixels")
        turn = _turn(opened)
        fraction = LONGEST_SIDE / max(opened.size)
        opened.draft("RGB", (int(opened.width * fraction) or 1, int(opened.height * fraction) or 1))
        opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=None)  # with a gap it would undo the draft
        picture = _flat(opened if turn is None else opened.transpose(turn))
    was_drawn = opened.format in {"PNG", "GIF"}  # text and lines, which colours at half the size would blur
    picture.save(target, "JPEG", quality=85, subsampling=0 if was_drawn else 2)
    size = picture.size
    picture.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    picture.save(preview, "JPEG", quality=75)
    return size


def _turn(opened: Image) -> Transpose | None:
    """How the picture must be turned to stand upright, as its EXIF says. A broken EXIF is no reason to refuse it."""
    from PIL.Image import Transpose  # noqa: PLC0415 - as above

    turns = (
        None,
        Transpose.FLIP_LEFT_RIGHT,
        Transpose.ROTATE_180,
        Transpose.FLIP_TOP_BOTTOM,
        Transpose.TRANSPOSE,
        Transpose.ROTATE_270,
        Transpose.TRANSVERSE,
        Transpose.ROTATE_90,
    )
    try:
        told = opened.getexif().get(ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - read by hand from what a stranger wrote
        return None
    return turns[told - 1] if isinstance(told, int) and 1 <= told <= len(turns) else None


def _flat(picture: Image) -> Image:
    """The pixels alone, on white where they are transparent. A new picture: nothing of the old one hangs on to it."""
    from PIL import Image  # noqa: PLC0415 - as above

    if picture.has_transparency_data:
        above = picture.convert("RGBA")
        flat = Image.new("RGB", above.size, "white")
        flat.paste(above, mask=above.getchannel("A"))
        return flat
    flat = Image.new("RGB", picture.size)
    flat.paste(picture.convert("RGB"))
    return flat
