"""A referral whole, beside a list: whom to call and why, its clocks, and every step with who said so and how."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from textual.content import Content

from cmp_tui.clinic.calendar import business_days_between
from cmp_tui.clinic.reference import Reference
from cmp_tui.referrals.lines import Detail, ReferralLine, StepLine
from cmp_tui.referrals.words import due_words, stage_words, telephone, visit_words
from cmp_tui.ui.preview import GAP, Line
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.words import day_words, plural


def referral_lines(whole: Detail, reference: Reference, signs: Signs) -> Iterator[Line]:
    """Gives the lines of a referral, without whom it is about."""
    line, label, today = whole.line, reference.label, whole.today
    dot = f" {signs.dot} "
    kind = dot.join((label("referral_kind", line.kind), label("referral_urgency", line.urgency)))
    yield Line(None, Content.assemble((line.what, "bold"), (f"   {kind}", "$dim")))
    yield GAP
    if line.ended_on is None:
        yield Line("Now", due_words(line, today).reason)
        yield from _clocks(whole, signs)
    else:
        yield from _end(line, reference, today)
    yield from _to(line)
    if line.visit_on is not None:
        yield Line("Visit", visit_words(line, today))
    for name, value in (
        ("Question", line.question), ("Need", line.need), ("For goal", whole.goal), ("Records", line.records),
        ("Remarks", line.remarks),
    ):  # fmt: skip
        if value:
            yield Line(name, value)
    ordered = f"{day_words(line.ordered_on, today)}{f' by {whole.orderer}' if whole.orderer else ''}"
    yield Line("Ordered", ordered)
    yield Line("Whose", line.owner_name or Content.styled("nobody's yet: e says whose it is", "$amber"))
    yield GAP
    for place, step in enumerate(whole.steps):
        yield from _step(step, line.kind, reference, signs, today, first=not place)
    for letter in whole.letters:
        how = f", {label('given_how', letter.how)}" if letter.how else ""
        to = f" to {letter.to}" if letter.to else ""
        yield Line(
            "Letter", Content.assemble(f"sent{to}{how}", (f"  {day_words(letter.day, today)}", "$dim"))
        )


def _clocks(whole: Detail, signs: Signs) -> Iterator[Line]:
    line, today = whole.line, whole.today
    ask = line.check_on
    if ask is not None and ask < today:
        late = plural(business_days_between(ask, today), "business day")
        yield Line(
            "Ask", Content.styled(f"{signs.overdue} since {day_words(ask, today)}, {late} late", "$coral")
        )
    elif ask is not None:
        style = (signs.today, "$amber") if ask == today else (signs.later, "$text")
        yield Line("Ask", Content.styled(f"{style[0]} {day_words(ask, today)}", style[1]))
    if line.checks:
        yield Line("", Content.styled(f"asked {plural(line.checks, 'time')} without news", "$amber"))
    if whole.target_on is not None:
        past = whole.target_on < today
        yield Line("Target", _target(f"this stage by {day_words(whole.target_on, today)}", past, whole.track))
    if whole.seen_by is not None:
        yield Line("", _target(f"visit by {day_words(whole.seen_by, today)}", whole.seen_by < today, ""))


def _target(words: str, past: bool, track: str) -> Content:
    tail = (f"  our own, {track}", "$dim") if track else ("", "")
    return Content.assemble((f"{words}{', past' if past else ''}", "$coral" if past else ""), tail)


def _end(line: ReferralLine, reference: Reference, today: date) -> Iterator[Line]:
    assert line.ended_on is not None
    words = reference.label("referral_end", line.end)
    yield Line("Ended", Content.assemble(words, (f"  {day_words(line.ended_on, today)}", "$dim")))
    if line.end_why:
        yield Line("", line.end_why)
    if line.need_met is not None and line.end not in ("met", "not-met"):
        yield Line("Need", "met" if line.need_met else "not met")


def _to(line: ReferralLine) -> Iterator[Line]:
    """Whom it goes to, and each way to reach them on a line of its own: numbers are read while one dials."""
    if not line.to:
        yield Line("To", Content.styled("nobody named yet: e names them", "$amber"))
        return
    yield Line("To", line.to)
    if line.phone:
        yield Line("", telephone(line.phone))
    else:
        yield Line("", Content.styled("no number in the directory", "$dim"))
    if line.fax:
        yield Line("", f"fax {telephone(line.fax)}")
    if line.hours:
        yield Line("", Content.styled(line.hours, "$dim"))


def _step(
    step: StepLine, kind: str, reference: Reference, signs: Signs, today: date, *, first: bool
) -> Iterator[Line]:
    label = reference.label
    words = stage_words(kind, step.stage, label("referral_stage", step.stage))
    if step.why:
        words = f"{words}, {label('missed_why', step.why)}"
    said = ", ".join(
        part for part in (step.said_by, label("said_how", step.how) if step.how else None) if part
    )
    whose = f" {signs.dot} {step.staff_name}" if step.staff_name and step.staff_name != step.said_by else ""
    style = "$accent" if first else ""
    yield Line(
        day_words(step.day, today), Content.assemble((words, style), (f"  {said}{whose}".rstrip(), "$dim"))
    )
    if step.remarks:
        yield Line("", Content.styled(step.remarks, "$dim"))
