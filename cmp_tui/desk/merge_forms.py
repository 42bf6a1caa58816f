"""The forms about merging two records: with whom, and what holds where both say different things."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from textual.content import Content

from cmp_tui.clinic.errors import Gone, Invalid
from cmp_tui.contacts.form_parts import patient_field
from cmp_tui.desk.merge import Merge, merge_patients
from cmp_tui.desk.merge_queries import Both, Side, both_records, words_of
from cmp_tui.patients.actions import OWN_NUMBER
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import merged_into, patient_card
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option
from cmp_tui.ui.fields.rows import RowOption, RowsField
from cmp_tui.ui.fields.said import SaidField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening
from cmp_tui.ui.words import birth_words, plural

Args = dict[str, Any]
FIRST, SECOND = "first", "second"
KEEP = "keep"


async def merge_with_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Finds the other record of the patient."""
    if patient is None:
        raise Gone("Merging begins with a patient. Open it from a chart or a list.")
    card = await context.live.ask(patient_card, patient)

    async def submit(submission: Submission) -> bytes:
        other = submission.values["patient"]
        assert isinstance(other, bytes)
        if other == patient:
            raise Invalid({"patient": "This is the same record. Find the other one."})
        return other

    spec = FormSpec(
        name="merge-with",
        title="Merge with",
        fields=(patient_field(context),),
        identity=identity(card, context.here.today()),
        keys_hint="name, birth date, MRN or telephone of the other record; both are shown before anything is merged",
        button="Go on",
    )
    return Opening(spec, submit, said=lambda _: "", then=lambda other: ("merge", patient, other, {}))


async def merge_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Two records beside each other: which number stays, and what holds where they contradict each other."""
    if patient is None or record is None:
        raise Gone("Merging needs two records. Mark two in the caseload, or open one of them.")
    merged = await context.live.ask(merged_into, record)
    if merged is not None and merged.kept == patient:
        raise Gone(f"MRN {merged.mrn} was merged into this record already.")
    both = await context.live.ask(both_records, patient, record)
    if _gives_way(both.first, both.second):
        both = await context.live.ask(both_records, record, patient)
    back = await context.live.ask(both_records, both.second.id, both.first.id)
    words = await context.live.ask(words_of, both)

    async def submit(submission: Submission) -> Merge:
        picked = submission.values
        keep, other = (both.first, both.second) if picked[KEEP] == FIRST else (both.second, both.first)
        theirs = SECOND if keep is both.first else FIRST
        take = [one.part.name for one in both.clashes if picked[one.part.name] == theirs]
        seen = (keep.version, other.version)
        return await context.live.do(merge_patients, keep.id, other.id, take=take, seen=seen)

    fields: list[Field] = [_which(both)]
    for clash, (mine, theirs) in zip(both.clashes, words, strict=True):
        options = (Option(FIRST, mine or "–"), Option(SECOND, theirs or "–"))
        fields.append(
            ChoiceField(
                name=clash.part.name,
                label=clash.part.label,
                required=True,
                options=options,
                help="arrows choose; what is not chosen stays readable in the chart",
            )
        )
    for name, says in ((FIRST, both.says), (SECOND, back.says)):
        fields.append(
            SaidField(
                name=f"then_{name}",
                label="Then",
                sentences=says,
                when=lambda now, name=name: now.get(KEEP) == name,  # type: ignore[misc]
                help="u takes all of it back",
            )
        )
    spec = FormSpec(
        name="merge",
        title="Merge",
        fields=fields,
        identity=Content(f"{both.first.name} + {both.second.name}"),
        button="Merge",
    )
    usual = {clash.part.name: FIRST for clash in both.clashes}
    return Opening(
        spec,
        submit,
        values={KEEP: FIRST, **usual},
        said=_said,
        opens=lambda done: done.kept.id,
    )


def _which(both: Both) -> Field:
    """Which of the two goes on, told by their record numbers."""
    return RowsField(
        name=KEEP,
        label="Keep",
        options=(RowOption(FIRST, _cells(both.first)), RowOption(SECOND, _cells(both.second))),
        help="the other number goes on finding the patient; arrows choose",
    )


def _cells(side: Side) -> tuple[str, ...]:
    born = birth_words(side.values["birth_date"]) or "no birth date"
    return f"MRN {side.mrn}", side.name, born, plural(side.rows, "record")


def _gives_way(first: Side, second: Side) -> bool:
    """Whether the second record is the one to keep, as long as nobody says otherwise: the one with a number that is not
    of our own making, then the one of which there is more."""
    made = [side.mrn.startswith(OWN_NUMBER) for side in (first, second)]
    return made[0] if made[0] != made[1] else second.rows > first.rows


def _said(done: Any) -> str:
    words = f"MRN {done.other_mrn} was merged into MRN {done.kept.mrn}: {plural(done.rows, 'record')} moved."
    return f"{words} {done.amended} in closed months, as amendments." if done.amended else words


FORMS: Mapping[str, FormMaker] = MappingProxyType({"merge": merge_form, "merge-with": merge_with_form})
"""The forms of merging, by the name under which `OpenForm` and drafts know them."""
