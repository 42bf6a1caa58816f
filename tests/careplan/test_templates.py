"""The plan templates: they name what exists, are whole in both languages, easy to read; wrong ones are told by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cmp_tui.careplan.template_book import ACTS, FOLDER, Template, TemplateBook, template_book
from cmp_tui.clinic.reference import Reference, shipped
from cmp_tui.clinic.reference_rows import Words, spoken
from cmp_tui.education.topic_book import topic_book
from tests.education.reading import ease, grade

REFERENCE = Reference()
BOOK = template_book(REFERENCE)
ASKED_FOR = {
    *(
        "diabetes",
        "heart-failure",
        "copd",
        "hypertension",
        "kidney",
        "depression",
        "pain",
        "falls",
        "dementia",
    ),
    *("medicines", "tobacco", "food", "housing", "transport"),
}
TEMPLATE = """\
title = "Gout"
title_es = "Gota"
problem = "My toe hurts."
problem_es = "Me duele el dedo."
outcome = "It gets better."
outcome_es = "Mejora."
groups = ["gout"]
flags = ["food"]
barriers = ["cost"]
education = ["pain"]
sources = ["NIAMS"]
checked_on = 2026-11-22

[[goal]]
name = "pain"
title = "Have less pain"
title_es = "Tener menos dolor"
measure = "pain"
direction = "below"
target = 3
source = "NIAMS"
weeks = 12
responsible = "patient"

[[goal]]
name = "water"
title = "Drink water"
title_es = "Tomar agua"
weeks = 4
responsible = "patient"

[[intervention]]
goal = "pain"
title = "Take my pills"
title_es = "Tomar mis pastillas"
responsible = "patient"
within = 7
every = 1

