"""Recording consents and enrollments: what is refused, what is computed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Invalid, Refused
from cmp_tui.clinic.history import last_undoable
from cmp_tui.enrollment import actions, queries
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.patients.queries import patient_card
from tests.conftest import AsUser
from tests.enrollment.conftest import Consented

TODAY = date(2026, 11, 23)
MARCH = date(2026, 3, 4)


def statuses(clinic: Clinic, patient: bytes) -> list[tuple[str, str, date | None]]:
    return [(one.program, one.status, one.end) for one in clinic.read(queries.enrollments, patient)]


def test_a_consent_is_signed_and_kept_whole(clinic: Clinic, consent: Consented, ana: bytes) -> None:
    consent(MARCH, script_version="2026-1", remarks="asked about cost")
    line = clinic.read(queries.consents, ana)[0]
    assert (line.decision, line.date, line.mode, line.effective_to) == ("accepted", MARCH, "verbal", None)
    assert (
        line.points == frozenset(POINTS) and line.practitioner == "levin" and line.script_version == "2026-1"
    )
    assert (line.taken_by_name, line.taken_by_credential) == ("Dana Ruiz", "RN")


def test_an_agreement_needs_every_point_and_names_the_missing_ones(consent: Consented) -> None:
    with pytest.raises(Invalid) as caught:
        consent(MARCH, points=["available", "cost", "stop"])
    assert set(caught.value.fields) == {"points"}
    assert "only one practitioner" in caught.value.fields["points"] and "cost sharing" not in str(
        caught.value
    )
    with pytest.raises(Invalid) as caught:
        consent(date(2026, 11, 24), points=(), mode=None)
    assert set(caught.value.fields) == {"points", "mode", "date"}


def test_a_decline_needs_no_points(consent: Consented, clinic: Clinic, ana: bytes) -> None:
    consent(MARCH, "declined", points=())
    assert clinic.read(queries.consent_now, ana) == "declined"


def test_a_revocation_holds_from_the_next_month(consent: Consented, clinic: Clinic, ana: bytes) -> None:
    consent(MARCH)
    row = consent(date(2026, 11, 10), "revoked", points=())
    assert row.effective_to == date(2026, 11, 30)
    assert clinic.read(queries.consent_now, ana) == "accepted"
    assert clinic.read(queries.consent_now, ana, "CCM", date(2026, 12, 1)) == "revoked"
    assert clinic.read(queries.consent_spans, None, "CCM") == {ana: ((MARCH, date(2026, 11, 30)),)}
    assert (
        clinic.read(queries.consent_spans, [ana], "BHI")
        == clinic.read(queries.consent_spans, [], "CCM")
        == {}
    )


def test_only_what_holds_can_be_revoked_and_is_then_not_declined(consent: Consented) -> None:
    with pytest.raises(Invalid, match="no agreement in force"):
        consent(MARCH, "revoked", points=())
    consent(MARCH)
    with pytest.raises(Invalid, match="Record that it is revoked"):
        consent(TODAY, "declined", points=())


def test_nobody_is_enrolled_without_a_consent_on_the_start_day(
    clinic: Clinic, consent: Consented, ana: bytes
) -> None:
    def enroll(start: date | None, program: str = "CCM") -> Any:
        return clinic.run(actions.enroll, ana, program=program, start=start, practitioner=None)

    with pytest.raises(Invalid, match=r"There is no consent .* C on the patient's chart") as caught:
        enroll(TODAY)
    assert set(caught.value.fields) == {"start"}
    consent(date(2026, 3, 1), "declined", points=())
    with pytest.raises(Invalid, match="declined"):
        enroll(TODAY)
    consent(MARCH)
    with pytest.raises(Invalid, match="declined"):
        enroll(date(2026, 3, 3))
    with pytest.raises(Invalid, match="There is no consent to behavioral"):
        enroll(TODAY, "BHI")
    with pytest.raises(Invalid, match="on which day"):
        enroll(None)
    with pytest.raises(Invalid, match="still to come"):
        enroll(date(2026, 11, 24))
    row = enroll(MARCH)
    assert (row.status, row.practitioner, row.start) == ("active", "levin", MARCH)
    assert clinic.read(queries.enrolled_count) == 1


def test_before_the_consent_is_too_early(clinic: Clinic, consent: Consented, ana: bytes) -> None:
    consent(MARCH)
    with pytest.raises(Invalid, match="is of 2026-03-04"):
        clinic.run(actions.enroll, ana, program="CCM", start=date(2026, 3, 3), practitioner=None)


def test_revoked_is_told(clinic: Clinic, consent: Consented, ana: bytes) -> None:
    consent(MARCH)
    consent(date(2026, 10, 10), "revoked", points=())
    with pytest.raises(Invalid, match="revoked the consent"):
        clinic.run(actions.enroll, ana, program="CCM", start=TODAY, practitioner=None)


def test_a_program_without_a_consent_rule_needs_none(clinic: Clinic, ana: bytes) -> None:
    assert clinic.run(actions.enroll, ana, program="TCM", start=TODAY).status == "active"


def test_once_in_a_program_at_a_time(clinic: Clinic, consent: Consented, ana: bytes) -> None:
    consent(MARCH)
    first = clinic.run(actions.enroll, ana, program="CCM", start=MARCH)
    with pytest.raises(Invalid, match="is enrolled already"):
        clinic.run(actions.enroll, ana, program="CCM", start=TODAY)
    with pytest.raises(Invalid, match="is enrolled already"):
        clinic.run(actions.enroll, ana, program="CCM", start=None, status="planned")
    clinic.run(actions.edit_enrollment, first.id, 1, status="finished", end=date(2026, 6, 30), reason="moved")
    with pytest.raises(Invalid, match="until 2026-06-30"):
        clinic.run(actions.enroll, ana, program="CCM", start=date(2026, 6, 30))
    clinic.run(actions.enroll, ana, program="CCM", start=date(2026, 7, 1))
    assert statuses(clinic, ana) == [("CCM", "active", None), ("CCM", "finished", date(2026, 6, 30))]
    with pytest.raises(Invalid, match="is enrolled already"):
        clinic.run(actions.edit_enrollment, first.id, 2, status="active")


def test_a_planned_one_needs_the_consent_when_it_begins(
    clinic: Clinic, consent: Consented, ana: bytes
) -> None:
    row = clinic.run(actions.enroll, ana, program="CCM", start=None, status="planned")
    assert clinic.read(queries.enrolled_count) == 0
    with pytest.raises(Invalid, match="There is no consent"):
        clinic.run(actions.edit_enrollment, row.id, 1, status="active", start=TODAY)
    consent(TODAY)
    assert clinic.run(actions.edit_enrollment, row.id, 1, status="active", start=TODAY).start == TODAY
    with pytest.raises(Invalid, match="can't become planned"):
        clinic.run(actions.edit_enrollment, row.id, 2, status="planned")


def test_ending_and_going_on(clinic: Clinic, consent: Consented, ana: bytes) -> None:
    consent(MARCH)
    row = clinic.run(actions.enroll, ana, program="CCM", start=MARCH)
    with pytest.raises(Invalid, match="before the first"):
        clinic.run(actions.edit_enrollment, row.id, None, status="finished", end=date(2026, 1, 1))
    assert clinic.run(actions.edit_enrollment, row.id, None, status="finished").end == TODAY
    assert clinic.read(queries.enrolled_count) == 1  # the last day counts
    again = clinic.run(actions.edit_enrollment, row.id, None, status="active")
    assert again.end is None
    # What only changes the remark asks for no consent again.
    consent(date(2026, 11, 1), "revoked", points=())
    assert clinic.run(actions.edit_enrollment, row.id, None, reason="x").reason == "x"


def test_a_death_ends_the_programs_in_the_same_change(clinic: Clinic, consent: Consented, ana: bytes) -> None:
    consent(MARCH)
    clinic.run(actions.enroll, ana, program="CCM", start=MARCH)
    clinic.run(actions.enroll, ana, program="BHI", start=None, status="planned")
    clinic.run(actions.edit_patient, ana, 1, deceased_on="2026-11-20")
    assert set(statuses(clinic, ana)) == {("CCM", "finished", date(2026, 11, 20)), ("BHI", "cancelled", None)}
    with pytest.raises(Invalid, match="has died"):
        clinic.run(actions.enroll, ana, program="TCM", start=TODAY)
    with pytest.raises(Invalid, match="has died"):
        consent(TODAY)
    done = clinic.read(last_undoable)
    assert done is not None
    clinic.undo(done.seq)
    assert not clinic.read(patient_card, ana).deceased
    assert {status for _, status, _ in statuses(clinic, ana)} == {"active", "planned"}
    assert clinic.verify() == []


def test_a_death_known_to_the_month_ends_with_it_or_today(
    clinic: Clinic, consent: Consented, ana: bytes
) -> None:
    consent(MARCH)
    row = clinic.run(actions.enroll, ana, program="CCM", start=MARCH)
    clinic.run(actions.edit_patient, ana, None, deceased_on="2026-11")
    assert statuses(clinic, ana) == [("CCM", "finished", TODAY)]
    clinic.run(
        actions.edit_patient, ana, None, remarks="a correction ends nothing again", deceased_on="2026-10"
    )
    assert statuses(clinic, ana) == [("CCM", "finished", TODAY)] and row.program == "CCM"


def test_struck_out_consents_and_enrollments_count_no_more(
    clinic: Clinic, consent: Consented, ana: bytes
) -> None:
    row = consent(MARCH)
    enrolled = clinic.run(actions.enroll, ana, program="CCM", start=MARCH)
    clinic.run(actions.strike_consent, row.id, "of another patient")
    clinic.run(actions.strike_enrollment, enrolled.id, "of another patient")
    assert clinic.read(queries.consent_now, ana) is None and statuses(clinic, ana) == []


@pytest.mark.parametrize("username", ["otto", "iris"])
def test_who_only_reads_or_only_manages_writes_nothing(as_user: AsUser, ana: bytes, username: str) -> None:
    someone = as_user(username)
    with pytest.raises(Refused):
        someone.run(
            actions.record_consent,
            ana,
            program="CCM",
            decision="declined",
            date=TODAY,
            mode="verbal",
            points=(),
        )
    with pytest.raises(Refused):
        someone.run(actions.enroll, ana, program="TCM", start=TODAY)
    with pytest.raises(Refused):
        someone.run(actions.edit_patient, ana, None, city="Austin")
    for write in (actions.strike_consent, actions.strike_enrollment):
        with pytest.raises(Refused):
            someone.run(write, ana, "x")
    with pytest.raises(Refused):
        someone.run(actions.edit_enrollment, ana, None, reason="x")
