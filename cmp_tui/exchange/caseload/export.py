"""The tracker as a file: the columns that clinics have, and back in it is the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from cmp_tui.clinic.calendar import MONTHS
from cmp_tui.clinic.reference import Reference
from cmp_tui.contacts.rules import minutes_of
from cmp_tui.exchange.caseload.cells import CellReader, StatusIn
from cmp_tui.exchange.caseload.headings import AS_WRITTEN
from cmp_tui.exchange.caseload.months import month_head
from cmp_tui.exchange.caseload.names import whole
from cmp_tui.exchange.caseload.queries_out import Tracked
from cmp_tui.exchange.caseload.words import Words
from cmp_tui.files.sheet import Column, Kind, Sheet

MOST_CONDITIONS = 12
_PART = re.compile(r"(.+) \(part ([0-9]+)\)")
_YEARLY = [name[:3] for name in MONTHS]
Value = Callable[[Tracked], Any]


def caseload_sheet(
    table: Sequence[Tracked],
    year: int,
    reference: Reference,
    words: Words,
    staff: dict[bytes, str],
    today: date,
) -> Sheet:
    """Returns the tracker of a year: its own columns, then what else anybody has, then the words of their sheets."""
    made = _Made(table, reference, words, staff, today)
    columns = [*made.fixed(year), *made.further(), *made.kept()]
    heads = [Column(name, kind, width) for name, kind, width, _ in columns]
    values = [value for *_, value in columns]
    return Sheet("Caseload", heads, (tuple(value(one) for value in values) for one in table))


class _Made:
    """The columns of one file: heading, kind, width, and where the value comes from."""

    def __init__(
        self,
        table: Sequence[Tracked],
        reference: Reference,
        words: Words,
        staff: dict[bytes, str],
        today: date,
    ) -> None:
        self._table, self._say, self._words, self._staff = table, reference.label, words, staff
        self._reader = CellReader(words, today)

    def fixed(self, year: int) -> Iterable[tuple[str, Kind, int | None, Value]]:
        """The tracker's own columns, always there and in this order."""
        say = self._say
        births = [one.own["birth_date"] for one in self._table if one.own["birth_date"]]
        whole_days = all(len(born) == 10 for born in births)
        yield "ID", "text", None, lambda one: one.own["mrn"]
        yield "Name", "text", 26, lambda one: whole(one.own["family"], one.own["given"] or "")
        if whole_days:
            yield "DOB", "date", None, lambda one: _day(one.own["birth_date"])
        else:
            yield "DOB", "text", 11, lambda one: one.own["birth_date"]
        yield "Phone", "text", 22, self._phones
        yield "Best time", "text", None, lambda one: one.own["best_time"]
        yield "PCP", "text", 20, lambda one: one.pcp
        yield "Payer", "text", None, lambda one: say("payer", one.own["payer"]) or None
        most = min(MOST_CONDITIONS, max([2, *(len(one.conditions) for one in self._table)]))
        for number in range(1, most + 1):
            yield f"Cond {number}", "text", 24, _condition(number, most)
        yield "Risk", "text", None, lambda one: one.notes.get("Risk")
        yield "Consent date", "date", None, lambda one: one.consent and one.consent[0]
        yield "Consent how", "text", None, self._consent_how
        yield "Care-plan date", "date", None, lambda one: one.plan and one.plan[0]
        yield "Plan given?", "text", None, self._given
        yield "Status", "text", 14, self._status
        yield "Last contact", "date", None, lambda one: one.contact and one.contact[0]
        yield "Outcome", "text", None, self._outcome
        yield "Next due", "date", None, lambda one: one.due
        for number, name in enumerate(_YEARLY, 1):
            yield f"{name} {year} min", "integer", 8, _minutes(number)

    def further(self) -> Iterable[tuple[str, Kind, int | None, Value]]:
        """Columns that a tracker may have: only those that anybody fills."""
        named = {one.own["care_manager"] for one in self._table}
        own: tuple[tuple[str, str], ...] = (
            ("Preferred name", "preferred"), ("Medicare number", "mbi"), ("Email", "email"), ("Language", "language"),
            ("Address", "street"), ("City", "city"), ("State", "state"), ("ZIP code", "postal_code"),
            ("Billing practitioner", "billing_practitioner"),
        )  # fmt: skip
        columns: list[tuple[str, Kind, int | None, Value]] = [("Sex", "text", None, _sex)]
        columns += [(heading, "text", None, _own(name)) for heading, name in own]
        if len(named) > 1:
            columns.append(
                ("Care manager", "text", None, lambda one: self._staff.get(one.own["care_manager"]))
            )
        columns.append(("Enrolled on", "date", None, _enrolled_on))
        columns.append(("Ended on", "date", None, lambda one: one.enrollment and one.enrollment[2]))
        columns.append(("Care plan reviewed", "date", None, lambda one: one.plan and one.plan[1]))
        return [column for column in columns if any(column[3](one) is not None for one in self._table)]

    def kept(self) -> Iterable[tuple[str, Kind, int | None, Value]]:
        """The words of spreadsheets that have no other place, each under its heading."""
        labels: dict[str, None] = {}
        for one in self._table:
            for label in one.notes:
                part = _PART.fullmatch(label)
                labels[part[1] if part and part[1] in one.notes else label] = None
        labels.pop("Risk", None)
        return [(self._heading(label), "text", 30, _words(label)) for label in labels]

    def _heading(self, label: str) -> str:
        """The heading for kept words, such that they are kept words again when the file comes back."""
        known = self._words.meaning_of(label)
        if (
            known not in (None, "note")
            or month_head(label, self._words) is not None
            or label.endswith(AS_WRITTEN)
        ):
            return label + AS_WRITTEN
        return label

    # -- cells

    def _phones(self, one: Tracked) -> str | None:
        said = []
        for number, use, remarks in one.phones:
            more = ", ".join(filter(None, (self._say("phone_use", use) if use != "home" else "", remarks)))
            said.append(f"{number} ({more})" if more else number)
        return "; ".join(said) or None

    def _consent_how(self, one: Tracked) -> str | None:
        if one.consent is None:
            return None
        _, decision, mode = one.consent
        said = "" if decision == "accepted" else self._say("decision", decision)
        return " ".join(filter(None, (said, self._say("consent_mode", mode)))) or None

    def _given(self, one: Tracked) -> str | None:
        if one.plan is None or not any(one.plan[2:]):
            return None
        _, _, day, how, _ = one.plan
        return " ".join(filter(None, ("Y", day.isoformat() if day else "", self._say("given_how", how))))

    def _status(self, one: Tracked) -> str | None:
        if one.own["deceased"]:
            return f"deceased {one.own['deceased_on'] or ''}".strip()
        if one.enrollment is None:
            return None
        status, _, _, reason = one.enrollment
        said = self._say("enrollment_status", status)
        if not reason:
            return said
        read = self._reader.status(reason, False).value
        return reason if isinstance(read, StatusIn) and read.status == status else f"{said}: {reason}"

    def _outcome(self, one: Tracked) -> str | None:
        if one.contact is None:
            return None
        _, outcome, precision, did = one.contact
        if precision == "day" and did:
            return did
        return None if outcome == "not-applicable" else self._say("outcome", outcome)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _sex(one: Tracked) -> str | None:
    return None if one.own["sex"] == "U" else str(one.own["sex"])


def _own(name: str) -> Value:
    return lambda one: one.own[name]


def _minutes(number: int) -> Value:
    return lambda one: minutes_of(one.seconds[number]) if number in one.seconds else None


def _condition(number: int, most: int) -> Value:
    if number < most:
        return lambda one: one.conditions[number - 1] if len(one.conditions) >= number else None
    return lambda one: "; ".join(one.conditions[number - 1 :]) or None


def _words(label: str) -> Value:
    def value(one: Tracked) -> str | None:
        text = one.notes.get(label)
        if text is None:
            return None
        number = 2
        while (more := one.notes.get(f"{label} (part {number})")) is not None:
            text, number = f"{text} {more}", number + 1
        return text

    return value


def _enrolled_on(one: Tracked) -> date | None:
    """The first day, where it is not the day of consent."""
    if one.enrollment is None or one.enrollment[1] is None:
        return None
    return None if one.consent and one.consent[0] == one.enrollment[1] else one.enrollment[1]
