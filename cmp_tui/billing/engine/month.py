"""One patient's month: what can be billed, what blocks, what warns, and what else could be billed. Pure.

The enrollment's program decides. Programs come in the clinic's order of preference: the first that bills uses its
minutes up and keeps out what is not payable beside it; what was kept out is an alternative.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from cmp_tui.billing.engine.candidates import Candidate, Option, first_or_later, line_for
from cmp_tui.billing.engine.days import enrolled_spans
from cmp_tui.billing.engine.devices import device_lines
from cmp_tui.billing.engine.exclusions import Clash, beside_services, between, billed_already
from cmp_tui.billing.engine.facts import Enrollment, MonthFacts, Visit
from cmp_tui.billing.engine.level import level
from cmp_tui.billing.engine.needs import practitioners_of, standing
from cmp_tui.billing.engine.result import Alternative, Line, Minutes, MonthResult
from cmp_tui.billing.engine.tally import tally
from cmp_tui.billing.engine.timed import timed
from cmp_tui.billing.engine.transition import transition
from cmp_tui.billing.rulebook import Program, Rulebook
from cmp_tui.clinic.calendar import Month


class RulesOfMonth(NamedTuple):
    """The rules in force on a month's last day; `loaded` is False where they are the nearest that the tables have."""

    rules: Rulebook
    loaded: bool


def rules_of(rulebook: Rulebook, month: Month) -> RulesOfMonth:
    """Returns the rules by which a month is judged: looked up once for all patients."""
    loaded = rulebook.first_day <= month.first and month.last <= rulebook.last_day
    day = month.last if loaded else min(max(month.last, rulebook.first_day), rulebook.last_day)
    return RulesOfMonth(rulebook.on(day), loaded)


def bill(facts: MonthFacts, rulebook: Rulebook) -> MonthResult:
    """Judges one patient's month by the rules in force on its last day."""
    return judge(facts, rules_of(rulebook, facts.month))


def judge(facts: MonthFacts, by: RulesOfMonth) -> MonthResult:
    """Judges one patient's month by the rules that `rules_of` returned for it."""
    result = MonthResult(facts)
    rules, loaded = by
    if facts.deceased_on is not None and facts.deceased_on < facts.month.first:
        _died(facts, rules, result)
        return result
    _Month(facts, rules, result).judge()
    if not loaded:
        _not_loaded(facts, rules, result)
    elif facts.payer is not None and facts.payer not in rules.general["payer"].values["medicare"]:
        _ask_payer(facts, rules, result)
    else:
        _identity(facts, rules, result)
    return result