[[sign]]
sign = "A fever"
sign_es = "Fiebre"
act = "call-us"
"""


def shelf(folder: Path, **files: str) -> TemplateBook:
    (folder / FOLDER).mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / FOLDER / f"{name}.toml").write_text(text, encoding="utf-8")
    return template_book(Reference(own=folder))


def printed(template: Template) -> Iterator[Words]:
    yield from (template.title, template.problem, template.outcome)
    yield from (goal.title for goal in template.goals)
    yield from (goal.unit for goal in template.goals if goal.unit.en)
    yield from (one.title for one in template.interventions)
    yield from (one.sign for one in template.signs)


def test_every_shipped_template_is_used() -> None:
    assert BOOK.problems == ()
    assert set(BOOK.templates) == {path.stem for path in (shipped("data") / FOLDER).glob("*.toml")}
    assert set(BOOK.templates) >= ASKED_FOR


@pytest.mark.parametrize("name", list(BOOK.templates))
def test_a_template_is_whole(name: str) -> None:
    template = BOOK.templates[name]
    assert len(template.goals) >= 2 and len(template.interventions) >= 4 and len(template.signs) >= 3
    assert template.education and template.barriers and template.sources
    assert all(template.steps(goal.name) for goal in template.goals), (
        "each goal has somebody who does something"
    )
    parties = {one.responsible for one in template.interventions}
    assert parties >= {"patient", "care-manager"}
    assert {one.act for one in template.signs} & {"911", "988", "call-now"}
    assert set(template.education) <= set(topic_book(REFERENCE).topics)


@pytest.mark.parametrize("name", list(BOOK.templates))
def test_every_text_is_there_in_both_languages_and_easy_to_read(name: str) -> None:
    texts = list(printed(BOOK.templates[name]))
    same = [one.en for one in texts if one.en == one.es]
    assert same == []
    assert grade(one.en for one in texts) <= 8
    assert ease(one.es for one in texts) >= 60
    for one in texts:  # limits and telephone numbers
        assert set(re.findall(r"\d+", one.es)) <= set(re.findall(r"\d+", one.en)), one


def test_all_topics_of_the_folder_belong_to_a_template() -> None:
    taught = {topic for one in BOOK.templates.values() for topic in one.education}
    assert taught == set(topic_book(REFERENCE).topics)


def test_templates_are_found_by_group_flag_and_number_of_medicines() -> None:
    assert [one.name for one in BOOK.fitting({"copd"})] == ["copd"]
    assert [one.name for one in BOOK.fitting(flags={"food", "lonely"})] == ["food", "staying-connected"]
    assert [one.name for one in BOOK.fitting(medicines=5)] == ["medicines"]
    assert BOOK.fitting({"gout"}, medicines=4) == ()
    assert BOOK.templates["food"].topics == {"food-insecurity"}
    assert BOOK.templates["housing"].topics >= {"housing-instability", "inadequate-housing"}


def test_targets_are_suggestions_with_a_source() -> None:
    for template in BOOK.templates.values():
        for goal in template.goals:
            assert goal.target is None or goal.source
            assert not goal.measure or goal.agree, (
                f"{template.name}: a measured target is agreed with the practitioner"
            )


def test_the_clinics_own_template_stands_before_the_shipped_one(tmp_path: Path) -> None:
    book = shelf(tmp_path, gout=TEMPLATE, copd=TEMPLATE)
    assert book.problems == () and book.templates["copd"].own
    assert list(book.templates)[-2:] == ["copd", "gout"]
    goal = book.templates["gout"].goals[0]
    assert (goal.measure, goal.target, goal.second, goal.direction, goal.unit.en) == (
        "pain",
        3.0,
        None,
        "below",
        "",
    )
    assert [one.title.said("es") for one in book.templates["gout"].steps("pain")] == ["Tomar mis pastillas"]


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('title = "Gout"', 'titel = "Gout"', "line 1: titel is not known here; there are barriers, checked_on"),
        ('title = "Gout"', "title = ", "line 1: Invalid value"),
        ('title_es = "Gota"\n', "", "line 1: title_es is missing; write it in quotes"),
        ('groups = ["gout"]', 'groups = ["gowt"]', "line 7: groups names 'gowt', which is no group of"),
        ('groups = ["gout"]\nflags = ["food"]\n', "", "groups is missing; say for which groups, flags or number"),
        ('flags = ["food"]', 'flags = ["fod"]', "line 8: flags names 'fod', which is no flag of an instrument"),
        ('["cost"]', '["money"]', "line 9: barriers names 'money', which is no barrier of records.toml"),
        ('["cost"]', '["cost", "cost"]', "line 9: barriers names something twice"),
        ('["pain"]', '["pian"]', "line 10: education names 'pian', which is no topic of the folder education"),
        ('["pain"]', '"pain"', 'line 10: education is a list such as ["first", "second"]'),
        ('["NIAMS"]', "[]", "line 11: sources is missing; name at least one"),
        ("2026-11-22", "2026", "line 12: checked_on is not a day such as 2026-01-31"),
        ('measure = "pain"', 'measure = "pian"', "line 18: measure is one of "),
        ('measure = "pain"', 'measure = "smoking"', "line 18: measure is one of "),
        ('direction = "below"\n', "", "line 14: direction is missing; it is below or above"),
        ('direction = "below"', 'direction = "under"', "line 19: direction is one of "),
        ('source = "NIAMS"\n', "", "line 14: source is missing; a target says where it comes from"),
        ("target = 3", 'target = "3"', "line 20: target is a number"),
        ("target = 3", "target = nan", "line 20: target is a number"),
        ("target = 3\n", "", "line 14: target is missing; write agree = true when the practitioner sets it"),
        ("target = 3", "target = 3\nsecond = 2", "line 21: second is the lower number of a blood pressure"),
        ('measure = "pain"', 'measure = "pain"\nunit = "days"\nunit_es = "días"', "line 19: unit belongs to the"),
        ("weeks = 12", "weeks = 0", "line 22: weeks is a whole number from 1 to 104"),
        ("weeks = 12", "weeks = true", "line 22: weeks is a whole number from 1 to 104"),
        ('name = "water"', 'name = "pain"', "line 26: name 'pain' stands there twice"),
        ('name = "water"', 'name = "My Water"', "line 26: name has small letters, digits and hyphens only"),
        ('goal = "pain"', 'goal = "pian"', "line 33: goal names 'pian', which is no goal of this file"),
        ("within = 7", "due = 7", "line 37: due is not known here; there are every, goal"),
        ("within = 7\n", "", "line 32: within is a whole number from 0 to 365"),
        ("every = 1", "every = -1", "line 38: every is a whole number from 0 to 730"),
        ('act = "call-us"', 'act = "pray"', "line 43: act is one of call-us, call-now, 988, 911"),
        ("[[sign]]", "[sign]", "sign is a list of tables [[sign]]"),
        ("[[sign]]", "[[signs]]", "line 40: signs is not known here"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line_and_the_others_go_on(
    before: str, after: str, says: str, tmp_path: Path
) -> None:
    assert before in TEMPLATE
    book = shelf(tmp_path, gout=TEMPLATE.replace(before, after, 1))
    (problem,) = book.problems
    assert problem.startswith("The plan template gout.toml is left out: ") and says in problem
    assert set(book.templates) == set(BOOK.templates)


@pytest.mark.parametrize("cut", range(0, len(TEMPLATE), 31))
def test_a_template_that_breaks_off_anywhere_is_told_or_read(cut: int, tmp_path: Path) -> None:
    book = shelf(tmp_path, gout=TEMPLATE[:cut])
    assert ("gout" in book.templates) != bool(book.problems)


def test_a_name_too_long_for_a_record_is_told(tmp_path: Path) -> None:
    (problem,) = shelf(tmp_path, **{"g" * 41: TEMPLATE}).problems
    assert "its name is longer than 40 characters" in problem


def test_the_acts_have_an_order() -> None:
    assert ACTS[-1] == "911"


@pytest.mark.parametrize(
    ("language", "code"),
    [
        *(
            (name, "es")
            for name in ("Spanish", "spanish", "es", "es-MX", "Español", "Español (México)", "spa")
        ),
        *((name, "en") for name in ("English", "", None, "Estonian", "Vietnamese", "en-US", "Esperanto")),
    ],
)
def test_the_language_of_the_copy_follows_the_patients(language: str | None, code: str) -> None:
    assert spoken(language) == code
