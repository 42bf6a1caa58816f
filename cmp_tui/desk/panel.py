"""The preview of a patient: what one needs before a call first, then the rest."""

from __future__ import annotations

from typing import NamedTuple
from zoneinfo import ZoneInfo

from textual.content import Content

from cmp_tui.clinic.calendar import day_of
from cmp_tui.clinic.reference import Reference
from cmp_tui.desk.queries import Overview
from cmp_tui.patients.panel import age_and_sex
from cmp_tui.patients.queries import Card
from cmp_tui.ui.bar import month_line
from cmp_tui.ui.preview import GAP, Line
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.words import birth_words, day_words, name_words, phone_words, plural


class Look(NamedTuple):
    """How things are shown: the words, the clinic's zone, the signs, names masked or not, the month's threshold."""

    reference: Reference
    zone: ZoneInfo
    signs: Signs
    masked: bool
    first: int


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
        Line("Conditions", _conditions(facts, signs)),
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
    lines += [GAP, Line("This month", month_line(facts.seconds // 60, look.first, signs))]
    if card.remarks:
        lines += [GAP, Line("Remarks", card.remarks)]
    return tuple(lines)


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
    lines = []
    active = [row for row in facts.enrollments if row.status == "active"]
    by = f" {signs.dot} {card.practitioner_name}" if card.practitioner_name else ""
    for row in active:
        since = f" since {day_words(row.start, today)}" if row.start else ""
        lines.append(Line("Program", f"{row.program}{since}{by}"))
    if not active:
        lines.append(Line("Program", Content.styled("not enrolled", "$dim")))
    if facts.consents:
        row2 = facts.consents[0]
        good = row2.decision == "accepted"
        how = reference.label("consent_mode", row2.mode)
        words = f"{reference.label('decision', row2.decision)} {how} {day_words(row2.date, today)}".replace(
            "  ", " "
        )
        lines.append(Line("Consent", Content.assemble(words, (f" {signs.done}", "$accent") if good else "")))
    else:
        lines.append(Line("Consent", Content.styled("not asked yet", "$amber")))
    return lines


def _conditions(facts: Overview, signs: Signs) -> Content:
    chronic = [row.words for row in facts.conditions if row.chronic]
    other = len(facts.conditions) - len(chronic)
    if not facts.conditions:
        return Content.styled("none listed", "$dim")
    shown = ", ".join(chronic[:4]) or "none chronic"
    more = len(chronic) - 4
    tail = [f"{more} more chronic"] if more > 0 else []
    tail += [f"{other} other"] if other else []
    return Content.assemble(shown, (f" {signs.dot} " + ", ".join(tail), "$dim") if tail else "")
