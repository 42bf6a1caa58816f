"""The book of a day's eligibility checklist: made of data/eligibility.toml and of the programs' own rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from dateutil.relativedelta import relativedelta

from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.rule_rows import BadRule, Sourced, rule_row, rule_rows, sources_of, stopped
from cmp_tui.enrollment.eligibility_rules import Asked, Book, Purpose
from cmp_tui.enrollment.exclusion_rules import Clash, clash_between, rules_by_code
from cmp_tui.enrollment.need_rules import reach_of
from cmp_tui.enrollment.programs import rulebook
from cmp_tui.enrollment.rulebook import Program, Rulebook

FILE = "eligibility.toml"
PURPOSES = frozenset({"discharge", "social", "serious", "device"})
R = TypeVar("R", bound=Sourced)


@dataclass(frozen=True, slots=True, kw_only=True)
class UseRule(Sourced):
    """High use: how many stays of which kinds in how many months."""

    count: int
    months: int
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsRule(Sourced):
    """Psychosocial needs: which flags or bands of which instruments, asked within how many months."""

    months: int
    instruments: tuple[str, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRule(Sourced):
    """A payer's score: the words that mean a high risk, and those that mean none."""

    high: tuple[str, ...]
    low: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ElsewhereRule(Sourced):
    """For how many months what another billed says that their program goes on."""

    months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeRule(Sourced):
    """What a program is for besides its conditions."""

    program: str
    what: str
    months: int = 0
    instruments: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """What stands in data/eligibility.toml."""

    use: UseRule
    needs: NeedsRule
    score: ScoreRule
    elsewhere: ElsewhereRule
    purposes: tuple[PurposeRule, ...]


def choices(reference: Reference) -> Choices:
    """Reads data/eligibility.toml, or the clinic's own. Raises Stopped with the file and the line."""
    return reference.made("eligibility", lambda: _choices(reference))


def book_on(reference: Reference, today: date) -> Book:
    """Returns what the checklist of a day asks. Raises Stopped as the readers of the rules do."""
    return reference.made(f"eligibility on {today}", lambda: _book(reference, today))


def _choices(reference: Reference) -> Choices:
    table, sources = reference.table(FILE), sources_of(reference)
    try:
        purposes = rule_rows(PurposeRule, table, "purpose", sources)
        for number, one in enumerate(purposes, 1):
            if one.what not in PURPOSES:
                raise BadRule("purpose", number, f"what is one of {', '.join(sorted(PURPOSES))}")
        return Choices(
            _single(UseRule, table, "use", sources),
            _single(NeedsRule, table, "needs", sources),
            _single(ScoreRule, table, "score", sources),
            _single(ElsewhereRule, table, "elsewhere", sources),
            purposes,
        )
    except BadRule as wrong:
        raise stopped(reference, FILE, wrong) from wrong


def _single(kind: type[R], table: Mapping[str, Any], name: str, sources: Mapping[str, str]) -> R:
    row = table.get(name)
    if not isinstance(row, Mapping):
        raise BadRule("", 0, f"[{name}] is missing")
    return rule_row(kind, row, table, name, 1, sources)


def _book(reference: Reference, today: date) -> Book:
    said, whole = choices(reference), rulebook(reference)
    rules = whole.on(today)
    transition = rules.programs.get("TCM")
    window, settings = _values(transition, "window"), _values(transition, "settings")
    payer = whole.general["payer"]
    use_since = today - relativedelta(months=said.use.months)
    needs_since = today - relativedelta(months=said.needs.months)
    transition_since = today - timedelta(days=int(window.get("days", 30)) - 1)
    purposes = {
        one.program: Purpose(
            one.what, today - relativedelta(months=one.months), one.decides, frozenset(one.instruments),
            frozenset(one.flags), frozenset(one.groups),
        )
        for one in said.purposes
        if one.holds(today)
    }  # fmt: skip
    known = [code.code for code in reference.codes("program") if code.code in rules.programs]
    asked = tuple(_asked(rules, rules.programs[name], today, purposes.get(name)) for name in known)
    since = [use_since, needs_since, transition_since, *(one.since for one in purposes.values())]
    return Book(
        today=today,
        programs=asked,
        last_day=whole.last_day,
        medicare=frozenset(payer.values.get("medicare", ())),
        payer_decides=payer.decides,
        use_kinds=frozenset(said.use.kinds),
        use_count=said.use.count,
        use_months=said.use.months,
        use_since=use_since,
        needs_since=needs_since,
        needs_from=frozenset(said.needs.instruments),
        needs_flags=frozenset(said.needs.flags),
        score_high=frozenset(word.casefold() for word in said.score.high),
        score_low=frozenset(word.casefold() for word in said.score.low),
        services_since=today.replace(day=1) - relativedelta(months=said.elsewhere.months - 1),
        transition_since=transition_since,
        discharged_from=frozenset(settings.get("from", ())),
        discharged_to=frozenset(settings.get("to", ())),
        reads_since=min(since),
    )


def _asked(rules: Rulebook, program: Program, today: date, purpose: Purpose | None) -> Asked:
    visit = program.need("visit")
    clash: dict[tuple[str, bool | None], Clash] = {}
    for other in rules.programs:
        for same, bills, theirs in ((True, "a", "a"), (False, "a", "b"), (None, None, None)):
            found = clash_between(rules, program.program, other, bills, theirs)
            if found is not None:
                clash[other, same] = found
    return Asked(
        program.program,
        program.need("conditions"),
        visit,
        reach_of(visit, today) if visit else today,
        purpose,
        rules_by_code(rules, program),
        clash,
    )


def _values(program: Program | None, name: str) -> Mapping[str, Any]:
    clause = program.clauses.get(name) if program else None
    return clause.values if clause else {}
