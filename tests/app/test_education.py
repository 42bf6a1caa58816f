"""Education by keys: a session, a hand-out, a class, preventive care answered; the page read with enter."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.education.actions import hold_class, teach
from cmp_tui.education.queries import classes_of, teachings
from cmp_tui.measurements.preventive_queries import preventive_answers
from cmp_tui.patients import paper_out
from cmp_tui.patients.actions import add_condition, add_patient
from tests.app.driving import SIZES, Driver, driving
from tests.snapshots import same_as_kept, screen_text

TODAY = date(2026, 11, 23)


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    about = {"given": "Ana", "birth_date": "1948-02-11", "sex": "F", "language": "Spanish"}
    key = clinic.run(add_patient, family="Ruiz-Moreno", mrn="A-1", **about).id
    clinic.run(add_condition, key, display="Type 2 diabetes", group="diabetes")
    return key


def ids(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


async def to_education(person: Driver) -> None:
    await person.press("2", "w", "enter")
    for _ in range(8):
        if getattr(person.board, "panel", None) is not None and person.board.panel.name == "education":  # type: ignore[attr-defined]
            return
        await person.press("right")
    raise AssertionError("no Education in the chart")


@pytest.mark.parametrize("size", SIZES, ids=ids)
async def test_a_topic_is_read_and_taught(clinic: Clinic, ana: bytes, size: tuple[int, int]) -> None:
    clinic.run(teach, ana, topic="falls", date=TODAY - timedelta(9), teach_back="repeat")
    clinic.run(hold_class, [ana], topic="medicines", date=TODAY + timedelta(7), time="14:00")
    async with driving(clinic, size) as person:
        await to_education(person)
        assert person.lines[7].strip().startswith("To teach again")
        assert "Suggested by templates" in person.text and "Preventive care due" in person.text
        same_as_kept(f"education-{ids(size)}", screen_text(person.app))
        await person.press("enter")
        assert "What it is" in person.text
        await person.press("escape", "n")
        assert person.value("topic") == "falls"
        same_as_kept(f"education-session-{ids(size)}", screen_text(person.app))
        await person.go_to("teach_back")
        await person.press("p", "ctrl+s")
        assert person.form is None, person.text
    latest = clinic.read(teachings, ana)[0]
    assert (latest.topic, latest.teach_back, latest.repeat_on) == ("falls", "partly", TODAY + timedelta(30))


async def test_a_hand_out_in_the_patients_language(
    clinic: Clinic, ana: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "outbox"
    folder.mkdir(mode=0o700)
    monkeypatch.setattr(paper_out, "make_outbox", lambda: folder)
    async with driving(clinic) as person:
        await to_education(person)
        await person.press("p")
        assert person.value("tongue") == "es" and person.value("topic") == "diabetes"
        await person.go_to("format")
        await person.press("right")
        await person.go_to("log")
        await person.press("n", "ctrl+s")
        assert person.form is None, person.text
    (path,) = folder.iterdir()
    assert "Qué hacer cada día" in path.read_text()
    assert [one.method for one in clinic.read(teachings, ana)] == ["handout"]


async def test_a_class_from_the_caseload(clinic: Clinic, ana: bytes) -> None:
    bo = clinic.run(add_patient, family="Okafor", given="Bo").id
    async with driving(clinic) as person:
        await person.press("2", "w", "x", "x", "K")
        assert person.form is not None and "New class for 2" in person.text, person.text
        await person.go_to("topic")
        await person.press("'feet'", "enter")
        await person.go_to("came")
        await person.press("space", "ctrl+s")
        assert person.form is None, person.text
    statuses = sorted(one.status for key in (ana, bo) for one in clinic.read(classes_of, key))
    assert statuses == ["came", "missed"]
    assert len(clinic.read(teachings, ana)) + len(clinic.read(teachings, bo)) == 1


async def test_preventive_care_is_answered(clinic: Clinic, ana: bytes) -> None:
    async with driving(clinic) as person:
        await to_education(person)
        for _ in range(20):
            if person.board.row.part == "gap":
                break
            await person.press("down")
        name = person.board.row.name
        await person.press("e")
        assert person.value("measure") == name
        await person.go_to("answer")
        await person.press("d", "ctrl+s")
        assert person.form is None, person.text
        assert "Preventive care, answered" in person.text
    (line,) = clinic.read(preventive_answers, ana)
    assert line.measure == name


async def test_a_class_is_changed_and_struck_out(clinic: Clinic, ana: bytes) -> None:
    bo = clinic.run(add_patient, family="Zell", given="Bo").id
    cy = clinic.run(add_patient, family="Tran", given="Cy").id
    clinic.run(hold_class, [ana, bo], topic="falls", date=TODAY - timedelta(2), came=[ana])
    async with driving(clinic) as person:
        await to_education(person)
        for _ in range(60):
            if person.board.row.part == "class":
                break
            await person.press("down")
        await person.press("e")
        await person.go_to("add_1")
        await person.press("'Tran'", "enter")
        await person.go_to("out")
        await person.press("right", "space", "ctrl+s")
        assert person.form is None, person.text
        assert [one.status for one in clinic.read(classes_of, cy)] == ["came"]
        assert clinic.read(classes_of, bo) == []
        assert [one.status for one in clinic.read(classes_of, ana)] == ["came"]
        for _ in range(60):
            if person.board.row.part == "class":
                break
            await person.press("down")
        await person.press("x")
        await person.press("'called off'", "ctrl+s")
        assert person.form is None, person.text
    assert clinic.read(classes_of, ana) == [] and clinic.read(teachings, cy) == []
