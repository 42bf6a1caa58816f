"""A draft of the plan's forms that outlives its saving is saved again, and writes once; and what is said by then."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from cmp_tui.careplan.queries import whole_plan
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.staff import me, settings_list
from cmp_tui.screens import FORMS
from cmp_tui.ui.fields.base import Here
from cmp_tui.ui.form import Submission
from cmp_tui.ui.makers import AGAIN, FormContext, Opening


@pytest.fixture
async def context(clinic: Clinic) -> AsyncIterator[FormContext]:
    """What a form may ask of the running program."""
    settings = clinic.read(settings_list)
    live = LiveClinic(clinic)
    yield FormContext(
        live, Here(clinic.clock.now, settings.zone), clinic.reference, settings, clinic.read(me)
    )
    live.close()


async def save(opening: Opening, typed: dict[str, Any]) -> Any:
    return await opening.submit(Submission({**opening.values, **typed}, typed, opening.seen))


CASES: tuple[tuple[str, bool, dict[str, Any]], ...] = (
    ("goal", False, {"title": "Walk after supper", "scaled": True, "weight": 2}),
    ("goal-progress", True, {"value": "8.2", "note": "from the pharmacy"}),
    ("intervention", False, {"title": "Order strips"}),
    ("barrier", False, {"kind": "cost"}),
    ("plan-review", False, {}),
)


@pytest.mark.parametrize(("name", "on_goal", "typed"), CASES, ids=[case[0] for case in CASES])
async def test_the_same_draft_writes_once(
    clinic: Clinic,
    ana: bytes,
    sugar: bytes,
    context: FormContext,
    name: str,
    on_goal: bool,
    typed: dict[str, Any],
) -> None:
    def rows() -> int:
        whole = clinic.read(whole_plan, ana)
        goals = whole.goals
        said = sum(len(goal.progress) for goal in goals)
        return len(goals) + said + len(whole.interventions) + len(whole.barriers) + len(whole.versions)

    args: dict[str, Any] = {}
    record = sugar if on_goal else None
    before = rows()
    opening = await FORMS[name](context, ana, record, args)
    assert opening.said(await save(opening, typed)) != AGAIN
    assert rows() == before + 1
    again = await FORMS[name](context, ana, record, args)
    assert again.said(await save(again, typed)) == AGAIN
    assert rows() == before + 1


async def test_templates_are_saved_once(
    clinic: Clinic, ana: bytes, diabetes: bytes, context: FormContext
) -> None:
    args: dict[str, Any] = {"templates": ["diabetes"]}
    for _ in range(2):
        opening = await FORMS["plan-start"](context, ana, None, args)
        await save(opening, {})
    goals = clinic.read(whole_plan, ana).goals
    assert len(goals) == len({goal.title for goal in goals}) > 1


async def test_a_template_that_can_not_be_used_is_told_by_file_and_line(
    clinic: Clinic, ana: bytes, context: FormContext, tmp_path: Path
) -> None:
    folder = tmp_path / "own" / "plans"
    folder.mkdir(parents=True)
    shipped = (clinic.reference.folder / "plans" / "tobacco.toml").read_text(encoding="utf-8")
    (folder / "ours.toml").write_text(f'colour = "blue"\n{shipped}', encoding="utf-8")
    reference = Reference(clinic.reference.folder, tmp_path / "own")
    own = FormContext(context.live, context.here, reference, context.settings, context.me)
    opening = await FORMS["plan-templates"](own, ana, None, {})
    told = next(one for one in opening.spec.fields if one.name == "problems")
    assert "ours.toml is left out: line 1: colour" in told.sentences[0]  # type: ignore[attr-defined]
