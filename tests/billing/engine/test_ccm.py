"""Chronic care management: units, families, needs. Each test names the source of its rule (billing-rules)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.billing.engine.scenes import Scene, ready


@pytest.mark.parametrize(
    ("minutes", "lines"),
    [
        (19.99, []),
        (20, [("99490", 1)]),
        (39.98, [("99490", 1)]),
        (40, [("99490", 1), ("99439", 1)]),
        (60, [("99490", 1), ("99439", 2)]),
        (100, [("99490", 1), ("99439", 2)]),
    ],
)
def test_staff_minutes_are_whole_units_and_two_more_at_most(
    minutes: float, lines: list[tuple[str, int]]
) -> None:
    """NGS and Noridian, CCM: 20 full minutes; CLA on CY2020: at most two of 99439."""
    assert ready().worked(minutes).lines() == lines


@pytest.mark.parametrize(
    ("minutes", "lines"),
    [
        (59, [("99490", 1), ("99439", 1)]),
        (60, [("99487", 1)]),
        (75, [("99487", 1)]),
        (89.9, [("99487", 1)]),
        (90, [("99487", 1), ("99489", 1)]),
        (120, [("99487", 1), ("99489", 2)]),
    ],
)
def test_complex_ccm_needs_an_hour_and_complexity(minutes: float, lines: list[tuple[str, int]]) -> None:
    """CY2020 rule, NGS: 60 minutes with moderate or high complexity, 30 full minutes each more."""
    assert ready().mdm("moderate").worked(minutes).lines() == lines


@pytest.mark.parametrize("judged", [None, ("low", "lee"), ("high", "rosa"), ("high", "kim")])
def test_without_the_practitioners_complexity_staff_minutes_bill(judged: tuple[str, str] | None) -> None:
    """PositiveCheck citing CMS: by the billing practitioner in person; OrbDoc: else 99490."""
    scene = ready().worked(75)
    if judged:
        scene.mdm(*judged)
    assert scene.lines() == [("99490", 1), ("99439", 2)]
    assert "mdm" in scene.blocked()


@pytest.mark.parametrize(
    ("minutes", "lines"),
    [(29.9, [("99490", 1)]), (30, [("99491", 1)]), (59, [("99491", 1)]), (60, [("99491", 1), ("99437", 1)])],
)
def test_the_practitioners_own_minutes(minutes: float, lines: list[tuple[str, int]]) -> None:
    """NGS: 99491 from 30 of the practitioner's own minutes; CMS FAQ 2017: own minutes may serve as staff minutes."""
    assert ready().worked(minutes, staff="lee").lines() == lines


def test_staff_minutes_never_serve_as_the_practitioners() -> None:
    assert ready().worked(20, staff="lee").worked(45).lines() == [("99490", 1), ("99439", 2)]
    assert ready().worked(30, staff="nora").lines() == [("99490", 1)]  # a practitioner who does not bill here


def test_the_order_of_families_is_a_setting_and_the_others_are_told() -> None:
    scene = ready().mdm("high").worked(30, staff="lee").worked(35)
    assert scene.lines() == [("99487", 1)]
    assert scene.instead()[:2] == [[("99491", 1)], [("99490", 1), ("99439", 2)]]
    scene.choose(families=("staff", "practitioner", "complex"))
    assert scene.lines() == [("99490", 1), ("99439", 2)]


def test_two_at_once_count_once() -> None:
    """NGS on shared time, by analogy."""
    scene = ready().worked(15, hour=9).worked(15, staff="lupe", hour=9.1)
    assert scene.result().minutes["CCM"].staff == 21
    assert "overlap" in scene.warned()
    assert ready().worked(15, hour=9).worked(15, staff="lupe", hour=9).lines() == []


def test_a_shared_activity_is_divided() -> None:
    """PositiveCheck citing CMS: 30 minutes for three patients are ten each."""
    assert ready().worked(30, size=3).result().minutes["CCM"].staff == 10


