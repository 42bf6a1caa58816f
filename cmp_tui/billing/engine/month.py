"""One patient's month: what can be billed, what blocks, what warns, and what else could be billed. Pure.

The enrollment's program decides. Programs come in the clinic's order of preference: the first that bills uses its
minutes up and keeps out what is not payable beside it; what was kept out is an alternative.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from cmp_tui.billing.engine.candidates import Candidate, Option, first_or_later, line_for, may_bill
from cmp_tui.billing.engine.choosing import Choosing
from cmp_tui.billing.engine.days import NOT_BEGUN, enrolled_spans
from cmp_tui.billing.engine.devices import device_lines
from cmp_tui.billing.engine.exclusions import between
from cmp_tui.billing.engine.facts import Enrollment, MonthFacts, Visit
from cmp_tui.billing.engine.level import level
from cmp_tui.billing.engine.needs import practitioners_of, standing
from cmp_tui.billing.engine.overall import ask_payer, death_not_known, died, identity, not_loaded
from cmp_tui.billing.engine.result import Minutes, MonthResult
from cmp_tui.billing.engine.tally import tally
from cmp_tui.billing.engine.timed import timed
from cmp_tui.billing.engine.transition import transitions
from cmp_tui.clinic.calendar import Month
from cmp_tui.enrollment.rulebook import Program, Rulebook

BEHAVIORAL = frozenset({"BHI", "COCM"})
"""The programs that have an untimed add-on beside APCM."""


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
        died(facts, rules, result)
        return result
    _Month(facts, rules, result).judge()
    death_not_known(facts, rules, result)
    if not loaded:
        not_loaded(facts, rules, result)
    if facts.payer is not None and facts.payer not in rules.general["payer"].values["medicare"]:
        ask_payer(facts, rules, result)
    elif loaded:
        identity(facts, rules, result)
    return result


class _Month:
    """The judging of one month."""

    def __init__(self, facts: MonthFacts, rules: Rulebook, result: MonthResult) -> None:
        self._facts, self._rules, self._result = facts, rules, result
        self._choosing = Choosing(facts, rules, result)
        self._taken: dict[str, list[tuple[int, int]]] = {}

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
        self._late_add_ons([name for name in order if name in wanted])
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
        if name == "TCM":
            candidates = transitions(self._facts, rules, self._rules.general, self._result)
        else:
            candidates = [self._candidate(rules)]
        for candidate in candidates:
            accepted = self._choosing.choose(rules, candidate)
            if (
                accepted
            ):  # a program that counts no minutes has used those that were logged to it all the same
                self._taken.setdefault(name, []).extend(candidate.used or self._logged_to(name))
            if candidate.overlaps:
                self._note_shared(rules, candidate, accepted)

    def _logged_to(self, program: str) -> list[tuple[int, int]]:
        entries = [one for one in self._facts.entries if one.program == program and one.precision is None]
        return [(one.start, one.end) for one in entries if not one.in_billed_visit]

    def _candidate(self, rules: Program) -> Candidate:
        facts, result = self._facts, self._result
        taken = [span for spans in self._taken.values() for span in spans]
        if rules.time is None:
            return level(facts, rules, self._rules.general, result)
        candidate = timed(facts, rules, self._rules.general, taken, result)
        if rules.program == "RPM":
            stands = standing(facts, rules, candidate.practitioner, MonthResult(facts))
            who = candidate.practitioner
            if stands.met and may_bill(facts, rules, self._rules.general, who, MonthResult(facts)):
                candidate.extra = device_lines(facts, rules, self._rules.general, who, result)
                if (
                    candidate.extra
                    and not candidate.options
                    and not any(e.program == "RPM" for e in facts.entries)
                ):
                    result.withdraw("minutes", "RPM")
        if rules.program in BEHAVIORAL:
            self._behavioral(rules, candidate)
        return candidate

    def _note_shared(self, rules: Program, candidate: Candidate, accepted: bool) -> None:
        """Minutes that were logged to two programs: one has them, and what the other would bill with them is told."""
        used = {line.program for line in self._result.lines}
        says = f"Minutes that stand in {self._holders(rules.program, candidate.overlaps)} too are counted there, once."
        self._result.warn(
            "overlap", rules.program, says, self._rules.general["two-programs"], candidate.overlaps
        )
        if accepted or not used:
            return
        alone = timed(self._facts, rules, self._rules.general, (), MonthResult(self._facts))
        if alone.options:
            self._choosing.alternative(
                alone.options[0].lines, f"{rules.program} instead, if the shared minutes are counted there."
            )

    def _holders(self, program: str, overlaps: tuple[bytes, ...]) -> str:
        """What has the minutes of some entries: programs, with what they bill, or a billed visit."""
        shared = [(one.start, one.end) for one in self._facts.entries if one.key in overlaps]
        names = []
        for name, spans in self._taken.items():
            if name != program and _touch(spans, shared):
                codes = dict.fromkeys(line.code for line in self._result.lines if line.program == name)
                names.append(f"{name} ({', '.join(codes)})")
        visits = [(one.start, one.end) for one in self._facts.entries if one.in_billed_visit]
        if not names or _touch(visits, shared):
            names.append("a billed visit")
        return " and ".join(names)

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

    def _late_add_ons(self, wanted: list[str]) -> None:
        """APCM's add-on for a program that came before APCM in the order of preference and bills nothing by itself."""
        billed = {line.program for line in self._result.lines}
        for name in wanted:
            rules = self._rules.programs.get(name)
            if rules is not None and name in BEHAVIORAL and name not in billed:
                candidate = Candidate(name, None)
                self._behavioral(rules, candidate)
                self._choosing.choose(rules, candidate)

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
            if one.program == "CCM" and one.status not in NOT_BEGUN and one.start
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
                one = stood[0]._replace(code=code.code, units=1, label=code.label)
                if not self._choosing.billed(one):
                    kept.append(one)
                self._result.lines[:] = kept

    def _apcm_instead(self, wanted: set[str]) -> None:
        """What APCM would bill instead of CCM or PCM, or where only their minutes are short, for who is not in it."""
        rules, facts = self._rules.programs.get("APCM"), self._facts
        billed = [line for line in self._result.lines if line.program in ("CCM", "PCM")]
        program = billed[0].program if billed else self._only_short()
        if rules is None or "APCM" in wanted or program is None or facts.month.last > rules.until:
            return
        there = [one for one in facts.enrollments if one.program == program]
        agreed = [one for one in facts.consents if one.program == program]
        assumed = replace(
            facts,
            enrollments=[one._replace(program="APCM") for one in there],
            consents=[one._replace(program="APCM") for one in agreed],
        )
        candidate = level(assumed, rules, self._rules.general, MonthResult(assumed))
        if not candidate.options:
            return
        lines = candidate.options[0].lines
        kept_out = any(clash.rule.decides for clash in between(self._rules, lines, self._result.lines))
        if not billed and (kept_out or self._choosing.excluded_by_services(lines)):
            return
        codes = ", ".join(dict.fromkeys(line.code for line in billed)) or program
        says = f"APCM instead of {codes} this month, once the patient agrees to it and is enrolled in it."
        self._choosing.alternative(lines, says)

    def _only_short(self) -> str | None:
        """CCM or PCM when nothing but minutes is missing to it."""
        for program in ("CCM", "PCM"):
            if {note.rule for note in self._result.blocked if note.program == program} == {"minutes"}:
                return program
        return None

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


def _touch(spans: list[tuple[int, int]], others: list[tuple[int, int]]) -> bool:
    return any(start < end and low < high for low, end in spans for start, high in others)
