"""Files of strangers: told by what they are, cleaned of what they tell, kept once."""

import os
import subprocess
import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.config import ROOT
from bot.media import Cleaned, Rejected, Shelf, films, neutral
from tests import bombs, films_told, samples

ODF = "application/vnd.oasis.opendocument."
MACROS = b'<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
TOLD = (samples.HERE, samples.OWNER.encode(), b"Exif", b"xmpmeta")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "media")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "came"


def put(shelf: Shelf, source: Path, content: bytes, name: str = "", kind: str | None = None) -> Cleaned:
    source.write_bytes(content)
    return shelf.put(source, name=name, kind=kind)


def reason(shelf: Shelf, source: Path, content: bytes, name: str = "") -> str:
    with pytest.raises(Rejected) as caught:
        put(shelf, source, content, name)
    assert not [file for file in shelf.folder.rglob("*") if file.is_file()], "something was kept"
    return caught.value.reason


# Told apart


@pytest.mark.parametrize(
    ("content", "kind", "mime", "ending"),
    [
        (samples.jpeg(), "photo", "image/jpeg", "jpg"),
        (samples.png(), "photo", "image/jpeg", "jpg"),
        (samples.png(mode="P"), "photo", "image/jpeg", "jpg"),
        (samples.other("WEBP"), "photo", "image/jpeg", "jpg"),
        (samples.other("GIF"), "photo", "image/jpeg", "jpg"),
        (samples.film(), "video", "video/mp4", "mp4"),
        (samples.film(b"qt  "), "video", "video/quicktime", "mov"),
        (samples.film(b"3gp4"), "video", "video/3gpp", "3gp"),
        (samples.film(b"M4A ", (b"soun",)), "audio", "audio/mp4", "m4a"),
        (samples.webm(), "video", "video/webm", "webm"),
        (samples.webm(b"A_OPUS"), "audio", "audio/webm", "webm"),
        (samples.ogg(), "audio", "audio/ogg", "ogg"),
        (samples.mp3(), "audio", "audio/mpeg", "mp3"),
        (samples.mp3(b"a tag of some length"), "audio", "audio/mpeg", "mp3"),
        (samples.wav(), "audio", "audio/wav", "wav"),
        (b"#!AMR\n" + bytes(50), "audio", "audio/amr", "amr"),
        (samples.PDF, "document", "application/pdf", "pdf"),
        (samples.compound("WordDocument"), "document", "application/msword", "doc"),
        (samples.compound("Workbook"), "document", "application/vnd.ms-excel", "xls"),
    ],
)
def test_a_file_is_what_its_bytes_say(
    shelf: Shelf, source: Path, content: bytes, kind: str, mime: str, ending: str
) -> None:
    found = put(shelf, source, content, "برنامه.exe")

    assert (found.kind, found.mime, found.name) == (kind, mime, f"برنامه.{ending}")
    assert shelf.path(found.hash).stat().st_size == found.size


@pytest.mark.parametrize(
    ("names", "mimetype", "ending"),
    [
        (("[Content_Types].xml", "word/document.xml"), "", "docx"),
        (("[Content_Types].xml", "xl/workbook.xml"), "", "xlsx"),
        ((), "application/vnd.oasis.opendocument.text", "odt"),
        ((), "application/vnd.oasis.opendocument.spreadsheet", "ods"),
    ],
)
def test_an_office_document_is_told_by_its_parts(
    shelf: Shelf, source: Path, names: tuple[str, ...], mimetype: str, ending: str
) -> None:
    assert put(shelf, source, samples.archive(*names, mimetype=mimetype), "a.zip").name == f"a.{ending}"


