"""Who may be in which program: each criterion yes, no or unknown, with the rows behind it. Pure.

Conditions and visits are asked as billing asks them (`need_rules`, data/programs/*.toml), other practitioners' programs
by billing's exclusions; the rest stands in data/eligibility.toml. Unknown is not "no".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from cmp_tui.enrollment.eligibility_facts import Assessed, Condition, Known, Stay
from cmp_tui.enrollment.exclusion_rules import Clash
from cmp_tui.enrollment.need_rules import chronic_among, held_between, initiation, is_of
from cmp_tui.enrollment.rulebook import Exclusion, Need

YES, NO, UNKNOWN = "yes", "no", "unknown"
VISIT_FIRST = "visit"
"""What is said of a program for which only the visit is missing: nothing excludes it, the visit comes first."""

DECIDING = ("payer", "conditions", "purpose", "visit", "elsewhere")
"""The criteria that decide, in the order in which they are shown."""
SPEAKING = ("use", "needs", "score")
"""The criteria that speak for a program, and decide none."""


class Finding(NamedTuple):
    """What was found of one criterion: the answer, by which case (`how`), and the keys of the rows behind it."""

    what: str
    answer: str
    how: str
    rows: tuple[bytes, ...] = ()
    number: int = 0
    day: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a program is for besides its conditions: "discharge", "social", "serious" or "device"."""

    what: str
    since: date
    decides: bool
    instruments: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """What one program asks on a day. `reach` is the first day of a visit that may still initiate it."""

    program: str
    conditions: Need | None
    visit: Need | None
    reach: date
    purpose: Purpose | None
    rules: Mapping[str, tuple[Exclusion, ...]]
    """The exclusions by the code of what another billed."""
    clash: Mapping[tuple[str, bool | None], Clash]
    """The clashes by program, and by whether one practitioner bills both (None: that is not known)."""


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that a day's checklist asks. Without `programs` no rules cover the day."""

    today: date
    programs: tuple[Asked, ...]
    last_day: date
    medicare: frozenset[str]
    payer_decides: bool
    use_kinds: frozenset[str]
    use_count: int
    use_months: int
    use_since: date
    needs_since: date
    needs_from: frozenset[str]
    needs_flags: frozenset[str]
    score_high: frozenset[str]
    score_low: frozenset[str]
    services_since: date
    transition_since: date
    discharged_from: frozenset[str]
    discharged_to: frozenset[str]
    reads_since: date
    """The first day of the stays, assessments and device days that any criterion looks at."""


class Checked(NamedTuple):
    """One program of a patient: what is said in all, and each deciding criterion that the program asks."""

    program: str
    verdict: str
    findings: tuple[Finding, ...]


class Judged(NamedTuple):
    """A patient's whole checklist: the programs side by side, and what speaks for any of them."""

    programs: tuple[Checked, ...]
    speaking: tuple[Finding, ...]


def judge(known: Known, book: Book) -> Judged:
    """Judges every program for a patient."""
    iso = book.today.isoformat()
    held = held_between(known.conditions, iso, iso)
    chronic, unsaid = chronic_among(held)
    payer = _payer(known, book)
    programs = []
    for asked in book.programs:
        found = [payer]
        need = asked.conditions
        if need is not None:
            if need.icd:
                found.append(_treated(known, held, need))
            else:
                found.append(_chronic(known, chronic, unsaid, need))
        if asked.purpose is not None:
            found.append(_purpose(known, held, asked.purpose, book))
        if asked.visit is not None:
            found.append(_visit(known, asked.visit, asked.reach))
        found.append(_elsewhere(known, asked, book))
        programs.append(Checked(asked.program, verdict_of(found), tuple(found)))
    return Judged(tuple(programs), (_use(known, book), _needs(known, book), _score(known, book)))


def verdict_of(findings: Sequence[Finding]) -> str:
    """What is said in all: "no" when a criterion says so; the visit alone is something to do, not a no."""
    said = visit = YES
    for one in findings:
        if one.what == "visit":
            visit = one.answer
        elif one.answer == NO:
            return NO
        elif one.answer == UNKNOWN:
            said = UNKNOWN
    if said == UNKNOWN or visit == UNKNOWN:
        return UNKNOWN
    return VISIT_FIRST if visit == NO else YES


