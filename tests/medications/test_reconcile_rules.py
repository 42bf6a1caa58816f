"""Two lists side by side: nothing is lost, nothing stands twice, spelling is no difference."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmp_tui.clinic.reference import Reference
from cmp_tui.medications.drug_book import drug_book
from cmp_tui.medications.interaction_book import interaction_book
from cmp_tui.medications.list_text_rules import list_lines
from cmp_tui.medications.reconcile_rules import (
    ADD,
    CHANGE,
    DOSE,
    DUPLICATE,
    GONE,
    KEEP,
    LEAVE,
    NEW,
    NOT_TAKEN,
    SAME,
    Ours,
    Row,
    allowed,
    decision_wrong,
    key_decision,
    rows_of,
)
from tests.medications.lists import FORTY, HOSPITAL, OURS, SPELT_OTHERWISE

REFERENCE = Reference()
BOOK, PAIRS = drug_book(REFERENCE), interaction_book(REFERENCE)
NAMES = (
    "lisinopril", "Lipitor", "metformin", "warfarin", "Tylenol", "ibuprofen", "omeprazole", "insulin glargine",
    "hydrochlorothiazide", "grandmother's tea", "blue pill", "Sulfamethoxazole-trimethoprim",
)  # fmt: skip
LINES = st.builds(
    lambda name, dose, rest: " ".join(part for part in (name, dose, rest) if part),
    st.sampled_from(NAMES),
    st.sampled_from(["", "5 mg", "10 mg", "20mg tablet", "500 mg ER"]),
    st.sampled_from(["", "daily", "twice daily", "as needed"]),
)
ANY = LINES | st.text(min_size=1, max_size=60).filter(lambda text: bool(text.strip()))


def rows(ours: list[str], theirs: list[str], **more: bool) -> list[Row]:
    mine = [Ours(bytes([place]), words, **more) for place, words in enumerate(ours)]
    return rows_of(BOOK, PAIRS, mine, theirs)


@given(st.lists(ANY, max_size=14), st.lists(ANY, max_size=14))
@settings(max_examples=60, deadline=None)
def test_every_line_of_both_lists_stands_in_one_row(ours: list[str], theirs: list[str]) -> None:
    found = rows(ours, theirs)
    assert Counter(one.listed for one in found if one.listed is not None) == Counter(theirs)
    keys = [one.medication for one in found if one.medication is not None]
    assert sorted(keys) == [bytes([place]) for place in range(len(ours))]
    for one in found:
        assert (one.difference == GONE) == (one.listed is None)
        assert one.difference != NEW or one.medication is None
        assert (one.decision == KEEP) == (one.difference == SAME) and one.decision in (None, KEEP)


@given(st.lists(LINES, max_size=12, unique_by=lambda line: line.split()[0]))
@settings(max_examples=40, deadline=None)
def test_a_list_beside_itself_is_the_same(lines: list[str]) -> None:
    found = rows(lines, [line.upper() for line in reversed(lines)])
    assert all(one.difference in (SAME, DUPLICATE) for one in found)
    assert all(one.listed is not None and one.medication is not None for one in found)


def test_forty_lines_that_differ_in_spelling_only() -> None:
    assert len(FORTY) == len(SPELT_OTHERWISE) == 40
    found = rows(list(FORTY), list(SPELT_OTHERWISE))
    assert len(found) == 40
    other = [
        (FORTY[(one.medication or b"?")[0]], one) for one in found if one.difference not in (SAME, DUPLICATE)
    ]
    assert other == []


def test_a_hospital_list_of_twelve() -> None:
    mine = [Ours(bytes([place]), name, how) for place, (name, how, _) in enumerate(OURS)]
    theirs = list_lines(HOSPITAL)
    assert len(theirs) == 12
    found = rows_of(BOOK, PAIRS, mine, theirs)
    names = {(one.listed or OURS[(one.medication or b"?")[0]][0]).split()[0]: one.difference for one in found}
    assert names == {
        "Lisinopril": DOSE, "metformin": SAME, "Lipitor": SAME, "Warfarin": SAME, "Metoprolol": SAME,
        "Omeprazole": GONE, "Pantoprazole": DUPLICATE, "Levothyroxin": SAME, "Tylenol": SAME, "Gabapentin": GONE,
        "Sulfamethoxazole-trimethoprim": NEW, "Furosemide": NEW, "Potassium": NEW, "Docusate": NEW,
    }  # fmt: skip


def test_what_the_patient_does_not_take_is_gone_through() -> None:
    (one,) = rows(["lisinopril 10 mg"], ["Lisinopril 10 mg"], differs=True)
    assert (one.difference, one.decision) == (NOT_TAKEN, None)


@pytest.mark.parametrize(
    ("decision", "listed", "ours", "written", "right"),
    [
        (ADD, True, False, False, True), (ADD, True, True, False, False), (KEEP, True, False, False, False),
        (LEAVE, True, False, False, True), (CHANGE, False, True, False, False), (CHANGE, False, True, True, True),
        (CHANGE, True, True, False, True), (LEAVE, True, True, False, False), ("nonsense", True, True, False, False),
    ],
)  # fmt: skip
def test_what_may_be_decided(decision: str, listed: bool, ours: bool, written: bool, right: bool) -> None:
    assert (decision_wrong(decision, listed=listed, ours=ours, written=written) == "") is right


def test_every_key_decides_something_that_is_allowed() -> None:
    for ours in (True, False):
        for letter in "kp" + ("csh" if ours else "a"):
            assert key_decision(letter, ours=ours) in allowed(True, ours)
