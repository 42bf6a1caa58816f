"""The plan as a version keeps it, and what changed between two. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from cmp_tui.careplan.goal_rules import MET, value_words
from cmp_tui.careplan.lines import GoalLine, InterventionLine, WholePlan

WORDS = {
    "matters": "What matters most",
    "outlook": "What can be expected",
    "function": "Mind and daily function",
    "home": "Home and surroundings",
    "caregiver": "The caregiver",
    "outside": "Others who help",
}
"""The plan's own texts, as sentences about a change name them."""


class Labels(Protocol):
    """Words for codes."""

    def label(self, column: str, code: str | None) -> str: ...


def as_content(whole: WholePlan) -> dict[str, Any]:
    """Returns a plan as JSON values: what a version keeps, and what tells two plans apart."""
    plan = whole.plan
    return {
        "day": whole.day.isoformat(),
        "texts": {name: getattr(plan, name) or "" for name in WORDS} if plan else {},
        "signs": {act: list(some) for act, some in plan.signs.items()} if plan else {},
        "problems": [
            {
                "key": one.key,
                "words": one.words,
                "code": one.code,
                "goals": [_goal(goal) for goal in one.goals],
            }
            for one in whole.problems
        ],
        "barriers": [_barrier(one) for one in whole.barriers],
        "interventions": [_step(one) for one in whole.interventions],
        "ended": [_goal(goal) for goal in whole.ended],
    }


def content_of(kept: Any) -> dict[str, Any]:
    """Returns a kept content with every part that a plan has, of its own kind: one from elsewhere may lack some."""
    given = kept if isinstance(kept, dict) else {}
    signs, texts = _table(given.get("signs")), _table(given.get("texts"))
    return {
        "day": str(given.get("day") or ""),
        "texts": {str(name): str(words) for name, words in texts.items() if words},
        "signs": {
            str(act): [str(one) for one in some] for act, some in signs.items() if isinstance(some, list)
        },
        "problems": [
            {**one, "goals": [_sound(goal) for goal in _tables(one.get("goals"))]}
            for one in _tables(given.get("problems"))
        ],
        "barriers": _tables(given.get("barriers")),
        "interventions": _tables(given.get("interventions")),
        "ended": [_sound(goal) for goal in _tables(given.get("ended"))],
    }


def _sound(goal: dict[str, Any]) -> dict[str, Any]:
    """A goal of a kept content, with numbers where numbers are read and lists where lists are."""
    numbers = {
        name: goal[name] if isinstance(goal.get(name), int | float) else None
        for name in ("target", "target2", "baseline")
    }
    lists = {name: _tables(goal.get(name)) for name in ("barriers", "interventions")}
    words = {
        name: None if goal.get(name) is None else str(goal[name])
        for name in (
            "id",
            "title",
            "own_words",
            "unit",
            "direction",
            "due",
            "lifecycle",
            "achievement",
            "last",
        )
    }
    return {**goal, **numbers, **lists, **words}


def _table(given: Any) -> dict[str, Any]:
    return given if isinstance(given, dict) else {}


def _tables(given: Any) -> list[dict[str, Any]]:
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []


def changes_between(before: Mapping[str, Any] | None, after: Mapping[str, Any], labels: Labels) -> list[str]:
    """Returns what is new in a plan, in sentences; nothing where nothing is."""
    if before is None:
        goals = _goals(after)
        return [f"First version: {_many(len(goals), 'goal')}."]
    found = _texts(before, after)
    now = _goals(after)
    ended = {str(one.get("id")): one for one in after["ended"]}
    was = _paired(_goals(before), {**now, **ended}, "title")
    for key, goal in now.items():
        if key not in was:
            found.append(f"New goal: {_title(goal)}.")
        else:
            found += _goal_changes(was[key], goal, labels)
    for key, goal in was.items():
        if key in now:
            continue
        end = ended.get(key)
        why = f": {end['ended_why']}" if end and end.get("ended_why") else ""
        state = labels.label("goal_lifecycle", end["lifecycle"]) if end else "struck out"
        found.append(f"{_title(goal)}: {state}{why}.")
    found += _list_changes(before, after, labels)
    problems = {one.get(name) for one in before["problems"] for name in ("key", "words")}
    found += [
        f"New problem: {one.get('words')}."
        for one in after["problems"]
        if one.get("words") and not {one.get("key"), one["words"]} & problems
    ]
    return found


# Inside


def _goal(goal: GoalLine) -> dict[str, Any]:
    last = goal.points[-1] if goal.points else None
    return {
        "id": goal.id.hex(),
        "title": goal.title,
        "own_words": goal.own_words,
        "measure": goal.measure,
        "unit": goal.counted,
        "direction": goal.direction,
        "baseline": goal.baseline,
        "target": goal.target,
        "target2": goal.target2,
        "due": _day(goal.due),
        "lifecycle": goal.lifecycle,
        "achievement": goal.standing.code,
        "last": None if last is None else value_words(last.value, last.second, goal.counted),
        "last_on": None if last is None else _day(last.date),
        "importance": goal.importance,
        "confidence": goal.confidence,
        "responsible": goal.responsible,
        "review_on": _day(goal.review_on),
        "ended_why": goal.ended_why,
        "barriers": [_barrier(one) for one in goal.barriers],
        "interventions": [_step(one) for one in goal.interventions],
    }