def _no(decides: bool) -> str:
    """A no by a rule that nobody has confirmed is not known."""
    return NO if decides else UNKNOWN


def _payer(known: Known, book: Book) -> Finding:
    if known.deceased:
        return Finding("payer", NO, "died")
    if known.payer is None:
        return Finding("payer", UNKNOWN, "not-known")
    if known.payer in book.medicare:
        return Finding("payer", YES, "medicare", words=known.payer)
    return Finding("payer", _no(book.payer_decides), "other", words=known.payer)


def _chronic(known: Known, chronic: Sequence[Condition], unsaid: Sequence[Condition], need: Need) -> Finding:
    wanted = need.count
    if len(chronic) >= wanted:
        return Finding("conditions", YES, "chronic", tuple([one.key for one in chronic]), len(chronic))
    rows = tuple([one.key for one in (*chronic, *unsaid)])
    if not known.conditions:
        return Finding("conditions", UNKNOWN, "none-recorded", (), wanted)
    if len(chronic) + len(unsaid) >= wanted:
        return Finding("conditions", UNKNOWN, "not-said", rows, len(unsaid))
    return Finding("conditions", _no(need.decides), "too-few", rows, len(chronic) + len(unsaid))


def _treated(known: Known, held: Sequence[Condition], need: Need) -> Finding:
    rows = tuple([one.key for one in held if is_of(one, need)])
    if rows:
        return Finding("conditions", YES, "treated", rows, len(rows))
    if not known.conditions:
        return Finding("conditions", UNKNOWN, "none-recorded", (), need.count)
    return Finding("conditions", _no(need.decides), "none-of-it")


def _visit(known: Known, need: Need, reach: date) -> Finding:
    found = initiation(known.visits, need, reach, known.practitioner)
    visit = found.visit
    if visit is None:
        if found.state == "none":
            return Finding("visit", UNKNOWN, "none")
        last = known.visits[-1]
        return Finding("visit", _no(need.decides), "missing", (last.key,), need.years, last.date)
    answer = {"met": YES, "unsure": UNKNOWN}.get(found.state) or _no(need.decides)
    return Finding("visit", answer, found.state, (visit.key,), 0, visit.date, visit.practitioner or "")


def _purpose(known: Known, held: Sequence[Condition], purpose: Purpose, book: Book) -> Finding:
    match purpose.what:
        case "social":
            return _flagged(
                "purpose", known, purpose.instruments, purpose.flags, purpose.since, "social", purpose.decides
            )
        case "serious":
            rows = tuple(one.key for one in held if one.group in purpose.groups)
            if rows:
                return Finding("purpose", YES, "serious", rows, len(rows))
            return Finding("purpose", UNKNOWN, "serious-ask", tuple(one.key for one in held))
        case "device":
            sent = tuple(one.key for one in known.devices if one.end >= purpose.since)
            if sent:
                return Finding("purpose", YES, "device", sent, 0, max(one.end for one in known.devices))
            return Finding("purpose", UNKNOWN, "device-ask")
    return _discharge(known, book, purpose.decides)


def _discharge(known: Known, book: Book, decides: bool) -> Finding:
    unsure: Stay | None = None
    for stay in known.stays:
        if stay.discharged is None or stay.kind not in book.discharged_from:
            continue
        if not book.transition_since <= stay.discharged <= book.today:
            continue
        if stay.discharged_to in book.discharged_to:
            return Finding("purpose", YES, "discharge", (stay.key,), 0, stay.discharged)
        if stay.discharged_to is None:
            unsure = stay
    if unsure is not None:
        return Finding("purpose", UNKNOWN, "discharge-ask", (unsure.key,), 0, unsure.discharged)
    return Finding("purpose", _no(decides), "no-discharge")


