"""The forms of the comprehensive assessment: the list of its sections, one section, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from cmp_tui.assessments.queries import assessment_line
from cmp_tui.clinic.errors import Conflict, Gone, Invalid
from cmp_tui.clinic.staff import staff_list
from cmp_tui.desk.assessment_actions import SavedSection, finish_assessment, save_section
from cmp_tui.desk.assessment_book import book_of
from cmp_tui.desk.assessment_end import EndForm
from cmp_tui.desk.assessment_fields import SectionsField
from cmp_tui.desk.assessment_form_parts import SectionForm, field_of
from cmp_tui.desk.assessment_queries import DONE, SECTIONS, Whole, whole_assessment
from cmp_tui.desk.assessment_rules import Book, Far, far, next_open, whole
from cmp_tui.patients.form_fields import Args
from cmp_tui.patients.panel import identity
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.rows import RowOption
from cmp_tui.ui.fields.tell import Part, TellField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening, its_patient, own_key
from cmp_tui.ui.words import day_words

LIST, SECTION, END = "comprehensive", "comprehensive-section", "comprehensive-end"
FINISH = "finish"
"""What is chosen in the list to see what comes of it."""
DRAFT = "draft"
KEYS = "1234567890"
Take = Callable[..., Any]


async def comprehensive_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """The sections of the assessment that is under way (or of a finished one, `record`) with how far each is.

    `args`: `at`, the section on which it begins, `said`, what has to be read first.
    """
    patient, key, found = await _whole(context, patient, record)
    book, today = book_of(context.reference), context.here.today()
    drafts = await _drafts(context, patient, key)
    options = [
        _row(context, book, found, place, one.name in drafts) for place, one in enumerate(book.sections)
    ]
    done = whole(book, found.answers, found.facts)
    options.append(RowOption(FINISH, (" ", "f", "Goals and problems", _finish_words(found, done)), key="f"))
    at = str(args.get("at") or "") or next_open(book, found.answers, found.facts) or FINISH

    async def submit(submission: Submission) -> str:
        return str(submission.values["section"])

    def then(chosen: Any) -> tuple[str, bytes | None, bytes | None, dict[str, Any]]:
        if chosen == FINISH:
            return END, patient, key, {}
        return SECTION, patient, key, {"which": chosen}

    said = str(args.get("said") or "")
    lines: list[Part] = [(said, "coral")]
    first: tuple[Field, ...] = (
        (
            TellField(
                name="said", label="!", lines=lambda values: lines, help="read this first; enter goes on"
            ),
        )
        if said
        else ()
    )
    words = f"{done.answered} of {done.asked} answered; a digit or enter opens a section, f finishes"
    if found.line is not None and found.line.status in DONE:
        words = f"finished {day_words(found.line.date, today)}; what you change here amends it"
    spec = FormSpec(
        name=LIST,
        title="Assessment",
        identity=identity(found.card, today),
        button="Open",
        fields=(
            *first,
            SectionsField(name="section", label="", options=tuple(options), help=words, width=70),
        ),
    )
    return Opening(spec, submit, {"section": at}, said=lambda _: "", then=then)


async def section_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """One section (`args`: which). Saving it fills the chart and goes back to the list."""
    patient, key, found = await _whole(context, patient, record)
    book, today = book_of(context.reference), context.here.today()
    names = [one.name for one in book.sections]
    which = str(args.get("which") or "")
    if which not in names:
        raise Gone("The assessment has no such section any more. Open it again from the list.")
    title = book.sections[names.index(which)].title
    form = SectionForm(context.reference, book, which, found, today)
    own = own_key(context, args)

    async def submit(submission: Submission) -> SavedSection:
        values = submission.values
        try:
            return await context.live.do(
                save_section,
                patient,
                section=which,
                answers=form.answers(values),
                instruments=form.instruments(values),
                seen=submission.seen,
                key=key,
                id=own,
            )
        except Invalid as wrong:
            raise Invalid({_at(form, name): words for name, words in wrong.fields.items()}) from wrong
        except Conflict as conflict:
            raise _by_field(form, conflict) from conflict

    people = {one.id: one.name for one in await context.live.ask(staff_list)}

    def alarm(saved: SavedSection) -> str:
        tasks = [task for one in saved.records for task in one.tasks]
        if not tasks:
            return ""
        readers = dict.fromkeys(
            "you" if one.assignee == context.me.id else people.get(one.assignee, "a colleague")
            for one in tasks
        )
        words = [word for one in saved.records for word in one.words]
        return " ".join([f"Safety tasks for today: {' and '.join(readers)}.", *words])

    def said(saved: SavedSection) -> str:
        goals = f" {len(saved.goals)} goals proposed." if saved.goals else ""
        here = f"{title}: {saved.section.answered} of {saved.section.asked} answered."
        return " ".join(part for part in (alarm(saved), f"{here}{goals}") if part)

    def then(saved: SavedSection) -> tuple[str, bytes | None, bytes | None, dict[str, Any]]:
        row = saved.row
        facts = found.facts._replace(scores={})
        after = {name for name in names if _is_saved(row.answers or {}, name)}
        rest = [*names[names.index(which) + 1 :], *names[: names.index(which)]]
        nearest = next((one for one in rest if one not in after), "")
        at = nearest or next_open(book, row.answers or {}, facts, which) or FINISH
        at = FINISH if saved.whole.done else at
        return LIST, patient, key, {"at": at, "said": alarm(saved)}

    spec = FormSpec(
        name=SECTION,
        title=f"{title} {names.index(which) + 1} of {len(names)}",
        identity=identity(found.card, today),
        fields=form.fields(),
    )
    version = found.line.version if found.line is not None else None
    return Opening(spec, submit, form.values(), version, said=said, then=then)


async def end_form(context: FormContext, patient: bytes | None, record: bytes | None, args: Args) -> Opening:
    """What the answers suggest, each with a tick and with words that can be changed; saving finishes the assessment."""
    patient, key, found = await _whole(context, patient, record)
    book, today = book_of(context.reference), context.here.today()
    if found.line is None:
        raise Gone("Nothing was asked yet. Begin with a section; the list says how far each is.")
    form = EndForm(context.reference, book, found)
    line = found.line

    async def submit(submission: Submission) -> Any:
        return await context.live.do(
            finish_assessment, patient, key=key, seen=submission.seen, **form.results(submission.values)
        )

    def said(done: Any) -> str:
        made = [
            f"{len(some)} {one if len(some) == 1 else many}"
            for some, one, many in (
                (done.goals, "goal proposed", "goals proposed"),
                (done.tasks, "task", "tasks"),
                (done.conditions, "condition", "conditions"),
            )
            if some
        ]
        return f"Comprehensive assessment finished{': ' if made else ''}{', '.join(made)}."

    spec = FormSpec(
        name=END,
        title="Goals and problems",
        identity=identity(found.card, today),
        button="Finish",
        fields=form.fields(),
    )
    return Opening(spec, submit, form.values(), line.version, said=said)


FORMS: Mapping[str, FormMaker] = MappingProxyType(
    {LIST: comprehensive_form, SECTION: section_form, END: end_form}
)
"""The forms of the comprehensive assessment."""


async def _whole(
    context: FormContext, patient: bytes | None, record: bytes | None
) -> tuple[bytes, bytes | None, Whole]:
    """The patient, the key of a finished assessment (None for the one under way), and the assessment."""
    key: bytes | None = None
    if record is not None:
        line = await context.live.ask(assessment_line, record)
        patient = line.patient
        key = record if line.status in DONE else None
    patient = its_patient(patient)
    return patient, key, await context.live.ask(whole_assessment, patient, key)


async def _drafts(context: FormContext, patient: bytes, key: bytes | None) -> set[str]:
    """The sections of which a draft is kept."""
    begins = f"{SECTION}|{patient.hex()}|{key.hex() if key else ''}|"
    return {
        one.key.removeprefix(begins) for one in await context.live.kept(DRAFT) if one.key.startswith(begins)
    }


def _row(context: FormContext, book: Book, found: Whole, place: int, draft: bool) -> RowOption:
    section = book.sections[place]
    state = far(book, section.name, found.answers, found.facts)
    marks = context.here.marks
    sign = marks.on if state.done else marks.more if state.begun else marks.off
    when = found.answers.get(SECTIONS, {}).get(section.name)
    day = f", {day_words(_day(when[0]), context.here.today())}" if when else ""
    words = f"{state.answered} of {state.asked}{day}" if state.begun or when else f"{state.asked} to ask"
    if not state.asked:
        words = "nothing to ask"
    if draft:
        words += ", a draft is kept"
    return RowOption(section.name, (sign, KEYS[place], section.title, words), key=KEYS[place])


def _finish_words(found: Whole, done: Far) -> str:
    if found.line is not None and found.line.status in DONE:
        return "finished; see what else the answers suggest"
    left = done.asked - done.answered
    return "finish" if not left else f"finish; {left} not answered yet"


def _is_saved(answers: Mapping[str, Any], section: str) -> bool:
    return section in answers.get(SECTIONS, {})


def _at(form: SectionForm, name: str) -> str:
    return field_of(name) if any(one.name == name for one in form.questions) else name


def _by_field(form: SectionForm, conflict: Conflict) -> Conflict:
    """Somebody else's answers, field by field."""
    theirs: dict[str, object] = {}
    for question in form.questions:
        if question.name in conflict.theirs:
            theirs |= form.shown(question, conflict.theirs[question.name])
    return Conflict(conflict.who, conflict.at, conflict.version, theirs)


def _day(iso: str) -> date:
    return date.fromisoformat(iso)
