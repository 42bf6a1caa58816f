"""Random overlapping work of the same and of different staff, in two programs: no minute counts twice (row 6).

Every day of the clinic is a row of bits, one a second, and each entry is some of them: what the program says of
overlaps and minutes must equal what the bits say.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import reduce
from operator import or_
from random import Random
from typing import Any, NamedTuple

from cmp_tui.billing.closing import what_stands
from cmp_tui.billing.engine.result import MonthResult
from cmp_tui.billing.month_queries import month_view
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.staff import add_staff
from cmp_tui.contacts.actions import edit_entry, strike_entry
from cmp_tui.contacts.day import my_day
from cmp_tui.contacts.model import TimeEntry
from cmp_tui.contacts.overlap import month_overlaps
from cmp_tui.desk.actions import Logged, log_contact, log_group
from cmp_tui.enrollment.actions import enroll, record_consent
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.patients.actions import add_condition, add_patient
from tests.faults.common import Outcome, hurt_me, reopened

MONTH = Month(2026, 10)
AFTER = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
DAY = 86_400
PROGRAMS = ("CCM", "BHI")
"""In the order in which the clinic prefers them: what the first bills, the second does not count."""
DOCTOR = "levin"
NURSES = ("p0", "p1", "p2")
PARTS = 6
"""Shares of two and of three are then whole seconds."""


class Piece(NamedTuple):
    """An entry: its seconds are the bits of its day."""

    key: bytes
    staff: str
    patient: bytes
    program: str
    size: int
    group: bytes | None
    in_visit: bool
    day: int
    bits: int


def bits_of(start: datetime, end: datetime) -> tuple[int, int]:
    """The day of a span, and a bit for each of its seconds. (The hours of the day are the same in UTC and Chicago.)"""
    day, second = divmod(int(start.timestamp()), DAY)
    return day, ((1 << int((end - start).total_seconds())) - 1) << second


class Book:
    """What was logged, held against what the program says of it."""

    def __init__(self) -> None:
        self.pieces: dict[bytes, Piece] = {}
        self.wrong: list[str] = []
        self.told = self.pairs = self.named = self.naive = self.billed = 0

    def enter(self, entry: TimeEntry, staff: str) -> Piece:
        day, bits = bits_of(entry.start, entry.end)
        piece = Piece(
            entry.id, staff, entry.patient, entry.program or "", entry.group_size, entry.group,
            bool(entry.in_billed_visit), day, bits,
        )  # fmt: skip
        self.pieces[entry.id] = piece
        return piece

    def beside(self, piece: Piece) -> dict[bytes, int]:
        """The other entries of its person that share seconds with an entry, and how many."""
        return {
            other.key: shared
            for other in self.pieces.values()
            if other.staff == piece.staff
            and other.day == piece.day
            and other.key != piece.key
            and (other.group is None or other.group != piece.group)
            and (shared := (other.bits & piece.bits).bit_count())
        }

    def saved(self, logged: Logged, staff: str) -> None:
        """What is told when a contact is saved: each entry of the person that it overlaps."""
        for entry in logged.entries:
            wanted = self.beside(self.enter(entry, staff))
            found = {one.entry: one.seconds for one in logged.overlaps}
            self.told += len(found)
            self.same(f"told on saving {entry.start}", found, wanted)

    def same(self, what: str, found: object, wanted: object) -> None:
        if found != wanted:
            self.wrong.append(f"{what}: {found}, not {wanted}")

    def by_staff(self) -> dict[tuple[str, int], dict[frozenset[bytes], int]]:
        """By person and day: the pairs of entries that share seconds."""
        found: dict[tuple[str, int], dict[frozenset[bytes], int]] = defaultdict(dict)
        for piece in self.pieces.values():
            for key, shared in self.beside(piece).items():
                found[piece.staff, piece.day][frozenset((piece.key, key))] = shared
        return found

    # -- the month -------------------------------------------------------------------------------------------

    def month(self, result: MonthResult) -> None:
        """One patient's minutes, what is said of overlaps, and what is billed."""
        mine = [one for one in self.pieces.values() if one.patient == result.facts.key]
        taken = _by_day(one for one in mine if one.in_visit)
        wanted_rows: set[bytes] = set()
        lines = {line.program: line for line in result.lines}
        whole = Fraction()
        for program in PROGRAMS:
            kept = [one for one in mine if one.program == program and not one.in_visit]
            if not kept:
                continue
            total, own = _seconds(kept, taken, None), _seconds(kept, taken, DOCTOR)
            minutes = result.minutes.get(program)
            told = None if minutes is None else (minutes.staff, minutes.practitioner)
            self.same(f"{result.facts.mrn} {program}", told, (int((total - own) // 60), int(own // 60)))
            for one in kept:
                free = one.bits & ~taken[one.day]
                others = (other.bits for other in kept if other.day == one.day and other.key != one.key)
                if one.bits != free or free & reduce(or_, others, 0):
                    wanted_rows.add(one.key)
            if program in lines:
                whole += total
                taken = _by_day(kept, taken)
        noted = {key for note in result.warnings if note.rule == "overlap" for key in note.rows}
        self.same(f"{result.facts.mrn} entries that overlap", noted, wanted_rows)
        billed = [one for one in mine if one.program in lines and not one.in_visit]
        in_all = sum(max(line.minutes or 0 for line in result.lines if line.program == one) for one in lines)
        there = sum(bits.bit_count() for bits in _by_day(billed).values())
        if 60 * in_all > min(whole, there):
            self.wrong.append(f"{result.facts.mrn}: {in_all} min are billed, and {there} s were worked")
        self.billed += in_all
        self.naive += sum(one.bits.bit_count() // one.size for one in billed) // 60 - in_all

    def close(self, clinic: Clinic, names: dict[str, str], billed: set[bytes]) -> None:
        """The close list names every pair of one person's entries for two patients of whom one is billed."""
        pairs = {
            pair: (staff, seconds)
            for (staff, _), found in self.by_staff().items()
            for pair, seconds in found.items()
            if len({self.pieces[key].patient for key in pair}) == 2
        }
        told = clinic.read(month_overlaps, MONTH)
        found = {
            frozenset((one.first, one.second)): (one.staff_name, int((one.end - one.start).total_seconds()))
            for one in told
        }
        self.same("month_overlaps", len(told), len(found))
        self.same("overlaps of the month", found, {key: (names[who], n) for key, (who, n) in pairs.items()})
        stands = [one for one in clinic.read(what_stands, MONTH) if one.kind == "overlap"]
        for pair, (staff, _) in pairs.items():
            if not billed & {self.pieces[key].patient for key in pair}:
                continue
            self.pairs += 1
            if any(pair <= set(one.rows) and one.says.startswith(names[staff]) for one in stands):
                self.named += 1
            else:
                self.wrong.append(f"not in the close list: {staff} {sorted(pair)}")
        real = {key for pair in pairs for key in pair}
        self.same("rows of the close list", {key for one in stands for key in one.rows} - real, set())

    def days(self, people: dict[str, Clinic]) -> None:
        """Each person's day review shows the pairs of the day."""
        for (staff, day), wanted in self.by_staff().items():
            on = date(1970, 1, 1) + timedelta(days=day)
            found = {
                frozenset((one.earlier.id, one.later.id)): one.seconds
                for one in people[staff].read(my_day, on).overlaps
            }
            self.same(f"{staff} on {on}", found, wanted)


def _by_day(pieces: Any, before: dict[int, int] | None = None) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int, before or {})
    for one in pieces:
        found[one.day] |= one.bits
    return found


def _seconds(pieces: list[Piece], taken: dict[int, int], staff: str | None) -> Fraction:
    """The seconds in which somebody (or a person) worked: each once, and with the largest share that it had."""
    total = Fraction()
    for day in {one.day for one in pieces}:
        used = taken.get(day, 0)
        for size in sorted({one.size for one in pieces}):
            bits = reduce(
                or_,
                (
                    one.bits
                    for one in pieces
                    if one.day == day and one.size == size and staff in (None, one.staff)
                ),
                0,
            )
            total += Fraction((bits & ~used).bit_count(), size)
            used |= bits
    return total


def people_of(path: Any) -> tuple[dict[str, Clinic], dict[str, str]]:
    """Three nurses and the practitioner who bills, each with the file open; and their names."""
    clinic = reopened(path, clock=FrozenClock(AFTER))
    clinic.run(
        add_staff, username=DOCTOR, name="Amy Levin", credential="MD", os_user=DOCTOR,
        roles=frozenset({"care-manager", "clinician"}), may_bill=True,
    )  # fmt: skip
    for name in NURSES:
        clinic.run(
            add_staff, username=name, name=f"Nurse {name}", credential="RN", os_user=name,
            roles=frozenset({"care-manager"}),
        )  # fmt: skip
    names = {DOCTOR: "Amy Levin", **{name: f"Nurse {name}" for name in NURSES}}
    people = {name: reopened(path, os_name=name, clock=FrozenClock(AFTER)) for name in names}
    return {**people, "dana": clinic}, names


def admit(clinic: Clinic, number: int) -> bytes:
    """Somebody who agreed to both programs and is enrolled in them for the whole month."""
    key: bytes = clinic.run(
        add_patient, family=f"Weiss {number}", mrn=f"W-{number}", birth_date="1948-02-11", payer="Medicare",
        mbi="1EG4TE5MK73", billing_practitioner=DOCTOR,
    ).id  # fmt: skip
    for name, code in (("Diabetes", "E11.9"), ("Heart failure", "I50.32"), ("Depression", "F32.9")):
        clinic.run(add_condition, key, display=name, code=code, system="icd-10-cm", chronic=True)
    for program in PROGRAMS:
        clinic.run(
            record_consent, key, program=program, decision="accepted", date=date(2026, 9, 1), mode="verbal",
            points=POINTS,
        )  # fmt: skip
        clinic.run(enroll, key, program=program, start=date(2026, 9, 1))
    return key


def work(random: Random, people: dict[str, Clinic], patients: list[bytes], count: int, book: Book) -> None:
    """Logs entries that lie over each other in a few days of the month; some are moved or struck out afterwards."""
    last: tuple[datetime, datetime, bytes] | None = None
    while len(book.pieces) < count:
        day = datetime(2026, 10, random.choice((5, 6, 7, 8, 29)), 14, 0, tzinfo=UTC)
        start = day + timedelta(seconds=random.randrange(0, 28_000))
        end = start + timedelta(seconds=PARTS * random.randint(1, 400))
        patient, staff = random.choice(patients), random.choice((*NURSES, DOCTOR))
        if (
            last is not None and random.random() < 0.35
        ):  # the same call again: by a colleague, or for the other program
            start, end, patient = last
            start += timedelta(seconds=PARTS * random.randint(0, 20))
            end = max(
                start + timedelta(seconds=PARTS), end + timedelta(seconds=PARTS * random.randint(-9, 9))
            )
        form: dict[str, Any] = {"mode": "phone", "outcome": "reached", "program": random.choice(PROGRAMS)}
        form |= {"at": start, "start": start, "end": end, "in_billed_visit": random.random() < 0.05}
        clinic = people[staff]
        if random.random() < 0.1:
            some = random.sample(patients, random.choice((2, 3)))
            for logged in clinic.run(log_group, some, **form):
                book.saved(logged, staff)
        else:
            book.saved(clinic.run(log_contact, patient, **form), staff)
        last = start, end, patient
        old = book.pieces[random.choice(list(book.pieces))]
        if random.random() < 0.04:
            clinic.run(strike_entry, old.key, "logged twice")
            del book.pieces[old.key]
        elif random.random() < 0.04 and old.group is None:
            moved = clinic.run(edit_entry, old.key, None, why="the wrong hour", start=start, end=end)
            book.enter(moved, old.staff)


def run(entries: int = 10_000, files: int = 20) -> Outcome:
    books = []
    for number in range(files):
        book, random = Book(), Random(number)
        with hurt_me() as path:
            people, names = people_of(path)
            patients = [admit(people["dana"], one) for one in range(random.randint(4, 9))]
            work(random, people, patients, entries // files, book)
            results = people["dana"].read(month_view, MONTH).patients
            for result in results:
                book.month(result)
            book.close(people["dana"], names, {one.facts.key for one in results if one.lines})
            book.days(people)
            for clinic in people.values():
                clinic.close_here()
        books.append(book)
    wrong = [sentence for book in books for sentence in book.wrong]
    figures = {
        "files": files,
        "entries": sum(len(book.pieces) for book in books),
        "told_on_saving": sum(book.told for book in books),
        "pairs_for_two_patients": sum(book.pairs for book in books),
        "named_by_the_close_list": sum(book.named for book in books),
        "minutes_billed": sum(book.billed for book in books),
        "minutes_that_a_plain_sum_would_add": sum(book.naive for book in books),
        "wrong": len(wrong),
        "error": "; ".join(wrong[:3]),
    }
    met = figures["told_on_saving"] and figures["pairs_for_two_patients"] and figures["minutes_billed"]
    return Outcome(not wrong and bool(met), figures)
