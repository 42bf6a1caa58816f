"""The people of the generated clinic: their rows before the work begins, in the shape of the demo clinic's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import NamedTuple

from cmp_tui.clinic.ids import following
from cmp_tui.clinic.text import fold
from cmp_tui.encounters.model import Stay, Visit
from cmp_tui.enrollment.model import Consent, Enrollment
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.exchange.demo.records import IN_PROGRAM, PRACTITIONER, Batch, add_to
from cmp_tui.exchange.demo.words import Words
from cmp_tui.measurements.model import Measurement
from cmp_tui.medications.model import Medication
from cmp_tui.patients.coding import ConditionTables
from cmp_tui.patients.model import Allergy, Condition, Patient, Phone, RelatedPerson, TeamMember
from cmp_tui.patients.rules import fold_names
from tests.bench.names import People

PAYERS = ("Medicare", "Medicare", "Medicare", "Medicare Advantage", "Medicaid", "commercial")


class Life(NamedTuple):
    """What the later work needs to know of a patient."""

    number: int
    key: bytes
    manager: int
    enrolled: bool


class Maker:
    """Makes patients, one after the other, the same for the same seed."""

    def __init__(self, seed: int, words: Words, tables: ConditionTables, today: date, first: date) -> None:
        self._rng = Random(f"{seed} big people")
        self._names = People()
        self._words, self._today, self._first = words, today, first
        self._conditions = [
            (one, tables.classify("icd-10-cm", one.code), tuple(one.drugs)) for one in words.conditions
        ]
        self._common = list(accumulate(one.weight for one in words.conditions))

    def put(self, batch: Batch, life: Life, manager: bytes | None, taker: bytes) -> None:
        """Adds a patient's rows to a batch."""
        rng, words, key = self._rng, self._words, life.key
        number = life.number
        sex = "F" if rng.random() < 0.58 else "M"
        name = self._names.one(rng, sex)
        age = min(99, max(21, int(rng.gauss(73, 11))))
        born = date(self._today.year - age - 1, 1, 1) + timedelta(days=int(rng.random() * 365))
        dead = not life.enrolled and rng.random() < 0.04
        add_to(
            batch, Patient, id=key, mrn=f"B{100_003 + number * 7}", family=name.family, given=name.given,
            other_names=name.latin, folded=fold_names(name.family, name.given, None, name.latin),
            birth_date=born.isoformat(), sex=sex, deceased=dead,
            deceased_on=str(self._today - timedelta(days=int(rng.random() * 500))) if dead else None,
            language="Spanish" if rng.random() < 0.1 else "English", interpreter=rng.random() < 0.04,
            best_time=rng.choice(words.places.best_times) if rng.random() < 0.55 else None,
            may_leave_message=rng.random() < 0.8, street=f"{1 + number % 940} {rng.choice(words.places.streets)}",
            city=rng.choice(words.places.towns), state=words.places.state,
            postal_code=f"{words.places.postal_code}-{1000 + number % 8899}",
            email=f"{fold(name.family).replace(' ', '') or 'p'}{number}@example.com" if rng.random() < 0.3 else None,
            payer=rng.choice(PAYERS), care_manager=manager, billing_practitioner=PRACTITIONER,
        )  # fmt: skip
        self._around(batch, life, name.family)
        self._ills(batch, life)
        self._dated(batch, life)
        if life.enrolled:
            since = self._first - timedelta(days=3 + int(rng.random() * 800))
            add_to(
                batch, Consent, id=following(key, 60), patient=key, **IN_PROGRAM, decision="accepted", date=since,
                mode="verbal", taken_by=taker, points=frozenset(POINTS), script_version=f"{since:%Y}-1",
            )  # fmt: skip
            add_to(
                batch, Enrollment, id=following(key, 61), patient=key, **IN_PROGRAM, status="active", start=since
            )  # fmt: skip

    def _around(self, batch: Batch, life: Life, family: str) -> None:
        rng, words, key = self._rng, self._words, life.key
        for place in range(2 if rng.random() < 0.35 else 1):
            digits = f"{rng.choice(words.places.areas)}55501{int(rng.random() * 100):02}"
            add_to(
                batch, Phone, id=following(key, 1 + place), patient=key, use="home" if place else "mobile",
                number=f"({digits[:3]}) {digits[3:6]}-{digits[6:]}", digits=digits, rank=place + 1,
            )  # fmt: skip
        if rng.random() < 0.5:
            add_to(
                batch, RelatedPerson, id=following(key, 3), patient=key, relationship="child",
                name=f"{rng.choice(words.names.helpers)} {family}", caregiver=rng.random() < 0.6,
                may_talk=rng.random() < 0.7, phone="(312) 555-0100",
            )  # fmt: skip
        add_to(
            batch, TeamMember, id=following(key, 4), patient=key, name=words.doctor, role="primary-care",
            organization=words.clinic,
        )  # fmt: skip
        if rng.random() < 0.45:
            allergy = rng.choice(words.allergies)
            add_to(batch, Allergy, id=following(key, 5), patient=key, **allergy._asdict())

    def _ills(self, batch: Batch, life: Life) -> None:
        rng, key = self._rng, life.key
        wanted = 2 + int(rng.random() * 5)
        found = {id(one): one for one in rng.choices(self._conditions, cum_weights=self._common, k=wanted)}
        place, given = 6, set()
        for words, coded, drugs in found.values():
            place += 1
            add_to(
                batch, Condition, id=following(key, place), patient=key, system="icd-10-cm", code=coded.code,
                display=words.display, group=coded.group, chronic=coded.chronic,
                onset=str(self._today.year - 1 - int(rng.random() * 18)),
            )  # fmt: skip
            for display, dosage in drugs[: 1 + int(rng.random() * 2)]:
                if display not in given and rng.random() < 0.8:
                    given.add(display)
                    place += 1
                    add_to(
                        batch, Medication, id=following(key, place), patient=key, display=display, dosage=dosage,
                        started=str(self._today.year - 1 - int(rng.random() * 5)), prescriber=self._words.doctor,
                    )  # fmt: skip

    def _dated(self, batch: Batch, life: Life) -> None:
        rng, key = self._rng, life.key
        place = 30
        for back in range(int(rng.random() * 200), 700, 210):
            day = self._first - timedelta(days=back)
            place += 2
            add_to(
                batch, Visit, id=following(key, place), patient=key, date=day, kind="em", practitioner=PRACTITIONER,
                what="follow-up visit", mdm="moderate",
            )  # fmt: skip
            if life.enrolled:
                add_to(
                    batch, Measurement, id=following(key, place + 1), patient=key, kind="bp", date=day,
                    value=round(rng.gauss(138, 14)), value2=round(rng.gauss(80, 9)), unit="mmHg",
                )  # fmt: skip
        if life.enrolled:
            for place, kind, middle, unit in ((50, "a1c", 7.6, "%"), (51, "weight", 81.0, "kg")):
                day = self._first - timedelta(days=int(rng.random() * 200))
                value = round(rng.gauss(middle, middle / 9), 1)
                add_to(
                    batch, Measurement, id=following(key, place), patient=key, kind=kind, date=day, value=value,
                    unit=unit,
                )  # fmt: skip
        if rng.random() < 0.14:
            out = self._first - timedelta(days=int(rng.random() * 300))
            add_to(
                batch, Stay, id=following(key, 59), patient=key, kind="inpatient", admitted=out - timedelta(days=3),
                discharged=out, discharged_to="home", facility=rng.choice(self._words.hospitals.names),
                reason=rng.choice(self._words.hospitals.reasons),
            )  # fmt: skip


def shared_out(patients: int, managers: int, seed: int) -> Sequence[int]:
    """Whose patient each one is: panels of one size, spread over the whole clinic."""
    whose = [number % managers for number in range(patients)]
    Random(f"{seed} big panels").shuffle(whose)
    return whose
