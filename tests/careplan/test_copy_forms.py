"""The plan on paper with keys alone: printed, recorded as given, sent to a provider; who has it; copied as text."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from cmp_tui.careplan.actions import add_goal, edit_goal
from cmp_tui.careplan.copy_actions import give_copy
from cmp_tui.careplan.queries import whole_plan
from cmp_tui.careplan.version_actions import finish_review
from cmp_tui.clinic.audit import audit_page
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.patients import paper_out
from cmp_tui.patients.actions import add_person, add_team_member, edit_patient
from tests.app.driving import SIZES, Driver
from tests.careplan.copying import TODAY, fill, pages
from tests.careplan.test_panel import plan_of
from tests.snapshots import same_as_kept, screen_text

both = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


@pytest.fixture
def outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "outbox"

    def make() -> Path:
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    monkeypatch.setattr(paper_out, "make_outbox", make)
    monkeypatch.setattr(paper_out, "home_short", lambda path: f"~/outbox/{path.name}")
    return folder


@pytest.fixture
def plan(clinic: Clinic, ana: bytes) -> dict[str, bytes]:
    """Ana's plan, signed once."""
    goals = fill(clinic, ana)
    clinic.run(finish_review, ana)
    return goals


def exports(clinic: Clinic) -> list[Any]:
    return [one for one in clinic.read(audit_page) if "export" in str(one.action)]


def shown(person: Driver) -> str:
    return " ".join(person.text.split())


@both
async def test_printed_then_given(
    clinic: Clinic, ana: bytes, plan: dict[str, bytes], outbox: Path, size: tuple[int, int]
) -> None:
    clinic.run(edit_patient, ana, None, language="Spanish")
    async with plan_of(clinic, ana, size) as person:
        await person.press("p")
        assert "p patient's copy s summary for a provider g record as given w who has it" in shown(person)
        await person.press("p")
        assert person.form is not None and person.form.spec.name == "plan-copy"
        assert person.value("tongue") == "es", "by the patient's language"
        assert "numbers are not all set" in shown(person)
        await person.press("ctrl+s")
        assert person.form is not None and person.form.spec.name == "give-copy", "it asks who got it"
        assert clinic.read(whole_plan, ana).copies == (), "printing alone is not giving"
        same_as_kept(f"plan-given-{size[0]}x{size[1]}", screen_text(person.app))
        await person.go_to("how")
        await person.press("i", "ctrl+s")
        assert person.form is None
        assert "Recorded: given to the patient in person, today." in person.notice
    path = outbox / "plan-a-1-es.pdf"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(outbox.stat().st_mode) == 0o700
    assert "Mi plan de cuidado" in pages(path.read_bytes())[0]
    assert [one.name for one in outbox.iterdir()] == ["plan-a-1-es.pdf"], "and no other file"
    (copy,) = clinic.read(whole_plan, ana).copies
    assert (copy.to, copy.how, copy.date, copy.language) == ("patient", "in-person", TODAY, "es")
    assert len(exports(clinic)) == 1


async def test_leaving_the_question_records_nothing(
    clinic: Clinic, ana: bytes, plan: dict[str, bytes], outbox: Path
) -> None:
    async with plan_of(clinic, ana) as person:
        await person.press("p", "p", "ctrl+s", "escape")
        assert person.form is None
    assert clinic.read(whole_plan, ana).copies == () and len(list(outbox.iterdir())) == 1


async def test_a_plan_changed_since_the_printing_is_out_of_date(
    clinic: Clinic, ana: bytes, plan: dict[str, bytes], outbox: Path
) -> None:
    async with plan_of(clinic, ana) as person:
        await person.press("p", "p", "ctrl+s")
        clinic.run(edit_goal, plan["walk"], None, title="Walk to church")
        await person.go_to("how")
        await person.press("i", "ctrl+s")
        assert "out of date" in " ".join(person.preview.split())
        await person.press("p", "w")
        assert "the patient today in person" in shown(person) and "out of date" in shown(person)
        await person.press("enter")
        assert person.form is not None and person.form.spec.name == "plan-copy", "printed anew for them"


