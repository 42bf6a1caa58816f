"""The plan on paper, as the chart's `p` offers it: the patient's copy, the summary for others, who has which."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from cmp_tui.careplan.copy_lines import Holder
from cmp_tui.careplan.holder_rules import holder_words, holders, standing_words
from cmp_tui.careplan.lines import WholePlan
from cmp_tui.chart.base_panel import Choice, Menu, PickOne, Setting
from cmp_tui.ui.messages import OpenForm
from cmp_tui.ui.picker import Pick
from cmp_tui.ui.preview import Line
from cmp_tui.ui.words import day_words

NOBODY = "Nobody has this plan yet: p p prints the patient's copy, p s the summary for another provider."


def plan_papers(whole: WholePlan, setting: Setting, others: Sequence[Choice]) -> Menu:
    """Returns what can be printed of a plan, and who has it; `others` are the papers of every panel."""
    patient = whole.patient
    return Menu(
        "Print",
        (
            Choice("p", "patient's copy", OpenForm("plan-copy", patient)),
            Choice("s", "summary for a provider", OpenForm("plan-summary", patient)),
            Choice("g", "record as given", OpenForm("give-copy", patient, None, {"kind": "patient"})),
            Choice("w", "who has it", who_has(whole, setting)),
            *([Choice("x", "strike one out", _strike(whole, setting))] if whole.copies else []),
            *others,
        ),
    )  # fmt: skip


def who_has(whole: WholePlan, setting: Setting) -> PickOne | str:
    """Returns the list of those who have the plan; picking one prints what they get anew."""
    found = holders(whole)
    if not found:
        return NOBODY
    patient = whole.patient

    def again(value: str) -> OpenForm:
        one = found[int(value)]
        if one.kind == "summary":
            return OpenForm("plan-summary", patient, None, {"name": one.name or ""})
        return OpenForm("plan-copy", patient, None, {"to": one.to})

    picks = tuple(
        Pick(str(at), f"{holder_words(one, setting.reference)}  {_given(one, setting)}", standing_words(one))
        for at, one in enumerate(found)
    )
    return PickOne("Who has the plan; enter prints it anew for them", picks, again)


def _strike(whole: WholePlan, setting: Setting) -> PickOne:
    """The copies that were recorded: one that was never given is struck out, with a reason."""
    label = setting.reference.label
    words = {
        one.id.hex(): f"{one.name or label('with_whom', one.to)}, {day_words(one.date, setting.today)} "
        f"{label('given_how', one.how)}"
        for one in whole.copies
    }

    def strike(value: str) -> OpenForm:
        about = {"what": "copy", "words": f"Given to {words[value]}"}
        return OpenForm("strike", whole.patient, bytes.fromhex(value), about)

    picks = tuple(
        Pick(one.id.hex(), words[one.id.hex()], label("copy_kind", one.kind)) for one in whole.copies
    )
    return PickOne("Which one was not given", picks, strike)


def holder_lines(whole: WholePlan, setting: Setting) -> list[Line]:
    """Returns who has the plan, one a line, for a preview; what is out of date stands out."""
    lines: list[Line] = []
    for one in holders(whole):
        who = f"{holder_words(one, setting.reference)} {_given(one, setting)}, "
        words = (standing_words(one), "$amber" if one.current is False else "$dim")
        lines.append(Line("" if lines else "Copy", Content.assemble(who, words)))
    return lines or [Line("Copy", Content.assemble(("nobody has one yet: ", "$dim"), ("p", "$accent")))]


def _given(one: Holder, setting: Setting) -> str:
    how = setting.reference.label("given_how", one.how) if one.how else ""
    return " ".join(part for part in (day_words(one.date, setting.today), how) if part)
