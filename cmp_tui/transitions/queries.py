"""Reading transitions: the register of discharges, one stay with everything around it, all stays of a patient."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from peewee import fn

from cmp_tui.clinic.errors import Gone, Refused
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.encounters.model import Stay
from cmp_tui.enrollment.programs import program_rules
from cmp_tui.enrollment.rulebook import Program
from cmp_tui.patients.model import Patient, Provider
from cmp_tui.patients.queries import Card, panel_of, patient_card
from cmp_tui.transitions.facts import Around, ConditionFact, StayFact
from cmp_tui.transitions.lace_book import lace_book
from cmp_tui.transitions.lace_rules import Lace, lace
from cmp_tui.transitions.reading import COLUMNS, around, conditions_of, stay_fact
from cmp_tui.transitions.rules import Transition, transition
from cmp_tui.transitions.use_rules import EMERGENCY, Back, Use, readmissions, use_until

Show = Literal["open", "inside", "none", "past"]
"""Which stays: with an open window; of people still there; discharged lately and without clocks; of windows past."""
SHOWS: tuple[Show, ...] = ("open", "inside", "none", "past")
YEAR = timedelta(days=365)
FAR = date.max


class RegisterRow(NamedTuple):
    """A stay in the register: whose it is, and its transition."""

    id: bytes
    patient: bytes
    mrn: str
    family: str
    given: str
    birth_date: str
    sex: str
    deceased: bool
    transition: Transition

    @property
    def due(self) -> date:
        """The day of what is due first; without anything open, of the window's end."""
        one = self.transition
        if one.first is not None:
            return one.first.due
        return one.times.window_end if one.times is not None else FAR


class Register(NamedTuple):
    """The register: its rows in the order of what is due first, and how many patients are in hospital now."""

    rows: list[RegisterRow]
    inside: int
    today: date


class Detail(NamedTuple):
    """One stay with everything around it."""

    card: Card
    transition: Transition
    use: Use
    lace: Lace | None
    stays: dict[bytes, StayFact]
    conditions: dict[bytes, ConditionFact]
    today: date
    phone: str
    """The telephone number of the house, where the directory has it."""


class PatientStays(NamedTuple):
    """All stays of a patient, the latest first, each as a transition; how often; who came back; the last LACE."""

    stays: list[Transition]
    use: Use
    back: list[Back]
    scored: StayFact | None
    lace: Lace | None
    conditions: dict[bytes, ConditionFact]


def transition_rules(scope: Scope) -> Program:
    """Returns the transition's rules of today; the last ones after the tables end. Raises Refused without any."""
    program = program_rules(scope.reference, "tcm")
    found = program.on(min(scope.today, program.until))
    if found is None:
        raise Refused(f"There are no rules for transitions on {scope.today} (data/programs/tcm.toml).")
    return found


def around_patient(scope: Scope, patient: bytes) -> Around:
    """Returns what stands around a patient's discharges of the last year."""
    return around(scope, [patient], scope.today - YEAR).get(patient, Around())


def register(scope: Scope, view: str = "mine", show: Show = "open") -> Register:
    """Returns the register for a view: "mine", "team" or "cover:USERNAME"."""
    rules = transition_rules(scope)
    today, panel = scope.today, panel_of(scope, view)
    first = _first_open(rules, today)
    p = Patient
    about = (p.id, p.mrn, p.family, p.given, p.birth_date, p.sex, p.deceased)
    query = (
        Stay.live(*about, *COLUMNS)
        .join(p, on=(p.id == Stay.patient))
        .where(panel & _shown(show, today, first))
        .order_by(Stay.discharged, Stay.id)
    )
    found = [(row[: len(about)], stay_fact(row[len(about) :])) for row in rows(query)]
    since = min((one.discharged or one.admitted for _, one in found), default=today)
    known = around(scope, {bytes(person[0]) for person, _ in found}, since)
    listed: list[RegisterRow] = []
    for (key, mrn, family, given, born, sex, died), stay in found:
        one = transition(rules, stay, known[key], today)
        if (show == "none" and not one.why_not) or (show == "open" and one.why_not):
            continue
        person = (key, mrn, family, given or "", born or "", sex, bool(died))
        listed.append(RegisterRow(stay.key, *person, one))
    return Register(_in_order(listed, show), _inside(panel, today), today)


