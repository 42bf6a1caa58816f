"""The audit packet of one patient's month: what a reviewer asks for, on paper, out of the records.

The checklist is what a Medicare contractor asks for with an additional documentation request (Noridian, Medical
review; billing-rules, section 8).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from cmp_tui.billing.closing import ClosedView, closed_view
from cmp_tui.billing.engine.facts import Plan as PlanFacts
from cmp_tui.billing.engine.result import MonthResult, Note
from cmp_tui.billing.month_queries import month_view
from cmp_tui.clinic.audit import Head, audit_head
from cmp_tui.clinic.calendar import Month, local
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.queries import ContactLine, EntryLine, contacts_of_month, entries_of
from cmp_tui.enrollment.queries import ConsentLine, EnrollmentLine, consents, enrollments
from cmp_tui.files.document import Checks, Document, Facts, Heading, Paragraph, Part, Table
from cmp_tui.patients.queries import Card, ConditionLine, conditions, patient_card


class PacketFacts(NamedTuple):
    """Everything that a packet prints."""

    clinic: str
    zone: str
    month: Month
    result: MonthResult
    card: Card
    consents: list[ConsentLine]
    enrollments: list[EnrollmentLine]
    conditions: list[ConditionLine]
    plans: list[PlanFacts]
    entries: list[EntryLine]
    contacts: dict[bytes, ContactLine]
    head: Head
    made: datetime
    made_by: str
    closed: ClosedView | None = None


def packet_facts(scope: Scope, patient: bytes, month: Month) -> PacketFacts:
    """Reads a patient's month for a packet. Raises Gone when there is no such patient."""
    results = month_view(scope, month, [patient]).patients
    if not results:
        raise Gone("This patient is not in the clinic's records (any more).")
    result = results[0]
    said = {line.id: line for line in contacts_of_month(scope, patient, month)}
    return PacketFacts(
        scope.settings.name, scope.settings.time_zone, month, result, patient_card(scope, patient),
        consents(scope, patient), enrollments(scope, patient), conditions(scope, patient), list(result.facts.plans),
        entries_of(scope, patient, month), said, audit_head(scope), local(scope.now, scope.zone), scope.who.signature,
        closed_view(scope, month, [patient]),
    )  # fmt: skip


def packet(facts: PacketFacts, reference: Reference) -> Document:
    """Returns the packet as a document."""
    return Document(
        f"{facts.result.facts.name}: {facts.month.label}",
        list(_Packet(facts, reference).parts()),
        f"{facts.clinic} · MRN {facts.card.mrn} · audit chain {facts.head.seq}:{facts.head.hash[:16]}",
        size=9.5,
    )


