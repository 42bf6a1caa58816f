"""Who may do what: the whole table, action × roles, through the door that every screen and command uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import pytest

import cmp_tui
from cmp_tui.clinic.audit import audit_head
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Refused
from cmp_tui.clinic.history import last_undoable
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.rights import ACTIONS, ADMIN, CARE, READERS, READS, Right, Rights, name_of
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.staff import edit_staff, me, staff_list
from cmp_tui.patients.model import Patient
from tests.clinic import acts
from tests.clinic.conftest import person
from tests.conftest import AsUser

ROLES = ("care-manager", "clinician", "admin", "auditor")
SETS = [frozenset(roles) for roles in chain.from_iterable(combinations(ROLES, size) for size in range(1, 5))]

INNER = {
    # Functions that take an open change and are never an action of their own: who uses them, within one.
    "assessments.open_safety_tasks": "assessments.record_assessment and edit_assessment, at an alarm",
    "careplan.open_plan": "careplan's actions, which begin the plan when there is none",
    "contacts.amendment": "contacts.log_time and add_contact, for what is added to a closed month",
    "contacts.note_key": "contacts.answer_timer, when the time until then is kept",
    "contacts.note_start": "contacts.start_timer, for what goes by whatever the computer's clock says",
    "contacts.own_timer": "the timer's actions, which refuse a colleague's timer by it",
    "contacts.settled": "the actions that end a timer, for its start on the clock as it stands then",
    "contacts.timer_span": "desk.log_contact, for the minutes of the timer that it logs",
    "contacts.timer_logged": "desk.log_contact, which marks the timer as logged",
    "enrollment.end_all": "enrollment.end_all_work, for the programs",
    "enrollment.end_all_work": "enrollment.edit_patient, record_consent and end_intake: a death, a move, a withdrawal",
    "enrollment.end_intakes": "enrollment.end_all_work, and a revoked consent of someone who is in no program",
    "enrollment.settle_stage": "whatever is a fact for a stage: a contact, a consent, an enrollment, a decision",
    "medications.write_decision": "medications.sign, for each line",
    "referrals.add_step": "referrals' actions, for each step of a loop",
    "referrals.book_for": "referrals.take_step, when the day is known",
    "referrals.end_booked": "referrals' actions, for the appointment that a step ends",
    "referrals.under_way": "referrals' actions, which refuse what has ended",
    "measurements.add_value": "careplan.record_progress, for a value of a kind of measurement",
    "tasks.settle_call_backs": "desk.log_contact, when the patient was reached",
}

LOOKS = tuple(name for name in ACTIONS if name.startswith("look."))


def named(name: str, first: type) -> Callable[..., str]:
    """A function with the name of an action or query, that does nothing much."""

    def does(given: Any) -> str:
        assert isinstance(given, first)
        if isinstance(given, Change):
            given.note(tried=name)
        return "done"

    room, _, function = name.partition(".")
    does.__module__, does.__name__ = f"cmp_tui.{room}.actions", function
    assert name_of(does) == name
    return does


def with_roles(dana: Clinic, ben: Clinic, roles: frozenset[str]) -> Clinic:
    dana.run(edit_staff, dana.read(lambda scope: Staff.get(Staff.username == "ben").id), None, roles=roles)
    return ben


def allowed(wanted: frozenset[str], roles: frozenset[str]) -> bool:
    return bool(wanted & roles)


# -- the table, through the door


@pytest.mark.parametrize("roles", SETS, ids=lambda roles: "+".join(sorted(roles)))
def test_every_action_with_every_set_of_roles(as_user: AsUser, roles: frozenset[str]) -> None:
    ben = with_roles(as_user("dana"), as_user("ben"), roles)
    for name, right in ACTIONS.items():
        before = as_user("dana").read(audit_head)
        kind = name.removeprefix("look.")
        act: Callable[[], Any] = (
            (lambda kind=kind: ben.look(kind))
            if kind != name
            else (lambda name=name: ben.run(named(name, Change)))  # type: ignore[misc]
        )
        if allowed(right.roles, roles):
            act()
            assert as_user("dana").read(audit_head).seq == before.seq + 1, name
        else:
            with pytest.raises(Refused, match=r"Your roles \("):
                act()
            assert as_user("dana").read(audit_head) == before, name


@pytest.mark.parametrize("roles", SETS, ids=lambda roles: "+".join(sorted(roles)))
def test_every_query_with_every_set_of_roles(as_user: AsUser, roles: frozenset[str]) -> None:
    ben = with_roles(as_user("dana"), as_user("ben"), roles)
    for name, wanted in {**READS, "patients.patient_card": READERS, "x.anything_else": READERS}.items():
        if allowed(wanted, roles):
            assert ben.read(named(name, Scope)) == "done"
        else:
            with pytest.raises(Refused):
                ben.read(named(name, Scope))


def test_what_is_not_in_the_table_nobody_may_do(as_user: AsUser) -> None:
    dana = with_roles(as_user("dana"), as_user("ben"), frozenset(ROLES))
    for name in ("patients.delete_everything", "look.secrets", "x.y"):
        with pytest.raises(Refused):
            dana.run(named(name, Change))
    with pytest.raises(Refused):
        dana.look("secrets")


# -- the policy that the table must keep


@pytest.mark.parametrize("name", [name for name, right in ACTIONS.items() if "auditor" in right.roles])
def test_an_auditor_only_looks(name: str) -> None:
    assert name in LOOKS


@pytest.mark.parametrize("name", [name for name, right in ACTIONS.items() if "admin" in right.roles])
def test_an_admin_alone_writes_no_record_of_care(name: str) -> None:
    assert name.partition(".")[0] in ("clinic", "look", "exchange") or name in (
        "patients.lend_panel",
        "patients.end_loan",
        "patients.move_panel",
        "billing.close_month",
    )


@pytest.mark.parametrize(("name", "right"), ACTIONS.items(), ids=ACTIONS)
def test_care_managers_and_clinicians_do_the_same(name: str, right: Right) -> None:
    """But for a clinician's own judgement: a risk tier that stands before the computed one."""
    own = name in ("assessments.set_tier", "assessments.clear_tier")
    assert right.roles & CARE in ((frozenset({"clinician"}),) if own else (CARE, frozenset()))


