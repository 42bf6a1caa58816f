"""An appointment by keys alone, from the chart to the visit that billing counts; the directory by name."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.encounters.appointment_actions import book
from cmp_tui.encounters.appointment_queries import appointments_of
from cmp_tui.encounters.queries import visits
from cmp_tui.patients.directory_actions import add_provider
from cmp_tui.patients.directory_queries import directory
from tests.app.driving import SIZES, Driver, driving

People = dict[str, bytes]
FRI = date(2026, 11, 27)


async def to_appointment(person: Driver) -> None:
    """Goes to the first appointment of the Summary."""
    await person.press("home")
    for _ in range(60):
        row = person.board.row  # type: ignore[attr-defined]
        if row is not None and row.table == "appointment":
            return
        await person.press("down")
    raise AssertionError(f"no appointment on the Summary:\n{person.text}")


async def test_from_booking_to_the_visit(clinic: Clinic, clock: FrozenClock, people: People) -> None:
    weiss = people["Weiss"]
    async with driving(clinic) as person:
        await person.press("/", "'weiss'", "enter", "n", "x", "'blood pressure'", "enter", "enter")
        await person.press("'fri'", "enter", "'9:30'", "enter", "ctrl+s")
        assert "Booked: blood pressure, Fri 27 Nov, 9:30 am." in person.notice
        await to_appointment(person)
        assert "patient not told" in person.text
        await person.press("d", "t", "ctrl+s")
        assert "Told of blood pressure" in person.notice
        (line,) = clinic.read(appointments_of, weiss)
        assert (line.day, line.time, line.told_on, line.told_how) == (
            FRI,
            "09:30",
            date(2026, 11, 23),
            "phone",
        )
        clock.at = datetime(2026, 11, 30, 16, tzinfo=UTC)
        await to_appointment(person)
        await person.press("d", "w", "enter", "a", "ctrl+s")
        assert "blood pressure: was there." in person.notice
    (visit,) = clinic.read(visits, weiss)
    assert (visit.date, visit.kind) == (FRI, "awv")


async def test_today_asks_for_an_outcome(clinic: Clinic, people: People) -> None:
    clinic.run(book, people["Weiss"], day=date(2026, 11, 20), what="feet", time="10:00", kind="office")
    async with driving(clinic) as person:
        for _ in range(40):
            if person.row is not None and person.row.source == "visit-outcome":
                break
            await person.press("down")
        assert "outcome? Fri 20 Nov 10:00 am feet" in " ".join(person.preview.split())
        await person.press("d", "d", "enter", "'forgot'", "enter", "ctrl+s")
        # Another day is offered at once, with what it was.
        assert (
            person.form is not None and person.form.name == "appointment" and person.value("what") == "feet"
        )
    (line,) = clinic.read(appointments_of, people["Weiss"])
    assert (line.status, line.missed_why) == ("noshow", "forgot")


@pytest.mark.parametrize("size", SIZES)
async def test_the_directory_by_its_name(clinic: Clinic, people: People, size: tuple[int, int]) -> None:
    clinic.run(
        add_provider, name="Heart Group", kind="practice", specialty="Cardiology", phone="(630) 555-0181"
    )
    clinic.run(add_provider, name="Harbor Table Meals", kind="community", hours="Mon-Fri 9-1")
    async with driving(clinic, size) as person:
        await person.press("ctrl+p", "'directory'", "enter")
        assert "Directory" in person.title and "2 entries" in person.title
        assert "Community or social service" in person.text
        await person.press("f", "'cardiolgy'", "enter", "enter")
        assert person.row.name == "Heart Group"
        await person.press("n", "'Lake Eye'", "ctrl+s")
        assert person.row.name == "Lake Eye" and len(clinic.read(directory)) == 3
        await person.press("e", "tab", "'pharm'", "enter", "ctrl+s")
        await person.press("x", "'twice'", "ctrl+s")
        assert [one.name for one in clinic.read(directory)] == ["Harbor Table Meals", "Heart Group"]
