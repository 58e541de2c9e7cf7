"""What a file is, told by its own bytes and never by what it is called or said to be.

Sources: the signatures of each format's specification; ISO/IEC 14496-12 for the brands of MP4; [MS-CFB] and
OASIS ODF 1.2 part 3 for office documents. Archives, programs and whatever is not in these tables is refused.
"""

import mmap
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from bot.media import films, frames
from bot.media.boxes import Broken

HEAD_BYTES = 4096
MOST_PARTS = 2000
"""Of an office document, which is an archive of small files."""


class Rejected(Exception):
    """A file that is not taken. `reason`: empty, big, kind, pixels or broken."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Sort:
    """A type of file. `kind`: photo, video, audio or document. `ending`: of its name, without the dot."""

    kind: str
    mime: str
    ending: str


PHOTO = Sort("photo", "image/jpeg", "jpg")  # whatever a picture was, it is kept as JPEG
PDF = Sort("document", "application/pdf", "pdf")
TXT = Sort("document", "text/plain", "txt")
CSV = Sort("document", "text/csv", "csv")
WEBM_VIDEO = Sort("video", "video/webm", "webm")
WEBM_AUDIO = Sort("audio", "audio/webm", "webm")
OGG = Sort("audio", "audio/ogg", "ogg")
MP3 = Sort("audio", "audio/mpeg", "mp3")
WAV = Sort("audio", "audio/wav", "wav")
AMR = Sort("audio", "audio/amr", "amr")
MP4 = Sort("video", "video/mp4", "mp4")
MOV = Sort("video", "video/quicktime", "mov")
GPP = Sort("video", "video/3gpp", "3gp")
M4A = Sort("audio", "audio/mp4", "m4a")

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
_PARTS = {
    "word/document.xml": Sort("document", f"{_OFFICE}wordprocessingml.document", "docx"),
    "xl/workbook.xml": Sort("document", f"{_OFFICE}spreadsheetml.sheet", "xlsx"),
}
_MIMES = {
    f"{_OPEN}text": Sort("document", f"{_OPEN}text", "odt"),
    f"{_OPEN}spreadsheet": Sort("document", f"{_OPEN}spreadsheet", "ods"),
}
_STREAMS = {
    "WordDocument": Sort("document", "application/msword", "doc"),
    "Workbook": Sort("document", "application/vnd.ms-excel", "xls"),
    "Book": Sort("document", "application/vnd.ms-excel", "xls"),
}
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
_STILL_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}
_ENTRY = b"PK\x01\x02"
MOST_TOLD = 1_000_000
_TYPES = "[Content_Types].xml"
_MACROS = re.compile(rb"macroEnabled|vbaProject|macrosheet", re.IGNORECASE)
_PROGRAM = re.compile(
    r"(?:^|/)(?:basic|scripts|macrosheets)(?:/|$)|vba(?:project|data)"
    r"|\.(?:exe|dll|com|scr|pif|cpl|msi|msix|jar|class|apk|bat|cmd|ps1|vbs|vbe|js|jse|wsf|wsh|hta|lnk|reg|sh|py)$",
    re.IGNORECASE,
)
"""Where LibreOffice and Office keep macros (ODF 1.2 part 3; [MS-OFFMACRO2]), and what the systems of desks run."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_TEXTS = {".txt": TXT, ".toml": TXT, ".csv": CSV}


def sort(file: Path, name: str) -> Sort:
    """Tell what the file is. Raises `Rejected`."""
    with file.open("rb") as opened:
        head = opened.read(HEAD_BYTES)
    if not head:
        raise Rejected("empty")
    found = _by_signature(head) or _by_structure(file, head) or _text(file, name)
    if found is None:
        raise Rejected("kind")
    return found


def _by_signature(head: bytes) -> Sort | None:
    if head.startswith(_PICTURES) or _riff(head, b"WEBP"):
        return PHOTO
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"OggS") and (b"OpusHead" in head or b"\x01vorbis" in head) and b"\x80theora" not in head:
        return OGG
    if _riff(head, b"WAVE"):
        return WAV
    if head.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return AMR
    return None


def _by_structure(file: Path, head: bytes) -> Sort | None:
    if head[4:8] == b"ftyp":
        return _film(file, head)
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return _webm(file, head)
    if head.startswith(b"PK\x03\x04"):
        return _zipped(file)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _compound(file)
    return MP3 if frames.is_mp3(file) else None


def _riff(head: bytes, form: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == form


def _film(file: Path, head: bytes) -> Sort | None:
    brand = head[8:12]
    if brand in _STILL_BRANDS:
        return None
    try:
        film = films.look(file)
    except Broken:
        raise Rejected("broken") from None
    if "vide" not in film.tracks:
        return M4A if "soun" in film.tracks else None
    if brand == b"qt  ":
        return MOV
    return GPP if brand.startswith(b"3g") else MP4


def _webm(file: Path, head: bytes) -> Sort | None:
    if b"webm" not in head[:64]:
        return None
    with file.open("rb") as opened:
        start = opened.read(256 * 1024)
    if b"V_VP" in start or b"V_AV1" in start:
        return WEBM_VIDEO
    return WEBM_AUDIO if b"A_OPUS" in start or b"A_VORBIS" in start else None


def _zipped(file: Path) -> Sort | None:
    """An office document without programs in it; any other archive is nothing."""
    if file.read_bytes().count(_ENTRY) > MOST_PARTS:  # before all of them are read
        return None
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            if any(_PROGRAM.search(name) for name in names) or _is_said_to_hold_macros(archive, names):
                return None
            if names[0] == "mimetype":
                with archive.open("mimetype") as told:  # no more of it, since it may unfold without end
                    return _MIMES.get(told.read(100).decode("ascii", "replace").strip())
            if _TYPES not in names:
                return None
            return next((found for part, found in _PARTS.items() if part in names), None)
    except (zipfile.BadZipFile, zlib.error, LookupError, ValueError, EOFError, OSError, RuntimeError):
        raise Rejected("broken") from None


def _is_said_to_hold_macros(archive: zipfile.ZipFile, names: list[str]) -> bool:
    """What the list of parts says, whatever the parts are called."""
    if _TYPES not in names:
        return False
    with archive.open(_TYPES) as told:
        said = told.read(MOST_TOLD + 1)
    return len(said) > MOST_TOLD or _MACROS.search(said.replace(b"\0", b"")) is not None  # it may be in UTF-16


def _compound(file: Path) -> Sort | None:
    """An old office document: its streams are named in UTF-16. An installer has the same signature and is refused."""
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find("_VBA_PROJECT".encode("utf-16-le")) >= 0:
            return None
        for stream, found in _STREAMS.items():
            if content.find(f"{stream}\0".encode("utf-16-le")) >= 0:
                return found
    return None


def _text(file: Path, name: str) -> Sort | None:
    """Text has no signature: its name must say so, and every byte of it must bear it out."""
    found = _TEXTS.get(Path(name).suffix.lower())
    if found is None:
        return None
    content = file.read_bytes()
    coding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(coding)
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1256")  # what older Windows programs write Persian in
        except UnicodeDecodeError:
            return None
    return None if _CONTROL.search(text) or text.startswith(("#!", "MZ")) else found
