"""Who may do what: one table, action × role, for the screens and the command line alike. Deny by default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from cmp_tui.clinic.errors import Refused

CARE = frozenset({"care-manager", "clinician"})
ADMIN = frozenset({"admin"})
READERS = CARE | {"auditor"}
EVERYONE = READERS | ADMIN


class Right(NamedTuple):
    """The roles that may do an action, and whether it can be undone (what left the house can't)."""

    roles: frozenset[str]
    undoable: bool = True


ACTIONS: Mapping[str, Right] = {
    # the clinic
    "clinic.add_staff": Right(ADMIN, undoable=False),
    "clinic.edit_staff": Right(ADMIN, undoable=False),
    "clinic.disable_staff": Right(ADMIN, undoable=False),
    "clinic.change_setting": Right(ADMIN, undoable=False),
    "clinic.undo": Right(CARE | ADMIN, undoable=False),
    "clinic.redo": Right(CARE | ADMIN, undoable=False),
    # people
    "patients.add_patient": Right(CARE),
    "patients.edit_patient": Right(CARE),
    "patients.add_phone": Right(CARE),
    "patients.edit_phone": Right(CARE),
    "patients.add_condition": Right(CARE),
    "patients.edit_condition": Right(CARE),
    "patients.add_allergy": Right(CARE),
    "patients.edit_allergy": Right(CARE),
    "patients.add_person": Right(CARE),
    "patients.edit_person": Right(CARE),
    "patients.add_team_member": Right(CARE),
    "patients.edit_team_member": Right(CARE),
    "patients.strike_record": Right(CARE),
    "patients.add_provider": Right(CARE),
    "patients.edit_provider": Right(CARE),
    "patients.strike_provider": Right(CARE),
    "patients.lend_panel": Right(CARE | ADMIN),
    "patients.end_loan": Right(CARE | ADMIN),
    "patients.move_panel": Right(CARE | ADMIN),
    # work
    "tasks.add_task": Right(CARE),
    "tasks.edit_task": Right(CARE),
    "tasks.snooze_task": Right(CARE),
    "tasks.settle_task": Right(CARE),
    "tasks.hand_over": Right(CARE),
    "tasks.acknowledge": Right(CARE),
    "tasks.escalate": Right(CARE),
    "tasks.see_answer": Right(CARE),
    "contacts.add_contact": Right(CARE),
    "contacts.strike_contact": Right(CARE),
    "contacts.answer_timer": Right(CARE),
    "contacts.start_timer": Right(CARE),
    "contacts.stop_timer": Right(CARE),
    "contacts.mark_on_call": Right(CARE),
    "contacts.park_timer": Right(CARE),
    "contacts.discard_timer": Right(CARE),
    "contacts.log_time": Right(CARE),
    "contacts.edit_entry": Right(CARE),
    "contacts.split_break": Right(CARE),
    "contacts.strike_entry": Right(CARE),
    "contacts.edit_contact": Right(CARE),
    "contacts.dismiss_gap": Right(CARE),
    "enrollment.add_intake": Right(CARE),
    "enrollment.add_person_intake": Right(CARE),
    "enrollment.edit_intake": Right(CARE),
    "enrollment.take_up": Right(CARE),
    "enrollment.answer_intake": Right(CARE),
    "enrollment.end_intake": Right(CARE),
    "enrollment.hold_intake": Right(CARE),
    "enrollment.reopen_intake": Right(CARE),
    "enrollment.strike_intake": Right(CARE),
    "assessments.add_payer_score": Right(CARE),
    "assessments.edit_payer_score": Right(CARE),
    "assessments.strike_payer_score": Right(CARE),
    "assessments.record_assessment": Right(CARE),
    "assessments.edit_assessment": Right(CARE),
    "assessments.say_help": Right(CARE),
    "assessments.strike_assessment": Right(CARE),
    "assessments.write_tiers": Right(CARE),
    "assessments.set_tier": Right(frozenset({"clinician"})),
    "assessments.clear_tier": Right(frozenset({"clinician"})),
    "education.teach": Right(CARE),
    "education.edit_teaching": Right(CARE),
    "education.strike_teaching": Right(CARE),
    "education.hold_class": Right(CARE),
    "education.edit_class": Right(CARE),
    "education.strike_class": Right(CARE),
    "measurements.answer_preventive": Right(CARE),
    "measurements.edit_preventive_answer": Right(CARE),
    "measurements.strike_preventive_answer": Right(CARE),
    "medications.add_medication": Right(CARE),
    "medications.edit_medication": Right(CARE),
    "medications.stop_medication": Right(CARE),
    "medications.hold": Right(CARE),
    "medications.say_taking": Right(CARE),
    "medications.strike_medication": Right(CARE),
    "medications.add_refill": Right(CARE),
    "medications.edit_refill": Right(CARE),
    "medications.strike_refill": Right(CARE),
    "medications.say_adherence": Right(CARE),
    "medications.edit_adherence": Right(CARE),
    "medications.strike_adherence": Right(CARE),
    "medications.set_times": Right(CARE),
    "medications.begin": Right(CARE),
    "medications.decide": Right(CARE),
    "medications.sign": Right(CARE),
    "medications.reopen": Right(CARE),
    "medications.strike_reconciliation": Right(CARE),
    "encounters.add_visit": Right(CARE),
    "encounters.edit_visit": Right(CARE),
    "encounters.strike_visit": Right(CARE),
    "encounters.book": Right(CARE),
    "encounters.edit_appointment": Right(CARE),
    "encounters.end_appointment": Right(CARE),
    "encounters.tell": Right(CARE),
    "encounters.remind": Right(CARE),
    "encounters.arrange_ride": Right(CARE),
    "encounters.strike_appointment": Right(CARE),
    "encounters.add_stay": Right(CARE),
    "encounters.edit_stay": Right(CARE),
    "encounters.strike_stay": Right(CARE),
    "encounters.add_service": Right(CARE),
    "encounters.edit_service": Right(CARE),
    "encounters.strike_service": Right(CARE),
    "enrollment.record_consent": Right(CARE),
    "enrollment.log_letter": Right(CARE),
    "enrollment.enroll": Right(CARE),
    "enrollment.edit_enrollment": Right(CARE),
    "enrollment.edit_patient": Right(CARE),
    "enrollment.strike_consent": Right(CARE),
    "enrollment.strike_enrollment": Right(CARE),
    "enrollment.decide_eligibility": Right(CARE),
    "enrollment.strike_eligibility": Right(CARE),
    "careplan.edit_plan": Right(CARE),
    "careplan.begin_plan": Right(CARE),
    "careplan.add_goal": Right(CARE),
    "careplan.edit_goal": Right(CARE),
    "careplan.set_state": Right(CARE),
    "careplan.add_barrier": Right(CARE),
    "careplan.edit_barrier": Right(CARE),
    "careplan.solve_barrier": Right(CARE),
    "careplan.add_intervention": Right(CARE),
    "careplan.edit_intervention": Right(CARE),
    "careplan.settle_intervention": Right(CARE),
    "careplan.record_progress": Right(CARE),
    "careplan.edit_progress": Right(CARE),
    "careplan.strike_record": Right(CARE),
    "careplan.finish_review": Right(CARE),
    "careplan.give_copy": Right(CARE, undoable=False),
    "careplan.strike_copy": Right(CARE),
    "careplan.approve_version": Right(CARE),
    "referrals.order": Right(CARE),
    "referrals.take_step": Right(CARE),
    "referrals.end_visit": Right(CARE),
    "referrals.send_letter": Right(CARE, undoable=False),
    "referrals.edit_referral": Right(CARE),
    "referrals.check_later": Right(CARE),
    "referrals.end_referral": Right(CARE),
    "referrals.reopen_referral": Right(CARE),
    "referrals.strike_referral": Right(CARE),
    "referrals.strike_step": Right(CARE),
    "desk.take_assessment": Right(CARE),
    "desk.retake_assessment": Right(CARE),
    "desk.answer_help": Right(CARE),
    "desk.save_section": Right(CARE),
    "desk.finish_assessment": Right(CARE),
    "desk.log_contact": Right(CARE),
    "desk.log_discharge_call": Right(CARE),
    "desk.edit_contact": Right(CARE),
    "desk.strike_contact": Right(CARE),
    "desk.log_group": Right(CARE),
    "desk.log_timer": Right(CARE),
    "desk.merge_patients": Right(CARE),
    "billing.close_month": Right(ADMIN, undoable=False),
    "queue.snooze_row": Right(CARE),
    # coming in
    "exchange.import_fhir": Right(CARE | ADMIN),
    "exchange.import_caseload": Right(CARE | ADMIN),
    "exchange.import_claims": Right(CARE | ADMIN),
    "exchange.import_stays": Right(CARE | ADMIN),
    "exchange.import_staff": Right(ADMIN, undoable=False),
    "exchange.import_records": Right(ADMIN),
    "exchange.make_demo": Right(CARE | ADMIN, undoable=False),
    "exchange.open_demo": Right(ADMIN, undoable=False),
    # looks: they write their audit entry and nothing else
    "look.chart": Right(READERS, undoable=False),
    "look.preview": Right(READERS, undoable=False),
    "look.search": Right(READERS, undoable=False),
    "look.list": Right(READERS, undoable=False),
    "look.day": Right(READERS, undoable=False),
    "look.audit": Right(frozenset({"admin", "auditor"}), undoable=False),
    "look.export": Right(ADMIN | CARE, undoable=False),
    "look.backup": Right(ADMIN, undoable=False),
    "look.sign-in": Right(EVERYONE, undoable=False),
    "look.sign-out": Right(EVERYONE, undoable=False),
}

READS: Mapping[str, frozenset[str]] = {
    # Queries that other roles than READERS may ask, or that not all of them may. All others: READERS.
    "clinic.me": EVERYONE,
    "clinic.staff_list": EVERYONE,
    "clinic.settings_list": EVERYONE,
    "clinic.last_undoable": EVERYONE,
    "clinic.last_redoable": EVERYONE,
    "clinic.audit_page": frozenset({"admin", "auditor"}),
    "clinic.verify_chain": frozenset({"admin", "auditor"}),
    "clinic.audit_head": EVERYONE,
    "clinic.clock_behind": EVERYONE,
    "billing.charges": READERS | ADMIN,
    "billing.closed_view": READERS | ADMIN,
    "billing.judge_month": READERS | ADMIN,
    "billing.month_view": READERS | ADMIN,
    "billing.time_log": READERS | ADMIN,
    "billing.time_log_by_patient": READERS | ADMIN,
    "billing.time_log_sheets": READERS | ADMIN,
    "billing.what_stands": READERS | ADMIN,
    "contacts.closed_months": EVERYONE,
    "exchange.fhir_plan": CARE | ADMIN,
    "exchange.caseload_plan": CARE | ADMIN,
    "exchange.claims_plan": CARE | ADMIN,
    "exchange.records_plan": ADMIN,
    "exchange.records_rows": CARE | ADMIN,
    "exchange.demo_state": EVERYONE,
    "patients.patient_count": EVERYONE,
    "patients.loans": EVERYONE,
}


def name_of(function: Callable[..., Any]) -> str:
    """Returns the name under which a right is looked up: room and function ("desk.log_contact")."""
    parts = function.__module__.split(".")
    room = parts[1] if parts[0] == "cmp_tui" and len(parts) > 2 else parts[-1]
    return f"{room}.{function.__name__}"


class Rights:
    """The table of rights; more rows may be handed in (by tests)."""

    def __init__(
        self, actions: Mapping[str, Right] = ACTIONS, reads: Mapping[str, frozenset[str]] = READS
    ) -> None:
        self._actions, self._reads = actions, reads

    def may(self, roles: frozenset[str], action: str) -> bool:
        """Returns whether someone with these roles may do the action."""
        right = self._actions.get(action)
        return right is not None and bool(right.roles & roles)

    def may_ask(self, roles: frozenset[str], query: str) -> bool:
        """Returns whether someone with these roles may ask the query."""
        return bool(self._reads.get(query, READERS) & roles)

    def undoable(self, action: str) -> bool:
        """Returns whether the action can be undone at all."""
        right = self._actions.get(action)
        return right is not None and right.undoable

    def require(self, roles: frozenset[str], action: str) -> None:
        """Raises Refused with a sentence unless the roles allow the action."""
        if not self.may(roles, action):
            raise Refused(_sentence(roles, action))

    def require_ask(self, roles: frozenset[str], query: str) -> None:
        """Raises Refused with a sentence unless the roles allow the query."""
        if not self.may_ask(roles, query):
            raise Refused(_sentence(roles, query))


def _sentence(roles: frozenset[str], name: str) -> str:
    what = name.partition(".")[2].replace("_", " ").replace("-", " ")
    have = ", ".join(sorted(roles)) or "no role"
    return (
        f"Your roles ({have}) do not allow: {what}. "
        "An administrator can change roles with: cmp-tui staff rights"
    )
