"""The forms about one line of a reconciliation: why it is decided as it is, and the words that go into our list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from textual.content import Content

from cmp_tui.medications import reconcile_actions as actions
from cmp_tui.medications.list_text_rules import MOST_SIGNS
from cmp_tui.medications.reconcile_queries import ReconciliationHead, WalkLine, walk_line
from cmp_tui.medications.reconcile_rules import ON_OURS, ON_THEIRS
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import patient_card
from cmp_tui.ui.fields.choice import ChoiceField, Option
from cmp_tui.ui.fields.longtext import LongTextField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening, its_record

Args = dict[str, Any]
Act = Callable[..., Any]
DECIDE: Act = actions.decide


async def why_form(context: FormContext, patient: bytes | None, record: bytes | None, args: Args) -> Opening:
    """Why a line is decided as it is."""
    head, line = await context.live.ask(walk_line, its_record(record))

    async def submit(submission: Submission) -> Any:
        why = str(submission.values["why"] or "")
        return await context.live.do(DECIDE, line.id, submission.seen, line.decision, why)

    fields = (
        TextField(name="why", label="Why", limit=300, help="who said so; a task or a stop takes it along"),
    )
    spec = FormSpec(
        name="reconcile-why", title="Why", identity=await _about(context, head, line), fields=fields
    )
    return Opening(spec, submit, {"why": line.why or ""}, line.version, lambda row: "Noted.")


async def line_form(context: FormContext, patient: bytes | None, record: bytes | None, args: Args) -> Opening:
    """What goes into our list in the place of their words; the decision, and why. `args`: `decision`."""
    head, line = await context.live.ask(walk_line, its_record(record))
    label = context.reference.label
    may = ON_OURS if line.medication is not None else ON_THEIRS

    def is_written(values: Mapping[str, object]) -> bool:
        return values.get("decision") in ("add", "change")

    async def submit(submission: Submission) -> Any:
        values = submission.values
        written = str(values.get("written") or "").strip()
        same = written in ("", line.listed or "")
        return await context.live.do(
            DECIDE, line.id, submission.seen, values["decision"], str(values.get("why") or ""),
            written="" if same else written,
        )  # fmt: skip

    fields = (
        ChoiceField(
            name="decision", label="Decision", required=True,
            options=tuple(Option(one, label("medicine_decision", one)) for one in may),
        ),
        LongTextField(
            name="written", label="Into our list", limit=MOST_SIGNS, lines=3, phrases=False, when=is_written,
            help="as it shall stand there: lisinopril 20 mg tablet, 1 tablet daily",
        ),
        TextField(name="why", label="Why", limit=300),
    )  # fmt: skip
    usual = "change" if line.medication is not None else "add"
    first = {
        "decision": args.get("decision") or line.decision or usual,
        "written": line.written or line.listed or (line.ours.words if line.ours is not None else ""),
        "why": line.why or "",
    }
    spec = FormSpec(
        name="reconcile-line", title="Words", identity=await _about(context, head, line), fields=fields
    )
    return Opening(spec, submit, first, line.version, lambda row: "Decided.")


async def _about(context: FormContext, head: ReconciliationHead, line: WalkLine) -> Content:
    card = await context.live.ask(patient_card, head.patient)
    return Content(f"{identity(card, context.here.today()).plain} · {line.name}")


FORMS: Mapping[str, FormMaker] = MappingProxyType({"reconcile-line": line_form, "reconcile-why": why_form})
"""The forms of a line."""
