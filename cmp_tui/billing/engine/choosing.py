"""What of a program's candidates is billed: the first option that nothing excludes. Pure."""

from __future__ import annotations

from cmp_tui.billing.engine.candidates import Candidate, Option
from cmp_tui.billing.engine.exclusions import Clash, beside_services, between, billed_already
from cmp_tui.billing.engine.facts import MonthFacts
from cmp_tui.billing.engine.result import Alternative, Line, MonthResult
from cmp_tui.enrollment.rulebook import Program, Rulebook


class Choosing:
    """Puts lines into a month's result, says what keeps others out, and keeps those as alternatives."""

    def __init__(self, facts: MonthFacts, rules: Rulebook, result: MonthResult) -> None:
        self._facts, self._rules, self._result = facts, rules, result

    def choose(self, rules: Program, candidate: Candidate) -> bool:
        """Bills the first option that nothing excludes; the others are alternatives."""
        extra = [line for line in candidate.extra if self.may_stand(rules, (line,))]
        self._result.lines += extra
        chosen: Option | None = None
        for option in candidate.options:
            if chosen is None:
                lines = tuple(line for line in option.lines if not self.billed(line))
                if lines and self.may_stand(rules, lines):
                    chosen = option
                    self._result.lines += lines
                    self._note_caps(rules, lines)
                elif lines and not self.excluded_by_services(lines):
                    self.alternative(lines, f"{rules.program} instead of what is billed now.")
            else:
                self.alternative(
                    option.lines,
                    f"{rules.name} by another family of codes, instead of {chosen.lines[0].code}.",
                )
        return chosen is not None

    def _note_caps(self, rules: Program, lines: tuple[Line, ...]) -> None:
        over = {one.code: one for one in rules.codes if one.unsure_over}
        for line in lines:
            code = over.get(line.code)
            if code is not None and line.units > code.unsure_over:
                most = f"no official limit was found; payers commonly stop at {code.unsure_over}"
                self._result.warn(
                    "cap", rules.program, f"{line.units} × {code.code}: {most}.", code, line.rows
                )

    def may_stand(self, rules: Program, lines: tuple[Line, ...]) -> bool:
        """Whether nothing that is billed excludes the lines; says what does."""
        fine = True
        for clash in between(self._rules, lines, self._result.lines):
            if clash.rule.decides:
                fine = False
                says = f"{clash.line.code} is not billed beside {clash.code}: {clash.rule.says}."
                self._result.warn("exclusion", rules.program, says, clash.rule)
            else:
                says = f"{clash.line.code} stands beside {clash.code}: {clash.rule.says}. Check it."
                self._result.warn("exclusion", rules.program, says, clash.rule)
        for clash in beside_services(self._rules, self._facts, lines):
            fine &= not self._beside(rules, clash)
        return fine

    def _beside(self, rules: Program, clash: Clash) -> bool:
        if clash.sure:
            says = f"{clash.line.code} is blocked by {clash.code}, which was billed: {clash.rule.says}."
            return self._result.block("exclusion", rules.program, says, clash.rule, clash.rows)
        says = f"{clash.code} was billed, {clash.doubt}: {clash.rule.says}."
        self._result.warn("exclusion", rules.program, says, clash.rule, clash.rows)
        return False

    def excluded_by_services(self, lines: tuple[Line, ...]) -> bool:
        """Whether a service that was billed surely excludes the lines; nothing is said."""
        return any(
            clash.sure and clash.rule.decides for clash in beside_services(self._rules, self._facts, lines)
        )

    def billed(self, line: Line) -> bool:
        """Whether a line was billed already; says so."""
        service = billed_already(self._facts, line)
        if service is None:
            return False
        says = f"{line.code} was billed already ({service.start}): the same month is not billed twice."
        row = self._rules.general["billed-once"]
        return self._result.block("billed-already", line.program, says, row, (service.key,))

    def alternative(self, lines: tuple[Line, ...], says: str) -> None:
        """Keeps lines as what could be billed instead, once."""
        one = Alternative(lines, says)
        if lines and one not in self._result.alternatives:
            self._result.alternatives.append(one)
