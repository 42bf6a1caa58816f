"""Scenarios of time arithmetic: what counts, to whom, in which month (billing-rules, section 2)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.billing.scenarios.ccm_ready import (
    CONSENT,
    ENROLLMENT,
    PLAN,
    VISIT,
    Case,
    Cases,
    Row,
    span,
    spent,
    texts_of,
)
from tests.billing.scenarios.folder import codes, judged, others, rules, says

FIFTH, SIXTH = "2026-10-05T09:00", "2026-10-06T09:00"


def on(day: int, minutes: int = 20, staff: str = "ben", **more: Any) -> Row:
    return spent(f"2026-10-{day:02}T09:00", minutes, staff, **more)


def stay(kind: str = "snf", admitted: str = "2026-10-05", discharged: str = "2026-10-15") -> dict[str, Any]:
    return {"stays": [{"kind": kind, "admitted": admitted, "discharged": discharged}]}


def fifty_nine_seconds(times: int) -> list[Row]:
    days = [f"2026-10-{day:02}T09:00" for day in range(1, times + 1)]
    return [span(day, f"{day}:59") for day in days]


SUMS = {
    "seconds-add-up": Case(
        "keep seconds, sum, floor once", [span(FIFTH, "2026-10-05T09:19:59"), span(SIXTH, "2026-10-06T09:00:01")],
        bills="99490", minutes=(20, 0),
    ),
    "never-round-an-entry-up": Case(
        "never round up", fifty_nine_seconds(20), blocked="minutes", minutes=(19, 0),
    ),
    "half-minutes": Case(
        "no minimum length", [span(f"2026-10-{day:02}T{hour:02}:00", f"2026-10-{day:02}T{hour:02}:00:30")
                              for day in range(1, 21) for hour in (9, 10)], bills="99490", minutes=(20, 0),
    ),
    "no-carry-over": Case(
        "never between months", [spent("2026-09-20T09:00", 15), spent(FIFTH, 15)], blocked="minutes", minutes=(15, 0)
    ),
    "no-carry-over-september": Case(
        "never between months", [spent("2026-09-20T09:00", 15), spent(FIFTH, 15)], blocked="minutes", month="2026-09"
    ),
    "odd-seconds": Case(
        "floor", [span("2026-10-05T09:00:30", "2026-10-05T09:20:29")], blocked="minutes", minutes=(19, 0)
    ),
    "end-decides-over-minutes": Case(
        "issue 3", [span(FIFTH, "2026-10-05T09:20", minutes=45)], bills="99490", minutes=(20, 0),
    ),
    "day-only": Case("minutes with a date", [spent("2026-10-31", 20)], bills="99490"),
    "two-of-a-day-only": Case(
        "no clock times, no overlap", [spent("2026-10-05", 10), spent("2026-10-05", 10, "rosa")], bills="99490"
    ),
    "a-blank-for-the-t": Case("typed by hand", [spent("2026-10-05 09:00", 20)], bills="99490"),
    "a-months-total": Case(
        "user-pains 3: a month's cell is no record", [spent("2026-10-01", 25, precision="month")], {}, "",
        "minutes", "not-counted-imported", minutes=(0, 0),
    ),
    "a-username-in-capitals": Case("typed by hand", [spent(FIFTH, 20, "BEN")], bills="99490"),
    "practitioner-in-capitals": Case(
        "typed by hand", [spent(FIFTH, 20, practitioner="Levin")], bills="99490",
    ),
    "practitioner-by-name": Case(
        "typed by hand", [spent(FIFTH, 20, practitioner="Amy Levin")], bills="99490",
    ),
    "no-activity": Case("empty is not known", [spent(FIFTH, 20, activity="")], bills="99490"),
}  # fmt: skip

ACROSS = span("2026-10-31T23:50", "2026-11-01T00:20")
MONTHS_END = {
    "across-october": Case("split at local midnight", [ACROSS], blocked="minutes", minutes=(10, 0)),
    "across-november": Case(
        "each part its own month", [ACROSS], bills="99490", month="2026-11", minutes=(20, 0),
    ),
    "across-by-minutes": Case(
        "split", [spent("2026-10-31T23:50", 30)], {}, "99490", month="2026-11", minutes=(20, 0),
    ),
    "to-midnight": Case("split", [span("2026-10-31T23:40", "2026-11-01T00:00")], bills="99490"),
    "to-24": Case("split", [span("2026-10-31T23:40", "2026-10-31T24:00")], bills="99490"),
    "utc-is-still-october": Case(
        "local midnight", [span("2026-11-01T04:00Z", "2026-11-01T04:20Z")], bills="99490", minutes=(20, 0)
    ),
    "utc-november": Case(
        "local midnight", [span("2026-11-01T04:50Z", "2026-11-01T05:20Z")], bills="99490", month="2026-11",
        minutes=(20, 0)
    ),
    "clock-set-forward": Case(
        "seconds, not what the clock shows", [span("2026-03-08T01:50", "2026-03-08T03:10")], bills="99490",
        month="2026-03", minutes=(20, 0),
    ),
    "clock-set-back": Case(
        "seconds, not what the clock shows", [span("2026-11-01T01:50-05:00", "2026-11-01T01:09:59-06:00")],
        blocked="minutes", month="2026-11", minutes=(19, 0),
    ),
    "leap-day": Case(
        "calendar month", [spent("2024-02-29T09:00", 20)],
        {"consents": [{**CONSENT, "date": "2023-02-01"}], "enrollments": [{**ENROLLMENT, "start": "2023-02-01"}],
         "visits": [{**VISIT, "date": "2023-02-01"}], "plans": [{**PLAN, "made_on": "2023-03-01",
         "given_on": "2023-03-01"}]},
        "99490", month="2024-02",
    ),
}  # fmt: skip

TWICE = {
    "two-at-once": Case(
        "two staff at once: count once", [spent(FIFTH, 19), spent(FIFTH, 19, "rosa")], {}, "", "minutes", "overlap",
        minutes=(19, 0),
    ),
    "two-partly": Case(
        "count once", [spent(FIFTH, 15), spent("2026-10-05T09:10", 10, "rosa")], {}, "99490", "", "overlap",
        minutes=(20, 0)
    ),
    "two-partly-short": Case(
        "count once", [spent(FIFTH, 15), spent("2026-10-05T09:10", 9, "rosa")], {}, "", "minutes", "overlap",
        minutes=(19, 0)
    ),
    "one-twice": Case(
        "the same minute never twice", [spent(FIFTH, 15), spent("2026-10-05T09:10", 10)], {}, "99490", "", "overlap"
    ),
    "nurse-with-doctor": Case(
        "count once, as the practitioner's", [spent(FIFTH, 30), spent(FIFTH, 30, "levin")], {}, "99491", "",
        "overlap",
        minutes=(0, 30),
    ),
    "end-meets-start": Case(
        "no overlap", [spent(FIFTH, 10), spent("2026-10-05T09:10", 10, "rosa")], bills="99490",
    ),
}  # fmt: skip

GROUPS = {
    "group-60-of-3": Case(
        "30 min for 3 = 10 each", [spent(FIFTH, 60, group_size=3)], bills="99490", minutes=(20, 0),
    ),
    "group-59-of-3": Case("split", [spent(FIFTH, 59, group_size=3)], blocked="minutes", minutes=(19, 0)),
    "group-and-more": Case(
        "split", [spent(FIFTH, 30, group_size=3), spent(SIXTH, 10)], bills="99490", minutes=(20, 0)
    ),
    "group-of-two-nurses": Case(
        "count once", [spent(FIFTH, 60, group_size=3), spent(FIFTH, 60, "rosa", group_size=3)], {}, "99490", "",
        "overlap", minutes=(20, 0),
    ),
    "group-own-30": Case("split", [spent(FIFTH, 90, "levin", group_size=3)], bills="99491", minutes=(0, 30)),
}  # fmt: skip

WHOSE = {
    "not-clinical": Case(
        "non-clinical staff: not counted", [on(5, staff="cora")], {}, "", "minutes", "not-counted-not-clinical",
        minutes=(0, 0),
    ),
    "not-clinical-beside": Case(
        "not counted", [on(5, 10, "cora"), on(6, 20)], {}, "99490", "", "not-counted-not-clinical", minutes=(20, 0)
    ),
    "not-clinical-at-once": Case(
        "takes nothing away", [on(5, staff="cora"), on(5)], {}, "99490", "", "not-counted-not-clinical",
        minutes=(20, 0)
    ),
    "health-worker": Case(
        "issue: CHW time is CHI's and PIN's", [on(5, staff="wes")], {}, "", "minutes", "not-counted-not-clinical"
    ),
    "credential-then": Case(
        "as it was then", [on(5, clinical=0)], {}, "", "minutes", "not-counted-not-clinical"
    ),
    "prior-authorization": Case(
        "safer not to count", [on(5, activity="prior-authorization")], {}, "", "minutes", "not-counted-activity"
    ),
    **{
        f"task-{name}": Case("tasks counted", [on(5, activity=name)], bills="99490")
        for name in ("call", "message", "records-review", "care-plan", "medication", "coordination", "education")
    },
    "voicemail-without-consent": Case(
        "voicemail, never reached, no consent", [on(5, mode="phone", outcome="voicemail")], {"consents": None}, "",
        "consent",
    ),
    "seen-by-a-nurse": Case(
        "face to face is no visit", [on(5, mode="in-person", outcome="reached", face_to_face=1)], bills="99490"
    ),
}  # fmt: skip

VISITS = {
    "in-visit": Case(
        "E/M minutes: not counted", [on(5, in_billed_visit=1)], {}, "", "minutes", "not-counted-in-visit",
        minutes=(0, 0)
    ),
    "in-visit-beside": Case(
        "E/M minutes", [on(5, 25, "levin", in_billed_visit=1), on(6)], {}, "99490", "", "not-counted-in-visit"
    ),
    "nurse-during-the-visit": Case(
        "the same minute never twice", [on(5, 20, "levin", in_billed_visit=1), spent("2026-10-05T09:10", 29)], {}, "",
        "minutes", "not-counted-in-visit overlap", minutes=(19, 0),
    ),
    "on-a-visit-day": Case(
        "R: warn, don't block", [on(5)], {"visits": [VISIT, {**VISIT, "date": "2026-10-05"}]}, "99490", "",
        "visit-day"
    ),
}  # fmt: skip

STAYS = {
    "part-a-day-before": Case("not in a Part A stay", [on(4)], stay(), "99490"),
    "part-a-first-day": Case(
        "Part A stay", [on(5)], stay(), "", "minutes", "not-counted-part-a", minutes=(0, 0),
    ),
    "part-a-last-night": Case("Part A stay", [on(14)], stay(), "", "minutes", "not-counted-part-a"),
    "part-a-discharge": Case("Medicare pays nights", [on(15)], stay(), "99490"),
    "part-a-half": Case(
        "only the days in it", [on(10, 15), on(20, 19)], stay(), "", "minutes", "not-counted-part-a", minutes=(19, 0)
    ),
    "part-a-goes-on": Case(
        "no discharge known", [on(20)], stay(discharged=""), "", "minutes", "not-counted-part-a",
    ),
    "part-a-from-september": Case(
        "Part A stay", [on(8), on(12)], stay(admitted="2026-09-20", discharged="2026-10-10"), "99490", "",
        "not-counted-part-a", minutes=(20, 0),
    ),
    "nursing-home": Case(
        "NF resident: allowed", [on(20)],
        {"stays": [{"kind": "inpatient", "admitted": "2026-09-01", "discharged": "2026-09-03",
                    "discharged_to": "nursing-facility"}]}, "99490",
    ),
    "hospital-days": Case("R: flag, never block", [on(10)], stay("inpatient"), "99490", "", "hospital-days"),
    "emergency": Case("no stay", [on(5)], stay("ed", "2026-10-05", "2026-10-05"), "99490"),
}  # fmt: skip

BEFORE = {
    "before-consent": Case(
        "before consent: not counted", [on(9)], {"consents": [{**CONSENT, "date": "2026-10-10"}]}, "", "minutes",
        "not-counted-consent", minutes=(0, 0),
    ),
    "on-the-day-of-consent": Case(
        "from its day on", [on(10)], {"consents": [{**CONSENT, "date": "2026-10-10"}]}, "99490",
    ),
    "before-and-after-consent": Case(
        "only after it", [on(9, 15), on(12, 19)], {"consents": [{**CONSENT, "date": "2026-10-10"}]}, "", "minutes",
        "not-counted-consent", minutes=(19, 0),
    ),
    "after-death": Case(
        "nobody to serve", [on(12)], {"patients": [{"payer": "Medicare", "mbi": "1EG4-TE5-MK73",
        "billing_practitioner": "levin", "deceased_on": "2026-10-10"}]}, "", "minutes", "not-counted-deceased",
    ),
}  # fmt: skip

CASES = {**SUMS, **MONTHS_END, **TWICE, **GROUPS, **WHOSE, **VISITS, **STAYS, **BEFORE}


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cases]:
    found = Cases(tmp_path_factory.mktemp("time"), CASES)
    yield found
    found.close()


@pytest.mark.parametrize("name", CASES, ids=[f"{name}: {case.where}" for name, case in CASES.items()])
def test_section_2(cases: Cases, name: str) -> None:
    cases.check(name, CASES[name])


# -- two programs


def enrolled(*programs: str, **more: Any) -> dict[str, Any]:
    """Consent, enrollment and plan for several programs."""
    return {
        "consents": [{**CONSENT, "program": one} for one in programs],
        "enrollments": [{**ENROLLMENT, "program": one} for one in programs],
        "plans": [{**PLAN, "program": one} for one in programs],
        **more,
    }


@pytest.mark.parametrize(
    ("order", "billed", "other"),
    [
        ("TCM APCM CCM PCM COCM BHI CHI PIN RPM", "99490", "99484"),
        ("TCM APCM BHI CCM PCM COCM CHI PIN RPM", "99484", "99490"),
    ],
)
@pytest.mark.parametrize("second", ["ben", "rosa"])
def test_one_call_in_two_programs(tmp_path: Path, second: str, order: str, billed: str, other: str) -> None:
    """The same minute in two programs: never; issue 4: the preferred one bills, the other is an alternative."""
    entries = [spent(FIFTH, 20), spent(FIFTH, 20, second, program="BHI")]
    said = judged(
        tmp_path, texts_of(**enrolled("CCM", "BHI", time_entries=entries)), "2026-10", prefer_program=order
    )
    assert codes(said) == {billed: 1}
    assert {other: 1} in others(said)
    assert "overlap" in rules(said, "warnings")


def test_two_calls_in_two_programs(tmp_path: Path) -> None:
    """3: CCM + BHI: yes; 2: each minute once."""
    entries = [spent(FIFTH, 20), spent(SIXTH, 20, program="BHI")]
    said = judged(tmp_path, texts_of(**enrolled("CCM", "BHI", time_entries=entries)), "2026-10")
    assert codes(said) == {"99490": 1, "99484": 1}


def test_a_call_that_overlaps_another_programs_in_part(tmp_path: Path) -> None:
    """2: the ten shared minutes are the preferred program's; the other has what is left."""
    entries = [spent(FIFTH, 20), spent("2026-10-05T09:10", 29, program="BHI")]
    said = judged(tmp_path, texts_of(**enrolled("CCM", "BHI", time_entries=entries)), "2026-10")
    assert codes(said) == {"99490": 1}
    assert said["minutes"]["BHI"]["staff"] == 19


