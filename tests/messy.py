"""A caseload as clinics keep it in a spreadsheet, with the mistakes that such sheets have; made by seeded code.

`write(path)` makes the workbook and returns what is true of it: who is in it, and what an import must make of each row.
Nobody in it is real.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

YEAR, TODAY = 2026, date(2026, 11, 23)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
HEADS = (
    "ID", "Patient Name", "DOB", "Phone", "Best time", "PCP", "Insurance", "Cond 1", "Cond 2", "Risk",
    "Consent date/how", "Care-plan date", "Plan given?", "Status", "Last contact", "Outcome",
    "Next due", *MONTHS, "YTD", "Billed?", "Referral open?", "Last admit/ED", "Notes",
)  # fmt: skip
FAMILIES = (
    "Okafor", "Ruiz-Moreno", "Tran", "Weiss", "Bell", "O'Brien", "Nguyen", "Ferreira", "Schmidt",
    "Adeyemi", "de la Cruz", "Kowalski", "Haddad", "Lindqvist", "Castellanos", "Abernathy", "Yamamoto",
    "Petrov", "Mbeki", "Villanueva", "Ottoson", "Guerrero", "Delacroix", "Fitzgerald", "Hawkins",
    "Ibarra", "Jankowski", "Kariuki", "Lombardi", "Maldonado", "Novak", "Oyelaran", "Pacheco",
    "Quintero", "Rasmussen", "Salazar", "Thibodeaux", "Uchida", "Vasquez", "Whitfield",
)  # fmt: skip
GIVEN = (
    "Ana", "James", "Linh", "Ruth", "Thomas", "Mary", "Robert", "Patricia", "George", "Helen", "Jose",
    "Maria", "Walter", "Dorothy", "Frank", "Irene", "Samuel", "Gloria", "Harold", "Beatrice", "Victor",
    "Norma", "Eugene", "Lucille", "Oscar", "Virginia", "Raymond", "Edith", "Leonard", "Rosa",
)  # fmt: skip
PAYERS = {
    "Medicare": ("Medicare", "MCR", "medicare a/b", "Medicare Part B"),
    "Medicare Advantage": ("Medicare Advantage", "MA", "Medicare Adv"),
    "Medicaid": ("Medicaid", "MCD"),
    "commercial": ("Commercial", "private"),
}
CONDITIONS = (
    "DM2", "HTN", "CHF", "COPD", "CKD 3", "E11.9 Type 2 diabetes", "I10", "Depression", "lupus",
    "E11.65", "AFib", "OA knees",
)  # fmt: skip
STATUSES = {
    "active": ("Active", "ACTIVE", "enrolled", "Active "),
    "onhold": ("on hold", "On Hold"),
    "finished": ("inactive", "Disenrolled"),
    "planned": ("pending",),
}
OUTCOMES = {
    "reached": ("reached", "Reached", "spoke with pt"),
    "voicemail": ("LVM", "left message", "VM"),
    "no answer": ("no answer",),
}
CONSENT = {"verbally": ("verbal", "V", "Verbal"), "in writing": ("written", "signed form")}
WORDS = (
    "pt", "reports", "sleeping", "better;", "daughter", "helps", "with", "pills,", "asks", "about",
    "cost", "of", "inhaler.", "BP", "log", "reviewed", "at", "visit",
)  # fmt: skip


@dataclass
class Truth:
    """One person: what is true, and what the sheet says of them in its own words."""

    mrn: str
    family: str
    given: str
    birth: date
    said: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    minutes: dict[int, int] = field(default_factory=dict)
    row: int = 0


@dataclass
class Book:
    """What was written: the people who must come in, and rows by what must become of them."""

    people: list[Truth] = field(default_factory=list)
    merged: dict[int, int] = field(default_factory=dict)
    looks_like: list[int] = field(default_factory=list)
    sorted_half: list[int] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)
    errors: list[int] = field(default_factory=list)
    rows: int = 0


def write(path: Path, people: int = 2_000, seed: int = 7) -> Book:
    """Makes the workbook."""
    from openpyxl import Workbook

    random, book = Random(seed), Book()
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "Caseload"
    lines: list[tuple[list[Any], str, Any]] = []
    for person in _people(random, people):
        lines.append((_line(random, person), "person", person))
    lines += _spoiled(random, lines)
    sheet.append(["Lakeside Family Clinic: CCM tracker"])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=12)
    sheet.append([f"Updated 11/20/{YEAR} by DR. Do not sort!"])
    sheet.append([])
    first = HEADS.index("Jan") + 1
    sheet.append([""] * (first - 1) + [f"Minutes {YEAR}"] + [""] * (len(HEADS) - first))
    sheet.cell(4, 2).value = "Patient"
    sheet.merge_cells(start_row=4, end_row=4, start_column=first, end_column=first + 11)
    sheet.merge_cells(start_row=4, end_row=4, start_column=2, end_column=4)
    sheet.append(list(HEADS))
    for place, (cells, kind, what) in enumerate(lines):
        if place % 97 == 50:
            sheet.append([""] * 3)
        if place in (400, 1200):
            sheet.append(list(HEADS))
            book.left_out.append(sheet.max_row)
        if place == 800:
            sheet.append(["", "PATIENTS OF DR LEVIN"])
            book.left_out.append(sheet.max_row)
        sheet.append(cells)
        _note_down(book, sheet.max_row, kind, what, lines)
    sheet.append([])
    last = sheet.max_row
    sums = [f"=SUM({_letter(first + n)}6:{_letter(first + n)}{last})" for n in range(12)]
    sheet.append(["Total", *[""] * (first - 2), *sums])
    book.left_out.append(sheet.max_row)
    old = workbook.create_sheet("Old 2025")
    old.append(list(HEADS))
    old.append(["1", "Never, Imported", "1/1/1940"])
    old.sheet_state = "hidden"
    workbook.create_sheet("Key").append(["Risk", "1 = low, 3 = high"])
    workbook.save(path)
    _count_formulas(path)
    book.rows = sum(
        len(one) for one in (book.people, book.merged, book.looks_like, book.sorted_half, book.unreadable)
    )
    book.rows += len(book.left_out)
    return book


def _note_down(book: Book, row: int, kind: str, what: Any, lines: list[tuple[list[Any], str, Any]]) -> None:
    if kind == "person":
        what.row = row
        book.people.append(what)
        if what.said.get("error"):
            book.errors.append(row)
    elif kind == "merged":
        book.merged[row] = what.row
    else:
        getattr(book, kind).append(row)


def _people(random: Random, count: int) -> list[Truth]:
    found, seen = [], set()
    while len(found) < count:
        birth = date(1928, 1, 1) + timedelta(days=random.randrange(12_000))
        family, given = random.choice(FAMILIES), random.choice(GIVEN)
        near = (family[:3], birth.year)
        if near in seen and random.random() < 0.97:
            continue  # two of one family and year are few, and then nothing else alike
        if (
            any(one in seen for one in ((given, birth.year, birth.month), (family, given, birth.year)))
            or birth in seen
        ):
            continue
        seen |= {near, (given, birth.year, birth.month), (family, given, birth.year), birth}  # type: ignore[arg-type]
        mrn = "" if random.random() < 0.03 else str(10_000 + len(found) * 7)
        person = Truth(mrn, family, given, birth)
        _facts(random, person, len(found))
        found.append(person)
    return found


def _facts(random: Random, person: Truth, number: int) -> None:
    facts = person.facts
    facts["phones"] = [f"512555{number:04d}"] if random.random() < 0.9 else []
    if facts["phones"] and random.random() < 0.1:
        facts["phones"].append(f"737555{number:04d}")
    facts["best"] = random.choice(("", "", "after 10", "mornings", "not Tue"))
    facts["pcp"] = random.choice(("Dr. Levin", "Dr. Amara Osei", ""))
    facts["payer"] = random.choice([*PAYERS, "Medicare", "Medicare"])
    facts["conditions"] = random.sample(CONDITIONS, random.randrange(3))
    facts["risk"] = random.choice(("", "low", "med", "HIGH", 3))
    facts["status"] = random.choice(("active",) * 7 + ("onhold", "finished", "planned", ""))
    enrolled = facts["status"] in ("active", "onhold", "finished")
    agreed = (
        date(YEAR, 1, 3) + timedelta(days=random.randrange(200))
        if enrolled or random.random() < 0.2
        else None
    )
    facts["consent"] = (agreed, random.choice([*CONSENT, ""])) if agreed else None
    plan = agreed + timedelta(days=random.randrange(30)) if agreed and random.random() < 0.8 else None
    facts["plan"] = plan
    facts["given"] = bool(plan) and random.random() < 0.6
    last = TODAY - timedelta(days=random.randrange(1, 90)) if random.random() < 0.8 else None
    facts["last"] = (last, random.choice([*OUTCOMES, ""])) if last else None
    over = facts["status"] in ("finished",)
    facts["due"] = (
        TODAY + timedelta(days=random.randrange(1, 40)) if random.random() < 0.5 and not over else None
    )
    for month in range(1, 12):
        if agreed and month >= agreed.month and random.random() < 0.8:
            person.minutes[month] = random.choice((5, 12, 20, 22, 25, 31, 40, 61, 65))
    facts["billed"] = random.choice(("", "Y", "N", "?"))
    facts["referral"] = random.choice(("", "", "cards 3/2", "podiatry - open"))
    facts["admit"] = random.choice(("", "", "", "ED 5/5/26 St. Mary's"))
    length = 4_000 if number % 19 == 0 else random.randrange(0, 120) if random.random() < 0.6 else 0
    facts["notes"] = _notes(random, length)


def _notes(random: Random, length: int) -> str:
    text = ""
    while len(text) < length:
        text += random.choice(WORDS) + random.choice((" ", " ", " ", "\n", " - "))
    return text.strip()


def _line(random: Random, person: Truth) -> list[Any]:
    facts = person.facts
    minutes = [_minutes(random, person.minutes.get(month)) for month in range(1, 13)]
    first, second = [*facts["conditions"], "", ""][:2]
    last_day, outcome = facts["last"] or (None, "")
    given = random.choice(("Y", "yes", "x")) if facts["given"] else random.choice(("", "N"))
    cells = [
        int(person.mrn) if person.mrn else "", _name(random, person), _day(random, person.birth, birth=True),
        _phone(random, facts["phones"]), facts["best"], facts["pcp"], random.choice(PAYERS[facts["payer"]]),
        first, second, facts["risk"], _consent(random, facts["consent"]), _day(random, facts["plan"]), given,
        random.choice(STATUSES[facts["status"]]) if facts["status"] else "", _day(random, last_day),
        random.choice(OUTCOMES[outcome]) if outcome else "", _day(random, facts["due"]),
        *minutes, sum(person.minutes.values()), facts["billed"], facts["referral"], facts["admit"], facts["notes"],
    ]  # fmt: skip
    if random.random() < 0.01:
        cells[HEADS.index("Billed?")] = "#REF!"
        facts["billed"] = ""
        person.said["error"] = True
    return cells


def _name(random: Random, person: Truth) -> str:
    family, given = person.family, person.given
    style = random.random()
    if style < 0.65:
        return f"{family}, {given}"
    if style < 0.75:
        return f"{family.upper()}, {given.upper()} "
    if style < 0.9:
        return f"{given} {family}"
    return f"{family},{given}  "


def _day(random: Random, day: date | None, birth: bool = False) -> Any:
    if day is None:
        return random.choice(("", "", "-")) if not birth else ""
    style = random.random()
    if style < 0.5:
        return day
    if style < 0.65:
        return f"{day.month}/{day.day}/{day.year % 100:02d}"
    if style < 0.8:
        return f"{day:%m/%d/%Y}"
    if style < 0.9:
        return day.isoformat()
    return f"{day.day} {day:%b} {day.year}"


def _phone(random: Random, numbers: list[str]) -> Any:
    said = []
    for number in numbers:
        a, b, c = number[:3], number[3:6], number[6:]
        said.append(random.choice((f"({a}) {b}-{c}", f"{a}-{b}-{c}", f"{a}.{b}.{c} cell", number)))
    if len(said) == 1 and said[0].isdigit():
        return int(said[0])
    return random.choice((" or ", " / ", "; ")).join(said)


def _consent(random: Random, consent: tuple[date, str] | None) -> Any:
    if consent is None:
        return random.choice(("", "", "n/a"))
    day, how = consent
    if not how:
        return day
    said = f"{day.month}/{day.day}/{day.year % 100:02d}"
    word = random.choice(CONSENT[how])
    return f"{word} {said}" if random.random() < 0.6 else f"{said} - {word}"


def _minutes(random: Random, minutes: int | None) -> Any:
    if minutes is None:
        return random.choice(("", "", "", "", "-", "n/a", 0))
    style = random.random()
    if style < 0.7:
        return minutes
    if style < 0.8:
        return f"{minutes} min"
    if style < 0.87:
        return f"{minutes // 60}:{minutes % 60:02d}"
    if style < 0.94:
        return f"{minutes - 5}+5"
    return str(minutes)


def _spoiled(random: Random, lines: list[tuple[list[Any], str, Any]]) -> list[tuple[list[Any], str, Any]]:
    """Rows with the mistakes of sorting, copying and typing, to stand below the good ones."""
    spoiled: list[tuple[list[Any], str, Any]] = []
    good = [line for line in lines if line[2].mrn]
    chosen = random.sample(good, 70)
    for cells, _, person in chosen[:20]:  # the same person once more, with a little less
        again = [*cells[:3], *[""] * (len(HEADS) - 3)]
        again[1] = f"{person.family}, {person.given}"
        spoiled.append((again, "merged", person))
    for _, _, person in chosen[20:40]:  # typed once more, without the number, and with a slip
        slip = person.family[:2] + person.family[3:] if len(person.family) > 4 else person.family + "e"
        spoiled.append((["", f"{slip}, {person.given}", person.birth, "", "", "", ""], "looks_like", None))
    others = [line[2] for line in chosen[40:60]]
    for at, person in enumerate(others):  # half of the sheet was sorted: numbers of others
        wrong = others[(at + 1) % len(others)]
        spoiled.append(
            ([int(wrong.mrn), f"{person.family}, {person.given}", person.birth], "sorted_half", None)
        )
    for at, bad in enumerate(("2/30/48", "??/??/1950", "sixty", "13/45/1941", "1/1/1850")):
        spoiled.append(([90_000 + at, f"Unreadable, Number{at}", bad], "unreadable", None))
    return spoiled


def _letter(number: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(number))


def _count_formulas(path: Path) -> None:
    """Puts a value beside each formula, as a spreadsheet program does."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if name.startswith("xl/worksheets/"):
                content = re.sub(rb"</f><v\s*/?>(</v>)?", b"</f><v>12345</v>", content)
            archive.writestr(name, content)
