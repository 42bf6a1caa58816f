"""The referral letter: what is asked, who the patient is, what the plan is, what they take, whom to answer. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from cmp_tui.files.document import (
    Bullets,
    Document,
    Facts,
    Heading,
    Paragraph,
    Part,
    Signatures,
    Table,
    Together,
)

SIZE = 10.0
BLANK = "______________"
"""Stands where something is not known; it is written in by hand."""
NONE = "None on record."


class LetterMedicine(NamedTuple):
    """A medicine: as it was ordered, what for, and what the patient does where that is something else."""

    name: str
    dose: str
    reason: str
    taken: str = ""


class LetterGoal(NamedTuple):
    """A goal of the care plan: its words, its target, how it goes."""

    title: str
    target: str
    going: str


class LetterFacts(NamedTuple):
    """Everything that a letter says; empty texts are left out, or leave a line to write on."""

    what: str
    kind: str
    urgency: str
    question: str
    to: Sequence[str]
    """Name, organization, telephone and fax, a line each."""
    visit: str
    """The appointment that is booked already, in words."""
    name: str
    born: str
    sex: str
    mrn: str
    phones: Sequence[str]
    best_time: str
    language: str
    address: str
    payer: str
    member: str
    """The Medicare number."""
    people: Sequence[str]
    """Who else may be talked to."""
    goals: Sequence[LetterGoal]
    matters: str
    conditions: Sequence[str]
    allergies: Sequence[str]
    medicines: Sequence[LetterMedicine]
    records: str
    orderer: str
    care_manager: str
    clinic: str
    phone: str
    fax: str
    today: date


def referral_letter(facts: LetterFacts) -> Document:
    """Returns the letter. Medicines, allergies and conditions are never cut: a long list goes on on the next page."""
    foot = f"{facts.clinic} · {facts.name} · MRN {facts.mrn} · {facts.today.isoformat()} · confidential"
    title = f"Referral: {facts.what}"
    return Document(title, list(_parts(facts)), foot, SIZE, pages="Page {page} of {pages}")


def _parts(facts: LetterFacts) -> Iterator[Part]:
    urgent = f"{facts.urgency[:1].upper()}{facts.urgency[1:]}"
    yield Facts(
        [
            ("To", "\n".join(facts.to) or BLANK),
            ("From", "\n".join(line for line in (facts.orderer, facts.clinic) if line)),
            ("Date", facts.today.isoformat()),
            ("Urgency", f"{urgent} ({facts.kind})"),
            *([("Appointment", facts.visit)] if facts.visit else []),
            ("Answer to", _answer_to(facts)),
        ]
    )
    yield Heading("What we ask")
    yield Paragraph(facts.question or f"Please see this patient for: {facts.what}.")
    yield Heading("Patient")
    yield Facts([pair for pair in _patient(facts) if pair[1]])
    if facts.goals or facts.matters:
        yield Heading("Care plan", 3)
        yield from _plan(facts)
    yield Heading("Conditions", 3)
    yield Bullets(facts.conditions) if facts.conditions else Paragraph(NONE)
    yield Heading("Allergies", 3)
    yield Paragraph("; ".join(facts.allergies) or NONE)
    yield Heading("Enclosed", 3)
    yield Paragraph(facts.records or "Nothing besides this letter. Please ask us for what you need.")
    yield Heading(f"Medicines ({len(facts.medicines)})" if facts.medicines else "Medicines", 3)
    yield _medicines(facts.medicines)
    yield _answer(facts)


def _patient(facts: LetterFacts) -> Iterator[tuple[str, str]]:
    born = facts.born or "birth date not known"
    yield "Name", facts.name
    yield "Born", " · ".join(part for part in (born, facts.sex, f"MRN {facts.mrn}") if part)
    yield "Telephone", " · ".join([*facts.phones, *([facts.best_time] if facts.best_time else [])]) or BLANK
    yield "Language", facts.language
    yield "Address", facts.address
    yield "Insurance", " · ".join(part for part in (facts.payer, facts.member) if part)
    yield "May be talked to", "\n".join(facts.people)


def _medicines(medicines: Sequence[LetterMedicine]) -> Part:
    if not medicines:
        return Paragraph(NONE)
    rows = [(one.name, "\n".join(line for line in (_dose(one), one.taken) if line)) for one in medicines]
    return Table(("Medicine", "Use"), rows, (0.34, 0.66), stacked=True)


def _dose(one: LetterMedicine) -> str:
    return ", for ".join(part for part in (one.dose, one.reason) if part) or "–"


def _plan(facts: LetterFacts) -> Iterator[Part]:
    if facts.matters:
        yield Paragraph(f"What matters to the patient: “{facts.matters}”")
    if facts.goals:
        rows = [(one.title, one.target or "–", one.going or "–") for one in facts.goals]
        yield Table(("Goal", "Target", "How it goes"), rows, (0.5, 0.3, 0.2), stacked=True)


def _answer_to(facts: LetterFacts) -> str:
    who = ", ".join(part for part in (facts.care_manager, facts.clinic) if part)
    return f"{who}\ntelephone {facts.phone or BLANK}, fax {facts.fax or BLANK}"


def _answer(facts: LetterFacts) -> Part:
    words = (
        "Please tell us when the patient is to be seen and whether they came, and send us what you found and what they "
        "are to do. If you can't take them, call us, so that we find somebody else in time."
    )
    signed = f"Ordered by {facts.orderer}" if facts.orderer else "Ordered by"
    return Together([Heading("Your answer", 3), Paragraph(words), Signatures([(signed, "Date")])])
