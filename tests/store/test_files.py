"""Files that somebody keeps, who fetches them, and what platforms have of them already."""

from dataclasses import replace

from bot.incoming import Attachment
from bot.media import Cleaned
from bot.models import FileState
from bot.store import Unit
from bot.store.case_log import Happened
from bot.store.files import LEASE_MS, OURS, File
from tests.store.conftest import Time

TELEGRAM = "telegram"
DAY_MS = 24 * 3600 * 1000
PHOTO = Attachment("photo", "AgAC-1", name="a.jpg", mime="image/jpeg", size=5000, width=4000, height=3000)
CLEANED = Cleaned("aa" * 32, "photo", "a.jpg", "image/jpeg", 4000, 2560, 1920, preview="bb" * 32)


def want(unit: Unit, chat: int = 1, sent: Attachment = PHOTO, platform: str = TELEGRAM) -> File:
    return unit.files.want(platform, chat, sent)


def claim(unit: Unit, most: int = 10) -> list[File]:
    return unit.files.claim([TELEGRAM, "bale"], most)


def now(unit: Unit, file: File) -> File:
    return unit.files.find([file.key])[file.key]


def test_a_wanted_file_waits_as_its_platform_described_it(unit: Unit) -> None:
    file = want(unit)

    assert (file.state, file.source, file.name, file.width) == (FileState.WAITING, "AgAC-1", "a.jpg", 4000)
    assert not file.there
    assert now(unit, file) == file


def test_keys_are_long_and_of_no_order(unit: Unit) -> None:
    keys = [want(unit).key for _ in range(50)]

    assert len(set(keys)) == 50
    assert {len(key) for key in keys} == {22}
    assert keys != sorted(keys)


def test_one_file_is_claimed_by_one_and_again_when_the_lease_ends(unit: Unit, clock: Time) -> None:
    file = want(unit)

    assert [(found.id, found.tries) for found in claim(unit)] == [(file.id, 1)]
    assert claim(unit) == []
    clock.go_on(LEASE_MS)
    assert [found.tries for found in claim(unit)] == [2]


def test_the_file_that_waits_longest_comes_first_and_only_of_ours(unit: Unit, clock: Time) -> None:
    want(unit, platform="rubika")
    first = want(unit)
    clock.go_on(5)
    want(unit, platform="bale")

    assert [found.id for found in claim(unit, 1)] == [first.id]
    assert [found.platform for found in claim(unit)] == ["bale"]


def test_what_is_done_is_what_it_turned_out_to_be(unit: Unit) -> None:
    voice = want(unit, sent=replace(PHOTO, kind="voice", width=None, height=None, seconds=7))
    (found,) = claim(unit)

    assert unit.files.done(found.id, Cleaned("cc" * 32, "voice", "a.ogg", "audio/ogg", 900))
    file = now(unit, voice)
    assert (file.there, file.name, file.size, file.seconds, file.hash) == (True, "a.ogg", 900, 7, "cc" * 32)
    assert not unit.files.done(found.id, CLEANED)
    assert claim(unit) == []


def test_what_fails_comes_again_when_it_is_due_and_what_is_missing_never(unit: Unit, clock: Time) -> None:
    file = want(unit)
    claim(unit)

    unit.files.again(file.id, LEASE_MS * 2, "no network")
    unit.files.free_all()
    clock.go_on(LEASE_MS)
    assert claim(unit) == []
    clock.go_on(LEASE_MS)
    assert len(claim(unit)) == 1
    unit.files.missing(file.id, "gone")
    clock.go_on(LEASE_MS * 9)
    assert claim(unit) == []
    assert now(unit, file).state == FileState.MISSING


def test_whoever_knows_to_be_alone_ends_the_leases(unit: Unit) -> None:
    want(unit)
    claim(unit)

    unit.files.free_all()

    assert len(claim(unit)) == 1


def test_only_its_owner_finds_a_file_among_theirs(unit: Unit) -> None:
    mine, other, same_number = want(unit, 1), want(unit, 2), want(unit, 1, platform="bale")

    keys = [mine.key, other.key, same_number.key, "no such key"]
    assert set(unit.files.find(keys)) == set(keys[:3])
    assert set(unit.files.find_theirs(TELEGRAM, 1, keys)) == {mine.key}
    assert unit.files.find([]) == unit.files.find_theirs(TELEGRAM, 1, []) == {}
    assert unit.files.count(TELEGRAM, 1) == 1


def test_a_file_given_on_has_a_key_of_its_own_and_the_same_content(unit: Unit) -> None:
    file = unit.files.put("web", 7, CLEANED)
    given = unit.files.give("web", 8, file)

    assert given.there
    assert given.key != file.key
    assert (given.hash, given.preview, given.name) == (file.hash, file.preview, file.name)
    assert set(unit.files.find_theirs("web", 8, [file.key, given.key])) == {given.key}


