"""The parts of a form about an instrument: its questions as fields, and its answers out of the form's values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cmp_tui.assessments.crisis import crisis
from cmp_tui.assessments.definition import Answer, Answers, Flag, Instrument, Item, Option
from cmp_tui.assessments.item_field import ItemField
from cmp_tui.assessments.library import Library
from cmp_tui.assessments.rules import asked_items, carried, problem_of, score
from cmp_tui.assessments.words import DECLINED, far_words, missing_words, score_words
from cmp_tui.clinic.reference import Reference
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.tell import Part, TellField

Values = Mapping[str, object]
YES, NO = 1, 0
_WANTS = {YES: "yes", NO: "no"}
_SAID = {"yes": YES, "no": NO}


def field_name(instrument: str, item: str) -> str:
    """Returns the name of a question's field in a form."""
    return f"a_{instrument}__{item}"


def help_name(instrument: str, flag: str) -> str:
    """Returns the name of the field that asks whether help is wanted."""
    return f"h_{instrument}__{flag}"


def answers_in(instrument: Instrument, values: Values) -> dict[str, Answer]:
    """Returns the answers that stand in a form's values: None where one was declined, nothing where it is open."""
    found: dict[str, Answer] = {}
    for item in instrument.items:
        value: Any = values.get(field_name(instrument.name, item.name))
        if value is None:
            continue
        answer: Answer = None if value == DECLINED else list(value) if isinstance(value, tuple) else value
        if not problem_of(item, answer):
            found[item.name] = answer
    return found


def help_in(instrument: Instrument, values: Values) -> dict[str, str | None]:
    """Returns what was said about help, by flag."""
    found: dict[str, str | None] = {}
    for flag in instrument.flags:
        value = values.get(help_name(instrument.name, flag.name))
        found[flag.name] = _WANTS.get(value) if isinstance(value, int) else None
    return found


def shown_values(
    instrument: Instrument, answers: Answers, flags: Mapping[str, str | None] | None = None
) -> dict[str, object]:
    """Returns the form's values for answers that were given before."""
    found: dict[str, object] = {
        field_name(instrument.name, name): DECLINED if answer is None else answer
        for name, answer in answers.items()
    }
    for name, wants in (flags or {}).items():
        if wants is not None:
            found[help_name(instrument.name, name)] = _SAID.get(wants)
    return found


def from_chart(instrument: Instrument, sex: str | None, age: int | None) -> dict[str, object]:
    """Returns what the chart answers by itself."""
    found: dict[str, object] = {}
    for item in instrument.items:
        option = next((one for one in item.options if one.code and one.code == sex), None)
        if item.chart == "sex" and option is not None:
            found[field_name(instrument.name, item.name)] = option.value
        elif item.chart == "age" and age is not None and not problem_of(item, age):
            found[field_name(instrument.name, item.name)] = age
    return found


def instrument_fields(
    reference: Reference, library: Library, instrument: Instrument, *, follow: bool = True
) -> tuple[Field, ...]:
    """Returns the fields of an instrument; with `follow` also those of the longer one that its score opens."""

    def answers(values: Values) -> dict[str, Answer]:
        return answers_in(instrument, values)

    questions, after = _own_fields(reference, instrument, answers)
    if follow and instrument.next is not None:
        longer = library.need(instrument.next.instrument)
        more, more_after = _own_fields(
            reference,
            longer,
            lambda values: next_answers(instrument, longer, values),
            frozenset(instrument.next.carry.values()),
            lambda values: bool(score(instrument, answers(values)).opens),
            said=instrument.stem,
        )
        # The scores stand below all questions: digits go on from the short one to the longer one.
        return (*questions, *more, *after, *more_after)
    return (*questions, *after)


def next_answers(instrument: Instrument, longer: Instrument, values: Values) -> dict[str, Answer]:
    """Returns the longer instrument's answers: those carried over, and those given to its own questions."""
    return {**carried(instrument, answers_in(instrument, values)), **answers_in(longer, values)}


def opened(library: Library, instrument: Instrument, values: Values) -> Instrument | None:
    """Returns the longer instrument when the answers call for it."""
    name = score(instrument, answers_in(instrument, values)).opens
    return library.need(name) if name else None


Reads = Callable[[Values], dict[str, Answer]]
Holds = Callable[[Values], bool]


