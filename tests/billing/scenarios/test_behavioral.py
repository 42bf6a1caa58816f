"""General behavioral integration and collaborative care: sections 1b, 2, 3, 4 and 7 of the billing rules."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.billing.scenarios.crowd import (
    Case,
    Crowd,
    billed,
    consented,
    ill,
    joined,
    patient,
    planned,
    ready,
    row,
    seen,
    spent,
)

BHI, COCM = ready("BHI"), ready("COCM")
FIRST = ready("COCM", "2026-10-01")
"""Collaborative care that begins in October."""


def both(first: str, second: str) -> tuple[tuple[str, dict[str, str]], ...]:
    """Ready for two programs."""
    return ready(first) + consented(second) + joined(second, practitioner="levin") + planned(second)


CASES = {
    # -- 1b: 99484
    "bhi-20": Case("1b", BHI + spent("BHI", 20), lines="99484", minutes={"BHI": (20, 0)}),
    "bhi-1959": Case(
        "2 no rounding", BHI + spent("BHI", "19:59"), blocked="minutes", minutes={"BHI": (19, 0)},
    ),
    "bhi-11": Case("9: not from 11", BHI + spent("BHI", 11), blocked="minutes"),
    "bhi-60": Case("1b no add-on", BHI + spent("BHI", 60), lines="99484"),
    "bhi-sum": Case(
        "2 short contacts add up, floored once",
        BHI + spent("BHI", "6:40") + spent("BHI", "6:40", at="2026-10-07T09:00")
            + spent("BHI", "6:40", at="2026-10-08T09:00"),
        lines="99484",
        minutes={"BHI": (20, 0)},
    ),
    "bhi-none": Case("issue: absent minutes block", BHI, blocked="minutes"),
    "bhi-md": Case("2 practitioner time into staff codes", BHI + spent("BHI", 20, "levin"), lines="99484"),
    "bhi-mixed": Case(
        "2 practitioner time into staff codes",
        BHI + spent("BHI", 12) + spent("BHI", 8, "levin", "2026-10-07T09:00"),
        lines="99484",
        minutes={"BHI": (12, 8)},
    ),
    "bhi-sw": Case("1b clinical staff", BHI + spent("BHI", 20, "wanda"), lines="99484"),
    "bhi-chw": Case(
        "2 non-clinical staff", BHI + spent("BHI", 20, "cora"), blocked="minutes", minutes={"BHI": (0, 0)},
    ),
    "bhi-clerk": Case(
        "2 non-clinical staff", BHI + spent("BHI", 19) + spent("BHI", 5, "mo", "2026-10-07T09:00"),
        blocked="minutes",
    ),
    "bhi-visit": Case("2 E/M minutes", BHI + spent("BHI", 20, "levin", in_billed_visit=1), blocked="minutes"),
    "bhi-typed": Case(
        "minutes instead of the end, only the day",
        BHI + row("time_entries", staff="ben", start="2026-10-06", minutes=20, program="BHI"),
        lines="99484",
    ),
    "bhi-upper-staff": Case("usernames in any case", BHI + spent("BHI", 20, "BEN"), lines="99484"),
    "bhi-carry": Case(
        "2 never carried over",
        BHI + spent("BHI", 15, at="2026-09-30T09:00") + spent("BHI", 15),
        blocked="minutes",
        minutes={"BHI": (15, 0)},
    ),
    "bhi-midnight": Case(
        "2 split at the month's end",
        BHI + spent("BHI", 30, at="2026-10-31T23:40"),
        lines="99484",
        minutes={"BHI": (20, 0)},
    ),
    "bhi-group": Case(
        "2 group divided", BHI + spent("BHI", 60, group_size=3), lines="99484", minutes={"BHI": (20, 0)},
    ),
    "bhi-two-staff": Case(
        "2 two staff at once count once",
        BHI + spent("BHI", 15) + spent("BHI", 15, "wanda"),
        blocked="minutes",
        minutes={"BHI": (15, 0)},
    ),
    "bhi-2022": Case(
        "table from 2022-01", ready("BHI", "2022-01-01", "2021-12-15")
            + spent("BHI", 20, at="2022-01-03T09:00"),
        "2022-01", lines="99484",
    ),
    # -- 4: consent
    "bhi-no-consent": Case(
        "4", patient() + seen() + joined("BHI") + ill("F33.1") + planned("BHI") + spent("BHI", 20),
            blocked="consent"
    ),
    "bhi-declined": Case(
        "4", patient() + seen() + joined("BHI") + consented("BHI", decision="declined") + ill("F33.1")
            + spent("BHI", 20),
        blocked="consent",
    ),
    "bhi-ccm-consent": Case(
        "4 consent for each program",
        patient() + seen() + joined("BHI") + consented("CCM") + ill("F33.1") + planned("BHI")
            + spent("BHI", 20),
        blocked="consent",
    ),
    "bhi-before-consent": Case(
        "2 minutes before consent",
        patient() + seen() + joined("BHI", "2026-10-01") + consented("BHI", "2026-10-07") + ill("F33.1")
        + spent("BHI", 20) + spent("BHI", 10, at="2026-10-08T09:00"),
        blocked="minutes",
        minutes={"BHI": (10, 0)},
    ),
    "bhi-day-of-consent": Case(
        "2 consent on the day",
        patient() + seen() + joined("BHI", "2026-10-06") + consented("BHI", "2026-10-06") + ill("F33.1")
            + planned("BHI", "2026-10-06", "2026-10-06")
        + spent("BHI", 20),
        lines="99484",
    ),
    "bhi-revoked": Case(
        "4 revocation takes effect at month end",
        BHI + consented("BHI", "2026-10-10", "revoked", effective_to="2026-10-31") + spent("BHI", 20),
        lines="99484",
    ),
    "bhi-revoked-no-end": Case(
        "4 revocation takes effect at month end, the cell is empty",
        BHI + consented("BHI", "2026-10-02", "revoked") + spent("BHI", 20),
        lines="99484",
    ),
    "bhi-revoked-before": Case(
        "4 later months not",
        BHI + consented("BHI", "2026-09-30", "revoked", effective_to="2026-09-30") + spent("BHI", 20),
        blocked="consent",
    ),
    "bhi-agreed-again": Case(
        "4 revoked, and agreed again",
        BHI + consented("BHI", "2026-09-10", "revoked", effective_to="2026-09-30")
            + consented("BHI", "2026-10-06") + spent("BHI", 15, at="2026-10-05T09:00") + spent("BHI", 20),
        lines="99484", minutes={"BHI": (20, 0)}, warned="not-counted-consent",
    ),
    "bhi-declined-then-agreed": Case(
        "4 declined at first",
        patient() + seen() + joined("BHI", "2026-03-05") + ill("F33.1") + planned("BHI")
            + consented("BHI", "2026-01-05", "declined") + consented("BHI", "2026-03-05") + spent("BHI", 20),
        lines="99484",
    ),
    "bhi-consent-for-another": Case(
        "4 again if the billing practitioner changes",
        patient() + seen() + consented("BHI", practitioner="cho") + joined("BHI", practitioner="levin")
            + ill("F33.1") + spent("BHI", 20),
        blocked="consent", says=("cho",),
    ),
    "bhi-logged-for-another": Case(
        "3 one practitioner bills", BHI + spent("BHI", 20, practitioner="cho"), blocked="minutes",
            warned="not-counted-other-practitioner",
    ),
    "bhi-part-a": Case(
        "2 a Part A stay", BHI + row("stays", kind="snf", admitted="2026-10-01", discharged="2026-10-10",
            discharged_to="snf") + spent("BHI", 20),
        blocked="minutes", warned="not-counted-part-a",
    ),
    "bhi-authorization": Case(
        "2 prior authorisations: safer not to count", BHI + spent("BHI", 20, activity="prior-authorization"),
        blocked="minutes", warned="not-counted-activity",
    ),
    # -- enrollment
    "bhi-not-enrolled": Case(
        "issue: enrollment blocks", patient() + consented("BHI") + seen() + ill("F33.1") + spent("BHI", 20),
        blocked="enrollment",
    ),
    **{
        f"bhi-{status}": Case(
            "issue 3: dates decide over status; the contradiction is told",
            patient() + consented("BHI") + seen() + ill("F33.1") + joined("BHI", status=status) + spent("BHI", 20),
            lines="99484", warned="enrollment-status",
        )
        for status in ("planned", "waitlist", "onhold")
    },
    "bhi-cancelled": Case(
        "issue: enrollment in force; one that was cancelled never began",
        patient() + consented("BHI") + seen() + ill("F33.1") + joined("BHI", status="cancelled")
            + spent("BHI", 20),
        blocked="enrollment",
    ),
    "bhi-no-start": Case(
        "issue: absent is not no: the start's cell is empty",
        patient() + consented("BHI") + seen() + ill("F33.1") + joined("BHI", "", status="active")
            + spent("BHI", 20),
        blocked="enrollment",
    ),
    "bhi-ended": Case(
        "issue: enrollment in force",
        patient() + consented("BHI") + seen() + ill("F33.1") + joined("BHI", end="2026-09-30")
            + spent("BHI", 20),
        blocked="enrollment",
    ),
    "bhi-ends-within": Case(
        "the last day of an enrollment is included",
        patient() + consented("BHI") + seen() + ill("F33.1") + planned("BHI")
            + joined("BHI", end="2026-10-06") + spent("BHI", 20),
        lines="99484",
    ),
    # -- conditions, initiating visit
    "bhi-no-conditions": Case(
        "issue: absent conditions warn",
        patient() + consented("BHI") + seen() + joined("BHI") + planned("BHI") + spent("BHI", 20),
        lines="99484", warned="conditions",
    ),
    "bhi-no-behavioral": Case(
        "1b a behavioral condition: a list that has none is warned of",
        patient() + consented("BHI") + seen() + joined("BHI") + planned("BHI") + ill("I10")
            + spent("BHI", 20),
        lines="99484", warned="conditions",
    ),
    "bhi-resolved": Case(
        "1b a behavioral condition; it was over before the month",
        patient() + consented("BHI") + seen() + joined("BHI") + planned("BHI")
        + row("conditions", system="icd-10-cm", code="F33.1", chronic=1, resolved="2026-05")
        + ill("I10") + spent("BHI", 20),
        lines="99484", warned="conditions",
    ),
    "bhi-acute": Case(
        "1b any behavioral condition, chronic or not",
        patient() + consented("BHI") + seen() + joined("BHI") + planned("BHI")
        + row("conditions", system="icd-10-cm", code="F43.20", chronic=0) + spent("BHI", 20),
        lines="99484",
    ),
    "bhi-substance": Case(
        "1b any behavioral condition", patient() + consented("BHI") + seen() + joined("BHI") + planned("BHI")
        + ill("F10.20") + spent("BHI", 20), lines="99484",
    ),
    "bhi-no-visit": Case(
        "7; issue: no visit at all warns",
        patient() + consented("BHI") + joined("BHI") + ill("F33.1") + planned("BHI") + spent("BHI", 20),
        lines="99484", warned="initiating-visit",
    ),
    "bhi-visit-later": Case(
        "2 minutes before the initiating visit",
        patient() + consented("BHI") + seen("2026-10-20") + joined("BHI") + ill("F33.1") + planned("BHI")
            + spent("BHI", 20),
        blocked="minutes", warned="not-counted-initiating-visit",
    ),
    "bhi-dementia": Case(
        "1b any behavioral condition", patient() + consented("BHI") + seen() + joined("BHI") + planned("BHI")
        + ill("G30.9") + spent("BHI", 20), lines="99484", free="conditions",
    ),
    "bhi-own-words": Case(
        "1b any behavioral condition, in the person's own words: not known to be one",
        patient() + consented("BHI") + seen() + joined("BHI") + planned("BHI")
            + row("conditions", system="", display="depression", chronic=1) + spent("BHI", 20),
        lines="99484",
    ),
    # -- 1b: 99492, 99493, 99494, G2214
    **{
        f"first-{time.replace(':', '')}": Case("1b first month", FIRST + spent("COCM", time), lines=lines,
            blocked="" if lines else "minutes")
        for time, lines in {
            "29:59": "", "30": "G2214", "35:59": "G2214", "36": "99492", "70": "99492", "85:59": "99492",
            "86": "99492 99494", "115:59": "99492 99494", "116": "99492 99494*2", "145:59": "99492 99494*2",
                "146": "99492 99494*3",
        }.items()
    },
    **{
        f"later-{time.replace(':', '')}": Case("1b later month", COCM + spent("COCM", time), lines=lines,
            blocked="" if lines else "minutes")
        for time, lines in {
            "29:59": "", "30": "G2214", "30:59": "G2214", "31": "99493", "36": "99493", "60": "99493",
                "75:59": "99493",
            "76": "99493 99494", "105:59": "99493 99494", "106": "99493 99494*2", "136": "99493 99494*3",
        }.items()
    },
    "first-ends": Case(
        "issue: the month in which the enrollment starts", ready("COCM", "2026-10-31")
        + spent("COCM", 36, at="2026-10-31T10:00"), lines="99492",
    ),
    "first-was-last-day": Case(
        "issue: the month in which the enrollment starts", ready("COCM", "2026-09-30") + spent("COCM", 36),
        lines="99493",
    ),
    "again": Case(
        "issue: the month in which the enrollment starts, the second one",
        patient() + seen() + ill("F33.1") + planned("COCM")
        + consented("COCM", "2025-03-01") + joined("COCM", "2025-03-01", end="2025-09-30")
            + joined("COCM", "2026-10-01") + spent("COCM", 36),
        lines="99492",
    ),
    "cocm-md": Case(
        "1b the care manager's time; 2 has practitioner time only in 99490 and 99487",
        COCM + spent("COCM", 21) + spent("COCM", 10, "levin", "2026-10-07T09:00"),
        blocked="minutes", warned="not-counted-in-person", minutes={"COCM": (21, 0)},
    ),
    "cocm-md-joins": Case(
        "1b a practitioner beside the care manager takes nothing of the care manager's time",
        COCM + spent("COCM", 31) + spent("COCM", 10, "levin"), lines="99493", minutes={"COCM": (31, 0)},
    ),
    "cocm-other-doctor": Case(
        "1b a colleague's time is clinical staff time", COCM + spent("COCM", 31, "cho"), lines="99493",
            minutes={"COCM": (31, 0)},
    ),
    "cocm-cancelled": Case(
        "issue: the month in which the enrollment starts; one that was cancelled never did",
        COCM + joined("COCM", "2026-10-05", status="cancelled") + spent("COCM", 36), lines="99493",
    ),
    "cocm-chw": Case("2 non-clinical staff", COCM + spent("COCM", 60, "cora"), blocked="minutes"),
    "cocm-consent-within": Case(
        "2 minutes before consent",
        patient() + seen() + ill("F33.1") + planned("COCM") + joined("COCM", "2026-10-01")
            + consented("COCM", "2026-10-06")
        + spent("COCM", 30, at="2026-10-05T09:00") + spent("COCM", 35),
        lines="G2214", minutes={"COCM": (35, 0)},
    ),
    "cocm-2025": Case(
        "2 midpoint before 2026, too", ready("COCM", "2025-01-05", "2024-12-15")
        + spent("COCM", 31, at="2025-10-06T09:00"), "2025-10", lines="99493",
    ),
    "cocm-2022-g2214": Case(
        "1b", ready("COCM", "2022-01-03", "2021-12-15") + spent("COCM", 30, at="2022-02-01T09:00"), "2022-02",
        lines="G2214",
    ),
    # -- 3: exclusions
    "ccm-bhi": Case(
        "3 CCM + 99484", both("CCM", "BHI") + ill("F33.1") + spent("CCM", 20)
        + spent("BHI", 20, at="2026-10-07T09:00"), lines="99490 99484",
    ),
    "ccm-bhi-same-minutes": Case(
        "2 same minute in two programs",
        both("CCM", "BHI") + ill("F33.1") + spent("CCM", 20) + spent("BHI", 20, "wanda"),
        lines="99490", blocked="minutes", warned="overlap",
    ),
    "ccm-without-consent-bhi": Case(
        "3; issue: a program that does not bill takes no minutes",
        patient() + seen() + joined("CCM") + planned("CCM") + joined("BHI") + consented("BHI")
            + planned("BHI") + ill("F33.1", "I10") + spent("CCM", 20) + spent("BHI", 20, "wanda"),
        lines="99484", blocked="consent",
    ),
    "ccm-cocm": Case(
        "3 CCM with collaborative care is in no list", both("CCM", "COCM") + ill("F33.1") + spent("CCM", 20)
        + spent("COCM", 36, at="2026-10-07T09:00"), lines="99490 99493",
    ),
    "cocm-bhi": Case(
        "3 99484 + CoCM: the preferred one bills",
        both("COCM", "BHI") + spent("COCM", 31) + spent("BHI", 20, at="2026-10-07T09:00"),
        lines="99493", says=("99484",), other="99484",
    ),
    "cocm-bhi-g2214": Case(
        "1b 99484 not with CoCM, G2214 is of it", both("COCM", "BHI") + spent("COCM", 30)
            + spent("BHI", 20, at="2026-10-07T09:00"), lines="G2214", other="99484",
    ),
    "cocm-short-bhi": Case(
        "3; issue: never neither",
        both("COCM", "BHI") + spent("COCM", 12) + spent("BHI", 20, at="2026-10-07T09:00"),
        lines="99484", blocked="minutes",
    ),
    "bhi-99492-billed": Case(
        "3 99484 + 99492", BHI + spent("BHI", 20) + billed("99492", "2026-10-31"), blocked="exclusion",
        says=("99492",),
    ),
    "bhi-99493-last-month": Case(
        "3 in a month", BHI + spent("BHI", 20) + billed("99493", "2026-09-30"), lines="99484",
    ),
    "cocm-99484-billed": Case(
        "3 99484 + 99493", COCM + spent("COCM", 40) + billed("99484", "2026-10-05"), blocked="exclusion",
        says=("99484",),
    ),
    "cocm-g2214-billed": Case(
        "3 G2214 + 99493", COCM + spent("COCM", 40) + billed("G2214", "2026-10-05"), blocked="exclusion",
        says=("G2214",),
    ),
    "cocm-99492-billed": Case(
        "3 99492 + 99493", COCM + spent("COCM", 40) + billed("99492", "2026-10-05"), blocked="exclusion",
        says=("99492",),
    ),
    # -- 1c: with advanced primary care
    "apcm-bhi-add-on": Case(
        "1c", both("APCM", "BHI") + ill("F33.1") + spent("BHI", 5), other="", lines="G0557 G0570",
    ),
    "apcm-bhi-20": Case(
        "1c never with its mirror", both("APCM", "BHI") + ill("F33.1") + spent("BHI", 20),
        lines="G0557 G0570",
    ),
    "apcm-bhi-2025": Case(
        "1c from 2026-01-01",
        ready("APCM", "2025-03-01", "2025-02-15") + consented("BHI", "2025-03-01")
            + joined("BHI", "2025-03-01", practitioner="levin")
        + ill("F33.1") + planned("BHI", "2025-03-01", "2025-03-01") + spent("BHI", 20, at="2025-12-02T09:00"),
        "2025-12", lines="G0557 99484",
    ),
    "apcm-bhi-other": Case(
        "1c the same practitioner",
        ready("APCM") + consented("BHI") + joined("BHI", practitioner="cho") + planned("BHI") + ill("F33.1")
            + seen("2025-12-16", practitioner="cho") + spent("BHI", 20),
        lines="G0557 99484",
    ),
    "apcm-cocm-first": Case(
        "1c first month",
        ready("APCM") + consented("COCM", "2026-10-01") + joined("COCM", "2026-10-01", practitioner="levin")
            + planned("COCM") + ill("F33.1") + spent("COCM", 40),
        lines="G0557 G0568",
    ),
    "apcm-cocm-later": Case(
        "1c later month", both("APCM", "COCM") + ill("F33.1") + spent("COCM", 40), lines="G0557 G0569",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    """All scenarios, imported once."""
    made = Crowd(tmp_path_factory.mktemp("behavioral"), CASES)
    yield made
    made.clinic.close_here()


@pytest.mark.parametrize("name", CASES)
def test_a_scenario(crowd: Crowd, name: str) -> None:
    crowd.check(name)


def test_the_line_of_a_month(crowd: Crowd) -> None:
    """Issue 4: last day of the month, place 11, the enrollment's practitioner, the behavioral diagnosis."""
    (line,) = crowd.said("bhi-20")["lines"]
    assert {**line, "diagnoses": line["diagnoses"][:1]} == {
        "code": "99484", "units": 1, "program": "BHI", "practitioner": "levin",
            "date_of_service": "2026-10-31",
        "place_of_service": "11", "diagnoses": ["F33.1"], "minutes": 20,
    }  # fmt: skip


def test_an_acute_behavioral_condition_is_a_diagnosis(crowd: Crowd) -> None:
    """1b: any behavioral condition, chronic or not; one that is over is none."""
    assert [line["diagnoses"] for line in crowd.said("bhi-acute")["lines"]] == [["F43.20"]]
    assert [line["diagnoses"] for line in crowd.said("bhi-resolved")["lines"]] == [["I10"]]


def test_the_minutes_of_an_add_on(crowd: Crowd) -> None:
    assert {line["code"]: line["minutes"] for line in crowd.said("first-116")["lines"]}["99492"] == 116
