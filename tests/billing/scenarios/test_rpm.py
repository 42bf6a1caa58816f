"""Remote physiologic monitoring: sections 1e, 2, 3 and 9 of the billing rules, and the codes that are new in 2026."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.billing.scenarios.crowd import (
    Case,
    Crowd,
    Rows,
    billed,
    consented,
    device,
    ill,
    joined,
    patient,
    planned,
    ready,
    row,
    seen,
    spent,
)

RPM = ready("RPM")
LAST_YEAR = ready("RPM", "2025-01-05", "2024-12-15")
LATER = "2026-10-07T09:00"


def called(time: int | str, at: str = "2026-10-06T09:00", staff: str = "ben") -> Rows:
    return spent("RPM", time, staff, at)


def unreached(time: int | str, at: str = "2026-10-06T09:00", outcome: str = "voicemail") -> Rows:
    return spent("RPM", time, at=at, outcome=outcome)


CASES = {
    # -- 1e, 2: minutes in 2026
    **{
        f"min-{time.replace(':', '')}": Case("2 formula RPM", RPM + called(time), lines=lines,
            blocked="" if lines else "minutes")
        for time, lines in {
            "9:59": "", "10": "99470", "19:59": "99470", "20": "99457", "39:59": "99457", "40": "99457 99458",
            "55": "99457 99458", "59:59": "99457 99458", "60": "99457 99458*2",
        }.items()
    },
    "min-80": Case("1e official cap not found: warn", RPM + called(80), lines="99457 99458*3", warned="cap"),
    # -- the year before
    "last-year-10": Case(
        "1e 99470 is new in 2026", LAST_YEAR + called(19, "2025-12-02T09:00"), "2025-12", blocked="minutes",
    ),
    "last-year-20": Case("1e", LAST_YEAR + called(20, "2025-12-02T09:00"), "2025-12", lines="99457"),
    "last-year-40": Case("1e", LAST_YEAR + called(40, "2025-12-02T09:00"), "2025-12", lines="99457 99458"),
    "january-10": Case(
        "1e from 2026-01-01", LAST_YEAR + called(10, "2026-01-02T09:00"), "2026-01", lines="99470",
    ),
    "year-ends": Case(
        "2 each part in its month, 1e", LAST_YEAR + called(25, "2025-12-31T23:45"), "2026-01", lines="99470",
            minutes={"RPM": (10, 0)}
    ),
    # -- live contact
    "voicemail": Case("1e one live contact", RPM + unreached(25), blocked="live-contact"),
    "voicemail-10": Case("1e one live contact for 99470, too", RPM + unreached(15), blocked="live-contact"),
    "no-outcome": Case("absent is not reached", RPM + unreached(25, outcome=""), blocked="live-contact"),
    "reached-once": Case("1e at least one", RPM + unreached(18) + called(2, LATER), lines="99457"),
    "reached-zero-seconds": Case(
        "1e a contact without time of its own", RPM + unreached(20) + called(0, LATER), lines="99457",
    ),
    "reached-elsewhere": Case(
        "issue: an RPM entry",
        ready("CCM") + consented("RPM") + joined("RPM", practitioner="levin") + spent("CCM", 20)
            + unreached(20, LATER),
        lines="99490", blocked="live-contact",
    ),
    "reached-in-the-contact": Case(
        "the outcome stands in contacts.csv",
        RPM + row("contacts", staff="ben", at="2026-10-06T09:00", mode="phone", outcome="reached",
            with_whom="patient")
        + row("time_entries", staff="ben", start="2026-10-06T09:00", minutes=20, program="RPM",
            activity="call"),
        lines="99457",
    ),
    "reached-last-month": Case(
        "1e in the month", RPM + called(5, "2026-09-30T09:00") + unreached(20), blocked="live-contact",
    ),
    "reached-not-clinical": Case(
        "1e live contact by staff whose time counts", RPM + unreached(20) + called(5, LATER, staff="mo"),
            blocked="live-contact"
    ),
    # -- whose time
    "md": Case(
        "1e staff, physician or QHP", RPM + called(20, staff="levin"), lines="99457",
        minutes={"RPM": (0, 20)},
    ),
    "mixed": Case(
        "1e staff, physician or QHP", RPM + called(12) + called(8, LATER, staff="levin"), lines="99457",
    ),
    "clerk": Case("2 non-clinical staff", RPM + called(20, staff="mo"), blocked="minutes"),
    "chw": Case("2 non-clinical staff", RPM + called(20, staff="cora"), blocked="minutes"),
    # -- devices
    **{
        f"days-{days}": Case("1e device days", RPM + device("2026-10-01", "2026-10-30", days), lines=lines)
        for days, lines in {0: "", 1: "", 2: "99445", 15: "99445", 16: "99454", 30: "99454"}.items()
    },
    "days-last-year-15": Case(
        "1e 99445 is new in 2026", LAST_YEAR + device("2025-11-01", "2025-11-30", 15), "2025-11",
    ),
    "days-last-year-16": Case(
        "1e", LAST_YEAR + device("2025-11-01", "2025-11-30", 16), "2025-11", lines="99454",
    ),
    "days-across": Case(
        "issue: the month of the period's last day", RPM + device("2026-09-15", "2026-10-14", 20),
        lines="99454",
    ),
    "days-across-before": Case(
        "issue: the month of the period's last day", RPM + device("2026-10-15", "2026-11-13", 20),
    ),
    "days-across-year": Case(
        "1e the code of the day of service", LAST_YEAR + device("2025-12-15", "2026-01-13", 5), "2026-01",
        lines="99445",
    ),
    "days-year-end": Case(
        "1e the code of the day of service", LAST_YEAR + device("2025-12-02", "2025-12-31", 5), "2025-12",
    ),
    "days-two-periods": Case(
        "1e one a 30-day period", RPM + device("2026-09-02", "2026-10-01", 20)
            + device("2026-10-02", "2026-10-31", 18), lines="99454"
    ),
    "days-two-kinds": Case(
        "1e each period by itself; not both in one",
        RPM + device("2026-09-02", "2026-10-01", 20) + device("2026-10-02", "2026-10-31", 5),
            lines="99454 99445",
    ),
    "days-overlapping": Case(
        "1e 30 days: a day stands in one period", RPM + device("2026-09-10", "2026-10-09", 20)
            + device("2026-10-01", "2026-10-30", 18),
        lines="99454", blocked="device-period", says=("2026-10-30",),
    ),
    "days-twice": Case(
        "the same row twice", RPM + device("2026-10-01", "2026-10-30", 18)
        + device("2026-10-01", "2026-10-30", 18), lines="99454", blocked="device-period",
    ),
    "days-month": Case(
        "1e 30 days; or kept by calendar month", RPM + device("2026-10-01", "2026-10-31", 18), lines="99454",
        free="device-period",
    ),
    "days-february": Case(
        "1e 30 days; or kept by calendar month", RPM + device("2026-02-01", "2026-02-28", 18)
            + device("2026-03-01", "2026-03-31", 18), "2026-03",
        lines="99454", free="device-period",
    ),
    "days-long": Case(
        "1e 30 days", RPM + device("2026-09-01", "2026-10-30", 18), lines="99454", warned="device-period",
    ),
    "days-short": Case(
        "1e 30 days", RPM + device("2026-10-01", "2026-10-15", 12), lines="99445", warned="device-period",
    ),
    "days-two-halves": Case(
        "1e one code in 30 days", RPM + device("2026-10-01", "2026-10-15", 15)
            + device("2026-10-16", "2026-10-31", 16),
        lines="99445", blocked="device-period",
    ),
    "days-too-many": Case(
        "more days than the period has", RPM + device("2026-10-01", "2026-10-30", 31), blocked="device-days",
    ),
    "days-overlap-before": Case(
        "1e 30 days: a day stands in one period, of two months", RPM + device("2026-09-15", "2026-10-14", 20)
            + device("2026-10-05", "2026-11-03", 18), "2026-11",
        blocked="device-period", says=("2026-10-14",),
    ),
    "days-after-before": Case(
        "1e 30 days, across the month's end", RPM + device("2026-09-15", "2026-10-14", 20)
            + device("2026-10-15", "2026-11-13", 18), "2026-11", lines="99454",
    ),
    "days-overlap-unbilled": Case(
        "1e a period that reached no code takes no day", RPM + device("2026-09-15", "2026-10-14", 1)
            + device("2026-10-05", "2026-11-03", 18), "2026-11", lines="99454",
    ),
    "days-billed": Case(
        "8 billed more than once, same period", RPM + device("2026-10-01", "2026-10-30", 18)
            + billed("99454", "2026-10-30"),
        blocked="billed-already", says=("99454",),
    ),
    "days-billed-before": Case(
        "8 the period before was billed", RPM + device("2026-10-02", "2026-10-31", 18)
            + billed("99454", "2026-10-01"), lines="99454",
    ),
    "days-nurse-bills": Case(
        "1h who may bill: device codes, too",
        patient(billing_practitioner="ben") + consented("RPM") + seen() + joined("RPM", practitioner="ben")
            + ill("I10") + device("2026-10-01", "2026-10-30", 18),
        blocked="practitioner",
    ),
    "days-not-enrolled": Case(
        "issue: enrollment blocks", patient() + consented("RPM") + seen() + ill("I10")
            + device("2026-10-01", "2026-10-30", 18), blocked="enrollment"
    ),
    "days-and-minutes": Case(
        "9: 99457 needs no 16 days", RPM + device("2026-10-01", "2026-10-30", 3) + called(20),
        lines="99445 99457",
    ),
    "minutes-only": Case("9: 99457 needs no 16 days", RPM + called(20), lines="99457"),
    "days-only": Case(
        "1e device codes need no minutes", RPM + device("2026-10-01", "2026-10-30", 16), lines="99454",
        free="live-contact",
    ),
    # -- enrollment, consent, visit, start
    "not-enrolled": Case(
        "issue: enrollment blocks", patient() + seen() + ill("I10") + consented("RPM") + called(20),
        blocked="enrollment",
    ),
    "no-consent": Case(
        "issue: consent blocks when absent", patient() + seen() + ill("I10") + joined("RPM") + called(20),
        blocked="consent",
    ),
    "declined": Case(
        "issue: consent blocks when declined", patient() + seen() + ill("I10") + joined("RPM")
            + consented("RPM", decision="declined") + called(20),
        blocked="consent", says=("declined",),
    ),
    "no-visit": Case(
        "7 established patient", patient() + ill("I10") + joined("RPM") + consented("RPM") + called(20),
        lines="99457", warned="initiating-visit",
    ),
    # -- 3: exclusions
    "ccm": Case(
        "3 CCM + RPM", ready("CCM") + consented("RPM") + joined("RPM") + planned("RPM") + spent("CCM", 20)
            + called(20, LATER), lines="99490 99457"
    ),
    "ccm-same-minutes": Case(
        "2 same minute in two programs", ready("CCM") + consented("RPM") + joined("RPM") + planned("RPM")
            + spent("CCM", 20) + called(20, staff="wanda"),
        lines="99490", blocked="minutes",
    ),
    "bhi-chi": Case(
        "3 CHI + RPM", ready("RPM") + consented("CHI") + joined("CHI") + planned("CHI") + called(20)
            + spent("CHI", 60, "cora", LATER), lines="99457 G0019"
    ),
    "rtm": Case(
        "3 RPM + RTM", RPM + called(20) + billed("98980", "2026-10-20"), blocked="exclusion", says=("98980",),
    ),
    "99470-billed": Case(
        "3 99457 + 99470", RPM + called(20) + billed("99470", "2026-10-20"), blocked="exclusion",
        says=("99470",),
    ),
    "99457-billed": Case(
        "3 99457 + 99470", RPM + called(10) + billed("99457", "2026-10-02"), blocked="exclusion",
        says=("99457",),
    ),
    "99445-billed": Case(
        "3 99454 + 99445", RPM + device("2026-10-01", "2026-10-30", 18) + billed("99445", "2026-10-20"),
        blocked="billed-already", says=("99445",),
    ),
    "99453-billed": Case(
        "1e once", RPM + device("2026-10-01", "2026-10-30", 18) + billed("99453", "2026-01-06"),
        lines="99454",
    ),
    # -- 99453
    "set-up": Case(
        "1e set-up once an episode: in the month of the first device period",
        ready("RPM", "2026-10-01") + device("2026-10-01", "2026-10-30", 18), lines="99454 99453",
    ),
    "set-up-soon": Case(
        "1e set-up once an episode: the first period begins some days after the enrollment",
        ready("RPM", "2026-09-28") + device("2026-10-01", "2026-10-30", 18), lines="99454 99453",
            warned="set-up",
    ),
    "set-up-second-period": Case(
        "1e set-up once an episode: not with the second period",
        ready("RPM", "2026-09-28") + device("2026-09-29", "2026-10-28", 18)
            + device("2026-10-29", "2026-11-27", 18), "2026-11", lines="99454",
    ),
    "set-up-long-ago": Case(
        "1e set-up once an episode: nothing is known of the first months", RPM
            + device("2026-10-01", "2026-10-30", 18), lines="99454",
    ),
    "set-up-again": Case(
        "1e set-up once an episode: a second one",
        ready("RPM", "2025-01-05", "2024-12-15") + joined("RPM", "2026-10-01") + billed("99453", "2025-01-06")
            + device("2026-10-01", "2026-10-30", 18),
        lines="99454 99453",
    ),
    "set-up-just-before": Case(
        "1e set-up once an episode: billed some days before the enrollment",
        ready("RPM", "2026-10-01") + billed("99453", "2026-09-28") + device("2026-10-01", "2026-10-30", 18),
            lines="99454",
    ),
    "set-up-done": Case(
        "1e set-up once an episode", ready("RPM", "2026-10-01") + device("2026-10-01", "2026-10-30", 18)
            + billed("99453", "2026-10-01"), lines="99454",
    ),
    "set-up-2022": Case(
        "table from 2022-01", ready("RPM", "2022-01-03", "2021-12-15") + called(20, "2022-01-04T09:00"),
        "2022-01", lines="99457",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    """All scenarios, imported once."""
    made = Crowd(tmp_path_factory.mktemp("rpm"), CASES)
    yield made
    made.clinic.close_here()


@pytest.mark.parametrize("name", CASES)
def test_a_scenario(crowd: Crowd, name: str) -> None:
    crowd.check(name)


def test_the_line_of_a_device_period(crowd: Crowd) -> None:
    """1e: 30 days; issue: the month of the period's last day, which is the day of service."""
    (line,) = crowd.said("days-across")["lines"]
    assert (line["date_of_service"], line["minutes"], line["practitioner"]) == ("2026-10-14", None, "levin")


def test_two_periods_of_a_month_are_two_lines(crowd: Crowd) -> None:
    """1e: one a 30-day period, each with its own day of service."""
    said = crowd.said("days-two-periods")
    assert [(line["code"], line["units"], line["date_of_service"]) for line in said["lines"]] == [
        ("99454", 1, "2026-10-01"), ("99454", 1, "2026-10-31"),
    ]  # fmt: skip


def test_the_line_of_minutes(crowd: Crowd) -> None:
    first, _ = crowd.said("min-40")["lines"]
    assert (first["date_of_service"], first["place_of_service"], first["minutes"]) == ("2026-10-31", "11", 40)
