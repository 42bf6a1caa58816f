"""Which form settles a clock, which puts it off, which books the visit: the same on the board and in the chart."""

from __future__ import annotations

from datetime import date

from cmp_tui.transitions.facts import StayFact
from cmp_tui.transitions.rules import SOURCES, Clock, Transition
from cmp_tui.transitions.words import SETTLES
from cmp_tui.ui.messages import OpenForm


def settling(patient: bytes, stay: StayFact, clock: Clock, today: date) -> OpenForm:
    """The form that settles a clock: the guided call, the visit, the medicines, the summary."""
    key, complexity = stay.key, stay.complexity
    if clock.name == "contact":
        return OpenForm("discharge-call", patient, key)
    if clock.name == "summary":
        return OpenForm("stay-summary", patient, key)
    if clock.name == "reconcile":
        return OpenForm("reconcile", patient, None, {"stay": key.hex(), "why": "discharge"})
    about = {"mdm": complexity} if complexity else {}
    if clock.booked is None:
        return OpenForm("visit", patient, None, {"kind": "tcm", **about})
    if clock.booked.day > today:
        return OpenForm("appointment", patient, clock.booked.key)
    ended = {"status": "fulfilled", "visit_kind": "tcm", **about}
    return OpenForm("appointment-end", patient, clock.booked.key, ended)


def putting_off(patient: bytes, one: Transition, clock: Clock) -> OpenForm:
    """The form that puts a clock off; past its day it says so, and the reason stays in the register."""
    source = SOURCES[clock.name][0]
    if clock.name == "visit" and one.times is not None and clock.due == one.times.visit_14:
        source = SOURCES["visit"][1]
    about = {"source": source, "due": clock.due.isoformat(), "what": SETTLES[clock.name]}
    return OpenForm("snooze-row", patient, None, about)


def booking(patient: bytes, one: Transition) -> OpenForm:
    """The form that books the visit, or changes the appointment that is booked."""
    clock = one.clock("visit")
    if clock is not None and clock.booked is not None:
        return OpenForm("appointment", patient, clock.booked.key)
    return OpenForm("appointment", patient, None, {"kind": "office", "what": "transition visit"})
