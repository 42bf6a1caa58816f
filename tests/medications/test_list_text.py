"""A pasted list: its lines, and each as a name with its directions; no word is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.medications.list_text_rules import MOST_SIGNS, entry_of, lines_wrong, list_lines
from cmp_tui.medications.rules import LONGEST

WORDS = re.compile(r"[^\s,;:\-–—|()]+")


@pytest.mark.parametrize(
    ("line", "display", "dosage"),
    [
        ("Lisinopril 10 mg tablet, 1 tab daily", "Lisinopril 10 mg tablet", "1 tab daily"),
        ("Metformin 500 mg 2 tabs BID", "Metformin 500 mg", "2 tabs BID"),
        ("Aspirin 81 mg daily", "Aspirin 81 mg", "daily"),
        ("Lisinopril 15 mg, 1 daily", "Lisinopril 15 mg", "1 daily"),
        (
            "Insulin glargine 100 units/mL inject 10 units at bedtime",
            "Insulin glargine 100 units/mL",
            "inject 10 units at bedtime",
        ),
        ("Furosemide 40mg PO BID", "Furosemide 40mg", "PO BID"),
        ("Amoxicillin 250 mg/5 mL 5 ml TID", "Amoxicillin 250 mg/5 mL", "5 ml TID"),
        ("Warfarin 5 mg (take as directed)", "Warfarin 5 mg", "take as directed"),
        ("Omeprazole 20 mg capsule", "Omeprazole 20 mg capsule", None),
        ("take with food", "take with food", None),
    ],
)
def test_a_line_is_a_name_and_directions(line: str, display: str, dosage: str | None) -> None:
    assert entry_of(line) == (display, dosage)


def test_bullets_numbers_and_empty_lines() -> None:
    text = "1. Lisinopril 10 mg\r\n\r\n  - Metformin 500 mg\n•  Aspirin 81 mg\n(4) Warfarin 5 mg\n\t\n5 mg warfarin"
    assert list_lines(text) == [
        "Lisinopril 10 mg",
        "Metformin 500 mg",
        "Aspirin 81 mg",
        "Warfarin 5 mg",
        "5 mg warfarin",
    ]


@given(st.text(max_size=1200))
def test_no_word_of_a_line_is_lost(text: str) -> None:
    for line in list_lines(text):
        entry = entry_of(line)
        assert len(entry.display) <= LONGEST
        whole = "".join(WORDS.findall(f"{entry.display} {entry.dosage or ''}"))
        assert whole == "".join(WORDS.findall(line))


def test_a_list_that_can_not_be_taken_is_told() -> None:
    assert "one medicine a line" in lines_wrong([])
    assert lines_wrong(["x" * MOST_SIGNS]) == ""
    said = lines_wrong(["aspirin", "x" * (MOST_SIGNS + 1)])
    assert said.startswith("Line 2 ") and "Nothing was cut off" in said
    assert "200 fit" in lines_wrong(["aspirin"] * 201)


def test_a_medicine_with_500_characters_and_more() -> None:
    line = f"Ointment {'of many parts ' * 40}, apply twice daily"
    entry = entry_of(line)
    assert len(entry.display) <= 500 and (entry.dosage or "").endswith("apply twice daily")
