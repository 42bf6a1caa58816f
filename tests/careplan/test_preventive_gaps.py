"""What preventive care is due, asked of a whole clinic in SQL: the same answer as one by one."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from cmp_tui.assessments.model import Assessment
from cmp_tui.careplan.preventive_gaps import has_gap
from cmp_tui.careplan.preventive_queries import gaps_of_many
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.rights import ACTIONS, CARE, Right, Rights
from cmp_tui.encounters.model import Service, Visit
from cmp_tui.measurements.model import Measurement, PreventiveAnswer, Vaccination
from cmp_tui.measurements.preventive_book import PreventiveBook, preventive_book
from cmp_tui.patients.model import Condition, Patient

PEOPLE = 400
BIRTHS = ("1950-01-01", "1964-02-29", "1981-11-23", "1981-11-24", "1950-11", "1950-10", "1960", None)


def crowd(change: Any, seed: int, book: PreventiveBook) -> None:
    """People of whom the chart has most of what their age asks for, so that some lack nothing."""
    rng, today = Random(seed), change.today
    made: dict[Any, list[dict[str, Any]]] = {
        one: [] for one in (Condition, Vaccination, Measurement, Assessment, Visit, Service, PreventiveAnswer)
    }
    people = [
        {
            "mrn": f"P-{number}", "family": "Able", "folded": "able",
            "birth_date": rng.choice((*BIRTHS, f"{rng.randint(1930, 2010)}-{rng.randint(1, 12):02}-11")),
            "sex": rng.choice("FMU"), "payer": rng.choice(("Medicare", "Medicaid", None)),
            "deceased": rng.random() < 0.02,
        }
        for number in range(PEOPLE)
    ]  # fmt: skip
    for key in change.add_many(Patient, people):
        for group in ("diabetes", "kidney", "hypertension", "dementia", "osteoporosis"):
            if rng.random() < 0.2:
                made[Condition].append(
                    {"patient": key, "display": group, "group": group, "status": rng.choice(("active", "resolved"))}
                )  # fmt: skip
        whole = rng.random() < 0.7
        for measure in book.measures.values():
            if rng.random() < (0.02 if whole else 0.6):
                continue
            if not measure.proofs or rng.random() < 0.3:
                until = rng.choice((None, today, today + timedelta(1), today + timedelta(300)))
                made[PreventiveAnswer].append(
                    {
                        "patient": key,
                        "measure": measure.name,
                        "answer": "declined",
                        "date": today,
                        "until": until,
                    }
                )
                continue
            for _ in range(rng.choice((1, 1, 2)) * measure.doses):
                proof = rng.choice(measure.proofs)
                months = proof.months or measure.dose_months or 30
                day = today - timedelta(days=int(rng.choice((0.3, 0.9, 1, 1.1)) * months * 30.4))
                _put(made, key, proof.proof, proof.name, day)
        if rng.random() < 0.3:
            _put(made, key, "measurement", "smoking", today, "never smoker")
    for model, some in made.items():
        change.add_many(model, some)


def _put(made: Any, key: bytes, proof: str, name: str, day: date, text: str | None = None) -> None:
    row: dict[str, Any] = {"patient": key, "date": day}
    if proof == "vaccine":
        made[Vaccination].append({**row, "kind": name, "display": name})
    elif proof == "measurement":
        made[Measurement].append(
            {**row, "kind": name, "value": 1.0, "text": text, "doubtful": not day.day % 9}
        )
    elif proof == "instrument":
        status = "completed" if day.day % 5 else "in-progress"
        made[Assessment].append({**row, "instrument": name, "status": status})
    elif proof == "visit":
        made[Visit].append({**row, "kind": name})
    else:
        made[Service].append({"patient": key, "code": name, "start": day})


@pytest.mark.parametrize("day", ["2026-11-23", "2026-02-28", "2028-02-29", "2026-06-30", "2026-07-01"])
def test_sql_says_what_the_rules_say(clinic: Clinic, clock: FrozenClock, day: str) -> None:
    clock.at = clock.at.replace(year=int(day[:4]), month=int(day[5:7]), day=int(day[8:]))
    clinic.rights = Rights({**ACTIONS, "test_preventive_gaps.crowd": Right(CARE)})
    book = preventive_book(clinic.reference)
    clinic.run(crowd, int(day[8:]), book)

    def by_sql(scope: Any) -> set[bytes]:
        query = Patient.live(Patient.id).where(
            (Patient.deceased == False) & has_gap(book, scope.today)  # noqa: E712
        )
        return {bytes(key) for (key,) in rows(query)}

    def one_by_one(scope: Any) -> set[bytes]:
        keys = [key for (key,) in rows(Patient.live(Patient.id))]
        found = gaps_of_many(scope, keys)
        return {
            bytes(key)
            for key, some in found.items()
            if any(one.pressing and not one.measure.smoked for one in some)
        }

    sql, rules = clinic.read(by_sql), clinic.read(one_by_one)
    assert sql == rules
    assert 10 < len(rules) < PEOPLE - 10
