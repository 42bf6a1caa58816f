"""The forms of a reconciliation: the other list, the signature, a slip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from textual.content import Content

from cmp_tui.encounters.queries import StayLine, stays
from cmp_tui.medications import reconcile_actions as actions
from cmp_tui.medications.list_text_rules import MOST_LINES, MOST_SIGNS, list_lines
from cmp_tui.medications.reconcile_queries import (
    ReconciliationHead,
    imported_lines,
    open_one,
    reconciliation,
    reconciliation_head,
)
from cmp_tui.medications.reconcile_words import list_words
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import patient_card
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option, options
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.longtext import LongTextField
from cmp_tui.ui.fields.tell import TellField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening, given, its_patient, its_record, own_key
from cmp_tui.ui.messages import OpenBoard, OpenChart
from cmp_tui.ui.words import day_words, plural

Args = dict[str, Any]
Act = Callable[..., Any]
BEGIN: Act = actions.begin
SIGN: Act = actions.sign
BOARD, PANEL = "reconcile", "medications"
RECENT = timedelta(days=60)
"""So long after a discharge its list is asked for."""
TYPED, IMPORTED = "typed", "imported"


async def reconcile_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Begins a reconciliation with another list, typed or pasted; goes on with one that is open.

    `args`: `stay`, the discharge that it is for.
    """
    patient = its_patient(patient)
    who = identity(await context.live.ask(patient_card, patient), context.here.today())
    waits = await context.live.ask(open_one, patient)
    key = own_key(context, args)
    if waits is not None and waits.id != key:
        return _goes_on(context, waits, who)
    today = context.here.today()
    recent = await _recent(context, patient)
    stay = next(
        (one for one in recent if one.id.hex() == args.get("stay")),
        next((one for one in recent if not args.get("stay") and not one.medications_reconciled_on), None),
    )
    came_in = await context.live.ask(imported_lines, patient)

    async def submit(submission: Submission) -> Any:
        values = submission.values
        chosen = str(values.get("stay") or "")
        lines = came_in if values.get("with") == IMPORTED else None
        return await context.live.do(
            BEGIN, patient, id=key, list_from=values.get("list_from"), list_on=values.get("list_on"),
            lines=lines, text=str(values.get("text") or ""), why=values.get("why") or "other",
            stay=bytes.fromhex(chosen) if chosen else None,
        )  # fmt: skip

    first: dict[str, object] = {
        "list_from": "hospital" if stay is not None else None,
        "list_on": stay.discharged if stay is not None else today,
        "why": "discharge" if stay is not None else "visit",
        "stay": stay.id.hex() if stay is not None else "",
        "with": TYPED,
        **{name: value for name, value in given(args).items() if name != "stay"},
    }
    spec = FormSpec(
        name="reconcile", title="Another list beside ours", identity=who, button="Compare",
        fields=_begin_fields(context, recent, came_in),
    )  # fmt: skip
    return Opening(
        spec, submit, first, said=lambda row: "", leads=lambda row: OpenBoard(BOARD, row.id, BEGUN)
    )


BEGUN = "Compared: one key for each difference, ctrl+s signs."


def _begin_fields(
    context: FormContext, recent: Sequence[StayLine], came_in: Sequence[str]
) -> tuple[Field, ...]:
    codes = context.reference.codes

    def is_typed(values: Mapping[str, object]) -> bool:
        return values.get("with") != IMPORTED

    def told(values: Mapping[str, object]) -> list[tuple[str, str]]:
        lines = list_lines(str(values.get("text") or ""))
        long = sum(len(line) > MOST_SIGNS for line in lines)
        words = (
            f"{plural(len(lines), 'line')}, each a medicine"
            if lines
            else "one medicine a line; paste it as it is"
        )
        if len(lines) > MOST_LINES:
            return [(f"{words}; {MOST_LINES} fit", "amber")]
        return (
            [(f"{words}; {long} too long (over {MOST_SIGNS:,} characters)", "amber")]
            if long
            else [(words, "dim")]
        )

    fields: list[Field] = [
        ChoiceField(
            name="list_from", label="List from", required=True, row="a", options=options(codes("medicine_source")),
            help="type to find it: hospital, pharmacy, patient",
        ),
        DateField(name="list_on", label="Of", row="a", only="past", width=26, help="the day of their list"),
        ChoiceField(name="why", label="Occasion", options=options(codes("reconciliation_why"))),
    ]  # fmt: skip
    if recent:
        shown = [
            Option(one.id.hex(), _stay_words(context, one)) for one in recent[:4]
        ]  # fmt: skip
        fields.append(ChoiceField(
            name="stay", label="Discharge", options=(*shown, Option("", "none")),
            help="signing says at this stay that the medicines are reconciled",
        ))  # fmt: skip
    if came_in:
        fields.append(ChoiceField(
            name="with", label="Their list",
            options=(
                Option(TYPED, "written here"), Option(IMPORTED, f"the {plural(len(came_in), 'order')} that came in"),
            ),
        ))  # fmt: skip
    fields += [
        LongTextField(
            name="text", label="Medicines", required=True, limit=100_000, lines=7, least=4, phrases=False,
            listing=True, when=is_typed, help="paste or type, one medicine a line; enter on an empty line goes on",
        ),
        TellField(name="told", label="", lines=told, follows=True, when=is_typed),
    ]  # fmt: skip
    return tuple(fields)


