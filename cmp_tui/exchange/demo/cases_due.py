"""The awkward cases that are due in Today: tries, tasks of every kind, hand-overs, a lent panel, a draft, a timer."""

from __future__ import annotations

from datetime import date, timedelta

from cmp_tui.clinic.calendar import add_business_days
from cmp_tui.contacts.actions import park_timer, start_timer
from cmp_tui.encounters.model import Stay
from cmp_tui.exchange.demo.actions import make_demo
from cmp_tui.exchange.demo.records import day_text
from cmp_tui.exchange.demo.stage import Desk, Stage, Step
from cmp_tui.exchange.demo.story import Story
from cmp_tui.patients.actions import lend_panel
from cmp_tui.tasks.actions import acknowledge, add_task, snooze_task


def tries(story: Story) -> None:
    """A first, a second and a third try, and attempts that left no task."""
    back, forms = story.days.back, story.tries()
    third = story.one("third-try")
    story.contact("dana", third, back(6), 9, 0, 2, **next(forms), next_due=back(4), next_time="afternoon")
    story.contact("dana", third, back(4), 15, 10, 1, **next(forms), next_due=back(2), next_time="morning")
    second, due = story.one("second-try"), story.days.today
    story.contact("dana", second, back(2), 9, 20, 2, **next(forms), next_due=due, next_time="afternoon")
    story.contact("dana", story.one("no-answer"), back(2), 9, 10, 1, **next(forms))
    story.contact("dana", story.one("voicemail"), back(1), 9, 30, 1, **next(forms))
    wrong = story.text("wrong-number")
    story.contact("dana", story.one("wrong-number"), back(3), 10, 0, 2, outcome="wrong-number", **wrong)


def own_tasks(story: Story) -> None:
    """Overdue, due today, coming up, put off, and come back from being put off."""
    days, today = story.days, story.days.today
    for case, kind, due, back, hour, minute in (
        ("report-missing", "records", today, 7, 16, 12),
        ("overdue-authorization", "paperwork", days.back(3), 6, 11, 41),
        ("overdue-pillbox", "other", days.back(1), 5, 9, 12),
        ("plan-review", "follow-up", add_business_days(today, 2), 5, 16, 2),
        ("snoozed", "appointment", days.back(2), 4, 13, 20),
        ("snooze-back", "records", days.back(6), 8, 10, 20),
    ):
        at = days.at(days.back(back), hour, minute)
        story.task("dana", story.one(case), at, case, kind=kind, due=due, **story.text(case))
    _snooze(story, "snoozed", days.back(3), today + timedelta(days=3))
    _snooze(story, "snooze-back", days.back(5), today)


def _snooze(story: Story, case: str, day: date, until: date) -> None:
    why = story.text(f"{case}-why")["why"]

    def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
        desk.run(snooze_task, stage.tasks[case], until, why)

    story.do(story.days.at(day, 8, 25), "dana", story.one(case), deed)


def handed_over(story: Story) -> None:
    """Three tasks handed to Dana that she has not seen yet; two of hers with the practitioner, one of them seen."""
    days, today = story.days, story.days.today
    potassium = story.one("handed-potassium")
    at = days.at(days.back(1), 17, 12)
    story.task("levin", potassium, at, to="dana", due=today, **story.text("handed-potassium"))
    at = days.at(story.before_this_week(1), 16, 40)
    supplies = story.text("handed-supplies")
    story.task("ben", story.one("handed-supplies"), at, to="dana", kind="other", due=today, **supplies)

    def everyone(stage: Stage) -> None:
        values = {"due": today, "kind": "other", "assignee": stage.staff["dana"]}
        stage.desk("levin").run(add_task, **values, **story.text("handed-everyone"))

    story.steps.append(Step(days.at(days.back(1), 17, 20), everyone))
    at, asked = days.at(days.back(3), 14, 31), story.extra("heart-failure")
    ask = {"to": "levin", "kind": "ask-practitioner"}
    story.task("dana", asked, at, "asked", **ask, due=days.back(1), **story.text("asked-seen"))
    at = days.at(days.back(2), 12, 50)
    story.do(at, "levin", asked, lambda stage, desk, patient: desk.run(acknowledge, stage.tasks["asked"]))
    at = days.at(days.back(1), 15, 48)
    story.task("dana", story.extra("diabetes"), at, **ask, due=today, **story.text("asked-unseen"))