def test_a_program_that_bills_nothing_takes_no_minutes(tmp_path: Path) -> None:
    """Issue 4: the preferred one bills, never neither."""
    entries = [spent(FIFTH, 19), spent(FIFTH, 25, "rosa", program="BHI")]
    said = judged(tmp_path, texts_of(**enrolled("CCM", "BHI", time_entries=entries)), "2026-10")
    assert codes(said) == {"99484": 1}


def test_ccm_and_pcm_of_one_practitioner(tmp_path: Path) -> None:
    """3: CCM + PCM, same practitioner: no; the other is an alternative and the code that excludes it is named."""
    entries = [spent(FIFTH, 20), spent(SIXTH, 30, program="PCM")]
    said = judged(tmp_path, texts_of(**enrolled("CCM", "PCM", time_entries=entries)), "2026-10")
    assert codes(said) == {"99490": 1}
    assert {"99426": 1} in others(said)
    assert "99490" in says(said, "warnings", "PCM")


def test_ccm_and_pcm_of_two_practitioners(tmp_path: Path) -> None:
    """3: CCM + PCM, different practitioners: yes. 7: each has seen the patient."""
    files = enrolled(
        "CCM", "PCM", time_entries=[spent(FIFTH, 20), spent(SIXTH, 30, program="PCM", practitioner="nina")]
    )
    files["consents"][1]["practitioner"] = files["enrollments"][1]["practitioner"] = "nina"
    files["visits"] = [VISIT, {**VISIT, "practitioner": "nina"}]
    said = judged(tmp_path, texts_of(**files), "2026-10")
    assert [(line["code"], line["practitioner"]) for line in said["lines"]] == [
        ("99490", "levin"),
        ("99426", "nina"),
    ]
    assert rules(said, "warnings") == set()


