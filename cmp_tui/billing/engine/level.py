"""What advanced primary care management could bill: one code a month, by conditions and not by minutes. Pure."""

from __future__ import annotations

from cmp_tui.billing.engine.candidates import Candidate, General, Option, line_for, may_bill
from cmp_tui.billing.engine.facts import MonthFacts
from cmp_tui.billing.engine.needs import chronic_conditions, practitioners_of, standing
from cmp_tui.billing.engine.result import MonthResult
from cmp_tui.enrollment.rulebook import Code, Program


def level(facts: MonthFacts, rules: Program, general: General, result: MonthResult) -> Candidate:
    """What advanced primary care management could bill: one code a month by conditions, without minutes."""
    program = rules.program
    practitioner = practitioners_of(facts, program)[0]
    candidate = Candidate(program, practitioner)
    stands = standing(facts, rules, practitioner, result)
    code = _level_code(facts, rules, result)
    if may_bill(facts, rules, general, practitioner, result) and stands.met and code:
        lines = (line_for(facts, program, code, 1, practitioner, None),)
        candidate.options = [Option("level", lines)]
    return candidate


def _level_code(facts: MonthFacts, rules: Program, result: MonthResult) -> Code | None:
    known, unsaid = chronic_conditions(facts)
    if not facts.conditions:
        result.warn(
            "conditions",
            rules.program,
            "No condition is recorded, so the lowest level is taken.",
            rules.families[0],
        )
    elif unsaid and len(known) < 2:
        says = f"{len(unsaid)} of the recorded conditions are not said to be chronic or not; they are not counted."
        result.warn("conditions", rules.program, says, rules.families[0], tuple(one.key for one in unsaid))
    for code in rules.of_family("level"):
        if len(known) < code.conditions:
            continue
        if code.qmb and not facts.qmb:
            if facts.qmb is None:
                says = f"It is not known whether the patient is a Qualified Medicare Beneficiary: then {code.code}."
                result.warn("qmb", rules.program, says, code)
            continue
        return code
    return None
