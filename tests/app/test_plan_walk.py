"""A care plan from nothing to an old copy with keys alone, in Today, the chart, the paper and the records folder."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from cmp_tui.careplan.queries import whole_plan
from cmp_tui.chart.screen import ChartScreen
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.patients import paper_out
from cmp_tui.patients.actions import add_condition
from tests.app.driving import SIZES, Driver, driving
from tests.careplan.copying import medicate, pages
from tests.conftest import AsUser
from tests.snapshots import same_as_kept, screen_text

both = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
WEDDING = "Bailar con mi nieta"
LIFECYCLE = {"proposed", "planned", "accepted", "active", "on-hold", "completed", "cancelled", "rejected"}
ACHIEVEMENT = {
    "in-progress", "improving", "worsening", "no-change", "achieved", "sustaining", "not-achieved", "no-progress",
    "not-attainable",
}  # fmt: skip
STEPS = {
    "not-started", "scheduled", "in-progress", "on-hold", "completed", "cancelled", "stopped", "unknown",
}  # fmt: skip
"""FHIR's value sets: goal-status, goal-achievement, care-plan-activity-status."""


@pytest.fixture
def ana(clinic: Clinic, people: dict[str, bytes]) -> bytes:
    """Ana has diabetes (of the small clinic) and heart failure; she speaks Spanish, and has no plan."""
    key = people["Ruiz-Moreno"]
    clinic.run(
        add_condition, key, display="Chronic diastolic heart failure", own_words="water on the lungs",
        code="I50.32", system="icd-10-cm",
    )  # fmt: skip
    medicate(clinic, key, {"display": "Metformin 1000 mg tablet", "dosage": "1 tablet twice a day"})
    return key


@pytest.fixture
def outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where papers go."""
    folder = tmp_path / "outbox"
    folder.mkdir(mode=0o700)
    monkeypatch.setattr(paper_out, "make_outbox", lambda: folder)
    monkeypatch.setattr(paper_out, "home_short", lambda path: f"~/outbox/{path.name}")
    return folder


async def to_her_plan(person: Driver) -> None:
    """From any screen to Ana's plan: search, enter, panels."""
    await fast(person, "slash", "'ruiz-m'")
    await person.press("enter")
    board = person.board
    assert isinstance(board, ChartScreen)
    if board.panel.name != "plan":
        await person.press("right_square_bracket")
    assert board.panel.name == "plan"


async def fast(person: Driver, *keys: str) -> None:
    """Keys one after the other without waiting between them; a text in quotes is typed."""
    names = [name for key in keys for name in (list(key[1:-1]) if len(key) > 2 and key[0] == "'" else [key])]
    await person.pilot.press(*({" ": "space"}.get(name, name) for name in names))
    await person.settle()


async def go(person: Driver, words: str) -> None:
    """Moves the cursor from the top down to the row of a goal."""
    rows = person.board._rows  # type: ignore[attr-defined]
    place = next(at for at, row in enumerate(rows) if words in getattr(row.line, "title", ""))
    await fast(person, "g", *["j"] * place)
    assert words in person.board.row.line.title  # type: ignore[attr-defined]


async def field(person: Driver, name: str) -> None:
    """Goes to a field of the open form with tab."""
    assert person.form is not None
    names = list(person.form.sheet.shown())
    await fast(person, *["tab"] * (names.index(name) - names.index(person.form.sheet.here_now)))
    assert person.form.sheet.here_now == name


def picture(person: Driver, name: str, size: tuple[int, int]) -> None:
    same_as_kept(f"{name}-{size[0]}x{size[1]}", screen_text(person.app))


async def begin(person: Driver) -> None:
    """What the two templates suggest, as it stands."""
    await to_her_plan(person)
    await person.press("n", "t", "enter", "ctrl+s")
    assert "goals added with their steps" in person.notice


