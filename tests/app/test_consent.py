"""Consent and papers by keys: asked, printed, a letter logged; what Today opens for each row of enrollment."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.desk.actions import log_contact
from cmp_tui.enrollment.actions import record_consent
from cmp_tui.enrollment.intake_actions import add_intake, end_intake
from cmp_tui.enrollment.intake_queries import intakes_of
from cmp_tui.enrollment.queries import consents
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.patients import paper_out
from cmp_tui.patients.actions import add_patient
from tests.app.driving import SIZES, driving
from tests.snapshots import same_as_kept, screen_text

TODAY = date(2026, 11, 23)


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    about = {"given": "Ana", "birth_date": "1948-02-11", "sex": "F", "billing_practitioner": "levin"}
    return clinic.run(add_patient, family="Ruiz-Moreno", mrn="A-1", **about).id


@pytest.fixture
def outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "outbox"
    folder.mkdir(mode=0o700)
    monkeypatch.setattr(paper_out, "make_outbox", lambda: folder)
    return folder


def ids(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


@pytest.mark.parametrize("size", SIZES, ids=ids)
async def test_a_consent_is_read_and_given(clinic: Clinic, ana: bytes, size: tuple[int, int]) -> None:
    clinic.run(add_intake, ana, source="self-referral", mode="phone", program="CCM")
    async with driving(clinic, size) as person:
        await person.press("3", "C")
        await person.go_to("decision")
        await person.press("a", "tab", "tab", "v", "tab", "space", "down")
        assert "usually a fifth" in person.text, "the sentence to say stands there"
        same_as_kept(f"consent-script-{ids(size)}", screen_text(person.app))
        await person.press("space", "down", "space", "down", "space", "ctrl+s")
    (line,) = clinic.read(consents, ana)
    assert (line.decision, line.points, line.script_version) == ("accepted", frozenset(POINTS), "ccm 2026-11")


@pytest.mark.parametrize("size", SIZES, ids=ids)
async def test_a_revocation_is_said_before(clinic: Clinic, ana: bytes, size: tuple[int, int]) -> None:
    clinic.run(
        record_consent,
        ana,
        program="CCM",
        decision="accepted",
        date=date(2026, 3, 4),
        mode="verbal",
        points=POINTS,
    )
    async with driving(clinic, size) as person:
        await person.press("2", "enter", "C")
        await person.go_to("decision")
        await person.press("r")
        shown = " ".join(person.text.split())
        assert "It holds until Mon 30 Nov, the month's end" in shown and "No other program goes on" in shown


@pytest.mark.parametrize("size", SIZES, ids=ids)
async def test_a_letter_from_the_card(
    clinic: Clinic, clock: FrozenClock, ana: bytes, outbox: Path, size: tuple[int, int]
) -> None:
    clinic.run(add_intake, ana, source="claims")
    for hours in (0, 29, 48):
        clock.at += timedelta(hours=hours)
        clinic.run(log_contact, ana, mode="phone", outcome="voicemail")
    async with driving(clinic, size) as person:
        await person.press("3", "enter")
        assert person.form is not None and person.form.spec.name == "letter"
        same_as_kept(f"letter-{ids(size)}", screen_text(person.app))
        await person.go_to("log")
        await person.press("l", "ctrl+s")
        assert person.form is None, person.text
        assert "Logged as a contact" in person.notice
    assert [one.name for one in outbox.iterdir()] == ["letter-outreach-a-1.pdf"]
    assert clinic.read(intakes_of, ana)[0].step.words == "letter sent: end it"


async def test_the_chart_prints(clinic: Clinic, ana: bytes, outbox: Path) -> None:
    clinic.run(
        record_consent,
        ana,
        program="CCM",
        decision="accepted",
        date=date(2026, 3, 4),
        mode="verbal",
        points=POINTS,
    )
    async with driving(clinic, SIZES[1]) as person:
        await person.press("2", "enter", "p")
        assert "consent text" in person.text and "letter" in person.text
        await person.press("c", "ctrl+s")
        assert "consent-a-1-CCM.pdf" in person.notice
        while person.board.row.table != "consent":
            await person.press("j")
        await person.press("y")
        assert "Copied the consent," in person.notice
        assert "[x]" in person.app.clipboard and "accepted 2026-03-04" in person.app.clipboard
        await person.press("p")
        assert person.form is not None and person.form.spec.title == "Copy of the consent"
        await person.press("ctrl+s")
    assert sorted(one.name for one in outbox.iterdir()) == ["consent-a-1-CCM-2.pdf", "consent-a-1-CCM.pdf"]


@pytest.mark.parametrize("size", SIZES, ids=ids)
async def test_today_opens_what_settles_a_row(
    clinic: Clinic, clock: FrozenClock, ana: bytes, size: tuple[int, int]
) -> None:
    clock.at -= timedelta(days=30)
    intake = clinic.run(add_intake, ana, source="provider-referral", by="Dr. Kim", program="CCM")
    bell = clinic.run(add_patient, family="Bell", given="Tom", birth_date="1950-01-01", sex="M").id
    clinic.run(add_intake, bell, source="claims")
    cole = clinic.run(add_patient, family="Cole", given="Ida", birth_date="1950-01-01", sex="F").id
    clinic.run(record_consent, cole, program="BHI", decision="asked", date=TODAY - timedelta(30), mode=None)
    back = TODAY - timedelta(days=1)
    clinic.run(end_intake, intake.id, None, end="unable-to-reach", back_on=back)
    clock.at += timedelta(days=30)
    opened = {}
    async with driving(clinic, size) as person:
        same_as_kept(f"today-enrollment-{ids(size)}", screen_text(person.app))
        for place in range(4):
            await person.press("g", *["j"] * place, "d")
            assert person.form is not None
            name = person.form.spec.name
            opened[person.row.source] = (name, person.value("program") if name == "consent" else None)
            await person.press("escape")
    assert opened == {
        "outreach": ("take-up", None), "comes-back": ("reopen-intake", None),
        "answer-referrer": ("answer-intake", None), "consent-asked": ("consent", "BHI"),
    }  # fmt: skip
