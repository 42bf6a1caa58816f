"""The forecast: minutes needed, working days left, the usual pace, and an honest "cannot be reached"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cmp_tui.billing.engine.forecast import Forecast, Pace, forecast
from tests.billing.engine.scenes import Scene, ready, rules


def look(scene: Scene, today: date, pace: Pace = Pace(), program: str = "CCM") -> Forecast:
    scene.facts = replace(scene.facts, today=today)
    return forecast(scene.facts, scene.result(), rules().on(scene.month.last), program, pace)


def test_from_the_first_day_it_says_what_is_missing() -> None:
    seen = look(ready(), date(2026, 10, 1), Pace(24, 12))
    assert (seen.outlook, seen.missing, seen.days, seen.code) == ("likely", 20, 21, "99490")
    assert seen.says == "0 min, 20 more in 21 working days; usually 24 min a month: on its way"


@pytest.mark.parametrize(
    ("day", "minutes", "outlook"),
    [
        (26, 20, "reached"),
        (26, 17, "open"),
        (30, 12, "open"),
        (30, 2, "out-of-reach"),
        (31, 19, "out-of-reach"),
    ],
)
def test_the_end_of_the_month_is_honest(day: int, minutes: int, outlook: str) -> None:
    """31 October 2026 is a Saturday: no working day is left."""
    assert look(ready().worked(minutes, day=3), date(2026, 10, day)).outlook == outlook


def test_words_when_it_cannot_be_reached() -> None:
    seen = look(ready().worked(2, day=3), date(2026, 10, 30))
    assert seen.says == "2 min, 18 short: cannot be reached this month, 1 working day is left"
    assert look(ready().worked(2, day=3), date(2026, 11, 3)).says == "2 min, 18 short; the month is over"


def test_what_blocks_comes_before_minutes() -> None:
    seen = look(Scene().enrolled().worked(5), date(2026, 10, 20))
    assert (seen.outlook, seen.says) == ("blocked", "No consent to CCM in October 2026.")


def test_programs_without_minutes_have_none() -> None:
    assert look(ready("APCM"), date(2026, 10, 20), program="APCM").outlook == "none"


def test_collaborative_care_has_its_own_thresholds() -> None:
    scene = Scene().consent("COCM").enrolled("COCM", start=date(2026, 10, 1)).condition("F33.1")
    assert look(scene, date(2026, 10, 20), program="COCM").wanted == 36
