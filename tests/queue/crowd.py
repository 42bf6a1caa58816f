"""A whole clinic of random people, contacts, tasks and times, made in one change from a seed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from cmp_tui.assessments.model import Tier
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.rights import ACTIONS, CARE, Right, Rights
from cmp_tui.clinic.text import fold
from cmp_tui.contacts.model import Contact, TimeEntry
from cmp_tui.enrollment.model import Consent, Enrollment
from cmp_tui.patients.model import Condition, Patient
from cmp_tui.tasks.model import Snooze, Task

RIGHTS = Rights({**ACTIONS, "crowd.crowd": Right(CARE)})
FAMILIES = (
    "Okafor",
    "Tran",
    "Weiss",
    "Bell",
    "Nguyễn",
    "Ruiz-Moreno",
    "田中",
    "O'Neil",
    "Ångström",
    "de la Cruz",
)
GIVEN = ("Ana", "James", "Linh", "Ruth", "Tom", "Zoë", None)
GROUPS = (("diabetes", "Type 2 diabetes"), ("hypertension", "Essential hypertension"), (None, "Loose tooth"))


def fill(clinic: Clinic, size: int, seed: int = 1, busy: float = 1.0) -> list[bytes]:
    """Fills a clinic with `size` patients and what belongs to them; returns their keys."""
    clinic.rights = RIGHTS
    return clinic.run(crowd, size, seed, busy)


def crowd(change: Change, size: int, seed: int, busy: float) -> list[bytes]:
    """The one change: `busy` scales how many contacts and tasks a patient has."""
    random = Random(seed)
    staff = sorted(key for (key,) in rows(Staff.live(Staff.id).where(Staff.credential != "none")))
    patients = change.add_many(Patient, [_patient(random, number, staff) for number in range(size)])
    many: dict[type[Any], list[Mapping[str, Any]]] = {
        Condition: [], Consent: [], Enrollment: [], Contact: [], TimeEntry: [], Task: [], Snooze: []
    }  # fmt: skip
    for key in patients:
        _add_care(random, change.today, key, staff, many)
        for _ in range(int(random.random() * 4 * busy)):
            _add_contact(random, change.now, key, staff, many)
        for _ in range(int(random.random() * 2 * busy)):
            many[Task].append(_task(random, change, key, staff))
        if random.random() < 0.1:
            source = random.choice(("attempt", "not-reached", "minutes"))
            until = change.today + timedelta(random.randrange(-3, 9))
            many[Snooze].append({"patient": key, "source": source, "until": until, "why": "later"})
    for model, lines in many.items():
        change.add_many(model, lines)
    _add_tiers(change, Random(seed + 1), patients)
    return patients


def _add_tiers(change: Change, random: Random, patients: list[bytes]) -> None:
    """Most have a tier, some of them set by hand, some struck out, and a few have two rows, as an import left them."""
    tiers = []
    for key in patients:
        for _ in range(random.choice((0, 1, 1, 1, 1, 2))):
            own = random.randint(1, 6) if random.random() < 0.3 else None
            tier = random.randint(1, 6)
            tiers.append(
                {"patient": key, "tier": tier, "points": tier, "computed_on": change.today, "set_tier": own}
            )
    for key in change.add_many(Tier, tiers):
        if random.random() < 0.1:
            change.strike(Tier, key, "by mistake")


def _patient(random: Random, number: int, staff: list[bytes]) -> dict[str, Any]:
    family, given = random.choice(FAMILIES), random.choice(GIVEN)
    born = date(1925, 1, 1) + timedelta(random.randrange(36_500))
    return {
        "mrn": f"M-{number:05}",
        "family": family,
        "given": given,
        "folded": fold(f"{family} {given or ''}"),
        "birth_date": random.choice((born.isoformat(), f"{born:%Y-%m}", f"{born:%Y}", None)),
        "sex": random.choice("FMXU"),
        "deceased": random.random() < 0.05,
        "care_manager": random.choice((*staff, staff[0], None)),
        "payer": random.choice(("Medicare", "Medicaid", "Medicare Advantage", None)),
        "language": random.choice(("English", "Spanish", None)),
    }


def _add_care(
    random: Random,
    today: date,
    key: bytes,
    staff: list[bytes],
    many: dict[type[Any], list[Mapping[str, Any]]],
) -> None:
    for group, display in GROUPS:
        if random.random() < 0.4:
            status = random.choice(("active", "active", "resolved", "relapse"))
            many[Condition].append(
                {
                    "patient": key,
                    "display": display,
                    "group": group,
                    "chronic": group is not None,
                    "status": status,
                }
            )
    if random.random() < 0.7:
        start = today - timedelta(random.randrange(400))
        decision = random.choice(("accepted", "accepted", "accepted", "declined"))
        many[Consent].append(
            {
                "patient": key,
                "program": "CCM",
                "decision": decision,
                "date": start,
                "mode": "verbal",
                "taken_by": staff[0],
            }
        )
        if decision == "accepted":
            ended = random.random() < 0.15
            many[Enrollment].append(
                {
                    "patient": key, "program": random.choice(("CCM", "CCM", "CCM", "RPM")),
                    "status": "finished" if ended else random.choice(("active", "active", "onhold")), "start": start,
                    "end": today - timedelta(random.randrange(-3, 3)) if ended else None,
                }
            )  # fmt: skip


def _add_contact(
    random: Random,
    now: datetime,
    key: bytes,
    staff: list[bytes],
    many: dict[type[Any], list[Mapping[str, Any]]],
) -> None:
    at = now - timedelta(minutes=random.randrange(60 * 24 * 70))
    who = random.choice(staff)
    outcome = random.choice(("reached", "voicemail", "no-answer", "refused", "not-applicable"))
    with_whom = random.choice(("patient", "patient", "patient", "caregiver", "pharmacy"))
    many[Contact].append(
        {
            "patient": key, "staff": who, "at": at, "mode": "phone", "outcome": outcome, "with_whom": with_whom,
            "signed_as": "Someone, RN", "signed_at": at,
        }
    )  # fmt: skip
    if random.random() < 0.6:
        end = min(now, at + timedelta(seconds=random.randrange(1, 1500)))
        size = random.choice((1, 1, 1, 3))
        many[TimeEntry].append(
            {
                "patient": key, "staff": who, "start": at, "end": end, "credential": "RN", "clinical": True,
                "program": "CCM", "activity": "call", "entered_at": now, "group_size": size,
                "group_place": random.randrange(size),
            }
        )  # fmt: skip


def _task(random: Random, change: Change, key: bytes, staff: list[bytes]) -> dict[str, Any]:
    handed = random.random() < 0.1
    settled = random.random() < 0.3
    return {
        "patient": key,
        "kind": random.choice(("follow-up", "call-back")),
        "title": f"task {random.randrange(1000)}",
        "due": change.today + timedelta(random.randrange(-20, 80)),
        "assignee": random.choice(staff),
        "status": "completed" if settled else "received" if handed else "requested",
        "handed_by": staff[0] if handed else None,
        "settled_at": change.now if settled else None,
        "snoozed_until": change.today + timedelta(random.randrange(1, 9)) if random.random() < 0.1 else None,
    }
