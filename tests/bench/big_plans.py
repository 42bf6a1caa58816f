"""Care plans and teaching for a share of a big clinic's patients: what the sources of Today look at."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from cmp_tui.careplan.copy_hash import digest_of
from cmp_tui.careplan.model import Goal, GoalProgress, Intervention, Plan, PlanCopy, PlanVersion
from cmp_tui.clinic.change import Change
from cmp_tui.education.model import Teaching
from cmp_tui.patients.model import Patient

SEED = 17
SHARE = 0.5
GOALS, STEPS = 3, 8
UP_TO_DATE = 0.9
"""Of the copies say what the plan says."""
TOPICS = ("diabetes", "heart-failure", "medicines", "falls")


def fill_plans(change: Change) -> int:
    """Gives half of the patients a plan of three goals with eight steps, a version, a copy, and two topics taught."""
    rng, today = Random(SEED), change.today
    made: dict[Any, list[dict[str, Any]]] = {
        model: [] for model in (Plan, Goal, GoalProgress, Intervention, PlanVersion, Teaching)
    }
    people = [bytes(key) for (key,) in Patient.live(Patient.id).order_by(Patient.id).tuples()]
    given: dict[bytes, date] = {}
    plans = 0
    for patient in people:
        if rng.random() >= SHARE:
            continue
        plans += 1
        begun = today - timedelta(days=rng.randint(20, 380))
        made[Plan].append({"patient": patient, "made_on": begun})
        made[PlanVersion].append({"patient": patient, "number": 1, "date": begun, "content": {}})
        for number in range(GOALS):
            goal = change.new_id()
            review = begun + timedelta(days=rng.randint(30, 400))
            made[Goal].append(
                {
                    "id": goal, "patient": patient, "title": f"Goal {number}", "start": begun, "review_on": review,
                    "measure": rng.choice((None, "a1c", "bp")),
                }
            )  # fmt: skip
            for _ in range(rng.randint(0, 3)):
                day = begun + timedelta(days=rng.randint(0, 20))
                said = rng.choice(("improving", "no-change", "worsening"))
                made[GoalProgress].append(
                    {"patient": patient, "goal": goal, "date": day, "achievement": said}
                )
        for number in range(STEPS):
            done = rng.random() < 0.8
            made[Intervention].append(
                {
                    "patient": patient, "title": f"Step {number}", "due": begun + timedelta(days=rng.randint(5, 400)),
                    "status": "completed" if done else "in-progress",
                }
            )  # fmt: skip
        for topic in rng.sample(TOPICS, 2):
            again = today + timedelta(days=rng.randint(-20, 60)) if rng.random() < 0.3 else None
            made[Teaching].append({"patient": patient, "topic": topic, "date": begun, "repeat_on": again})
        if rng.random() < 0.7:
            given[patient] = begun
    for model, rows in made.items():
        change.add_many(model, rows)
    for patient, day in given.items():  # one by one: when it was given is found by its own image
        says = digest_of(change.scope, patient) if rng.random() < UP_TO_DATE else "0" * 64
        change.add(PlanCopy, patient=patient, how="in-person", date=day, digest=says)
    return plans
