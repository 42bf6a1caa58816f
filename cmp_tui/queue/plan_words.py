"""Why a row about a care plan or a topic is in Today, and what clears it. Pure."""

from __future__ import annotations

from datetime import date

from cmp_tui.queue.words import Details, Said, near


def goal_review(due: date, today: date, details: Details) -> Said:
    """A goal to be looked at with the patient."""
    return Said(
        f"review the goal: {details.title}{_more(details)}", "the goal has another review day, or ended"
    )


def step_due(due: date, today: date, details: Details) -> Said:
    """A step of the plan."""
    late = "late" if due < today else "due"
    whose = f" ({details.to})" if details.to else ""
    return Said(f"step {late}: {details.title}{whose}{_more(details)}", "done, on hold, or another day")


def plan_review(due: date, today: date, details: Details) -> Said:
    """The plan as a whole."""
    last = f", last {near(details.last, today)}" if details.last else ""
    return Said(f"yearly plan review{last}", "a review of the plan is finished")


def copy_old(due: date, today: date, details: Details) -> Said:
    """What the patient holds is no longer the plan, or no longer the list of medicines."""
    got = f" of {near(details.last, today)}" if details.last else ""
    return Said(f"{details.title or 'plan'} changed, their copy{got} is out of date", "a new copy is given")


def copy_never(due: date, today: date, details: Details) -> Said:
    """A plan that the patient does not have."""
    return Said(f"plan signed {near(due, today)}, no copy given yet", "a copy is given")


def quiet(due: date, today: date, details: Details) -> Said:
    """A goal that stands still."""
    since = f" since {near(details.last, today)}" if details.last else ""
    return Said(
        f"not improving{since}: {details.title}{_more(details)}", "progress is recorded, or the goal changes"
    )


def teach_again(due: date, today: date, details: Details) -> Said:
    """A topic that was not understood."""
    when = f" {near(details.last, today)}" if details.last else ""
    said = f"{details.outcome}{when}" if details.outcome else f"taught{when}"
    return Said(f"teach again: {details.title} ({said}){_more(details)}", "it is taught again")


def _more(details: Details) -> str:
    return f", and {details.by} more" if details.by else ""