async def _recent(context: FormContext, patient: bytes) -> list[StayLine]:
    """The stays that ended lately."""
    today = context.here.today()
    found = await context.live.ask(stays, patient)
    return [
        one
        for one in found
        if one.kind != "ed" and one.discharged is not None and today - one.discharged <= RECENT
    ]


def _stay_words(context: FormContext, one: StayLine) -> str:
    out = day_words(one.discharged, context.here.today()) if one.discharged else ""
    return f"{one.facility or context.reference.label('stay_kind', one.kind)}, left {out}"


def _goes_on(context: FormContext, head: ReconciliationHead, who: Content) -> Opening:
    """One is open: the same list is not begun twice."""
    today = context.here.today()
    by = f" by {head.begun_by_name}" if head.begun_by_name else ""
    words = (
        f"The {list_words(head)}, begun {day_words(head.begun_on, today)}{by}, is open: "
        f"{head.decided} of {head.total} decided. It is signed or struck out before another one begins."
    )

    async def submit(submission: Submission) -> Any:
        return head

    spec = FormSpec(
        name="reconcile", title="Reconciliation under way", identity=who, button="Go on",
        fields=(TellField(name="told", label="Open", lines=lambda values: [(words, "dim")]),),
    )  # fmt: skip
    return Opening(spec, submit, said=lambda row: "", leads=lambda row: OpenBoard(BOARD, head.id))


async def sign_form(context: FormContext, patient: bytes | None, record: bytes | None, args: Args) -> Opening:
    """Signs a reconciliation: says what it writes into the list, and asks why lines are left open."""
    walk = await context.live.ask(reconciliation, its_record(record))
    head, label = walk.head, context.reference.label
    card = await context.live.ask(patient_card, head.patient)
    count = Counter(one.decision for one in walk.lines)
    open_lines = [one for one in walk.lines if one.decision is None]
    shown = [
        f"{label('medicine_decision', code)} {count[code]}"
        for code in ("keep", "add", "change", "stop", "hold", "ask", "leave")
        if count[code]
    ]
    dot = context.here.marks.off
    parts: list[tuple[str, str]] = [(f" {dot} ".join(shown) or "nothing is decided", "dim")]
    for one in open_lines[:3]:
        parts.append((f"not decided: {one.name[:60]}", "amber"))
    if len(open_lines) > 3:
        parts.append((f"and {len(open_lines) - 3} more not decided", "amber"))
    if walk.unlisted:
        parts.append((f"not looked at, as it came since: {walk.unlisted[0].display[:50]}", "amber"))

    async def submit(submission: Submission) -> Any:
        values = submission.values
        return await context.live.do(
            SIGN, head.id, submission.seen, on=values["on"], left=str(values.get("left") or "") or None,
            remarks=str(values.get("remarks") or "") or None,
            stay=bytes.fromhex(str(values["stay"])) if values.get("stay") else None,
        )  # fmt: skip

    fields: list[Field] = [TellField(name="told", label="Writes", lines=lambda values: parts)]
    if open_lines:
        fields.append(TextField(
            name="left", label="Left open", limit=300, required=True,
            help="why they are not decided, and what comes next",
        ))  # fmt: skip
    waits = [one for one in await _recent(context, head.patient) if not one.medications_reconciled_on]
    if head.stay is None and waits:
        shown_stays = [Option(one.id.hex(), _stay_words(context, one)) for one in waits[:3]]
        fields.append(ChoiceField(
            name="stay", label="Discharge", options=(*shown_stays, Option("", "none")),
            help="the stay says then that the medicines are reconciled",
        ))  # fmt: skip
    fields += [
        DateField(name="on", label="Done on", required=True, only="past", width=26),
        LongTextField(name="remarks", label="Remarks", limit=600, lines=4),
    ]
    me = context.me
    name = f"{me.name} {me.credential}" if me.credential != "none" else me.name
    spec = FormSpec(
        name="reconcile-sign", title=f"Sign as {name}", identity=identity(card, context.here.today()),
        fields=tuple(fields), button="Sign",
    )  # fmt: skip
    return Opening(
        spec, submit, {"on": context.here.today(), "stay": waits[0].id.hex() if waits else ""}, head.version,
        lambda row: "",
        leads=lambda row: OpenChart(
            head.patient, PANEL, said=f"Reconciled and signed as {row.signed_as}. u takes it back."
        ),
    )  # fmt: skip


async def strike_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Strikes a reconciliation out, with its lines."""
    head = await context.live.ask(reconciliation_head, its_record(record))
    card = await context.live.ask(patient_card, head.patient)

    async def submit(submission: Submission) -> Any:
        why = str(submission.values["why"])
        return await context.live.do(actions.strike_reconciliation, head.id, why, submission.seen)

    help = (
        "what was signed stays on the list" if not head.is_open else "nothing of it was written into the list"
    )
    spec = FormSpec(
        name="strike-reconciliation", title=f"Strike out: {list_words(head)}",
        identity=identity(card, context.here.today()),
        fields=(TextField(name="why", label="Why", limit=200, required=True, help=help),),
    )  # fmt: skip
    return Opening(
        spec, submit, {}, head.version, lambda row: "",
        leads=lambda row: OpenChart(head.patient, PANEL, said="The reconciliation is struck out. u brings it back."),
    )  # fmt: skip


FORMS: Mapping[str, FormMaker] = MappingProxyType(
    {
        "reconcile": reconcile_form,
        "reconcile-sign": sign_form,
        "strike-reconciliation": strike_form,
    }
)
"""The forms of a reconciliation."""
