"""What is told before an order is saved: the same thing twice, or two practitioners on one thing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.patients.actions import add_patient
from cmp_tui.patients.directory_actions import add_provider
from cmp_tui.referrals.actions import end_referral, order
from cmp_tui.referrals.duplicate_queries import before_saving
from cmp_tui.referrals.duplicate_rules import Ordered, is_like, same_thing, twins

MON = date(2026, 11, 23)
DAYS = {"test": 30, "specialist": 90}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Cardiology", "cardiology consult", True),
        ("cardiolgy", "Cardiology", True),
        ("eye exam", "Eye Exam, diabetic", True),
        ("chest x-ray", "x-ray of the knee", False),
        ("lipid panel", "thyroid panel", False),
        ("", "cardiology", False),
        ("please refer to", "please refer to", False),
    ],
)
def test_what_asks_for_the_same(one: str, other: str, same: bool) -> None:
    assert same_thing(one, other) is same and same_thing(other, one) is same


@given(st.text(max_size=40), st.text(max_size=40))
def test_it_goes_both_ways(one: str, other: str) -> None:
    assert same_thing(one, other) == same_thing(other, one)


def test_one_recipient_makes_many_tests_and_one_opinion() -> None:
    place = b"x" * 16
    heart = Ordered("specialist", "chest pain", provider=place)
    assert is_like(heart, heart._replace(what="palpitations"))
    blood = Ordered("test", "lipid panel", provider=place)
    assert not is_like(blood, blood._replace(what="potassium"))
    assert is_like(heart._replace(provider=None, specialty="Cardiology"), Ordered("specialist", "cardiology"))
    assert not is_like(blood, blood._replace(kind="therapy"))


def test_what_counts_and_for_how_long() -> None:
    new = Ordered("test", "lipid panel", on=MON)
    open_for_long = new._replace(on=MON - timedelta(400))
    done = new._replace(on=MON - timedelta(30), ended_on=MON - timedelta(2), end="met")
    long_ago = done._replace(on=MON - timedelta(31))
    declined = done._replace(end="declined")
    assert [one.earlier for one in twins(new, [long_ago, declined, done, open_for_long], DAYS)] == [
        done,
        open_for_long,
    ]


def test_two_practitioners_on_one_thing() -> None:
    new = Ordered("specialist", "cardiology", "urgent", by="Dr. Ito", on=MON, to="Dr. Hartwig")
    earlier = new._replace(urgency="routine", by="Amy Levin", to="Dr. Brandt")
    (twin,) = twins(new, [earlier], DAYS)
    assert twin.two_people and twin.differs == ("recipient", "urgency")
    (same,) = twins(new, [earlier._replace(by="dr ito")], DAYS)
    assert not same.two_people
    ended = earlier._replace(ended_on=MON, end="met")
    assert not twins(new, [ended], DAYS)[0].two_people


def test_in_sentences_from_the_file(clinic: Clinic) -> None:
    ana = clinic.run(add_patient, family="Ruiz").id
    heart = clinic.run(add_provider, name="Dr. Hartwig", specialty="Cardiology").id
    row = clinic.run(
        order,
        ana,
        kind="specialist",
        what="cardiology",
        provider=heart,
        ordered_by="levin",
        ordered_on=date(2026, 11, 3),
    )
    ask = {"kind": "specialist", "what": "Cardiology consult", "ordered_by": "levin"}
    (told,) = clinic.read(before_saving, ana, **ask)
    assert told == (
        "Ordered already: cardiology to Dr. Hartwig was ordered by Amy Levin on 3 Nov and is open (ordered)."
    )
    (told,) = clinic.read(before_saving, ana, **{**ask, "ordered_by": "Dr. Ito", "urgency": "urgent"})
    assert told.startswith("Two practitioners' orders on one thing") and "urgency" in told
    assert clinic.read(before_saving, ana, **ask, own=row.id) == ()
    assert clinic.read(before_saving, ana, kind="specialist", what="eye exam") == ()
    clinic.run(end_referral, row.id, row.version, end="met")
    (told,) = clinic.read(before_saving, ana, **ask)
    assert "need met" in told
