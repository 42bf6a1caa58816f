"""The contact form when its day lies in a month that is closed: it asks why, and saves an amendment."""

from __future__ import annotations

from datetime import date

import pytest

from cmp_tui.billing.close_actions import close_month
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.contacts.queries import contacts_of
from cmp_tui.tasks.actions import add_task
from tests.app.driving import SIZES, driving

OCTOBER = Month(2026, 10)


@pytest.fixture
def due(clinic: Clinic, ana: bytes) -> bytes:
    """Ana, with a row in Today."""
    clinic.run(add_task, title="ask about the weight", due=date(2026, 11, 23), patient=ana)
    return ana


@pytest.mark.parametrize("size", SIZES)
async def test_it_asks_why_only_for_a_day_of_the_closed_month(
    clinic: Clinic, due: bytes, size: tuple[int, int]
) -> None:
    clinic.run(close_month, OCTOBER)
    async with driving(clinic, size) as person:
        await person.press("c")
        assert "Why now" not in person.text
        await person.go_to("day")
        await person.press("ctrl+u", "'10/20'")
        await person.go_to("time")
        await person.press("'10:00'", "ctrl+s")
        assert person.form is not None  # it waits for the reason
        await person.go_to("amend_why")
        assert "Why now" in person.text
        await person.press("'found on paper'", "ctrl+s")
        assert person.form is None
    (contact,) = clinic.read(contacts_of, due)
    assert (contact.amended_why, contact.amended_by) == ("found on paper", "Dana Ruiz")


async def test_without_a_closed_month_nobody_is_asked(clinic: Clinic, due: bytes) -> None:
    async with driving(clinic) as person:
        await person.press("c")
        await person.go_to("day")
        await person.press("ctrl+u", "'10/20'")
        await person.go_to("time")
        await person.press("'10:00'", "ctrl+s")
        assert person.form is None
    (contact,) = clinic.read(contacts_of, due)
    assert contact.amended_why is None
