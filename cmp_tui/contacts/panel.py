"""A contact and a time entry whole, as the previews of the day review and of the chart show them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from textual.content import Content

from cmp_tui.clinic.calendar import Month, local
from cmp_tui.clinic.reference import Reference
from cmp_tui.contacts.lines import ContactLine, EntryLine
from cmp_tui.ui.preview import GAP, Line
from cmp_tui.ui.words import clock_words, day_words, minutes_words


def moment(at: datetime, zone: ZoneInfo, today: date) -> str:
    """'Fri 20 Nov 10:04'"""
    return f"{day_words(local(at, zone).date(), today)} {clock_words(at, zone)}"


def contact_lines_of(
    line: ContactLine, reference: Reference, zone: ZoneInfo, today: date
) -> tuple[Line, ...]:
    """Returns a contact whole: when, how, with whom, the four-line note, its signature and its amendment."""
    label = reference.label
    how = f"{label('mode', line.mode)}, {label('outcome', line.outcome)}"
    whom = "" if line.with_whom == "patient" else f", with {label('with_whom', line.with_whom)}"
    lines = [
        Line(
            "When",
            day_words(local(line.at, zone).date(), today) if line.precision else moment(line.at, zone, today),
        ),
        Line("How", how + whom),
    ]
    note = (("Why", line.why), ("Changed", line.changed), ("Did", line.did), ("Next", line.next))
    lines += [Line(name, text) for name, text in note if text]
    if not any(text for _, text in note):
        lines += [Line("Note", Content.styled("none", "$dim"))]
    lines += [Line("Signed", f"{line.signed_as}, {moment(line.signed_at, zone, today)}")]
    if line.group is not None:
        lines.append(Line("Group", "one activity for several patients"))
    if line.amended_at is not None:
        lines.append(
            Line("Amended", _amended(line.amended_at, line.amended_by, line.amended_why, zone, today))
        )
    return tuple(lines)


def entry_lines_of(
    line: EntryLine, reference: Reference, zone: ZoneInfo, today: date, why_not: str | None = ""
) -> tuple[Line, ...]:
    """Returns a time entry whole. `why_not`: why it can't be billed, None when it can, '' when not asked."""
    label = reference.label
    whole = int((line.end - line.start).total_seconds())
    lines = [
        Line("Time", _when(line, zone, today)),
        Line("Minutes", Content.styled(minutes_words(line.seconds), "bold")),
        Line("Activity", label("activity", line.activity) + _where(line)),
    ]
    if line.group_size > 1:
        shared = f"{minutes_words(whole)} shared by {line.group_size} patients"
        lines.append(Line("Share", shared))
    if line.program:
        lines.append(Line("Program", f"{line.program} · {label('program', line.program)}"))
    if why_not is None:
        lines.append(Line("Billable", "yes"))
    elif why_not:
        lines.append(Line("Billable", Content.styled(f"no: {why_not}", "$amber")))
    credential = "" if line.credential == "none" else f", {line.credential}"
    lines.append(Line("By", f"{line.staff_name}{credential}"))
    if line.practitioner:
        lines.append(Line("For", line.practitioner))
    if line.late:
        done, entered = moment(line.end, zone, today), moment(line.entered_at, zone, today)
        lines.append(Line("Late", Content.styled(f"done {done}, entered {entered}", "$amber")))
    if line.amended_at is not None:
        lines.append(
            Line("Amended", _amended(line.amended_at, line.amended_by, line.amended_why, zone, today))
        )
    if line.long_why:
        lines.append(Line("Why so long", line.long_why))
    if line.note:
        lines += [GAP, Line(None, Content.styled("Note", "$dim")), Line(None, line.note)]
    return tuple(lines)


def _when(line: EntryLine, zone: ZoneInfo, today: date) -> str:
    """From when to when; of time that was brought in no more than is known."""
    start = local(line.start, zone).date()
    if line.precision == "month":
        return f"{Month.of(start).label}, a month's total, imported"
    if line.precision == "day":
        return f"{day_words(start, today)}, imported"
    typed = " (minutes typed)" if line.typed else ""
    return f"{moment(line.start, zone, today)}–{clock_words(line.end, zone)}{typed}"


def _where(line: EntryLine) -> str:
    return (", face to face" if line.face_to_face else "") + (
        ", part of a billed visit" if line.in_billed_visit else ""
    )


def _amended(at: datetime, who: str | None, why: str | None, zone: ZoneInfo, today: date) -> Content:
    by = f" by {who}" if who else ""
    because = f": {why}" if why else ""
    return Content.styled(f"{moment(at, zone, today)}{by}{because}", "$amber")