def test_what_never_counts() -> None:
    """Noridian: staff who are not clinical; CMS: minutes of a billed visit; a total out of a spreadsheet."""
    for values in ({"staff": "olaf"}, {"in_billed_visit": True}, {"precision": "month"}, {"staff": "clara"}):
        scene = ready().worked(25, **values)
        assert scene.lines() == [], values
        assert scene.result().minutes["CCM"].staff == 0
    visit = ready().worked(20, hour=9, in_billed_visit=True, staff="lee").worked(25, hour=9)
    assert visit.result().minutes["CCM"].staff == 5  # what lay in the visit is used up


def test_consent_comes_first() -> None:
    """CGS 2022: before the service; NGS: revoked with effect at the end of the month."""
    scene = Scene().enrolled().condition("E11.9").condition("I10").worked(30)
    assert (scene.lines(), "consent" in scene.blocked()) == ([], True)
    late = Scene().enrolled().consent(day=date(2026, 10, 15)).worked(15, day=14).worked(20, day=15)
    assert late.lines() == [("99490", 1)]
    assert "not-counted-consent" in late.warned()
    declined = Scene().enrolled().consent(decision="declined").worked(30)
    assert (declined.lines(), declined.blocked()) == ([], {"consent"})
    revoked = ready().consent(day=date(2026, 10, 5), decision="revoked", effective_to=date(2026, 10, 31))
    assert revoked.worked(25, day=20).lines() == [("99490", 1)]
    over = ready("CCM", "2026-11").consent(day=date(2026, 10, 5), decision="revoked").worked(25, day=20)
    assert (over.lines(), over.blocked()) == ([], {"consent"})


def test_another_practitioner_asks_anew() -> None:
    """Noridian, November 2017: consent again when the billing practitioner changes."""
    scene = ready(practitioner="kim").worked(25)
    assert scene.lines() == [("99490", 1)]
    changed = Scene().consent(practitioner="kim").enrolled(practitioner="lee").worked(25)
    assert (changed.lines(), "consent" in changed.blocked()) == ([], True)


def test_enrollment_dates_decide() -> None:
    scene = Scene().consent().worked(25)
    assert (scene.lines(), "enrollment" in scene.blocked()) == ([], True)
    ended = (
        Scene()
        .consent()
        .enrolled(end=date(2026, 10, 10), status="active")
        .worked(25, day=10)
        .worked(20, day=11)
    )
    assert ended.lines() == [("99490", 1)]
    assert Scene().consent().enrolled(end=date(2026, 9, 30), status="active").worked(25).lines() == []
    assert Scene().consent().enrolled(status="finished", end=date(2026, 10, 31)).worked(25).lines() == [
        ("99490", 1)
    ]
    assert Scene().consent().enrolled(status="cancelled").worked(25).lines() == []


def test_conditions_absent_warn_and_contrary_block() -> None:
    """NGS and Noridian: two or more chronic conditions."""
    scene = Scene().consent().enrolled().worked(25)
    assert (scene.lines(), "conditions" in scene.warned()) == ([("99490", 1)], True)
    assert scene.condition("E11.9").blocked() == {"conditions"}
    assert scene.condition("I10", chronic=None).lines() == [("99490", 1)]
    assert "conditions" in scene.warned()
    one = (
        Scene().consent().enrolled().worked(25).condition("E11.9").condition("E11.9").condition("I10", False)
    )
    assert one.blocked() == {"conditions"}
    gone = Scene().consent().enrolled().worked(25).condition("E11.9").condition("I10", resolved="2026-09")
    assert gone.blocked() == {"conditions"}


def test_the_initiating_visit() -> None:
    """NGS; Noridian, November 2017: discussed at the visit; CareHarmony: seen within a year."""

    def scene(start: date = date(2026, 9, 1)) -> Scene:
        return Scene().consent().enrolled(start=start).worked(25, day=20)

    assert scene().lines() == [("99490", 1)]  # nothing is known: it warns
    assert "initiating-visit" in scene().warned()
    new = date(2026, 8, 20)
    assert scene().visit(new, discussed=True).lines() == [("99490", 1)]
    assert scene().visit(new, discussed=False).blocked() == {"initiating-visit"}
    assert scene().visit(new, discussed=None).lines() == [("99490", 1)]
    assert "initiating-visit" in scene().visit(new, discussed=None).warned()
    known = scene().visit(date(2023, 1, 5), discussed=False).visit(new, discussed=False)
    assert known.lines() == [("99490", 1)]
    assert scene().visit(date(2024, 8, 20)).blocked() == {"initiating-visit"}
    assert scene().visit(new, kind="other").blocked() == {"initiating-visit"}
    within = scene(date(2026, 10, 1)).visit(date(2026, 10, 20)).worked(20, day=19)
    assert within.result().minutes["CCM"].staff == 25  # nothing before the visit


