"""Who has the plan, and whether what they have still holds. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from cmp_tui.careplan.copy_lines import Holder
from cmp_tui.careplan.lines import CopyLine, WholePlan
from cmp_tui.careplan.version_rules import Labels

OWN = frozenset({"patient", "caregiver"})
"""Whose copy is the patient's own."""


def holders(whole: WholePlan) -> tuple[Holder, ...]:
    """Returns who has the plan: of each person the last copy that they got; the patient first, then the latest."""
    numbers = {one.id: one.number for one in whole.versions}
    last: dict[tuple[str, str, str], CopyLine] = {}
    for one in whole.copies:  # newest first
        last.setdefault((one.kind, one.to, _same(one.name)), one)
    found = [
        Holder(
            one.kind, one.to, one.name, one.how, one.date, one.language, numbers.get(one.of_version or b""),
            one.digest == whole.digest if one.digest else None, one,
        )
        for one in last.values()
    ]  # fmt: skip
    older = _from_plan(whole)
    if older is not None and not any(one.to in OWN for one in found):
        found.append(older)
    return tuple(
        sorted(found, key=lambda one: (one.kind != "patient", one.to != "patient", -one.date.toordinal()))
    )


def holder_words(one: Holder, labels: Labels) -> str:
    """'the patient', 'Lucía Ruiz (caregiver)', 'Dr. Chen (provider)': who has it."""
    whom = labels.label("with_whom", one.to)
    if one.name:
        return f"{one.name} ({whom})"
    return f"the {whom}"


def standing_words(one: Holder, changes: int | None = None) -> str:
    """'up to date', 'out of date', …: whether what they have still holds."""
    made = f"version {one.number}" if one.number else "before the first version"
    if one.current is None:
        return f"{made}; nobody can tell whether it holds" if one.copy else "given before copies were kept"
    return f"{made}, up to date" if one.current else f"{made}, out of date"


def last_to(whole: WholePlan, kind: str, name: str | None) -> CopyLine | None:
    """Returns the last copy that someone got."""
    found = (one for one in whole.copies if one.kind == kind and _same(one.name) == _same(name))
    return next(found, None)


def marks(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, str]:
    """Returns which goals of a plan are "new" or "changed" since an older content of it, by their keys."""
    was, now = _goals(before), _goals(after)
    found = {key: "changed" for key, goal in now.items() if key in was and was[key] != goal}
    return found | dict.fromkeys(now.keys() - was.keys(), "new")


SAID = ("title", "own_words", "target", "target2", "due", "direction", "lifecycle", "achievement", "last")
"""What of a goal has changed when a reader should look at it again."""


def _goals(content: Mapping[str, object]) -> dict[str, tuple[object, ...]]:
    problems = content.get("problems")
    return {
        str(goal.get("id")): tuple(goal.get(name) for name in SAID)
        for problem in (problems if isinstance(problems, list) else [])
        for goal in problem.get("goals", ())
        if isinstance(goal, dict)
    }


def _from_plan(whole: WholePlan) -> Holder | None:
    """A copy that an import told of on the plan itself."""
    plan = whole.plan
    if plan is None or plan.given_on is None:
        return None
    return Holder(
        "patient",
        plan.given_to or "patient",
        None,
        plan.given_how or "",
        plan.given_on,
        None,
        None,
        None,
        None,
    )


def _same(name: str | None) -> str:
    return " ".join((name or "").casefold().split())
