"""Ten ways to alter a clinic file behind the program's back, for the tests of its audit chain.

Each takes an open driver connection without guards, and the numbers of the entries that were made for it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from sqlcipher3 import dbapi2 as driver

Tamper = Callable[[Any, Random], None]


@contextmanager
def behind_the_back(path: Path) -> Iterator[Any]:
    """Opens the file past the program, with its triggers out of the way."""
    connection = driver.connect(str(path), isolation_level=None)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    try:
        yield connection
    finally:
        for _, sql in triggers:
            connection.execute(sql)
        connection.close()


def _numbers(connection: Any, table: str = "audit", where: str = "1") -> list[int]:
    return [row[0] for row in connection.execute(f"SELECT rowid FROM {table} WHERE {where} ORDER BY rowid")]


def edit_entry(connection: Any, random: Random) -> None:
    """An entry names another person, moment, action or patient."""
    seq = random.choice(_numbers(connection))
    what = random.choice(
        ("who = randomblob(16)", "at = at + 60", "action = action || 's'", "patient = randomblob(16)")
    )
    connection.execute(f"UPDATE audit SET {what} WHERE seq = ?", (seq,))


def delete_middle(connection: Any, random: Random) -> None:
    """An entry is taken out, and the numbers after it are closed up or not."""
    seqs = _numbers(connection)
    seq = random.choice(seqs[1:-1])
    connection.execute("DELETE FROM image WHERE seq = ?", (seq,))
    connection.execute("DELETE FROM audit WHERE seq = ?", (seq,))
    if random.random() < 0.5:
        for later in range(seq + 1, seqs[-1] + 1):
            connection.execute("UPDATE audit SET seq = seq - 1 WHERE seq = ?", (later,))
            connection.execute("UPDATE image SET seq = seq - 1 WHERE seq = ?", (later,))


def cut_tail(connection: Any, random: Random) -> None:
    """The last looks are cut off, with nothing left of them: only a head that was kept outside shows it."""
    last = _numbers(connection)[-1]
    count = random.randint(1, 3)
    connection.execute("DELETE FROM audit WHERE seq > ?", (last - count,))


def rehash(connection: Any, random: Random) -> None:
    """An entry is altered and every hash from there on is made anew: only a head kept outside shows it."""
    seqs = _numbers(connection)
    seq = random.choice(seqs)
    connection.execute("UPDATE audit SET at = at - 3600 WHERE seq = ?", (seq,))
    prev = b""
    names = ("at", "who", "action", "patient", "facts", "content")
    for number in seqs:
        row = connection.execute(f"SELECT {', '.join(names)} FROM audit WHERE seq = ?", (number,)).fetchone()
        values = dict(zip(names, row, strict=True))
        text = json.dumps([number, values], sort_keys=True, separators=(",", ":"), default=bytes.hex)
        digest = hashlib.sha256(prev + text.encode()).digest()
        connection.execute("UPDATE audit SET prev = ?, hash = ? WHERE seq = ?", (prev, digest, number))
        prev = digest


def swap(connection: Any, random: Random) -> None:
    """Two entries change places."""
    first, second = random.sample(_numbers(connection), 2)
    for old, new in ((first, -1), (second, first), (-1, second)):
        connection.execute("UPDATE audit SET seq = ? WHERE seq = ?", (new, old))


def edit_row(connection: Any, random: Random) -> None:
    """A patient's row is edited by SQL."""
    row = random.choice(_numbers(connection, "patient"))
    what = random.choice(
        ("family = family || 'x'", "birth_date = '1950'", "version = version + 1", "deceased = 1")
    )
    connection.execute(f"UPDATE patient SET {what} WHERE rowid = ?", (row,))


def add_row(connection: Any, random: Random) -> None:
    """A patient is added by SQL."""
    row = random.choice(_numbers(connection, "patient"))
    columns = [found[1] for found in connection.execute("PRAGMA table_info(patient)")]
    others = ", ".join(name for name in columns if name not in ("id", "mrn"))
    connection.execute(
        f"INSERT INTO patient (id, mrn, {others}) SELECT randomblob(16), 'x' || mrn, {others} "
        "FROM patient WHERE rowid = ?",
        (row,),
    )


def remove_row(connection: Any, random: Random) -> None:
    """A patient is removed by SQL."""
    row = random.choice(_numbers(connection, "patient", "id NOT IN (SELECT patient_id FROM phone)"))
    connection.execute("DELETE FROM patient WHERE rowid = ?", (row,))


def alter_image(connection: Any, random: Random) -> None:
    """What a row was before is rewritten."""
    row = random.choice(_numbers(connection, "image", "before IS NOT NULL"))
    what = random.choice(
        ("before = replace(before, 'Okafor', 'Tran')", "after = randomblob(32)", "version = version + 1")
    )
    connection.execute(f"UPDATE image SET {what} WHERE rowid = ?", (row,))


def remove_image(connection: Any, random: Random) -> None:
    """What a row was before is removed."""
    row = random.choice(_numbers(connection, "image"))
    connection.execute("DELETE FROM image WHERE rowid = ?", (row,))


TAMPERS: tuple[Tamper, ...] = (
    edit_entry,
    delete_middle,
    cut_tail,
    rehash,
    swap,
    edit_row,
    add_row,
    remove_row,
    alter_image,
    remove_image,
)
NEEDS_HEAD = (cut_tail, rehash)
