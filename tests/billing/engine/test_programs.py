"""PCM, BHI, CoCM, APCM, RPM, CHI and PIN: units and needs. Each test names the source of its rule (billing-rules)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.billing.engine.scenes import Scene, ready


@pytest.mark.parametrize(
    ("minutes", "staff", "lines"),
    [
        (29.9, "rosa", []),
        (30, "rosa", [("99426", 1)]),
        (59, "rosa", [("99426", 1)]),
        (90, "rosa", [("99426", 1), ("99427", 2)]),
        (30, "lee", [("99424", 1)]),
        (60, "lee", [("99424", 1), ("99425", 1)]),
    ],
)
def test_pcm(minutes: float, staff: str, lines: list[tuple[str, int]]) -> None:
    """UTHealth, PCM; CCN quoting CMS: not below 30."""
    assert ready("PCM").worked(minutes, staff=staff, program="PCM").lines() == lines


def test_pcm_needs_one_condition_and_warns_of_the_visit() -> None:
    scene = Scene().consent("PCM").enrolled("PCM").worked(30, program="PCM")
    assert scene.condition("G35").lines() == [("99426", 1)]
    assert scene.visit(date(2015, 1, 1)).lines() == [("99426", 1)]  # the rule is doubtful: it warns
    assert "initiating-visit" in scene.warned()
    none = Scene().consent("PCM").enrolled("PCM").worked(30, program="PCM").condition("G35", chronic=False)
    assert none.blocked() == {"conditions"}


@pytest.mark.parametrize(("minutes", "lines"), [(19, []), (20, [("99484", 1)]), (60, [("99484", 1)])])
def test_bhi(minutes: float, lines: list[tuple[str, int]]) -> None:
    """MLN909432, quoted: 20 full minutes, no add-on."""
    assert ready("BHI").worked(minutes, program="BHI").lines() == lines


@pytest.mark.parametrize(
    ("start", "minutes", "lines"),
    [
        (date(2026, 10, 1), 29, []),
        (date(2026, 10, 1), 30, [("G2214", 1)]),
        (date(2026, 10, 1), 35, [("G2214", 1)]),
        (date(2026, 10, 1), 36, [("99492", 1)]),
        (date(2026, 10, 1), 85, [("99492", 1)]),
        (date(2026, 10, 1), 86, [("99492", 1), ("99494", 1)]),
        (date(2026, 10, 1), 116, [("99492", 1), ("99494", 2)]),
        (date(2026, 9, 30), 30, [("G2214", 1)]),
        (date(2026, 9, 30), 31, [("99493", 1)]),
        (date(2026, 9, 30), 75, [("99493", 1)]),
        (date(2026, 9, 30), 76, [("99493", 1), ("99494", 1)]),
        (date(2026, 9, 30), 106, [("99493", 1), ("99494", 2)]),
    ],
)
def test_cocm_has_the_midpoint(start: date, minutes: float, lines: list[tuple[str, int]]) -> None:
    """AHRQ: half plus one; thresholds by MLN909432, quoted."""
    scene = Scene().consent("COCM").enrolled("COCM", start=start).condition("F33.1").visit(date(2026, 8, 3))
    assert scene.worked(minutes, program="COCM", day=20).lines() == lines


@pytest.mark.parametrize(
    ("conditions", "qmb", "code"),
    [([], False, "G0556"), (["I10"], True, "G0556"), (["I10", "E11.9"], False, "G0557"),
     (["I10", "E11.9"], True, "G0558"), (["I10", "E11.9"], None, "G0557")],
)  # fmt: skip
def test_apcm_by_conditions(conditions: list[str], qmb: bool | None, code: str) -> None:
    """Rural Health Information Hub, AAFP: no minutes, by conditions and QMB."""
    scene = Scene(qmb=qmb).consent("APCM").enrolled("APCM")
    for name in conditions:
        scene.condition(name)
    assert scene.lines() == [(code, 1)]
    assert ("qmb" in scene.warned()) == (qmb is None)


def test_apcm_wants_a_visit_in_three_years_and_no_talk_of_it() -> None:
    """Rural Health Information Hub."""

    def scene() -> Scene:
        return Scene().consent("APCM").enrolled("APCM", start=date(2026, 9, 1)).condition("I10")

    assert scene().visit(date(2023, 10, 1), discussed=False).lines() == [("G0556", 1)]
    assert scene().visit(date(2023, 8, 1)).blocked() == {"initiating-visit"}
    before = Scene("2024-12").consent("APCM").enrolled("APCM")
    assert (before.lines(), before.blocked()) == ([], {"not-payable"})


def test_behavioral_add_ons_stand_beside_apcm_from_2026() -> None:
    """FairPath: only with APCM of the same practitioner; never with the mirror code."""

    def scene(month: str, program: str = "BHI", start: date = date(2020, 1, 2)) -> Scene:
        seen = ready("APCM", month).visit(date(2026, 9, 1))
        return seen.consent(program).enrolled(program, start=start)

    assert scene("2026-10").worked(25, program="BHI").lines() == [("G0557", 1), ("G0570", 1)]
    assert scene("2026-10", "COCM", date(2026, 10, 3)).lines() == [("G0557", 1), ("G0568", 1)]
    assert scene("2026-10", "COCM").lines() == [("G0557", 1), ("G0569", 1)]
    assert scene("2025-10").worked(25, program="BHI").lines() == [("G0557", 1), ("99484", 1)]
    alone = ready("BHI").worked(12, program="BHI")
    assert alone.lines() == []


@pytest.mark.parametrize(
    ("month", "minutes", "lines"),
    [
        ("2026-10", 9, []),
        ("2026-10", 10, [("99470", 1)]),
        ("2026-10", 19, [("99470", 1)]),
        ("2026-10", 20, [("99457", 1)]),
        ("2026-10", 39, [("99457", 1)]),
        ("2026-10", 55, [("99457", 1), ("99458", 1)]),
        ("2026-10", 60, [("99457", 1), ("99458", 2)]),
        ("2025-10", 19, []),
        ("2025-10", 20, [("99457", 1)]),
    ],
)
def test_rpm_minutes(month: str, minutes: float, lines: list[tuple[str, int]]) -> None:
    """Rimidi on 2026; RVUdoc: whole steps."""
    assert ready("RPM", month).worked(minutes, program="RPM").lines() == lines


def test_rpm_wants_a_live_contact() -> None:
    scene = ready("RPM").worked(25, program="RPM", outcome="voicemail")
    assert (scene.lines(), scene.blocked()) == ([], {"live-contact"})
    assert scene.worked(1, program="RPM", outcome="reached").lines() == [("99457", 1)]


@pytest.mark.parametrize(
    ("month", "days", "lines"),
    [
        ("2026-10", 1, []),
        ("2026-10", 2, [("99445", 1)]),
        ("2026-10", 15, [("99445", 1)]),
        ("2026-10", 16, [("99454", 1)]),
        ("2025-10", 15, []),
        ("2025-10", 16, [("99454", 1)]),
    ],
)
def test_rpm_devices(month: str, days: int, lines: list[tuple[str, int]]) -> None:
    """Rimidi on 2026: 2 to 15 days, or 16 and more, in a period."""
    scene = ready("RPM", month)
    scene.device(scene.day(10, -1), scene.day(9), days)
    assert scene.lines() == lines
    assert [line.date_of_service for line in scene.result().lines] == [scene.day(9)] * len(lines)


def test_rpm_set_up_comes_with_the_first_period() -> None:
    """1Access: once an episode."""
    scene = Scene().consent("RPM").enrolled("RPM", start=date(2026, 9, 12)).visit(date(2026, 9, 1))
    scene.device(date(2026, 9, 12), date(2026, 10, 11), 20)
    assert scene.lines() == [("99453", 1), ("99454", 1)]
    assert scene.service("99453", date(2026, 9, 12), ours=True).lines() == [("99454", 1)]


@pytest.mark.parametrize(("program", "first", "more"), [("CHI", "G0019", "G0022"), ("PIN", "G0023", "G0024")])
def test_navigation_counts_community_health_workers(program: str, first: str, more: str) -> None:
    """Noridian, CHI; Pennsylvania AHEC: 60 minutes of trained staff, 30 more."""
    for minutes, lines in ((59, []), (60, [(first, 1)]), (89, [(first, 1)]), (120, [(first, 1), (more, 2)])):
        assert ready(program).worked(minutes, program=program, staff="clara").lines() == lines
    assert ready(program).worked(70, program=program, staff="olaf").lines() == []


def test_chi_needs_the_practitioners_own_visit() -> None:
    """Noridian, CHI."""

    def scene() -> Scene:
        return (
            Scene().consent("CHI").enrolled("CHI", start=date(2026, 9, 1)).worked(60, program="CHI", day=20)
        )

    assert scene().visit(date(2026, 8, 1)).lines() == [("G0019", 1)]
    assert scene().visit(date(2026, 8, 1), practitioner="kim").blocked() == {"initiating-visit"}
    assert scene().visit(date(2026, 8, 1), kind="ippe").blocked() == {"initiating-visit"}
    assert scene().visit(date(2026, 8, 1), kind="tcm").lines() == [("G0019", 1)]
