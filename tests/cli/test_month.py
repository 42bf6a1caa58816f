"""month, export charges and packet on the command line: the same answer for the screen and for a program."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cmp_tui.cli.month import month_command
from cmp_tui.cli.packet import packet_command
from cmp_tui.cli.take import export_command
from cmp_tui.clinic.audit import audit_page
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Refused
from cmp_tui.contacts.actions import log_time
from cmp_tui.desk.actions import log_contact
from cmp_tui.enrollment.actions import enroll, record_consent
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.patients.actions import add_condition, add_patient
from tests.cli.runner import run
from tests.conftest import AsUser

CHICAGO = ZoneInfo("America/Chicago")


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=CHICAGO)


@pytest.fixture
def november(clinic: Clinic) -> Clinic:
    """Ana, who is ready and has 25 minutes; Tom, who has 30 and no consent; Linh, who has nothing in the month."""
    ana = clinic.run(
        add_patient,
        family="Ruiz",
        given="Ana",
        mrn="A-1",
        birth_date="1948-02-11",
        payer="Medicare",
        billing_practitioner="levin",
    ).id
    tom = clinic.run(
        add_patient, family="Bell", given="Tom", mrn="T-1", payer="Medicare", billing_practitioner="levin"
    ).id
    clinic.run(add_patient, family="Tran", given="Linh", mrn="L-1")
    for name, code in (("Diabetes", "E11.9"), ("Heart failure", "I50.32")):
        clinic.run(add_condition, ana, display=name, code=code, system="icd-10-cm", chronic=True)
    clinic.run(
        record_consent,
        ana,
        program="CCM",
        decision="accepted",
        date=date(2026, 11, 2),
        mode="verbal",
        points=POINTS,
    )
    clinic.run(enroll, ana, program="CCM", start=date(2026, 11, 2))
    clinic.run(
        log_contact, ana, id=clinic.new_id(), at=at(5), mode="phone", outcome="reached", with_whom="patient",
        start=at(5), end=at(5, 9, 25), why="sugar", did="[/foo] taper <b>20mg</b>", program="CCM",
    )  # fmt: skip
    clinic.run(log_time, tom, start=at(6), end=at(6) + timedelta(minutes=30), activity="call", program="CCM")
    return clinic


def test_the_month_says_what_is_billed_and_what_blocks(november: Clinic) -> None:
    said = json.loads(run(november, month_command, "2026-11", "--json").stdout)
    assert (said["month"], said["rules_checked_on"]) == ("2026-11", "2026-11-20")
    ana, tom = said["patients"]
    assert (ana["mrn"], ana["name"], ana["birth_date"], ana["billing_practitioner"]) == (
        "A-1",
        "Ruiz, Ana",
        "1948-02-11",
        "levin",
    )
    assert ana["minutes"] == {"CCM": {"staff": 25, "practitioner": 0}}
    assert ana["lines"] == [
        {
            "code": "99490", "units": 1, "program": "CCM", "practitioner": "levin", "date_of_service": "2026-11-30",
            "place_of_service": "11", "diagnoses": ["E11.9", "I50.32"], "minutes": 25,
        }
    ]  # fmt: skip
    assert ana["blocked"] == []
    assert (tom["mrn"], tom["lines"]) == ("T-1", [])
    assert {note["rule"] for note in tom["blocked"]} == {"enrollment", "consent"}
    assert all(note["source"] and note["says"] for note in tom["blocked"] + tom["warnings"] + ana["warnings"])


def test_it_is_the_same_twice_and_in_words(november: Clinic) -> None:
    one, two = (run(november, month_command, "2026-11", "--json").stdout for _ in range(2))
    assert one == two
    words = run(november, month_command, "2026-11").stdout
    assert "bill     99490 × 1  2026-11-30  levin" in words
    assert "blocked  CCM: No consent to CCM in November 2026." in words
    assert "2 patients, 1 with something to bill" in words
    assert run(november, month_command, "2026-13").exit_code == 2


def test_charges(november: Clinic, tmp_path: Path) -> None:
    result = run(november, export_command, "charges", "--month", "2026-11")
    (row,) = csv.DictReader(io.StringIO(result.stdout))
    assert (row["mrn"], row["code"], row["units"], row["minutes"]) == ("A-1", "99490", "1", "25")
    assert (row["diagnoses"], row["practitioner"], row["place_of_service"]) == (
        "E11.9;I50.32",
        "Amy Levin",
        "11",
    )
    for name in ("one.xlsx", "two.xlsx"):
        run(november, export_command, "charges", "--month", "2026-11", "-o", tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_the_packet_has_what_a_reviewer_asks_for(november: Clinic, tmp_path: Path) -> None:
    text = " ".join(run(november, packet_command, "A-1", "--month", "2026-11").stdout.split())
    for words in (
        "Ruiz, Ana: November 2026", "99490", "[x] Consent in the record", "Diabetes", "E11.9", "what the program is",
        "Dana Ruiz, RN", "[/foo] taper <b>20mg</b>", "09:00 – 09:25", "Head of the audit chain: ", "No care plan",
    ):  # fmt: skip
        assert words in text, words
    path = tmp_path / "packet.pdf"
    assert run(november, packet_command, "A-1", "--month", "2026-11", "-o", path).exit_code == 0
    assert path.read_bytes().startswith(b"%PDF")
    (entry, *_) = november.read(audit_page, limit=1)
    assert entry.action == "look.export"
    assert entry.patient is not None


def test_who_may_not_export_gets_no_packet(november: Clinic, as_user: AsUser, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        run(as_user("otto"), packet_command, "A-1", "--month", "2026-11", "-o", tmp_path / "x.pdf")
    assert list(tmp_path.glob("*.pdf")) == []
