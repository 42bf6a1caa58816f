"""The condition tables: what a code means, and that the tables agree with each other."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import shipped
from cmp_tui.patients.coding import (
    KINDS,
    Coded,
    ConditionTables,
    kind_by_words,
    load_condition_tables,
    longest,
    normal_icd,
    system_name,
    why_not_listed,
)

DATA = shipped("data")


@pytest.fixture(scope="module")
def tables() -> ConditionTables:
    return load_condition_tables(DATA)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("E11.9", "E11.9"),
        ("e119", "E11.9"),
        (" E11.9 ", "E11.9"),
        ("e11.9xx", "E11.9"),
        ("I10", "I10"),
        ("i10.", "I10"),
        ("I10.XXXX", "I10"),
        ("T36.0X1A", "T36.0X1A"),
        ("t360x1a", "T36.0X1A"),
        ("S06.0X", "S06.0"),
        ("C7A.00", "C7A.00"),
        ("X58.XXXA", "X58.XXXA"),
        ("XXX", "XXX"),
        ("no code", "NO CODE"),
        ("250.00", "250.00"),
        ("", ""),
    ],
)
def test_icd_codes_are_written_one_way(written: str, normal: str) -> None:
    assert normal_icd(written) == normal


@given(
    st.text(max_size=12) | st.from_regex(r"\s?[A-Za-z][0-9][0-9ABab]\.?[0-9A-Za-z]{0,4}\s?", fullmatch=True)
)
def test_normalising_twice_changes_nothing(code: str) -> None:
    assert normal_icd(normal_icd(code)) == normal_icd(code)


@given(st.dictionaries(st.text("AB1", min_size=1, max_size=4), st.integers()), st.text("AB1", max_size=6))
def test_the_longest_prefix_answers(table: dict[str, int], code: str) -> None:
    fitting = sorted((prefix for prefix in table if code.startswith(prefix)), key=len)
    assert longest(table, code) == (table[fitting[-1]] if fitting else None)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("E11.9", Coded("diabetes", True, "problem", "E11.9")),
        ("e1122", Coded("diabetes", True, "problem", "E11.22")),
        ("I10", Coded("hypertension", True, "problem", "I10")),
        ("I11.0", Coded("heart-failure", True, "problem", "I11.0")),
        ("I11.9", Coded("hypertension", True, "problem", "I11.9")),
        ("I13.10", Coded("kidney", True, "problem", "I13.10")),
        ("N18.30", Coded("kidney", True, "problem", "N18.30")),
        ("E66.01", Coded("obesity", True, "problem", "E66.01")),
        ("E66.3", Coded(None, True, "problem", "E66.3")),
        ("Z68.41", Coded("obesity", None, "problem", "Z68.41")),
        ("Z94.0", Coded("kidney", None, "problem", "Z94.0")),
        ("F32.9", Coded("depression", True, "problem", "F32.9")),
        ("I21.4", Coded("coronary", True, "problem", "I21.4")),
        ("J06.9", Coded(None, False, "acute", "J06.9")),
        ("S93.401A", Coded(None, False, "acute", "S93.401A")),
        ("Z59.41", Coded(None, None, "social", "Z59.41")),
        ("Z60.2", Coded(None, None, "social", "Z60.2")),
        ("Z00.00", Coded(None, None, "admin", "Z00.00")),
        ("Z12.31", Coded(None, None, "admin", "Z12.31")),
        ("Z68.25", Coded(None, None, "admin", "Z68.25")),
        ("W19.XXXA", Coded(None, None, "admin", "W19.XXXA")),
        # New since AHRQ's list: its siblings agree.
        ("D59.32", Coded("anemia", True, "problem", "D59.32")),
        ("nonsense", Coded(None, None, "problem", "NONSENSE")),
    ],
)
def test_icd_codes(tables: ConditionTables, code: str, expected: Coded) -> None:
    assert tables.classify("icd-10-cm", code) == expected
    assert tables.classify("http://hl7.org/fhir/sid/icd-10-cm", code, "any words (finding)") == expected


@pytest.mark.parametrize(
    ("code", "display", "expected"),
    [
        ("44054006", "Diabetes", Coded("diabetes", True, "problem", "44054006")),
        ("59621000", "Hypertension", Coded("hypertension", True, "problem", "59621000")),
        (
            "162864005",
            "Body mass index 30+ - obesity (finding)",
            Coded("obesity", True, "problem", "162864005"),
        ),
        ("195662009", "Acute viral pharyngitis (disorder)", Coded(None, False, "acute", "195662009")),
        ("160903007", "Full-time employment (finding)", Coded(None, None, "social", "160903007")),
        ("314529007", "Medication review due (situation)", Coded(None, None, "admin", "314529007")),
        (" 44054006 ", "", Coded("diabetes", True, "problem", "44054006")),
        ("1", "Something rare (disorder)", Coded(None, None, "problem", "1")),
        ("1", "Something rare", Coded(None, None, "problem", "1")),
        ("1", "Severe anxiety (panic)", Coded(None, None, "problem", "1")),
        ("1", "Owns a cat (finding)", Coded(None, None, "admin", "1")),
        ("1", "History of something (Situation) ", Coded(None, None, "admin", "1")),
        ("1", "Refugee (person)", Coded(None, None, "admin", "1")),
    ],
)
def test_snomed_codes(tables: ConditionTables, code: str, display: str, expected: Coded) -> None:
    assert tables.classify("snomed", code, display) == expected
    assert tables.classify("http://snomed.info/sct", code, display) == expected


def test_other_systems_go_by_their_words(tables: ConditionTables) -> None:
    assert system_name("http://example.org/own") is None
    assert tables.classify("http://example.org/own", " x1 ", "Sugar") == Coded(None, None, "problem", "x1")
    assert tables.classify("", "", "Wears glasses (finding)") == Coded(None, None, "admin", "")


def test_the_report_says_why_a_code_stays_off_the_list(tables: ConditionTables) -> None:
    words = "Received higher education (finding)"
    assert why_not_listed(tables.classify("snomed", "224299000", words), words) == (
        "a social need, not a problem: Received higher education (finding)"
    )
    assert why_not_listed(tables.classify("icd-10-cm", "Z0000"), "") == "not a problem: Z00.00"
    assert why_not_listed(tables.classify("snomed", "44054006"), "Diabetes") is None


@given(st.text(max_size=8), st.text(max_size=12), st.text(max_size=30))
def test_nothing_is_refused(system: str, code: str, display: str) -> None:
    tables = ConditionTables((), {}, {}, {}, {})
    for name in (system, "icd-10-cm", "snomed"):
        assert tables.classify(name, code, display).kind in KINDS


def test_a_name_is_judged_by_its_last_words() -> None:
    assert kind_by_words("Finding (finding) of disorder (disorder)") == "problem"
    assert kind_by_words("Treatment (regime/therapy)") == "admin"
    assert kind_by_words("") == "problem"


def test_groups_are_listed_in_order_with_short_names(tables: ConditionTables) -> None:
    groups = tables.groups()
    assert groups[0] == ("diabetes", "Diabetes", "Diabetes")
    assert 30 <= len(groups) <= 50
    assert len({group.id for group in groups}) == len({group.short for group in groups}) == len(groups)
    assert all(0 < len(group.short) <= 8 for group in groups)


def test_every_prefix_points_to_a_group_and_is_met(tables: ConditionTables) -> None:
    ids = {group.id for group in tables.groups()}
    assert {group for group in tables.group_of.values() if group} == ids
    for prefix, group in tables.group_of.items():
        coded = tables.classify("icd-10-cm", prefix)
        assert coded.group == group
        assert coded.kind == "problem" or group is None, f"{prefix} of {group} is {coded.kind}"


def test_no_answer_is_idle_or_wider_than_a_category(tables: ConditionTables) -> None:
    assert len(tables.chronic_of) > 4_000
    for prefix, answer in tables.chronic_of.items():
        assert len(prefix) >= 3
        above = [prefix[:end] for end in range(3, len(prefix)) if prefix[:end] in tables.chronic_of]
        assert not above or tables.chronic_of[above[-1]] != answer, prefix


def test_snomed_agrees_with_icd(tables: ConditionTables) -> None:
    with (DATA / "condition_codes" / "snomed.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["code"] for row in rows}) == len(rows) > 450
    for row in rows:
        coded = tables.classify("snomed", row["code"])
        assert row["code"].isdigit() and row["display"].strip() == row["display"] != ""
        if coded.kind in ("social", "admin"):
            assert coded == (None, None, coded.kind, row["code"])
        if row["like"]:
            like = tables.classify("icd-10-cm", row["like"])
            assert (coded.group, coded.chronic) == (like.group, like.chronic), row
            assert like.code == row["like"], row


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("condition_codes/snomed.csv", "a,b,c,d,e,f\n1,x,nowhere,yes,problem,\n", "line 2.*nowhere"),
        ("condition_codes/snomed.csv", "a,b,c,d,e,f\n1,x,,yes,odd,\n", "odd"),
        ("condition_codes/snomed.csv", "a,b,c,d,e,f\n1,x,,perhaps,acute,\n", "perhaps"),
        ("condition_codes/snomed.csv", "a,b,c,d,e,f\n1,x\n", "2 columns"),
        ("condition_codes/icd10cm_kinds.csv", "a,b,c\nZ,odd,x\n", "odd"),
        ("condition_codes/icd10cm_chronic.csv", "a,b\nA00,maybe\n", "maybe"),
        ("condition_groups.toml", '[[group]]\nid = "x"\nname = "X"\n', "short"),
        (
            "condition_groups.toml",
            '[[group]]\nid = "x"\nname = "X"\nshort = "much too long"\nicd10cm = []\n',
            "8",
        ),
        (
            "condition_groups.toml",
            '[[group]]\nid = "x"\nname = "X"\nshort = "X"\nicd10cm = ["A00-A02", "A01"]\n',
            "A01",
        ),
        ("condition_groups.toml", "[[group", "condition_groups.toml"),
    ],
)
def test_a_faulty_table_is_named(tmp_path: Path, name: str, text: str, words: str) -> None:
    shutil.copytree(DATA / "condition_codes", tmp_path / "condition_codes")
    shutil.copy(DATA / "condition_groups.toml", tmp_path)
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(Stopped, match=words):
        load_condition_tables(tmp_path)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    shutil.copy(DATA / "condition_groups.toml", tmp_path)
    with pytest.raises(Stopped, match=r"icd10cm_kinds\.csv"):
        load_condition_tables(tmp_path)
