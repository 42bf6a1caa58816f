"""Texts that have broken programs of this kind: markup, terminal sequences, scripts and signs, formulas.

They are what people write, paste and import, not attacks alone: "taper 20mg [/" is a nurse's note.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.staff import settings_list
from cmp_tui.contacts.actions import edit_contact, edit_entry
from cmp_tui.desk.actions import log_contact
from cmp_tui.encounters.actions import add_stay
from cmp_tui.encounters.appointment_actions import book
from cmp_tui.enrollment.actions import enroll, record_consent
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.medications.actions import add_medication
from cmp_tui.medications.reconcile_actions import begin, decide
from cmp_tui.medications.reconcile_queries import reconciliation
from cmp_tui.patients.actions import (
    add_allergy,
    add_condition,
    add_patient,
    add_person,
    add_phone,
    add_team_member,
    edit_patient,
    strike_record,
)
from cmp_tui.patients.directory_actions import add_provider
from cmp_tui.patients.queries import patient_card
from cmp_tui.referrals.actions import order
from cmp_tui.tasks.actions import add_task, settle_task, snooze_task

MARKUP = (
    "[/foo]", "[bold]x[/bold]", "[@click=app.quit]go[/]", "[@click='app.leave']x[/]", "taper 20mg [/", "[", "]",
    "[[", "[]", "[/]", "[/bold]", "[red", "[on red]x", "[#ff0000]x", "[$primary]x[/]", "[reverse]x[/reverse]",
    "[link=https://example.org]x[/link]", "[link='https://example.org']x[/]", "[b][i]x[/b][/i]", "\\[bold]x",
    "[not a tag]", "[1]", "[x=y]", "[bold", "**x**", "<b>x</b>", "{x}", "{0!r}", "%s%n", ":smile:", "[auto]x",
    "[dim]x[/]", "[@mouse.down=app.quit]x[/]", "[conceal]x[/]", "$text", "[=x]", "[ bold ]x[/ bold ]",
)  # fmt: skip
"""What some library or other takes for markup. Each must be shown as it stands."""

_CONTROLS = (
    "\x1b[73;17m{}", "\x1b[7317;1H{}", "\x1b[7317n", "\x1b[?7317h{}", "\x1b]52;c;{}\x07", "\x1b]52;c;{}\x1b\\",
    "\x1b]0;{}\x07", "\x1b]8;;https://{}.example\x1b\\x\x1b]8;;\x1b\\", "\x1bP+q{}\x1b\\", "\x1bP7317q{}",
    "\x1b_G{}\x1b\\", "\x1b^{}\x1b\\", "\x1bX{}\x1b\\", "\x1bc{}", "\x1b(0{}", "\x1b[2J{}", "\x1b[!p{}",
    "\x9b73;17m{}", "\x9d52;c;{}\x9c", "\x90{}\x9c", "\x85{}", "\x84{}", "\x07{}", "\x08\x08{}", "\x0b{}", "\x0c{}",
    "\x0e{}\x0f", "\x00{}", "\x7f{}", "\r{}", "\x18{}", "\x1a{}", "\x05{}", "\x1b{}", "{}\x1b", "{}\x1b[", "{}\x9b",
    "\u202e{}\u202c", "\u2066{}", "\u200b{}\ufeff", "\u2028{}",
)  # fmt: skip


def escapes(count: int) -> list[str]:
    """So many texts with control sequences in them; each carries its own mark, "PWNn"."""
    return [_CONTROLS[place % len(_CONTROLS)].format(f"PWN{place}") for place in range(count)]


NAMES = (
    "Ruiz-Moreno", "O\u2019Brien", "D'Ângelo", "Nguyễn", "Nguye\u0302\u0303n", "Łukasz", "Þórður", "Straße",
    "İnce", "ﬁnch", "Ａｎａ", "田中", "山田 太郎", "김민준", "ᄒᆞᆫ글", "Владимир", "Ελένη", "Ἀχιλλεύς",
    "محمد", "فاطمة", "לאה", "עִבְרִית", "ابن\u200cسینا", "नरेन्द्र", "சிவா", "มานี", "ကျော်", "អង្គរ",
    "👩\u200d👩\u200d👧\u200d👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🇺🇸", "❤️", "👍🏽", "1️⃣", "☎", "Zoë", "Zoe\u0308", "A\u030a", "\u212b",
    "Z\u0351\u036b\u0343a\u0306\u0334l\u0363\u0300g\u0321\u0302o\u0489", "𝕬𝖓𝖆", "ǅ", "x\u00a0y", "x\u3000y", "Al-‘Aziz",
    "de la Cruz", "N.", "-", "0", "=Ana", "Null", "None", "NaN", "undefined", "a" * 200, "田" * 100,
    "\x00nul", "lone\ud800", "\u202eLTR", "zero\u200bwidth",
)  # fmt: skip
"""Names as people bear them, and as other systems hand them on."""

FORMULAS = tuple(
    f"{lead}{rest}"
    for lead in ("", " ", "\t", "\n", '"', "'", "\u00a0", "“")
    for rest in ("=1+1", "+1+1", "-1+1", "@SUM(1)", "＝1+1", "＋1", "－1", "＠SUM(1)")
)  # fmt: skip
"""Texts that a spreadsheet program would run when it opens them in a CSV file."""


class Texts:
    """Texts one after the other, over and over; each call gives the next one that a field can take.

    Each gets a mark at its end ("q17q"), so that what a screen shows of it can be found and held against it.
    """

    def __init__(self, texts: Sequence[str], *, mark: bool = True) -> None:
        self.texts = [f"{text}q{place}q" if mark else text for place, text in enumerate(texts)]
        self._at = 0

    def __call__(self, limit: int = 120) -> str:
        for _ in self.texts:
            self._at += 1
            text = self.texts[self._at % len(self.texts)]
            if len(text) <= limit:
                return text
        raise ValueError(f"no text fits into {limit} characters")

    def lines(self) -> str:
        """Three of them, each on a line of its own."""
        return "\n".join(self() for _ in range(3))


class Crowded(NamedTuple):
    """A patient whose every text is hostile, and the records that forms open."""

    patient: bytes
    records: dict[str, bytes]
    mrn: str


def crowd(clinic: Clinic, text: Texts, count: int) -> list[Crowded]:
    """Adds patients to a practice clinic whose names, notes, numbers and reasons are all hostile texts."""
    today = clinic.clock.today(clinic.read(settings_list).zone)
    return [_crowded(clinic, text, today, number) for number in range(count)]


def _crowded(clinic: Clinic, text: Texts, today: date, number: int) -> Crowded:
    mrn = f"H{number}-{text(40)}"
    patient = clinic.run(
        add_patient, mrn=mrn, family=text(), given=text(), preferred=text(), other_names=text(), language=text(60),
        best_time=text(), street=text(), city=text(), state=text(40), postal_code=text(20), email=text(),
        mbi=text(20), billing_practitioner=text(), remarks=text.lines(), birth_date="1948-02-11", sex="F",
    ).id  # fmt: skip
    mrn = clinic.read(patient_card, patient).mrn
    records: dict[str, bytes] = {"patient": patient}

    def keep(kind: str, act: Callable[..., Any], /, *args: Any, **values: Any) -> None:
        records[kind] = clinic.run(act, *args, **values).id

    keep("phone", add_phone, patient, number=text(40), remarks=text())
    keep(
        "condition",
        add_condition,
        patient,
        display=text(),
        own_words=text(),
        code=text(40),
        confirmed_by=text(),
    )
    keep("allergy", add_allergy, patient, substance=text(), reaction=text(), severity="severe")
    keep(
        "person",
        add_person,
        patient,
        name=text(),
        language=text(60),
        phone=text(40),
        remarks=text(),
        may_talk=True,
    )
    keep(
        "team-member",
        add_team_member,
        patient,
        name=text(),
        specialty=text(),
        organization=text(),
        fax=text(40),
    )
    keep(
        "stay", add_stay, patient, kind="inpatient", admitted=today - timedelta(days=9),
        discharged=today - timedelta(days=3), discharged_to="home", facility=text(), reason=text(), heard_from=text(),
        remarks=text.lines(),
    )  # fmt: skip
    day = today - timedelta(days=20)
    keep(
        "consent", record_consent, patient, program="CCM", decision="accepted", date=day, mode="verbal",
        points=POINTS, practitioner=text(), remarks=text(),
    )  # fmt: skip
    keep("enrollment", enroll, patient, program="CCM", start=day, practitioner=text(), reason=text())
    logged = clinic.run(
        log_contact, patient, mode="phone", outcome="reached", minutes=1 + number, why=text.lines(), did=text.lines(),
        changed=text(), next=text(), next_title=text(), next_due=today, practitioner=text(),
    )  # fmt: skip
    assert logged.task is not None
    records |= {
        "contact-edit": logged.contact.id,
        "entry": logged.entries[0].id,
        "snooze-task": logged.task.id,
        "settle-task": logged.task.id,
        "hand-over": logged.task.id,
        "task": logged.task.id,
    }
    clinic.run(edit_contact, records["contact-edit"], None, text(), did=text.lines())
    clinic.run(edit_entry, records["entry"], None, why=text(), note=text.lines())
    clinic.run(edit_patient, patient, None, family=text(), remarks=text())
    keep(
        "provider", add_provider, name=text(), specialty=text(), organization=text(), phone=text(40), fax=text(40),
        hours=text(), address=text(), remarks=text.lines(),
    )  # fmt: skip
    keep(
        "referral", order, patient, kind="specialist", what=text(), question=text.lines(), ordered_by=text(),
        provider=records["provider"], records=text(), need=text(40), remarks=text.lines(),
    )  # fmt: skip
    keep(
        "appointment", book, patient, day=today + timedelta(days=1), what=text(), kind="specialist", with_whom=text(),
        place=text(), phone=text(40), transport="wanted", remarks=text(),
    )  # fmt: skip
    keep("past-appointment", book, patient, day=today - timedelta(days=2), what=text(), with_whom=text())
    keep(
        "medication", add_medication, patient, display=text(), dosage=text(), reason=text(), prescriber=text(),
        taking="differently", taken_how=text(),
    )  # fmt: skip
    keep("reconcile-sign", begin, patient, list_from="hospital", text=text.lines())
    walk = clinic.read(reconciliation, records["reconcile-sign"])
    for line in walk.lines[:1]:
        records["reconcile-line"] = clinic.run(decide, line.id, None, None, text()).id
    keep("snoozed", add_task, title=text(), due=today, patient=patient, why=text())
    clinic.run(snooze_task, records["snoozed"], today + timedelta(days=2), text())
    keep("settled", add_task, title=text(), due=today, patient=patient, why=text())
    clinic.run(settle_task, records["settled"], how=text())
    keep("struck", add_allergy, patient, substance=text())
    clinic.run(strike_record, "allergy", records["struck"], text())
    return Crowded(patient, records, mrn)
