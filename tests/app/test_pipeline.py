"""The Enrollment screen by keys: taken in, taken up, called, ended, brought back; columns and a list."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.desk.actions import log_contact
from cmp_tui.enrollment.intake_actions import add_intake, end_intake, take_up
from cmp_tui.enrollment.intake_queries import intakes_of
from cmp_tui.enrollment.pipeline_board import PipelineBoard
from cmp_tui.enrollment.queries import enrollments
from cmp_tui.patients.actions import add_patient
from cmp_tui.patients.queries import find_patients
from tests.app.driving import SIZES, Driver, driving
from tests.conftest import AsUser
from tests.snapshots import same_as_kept, screen_text

TODAY = date(2026, 11, 23)
WIDE = SIZES[1]


@pytest.fixture
def way(clinic: Clinic, clock: FrozenClock) -> dict[str, bytes]:
    """Six people on the way, one of them ended and back."""
    now, found = clock.at, {}
    clock.at = now - timedelta(days=8)
    about: dict[str, dict[str, Any]] = {
        "Ames": {"source": "provider-referral", "by": "Dr. Kim", "reason": "two falls", "program": "CCM"},
        "Bell": {"source": "claims", "by": "October file", "reason": "3 ED visits"},
        "Cole": {"source": "list", "by": "high-risk list"},
        "Dorn": {"source": "claims"},
        "Eyre": {"source": "self-referral", "mode": "phone", "program": "CCM"},
        "Finn": {"source": "list"},
    }
    for number, (family, how) in enumerate(about.items()):
        born = f"19{45 + number}-03-01"
        patient = clinic.run(
            add_patient, family=family, given="Ida", birth_date=born, sex="F", phone="5125550100"
        )
        found[family] = clinic.run(add_intake, patient.id, **how).id
        clock.at += timedelta(days=1 if number < 4 else 0)
    patients = {one.family: one.patient for key in found.values() for one in [clinic.read(_card, key)]}
    clinic.run(log_contact, patients["Cole"], mode="phone", outcome="voicemail", next_due=TODAY)
    clinic.run(take_up, found["Dorn"])
    clinic.run(
        end_intake, found["Finn"], None, end="declined-interest", back_on=TODAY, why="ask after the move"
    )
    clock.at = now
    return found


def _card(scope: Any, key: bytes) -> Any:
    from cmp_tui.enrollment.intake_queries import intake_card

    return intake_card(scope, key)


def card(person: Driver) -> Any:
    """The card under the cursor."""
    assert isinstance(person.board, PipelineBoard)
    return person.board.row


def stage(clinic: Clinic, family: str) -> str:
    return clinic.read(intakes_of, clinic.read(find_patients, family)[0].id)[0].stage


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("pipeline", ("3",)),
        ("pipeline-preview", ("3", "down", "space")),
        ("pipeline-ended", ("3", "f", "'ended'", "enter")),
        ("pipeline-intake", ("3", "n", "n")),
        ("pipeline-end", ("3", "right", "x")),
    ],
)
async def test_pictures(
    clinic: Clinic, way: dict[str, bytes], name: str, keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    async with driving(clinic, size) as person:
        await person.press(*keys)
        same_as_kept(f"{name}-{size[0]}x{size[1]}", screen_text(person.app))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_an_empty_board_says_what_to_do(clinic: Clinic, size: tuple[int, int]) -> None:
    async with driving(clinic, size) as person:
        await person.press("3")
        same_as_kept(f"pipeline-empty-{size[0]}x{size[1]}", screen_text(person.app))
        await person.press("enter", "x", "j", "right")
        assert person.form is None


@pytest.mark.parametrize("size", SIZES)
async def test_the_arrows_go_between_the_stages(
    clinic: Clinic, way: dict[str, bytes], size: tuple[int, int]
) -> None:
    async with driving(clinic, size) as person:
        await person.press("3")
        assert card(person).family == "Finn", "what came back stands first"
        seen = []
        for _ in range(4):
            seen.append(card(person).stage)
            await person.press("right")
        assert seen == ["ended", "outreach", "eligibility", "eligibility"]
        await person.press("left")
        assert card(person).stage == "outreach"
        await person.press("j")
        assert card(person).family == "Dorn"
        await person.press("k", "left")
        assert card(person).stage in ("ended", "intake")


@pytest.mark.parametrize("size", SIZES)
async def test_moving_a_card_is_doing_its_step(
    clinic: Clinic, way: dict[str, bytes], size: tuple[int, int]
) -> None:
    async with driving(clinic, size) as person:
        await person.press("3", "j")
        assert card(person).family == "Ames"
        await person.press("enter")
        assert person.form is not None and person.form.spec.name == "take-up"
        await person.press("ctrl+s")
        assert person.form is not None and person.form.spec.name == "contact", (
            "taking up goes on with the call"
        )
        await person.press("v", "ctrl+s")
        assert person.form is None, person.text
        assert (card(person).family, card(person).stage) == ("Ames", "outreach"), (
            "the cursor goes with the card"
        )
        assert card(person).step.words.startswith("2nd try")
        await person.press("enter", "r", "ctrl+s")
        assert (card(person).family, card(person).stage) == ("Ames", "eligibility")
        await person.press("u", "enter")
        assert (card(person).family, card(person).stage) == ("Ames", "outreach"), "undo moves it back"


async def test_a_new_person_is_taken_in_by_keys(clinic: Clinic, way: dict[str, bytes]) -> None:
    async with driving(clinic, WIDE) as person:
        await person.press("3", "n", "n")
        await person.go_to("family")
        await person.press("'Gray'")
        await person.go_to("given")
        await person.press("'Olga'")
        await person.go_to("source")
        await person.press("right", "right", "right")
        await person.go_to("mode")
        await person.press("p", "ctrl+s")
        assert person.form is None, person.text
        assert "Taken in" in person.notice
        assert stage(clinic, "Gray") == "eligibility"


async def test_who_may_be_here_already_is_asked_about_once(clinic: Clinic, way: dict[str, bytes]) -> None:
    async with driving(clinic, WIDE) as person:
        await person.press("3", "n", "n")
        await person.go_to("family")
        await person.press("'Ames'")
        await person.go_to("given")
        await person.press("'Ida'")
        await person.go_to("by")
        await person.press("'Dr. Kim'", "ctrl+s")
        assert person.form is not None
        assert "Perhaps here already" in person.text
        await person.press("s", "ctrl+s")
        assert person.form is None, person.text
        assert len([one for one in clinic.read(find_patients, "Ames") if one.family == "Ames"]) == 2


async def test_someone_in_the_records_is_taken_in(clinic: Clinic, way: dict[str, bytes]) -> None:
    clinic.run(add_patient, family="Hart", given="Max")
    async with driving(clinic, WIDE) as person:
        await person.press("3", "n")
        await person.go_to("patient")
        await person.press("'hart'")
        await person.pilot.pause(0.3)
        await person.settle()
        await person.press("enter")
        await person.go_to("by")
        await person.press("'Dr. Kim'", "ctrl+s")
        assert person.form is None, person.text
        assert stage(clinic, "Hart") == "intake"


@pytest.mark.parametrize("size", SIZES)
async def test_one_declines_and_returns(clinic: Clinic, way: dict[str, bytes], size: tuple[int, int]) -> None:
    async with driving(clinic, size) as person:
        await person.press("3", "right", "x")
        assert person.form is not None and person.form.spec.name == "end-intake"
        family = card(person).family
        await person.press("'declined: not'", "enter", "ctrl+s")
        assert person.form is None, person.text
        assert "comes back 22 May" in person.notice
        assert stage(clinic, family) == "ended"
        await person.press("f", "'ended'", "enter")
        assert card(person).family == family
        await person.press("b")
        assert person.form is not None and person.form.spec.name == "reopen-intake"
        await person.press("ctrl+s")
        assert "Back: intake" in person.notice
        await person.press("escape")
        assert stage(clinic, family) == "intake"
        assert family in person.text


async def test_an_end_that_came_back_is_brought_back_with_enter(
    clinic: Clinic, way: dict[str, bytes]
) -> None:
    async with driving(clinic, WIDE) as person:
        await person.press("3", "enter")
        assert person.form is not None and person.form.spec.name == "reopen-intake"
        assert "ask after the move" in person.text
        await person.press("ctrl+s")
        assert stage(clinic, "Finn") == "intake"
        assert "came back" not in person.title


async def test_the_referrer_is_told(clinic: Clinic, way: dict[str, bytes]) -> None:
    async with driving(clinic, WIDE) as person:
        await person.press("3", "j")
        assert "not told yet" in person.preview
        await person.press("A", "ctrl+s")
        assert person.form is None, person.text
        assert "told" in person.preview and "not told yet" not in person.preview
        await person.press("right", "A")
        assert person.form is None, "nobody referred them"


async def test_a_hold_until_a_day(clinic: Clinic, way: dict[str, bytes]) -> None:
    async with driving(clinic, WIDE) as person:
        await person.press("3", "right", "z")
        await person.go_to("why")
        await person.press("'in hospital'", "ctrl+s")
        assert person.form is None, person.text
        assert "On hold; comes back" in person.notice


async def test_the_views(clinic: Clinic, as_user: AsUser, way: dict[str, bytes]) -> None:
    async with driving(as_user("ben"), WIDE) as person:
        await person.press("3")
        assert "mine · 0 on the way" in person.title
        await person.press("w")
        assert "team · 5 on the way" in person.title
        await person.press("f", "'claims'", "enter")
        assert "only from claims" in person.title
        await person.press("escape")
        assert "only" not in person.title
        await person.press("escape")
        assert person.app.current_mode == "today"


async def test_names_are_masked_and_the_chart_opens(clinic: Clinic, way: dict[str, bytes]) -> None:
    async with driving(clinic, WIDE) as person:
        await person.press("3", "exclamation_mark")
        assert "Ames" not in person.text and "A… I…" in person.text
        await person.press("exclamation_mark", "j", "o")
        assert person.app.current_mode == "chart"
        await person.press("escape")
        assert person.app.current_mode == "enrollment"


async def test_enrolled_by_keys(clinic: Clinic, way: dict[str, bytes]) -> None:
    async with driving(clinic, WIDE) as person:
        await person.press("3", "right", "right")
        assert card(person).family == "Eyre"
        await person.press("C")
        assert person.form is not None and person.form.spec.name == "consent"
        await person.press("escape", "E")
        assert person.form is not None and person.form.spec.name == "enrollment"
    assert clinic.read(enrollments, clinic.read(find_patients, "Eyre")[0].id) == []


async def test_a_long_column_scrolls(clinic: Clinic) -> None:
    for number in range(60):
        patient = clinic.run(add_patient, family=f"Name{number:02}", given="Ida")
        clinic.run(add_intake, patient.id, source="claims", received=TODAY - timedelta(days=60 - number))
    async with driving(clinic, WIDE) as person:
        await person.press("3")
        assert card(person).family == "Name00" and "56 more" in person.text
        await person.press("G")
        assert card(person).family == "Name59" and "more" not in person.text
        await person.press("g", "pagedown")
        assert card(person).family == "Name03"
        await person.press(*["j"] * 20)
        assert card(person).family == "Name23" and "Name23" in person.text


async def test_the_size_of_the_terminal_changes(clinic: Clinic, way: dict[str, bytes]) -> None:
    async with driving(clinic, WIDE) as person:
        await person.press("3", "right", "j")
        family = card(person).family
        await person.pilot.resize_terminal(80, 24)
        await person.settle()
        assert card(person) is not None and "Outreach  2" in person.text
        await person.pilot.resize_terminal(120, 36)
        await person.settle()
        assert card(person) is not None and family in person.text


async def test_the_list_as_a_file(clinic: Clinic, way: dict[str, bytes]) -> None:
    async with driving(clinic, WIDE) as person:
        await person.press("3")
        listing = await person.board.listing()
        assert listing is not None
        names = [cell.name for cell in listing.cells]
        assert {"stage", "patient", "MRN", "source", "next step", "days in stage", "comes back"} <= set(names)
        rows = clinic.read(lambda scope: [row for batch in listing.batches(scope) for row in batch])
        assert len(rows) == listing.count == 6
        by_name = {cell.name: cell.value(rows[1]) for cell in listing.cells}
        assert (by_name["patient"], by_name["from"], by_name["stage"]) == ("Ames, Ida", "Dr. Kim", "intake")