async def test_given_to_a_caregiver_and_logged(clinic: Clinic, ana: bytes, plan: dict[str, bytes]) -> None:
    clinic.run(add_person, ana, name="Lucía Ruiz", relationship="child", caregiver=True)
    async with plan_of(clinic, ana) as person:
        await person.press("p", "g")
        await person.press("c")
        await person.go_to("name")
        assert "Lucía Ruiz" in shown(person), "whom the chart knows is told"
        await person.press("'Lucía Ruiz'")
        await person.go_to("how")
        await person.press("i")
        await person.go_to("contact")
        await person.press("l", "ctrl+s")
        assert person.form is None
    (copy,) = clinic.read(whole_plan, ana).copies
    assert (copy.to, copy.name) == ("caregiver", "Lucía Ruiz")


async def test_the_summary_goes_to_a_provider(
    clinic: Clinic, ana: bytes, plan: dict[str, bytes], outbox: Path
) -> None:
    clinic.run(add_team_member, ana, name="Dr. Chen", role="specialist")
    async with plan_of(clinic, ana) as person:
        await person.press("p", "s")
        assert person.form is not None and person.form.spec.name == "plan-summary"
        await person.press("d", "ctrl+s")
        assert person.form is not None and person.form.spec.title == "Sent: summary of the plan"
        assert person.value("name") == "Dr. Chen"
        editor = person.field("how")
        editor.put("fax")
        editor.mark_edited()
        await person.press("ctrl+s")
        assert person.form is None
        await person.press("p", "w")
        assert "Dr. Chen (provider) today by fax" in shown(person)
        await person.press("enter")
        assert person.value("who") == "Dr. Chen"
    (copy,) = clinic.read(whole_plan, ana).copies
    assert (copy.kind, copy.to, copy.name, copy.how) == ("summary", "provider", "Dr. Chen", "fax")
    assert "Care plan summary" in pages((outbox / "plan-summary-a-1.pdf").read_bytes())[0]


async def test_what_the_font_lacks_is_said_at_the_field(
    clinic: Clinic, ana: bytes, plan: dict[str, bytes], outbox: Path
) -> None:
    clinic.run(add_goal, ana, title="Walk", own_words="王明", problem="x")
    async with plan_of(clinic, ana) as person:
        await person.press("p", "p", "ctrl+s")
        assert person.form is not None and "no letters for" in shown(person)
        assert not outbox.exists()
        await person.go_to("format")
        await person.press("right", "ctrl+s")
        assert person.form is not None and person.form.spec.name == "give-copy"
    assert "王明" in (outbox / "plan-a-1-en.txt").read_text("utf-8")


async def test_a_slip_is_struck_out(clinic: Clinic, ana: bytes, plan: dict[str, bytes]) -> None:
    clinic.run(give_copy, ana, how="mail")
    async with plan_of(clinic, ana) as person:
        await person.press("p", "x", "enter")
        assert person.form is not None and person.form.spec.name == "strike"
        await person.press("'wrong chart'", "ctrl+s")
        assert person.form is None
        await person.press("p", "w")
        assert "Nobody has this plan yet" in person.notice
    assert clinic.read(whole_plan, ana).copies == ()


async def test_y_copies_the_patients_copy(clinic: Clinic, ana: bytes, plan: dict[str, bytes]) -> None:
    async with plan_of(clinic, ana) as person:
        await person.press("g", "y")
        assert "Copied the patient's copy of the plan" in person.notice
        assert "What matters to me" in person.app.clipboard and "Warning signs" in person.app.clipboard


async def test_without_a_plan_there_is_nothing_to_print(clinic: Clinic, ana: bytes) -> None:
    async with plan_of(clinic, ana, panel="summary") as person:
        await person.press("p", "p")
        assert person.form is None and "no plan to print yet" in person.notice