def test_the_plan() -> None:
    """NGS; Noridian, Medical review: a plan, and a copy given."""

    def scene() -> Scene:
        return Scene().consent().enrolled().worked(25)

    assert "plan" in scene().warned()
    assert scene().plan(given=None).lines() == [("99490", 1)]
    assert "plan-given" in scene().plan(given=None).warned()
    assert scene().plan(made=date(2026, 11, 2)).blocked() == {"plan"}
    assert scene().plan(given=date(2026, 11, 2)).blocked() == {"plan-given"}


def test_no_minutes_in_a_part_a_stay() -> None:
    """CMS, quoted by PALTC."""
    scene = (
        ready()
        .stay(date(2026, 10, 20), kind="snf", admitted=date(2026, 10, 8))
        .worked(25, day=12)
        .worked(5, day=20)
    )
    assert scene.result().minutes["CCM"].staff == 5
    hospital = ready().stay(date(2026, 10, 20), admitted=date(2026, 10, 8)).worked(25, day=12)
    assert (hospital.lines(), "hospital-days" in hospital.warned()) == ([("99490", 1)], True)


def test_dates_of_service_and_death() -> None:
    line = ready().worked(25).result().lines[0]
    assert (line.date_of_service, line.place_of_service, line.practitioner) == (
        date(2026, 10, 31),
        "11",
        "lee",
    )
    assert line.diagnoses == ("E11.9", "I50.32", "F33.1")
    reached = ready().choose(service_date="threshold-day").worked(15, day=5).worked(15, day=9)
    assert reached.result().lines[0].date_of_service == date(2026, 10, 9)
    died = ready(deceased_on=date(2026, 10, 9)).worked(20, day=9).worked(20, day=10)
    assert [(line.code, line.date_of_service) for line in died.result().lines] == [
        ("99490", date(2026, 10, 9))
    ]
    assert ready(deceased_on=date(2026, 9, 9)).worked(20, day=9).blocked() == {"deceased"}


def test_planning_is_proposed_once_with_the_initiating_visit() -> None:
    """NGS: G0506, once, by the billing practitioner, with the initiating visit."""

    def scene(by: str = "lee") -> Scene:
        begun = Scene().consent(day=date(2026, 10, 5)).enrolled(start=date(2026, 10, 5))
        return begun.visit(date(2026, 10, 5), kind="awv").plan(date(2026, 10, 5), date(2026, 10, 6), by=by)

    assert scene().lines() == [("G0506", 1)]
    assert scene().result().lines[0].date_of_service == date(2026, 10, 5)
    assert scene().worked(25).lines() == [("99490", 1), ("G0506", 1)]
    assert scene(by="rosa").lines() == []
    assert scene().service("G0506", date(2024, 3, 1), ours=True).lines() == []


def test_who_may_bill() -> None:
    """Noridian: physician, NP, PA, CNS, CNM."""
    assert ready(practitioner="rosa").worked(25).blocked() == {"practitioner"}
    assert "practitioner" in Scene(practitioner=None).consent().enrolled().worked(25).warned()


def test_months_without_rules_and_other_payers() -> None:
    late = ready("CCM", "2027-01").worked(25)
    assert (late.lines(), late.blocked()) == ([], {"rules-not-loaded"})
    assert late.result().minutes["CCM"].staff == 25
    other = ready(payer="commercial").worked(25)
    assert (other.lines(), other.blocked()) == ([], set())
    assert [("99490", 1)] in other.instead()
    assert "payer" in other.warned()


def test_apcm_is_told_as_another_way() -> None:
    assert [("G0557", 1)] in ready().worked(25).instead()


def test_everything_names_its_source() -> None:
    result = Scene().enrolled().condition("E11.9").worked(10).result()
    assert result.blocked and all(note.source for note in result.blocked + result.warnings)
