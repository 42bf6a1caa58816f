"""Community health integration, principal illness navigation (1f), rural health (1g), supervision (1h)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.billing.scenarios.crowd import (
    Case,
    Crowd,
    Rows,
    billed,
    consented,
    ill,
    joined,
    patient,
    planned,
    ready,
    seen,
    spent,
)

CHI, PIN = ready("CHI"), ready("PIN")
LATER = "2026-10-07T09:00"


def chi(*more: Rows, start: str = "2026-01-05") -> Rows:
    """CHI with 60 minutes, and without a visit."""
    rows = (
        patient()
        + consented("CHI", start)
        + joined("CHI", start, practitioner="levin")
        + ill("I10")
        + planned("CHI")
    )
    return rows + sum(more, ()) + spent("CHI", 60, "cora")


CASES = {
    **{
        f"{program.lower()}-{time.replace(':', '')}": Case(
            "1f", ready(program) + spent(program, time, "cora"), blocked="" if units else "minutes",
            lines=" ".join([base] * bool(units) + [f"{more}*{units - 1}"] * (units > 1)),
        )
        for program, base, more in (("CHI", "G0019", "G0022"), ("PIN", "G0023", "G0024"))
        for time, units in {"59:59": 0, "60": 1, "89:59": 1, "90": 2, "119:59": 2, "120": 3}.items()
    },
    "chi-minutes": Case(
        "issue: the time of a CHW counts", CHI + spent("CHI", 60, "cora"), lines="G0019",
        minutes={"CHI": (60, 0)},
    ),
    "chi-nurse": Case("1f auxiliary staff", CHI + spent("CHI", 60, "ben"), lines="G0019"),
    "chi-both": Case(
        "1f auxiliary staff", CHI + spent("CHI", 30, "ben") + spent("CHI", 30, "cora", LATER), lines="G0019",
    ),
    "chi-clerk": Case(
        "1f trained staff only", CHI + spent("CHI", 60, "mo"), blocked="minutes",
        warned="not-counted-not-clinical",
    ),
    "chi-sum": Case(
        "2 contacts add up", CHI + spent("CHI", "20:20", "cora") + spent("CHI", "39:40", "cora", LATER),
        lines="G0019",
    ),
    "chw-ccm": Case(
        "2 non-clinical staff", ready("CCM") + spent("CCM", 60, "cora"), blocked="minutes",
        warned="not-counted-not-clinical",
    ),
    # -- 7: initiating visit, always, before CHI starts
    "visit-none": Case("7; issue: no visit at all warns", chi(), lines="G0019", warned="initiating-visit"),
    "visit-awv": Case("7 AWV", chi(seen("2025-12-15", "awv")), lines="G0019", free="initiating-visit"),
    "visit-tcm": Case(
        "7 TCM visit may serve", chi(seen("2025-12-15", "tcm")), lines="G0019", free="initiating-visit",
    ),
    "visit-other": Case(
        "7 other visits don't serve", chi(seen("2025-12-15", "other")), blocked="initiating-visit",
    ),
    "visit-ippe": Case(
        "7 IPPE is not in the list", chi(seen("2025-12-15", "ippe")), blocked="initiating-visit",
    ),
    "visit-colleague": Case(
        "7 by the billing practitioner", chi(seen(practitioner="cho")), blocked="initiating-visit",
    ),
    "visit-nurse": Case("7 not level 1 by staff", chi(seen(practitioner="ben")), blocked="initiating-visit"),
    "visit-of-nobody": Case(
        "7 the practitioner's cell is empty: not known", chi(seen(practitioner="")), lines="G0019",
    ),
    "visit-later": Case(
        "7 before it starts", chi(seen("2026-10-20")), blocked="minutes",
        warned="not-counted-initiating-visit",
    ),
    "visit-on-the-day": Case("7 on the day it starts", chi(seen("2026-01-05")), lines="G0019"),
    "visit-within": Case(
        "2 minutes before the initiating visit",
        chi(seen("2026-10-06"), spent("CHI", 30, "cora", "2026-10-02T09:00"), start="2026-10-01"),
            lines="G0019", minutes={"CHI": (60, 0)},
    ),
    # -- consent, enrollment, conditions
    "chi-no-consent": Case(
        "4 consent", patient() + seen() + joined("CHI") + ill("I10") + spent("CHI", 60, "cora"),
        blocked="consent",
    ),
    "chi-not-enrolled": Case(
        "issue: enrollment blocks", patient() + seen() + consented("CHI") + ill("I10")
        + spent("CHI", 60, "cora"), blocked="enrollment",
    ),
    "chi-consent-old": Case(
        "4 annual renewal not found", ready("CHI", "2024-02-05", "2024-01-15") + spent("CHI", 60, "cora"),
        lines="G0019",
    ),
    "pin-none-ill": Case(
        "issue: absent conditions warn", patient() + seen() + consented("PIN") + joined("PIN")
            + planned("PIN") + spent("PIN", 60, "cora"),
        lines="G0023", warned="conditions",
    ),
    # -- 3
    "chi-ccm": Case(
        "3 CHI + CCM", ready("CCM") + consented("CHI") + joined("CHI") + planned("CHI") + spent("CCM", 20)
        + spent("CHI", 60, "cora", LATER), lines="99490 G0019",
    ),
    "chi-bhi": Case(
        "3 CHI + BHI", ready("BHI") + consented("CHI") + joined("CHI") + planned("CHI") + spent("BHI", 20)
        + spent("CHI", 60, "cora", LATER), lines="99484 G0019",
    ),
    "pin-rpm": Case(
        "3 PIN + RPM", ready("PIN") + consented("RPM") + joined("RPM") + spent("RPM", 20)
        + spent("PIN", 60, "cora", LATER), lines="99457 G0023",
    ),
    "chi-apcm": Case(
        "3 APCM + CHI", ready("APCM") + consented("CHI") + joined("CHI") + planned("CHI")
        + spent("CHI", 60, "cora"), lines="G0556 G0019",
    ),
    "chi-together-ccm": Case(
        "2 same minute in two programs",
        ready("CCM") + consented("CHI") + joined("CHI") + planned("CHI") + spent("CCM", 20)
            + spent("CHI", 70, "cora"),
        lines="99490", blocked="minutes", minutes={"CCM": (20, 0), "CHI": (50, 0)},
    ),
    "chi-beside-an-uncounted": Case(
        "2 the same minute: one that does not count takes nothing away",
        ready("CCM") + consented("CHI") + joined("CHI") + planned("CHI") + spent("CCM", 30, "mo")
            + spent("CHI", 60, "cora"),
        lines="G0019", blocked="minutes", minutes={"CHI": (60, 0)},
    ),
    "visit-not-discussed": Case(
        "7 CHI asks for no discussion", chi(seen(care_management_discussed="0")), lines="G0019",
    ),
    # -- since when
    "chi-2024-01": Case(
        "1f since 2024", ready("CHI", "2024-01-02", "2023-12-15")
        + spent("CHI", 60, "cora", "2024-01-04T09:00"), "2024-01", lines="G0019",
    ),
    "chi-2023-12": Case(
        "1f since 2024", ready("CHI", "2023-12-01", "2023-11-15")
        + spent("CHI", 60, "cora", "2023-12-04T09:00"), "2023-12", blocked="not-payable",
    ),
    "pin-2023-12": Case(
        "1f since 2024", ready("PIN", "2023-12-01", "2023-11-15")
        + spent("PIN", 60, "cora", "2023-12-04T09:00"), "2023-12", blocked="not-payable",
    ),
    # -- 1h: who may bill
    "bill-nurse": Case(
        "1h physician, NP, PA, CNS, CNM", patient(billing_practitioner="ben") + seen() + consented("BHI")
        + joined("BHI", practitioner="ben") + ill("F33.1") + spent("BHI", 20, "dana"), blocked="practitioner",
    ),
    "bill-psychologist": Case(
        "1h limited licences can't", patient(billing_practitioner="sol") + seen() + consented("BHI")
        + joined("BHI", practitioner="sol") + ill("F33.1") + spent("BHI", 20), blocked="practitioner",
    ),
    "bill-np": Case(
        "1h NP", patient(billing_practitioner="cho") + seen(practitioner="cho") + consented("BHI")
        + joined("BHI", practitioner="cho") + ill("F33.1") + spent("BHI", 20), lines="99484",
    ),
    "bill-enrollment-decides": Case(
        "the enrollment names who bills", patient(billing_practitioner="cho") + seen() + consented("BHI")
        + joined("BHI", practitioner="levin") + ill("F33.1") + spent("BHI", 20), lines="99484",
    ),
    "bill-nobody": Case(
        "1h who bills is not known", patient(billing_practitioner="") + seen() + consented("BHI")
        + joined("BHI") + ill("F33.1") + spent("BHI", 20), lines="99484", warned="practitioner",
    ),
    "bill-outside": Case(
        "1h who bills is not of the staff", patient(billing_practitioner="Dr. Outside")
        + seen(practitioner="Dr. Outside") + consented("BHI") + joined("BHI") + ill("F33.1")
        + spent("BHI", 20), lines="99484", warned="practitioner",
    ),
    "bill-upper": Case(
        "a username in capitals", patient(billing_practitioner="LEVIN") + seen(practitioner="Levin")
        + consented("BHI") + joined("BHI") + ill("F33.1") + spent("BHI", 20), lines="99484",
    ),
    "bill-by-name": Case(
        "a practitioner by name", patient(billing_practitioner="Amy Levin") + seen(practitioner="Amy Levin")
        + consented("BHI") + joined("BHI") + ill("F33.1") + spent("BHI", 20, "levin"), lines="99484",
        minutes={"BHI": (0, 20)},
    ),
}  # fmt: skip

RURAL = {
    "ccm-2025-09": Case(
        "1g; 9 until 2025-09-30", ready("CCM", "2025-01-05", "2024-12-15")
        + spent("CCM", 20, at="2025-09-08T09:00"), "2025-09", lines="G0511",
    ),
    "ccm-2025-09-19": Case(
        "1g", ready("CCM", "2025-01-05", "2024-12-15") + spent("CCM", "19:59", at="2025-09-08T09:00"),
        "2025-09", blocked="minutes",
    ),
    "ccm-2025-10": Case(
        "1g the individual codes", ready("CCM", "2025-01-05", "2024-12-15")
        + spent("CCM", 40, at="2025-10-08T09:00"), "2025-10", lines="99490 99439",
    ),
    "bhi-2025-09": Case(
        "1g", ready("BHI", "2025-01-05", "2024-12-15") + spent("BHI", 20, at="2025-09-08T09:00"), "2025-09",
        lines="G0511",
    ),
    "bhi-2025-10": Case(
        "1g the individual codes", ready("BHI", "2025-01-05", "2024-12-15")
        + spent("BHI", 20, at="2025-10-08T09:00"), "2025-10", lines="99484",
    ),
    "cocm-2025-12": Case(
        "1g until 2025-12-31", ready("COCM", "2025-01-05", "2024-12-15")
        + spent("COCM", 60, at="2025-12-08T09:00"), "2025-12", lines="G0512",
    ),
    "cocm-2025-12-first": Case(
        "1g", ready("COCM", "2025-12-01", "2025-11-15") + spent("COCM", 70, at="2025-12-08T09:00"), "2025-12",
        lines="G0512",
    ),
    "cocm-2026-01": Case(
        "1g midpoint rule applies", ready("COCM", "2025-01-05", "2024-12-15")
        + spent("COCM", 31, at="2026-01-08T09:00"), "2026-01", lines="99493",
    ),
    "cocm-2026-01-30": Case(
        "1g G2214", ready("COCM", "2025-01-05", "2024-12-15") + spent("COCM", 30, at="2026-01-08T09:00"),
        "2026-01", lines="G2214",
    ),
    "ccm-2026": Case("1g", ready("CCM") + spent("CCM", 20), lines="99490"),
    "apcm-2026": Case("1c", ready("APCM"), lines="G0556"),
    "ccm-not-enrolled": Case(
        "issue: enrollment blocks", patient() + consented("CCM") + seen()
        + spent("CCM", 20, at="2025-09-08T09:00"), "2025-09", blocked="enrollment",
    ),
    "ccm-g0511-billed": Case(
        "8 billed more than once, same period", ready("CCM", "2025-01-05", "2024-12-15")
        + spent("CCM", 20, at="2025-09-08T09:00") + billed("G0511", "2025-09-30"), "2025-09",
        blocked="billed-already", says=("G0511",),
    ),
    "ccm-bhi-2025-09": Case(
        "1g one code for the single ones", ready("CCM", "2025-01-05", "2024-12-15") + ill("F33.1")
        + consented("BHI", "2025-01-05") + joined("BHI", "2025-01-05")
        + spent("CCM", 20, at="2025-09-08T09:00") + spent("BHI", 20, at="2025-09-09T09:00"), "2025-09",
        lines="G0511",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    """All scenarios, imported once."""
    made = Crowd(tmp_path_factory.mktemp("social"), CASES | {"office-ccm-2025-09": RURAL["ccm-2025-09"]})
    yield made
    made.clinic.close_here()


@pytest.fixture(scope="module")
def rural(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    """The scenarios of a rural health clinic."""
    made = Crowd(tmp_path_factory.mktemp("rural"), RURAL, rural_health=True)
    yield made
    made.clinic.close_here()


@pytest.mark.parametrize("name", CASES)
def test_a_scenario(crowd: Crowd, name: str) -> None:
    crowd.check(name)


@pytest.mark.parametrize("name", RURAL)
def test_a_scenario_of_a_rural_health_clinic(rural: Crowd, name: str) -> None:
    rural.check(name)


def test_other_clinics_never_bill_rural_codes(crowd: Crowd) -> None:
    """1g: the codes are for RHC and FQHC."""
    assert [line["code"] for line in crowd.said("office-ccm-2025-09", "2025-09")["lines"]] == ["99490"]


def test_who_bills(crowd: Crowd) -> None:
    """Issue 4: practitioner is a username, however the cells name the person."""
    for name, who in {
        "bill-np": "cho",
        "bill-enrollment-decides": "levin",
        "bill-upper": "levin",
        "bill-by-name": "levin",
    }.items():
        assert [line["practitioner"] for line in crowd.said(name)["lines"]] == [who], name
