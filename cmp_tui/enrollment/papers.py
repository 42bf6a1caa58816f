"""What is printed for a patient on the way into a program: the consent text, and letters; in large letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from cmp_tui.clinic.calendar import MONTHS
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.staff import staff_list
from cmp_tui.enrollment.consent_book import Script, said, scripts
from cmp_tui.enrollment.letter_book import Letter, letters, paragraphs
from cmp_tui.enrollment.queries import ConsentLine, consents, enrollments
from cmp_tui.enrollment.rules import OPEN
from cmp_tui.enrollment.wording import Tongue, filled
from cmp_tui.files.document import Checks, Document, Facts, Paragraph, Part, Signatures, Together
from cmp_tui.patients.queries import Card, patient_card

SIZE = 14.0
"""Points: large enough for old eyes."""
BLANK = "______________"
"""Stands where something is not known; it is written in by hand."""
LABELS: Mapping[Tongue, Mapping[str, str]] = MappingProxyType(
    {
        "en": {
            "name": "Name", "born": "Born", "practitioner": "Practitioner", "yes": "I agree.",
            "no": "I do not agree.", "patient": "Patient, or who signs for them", "by": "Explained by",
            "date": "Date", "yours": "your practitioner", "team": "our team",
        },
        "es": {
            "name": "Nombre", "born": "Fecha de nacimiento", "practitioner": "Profesional", "yes": "Estoy de acuerdo.",
            "no": "No estoy de acuerdo.", "patient": "Paciente, o quien firma por él o ella", "by": "Explicado por",
            "date": "Fecha", "yours": "su profesional de salud", "team": "nuestro equipo",
        },
    }
)  # fmt: skip
MESES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip


class PaperFacts(NamedTuple):
    """What a paper says of the patient and the clinic. `given` is the consent that is printed as it was recorded."""

    card: Card
    clinic: str
    phone: str
    practitioner: str
    program: str | None
    given: ConsentLine | None
    today: date

    @property
    def name(self) -> str:
        """Given name first."""
        return " ".join(part for part in (self.card.given, self.card.family) if part)


def paper_facts(
    scope: Scope, patient: bytes, program: str | None = None, consent: bytes | None = None
) -> PaperFacts:
    """Reads what a paper for a patient says. Raises Gone."""
    card = patient_card(scope, patient)
    given = next((one for one in consents(scope, patient) if one.id == consent), None)
    if consent is not None and given is None:
        raise Gone("This consent is no longer there; it was struck out or undone.")
    program = given.program if given else program
    lines = enrollments(scope, patient)
    enrolled = next((one for one in lines if one.program == program and one.status in OPEN), None)
    bills = (
        (given and given.practitioner) or (enrolled and enrolled.practitioner) or card.billing_practitioner
    )
    names = {one.username: one.name for one in staff_list(scope, everyone=True)}
    name, phone = scope.settings.name, scope.settings.phone
    return PaperFacts(card, name, phone, names.get(bills or "", bills or ""), program, given, scope.today)


def consent_paper(facts: PaperFacts, reference: Reference, tongue: Tongue) -> Document:
    """Returns the consent text of a program: the points to explain, the decision, lines to sign. Raises Gone.

    Of a consent that was recorded it is a copy: when and how it was given, which points were ticked.
    """
    script = scripts(reference).by_program.get(facts.program or "")
    if script is None:
        raise Gone(
            f"There is no consent text for {facts.program}. Put one into the folder consent of the clinic's data."
        )
    tongue = script.tongue(tongue)
    title = script.title_es if tongue == "es" else script.title
    foot = f"{facts.name} · MRN {facts.card.mrn} · {facts.clinic} · {script.edition}"
    return Document(title, list(_consent(facts, script, reference, tongue)), foot, SIZE, tongue)


def letter_paper(facts: PaperFacts, letter: Letter, reference: Reference, tongue: Tongue) -> Document:
    """Returns a letter to a patient."""
    tongue = letter.tongue(tongue)
    words, card = letter.words(tongue), facts.card
    fields = {**_fields(facts, reference, tongue), "name": facts.name}
    place = " ".join(part for part in (card.state, card.postal_code) if part)
    address = [facts.name, card.street or "", ", ".join(part for part in (card.city, place) if part)]
    parts: list[Part] = [
        Paragraph(long_day(facts.today, tongue)),
        Paragraph("\n".join(line for line in address if line)),
        Paragraph(filled(words.greeting, fields)),
        *(Paragraph(piece) for piece in paragraphs(words.text, fields)),
        Paragraph(filled(words.closing, fields)),
        Paragraph("\n".join((card.care_manager_name or "", facts.clinic, facts.phone)).strip()),
    ]
    return Document(filled(words.subject, fields), parts, f"{facts.clinic}", SIZE, tongue)


def letter_named(reference: Reference, name: str) -> Letter:
    """Returns a letter. Raises Gone when no file describes it."""
    found = letters(reference).by_name.get(name)
    if found is None:
        raise Gone(
            f"There is no letter {name!r}: {' '.join(letters(reference).problems) or 'its file is missing.'}"
        )
    return found


def long_day(day: date, tongue: Tongue) -> str:
    """'November 23, 2026'"""
    if tongue == "es":
        return f"{day.day} de {MESES[day.month - 1]} de {day.year}"
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def _fields(facts: PaperFacts, reference: Reference, tongue: Tongue) -> dict[str, str]:
    labels = LABELS[tongue]
    return {
        "practitioner": facts.practitioner or labels["yours"],
        "clinic": facts.clinic,
        "program": reference.label("program", facts.program) if facts.program else "",
        "care_manager": facts.card.care_manager_name or labels["team"],
        "phone": facts.phone or BLANK,
    }


def _consent(facts: PaperFacts, script: Script, reference: Reference, tongue: Tongue) -> Iterator[Part]:
    labels, fields, given = LABELS[tongue], _fields(facts, reference, tongue), facts.given
    yield Facts(
        [
            (labels["name"], facts.name),
            (labels["born"], _born(facts.card.birth_date, tongue)),
            (labels["practitioner"], facts.practitioner or BLANK),
        ]
    )
    spanish = tongue == "es"
    yield Paragraph(filled(script.opening_es if spanish else script.opening, fields))
    told = given.points if given and given.points is not None else frozenset()
    yield Checks([(point.code in told, said(point, tongue, fields), "") for point in script.points])
    closing = Paragraph(filled(script.closing_es if spanish else script.closing, fields))
    if given is not None and given.decision != "asked":
        yield Together([closing, Facts(list(_given(given, reference)))])
        return
    answers = Checks([(False, labels["yes"], ""), (False, labels["no"], "")])
    lines = Signatures([(labels["patient"], labels["date"]), (labels["by"], labels["date"])])
    yield Together([closing, answers, lines])


def _given(given: ConsentLine, reference: Reference) -> Iterator[tuple[str, str]]:
    """How a consent was given, in the words of the record."""
    yield "Decision", f"{reference.label('decision', given.decision)} {given.date}"
    yield "Given", reference.label("consent_mode", given.mode)
    yield "Taken by", ", ".join(filter(None, (given.taken_by_name, given.taken_by_credential)))
    if given.script_version:
        yield "Script", given.script_version
    if given.paper:
        yield "Paper", given.paper
    if given.effective_to:
        yield "In force until", str(given.effective_to)


def _born(born: str | None, tongue: Tongue) -> str:
    """A birth date that may be known to the year only."""
    if born and len(born) == 10:
        return long_day(date.fromisoformat(born), tongue)
    return born or BLANK
