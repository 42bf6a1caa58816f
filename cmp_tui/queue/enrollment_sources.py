"""What the way into a program and being in it bring to Today: outreach, ends that come back, consents, holds, reviews.

Days come from data/enrollment.toml, the rules of tries from the settings; both are the pipeline's own, so that a card
and its row here name the same day.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from peewee import JOIN, Case, ModelSelect, Value, fn

from cmp_tui.assessments.model import Assessment, Tier
from cmp_tui.clinic.calendar import day_start, utc
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.steps import days_later, stepped
from cmp_tui.contacts.attempts import is_attempt
from cmp_tui.contacts.model import Contact
from cmp_tui.enrollment.intake_book import intake_book, try_rules
from cmp_tui.enrollment.intake_facts import WHOLE
from cmp_tui.enrollment.intake_rules import FINAL, LETTER_DAYS, TryRules, next_try_day
from cmp_tui.enrollment.model import Enrollment, Intake
from cmp_tui.enrollment.rules import ONGOING
from cmp_tui.patients.model import Patient
from cmp_tui.queue import enrollment_details as details
from cmp_tui.queue import enrollment_words as words
from cmp_tui.queue.parts import EVERYBODY, living, ongoing, open_call_back, unsnoozed, worked_with_now
from cmp_tui.queue.rows import DAYS_BACK, View, columns, day_of_day
from cmp_tui.queue.source import Source
from cmp_tui.queue.words import Settle

NOON = time(12)


def outreach(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Intakes that nobody took up, and people who are to be tried again, written to, or given up.

    An open task to call them back stands for the row.
    """
    limits, rules = intake_book(scope.reference).limits, try_rules(scope.settings)
    tried = _tried(scope, view).alias("tried")
    known = (
        Intake.live(
            Intake.id.alias("id"), Intake.patient.alias("patient"), Intake.stage.alias("stage"),
            Intake.received.alias("received"), Intake.outreach_on.alias("begun"), tried.c.last.alias("last"),
            tried.c.days.alias("days"), tried.c.late.alias("late"), tried.c.written.alias("written"),
        )
        .join(Patient, on=(Patient.id == Intake.patient))
        .switch(Intake)
        .join(tried, JOIN.LEFT_OUTER, on=(tried.c.intake == Intake.id))
        .where(
            _intakes(view, "intake", "outreach") & ~fn.EXISTS(open_call_back(Intake.patient))
        )
        .limit(EVERYBODY)
        .alias("known")
    )  # fmt: skip

    due = Case(
        None,
        [
            (known.c.stage == "intake", days_later(known.c.received, limits["intake"])),
            (known.c.last.is_null(), days_later(known.c.begun, limits["outreach"])),
            (
                _enough(known, rules) & (known.c.written >= known.c.last),
                days_later(known.c.written, LETTER_DAYS),
            ),
        ],
        day_of_day(known.c.last, view, lambda day: next_try_day(day, rules.days)),
    )
    found = (
        Intake.select(known.c.id, known.c.patient, due.alias("due"))
        .from_(known)
        .limit(EVERYBODY)
        .alias("found")
    )
    query = Intake.select(*columns(found.c.patient, "outreach", found.c.due, 3, found.c.id)).from_(found)
    due_soon = found.c.due <= view.last.isoformat()
    return unsnoozed(query.where(due_soon), found.c.patient, "outreach", view)


