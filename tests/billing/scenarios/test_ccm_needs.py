"""Scenarios of what CCM needs: consent, enrollment, visit, conditions, plan, who bills (billing-rules, 4, 5, 7, 1h)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.billing.scenarios.ccm_ready import (
    CONSENT,
    ENROLLMENT,
    PLAN,
    VISIT,
    Case,
    Cases,
    Row,
    spent,
    texts_of,
)
from tests.billing.scenarios.folder import codes, judged, rules

CALL = [spent("2026-10-20T09:00", 20)]
EARLY = [spent("2026-10-05T09:00", 20)]
IN_NOVEMBER = [spent("2026-11-05T09:00", 20)]


# -- 4 consent


def consents(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"consents": [{**CONSENT, **row} for row in rows]}


def revoked(day: str, to: str = "", **more: Any) -> Row:
    return {"decision": "revoked", "date": day, "effective_to": to, "mode": "", "points": "", **more}


AGREED: Row = {}
CONSENTS = {
    "verbal": Case("verbal or written", CALL, consents({"mode": "verbal"}), "99490"),
    "written": Case("verbal or written", CALL, consents({"mode": "written"}), "99490"),
    "electronic": Case("verbal or written", CALL, consents({"mode": "electronic"}), "99490"),
    "mode-unknown": Case(
        "issue: consent is there", CALL, consents({"mode": "", "taken_by": "", "points": ""}), "99490",
    ),
    "points-missing": Case(
        "must be explained and recorded", CALL, consents({"points": "available;cost"}), "99490", "", "consent-points",
        says=("only one practitioner", "stop"),
    ),
    "none": Case("issue: blocks when absent", CALL, {"consents": None}, "", "consent"),
    "declined": Case(
        "accepted or declined", CALL, consents({"decision": "declined"}), "", "consent", says=("declined",),
    ),
    "declined-then-accepted": Case(
        "before billing", [*EARLY, *CALL], consents({"decision": "declined"}, {"date": "2026-10-10"}), "99490", "",
        "not-counted-consent", minutes=(20, 0),
    ),
    "accepted-then-declined": Case(
        "the latest word", CALL, consents(AGREED, {"decision": "declined", "date": "2026-09-10"}), "", "consent"
    ),
    "revoked-this-month": Case(
        "that month may still bill", CALL, consents(AGREED, revoked("2026-10-15", "2026-10-31")), "99490"
    ),
    "revoked-last-month": Case(
        "later months not", IN_NOVEMBER, consents(AGREED, revoked("2026-10-15", "2026-10-31")), "", "consent", "",
        "2026-11", ("revoked",),
    ),
    "revoked-no-date": Case(
        "effective end of the month", CALL, consents(AGREED, revoked("2026-10-15")), "99490",
    ),
    "revoked-no-date-after": Case(
        "effective end of the month", IN_NOVEMBER, consents(AGREED, revoked("2026-10-15")), "", "consent",
        "", "2026-11"
    ),
    "revoked-next-month": Case(
        "effective to", IN_NOVEMBER, consents(AGREED, revoked("2026-10-15", "2026-11-30")), "99490", month="2026-11"
    ),
    "revoked-then-again": Case(
        "before starting", [*EARLY, *CALL],
        consents(AGREED, revoked("2026-09-15", "2026-09-30"), {"date": "2026-10-10"}), "99490", "",
        "not-counted-consent", minutes=(20, 0),
    ),
    "revoked-and-again-in-time": Case(
        "nothing was interrupted", IN_NOVEMBER,
        consents(AGREED, revoked("2026-10-05", "2026-10-31"), {"date": "2026-10-20"}), "99490", month="2026-11",
    ),
    "given-later": Case("before billing", CALL, consents({"date": "2026-11-02"}), "", "consent"),
    "of-another-program": Case("issue: per program", CALL, consents({"program": "PCM"}), "", "consent"),
    "once-is-enough": Case(
        "9 not yearly", CALL,
        {**consents({"date": "2022-03-01"}), "enrollments": [{**ENROLLMENT, "start": "2022-03-01"}],
         "visits": [{**VISIT, "date": "2022-03-01"}]}, "99490",
    ),
    "to-another-practitioner": Case(
        "again if the billing practitioner changes", CALL, consents({"practitioner": "nina"}), "", "consent",
        says=("nina", "levin"),
    ),
    "to-the-new-practitioner-too": Case(
        "taken by the new one before service", CALL, consents({"practitioner": "nina"},
        {"date": "2026-10-10"}), "99490"
    ),
    "to-nobody-named": Case("empty is not known", CALL, consents({"practitioner": ""}), "99490"),
    "in-capitals": Case("typed by hand", CALL, consents({"practitioner": "LEVIN"}), "99490"),
    "before-the-visit": Case(
        "during or after the initiating visit", CALL,
        {**consents({"date": "2026-09-01"}), "enrollments": [{**ENROLLMENT, "start": "2026-09-01"}],
         "visits": [{**VISIT, "date": "2026-10-05"}], "plans": [PLAN]}, "99490", "", "consent-order",
    ),
    "twice": Case("contradicts nothing", CALL, consents(AGREED, {"date": "2026-02-01"}), "99490"),
}  # fmt: skip


# -- enrollment (issue 3: end is inclusive, dates decide over status; issue 4: blocks when absent)


def enrollments(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"enrollments": [{**ENROLLMENT, **row} for row in rows]}


ENROLLMENTS = {
    "not-enrolled": Case("issue: blocks when absent", CALL, {"enrollments": None}, "", "enrollment"),
    "finished": Case(
        "end inclusive", [spent("2026-10-10T09:00", 20)], enrollments({"status": "finished",
        "end": "2026-10-10"}), "99490"
    ),
    "finished-before": Case(
        "end inclusive", CALL, enrollments({"status": "finished", "end": "2026-10-10"}), "", "minutes",
        "not-counted-enrollment",
    ),
    "active-but-ended": Case(
        "dates decide", CALL, enrollments({"end": "2026-09-30"}), "", "enrollment", says=("2026-09-30",),
    ),
    "ends-on-the-first": Case(
        "end inclusive", [spent("2026-10-01T09:00", 20)], enrollments({"end": "2026-10-01"}), "99490",
    ),
    "starts-later": Case("dates decide", CALL, enrollments({"start": "2026-11-01"}), "", "enrollment"),
    "starts-on-the-last": Case(
        "start inclusive", [spent("2026-10-31T09:00", 20)], enrollments({"start": "2026-10-31"}), "99490"
    ),
    "status-empty": Case("empty is not known", CALL, enrollments({"status": ""}), "99490"),
    "on-hold": Case(
        "dates decide; contradiction told", CALL, enrollments({"status": "onhold"}), "99490", "", "enrollment-status",
    ),
    "finished-without-end": Case(
        "dates decide; contradiction told", CALL, enrollments({"status": "finished"}), "99490", "",
        "enrollment-status"
    ),
    "planned": Case(
        "dates decide; contradiction told", CALL, enrollments({"status": "planned"}), "99490", "", "enrollment-status"
    ),
    "waitlist": Case(
        "dates decide; contradiction told", CALL, enrollments({"status": "waitlist"}), "99490", "",
        "enrollment-status"
    ),
    "cancelled": Case("never began", CALL, enrollments({"status": "cancelled"}), "", "enrollment"),
    "again": Case(
        "two times in the program", CALL,
        enrollments({"status": "finished", "end": "2026-03-31"}, {"start": "2026-10-01"}), "99490",
    ),
    "no-practitioner": Case("the patient's", CALL, enrollments({"practitioner": ""}), "99490"),
    "by-name": Case("typed by hand", CALL, enrollments({"practitioner": "Amy Levin"}), "99490"),
}  # fmt: skip


# -- 7 the initiating visit; the enrollment starts on 1 October


def visits(*rows: dict[str, Any]) -> dict[str, Any]:
    return {
        "visits": [{**VISIT, **row} for row in rows],
        "enrollments": [{**ENROLLMENT, "start": "2026-10-01"}],
        "consents": [{**CONSENT, "date": "2026-10-01"}],
    }


OLD, MAY = {"date": "2024-05-01"}, {"date": "2026-05-01"}
VISITS = {
    "no-visit": Case(
        "issue: nothing known warns", CALL, {**visits(), "visits": None}, "99490", "", "initiating-visit",
    ),
    "a-year-ago": Case("within 1 year", CALL, visits({"date": "2025-10-01"}), "99490"),
    "over-a-year-ago": Case("within 1 year", CALL, visits({"date": "2025-09-30"}), "", "initiating-visit"),
    **{
        f"kind-{kind}": Case("visit types", CALL, visits({**MAY, "kind": kind}), "99490")
        for kind in ("em", "awv", "ippe", "tcm")
    },
    "kind-other": Case("visit types", CALL, visits({**MAY, "kind": "other"}), "", "initiating-visit"),
    "low-mdm": Case("level 4-5 not required", CALL, visits({**MAY, "mdm": "straightforward"}), "99490"),
    "not-discussed": Case(
        "must be discussed", CALL, visits({**MAY, "care_management_discussed": 0}), "", "initiating-visit"
    ),
    "not-known-whether-discussed": Case(
        "issue: not known warns", CALL, visits({**MAY, "care_management_discussed": ""}), "99490", "",
        "initiating-visit"
    ),
    "known-patient": Case(
        "issue: a visit before the one relied on", CALL,
        visits({**OLD, "care_management_discussed": 0}, {**MAY, "care_management_discussed": 0}), "99490",
    ),
    "known-but-long-ago": Case(
        "issue: nothing before a required visit", EARLY, visits(OLD, {"date": "2026-10-12"}), "", "minutes",
        "not-counted-initiating-visit",
    ),
    "new-and-before-it": Case(
        "2 before the initiating visit", [*EARLY, spent("2026-10-13T09:00", 19)],
        {**visits({"date": "2026-10-12"}), "consents": [{**CONSENT, "date": "2026-10-01", "practitioner": ""}]}, "",
        "minutes", "not-counted-initiating-visit consent-order", minutes=(19, 0),
    ),
    "on-its-day": Case(
        "from its day on", [spent("2026-10-12T15:00", 20)],
        {**visits({"date": "2026-10-12"}), "consents": [{**CONSENT, "date": "2026-10-12"}]}, "99490", "", "visit-day",
    ),
    "only-after-the-month": Case(
        "2 before the initiating visit", CALL, visits({"date": "2026-11-03"}), "", "initiating-visit",
        says=("2026-11-03",)
    ),
    "only-long-after-the-month": Case(
        "2 before the initiating visit", CALL, visits({"date": "2026-12-15"}), "", "initiating-visit"
    ),
    "some-visit-later": Case(
        "issue: nothing known warns", CALL, visits({"date": "2026-11-03", "care_management_discussed": ""}),
        "99490", "",
        "initiating-visit",
    ),
    "of-a-colleague": Case(
        "seen by the practitioner", CALL, visits({**MAY, "practitioner": "nina"}), "99490", "", "initiating-visit"
    ),
    "of-both": Case(
        "seen by the practitioner", CALL, visits({**MAY, "practitioner": "nina"}, {"date": "2026-06-01"}), "99490"
    ),
    "of-nobody-named": Case("empty is not known", CALL, visits({**MAY, "practitioner": ""}), "99490"),
    "no-renewal": Case(
        "within 1 year before start", CALL,
        {"visits": [{**VISIT, "date": "2023-01-05"}], "enrollments": [{**ENROLLMENT, "start": "2023-01-05"}],
         "consents": [{**CONSENT, "date": "2023-01-05"}]}, "99490",
    ),
}  # fmt: skip


CASES = {**CONSENTS, **ENROLLMENTS, **VISITS}


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cases]:
    found = Cases(tmp_path_factory.mktemp("needs"), CASES)
    yield found
    found.close()


@pytest.mark.parametrize("name", CASES, ids=[f"{name}: {case.where}" for name, case in CASES.items()])
def test_needs(cases: Cases, name: str) -> None:
    cases.check(name, CASES[name])


def test_the_enrollments_practitioner_bills(tmp_path: Path) -> None:
    """Issue 3: practitioner of the enrollment over the patient's; 4: consent to the one who bills."""
    files = texts_of(
        enrollments=[{**ENROLLMENT, "practitioner": "nina"}],
        consents=[{**CONSENT, "practitioner": "nina"}],
        visits=[{**VISIT, "practitioner": "nina"}],
        time_entries=[spent("2026-10-20T09:00", 30, "nina")],
    )
    said = judged(tmp_path, files, "2026-10")
    assert [(line["code"], line["practitioner"]) for line in said["lines"]] == [("99491", "nina")]


def test_files_that_are_missing(tmp_path: Path) -> None:
    """Issue 4: absent is not "no": enrollment and consent block, the rest warns."""
    files = texts_of(
        conditions=None, consents=None, enrollments=None, visits=None, plans=None, time_entries=CALL
    )
    said = judged(tmp_path, files, "2026-10")
    assert codes(said) == {}
    assert rules(said) == {"enrollment", "consent"}
    assert rules(said, "warnings") == {"conditions", "initiating-visit", "plan"}
