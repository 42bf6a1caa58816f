"""Scores of the shipped instruments against totals added by hand; each case says where its rule is written."""

from __future__ import annotations

import pytest

from cmp_tui.assessments.definition import Answers
from cmp_tui.assessments.rules import score
from tests.assessments.shelf import need


def answers(text: str, prefix: str = "q") -> Answers:
    """q1, q2 … from one digit each."""
    return {f"{prefix}{number}": int(digit) for number, digit in enumerate(text, 1)}


CASES: list[tuple[str, Answers, float, str | None]] = [
    # PHQ-9: sum of nine answers 0 to 3; 0-4, 5-9, 10-14, 15-19, 20-27 (Kroenke 2001, J Gen Intern Med 16:606).
    ("phq-9", answers("000000000"), 0, "minimal"),
    ("phq-9", answers("111100000"), 4, "minimal"),
    ("phq-9", answers("111110000"), 5, "mild"),
    ("phq-9", answers("333000000"), 9, "mild"),
    ("phq-9", answers("333100000"), 10, "moderate"),
    ("phq-9", answers("333320000"), 14, "moderate"),
    ("phq-9", answers("333330000"), 15, "moderately severe"),
    ("phq-9", answers("333333100"), 19, "moderately severe"),
    ("phq-9", answers("333333200"), 20, "severe"),
    ("phq-9", answers("333333333"), 27, "severe"),
    ("phq-9", {**answers("100000000"), "difficulty": 3}, 1, "minimal"),  # difficulty is not scored
    # PHQ-2: from 3 on the PHQ-9 (Kroenke 2003, Med Care 41:1284).
    ("phq-2", answers("20"), 2, "below the cut"),
    ("phq-2", answers("21"), 3, "ask the PHQ-9"),
    # GAD-7: 0-4, 5-9, 10-14, 15-21 (Spitzer 2006, Arch Intern Med 166:1092).
    ("gad-7", answers("1111000"), 4, "minimal"),
    ("gad-7", answers("1111100"), 5, "mild"),
    ("gad-7", answers("3331000"), 10, "moderate"),
    ("gad-7", answers("3333300"), 15, "severe"),
    ("gad-7", answers("3333333"), 21, "severe"),
    ("gad-2", answers("12"), 3, "ask the GAD-7"),
    # AUDIT-C: 3 answers 0 to 4; positive from 3 (women), 4 (men) (VA, hepatitis.va.gov AUDIT-C).
    ("audit-c", {"sex": 1, "q1": 1, "q2": 1, "q3": 1}, 3, "positive (women, from 3)"),
    ("audit-c", {"sex": 2, "q1": 1, "q2": 1, "q3": 1}, 3, "below the cut (men)"),
    ("audit-c", {"sex": 2, "q1": 2, "q2": 1, "q3": 1}, 4, "positive (men, from 4)"),
    ("audit-c", {"sex": 1, "q1": 0}, 0, "below the cut (women)"),  # who never drinks is asked no more
    ("audit-c", {"q1": 4, "q2": 4, "q3": 4}, 12, None),  # without the sex there is a score and no band
    ("audit-c-4", {"sex": 1, "q1": 2, "q2": 0, "q3": 0}, 2, "below the cut (women)"),
    # STEADI: the first two count 2, the others 1, 0 to 14, at risk from 4 (CDC, Stay Independent).
    ("stay-independent", {"fallen": 1, "cane": 1}, 4, "at risk of falling"),
    ("stay-independent", {"unsteady": 1, "feet": 1, "sad": 1}, 3, "below the cut"),
    ("stay-independent", {"fallen": 1, "curb": 1}, 3, "below the cut"),
    # PEG: mean of three 0 to 10 (Krebs 2009, J Gen Intern Med 24:733).
    ("peg", {"pain": 6, "enjoyment": 5, "activity": 5}, 5.3, None),
    ("peg", {"pain": 10, "enjoyment": 10, "activity": 10}, 10, None),
    # SEMCD-6: mean of at least four of six (Stanford, secd6).
    ("semcd-6", dict.fromkeys(("fatigue", "pain", "distress", "symptoms", "tasks", "other"), 7), 7, None),
    ("semcd-6", {"fatigue": 4, "pain": 5, "distress": 5, "symptoms": 7}, 5.3, None),  # 21 / 4 = 5.25, rounded half up
    # Loneliness: 3 to 9, from 6 by convention (Hughes 2004, Res Aging 26:655).
    ("loneliness-3", {"companionship": 2, "left_out": 2, "isolated": 1}, 5, "not lonely by the research convention"),
    ("loneliness-3", {"companionship": 2, "left_out": 2, "isolated": 2}, 6, "lonely by the research convention"),
    # OASIS M1033: counted, "none" is 0, no official cut (CMS; LOINC LL4494-2).
    ("oasis-m1033", {"signs": [1, 3, 7]}, 3, None),
    ("oasis-m1033", {"signs": [10]}, 0, None),
    # HRQOL-4: days of body and mind added, at most 30 (Moriarty 2003, Health Qual Life Outcomes 1:37).
    ("hrqol-4", {"general": 3, "physical": 5, "mental": 3, "activity": 2}, 8, None),
    ("hrqol-4", {"general": 5, "physical": 20, "mental": 15, "activity": 30}, 30, None),
    # LACE: L 0,1,2,3,4 (4-6 d),5 (7-13 d),7 (14+); A 3; C 0-3 as is, 4+ is 5; E 0-4; high from 10
    # (van Walraven 2010, CMAJ 182:551).
    ("lace", {"length": 0, "acute": 0, "comorbidity": [15], "visits": 0}, 0, "below 10"),
    ("lace", {"length": 6, "acute": 1, "comorbidity": [5], "visits": 0}, 9, "below 10"),  # 4 + 3 + 2 + 0
    ("lace", {"length": 7, "acute": 1, "comorbidity": [5], "visits": 0}, 10, "high, from 10"),  # 5 + 3 + 2
    ("lace", {"length": 13, "acute": 0, "comorbidity": [1, 5], "visits": 1}, 9, "below 10"),  # 5 + 0 + 3 + 1
    ("lace", {"length": 14, "acute": 1, "comorbidity": [5, 7], "visits": 9}, 19, "high, from 10"),  # 7 + 3 + 5 + 4
    ("lace", {"length": 40, "acute": 1, "comorbidity": [14], "visits": 4}, 19, "high, from 10"),
    # HOSPITAL: 1, 2, 1, 1, 1; admissions 0-1 0, 2-5 2, over 5 5; 5 days or more 2; low 0-4, high 7+ (Donzé 2016).
    ("hospital", {"hemoglobin": 1, "oncology": 0, "sodium": 1, "procedure": 0, "urgent": 1, "admissions": 1,
                  "length": 4}, 3, "low"),
    ("hospital", {"hemoglobin": 1, "oncology": 0, "sodium": 0, "procedure": 0, "urgent": 1, "admissions": 2,
                  "length": 5}, 6, "middle"),
    ("hospital", {"hemoglobin": 1, "oncology": 1, "sodium": 1, "procedure": 1, "urgent": 1, "admissions": 6,
                  "length": 30}, 13, "high"),
    ("hospital", {"hemoglobin": 0, "oncology": 0, "sodium": 0, "procedure": 0, "urgent": 0, "admissions": 5,
                  "length": 4}, 2, "low"),
    # Katz 0 to 6 (Gerontologist 1970;10:20), Lawton 0 to 8 (Gerontologist 1969;9:179).
    ("katz", dict.fromkeys(("bathing", "dressing", "toileting", "transfer", "continence", "feeding"), 1), 6,
     "independent"),
    ("katz", {"bathing": 0, "dressing": 0, "toileting": 0, "transfer": 0, "continence": 1, "feeding": 1}, 2,
     "needs much help"),
    # Charlson weights 1, 2, 3, 6 and a point for ten years from 50 on (PMC7946705 table 4; Charlson 1994).
    ("charlson", {"age": 49, "conditions": [20]}, 0, None),
    ("charlson", {"age": 78, "conditions": [2, 13, 12]}, 8, None),  # 3 + 1 + 2 + 2
    ("charlson", {"age": 91, "conditions": [18]}, 10, None),  # 4 + 6
    # Mini-Cog: recall 0 to 3, clock 0 or 2, below 3 positive (Borson; VistA 601.93-72).
    ("mini-cog", {"recall": 2, "clock": 0}, 2, "positive: look further"),
    ("mini-cog", {"recall": 1, "clock": 2}, 3, "look further where more is to be found"),
    ("mini-cog", {"recall": 3, "clock": 2}, 5, "above the cuts"),
    # SLUMS: other ranges without high school (general knowledge, said in its file).
    ("slums", {"school": 1, "total": 26}, 26, "mild range"),
    ("slums", {"school": 0, "total": 26}, 26, "normal range"),
    ("moca", {"total": 25}, 25, "below 26"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given", "total", "band"), CASES)
def test_the_score_is_the_one_added_by_hand(
    name: str, given: Answers, total: float, band: str | None
) -> None:
    instrument = need(name)
    if name == "stay-independent":
        given = {item.name: given.get(item.name, 0) for item in instrument.items}
    found = score(instrument, given)
    assert found.score == total
    assert (found.band.words if found.band else None) == band


NEVER = {"insult": 1, "threaten": 1, "scream": 1, "hurt": 1}
NEEDS: list[tuple[str, Answers, set[str]]] = [
    # AHC-HRSN: marked answers point to a need; safety from 11 of 4 to 20; "often" or "sometimes" true (CMS form).
    ("ahc-hrsn", {"living": 1, "place": [8], "food_worry": 3, "food_last": 3, "transport": 2, "utilities": 2, **NEVER},
     set()),
    ("ahc-hrsn", {"living": 2}, {"housing"}),
    ("ahc-hrsn", {"place": [2, 7]}, {"home"}),
    ("ahc-hrsn", {"food_worry": 3, "food_last": 2}, {"food"}),
    ("ahc-hrsn", {"transport": 1, "utilities": 3}, {"transport", "utilities"}),
    ("ahc-hrsn", {"hurt": 1, "insult": 3, "threaten": 3, "scream": 3}, set()),  # 10
    ("ahc-hrsn", {"hurt": 2, "insult": 3, "threaten": 3, "scream": 3}, {"safety"}),  # 11
    ("ahc-hrsn", {"hurt": 5, "insult": 5, "threaten": 5}, {"safety"}),  # 15 with one still open: certain already
    ("ahc-hrsn-more", {"money": 2, "work": 3, "daily": 3, "lonely": 3}, {"money", "daily"}),
    ("ahc-hrsn-more", {"lonely": 4, "language": 1, "school": 2}, {"lonely", "language"}),
    ("ahc-hrsn-more", {"days": 5, "minutes": 30}, set()),  # 150 minutes
    ("ahc-hrsn-more", {"days": 5, "minutes": 29}, {"activity"}),
    ("ahc-hrsn-more", {"days": 0}, {"activity"}),
    ("ahc-hrsn-more", {"days": 5}, set()),  # the minutes are still open
    ("ahc-hrsn-more", {"alcohol": 0, "tobacco": 1}, {"substances"}),
    ("ahc-hrsn-more", {"interest": 1, "down": 2, "stress": 3}, {"mood"}),
    ("ahc-hrsn-more", {"stress": 4, "errands": 1}, {"stress", "disability"}),
    # STEADI: any yes to the three key questions (CDC).
    ("stay-independent", {"worried": 1}, {"key_questions"}),
    # AUDIT-C: the VA acts at 5.
    ("audit-c", {"q1": 2, "q2": 2, "q3": 1}, {"five"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given", "flags"), NEEDS)
def test_marked_answers_raise_their_flags(name: str, given: Answers, flags: set[str]) -> None:
    found = score(need(name), given)
    assert set(found.flags) == flags
    if name.startswith("ahc"):
        assert found.score is None  # there is no total


@pytest.mark.parametrize("answer", [1, 2, 3])
@pytest.mark.parametrize("others", ["", "0000000", "33333333"])
def test_question_9_rings_at_any_total_and_before_the_others(answer: int, others: str) -> None:
    found = score(need("phq-9"), {**answers(others), "q9": answer})
    assert found.alarms == ("self-harm",)


def test_a_short_one_opens_the_longer_one_from_3_on() -> None:
    assert score(need("phq-2"), answers("30")).opens == "phq-9"
    assert score(need("gad-2"), answers("12")).opens == "gad-7"
    assert score(need("phq-2"), answers("11")).opens == ""
    assert score(need("phq-2"), {"q1": 3}).opens == ""  # not while an answer is missing
