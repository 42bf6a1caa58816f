"""Ten kinds of tampering with the file: each is named against a head kept outside; no false alarm (row 51)."""

from __future__ import annotations

import shutil
from random import Random

from cmp_tui.clinic.audit import audit_head
from tests.faults.common import PATIENTS, Outcome, book, hurt_me, reopened
from tests.tampers import NEEDS_HEAD, TAMPERS, behind_the_back


def run(each: int = 5, untouched: int = 20, seed: int = 1) -> Outcome:
    random, missed, without_head, alarms = Random(seed), [], 0, 0
    with hurt_me() as path:
        clinic = reopened(path)
        for number in range(60):
            clinic.run(book, str(number % (PATIENTS - 5)), clinic.new_id())
            if number % 5 == 0:
                clinic.look("list", rows=number)
        for _ in range(5):
            clinic.look("search", results=1)
        head = clinic.read(audit_head)
        clinic.close_here()
        copy = path.with_name("hurt.cmp")
        for number in range(untouched + each * len(TAMPERS)):
            shutil.copyfile(path, copy)
            tamper = TAMPERS[number % len(TAMPERS)] if number >= untouched else None
            if tamper:
                with behind_the_back(copy) as connection:
                    tamper(connection, random)
            hurt = reopened(copy)
            found = hurt.verify(head)
            without_head += bool(tamper and hurt.verify())
            hurt.close_here()
            copy.unlink()
            if tamper and not found:
                missed.append(tamper.__name__)
            alarms += bool(found and not tamper)
    tampers = each * len(TAMPERS)
    figures = {
        "kinds": len(TAMPERS),
        "tampers": tampers,
        "named": tampers - len(missed),
        "named_without_a_head_outside": without_head,
        "untouched": untouched,
        "false_alarms": alarms,
        "missed": sorted(set(missed)),
    }
    return Outcome(not missed and not alarms and without_head == tampers - each * len(NEEDS_HEAD), figures)
