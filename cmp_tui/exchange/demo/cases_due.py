"""The awkward cases that are due in Today: tries, tasks of every kind, hand-overs, a lent panel, a draft, a timer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cmp_tui.clinic.calendar import add_business_days
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.contacts.actions import park_timer, start_timer
from cmp_tui.encounters.model import Stay
from cmp_tui.exchange.demo.actions import make_demo
from cmp_tui.exchange.demo.records import day_text
from cmp_tui.exchange.demo.stage import Stage, Step
from cmp_tui.exchange.demo.story import Story
from cmp_tui.patients.actions import lend_panel
from cmp_tui.tasks.actions import acknowledge, add_task, snooze_task


def tries(story: Story) -> None:
    """A first, a second and a third try, and attempts that left no task."""
    days, forms = story.days, story.tries()
    okafor = story.one("third-try")
    story.contact("dana", okafor, days.back(6), 9, 0, 2, **next(forms), next_due=days.back(4), next_time="afternoon")
    story.contact("dana", okafor, days.back(4), 15, 10, 1, **next(forms), next_due=days.back(2), next_time="morning")
    second = story.one("second-try")
    story.contact("dana", second, days.back(2), 9, 20, 2, **next(forms), next_due=days.today, next_time="afternoon")
    story.contact("dana", story.one("no-answer"), days.back(2), 9, 10, 1, **next(forms))
    story.contact("dana", story.one("voicemail"), days.back(1), 9, 30, 1, **next(forms))
    story.contact(
        "dana", story.one("wrong-number"), days.back(3), 10, 0, 2, outcome="wrong-number",
        did="The number belongs to a bakery now. Asked the front desk for another one.",
    )  # fmt: skip


def own_tasks(story: Story) -> None:
    """Overdue, due today, coming up, put off, and come back from being put off."""
    days = story.days
    report = story.one("report-missing")
    story.task(
        "dana", report, days.at(days.back(7), 16, 12), title="cardiology report not in", kind="records", due=days.today,
        why=f"Referral sent {day_text(days.back(14))}; the office said a week.",
    )  # fmt: skip
    story.task(
        "dana", story.one("overdue-authorization"), days.at(days.back(6), 11, 41), kind="paperwork", due=days.back(3),
        title="prior authorization for the inhaler: plan has not answered",
    )  # fmt: skip
    story.task(
        "dana", story.one("overdue-pillbox"), days.at(days.back(5), 9, 12), kind="other", due=days.back(1),
        title="fill the pill box for two weeks", due_time="morning",
    )  # fmt: skip
    story.task(
        "dana", story.one("plan-review"), days.at(days.back(5), 16, 2), kind="follow-up",
        due=add_business_days(days.today, 2), title="plan review, yearly",
    )  # fmt: skip
    later = days.today + timedelta(days=3)
    story.task(
        "dana", story.one("snoozed"), days.at(days.back(4), 13, 20), "snoozed", kind="appointment", due=days.back(2),
        title="book the memory clinic",
    )  # fmt: skip
    _snooze(story, "snoozed", days.back(3), later, "Gail is away until then and wants to come along")
    story.task(
        "dana", story.one("snooze-back"), days.at(days.back(8), 10, 20), "back", kind="records", due=days.back(6),
        title="thyroid result from the hospital lab",
    )  # fmt: skip
    _snooze(story, "back", days.back(5), days.today, "their lab system is down")


def _snooze(story: Story, case: str, day: Any, until: Any, why: str) -> None:
    persona = story.one("snooze-back" if case == "back" else case)

    def deed(stage: Stage, desk: Clinic, patient: bytes) -> None:
        desk.run(snooze_task, stage.tasks[case], until, why)

    story.do(story.days.at(day, 8, 25), "dana", persona, deed)


def handed_over(story: Story) -> None:
    """Three tasks handed to Dana that she has not seen yet; two of hers with the practitioner, one of them seen."""
    days = story.days
    story.task(
        "levin", story.one("handed-potassium"), days.at(days.back(1), 17, 12), to="dana", due=days.today,
        title="potassium 5.4: stop the salt substitute, repeat the lab this week", why="Tell the patient today, please.",
    )  # fmt: skip
    story.task(
        "ben", story.one("handed-supplies"), days.at(story.before_this_week(1), 16, 40), to="dana", kind="other",
        due=days.today, title="dressings not delivered: call the supplier", why="Order number is in the last note.",
    )  # fmt: skip
    at = days.at(days.back(1), 17, 20)

    def everyone(stage: Stage) -> None:
        stage.desk("levin").run(
            add_task, title="list of people without a flu shot, for the huddle", due=days.today, kind="other",
            assignee=stage.staff["dana"],
        )  # fmt: skip

    story.steps.append(Step(at, everyone))
    story.task(
        "dana", story.extra("heart-failure"), days.at(days.back(3), 14, 31), "asked", to="levin",
        kind="ask-practitioner", due=days.back(1), title="may the water pill go to once a day?",
    )  # fmt: skip
    story.do(
        days.at(days.back(2), 12, 50), "levin", story.one("handed-potassium"),
        lambda stage, desk, patient: desk.run(acknowledge, stage.tasks["asked"]),
    )  # fmt: skip
    story.task(
        "dana", story.extra("diabetes"), days.at(days.back(1), 15, 48), to="levin", kind="ask-practitioner",
        due=days.today, title="two lows this week: lower the evening insulin?",
    )  # fmt: skip


def discharged(story: Story) -> None:
    """Home from the hospital since Friday: two business days to call (billing-rules, TCM)."""
    days, persona = story.days, story.one("discharged")
    friday = days.week - timedelta(days=3)
    deadline = add_business_days(friday, 2)
    told = min(days.at(days.week, 7, 45), days.ago(45))
    hospital = story.words.hospitals.names[0]

    def feed(stage: Stage, desk: Clinic, patient: bytes) -> None:
        stay = {
            "patient": patient, "kind": "inpatient", "facility": hospital, "admitted": friday - timedelta(days=4),
            "discharged": friday, "discharged_to": "home", "reason": story.words.hospitals.reasons[0],
        }  # fmt: skip
        desk.run(make_demo, {Stay: [stay]})

    story.do(told, "iris", persona, feed)
    title = f"home from {hospital} since {day_text(friday)}: call by {day_text(deadline)}"
    first = add_business_days(friday, 1)
    story.task(
        "dana", persona, told + timedelta(minutes=20), title=title, kind="call-back", due=min(first, days.today)
    )
    forms = story.tries()
    for day in (first, deadline):
        if day < days.today:
            due = min(add_business_days(day, 1), days.today) if day == first else days.today
            story.contact("dana", persona, day, 10, 40, 2, **next(forms), next_title=title, next_due=due)


def lent_panel(story: Story) -> None:
    """Ben is away this week and lends his panel to Dana; what he left is due."""
    days, last = story.days, story.before_this_week

    def lend(stage: Stage, desk: Clinic, patient: bytes) -> None:
        desk.run(
            lend_panel, stage.staff["ben"], stage.staff["dana"], days.week, days.week + timedelta(days=6),
            "wound care course, back on Monday",
        )  # fmt: skip

    overdue, due = story.one("lent-overdue"), story.one("lent-today")
    story.do(days.at(last(1), 16, 50), "ben", overdue, lend)
    story.task(
        "ben", overdue, days.at(last(3), 11, 5), kind="records", due=last(1), title="INR from the anticoagulation clinic"
    )
    story.task(
        "ben", due, days.at(last(2), 15, 31), due=days.today, due_time="before noon",
        title="noon dose half an hour before the meal: does it help?",
    )  # fmt: skip


def draft_and_timers(story: Story) -> None:
    """Dana's open draft and a timer that she put aside; Amy Levin's timer has been running since the last workday."""
    days = story.days

    def keep(stage: Stage, desk: Clinic, patient: bytes) -> None:
        typed = {
            "minutes": "11",
            "why": "Chest tightness on the stairs twice this week, gone with rest.",
            "changed": "None at rest, none today. Pressure 138/76. Takes everything as listed.",
            "did": "Nitro explained, when to call 911 said back. ",
        }
        data = {
            "form": "contact", "title": "Contact", "record": "", "args": {"id": desk.new_id().hex()}, "typed": typed,
            "seen": None,
        }  # fmt: skip
        desk.keep("draft", f"contact|{patient.hex()}||", data, patient)

    story.do(days.ago(25), "dana", story.one("draft"), keep)
    story.diary.take("dana", days.back(1), 16, 20, 11)

    def start(stage: Stage, desk: Clinic, patient: bytes) -> None:
        stage.tasks["parked"] = desk.run(start_timer, patient).id

    persona = story.one("parked-timer")
    story.do(days.at(days.back(1), 16, 20), "dana", persona, start)
    story.do(
        days.at(days.back(1), 16, 31), "dana", persona,
        lambda stage, desk, patient: desk.run(park_timer, stage.tasks["parked"]),
    )  # fmt: skip
    left_on = days.at(days.back(1), 15, 42)
    story.do(left_on, "levin", story.extra(), lambda stage, desk, patient: desk.run(start_timer, patient))
    for minutes in (14, 8):
        story.do(
            days.ago(minutes), "dana", story.extra(), lambda stage, desk, patient: desk.look("chart", patient)
        )


CASES = (tries, own_tasks, handed_over, discharged, lent_panel, draft_and_timers)
