"""Made-up claim files of full width for the benchmark: beneficiaries, hospitals' bills, practitioners' lines."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

from tests.exchange.claims.files import CARRIER, HOUSE, PEOPLE, Row, emergency, house, office, person

EACH = 20
"""Lines for each person."""
CODES = ("99213", "99214", "85025", "80053", "93000", "99490", "36415", "83036")
DIAGNOSES = ("E119", "I10", "I5022", "J449", "N183", "J069", "R0602", "Z0000", "F329", "M545")
WIDTHS = {"people": 180, "hospital": 234, "carrier": 100}
"""Fields in a row of the payers' own files."""
LAST = date(2026, 6, 30)


def write_claims(folder: Path, lines: int) -> None:
    """Writes files with so many lines of claims, a quarter of them hospitals'; the same ones every time."""
    pick = random.Random(11)
    people = max(lines // EACH, 1)
    everyone = [
        person(
            str(key), f"FAMILY{key:05}", pick.choice(("ANA", "BO", "CY", "DEE")), MBI_NUM="",
            BENE_BIRTH_DT=(date(1935, 1, 1) + timedelta(pick.randrange(9_000))).strftime("%d-%b-%Y"),
        )
        for key in range(people)
    ]  # fmt: skip
    hospital, carrier = [], []
    for number in range(lines):
        key = str(pick.randrange(people))
        day = (LAST - timedelta(pick.randrange(720))).strftime("%d-%b-%Y")
        first = {"PRNCPAL_DGNS_CD": pick.choice(DIAGNOSES)}
        if number % 4:
            carrier.append(
                office(str(number // 2), day, pick.choice(CODES), key, str(number % 2 + 1), **first)
            )
        else:
            make = pick.choice((house, emergency, emergency))
            plain = {} if make is house else {"REV_CNTR": pick.choice(("0450", "0300", "0510"))}
            hospital.append(make(str(9_000_000 + number), day, key=key, **first, **plain))
    folder.mkdir(exist_ok=True)
    _write(folder / "people.csv", PEOPLE, everyone, WIDTHS["people"])
    _write(folder / "hospital.csv", HOUSE, hospital, WIDTHS["hospital"])
    _write(folder / "carrier.csv", CARRIER, carrier, WIDTHS["carrier"])


def _write(path: Path, columns: tuple[str, ...], rows: list[Row], width: int) -> None:
    more = [f"MORE_{number}" for number in range(width - len(columns))]
    with path.open("w", encoding="utf-8") as file:
        file.write("|".join([*columns, *more]) + "\n")
        filling = "|" + "|".join(["0.00"] * len(more))
        for row in rows:
            file.write("|".join(row.get(name, "") for name in columns) + filling + "\n")