def test_a_content_is_named_until_its_last_row_is_forgotten(unit: Unit) -> None:
    unit.files.put("web", 7, CLEANED)
    unit.files.put("web", 8, CLEANED)
    asked = ["aa" * 32, "bb" * 32, "ff" * 32]

    unit.files.forget("web", 7)
    assert unit.files.named(asked) == {"aa" * 32, "bb" * 32}
    unit.files.forget("web", 8)
    assert unit.files.named(asked) == unit.files.named([]) == set()


def test_old_rows_are_forgotten_a_few_at_a_time(unit: Unit, clock: Time) -> None:
    for _ in range(3):
        want(unit)
    clock.go_on(1000)
    new = want(unit)

    assert [unit.files.forget_old(500, 2) for _ in range(3)] == [2, 1, 0]
    assert now(unit, new) == new


def test_a_file_forgotten_while_it_is_fetched_stays_forgotten(unit: Unit) -> None:
    file = want(unit)
    claim(unit)
    unit.files.forget(TELEGRAM, 1)

    assert not unit.files.done(file.id, CLEANED)
    assert unit.files.find([file.key]) == {}


# Uploads


def test_a_name_counts_for_one_bot_of_one_platform_and_one_kind(unit: Unit) -> None:
    unit.uploads.keep(TELEGRAM, 100, {("aa", "photo"): "id-1", ("bb", "photo"): "id-2"})

    assert unit.uploads.find(TELEGRAM, 100, ["aa", "cc"]) == {("aa", "photo"): "id-1"}
    assert unit.uploads.find(TELEGRAM, 200, ["aa"]) == unit.uploads.find("bale", 100, ["aa"]) == {}


def test_two_may_note_the_same_content_and_the_later_name_counts(unit: Unit) -> None:
    unit.uploads.keep(TELEGRAM, 100, {("aa", "photo"): "id-1"})
    unit.uploads.keep(TELEGRAM, 100, {("aa", "photo"): "id-2", ("aa", "document"): "id-3"})
    unit.uploads.keep(TELEGRAM, 100, {})

    names = {("aa", "photo"): "id-2", ("aa", "document"): "id-3"}
    assert unit.uploads.find(TELEGRAM, 100, ["aa"]) == names


def test_a_refused_name_is_dropped_but_not_one_that_came_since(unit: Unit) -> None:
    unit.uploads.keep(TELEGRAM, 100, {("aa", "photo"): "new", ("bb", "photo"): "old"})

    unit.uploads.refused(TELEGRAM, 100, {("aa", "photo"): "old", ("bb", "photo"): "old"})

    assert unit.uploads.find(TELEGRAM, 100, ["aa", "bb"]) == {("aa", "photo"): "new"}


def test_with_its_content_its_names_are_forgotten(unit: Unit) -> None:
    unit.uploads.keep(TELEGRAM, 100, {("aa", "photo"): "1"})
    unit.uploads.keep("bale", 5, {("aa", "photo"): "2"})

    unit.uploads.forget("aa")

    assert unit.uploads.find(TELEGRAM, 100, ["aa"]) == unit.uploads.find("bale", 5, ["aa"]) == {}


def test_files_of_cases_are_not_forgotten_by_age(unit: Unit, clock: Time) -> None:
    of_case, loose = want(unit), want(unit, 2)
    unit.case_log.add(5, Happened("filed", files=[of_case.key]))
    clock.go_on(100)

    assert unit.files.forget_old(50, 10) == 1
    assert now(unit, of_case) == of_case
    assert unit.files.find([loose.key]) == {}


def test_what_is_written_for_a_citizen_is_nothing_they_sent(unit: Unit) -> None:
    sent = want(unit)
    copy = want(unit, sent=Attachment("document", "copy:1", "my-data.html"))
    for file in (sent, copy):
        unit.files.done(file.id, CLEANED)

    assert unit.files.count(TELEGRAM, 1) == 1
    assert [file.id for file in unit.files.latest(TELEGRAM, 1, 5)] == [sent.id]
    assert unit.files.copied_at(TELEGRAM, 1, "copy:1") == copy.received_at
    assert unit.files.copied_at(TELEGRAM, 2, "copy:1") is None
    assert unit.files.copied_at(TELEGRAM, 1, "copy:2") is None


def test_of_a_photo_without_a_name_nothing_tells_whose_it_was_fetched_before_or_after(unit: Unit) -> None:
    waiting, lost, there = want(unit), want(unit), unit.files.put("web", 5, replace(CLEANED, name="sara.jpg"))
    other = want(unit, chat=2)
    keys = [waiting.key, lost.key, there.key]
    unit.files.adopt_nameless(keys, 7 * DAY_MS)
    assert now(unit, waiting).source == PHOTO.source, "by this it is fetched"

    unit.files.done(waiting.id, CLEANED)
    unit.files.missing(lost.id, "gone")
    unit.files.done(other.id, CLEANED)

    for found in unit.files.find(keys).values():
        assert (found.chat_id, found.source, found.received_at) == (OURS, None, 7 * DAY_MS)
    assert now(unit, there).name is None
    assert now(unit, other).source == PHOTO.source
