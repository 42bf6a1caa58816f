"""The real program in a real terminal: a morning's keys, a lost line, a kill, other sizes, bad bytes."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from cmp_tui.clinic.opening import open_clinic
from cmp_tui.contacts.model import Contact
from cmp_tui.tables import TABLES
from tests.program.conftest import NOW, Start
from tests.terminal import Terminal

TYPED = "two days after discharge, weighs herself"


def opened(program: Start, columns: int = 120, rows: int = 36) -> Terminal:
    terminal = program(columns, rows)
    terminal.wait("overdue")
    terminal.settle()
    return terminal


def contact_form(terminal: Terminal) -> None:
    """Opens the form for a patient who was not reached for long."""
    for _ in range(30):
        if "Suparti" in _cursor_line(terminal):
            break
        terminal.press("j")
        terminal.settle(0.15)
    terminal.press("c")
    terminal.wait("Outcome")
    terminal.settle()


def test_a_voicemail_is_three_keys(program: Start, demo: Path) -> None:
    terminal = opened(program)
    contact_form(terminal)
    terminal.press("v", "ctrl+s")
    terminal.wait("Saved: voicemail")
    terminal.press("ctrl+q")
    assert terminal.wait_end() == 0
    clinic = open_clinic(demo, TABLES, frozen=NOW)
    newest = clinic.read(_newest_contact)
    assert newest.outcome == "voicemail"
    assert clinic.verify() == []
    clinic.close_here()


@pytest.mark.parametrize("how", ["hang-up", "SIGHUP", "SIGTERM"])
def test_a_cut_line_loses_nothing_that_was_typed(program: Start, how: str) -> None:
    terminal = opened(program)
    contact_form(terminal)
    terminal.press("tab", "tab", "tab")
    terminal.type(TYPED)
    terminal.wait(TYPED)  # it stands on the screen; the draft is written up to a second later
    if how == "hang-up":
        terminal.hang_up()
    else:
        terminal.signal(getattr(signal, how))
    terminal.wait_end(10)
    again = opened(program)
    for _ in range(40):
        if "draft: Contact" in _cursor_line(again) and "Suparti" in _cursor_line(again):
            break
        again.press("j")
        again.settle(0.1)
    again.press("enter")
    assert TYPED in again.wait("Outcome") or again.wait(TYPED)


def test_it_works_at_other_sizes_in_the_middle_of_a_form(program: Start) -> None:
    terminal = opened(program, 120, 36)
    contact_form(terminal)
    terminal.press("tab", "tab", "tab")
    terminal.type(TYPED)
    for columns, rows in ((80, 24), (40, 10), (1, 1), (200, 60), (120, 36)):
        terminal.resize(columns, rows)
        terminal.settle()
    terminal.press("ctrl+l")
    assert TYPED in terminal.wait(TYPED)


def test_markup_in_a_note_is_text(program: Start) -> None:
    note = "[/foo] taper 20mg [@click=app.quit]x[/]"
    terminal = opened(program)
    contact_form(terminal)
    terminal.press("tab", "tab", "tab")
    terminal.type(note)
    terminal.wait(note)  # what is typed ahead goes where the tabs lead, and nowhere else
    terminal.press("ctrl+s")
    terminal.wait("Saved: reached")
    terminal.send(b"/suparti\r")  # reached, so the row has gone from Today
    terminal.wait("Summary")
    terminal.press("]", "]")
    assert "[/foo]" in terminal.wait("taper 20mg")
    assert terminal.running()


def test_a_file_that_is_none_is_a_sentence(program: Start, tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("not a clinic\n" * 100)
    terminal = program(80, 24, "--db", str(other))
    said = "".join(terminal.wait("key.").split())
    assert "notes.txtisnotaclinicfile" in said
    assert terminal.wait_end() == 1


def test_keys_that_come_all_at_once_go_where_they_are_meant(program: Start, demo: Path) -> None:
    terminal = opened(program)
    before = open_clinic(demo, TABLES, frozen=NOW)
    count = before.read(_contacts)
    terminal.send(b"cv\x13jcn\x13jcv\x13/okaf\r")
    terminal.wait("MRN")
    assert "Okafor" in terminal.text()
    assert before.read(_contacts) == count + 3
    before.close_here()


def _contacts(scope: object) -> int:
    return int(Contact.live().count())


def _cursor_line(terminal: Terminal) -> str:
    return next((line for line in terminal.lines() if line.startswith("▌")), "")


def _newest_contact(scope: object) -> Contact:
    contact: Contact = Contact.select().order_by(Contact.signed_at.desc(), Contact.id.desc()).get()
    return contact
