"""Transitional care: contact, visit, complexity, reconciliation, the window (billing-rules, section 6)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.billing.engine.scenes import Scene

FRIDAY = date(2026, 10, 2)
TUESDAY = date(2026, 10, 6)


def home(
    to: str | None = "home", kind: str = "inpatient", visit: date | None = date(2026, 10, 8), mdm: str | None = "high",
    contact: date | None = TUESDAY, reconciled: date | None = date(2026, 10, 8), out: date = FRIDAY, **values: Any,
) -> Scene:  # fmt: skip
    scene = Scene(**values).stay(out, kind=kind, to=to, reconciled=reconciled)
    if visit:
        scene.visit(visit, kind="tcm", mdm=mdm)
    if contact:
        scene.contact(contact)
    return scene


def test_it_needs_neither_enrollment_nor_consent() -> None:
    line = home().result().lines[0]
    assert (line.code, line.units, line.date_of_service, line.program) == (
        "99496",
        1,
        date(2026, 10, 8),
        "TCM",
    )


@pytest.mark.parametrize(
    ("visit", "mdm", "lines"),
    [
        (date(2026, 10, 9), "high", [("99496", 1)]),
        (date(2026, 10, 10), "high", [("99495", 1)]),
        (date(2026, 10, 8), "moderate", [("99495", 1)]),
        (date(2026, 10, 16), "moderate", [("99495", 1)]),
        (date(2026, 10, 17), "high", []),
        (date(2026, 10, 8), "low", []),
        (date(2026, 10, 8), None, []),
        (None, None, []),
    ],
)
def test_complexity_and_day_of_the_visit(
    visit: date | None, mdm: str | None, lines: list[tuple[str, int]]
) -> None:
    """Noridian, TCM: by day 7 at high complexity, by day 14 at moderate; low is an office visit."""
    scene = home(visit=visit, mdm=mdm, reconciled=FRIDAY)
    assert scene.lines() == lines
    assert bool(scene.blocked()) == (not lines)


@pytest.mark.parametrize(
    "kind", ["inpatient", "observation", "psychiatric", "rehab", "ltch", "snf", "partial"]
)
def test_settings_that_count(kind: str) -> None:
    """Noridian, TCM."""
    assert home(kind=kind).lines() == [("99496", 1)]


def test_settings_that_do_not() -> None:
    """STFM: no emergency visit; Noridian: no discharge to skilled nursing."""
    assert home(kind="ed").blocked() == {"tcm-setting"}
    for to in ("snf", "hospital", "died", "hospice"):
        assert home(to=to).lines() == [], to
    assert home(to="nursing-facility").lines() == [("99496", 1)]
    assert (home(to=None).lines(), "tcm-destination" in home(to=None).warned()) == ([("99496", 1)], True)


def test_the_contact_comes_in_two_business_days() -> None:
    """PositiveCheck citing MLN908628: Friday's discharge until Tuesday; federal holidays do not count."""
    assert home(contact=date(2026, 10, 7), visit=date(2026, 10, 9)).blocked() == {"tcm-contact"}
    columbus = date(2026, 10, 9)  # the Friday before Columbus Day: Wednesday is in time
    late = {"out": columbus, "visit": date(2026, 10, 16), "reconciled": columbus}
    assert home(contact=date(2026, 10, 14), **late).lines() == [("99496", 1)]
    assert home(contact=date(2026, 10, 15), **late).blocked() == {"tcm-contact"}


def test_attempts_in_time_do() -> None:
    """UTHealth, TCM: two separate timely attempts; a voicemail is an attempt, not a contact."""
    scene = home(contact=None, visit=date(2026, 10, 9)).contact(date(2026, 10, 5), "voicemail")
    assert scene.blocked() == {"tcm-contact"}
    assert scene.contact(date(2026, 10, 6), "no-answer").lines() == [("99496", 1)]
    scheduling = home(contact=None, visit=date(2026, 10, 9)).contact(TUESDAY, scheduling=True)
    assert scheduling.blocked() == {"tcm-contact"}
    pharmacy = home(contact=None, visit=date(2026, 10, 9)).contact(TUESDAY, with_whom="pharmacy")
    assert pharmacy.blocked() == {"tcm-contact"}
    clerk = home(contact=None, visit=date(2026, 10, 9)).contact(TUESDAY, staff="olaf")
    assert clerk.blocked() == {"tcm-contact"}


def test_medicines_are_reconciled_by_the_visit() -> None:
    """PositiveCheck, 99495; CareJourney."""
    assert home(reconciled=date(2026, 10, 9)).blocked() == {"tcm-reconciliation"}
    assert home(reconciled=None).blocked() == {"tcm-reconciliation"}


def test_death_and_readmission() -> None:
    """AAPC: no TCM when the patient dies before the 30th day; one TCM in them."""
    assert home(deceased_on=date(2026, 10, 30)).blocked() == {"tcm-death"}
    thirtieth = home(deceased_on=date(2026, 10, 31))
    assert (thirtieth.lines(), "tcm-death" in thirtieth.warned()) == ([("99496", 1)], True)
    assert home(deceased_on=date(2026, 11, 1)).lines() == [("99496", 1)]
    again = home().stay(date(2026, 10, 20), reconciled=date(2026, 10, 22)).contact(date(2026, 10, 21))
    again.visit(date(2026, 10, 22), kind="tcm", mdm="high")
    assert again.lines() == [("99496", 1)]
    assert "tcm-second" in again.blocked()


def test_the_line_belongs_to_the_visits_month() -> None:
    def scene(month: str) -> Scene:
        late = date(2026, 10, 28)
        return home(
            month=month, out=late, visit=date(2026, 11, 4), contact=date(2026, 10, 29), reconciled=late
        )

    assert scene("2026-10").lines() == []
    assert scene("2026-11").lines() == [("99496", 1)]


def test_one_practitioner_bills_it() -> None:
    """AAPC: one individual, once in 30 days."""
    assert home().service("99495", date(2026, 10, 12), practitioner="kim").blocked() == {"exclusion"}
    assert home().service("99496", date(2026, 10, 8), practitioner="lee", ours=True).blocked() == {
        "billed-already"
    }


def test_the_day_of_discharge_holds_no_visit() -> None:
    """AAPC."""
    assert home(visit=FRIDAY, reconciled=FRIDAY).lines() == []
