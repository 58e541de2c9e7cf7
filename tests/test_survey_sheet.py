"""Surveys of the content: sound as they are shipped, and each fault named by file, question and key."""

from pathlib import Path

import pytest

from bot import knowledge
from bot.errors import Faults
from bot.loading import ROOT
from bot.services import survey_sheet
from bot.services.questionnaire import KINDS, Survey, can_be_asked
from bot.services.survey_sheet import LABEL_LIMIT

SHIPPED = survey_sheet.load(ROOT / "content")

PARK = """
[survey]
title = "بوستان محله"
intro = "چند پرسش کوتاه."
thanks = "ممنون."
anonymous = true

[[question]]
id = "used"
kind = "one"
text = "به بوستان رفته‌اید؟"
options = [
  { id = "yes", label = "بله" },
  { id = "no", label = "نه" },
]

[[question]]
id = "visits"
kind = "number"
text = "چند بار؟"
least = 1
most = 50
show_if = [{ question = "used", any = ["yes"] }]

[[question]]
id = "liked"
kind = "scale"
text = "چطور بود؟"
words = ["خیلی بد", "بد", "متوسط", "خوب", "خیلی خوب"]
show_if = [{ question = "visits", least = 2 }]

[[question]]
id = "why"
kind = "many"
text = "چرا می‌روید؟"
choices = 2
options = [
  { id = "walk", label = "پیاده‌روی" },
  { id = "play", label = "بازی بچه‌ها" },
  { id = "none", label = "هیچ‌کدام", alone = true },
]

[[question]]
id = "wish"
kind = "text"
text = "چه کم دارد؟"
required = false
"""


def load(folder: Path, text: str) -> Survey:
    (folder / "surveys").mkdir(exist_ok=True)
    (folder / "surveys" / "park.toml").write_text(text, encoding="utf-8")
    return survey_sheet.load(folder)["park"]


def test_a_sound_survey_is_read_whole(tmp_path: Path) -> None:
    survey = load(tmp_path, PARK)

    assert (survey.id, survey.anonymous, survey.quick) == ("park", True, False)
    assert [question.kind for question in survey.questions] == ["one", "number", "scale", "many", "text"]
    assert [question.required for question in survey.questions] == [True, True, True, True, False]
    assert survey.find("why").choices == 2
    assert survey.find("used").choices == 2  # no limit: the number of options


FAULTS = [
    ('kind = "text"', 'kind = "essay"', "question.wish.kind", "is none of one, many"),
    ('text = "چه کم دارد؟"', "", "question.wish.text", "is missing"),
    ("required = false", 'required = "no"', "question.wish.required", "must be bool"),
    ("required = false", "optional = true", "question.wish.optional", "is not a key here"),
    ("required = false", "least = 1", "question.wish.least", "is not a key of a question of kind text"),
    ("required = false", "hidden = true\nwords = []", "question.wish.words", "must be 5 texts"),
    ('id = "wish"', 'id = "why"', "question.why.id", "is used twice"),
    ('id = "wish"', 'id = "آرزو"', "question.آرزو.id", "must be at most 20 small Latin letters"),
    ('{ id = "no", label', '{ id = "yes", label', "question.used.options.yes.id", "is used twice"),
    ('label = "نه" }', 'label = "بله!" }', "question.used.options.no.label", "reads like that of yes"),
    ('label = "نه" }', 'label = "نه", alone = true }', "question.used.options.no.alone", "is not a key"),
    ('label = "نه" }', f'label = "{"ن" * 41}" }}', "question.used.options.no.label", "is longer than 40"),
    ('label = "نه" }', 'label = "نمي دانم" }', "question.used.options.no.label", "has an Arabic letter"),
    ('label = "نه" }', 'label = "نمی دانم" }', "question.used.options.no.label", "is not written as print has it"),
    ('  { id = "no", label = "نه" },\n', "", "question.used.options", "must be from 2 to 12"),
    ("least = 1", "least = 60", "question.visits.most", "is less than least"),
    ("least = 1\n", "", "question.visits.least", "is missing"),
    ("most = 50", "most = 10000000", "question.visits.most", "must be from -1000000"),
    ('"متوسط", ', "", "question.liked.words", "must be 5 texts"),
    ('"متوسط"', '"خوب"', "question.liked.words", "has a word twice"),
    ("choices = 2", "choices = 4", "question.why.choices", "must be from 2 to 3"),
    ('question = "used", any', 'question = "use", any', "question.visits.show_if.use", "is no question"),
    ('question = "used", any', 'question = "wish", any', "question.visits.show_if.wish", "comes later"),
    ('question = "used", any', 'question = "visits", any', "question.visits.show_if.visits", "or is this question"),
    ('any = ["yes"]', 'any = ["maybe"]', "question.visits.show_if.used.any", "maybe is no option"),
    ('any = ["yes"]', "any = [1]", "question.visits.show_if.used.any", "must be a list of ids"),
    ('any = ["yes"]', "any = []", "question.visits.show_if.used.any", "must not be empty"),
    (', any = ["yes"]', "", "question.visits.show_if.used", "needs any, least or most"),
    ('any = ["yes"]', "least = 1", "question.visits.show_if.used", "has options; use any"),
    ('"visits", least = 2', '"visits", any = ["yes"]', "question.liked.show_if.visits.any", "use least and most"),
    ('"visits", least = 2', '"visits", least = 51', "question.liked.show_if", "can never hold"),
    ("anonymous = true", "", "survey.anonymous", "is missing"),
    ("anonymous = true", "anonymous = true\nsecret = 1", "survey.secret", "is not a key here"),
    ('intro = "چند پرسش کوتاه."', "", "survey.intro", "is missing"),
    ("anonymous = true", "anonymous = true\nquick = true", "survey.quick", "is for a single question"),
    ('thanks = "ممنون."', f'thanks = "{"ن" * 601}"', "survey.thanks", "is longer than 600"),
    ('thanks = "ممنون."', 'thanks = "ممنون 5 بار."', "survey.thanks", "is not written as print has it"),
    ("[survey]", "[surveys]", "surveys", "is none of survey, question"),
]