class _Packet:
    """The parts of a packet."""

    def __init__(self, facts: PacketFacts, reference: Reference) -> None:
        self._facts, self._reference = facts, reference

    def parts(self) -> Iterator[Part]:
        """All parts, in the order in which a reviewer reads."""
        facts, card = self._facts, self._facts.card
        yield Facts(
            [
                ("Born", card.birth_date or ""),
                ("MRN", card.mrn),
                ("Medicare number", card.mbi or ""),
                ("Payer", self._label("payer", card.payer)),
                ("Billing practitioner", self._name(self._facts.result.facts.practitioner)),
                ("Care manager", card.care_manager_name or ""),
            ]
        )
        yield Heading("What is billed, and why")
        yield from self._lines()
        yield Heading("Checklist")
        yield Checks(list(self._checks()))
        yield Heading("Consent")
        yield from self._consents()
        yield Heading("Enrollment")
        yield self._enrollments()
        yield Heading("Conditions")
        yield self._conditions()
        yield Heading("Care plan")
        yield self._plans()
        yield Heading(f"Time in {facts.month.label}")
        yield from self._time()
        yield Heading("Proof")
        yield Paragraph(
            f"Printed {facts.made:%Y-%m-%d %H:%M} ({facts.zone}) by {facts.made_by}. "
            f"Head of the audit chain: {facts.head.seq}:{facts.head.hash}",
            quiet=True,
        )

    def _label(self, column: str, code: str | None) -> str:
        return self._reference.label(column, code)

    # -- the bill --------------------------------------------------------------------------------------------

    def _lines(self) -> Iterator[Part]:
        yield from self._closed()
        yield from self._now()

    def _closed(self) -> Iterator[Part]:
        """How the month was closed, and the lines that it kept where they differ by now."""
        view = self._facts.closed
        if view is None:
            return
        at = view.closed.at.astimezone(self._facts.made.tzinfo)
        says = f"The month was closed on {at:%Y-%m-%d %H:%M} by {view.closed.by}."
        kept = next(iter(view.patients), None)
        if kept is None or kept.now is None:
            yield Paragraph(says)
            return
        yield Paragraph(f"{says} What was kept then, and what it would be with the amendments since, differ.")
        yield Heading("Kept when the month was closed", 3)
        if kept.charges:
            rows = [
                (
                    one.code, str(one.units), "" if one.minutes is None else str(one.minutes),
                    one.date_of_service.isoformat(), one.practitioner or "", " ".join(one.diagnoses.split(";")),
                )
                for one in kept.charges
            ]  # fmt: skip
            headings = ["code", "units", "min", "date of service", "practitioner", "diagnoses"]
            yield Table(headings, rows, [1, 0.7, 0.7, 1.4, 1.8, 3], frozenset({1, 2}))
        else:
            yield Paragraph("Nothing was billed for this month.")
        yield Heading("With the amendments since", 3)

    def _now(self) -> Iterator[Part]:
        result = self._facts.result
        if result.lines:
            rows = [
                (
                    line.code, line.label, str(line.units), "" if line.minutes is None else str(line.minutes),
                    line.date_of_service.isoformat(), self._name(line.practitioner), " ".join(line.diagnoses),
                )
                for line in result.lines
            ]  # fmt: skip
            yield Table(
                ["code", "what", "units", "min", "date of service", "practitioner", "diagnoses"], rows,
                [1, 3, 0.7, 0.7, 1.4, 1.8, 2.4], frozenset({2, 3}),
            )  # fmt: skip
        else:
            yield Paragraph("Nothing is billed for this month.")
        yield from self._notes("What stands in the way", result.blocked)
        yield from self._notes("To look at", result.warnings)

    def _notes(self, heading: str, notes: Sequence[Note]) -> Iterator[Part]:
        if notes:
            yield Heading(heading, 3)
            rows = [(note.program or "", note.says, note.source) for note in notes]
            yield Table(["program", "what", "source"], rows, [0.8, 4, 3])

    def _name(self, practitioner: str | None) -> str:
        person = self._facts.result.facts.staff.get(practitioner or "")
        return f"{person.name}, {person.credential}" if person else practitioner or ""

    def _checks(self) -> Iterator[tuple[bool | None, str, str]]:
        result = self._facts.result
        rules = {note.rule for note in result.blocked}
        warned = {note.rule: note.says for note in result.warnings}
        programs = sorted({line.program for line in result.lines} | set(result.minutes))
        agreed = [one for one in self._facts.consents if one.decision == "accepted"]
        yield (
            bool(agreed) and "consent" not in rules,
            "Consent in the record, with what was explained",
            ", ".join(f"{one.program} {one.date}" for one in agreed),
        )
        chronic = [one for one in self._facts.conditions if one.chronic]
        yield (
            len(chronic) >= 2,
            "Two or more chronic conditions",
            ", ".join(one.display for one in chronic[:4]),
        )
        known = None if "initiating-visit" in warned else "initiating-visit" not in rules
        yield known, "Initiating visit", warned.get("initiating-visit", "")
        plans = self._facts.plans
        yield bool(plans) or None, "Care plan", ", ".join(str(one.made_on) for one in plans if one.made_on)
        given = [one.given_on for one in plans if one.given_on]
        yield bool(given) or None, "Copy of the plan given", ", ".join(str(day) for day in given)
        minutes = ", ".join(
            f"{name} {result.minutes[name].staff + result.minutes[name].practitioner} min"
            for name in programs
            if name in result.minutes
        )
        yield bool(result.lines) and "minutes" not in rules, "Support for the month's minutes", minutes

    # -- the record ------------------------------------------------------------------------------------------

    def _consents(self) -> Iterator[Part]:
        found = [one for one in self._facts.consents if one.decision != "asked"]
        if not found:
            yield Paragraph("None is recorded.")
            return
        rows = [
            (
                one.program, self._label("decision", one.decision), str(one.date),
                self._label("consent_mode", one.mode) + (f"; paper: {one.paper}" if one.paper else ""),
                ", ".join(filter(None, (one.taken_by_name, one.taken_by_credential))),
                "; ".join(self._label("consent_point", point) for point in sorted(one.points or ())),
            )
            for one in found
        ]  # fmt: skip
        yield Table(
            ["program", "decision", "date", "how", "taken by", "explained"],
            rows,
            [1.05, 1.1, 1.25, 1.1, 1.6, 4],
        )

    def _enrollments(self) -> Part:
        rows = [
            (
                one.program, self._label("enrollment_status", one.status), _day(one.start), _day(one.end),
                self._name(one.practitioner), one.reason or "",
            )
            for one in self._facts.enrollments
        ]  # fmt: skip
        return _table(
            ["program", "state", "from", "to", "practitioner", "reason"], rows, [1, 1.2, 1.3, 1.3, 2, 3]
        )

    def _conditions(self) -> Part:
        said = {True: "yes", False: "no", None: "not said"}
        rows = [
            (
                one.display, one.code or "", said[one.chronic], one.onset or "", one.confirmed_by or "",
                _day(one.confirmed_on),
            )
            for one in self._facts.conditions
        ]  # fmt: skip
        return _table(
            ["condition", "code", "chronic", "since", "confirmed by", "on"], rows, [4, 1.3, 1, 1.2, 2, 1.3]
        )

    def _plans(self) -> Part:
        rows = [
            (one.program or "", _day(one.made_on), self._name(one.made_by), _day(one.given_on))
            for one in self._facts.plans
        ]
        return _table(["program", "made on", "by", "given to the patient on"], rows, [1, 1.5, 3, 2])

    def _time(self) -> Iterator[Part]:
        facts = self._facts
        counted = {row for line in facts.result.lines for row in line.rows}
        rows = []
        for entry in facts.entries:
            rows.append(
                (
                    *self._when(entry), f"{entry.seconds // 60}:{entry.seconds % 60:02d}",
                    f"{entry.staff_name}, {entry.credential}", entry.program or "",
                    self._label("activity", entry.activity), "yes" if entry.id in counted else "no", self._note(entry),
                )
            )  # fmt: skip
        if not rows:
            yield Paragraph("No time is recorded.")
            return
        yield Table(
            ["date", "from – to", "min:s", "who", "for", "what", "billed", "note"], rows,
            [1.25, 1.3, 0.75, 1.7, 0.7, 1.1, 0.75, 4], frozenset({2}),
        )  # fmt: skip
        total = sum(entry.seconds for entry in facts.entries)
        per = ", ".join(
            f"{name}: staff {one.staff} min, practitioner {one.practitioner} min"
            for name, one in sorted(facts.result.minutes.items())
        )
        yield Paragraph(f"Logged in all {total // 60} min {total % 60} s. Counted: {per or 'nothing'}.")

    def _when(self, entry: EntryLine) -> tuple[str, str]:
        zone = self._facts.made.tzinfo
        start, end = entry.start.astimezone(zone), entry.end.astimezone(zone)
        if entry.precision:
            return f"{start:%Y-%m-%d}" if entry.precision == "day" else f"{start:%Y-%m}", ""
        return f"{start:%Y-%m-%d}", f"{start:%H:%M} – {end:%H:%M}"

    def _note(self, entry: EntryLine) -> str:
        said = self._facts.contacts.get(entry.contact or b"")
        lines = [entry.note]
        if said is not None:
            with_whom = self._label("with_whom", said.with_whom)
            lines.append(
                f"{self._label('mode', said.mode)}, {with_whom}: {self._label('outcome', said.outcome)}"
            )
            lines += [said.why, said.changed, said.did, said.next]
        if entry.amended_at is not None:
            lines.append(f"Amended {entry.amended_at:%Y-%m-%d} by {entry.amended_by}: {entry.amended_why}")
        if entry.late:
            lines.append(f"Entered {entry.entered_at.astimezone(self._facts.made.tzinfo):%Y-%m-%d}")
        return "\n".join(line for line in lines if line)


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> Part:
    return Table(headings, rows, widths) if rows else Paragraph("None is recorded.")
