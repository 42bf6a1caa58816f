"""month close on the command line, a closed month as it is shown and exported, and what comes into it later."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from cmp_tui.billing.model import ClosedResult
from cmp_tui.cli.month import month_command
from cmp_tui.cli.packet import packet_command
from cmp_tui.cli.take import export_command
from cmp_tui.cli.work import log_command
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Invalid, Refused
from cmp_tui.contacts.actions import log_time
from cmp_tui.contacts.model import ClosedMonth, TimeEntry
from cmp_tui.enrollment.actions import enroll, record_consent
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.patients.actions import add_condition, add_patient
from tests.cli.runner import run
from tests.conftest import AsUser
from tests.exchange.records_folder import bring, export, fresh, living, plan, refused

WHY = "plans are on paper until December"


@pytest.fixture
def october(clinic: Clinic) -> Clinic:
    """Ana with 25 minutes in October; nobody recorded a plan, a visit or her Medicare number."""
    ana = clinic.run(
        add_patient, family="Ruiz", given="Ana", mrn="A-1", payer="Medicare", billing_practitioner="levin"
    ).id
    for name, code in (("Diabetes", "E11.9"), ("Heart failure", "I50.32")):
        clinic.run(add_condition, ana, display=name, code=code, system="icd-10-cm", chronic=True)
    clinic.run(
        record_consent, ana, program="CCM", decision="accepted", date=date(2026, 9, 1), mode="verbal", points=POINTS
    )  # fmt: skip
    clinic.run(enroll, ana, program="CCM", start=date(2026, 9, 1))
    start = datetime(2026, 10, 5, 15, 0, tzinfo=UTC)
    clinic.run(log_time, ana, start=start, end=start.replace(minute=25), activity="call", program="CCM")
    return clinic


@pytest.fixture
def closed(october: Clinic) -> Clinic:
    run(october, month_command, "close", "2026-10", "--reason", WHY, "--yes")
    return october


def charges(clinic: Clinic) -> list[dict[str, str]]:
    text = run(clinic, export_command, "charges", "--month", "2026-10").stdout
    return list(csv.DictReader(io.StringIO(text)))


def amend(clinic: Clinic) -> None:
    said = run(
        clinic, log_command, "A-1", "--minutes", "20", "--at", "2026-10-20T10:00", "--amend-why", "found on paper"
    )  # fmt: skip
    assert said.exit_code == 0


def is_open(clinic: Clinic) -> bool:
    return clinic.read(lambda scope: not ClosedMonth.live().exists())


def test_what_stands_in_the_way_is_listed_and_nothing_is_closed(october: Clinic) -> None:
    with pytest.raises(Invalid, match=r"October 2026 was not closed\. Put that right, or"):
        run(october, month_command, "close", "2026-10", "--yes")
    said = run(october, month_command, "close", "2026-10", "--reason", WHY).stdout
    assert "A-1            Ruiz, Ana: CCM: No care plan is recorded." in said
    assert "3 in the way of closing October 2026: 1 initiating visit unsure, 1 no care plan," in said
    assert "add --yes" in said
    assert is_open(october)


def test_as_json(october: Clinic) -> None:
    result = run(october, month_command, "close", "2026-10", "--json", "--yes")
    said = json.loads(result.stdout)
    assert (result.exit_code, said["month"], said["closed"]) == (1, "2026-10", False)
    assert [(one["kind"], one["mrn"], one["passable"]) for one in said["stands"]] == [
        ("initiating-visit", "A-1", True), ("plan", "A-1", True), ("mbi", "A-1", True),
    ]  # fmt: skip
    result = run(october, month_command, "close", "2026-10", "--json", "--yes", "--reason", WHY)
    assert (result.exit_code, json.loads(result.stdout)["closed"]) == (0, True)
    assert not is_open(october)


def test_a_month_that_is_not_over_is_never_closed(october: Clinic) -> None:
    with pytest.raises(Invalid, match=r"November 2026 was not closed\."):
        run(october, month_command, "close", "2026-11", "--reason", WHY, "--yes")
    assert is_open(october)


def test_only_an_admin(as_user: AsUser, october: Clinic) -> None:
    with pytest.raises(Refused):
        run(as_user("ben"), month_command, "close", "2026-10", "--reason", WHY, "--yes")
    assert is_open(october)


def test_a_closed_month_shows_what_was_kept(closed: Clinic) -> None:
    said = run(closed, month_command, "2026-10").stdout
    assert "October 2026 was closed on 2026-11-23 09:00 by Dana Ruiz; this is what was kept." in said
    assert f"Reason, past 3 things in the way: {WHY}" in said
    assert "    bill     99490 × 1  2026-10-31  levin" in said
    assert "0 with something that would differ now" in said


def test_as_json_it_keeps_its_shape(october: Clinic) -> None:
    before = json.loads(run(october, month_command, "2026-10", "--json").stdout)
    run(october, month_command, "close", "2026-10", "--reason", WHY, "--yes")
    after = json.loads(run(october, month_command, "2026-10", "--json").stdout)
    about = after.pop("closed")
    assert after == before
    assert (about["at"], about["by"], about["reason"]) == ("2026-11-23T09:00:00-06:00", "Dana Ruiz", WHY)
    assert [one["kind"] for one in about["passed"]] == ["initiating-visit", "plan", "mbi"]
    assert about["rules_changed"] is False
    amend(october)
    (ana,) = json.loads(run(october, month_command, "2026-10", "--json").stdout)["patients"]
    since = ana.pop("amended")
    assert ana == before["patients"][0]
    assert [(line["code"], line["units"]) for line in since["lines"]] == [("99490", 1), ("99439", 1)]
    assert since["minutes"] == {"CCM": {"staff": 45, "practitioner": 0}}
    assert since["at"] == "2026-11-23T09:00:00-06:00"
    said = run(october, month_command, "2026-10").stdout
    assert "    since    it would be, amended 2026-11-23  (CCM 45 min)" in said
    assert "    now      99439 × 1  2026-10-31  levin" in said


def test_without_a_reason_nothing_comes_into_it(closed: Clinic) -> None:
    with pytest.raises(Invalid, match="October 2026 is closed"):
        run(closed, log_command, "A-1", "--minutes", "20", "--at", "2026-10-20T10:00")


def test_charges_show_both(closed: Clinic, tmp_path: Path) -> None:
    (first,) = charges(closed)
    assert (first["code"], first["units"], first["status"], first["amended_at"]) == (
        "99490",
        "1",
        "closed",
        "",
    )
    amend(closed)
    rows = charges(closed)
    assert rows[0] == first
    assert [(row["code"], row["minutes"], row["status"], row["amended_at"]) for row in rows[1:]] == [
        ("99490", "45", "amended", "2026-11-23 09:00:00"),
        ("99439", "45", "amended", "2026-11-23 09:00:00"),
    ]
    for name in ("one.xlsx", "two.xlsx"):
        run(closed, export_command, "charges", "--month", "2026-10", "-o", tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    assert closed.verify() == []


def test_the_time_log_says_who_amended(closed: Clinic) -> None:
    amend(closed)
    text = run(closed, export_command, "time-log", "--month", "2026-10").stdout
    late = list(csv.DictReader(io.StringIO(text)))[1]
    assert (late["late"], late["amended"], late["amended_why"], late["amended_by"]) == (
        "yes", "2026-11-23 09:00:00", "found on paper", "Dana Ruiz",
    )  # fmt: skip


def test_the_packet_says_both(closed: Clinic) -> None:
    text = " ".join(run(closed, packet_command, "A-1", "--month", "2026-10").stdout.split())
    assert "The month was closed on 2026-11-23 09:00 by Dana Ruiz." in text
    assert "Kept when the month was closed" not in text
    amend(closed)
    text = " ".join(run(closed, packet_command, "A-1", "--month", "2026-10").stdout.split())
    assert text.index("Kept when the month was closed") < text.index("With the amendments since")
    assert "Amended 2026-11-23 by Dana Ruiz: found on paper" in text


# -- the records folder


def test_a_closed_month_goes_out_and_comes_back(closed: Clinic, tmp_path: Path) -> None:
    amend(closed)
    before = export(closed, tmp_path / "a")
    two = fresh(tmp_path / "two.cmp")
    assert refused(bring(two, tmp_path / "a")) == []
    assert export(two, tmp_path / "b") == before
    assert plan(two, tmp_path / "a").empty
    for model, columns in ((ClosedMonth, "month reason passed"), (ClosedResult, "result charges")):
        assert living(two, model, *columns.split()) == living(closed, model, *columns.split())
    shown = [json.loads(run(one, month_command, "2026-10", "--json").stdout) for one in (closed, two)]
    assert shown[0] == shown[1]
    two.close_here()


def test_what_an_import_adds_to_it_is_an_amendment(
    closed: Clinic, clock: FrozenClock, tmp_path: Path
) -> None:
    folder = tmp_path / "by-hand"
    folder.mkdir()
    (folder / "time_entries.csv").write_text(
        "mrn,staff,start,minutes,program\nA-1,dana,2026-10-20T10:00,20,CCM\nA-1,dana,2026-11-20T10:00,20,CCM\n"
    )
    (folder / "closed_months.csv").write_text(
        "month,closed_at,closed_by,rules_checked_on,rules_digest\n2026-10,2026-11-02T09:00,ben,2026-11-20,x\n"
    )
    (folder / "closed_results.csv").write_text(f"mrn,closed,result,charges\nA-1,{'0' * 31}7,{{}},[]\n")
    found = plan(closed, folder)
    assert len(found.refusals) == 1
    assert found.files["closed_months"].same == 1  # it stays as it was closed here
    bring(closed, folder)
    rows: list[Any] = closed.read(lambda scope: list(TimeEntry.live().order_by(TimeEntry.start)))
    assert [row.amended_why for row in rows] == [None, "imported after the month was closed", None]
