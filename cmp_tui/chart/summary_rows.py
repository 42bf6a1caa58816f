"""The rows of the summary: what stands in each section, and what to do where nothing does yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from textual.content import Content

from cmp_tui.assessments.payer_queries import PayerScoreLine
from cmp_tui.assessments.risk_queries import TierLine
from cmp_tui.assessments.risk_rules import HIGHEST
from cmp_tui.assessments.risk_words import by_words
from cmp_tui.careplan.engagement_rules import Engagement, engagement_parts, engagement_words
from cmp_tui.chart.base_panel import Setting, teach
from cmp_tui.chart.days import partial_words
from cmp_tui.chart.queries import Summary
from cmp_tui.clinic.reference import Reference, read_toml
from cmp_tui.encounters.appointment_queries import AppointmentLine
from cmp_tui.encounters.appointment_rules import OPEN as WAITING
from cmp_tui.encounters.appointment_rules import needs_outcome
from cmp_tui.encounters.appointment_values import when_words
from cmp_tui.encounters.queries import ServiceLine, StayLine, VisitLine
from cmp_tui.enrollment.eligibility_queries import DecisionLine
from cmp_tui.enrollment.eligibility_rules import NO, UNKNOWN, VISIT_FIRST, YES, Judged
from cmp_tui.enrollment.eligibility_words import VERDICTS
from cmp_tui.enrollment.queries import ConsentLine, EnrollmentLine
from cmp_tui.enrollment.rules import OPEN, missing_points, needed_points
from cmp_tui.measurements.queries import Latest, VaccineLine
from cmp_tui.medications.queries import CURRENT, MedicationLine
from cmp_tui.patients.queries import (
    AllergyLine,
    Card,
    ConditionLine,
    PersonLine,
    PhoneLine,
    SheetNoteLine,
    TeamLine,
)
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.table_lines import Drawn
from cmp_tui.ui.words import day_words, one_line, phone_words, plural

NOW = ("active", "recurrence", "relapse")
LAST = 4
"""Appointments that have been, as many as are listed."""


class Names(NamedTuple):
    """Short names of condition groups, and names of measured values, by their ids."""

    groups: Mapping[str, str]
    measures: Mapping[str, str]


class Item(NamedTuple):
    """One line of the summary. `form` edits or adds it, `record` is its key (None: nothing there yet).

    `table` is the record's table, `strike` its name for striking out ("" when it can't be), `source` the
    line it came from.
    """

    key: tuple[str, bytes | str]
    label: str
    words: Drawn
    when: str
    form: str
    record: bytes | None
    table: str
    strike: str
    source: Any
    dim: bool = False


def load_names(reference: Reference) -> Names:
    """Reads the names from data/. Raises Stopped when a file can't be read."""
    groups = read_toml(reference.folder / "condition_groups.toml")["group"]
    measures = read_toml(reference.folder / "measurements.toml")
    named = {kind: entry["name"] for kind, entry in measures["measure"].items()}
    return Names({one["id"]: one["short"] for one in groups}, {"smoking": "Smoking status", **named})


def sections(facts: Summary, setting: Setting, names: Names) -> list[tuple[str, list[Item]]]:
    """Returns the sections of the summary with their rows; none is without a row that teaches."""
    draw = _Drawer(setting, names)
    card = facts.card
    return [
        ("Person", draw.person(card)),
        (
            "People we may talk to, caregivers",
            [draw.around(one) for one in card.people]
            or [_missing("person", "nobody named yet", "n f", "person")],
        ),
        ("Program", draw.program(facts)),
        (
            "Appointments",
            [draw.appointment(one) for one in _shown(facts.appointments)]
            or [_missing("appointment", "no appointment known", "n x", "appointment")],
        ),
        (
            "Conditions",
            [draw.condition(one) for one in facts.conditions]
            or [_missing("condition", "no conditions listed", "n c", "condition")],
        ),
        (
            "Allergies",
            [draw.allergy(one) for one in facts.allergies]
            or [_missing("allergy", "no allergies listed", "n a", "allergy")],
        ),
        (
            "Care team",
            [draw.member(one) for one in facts.team]
            or [_missing("team", "nobody else named", "n t", "team-member")],
        ),
        (
            "Medicines",
            [draw.medicine(one) for one in facts.medications]
            or [_missing("medication", "no medicines listed", "n m", "medication")],
        ),
        (
            "Values",
            [draw.value(one) for one in facts.values]
            + [draw.vaccine(one) for one in facts.vaccines]
            + [draw.score(one) for one in facts.scores]
            or [_none("value", "none imported yet")],
        ),
        (
            "Stays and visits",
            [draw.stay(one) for one in facts.stays]
            + [draw.visit(one) for one in facts.visits]
            + [draw.service(one) for one in facts.services]
            or [_missing("visit", "no stay or visit recorded", "n v", "visit")],
        ),
        *([("From the spreadsheet", [draw.sheet_note(one) for one in facts.notes])] if facts.notes else []),
    ]


