"""The register on a real clinic file: views, filters, order, one stay with everything around it, who may read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import ClinicError, Gone
from cmp_tui.desk.actions import log_contact
from cmp_tui.encounters.actions import add_stay, add_visit, strike_stay
from cmp_tui.patients.actions import add_condition, add_patient, edit_patient
from cmp_tui.patients.directory_actions import add_provider
from cmp_tui.queue.actions import snooze_row
from cmp_tui.transitions.queries import open_transition, register, transition_of, transitions_of
from tests.conftest import AsUser

FRIDAY = date(2026, 11, 20)
Stayed = Callable[..., tuple[bytes, bytes]]


@pytest.fixture
def stayed(clinic: Clinic) -> Stayed:
    """Adds a patient of Dana's with a stay; gives the patient's key and the stay's."""

    def make(family: str, **values: Any) -> tuple[bytes, bytes]:
        patient = values.pop("patient", None) or clinic.run(add_patient, family=family, given="Ana").id
        plain = {
            "kind": "inpatient", "facility": "St. Mary's", "admitted": date(2026, 11, 16), "discharged": FRIDAY,
            "discharged_to": "home",
        }  # fmt: skip
        return patient, clinic.run(add_stay, patient, **{**plain, **values}).id

    return make


def families(clinic: Clinic, show: str = "open", whose: str = "mine") -> list[str]:
    return [row.family for row in clinic.read(register, whose, show).rows]


def test_what_is_due_first_stands_first(clinic: Clinic, stayed: Stayed) -> None:
    stayed("Later", discharged=date(2026, 11, 23))
    stayed("Ruiz")
    old, _ = stayed("Overdue", admitted=date(2026, 11, 2), discharged=date(2026, 11, 12))
    done, key = stayed("Done", admitted=date(2026, 11, 9), discharged=date(2026, 11, 13), summary_on=date(2026, 11, 16),
                       medications_reconciled_on="2026-11-17")  # fmt: skip
    clinic.run(add_visit, done, date=date(2026, 11, 17), kind="tcm", mdm="high", practitioner="levin")
    found = clinic.read(register)
    assert [row.family for row in found.rows] == ["Overdue", "Ruiz", "Later", "Done"]
    last = found.rows[-1]
    assert last.id == key and last.transition.first is None and last.due == date(2026, 12, 12)
    assert found.rows[0].transition.is_late and found.inside == 0
    assert clinic.read(open_transition, old).is_late  # type: ignore[union-attr]


def test_the_filters(clinic: Clinic, stayed: Stayed) -> None:
    stayed("Open")
    stayed("Inside", discharged=None, discharged_to=None)
    stayed("Room", kind="ed", admitted=FRIDAY)
    stayed("Skilled", discharged_to="snf")
    stayed("Past", admitted=date(2026, 9, 1), discharged=date(2026, 9, 5))
    again, _ = stayed("Again")
    stayed("Again", patient=again, admitted=date(2026, 11, 22), discharged=None, discharged_to=None)
    assert families(clinic) == ["Open"]
    assert families(clinic, "inside") == ["Inside", "Again"]
    assert sorted(families(clinic, "none")) == ["Again", "Room", "Skilled"]
    assert families(clinic, "past") == ["Past"]
    assert clinic.read(register).inside == 2


def test_mine_team_and_those_whose_panels_are_somebody_elses(
    clinic: Clinic, stayed: Stayed, as_user: AsUser
) -> None:
    patient, _ = stayed("Ruiz")
    assert families(as_user("ben")) == []
    assert families(as_user("ben"), whose="team") == ["Ruiz"]
    assert families(as_user("ben"), whose="cover:dana") == ["Ruiz"]
    clinic.run(edit_patient, patient, None, care_manager=None)
    assert families(clinic) == []


def test_one_stay_with_everything_around_it(clinic: Clinic, clock: FrozenClock, stayed: Stayed) -> None:
    patient, first = stayed("Ruiz", admitted=date(2026, 10, 26), discharged=date(2026, 10, 30))
    _, key = stayed("Ruiz", patient=patient, emergency=True)
    stayed("Ruiz", patient=patient, kind="ed", admitted=date(2026, 9, 4), discharged=date(2026, 9, 4))
    clinic.run(
        add_condition,
        patient,
        display="Heart failure",
        system="icd-10-cm",
        code="I50.32",
        group="heart-failure",
    )
    clinic.run(log_contact, patient, mode="phone", outcome="voicemail")
    clinic.run(snooze_row, patient, "tcm-contact", date(2026, 11, 25), "back on Wednesday")
    detail = clinic.read(transition_of, key)
    assert detail.transition.back is not None and detail.transition.back.days == 17
    assert clinic.read(transition_of, first).transition.again is not None
    contact = detail.transition.clock("contact")
    assert contact is not None and contact.tries == 1
    assert contact.put_off is not None and contact.put_off.why == "back on Wednesday"
    assert (len(detail.use.admissions_6), len(detail.use.emergency_6)) == (2, 1)
    assert detail.lace is not None and (detail.lace.points, detail.lace.band) == ("10", "high")
    assert [detail.conditions[row].words for row in detail.lace.parts[2].rows] == ["Heart failure"]
    whole = clinic.read(transitions_of, patient)
    assert [one.stay.discharged for one in whole.stays] == [FRIDAY, date(2026, 10, 30), date(2026, 9, 4)]
    assert whole.scored is not None and whole.scored.key == key
    clock.at = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    clinic.run(log_contact, patient, mode="phone", outcome="reached", at=clock.at - timedelta(minutes=20))
    contact = clinic.read(transition_of, key).transition.clock("contact")
    assert contact is not None and (contact.state, contact.by) == ("done", "Dana Ruiz")


def test_the_house_is_called_by_its_number_in_the_directory(clinic: Clinic, stayed: Stayed) -> None:
    _, key = stayed("Ruiz")
    assert clinic.read(transition_of, key).phone == ""
    clinic.run(add_provider, name="St. Mary's", kind="hospital", phone="5125550100")
    assert clinic.read(transition_of, key).phone == "5125550100"


def test_what_was_struck_out_is_gone(clinic: Clinic, stayed: Stayed) -> None:
    _, key = stayed("Ruiz")
    clinic.run(strike_stay, key, "somebody else's")
    assert families(clinic) == []
    with pytest.raises(Gone):
        clinic.read(transition_of, key)


@pytest.mark.parametrize("username", ["dana", "ben", "levin", "iris", "otto"])
def test_every_role_gets_what_charts_give_it(
    clinic: Clinic, stayed: Stayed, as_user: AsUser, username: str
) -> None:
    patient, key = stayed("Ruiz")
    one = clinic if username == "dana" else as_user(username)
    for query, args in ((register, ("team",)), (transition_of, (key,)), (transitions_of, (patient,))):
        try:
            one.read(query, *args)
        except ClinicError as refused:
            assert username in ("iris", "otto"), refused
