"""risk run and risk show: who moved and why, what is written, and what is left alone."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from cmp_tui.assessments.risk_actions import set_tier
from cmp_tui.assessments.risk_queries import tier_line
from cmp_tui.cli.main import COMMANDS
from cmp_tui.cli.risk import risk_command
from cmp_tui.clinic.audit import audit_page
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Gone, Refused, Stopped
from cmp_tui.clinic.history import last_undoable
from cmp_tui.encounters.model import Stay
from cmp_tui.patients.actions import add_condition, add_patient
from tests.assessments.risk_scene import import_row, make_ana
from tests.cli.runner import run
from tests.conftest import AsUser


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    """Nine points, tier 4."""
    return make_ana(clinic)


def risk(clinic: Clinic, *arguments: object) -> str:
    return run(clinic, risk_command, *arguments).output


def as_json(clinic: Clinic, *arguments: object) -> Any:
    return json.loads(risk(clinic, *arguments, "--json"))


def test_it_is_a_command_of_the_program() -> None:
    assert COMMANDS["risk"] == "risk"


def test_the_first_run_writes_everybody_and_counts_them_by_tier(clinic: Clinic, ana: bytes) -> None:
    clinic.run(add_patient, family="Bell", given="Tom", mrn="B-1")
    clinic.run(add_patient, family="Tran", given="Linh", deceased=True)
    out = risk(clinic, "run")
    assert out.splitlines()[:7] == [
        "Risk tiers of 2 patients, as they hold:",
        "  6 highest           0",
        "  5 high              0",
        "  4 raised            1",
        "  3 moderate          0",
        "  2 low               0",
        "  1 lowest            1",
    ]
    assert "moved" not in out and out.endswith("Written: 2 new, 0 changed.\n")
    out = risk(clinic, "run")
    assert "Nobody moved." in out and out.endswith("Nothing was written: all tiers are as they were.\n")


def test_who_moved_is_named_with_the_rule_that_changed(clinic: Clinic, ana: bytes) -> None:
    risk(clinic, "run")
    import_row(clinic, Stay, patient=ana, kind="ed", admitted=date(2026, 11, 20))
    out = risk(clinic, "run")
    assert "1 moved:" in out
    assert "A-1" in out and "4 → 5, 9 → 10 points: Emergency visits, 6 months +1" in out
    assert out.endswith("Written: 0 new, 1 changed.\n")


def test_points_that_change_without_the_tier_are_written_and_nobody_is_named(clinic: Clinic) -> None:
    tom = clinic.run(add_patient, family="Bell", mrn="B-1").id
    risk(clinic, "run")
    clinic.run(add_condition, tom, display="Fall", system="icd-10-cm", code="R29.6")
    out = risk(clinic, "run")
    assert "Nobody moved." in out and "0 new, 1 changed" in out
    found = clinic.read(tier_line, tom)
    assert found is not None and (found.tier, found.points) == (1, 1)


def test_a_dry_run_writes_nothing(clinic: Clinic, ana: bytes) -> None:
    out = risk(clinic, "run", "--dry-run")
    assert out.endswith("Nothing was written: this was a dry run.\n")
    assert clinic.read(tier_line, ana) is None
    assert as_json(clinic, "run", "--dry-run")["written"] is None


def test_as_json_everybody_who_moved_is_named(clinic: Clinic, as_user: AsUser, ana: bytes) -> None:
    assert as_json(clinic, "run")["written"] == {"added": 1, "changed": 0, "same": 0}
    as_user("levin").run(set_tier, ana, 6, "Frail.", date(2026, 11, 30))
    import_row(clinic, Stay, patient=ana, kind="ed", admitted=date(2026, 11, 20))
    found = as_json(clinic, "run")
    assert (found["day"], found["patients"], found["new"], found["changed"]) == ("2026-11-23", 1, 0, 1)
    assert found["tiers"] == {"6": 1, "5": 0, "4": 0, "3": 0, "2": 0, "1": 0}
    assert (found["set_by_clinicians"], found["reviews_due"]) == (1, 0)
    assert found["moved"] == [
        {
            "mrn": "A-1", "name": "Ruiz-Moreno, Ana", "from": 4, "to": 5, "points_before": 9, "points": 10,
            "set_tier": 6,
            "rules": [{"rule": "emergency-6", "label": "Emergency visits, 6 months", "before": 0, "after": 1}],
        }
    ]  # fmt: skip
    assert found["written"] == {"added": 0, "changed": 1, "same": 0}


def test_a_clinicians_tier_stands_and_is_told(clinic: Clinic, as_user: AsUser, ana: bytes) -> None:
    as_user("levin").run(set_tier, ana, 6, "Frail.", date(2026, 11, 30))
    clinic.run(add_condition, ana, display="COPD", system="icd-10-cm", code="J44.9")
    out = risk(clinic, "run")
    assert "4 → 5 (set to 6, which holds)" in out
    assert "1 has a tier set by a clinician, which stands." in out
    assert "  6 highest           1" in out


def test_other_points_of_the_clinics_own_file_are_a_reason_too(
    clinic: Clinic, as_user: AsUser, ana: bytes
) -> None:
    risk(clinic, "run")
    shipped = (clinic.reference.folder / "risk.toml").read_text(encoding="utf-8")
    own = clinic.path.with_suffix(".data")
    own.mkdir()
    (own / "risk.toml").write_text(shipped.replace("from = 10\n", "from = 9\n"), encoding="utf-8")
    out = risk(as_user("ben"), "run")
    assert "4 → 5, 9 → 9 points: the points of the tiers are others now" in out
    (own / "risk.toml").write_text(shipped.replace('reads = "stays"', 'reads = "stars"'), encoding="utf-8")
    with pytest.raises(Stopped, match=r"risk.toml can't be used: line \d+: reads is one of"):
        risk(as_user("levin"), "run")


def test_an_audit_entry_has_the_counts_and_the_list_is_a_look(clinic: Clinic, ana: bytes) -> None:
    risk(clinic, "run")
    newest, look = clinic.read(audit_page)[:2]
    assert (newest.action, look.action) == ("assessments.write_tiers", "look.list")
    assert newest.facts["added"] == 1 and newest.facts["tier_4"] == 1
    assert look.facts["view"] == "risk"


def test_undo_takes_the_whole_run_back(clinic: Clinic, ana: bytes) -> None:
    clinic.run(add_patient, family="Bell")
    risk(clinic, "run")
    last = clinic.read(last_undoable)
    assert last is not None
    clinic.undo(last.seq)
    assert clinic.read(tier_line, ana) is None


def test_show_says_each_point_with_its_rows(clinic: Clinic, as_user: AsUser, ana: bytes) -> None:
    out = risk(clinic, "show", "A-1")
    assert "By the rules: 4 of 6 (raised), 9 points" in out and "Kept: nothing yet" in out
    assert "+2  Hospital stays, 6 months: 1 found: 1 gives 2 points, 2 give 4." in out
    assert "      hospital stay 2026-11-02, St. Mary's" in out
    assert "      Katz ADL 4, needs some help, 2026-11-23" in out
    assert " ?  Mood and worry: Not asked in the last 12 months: GAD-7, PHQ-9." in out
    as_user("levin").run(set_tier, ana, 6, "Frail.", date(2026, 11, 30))
    out = risk(clinic, "show", "A-1")
    assert "Kept: 6 of 6, set by Amy Levin, MD, review 2026-11-30, computed 4 (9 points)" in out
    assert "Why set: Frail." in out
    found = as_json(clinic, "show", "A-1")
    assert (found["tier"], found["points"], found["holds"]) == (4, 9, 6)
    rules = {one["rule"]: one for one in found["rules"]}
    assert rules["careful-medicines"]["rows"][0]["says"] == "Apixaban 5 mg, twice a day"
    assert "mood" in found["not_asked"]
    assert clinic.read(audit_page)[0].action == "look.chart"


def test_nobody_with_that_number_and_no_right(clinic: Clinic, as_user: AsUser, ana: bytes) -> None:
    clinic.run(add_patient, family="Bell")
    with pytest.raises(Gone):
        risk(clinic, "show", "X-9")
    for username in ("iris", "otto"):
        with pytest.raises(Refused):
            risk(as_user(username), "run")
    assert "2 patients" in risk(as_user("otto"), "run", "--dry-run"), "who only reads may look"


def test_a_clinic_without_patients(clinic: Clinic) -> None:
    out = risk(clinic, "run")
    assert out.startswith("Risk tiers of 0 patients") and "Nothing was written" in out