def _shown(appointments: list[AppointmentLine]) -> list[AppointmentLine]:
    """Those without an outcome, and the last few that have one."""
    waiting = [one for one in appointments if one.status in WAITING]
    return [*waiting, *[one for one in appointments if one.status not in WAITING][:LAST]]


def _missing(label: str, words: str, keys: str, form: str) -> Item:
    return Item((form, "missing"), "", teach(words, keys), "", form, None, "", "", None)


def _none(label: str, words: str) -> Item:
    return Item((label, "none"), "", Content.styled(words, "$dim"), "", "", None, "", "", None)


class _Drawer:
    """Makes rows; knows the words, the signs and the clinic's day."""

    def __init__(self, setting: Setting, names: Names) -> None:
        self._say = setting.reference.label
        self._practitioner = setting.practitioner
        self._today: date = setting.today
        self._signs: Signs = setting.signs
        self._names = names

    def _joined(self, *parts: str | None) -> str:
        return f" {self._signs.dot} ".join(part for part in parts if part)

    def _day(self, day: date | None) -> str:
        return day_words(day, self._today) if day else ""

    def person(self, card: Card) -> list[Item]:
        items = [self._phone(one) for one in card.phones] or [_missing("phone", "no phone", "n p", "phone")]
        message = {True: "message ok", False: "no message", None: ""}[card.may_leave_message]
        interpreter = {True: "needs an interpreter", False: "", None: ""}[card.interpreter]
        street = self._joined(
            card.street, " ".join(part for part in (card.city, card.state, card.postal_code) if part)
        )
        qmb = "QMB" if card.qmb else ""
        payer = self._say("payer", card.payer)
        mbi = f"Medicare number {card.mbi}" if card.mbi else ""
        carers = self._joined(
            card.care_manager_name, f"bills: {card.practitioner_name}" if card.practitioner_name else ""
        )
        facts = (
            ("Calls", self._joined(card.best_time, message), "best time and messages not known"),
            ("Language", self._joined(card.language, interpreter), "language not known"),
            ("Address", street, "no address"),
            ("Email", card.email or "", ""),
            ("Payer", self._joined(payer, mbi, qmb), "payer not known"),
            ("In care of", carers, "no care manager"),
            ("Other names", self._joined(card.preferred, card.other_names), ""),
            ("Remarks", card.remarks or "", ""),
        )
        for label, words, missing in facts:
            if words or missing:
                drawn: Drawn = words or teach(missing, "e")
                key = ("patient", label)
                items.append(Item(key, label, drawn, "", "patient", card.id, "patient", "", card))
        return items

    def _phone(self, one: PhoneLine) -> Item:
        words = self._joined(phone_words(one.number), self._say("phone_use", one.use), one.remarks)
        return Item(("phone", one.id), "Phone", words, "", "phone", one.id, "phone", "phone", one)

    def around(self, one: PersonLine) -> Item:
        talk = {True: f"may talk {self._signs.done}", False: "do not talk to", None: ""}[one.may_talk]
        caregiver = "caregiver" if one.caregiver else ""
        phone = phone_words(one.phone) if one.phone else ""
        words = self._joined(one.name, phone, talk, caregiver, one.remarks)
        label = self._say("relationship", one.relationship)
        return Item(("person", one.id), label, words, "", "person", one.id, "related_person", "person", one)

    def program(self, facts: Summary) -> list[Item]:
        items = [self._enrollment(one) for one in facts.enrollments]
        items += [self._consent(one) for one in facts.consents]
        if not facts.consents:
            items.append(_missing("consent", "consent not asked yet", "C", "consent"))
        if not any(one.status in OPEN for one in facts.enrollments):
            items.append(_missing("enrollment", "not enrolled in a program", "n e", "enrollment"))
        if not facts.card.deceased:
            items.append(self._tier(facts.tier))
        if not facts.card.deceased and facts.eligible.programs:
            items.append(self._eligible(facts.card, facts.eligible))
        if not facts.card.deceased and (parts := engagement_parts(facts.engagement)):
            items.append(self._engagement(facts.card, facts.engagement, parts))
        latest: dict[str, DecisionLine] = {}
        for one in facts.decisions:
            latest.setdefault(one.program, one)
        return items + [self._decision(one) for one in latest.values()]

    def _tier(self, one: TierLine | None) -> Item:
        if one is None:
            return _missing("tier", "no risk tier computed yet", "e", "tier")
        words = self._joined(f"{one.effective} of {HIGHEST}", by_words(one, self._day, self._signs.dot))
        day = self._day(one.set_on if one.set_tier is not None else one.computed_on)
        return Item(("tier", one.id), "Risk tier", words, day, "tier", one.id, "tier", "", one)

    def _engagement(self, card: Card, found: Engagement, parts: list[str]) -> Item:
        said = engagement_words(found)
        style = "$amber" if found.falling else "$text"
        dot = f" {self._signs.dot} " if said else ""
        words = Content.assemble((said, style), f"{dot}{self._joined(*parts)}")
        return Item(("engagement", card.id), "Engagement", words, "", "contact", None, "", "", found)

    def _eligible(self, card: Card, judged: Judged) -> Item:
        said = (
            (verdict, ", ".join(one.program for one in judged.programs if one.verdict == verdict))
            for verdict in (YES, VISIT_FIRST, UNKNOWN, NO)
        )
        words = self._joined(*(f"{VERDICTS[verdict]} {names}" for verdict, names in said if names))
        return Item(("eligible", card.id), "Eligible", words, "", "eligibility", None, "", "", judged)

    def _decision(self, one: DecisionLine) -> Item:
        by = one.decided_by_name and f"by {one.decided_by_name}"
        against = "against the rules" if one.overruled else ""
        words = self._joined(
            f"decided {'eligible' if one.eligible else 'not eligible'}", by, against, one.why
        )
        return Item(
            ("eligibility", one.id), one.program, words, self._day(one.date), "eligibility", one.id, "eligibility",
            "eligibility", one,
        )  # fmt: skip

    def _enrollment(self, one: EnrollmentLine) -> Item:
        status = self._say("enrollment_status", one.status)
        since = f"{status} since {self._day(one.start)}" if one.start and not one.end else status
        ended = f"{self._day(one.start)} to {self._day(one.end)}" if one.end and one.start else ""
        words = self._joined(since, ended, self._practitioner(one.practitioner), one.reason)
        return Item(
            ("enrollment", one.id),
            one.program,
            words,
            "",
            "enrollment",
            one.id,
            "enrollment",
            "enrollment",
            one,
            one.status not in OPEN,
        )

    def _consent(self, one: ConsentLine) -> Item:
        how = self._say("consent_mode", one.mode)
        by = one.taken_by_name and f"by {one.taken_by_name}"
        points = ""
        if one.decision == "accepted" and needed_points(one.program):
            missing = missing_points(one.points, one.program)
            points = f"{plural(len(missing), 'point')} not explained" if missing else "all points explained"
        held = f"holds until {self._day(one.effective_to)}" if one.effective_to else ""
        decision = self._say("decision", one.decision)
        words = self._joined(f"consent {decision} {how}".strip(), held, points, by)
        return Item(
            ("consent", one.id),
            one.program,
            words,
            self._day(one.date),
            "consent",
            one.id,
            "consent",
            "consent",
            one,
        )

    def condition(self, one: ConditionLine) -> Item:
        past = one.status not in NOW
        state = self._say("condition_status", one.status) if one.status != "active" else ""
        chronic = "chronic" if one.chronic else ""
        label = self._names.groups.get(one.group or "", "")
        words = self._joined(one.words, chronic, state, "from claims" if one.from_claims else "")
        since = partial_words(one.onset, self._today) if one.onset else ""
        return Item(
            ("condition", one.id),
            label,
            words,
            since,
            "condition",
            one.id,
            "condition",
            "condition",
            one,
            past,
        )

    def allergy(self, one: AllergyLine) -> Item:
        state = self._say("allergy_status", one.status) if one.status != "active" else ""
        words = self._joined(one.substance, one.reaction, state)
        since = partial_words(one.onset, self._today) if one.onset else ""
        label = self._say("severity", one.severity)
        past = one.status != "active"
        return Item(
            ("allergy", one.id), label, words, since, "allergy", one.id, "allergy", "allergy", one, past
        )

    def member(self, one: TeamLine) -> Item:
        phone = phone_words(one.phone) if one.phone else ""
        until = f"until {self._day(one.until)}" if one.until else ""
        words = self._joined(one.name, one.specialty, one.organization, phone, until)
        label = self._say("team_role", one.role)
        past = one.until is not None and one.until < self._today
        return Item(
            ("team", one.id),
            label,
            words,
            "",
            "team-member",
            one.id,
            "team_member",
            "team-member",
            one,
            past,
        )

    def medicine(self, one: MedicationLine) -> Item:
        words = self._joined(one.display, one.dosage)
        when = one.started if one.status in CURRENT else one.stopped or one.started
        label = self._say("medication_status", one.status)
        past = one.status not in CURRENT
        shown = partial_words(when, self._today) if when else ""
        return Item(
            ("medicine", one.id),
            label,
            words,
            shown,
            "medication",
            one.id,
            "medication",
            "medication",
            one,
            past,
        )

    def value(self, one: Latest) -> Item:
        now = one.latest
        sign = {1: self._signs.up, -1: self._signs.down}.get(one.trend or 0, "")
        before = f"was {number(one.before)} {self._day(one.before.date)}" if one.before and sign else ""
        words: Drawn = Content.assemble(
            number(now),
            f" {now.unit}" if now.unit else "",
            f" {sign}" if sign else "",
            (f"  {before}", "$dim"),
        )
        label = self._names.measures.get(now.kind, now.kind)
        return Item(("value", now.id), label, words, self._day(now.date), "", now.id, "measurement", "", one)

    def vaccine(self, one: VaccineLine) -> Item:
        when = self._day(one.date)
        return Item(("vaccine", one.id), "Vaccine", one.display, when, "", one.id, "vaccination", "", one)

    def stay(self, one: StayLine) -> Item:
        to = self._say("discharged_to", one.discharged_to)
        out = f"home {self._day(one.discharged)}" if to == "home" else ""
        if one.discharged and not out:
            out = f"{'to ' + to if to else 'left'} {self._day(one.discharged)}"
        words = self._joined(one.facility, one.reason, out or ("" if one.discharged else "still there"))
        when = self._day(one.admitted)
        label = self._say("stay_kind", one.kind)
        return Item(("stay", one.id), label, words, when, "stay", one.id, "stay", "stay", one)

    def sheet_note(self, one: SheetNoteLine) -> Item:
        return Item(
            ("sheet", one.id), one.label, one_line(one.text), "", "", one.id, "sheet_note", "sheet-note", one
        )

    def appointment(self, one: AppointmentLine) -> Item:
        waits = one.status in WAITING
        state = self._say("appointment_status", one.status) if one.status != "booked" else ""
        why = self._say("missed_why", one.missed_why) if one.missed_why else ""
        if needs_outcome(one.status, one.day, self._today):
            state = "outcome not known"
        elif waits and one.transport == "wanted":
            why = "ride not arranged"
        elif waits and one.told_on is None:
            why = "patient not told"
        whom = one.with_whom if one.with_whom != one.what else None
        words = self._joined(when_words(one.day, one.time, self._today), state, why, one.what, whom)
        form = "appointment" if waits else "appointment-end"
        return Item(
            ("appointment", one.id), self._say("appointment_kind", one.kind), words, "", form, one.id, "appointment",
            "appointment", one, not waits,
        )  # fmt: skip

    def visit(self, one: VisitLine) -> Item:
        words = self._joined(one.what, self._practitioner(one.practitioner), one.reason)
        label = self._say("visit_kind", one.kind)
        when = self._day(one.date)
        return Item(("visit", one.id), label, words, when, "visit", one.id, "visit", "visit", one)

    def service(self, one: ServiceLine) -> Item:
        until = f"until {self._day(one.end)}" if one.end and one.end != one.start else ""
        by = self._practitioner(one.practitioner)
        words = self._joined(one.code, f"by {by}" if by else "by somebody else", until)
        when = self._day(one.start)
        return Item(
            ("service", one.id), "Billed elsewhere", words, when, "service", one.id, "service", "service", one
        )

    def score(self, one: PayerScoreLine) -> Item:
        words = self._joined(f"{one.kind} {one.value}", one.payer)
        return Item(
            ("score", one.id), "Payer's score", words, self._day(one.date), "payer-score", one.id, "payer_score",
            "payer-score", one,
        )  # fmt: skip


def number(value: Any) -> str:
    """'8.4', '142/88', or the words of a value that is none."""
    if value.value is None:
        return value.text or ""
    return f"{value.value:g}" + (f"/{value.value2:g}" if value.value2 is not None else "")
