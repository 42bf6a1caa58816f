"""What was taught and said back, when it is taught again, and who came to a class."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Gone, Invalid, Refused
from cmp_tui.education.actions import (
    edit_class,
    edit_teaching,
    hold_class,
    strike_class,
    strike_teaching,
    teach,
)
from cmp_tui.education.handout import SIZES, handout, topic_named
from cmp_tui.education.queries import TeachingLine, classes_of, meeting_line, teachings
from cmp_tui.education.rules import again_on, is_due, latest_of_each
from cmp_tui.education.topic_book import topic_book
from cmp_tui.files.document import as_text
from cmp_tui.files.pdf_out import page_count
from cmp_tui.patients.actions import add_patient
from tests.conftest import AsUser

MON = date(2026, 11, 23)


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    return clinic.run(add_patient, family="Ruiz-Moreno", given="Ana", birth_date="1948-02-11").id


@pytest.fixture
def bo(clinic: Clinic) -> bytes:
    return clinic.run(add_patient, family="Okafor", given="Bo", birth_date="1950-01-01").id


def only(clinic: Clinic, patient: bytes) -> TeachingLine:
    (line,) = clinic.read(teachings, patient)
    return line


@pytest.mark.parametrize(
    ("said", "days"), [("understood", None), ("partly", 30), ("repeat", 7), (None, None)]
)
def test_when_a_topic_is_taught_again(clinic: Clinic, ana: bytes, said: str | None, days: int | None) -> None:
    clinic.run(teach, ana, topic="diabetes", teach_back=said)
    line = only(clinic, ana)
    assert line.repeat_on == (None if days is None else MON + timedelta(days))
    assert (line.date, line.method, line.taught_by_name) == (MON, "talk", "Dana Ruiz")


def test_the_days_are_settings_and_a_day_that_is_given_stays(
    clinic: Clinic, as_user: AsUser, ana: bytes
) -> None:
    clinic.run(teach, ana, topic="diabetes", teach_back="partly", repeat_on=MON + timedelta(3))
    assert only(clinic, ana).repeat_on == MON + timedelta(3)
    assert again_on(MON, "partly", 10, 2) == MON + timedelta(10)
    assert again_on(MON, "repeat", 10, 2) == MON + timedelta(2)


def test_another_result_proposes_another_day(clinic: Clinic, ana: bytes) -> None:
    key = clinic.run(teach, ana, topic="diabetes", teach_back="repeat").id
    clinic.run(edit_teaching, key, 1, teach_back="understood")
    assert only(clinic, ana).repeat_on is None
    clinic.run(edit_teaching, key, 2, teach_back="partly")
    assert only(clinic, ana).repeat_on == MON + timedelta(30)


def test_what_is_refused(clinic: Clinic, as_user: AsUser, ana: bytes) -> None:
    for wrong in (
        {"topic": "astrology"},
        {"topic": "diabetes", "date": MON + timedelta(1)},
        {"topic": "diabetes", "repeat_on": MON},
        {"topic": "diabetes", "teach_back": "maybe"},
    ):
        with pytest.raises(Invalid):
            clinic.run(teach, ana, **wrong)
    with pytest.raises(Refused):
        as_user("iris").run(teach, ana, topic="diabetes")
    assert clinic.read(teachings, ana) == []


def test_the_latest_of_a_topic_counts(clinic: Clinic, ana: bytes) -> None:
    clinic.run(teach, ana, topic="diabetes", date=MON - timedelta(9), teach_back="repeat")
    assert is_due(only(clinic, ana), MON) and not is_due(only(clinic, ana), MON - timedelta(5))
    later = clinic.run(teach, ana, topic="diabetes", teach_back="understood").id
    latest = latest_of_each(clinic.read(teachings, ana))
    assert latest["diabetes"].id == later and not is_due(latest["diabetes"], MON)
    clinic.run(strike_teaching, later, "wrong chart")
    assert is_due(latest_of_each(clinic.read(teachings, ana))["diabetes"], MON)


# Classes


def test_coming_to_a_class_is_being_taught(clinic: Clinic, ana: bytes, bo: bytes) -> None:
    meeting = clinic.run(hold_class, [ana, bo], topic="falls", date=MON, came=[ana]).id
    assert (only(clinic, ana).method, only(clinic, ana).meeting) == ("class", meeting)
    assert clinic.read(teachings, bo) == []
    assert [one.status for one in clinic.read(classes_of, bo)] == ["missed"]
    clinic.run(edit_class, meeting, None, came=[bo], excused=[ana])
    assert [one.status for one in clinic.read(classes_of, ana)] == ["excused"]
    assert clinic.read(teachings, ana) == [] and only(clinic, bo).topic == "falls"
    clinic.run(edit_class, meeting, None, came=[bo])
    assert len(clinic.read(teachings, bo)) == 1, "noting it again teaches nobody twice"


def test_a_class_to_come_invites(clinic: Clinic, ana: bytes, bo: bytes) -> None:
    meeting = clinic.run(hold_class, [ana, ana], topic="falls", date=MON + timedelta(7), time="14:00").id
    clinic.run(edit_class, meeting, None, invite=[ana, bo])
    assert [one.family for one in clinic.read(meeting_line, meeting).invited] == ["Okafor", "Ruiz-Moreno"]
    with pytest.raises(Invalid):
        clinic.run(edit_class, meeting, None, came=[ana])
    assert {one.status for one in clinic.read(meeting_line, meeting).invited} == {"invited"}
    with pytest.raises(Invalid):
        clinic.run(hold_class, [], topic="falls", date=MON)


def test_a_class_that_moves_takes_its_teachings_along(clinic: Clinic, ana: bytes) -> None:
    meeting = clinic.run(hold_class, [ana], topic="falls", date=MON, came=[ana]).id
    clinic.run(edit_class, meeting, None, topic="medicines", date=MON - timedelta(1))
    line = only(clinic, ana)
    assert (line.topic, line.date) == ("medicines", MON - timedelta(1))


def test_undo_takes_a_whole_class_back(clinic: Clinic, ana: bytes, bo: bytes) -> None:
    meeting = clinic.run(hold_class, [ana, bo], topic="falls", date=MON, came=[ana, bo]).id
    clinic.undo(clinic_seq(clinic))
    assert clinic.read(teachings, ana) == [] and clinic.read(classes_of, bo) == []
    with pytest.raises(Gone):
        clinic.read(meeting_line, meeting)


def clinic_seq(clinic: Clinic) -> int:
    from cmp_tui.clinic.history import last_undoable

    done = clinic.read(last_undoable)
    assert done is not None
    return done.seq


# Hand-outs


def test_every_page_prints_in_both_languages(clinic: Clinic) -> None:
    fonts = clinic.reference.path("fonts")
    for topic in topic_book(clinic.reference).topics.values():
        for page in topic.pages.values():
            document = handout(page, "Clinic", "", "Ana Ruiz-Moreno", SIZES[-1])
            assert page_count(document, fonts) == 1, page.title
            words = as_text(document)
            assert page.title in words and page.sections[2].heading in words and "____" in words


def test_a_page_that_is_gone(clinic: Clinic) -> None:
    def look(scope: object) -> object:
        return topic_named(scope, "astrology")  # type: ignore[arg-type]

    with pytest.raises(Gone, match=r"astrology\.md"):
        clinic.read(look)


def test_people_are_added_and_taken_out(clinic: Clinic, ana: bytes, bo: bytes) -> None:
    meeting = clinic.run(hold_class, [ana, bo], topic="falls", date=MON, came=[ana, bo]).id
    clinic.run(edit_class, meeting, None, remove=[bo])
    assert [one.patient for one in clinic.read(meeting_line, meeting).invited] == [ana]
    assert clinic.read(teachings, bo) == [] and only(clinic, ana).topic == "falls"
    with pytest.raises(Invalid, match="Nobody would be left"):
        clinic.run(edit_class, meeting, None, remove=[ana])
    clinic.run(edit_class, meeting, None, invite=[bo], came=[ana, bo])
    assert only(clinic, bo).meeting == meeting


def test_a_class_is_struck_out_for_everybody(clinic: Clinic, ana: bytes, bo: bytes) -> None:
    meeting = clinic.run(hold_class, [ana, bo], topic="falls", date=MON, came=[ana]).id
    clinic.run(strike_class, meeting, "was called off")
    assert clinic.read(teachings, ana) == [] and clinic.read(classes_of, bo) == []
    with pytest.raises(Gone):
        clinic.read(meeting_line, meeting)
    clinic.undo(clinic_seq(clinic))
    assert len(clinic.read(meeting_line, meeting).invited) == 2 and only(clinic, ana).topic == "falls"
