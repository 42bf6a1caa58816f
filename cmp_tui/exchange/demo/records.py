"""The rows of the fictional patients' records that are there before the work begins. Pure.

A row is a mapping of field names; `Batch` collects them by table, in the order in which they may be written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from random import Random
from types import MappingProxyType
from typing import Any

from cmp_tui.clinic.calendar import add_months
from cmp_tui.clinic.records import Record
from cmp_tui.enrollment.model import Consent, Enrollment
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.exchange.demo.people import Persona
from cmp_tui.exchange.demo.words import Words
from cmp_tui.medications.model import Medication
from cmp_tui.patients.coding import ConditionTables
from cmp_tui.patients.model import Allergy, Condition, Patient, Phone, Provider, RelatedPerson, TeamMember
from cmp_tui.patients.rules import fold_names, phone_digits

Row = dict[str, Any]
Batch = dict[type[Record], list[Row]]
PRACTITIONER = "levin"
IN_PROGRAM: Mapping[str, str] = MappingProxyType({"program": "CCM", "practitioner": PRACTITIONER})
"""Everybody here is in one program, billed by one practitioner."""


def add_to(batch: Batch, model: type[Record], **row: Any) -> None:
    """Puts a row into a batch."""
    batch.setdefault(model, []).append(row)


def person_rows(
    batch: Batch,
    persona: Persona,
    key: bytes,
    staff: Mapping[str, bytes],
    words: Words,
    tables: ConditionTables,
    rng: Random,
    mbi: str | None = None,
) -> None:
    """The patient, telephones, people around them, conditions, medicines, allergies, care team."""
    folded = fold_names(persona.family, persona.given, persona.preferred, persona.other_names)
    add_to(
        batch,
        Patient,
        id=key,
        mrn=persona.mrn,
        family=persona.family,
        given=persona.given,
        preferred=persona.preferred,
        other_names=persona.other_names,
        folded=folded or persona.family,
        birth_date=persona.born.isoformat(),
        sex=persona.sex,
        language=persona.language,
        interpreter=persona.interpreter,
        best_time=persona.best_time,
        may_leave_message=persona.may_leave_message,
        street=persona.street,
        city=persona.town,
        state=words.places.state,
        postal_code=persona.postal_code,
        email=persona.email,
        payer=persona.payer,
        mbi=mbi,
        care_manager=staff[persona.manager] if persona.manager else None,
        billing_practitioner=PRACTITIONER,
        remarks=persona.remarks,
    )
    for rank, (number, use, remarks) in enumerate(persona.phones, 1):
        add_to(
            batch,
            Phone,
            patient=key,
            number=number,
            digits=phone_digits(number),
            use=use,
            rank=rank,
            remarks=remarks,
        )
    if persona.helper:
        name, relationship, phone, caregiver, may_talk, _ = persona.helper
        family = f" {persona.family}" if relationship in ("child", "spouse", "sibling", "grandchild") else ""
        add_to(
            batch,
            RelatedPerson,
            patient=key,
            name=f"{name}{family}",
            relationship=relationship,
            phone=phone,
            caregiver=caregiver,
            may_talk=may_talk,
        )
    _conditions(batch, persona, key, words, tables, rng)
    _medicines(batch, persona, key, words, rng)
    if rng.random() < 0.45:
        for allergy in rng.sample(words.allergies, rng.randint(1, 2)):
            add_to(batch, Allergy, patient=key, **allergy._asdict())
    _team(batch, persona, key, words)


def _conditions(
    batch: Batch, persona: Persona, key: bytes, words: Words, tables: ConditionTables, rng: Random
) -> None:
    for condition in persona.conditions:
        coded = tables.classify("icd-10-cm", condition.code)
        onset = persona.born.year + rng.randint(40, max(41, persona.since.year - persona.born.year - 2))
        own = rng.choice(condition.own_words) if condition.own_words and rng.random() < 0.6 else None
        add_to(
            batch,
            Condition,
            patient=key,
            system="icd-10-cm",
            code=coded.code,
            display=condition.display,
            own_words=own,
            group=coded.group,
            chronic=coded.chronic,
            onset=str(min(onset, persona.since.year - 1)),
            confirmed_by=words.doctor,
            confirmed_on=add_months(persona.since, -rng.randint(1, 11)),
        )
    if rng.random() < 0.3:
        past = rng.choice(words.past)
        over = add_months(persona.since, -rng.randint(3, 30))
        coded = tables.classify("icd-10-cm", past.code or "")
        add_to(
            batch,
            Condition,
            patient=key,
            system="icd-10-cm" if past.code else "other",
            code=coded.code if past.code else None,
            display=past.display,
            group=coded.group if past.code else None,
            chronic=False if past.code else None,
            status="resolved" if past.code else "inactive",
            onset=str(over)[:7],
            resolved=str(over)[:7] if past.code else None,
        )


def _medicines(batch: Batch, persona: Persona, key: bytes, words: Words, rng: Random) -> None:
    for display, dosage in persona.drugs:
        started = add_months(persona.since, -rng.randint(2, 60))
        add_to(
            batch,
            Medication,
            patient=key,
            display=display,
            dosage=dosage,
            started=str(started)[:7],
            last_ordered=str(add_months(persona.since, -rng.randint(0, 1))),
            prescriber=words.doctor,
        )
    if rng.random() < 0.25:
        display, dosage = rng.choice([drug for one in words.conditions for drug in one.drugs])
        if display not in dict(persona.drugs):
            stopped = str(add_months(persona.since, -rng.randint(1, 8)))[:7]
            add_to(
                batch,
                Medication,
                patient=key,
                display=display,
                dosage=dosage,
                status="stopped",
                stopped=stopped,
            )


def _team(batch: Batch, persona: Persona, key: bytes, words: Words) -> None:
    add_to(
        batch,
        TeamMember,
        patient=key,
        name=words.doctor,
        role="primary-care",
        specialty="Family medicine",
        organization=words.clinic,
    )
    for provider in (persona.specialist, persona.pharmacy):
        if provider is not None:
            add_to(
                batch,
                TeamMember,
                patient=key,
                name=provider.name,
                role=provider.role,
                specialty=provider.specialty,
                organization=provider.organization,
            )


def program_rows(
    batch: Batch,
    persona: Persona,
    key: bytes,
    staff: Mapping[str, bytes],
    rng: Random,
    *,
    agreed: bool = True,
) -> None:
    """The consent and the enrollment of someone who was in the program before the file began; without `agreed` the
    consent was not found."""
    consent = {
        "decision": "accepted",
        "date": persona.since,
        "mode": rng.choice(("verbal", "verbal", "verbal", "written", "electronic")),
        "taken_by": staff[persona.manager or "dana"],
        "points": frozenset(POINTS),
        "script_version": f"{persona.since:%Y}-1",
        "remarks": "Taken over from the paper file.",
    }
    if agreed:
        add_to(batch, Consent, patient=key, **IN_PROGRAM, **consent)
    add_to(batch, Enrollment, patient=key, status="active", start=persona.since, **IN_PROGRAM)


def day_text(day: date) -> str:
    """A day inside a note: 'Thu 3 Dec'."""
    return f"{day:%a} {day.day} {day:%b}"


def provider_rows(batch: Batch, words: Words) -> None:
    """The directory of those outside the clinic."""
    for one in words.providers:
        folded = fold_names(one.name, one.organization)
        values = {name: value for name, value in one._asdict().items() if name not in ("role", "groups")}
        add_to(batch, Provider, **values, folded=folded)