def discharged(story: Story) -> None:
    """Home from the hospital since Friday: two business days to call (billing-rules, TCM)."""
    days, persona, hospitals = story.days, story.one("discharged"), story.words.hospitals
    friday = days.week - timedelta(days=3)
    first, deadline = add_business_days(friday, 1), add_business_days(friday, 2)
    told = min(days.at(days.week, 7, 45), days.ago(45))

    def feed(stage: Stage, desk: Desk, patient: bytes) -> None:
        stay = {
            "patient": patient,
            "kind": "inpatient",
            "facility": hospitals.names[0],
            "admitted": friday - timedelta(days=4),
            "discharged": friday,
            "discharged_to": "home",
            "reason": hospitals.reasons[0],
            "admitted_from": "ed",
            "emergency": True,
            "heard_on": told.date(),
            "heard_from": "the hospital's message",
        }
        desk.run(make_demo, {Stay: [stay]})

    story.do(told, "iris", persona, feed)
    title = f"home from {hospitals.names[0]} since {day_text(friday)}: call by {day_text(deadline)}"
    at = told + timedelta(minutes=20)
    story.task("dana", persona, at, title=title, kind="call-back", due=min(first, days.today))
    forms = story.tries()
    for day in (first, deadline):
        if day < days.today:
            due = min(add_business_days(day, 1), days.today) if day == first else days.today
            story.contact("dana", persona, day, 10, 55, 2, **next(forms), next_title=title, next_due=due)


def lent_panel(story: Story) -> None:
    """Ben is away this week and lends his panel to Dana; what he left is due."""
    days, last = story.days, story.before_this_week
    week = (days.week, days.week + timedelta(days=6))

    def lend(stage: Stage, desk: Desk, patient: bytes) -> None:
        desk.run(lend_panel, stage.staff["ben"], stage.staff["dana"], *week, story.text("lent")["why"])

    overdue, due = story.one("lent-overdue"), story.one("lent-today")
    story.do(days.at(last(1), 16, 50), "ben", overdue, lend)
    left = story.text("lent-overdue")
    story.task("ben", overdue, days.at(last(3), 11, 5), kind="records", due=last(1), **left)
    story.task("ben", due, days.at(last(2), 15, 31), due=days.today, **story.text("lent-today"))


def draft_and_timers(story: Story) -> None:
    """Dana's open draft, a timer that she put aside, two charts that she just looked at; Amy Levin's timer has
    been running since the last workday."""
    days, parked = story.days, story.one("parked-timer")
    typed = dict(story.text("draft"))

    def keep(stage: Stage, desk: Desk, patient: bytes) -> None:
        args = {"id": desk.clinic.new_id().hex()}
        # As ui/opener.py keeps it.
        data = {
            "form": "contact",
            "title": "Contact",
            "record": "",
            "args": args,
            "typed": typed,
            "seen": None,
        }
        desk.clinic.keep("draft", f"contact|{patient.hex()}||", data, patient)

    def start(stage: Stage, desk: Desk, patient: bytes) -> None:
        stage.tasks["parked"] = desk.run(start_timer, patient).id

    def park(stage: Stage, desk: Desk, patient: bytes) -> None:
        desk.run(park_timer, stage.tasks["parked"])

    story.do(days.ago(25), "dana", story.one("draft"), keep)
    begun = story.diary.take("dana", days.back(1), 16, 20, 11)
    story.do(begun, "dana", parked, start)
    story.do(begun + timedelta(minutes=11), "dana", parked, park)
    left_on = days.at(days.back(1), 15, 42)
    story.do(left_on, "levin", story.extra(), lambda stage, desk, patient: desk.run(start_timer, patient))
    for minutes in (14, 8):
        at = days.ago(minutes)
        story.do(at, "dana", story.extra(), lambda stage, desk, patient: desk.clinic.look("chart", patient))


CASES = (tries, own_tasks, handed_over, discharged, lent_panel, draft_and_timers)