@pytest.mark.parametrize("name", ["گزارش.txt", "جدول.csv"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
def test_text_is_taken_where_name_and_bytes_agree(shelf: Shelf, source: Path, name: str, coding: str) -> None:
    found = put(shelf, source, "چاله خيابان پيروزي\n".encode(coding), name)

    assert (found.kind, found.name) == ("document", name)


def test_what_is_written_for_programs_is_kept_as_plain_text(shelf: Shelf, source: Path) -> None:
    found = put(shelf, source, 'title = "بوستان"\n'.encode(), "نظرسنجی.toml")

    assert (found.kind, found.mime, found.name) == ("document", "text/plain", "نظرسنجی.txt")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (samples.PROGRAM, "photo.jpg"),
        (samples.PROGRAM, "a.txt"),
        (b"#!/bin/sh\nrm -rf /\n", "a.txt"),
        (b"<html><script>alert(1)</script>", "photo.jpg"),
        (samples.archive("a.jpg"), "a.docx"),
        (samples.archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "a.docx"),
        (samples.archive(mimetype="application/java-archive"), "a.odt"),
        (samples.archive("Basic/Standard/Module1.xml", "Basic/script-lc.xml", mimetype=ODF + "spreadsheet"), "a.ods"),
        (samples.archive("Scripts/python/evil.py", mimetype=ODF + "text"), "a.odt"),
        (samples.archive("[Content_Types].xml", "word/document.xml", "setup.EXE"), "a.docx"),
        (samples.archive("[Content_Types].xml", "xl/workbook.xml", "xl/macrosheets/sheet1.xml"), "a.xlsx"),
        (samples.archive("[Content_Types].xml", "word/document.xml", types=MACROS), "a.docx"),
        (samples.archive("[Content_Types].xml", "word/document.xml", types=MACROS.decode().encode("utf-16")), "a.docx"),
        (bombs.archive_of_nothing(400_000), "a.docx"),
        (samples.compound("WordDocument", "_VBA_PROJECT"), "a.doc"),
        (samples.compound("SummaryInformation"), "setup.msi"),
        (samples.film(b"heic"), "IMG_1.HEIC"),
        (samples.film(tracks=()), "a.mp4"),
        (samples.other("TIFF"), "a.jpg"),
        (samples.other("BMP"), "a.bmp"),
        (b"GIF88a nearly", "a.gif"),
        (b"\xff\xfb\x90\x00" + b"one frame is none", "a.mp3"),
        (b"Rar!\x1a\x07\x00", "a.rar"),
        (b"text\0with a hole", "a.txt"),
        (b"no name says that this is text", ""),
    ],
)
def test_what_is_none_of_these_is_refused_whatever_it_is_called(
    shelf: Shelf, source: Path, content: bytes, name: str
) -> None:
    assert reason(shelf, source, content, name) == "kind"


@pytest.mark.parametrize(
    "content",
    [
        samples.jpeg()[:400],
        b"\x89PNG\r\n\x1a\n and nothing",
        samples.film()[:-3],
        samples.film() + samples.archive("evil.class"),
        samples.archive("[Content_Types].xml", "word/document.xml")[:-40],
    ],
)
def test_what_is_cut_off_or_has_something_hung_on_to_it_is_broken(shelf: Shelf, source: Path, content: bytes) -> None:
    assert reason(shelf, source, content, "a") == "broken"


def test_nothing_and_too_much_are_refused(shelf: Shelf, source: Path) -> None:
    shelf.most_bytes = 1000

    assert reason(shelf, source, b"") == "empty"
    assert reason(shelf, source, samples.wav()) == "big"


@given(content=st.binary(max_size=400), start=st.sampled_from([b"", samples.film(), samples.ogg(), b"\xff\xd8\xff"]))
def test_no_bytes_do_anything_but_be_kept_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, start: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any")
    with suppress(Rejected):
        put(Shelf(folder / "media"), folder / "came", start + content, "a.txt")


# Pictures


def opened(shelf: Shelf, content: str) -> Image.Image:
    return Image.open(BytesIO(shelf.path(content).read_bytes()))


def test_a_photo_tells_nothing_but_what_is_seen(shelf: Shelf, source: Path) -> None:
    sent = samples.telling_jpeg()
    assert all(told in sent for told in TOLD)

    found = put(shelf, source, sent, "IMG_1.jpg")

    assert found.preview is not None
    for content in (found.hash, found.preview):
        kept = shelf.path(content).read_bytes()
        picture = Image.open(BytesIO(kept))
        assert not dict(picture.getexif())
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not [told for told in TOLD if told in kept]