class _Month:
    """The judging of one month."""

    def __init__(self, facts: MonthFacts, rules: Rulebook, result: MonthResult) -> None:
        self._facts, self._rules, self._result = facts, rules, result
        self._taken: list[tuple[int, int]] = []

    def judge(self) -> None:
        """Goes through the programs in order of preference."""
        facts = self._facts
        wanted = {one.program for one in facts.enrollments if enrolled_spans(facts, one.program)}
        wanted |= {entry.program for entry in facts.entries if entry.program}
        wanted |= {"TCM"} if facts.stays else set()
        wanted |= (
            {"RPM"}
            if any(facts.month.first <= one.end <= facts.month.last for one in facts.device_days)
            else set()
        )
        order = [*facts.choices.programs, *sorted(wanted - set(facts.choices.programs))]
        for name in order:
            if name in wanted:
                self._program(name)
        self._rural_codes()
        self._other_minutes(wanted)
        self._planning()
        self._apcm_instead(wanted)
        self._without_program()

    def _program(self, name: str) -> None:
        rules = self._rules.programs.get(name)
        if rules is None:
            says = f"There are no rules by which {name} is paid in {self._facts.month.label}."
            self._result.refuse("not-payable", name, says, self._rules.general["not-loaded"])
            return
        before = list(self._taken)
        candidate = self._candidate(rules, before)
        accepted = self._choose(rules, candidate)
        if accepted:
            self._taken += candidate.used
        if candidate.overlaps:
            self._note_shared(rules, candidate, accepted)

    def _candidate(self, rules: Program, taken: list[tuple[int, int]]) -> Candidate:
        facts, result = self._facts, self._result
        if rules.program == "TCM":
            return transition(facts, rules, self._rules.general, result)
        if rules.time is None:
            return level(facts, rules, self._rules.general, result)
        candidate = timed(facts, rules, self._rules.general, taken, result)
        if rules.program == "RPM":
            stands = standing(facts, rules, candidate.practitioner, MonthResult(facts))
            if stands.met:
                candidate.extra = device_lines(facts, rules, candidate.practitioner, result)
                if (
                    candidate.extra
                    and not candidate.options
                    and not any(e.program == "RPM" for e in facts.entries)
                ):
                    result.withdraw("minutes", "RPM")
        if rules.program in ("BHI", "COCM"):
            self._behavioral(rules, candidate)
        return candidate

    def _choose(self, rules: Program, candidate: Candidate) -> bool:
        """Bills the first option that nothing excludes; the others are alternatives."""
        extra = [line for line in candidate.extra if self._may_stand(rules, (line,))]
        self._result.lines += extra
        chosen: Option | None = None
        for option in candidate.options:
            if chosen is None:
                lines = tuple(line for line in option.lines if not self._billed(rules, line))
                if lines and self._may_stand(rules, lines):
                    chosen = option
                    self._result.lines += lines
                elif lines and not self._excluded_by_services(lines):
                    self._alternative(lines, f"{rules.program} instead of what is billed now.")
            else:
                self._alternative(
                    option.lines,
                    f"{rules.name} by another family of codes, instead of {chosen.lines[0].code}.",
                )
        return chosen is not None

    def _may_stand(self, rules: Program, lines: tuple[Line, ...]) -> bool:
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
        says = f"{clash.code} was billed, by whom is not known. If by {clash.line.practitioner}: {clash.rule.says}."
        self._result.warn("exclusion", rules.program, says, clash.rule, clash.rows)
        return False

    def _excluded_by_services(self, lines: tuple[Line, ...]) -> bool:
        return any(
            clash.sure and clash.rule.decides for clash in beside_services(self._rules, self._facts, lines)
        )

    def _billed(self, rules: Program, line: Line) -> bool:
        service = billed_already(self._facts, line)
        if service is None:
            return False
        says = f"{line.code} was billed already ({service.start}): the same month is not billed twice."
        row = self._rules.general["billed-once"]
        return self._result.block("billed-already", rules.program, says, row, (service.key,))

    def _alternative(self, lines: tuple[Line, ...], says: str) -> None:
        one = Alternative(lines, says)
        if lines and one not in self._result.alternatives:
            self._result.alternatives.append(one)

    def _note_shared(self, rules: Program, candidate: Candidate, accepted: bool) -> None:
        """Minutes that were logged to two programs: one has them, and what the other would bill with them is told."""
        used = {line.program for line in self._result.lines}
        says = "Minutes that stand in another program too, or in a billed visit, count once."
        self._result.warn(
            "overlap", rules.program, says, self._rules.general["two-programs"], candidate.overlaps
        )
        if accepted or not used:
            return
        alone = timed(self._facts, rules, self._rules.general, (), MonthResult(self._facts))
        if alone.options:
            self._alternative(
                alone.options[0].lines, f"{rules.program} instead, if the shared minutes are counted there."
            )

    # -- programs beside others ------------------------------------------------------------------------------

    def _behavioral(self, rules: Program, candidate: Candidate) -> None:
        """Beside APCM of the same practitioner its untimed add-on is billed; the mirror code is an alternative."""
        apcm = self._rules.programs.get("APCM")
        base = next((line for line in self._result.lines if line.program == "APCM"), None)
        if apcm is None or base is None:
            return
        stage = first_or_later(self._facts, rules.program)
        code = next(
            (
                one
                for one in apcm.of_family("behavioral")
                if one.of == rules.program and one.stage in ("", stage)
            ),
            None,
        )
        practitioner = next(iter(practitioners_of(self._facts, rules.program)), None)
        if code is None or practitioner != base.practitioner:
            return
        if not standing(self._facts, rules, practitioner, MonthResult(self._facts)).met:
            return
        line = line_for(self._facts, rules.program, code, 1, practitioner, None)
        candidate.options.insert(0, Option("apcm-add-on", (line,)))
        self._result.withdraw("minutes", rules.program)

    def _planning(self) -> None:
        """G0506, once ever: in the month of CCM's initiating visit, when the billing practitioner made the plan on
        that day."""
        rules, facts = self._rules.programs.get("CCM"), self._facts
        codes = rules.of_family("planning") if rules else ()
        if rules is None or not codes:
            return
        held = [
            one
            for one in facts.enrollments
            if one.program == "CCM" and one.status != "cancelled" and one.start
        ]
        first = min(held, key=lambda one: one.start or facts.month.last, default=None)
        if first is None or any(one.code == "G0506" for one in facts.services):
            return
        practitioner = first.practitioner or facts.practitioner
        visit = self._planned_at(rules, first, practitioner)
        if visit is not None:
            line = line_for(facts, "CCM", codes[0], 1, practitioner, None, visit.date, (visit.key,))
            self._result.lines.append(line)

    def _planned_at(self, rules: Program, enrollment: Enrollment, practitioner: str | None) -> Visit | None:
        """The initiating visit of an enrollment in the month, when the practitioner made the first plan on its day."""
        facts = self._facts
        start = enrollment.start
        assert start is not None
        made = min(
            (one.made_on for one in facts.plans if one.program in (None, "CCM") and one.made_on), default=None
        )
        if made is None or not facts.month.first <= made <= facts.month.last:
            return None
        if not any(one.made_on == made and one.made_by == practitioner for one in facts.plans):
            return None
        alone = replace(facts, enrollments=[enrollment])
        if start > facts.month.last:
            alone = replace(alone, month=Month.of(start))
        stands = standing(alone, rules, practitioner, MonthResult(alone))
        need = rules.need("visit")
        for visit in facts.visits:
            mine = visit.practitioner in (None, practitioner)
            fits = (
                need is not None
                and visit.kind in need.kinds
                and (visit.date <= start or visit == stands.visit)
            )
            if visit.date == made and mine and fits and stands.met:
                return visit
        return None

    def _rural_codes(self) -> None:
        """In a rural health clinic one code stood for the single ones, once a month, until it ended."""
        rules = self._rules.programs.get("RHC")
        if rules is None or not self._facts.choices.rural_health:
            return
        for code in rules.codes:
            stood = [line for line in self._result.lines if line.code in code.replaces]
            if stood:
                kept = [line for line in self._result.lines if line not in stood]
                kept.append(stood[0]._replace(code=code.code, units=1, label=code.label))
                self._result.lines[:] = kept

    def _apcm_instead(self, wanted: set[str]) -> None:
        """What APCM would bill instead of CCM or PCM, for who is not enrolled in it."""
        rules, facts = self._rules.programs.get("APCM"), self._facts
        billed = [line for line in self._result.lines if line.program in ("CCM", "PCM")]
        if rules is None or "APCM" in wanted or not billed or facts.month.last > rules.until:
            return
        there = [one for one in facts.enrollments if one.program == billed[0].program]
        agreed = [one for one in facts.consents if one.program == billed[0].program]
        assumed = replace(
            facts,
            enrollments=[one._replace(program="APCM") for one in there],
            consents=[one._replace(program="APCM") for one in agreed],
        )
        candidate = level(assumed, rules, self._rules.general, MonthResult(assumed))
        if candidate.options:
            codes = ", ".join(dict.fromkeys(line.code for line in billed))
            says = f"APCM instead of {codes} this month, once the patient agrees to it and is enrolled in it."
            self._alternative(candidate.options[0].lines, says)

    def _other_minutes(self, wanted: set[str]) -> None:
        """The minutes of programs that do not count minutes: shown, and nothing hangs on them."""
        for program in sorted(wanted - set(self._result.minutes)):
            practitioner = next(iter(practitioners_of(self._facts, program)), None)
            entries = [one for one in self._facts.entries if one.program == program and one.clinical]
            entries = [one for one in entries if one.precision != "month" and not one.in_billed_visit]
            if entries:
                sums = tally(entries, practitioner)
                self._result.minutes[program] = Minutes(sums.staff_minutes, sums.own_minutes)

    def _without_program(self) -> None:
        loose = [entry for entry in self._facts.entries if not entry.program]
        if loose:
            row = self._rules.general["no-program"]
            minutes = sum(entry.seconds for entry in loose) // 60
            says = f"{minutes} min are logged to no program and counted nowhere."
            self._result.warn("no-program", None, says, row, tuple(entry.key for entry in loose))