@pytest.mark.parametrize(("old", "new", "key", "reason"), FAULTS)
def test_a_fault_is_named(tmp_path: Path, old: str, new: str, key: str, reason: str) -> None:
    assert old in PARK

    with pytest.raises(Faults) as caught:
        load(tmp_path, PARK.replace(old, new, 1))

    assert [(file, where) for file, where, why in caught.value.faults if reason in why] == [
        ("content/surveys/park.toml", key)
    ]


def test_what_nobody_could_be_asked_must_be_hidden(tmp_path: Path) -> None:
    never = PARK.replace('kind = "number"', 'kind = "number"\nhidden = true')
    with pytest.raises(Faults, match=r"question.liked.show_if: can never hold"):
        load(tmp_path, never)

    survey = load(tmp_path, never.replace('kind = "scale"', 'kind = "scale"\nhidden = true'))

    assert [question.id for question in survey.questions if question.hidden] == ["visits", "liked"]


def test_two_conditions_must_hold_together(tmp_path: Path) -> None:
    wish = 'id = "wish"\nshow_if = [{ question = "visits", most = 1 }, { question = "liked", most = 3 }]'
    with pytest.raises(Faults, match=r"question.wish.show_if: can never hold"):
        load(tmp_path, PARK.replace('id = "wish"', wish))

    survey = load(tmp_path, PARK.replace('id = "wish"', wish.replace("most = 1", "most = 2")))

    assert can_be_asked(survey, survey.find("wish"))


def test_a_quick_poll_is_one_question_with_few_options(tmp_path: Path) -> None:
    head, question = PARK.split("[[question]]")[:2]
    quick = head.replace('intro = "چند پرسش کوتاه."', "quick = true") + "[[question]]" + question
    more = "".join(f'  {{ id = "o{number}", label = "{"ن" * number}" }},\n' for number in range(1, 8))

    assert load(tmp_path, quick).quick
    with pytest.raises(Faults, match="at most 8 in a quick poll"):
        load(tmp_path, quick.replace("options = [\n", f"options = [\n{more}"))


def test_a_file_that_is_no_toml_stops_no_other(tmp_path: Path) -> None:
    load(tmp_path, PARK)
    (tmp_path / "surveys" / "broken.toml").write_text("[survey", encoding="utf-8")
    (tmp_path / "surveys" / "2.toml").write_text(PARK, encoding="utf-8")

    with pytest.raises(Faults) as caught:
        survey_sheet.load(tmp_path)

    assert {file for file, _, _ in caught.value.faults} == {"content/surveys/broken.toml", "content/surveys/2.toml"}


def test_what_is_shipped_has_a_survey_for_every_need() -> None:
    assert sorted(SHIPPED) == ["after_case", "interest", "program", "region_year"]
    assert SHIPPED["after_case"].quick
    assert {question.kind for question in SHIPPED["region_year"].questions} == set(KINDS)
    assert 8 <= len(SHIPPED["region_year"].questions) <= 12


@pytest.mark.parametrize("survey", SHIPPED.values(), ids=list(SHIPPED))
def test_shipped_surveys_are_short_and_ask_one_thing_at_a_time(survey: Survey) -> None:
    for question in survey.questions:
        assert question.text.count("؟") <= 1, question.id
        assert len(question.text) <= 100, question.id
        assert not question.hidden
        assert all(len(label) <= LABEL_LIMIT for label in question.words)


def test_the_programs_asked_about_are_those_of_the_plan() -> None:
    entries, _ = knowledge.load(ROOT / "content")
    titles = {entry.id: entry.title for entry in entries}
    asked = [option for option in SHIPPED["interest"].find("programs").options if not option.alone]

    assert {f"program.{option.id}": option.label for option in asked}.items() <= titles.items()


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_survey_as_tables_is_the_same_survey(name: str) -> None:
    survey = SHIPPED[name]

    assert survey_sheet.read_tables(name, survey_sheet.tables_of(survey)) == survey
