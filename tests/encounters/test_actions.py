"""Visits, stays and services that are typed here: what is taken, and what is told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Conflict, Invalid, Refused
from cmp_tui.encounters import actions
from cmp_tui.encounters.model import Stay
from cmp_tui.encounters.queries import services, stays, visits
from cmp_tui.encounters.rules import Span, lies_over
from cmp_tui.patients.actions import add_patient
from tests.clinic import acts
from tests.conftest import AsUser


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    return clinic.run(add_patient, family="Ruiz-Moreno", birth_date="1948-02-11").id


def add(
    clinic: Clinic, ana: bytes, kind: str, admitted: str, discharged: str | None = None, **more: Any
) -> Stay:
    left = day(discharged) if discharged else None
    return clinic.run(actions.add_stay, ana, kind=kind, admitted=day(admitted), discharged=left, **more)


def wrong(clinic: Clinic, ana: bytes, *args: Any, **more: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as told:
        add(clinic, ana, *args, **more)
    return told.value.fields


def test_a_stay_is_added_changed_and_struck_out(clinic: Clinic, ana: bytes) -> None:
    row = add(clinic, ana, "inpatient", "11-03", facility="St. Mary's")
    clinic.run(actions.edit_stay, row.id, row.version, discharged=day("11-09"), discharged_to="home")
    (line,) = clinic.read(stays, ana)
    assert (line.kind, line.admitted, line.discharged, line.discharged_to) == (
        "inpatient", day("11-03"), day("11-09"), "home",
    )  # fmt: skip
    with pytest.raises(Conflict):
        clinic.run(actions.edit_stay, row.id, row.version, discharged=day("11-10"))
    clinic.run(actions.strike_stay, row.id, "of someone else")
    assert clinic.read(stays, ana) == []


@pytest.mark.parametrize(
    ("args", "field", "says"),
    [
        (("inpatient", "11-09", "11-03"), "discharged", "before the admission"),
        (("inpatient", "11-20", "11-24"), "discharged", "still to come"),
        (("inpatient", "11-24"), "admitted", "still to come"),
    ],
)
def test_days_that_can_not_be_are_told(clinic: Clinic, ana: bytes, args: Any, field: str, says: str) -> None:
    told = wrong(clinic, ana, *args)
    assert list(told) == [field] and says in told[field]


def test_other_things_that_can_not_be(clinic: Clinic, ana: bytes) -> None:
    assert (
        "Say on which day they left" in wrong(clinic, ana, "snf", "11-03", discharged_to="home")["discharged"]
    )
    with pytest.raises(Invalid, match="before the patient's birth"):
        clinic.run(
            actions.add_stay, ana, kind="snf", admitted=date(1948, 2, 10), discharged=date(1948, 2, 10)
        )
    with pytest.raises(Invalid, match="what kind of stay"):
        clinic.run(actions.add_stay, ana, kind=None, admitted=day("11-03"))


def test_stays_that_lie_over_each_other_are_told(clinic: Clinic, ana: bytes) -> None:
    add(clinic, ana, "inpatient", "11-03", "11-09", facility="St. Mary's")
    told = wrong(clinic, ana, "snf", "11-08", "11-20")["admitted"]
    assert told == (
        "It lies over the hospital stay at St. Mary's from 2026-11-03 to 2026-11-09. Correct one of the two."
    )
    add(clinic, ana, "snf", "11-09")
    assert "that has not ended" in wrong(clinic, ana, "inpatient", "11-20")["admitted"]
    assert (
        "recorded already"
        in {
            **(add(clinic, ana, "ed", "11-12", facility="Lake"), {})[1],
            **wrong(clinic, ana, "ed", "11-12", facility="Lake"),
        }["admitted"]
    )
    assert len(clinic.read(stays, ana)) == 3


def test_an_emergency_visit_ends_on_its_day_and_may_begin_a_stay(clinic: Clinic, ana: bytes) -> None:
    row = add(clinic, ana, "ed", "11-03")
    assert row.discharged == day("11-03")
    add(clinic, ana, "inpatient", "11-03", "11-09")


def test_a_change_is_checked_against_the_others_and_not_itself(clinic: Clinic, ana: bytes) -> None:
    first = add(clinic, ana, "inpatient", "11-03", "11-09")
    second = add(clinic, ana, "inpatient", "11-12", "11-15")
    clinic.run(actions.edit_stay, first.id, None, discharged=day("11-10"))
    with pytest.raises(Invalid, match="lies over"):
        clinic.run(actions.edit_stay, second.id, None, admitted=day("11-09"))
    clinic.run(actions.edit_stay, second.id, None, reason="fell again")


def test_a_moment_that_came_in_goes_with_its_day(clinic: Clinic, ana: bytes) -> None:
    clinic.rights = acts.RIGHTS
    at = datetime(2026, 11, 3, 15, 4, tzinfo=UTC)
    row = clinic.run(acts.add, Stay, patient=ana, kind="ed", admitted=day("11-03"), admitted_at=at)
    clinic.run(actions.edit_stay, row.id, None, facility="Lake")
    assert clinic.read(stays, ana)[0].admitted_at == at
    clinic.run(actions.edit_stay, row.id, None, admitted=day("11-02"))
    assert clinic.read(stays, ana)[0].admitted_at is None


def test_visits(clinic: Clinic, ana: bytes) -> None:
    row = clinic.run(
        actions.add_visit, ana, date=day("11-20"), kind="awv", practitioner="levin",
        care_management_discussed=True, mdm="moderate",
    )  # fmt: skip
    clinic.run(actions.add_visit, ana, date=day("12-04"), kind="em")
    clinic.run(actions.edit_visit, row.id, row.version, care_management_discussed=False)
    lines = clinic.read(visits, ana)
    assert [line.date for line in lines] == [day("12-04"), day("11-20")]
    assert lines[1].care_management_discussed is False
    for act in (lambda: clinic.run(actions.add_visit, ana, kind="em"), lambda: clinic.run(
        actions.edit_visit, row.id, None, date=None
    )):  # fmt: skip
        with pytest.raises(Invalid, match="on which day"):
            act()
    clinic.run(actions.strike_visit, row.id, "did not come")
    assert len(clinic.read(visits, ana)) == 1


def test_services_by_others(clinic: Clinic, ana: bytes) -> None:
    row = clinic.run(actions.add_service, ana, code=" g0181 ", start=day("10-01"), practitioner="Dr. Ito")
    (line,) = clinic.read(services, ana)
    assert (line.code, line.ours, line.practitioner) == ("G0181", False, "Dr. Ito")
    for values, field in (
        ({"code": "home health", "start": day("10-01")}, "code"),
        ({"code": "99490"}, "start"),
        ({"code": "99490", "start": day("11-24")}, "start"),
        ({"code": "99490", "start": day("11-02"), "end": day("11-01")}, "end"),
    ):
        with pytest.raises(Invalid) as told:
            clinic.run(actions.add_service, ana, **values)  # type: ignore[arg-type]
        assert list(told.value.fields) == [field]
    with pytest.raises(Invalid, match="before the first"):
        clinic.run(actions.edit_service, row.id, None, end=day("09-30"))
    clinic.run(actions.edit_service, row.id, None, code="g0182")
    assert clinic.read(services, ana)[0].code == "G0182"
    clinic.run(actions.strike_service, row.id, "not hers")
    assert clinic.read(services, ana) == []


def test_who_may(as_user: AsUser, clinic: Clinic, ana: bytes) -> None:
    for name in ("iris", "otto"):
        with pytest.raises(Refused):
            add(as_user(name), ana, "ed", "11-03")
    add(as_user("levin"), ana, "ed", "11-03")


SPANS = st.builds(
    lambda kind, start, length: Span(
        kind, date.fromordinal(739_000 + start), None if length is None else date.fromordinal(739_000 + start + length)
    ),
    st.sampled_from(["inpatient", "snf", "rehab"]), st.integers(0, 30), st.one_of(st.none(), st.integers(0, 9)),
)  # fmt: skip


@given(SPANS, SPANS)
def test_over_each_other_is_mutual_and_means_more_than_one_shared_day(one: Span, other: Span) -> None:
    assert (lies_over(one, [other]) is None) == (lies_over(other, [one]) is None)
    end = {span: span.discharged or date.max for span in (one, other)}
    shared = (min(end[one], end[other]) - max(one.admitted, other.admitted)).days
    if shared < 0:
        assert lies_over(one, [other]) is None
    elif shared > 0:
        assert lies_over(one, [other]) == other
