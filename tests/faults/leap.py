"""29 February, 24:00 and :60, wherever a day or a time comes in: taken as documented, or told in words (row 37)."""

from __future__ import annotations

import json
from calendar import isleap
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from cmp_tui.clinic.calendar import add_months, add_years, birthday, full_years
from cmp_tui.clinic.errors import ClinicError
from cmp_tui.clinic.partial import age_on, parse_partial
from cmp_tui.exchange.fhir.values import moment
from cmp_tui.patients.actions import add_patient
from cmp_tui.patients.queries import by_mrn
from cmp_tui.ui.dates import Parsed, parse_day
from cmp_tui.ui.dates import parse_partial as read_partial
from cmp_tui.ui.spans import parse_span
from cmp_tui.ui.times import parse_time
from cmp_tui.ui.words import age, age_words
from tests.faults.common import Outcome, command, practice, standing

DAY = timedelta(days=1)
LEAP = date(1948, 2, 29)
TIMES = (
    "24:00",
    "24:00:00",
    "23:59:60",
    "12:00:60",
    "00:00:00",
    "24:01",
    "25:00",
    "12:60",
    "12:00:61",
    "-1:00",
    "99:99",
)
DAYS = (
    "2024-02-29",
    "2026-02-29",
    "2000-02-29",
    "1900-02-29",
    "2026-02-30",
    "2026-11-31",
    "0000-02-29",
    "9999-02-29",
)
TYPED = (
    "2/29",
    "2/29/24",
    "2/29/26",
    "29 feb",
    "feb 29 2028",
    "feb 29 2027",
    "2024-02-29",
    "2026-02-29",
    "+1y",
    "eom",
)


