"""The checklist as the form shows it: programs side by side, a sentence for each answer, the rows behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from textual.content import Content

from cmp_tui.clinic.reference import Reference
from cmp_tui.enrollment.eligibility_book import choices
from cmp_tui.enrollment.eligibility_queries import Checklist, DecisionLine
from cmp_tui.enrollment.eligibility_rules import DECIDING, NO, UNKNOWN, VISIT_FIRST, YES, Checked, Finding
from cmp_tui.enrollment.eligibility_words import (
    HEADINGS,
    SHORT,
    VERDICTS,
    Teller,
    sentence,
)
from cmp_tui.enrollment.programs import rulebook
from cmp_tui.ui.fields.grid import GridCell, GridRow
from cmp_tui.ui.words import day_words

LABELS: Mapping[str, str] = {
    "payer": "Insurance",
    "conditions": "Conditions",
    "purpose": "It is for",
    "visit": "Visit",
    "elsewhere": "Elsewhere",
}
ALSO: Mapping[str, str] = {"use": "high use", "needs": "needs", "score": "score"}
"""What speaks for a program, in the one row that they share."""
STYLES: Mapping[str, str] = {YES: "accent", NO: "coral", UNKNOWN: "amber", VISIT_FIRST: "amber"}


class Drawer:
    """Makes the rows of the table and the pages behind them."""

    def __init__(self, found: Checklist, reference: Reference, today: date) -> None:
        self._found, self._reference, self._today = found, reference, today
        self.tell = Teller(self.day, lambda name: found.names.get(name, name))

    def day(self, day: date) -> str:
        """A day as the screens say it."""
        return day_words(day, self._today)

    def heads(self) -> tuple[str, ...]:
        """The programs."""
        return tuple(one.program for one in self._found.judged.programs)

    def rows(self) -> tuple[GridRow, ...]:
        """The verdicts first, then what was decided, then criterion by criterion, then what speaks for it."""
        programs = self._found.judged.programs
        rows = [GridRow("In all", tuple(self._verdict(one) for one in programs))]
        if self._found.decisions:
            rows.append(GridRow("Decided", tuple(self._decision(one.program) for one in programs)))
        for what in DECIDING:
            cells = tuple(self._cell(one, what) for one in programs)
            if any(cells):
                rows.append(GridRow(LABELS[what], cells))
        also = tuple(self._spoken(one) for one in self._found.judged.speaking)
        return (*rows, GridRow("Also", also))

    def _verdict(self, checked: Checked) -> GridCell:
        name = self._reference.label("program", checked.program)
        says = f"{checked.program}, {name}: {VERDICTS[checked.verdict]}."
        for one in checked.findings:
            telling = one.what in ("conditions", "purpose") or one.how == "in-it"
            if telling if checked.verdict == YES else one.answer != YES:
                says += f" {sentence(one, checked.program, self._found.book, self.tell)}"
        return GridCell(SHORT[checked.verdict], STYLES[checked.verdict], says, lambda: self._whole(checked))

    def _decision(self, program: str) -> GridCell | None:
        found = self._found.decisions.get(program)
        if found is None:
            return None
        says = decision_words(found, self.day)
        return GridCell("yes" if found.eligible else "no", "text", f"{program}: {says}", None)

    def _cell(self, checked: Checked, what: str) -> GridCell | None:
        found = next((one for one in checked.findings if one.what == what), None)
        if found is None:
            return None
        says = f"{checked.program}: {sentence(found, checked.program, self._found.book, self.tell)}"
        return GridCell(SHORT[found.answer], STYLES[found.answer], says, lambda: self._page(checked, [found]))

    def _spoken(self, found: Finding) -> GridCell:
        says = f"{HEADINGS[found.what]}: {sentence(found, '', self._found.book, self.tell)}"
        text = f"{ALSO[found.what]} {SHORT[found.answer]}"
        return GridCell(text, STYLES[found.answer], says, lambda: self._page(None, [found]))

    # -- pages -----------------------------------------------------------------------------------------------

    def _whole(self, checked: Checked) -> Content:
        return self._page(checked, checked.findings)

    def _page(self, checked: Checked | None, findings: Iterable[Finding]) -> Content:
        """Each answer with its sentence, its rule's source, and the rows behind it."""
        program = checked.program if checked else ""
        lines: list[Content] = []
        if checked is not None:
            name = self._reference.label("program", program)
            lines += [Content.assemble((f"{program}  ", "bold"), (name, "$dim")), Content("")]
        for one in findings:
            answer = {YES: "yes", NO: "no"}.get(one.answer, "not known")
            lines.append(Content.assemble((f"{HEADINGS[one.what]}: ", "bold"), (answer, "$accent")))
            lines.append(Content(f"  {sentence(one, program, self._found.book, self.tell)}"))
            for key in one.rows:
                if key in self._found.rows:
                    table, line = self._found.rows[key]
                    words = row_words(table, line, self._reference, self.tell)
                    lines.append(Content.styled(f"  – {words}", "$text"))
            if source := self._source(program, one):
                lines.append(Content.styled(f"  Rule: {source}", "$dim"))
            lines.append(Content(""))
        return Content("\n").join(lines[:-1])

    def _source(self, program: str, found: Finding) -> str:
        what = found.what
        said = choices(self._reference)
        rules = rulebook(self._reference)
        known = rules.programs.get(program)
        row: Any = None
        if what in ("conditions", "visit") and known is not None:
            row = known.need(what)
        elif what == "payer":
            row = rules.general["payer"]
        elif what == "purpose":
            row = next((one for one in said.purposes if one.program == program), None)
        elif what in ("use", "needs", "score"):
            row = getattr(said, what)
        if row is None:
            return ""
        unsure = "" if row.decides or found.answer != UNKNOWN else "; not confirmed, so it decides nothing"
        return f"{row.source} (checked {row.checked_on}){unsure}"