@pytest.mark.parametrize("name", [name for name in ACTIONS if name.startswith("clinic.")])
def test_staff_and_settings_are_the_admins_and_are_not_undone(name: str) -> None:
    if name not in ("clinic.undo", "clinic.redo"):
        assert ACTIONS[name].roles == ADMIN
    assert not ACTIONS[name].undoable


@pytest.mark.parametrize("name", LOOKS)
def test_looks_are_not_undone(name: str) -> None:
    assert not ACTIONS[name].undoable


# -- the table and the program agree


def functions(first: str) -> list[str]:
    """The name in the table of every public function of the rooms whose first parameter is a `first`."""
    package = Path(cmp_tui.__file__).parent
    names = []
    for path in sorted(package.glob("*/**/*.py")):
        room = path.relative_to(package).parts[0]
        if room in ("ui", "cli") or room.startswith("_"):
            continue
        for part in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(part, ast.FunctionDef) and not part.name.startswith("_"):
                parameters = [*part.args.posonlyargs, *part.args.args]
                kind = parameters[0].annotation if parameters else None
                if kind is not None and ast.unparse(kind).rpartition(".")[2] == first:
                    names.append(f"{room}.{part.name}")
    return names


def test_every_action_of_the_program_has_a_right_or_is_inner() -> None:
    missing = sorted(name for name in functions("Change") if name not in ACTIONS and name not in INNER)
    assert missing == []


def test_no_inner_function_has_a_right() -> None:
    assert sorted(set(INNER) & set(ACTIONS)) == []
    assert sorted(set(INNER) - set(functions("Change"))) == []


@pytest.mark.parametrize("name", INNER)
def test_an_inner_function_is_never_handed_to_the_door(name: str) -> None:
    """Neither to run nor to do: there it would need a right of its own."""
    function = name.partition(".")[2]
    handed = re.compile(rf"\.(run|do)\(\s*(\w+\.)*{function}\b")
    package = Path(cmp_tui.__file__).parent
    assert [
        str(path) for path in package.rglob("*.py") if handed.search(path.read_text(encoding="utf-8"))
    ] == []