def test_what_is_hung_on_to_a_picture_is_gone_with_the_rest(shelf: Shelf, source: Path) -> None:
    found = put(shelf, source, samples.jpeg() + samples.archive("evil.class"))

    assert b"evil" not in shelf.path(found.hash).read_bytes()


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [(1, (80, 40), (5, 20)), (3, (80, 40), (75, 20)), (6, (40, 80), (20, 5)), (8, (40, 80), (20, 75))],
)
def test_a_photo_stands_upright(
    shelf: Shelf, source: Path, orientation: int, size: tuple[int, int], red_at: tuple[int, int]
) -> None:
    found = put(shelf, source, samples.telling_jpeg(orientation))

    pixel = opened(shelf, found.hash).getpixel(red_at)
    assert (found.width, found.height) == opened(shelf, found.hash).size == size
    assert isinstance(pixel, tuple)
    assert pixel[0] > 150 > pixel[2]


def test_a_photo_is_of_a_sensible_size_and_has_a_preview(shelf: Shelf, source: Path) -> None:
    found = put(shelf, source, samples.jpeg(5000, 3000))

    assert (found.width, found.height) == (2560, 1536)
    assert found.preview is not None
    assert opened(shelf, found.preview).size == (640, 384)


def test_a_picture_that_no_messenger_shows_as_a_photo_is_a_document(shelf: Shelf, source: Path) -> None:
    assert put(shelf, source, samples.jpeg(2100, 100)).kind == "document"


def test_what_is_transparent_becomes_white(shelf: Shelf, source: Path) -> None:
    found = put(shelf, source, samples.png())

    assert opened(shelf, found.hash).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("size", [(50_000, 50_000), (2_000_000, 100)])
def test_a_bomb_is_refused_before_it_is_decoded(shelf: Shelf, source: Path, size: tuple[int, int]) -> None:
    tracemalloc.start()
    assert reason(shelf, source, samples.png_that_claims(*size)) == "pixels"
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 5_000_000


