"""The running app, brought to a list or a chart, for the rows that are measured on its screen."""

from __future__ import annotations

import re
from pathlib import Path

from cmp_tui.queue.queries import page
from tests.bench.big_clinic import open_big
from tests.bench.common import Bench
from tests.bench.meter import Meter

COUNTED = re.compile(r"Today\s+mine\W+\d+ due")
TEAM = re.compile(r"Today\s+team\W+\d+ due")
CASELOAD = re.compile(r"Caseload\s+mine\W+[\d,]+ patient")
IN_CHART = re.compile(r"\bHistory\b")


def first_name(path: Path) -> re.Pattern[str]:
    """What Today shows of its first row that is about someone: the beginning of the family name."""
    clinic = open_big(path)
    try:
        row = next(row for row in clinic.read(page, "mine", None, 0, 20) if row.patient)
    finally:
        clinic.close_here()
    return re.compile(re.escape(row.family[:10]))


def at_today(bench: Bench, path: Path | None = None) -> Meter:
    """The app with Today read, and silent."""
    meter = bench.app(path or bench.clinic)
    try:
        meter.until(COUNTED)
        meter.settle(0.6, 1.0)
    except BaseException:
        meter.close()
        raise
    return meter
