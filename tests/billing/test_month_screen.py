"""The Month on the screen, with keys: what is in the way and mended, other months, filters, the packet, the close."""

from __future__ import annotations

import stat
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from cmp_tui.billing.month_board import month_again, month_board
from cmp_tui.billing.month_facts import month_facts
from cmp_tui.billing.month_queries import month_view
from cmp_tui.billing.pace import pace_in, paces
from cmp_tui.clinic.audit import audit_page
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.closed import closed_month
from cmp_tui.desk.actions import log_contact
from cmp_tui.enrollment.actions import enroll, record_consent
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.patients.actions import add_patient
from cmp_tui.tasks.actions import add_task
from cmp_tui.ui.page import PlainPage
from cmp_tui.ui.table import WindowTable
from tests.app.driving import Driver, driving
from tests.conftest import AsUser

NOVEMBER, OCTOBER = Month(2026, 11), Month(2026, 10)
People = dict[str, bytes]


@pytest.fixture
def people(clinic: Clinic, clock: FrozenClock) -> People:
    """Dana's panel: Ready has 21 minutes, Short 12, Nell has 25 and no consent, Wait has a usual 24 and now 17."""
    now = clock.at
    keys: People = {}

    def at(month: int, day: int) -> None:
        clock.at = datetime(2026, month, day, 16, 0, tzinfo=UTC)

    at(10, 1)
    for number, family in enumerate(("Ready", "Short", "Nell", "Wait"), 1):
        keys[family] = clinic.run(
            add_patient, family=family, given="Ann", mrn=f"M-{number}", birth_date="1948-02-11", payer="Medicare",
            mbi="1EG4TE5MK73", billing_practitioner="levin",
        ).id  # fmt: skip
        if family != "Nell":
            consent = {"program": "CCM", "decision": "accepted", "date": date(2026, 10, 1), "mode": "verbal"}
            clinic.run(record_consent, keys[family], points=POINTS, **consent)
            clinic.run(enroll, keys[family], program="CCM", start=date(2026, 10, 1), practitioner="levin")
    at(10, 12)
    clinic.run(log_contact, keys["Wait"], mode="phone", outcome="reached", minutes=24)
    for family, minutes in (("Ready", 21), ("Short", 12), ("Nell", 25), ("Wait", 17)):
        at(11, 10 + minutes % 7)
        clinic.run(log_contact, keys[family], mode="phone", outcome="reached", minutes=minutes, program="CCM")
    clock.at = now
    clinic.run(add_task, title="weigh her", due=date(2026, 11, 23), patient=keys["Short"])
    return keys


def shown(person: Driver) -> list[tuple[str, str]]:
    """The rows that the list holds: how they stand, and whom they are about."""
    table = person.board.query_one("#rows", WindowTable)
    return [(row.state, row.family) for _, row in table._window.held()]


# The queries


def test_the_board_reads_no_more_than_the_view(clinic: Clinic, people: People, as_user: AsUser) -> None:
    assert [row.family for row in clinic.read(month_board, NOVEMBER).rows] == [
        "Nell",
        "Short",
        "Wait",
        "Ready",
    ]
    ben = as_user("ben")
    assert ben.read(month_board, NOVEMBER).rows == []
    assert len(ben.read(month_board, NOVEMBER, "team").rows) == 4


def test_the_board_and_the_month_agree(clinic: Clinic, people: People) -> None:
    rows = {row.mrn: row for row in clinic.read(month_board, NOVEMBER, "team").rows}
    for result in clinic.read(month_view, NOVEMBER).patients:
        assert (rows[result.facts.mrn].lines != "") == bool(result.lines)
    assert set(rows) == {result.facts.mrn for result in clinic.read(month_view, NOVEMBER).patients}


