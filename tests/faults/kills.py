"""Writers are killed at random moments: no acknowledged change is lost, none is doubled, the chain holds (row 10)."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from random import Random
from typing import Any

from cmp_tui.clinic.errors import Invalid
from tests.faults.common import (
    PATIENTS,
    START,
    Outcome,
    book,
    books,
    hurt_me,
    keys_of_phones,
    reopened,
)


def work(number: int, path: Path, log: Path) -> None:
    """Saves without end. Its log has a line `try KEY` before each save and `ack KEY` after it.

    It begins with the save that was under way when the one before it was killed: a retry with the same key.
    """
    random = Random()
    clinic = reopened(path)
    tried = log.read_text().split("\n")[:-1] if log.exists() else []
    handle = os.open(log, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
    again = bytes.fromhex(tried[-1][4:]) if tried and tried[-1].startswith("try ") else None
    while True:
        key = again or clinic.new_id()
        if again is None:
            os.write(handle, f"try {key.hex()}\n".encode())
        try:
            clinic.run(book, str(random.randrange(PATIENTS)), key)
            word = "ack"
        except Invalid as told:  # it had been saved, and the answer was lost with the killed process
            word = "was" if again and set(told.fields) == {"id"} else "bad"
        os.write(handle, f"{word} {key.hex()}\n".encode())
        again = None


def run(kills: int = 40, writers: int = 4, seed: int = 1) -> Outcome:
    random, checks, bad_checks = Random(seed), 0, 0
    with hurt_me() as path:
        logs = [path.with_name(f"log-{number}") for number in range(writers)]
        running: list[Any] = [START.Process(target=work, args=(n, path, logs[n])) for n in range(writers)]
        for process in running:
            process.start()
        for killed in range(kills + writers):
            time.sleep(random.uniform(0.01, 0.25))
            number = random.randrange(writers) if killed < kills else killed - kills
            os.kill(running[number].pid, signal.SIGKILL)
            running[number].join()
            if killed < kills:
                running[number] = START.Process(target=work, args=(number, path, logs[number]))
                running[number].start()
        clinic = reopened(path)
        checks += 1
        found = clinic.verify()
        there = clinic.read(keys_of_phones)
        counted, rows = clinic.read(books)
        clinic.close_here()
        lines = [line.split() for log in logs for line in log.read_text().splitlines()]
    acknowledged = {bytes.fromhex(key) for word, key in lines if word in ("ack", "was")}
    tried = {bytes.fromhex(key) for word, key in lines if word == "try"}
    figures = {
        "kills": kills,
        "acknowledged": len(acknowledged),
        "lost": len(acknowledged - there),
        "never_tried": len(there - tried),
        "saved_but_not_answered": len(there - acknowledged),
        "answered_at_the_second_try": sum(word == "was" for word, _ in lines),
        "wrong_answers": sum(word == "bad" for word, _ in lines),
        "books_differ_by": counted - rows,
        "findings": len(found) + bad_checks,
    }
    held = acknowledged <= there <= tried and counted == rows and not found and not figures["wrong_answers"]
    return Outcome(held and len(acknowledged) > kills, figures)
