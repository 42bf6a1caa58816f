"""What the enrollment form says at once of two programs that exclude each other: what both would mean for billing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from cmp_tui.enrollment.eligibility_queries import would_exclude
from cmp_tui.enrollment.exclusion_rules import meant_for_billing
from cmp_tui.patients.form_values import OUTSIDE
from cmp_tui.ui.fields.tell import TellField
from cmp_tui.ui.makers import FormContext

TOLD = "told-"
"""What the names of these fields begin with: they have no value, and are not saved."""


async def exclusion_fields(
    context: FormContext, patient: bytes, programs: Sequence[str], usernames: Collection[str]
) -> tuple[TellField, ...]:
    """Returns a sentence for each program that is chosen, and whoever bills for it, where that excludes another.

    With one program there is nothing to choose: the sentence is about that one. Someone outside bills as nobody of the
    clinic does.
    """
    bills: tuple[str | None, ...] = (None, *usernames, OUTSIDE)
    found = await context.live.ask(would_exclude, patient, programs, bills)
    said: dict[tuple[str, str], set[str | None]] = {}
    for (program, who), clashes in found.items():
        text = " ".join(meant_for_billing(one) for one in clashes)
        said.setdefault((program, text), set()).add(who)
    only = programs[0] if len(programs) == 1 else None

    def field(number: int, program: str, text: str, who: set[str | None]) -> TellField:
        def applies(values: Mapping[str, object]) -> bool:
            chosen = values.get("practitioner") or None
            return only in (None, program) and (only or values.get("program")) == program and chosen in who

        return TellField(
            name=f"{TOLD}{number}", label="", lines=lambda values: [(text, "amber")], when=applies,
            help="enter goes on: both may be, but not both are billed",
        )  # fmt: skip

    return tuple(
        field(number, program, text, who) for number, ((program, text), who) in enumerate(said.items())
    )


def without_told(values: Mapping[str, object]) -> dict[str, object]:
    """Returns the values of a form without those that only say something."""
    return {name: value for name, value in values.items() if not name.startswith(TOLD)}
