"""The preview of a card: all that is known of someone's way into a program, in two columns where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import zip_longest
from typing import NamedTuple
from zoneinfo import ZoneInfo

from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip

from cmp_tui.clinic.calendar import day_of, local
from cmp_tui.clinic.reference import Reference
from cmp_tui.enrollment.intake_facts import Touch
from cmp_tui.enrollment.intake_queries import IntakeCard, IntakeDetail
from cmp_tui.enrollment.pipeline_words import age_of_stage, sign_of, step_words, whose_words
from cmp_tui.patients.panel import age_and_sex
from cmp_tui.ui.preview import GAP, LABEL, Line, Preview
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.table_lines import as_content, draw
from cmp_tui.ui.words import birth_words, day_words, name_words, phone_words, plural

WIDE = 100
"""Cells from which a preview below the cards has two columns."""
TOUCHES = 4
"""Contacts that are listed."""


class Look(NamedTuple):
    """How things are shown: the words, the zone, the signs, names masked or not, and who looks."""

    reference: Reference
    zone: ZoneInfo
    signs: Signs
    masked: bool
    me: bytes


class CardPreview(Preview):
    """A preview that lies below the cards: a thin line on top, and two columns. On a narrow terminal as any other."""

    def __init__(self, *, signs: Signs, id: str | None = None) -> None:
        super().__init__(signs=signs, id=id)
        self._sides: tuple[Sequence[Line], Sequence[Line]] = ((), ())

    def show_sides(self, left: Sequence[Line], right: Sequence[Line]) -> None:
        """Shows the lines of both columns."""
        self._sides = (left, right)
        self.show([*left, GAP, *right] if right else left)

    def render_line(self, y: int) -> Strip:
        """The thin line on top, then both columns."""
        width = self.size.width
        if width < WIDE:
            return super().render_line(y)
        if width != self._width:
            self._compose_lines(width)
        parse = self.app.stylesheet.parse_style
        if y == 0:
            rule = Content.styled(self._signs.rule_across * width if self._drawn else "", "$rule")
            return draw([rule], self.visual_style, width, parse)
        at = y - 1 + self._top
        parts = self._drawn[at] if at < len(self._drawn) else ()
        if y == self.size.height - 1 and len(self._drawn) - self._top > self.size.height - 1:
            parts = (Content.styled(self._signs.more, "$dim"),)
        return draw([Content(" "), *parts], self.visual_style, width, parse)

    def show(self, lines: Sequence[Line]) -> None:
        """Shows lines; only those that changed are drawn again."""
        if self.size.width < WIDE:
            super().show(lines)
            return
        self._lines, before = tuple(lines), self._drawn
        self._compose_lines(self.size.width)
        if self._top:
            self._top = 0
            self.refresh()
            return
        if bool(before) != bool(self._drawn):
            self.refresh(Region(0, 0, self.size.width, 1))
        for y, (old, new) in enumerate(zip_longest(before, self._drawn, fillvalue=())):
            same = len(old) == len(new) and all(one.is_same(two) for one, two in zip(old, new, strict=True))
            if not same and y + 1 < self.size.height:
                self.refresh(Region(0, y + 1, self.size.width, 1))
        self.refresh(Region(0, self.size.height - 1, self.size.width, 1))

    def _compose_lines(self, width: int) -> None:
        if width < WIDE:
            super()._compose_lines(width)
            return
        self._width = width
        half = (width - 3) // 2
        left, right = (_wrapped(side, half - 2) for side in self._sides)
        empty = Content("")
        self._drawn = [
            (one.pad_right(max(half - one.cell_length, 0)), other)
            for one, other in zip_longest(left, right, fillvalue=empty)
        ]


def _wrapped(lines: Sequence[Line], room: int) -> list[Content]:
    found: list[Content] = []
    for label, value in lines:
        content = as_content(value)
        if label is None:
            found += content.wrap(room) if content else [Content("")]
            continue
        head = Content.styled(label.ljust(LABEL), "$dim")
        for line in content.wrap(max(room - LABEL, 8)) if content else [Content("")]:
            found.append(Content.assemble(head, line))
            head = Content(" " * LABEL)
    return found


def card_lines(detail: IntakeDetail, look: Look) -> tuple[list[Line], list[Line]]:
    """Returns the lines of both columns: who it is, from where and what is next; then what was done."""
    card, person, today, signs = detail.card, detail.person, detail.today, look.signs
    label, dot = look.reference.label, f" {look.signs.dot} "
    name = "(name masked)" if look.masked else name_words(person.family, person.given or "")
    about = age_and_sex(person, today), birth_words(person.birth_date)
    who = f"   {dot.join(part for part in about if part)}"
    program = card.program or next((one.program for one in (detail.consent, detail.decided) if one), None)
    left = [
        Line(None, Content.assemble((name, "bold"), (who, "$dim"))),
        Line("Call", _call(detail, signs)),
        Line("From", _source(card, look, today)),
        *([Line("Why", card.reason)] if card.reason else []),
        Line(
            "Program",
            f"{program} {label('program', program)}" if program else _dim("not settled"),
        ),
        Line("Next", _next(card, look, today)),
    ]
    right = [
        Line("Stage", Content.assemble(label("intake_stage", card.stage), (dot + age_of_stage(card, today), "$dim"))),
        Line("Whose", card.owner_name or Content.assemble(("nobody yet: ", "$dim"), ("enter", "$accent"))),
        *_ended(card, look, today),
        *_touches(detail, look),
        *_facts(detail, look),
        *_before(detail, look),
    ]  # fmt: skip
    return left, right


def _call(detail: IntakeDetail, signs: Signs) -> Content:
    person = detail.person
    if not person.phones:
        return Content.styled("no telephone yet; add one on the chart", "$dim")
    parts = [phone_words(person.phones[0].number)]
    if person.best_time:
        parts.append(person.best_time)
    if person.may_leave_message is not None:
        parts.append(f"message {'ok' if person.may_leave_message else 'not ok'}")
    if person.language and person.language != "English":
        parts.append(person.language + (", interpreter" if person.interpreter else ""))
    return Content.assemble(parts[0], (f" {signs.dot} ".join(["", *parts[1:]]), "$dim"))


def _source(card: IntakeCard, look: Look, today: date) -> Content:
    label = look.reference.label
    words = label("intake_source", card.source) + (f", {card.by}" if card.by else "")
    if card.source == "self-referral" and card.mode:
        words += f", {label('mode', card.mode)}"
    parts: list[tuple[str, str] | str] = [
        words,
        (f" {look.signs.dot} {day_words(card.received, today)}", "$dim"),
    ]
    if card.source == "provider-referral":
        if card.answered_on:
            parts.append((f" {look.signs.dot} told {day_words(card.answered_on, today)}", "$dim"))
        else:
            parts += [(f" {look.signs.dot} not told yet: ", "$dim"), ("A", "$accent")]
    return Content.assemble(*parts)


def _next(card: IntakeCard, look: Look, today: date) -> Content:
    sign, style = sign_of(card, look.signs, today)
    words = step_words(card, today, short=False)
    parts: list[tuple[str, str] | str] = [(f"{sign} ", style), words]
    step = card.step
    if step.due is not None and step.kind not in ("back", "wait"):
        parts.append((f", by {day_words(step.due, today)}", "$coral" if step.due < today else "$dim"))
    if whose := whose_words(card, look.me, today):
        parts.append((f" {look.signs.dot} {whose}", "$dim"))
    return Content.assemble(*parts)


def _touches(detail: IntakeDetail, look: Look) -> list[Line]:
    card, touches = detail.card, detail.touches
    head = plural(card.tries.made, "try", "tries") if card.tries.made else ""
    if card.tries.made != card.tries.counted:
        head += f", {card.tries.counted} on days of their own"
    lines = [Line("Tried", head)] if head else []
    if not touches:
        return [Line("Tried", Content.assemble(("not yet: ", "$dim"), ("c", "$accent")))]
    shown = touches[-TOUCHES:]
    for place, one in enumerate(reversed(shown)):
        lines.append(Line("Contacts" if not place else "", _touch(one, detail.today, look)))
    return lines


def _touch(one: Touch, today: date, look: Look) -> Content:
    label = look.reference.label
    at = local(one.at, look.zone)
    day = day_words(day_of(one.at, look.zone), today)
    words = f"{label('mode', one.mode)}, {label('outcome', one.outcome)}"
    if one.reached:
        return Content.assemble(words, (f" {look.signs.done}", "$accent"), (f"  {day} {at:%H:%M}", "$dim"))
    return Content.assemble(words, (f"  {day} {at:%H:%M}", "$dim"))


def _facts(detail: IntakeDetail, look: Look) -> list[Line]:
    label, today = look.reference.label, detail.today
    lines = []
    if detail.decided is not None:
        words = "yes" if detail.decided.what is True else "no"
        day = day_words(detail.decided.day, today)
        lines.append(
            Line("Eligible", Content.assemble(f"{words}, {detail.decided.program}", (f"  {day}", "$dim")))
        )
    if detail.consent is not None:
        said, day = str(detail.consent.what), day_words(detail.consent.day, today)
        words = f"{detail.consent.program}: {label('decision', said)}"
        good = (f" {look.signs.done}", "$accent") if said == "accepted" else ("", "")
        lines.append(Line("Consent", Content.assemble(words, good, (f"  {day}", "$dim"))))
    return lines


def _ended(card: IntakeCard, look: Look, today: date) -> list[Line]:
    if card.stage != "ended":
        return []
    back = f"comes back {day_words(card.back_on, today)}" if card.back_on else "does not come back"
    words = look.reference.label("program_end", card.end)
    lines = [Line("Ended", Content.assemble(words, (f" {look.signs.dot} {back}", "$dim")))]
    return [*lines, Line("", card.end_why)] if card.end_why else lines


def _before(detail: IntakeDetail, look: Look) -> list[Line]:
    before = detail.before
    if before is None or before.ended_on is None:
        return []
    day = day_words(before.ended_on, detail.today)
    words = look.reference.label("program_end", before.end)
    lines = [Line("Before", Content.assemble(words, (f"  {day}", "$dim")))]
    return [*lines, Line("", before.end_why)] if before.end_why else lines


def _dim(words: str) -> Content:
    return Content.styled(words, "$dim")
