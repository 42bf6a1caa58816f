"""plan on the command line: the patient's copy and the summary, as file or text, logged as they leave."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from cmp_tui.careplan.actions import add_goal
from cmp_tui.careplan.copy_actions import give_copy
from cmp_tui.careplan.queries import whole_plan
from cmp_tui.careplan.version_actions import finish_review
from cmp_tui.cli.plan import plan_command
from cmp_tui.clinic.audit import audit_page
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import ClinicError, Gone, Refused
from cmp_tui.patients.actions import add_patient
from tests.careplan.copying import fill, pages
from tests.cli.runner import run
from tests.conftest import AsUser


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    """Ana, who speaks Spanish, with a plan."""
    key: bytes = clinic.run(
        add_patient, family="Ruiz", given="Ana", mrn="A-1", birth_date="1948-02-11", language="Spanish"
    ).id
    fill(clinic, key)
    return key


def exports(clinic: Clinic) -> list[Any]:
    return [one for one in clinic.read(audit_page) if "export" in str(one.action)]


def test_the_copy_as_a_file_in_the_patients_language(clinic: Clinic, ana: bytes, tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    done = run(clinic, plan_command, "A-1", "-o", path)
    assert (done.exit_code, done.output) == (0, f"{path}: Mi plan de cuidado, Ruiz, Ana\n")
    assert "Mis metas" in "".join(pages(path.read_bytes())) and stat.S_IMODE(path.stat().st_mode) == 0o600
    (entry,) = exports(clinic)
    assert entry.patient == ana
    assert clinic.read(whole_plan, ana).copies == (), "writing is not giving"
    first = path.read_bytes()
    run(clinic, plan_command, "A-1", "-o", path)
    assert path.read_bytes() == first, "two runs give the same bytes"


def test_in_another_language_and_as_text(clinic: Clinic, ana: bytes, tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    assert run(clinic, plan_command, "A-1", "-o", path, "--language", "en", "--text").exit_code == 0
    assert "My goals" in path.read_text("utf-8")
    shown = run(clinic, plan_command, "A-1")
    assert "Mis metas" in shown.output and max(map(len, shown.output.splitlines())) <= 78
    assert len(exports(clinic)) == 2


def test_the_summary_with_what_is_new_to_them(clinic: Clinic, ana: bytes, tmp_path: Path) -> None:
    clinic.run(finish_review, ana)
    clinic.run(give_copy, ana, kind="summary", to="provider", name="Dr. Chen", how="fax")
    clinic.run(add_goal, ana, title="Sleep well", problem="x")
    path = tmp_path / "summary.pdf"
    done = run(clinic, plan_command, "A-1", "--summary", "--for", "Dr. Chen", "-o", path)
    assert done.exit_code == 0
    (page,) = pages(path.read_bytes())
    assert "Care plan summary" in page and "[new] Sleep well" in page


@pytest.mark.parametrize("options", [("--for", "Dr. Chen"), ("--summary", "--language", "es")])
def test_what_does_not_go_together_is_said(clinic: Clinic, ana: bytes, options: tuple[str, ...]) -> None:
    done = run(clinic, plan_command, "A-1", *options)
    assert done.exit_code == 2 and "belongs to" in done.output and exports(clinic) == []


def test_what_the_font_lacks_is_said_and_nothing_is_written(
    clinic: Clinic, ana: bytes, tmp_path: Path
) -> None:
    clinic.run(add_goal, ana, title="Walk", own_words="王明", problem="x")
    path = tmp_path / "plan.pdf"
    with pytest.raises(ClinicError, match=r"no letters for 王 明.*Add --text"):
        run(clinic, plan_command, "A-1", "-o", path)
    assert list(tmp_path.glob("*plan*")) == [] and exports(clinic) == []


def test_without_a_plan_or_the_right_there_is_no_paper(
    clinic: Clinic, ana: bytes, as_user: AsUser, tmp_path: Path
) -> None:
    clinic.run(add_patient, family="Bell", given="Tom", mrn="T-1")
    with pytest.raises(Gone, match="no care plan for Tom Bell yet"):
        run(clinic, plan_command, "T-1")
    with pytest.raises(Refused):
        run(as_user("otto"), plan_command, "A-1", "-o", tmp_path / "plan.pdf")
    assert not (tmp_path / "plan.pdf").exists()
