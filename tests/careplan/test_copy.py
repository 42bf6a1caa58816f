"""The patient's copy: what it says in both languages, how hard it is to read, what its pages look like."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from cmp_tui.careplan.actions import add_goal, add_intervention, edit_plan, set_state
from cmp_tui.careplan.copy_queries import copy_document, copy_text, wording
from cmp_tui.careplan.copy_words import BLANK
from cmp_tui.careplan.template_book import ACTS
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Gone, Invalid
from cmp_tui.clinic.staff import change_setting
from cmp_tui.desk.summary_queries import summary_document
from cmp_tui.education.topic_book import topic_book
from cmp_tui.encounters.appointment_actions import book
from cmp_tui.files.document import Document, Heading, Paragraph, Table, as_text
from cmp_tui.files.pdf_out import encode_pdf, page_count
from cmp_tui.patients.actions import add_allergy, add_condition, add_patient, edit_patient
from cmp_tui.patients.paper_out import printable
from cmp_tui.tasks.actions import add_task
from tests.careplan.copying import OWN, TODAY, fill, medicate, pages
from tests.conftest import AsUser
from tests.education.reading import ease, grade


@pytest.fixture
def whole(clinic: Clinic, ana: bytes) -> bytes:
    """Ana with a plan, numbers of the clinic, medicines, an allergy and a visit to come."""
    fill(clinic, ana)
    clinic.run(change_setting, "phone", "(512) 555-0100")
    clinic.run(change_setting, "phone_always", "(512) 555-0199")
    medicate(
        clinic, ana, {"display": "Metformin 500 mg", "dosage": "1 tablet twice a day"},
        {"display": "Warfarin 5 mg", "status": "on-hold"}, {"display": "Oxycodone", "status": "stopped"},
    )  # fmt: skip
    clinic.run(add_allergy, ana, substance="Penicillin")
    here = {"kind": "office", "with_whom": "Amy Levin"}
    clinic.run(
        book,
        ana,
        day=date(2026, 12, 4),
        time="9:30",
        what="Feet",
        transport="arranged",
        transport_who="Lucía",
        **here,
    )
    clinic.run(book, ana, day=date(2027, 1, 15), time="14:00", what="Labs", **here)
    return ana


def sections(document: Document) -> list[str]:
    return [part.text for part in document.parts if isinstance(part, Heading) and part.level == 2]


def lines(text: str) -> str:
    """The text without its line breaks."""
    return " ".join(text.split())


def test_it_says_everything_in_plain_words(clinic: Clinic, whole: bytes) -> None:
    found = lines(clinic.read(copy_text, whole))
    for words in (
        "This plan belongs to Ana Ruiz-Moreno.", "Born February 11, 1948",
        "What matters to me ------------------ “To see my grandson finish school.”",
        "Bring my three-month sugar (A1c) down", f"“{OWN}”", "* Goal: 5 or more days a week by February 15, 2027",
        "* Now: 3 days a week (November 23, 2026) * How it goes: getting better",
        "* What gets in the way: It costs too much",
        "* Walk ten minutes after a meal: every day",
        "* Help with meals and take part in one class: by December 23, 2026",
        "* Go over the sugars, the meals and any lows by phone: every month",
        "* Order the A1c and look at the medicines: every 3 months",
        "* Metformin 500 mg How much and when: 1 tablet twice a day",
        "On hold. Do not take these until we tell you: * Warfarin 5 mg",
        "* Penicillin", "Call us now, day or night: (512) 555-0199", "Call us the same day: (512) 555-0100",
        "The next two weeks * Friday December 4, 2026 9:30 am What for, with whom: Feet Amy Levin Ride: Lucía Where:",
        "Lakeside Family Clinic Later * Friday, January 15, 2027, 2:00 pm with Amy Levin (Labs)",
        "* Day and night, all week: (512) 555-0199", "988",
    ):  # fmt: skip
        assert words in found, words
    assert "Oxycodone" not in found and "{" not in found and BLANK not in found


def test_the_order_of_its_parts_is_that_of_a_day(clinic: Clinic, whole: bytes) -> None:
    assert sections(clinic.read(copy_document, whole, "en")) == [
        "What matters to me", "My goals", "What I do", "What my family or helper does", "What the team does",
        "My medicines", "My allergies", "Warning signs and whom to call", "My appointments",
    ]  # fmt: skip


def test_what_came_out_of_a_template_is_in_the_patients_language_and_own_words_stay(
    clinic: Clinic, whole: bytes
) -> None:
    clinic.run(add_goal, whole, title="See the sea once more", problem="Diabetes")
    topic = topic_book(clinic.reference).topics["foot-care"]
    clinic.run(add_intervention, whole, title=f"Teach: {topic.title}")
    clinic.run(edit_patient, whole, None, language="Spanish")
    found = lines(clinic.read(copy_text, whole))
    for words in (
        "Mi plan de cuidado", "Bajar mi azúcar de tres meses (A1c)", f"“{OWN}”", "“To see my grandson finish school.”",
        "Meta: 5 o más días a la semana para el 15 de febrero de 2027", "See the sea once more",
        "* Caminar diez minutos después de comer: todos los días", "Llame al 911 ahora",
        "Una llaga, ampolla o mancha roja en el pie",
        "* viernes 4 de diciembre de 2026 9:30 a. m. Para qué, con quién: Feet",
        f"* Explicarme: {topic.page('es').title}",
    ):  # fmt: skip
        assert words in found, words
    assert clinic.read(copy_document, whole).language == "es"
    assert "What I do" in clinic.read(copy_text, whole, "en"), "the language can be chosen"


@pytest.mark.parametrize("tongue", ["en", "es"])
def test_our_own_words_are_easy_to_read(clinic: Clinic, ana: bytes, tongue: str) -> None:
    clinic.run(edit_plan, ana, None, matters="x")
    fill(clinic, ana)
    texts = [
        line.removeprefix("* ")
        for line in as_text(clinic.read(copy_document, ana, tongue), 10_000).splitlines()
        if line and not line.startswith(("“", "-", "="))
    ]
    if tongue == "en":
        assert grade(texts) <= 8
    else:
        assert ease(texts) >= 60


def test_without_numbers_there_are_lines_to_write_on(clinic: Clinic, ana: bytes) -> None:
    fill(clinic, ana)
    found = clinic.read(copy_text, ana)
    assert found.count(BLANK) >= 3 and f"Call us: {BLANK}" in found
    clinic.run(change_setting, "phone", "(512) 555-0100")
    assert "Call us now, day or night: (512) 555-0100" in clinic.read(copy_text, ana), "better than no number"


def test_signs_that_somebody_chose_stand_before_those_of_the_template(clinic: Clinic, ana: bytes) -> None:
    fill(clinic, ana)
    assert "Call 911 now" in clinic.read(copy_text, ana)
    clinic.run(edit_plan, ana, None, signs={"call-us": ["My feet tingle"], "988": ["I want to die"]})
    found = clinic.read(copy_text, ana)
    assert "My feet tingle" in found and "throw up" not in found and "Call 911 now" not in found
    assert found.count("988") == 1, "the crisis line is named once"


def test_why_a_medicine_is_taken_where_somebody_said_it(clinic: Clinic, ana: bytes) -> None:
    fill(clinic, ana)
    medicate(
        clinic, ana, {"display": "Metformin", "dosage": "1 tablet", "reason": "Diabetes"},
        {"display": "Aspirin", "dosage": None},
    )  # fmt: skip
    (table,) = [part for part in clinic.read(copy_document, ana).parts if isinstance(part, Table)]
    assert table.headings[-1] == "What it is for"
    assert table.rows == [("Aspirin", "Ask us", "Ask us"), ("Metformin", "1 tablet", "Diabetes")]


def test_what_is_over_is_not_printed(clinic: Clinic, ana: bytes) -> None:
    goals = fill(clinic, ana)
    clinic.run(add_intervention, ana, title="Buy new shoes", responsible="patient", status="cancelled")
    clinic.run(set_state, goals["feet"], "cancelled", "does not want to")
    found = clinic.read(copy_text, ana)
    assert "Keep my feet free of sores" not in found and "Buy new shoes" not in found


def test_the_next_call_lies_ahead(clinic: Clinic, ana: bytes) -> None:
    fill(clinic, ana)
    assert "No visit is set. We will call you." in clinic.read(copy_text, ana)
    for due in (TODAY, TODAY + timedelta(days=9), TODAY + timedelta(days=30)):
        clinic.run(add_task, patient=ana, title="Call", due=due, kind="call-back")
    found = clinic.read(copy_text, ana)
    assert "We will call you about December 2, 2026." in found and "No visit is set" not in found


@pytest.mark.parametrize(
    ("days", "en", "es"),
    [
        (1, "every day", "todos los días"),
        (7, "every week", "cada semana"),
        (14, "every 2 weeks", "cada 2 semanas"),
        (30, "every month", "cada mes"),
        (90, "every 3 months", "cada 3 meses"),
        (91, "every 3 months", "cada 3 meses"),
        (180, "every 6 months", "cada 6 meses"),
        (365, "every year", "cada año"),
        (45, "every 45 days", "cada 45 días"),
    ],
)
def test_how_often_as_people_count(clinic: Clinic, days: int, en: str, es: str) -> None:
    assert wording(clinic.reference, "en").every(days) == en
    assert wording(clinic.reference, "es").every(days) == es


def test_every_number_of_days_has_words(clinic: Clinic) -> None:
    words = wording(clinic.reference, "en")
    assert all(words.every(days) for days in range(1, 731))


def test_without_a_plan_there_is_a_sentence(clinic: Clinic, ana: bytes) -> None:
    with pytest.raises(Gone, match="no care plan for Ana Ruiz-Moreno yet"):
        clinic.read(copy_document, ana)


def test_who_may_look_may_read_it(as_user: AsUser, clinic: Clinic, whole: bytes) -> None:
    assert as_user("otto").read(copy_text, whole) == clinic.read(copy_text, whole)


# The pages


def test_the_pages_are_numbered_and_name_the_patient(clinic: Clinic, whole: bytes) -> None:
    fonts = clinic.reference.path("fonts")
    document = clinic.read(copy_document, whole, "en")
    found = pages(encode_pdf(document, fonts))
    assert document.size >= 14 and len(found) == page_count(document, fonts) > 2
    for number, page in enumerate(found, 1):
        assert "Ana Ruiz-Moreno · Born February 11, 1948" in page
        assert f"Page {number} of {len(found)}" in page
    assert encode_pdf(document, fonts) == encode_pdf(document, fonts)


def test_no_heading_stands_alone_at_the_foot_of_a_page(clinic: Clinic, whole: bytes) -> None:
    fonts = clinic.reference.path("fonts")
    for tongue in ("en", "es"):
        words = wording(clinic.reference, tongue)
        document = clinic.read(copy_document, whole, tongue)
        headings = set(sections(document)) | {words.book.act(act, tongue) for act in ACTS}
        for more in range(12):  # the same plan at other heights of the page
            shifted = replace(document, parts=(*[Paragraph("x")] * more, *document.parts))
            for page in pages(encode_pdf(shifted, fonts)):
                said = [line for line in page.split("\n") if line.strip()]
                foot = next(at for at, line in enumerate(said) if "Ruiz-Moreno ·" in line)
                assert said[foot - 1].strip() not in headings, (tongue, more)


def test_a_large_plan_of_long_words_is_printed(clinic: Clinic) -> None:
    maria = clinic.run(
        add_patient, family="Fernández de Córdoba y Álvarez-Muñoz", given="María de los Ángeles Guadalupe",
        mrn="M-1", birth_date="1939-12-31", language="Spanish",
    ).id  # fmt: skip
    for number in range(60):
        clinic.run(
            add_goal, maria, title=f"Meta {number}: " + "Hydroxychlorothiazidobenzodiazepinyl" * (number % 8),
            unit="days a week", target=5, direction="above", problem="Ñandú",
        )  # fmt: skip
    many: list[dict[str, Any]] = [
        {"display": "Hydroxychlorothiazidobenzodiazepinylmethylphenidatehydrochloride", "dosage": "≥ 1 cada día " * 30}
        for _ in range(40)
    ]  # fmt: skip
    medicate(clinic, maria, *many)
    document, dropped = printable(clinic.read(copy_document, maria), clinic.reference)
    found = pages(encode_pdf(document, clinic.reference.path("fonts")))
    assert dropped == "" and len(found) > 10
    for page in found:
        assert "María de los Ángeles Guadalupe" in page and "31 de diciembre de 1939" in page, "never cut"
    everything = "".join(found)
    assert all(f"Meta {number}:" in everything for number in range(60))
    assert "".join(everything.split()).count("Hydroxychlorothiazido") >= 40


# What the font lacks


@pytest.mark.parametrize("words", ["王明", "הליכה", "المشي", "เดิน"])
def test_a_script_that_the_font_lacks_is_said(clinic: Clinic, ana: bytes, words: str) -> None:
    clinic.run(add_goal, ana, title="Walk", own_words=f"{words} means walking", problem="x")
    with pytest.raises(Invalid) as wrong:
        printable(clinic.read(copy_document, ana), clinic.reference)
    assert "no letters for" in wrong.value.fields["format"] and words[0] in wrong.value.fields["format"]
    assert words in clinic.read(copy_text, ana), "plain text holds them"


def test_other_scripts_and_signs_are_printed_and_pictures_left_out(clinic: Clinic, ana: bytes) -> None:
    clinic.run(add_goal, ana, title="Đi bộ mỗi ngày 🙂🎉", own_words="Ходить, περπατώ, ≥ 3", problem="x")
    document, dropped = printable(clinic.read(copy_document, ana), clinic.reference)
    assert set(dropped) == {"🙂", "🎉"}
    text = as_text(document)
    assert "Đi bộ mỗi ngày" in text and "Ходить, περπατώ, ≥ 3" in text and "🙂" not in text


# For colleagues


def test_colleagues_read_a_problems_name_then_what_the_patient_calls_it(clinic: Clinic, ana: bytes) -> None:
    clinic.run(
        add_condition, ana, display="Chronic diastolic heart failure", own_words="water on the lungs",
        code="I50.32", system="icd-10-cm",
    )  # fmt: skip
    clinic.run(add_condition, ana, display="Gout", code="M10.9", system="icd-10-cm")
    clinic.run(add_goal, ana, title="Walk", problem="x")
    text = as_text(clinic.read(summary_document, ana, "Dr. Chen"))
    assert "Chronic diastolic heart failure (I50.32), “water on the lungs”" in " ".join(text.split())
    assert "Gout (M10.9)" in text and "“Gout”" not in text


def test_how_often_is_said_once(clinic: Clinic, ana: bytes) -> None:
    goal = clinic.run(add_goal, ana, title="Pills", problem="x").id
    for title, every in (("Fill the pill box each week", 7), ("Bring all my bottles", 180)):
        clinic.run(add_intervention, ana, title=title, goal=goal, responsible="patient", every=every)
    text = clinic.read(copy_text, ana)
    assert "Fill the pill box each week\n" in text and "Bring all my bottles: every 6 months" in text


def test_of_days_nobody_asks_for_more_than_a_week_has(clinic: Clinic, ana: bytes) -> None:
    for target in (5, 7):
        clinic.run(
            add_goal, ana, title="Walk", problem="x", unit="days a week", direction="above", target=target
        )
    text = clinic.read(copy_text, ana)
    assert "Goal: 5 or more days a week" in text and "Goal: 7 days a week\n" in text
