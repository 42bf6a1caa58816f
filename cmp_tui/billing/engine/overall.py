"""What holds for a month whatever the program: death, payer, rules that are not loaded, what a claim needs. Pure."""

from __future__ import annotations

from cmp_tui.billing.engine.facts import MonthFacts
from cmp_tui.billing.engine.result import Alternative, MonthResult
from cmp_tui.enrollment.rulebook import Rulebook
from cmp_tui.patients.rules import is_mbi


def death_not_known(facts: MonthFacts, rules: Rulebook, result: MonthResult) -> None:
    """A death of which the day is not known, and which may lie in the month or before it."""
    if result.lines and facts.died_from is not None and facts.died_from <= facts.month.last:
        says = "On which day the patient died is not known; nothing is billed for the time after it."
        result.warn("deceased", None, says, rules.general["death"])


def died(facts: MonthFacts, rules: Rulebook, result: MonthResult) -> None:
    """Notes a death before the month: nothing is billed."""
    says = f"The patient died on {facts.deceased_on}, before {facts.month.label}."
    result.refuse("deceased", None, says, rules.general["death"])


def not_loaded(facts: MonthFacts, rules: Rulebook, result: MonthResult) -> None:
    """Takes away what was judged by the rules of another year."""
    result.lines.clear()
    result.alternatives.clear()
    result.blocked.clear()
    nearest = "first" if facts.month.last < rules.first_day else "last"
    says = f"rules for {facts.month.year} not loaded: minutes are counted by the {nearest} ones, nothing is billed"
    result.refuse("rules-not-loaded", None, says, rules.general["not-loaded"])


def ask_payer(facts: MonthFacts, rules: Rulebook, result: MonthResult) -> None:
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


def identity(facts: MonthFacts, rules: Rulebook, result: MonthResult) -> None:
    """Warns of what a claim to Medicare lacks."""
    if not (result.lines or result.blocked):
        return
    if facts.payer is None:
        result.warn(
            "payer", None, "The payer is not known; these are Medicare's rules.", rules.general["payer"]
        )
    if not facts.mbi:
        says = "The Medicare number (MBI) is not known; a claim needs it."
        result.warn("mbi", None, says, rules.general["mbi"])
    elif not is_mbi(facts.mbi.upper().replace("S", "A")):  # with an S it is one of CMS's own made-up numbers
        says = "The Medicare number (MBI) is not formed like one; check it against the card."
        result.warn("mbi", None, says, rules.general["mbi"])
    _diagnoses(facts, rules, result)


def _diagnoses(facts: MonthFacts, rules: Rulebook, result: MonthResult) -> None:
    """Conditions that are known and name too few codes for a claim; unknown ones are told of as conditions."""
    doubted = {note.program for note in result.warnings if note.rule == "conditions"}
    for line in result.lines:
        program = rules.programs.get(line.program)
        need = program.need("conditions") if program else None
        if need is None or line.program in doubted or len(line.diagnoses) >= need.count:
            continue
        codes = "1 ICD-10 code" if len(line.diagnoses) == 1 else f"{len(line.diagnoses)} ICD-10 codes"
        says = f"The claim names {codes} of the {need.count} that some payers ask for beside {line.program}."
        result.warn("diagnoses", line.program, says, rules.general["diagnoses"])
