"""Working state: drafts and the like, kept for each person, without history."""

from __future__ import annotations

from datetime import timedelta

from cmp_tui.clinic.audit import audit_head
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.opening import open_clinic
from cmp_tui.patients.model import Patient
from cmp_tui.tables import TABLES


def test_what_is_kept_comes_back_oldest_first(dana: Clinic, clock: FrozenClock, ana: Patient) -> None:
    dana.keep("draft", "b", {"note": "[/foo] é 山", "minutes": 9, "goals": [1, None]}, ana.id)
    clock.at += timedelta(seconds=5)
    dana.keep("draft", "a", {})
    dana.keep("window", "main", {"tab": 2})
    first, second = dana.kept("draft")
    assert (first.key, first.data, first.patient) == (
        "b",
        {"note": "[/foo] é 山", "minutes": 9, "goals": [1, None]},
        ana.id,
    )
    assert (second.key, second.at, second.data) == ("a", clock.at, {})
    assert [each.key for each in dana.kept("window")] == ["main"]
    assert dana.kept("nothing") == []


def test_keeping_again_replaces_and_forgetting_forgets(dana: Clinic, clock: FrozenClock) -> None:
    dana.keep("draft", "a", {"n": 1})
    [before] = dana.kept("draft")
    clock.at += timedelta(seconds=1)
    dana.keep("draft", "a", {"n": 2})
    [after] = dana.kept("draft")
    assert (after.id, after.data, after.at) == (before.id, {"n": 2}, clock.at)
    dana.forget("draft", "other")
    assert len(dana.kept("draft")) == 1
    dana.forget("draft", "a")
    dana.forget("draft", "a")
    assert dana.kept("draft") == []


def test_everyone_has_their_own(dana: Clinic, ben: Clinic) -> None:
    dana.keep("draft", "a", {"n": 1})
    ben.keep("draft", "a", {"n": 2})
    ben.forget("draft", "a")
    assert [each.data for each in dana.kept("draft")] == [{"n": 1}]
    assert ben.kept("draft") == []


def test_it_survives_a_restart_and_leaves_no_trace_in_the_chain(dana: Clinic) -> None:
    head = dana.read(audit_head)
    dana.keep("draft", "a", {"n": 1})
    dana.close_here()
    again = open_clinic(dana.path, TABLES, os_name="dana", clock=dana.clock)
    assert [each.data for each in again.kept("draft")] == [{"n": 1}]
    assert again.read(audit_head) == head
    assert again.verify(head) == []
    again.close_here()
