"""What is known of rows about falling engagement: the sentence that says how far it has come."""

from __future__ import annotations

from cmp_tui.careplan.engagement_queries import held_of
from cmp_tui.careplan.engagement_rules import missed_last, missed_words, tries_words
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.attempts import is_attempt, last_reached
from cmp_tui.contacts.model import Contact
from cmp_tui.queue.words import Details


def of_tries(scope: Scope, patients: set[bytes]) -> dict[bytes, Details]:
    """Patients: the tries in vain since they were last reached, as one sentence."""
    reached = last_reached(scope, patients)
    tries: dict[bytes, int] = {}
    query = Contact.live(Contact.patient, Contact.at).where(Contact.patient.in_(patients) & is_attempt())
    for patient, at in rows(query):
        if patient not in reached or at > reached[patient]:
            tries[patient] = tries.get(patient, 0) + 1
    return {bytes(patient): Details(title=tries_words(count)) for patient, count in tries.items()}


def of_misses(scope: Scope, patients: set[bytes]) -> dict[bytes, Details]:
    """Patients: what they missed one after the other, as one sentence."""
    held = held_of(scope, patients)
    missed = {patient: missed_last(some) for patient, some in held.items()}
    return {patient: Details(title=missed_words(some)) for patient, some in missed.items() if some}