async def make(person: Driver, size: tuple[int, int]) -> None:
    """Two templates with her own words, what matters to her, a barrier; a goal is changed."""
    assert "begin: n t" in person.text, "the first line says how a plan begins"
    await person.press("n", "t")
    assert [name for name, _ in person.value("templates")] == ["heart-failure", "diabetes"]  # type: ignore[attr-defined]
    await person.press("enter")
    await field(person, "own-heart-failure-weigh")
    await fast(person, f"'{WEDDING}'", "ctrl+s")
    assert "goals added with their steps" in person.notice
    picture(person, "plan-made", size)
    await fast(person, "n", "m", "'Mi casa'", "ctrl+s")
    await go(person, "Move my body")
    await person.press("e")
    await field(person, "target")
    assert person.field("target").value == "5", "a number as people write it"  # type: ignore[attr-defined]
    await field(person, "importance")
    await fast(person, "'9'", "tab", "'6'", "ctrl+s")
    await fast(person, "n", "b", "space", "down", "enter", "'sin bus'", "ctrl+s")
    assert "getting there" in person.notice


async def call(person: Driver) -> None:
    """A contact moves the weighing."""
    await fast(person, "c", "r", "tab", "tab", "'12'")
    await field(person, "goals")
    titles = [one.title for one in person.field("goals").spec.goals]  # type: ignore[attr-defined]
    down = next(at for at, title in enumerate(titles) if title.startswith("Weigh myself"))
    await fast(person, "space", *["down"] * down, "'5 mejor'", "ctrl+s")
    assert "1 goal" in person.notice


async def print_and_give(person: Driver, outbox: Path) -> None:
    """In English, then in Spanish; the Spanish one is given."""
    await person.press("g", "p", "p", "left", "ctrl+s", "escape")
    await person.press("p", "p", "ctrl+s")
    assert {path.name for path in outbox.iterdir()} == {"plan-l-1001-en.pdf", "plan-l-1001-es.pdf"}
    await person.press("tab", "m", "ctrl+s")
    assert "Recorded: given to the patient by mail, today." in person.notice


@both
async def test_from_no_plan_to_an_old_copy(
    clinic: Clinic, ana: bytes, clock: FrozenClock, as_user: AsUser, outbox: Path, size: tuple[int, int]
) -> None:
    async with driving(clinic, size) as person:
        await to_her_plan(person)
        await make(person, size)
        await call(person)
        await person.press("R", "ctrl+s")
        assert "Version 1 is signed; A records the practitioner's approval." in person.notice

    async with driving(as_user("levin"), size) as doctor:
        await to_her_plan(doctor)
        assert "approve: A" in doctor.text
        await doctor.press("A", "ctrl+s")
        assert "Version 1 is approved." in doctor.notice

    async with driving(clinic, size) as person:
        await to_her_plan(person)
        await print_and_give(person, outbox)
        assert "copy old" not in person.text
        await person.press("1")
        assert "out of date" not in person.text
        await to_her_plan(person)
        await go(person, "Stay out of the hospital")
        await fast(person, "e", "end", "' ya mismo'", "ctrl+s", "g")
        assert "copy old: p p" in person.text
        picture(person, "plan-copy-old", size)
        await person.press("1")
        row = next(line for line in person.lines if "plan changed" in line)
        assert "Ruiz-Moreno" in row
    versions = clinic.read(whole_plan, ana).versions
    assert versions[0].approved_by == "Amy Levin, MD"
    check_papers(outbox)


def check_papers(outbox: Path) -> None:
    english, spanish = (
        " ".join(" ".join(pages(outbox / f"plan-l-1001-{tongue}.pdf")).split()) for tongue in ("en", "es")
    )
    for page in (english, spanish):
        assert f"“{WEDDING}”" in page and "“Mi casa”" in page, "her words stay"
        assert "sin bus" in page and "Metformin 1000 mg tablet" in page
    assert "Weigh myself each morning and know when to call" in english and "Call 911 now" in english
    assert "Goal: 5 or more days a week" in english and "In an emergency: 911" in english
    assert "Pesarme cada mañana y saber cuándo llamar" in spanish and "Llame al 911 ahora" in spanish
    assert "Meta: 5 o más días a la semana" in spanish and "Weigh myself" not in spanish


