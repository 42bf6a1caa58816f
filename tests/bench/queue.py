"""Today's order and its first page, with people on their way into programs and care plans: what the sources about
enrollment, consents, concerns, plans and teaching cost beside those of a day's work, in the same run."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from types import MappingProxyType
from typing import Any

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.rights import ACTIONS, CARE, Right, Rights
from cmp_tui.contacts.model import Contact
from cmp_tui.enrollment.model import Consent, Enrollment, Intake
from cmp_tui.patients.model import Patient
from cmp_tui.queue import queries, sources, transition_sources, work_sources
from tests.bench.big_clinic import open_big
from tests.bench.big_plans import fill_plans
from tests.bench.common import Bench, Figure, fine, ms, times

SEED = 11
SHARE = 0.3
"""Of the patients have an intake: half of them on the way, the others ended or enrolled."""
BEFORE = MappingProxyType({one.name: one for one in (*work_sources.SOURCES, *transition_sources.SOURCES)})
AIM = len(sources.SOURCES) / len(BEFORE)
"""No source costs more than those of a day's work do."""
PANEL = 250
"""Patients on the panel that is looked at."""
MOST = 0.030
"""Seconds: the whole queue of a panel among 100,000 patients."""


def run(bench: Bench) -> Iterator[Figure]:
    path = bench.folder / "queue.cmp"
    shutil.copyfile(bench.clinic, path)
    path.chmod(0o600)
    clinic = open_big(path)
    clinic.rights = Rights(
        {
            **ACTIONS,
            "queue.fill": Right(CARE),
            "queue.shrink": Right(CARE),
            "big_plans.fill_plans": Right(CARE),
        }
    )
    try:
        clinic.run(shrink)
        count = clinic.run(fill)
        plans = clinic.run(fill_plans)
        patients = f"{bench.size.shape.patients:,} patients, {count:,} intakes, {plans:,} plans"
        for whose in ("mine", "team"):
            rows = len(clinic.read(queries.ranked, whose))
            mine, floor = _both(bench, lambda whose=whose: clinic.read(queries.ranked, whose))  # type: ignore[misc]
            yield Figure(
                f"Today's order, {whose}, {rows:,} rows ({patients})", ms(mine), f"{ms(floor)} a day's work alone",
                times(mine, floor), aim=f"≤ {AIM:.2g}×", meets=mine <= AIM * floor,
            )  # fmt: skip
            if whose == "mine":
                yield Figure(
                    f"… of a panel of {PANEL}, all {len(sources.SOURCES)} sources", fine(mine),
                    aim=f"≤ {fine(MOST)}", meets=mine <= MOST,
                )  # fmt: skip
        mine, floor = _both(bench, lambda: clinic.read(queries.page, "mine"))
        yield Figure("… its first page with its words, mine", ms(mine), ms(floor), times(mine, floor))
    finally:
        clinic.close_here()
        path.unlink()


def shrink(change: Change) -> None:
    """Leaves the person a panel of PANEL; the others go to a colleague."""
    own = Patient.live(Patient.id).where(Patient.care_manager == change.who.id).order_by(Patient.id)
    other = Patient.live(Patient.care_manager).where(Patient.care_manager != change.who.id).limit(1).scalar()
    keys = [bytes(key) for (key,) in own.tuples()]
    change.edit_many(Patient, [(key, {"care_manager": other}) for key in keys[PANEL:]] if other else [])


def _both(bench: Bench, work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds with all sources, and with those of a day's work alone."""

    def once(known: Any) -> float:
        queries.SOURCES = known
        try:
            began = time.perf_counter()
            work()
            return time.perf_counter() - began
        finally:
            queries.SOURCES = sources.SOURCES

    return bench.repeat(lambda: once(sources.SOURCES), lambda: once(BEFORE))


def fill(change: Change) -> int:
    """Puts people on their way into programs: in every stage, tried, asked, ended, to come back."""
    rng, today = Random(SEED), change.today
    intakes: list[dict[str, Any]] = []
    contacts: list[dict[str, Any]] = []
    consents: list[dict[str, Any]] = []
    people = list(Patient.live(Patient.id, Patient.care_manager).order_by(Patient.id).tuples())
    for key, manager in people:
        if rng.random() < SHARE:
            _one(rng, change, bytes(key), manager, intakes, contacts, consents)
    for model, rows in ((Intake, intakes), (Contact, contacts), (Consent, consents)):
        change.add_many(model, rows)
    for row in list(
        Enrollment.live(Enrollment.id).where(Enrollment.status == "active").limit(len(people) // 100)
    ):
        until = today + timedelta(days=rng.randint(-5, 40))
        change.edit(Enrollment, row.id, None, status="onhold", ended="hold", hold_until=until)
    return len(intakes)


def _one(
    rng: Random, change: Change, key: bytes, manager: Any, intakes: Any, contacts: Any, consents: Any
) -> None:
    received = change.today - timedelta(days=rng.randint(1, 50))
    stage = rng.choice(
        ("intake", "outreach", "outreach", "eligibility", "consent", "enrolled", "ended", "ended")
    )
    source = rng.choice(("provider-referral", "claims", "list", "self-referral"))
    row: dict[str, Any] = {
        "patient": key, "source": source, "received": received, "by": "Dr. Kim", "program": "CCM", "stage": stage,
        "outreach_on": received, "eligibility_on": received, "consent_on": received, "enrolled_on": received,
        "owner": manager if rng.random() < 0.7 else None,
    }  # fmt: skip
    if stage == "ended":
        row |= {"ended_on": received, "end": "unable-to-reach", "back_on": _back(rng, received)}
    intakes.append(row)
    for number in range(rng.randint(0, 3) if stage == "outreach" else 0):
        at = change.now - timedelta(days=9 - 3 * number, hours=rng.randint(0, 6))
        contacts.append(
            {
                "patient": key, "staff": change.who.id, "at": at, "mode": "phone", "outcome": "voicemail",
                "with_whom": "patient", "signed_as": "Someone, RN", "signed_at": at,
            }
        )  # fmt: skip
    if stage == "consent":
        consents.append({"patient": key, "program": "CCM", "decision": "asked", "date": received})


def _back(rng: Random, received: date) -> date | None:
    return received + timedelta(days=90) if rng.random() < 0.5 else None
