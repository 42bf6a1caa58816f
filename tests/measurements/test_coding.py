"""The code list of observations and vaccines, and values in our units."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import shipped
from cmp_tui.measurements.coding import Measured, MeasurementTables, Place, load_measurement_tables

HALF = '[measure.x]\nname = "X"\nunit = ""\nloinc = ["1-8", "1-8"]\n'
LOINC, CVX = "http://loinc.org", "http://hl7.org/fhir/sid/cvx"


@cache
def load() -> MeasurementTables:
    return load_measurement_tables(shipped("data"))


@pytest.fixture
def tables() -> MeasurementTables:
    return load()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("4548-4", "a1c"),
        ("17856-6", "a1c"),
        ("59261-8", "a1c"),
        ("55284-4", "bp"),
        ("85354-9", "bp"),
        ("8480-6", "bp"),
        ("8462-4", "bp"),
        ("29463-7", "weight"),
        ("8302-2", "height"),
        ("39156-5", "bmi"),
        ("33914-3", "egfr"),
        ("98979-8", "egfr"),
        ("18262-6", "ldl"),
        ("13457-7", "ldl"),
        ("14959-1", "uacr"),
        ("9318-7", "uacr"),
        ("55758-7", "phq2"),
        ("44261-6", "phq9"),
        ("70274-6", "gad7"),
        ("75626-2", "auditc"),
        ("59460-6", "morse"),
        ("72514-3", "pain"),
        ("72166-2", "smoking"),
        ("2947-0", None),
        ("", None),
    ],
)
def test_observation_codes(tables: MeasurementTables, code: str, kind: str | None) -> None:
    assert tables.measurement_kind(LOINC, code) == kind
    assert tables.take("loinc", code) == kind
    assert tables.measurement_kind("http://snomed.info/sct", code) is None


def test_a_pressure_knows_its_parts(tables: MeasurementTables) -> None:
    assert tables.place(LOINC, "55284-4") == Place("bp", "panel")
    assert tables.place(LOINC, "8480-6") == Place("bp", "systolic")
    assert tables.place(LOINC, "8462-4") == Place("bp", "diastolic")
    assert tables.place(LOINC, "4548-4") == Place("a1c", "value")


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("140", "influenza", ""),
        ("133", "pneumococcal", "PCV13"),
        ("33", "pneumococcal", "PPSV23"),
        ("208", "covid", "Pfizer"),
        ("187", "zoster", "recombinant"),
        ("115", "tdap", ""),
        ("113", "td", ""),
        ("43", "hepatitis-b", "adult"),
        ("08", "hepatitis-b", "child"),
        ("8", "hepatitis-b", "child"),
        ("305", "rsv", ""),
    ],
)
def test_vaccine_codes(tables: MeasurementTables, code: str, kind: str, words: str) -> None:
    vaccine = tables.vaccine(CVX, code)
    assert vaccine is not None and (vaccine.kind, vaccine.words) == (kind, words)
    assert tables.take("cvx", code) == kind
    assert tables.vaccine(LOINC, code) is None


def test_antibodies_are_no_vaccines(tables: MeasurementTables) -> None:
    assert tables.vaccine(CVX, "306") is None
    assert tables.take(CVX, "999") is None


@pytest.mark.parametrize(
    ("kind", "value", "second", "unit", "expected"),
    [
        ("a1c", 7.2, None, "%", Measured(7.2, None, "%", "")),
        ("a1c", 53, None, "mmol/mol", Measured(7.0004, None, "%", "")),
        ("a1c", 53, None, "%", Measured(53, None, "%", "range")),
        ("bp", Decimal(142), Decimal(88), "mm[Hg]", Measured(142, 88, "mmHg", "")),
        ("bp", 142, 88, "MM HG", Measured(142, 88, "mmHg", "")),
        ("bp", 88, 142, "mm[Hg]", Measured(88, 142, "mmHg", "range")),
        ("bp", 16, 10, "kPa", Measured(120.0099, 75.0062, "mmHg", "")),
        ("bp", 300, 88, "mm[Hg]", Measured(300, 88, "mmHg", "range")),
        ("weight", 180, None, "[lb_av]", Measured(81.6466, None, "kg", "")),
        ("weight", 180, None, "", Measured(180, None, "", "unit")),
        ("height", 70, None, "[in_i]", Measured(177.8, None, "cm", "")),
        ("height", 1.78, None, "m", Measured(178, None, "cm", "")),
        ("height", 1.78, None, "cm", Measured(1.78, None, "cm", "range")),
        ("ldl", 2.6, None, "mmol/L", Measured(100.542, None, "mg/dL", "")),
        ("egfr", 54, None, "mL/min/{1.73_m2}", Measured(54, None, "mL/min/1.73 m²", "")),
        ("phq9", 28, None, "{score}", Measured(28, None, "", "range")),
        ("phq9", 4, None, "furlong", Measured(4, None, "furlong", "unit")),
    ],
)
def test_values_in_our_units(
    tables: MeasurementTables,
    kind: str,
    value: float | Decimal,
    second: float | Decimal | None,
    unit: str,
    expected: Measured,
) -> None:
    assert tables.measured(kind, value, second, unit) == expected


def test_a_diastolic_pressure_alone_is_no_systolic_one(tables: MeasurementTables) -> None:
    assert tables.measured("bp", 84, None, "mm[Hg]", "8462-4") == Measured(None, 84, "mmHg", "")
    assert tables.measured("bp", 134, None, "mm[Hg]", "8480-6") == Measured(134, None, "mmHg", "")


@given(st.floats(), st.none() | st.floats(), st.text(max_size=6))
def test_no_value_is_dropped(value: float, second: float | None, unit: str) -> None:
    tables = load()
    for kind in tables.measures:
        kept = tables.measured(kind, value, second, unit)
        assert kept.value is not None and (kept.second is None) == (second is None)
        if value != value:
            assert kept.mark, "what is no number is marked"


def test_every_unit_of_a_kind_keeps_a_plain_value_plausible(tables: MeasurementTables) -> None:
    for measure in tables.measures.values():
        assert measure.coded == (not measure.parts)
        for part in measure.parts.values():
            assert part.low < part.high
            middle = (part.low + part.high) / 2
            for unit, scale in measure.units.items():
                value = (middle - scale.offset) / scale.factor
                assert (
                    measure.coded or part.low <= round(value * scale.factor + scale.offset, 4) <= part.high
                ), unit


def test_smoking_in_plain_words(tables: MeasurementTables) -> None:
    assert tables.smoking_status("8517006") == "formerly"
    assert tables.smoking_status("LA18978-9") == tables.smoking_status("266919005") == "never"
    assert tables.smoking_status("1") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[measure", "measurements.toml"),
        ("[vaccine]\n[smoking]\n", "measure"),
        (f"{HALF}[vaccine]\n[smoking]\n", "low"),
        (f"{HALF}low = 0\nhigh = 1\n[vaccine]\n[smoking]\n", "1-8 stands there twice"),
    ],
)
def test_a_faulty_table_is_named(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "measurements.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Stopped, match=words):
        load_measurement_tables(tmp_path)
