"""Which programs exclude each other, by the exclusions of billing (billing rules, section 3)."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest

from cmp_tui.clinic.reference import Reference
from cmp_tui.enrollment.exclusion_rules import clash_between, leading_codes, meant_for_billing
from cmp_tui.enrollment.programs import rulebook

RULES = rulebook(Reference()).on(date(2026, 11, 23))


@pytest.mark.parametrize(
    ("program", "other", "same", "different"),
    [
        ("CCM", "PCM", True, False),
        ("APCM", "CCM", True, False),
        ("APCM", "PCM", True, False),
        ("APCM", "TCM", True, False),
        ("BHI", "COCM", True, True),
        ("CCM", "TCM", False, False),
        ("CCM", "RPM", False, False),
        ("CCM", "BHI", False, False),
        ("CHI", "CCM", False, False),
    ],
)
def test_pairs_of_programs(program: str, other: str, same: bool, different: bool) -> None:
    for one, two in ((program, other), (other, program)):
        by_one = clash_between(RULES, one, two, "levin", "levin")
        by_two = clash_between(RULES, one, two, "levin", "Dr. Ito")
        assert (by_one is not None and by_one.whole) is same
        assert (by_two is not None and by_two.whole) is different


def test_without_knowing_who_bills_it_is_not_sure() -> None:
    clash = clash_between(RULES, "APCM", "CCM", None, "levin")
    assert clash is not None and not clash.sure
    assert meant_for_billing(clash).startswith("APCM and CCM: ") and "Check" in meant_for_billing(clash)


def test_what_is_not_settled_is_said_so() -> None:
    clash = clash_between(RULES, "APCM", "BHI", "levin", "levin")
    assert clash is not None and not clash.sure and "not settled" in meant_for_billing(clash)


def test_every_clash_has_a_sentence() -> None:
    for one, two in permutations(RULES.programs, 2):
        for bills in ("levin", "Dr. Ito", None):
            clash = clash_between(RULES, one, two, "levin", bills)
            if clash is not None:
                text = meant_for_billing(clash)
                assert text.startswith(f"{one} and {two}: ") and text.endswith(".")


def test_leading_codes_are_the_ones_a_month_begins_with() -> None:
    assert leading_codes(RULES.programs["CCM"]) == {"99487", "99491", "99490"}
    assert leading_codes(RULES.programs["APCM"]) == {"G0556", "G0557", "G0558"}
    assert leading_codes(RULES.programs["TCM"]) == {"99495", "99496"}