@both
async def test_history_shows_the_plan_as_it_was(clinic: Clinic, ana: bytes, size: tuple[int, int]) -> None:
    async with driving(clinic, size) as person:
        await begin(person)
        await go(person, "Stay out of the hospital")
        await fast(person, "e", "end", "' ya mismo'", "ctrl+s")
        await person.press("left_square_bracket", "left_square_bracket")
        assert ": :" not in person.text, "every record has words"
        await person.press("g", "j", "P")
        picture(person, "plan-then", size)
        assert "The care plan as it was" in person.text
        told = person.preview
        assert "Stay out of the hospital" in told and "ya mismo" not in told
        await person.press("escape", "g", "P")
        assert "ya mismo" in person.preview
        await person.press("escape", "G", "P")
        assert "There was no care plan yet on" in person.notice


async def test_what_is_taught_or_measured_once_is_not_suggested_twice(
    clinic: Clinic, people: dict[str, bytes]
) -> None:
    ana = people["Ruiz-Moreno"]
    clinic.run(add_condition, ana, display="Hypertension", code="I10", system="icd-10-cm")
    clinic.run(add_condition, ana, display="Chronic kidney disease", code="N18.31", system="icd-10-cm")
    async with driving(clinic) as person:
        await to_her_plan(person)
        await person.press("n", "t", "enter", "ctrl+s")
    whole = clinic.read(whole_plan, ana)
    steps = [step.title for goal in whole.goals for step in goal.interventions]
    taught = [title for title in steps if title.startswith("Teach: ")]
    assert len(taught) == len(set(taught)) > 0
    measures = [goal.measure for goal in whole.goals if goal.measure]
    assert len(measures) == len(set(measures)) and "bp" in measures


async def test_a_template_of_the_clinics_own_with_a_slip_is_said(clinic: Clinic, ana: bytes) -> None:
    own = clinic.path.with_suffix(".data") / "plans"
    own.mkdir(parents=True)
    (own / "gout.toml").write_text('title = "Gout"\ntitle_es = "Gota"\ncolour = "red"\n', encoding="utf-8")
    async with driving(clinic, (80, 24)) as person:
        await to_her_plan(person)
        await person.press("n", "t")
        assert "1 file left out: tab says why" in person.text
        await person.press("tab")
        assert "gout.toml is left out: line 3: colour is not known here" in " ".join(person.text.split())


@both
async def test_space_shows_what_the_plan_lacks_then_all_of_it(
    clinic: Clinic, ana: bytes, size: tuple[int, int]
) -> None:
    async with driving(clinic, size) as person:
        await begin(person)
        await person.press("g", "space")
        assert "Mind and daily life  n m" in person.text, "what is empty, and the key that fills it"
        if size[0] < 100:
            await person.press("space")
        assert "Symptoms to watch" in person.text and "Revision" in person.text
        await person.press("space")
        assert person.board.table.display  # type: ignore[attr-defined]


async def test_the_help_explains_the_plan(clinic: Clinic, ana: bytes) -> None:
    async with driving(clinic) as person:
        await to_her_plan(person)
        await person.press("question_mark")
        assert "n t begins it from templates" in " ".join(person.text.split())


async def test_the_records_folder_says_it_in_fhirs_words(clinic: Clinic, ana: bytes, tmp_path: Path) -> None:
    from cmp_tui.exchange.records.export import write_records

    async with driving(clinic) as person:
        await begin(person)
        await go(person, "Move my body")
        await person.press("plus")
    folder = tmp_path / "records"
    write_records(clinic, folder)

    def column(table: str, name: str) -> set[str]:
        with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return {row[name] for row in csv.DictReader(file)}

    assert column("goals", "lifecycle") == {"active"} <= LIFECYCLE
    assert "improving" in column("goals", "achievement") and column("goals", "achievement") <= ACHIEVEMENT
    assert column("interventions", "status") <= STEPS


async def test_a_barrier_is_found_in_its_list(clinic: Clinic, ana: bytes) -> None:
    async with driving(clinic) as person:
        await begin(person)
        await fast(person, "n", "b", "'bus'")
        assert "Nothing has this in it: empty the field, then space lists all." in person.text
        await fast(person, "ctrl+u", "space", "down", "enter", "ctrl+s")
        assert "Barrier added: getting there." in person.notice
