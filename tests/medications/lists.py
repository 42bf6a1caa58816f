"""Lists of medicines for the tests: ours, and a hospital's with twelve lines."""

from __future__ import annotations

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.medications.actions import add_medication

OURS = (
    ("Lisinopril 10 mg tablet", "1 tablet daily", "blood pressure"),
    ("Metformin 500 mg tablet", "1 tablet twice daily", "diabetes"),
    ("Atorvastatin 40 mg tablet", "1 tablet at bedtime", "cholesterol"),
    ("Warfarin 5 mg tablet", "as directed by INR", "atrial fibrillation"),
    ("Metoprolol succinate ER 50 mg tablet", "1 tablet daily", "heart rate"),
    ("Omeprazole 20 mg capsule", "1 capsule before breakfast", "reflux"),
    ("Levothyroxine 75 mcg tablet", "1 tablet on an empty stomach", "thyroid"),
    ("Acetaminophen 500 mg tablet", "as needed", "knee pain"),
    ("Gabapentin 300 mg capsule", "1 capsule at bedtime", "nerve pain"),
)
"""What a patient of the tests takes: name, directions, what for."""
HOSPITAL = """\
1. Lisinopril 20 mg tablet, 1 tab PO daily
2. metformin 500 mg tab 1 tab PO BID
3. Lipitor 40 mg tablet 1 tab at bedtime
4. Warfarin sodium 5 mg tab, take as directed
5. Metoprolol succinate ER 50 mg 1 tab daily
6. Pantoprazole 40 mg EC tablet 1 tab daily
7. Levothyroxin 75 mcg tab daily
8. Tylenol 500 mg tabs PRN
9. Sulfamethoxazole-trimethoprim DS 1 tab BID for 7 days
10. Furosemide 40 mg tablet daily
11. Potassium chloride ER 20 mEq tablet daily
12. Docusate sodium 100 mg capsule BID
"""
"""The hospital's list: one strength differs, one of ours is gone, one is of the same kind as one of ours, one new
medicine does not go with warfarin."""

FORTY = (
    "Lisinopril 10 mg tablet", "Metformin 500 mg tablet", "Atorvastatin 40 mg tablet", "Amlodipine 5 mg tablet",
    "Metoprolol tartrate 25 mg tablet", "Omeprazole 20 mg capsule", "Levothyroxine 75 mcg tablet",
    "Gabapentin 300 mg capsule", "Hydrochlorothiazide 25 mg tablet", "Sertraline 50 mg tablet",
    "Furosemide 40 mg tablet", "Warfarin 5 mg tablet", "Clopidogrel 75 mg tablet", "Aspirin 81 mg tablet",
    "Acetaminophen 500 mg tablet", "Albuterol HFA 90 mcg inhaler", "Fluticasone 50 mcg nasal spray",
    "Tamsulosin 0.4 mg capsule", "Allopurinol 100 mg tablet", "Insulin glargine 100 units/mL",
    "Potassium chloride ER 20 mEq tablet", "Docusate sodium 100 mg capsule", "Trazodone 50 mg tablet",
    "Duloxetine 30 mg capsule", "Montelukast 10 mg tablet", "Pioglitazone 15 mg tablet", "Donepezil 10 mg tablet",
    "Memantine 10 mg tablet", "Ropinirole 1 mg tablet", "Spironolactone 25 mg tablet", "Digoxin 0.125 mg tablet",
    "Prednisone 5 mg tablet", "Cyanocobalamin 1000 mcg tablet", "Ferrous sulfate 325 mg tablet",
    "Alendronate 70 mg tablet", "Latanoprost 0.005% eye drops", "Tiotropium 18 mcg capsule", "Cetirizine 10 mg tablet",
    "Ranolazine ER 500 mg tablet", "Empagliflozin 10 mg tablet",
)  # fmt: skip
SPELT_OTHERWISE = (
    "LISINOPRIL 10MG TABS", "metformin hcl 500mg tab", "Lipitor 40mg", "amlodipine besylate 5 MG Oral Tablet",
    "METOPROLOL TARTRATE 25MG", "omeprazole 20mg caps", "Levothyroxin 75mcg", "Gabapentine 300 mg cap",
    "HCTZ 25mg tab", "sertralin 50 mg", "Lasix 40 mg", "warfarin sodium 5mg", "Plavix 75 mg tab", "ASA 81mg",
    "Tylenol 500mg", "Ventolin HFA 90mcg inhaler", "Flonase 50 mcg nasal spray", "Tamsulosine 0.4mg",
    "alopurinol 100mg",
    "Lantus 100 units/ml", "Klor-Con 20 mEq ER tab", "Colace 100 mg", "trazadone 50mg tab", "Cymbalta 30mg cap",
    "Singulair 10 mg tab", "Actos 15mg", "Aricept 10mg tab", "Namenda 10 mg", "Requip 1mg tabs",
    "Aldactone 25mg", "digoxin 0.125mg tabs", "predniSONE 5mg", "cyanocobalamin 1000mcg", "ferrous sulfate 325mg tabs",
    "Fosamax 70mg", "Xalatan 0.005% eye drops", "Spiriva 18 mcg", "Zyrtec 10mg tab", "Ranexa ER 500mg",
    "Jardiance 10mg tab",
)  # fmt: skip
"""The same forty, each written otherwise: case, spaces, salts, brands, slips of the pen."""


def take(clinic: Clinic, patient: bytes) -> list[bytes]:
    """Puts our list into a patient's chart; returns the keys."""
    return [
        clinic.run(
            add_medication, patient, display=display, dosage=dosage, reason=reason, told_by="clinic", started="2024-03"
        ).id
        for display, dosage, reason in OURS
    ]  # fmt: skip