def decision_words(found: DecisionLine, day: Callable[[date], str]) -> str:
    """Who decided what, when, and why: "yes, by Amy Levin, MD, 3 Nov; against the rules: …"."""
    by = ", ".join(part for part in (found.decided_by_name, found.decided_by_credential) if part)
    said = f"decided {'yes' if found.eligible else 'no'}{' by ' + by if by else ''}, {day(found.date)}"
    against = " against the rules" if found.overruled else ""
    return f"{said}{against}{': ' + found.why if found.why else ''}."


def row_words(table: str, line: Any, reference: Reference, tell: Teller) -> str:
    """A row behind an answer in one line: what it is, who said so, and when."""
    return ", ".join(part for part in _parts(table, line, reference, tell) if part)


def _parts(table: str, line: Any, reference: Reference, tell: Teller) -> Iterator[str]:
    say = reference.label
    if table == "condition":
        yield line.words
        yield line.code or ""
        yield {True: "chronic", False: "not chronic"}.get(line.chronic, "chronic or not: not said")
        yield f"since {line.onset}" if line.onset else ""
        if line.confirmed_by or line.confirmed_on:
            by = f" by {tell.name(line.confirmed_by)}" if line.confirmed_by else ""
            yield f"confirmed{by}{' ' + tell.day(line.confirmed_on) if line.confirmed_on else ''}"
        else:
            yield "confirmed by nobody yet"
    elif table == "visit":
        yield f"{say('visit_kind', line.kind)} {tell.day(line.date)}"
        yield f"with {tell.name(line.practitioner)}" if line.practitioner else ""
        yield {True: "program discussed", False: "program not discussed"}.get(
            line.care_management_discussed, ""
        )
    elif table == "stay":
        out = f" to {tell.day(line.discharged)}" if line.discharged else ", still there"
        yield f"{say('stay_kind', line.kind)} {tell.day(line.admitted)}{out}"
        yield line.facility or ""
        yield f"left for {say('discharged_to', line.discharged_to)}" if line.discharged_to else ""
    elif table == "service":
        until = f" to {tell.day(line.end)}" if line.end and line.end != line.start else ""
        yield f"{line.code} {tell.day(line.start)}{until}"
        yield f"billed by {tell.name(line.practitioner)}" if line.practitioner else "billed by somebody else"
    elif table == "enrollment":
        yield f"{line.program} {say('enrollment_status', line.status)}"
        yield f"since {tell.day(line.start)}" if line.start else ""
        yield f"billed by {tell.name(line.practitioner)}" if line.practitioner else ""
    elif table == "assessment":
        yield f"{line.instrument} {tell.day(line.date)}"
        yield say("assessment_status", line.status) if line.status != "completed" else ""
        yield f"score {line.score:g}" if line.score is not None else ""
        yield f"flags: {', '.join(sorted(line.flags))}" if line.flags else ""
    elif table == "payer_score":
        yield f"{line.kind} {line.value}, {tell.day(line.date)}"
        yield line.payer or ""
    elif table == "device_days":
        yield f"readings on {line.days} days, {tell.day(line.start)} to {tell.day(line.end)}"