def test_few_or_many_are_read_alike(clinic: Clinic, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = clinic.read(month_facts, NOVEMBER)
    monkeypatch.setattr("cmp_tui.billing.month_facts.PIECE", 1)
    assert clinic.read(month_facts, NOVEMBER) == whole
    assert clinic.read(month_facts, NOVEMBER, [people["Short"]]) == [
        facts for facts in whole if facts.key == people["Short"]
    ]


def test_after_a_change_only_whom_it_is_about_is_judged_anew(clinic: Clinic, people: People) -> None:
    board = clinic.read(month_board, NOVEMBER)
    clinic.look("preview", people["Short"])
    again = clinic.read(month_again, board)
    assert again is not None and again.rows is board.rows, "a look changes nothing"
    clinic.run(log_contact, people["Short"], mode="phone", outcome="reached", minutes=9)
    again = clinic.read(month_again, board)
    assert again is not None
    assert again._replace(seq=0) == clinic.read(month_board, NOVEMBER)._replace(seq=0)
    assert {row.family: row.state for row in again.rows}["Short"] == "ready"


def test_another_day_is_read_anew(clinic: Clinic, clock: FrozenClock, people: People) -> None:
    board = clinic.read(month_board, NOVEMBER)
    clock.at = clock.at.replace(day=24)
    assert clinic.read(month_again, board) is None


def test_the_pace_is_that_of_the_months_before(clinic: Clinic, people: People) -> None:
    def asked(scope: Scope) -> dict[tuple[bytes, str], Any]:
        return paces(scope, NOVEMBER)

    known = clinic.read(asked)
    assert known == {(people["Wait"], "CCM"): (24, 24)}
    assert pace_in(known, people["Short"], "CCM") == (0, 10)


# The screen


async def test_the_month_says_what_needs_attention_first(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        await person.press("6")
        assert shown(person) == [("blocked", "Nell"), ("short", "Short"), ("way", "Wait"), ("ready", "Ready")]
        assert (
            "November 2026 · mine · 1 ready · 1 short · 1 on its way · 1 blocked · 5 working days left"
            in person.title
        )
        assert "▲ blocked    Nell, Ann" in person.text and "no consent to CCM  C" in person.text
        assert "8 more minutes by 30 Nov" in person.text
        assert "No consent to CCM in November 2026. C records" in " ".join(person.preview.split())


async def test_the_care_that_is_due_stands_before_the_minutes(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        await person.press("6", "j")
        words = " ".join(person.preview.split())
        assert (
            words.index("Care due weigh her")
            < words.index("Minutes 12")
            < words.index("8 more in 5 working days")
        )


async def test_no_consent_opens_the_consent_form(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        await person.press("6", "C")
        assert person.form is not None and person.form.spec.name == "consent"
        await person.press("escape", "m")
        await person.press("enter")
        assert person.form is not None and person.form.spec.name == "consent"
        assert person.value("program") == "CCM"


async def test_a_contact_logged_here_changes_the_row(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        await person.press("6", "j")
        clinic.run(log_contact, people["Short"], mode="phone", outcome="reached", minutes=9)
        await person.app.after_saving()
        await person.settle()
        assert {family: state for state, family in shown(person)}["Short"] == "ready"
        assert person.row.family == "Short", "the cursor stays with its row"


async def test_enter_on_minutes_opens_their_entries(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        await person.press("6", "less_than_sign", "enter")
        assert person.app.current_mode == "chart"
        table = next(table for table in person.board.query(WindowTable) if table.display)
        assert table.id == "calls" and table.row.month == OCTOBER
        await person.press("escape")
        assert person.app.current_mode == "month" and "October 2026" in person.title


async def test_other_months_and_filters(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        await person.press("6", "less_than_sign")
        assert shown(person) == [("ready", "Wait"), ("out", "Ready"), ("out", "Short")]
        await person.press("f", "'reach'", "enter")
        assert shown(person) == [("out", "Ready"), ("out", "Short")]
        assert "only out of reach" in person.title
        await person.press("escape")
        assert len(shown(person)) == 3
        await person.press("s")
        assert [family for _, family in shown(person)] == ["Ready", "Short", "Wait"]
        await person.press("greater_than_sign", "greater_than_sign", "greater_than_sign")
        assert "January 2027" in person.title and "rules for 2027 not loaded" in person.title
        assert {state for state, _ in shown(person)} <= {"short", "way", "check"}


async def test_a_view_is_a_look_that_is_logged_once(clinic: Clinic, people: People) -> None:
    def looks() -> int:
        return [one.action for one in clinic.read(audit_page, limit=200)].count("look.list")

    async with driving(clinic) as person:
        before = looks()
        await person.press("6")
        assert looks() == before + 1
        await person.press("s", "s", "less_than_sign", "greater_than_sign")
        assert looks() == before + 2, "October is another list, November is the same"
        await person.press("w")
        assert looks() == before + 3


async def test_a_packet_goes_into_the_outbox(
    clinic: Clinic, people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    async with driving(clinic) as person:
        await person.press("6", "G", "p")
        assert isinstance(person.app.screen, PlainPage)
        assert "scp" in person.text
    written = tmp_path / "data" / "cmp-tui" / "outbox" / "packet-m-1-2026-11.pdf"
    assert written.read_bytes().startswith(b"%PDF")
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert stat.S_IMODE(written.parent.stat().st_mode) == 0o700
    entry = next(one for one in clinic.read(audit_page) if one.action == "look.export")
    assert entry.patient == people["Ready"] and entry.facts["what"] == "packet"


async def test_the_charges_and_the_list_go_into_files(
    clinic: Clinic, people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    async with driving(clinic) as person:
        await person.press("6", "E", "enter", "escape", "X", "enter")
    outbox = tmp_path / "data" / "cmp-tui" / "outbox"
    charges = (outbox / "charges-2026-11-2026-11-23.csv").read_text(encoding="utf-8-sig").splitlines()
    assert charges[0].startswith("mrn,patient,birth_date,mbi,payer,code,units")
    assert [line.split(",")[0] for line in charges[1:]] == ["M-1"]
    rows = (outbox / "month-2026-11-23.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == "state,patient,MRN,programs,lines,in the way,practitioner,minutes,first code at"
    assert rows[1].startswith('blocked,"Nell, Ann",M-3,CCM,,no consent to CCM,')


async def test_masked_names_stay_masked(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        await person.press("6", "exclamation_mark")
        assert "Nell" not in person.text
        await person.press("exclamation_mark", "less_than_sign", "exclamation_mark", "L")
        assert "Wait, Ann" not in person.text


# Closing


async def test_a_month_is_closed_past_what_stands_in_the_way(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        await person.press("6", "less_than_sign", "L")
        assert "close October 2026" in person.title and "no care plan" in person.text
        await person.press("L")
        assert person.form is not None
        await person.press("enter")
        assert clinic.read(closed_month, OCTOBER) is None, "it needs a reason"
        await person.press("'plans are on paper'", "ctrl+s")
        assert person.form is None
        assert "October 2026 is closed" in person.notice
        assert "closed today by Dana Ruiz" in person.title and "1 billed" in person.title
        assert "✓ billed" in person.text
    closed = clinic.read(closed_month, OCTOBER)
    assert closed is not None and closed.reason == "plans are on paper"


async def test_what_would_come_out_otherwise_now_is_shown_beside_what_was_kept(
    clinic: Clinic, people: People
) -> None:
    async with driving(clinic) as person:
        await person.press("6", "less_than_sign", "L", "L", "'on paper'", "ctrl+s")
        clinic.run(
            log_contact, people["Wait"], mode="phone", outcome="reached", minutes=20,
            at=datetime(2026, 10, 20, 15, tzinfo=UTC), amend_why="was on paper",
        )  # fmt: skip
        await person.app.after_saving()
        await person.settle()
        assert shown(person)[0] == ("amended", "Wait")
        assert "99490  by now 99490 + 99439" in person.text
        assert "1 amended" in person.title


async def test_a_month_that_is_not_over_is_not_closed(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        await person.press("6", "L")
        assert "not over" in person.text
        await person.press("L")
        assert person.form is None and "can be closed from 1 Dec 2026 on" in person.notice
        await person.press("escape")
        assert "November 2026 · mine" in person.title


async def test_only_an_administrator_closes(as_user: AsUser, clinic: Clinic, people: People) -> None:
    async with driving(as_user("ben")) as person:
        await person.press("6", "less_than_sign", "L")
        assert "administrator" in person.notice and "close October" not in person.title
