"""What is not payable together, which of two programs bills, minutes that stand in both (billing-rules, 2 and 3)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.billing.engine.scenes import Scene, ready
from tests.billing.engine.test_transition import home

OCTOBER = date(2026, 10, 1), date(2026, 10, 31)


@pytest.mark.parametrize(
    ("code", "practitioner", "blocks"),
    [
        ("99490", "kim", True),  # NGS, OIG: one practitioner
        ("99426", "kim", False),  # PositiveCheck: PCM of another is fine
        ("99426", "lee", True),
        ("G0181", "lee", True),
        ("G0182", "lee", True),
        ("90960", "lee", True),
        ("G0181", "kim", True),  # PositiveCheck: of the same patient, whoever bills it
        ("90960", "kim", True),
        ("99457", "lee", False),  # Prevounce: RPM beside CCM
        ("99495", "lee", False),  # CY2020 rule: TCM beside CCM
        ("99484", "lee", False),  # NGS: BHI beside CCM
        ("G0557", "lee", True),  # AAFP: APCM holds CCM
        ("G0019", "lee", False),
        ("99491", "lee", True),
        ("99487", "kim", True),
    ],
)
def test_services_beside_ccm(code: str, practitioner: str, blocks: bool) -> None:
    scene = ready().worked(25).service(code, *OCTOBER, practitioner=practitioner)
    assert scene.lines() == ([] if blocks else [("99490", 1)])
    notes = [note for note in scene.result().blocked if note.rule == "exclusion"]
    assert bool(notes) == blocks
    assert all(code in note.says for note in notes)


def test_who_billed_is_not_known() -> None:
    scene = ready().worked(25).service("99426", *OCTOBER)
    assert (scene.lines(), "exclusion" in scene.warned()) == ([("99490", 1)], True)
    assert ready().worked(25).service("G0181", *OCTOBER).lines() == []
    assert ready().worked(25).service("99490", *OCTOBER).lines() == []  # others billed what only one may


def test_a_month_is_not_billed_twice() -> None:
    """OIG 2019, 2021."""
    scene = ready().worked(25).service("99490", *OCTOBER, practitioner="lee", ours=True)
    assert (scene.lines(), scene.blocked()) == ([], {"billed-already"})
    assert ready().worked(45).service("99490", *OCTOBER, ours=True).lines() == [("99439", 1)]
    assert ready().worked(25).service("99490", date(2026, 9, 30), ours=True).lines() == [("99490", 1)]


def both(first: str, second: str, **values: str | None) -> Scene:
    return ready(first).consent(second).enrolled(second, **values)  # type: ignore[arg-type]


def test_the_preferred_of_two_programs_bills() -> None:
    scene = both("CCM", "PCM").worked(25).worked(35, program="PCM")
    assert scene.lines() == [("99490", 1)]
    assert [("99426", 1)] in scene.instead()
    assert "exclusion" in scene.warned()
    order = ("TCM", "APCM", "PCM", "CCM", "COCM", "BHI", "CHI", "PIN", "RPM")
    assert scene.choose(programs=order).lines() == [("99426", 1)]
    short = both("CCM", "PCM").worked(10).worked(35, program="PCM")
    assert short.lines() == [("99426", 1)]  # never neither
    others = both("CCM", "PCM", practitioner="kim").worked(25).worked(35, program="PCM")
    assert others.lines() == [("99490", 1), ("99426", 1)]


def test_apcm_keeps_ccm_and_transition_keeps_apcm_out() -> None:
    """AAFP, FairPath."""
    assert both("APCM", "CCM").worked(25).lines() == [("G0557", 1)]
    scene = home().consent("APCM").enrolled("APCM")
    assert scene.lines() == [("99496", 1)]
    assert [("G0556", 1)] in scene.instead()


def test_bhi_and_cocm_are_one_or_the_other() -> None:
    scene = both("COCM", "BHI").worked(40, program="COCM").worked(25, program="BHI")
    assert scene.lines() == [("99493", 1)]


def test_programs_that_go_together() -> None:
    scene = both("CCM", "RPM").worked(25).worked(25, program="RPM")
    assert scene.lines() == [("99490", 1), ("99457", 1)]
    scene = both("CCM", "BHI").worked(25).worked(25, program="BHI")
    assert scene.lines() == [("99490", 1), ("99484", 1)]
    scene = both("APCM", "CHI").worked(60, program="CHI", staff="clara")
    assert scene.lines() == [("G0557", 1), ("G0019", 1)]


def test_one_call_in_two_programs_counts_in_the_preferred() -> None:
    """PositiveCheck, Prevounce: the same minute never twice."""
    scene = both("CCM", "BHI").worked(25, hour=9).worked(25, hour=9, program="BHI")
    assert scene.lines() == [("99490", 1)]
    assert [("99484", 1)] in scene.instead()
    assert "overlap" in scene.warned()
    short = (
        both("CCM", "RPM")
        .worked(12, hour=9)
        .worked(12, hour=9, program="RPM")
        .worked(10, hour=11, program="RPM")
    )
    assert short.lines() == [("99457", 1)]  # CCM bills nothing and takes nothing
    partly = both("CCM", "BHI").worked(20, hour=9).worked(30, hour=9.25, program="BHI")
    assert partly.lines() == [("99490", 1), ("99484", 1)]  # 15 to 20 belong to CCM, 25 are left


def test_two_practitioners_have_their_own_minutes() -> None:
    """NGS, CGS: only one practitioner is paid."""
    scene = ready().worked(15, practitioner="lee").worked(15, practitioner="kim")
    assert scene.lines() == []
    scene = ready().worked(5, practitioner="lee").worked(25, practitioner="kim")
    assert [(line.code, line.practitioner) for line in scene.result().lines] == [("99490", "kim")]
    assert scene.blocked() == set()  # that lee's minutes are short blocks nothing
    held = ready(practitioner="lee").worked(5, practitioner="lee").worked(25, practitioner="kim")
    assert (held.lines(), "not-counted-other-practitioner" in held.warned()) == ([], True)
