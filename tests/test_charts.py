"""Pictures of results: as wide as a phone shows them, whole, and drawn from right to left, with raqm and without."""

import io
import subprocess
import sys
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image, ImageColor, features

from bot import charts
from bot.charts import BAR, HEIGHT, MARGIN, PAPER, TRACK, WIDTH, Bar, Panel
from bot.loading import ROOT

YES, NO = Bar("بله", 75, 75), Bar("نه", 25, 25)
LONG = Bar("رفت‌وآمد سالمندان و معلولان در پیاده‌روهای کوچه‌های خیابان ۱۷ شهریور (R14) و اطراف آن " * 4, 123_456, 100)


@pytest.fixture(params=["raqm", "alone"], autouse=True)
def renderer(request: pytest.FixtureRequest) -> Iterator[str]:
    """Both ways of drawing: by raqm, and by ourselves where it is missing."""
    if request.param == "raqm" and not features.check("raqm"):
        pytest.skip("raqm or libfribidi is missing")
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "alone":
            patch.setattr(features, "check", lambda _feature: False)
        yield request.param


def opened(png: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(png))
    assert picture.format == "PNG"
    return picture.convert("RGB")


def drawn(title: str, bars: Sequence[Bar], question: str = "", note: str = "") -> Image.Image:
    return opened(charts.chart(title, bars, question, note))