def test_every_right_belongs_to_an_action_of_the_program() -> None:
    there = set(functions("Change"))
    assert sorted(name for name in ACTIONS if name not in there and name not in LOOKS) == []


def test_every_read_in_the_table_belongs_to_a_query_of_the_program() -> None:
    there = set(functions("Scope"))
    assert sorted(name for name in READS if name not in there) == []


def test_no_two_functions_share_a_row_of_the_table() -> None:
    for first in ("Change", "Scope"):
        names = functions(first)
        assert sorted({name for name in names if names.count(name) > 1}) == []


def test_every_kind_of_look_that_the_program_logs_is_in_the_table() -> None:
    package = Path(cmp_tui.__file__).parent
    kinds = {
        kind
        for path in package.rglob("*.py")
        for kind in re.findall(r"\.look\(\s*\"([^\"]+)\"", path.read_text(encoding="utf-8"))
    }
    assert kinds
    assert sorted(kind for kind in kinds if f"look.{kind}" not in ACTIONS) == []


# -- people without access


def everything(clinic: Clinic, patient: bytes, tmp_path: Path) -> list[Callable[[], Any]]:
    return [
        lambda: clinic.read(me),
        lambda: clinic.read(staff_list),
        lambda: clinic.read(last_undoable),
        lambda: clinic.read(acts.get, Patient, patient),
        lambda: clinic.run(acts.edit, Patient, patient, None, given="X"),
        lambda: clinic.run(acts.add, Patient, **person("9")),
        lambda: clinic.look("chart", patient),
        lambda: clinic.look("sign-in"),
        lambda: clinic.undo(3),
        lambda: clinic.keep("draft", "a", {}),
        lambda: clinic.kept("draft"),
        lambda: clinic.forget("draft", "a"),
        clinic.verify,
        lambda: clinic.backup(tmp_path / "copy.cmp"),
    ]


@pytest.mark.parametrize("who", ["nobody", "root", "daemon", "", "dana ", "DANA", "%", "' OR 1=1 --"])
def test_someone_unknown_sees_nothing(
    dana: Clinic, ana: Patient, as_user: AsUser, tmp_path: Path, who: str
) -> None:
    stranger = as_user(who or "\0")
    stranger.rights = acts.RIGHTS
    before = dana.read(audit_head)
    for attempt in everything(stranger, ana.id, tmp_path):
        with pytest.raises(Refused, match="staff"):
            attempt()
    assert dana.read(audit_head) == before
    assert not (tmp_path / "copy.cmp").exists()


@pytest.mark.parametrize("change", [{"active": False}, {"os_user": "someone-else"}, {"os_user": None}])
def test_someone_whose_access_ended_sees_nothing_at_once(
    dana: Clinic, ben: Clinic, ana: Patient, tmp_path: Path, change: dict[str, Any]
) -> None:
    assert ben.read(acts.get, Patient, ana.id).given == "Ana"
    ben.keep("draft", "a", {})
    dana.run(edit_staff, ben.read(lambda scope: scope.who.id), None, **change)
    for attempt in everything(ben, ana.id, tmp_path):
        with pytest.raises(Refused, match=r"not \(or no longer\) among this clinic's staff"):
            attempt()


def test_disabled_beats_every_role(dana: Clinic, ben: Clinic, ana: Patient) -> None:
    with_roles(dana, ben, frozenset(ROLES))
    dana.run(edit_staff, dana.read(lambda scope: Staff.get(Staff.username == "ben").id), None, active=False)
    with pytest.raises(Refused):
        ben.read(me)


def test_the_environment_does_not_say_who_you_are(monkeypatch: pytest.MonkeyPatch) -> None:
    from cmp_tui.clinic.staff import os_user

    before = os_user()
    for name in ("USER", "LOGNAME", "USERNAME", "LNAME", "SUDO_USER", "HOME"):
        monkeypatch.setenv(name, "dana")
    assert os_user() == before


def test_a_table_of_rights_denies_by_default() -> None:
    rights = Rights({}, {})
    assert not rights.may(frozenset(ROLES), "patients.edit_patient")
    assert not rights.undoable("patients.edit_patient")
    assert not rights.may_ask(ADMIN, "patients.patient_card")