# -- whose program an entry is


def test_an_entry_without_program_is_the_enrollments(tmp_path: Path) -> None:
    """Issue 4: the enrollment's program decides; as in the app, where nothing is said the one enrollment is meant."""
    for entry in (spent(FIFTH, 20, program=""), {"staff": "ben", "start": FIFTH, "minutes": 20}):
        said = judged(tmp_path, texts_of(time_entries=[entry]), "2026-10")
        assert codes(said) == {"99490": 1}


def test_an_entry_without_program_between_two_programs(tmp_path: Path) -> None:
    """2: which of two programs a minute belongs to is for a person to say; it is named, and counted nowhere."""
    files = enrolled("CCM", "BHI", time_entries=[spent(FIFTH, 20, program="")])
    said = judged(tmp_path, texts_of(**files), "2026-10")
    assert codes(said) == {}
    assert "no-program" in rules(said, "warnings")


def test_what_a_person_writes_in_another_way_is_refused_by_line(tmp_path: Path) -> None:
    """Issue 3: an unknown value is named with the allowed list; nothing is guessed into a bill."""
    files = texts_of(time_entries=[spent(FIFTH, 20, program="ccm"), span(FIFTH, "2026-10-05T08:50")])
    said = judged(tmp_path, files, "2026-10", refused=2)
    assert codes(said) == {}
    assert "minutes" in rules(said)