def ink(picture: Image.Image, box: tuple[int, int, int, int] | None = None) -> list[int]:
    """How much is not paper in each column, from the left."""
    part = picture.crop(box) if box else picture
    pixels = part.convert("L").point(lambda value: 255 if value < 200 else 0)
    data, width = pixels.tobytes(), part.width
    return [sum(data[x::width]) // 255 for x in range(width)]


def rows_of(picture: Image.Image, colour: str) -> list[tuple[int, int, int]]:
    """Each row with pixels of this very colour: its height, the first and the last of them."""
    wanted, found = ImageColor.getrgb(colour), []
    for y in range(picture.height):
        row = [x for x in range(picture.width) if picture.getpixel((x, y)) == wanted]
        if row:
            found.append((y, row[0], row[-1]))
    return found


def longest(picture: Image.Image, colour: str) -> tuple[int, int, int]:
    return max(rows_of(picture, colour), key=lambda row: row[2] - row[1])


def test_a_picture_is_as_wide_as_a_phone_shows_it() -> None:
    picture = drawn("نظر شما", [YES, NO])

    assert picture.width == WIDTH == 1080
    assert picture.height < WIDTH


def test_bars_begin_at_the_right_and_are_as_long_as_their_part() -> None:
    _, first, last = longest(drawn("نظر", [YES]), BAR)
    whole = WIDTH - 2 * MARGIN

    assert last == WIDTH - MARGIN
    assert (last - first) / whole == pytest.approx(0.75, abs=0.01)
    assert longest(drawn("نظر", [Bar("هیچ", 0, 0)]), TRACK)[1:] == (MARGIN, WIDTH - MARGIN)


def test_an_answer_of_few_is_seen_and_one_of_nobody_is_empty() -> None:
    few, nobody = drawn("نظر", [Bar("کم", 1, 0)]), drawn("نظر", [Bar("هیچ", 0, 0)])
    bars = [[row for row in rows_of(picture, BAR) if row[2] > WIDTH // 2] for picture in (few, nobody)]

    assert bars[0]
    assert bars[1] == []


def title_of(picture: Image.Image) -> list[int]:
    return ink(picture, (0, 0, WIDTH, MARGIN + 80))


def test_words_begin_at_the_right() -> None:
    columns = title_of(drawn("نظر شما", []))
    inked = [x for x, amount in enumerate(columns) if amount]

    assert WIDTH - MARGIN - 12 <= inked[-1] <= WIDTH - MARGIN
    assert inked[0] > WIDTH // 2


def test_the_first_letter_stands_at_the_right_end() -> None:
    columns = title_of(drawn("ا . . . . . .", []))
    inked = [x for x, amount in enumerate(columns) if amount]
    tallest = columns.index(max(columns))

    assert inked[-1] - tallest < 10


def test_letters_are_joined_but_for_a_half_space() -> None:
    assert runs(title_of(drawn("سسسس", []))) == 1
    assert runs(title_of(drawn("سس\u200cسس", []))) == 2


def runs(columns: list[int]) -> int:
    """How many pieces of ink stand beside each other."""
    return sum(1 for before, after in zip([0, *columns], columns, strict=False) if after and not before)


def test_a_latin_word_and_its_number_stay_as_they_are() -> None:
    assert title_of(drawn("R14", [])) != title_of(drawn("R۱۴", []))
    assert title_of(drawn("۱۴", [])) == title_of(drawn("14", []))


@pytest.mark.parametrize("bar", [LONG, Bar("ن" * 400, 1, 1), Bar("W" * 400, 9_999_999, 100), Bar("", 3, 3)])
def test_nothing_is_cut_off_at_the_edges(bar: Bar) -> None:
    picture = drawn(bar.label, [bar, YES], bar.label, bar.label)
    columns = ink(picture)

    assert not any(columns[: MARGIN - 8])
    assert not any(columns[WIDTH - MARGIN + 8 :])
    assert picture.crop((0, 0, WIDTH, MARGIN // 2)).getcolors() == [(WIDTH * (MARGIN // 2), ImageColor.getrgb(PAPER))]


@pytest.mark.parametrize("count", [7, 1234, 123_456, 9_999_999])
def test_a_label_never_runs_into_its_figures(count: int) -> None:
    with_label, without = (drawn("", [Bar(label, count, 100)]) for label in ("ن" * 200, ""))
    label_begins = next(
        x
        for x, (one, other) in enumerate(zip(first_line(with_label), first_line(without), strict=True))
        if one != other
    )
    figures_end = max(x for x, amount in enumerate(first_line(without)) if amount)

    assert label_begins - figures_end > 16


def first_line(picture: Image.Image) -> list[int]:
    """The ink above the first bar of a picture without a title, where its label begins and its figures stand."""
    top = MARGIN + 83 + 16
    return ink(picture, (0, top, WIDTH, top + 58))


def test_a_word_without_end_is_not_measured_letter_by_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[str] = []
    width = charts._Pen.width

    def counted(pen: charts._Pen, line: str) -> float:
        measured.append(line)
        return width(pen, line)

    monkeypatch.setattr(charts._Pen, "width", counted)

    drawn("نظر", [Bar("W" * 10_000, 1, 100)])

    assert len(measured) < 100
    assert max(map(len, measured)) <= charts.TEXT_LIMIT


def test_pillow_is_loaded_with_the_first_picture_only() -> None:
    code = "import sys, bot.charts; sys.exit('PIL' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0


def test_unseen_signs_and_emoji_change_nothing() -> None:
    plain = charts.chart("نظر شما", [YES])

    assert charts.chart("نظر\n شما \u202e\u2067🎉", [YES]) == plain


def test_many_questions_become_several_pictures_of_a_phones_height() -> None:
    panels = [Panel(f"پرسش {number}", [YES, NO, LONG], "۱۰۰ نفر") for number in range(8)]

    pictures = [opened(png) for png in charts.charts("نظرسنجی", panels)]

    assert len(pictures) > 1
    assert all(picture.width == WIDTH and picture.height <= HEIGHT for picture in pictures)
    assert sum(bars_in(picture) for picture in pictures) == 24
    assert len(charts.charts("نظرسنجی", panels[:1])) == 1


def bars_in(picture: Image.Image) -> int:
    """How many bars a picture shows: their right ends, counted from the top."""
    filled = ImageColor.getrgb(BAR)
    column = [picture.getpixel((WIDTH - MARGIN - 12, y)) == filled for y in range(picture.height)]
    starts = [y for y in range(1, picture.height) if column[y] and not column[y - 1]]
    return sum(1 for y in starts if all(column[y : y + 20]))


def test_a_question_that_goes_on_is_named_again() -> None:
    (first, second) = charts.charts("نظر", [Panel("پرسش؟", [YES] * 20)])
    plain = opened(charts.chart("نظر (2/2)", [YES] * 2, "پرسش؟"))
    heading = (0, 0, WIDTH, MARGIN + 200)

    assert bars_in(opened(first)) + bars_in(opened(second)) == 20
    assert opened(second).crop(heading).tobytes() == plain.crop(heading).tobytes()


@given(some.text(max_size=60), some.integers(0, 10**7), some.integers(0, 100))
@settings(max_examples=40)
def test_whatever_is_written_is_drawn_within_its_margins(label: str, count: int, percent: int) -> None:
    columns = ink(opened(charts.chart(label, [Bar(label, count, percent)], label)))

    assert not any(columns[: MARGIN // 2])
    assert not any(columns[WIDTH - MARGIN // 2 :])