def transition_of(scope: Scope, stay: bytes) -> Detail:
    """Returns one stay with everything around it. Raises Gone when it is not there (any more)."""
    for patient, *values in rows(Stay.live(Stay.patient, *COLUMNS).where(Stay.id == stay)):
        own = stay_fact(values)
        found = around(scope, [patient], own.discharged or own.admitted)
        if patient not in found:
            break
        told = conditions_of([patient]).get(patient, [])
        stays = found[patient].stays
        return Detail(
            patient_card(scope, patient),
            transition(transition_rules(scope), own, found[patient], scope.today),
            use_until(stays, scope.today),
            lace(lace_book(scope.reference), own, stays, told, scope.today),
            {one.key: one for one in stays},
            {one.key: one for one in told},
            scope.today,
            _phone(own.facility),
        )
    raise Gone("This stay is no longer there; it was struck out or undone.")


def _phone(facility: str) -> str:
    """The telephone number of a house in the directory, by its name; "" when it is not there."""
    if not facility:
        return ""
    named = Provider.live(Provider.phone).where((Provider.name == facility) & Provider.phone.is_null(False))
    return next((phone for (phone,) in rows(named.limit(1))), "")


def transitions_of(scope: Scope, patient: bytes) -> PatientStays:
    """Returns all stays of a patient, whatever their age."""
    query = Stay.live(*COLUMNS).where(Stay.patient == patient).order_by(Stay.admitted, Stay.id)
    stays = [stay_fact(values) for values in rows(query)]
    first = min((one.discharged or one.admitted for one in stays), default=scope.today)
    known = around(scope, [patient], first).get(patient)
    told = conditions_of([patient]).get(patient, [])
    if known is None:
        return PatientStays([], Use(), [], None, None, {})
    rules = transition_rules(scope)
    judged = [transition(rules, one, known._replace(stays=stays), scope.today) for one in stays]
    judged.sort(key=lambda one: (one.stay.discharged or FAR, one.stay.admitted, one.stay.key), reverse=True)
    book = lace_book(scope.reference)
    last = next((one.stay for one in judged if lace(book, one.stay, stays, told, scope.today)), None)
    score = lace(book, last, stays, told, scope.today) if last is not None else None
    return PatientStays(
        judged,
        use_until(stays, scope.today),
        readmissions(stays),
        last,
        score,
        {one.key: one for one in told},
    )


def open_transition(scope: Scope, patient: bytes) -> Transition | None:
    """Returns the patient's transition whose window is open, the latest; None when there is none."""
    rules = transition_rules(scope)
    first = _first_open(rules, scope.today)
    known = around(scope, [patient], first).get(patient)
    if known is None:
        return None
    found = [
        transition(rules, one, known, scope.today)
        for one in known.stays
        if one.discharged is not None and first <= one.discharged <= scope.today
    ]
    open_ones = [one for one in found if one.counts]
    return max(open_ones, key=lambda one: one.stay.discharged or FAR, default=None)


def _first_open(rules: Program, today: date) -> date:
    """The first day of discharge whose window is open today."""
    return today - timedelta(days=int(rules.clauses["window"].values["days"]) - 1)


def _shown(show: Show, today: date, first: date) -> Any:
    if show == "inside":
        return Stay.discharged.is_null() & (Stay.kind != EMERGENCY) & (Stay.admitted <= today)
    if show == "past":
        return (Stay.discharged < first) & (Stay.discharged >= today - YEAR) & (Stay.kind != EMERGENCY)
    return (Stay.discharged >= first) & (Stay.discharged <= today)


def _inside(panel: Any, today: date) -> int:
    query = (
        Stay.live(fn.COUNT(fn.DISTINCT(Stay.patient)))
        .join(Patient, on=(Patient.id == Stay.patient))
        .where(panel & _shown("inside", today, today))
    )
    return next((int(number) for (number,) in rows(query)), 0)


def _in_order(found: list[RegisterRow], show: Show) -> list[RegisterRow]:
    """What is due first; of those without clocks the latest discharge, of those inside who has been there longest."""
    if show == "inside":
        return sorted(found, key=lambda row: (row.transition.stay.admitted, row.family, row.id))
    if show in ("none", "past"):
        latest = sorted(found, key=lambda row: (row.family, row.given, row.id))
        return sorted(latest, key=lambda row: row.transition.stay.discharged or FAR, reverse=True)
    return sorted(
        found, key=lambda row: (row.transition.first is None, row.due, row.family, row.given, row.id)
    )