def _both(here: Holds | None, holds: Holds) -> Holds:
    return holds if here is None else lambda values: here(values) and holds(values)


def _own_fields(
    reference: Reference,
    instrument: Instrument,
    answers: Reads,
    but: frozenset[str] = frozenset(),
    here: Holds | None = None,
    said: str = "",
) -> tuple[list[Field], list[Field]]:
    """The questions of an instrument, and what stands below them; all shown while `here` holds (None: always).

    `said` is a stem that stands above other questions already.
    """
    fields: list[Field] = []
    rung: set[str] = set()
    first = True
    for item in instrument.items:
        if item.name in but:
            continue
        stem = instrument.stem if first and instrument.stem != said else ""
        above = " ".join(part for part in (stem, item.section) if part)
        first = False
        fields.append(_question(instrument, item, above, answers, here))
        for alarm in instrument.alarms:
            last = max(place for test in alarm.any for place in _places(instrument, test.items))
            if instrument.items[last] is item and alarm.name not in rung:
                rung.add(alarm.name)
                fields.append(_steps(reference, instrument, alarm.name, answers, here))
    wanted = [_wanted(instrument, flag, answers, here) for flag in instrument.flags if flag.help]
    return fields, [_amounts(instrument, answers, here), *wanted]


def _places(instrument: Instrument, names: Sequence[str]) -> list[int]:
    return [place for place, item in enumerate(instrument.items) if item.name in names]


def _question(instrument: Instrument, item: Item, above: str, answers: Reads, here: Holds | None) -> Field:
    def asked(values: Values) -> bool:
        return item in asked_items(instrument, answers(values))

    return ItemField(
        name=field_name(instrument.name, item.name),
        label=item.number,
        item=item,
        above=above,
        when=_both(here, asked) if item.when else here,
        progress=lambda values: f"{instrument.title}: {far_words(instrument, answers(values))}",
    )


def _steps(
    reference: Reference, instrument: Instrument, alarm: str, answers: Reads, here: Holds | None
) -> Field:
    steps = crisis(reference, alarm)
    lines: list[Part] = [(steps.title, "coral")]
    lines += [(f"{number}  {step}", "text") for number, step in enumerate(steps.steps, 1)]
    lines += [(words, style) for words, style in ((steps.foot, "amber"), (steps.problem, "coral")) if words]
    return TellField(
        name=f"s_{instrument.name}__{alarm}",
        label="!",
        lines=lambda values: lines,
        when=_both(here, lambda values: alarm in score(instrument, answers(values)).alarms),
        help="enter goes on with the questions",
    )


def _amounts(instrument: Instrument, answers: Reads, here: Holds | None) -> Field:
    def lines(values: Values) -> list[Part]:
        given = answers(values)
        scored = score(instrument, given)
        found: list[Part] = []
        if scored.score is not None:
            band = scored.band
            style = "amber" if band is not None and band.raised else "bold"
            said = score_words(instrument, scored.score, band.words if band else None)
            found.append((f"{instrument.title}: {said}", style))
        elif instrument.method != "none":
            found.append((f"{instrument.title}: {missing_words(instrument, scored)}", "dim"))
        else:
            found.append((f"{instrument.title}: {far_words(instrument, given)}; it has no total", "dim"))
        flags = [flag.words for flag in instrument.flags if flag.name in scored.flags]
        if flags:
            found.append((f"May point to: {'; '.join(flags)}", "amber"))
        return found

    return TellField(
        name=f"t_{instrument.name}",
        label="=",
        lines=lines,
        when=here,
        help="the score follows each answer",
    )


def _wanted(instrument: Instrument, flag: Flag, answers: Reads, here: Holds | None) -> Field:
    item = Item(
        name=f"help_{flag.name}",
        text=f"{flag.words[:1].upper()}{flag.words[1:]}. Does the patient want help with this?",
        kind="choice",
        options=(Option(YES, "yes: propose a goal", 0), Option(NO, "no", 0)),
    )
    return ItemField(
        name=help_name(instrument.name, flag.name),
        label="?",
        item=item,
        when=_both(here, lambda values: flag.name in score(instrument, answers(values)).flags),
        keys="y: wants help, n: does not; leave it open when you did not ask",
    )
