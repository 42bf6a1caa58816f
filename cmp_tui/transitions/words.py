"""What a transition's clocks, its stay, a readmission and the LACE are called, in plain words. Knows no screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from cmp_tui.clinic.calendar import holiday, is_business_day
from cmp_tui.transitions.facts import StayFact
from cmp_tui.transitions.lace_rules import Lace, Part
from cmp_tui.transitions.rules import Clock, Name, Transition, days_left, visit_days
from cmp_tui.transitions.use_rules import Back, Use
from cmp_tui.ui.words import day_words, plural

Label = Callable[[str, str | None], str]
LABELS: Mapping[Name, str] = MappingProxyType(
    {"contact": "Call", "reconcile": "Medicines", "visit": "Visit", "summary": "Summary", "end": "30 days"}
)
"""What the clocks are called."""
SETTLES: Mapping[str, str] = MappingProxyType(
    {"contact": "call", "reconcile": "medicines", "visit": "visit", "summary": "summary", "": "done"}
)
"""What `d` is called, by the clock that it settles."""
WHY_NOT: Mapping[str, str] = MappingProxyType(
    {
        "inside": "still there",
        "ahead": "the discharge is still to come",
        "kind": "this kind of stay starts no clocks",
        "to": "where they went to starts no clocks",
        "died": "the patient died",
        "again": "a later stay took its clocks over",
    }
)
"""Why a discharge starts no clocks."""


def weekday(day: date, today: date) -> str:
    """A day with its weekday, however far it is: 'Tue 24 Nov', 'Sat 19 Dec'; 'today'."""
    if day == today:
        return "today"
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day:%a} {day.day} {day:%b}{year}"


def where(stay: StayFact, label: Label) -> str:
    """Where somebody was: the house, else the kind of stay."""
    return stay.facility or label("stay_kind", stay.kind)


def nights(stay: StayFact, today: date) -> str:
    """How long a stay was, or is so far."""
    days = ((stay.discharged or today) - stay.admitted).days
    words = plural(days, "day") if days else "less than a day"
    return words if stay.discharged else f"{words} so far"


def why_words(one: Transition, label: Label) -> str:
    """Why a stay's discharge starts no clocks; "" when it does."""
    if one.why_not == "kind":
        return f"{label('stay_kind', one.stay.kind)}: starts no clocks"
    if one.why_not == "to":
        return f"went to {label('discharged_to', one.stay.to)}: starts no clocks"
    return WHY_NOT.get(one.why_not, "")


def clock_words(clock: Clock, one: Transition, today: date) -> list[str]:
    """How a clock stands, in one or more lines: until when, what is left; or when it was settled, and by whom."""
    by = f" by {clock.by}" if clock.by else ""
    day = f"by {weekday(clock.due, today)}" if clock.due != today else "today"
    on = day_words(clock.on, today) if clock.on is not None else ""
    if clock.name == "end":
        return [
            f"{weekday(clock.due, today)}, {days_left(clock.due, today)}"
            if clock.is_open
            else f"over since {on}"
        ]
    if clock.state in ("done", "done-late"):
        late = f", late: it was due {day}" if clock.state == "done-late" else ""
        lines = [f"{_DONE[clock.name]}{f' {on}' if on else ''}{by}{late}"]
        return [*lines, *_visit_more(clock, one, today)]
    if clock.state == "stands":
        if clock.tries:
            return [f"{plural(clock.tries, 'try', 'tries')} in time stand for it; keep trying"]
        return [f"the visit {on} stands for it"]
    if clock.state == "missed":
        return [f"not done; it was due {day}"]
    lines = [f"{day}, {days_left(clock.due, today)}" if clock.due != today else "by today"]
    if clock.name == "contact":
        lines += _tries(clock, today)
    if clock.name == "visit":
        lines[0] += f" (day {visit_days(one.stay.complexity)})"
        lines += _visit_more(clock, one, today)
    if clock.name == "reconcile":
        lines[0] += " (by the visit)"
    if clock.name == "summary":
        lines[0] = "not received: ask for it"
    if clock.put_off is not None:
        lines.append(f"put off until {day_words(clock.put_off.until, today)}: {clock.put_off.why}")
    return lines


_DONE: Mapping[Name, str] = MappingProxyType(
    {"contact": "reached", "reconcile": "reconciled", "visit": "seen", "summary": "received", "end": ""}
)