def _barrier(one: Any) -> dict[str, Any]:
    return {"id": one.id.hex(), "kind": one.kind, "words": one.words, "solved_on": _day(one.solved_on)}


def _step(one: InterventionLine) -> dict[str, Any]:
    return {
        "id": one.id.hex(),
        "title": one.title,
        "responsible": one.responsible,
        "who": one.who,
        "status": one.status,
        "due": _day(one.due),
        "every": one.every,
        "done_on": _day(one.done_on),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _goals(content: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {str(goal.get("id")): goal for problem in content["problems"] for goal in problem["goals"]}


def _paired(
    was: dict[str, dict[str, Any]], now: Mapping[str, Mapping[str, Any]], name: str
) -> dict[str, dict[str, Any]]:
    """What was, under the keys that it has now: in another file, or after a merge, the same goal has another key."""
    free = {str(one.get(name)): key for key, one in now.items() if key not in was}
    return {key if key in now else free.pop(str(one.get(name)), key): one for key, one in was.items()}


def _title(goal: Mapping[str, Any]) -> str:
    return str(goal.get("title") or "A goal").rstrip(".")


def _texts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    found = []
    for name, words in WORDS.items():
        old, new = before["texts"].get(name) or "", after["texts"].get(name) or ""
        if old != new:
            found.append(f"{words}: “{_line(new)}”." if new else f"{words}: taken out.")
    if before["signs"] != after["signs"]:
        found.append(f"Warning signs changed: {_many(sum(map(len, after['signs'].values())), 'sign')}.")
    return found


def _goal_changes(was: Mapping[str, Any], now: Mapping[str, Any], labels: Labels) -> list[str]:
    found = []
    parts = []
    if was.get("title") != now.get("title"):
        parts.append(f"was “{_title(was)}”")
    if was.get("own_words") != now.get("own_words"):
        parts.append(
            f"own words “{_line(now.get('own_words') or '')}”" if now.get("own_words") else "no own words"
        )
    aims = [_aim(one) for one in (was, now)]
    if aims[0] != aims[1]:
        parts.append(f"target {aims[1] or 'taken out'}" + (f", was {aims[0]}" if aims[0] else ""))
    if was.get("due") != now.get("due"):
        parts.append(f"by {now['due']}" if now.get("due") else "no day any more")
    if was.get("lifecycle") != now.get("lifecycle"):
        parts.append(labels.label("goal_lifecycle", now.get("lifecycle")))
    if was.get("achievement") != now.get("achievement"):
        end = "" if now.get("achievement") in MET or not now.get("last") else f", {now['last']}"
        parts.append(labels.label("goal_achievement", now.get("achievement")) + end)
    for name in ("importance", "confidence"):
        if was.get(name) != now.get(name) and now.get(name) is not None:
            parts.append(f"{name} {now[name]}")
    if parts:
        found.append(f"{_title(now)}: {'; '.join(parts)}.")
    return found


def _aim(goal: Mapping[str, Any]) -> str:
    if goal.get("target") is None:
        return ""
    side = {"below": "at or below ", "above": "at or above "}.get(goal.get("direction") or "", "")
    return side + value_words(goal["target"], goal.get("target2"), goal.get("unit") or "")


def _list_changes(before: Mapping[str, Any], after: Mapping[str, Any], labels: Labels) -> list[str]:
    found = []
    now = _all(after, "interventions")
    was = _paired(_all(before, "interventions"), now, "title")
    for key, one in now.items():
        title = str(one.get("title") or "").rstrip(".")
        if key not in was:
            found.append(f"New step for the {labels.label('responsible', one.get('responsible'))}: {title}.")
            continue
        old = was[key]
        if old.get("status") != one.get("status"):
            found.append(f"{title}: {labels.label('intervention_status', one.get('status'))}.")
        if old.get("responsible") != one.get("responsible"):
            found.append(f"{title}: now for the {labels.label('responsible', one.get('responsible'))}.")
        if old.get("title") != one.get("title"):
            found.append(f"{title}: was “{str(old.get('title') or '').rstrip('.')}”.")
    found += [
        f"Taken out: {str(one.get('title') or '').rstrip('.')}." for key, one in was.items() if key not in now
    ]
    now = _all(after, "barriers")
    was = _paired(_all(before, "barriers"), now, "kind")
    for key, one in now.items():
        words = one.get("words") or labels.label("barrier", one.get("kind"))
        if key not in was:
            found.append(f"New barrier: {words}.")
        elif one.get("solved_on") and not was[key].get("solved_on"):
            found.append(f"Barrier solved: {words}.")
    return found


def _all(content: Mapping[str, Any], name: str) -> dict[str, dict[str, Any]]:
    """Interventions or barriers of all goals, ended ones too, and of the whole plan, by their keys."""
    lists = [content[name], *(goal.get(name, ()) for goal in _goals(content).values())]
    lists += [goal.get(name, ()) for goal in content["ended"]]
    return {str(one.get("id")): one for some in lists for one in some}


def _line(text: str) -> str:
    return " ".join(text.split())


def _many(count: int, one: str) -> str:
    return f"{count} {one}{'' if count == 1 else 's'}"
