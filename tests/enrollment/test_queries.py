"""Reading consents and enrollments, with every role."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Refused
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.enrollment import actions, queries
from tests.conftest import AsUser
from tests.enrollment.conftest import Consented

MARCH = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("query", "more"),
    [
        (queries.consents, ()),
        (queries.enrollments, ()),
        (queries.consent_now, ()),
        (queries.consent_facts, None),
        (queries.consent_spans, None),
        (queries.enrolled_count, None),
        (queries.enrolled, None),
    ],
)
def test_every_role(as_user: AsUser, ana: bytes, query: Any, more: Any) -> None:
    asked: tuple[Any, ...] = (ana,) if more is not None else ()
    if query is queries.consent_spans:
        asked = (None, "CCM")
    elif query is queries.enrolled:
        asked = (MARCH,)
    for username in ("dana", "ben", "levin", "otto"):
        as_user(username).read(query, *asked)
    with pytest.raises(Refused):
        as_user("iris").read(query, *asked)


def enrolled_on(scope: Scope, day: date, program: str) -> list[bytes]:
    return [key for (key,) in rows(queries.enrolled(scope, day, program))]


def test_enrolled_on_a_day(clinic: Clinic, consent: Consented, ana: bytes) -> None:
    consent(MARCH)
    row = clinic.run(actions.enroll, ana, program="CCM", start=MARCH)
    assert clinic.read(enrolled_on, date(2026, 3, 3), "CCM") == []
    assert clinic.read(enrolled_on, MARCH, "CCM") == [ana]
    assert clinic.read(enrolled_on, MARCH, "BHI") == []
    clinic.run(actions.edit_enrollment, row.id, None, status="onhold")
    assert clinic.read(enrolled_on, date(2026, 11, 23), "CCM") == [ana]
    clinic.run(actions.edit_enrollment, row.id, None, status="finished", end=date(2026, 10, 31))
    assert clinic.read(enrolled_on, date(2026, 10, 31), "CCM") == [ana]
    assert clinic.read(enrolled_on, date(2026, 11, 1), "CCM") == []
    clinic.run(actions.edit_enrollment, row.id, None, status="active")
    clinic.run(actions.edit_enrollment, row.id, None, status="cancelled")
    assert clinic.read(enrolled_on, MARCH, "CCM") == []


def test_the_latest_decision_stands_first(clinic: Clinic, consent: Consented, ana: bytes) -> None:
    consent(MARCH)
    consent(date(2026, 11, 2), "revoked", points=())
    consent(date(2026, 11, 2), points=["available", "cost", "one-practitioner", "stop"])
    assert [one.decision for one in clinic.read(queries.consents, ana)] == ["accepted", "revoked", "accepted"]
    assert clinic.read(queries.consent_spans, [ana], "CCM") == {ana: ((MARCH, None),)}