def _elsewhere(known: Known, asked: Asked, book: Book) -> Finding:
    """Whether another practitioner's program, or one of ours that excludes it, stands in the way."""
    ours = known.practitioner
    doubt: Finding | None = None
    for service in known.services:
        for rule in asked.rules.get(service.code, ()):
            since = book.services_since if rule.scope == "month" else book.transition_since
            if service.end < since:
                continue
            stands = _other_bills(rule, service.practitioner, ours)
            if stands is False:
                continue
            says = f"{service.code}: {rule.says}"
            if stands and rule.decides:
                return Finding("elsewhere", NO, "billed", (service.key,), 0, service.end, says)
            doubt = doubt or Finding("elsewhere", UNKNOWN, "billed-ask", (service.key,), 0, service.end, says)
    for time in known.enrollments:
        if time.program == asked.program:
            if time.practitioner and ours and time.practitioner != ours:
                return Finding("elsewhere", NO, "with-another", (time.key,), 0, time.start, time.practitioner)
            return Finding("elsewhere", YES, "in-it", (time.key,), 0, time.start)
        theirs = time.practitioner or ours
        same = None if ours is None or theirs is None else ours == theirs
        clash = asked.clash.get((time.program, same))
        if clash is not None and clash.whole:
            doubt = doubt or Finding("elsewhere", UNKNOWN, "beside", (time.key,), 0, time.start, time.program)
    return doubt or Finding("elsewhere", YES, "clear")


def _other_bills(rule: Exclusion, practitioner: str | None, ours: str | None) -> bool | None:
    """Whether what another billed falls under a rule; None when it depends on who it was, and nobody knows."""
    if rule.who == "any":
        return True
    if practitioner is None:  # what we did not bill, another practitioner billed
        return True if rule.who == "different" else None
    if ours is None:
        return None
    return (practitioner == ours) == (rule.who == "same")


def _use(known: Known, book: Book) -> Finding:
    """Emergency visits and admissions; an emergency visit that ended in an admission of that day counts once."""
    recent = [
        one
        for one in known.stays
        if one.kind in book.use_kinds and book.use_since <= one.admitted <= book.today
    ]
    admitted = {one.admitted for one in recent if one.kind != "ed"}
    counted = [one for one in recent if one.kind != "ed" or one.admitted not in admitted]
    rows = tuple(one.key for one in counted)
    if len(rows) >= book.use_count:
        return Finding("use", YES, "often", rows, len(rows), book.use_since)
    if rows:
        return Finding("use", NO, "seldom", rows, len(rows), book.use_since)
    return Finding("use", UNKNOWN, "none-recorded", (), 0, book.use_since)


def _needs(known: Known, book: Book) -> Finding:
    return _flagged("needs", known, book.needs_from, book.needs_flags, book.needs_since, "needs", True)


def _flagged(
    what: str,
    known: Known,
    instruments: frozenset[str],
    flags: frozenset[str],
    since: date,
    how: str,
    decides: bool,
) -> Finding:
    """By the latest of each instrument: whether one of the flags was raised. What is half done is not known."""
    latest: dict[str, Assessed] = {}
    half = None
    for one in known.assessments:  # oldest first
        if one.instrument in instruments and one.date >= since:
            if one.done:
                latest[one.instrument] = one
            else:
                half = one
    raised = [(one, named) for one in latest.values() if (named := [f for f in one.flags if f in flags])]
    if raised:
        names = [name for _, named in raised for name in named]
        day = max(one.date for one, _ in raised)
        return Finding(what, YES, how, tuple(one.key for one, _ in raised), len(names), day, ", ".join(names))
    if half is not None:
        return Finding(what, UNKNOWN, f"{how}-half", (half.key,), 0, half.date)
    if latest:
        day = max(one.date for one in latest.values())
        return Finding(what, _no(decides), f"no-{how}", tuple(one.key for one in latest.values()), 0, day)
    return Finding(what, UNKNOWN, f"{how}-ask")


def _score(known: Known, book: Book) -> Finding:
    if not known.scores:
        return Finding("score", UNKNOWN, "no-score")
    last = known.scores[-1]
    word = last.value.casefold()
    answer = YES if word in book.score_high else NO if word in book.score_low else UNKNOWN
    named = " ".join(part for part in (last.kind, last.value) if part)
    return Finding(
        "score", answer, "score" if answer != UNKNOWN else "score-ask", (last.key,), 0, last.date, named
    )
