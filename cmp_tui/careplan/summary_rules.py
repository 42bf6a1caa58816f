"""The summary of a plan for another provider: one page, with what is new since the last one that they got. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cmp_tui.careplan.copy_lines import Medicine, SummaryFacts
from cmp_tui.careplan.goal_rules import value_words, way
from cmp_tui.careplan.lines import GoalLine
from cmp_tui.careplan.version_rules import Labels
from cmp_tui.files.document import Bullets, Document, Heading, Paragraph, Part, Table

DASH = "–"


class Room(NamedTuple):
    """How much stands on the page: the size of its type in points, the most goals, changes and contacts, and how long
    a text of a person may be. Problems, medicines and allergies are never cut."""

    size: float
    goals: int
    changes: int
    talks: int
    text: int


ROOMS = (
    Room(10.0, 12, 12, 4, 400),
    Room(9.5, 10, 8, 3, 240),
    Room(9.0, 8, 6, 3, 160),
    Room(8.5, 6, 5, 2, 120),
    Room(8.0, 8, 5, 2, 120),
    Room(8.0, 6, 4, 2, 90),
    Room(8.0, 5, 4, 2, 90),
    Room(8.0, 3, 3, 1, 60),
)
"""From roomy to tight: the first one that gives one page is taken."""
LISTED = 14
"""Medicines that stand in a table; more of them run on."""


def provider_summary(facts: SummaryFacts, labels: Labels, room: Room = ROOMS[0]) -> Document:
    """Returns the summary; each part takes what `room` gives it."""
    copy = facts.copy
    parts = [part for section in _sections(facts, labels, room) for part in section]
    foot = f"{copy.clinic} · {copy.name} · MRN {copy.mrn} · {copy.today.isoformat()} · confidential"
    return Document("Care plan summary", parts, foot, room.size)


def _sections(facts: SummaryFacts, labels: Labels, room: Room) -> Iterator[Sequence[Part]]:
    plan = facts.copy.whole.plan
    yield [Paragraph("\n".join(_who(facts)))]
    yield _news(facts, labels, room)
    if plan and plan.matters:
        yield Heading("What matters to the patient", 3), Paragraph(f"“{_short(plan.matters, room.text)}”")
    yield _bullets("Problems", facts.conditions, "None on record.")
    yield _goals(facts, labels, room)
    yield _medicines(facts.copy.medicines, labels)
    yield Heading("Allergies", 3), Paragraph("; ".join(facts.allergies) or "None on record.")
    if facts.referrals:
        yield (
            Heading("Open referrals", 3),
            Bullets(_first(facts.referrals, room.talks + 2, room.text, "referral")),
        )
    if facts.talks:
        talks = [f"{one.date} {one.words}{_about(one.about, room)}" for one in facts.talks[: room.talks]]
        yield Heading("Last contacts", 3), Bullets(talks)
    if facts.team:
        yield Heading("Care team", 3), Paragraph("; ".join(facts.team))
    yield Heading("Consent", 3), Paragraph("; ".join(facts.consents) or "None on record.")


def _who(facts: SummaryFacts) -> Iterator[str]:
    copy = facts.copy
    born = f"born {copy.birth_date}" if copy.birth_date else "birth date not known"
    speaks = f"{copy.language or 'language not known'}{', interpreter needed' if facts.interpreter else ''}"
    yield " · ".join((copy.name, born, facts.sex, f"MRN {copy.mrn}", speaks, *facts.phones[:1]))
    people = (
        copy.care_manager and f"care manager {copy.care_manager}",
        copy.practitioner and f"practitioner {copy.practitioner}",
        " ".join((copy.clinic, copy.phone)).strip(),
        copy.phone_always and f"any hour {copy.phone_always}",
    )
    yield " · ".join(part for part in people if part)
    version = facts.version
    stand = f"Version {version.number} of {version.date}" if version else "No version signed yet"
    if version and version.approved_by and version.approved_on:
        stand += f", approved by {version.approved_by} {version.approved_on}"
    programs = f" · {'; '.join(facts.programs)}" if facts.programs else ""
    yield f"{stand}{programs} · for {facts.to or 'other providers'}, {copy.today}"


def _news(facts: SummaryFacts, labels: Labels, room: Room) -> Sequence[Part]:
    since = facts.since
    if since is None:
        return ()
    got = f"{since.date} {labels.label('given_how', since.how)}"
    if since.number is None:
        words = f"You got the plan on {got}, before its first version was signed: please read all of it."
        return (Paragraph(words),)
    if not since.changes:
        return (Paragraph(f"Nothing has changed since version {since.number}, which you got on {got}."),)
    title = Heading(f"New since version {since.number}, which you got on {got}", 3)
    return title, Bullets(_first(since.changes, room.changes, room.text, "change"))


def _bullets(title: str, some: Sequence[str], none: str) -> Sequence[Part]:
    return Heading(title, 3), Paragraph("; ".join(some) or none)


def _goals(facts: SummaryFacts, labels: Labels, room: Room) -> Sequence[Part]:
    goals = facts.copy.whole.goals
    title = Heading("Goals", 3)
    if not goals:
        return title, Paragraph("None yet.")
    marks = facts.since.marks if facts.since else {}
    # What is new to the reader comes first: it must not fall under the cut.
    first = sorted(goals, key=lambda goal: goal.id.hex() not in marks)
    rows = [_goal(goal, labels, marks.get(goal.id.hex(), ""), room) for goal in first[: room.goals]]
    table = Table(("Goal", "Target", "Now", "How it goes"), rows, (0.46, 0.22, 0.17, 0.15), stacked=True)
    left = len(goals) - room.goals
    return (
        (title, table, Paragraph(f"And {_many(left, 'goal')} more in the whole plan."))
        if left > 0
        else (title, table)
    )


def _goal(goal: GoalLine, labels: Labels, mark: str, room: Room) -> tuple[str, str, str, str]:
    said = f" “{_short(goal.own_words, room.text)}”" if goal.own_words else ""
    words = f"{f'[{mark}] ' if mark else ''}{_short(goal.title, 160)}{said}"
    target = ""
    if goal.target is not None:
        side = "" if goal.target == 0 else {"below": "≤ ", "above": "≥ "}.get(way(goal) or "", "")
        target = side + value_words(goal.target, goal.target2, goal.counted)
    target = ", ".join(part for part in (target, f"by {goal.due}" if goal.due else "") if part)
    now = ""
    if goal.points:
        last = goal.points[-1]
        now = f"{value_words(last.value, last.second, goal.counted)}, {last.date}"
    state = goal.lifecycle in ("active", "accepted")
    going = (
        labels.label("goal_achievement", goal.standing.code)
        if state
        else labels.label("goal_lifecycle", goal.lifecycle)
    )
    return words, target or DASH, now or DASH, going


def _medicines(medicines: Sequence[Medicine], labels: Labels) -> Sequence[Part]:
    title = Heading(f"Medicines ({len(medicines)})" if medicines else "Medicines", 3)
    if not medicines:
        return title, Paragraph("None on record.")
    named = [
        (f"{one.name}{_state(one, labels)}", ", for ".join(part for part in (one.dose, one.reason) if part))
        for one in medicines
    ]
    if len(named) <= LISTED:
        return title, Table(("Medicine", "How much and when"), [(name, dose or DASH) for name, dose in named],
                            (0.5, 0.5), stacked=True)  # fmt: skip
    return title, Paragraph("; ".join(f"{name}: {dose}" if dose else name for name, dose in named))


def _state(one: Medicine, labels: Labels) -> str:
    return "" if one.status == "active" else f" [{labels.label('medication_status', one.status)}]"


def _about(text: str, room: Room) -> str:
    return f": {_short(text, room.text)}" if text else ""


def _first(some: Sequence[str], most: int, text: int, what: str) -> list[str]:
    shown = [_short(one, max(text, 120)) for one in some[:most]]
    left = len(some) - most
    return [*shown, f"and {_many(left, what)} more"] if left > 0 else shown


def _short(text: str, most: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[: most - 1].rstrip()}…"


def _many(count: int, one: str) -> str:
    return f"{count} {one}{'' if count == 1 else 's'}"