class Watch:
    """What was tried."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []

    def holds(self, what: str, true: bool) -> None:
        self.counts["dates"] += 1
        if not true:
            self.wrong.append(what)

    def answers(self, what: str, read: Callable[..., Any], *args: Any) -> None:
        """Whatever it is: a value or a sentence."""
        self.counts["inputs"] += 1
        try:
            read(*args)
        except (ClinicError, ValueError) as error:
            self.counts["told"] += 1
            if not str(error).strip() or (not isinstance(error, ClinicError) and "not" not in str(error)):
                self.wrong.append(f"{what}: {error!r}")
        except Exception as error:  # noqa: BLE001 - a traceback
            self.counts["tracebacks"] += 1
            self.wrong.append(f"{what}: {error!r}")

    def says(self, where: str, said: Any) -> None:
        """A command took it, or said so in a sentence."""
        self.counts["commands"] += 1
        if (
            "error of its own" in said.told
            or "Traceback" in said.told
            or (said.status and not said.told.strip())
        ):
            self.counts["tracebacks"] += 1
            self.wrong.append(f"{where}: {said.told[-200:]}")


def dates(watch: Watch, years: int) -> None:
    """Birthdays and what is due yearly: 29 February is 1 March for a birthday, 28 February for a plan."""
    for year in range(1900, 1900 + years):
        leap = isleap(year)
        last = date(year, 2, 29 if leap else 28)
        watch.holds(f"a birthday in {year}", birthday(LEAP, year) == (last if leap else date(year, 3, 1)))
        watch.holds(f"a year's end in {year}", add_years(date(2024, 2, 29), year - 2024) == last)
        watch.holds(f"a month's end in {year}", add_months(date(year, 1, 31), 1) == last)
        if year <= LEAP.year:
            continue
        for day in (last - DAY, last, last + DAY, date(year, 3, 1)):
            years_old = year - LEAP.year - (day < birthday(LEAP, year))
            told = {full_years(LEAP, day), age_on("1948-02-29", day), age("1948-02-29", day)}
            watch.holds(
                f"the age on {day}: {told}",
                told == {years_old} and age_words("1948-02-29", day) == str(years_old),
            )


def texts(watch: Watch) -> None:
    """The readers of FHIR, of forms and of the command line."""
    for today in (date(2026, 2, 28), date(2028, 2, 29), date(2027, 3, 1)):
        now = datetime(today.year, today.month, today.day, 23, 59, tzinfo=UTC)
        for day in (*DAYS, *TYPED):
            for toward in ("past", "future", None):
                watch.answers(f"a day {day}", parse_day, day, today, toward)
            watch.answers(f"a partial day {day}", read_partial, day, today)
        for at in TIMES:
            watch.answers(f"a time {at}", parse_time, at, now)
            watch.answers(f"a span {at}", parse_span, f"{at}-{at}", now)
            watch.answers(f"a span to {at}", parse_span, f"23:00-{at}", now)
    for day in DAYS:
        watch.answers(f"FHIR {day}", parse_partial, day)
        for at in TIMES:
            for offset in ("Z", "", "+14:00", "-12:00", "+25:61"):
                watch.answers(f"FHIR {day}T{at}{offset}", parse_partial, f"{day}T{at}{offset}")
                watch.answers(f"FHIR moment {day}T{at}{offset}", moment, f"{day}T{at}{offset}")
    watch.holds("24:00 is of the day that is written", parse_partial("2024-02-29T24:00:00Z") == "2024-02-29")
    leap_second = moment("2024-02-29T23:59:60Z")
    watch.holds(
        "a leap second is kept as :59", leap_second is not None and f"{leap_second.at:%d %S}" == "29 59"
    )
    read = parse_day("2/29", date(2026, 3, 1), "future")
    watch.holds("2/29 is the next one", isinstance(read, Parsed) and read.day == date(2028, 2, 29))


def commands(path: Path, watch: Watch) -> None:
    clinic = standing(path)
    clinic.run(add_patient, family="Leap", birth_date="1948-02-29", mrn="L1")
    clinic.close_here()
    for at in (*TIMES, *(f"{day}T{at}" for day in DAYS for at in TIMES[:5])):
        watch.says(f"log --at {at}", command(path, "log", "L1", "--at", at, "--minutes", "1"))
    for day in (*DAYS, *TYPED):
        watch.says(f"queue --day {day}", command(path, "queue", "--day", day))
        watch.says(f"task add --due {day}", command(path, "task", "add", "x", "--due", day, "--mrn", "L1"))
        watch.says(f"find {day}", command(path, "find", day))
    for now in (
        "2026-02-28T23:59",
        "2028-02-29T00:00",
        "2028-02-29T24:00",
        "2028-02-29T12:00:60",
        "2026-02-29T12:00",
    ):
        for line in (("queue", "--all"), ("show", "L1"), ("log", "L1", "--minutes", "3")):
            watch.says(f"{line} at {now}", command(path, *line, now=now))
    found = clinic.read(by_mrn, "L1")
    watch.holds("the birth date is kept", found is not None and found.birth_date == "1948-02-29")
    clinic.close_here()


def imports(path: Path, watch: Watch) -> None:
    """A bundle in which every date and time is an awkward one."""
    entries: list[dict[str, Any]] = []
    for number, day in enumerate(f"{day}{f'T{at}Z' if at else ''}" for day in DAYS for at in ("", *TIMES)):
        key, about = f"p{number}", {"reference": f"Patient/p{number}"}
        entries += [
            {
                "resourceType": "Patient", "id": key, "birthDate": day[:10], "deceasedDateTime": day,
                "name": [{"family": "X"}],
            },
            {"resourceType": "Condition", "id": key, "subject": about, "onsetDateTime": day, "code": {"text": "x"}},
            {
                "resourceType": "Encounter", "id": key, "status": "finished", "subject": about,
                "class": {"code": "IMP"}, "period": {"start": day, "end": day},
            },
            {
                "resourceType": "Observation", "id": key, "status": "final", "subject": about, "effectiveDateTime": day,
                "code": {"coding": [{"system": "http://loinc.org", "code": "4548-4"}]},
                "valueQuantity": {"value": 7, "unit": "%"},
            },
        ]  # fmt: skip
    file = path.with_name("leap.json")
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in entries]}
    file.write_text(json.dumps(bundle))
    for _ in range(2):
        said = command(path, "import", "fhir", file, "--yes")
        watch.says("import fhir", said)
    watch.holds("what came in once is not new again", "nothing was changed" in said.told)


def run(years: int = 200) -> Outcome:
    watch = Watch()
    dates(watch, years)
    texts(watch)
    with practice() as path:
        commands(path, watch)
        imports(path, watch)
    figures = {
        "years": years,
        **{name: watch.counts[name] for name in ("dates", "inputs", "told", "commands", "tracebacks")},
        "wrong": len(watch.wrong),
        "error": "; ".join(watch.wrong[:10]),
    }
    return Outcome(not watch.wrong and watch.counts["told"] > 0, figures)
