"""The day's work without the screen: queue, find, show, log, timer, task, undo, on a real file."""

from __future__ import annotations

from pathlib import Path

from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.opening import open_clinic
from cmp_tui.contacts.queries import contacts_of, entries_of
from cmp_tui.patients.queries import by_mrn
from cmp_tui.queue.queries import page
from cmp_tui.tables import TABLES
from tests.cli.conftest import NOW, Command
from tests.conftest import MONDAY


def test_a_days_work_from_the_shell(cmp: Command, practice: Path) -> None:
    assert cmp("queue").out == "Nothing is due.\n"
    said = cmp("log", "T-1001", "--outcome", "voicemail", "--next-on", "wed", "--at", "08:30")
    assert (said.status, said.out) == (0, "Logged for Ruiz-Moreno, Ana: voicemail.\n")
    (row,) = cmp("queue", "--json").json
    assert (row["mrn"], row["name"], row["kind"], row["due"], row["reason"], row["minutes"]) == (
        "T-1001", "Ruiz-Moreno, Ana", "task", "2026-11-25", "call back, 2nd try", 0,
    )  # fmt: skip
    assert (row["clears"], row["assignee"]) == ("done, or settled another way", "Dana Ruiz")
    said = cmp("log", "T-1001", "--minutes", "9", "--note", "-", stdin="weight stable\nno swelling\n")
    assert said.out == "Logged for Ruiz-Moreno, Ana: reached, 9 min.\n"
    assert cmp("queue", "--json").json == []
    clinic = open_clinic(practice, TABLES, frozen=NOW)
    patient = clinic.read(by_mrn, "T-1001")
    assert patient is not None
    called = {contact.outcome: contact for contact in clinic.read(contacts_of, patient.id)}
    newest = called["reached"]
    assert (newest.did, newest.seconds, newest.signed_as) == (
        "weight stable\nno swelling",
        540,
        "Dana Ruiz, RN",
    )
    assert set(called) == {"reached", "voicemail"}
    clinic.close_here()


def test_the_queue_on_another_day(cmp: Command) -> None:
    assert cmp("task", "add", "plan review", "--due", "2026-12-20", "--mrn", "T-1001").status == 0
    assert cmp("queue").out == "Nothing is due.\n"
    for day in ("2026-12-20", "+27", "12/20"):
        said = cmp("queue", "--day", day)
        assert said.out.startswith("today "), day
        assert "plan review" in said.out
    assert cmp("queue", "--day", "2026-12-21").out.startswith("overdue ")


def test_the_teams_queue_and_a_colleagues(cmp: Command) -> None:
    assert (
        cmp(
            "staff", "add", "ben", "--name", "Ben Ortiz", "--credential", "LPN", "--role", "care-manager"
        ).status
        == 0
    )
    assert cmp("task", "add", "his own", "--due", "today", "--for", "BEN").status == 0
    assert "handed to Ben Ortiz, not seen yet: his own" in cmp("queue").out
    assert "his own" in cmp("queue", "--all").out
    assert "his own" in cmp("queue", "--cover", "ben").out


def test_many_rows_come_in_pages(cmp: Command, practice: Path) -> None:
    from cmp_tui.tasks.actions import add_task

    clinic = open_clinic(practice, TABLES, clock=FrozenClock(MONDAY))
    for number in range(230):
        clinic.run(add_task, title=f"task {number}", due=MONDAY.date())
    assert len(clinic.read(page)) == 200
    clinic.close_here()
    assert len(cmp("queue", "--limit", "1000", "--json").json) == 230
    assert len(cmp("queue", "--limit", "225", "--json").json) == 225
    assert len(cmp("queue", "--json").json) == 200


def test_finding(cmp: Command) -> None:
    for text in ("riuz", "T-1001", "1948-02-11", "555-0133"):
        said = cmp("find", text)
        assert "Ruiz-Moreno, Ana" in said.out, text
    assert [one["mrn"] for one in cmp("find", "ana", "--json").json] == ["T-1001"]
    said = cmp("find", "xyzzy")
    assert said.status == 0
    assert said.out.startswith("Nobody found. Try fewer letters")
    assert cmp("find", "xyzzy", "--json").json == []


