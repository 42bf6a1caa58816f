"""Comparing a spreadsheet with the clinic file: row by row who is new, changed, the same, or not taken, and why."""

from __future__ import annotations

from peewee import fn

from cmp_tui.clinic.model import Audit
from cmp_tui.clinic.scope import Scope
from cmp_tui.exchange.caseload.comparing import TASK_TITLE, Comparer
from cmp_tui.exchange.caseload.decode import decode
from cmp_tui.exchange.caseload.headings import Columns
from cmp_tui.exchange.caseload.held import care_managers, everyone_here, held_of
from cmp_tui.exchange.caseload.matching import People
from cmp_tui.exchange.caseload.merging import merge
from cmp_tui.exchange.caseload.names import whole
from cmp_tui.exchange.caseload.plan import Alike, CaseloadPlan, Choices, PersonIn, RowPlan
from cmp_tui.exchange.caseload.reading import SheetIn
from cmp_tui.exchange.caseload.words import load_words
from cmp_tui.patients.alike import nicknames
from cmp_tui.patients.coding import load_condition_tables
from cmp_tui.patients.merged import merged_away

DECIDE = "add with --same {number}={who} or --new {number}"


def caseload_plan(
    scope: Scope, book: SheetIn, columns: Columns, choices: Choices = Choices()
) -> CaseloadPlan:
    """Returns what importing a sheet would do, row by row. Writes nothing.

    `columns` say what the columns mean (headings.guess), `choices` what a person has decided.
    """
    reference = scope.reference
    words, tables = load_words(reference.folder), load_condition_tables(reference.folder)
    plan = CaseloadPlan(
        Audit.select(fn.MAX(Audit.seq)).scalar() or 0, book.file, book.sheet, book.unit,
        rows_in=book.rows_in, needs_year=columns.needs_year, overwrite=choices.overwrite,
    )  # fmt: skip
    read = decode(
        book, columns, words, tables, scope.today, staff=care_managers(scope), day_first=choices.day_first
    )
    plan.left_out, plan.said = read.left_out, [*book.said, *columns.said, *read.said]
    plan.faults = sorted([*book.faults, *read.faults], key=lambda fault: fault.number)
    matched = _matched(scope, plan, read.people, choices)
    _compared(scope, plan, columns, choices, matched)
    return plan


def _matched(scope: Scope, plan: CaseloadPlan, read: list[PersonIn], choices: Choices) -> People:
    """Finds out who each row is; rows of one person become one."""
    people = People(plan.unit, nicknames(scope.reference))
    for known in everyone_here(scope):
        people.put(known)
    for away in merged_away(scope):
        people.note_number(away.mrn, away.kept)
    begun: dict[bytes | int, RowPlan] = {}
    for person in read:
        row = RowPlan(
            person.number, whole(person.family, person.given), person.birth_date, person.mrn, person,
            warnings=person.warnings,
        )  # fmt: skip
        if person.number in choices.out:
            _skip(plan, row, "left out, as you said", wrong=False)
            continue
        if person.refused:
            _skip(plan, row, person.refused)
            continue
        match = people.match(person, choices)
        if match.why:
            row.alike = list(match.alike)
            advice = (
                f"; {DECIDE.format(number=person.number, who=_named(match.alike[0], plan.unit))}"
                if match.alike
                else ""
            )
            _skip(plan, row, f"{match.why}{advice}")
            continue
        who = match.who
        if who is None:
            if not person.family:
                _skip(plan, row, "there is no name" + (" and no patient with this MRN" if person.mrn else ""))
                continue
            if match.own_number:
                row.warnings.append(f"the record number {person.mrn} is another patient's; a new one is made")
                person.mrn = row.mrn = ""
            if match.warning:
                row.warnings.append(match.warning)
            people.add_row(person)
            begun[person.number] = row
            plan.rows.append(row)
            continue
        people.note_row(person.number, who)
        mark: bytes | int = who.key if who.key is not None else who.row
        first = begun.get(mark)
        if first is not None:
            first.more.append(person.number)
            merge(first.person, person, plan.unit)
            first.mrn = first.person.mrn
            continue
        row.key = who.key
        begun[mark] = row
        plan.rows.append(row)
    return people


def _compared(scope: Scope, plan: CaseloadPlan, columns: Columns, choices: Choices, people: People) -> None:
    """Compares each row with what stands here of its person."""
    labels = {}
    for meaning, named in (
        ("consent", ("consent", "consent_how", "consent_date")), ("outcome", ("outcome",)), ("next_due", ("next_due",)),
    ):  # fmt: skip
        for column in columns.of(*named)[:1]:
            labels[meaning] = column.label
    taken = [row for row in plan.rows if row.state != "skipped"]
    months = {month for row in taken if row.key for month in row.person.minutes}
    held = held_of(scope, [row.key for row in taken if row.key], sorted(months), TASK_TITLE)
    comparer = Comparer(plan.counts, labels, scope.today, scope.zone, choices.overwrite)
    for row in taken:
        person = row.person
        here = held[row.key] if row.key else None
        comparer.compare(row, person, here, bool(person.mrn) and people.has_number(person.mrn))
        if here is not None:
            row.state = "changed" if row.adds or row.edits or row.strikes else "same"
            row.name = whole(here.values["family"], here.values["given"] or "")
            row.mrn, row.birth_date = here.values["mrn"], here.values["birth_date"] or ""


def _named(alike: Alike, unit: str) -> str:
    return alike.mrn or f'"{unit} {alike.row}"'


def _skip(plan: CaseloadPlan, row: RowPlan, why: str, wrong: bool = True) -> None:
    row.state, row.why, row.wrong = "skipped", why, wrong
    plan.rows.append(row)
