"""What the last month's billing shows: other programs beside CCM, transitions, and what stands in the way of closing.

Everything happens in the first weeks of that month, at moments that nothing else takes, so that it is over on every
day of the year and Today stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from cmp_tui.billing.model import Complexity
from cmp_tui.careplan.model import Plan
from cmp_tui.clinic.calendar import Month, add_business_days
from cmp_tui.clinic.records import Record
from cmp_tui.desk.actions import log_contact
from cmp_tui.encounters.model import Stay, Visit
from cmp_tui.enrollment.actions import enroll, record_consent
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.exchange.demo.actions import make_demo
from cmp_tui.exchange.demo.cast import NOT_COUNTED, Cast
from cmp_tui.exchange.demo.papers import plan_row
from cmp_tui.exchange.demo.people import Persona
from cmp_tui.exchange.demo.plan import Item
from cmp_tui.exchange.demo.records import IN_PROGRAM, PRACTITIONER, Row
from cmp_tui.exchange.demo.stage import Desk, Stage
from cmp_tui.exchange.demo.story import Story
from cmp_tui.measurements.model import DeviceDays
from cmp_tui.patients.actions import edit_patient

COMPLEX_MINUTES = 63
"""More than the 60 minutes of complex CCM."""
LONGEST = 19
"""Minutes of one piece of work at the most."""
PERIOD = timedelta(days=29)
"""From the first to the last day of a period of remote monitoring."""


class MonthStory:
    """The story of the last month, for the people who have a part in it."""

    def __init__(self, story: Story, cast: Cast, items: Sequence[Item], seed: int) -> None:
        self._story, self._cast, self._items = story, cast, items
        self._rng = Random(f"{seed} month stories")
        self._days = story.days
        self._month = Month.of(story.days.today).previous()
        self._workdays = story.days.business(self._month.first, self._month.last)

    def write(self) -> None:
        """Writes every step."""
        self._behavior()
        self._monitored()
        self._principal()
        self._advanced()
        self._complex()
        self._transitions()
        self._at_once()

    # -- programs --------------------------------------------------------------------------------------------

    def _behavior(self) -> None:
        """Behavioral health beside CCM, each with its own minutes."""
        persona = self._cast.parts["behavior"]
        self._joins(persona, "BHI", self._workdays[1])
        self._call(persona, self._workdays[5], 13, "behavior", "BHI")
        self._work(persona, self._workdays[7], 9, "coordination", "behavior-desk", "BHI")

    def _monitored(self) -> None:
        """One patient with a scale since the month before, with a full period; one who has just begun."""
        begun, new = self._cast.parts["monitored"], self._cast.parts["monitored-new"]
        before = self._month.previous()
        self._joins(begun, "RPM", self._days.business(before.first, before.last)[3])
        self._joins(new, "RPM", self._workdays[2])
        self._call(begun, self._workdays[6], 12, "monitored", "RPM")
        self._work(begun, self._workdays[9], 10, "records-review", "monitored-desk", "RPM")
        self._call(new, self._workdays[5], 13, "monitored-new", "RPM")
        end = self._month.first + timedelta(days=25)
        for persona, count in ((begun, 26), (new, 11)):
            row = {"start": end - PERIOD, "end": end, "days": count}
            self._bring(persona, add_business_days(end, 1), {DeviceDays: [row]}, "iris")

    def _principal(self) -> None:
        """Principal care management: one disease, in no other program."""
        persona = self._cast.parts["principal"]
        day = self._workdays[1]
        self._joins(persona, "PCM", day)
        plan = plan_row(persona, b"", day, day, self._rng, program="PCM")
        self._bring(persona, add_business_days(day, 1), {Plan: [plan]}, "levin")
        self._call(persona, self._workdays[4], 18, "principal", "PCM")
        self._work(persona, self._workdays[8], 17, "coordination", "principal-desk", "PCM")

    def _advanced(self) -> None:
        """Advanced primary care management: by the month, whatever the minutes; a patient with Medicaid too."""
        persona, day = self._cast.parts["advanced"], self._workdays[1]
        self._joins(persona, "APCM", day)

        def beneficiary(stage: Stage, desk: Desk, patient: bytes) -> None:
            desk.run(edit_patient, patient, None, qmb=True)

        self._story.do(self._days.at(day, 17, 30), "dana", persona, beneficiary)
        self._call(persona, self._workdays[6], 9, "advanced", "APCM")

    def _complex(self) -> None:
        """Two months of more than an hour: one that the practitioner judged, one that nobody did."""
        judged, not_judged = self._cast.parts["complex"], self._cast.parts["not-judged"]
        for persona in (judged, not_judged):
            missing, place = COMPLEX_MINUTES - self._minutes(persona), 0
            while missing > 0:
                minutes = min(missing, LONGEST) if missing > LONGEST + 4 else missing
                text = f"complex-{place % 3 + 1}"
                day = self._workdays[2 + 3 * place % 10]
                self._work(persona, day, minutes, "coordination", text, "CCM")
                missing, place = missing - minutes, place + 1
        row = {"month": str(self._month), "program": "CCM", "practitioner": PRACTITIONER, "mdm": "moderate"}
        self._bring(judged, self._workdays[-2], {Complexity: [row]}, "levin")

    # -- transitions -----------------------------------------------------------------------------------------

    def _transitions(self) -> None:
        """Two who came home: seen within a week with their medicines gone through, and later without that."""
        home = self._workdays[3]
        seen = add_business_days(home, 3)
        self._transition("home-again", home, seen, "high", seen)
        home = self._workdays[2]
        self._transition("not-reconciled", home, add_business_days(home, 7), "moderate", None)

    def _transition(self, part: str, home: date, seen: date, mdm: str, reconciled: date | None) -> None:
        persona, hospitals = self._cast.parts[part], self._story.words.hospitals
        stay: Row = {
            "kind": "inpatient",
            "facility": self._rng.choice(hospitals.names),
            "admitted": home - timedelta(days=4),
            "discharged": home,
            "discharged_to": "home",
            "reason": self._rng.choice(hospitals.reasons),
            "medications_reconciled_on": reconciled.isoformat() if reconciled else None,
        }
        visit: Row = {
            "date": seen,
            "kind": "tcm",
            "practitioner": PRACTITIONER,
            "what": "visit after the hospital",
            "mdm": mdm,
        }
        self._call(persona, add_business_days(home, 1), 14, part, "CCM")
        self._bring(persona, add_business_days(seen, 1), {Stay: [stay], Visit: [visit]}, "iris")

    # -- what is wrong ---------------------------------------------------------------------------------------

    def _at_once(self) -> None:
        """Three minutes that stand with two patients."""
        first, second = self._cast.parts["at-once-first"], self._cast.parts["at-once-second"]
        at = self._story.diary.find("dana", self._workdays[8], 21, self._rng)
        self._story.time("dana", first, at, 12, "care-plan", "at-once-first")
        later = at + timedelta(minutes=9)
        entered = at + timedelta(minutes=25)
        self._story.time("dana", second, later, 12, "medication", "at-once-second", entered=entered)

    # -- how it is written -----------------------------------------------------------------------------------

    def _minutes(self, persona: Persona) -> int:
        """What counts in the month without this story."""
        first, after = self._days.at(self._month.first, 0), self._days.at(self._month.next().first, 0)
        return sum(
            item.minutes
            for item in self._items
            if item.persona is persona and first <= item.start < after and item.note.activity != NOT_COUNTED
        )

    def _joins(self, persona: Persona, program: str, day: date) -> None:
        """Agrees to a program and is enrolled in it."""
        said = {"decision": "accepted", "date": day, "mode": "verbal", "points": POINTS}

        def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
            with_whom = {"program": program, "practitioner": PRACTITIONER}
            desk.run(record_consent, patient, **said, **with_whom, script_version=f"{day:%Y}-1")
            desk.run(enroll, patient, start=day, **with_whom)

        self._story.do(self._days.at(day, 17, 20), "dana", persona, deed)

    def _call(self, persona: Persona, day: date, minutes: int, text: str, program: str) -> None:
        who = persona.manager or "dana"
        at = self._story.diary.find(who, day, minutes, self._rng)
        form: dict[str, Any] = {"at": at, "minutes": minutes, "mode": "phone", "outcome": "reached"}
        form |= {**IN_PROGRAM, "program": program, **self._story.text(text)}

        def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
            desk.run(log_contact, patient, **form)

        self._story.do(at + timedelta(minutes=minutes, seconds=35), who, persona, deed)

    def _work(
        self, persona: Persona, day: date, minutes: int, activity: str, text: str, program: str
    ) -> None:
        who = persona.manager or "dana"
        at = self._story.diary.find(who, day, minutes, self._rng)
        self._story.time(who, persona, at, minutes, activity, text, program=program)

    def _bring(self, persona: Persona, day: date, batch: dict[type[Record], list[Row]], who: str) -> None:
        """Rows of a patient, on the morning of a day that is past."""

        def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
            rows = {model: [{**row, "patient": patient} for row in part] for model, part in batch.items()}
            desk.run(make_demo, rows)

        self._story.do(self._days.at(min(day, self._days.back(1)), 7, 45), who, persona, deed)
