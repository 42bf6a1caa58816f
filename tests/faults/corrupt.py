"""Bits, sectors, pages and the tail of the file are damaged: it is refused or the damage is named (row 15).

Damage in unused space changes nothing that anyone reads; it is counted apart.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.records import raw_rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.tables import TABLES
from tests.faults.common import PATIENTS, Outcome, book, hurt_me, reopened

KEY = "0f" * 32
PAGE = 4096


def bit(data: bytearray, random: Random) -> None:
    at = random.randrange(len(data))
    data[at] ^= 1 << random.randrange(8)


def sector(data: bytearray, random: Random) -> None:
    at = random.randrange(len(data) // 512) * 512
    data[at : at + 512] = random.randbytes(512)


def page(data: bytearray, random: Random) -> None:
    at = random.randrange(len(data) // PAGE) * PAGE
    data[at : at + PAGE] = random.choice((bytes(PAGE), random.randbytes(PAGE)))


def tail(data: bytearray, random: Random) -> None:
    del data[random.randrange(PAGE, len(data)) :]


DAMAGES = (bit, bit, sector, page, tail)


def everything(scope: Scope) -> Any:
    """All that people wrote, as it stands in the file."""
    return [sorted(raw_rows(table, *table._meta.sorted_field_names), key=repr) for table in TABLES]


def look(path: Path, key: str | None) -> tuple[bool, Any]:
    """Whether damage is named, and else what is read."""
    try:
        clinic = reopened(path, key)
    except Stopped:
        return True, None
    try:
        return bool(clinic.verify()), clinic.read(everything)
    except Stopped:
        return True, None
    finally:
        clinic.close_here()


def run(trials: int = 150, seed: int = 1) -> Outcome:
    random, errors, says = Random(seed), 0, ""
    counts = dict.fromkeys(("plain_named", "plain_unused_space", "plain_missed"), 0)
    counts |= dict.fromkeys(("locked_named", "locked_unused_space", "locked_missed"), 0)
    for key, share in ((None, trials * 2 // 3), (KEY, trials - trials * 2 // 3)):
        with hurt_me(key) as path:
            clinic = reopened(path, key)
            for number in range(120):
                clinic.run(book, str(number % PATIENTS), clinic.new_id())
            whole = clinic.read(everything)
            clinic.close_here()
            original = path.read_bytes()
            copy = path.with_name("hurt.cmp")
            for number in range(share):
                data = bytearray(original)
                DAMAGES[number % len(DAMAGES)](data, random)
                copy.write_bytes(data)
                try:
                    named, read = look(copy, key)
                except Exception as error:  # noqa: BLE001 - a traceback is counted
                    errors, says, named, read = errors + 1, repr(error), True, None
                word = "named" if named else "unused_space" if read == whole else "missed"
                counts[f"{'locked' if key else 'plain'}_{word}"] += 1
                for left in path.parent.glob("hurt.cmp*"):
                    left.unlink()
    figures = {"trials": trials, **counts, "tracebacks": errors, "error": says}
    missed = counts["plain_missed"] + counts["locked_missed"] + counts["locked_unused_space"]
    return Outcome(missed == 0 and errors == 0, figures)
