"""Who the rows are, what they would change, and what comes in: on a real clinic file."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cmp_tui.chart.queries import calls, summary
from cmp_tui.clinic.audit import audit_head, audit_page
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Invalid, Refused
from cmp_tui.clinic.history import last_undoable
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.actions import log_time
from cmp_tui.enrollment.model import Consent, Enrollment
from cmp_tui.exchange.caseload.actions import import_caseload
from cmp_tui.exchange.caseload.plan import CaseloadPlan, RowPlan
from cmp_tui.patients.actions import add_patient, add_phone, edit_patient
from cmp_tui.patients.model import Condition, Patient, SheetNote, TeamMember
from cmp_tui.patients.queries import by_mrn, patient_card, patient_count
from cmp_tui.tasks.model import Task
from tests.conftest import MONDAY, AsUser
from tests.exchange.caseload.conftest import PlanOf

HEAD = ("ID", "Name", "DOB", "Phone")
ANA = ("1001", "Ruiz-Moreno, Ana", "2/11/1948", "512-555-0133")


def only(plan: CaseloadPlan) -> RowPlan:
    (row,) = plan.rows
    return row


def of(clinic: Clinic, model: Any) -> list[Any]:
    def query(scope: Scope) -> list[Any]:
        return list(model.live().order_by(model.id))

    return clinic.read(query)


def key_of(clinic: Clinic, mrn: str) -> bytes:
    line = clinic.read(by_mrn, mrn)
    assert line is not None
    return line.id


# -- who it is


def test_a_new_person_and_the_same_again(clinic: Clinic, bring: PlanOf, plan_of: PlanOf) -> None:
    assert only(bring(clinic, HEAD, ANA)).state == "new"
    seq = clinic.read(audit_head).seq
    again = plan_of(clinic, HEAD, ANA)
    assert (only(again).state, again.empty, again.wrong) == ("same", True, False)
    assert clinic.run(import_caseload, again) == (0, 0, 0)
    assert clinic.read(audit_head).seq == seq


@pytest.mark.parametrize(
    ("name", "born", "why"),
    [
        ("Bell, Tom", "3/4/1951", "another name and another birth date"),
        ("Ruiz-Moreno, Ana", "3/4/1951", "another birth date"),
        ("Bell, Tom", "2/11/1948", "another name"),
        ("Bell, Tom", "", "a birth date is missing"),
    ],
)
def test_a_record_number_of_somebody_else_is_skipped(
    clinic: Clinic, bring: PlanOf, plan_of: PlanOf, name: str, born: str, why: str
) -> None:
    bring(clinic, HEAD, ANA)
    row = only(plan_of(clinic, HEAD, ("1001", name, born, "")))
    assert (row.state, row.wrong) == ("skipped", True)
    assert why in row.why
    assert "Ruiz-Moreno, Ana, born 1948-02-11, MRN 1001" in row.why
    assert row.alike[0].mrn == "1001"


@pytest.mark.parametrize(
    ("name", "born"),
    [
        ("Ruiz Moreno, Anna", "2/11/1948"),
        ("Ruiz, Ana", "2/11/48"),
        ("Castro, Ana", "2/11/1948"),
        ("Ruiz-Moreno, Ana", "2/12/1948"),
        ("Ruiz-Moreno, Ana", "11/2/1948"),
        ("Ruiz-Moreno, Ana", ""),
    ],
)
def test_a_slip_with_the_right_record_number_is_the_same_person(
    clinic: Clinic, bring: PlanOf, plan_of: PlanOf, name: str, born: str
) -> None:
    bring(clinic, HEAD, ANA)
    row = only(plan_of(clinic, HEAD, ("1001", name, born, "")))
    assert row.state == "same"
    assert row.key == key_of(clinic, "1001")


def test_leading_zeros_that_a_spreadsheet_took(clinic: Clinic, plan_of: PlanOf) -> None:
    clinic.run(add_patient, family="Ruiz-Moreno", given="Ana", birth_date="1948-02-11", mrn="001001")
    assert only(plan_of(clinic, HEAD, ANA)).key == key_of(clinic, "001001")


@pytest.mark.parametrize(
    ("name", "born", "phone", "state"),
    [
        ("Ruiz-Moreno, Ana", "2/11/1948", "", "changed"),  # all of it: surely the same
        ("Ruiz-Morena, Ana", "2/11/1948", "512-555-0133", "changed"),  # a slip, and the same telephone
        ("Ruiz-Morena, Ana", "2/11/1948", "", "skipped"),
        ("Ruiz-Moreno, Ana", "2/12/1948", "", "skipped"),
        ("Ruiz-Moreno, Ana", "", "", "skipped"),
        ("Castro, Ana", "2/11/1948", "", "skipped"),
        ("Ruiz-Moreno, Luz", "2/11/1948", "", "new"),
        ("Ruiz-Moreno, Ana", "7/30/1960", "", "new"),
    ],
)
def test_without_a_record_number_likeness_decides(
    clinic: Clinic, bring: PlanOf, plan_of: PlanOf, name: str, born: str, phone: str, state: str
) -> None:
    bring(clinic, HEAD, ANA)
    row = only(plan_of(clinic, (*HEAD, "Best time"), ("", name, born, phone, "noon")))
    assert row.state == state
    if state == "skipped":
        assert "--same 2=1001 or --new 2" in row.why


def test_decisions(clinic: Clinic, bring: PlanOf, plan_of: PlanOf) -> None:
    bring(clinic, HEAD, ANA)
    like = ("", "Ruiz-Morena, Ana", "2/11/1948", "")
    for choices, state in (
        ({"same": {2: "1001"}}, "same"),
        ({"same_mrns": frozenset({"1001"})}, "same"),
        ({"all_same": True}, "same"),
        ({"new": frozenset({2})}, "new"),
        ({"all_new": True}, "new"),
        ({"out": frozenset({2})}, "skipped"),
    ):
        assert only(plan_of(clinic, HEAD, like, **choices)).state == state
    lost = only(plan_of(clinic, HEAD, like, same={2: "77"}))
    assert "there is no '77'" in lost.why


def test_a_new_person_with_a_taken_number_gets_another(clinic: Clinic, bring: PlanOf) -> None:
    bring(clinic, HEAD, ANA)
    bring(clinic, HEAD, ("1001", "Bell, Tom", "3/4/1951", ""), new=frozenset({2}))
    assert clinic.read(patient_count) == 2
    assert clinic.read(by_mrn, "T-1") is not None


def test_rows_of_one_person_become_one(clinic: Clinic, bring: PlanOf) -> None:
    head = ("ID", "Name", "DOB", "Phone", "PCP", "Notes", "Jan 2026")
    plan = bring(
        clinic,
        head,
        ("7", "Ruiz, Ana", "2/11/48", "512-555-0133", "", "one", "20"),
        ("7", "Ruiz, Ana M.", "2/11/1948", "512-555-0199", "Dr. Levin", "two", "25"),
        ("", "Ruiz, Ana", "2/11/1948", "", "", "", ""),
    )
    row = only(plan)
    assert row.more == [3, 4]
    assert (plan.rows_in, plan.rows_taken) == (3, 3)
    assert any("minutes of 2026-01 25 (here 20)" in warning for warning in row.warnings)
    card = clinic.read(patient_card, key_of(clinic, "7"))
    assert [phone.number for phone in card.phones] == ["512-555-0133", "512-555-0199"]
    notes = {note.label: note.text for note in of(clinic, SheetNote)}
    assert notes["Notes"] == "one; two"
    assert "25" in notes["Second row"]


def test_two_likely_ones_in_the_sheet_are_told(clinic: Clinic, plan_of: PlanOf) -> None:
    plan = plan_of(clinic, HEAD, ANA, ("", "Ruiz-Morena, Ana", "2/11/1948", ""))
    assert [row.state for row in plan.rows] == ["new", "skipped"]
    assert plan.rows[1].alike[0].row == 2
    chosen = plan_of(clinic, HEAD, ANA, ("", "Ruiz-Morena, Ana", "2/11/1948", ""), same={3: "row 2"})
    assert only(chosen).more == [3]


def test_near_ones_with_numbers_of_their_own_are_new_and_told(clinic: Clinic, plan_of: PlanOf) -> None:
    plan = plan_of(clinic, HEAD, ANA, ("1002", "Ruiz-Moreno, Ana", "2/12/1948", ""))
    assert [row.state for row in plan.rows] == ["new", "new"]
    assert "is nearly Ruiz-Moreno, Ana" in plan.rows[1].warnings[0]


def test_a_common_telephone_is_no_likeness(clinic: Clinic, plan_of: PlanOf) -> None:
    def name(n: int) -> str:
        return "".join(chr(97 + (n * step + step) % 26) for step in (3, 7, 11, 17, 5, 19)).title()

    rows = [
        (str(n), f"{name(n)}{n // 26 * 'a'}, {name(n + 9)}", f"1/1/{1930 + n % 40}", "512-555-0000")
        for n in range(300)
    ]
    assert {row.state for row in plan_of(clinic, HEAD, *rows).rows} == {"new"}


def test_rows_that_are_no_patients(clinic: Clinic, plan_of: PlanOf) -> None:
    plan = plan_of(
        clinic,
        (*HEAD, "Jan 2026"),
        ANA,
        HEAD,
        ("", "INACTIVE PATIENTS", "", "", ""),
        ("Total", "", "", "", "20"),
        ("", "", "", "", "20"),
        ("44", "", "", "", ""),
        ("45", "", "", "512-555-0144", ""),
    )
    assert [(one.number, one.why) for one in plan.left_out] == [
        (3, "the headings again"),
        (4, "a title, or a name and nothing else"),
        (5, "a line of totals"),
        (6, "sums without a patient"),
        (7, "one cell only"),
    ]
    assert plan.rows[1].why == "there is no name and no patient with this MRN"
    assert (plan.rows_in, plan.rows_taken, plan.rows_refused, len(plan.left_out)) == (7, 1, 1, 5)


def test_an_unreadable_birth_date_refuses_its_row_only(clinic: Clinic, bring: PlanOf) -> None:
    plan = bring(clinic, HEAD, ("1", "Bell, Tom", "2/30/1948", ""), ANA)
    assert plan.wrong
    assert [(fault.number, fault.column) for fault in plan.faults] == [(2, "DOB")]
    assert clinic.read(patient_count) == 1


# -- what comes in

FULL = (
    "ID", "Name", "DOB", "Phone", "Best time", "PCP", "Payer", "Cond 1", "Cond 2", "Risk",
    "Consent date/how", "Care-plan date", "Plan given?", "Status", "Last contact", "Outcome", "Next due",
    "Jan", "Oct", "Billed?", "Sex",
)  # fmt: skip
TOLD = (
    "7", "Ruiz, Ana", "2/11/48", "512-555-0133 (cell)", "after 10", "Dr. Levin", "Humana MA", "E11.9 DM", "lupus",
    "high", "verbal 3/4/26", "3/10/26", "mailed 3/12/26", "Active", "11/12/26", "LM w/ dtr", "call 12/5/26",
    "20", "1h05", "Y", "F",
)  # fmt: skip


def test_everything_finds_its_place(clinic: Clinic, bring: PlanOf) -> None:
    bring(clinic, FULL, TOLD)
    key = key_of(clinic, "7")
    seen = clinic.read(summary, key)
    card = seen.card
    assert (card.family, card.given, card.birth_date, card.sex, card.best_time, card.payer, card.care_manager_name) == (
        "Ruiz", "Ana", "1948-02-11", "F", "after 10", "Medicare Advantage", "Dana Ruiz",
    )  # fmt: skip
    assert [(phone.number, phone.use) for phone in card.phones] == [("512-555-0133", "mobile")]
    assert [(one.name, one.role) for one in seen.team] == [("Dr. Levin", "primary-care")]
    conditions = {one.display: (one.system, one.code, one.group) for one in of(clinic, Condition)}
    assert conditions == {"DM": ("icd-10-cm", "E11.9", "diabetes"), "lupus": ("other", None, None)}
    (consent,), (enrollment,) = seen.consents, seen.enrollments
    assert (consent.program, consent.decision, consent.date, consent.mode, consent.points) == (
        "CCM", "accepted", date(2026, 3, 4), "verbal", None,
    )  # fmt: skip
    assert (enrollment.program, enrollment.status, enrollment.start) == ("CCM", "active", date(2026, 3, 4))
    assert {note.label: note.text for note in seen.notes} == {
        "Payer": "Humana MA", "Risk": "high", "Billed?": "Y",
    }  # fmt: skip
    (task,) = of(clinic, Task)
    assert (task.due, task.why) == (date(2026, 12, 5), "call")
    lines = clinic.read(calls, key).lines
    contact = lines[0].contact
    assert contact is not None
    assert (contact.outcome, contact.with_whom, contact.precision, contact.did) == (
        "voicemail", "caregiver", "day", "LM w/ dtr",
    )  # fmt: skip
    assert contact.signed_as == "From a spreadsheet, brought in by Dana Ruiz, RN"
    entries = [line.entry for line in lines if line.entry]
    assert [(entry.seconds, entry.precision, entry.clinical, entry.typed) for entry in entries] == [
        (3900, "month", False, True), (1200, "month", False, True),
    ]  # fmt: skip
    assert {line.why_not for line in lines if line.entry} == {"a month's total from a spreadsheet"}


def test_one_undo_takes_all_of_it_back(clinic: Clinic, bring: PlanOf, plan_of: PlanOf) -> None:
    bring(clinic, FULL, TOLD)
    (entry, *_) = clinic.read(audit_page, limit=1)
    assert entry.action == "exchange.import_caseload"
    assert entry.facts is not None
    assert "Ruiz" not in str(entry.facts)
    last = clinic.read(last_undoable)
    assert last is not None
    clinic.undo(last.seq)
    assert clinic.read(patient_count) == 0
    assert clinic.verify() == []
    assert only(plan_of(clinic, FULL, TOLD)).state == "new"


def test_what_differs_stays_and_what_is_empty_is_filled(
    clinic: Clinic, bring: PlanOf, plan_of: PlanOf
) -> None:
    key = clinic.run(
        add_patient, family="Ruiz", given="Ana", birth_date="1948-02-11", mrn="7", payer="Medicaid"
    ).id
    clinic.run(add_phone, key, number="(512) 555-0133")
    row = only(bring(clinic, FULL, TOLD))
    assert [(one.what, one.sheet, one.here, one.taken) for one in row.differs] == [
        ("payer", "Medicare Advantage", "Medicaid", False)
    ]
    card = clinic.read(patient_card, key)
    assert (card.payer, card.best_time, card.sex, len(card.phones)) == ("Medicaid", "after 10", "F", 1)
    assert only(plan_of(clinic, FULL, TOLD)).state == "same"
    bring(clinic, FULL, TOLD, overwrite=True)
    assert clinic.read(patient_card, key).payer == "Medicare Advantage"


def test_a_later_sheet(clinic: Clinic, bring: PlanOf, plan_of: PlanOf) -> None:
    bring(clinic, FULL, TOLD)
    later = list(TOLD)
    for heading, cell in (
        ("Last contact", "11/20/26"), ("Jan", "0"), ("Oct", "70"), ("Next due", "12/9/26"), ("Billed?", "Y, Oct too"),
        ("Cond 2", "lupus; HTN"), ("Care-plan date", "9/9/26"), ("Status", "on hold"),
    ):  # fmt: skip
        later[FULL.index(heading)] = cell
    plan = plan_of(clinic, FULL, later)
    row = only(plan)
    assert (
        row.summary() == "1 condition, 1 last contact, 2 months of minutes changed, 1 column of words changed"
    )
    assert {one.what for one in row.differs if not one.taken} == {"care plan", "next due", "status"}
    clinic.run(import_caseload, plan)
    key = key_of(clinic, "7")
    entries = [line.entry for line in clinic.read(calls, key).lines if line.entry]
    assert [(entry.seconds, entry.amended_why) for entry in entries] == [
        (4200, "A later spreadsheet says otherwise.")
    ]
    again = plan_of(clinic, FULL, later)
    assert only(again).state == "same"
    bring(clinic, FULL, later, overwrite=True)
    (enrollment,) = clinic.read(summary, key).enrollments
    assert enrollment.status == "onhold"
    assert [task.due for task in of(clinic, Task)] == [date(2026, 12, 9)]
    assert only(plan_of(clinic, FULL, later)).differs == []


def test_minutes_beside_time_that_was_logged(clinic: Clinic, bring: PlanOf, plan_of: PlanOf) -> None:
    head = ("ID", "Name", "DOB", "Nov 2026")
    key = clinic.run(add_patient, family="Ruiz", given="Ana", birth_date="1948-02-11", mrn="7").id
    start = MONDAY - timedelta(minutes=40)
    clinic.run(log_time, key, start=start, end=start + timedelta(minutes=25, seconds=30), activity="call")
    assert only(plan_of(clinic, head, ("7", "Ruiz, Ana", "2/11/48", "25"))).state == "same"
    row = only(plan_of(clinic, head, ("7", "Ruiz, Ana", "2/11/48", "40")))
    assert [(one.sheet, one.here) for one in row.differs] == [("40", "25 logged")]
    bring(clinic, head, ("7", "Ruiz, Ana", "2/11/48", "40"), overwrite=True)
    assert sum(line.entry.seconds for line in clinic.read(calls, key).lines if line.entry) == 2400
    assert only(plan_of(clinic, head, ("7", "Ruiz, Ana", "2/11/48", "40"))).differs == []


def test_minutes_that_can_not_be(clinic: Clinic, bring: PlanOf) -> None:
    head = ("ID", "Name", "DOB", "Jan 2026", "Feb 2026", "Mar 2026", "Dec 2026")
    plan = bring(clinic, head, ("7", "Ruiz, Ana", "2/11/48", "x", "1500", "20", "15"))
    assert {fault.column: fault.why for fault in plan.faults} == {
        "Jan 2026": "'x' is no number of minutes",
        "Feb 2026": "'1500' is 1,500 minutes, more than 24 hours",
        "Dec 2026": "'15' minutes of December 2026, which is still to come",
    }
    assert {note.label: note.text for note in of(clinic, SheetNote)} == {
        "Jan 2026": "x", "Feb 2026": "1500", "Dec 2026": "15",
    }  # fmt: skip
    assert plan.counts["time"].new == 1


def test_the_year_of_the_months_must_be_said(clinic: Clinic, plan_of: PlanOf) -> None:
    from cmp_tui.exchange.caseload.headings import guess
    from cmp_tui.exchange.caseload.queries import caseload_plan
    from cmp_tui.exchange.caseload.words import load_words
    from tests.exchange.caseload.conftest import TODAY, read_rows

    words = load_words(clinic.reference.folder)
    path = clinic.path.with_name("in.csv")
    book = read_rows(path, words, [("ID", "Name", "DOB", "Jan"), ("7", "Ruiz, Ana", "2/11/48", "20")])
    plan = clinic.read(caseload_plan, book, guess(book, words, today=TODAY))
    assert plan.needs_year
    assert plan.counts["time"].new == 0


@pytest.mark.parametrize(
    ("status", "consent", "found"),
    [
        ("Active", "3/4/26", ("active", date(2026, 3, 4), None)),
        ("Active", "", ("planned", None, None)),
        ("", "3/4/26", ("active", date(2026, 3, 4), None)),
        ("", "", None),
        ("on hold", "3/4/26", ("onhold", date(2026, 3, 4), None)),
        ("inactive 6/1/26", "3/4/26", ("finished", date(2026, 3, 4), date(2026, 6, 1))),
        ("inactive", "3/4/26", ("finished", date(2026, 3, 4), date(2026, 3, 4))),
        ("declined", "", ("cancelled", None, None)),
        ("pending", "", ("planned", None, None)),
        ("deceased 6/1/26", "3/4/26", ("finished", date(2026, 3, 4), date(2026, 6, 1))),
        ("deceased", "", None),
    ],
)
def test_enrollments(
    clinic: Clinic, bring: PlanOf, plan_of: PlanOf, status: str, consent: str, found: tuple[Any, ...] | None
) -> None:
    rows = (("ID", "Name", "DOB", "Status", "Consent date"), ("7", "Ruiz, Ana", "2/11/48", status, consent))
    bring(clinic, *rows)
    enrollments = [(one.status, one.start, one.end) for one in of(clinic, Enrollment)]
    assert enrollments == ([found] if found else [])
    assert clinic.read(patient_card, key_of(clinic, "7")).deceased == status.startswith("deceased")
    assert only(plan_of(clinic, *rows)).state == "same"


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("declined 3/4/26", ("declined", None)),
        ("revoked 3/4/26", ("revoked", date(2026, 3, 31))),
        ("Y", None),
        ("N", None),
    ],
)
def test_consents(
    clinic: Clinic, bring: PlanOf, plan_of: PlanOf, cell: str, found: tuple[Any, ...] | None
) -> None:
    rows = (("ID", "Name", "DOB", "Consent"), ("7", "Ruiz, Ana", "2/11/48", cell))
    plan = bring(clinic, *rows)
    assert [(one.decision, one.effective_to) for one in of(clinic, Consent)] == ([found] if found else [])
    kept = {note.label: note.text for note in of(clinic, SheetNote)}
    assert kept == ({"Consent": "accepted"} if cell == "Y" else {})
    assert bool(only(plan).warnings) == (cell == "Y")
    assert only(plan_of(clinic, *rows)).state == "same"


def test_long_words_are_kept_in_parts(clinic: Clinic, bring: PlanOf, plan_of: PlanOf) -> None:
    text = "word " * 9_000
    rows = (("ID", "Name", "DOB", "Notes"), ("7", "Ruiz, Ana", "2/11/48", text))
    bring(clinic, *rows)
    notes = [(note.label, len(note.text)) for note in of(clinic, SheetNote)]
    assert [label for label, _ in notes] == ["Notes", "Notes (part 2)", "Notes (part 3)"]
    assert sum(length for _, length in notes) + 2 == len(text.strip())
    assert only(plan_of(clinic, *rows)).state == "same"


def test_several_columns_for_one_thing(clinic: Clinic, bring: PlanOf) -> None:
    head = (
        "ID",
        "Last name",
        "First name",
        "DOB",
        "Date of birth",
        "Cell",
        "Home phone",
        "Jan 2026",
        "January 2026",
    )
    plan = bring(
        clinic, head, ("7", "Ruiz", "Ana", "2/11/48", "2/12/48", "512-555-0133", "512-555-0144", "20", "25")
    )
    card = clinic.read(patient_card, key_of(clinic, "7"))
    assert (card.family, card.given, card.birth_date) == ("Ruiz", "Ana", "1948-02-11")
    assert [(phone.use, phone.number) for phone in card.phones] == [
        ("mobile", "512-555-0133"), ("home", "512-555-0144"),
    ]  # fmt: skip
    assert {note.label: note.text for note in of(clinic, SheetNote)} == {
        "Date of birth": "2/12/48", "January 2026": "25",
    }  # fmt: skip
    assert len(only(plan).warnings) == 2


def test_a_care_manager_who_is_named(clinic: Clinic, bring: PlanOf) -> None:
    head = ("ID", "Name", "DOB", "Care manager", "Next due")
    bring(
        clinic,
        head,
        ("7", "Ruiz, Ana", "2/11/48", "Ben Ortiz", "12/5/26"),
        ("8", "Bell, Tom", "3/4/51", "Nobody", ""),
    )
    assert clinic.read(patient_card, key_of(clinic, "7")).care_manager_name == "Ben Ortiz"
    assert clinic.read(patient_card, key_of(clinic, "8")).care_manager_name == "Dana Ruiz"
    (task,) = of(clinic, Task)
    assert task.assignee == clinic.read(patient_card, key_of(clinic, "7")).care_manager


def test_errors_of_the_spreadsheet_are_named_and_nothing_else(clinic: Clinic, bring: PlanOf) -> None:
    head = ("ID", "Name", "DOB", "PCP", "Notes")
    plan = bring(clinic, head, ("7", "Ruiz, Ana", "2/11/48", "#REF!", "#N/A"))
    assert [(fault.column, "error of the spreadsheet" in fault.why) for fault in plan.faults] == [
        ("PCP", True), ("Notes", True),
    ]  # fmt: skip
    assert (of(clinic, SheetNote), of(clinic, TeamMember)) == ([], [])


def test_a_plan_that_is_out_of_date_writes_nothing(clinic: Clinic, bring: PlanOf, plan_of: PlanOf) -> None:
    bring(clinic, HEAD, ANA)
    plan = plan_of(clinic, (*HEAD, "Best time"), (*ANA, "noon"))
    clinic.run(edit_patient, key_of(clinic, "1001"), None, best_time="night")
    with pytest.raises(Invalid, match="look again"):
        clinic.run(import_caseload, plan)
    assert clinic.read(patient_card, key_of(clinic, "1001")).best_time == "night"


def test_who_may(as_user: AsUser, plan_of: PlanOf) -> None:
    with pytest.raises(Refused):
        plan_of(as_user("otto"), HEAD, ANA)
    plan = plan_of(as_user("levin"), HEAD, ANA)
    as_user("levin").run(import_caseload, plan)
    (patient,) = of(as_user("dana"), Patient)
    assert patient.care_manager is None
