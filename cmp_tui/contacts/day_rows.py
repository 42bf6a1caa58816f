"""The day review as the rows of one list: what was logged in its order, and what the day still lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.working import Kept
from cmp_tui.contacts.day import Clash, DayReview, GapLine, LookLine
from cmp_tui.contacts.lines import ContactLine, EntryLine
from cmp_tui.contacts.timer_queries import TimerLine
from cmp_tui.ui.words import minutes_words, one_line

Kind = Literal["entry", "contact", "gap", "look", "timer", "draft"]
SECTIONS: Mapping[Kind, str] = {
    "entry": "The day, in its order",
    "look": "Charts opened, no time logged",
    "timer": "Timers",
    "draft": "Drafts",
}
"""The headings; entries, contacts and gaps stand under the first one."""


class DayRow(NamedTuple):
    """One line of the day review. `name` is the patient's, `words` say what it is, `line` is what it came from."""

    kind: Kind
    key: tuple[str, str]
    start: datetime
    end: datetime | None
    patient: bytes | None
    name: str
    words: str
    seconds: int | None
    clashes: tuple[Clash, ...]
    line: Any


def day_rows(
    review: DayReview,
    drafts: Sequence[Kept],
    names: Mapping[bytes, str],
    reference: Reference,
    today: date,
) -> tuple[list[DayRow], list[tuple[int, str]]]:
    """Returns the rows of a day, and the headings with the place of the row below each.

    Timers and drafts belong to today only. A contact whose time is listed has no row of its own.
    """
    timed = {entry.contact for entry in review.entries if entry.contact}
    logged = [_entry(entry, review, reference) for entry in review.entries]
    logged += [_contact(one, reference) for one in review.contacts if one.id not in timed]
    logged += [_gap(gap) for gap in review.gaps]
    logged.sort(key=lambda row: (row.start, row.end or row.start))
    parts = [("entry", logged), ("look", [_look(look) for look in review.looks])]
    if review.day == today:
        parts.append(("timer", [_timer(timer) for timer in review.timers]))
        parts.append(("draft", [_draft(draft, names) for draft in drafts]))
    found: list[DayRow] = []
    headings: list[tuple[int, str]] = []
    for kind, part in parts:
        if part:
            headings.append((len(found), SECTIONS[kind]))  # type: ignore[index]
            found += part
    return found, headings


def _entry(entry: EntryLine, review: DayReview, reference: Reference) -> DayRow:
    clashes = tuple(one for one in review.overlaps if entry.id in (one.earlier.id, one.later.id))
    parts = []
    if clashes:
        parts.append(f"overlaps {minutes_words(sum(one.seconds for one in clashes))}")
    if entry.contact and entry.mode and entry.outcome:
        parts.append(f"{reference.label('mode', entry.mode)}, {reference.label('outcome', entry.outcome)}")
    else:
        parts.append(reference.label("activity", entry.activity))
    if entry.late:
        parts.append("late")
    if entry.amended_at:
        parts.append("amended")
    if entry.note:
        parts.append(one_line(entry.note))
    key = ("entry", entry.id.hex())
    words = " · ".join(parts)
    return DayRow(
        "entry",
        key,
        entry.start,
        entry.end,
        entry.patient,
        entry.name,
        words,
        entry.seconds,
        clashes,
        entry,
    )


def _contact(contact: ContactLine, reference: Reference) -> DayRow:
    said = one_line(contact.why or contact.changed or contact.did or contact.next or "")
    parts = [
        f"{reference.label('mode', contact.mode)}, {reference.label('outcome', contact.outcome)}",
        "no time" if not contact.seconds else "",
        said,
    ]
    words = " · ".join(part for part in parts if part)
    key = ("contact", contact.id.hex())
    return DayRow(
        "contact",
        key,
        contact.at,
        None,
        contact.patient,
        contact.name,
        words,
        contact.seconds,
        (),
        contact,
    )


def _gap(gap: GapLine) -> DayRow:
    length = int((gap.end - gap.start).total_seconds())
    words = f"nothing logged for {minutes_words(length)}"
    return DayRow("gap", ("gap", gap.what), gap.start, gap.end, None, "", words, None, (), gap)


def _look(look: LookLine) -> DayRow:
    words = "chart opened" if look.times == 1 else f"chart opened {look.times} times"
    return DayRow(
        "look", ("look", look.what), look.first, look.last, look.patient, look.name, words, None, (), look
    )


def _timer(timer: TimerLine) -> DayRow:
    words = "runs" if timer.status == "running" else "put aside"
    if timer.absence is not None:
        words += f", {timer.absence.minutes} min without a key: enter says what counts"
    return DayRow(
        "timer",
        ("timer", timer.id.hex()),
        timer.start,
        timer.stopped_at,
        timer.patient,
        timer.name,
        words,
        timer.seconds,
        (),
        timer,
    )


def _draft(draft: Kept, names: Mapping[bytes, str]) -> DayRow:
    name = names.get(draft.patient, "") if draft.patient else ""
    words = f"draft: {draft.data.get('title') or 'form'}"
    return DayRow(
        "draft", ("draft", draft.id.hex()), draft.at, None, draft.patient, name, words, None, (), draft
    )
