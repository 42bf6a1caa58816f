"""A stay whole, for the preview: the stay, its clocks, how often, who came back, LACE with the rows behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from textual.content import Content

from cmp_tui.clinic.reference import Reference
from cmp_tui.patients.panel import age_and_sex
from cmp_tui.transitions.facts import ConditionFact, StayFact
from cmp_tui.transitions.lace_rules import Lace
from cmp_tui.transitions.queries import Detail
from cmp_tui.transitions.rules import ASKED, Transition
from cmp_tui.transitions.use_rules import Use
from cmp_tui.transitions.words import (
    LABELS,
    again_words,
    back_words,
    clock_words,
    lace_words,
    nights,
    part_words,
    use_words,
    where,
    why_words,
)
from cmp_tui.ui.preview import GAP, Line
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.words import birth_words, day_words, name_words, phone_words

SOURCE = "van Walraven, CMAJ 2010"


class Look(NamedTuple):
    """How things are shown: the words, the signs, names masked or not."""

    reference: Reference
    signs: Signs
    masked: bool
    today: date


def detail_lines(detail: Detail, look: Look) -> tuple[Line, ...]:
    """Returns the lines of the preview of the board: the person, then the stay."""
    card = detail.card
    name = "(name masked)" if look.masked else name_words(card.family, card.given or "")
    who = f"   {age_and_sex(card, look.today)} {look.signs.dot} {birth_words(card.birth_date)}"
    lines = [Line(None, Content.assemble((name, "bold"), (who, "$dim")))]
    if card.phones:
        best = f" {card.best_time}" if card.best_time else ""
        lines.append(Line(None, Content.styled(f"{phone_words(card.phones[0].number)}{best}", "$dim")))
    return (
        *lines,
        GAP,
        *stay_lines(detail.transition, look, detail.phone),
        *use_lines(detail.use),
        *lace_lines(detail.lace, look, detail.stays, detail.conditions),
        *more_lines(detail.transition, look),
    )


def stay_lines(one: Transition, look: Look, phone: str = "") -> Iterator[Line]:
    """A stay and its clocks; `phone` is where the summary is asked for."""
    stay, today, label = one.stay, look.today, look.reference.label
    if stay.discharged is None:
        yield Line("In", f"{where(stay, label)} since {day_words(stay.admitted, today)}")
    else:
        yield Line("Left", f"{where(stay, label)} {day_words(stay.discharged, today)}")
    if stay.reason:
        yield Line("For", stay.reason)
    if one.back is not None:
        yield Line("Readmitted", Content.styled(back_words(one.back, today, label), "$amber"))
    if one.again is not None:
        yield Line("Went back", Content.styled(again_words(one.again, today, label), "$amber"))
    yield GAP
    if one.why_not:
        yield Line("Clocks", Content.styled(why_words(one, label), "$dim"))
        yield GAP
        return
    for clock in one.clocks:
        style = {"late": "$coral", "missed": "$dim", "done-late": "$dim"}.get(clock.state, "")
        if clock.name == ASKED and clock.is_open:
            style = "$amber"
        if clock.is_open and clock.due == today and not style:
            style = "$amber"
        for number, words in enumerate(clock_words(clock, one, today)):
            shown = Content.styled(words, style if number == 0 else "$dim")
            yield Line(LABELS[clock.name] if number == 0 else "", shown)
        if clock.name == ASKED and clock.is_open and phone:
            yield Line("", Content.styled(f"{where(stay, label)} {phone_words(phone)}", "$dim"))
    yield GAP


def more_lines(one: Transition, look: Look) -> Iterator[Line]:
    """The rest of what is known of a stay: how they came and went, who told us."""
    stay, today, label = one.stay, look.today, look.reference.label
    yield GAP
    parts = [label("stay_kind", stay.kind), nights(stay, today) if stay.kind != "ed" else ""]
    yield Line("Stay", ", ".join(filter(None, parts)))
    ways = []
    if stay.came_from:
        ways.append(f"from {label('admitted_from', stay.came_from)}")
    if stay.emergency is not None:
        ways.append("as an emergency" if stay.emergency else "planned")
    if ways:
        yield Line("Came", ", ".join(ways))
    if stay.discharged is not None and stay.kind != "ed":
        to = label("discharged_to", stay.to) if stay.to else ""
        yield Line("Went to", to or Content.styled("not said: e on the stay", "$amber"))
    if stay.heard_on or stay.heard_from:
        on = day_words(stay.heard_on, today) if stay.heard_on else ""
        by = f"from {stay.heard_from}" if stay.heard_from else ""
        yield Line("Heard", " ".join(filter(None, (on, by))))
    if stay.complexity:
        yield Line("Complexity", label("mdm", stay.complexity))
    if stay.remarks:
        yield Line("Remarks", stay.remarks)


def use_lines(use: Use) -> Iterator[Line]:
    """How often admitted, how often in the emergency room."""
    admissions, rooms = use_words(use)
    yield Line("Admitted", admissions)
    yield Line("ED visits", rooms)


def lace_lines(
    score: Lace | None, look: Look, stays: Mapping[bytes, StayFact], conditions: Mapping[bytes, ConditionFact]
) -> Iterator[Line]:
    """LACE with its parts, each with the rows behind it, and what is not known."""
    if score is None:
        return
    yield GAP
    yield Line("LACE", Content.styled(lace_words(score), "$amber" if score.most >= score.high else ""))
    for part in score.parts:
        yield Line(*part_words(part))
        if part.letter in ("C", "E"):
            for words in _behind(part.rows, look, stays, conditions):
                yield Line("", Content.styled(words, "$dim"))
    for words in score.unknown:
        yield Line(None, Content.styled(f"Not known: {words}.", "$amber"))
    yield Line(
        None, Content.styled(f"High from {score.high} ({SOURCE}); how conditions are read is ours.", "$dim")
    )


def dotted(code: str) -> str:
    """An ICD-10-CM code as people write it: 'I50.32'."""
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 else code


def _behind(
    rows: Sequence[bytes],
    look: Look,
    stays: Mapping[bytes, StayFact],
    conditions: Mapping[bytes, ConditionFact],
) -> Iterator[str]:
    for key in rows:
        if key in conditions:
            one = conditions[key]
            yield f"{one.words} ({dotted(one.code)})" if one.code else one.words
        elif key in stays:
            stay = stays[key]
            at = f" {stay.facility}" if stay.facility else ""
            yield f"{day_words(stay.admitted, look.today)}{at}"
