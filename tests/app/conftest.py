"""A small clinic with something due, for the tests of the whole program."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.desk.actions import log_contact
from cmp_tui.enrollment.actions import enroll, record_consent
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.patients.actions import add_condition, add_patient, add_person, add_phone
from cmp_tui.tasks.actions import add_task
from tests.conftest import AsUser

TODAY = date(2026, 11, 23)
PEOPLE = (
    ("Ruiz-Moreno", "Ana", "1948-02-11", "F"),
    ("Okafor", "James", "1958-03-01", "M"),
    ("Tran", "Linh", "1955-07-02", "F"),
    ("Weiss", "Ruth", "1943-05-09", "F"),
    ("田中", "健", "1951-05", "M"),
    ("Bell", "Tom", "1960-04-04", "M"),
)


@pytest.fixture
def people(clinic: Clinic, clock: FrozenClock, as_user: AsUser) -> dict[str, bytes]:
    """Six patients of Dana's, called in the last weeks; the clock is back on Monday 23 November."""
    now = clock.at
    clock.at = datetime(2026, 10, 5, 15, 0, tzinfo=UTC)
    keys: dict[str, bytes] = {}
    for number, (family, given, born, sex) in enumerate(PEOPLE, 1001):
        keys[family] = clinic.run(
            add_patient, family=family, given=given, birth_date=born, sex=sex, mrn=f"L-{number}",
            language="Spanish" if family == "Ruiz-Moreno" else "English", may_leave_message=True, best_time="after 10",
        ).id  # fmt: skip
        clinic.run(add_phone, keys[family], number=f"512555{number:04}")
        if family != "Bell":
            clinic.run(
                record_consent, keys[family], program="CCM", decision="accepted", date=date(2026, 10, 5),
                mode="verbal", points=POINTS,
            )  # fmt: skip
            clinic.run(enroll, keys[family], program="CCM", start=date(2026, 10, 5), practitioner="levin")
    ana = keys["Ruiz-Moreno"]
    clinic.run(add_person, ana, name="Lucía Ruiz", relationship="child", may_talk=True)
    clinic.run(add_condition, ana, display="Type 2 diabetes mellitus", code="E11.9", system="icd10")
    clinic.run(log_contact, keys["田中"], mode="phone", outcome="reached", minutes=21)
    clock.at = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    clinic.run(
        log_contact,
        ana,
        mode="phone",
        outcome="reached",
        minutes=12,
        did="red flags",
        next_due=TODAY,
        next_title="weigh her",
    )
    clinic.run(log_contact, keys["Okafor"], mode="phone", outcome="voicemail", next_due=date(2026, 11, 20))
    clinic.run(log_contact, keys["Tran"], mode="phone", outcome="reached", minutes=17)
    clinic.run(add_task, title="plan review, yearly", due=date(2026, 11, 25), patient=keys["Weiss"])
    clock.at = now
    return keys
