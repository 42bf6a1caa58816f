"""risk: everybody's risk tier computed anew, and the points of one patient."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from cmp_tui.cli.bring_parts import progress, teller, uncollected
from cmp_tui.cli.context import Session, json_option, print_json, say
from cmp_tui.cli.reading import patient_of

if TYPE_CHECKING:
    from cmp_tui.assessments.risk_actions import Written
    from cmp_tui.assessments.risk_queries import Behind, Move, Run
    from cmp_tui.clinic.clinic import Clinic

FIRST_MOVED = 200


@click.group("risk")
def risk_command() -> None:
    """Risk tiers, 1 to 6 (6 is the highest), by the points of data/risk.toml.

    \b
    Examples:
      cmp-tui risk run
      cmp-tui risk show T-1001
    """


@risk_command.command("run")
@click.option("--dry-run", is_flag=True, help="Only say who would move; nothing is written.")
@json_option
@click.pass_obj
def run(session: Session, dry_run: bool, as_json: bool) -> None:
    """Compute everybody's tier anew, write those that changed, and say who moved and why.

    A tier that a clinician set stands. Up to 20,000 patients a run is one change, and u in the app takes it back.

    \b
    Examples:
      cmp-tui risk run
      cmp-tui risk run --dry-run --json
    """
    from cmp_tui.assessments.risk_queries import risk_run
    from cmp_tui.clinic.staff import me

    clinic = session.clinic
    if not dry_run:
        clinic.rights.require(clinic.read(me).roles, "assessments.write_tiers")
    with progress("Looking at everybody") as tell, uncollected():
        found = clinic.read(risk_run, tell)
    clinic.look("list", view="risk", rows=len(found.moves))
    if not as_json:
        for line in _lines(found):
            say(line)
    written = None if dry_run else _write(clinic, found)
    if as_json:
        print_json(_as_object(found, written))
    else:
        _tell_written(teller(as_json), written)


def _write(clinic: Clinic, found: Run) -> Written:
    from cmp_tui.assessments.risk_actions import AT_ONCE, Written, write_tiers

    added = changed = same = 0
    results = found.changed
    with progress("Writing") as tell, uncollected():
        for at in range(0, max(1, len(results)), AT_ONCE):
            some = clinic.run(write_tiers, results[at : at + AT_ONCE], found.holding)
            added, changed, same = added + some.added, changed + some.changed, same + some.same
            if tell is not None:
                tell(min(at + AT_ONCE, len(results)), max(1, len(results)))
    return Written(added, changed, same)


def _lines(found: Run) -> Iterator[str]:
    many = len(found.results)
    yield f"Risk tiers of {many:,} {'patient' if many == 1 else 'patients'}, as they hold:"
    for tier, count in found.holding.items():
        yield f"  {tier} {found.book.words(tier):10} {count:>8,}"
    if found.moves:
        yield f"\n{len(found.moves):,} moved:"
        for move in found.moves[:FIRST_MOVED]:
            yield f"  {_moved(found, move)}"
        if len(found.moves) > FIRST_MOVED:
            yield f"  … and {len(found.moves) - FIRST_MOVED:,} more; --json names everybody"
    elif len(found.results) > found.new:
        yield "\nNobody moved."
    if found.set_by_hand:
        due = f"; the review of {found.reviews_due:,} is due" if found.reviews_due else ""
        have = "1 has a tier" if found.set_by_hand == 1 else f"{found.set_by_hand:,} have a tier"
        yield f"\n{have} set by a clinician, which stands{due}."


def _moved(found: Run, move: Move) -> str:
    name = f"{move.family}, {move.given}".rstrip(", ")
    before, after = move.before, move.after
    holds = "" if before.set_tier is None else f" (set to {before.set_tier}, which holds)"
    tiers = f"{before.tier} → {after.tier}{holds}, {before.points} → {after.points} points"
    return f"{move.mrn:14} {name:28} {tiers}: {'; '.join(_why(found, move))}"


def _why(found: Run, move: Move) -> Sequence[str]:
    from cmp_tui.assessments.risk_rules import moved_rules
    from cmp_tui.assessments.risk_words import moved_words

    rules = moved_rules(move.before.parts, move.after.parts)
    return [moved_words(*one, found.book) for one in rules] or ["the points of the tiers are others now"]


def _tell_written(tell: Any, written: Written | None) -> None:
    if written is None:
        tell("\nNothing was written: this was a dry run.")
    elif written.added + written.changed == 0:
        tell("\nNothing was written: all tiers are as they were.")
    else:
        tell(f"\nWritten: {written.added:,} new, {written.changed:,} changed.")


def _as_object(found: Run, written: Written | None) -> dict[str, Any]:
    from cmp_tui.assessments.risk_rules import moved_rules

    return {
        "day": found.book.today,
        "patients": len(found.results),
        "tiers": {str(tier): count for tier, count in found.holding.items()},
        "new": found.new,
        "changed": len(found.changed) - found.new,
        "set_by_clinicians": found.set_by_hand,
        "reviews_due": found.reviews_due,
        "moved": [
            {
                "mrn": move.mrn,
                "name": f"{move.family}, {move.given}".rstrip(", "),
                "from": move.before.tier,
                "to": move.after.tier,
                "points_before": move.before.points,
                "points": move.after.points,
                "set_tier": move.before.set_tier,
                "rules": [
                    {"rule": rule, "label": found.book.label(rule), "before": before, "after": after}
                    for rule, before, after in moved_rules(move.before.parts, move.after.parts)
                ],
            }
            for move in found.moves
        ],
        "written": None if written is None else written._asdict(),
    }


@risk_command.command("show")
@click.argument("mrn")
@json_option
@click.pass_obj
def show(session: Session, mrn: str, as_json: bool) -> None:
    """Show a patient's points as the rules see them now, each with the rows behind it.

    \b
    Example:
      cmp-tui risk show T-1001
    """
    from cmp_tui.assessments.risk_queries import risk_of

    clinic = session.clinic
    patient = patient_of(clinic, mrn)
    clinic.look("chart", patient.id)
    behind = clinic.read(risk_of, patient.id)
    if as_json:
        print_json(_points(clinic, behind, mrn))
        return
    say(f"{patient.name}, {mrn}")
    for line in _shown(clinic, behind):
        say(line)


def _shown(clinic: Clinic, behind: Behind) -> Iterator[str]:
    from cmp_tui.assessments.risk_behind import Teller
    from cmp_tui.assessments.risk_words import part_words, points_words, standing_words, tier_words

    tell = Teller(behind, clinic.reference, date.isoformat)
    book, risk = behind.book, behind.risk
    yield f"By the rules: {tier_words(risk.tier, book)}, {points_words(risk.points)}"
    if behind.kept is None:
        yield "Kept: nothing yet; cmp-tui risk run computes everybody's tier"
    else:
        yield f"Kept: {standing_words(behind.kept, date.isoformat, ',').replace(' ,', ',')}"
        if behind.kept.set_why:
            yield f"Why set: {behind.kept.set_why}"
    for part, rule in tell.found():
        yield f"+{part.points}  {rule.label}: {part_words(part, rule)} {rule.why}"
        for words in tell.rows(part):
            yield f"      {words}"
    for rule in behind.asked_for:
        yield f" ?  {rule.label}: {tell.unasked(rule)}"


def _points(clinic: Clinic, behind: Behind, mrn: str) -> dict[str, Any]:
    from cmp_tui.assessments.risk_behind import Teller

    tell = Teller(behind, clinic.reference, date.isoformat)
    kept = behind.kept
    return {
        "mrn": mrn,
        "tier": behind.risk.tier,
        "points": behind.risk.points,
        "holds": behind.risk.tier if kept is None else kept.effective,
        "kept": None if kept is None else {
            "tier": kept.tier, "points": kept.points, "computed_on": kept.computed_on, "set_tier": kept.set_tier,
            "set_why": kept.set_why, "set_by": kept.set_by_name, "set_on": kept.set_on, "review_on": kept.review_on,
        },
        "rules": [
            {
                "rule": part.rule, "label": rule.label, "points": part.points, "number": part.number, "why": rule.why,
                "rows": [{"id": key, "says": words} for key, words in zip(part.keys, tell.rows(part), strict=False)],
            }
            for part, rule in tell.found()
        ],
        "not_asked": [rule.name for rule in behind.asked_for],
    }  # fmt: skip
