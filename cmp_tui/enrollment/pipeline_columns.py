"""How a card is drawn: three lines in a column, one line in a list, values in a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from textual.content import Content

from cmp_tui.clinic.reference import Reference
from cmp_tui.enrollment.intake_queries import IntakeCard
from cmp_tui.enrollment.pipeline_words import (
    age_and_sex,
    age_of_stage,
    is_late,
    sign_of,
    source_words,
    stage_age,
    step_content,
    step_words,
    whose_words,
)
from cmp_tui.ui.listing import Cell, Naming, age_cells, patient_cells
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.table_lines import Column, RowState, cell

Today = Callable[[], date]


def card_face(
    naming: Naming, signs: Signs, today: Today, me: bytes
) -> Callable[[IntakeCard, bool, int], Sequence[Content]]:
    """Returns what draws a card as three lines: who; what is to be done and whose it is; from where, how long."""

    def face(card: IntakeCard, here: bool, width: int) -> Sequence[Content]:
        day = today()
        name = Content.styled(
            naming.shown_name(card.family, card.given), "bold" if here or is_late(card, day) else ""
        )
        source = Content.styled(source_words(card), "$dim")
        return (
            _two(name, Content.styled(age_and_sex(card, day), "$dim"), width, signs),
            _two(
                step_content(card, signs, day),
                Content.styled(whose_words(card, me, day), "$dim"),
                width,
                signs,
            ),
            _two(source.pad_left(2), Content.styled(age_of_stage(card, day), "$dim"), width, signs),
        )

    return face


def _two(left: Content, right: Content, width: int, signs: Signs) -> Content:
    """Words at both ends of a line; the left ones are cut where there is no room."""
    room = width - right.cell_length - bool(right)
    return Content.assemble(cell(left, room, "left", signs.more), " " if right else "", right)


def list_columns(
    naming: Naming, signs: Signs, today: Today, me: bytes, reference: Reference
) -> tuple[Column, ...]:
    """The columns of the list, for narrow terminals and for files."""

    def dim(words: str) -> Content:
        return Content.styled(words, "$dim")

    def who(card: IntakeCard, state: RowState) -> Content:
        name = naming.shown_name(card.family, card.given)
        return Content.styled(name, state.name_style(is_late(card, today())))

    def sign(card: IntakeCard, state: RowState) -> Content:
        return Content.styled(*sign_of(card, signs, today()))

    def step(card: IntakeCard, state: RowState) -> Content:
        quiet = card.step.kind in ("done", "wait") or card.step.patients
        return Content.styled(
            step_words(card, today(), short=card.step.kind == "call"), "$dim" if quiet else ""
        )

    return (
        Column("", sign, width=1, cells=(_stage(reference),)),
        Column("patient", who, width=19, cells=patient_cells(naming)),
        Column("age", lambda card, state: dim(age_and_sex(card, today())), width=6, cells=age_cells(today)),
        Column("next step", step, fraction=1, cells=_rest(reference, today)),
        Column("whose", lambda card, state: dim(whose_words(card, me, today())), width=8, cells=()),
        Column("source", lambda card, state: dim(source_words(card)), width=8, cells=()),
        Column(
            "in stage",
            lambda card, state: dim(age_of_stage(card, today())),
            width=8,
            align="right",
            cells=(),
        ),
    )


def _stage(reference: Reference) -> Cell:
    return Cell("stage", lambda card: reference.label("intake_stage", card.stage))


def _rest(reference: Reference, today: Today) -> tuple[Cell, ...]:
    """What a file gets of a card besides who it is."""
    label = reference.label
    return (
        Cell("next step", lambda card: step_words(card, today(), short=False)),
        Cell("by", lambda card: card.step.due, "date"),
        Cell("whose", lambda card: card.owner_name or None),
        Cell("source", lambda card: label("intake_source", card.source)),
        Cell("from", lambda card: card.by or None),
        Cell("why", lambda card: card.reason or None),
        Cell("received", lambda card: card.received, "date"),
        Cell("days in stage", lambda card: stage_age(card, today()), "integer"),
        Cell("tries", lambda card: card.tries.made, "integer"),
        Cell("program", lambda card: card.program),
        Cell("referrer told", lambda card: card.answered_on, "date"),
        Cell("ended", lambda card: card.ended_on, "date"),
        Cell("why ended", lambda card: label("program_end", card.end) or None),
        Cell("comes back", lambda card: card.back_on, "date"),
    )