def _tries(clock: Clock, today: date) -> list[str]:
    last = f", last {day_words(clock.last_try, today)}" if clock.last_try else ""
    if clock.tries or clock.later_tries:
        late = f", {clock.later_tries} after the day" if clock.later_tries else ""
        return [f"{plural(clock.tries, 'try', 'tries')} in time{late}{last}; two would do"]
    return []


def _visit_more(clock: Clock, one: Transition, today: date) -> list[str]:
    lines = []
    times = one.times
    if clock.is_open and clock.booked is None and not is_business_day(clock.due):
        lines.append(f"that is {holiday(clock.due) or f'a {clock.due:%A}'}: see them before")
    if clock.is_open and times is not None and one.stay.complexity is None:
        lines.append(f"by {weekday(times.visit_7, today)} (day 7) if complexity is high")
    if clock.booked is not None:
        at = f" {clock.booked.time}" if clock.booked.time else ""
        late = ", after its day" if clock.booked.day > clock.due else ""
        late = ": say what became of it" if clock.booked.day < today else late
        lines.append(f"booked {day_words(clock.booked.day, today)}{at}{late}")
    if one.other_visit is not None and one.visit is None:
        lines.append(f"seen {day_words(one.other_visit.day, today)}, but not as a transition visit")
    if one.visit is not None and one.visit.mdm is None and clock.name == "visit":
        lines.append("its complexity is not recorded")
    return lines


def echo_lines(one: Transition, today: date, label: Label) -> Sequence[tuple[str, str]]:
    """What saving a stay will begin, for its form: (words, style)."""
    if one.why_not:
        if one.why_not == "again":
            return [("A later stay has begun: the clocks count from its discharge.", "amber")]
        if one.why_not == "inside":
            return [("The clocks start with the discharge.", "dim")]
        return [(f"{why_words(one, label)}.".capitalize(), "amber")]
    assert one.times is not None
    lines: list[tuple[str, str]] = [("This discharge starts:", "dim")]
    for clock in one.clocks:
        for number, words in enumerate(clock_words(clock, one, today)):
            head = f"{LABELS[clock.name]:10}" if number == 0 else " " * 10
            lines.append((head + words, "amber" if clock.state == "late" else "text"))
    if today > one.times.window_end:
        return [
            (f"The 30 days after this discharge were over on {weekday(one.times.window_end, today)}.", "dim")
        ]
    return lines


def back_words(back: Back, today: date, label: Label) -> str:
    """How somebody came back: 'back after 9 days (left St. Mary's 3 Nov)'."""
    days = f"after {plural(back.days, 'day')}" if back.days else "on the same day"
    left = day_words(back.earlier.discharged, today) if back.earlier.discharged else ""
    return f"back {days} (left {where(back.earlier, label)} {left})"


def again_words(back: Back, today: date, label: Label) -> str:
    """How somebody went in again: 'in again after 9 days (Seton, 12 Nov)'."""
    days = f"after {plural(back.days, 'day')}" if back.days else "on the same day"
    return f"in again {days} ({where(back.later, label)}, {day_words(back.later.admitted, today)})"


def use_words(use: Use) -> tuple[str, str]:
    """How often admitted, and how often in the emergency room: in 6 months and in 12."""

    return (
        f"{len(use.admissions_6)} in 6 months, {len(use.admissions_12)} in 12",
        f"{len(use.emergency_6)} in 6 months, {len(use.emergency_12)} in 12",
    )


def lace_words(score: Lace) -> str:
    """'11, high', or '8 to 11, may be high'."""
    return f"{score.points}, {score.band}"


PARTS: Mapping[str, str] = MappingProxyType({"L": "length", "A": "acute", "C": "illness", "E": "ED visits"})


def part_words(part: Part) -> tuple[str, str]:
    """What a part is called, and its points with why: 'L length', '4  6 days'."""
    return f"{part.letter} {PARTS[part.letter]}", f"{part.points}  {part.why}"


def short_why(one: Transition, label: Label) -> str:
    """Why a stay has no clocks, in few words for a list: 'ED visit', 'to skilled nursing'."""
    if one.why_not == "kind":
        return "ED visit" if one.stay.kind == "ed" else label("stay_kind", one.stay.kind)
    if one.why_not == "to":
        return f"to {label('discharged_to', one.stay.to)}"
    return {"again": "in again", "died": "died", "ahead": "to come"}.get(one.why_not, "")