def test_showing_reads_well_aloud(cmp: Command) -> None:
    cmp(
        "log",
        "T-1001",
        "--minutes",
        "9",
        "--note",
        "weight stable",
        "--next",
        "call again",
        "--next-on",
        "fri",
    )
    lines = cmp("show", "T-1001").out.splitlines()
    assert lines[:3] == ["Name: Ruiz-Moreno, Ana", "MRN: T-1001", "Born: 1948-02-11, not known"]
    assert "This month: 0 minutes that count, 9 logged" in lines
    assert "Next due: Fri 2026-11-27" in lines
    assert "Task: call again, due Fri 2026-11-27, Dana Ruiz" in lines
    assert "Contact: Mon 2026-11-23 09:00, phone, reached, 9 min, Dana Ruiz, RN. weight stable" in [
        line.replace("08:51", "09:00") for line in lines
    ]
    assert all(": " in line for line in lines)
    facts = cmp("show", "T-1001", "--json").json
    assert (facts["minutes"]["logged"], facts["next_due"], facts["card"]["mrn"]) == (
        540,
        "2026-11-27",
        "T-1001",
    )
    assert facts["contacts"][0]["did"] == "weight stable"


def test_back_dated_and_told_as_json(cmp: Command) -> None:
    said = cmp("log", "T-1001", "--minutes", "12", "--at", "2026-11-20T14:30", "--json").json
    assert set(said) == {"contact", "entries", "task", "overlaps"}
    assert (len(said["entries"]), said["task"], said["overlaps"]) == (1, None, 0)
    again = cmp("log", "T-1001", "--minutes", "12", "--at", "2026-11-20 14:35")
    assert "It overlaps 1 of your other entries." in again.out
    assert "Fri 2026-11-20 14:30" in cmp("show", "T-1001").out


def test_the_timer(cmp: Command) -> None:
    assert cmp("timer", "status").out == "No timer runs and none waits.\n"
    assert cmp("timer", "start", "T-1001", "--ago", "8").out.startswith(
        "The timer runs for Ruiz-Moreno, Ana."
    )
    status = cmp("timer", "status")
    assert status.out.split() == ["runs", "Ruiz-Moreno,", "Ana", "since", "Mon", "08:52,", "8", "min"]
    assert cmp("timer", "status", "--json").json["running"]["seconds"] == 480
    said = cmp("timer", "stop", "--outcome", "reached", "--note", "red flags")
    assert said.out == "Logged 8 min 0 s for Ruiz-Moreno, Ana.\n"
    assert cmp("timer", "stop").status == 1


def test_a_timer_that_ran_on_asks_what_counts(cmp: Command) -> None:
    cmp("timer", "start", "T-1001")
    said = cmp("timer", "stop", at="2026-11-23T11:00")
    assert said.status == 2
    assert "--answer trim (up to 09:00), keep (all) or discard" in said.err
    assert cmp("timer", "stop", "--answer", "keep", at="2026-11-23T11:00").out == (
        "Logged 120 min 0 s for Ruiz-Moreno, Ana.\n"
    )


def test_tasks(cmp: Command) -> None:
    said = cmp("task", "add", "call the pharmacy", "--due", "fri", "--mrn", "T-1001", "--why", "refill")
    key = said.out.split()[1].rstrip(":")
    assert said.out == f"Task {key}: call the pharmacy, due Fri 27 Nov 2026.\n"
    assert key in cmp("queue").out
    (task,) = cmp("task", "list", "--json").json
    assert (task["id"], task["why"]) == (key, "refill")
    assert cmp("task", "done", key, "--status", "failed").status == 1
    said = cmp("task", "done", key, "--how", "they deliver")
    assert said.out == "call the pharmacy: done.\n"
    assert cmp("task", "list").out == "No open tasks.\n"
    assert cmp("task", "done", key).status == 1


def test_undo_says_what_and_needs_a_yes(cmp: Command, practice: Path) -> None:
    cmp("log", "T-1001", "--minutes", "9")
    said = cmp("undo")
    assert said.status == 0
    assert said.out.startswith("This would be undone: ")
    assert "add --yes" in said.out
    said = cmp("undo", "--yes")
    assert said.out.startswith("Undone: ")
    clinic = open_clinic(practice, TABLES, frozen=NOW)
    patient = clinic.read(by_mrn, "T-1001")
    assert patient is not None
    assert clinic.read(entries_of, patient.id, "2026-11") == []
    assert clinic.verify() == []
    clinic.close_here()


def test_there_may_be_nothing_to_undo(cmp: Command) -> None:
    assert cmp("undo", "--yes").out.startswith("Undone: ")  # the patient whom the fixture added
    assert cmp("undo", "--yes").status == 0


def test_what_people_typed_is_safe_on_a_terminal(cmp: Command) -> None:
    cmp("task", "add", "evil \x1b[31mred\x1b[0m [/foo][@click=app.quit]", "--due", "today")
    out = cmp("queue").out
    assert "\x1b" not in out
    assert "[/foo][@click=app.quit]" in out
