"""The board of referrals: by stage, by day to ask, whose they are; and a referral whole."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Gone
from cmp_tui.patients.actions import add_patient, strike_record
from cmp_tui.referrals.actions import end_referral, order, take_step
from cmp_tui.referrals.board_queries import View, every, leaf, order_of
from cmp_tui.referrals.queries import detail, details_of, open_of, referral_line
from cmp_tui.referrals.words import LANES
from tests.conftest import AsUser
from tests.referrals.conftest import TODAY

SAID: dict[str, Any] = {"said_by": "Deb", "how": "phone"}


def ordered(clinic: Clinic, patient: bytes, **values: Any) -> bytes:
    full = {"kind": "specialist", "what": "cardiology", **values}
    key: bytes = clinic.run(order, patient, **full).id
    return key


def names(clinic: Clinic, view: View) -> list[str]:
    found = clinic.read(order_of, view)
    return [line.what for line in clinic.read(leaf, found.part(0, found.total))]


def test_every_stage_is_in_one_lane() -> None:
    from cmp_tui.referrals.rules import STAGES

    lanes = [stage for stages in LANES.values() for stage in stages]
    assert sorted(lanes) == sorted(STAGES)


def test_by_stage_and_within_it_by_the_day_to_ask(clinic: Clinic, james: bytes) -> None:
    for what, days in (("late", 30), ("later", 2), ("latest", 5)):
        ordered(clinic, james, what=what, ordered_on=TODAY - timedelta(days=days))
    ordered(clinic, james, what="sent", sent_how="fax")
    asked = [line.check_on for line in clinic.read(leaf, clinic.read(order_of).part(0, 3))]
    assert asked == sorted(asked)
    assert names(clinic, View())[-1] == "sent"
    found = clinic.read(order_of)
    assert [(group.name, group.first, group.size) for group in found.groups if group.size] == [
        ("ordered", 0, 3),
        ("sent", 3, 1),
    ]
    assert (found.total, found.late + found.today) == (4, 2)
    assert [found.place(key) for key in found.part(0, 4)] == [0, 1, 2, 3]
    assert [line.what for some in clinic.read(lambda scope: list(every(scope))) for line in some] == names(
        clinic, View()
    )


def test_other_orders(clinic: Clinic, james: bytes) -> None:
    abel = clinic.run(add_patient, family="Abel", given="Ann", birth_date="1950-01-01", sex="F").id
    ordered(
        clinic, james, what="older", ordered_on=TODAY - timedelta(days=40), check_on=TODAY + timedelta(days=9)
    )
    ordered(clinic, abel, what="newer")
    assert names(clinic, View(sort="age")) == ["older", "newer"]
    assert names(clinic, View(sort="clock")) == ["newer", "older"]
    assert names(clinic, View(sort="patient")) == ["newer", "older"]


def test_filters_hold_together(clinic: Clinic, james: bytes) -> None:
    ordered(clinic, james, what="a", kind="test", check_on=TODAY)
    ordered(clinic, james, what="b", kind="test")
    ordered(clinic, james, what="c", check_on=TODAY, sent_how="fax")
    ended = ordered(clinic, james, what="d")
    clinic.run(end_referral, ended, None, end="not-needed")
    assert sorted(names(clinic, View(kind="test"))) == ["a", "b"]
    assert sorted(names(clinic, View(late=True))) == ["a", "c"]
    assert names(clinic, View(late=True, kind="test")) == ["a"]
    assert names(clinic, View(lane="sent")) == ["c"]
    assert names(clinic, View(ended=True)) == ["d"]


def test_whose_they_are(clinic: Clinic, as_user: AsUser, james: bytes) -> None:
    ben = as_user("ben")
    his = ben.run(add_patient, family="Ng", given="Mei", birth_date="1950-01-01", sex="F").id
    ordered(clinic, james, what="mine")
    ordered(ben, his, what="his")
    me = clinic.read(lambda scope: scope.who.id)
    ordered(ben, his, what="given to me", owner=me)
    assert sorted(names(clinic, View())) == ["given to me", "mine"]
    assert names(ben, View()) == ["his"]
    assert len(names(clinic, View("team"))) == 3
    assert names(clinic, View("cover:ben")) == ["his"]


def test_a_patient_who_was_struck_out_is_on_no_board(clinic: Clinic, james: bytes) -> None:
    ordered(clinic, james)
    clinic.run(strike_record, "patient", james, "twice")
    assert names(clinic, View()) == []


def test_a_referral_whole(clinic: Clinic, james: bytes, heart: bytes) -> None:
    key = ordered(clinic, james, provider=heart, ordered_by="levin", ordered_on=date(2026, 11, 2))
    clinic.run(take_step, key, stage="sent", how="fax", day=date(2026, 11, 3))
    whole = clinic.read(detail, key)
    assert [step.stage for step in whole.steps] == ["sent", "ordered"]
    assert (whole.orderer, whole.track, whole.line.to) == ("Amy Levin", "routine", "Heart Group")
    assert (whole.target_on, whole.seen_by) == (date(2026, 11, 10), date(2027, 1, 31))
    clinic.run(
        take_step, key, stage="scheduled", **SAID, appointment={"day": date(2026, 12, 1), "time": "9:30"}
    )
    line = clinic.read(referral_line, key)
    assert (line.visit_on, line.visit_time) == (date(2026, 12, 1), "09:30")
    assert [one.line.id for one in clinic.read(details_of, james)] == [key]
    assert [one.id for one in clinic.read(open_of, james)] == [key]
    with pytest.raises(Gone):
        clinic.read(referral_line, b"\x00" * 16)