def test_a_jpeg_in_several_scans_is_held_to_the_limit_of_what_is_decoded_whole(
    shelf: Shelf, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.media.pictures.MOST_PIXELS", 1000)

    assert put(shelf, source, samples.jpeg()).kind == "photo"
    for whole in (samples.jpeg(progressive=True), bombs.jpeg_in_parts()):
        with pytest.raises(Rejected, match="pixels"):
            put(shelf, source, whole)


def test_a_webp_is_held_to_fewer_pixels(shelf: Shelf, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.media.pictures.MOST_WEBP_PIXELS", 1000)

    assert reason(shelf, source, samples.other("WEBP")) == "pixels"


def test_scans_and_segments_of_real_cameras_are_no_bomb(shelf: Shelf, source: Path) -> None:
    assert put(shelf, source, bombs.jpeg_of_scans(20)).kind == "photo"
    assert put(shelf, source, bombs.jpeg_of_segments(300, b"http://ns.adobe.com/xmp/extension/\0")).kind == "photo"


MEMORY = """
import resource, sys
from pathlib import Path
from bot.media import Shelf
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(Shelf(Path(sys.argv[1])).put(Path(sys.argv[2]), name="a.jpg").width)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("size", [(12_000, 8_500), (40_000, 5_119)])
def test_a_photo_of_very_many_pixels_needs_little_memory(shelf: Shelf, source: Path, size: tuple[int, int]) -> None:
    source.write_bytes(samples.jpeg(*size))

    told = subprocess.run(
        [sys.executable, "-c", MEMORY, shelf.folder, source], cwd=ROOT, capture_output=True, text=True, check=True
    )

    width, megabytes = map(int, told.stdout.split())
    assert width == 2560
    assert megabytes < 150  # decoded whole it would take 300


# Films and sounds


def test_a_film_does_not_tell_where_it_was_taken(shelf: Shelf, source: Path) -> None:
    sent = samples.film()
    assert sent.count(samples.HERE) == 7

    found = put(shelf, source, sent, "VID_1.mp4")

    kept = shelf.path(found.hash).read_bytes()
    assert samples.HERE not in kept
    assert len(kept) == len(sent)
    assert kept.endswith(sent[-14:])
    assert films.look(shelf.path(found.hash)).tracks == {"vide", "soun"}
    assert (found.width, found.height, found.seconds) == (640, 360, 3)


def test_a_track_that_is_neither_seen_nor_heard_is_taken_out(shelf: Shelf, source: Path) -> None:
    found = put(shelf, source, samples.film(tracks=(b"vide", b"meta")))

    assert films.look(shelf.path(found.hash)).tracks == {"vide"}


@pytest.mark.parametrize("made", films_told.HIDDEN.values(), ids=list(films_told.HIDDEN))
def test_where_the_camera_went_is_gone_wherever_it_was_hidden(shelf: Shelf, source: Path, made: bytes) -> None:
    assert samples.HERE in made

    found = put(shelf, source, made)

    kept = shelf.path(found.hash).read_bytes()
    assert samples.HERE not in kept
    assert kept.count(films_told.FRAMES) == 1
    assert (len(kept), films.look(shelf.path(found.hash)).tracks) == (len(made), {"vide"})


@pytest.mark.parametrize("sizes", [b"stsz", 4, 8, 16])
def test_where_the_camera_went_is_wiped_out_of_the_frames(shelf: Shelf, source: Path, sizes: bytes | int) -> None:
    sent = films_told.between_the_frames(sizes)
    found = put(shelf, source, sent)

    kept = shelf.path(found.hash).read_bytes()
    assert samples.HERE not in kept
    assert kept.endswith(b"before" + bytes(len(samples.HERE)) + b"behind")
    assert len(kept) == len(sent)


def test_what_cannot_be_judged_is_broken(shelf: Shelf, source: Path) -> None:
    """Nobody knows what a track is that leads out of the film, nor what else stands among its fragments."""
    assert reason(shelf, source, films_told.leading_out()) == "broken"
    assert reason(shelf, source, films_told.in_fragments(b"meta")) == "broken"
    assert reason(shelf, source, bombs.film_of_boxes(60_000)) == "broken"


def test_sound_of_quicktime_stays_whole_though_its_table_counts_moments(shelf: Shelf, source: Path) -> None:
    found = put(shelf, source, films_told.plain_sound())

    assert shelf.path(found.hash).read_bytes().endswith(films_told.SOUND + bytes(len(samples.HERE)))


def test_a_film_in_fragments_stays_whole(shelf: Shelf, source: Path) -> None:
    sent = films_told.in_fragments()
    assert sent.count(samples.HERE) == 3

    kept = shelf.path(put(shelf, source, sent).hash).read_bytes()

    assert samples.HERE not in kept
    assert kept.endswith(films_told.FRAMES)
    assert b"trun" in kept


@pytest.mark.parametrize(
    ("content", "seconds"), [(samples.ogg(7), 7), (samples.wav(2), 2), (samples.film(b"M4A ", (b"soun",)), 3)]
)
def test_a_sound_says_how_long_it_is_and_a_voice_is_a_sound(
    shelf: Shelf, source: Path, content: bytes, seconds: int
) -> None:
    found = put(shelf, source, content, "a", "voice")

    assert (found.kind, found.seconds) == ("voice", seconds)


def test_only_a_sound_is_a_voice(shelf: Shelf, source: Path) -> None:
    assert put(shelf, source, samples.jpeg(), "a", "voice").kind == "photo"


# Names


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("عکس خیابان.jpg", "عکس خیابان.png"),
        ("می‌خواهم.jpeg", "می‌خواهم.png"),
        ("../../etc/passwd", "passwd.png"),
        ("C:\\Windows\\system32\\cmd.exe", "cmd.png"),
        ("photo.jpg.exe", "photo.png"),
        ("tneserp\u202egpj.exe", "tneserpgpj.png"),
        ("a\r\nSet-Cookie: x.jpg", "a Set-Cookie x.png"),
        ("<script>.html", "script.png"),
        ("....", "file.png"),
        ("", "file.png"),
        ("\0\x1b[31m", "[31m.png"),
        ("و" * 300 + ".jpg", "و" * 80 + ".png"),
    ],
)
def test_a_name_is_made_harmless(given_name: str, shown: str) -> None:
    assert neutral(given_name, "png") == shown


@given(st.text())
def test_no_name_leads_elsewhere_or_hides_anything(name: str) -> None:
    found = neutral(name, "pdf")

    assert found.endswith(".pdf")
    assert not set(found) & set('/\\\r\n\0\u202e\u2066"<>')
    assert 4 < len(found.encode()) <= 400


# The shelf


def test_the_same_content_stands_there_once(shelf: Shelf, source: Path) -> None:
    first, again = put(shelf, source, samples.PDF, "a.pdf"), put(shelf, source, samples.PDF, "b.pdf")

    assert first.hash == again.hash
    assert [file for file in shelf.folder.rglob("*") if file.is_file()] == [shelf.path(first.hash)]


def test_many_may_put_the_same_at_once(shelf: Shelf, source: Path) -> None:
    source.write_bytes(samples.telling_jpeg())
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: shelf.put(source, name="a.jpg"), range(32)))

    assert len(set(found)) == 1
    assert opened(shelf, found[0].hash).size == (80, 40)


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o640), (0o027, 0o640), (0o007, 0o660), (0o077, 0o600)])
def test_nobody_but_the_service_and_its_group_may_read_a_file(
    shelf: Shelf, source: Path, umask: int, mode: int
) -> None:
    before = os.umask(umask)
    try:
        photo, paper = put(shelf, source, samples.jpeg()), put(shelf, source, samples.PDF)
    finally:
        os.umask(before)

    files = [shelf.path(content) for content in (photo.hash, photo.preview or "", paper.hash)]
    assert {file.stat().st_mode & 0o777 for file in files} == {mode}
    assert not [path for path in shelf.folder.rglob("*") if path.stat().st_mode & 0o007]


def age(shelf: Shelf, *contents: str) -> None:
    for content in contents:
        os.utime(shelf.path(content), (1, 1))


def abandoned(shelf: Shelf) -> dict[str, int]:
    return {content: when for folder in shelf.abandoned() for content, when in folder}


def test_only_what_has_stood_for_an_hour_may_be_thrown_away(shelf: Shelf, source: Path) -> None:
    old, new = put(shelf, source, samples.PDF), put(shelf, source, samples.PDF + b"%")
    age(shelf, old.hash)

    assert set(abandoned(shelf)) == {old.hash}
    assert shelf.throw_away(old.hash, abandoned(shelf)[old.hash])
    assert not shelf.path(old.hash).exists()
    assert shelf.path(new.hash).exists()


def test_what_is_put_down_again_at_that_moment_stays(shelf: Shelf, source: Path) -> None:
    found = put(shelf, source, samples.PDF)
    age(shelf, found.hash)
    seen = abandoned(shelf)
    put(shelf, source, samples.PDF)

    assert not shelf.throw_away(found.hash, seen[found.hash])
    assert shelf.path(found.hash).read_bytes() == samples.PDF


def test_what_a_dead_process_left_behind_is_put_right(shelf: Shelf, source: Path) -> None:
    found = put(shelf, source, samples.PDF)
    age(shelf, found.hash)
    shelf.path(found.hash).rename(shelf.path(found.hash).with_name(f"{found.hash}.gone"))
    half = shelf.folder / "new" / "half"
    half.write_bytes(b"a half of so")
    os.utime(half, (1, 1))

    assert set(abandoned(shelf)) == {found.hash}
    assert shelf.path(found.hash).read_bytes() == samples.PDF
    assert not half.exists()


def test_who_never_gets_a_picture_never_loads_pillow() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import bot.app, sys; print('PIL' in sys.modules)"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert told.stdout.strip() == "False"
