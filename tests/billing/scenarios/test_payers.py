"""Who pays, which months have rules, and how the same facts leave: the month in words and the charges."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cmp_tui.cli.month import month_command
from cmp_tui.cli.take import export_command
from cmp_tui.clinic.errors import Invalid
from tests.billing.scenarios.crowd import (
    Case,
    Crowd,
    Rows,
    consented,
    device,
    ill,
    joined,
    patient,
    planned,
    ready,
    row,
    seen,
    spent,
)
from tests.billing.scenarios.folder import bills, judged
from tests.cli.runner import run


def paid_by(payer: str, rows: Rows, **more: str) -> Rows:
    """The same rows, with another payer."""
    return tuple(
        (file, cells | {"payer": payer} | more if file == "patients" else cells) for file, cells in rows
    )


CCM = ready("CCM") + spent("CCM", 20)
BHI = ready("BHI") + spent("BHI", 20)
RPM = ready("RPM") + spent("RPM", 20) + device("2026-10-01", "2026-10-30", 16)
CHECK = ("check with payer",)

CASES = {
    # -- payers
    "medicare": Case("scope", CCM, lines="99490", free="payer"),
    **{
        f"{payer.lower().replace(' ', '-')}-{program}": Case("issue: payers other than Medicare",
            paid_by(payer, rows), warned="payer", says=CHECK, other=other)
        for payer in ("Medicare Advantage", "Medicaid", "commercial", "self", "other")
        for program, rows, other in (("ccm", CCM, "99490"), ("rpm", RPM, "99457 99454"))
    },
    "medicaid-short": Case(
        "issue: never blocked", paid_by("Medicaid", ready("CCM") + spent("CCM", 12)), warned="payer",
            says=CHECK, minutes={"CCM": (12, 0)}
    ),
    "medicaid-no-consent": Case(
        "issue: never blocked", paid_by("Medicaid", patient() + joined("CCM") + spent("CCM", 30)),
        warned="payer", says=CHECK,
    ),
    "medicaid-stay": Case(
        "issue: never blocked, TCM too",
        paid_by("Medicaid", patient()
            + row("stays", kind="inpatient", admitted="2026-10-01", discharged="2026-10-05",
            discharged_to="home")), warned="payer",
    ),
    "no-payer": Case("absent is not another payer", paid_by("", CCM), lines="99490", warned="payer"),
    "qmb": Case("1c G0558", paid_by("Medicare", ready("APCM") + ill("I50.32"), qmb="1"), lines="G0558"),
    "qmb-no": Case("1c G0557", paid_by("Medicare", ready("APCM") + ill("I50.32"), qmb="0"), lines="G0557"),
    "qmb-empty": Case(
        "1c; QMB not known", paid_by("Medicare", ready("APCM") + ill("I50.32"), qmb=""), lines="G0557",
    ),
    "qmb-one-condition": Case(
        "1c G0556: QMB with one condition", paid_by("Medicare", ready("APCM"), qmb="1"), lines="G0556",
    ),
    "qmb-ccm": Case("1c only APCM asks", paid_by("Medicare", CCM, qmb="1"), lines="99490"),
    "qmb-medicaid": Case(
        "issue: the payer decides first", paid_by("Medicaid", ready("APCM") + ill("I50.32"), qmb="1"),
        warned="payer", says=CHECK,
    ),
    # -- who is listed
    "listed-entry": Case(
        "issue: any entry", patient() + spent("CCM", 5, "mo"), blocked="enrollment consent minutes",
    ),
    "listed-no-program": Case("issue: any entry", patient() + spent("", 5), warned="no-program"),
    "listed-service": Case(
        "issue: any service", patient()
        + row("services", code="99490", from_="2026-10-31", practitioner="levin", ours="1"),
    ),
    "listed-enrollment": Case(
        "issue: any enrollment", patient() + joined("CCM"),
        blocked="enrollment consent minutes".replace("enrollment ", ""),
    ),
    "listed-stay": Case("issue: any stay", patient() + row("stays", kind="inpatient", admitted="2026-10-28")),
    "unlisted": Case("issue: nothing in the month", patient() + seen("2026-10-01"), "2026-08"),
    # -- months
    "rules-2022-01": Case(
        "issue: tables from 2022-01", ready("CCM", "2022-01-01", "2021-12-15")
        + spent("CCM", 20, at="2022-01-03T09:00"), "2022-01", lines="99490",
    ),
    "rules-2021-12": Case(
        "trust: a month the table does not cover", ready("CCM", "2021-12-01", "2021-11-15")
            + spent("CCM", 20, at="2021-12-03T09:00"), "2021-12",
        blocked="rules-not-loaded", says=("rules for 2021 not loaded",), minutes={"CCM": (20, 0)},
    ),
    "rules-2026-12": Case(
        "issue: tables to 2026-12", ready("CCM") + spent("CCM", 20, at="2026-12-03T09:00"), "2026-12",
        lines="99490",
    ),
    # -- diagnoses
    "icd-order": Case("7, 8 diagnoses: ICD-10-CM of active conditions", patient() + consented("CCM") + seen()
        + joined("CCM", practitioner="levin") + planned("CCM") + (
        row("conditions", system="icd-10-cm", code="e119", chronic=1)
        + row("conditions", system="icd-10-cm", code="I50.32", chronic=1)
        + row("conditions", system="snomed", code="13645005", display="COPD", chronic=1)
        + row("conditions", system="", display="bad back", chronic=1)
        + row("conditions", system="icd-10-cm", code="J44.9", chronic=1, resolved="2026-03-01")
        + row("conditions", system="icd-10-cm", code="N18.30", chronic=1, onset="2026-11-20")
        + row("conditions", system="icd-10-cm", code="J06.9", chronic=0, onset="2026-10-01")
    ) + spent("CCM", 20), lines="99490"),
}  # fmt: skip


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    """All scenarios, imported once."""
    made = Crowd(tmp_path_factory.mktemp("payers"), CASES, npi="1093817465", place_of_service="11")
    yield made
    made.clinic.close_here()


@pytest.mark.parametrize("name", sorted(CASES.keys() - {"unlisted"}))
def test_a_scenario(crowd: Crowd, name: str) -> None:
    crowd.check(name)


def test_nobody_without_facts_is_listed(crowd: Crowd) -> None:
    assert crowd.said("unlisted") == {}


def test_other_payers_are_neither_blocked_nor_billed(crowd: Crowd) -> None:
    """Issue 4: the rules are shown as "check with payer", never as blocked or billable."""
    others = [
        name
        for name in CASES
        if name.startswith(("medicare-adv", "medicaid", "commercial", "self", "other", "qmb-medicaid"))
    ]
    assert len(others) > 10
    for name in others:
        said = crowd.said(name)
        assert (said["lines"], said["blocked"]) == ([], []), name


def test_diagnoses(crowd: Crowd) -> None:
    """What is active in the month and has an ICD-10-CM code, with its dot; a resolved or later one is not there."""
    (line,) = crowd.said("icd-order")["lines"]
    assert line["diagnoses"][:2] == ["E11.9", "I50.32"]
    assert not {"J44.9", "N18.30", "13645005"} & set(line["diagnoses"])


# -- months without rules

NEXT_YEAR = {
    "counted": Case(
        "issue: rules for 2027 not loaded", ready("CCM") + spent("CCM", 25, at="2027-01-05T09:00"), "2027-01",
        blocked="rules-not-loaded", says=("rules for 2027 not loaded",), minutes={"CCM": (25, 0)},
    ),
    "level": Case("issue: refuses lines, of APCM too", ready("APCM"), "2027-01", blocked="rules-not-loaded"),
    "device": Case(
        "issue: the month of the period's last day", ready("RPM") + device("2026-12-10", "2027-01-08", 20),
        "2027-01", blocked="rules-not-loaded",
    ),
    "december": Case(
        "issue: tables to 2026-12", ready("RPM") + device("2026-12-02", "2026-12-31", 20), "2026-12",
        lines="99454",
    ),
    "new-year": Case(
        "2 each part in its month", ready("CCM") + spent("CCM", 40, at="2026-12-31T23:40"), "2026-12",
        lines="99490", minutes={"CCM": (20, 0)},
    ),
    "medicaid": Case(
        "issue: other payers never blocked", ready("CCM", payer="Medicaid")
        + spent("CCM", 25, at="2027-01-05T09:00"), "2027-01", warned="payer rules-not-loaded",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def next_year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    """The scenarios around a new year, seen in February 2027."""
    made = Crowd(tmp_path_factory.mktemp("next"), NEXT_YEAR, now=datetime(2027, 2, 3, 15, tzinfo=UTC))
    yield made
    made.clinic.close_here()


@pytest.mark.parametrize("name", NEXT_YEAR)
def test_a_scenario_around_the_new_year(next_year: Crowd, name: str) -> None:
    next_year.check(name)


def test_a_month_without_rules_has_no_charges_and_is_not_closed(next_year: Crowd) -> None:
    """Issue: in a later month lines and close are refused."""
    assert list(_charges(next_year, "2027-01")) == []
    with pytest.raises(Invalid, match="was not closed"):
        run(next_year.clinic, month_command, "close", "2027-01", "--reason", "because", "--yes")


# -- the same facts in words and as charges


def _charges(crowd: Crowd, month: str) -> list[dict[str, str]]:
    return list(
        csv.DictReader(io.StringIO(run(crowd.clinic, export_command, "charges", "--month", month).stdout))
    )


def test_the_charges_are_the_lines(crowd: Crowd) -> None:
    """Issue: patient, DOB, MBI, diagnoses, code, units, minutes, DOS, rendering and billing NPI, POS."""
    rows = _charges(crowd, "2026-10")
    found = [
        (
            row["mrn"],
            row["code"],
            row["units"],
            row["minutes"],
            row["date_of_service"],
            row["place_of_service"],
            row["diagnoses"],
        )
        for row in rows
    ]
    lines = [
        (
            name,
            line["code"],
            str(line["units"]),
            str(line["minutes"] or ""),
            line["date_of_service"],
            line["place_of_service"],
            ";".join(line["diagnoses"]),
        )
        for name in sorted(CASES)
        for line in crowd.said(name, "2026-10").get("lines", [])
    ]
    assert found == lines
    assert {(row["rendering_npi"], row["billing_npi"], row["mbi"], row["birth_date"]) for row in rows} == {
        ("1234567893", "1093817465", "1EG4TE5MK73", "1948-02-11")
    }
    assert {row["patient"] for row in rows} == {"Ruiz, Ana"}
    assert "medicaid-ccm" not in {row["mrn"] for row in rows}


def test_the_words_are_the_facts(crowd: Crowd) -> None:
    """The month in words says of each patient what --json says."""
    words = " ".join(run(crowd.clinic, month_command, "2026-10").stdout.split())
    told = json.loads(run(crowd.clinic, month_command, "2026-10", "--json").stdout)
    for one in told["patients"]:
        assert f"{one['mrn']} {one['name']}" in words
        for line in one["lines"]:
            assert (
                f"bill {line['code']} × {line['units']} {line['date_of_service']} {line['practitioner']}"
                in words
            )
        for note in one["blocked"] + one["warnings"]:
            assert " ".join(note["says"].split()) in words


def test_place_npi_and_day_of_service_are_settings(tmp_path: Path) -> None:
    """8: POS of the billing location; DOS: last day of month, or the day the threshold is met."""
    rows = (
        ready("CCM")
        + spent("CCM", 12)
        + spent("CCM", 12, at="2026-10-20T09:00")
        + spent("CCM", 30, at="2026-10-28T09:00")
    )
    case = {"one": Case("8", rows, lines="99490 99439")}
    crowd = Crowd(tmp_path, case, place_of_service="12", date_of_service="threshold-day")
    crowd.check("one")
    assert [(line["date_of_service"], line["place_of_service"]) for line in crowd.said("one")["lines"]] == [
        ("2026-10-20", "12"), ("2026-10-28", "12"),
    ]  # fmt: skip
    (row, _) = _charges(crowd, "2026-10")
    assert (row["rendering_npi"], row["billing_npi"]) == ("1234567893", "")
    crowd.clinic.close_here()


def test_the_threshold_day_of_the_midpoint(tmp_path: Path) -> None:
    """1b, 8: 36 minutes on the 9th, 86 on the 20th."""
    rows = (
        ready("COCM", "2026-10-01")
        + spent("COCM", 30, at="2026-10-05T09:00")
        + spent("COCM", 6, at="2026-10-09T09:00")
        + spent("COCM", 50, at="2026-10-20T09:00")
    )
    crowd = Crowd(tmp_path, {"one": Case("8", rows, lines="99492 99494")}, date_of_service="threshold-day")
    crowd.check("one")
    assert [line["date_of_service"] for line in crowd.said("one")["lines"]] == ["2026-10-09", "2026-10-20"]
    crowd.clinic.close_here()


def test_a_practitioner_without_npi_and_a_patient_without_mbi(tmp_path: Path) -> None:
    """8: what a claim asks for and nobody knows is an empty cell, and warned of."""
    rows = (
        patient(mbi="", billing_practitioner="Dr. Outside")
        + consented("BHI")
        + seen()
        + joined("BHI")
        + planned("BHI")
        + ill("F33.1")
        + spent("BHI", 20)
    )
    crowd = Crowd(tmp_path, {"one": Case("8", rows, lines="99484", warned="mbi practitioner")})
    crowd.check("one")
    (row,) = _charges(crowd, "2026-10")
    assert (row["mbi"], row["practitioner"], row["rendering_npi"]) == ("", "Dr. Outside", "")
    crowd.clinic.close_here()


def test_a_folder_as_a_spreadsheet_writes_it(tmp_path: Path) -> None:
    """Columns in any order and case, empty rows, spaces, quotes, a byte order mark, usernames in capitals."""
    said = judged(
        tmp_path,
        {
            "patients": '\ufeffPayer,MRN,Family,Billing_Practitioner\nMedicare, M1 ,"Ruiz",LEVIN\n,,,',
            "conditions": "mrn,system,code\nM1,icd-10-cm,f331",
            "consents": "mrn,program,decision,date\nM1,BHI,accepted,2026-01-05",
            "enrollments": "mrn,program,start\nM1,BHI,2026-01-05",
            "visits": "mrn,date,kind,practitioner\nM1,2025-12-15,em,Amy Levin",
            "time_entries": "MRN,Staff,Start,Minutes,Program\nM1,BEN,2026-10-06 09:00,12,BHI\n"
            "\nM1,ben,2026-10-07,8,BHI",
        },
        "2026-10",
    )
    assert bills(said) == [("99484", 1, "levin", "2026-10-31")]
    assert said["lines"][0]["diagnoses"] == ["F33.1"]
