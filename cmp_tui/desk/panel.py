"""The preview of a patient: what one needs before a call first, then the rest."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from textual.content import Content

from cmp_tui.assessments.risk_rules import HIGH, HIGHEST
from cmp_tui.assessments.risk_words import by_words
from cmp_tui.billing.minutes import MonthMinutes
from cmp_tui.billing.rules import whole_minutes
from cmp_tui.clinic.calendar import day_of
from cmp_tui.clinic.reference import Reference
from cmp_tui.desk.queries import Overview
from cmp_tui.enrollment.rules import Shown
from cmp_tui.patients.panel import age_and_sex
from cmp_tui.patients.queries import Card
from cmp_tui.ui.bar import month_line
from cmp_tui.ui.preview import GAP, Line
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.words import birth_words, day_words, name_words, phone_words, plural


class Look(NamedTuple):
    """How things are shown: the words, the clinic's zone, the signs, names masked or not."""

    reference: Reference
    zone: ZoneInfo
    signs: Signs
    masked: bool


def overview_lines(facts: Overview, look: Look, why: tuple[Line, ...] = ()) -> tuple[Line, ...]:
    """Returns the lines of the preview; `why` is what the list has to say about its row."""
    card, today, signs, reference = facts.card, facts.today, look.signs, look.reference
    name = "(name masked)" if look.masked else name_words(card.family, card.given or "")
    who = f"   {age_and_sex(card, today)} {signs.dot} {birth_words(card.birth_date)}"
    lines = [
        Line(None, Content.assemble((name, "bold"), (who, "$dim"))),
        Line(None, _call(card, signs)),
        Line(None, _speaks(card, look)),
        GAP,
        *why,
        *_program(facts, reference, signs),
        *_risk(facts, signs),
        Line("Conditions", _conditions(facts, signs)),
        *([Line("Allergies", "; ".join(facts.allergies))] if facts.allergies else []),
        Line(
            "Open",
            plural(facts.open_tasks, "task") if facts.open_tasks else Content.styled("nothing", "$dim"),
        ),
    ]
    if facts.last is not None:
        day = day_words(day_of(facts.last.at, look.zone), today)
        minutes = f", {facts.last.seconds // 60} min" if facts.last.seconds else ""
        lines.append(Line("Last", f"{day}, {reference.label('outcome', facts.last.outcome)}{minutes}"))
    else:
        lines.append(Line("Last", Content.assemble(("never contacted: ", "$dim"), ("c", "$accent"))))
    lines += [GAP, Line("This month", minutes_words(facts.minutes, signs))]
    if card.remarks:
        lines += [GAP, Line("Remarks", card.remarks)]
    return tuple(lines)


def minutes_words(minutes: MonthMinutes, signs: Signs, cells: int = 14) -> Content:
    """The minutes that count, held against the first unit, and those that were logged and don't count."""
    line = month_line(whole_minutes(minutes.counted), minutes.first, signs, cells)
    lost = whole_minutes(minutes.logged) - whole_minutes(minutes.counted)
    return Content.assemble(line, (f" {signs.dot} {lost} not counted", "$dim")) if lost > 0 else line


def consent_words(shown: Shown | None, today: date, reference: Reference, signs: Signs) -> Content:
    """What holds of the agreement, since when, and until when if its end is known."""
    if shown is None:
        return Content.assemble(("not asked yet: ", "$amber"), ("C", "$accent"))
    if shown.until is not None:
        return Content.styled(f"revoked, holds until {day_words(shown.until, today)}", "$amber")
    words = f"{reference.label('decision', shown.decision)} {day_words(shown.since, today)}"
    good = shown.decision == "accepted"
    return Content.assemble(words, (f" {signs.done}", "$accent")) if good else Content.styled(words, "$amber")


def _call(card: Card, signs: Signs) -> Content:
    parts: list[str | tuple[str, str]] = []
    if card.phones:
        parts.append(phone_words(card.phones[0].number))
    else:
        parts += [("no phone: ", "$dim"), ("e", "$accent")]
    if card.best_time:
        parts.append((f" {card.best_time}", "$dim"))
    if card.may_leave_message is not None:
        parts.append((f" {signs.dot} message {'ok' if card.may_leave_message else 'not ok'}", "$dim"))
    return Content.assemble(*parts)


def _speaks(card: Card, look: Look) -> Content:
    words = [card.language or "language not known"]
    if card.interpreter:
        words[0] += ", interpreter"
    label = look.reference.label
    talk = [
        label("relationship", person.relationship) + ("" if look.masked else f" {person.name}")
        for person in card.may_talk_to
    ]
    if talk:
        words.append("may talk to " + ", ".join(talk))
    return Content.styled(f" {look.signs.dot} ".join(words), "$dim")


def _program(facts: Overview, reference: Reference, signs: Signs) -> list[Line]:
    card, today = facts.card, facts.today
    by = f" {signs.dot} {card.practitioner_name}" if card.practitioner_name else ""
    lines = []
    for row in facts.enrollments:
        since = f" since {day_words(row.start, today)}" if row.start else ""
        held = "" if row.status == "active" else f", {reference.label('enrollment_status', row.status)}"
        lines.append(Line("Program", f"{row.program}{since}{held}{by}"))
    return [
        *(lines or [Line("Program", Content.styled("not enrolled", "$dim"))]),
        Line("Consent", consent_words(facts.consent, today, reference, signs)),
    ]


def _risk(facts: Overview, signs: Signs) -> list[Line]:
    """The risk tier; of who has died, or has none yet, nothing is said."""
    if facts.tier is None or facts.card.deceased:
        return []
    kept = facts.tier
    by = by_words(kept, lambda day: day_words(day, facts.today), signs.dot)
    style = "$coral" if kept.effective >= HIGH else ""
    words = Content.assemble((f"{kept.effective} of {HIGHEST}", style), (f" {signs.dot} {by}", "$dim"))
    return [Line("Risk", words)]


def _conditions(facts: Overview, signs: Signs) -> Content:
    chronic = [row.words for row in facts.conditions if row.chronic]
    other = len(facts.conditions) - len(chronic)
    if not facts.conditions:
        return Content.styled("none listed", "$dim")
    shown = "; ".join(chronic[:4]) or "none chronic"
    more = len(chronic) - 4
    tail = [f"{more} more chronic"] if more > 0 else []
    tail += [f"{other} other"] if other else []
    return Content.assemble(shown, (f" {signs.dot} " + ", ".join(tail), "$dim") if tail else "")