def comes_back(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Intakes that were ended, or put on hold, until a day."""
    query = (
        Intake.live(*columns(Intake.patient, "comes-back", Intake.back_on, 4, Intake.id))
        .join(Patient, on=(Patient.id == Intake.patient))
        .where(_intakes(view, "ended") & (Intake.back_on <= view.last))
    )
    return unsnoozed(query, Intake.patient, "comes-back", view)


def answer_referrer(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Referrals by a practitioner who was not told what became of it; not after a death, a move or a withdrawal."""
    later = Intake.alias()
    again = later.select(Value(1)).where(
        (later.patient == Intake.patient) & (later.earlier == Intake.id) & later.struck_at.is_null()
    )
    due = Case(None, [(Intake.stage == "ended", Intake.ended_on)], Intake.enrolled_on)
    query = (
        Intake.live(*columns(Intake.patient, "answer-referrer", due, 5, Intake.id))
        .join(Patient, on=(Patient.id == Intake.patient))
        .where(
            _intakes(view, "enrolled", "ended")
            & (Intake.source == "provider-referral")
            & Intake.answered_on.is_null()
            & (Intake.end.is_null() | Intake.end.not_in(sorted(FINAL)))
            & (due <= view.last)
            & ~fn.EXISTS(again)
        )
    )
    return unsnoozed(query, Intake.patient, "answer-referrer", view)


def half_done(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Assessments that were begun and not finished, also those that the person took of a colleague's patient."""
    days = intake_book(scope.reference).half_done_days
    due = days_later(Assessment.date, days)
    whose = ongoing(view)
    if view.people:
        whose |= living(view) & Assessment.taken_by.in_(view.people)
    query = (
        Assessment.live(*columns(Assessment.patient, "assessment-half", due, 4, Assessment.id))
        .join(Patient, on=(Patient.id == Assessment.patient))
        .where(
            (Assessment.status == "in-progress")
            & (Assessment.date <= view.last - timedelta(days=days))
            & whose
        )
    )
    return unsnoozed(query, Assessment.patient, "assessment-half", view)


def yearly(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Enrolled people whose last comprehensive assessment was a year ago; one that is half done stands for the row.

    Someone who never had one does not come: the way into the program asks for it.
    """
    days = intake_book(scope.reference).assessment_days
    complete = Assessment.status.in_(("completed", "amended"))
    done = (
        Assessment.live(Assessment.patient.alias("patient"), fn.MAX(Assessment.date).alias("last"))
        .where((Assessment.instrument == WHOLE) & complete)
        .group_by(Assessment.patient)
        .alias("done")
    )
    begun = Assessment.live(Value(1)).where(
        (Assessment.patient == Patient.id)
        & (Assessment.instrument == WHOLE)
        & (Assessment.status == "in-progress")
    )
    due = days_later(done.c.last, days)
    query = (
        Patient.select(*columns(Patient.id, "assessment-yearly", due, 7, None))
        .join(done, on=(done.c.patient == Patient.id))
        .where(
            (done.c.last <= (view.last - timedelta(days=days)).isoformat())
            & ongoing(view)
            & worked_with_now(scope, view)
            & ~fn.EXISTS(begun)
        )
    )
    return unsnoozed(query, Patient.id, "assessment-yearly", view)


def tier_review(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Risk tiers that a clinician set until a review."""
    other = Tier.alias()
    later = other.select(Value(1)).where(
        (other.patient == Tier.patient) & (other.id > Tier.id) & other.struck_at.is_null()
    )
    query = (
        Tier.live(*columns(Tier.patient, "tier-review", Tier.review_on, 7, Tier.id))
        .join(Patient, on=(Patient.id == Tier.patient))
        .where(
            Tier.set_tier.is_null(False) & (Tier.review_on <= view.last) & ongoing(view) & ~fn.EXISTS(later)
        )
    )
    return unsnoozed(query, Tier.patient, "tier-review", view)


def hold_ends(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Enrollments that rest until a day."""
    query = (
        Enrollment.live(*columns(Enrollment.patient, "hold-ends", Enrollment.hold_until, 4, Enrollment.id))
        .join(Patient, on=(Patient.id == Enrollment.patient))
        .where(
            Enrollment.status.in_(sorted(ONGOING - {"active"}))
            & (Enrollment.hold_until <= view.last)
            & ongoing(view)
        )
    )
    return unsnoozed(query, Enrollment.patient, "hold-ends", view)


SOURCES = (
    Source(name="outreach", select=outreach, say=words.outreach, details=details.of_cards, shows_owner=True),
    Source(
        name="comes-back", select=comes_back, say=words.comes_back, details=details.of_ends, shows_owner=True,
        settle=Settle("reopen-intake", "bring back", on_record=True),
    ),
    Source(
        name="answer-referrer", select=answer_referrer, say=words.answer_referrer, details=details.of_ends,
        settle=Settle("answer-intake", "tell", on_record=True), shows_owner=True,
    ),
    Source(
        name="assessment-half", select=half_done, say=words.half_done, details=details.of_assessments,
        settle=Settle("assessment", "go on", on_record=True), shows_owner=True,
    ),
    Source(
        name="assessment-yearly", select=yearly, say=words.yearly, details=details.of_whole, by_patient=True,
        settle=Settle("comprehensive", "assess"),
    ),
    Source(
        name="tier-review", select=tier_review, say=words.tier_review, details=details.of_tiers,
        settle=Settle("tier", "review"),
    ),
    Source(
        name="hold-ends", select=hold_ends, say=words.hold_ends, details=details.of_enrollments,
        settle=Settle("enrollment", "go on", on_record=True),
    ),
)  # fmt: skip
"""The sources of the way into a program."""


def _intakes(view: View, *stages: str) -> Any:
    """Intakes of the view in some stages: by whose they are, else by the patient's panel; mine has those that nobody
    has, too. The patients are joined.

    The ways to them are asked one by one: of a condition with "or" over two tables the file looks at every intake.
    """
    if not view.people:
        return (Intake.stage.concat("") if view.narrow else Intake.stage).in_(stages) & ongoing(view)
    one = Intake.alias()
    # An expression keeps SQLite from the index of stages, which holds everybody's; so it does above.
    there = one.struck_at.is_null() & one.stage.concat("").in_(stages)
    of_nobody = there & one.owner.is_null()
    theirs = (
        one.select(one.id)
        .join(Patient, on=(Patient.id == one.patient))
        .where(there & one.owner.in_(view.people) & living(view))
    )
    panel = Patient.select(one.id).join(one, on=(one.patient == Patient.id))
    found = theirs | panel.where(ongoing(view) & of_nobody)
    if view.whose == "mine":
        found |= panel.where(living(view) & Patient.care_manager.is_null() & of_nobody)
    return Intake.id.in_(found)


def _tried(scope: Scope, view: View) -> ModelSelect[Any]:
    """A subquery (`intake`, `last`, `days`, `late`, `written`): the last day of the tries in vain since someone came,
    on how many days there was one, on how many of these the first was in the afternoon, the last letter's day.

    The same count as `intake_rules.count_tries` makes of tries on every day; where the setting outreach_days asks for
    more days between them, a try too soon puts the next one off here. Nobody in outreach was reached since they came.
    """
    days = [view.day + timedelta(days=number - DAYS_BACK) for number in range(DAYS_BACK + view.ahead + 1)]
    starts = [int(day_start(day, scope.zone).timestamp()) for day in days]
    # Of instants the day, and whether it was morning (0) or afternoon: 2026-11-23-1.
    halves: list[tuple[int | str, int | str]] = []
    for day, start in zip(days, starts, strict=True):
        noon = int(utc(datetime.combine(day, NOON), scope.zone).timestamp())
        halves += [(start, f"{day}-0"), (noon, f"{day}-1")]
    came = stepped(Intake.received, [(str(day), start) for day, start in zip(days, starts, strict=True)])
    half = stepped(Contact.at, halves)
    touches = (
        Intake.live(
            Intake.id.alias("intake"), half.alias("half"), (Contact.mode == "letter").alias("letter"),
            is_attempt().alias("vain"),
        )
        .join(Contact, on=(Contact.patient == Intake.patient))
        .switch(Intake)
        .join(Patient, on=(Patient.id == Intake.patient))
        .where(
            _intakes(view, "outreach") & (Contact.at >= came) & Contact.struck_at.is_null()
            & (is_attempt() | (Contact.mode == "letter"))
        )
        .limit(EVERYBODY)
        .alias("touches")
    )  # fmt: skip
    t = touches.c
    on = fn.SUBSTR(t.half, 1, 10)
    each = (
        Intake.select(
            t.intake.alias("intake"), on.alias("day"), fn.MIN(Case(None, [(t.vain, t.half)])).alias("first"),
            fn.MAX(t.letter).alias("letter"),
        )
        .from_(touches)
        .group_by(t.intake, on)
        .alias("each")
    )  # fmt: skip
    e = each.c
    return (
        Intake.select(
            e.intake, fn.MAX(Case(None, [(e.first.is_null(False), e.day)])).alias("last"),
            fn.COUNT(e.first).alias("days"), fn.SUM(fn.SUBSTR(e.first, 12, 1) == "1").alias("late"),
            fn.MAX(Case(None, [(e.letter, e.day)])).alias("written"),
        )
        .from_(each)
        .group_by(e.intake)
    )  # fmt: skip


def _enough(known: Any, rules: TryRules) -> Any:
    """Whether someone was tried often enough, as `count_tries` says it."""
    enough = known.c.days >= rules.tries
    if rules.parts and rules.tries > 1:
        enough &= (known.c.late > 0) & (known.c.late < known.c.days)
    return enough
