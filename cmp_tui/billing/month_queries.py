"""What screens, exports and the command line ask of a month."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from cmp_tui.billing.engine.month import judge, rules_of
from cmp_tui.billing.engine.result import Line, MonthResult, Note
from cmp_tui.billing.month_facts import each_month_facts, in_month_order
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.scope import Scope
from cmp_tui.enrollment.programs import rulebook


class MonthView(NamedTuple):
    """A month as it stands: each patient's result, by MRN, and the day on which the rules were checked."""

    month: Month
    rules_checked_on: Any
    patients: list[MonthResult]


def month_view(scope: Scope, month: Month, patients: Collection[bytes] | None = None) -> MonthView:
    """Judges a month for everybody with any time, stay, enrollment or service in it (or for some patients)."""
    rules = rulebook(scope.reference)
    by = rules_of(rules, month)
    keys = in_month_order(scope, month, patients)
    results = [judge(facts, by) for facts in each_month_facts(scope, month, keys)]
    return MonthView(month, rules.checked_on, results)


def as_object(view: MonthView) -> dict[str, Any]:
    """Returns a month as plain values, in a stable order: the shape of `cmp-tui month --json`."""
    return {
        "month": str(view.month),
        "rules_checked_on": view.rules_checked_on.isoformat(),
        "patients": [patient_object(result) for result in view.patients],
    }


def patient_object(result: MonthResult) -> dict[str, Any]:
    """Returns one patient's month as plain values."""
    facts = result.facts
    return {
        "mrn": facts.mrn,
        "name": facts.name,
        "birth_date": facts.birth_date,
        "billing_practitioner": facts.practitioner,
        "minutes": {
            program: {"staff": minutes.staff, "practitioner": minutes.practitioner}
            for program, minutes in sorted(result.minutes.items())
        },
        "lines": _lines(result.lines),
        "blocked": [_note(note) for note in result.blocked],
        "warnings": [_note(note) for note in result.warnings],
        "alternatives": [{"lines": _lines(one.lines), "says": one.says} for one in result.alternatives],
    }


def _lines(lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [
        {
            "code": line.code,
            "units": line.units,
            "program": line.program,
            "practitioner": line.practitioner,
            "date_of_service": line.date_of_service.isoformat(),
            "place_of_service": line.place_of_service,
            "diagnoses": list(line.diagnoses),
            "minutes": line.minutes,
        }
        for line in lines
    ]


def _note(note: Note) -> dict[str, Any]:
    return {"rule": note.rule, "program": note.program, "says": note.says, "source": note.source}
