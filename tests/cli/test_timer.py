"""timer stop on the command line: time without a contact, and what an answer does."""

from __future__ import annotations

from pathlib import Path

from cmp_tui.clinic.opening import open_clinic
from cmp_tui.contacts.queries import contacts_of
from cmp_tui.patients.queries import by_mrn
from cmp_tui.tables import TABLES
from tests.cli.conftest import NOW, Command

LATER = "2026-11-23T11:00"


def contacts(practice: Path) -> int:
    clinic = open_clinic(practice, TABLES, frozen=NOW)
    patient = clinic.read(by_mrn, "T-1001")
    assert patient is not None
    found = clinic.read(contacts_of, patient.id, 10)
    clinic.close_here()
    return len(found)


def test_without_an_outcome_no_contact_is_logged(cmp: Command, practice: Path) -> None:
    cmp("timer", "start", "T-1001", "--ago", "8")
    said = cmp("timer", "stop", "--activity", "care-plan", "--note", "goals")
    assert said.out == "Logged 8 min 0 s for Ruiz-Moreno, Ana.\n"
    assert contacts(practice) == 0
    cmp("timer", "start", "T-1001")
    cmp("timer", "stop", "--outcome", "reached", at="2026-11-23T09:05")
    assert contacts(practice) == 1


def test_discarding_says_so_and_logs_nothing(cmp: Command, practice: Path) -> None:
    cmp("timer", "start", "T-1001")
    said = cmp("timer", "stop", "--answer", "discard", "--outcome", "reached", at=LATER)
    assert said.out == "The timer for Ruiz-Moreno, Ana was discarded; nothing was logged.\n"
    assert contacts(practice) == 0
    assert cmp("timer", "status").out == "No timer runs and none waits.\n"


def test_trimming_to_nothing_says_so(cmp: Command) -> None:
    cmp("timer", "start", "T-1001")
    said = cmp("timer", "stop", "--answer", "trim", at=LATER)
    assert said.out == "Nothing was left of the time for Ruiz-Moreno, Ana: the timer was discarded.\n"