def _died(facts: MonthFacts, rules: Rulebook, result: MonthResult) -> None:
    says = f"The patient died on {facts.deceased_on}, before {facts.month.label}."
    result.refuse("deceased", None, says, rules.general["death"])


def _not_loaded(facts: MonthFacts, rules: Rulebook, result: MonthResult) -> None:
    result.lines.clear()
    result.alternatives.clear()
    result.blocked.clear()
    says = f"rules for {facts.month.year} not loaded: minutes are counted by the last ones, nothing is billed"
    result.refuse("rules-not-loaded", None, says, rules.general["not-loaded"])


def _ask_payer(facts: MonthFacts, rules: Rulebook, result: MonthResult) -> None:
    """Another payer than Medicare: what Medicare's rules say is shown, as neither blocked nor billable."""
    if result.lines:
        says = f"By Medicare's rules; check with the payer ({facts.payer})."
        result.alternatives.insert(0, Alternative(tuple(result.lines), says))
    told = [
        note._replace(says=f"{note.says} (Medicare's rule: check with payer.)") for note in result.blocked
    ]
    result.warnings[:0] = told
    result.lines.clear()
    result.blocked.clear()
    result.warn("payer", None, f"The payer is {facts.payer}: check with payer.", rules.general["payer"])


def _identity(facts: MonthFacts, rules: Rulebook, result: MonthResult) -> None:
    if not (result.lines or result.blocked):
        return
    if facts.payer is None:
        result.warn(
            "payer", None, "The payer is not known; these are Medicare's rules.", rules.general["payer"]
        )
    if not facts.mbi:
        says = "The Medicare number (MBI) is not known; a claim needs it."
        result.warn("mbi", None, says, rules.general["mbi"])
