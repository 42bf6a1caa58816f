"""The disk runs full: nothing that was acknowledged is lost, a sentence says so, and it goes on after (row 13).

A limit on the size of files stands for the full disk, so that it needs no rights.
"""

from __future__ import annotations

import resource
from pathlib import Path
from random import Random
from typing import Any

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.file import copy_to
from cmp_tui.patients.model import Patient
from tests.faults.common import PATIENTS, Outcome, add_big, book, books, hurt_me, processes, reopened


def limit(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def work(number: int, path: Path) -> dict[str, Any]:
    random = Random(number)
    clinic = reopened(path)
    clinic.keep("draft", "form", {"note": "kept before"})
    limit(path.stat().st_size + random.choice((4_096, 10_000, 33_000, 100_000, 400_000)))
    saved = big = told = 0
    bad = ""

    def attempt(kind: int) -> None:
        nonlocal saved, big
        if kind == 0:
            clinic.run(add_big, f"{number}-{big}")
            big += 1
        elif kind == 1:
            clinic.keep("draft", f"other-{random.random()}", {"note": "y" * 20_000})
        else:
            clinic.run(book, str(random.randrange(PATIENTS)), clinic.new_id())
            saved += 1

    for _ in range(3000):
        try:
            attempt(random.randrange(5))
        except Stopped as stopped:
            told += 1
            if "The disk is full or can't be written" not in str(stopped):
                bad = str(stopped)
            if told > 5:
                break
    limit(50_000)
    try:
        copy_to(clinic._database, path.with_name("copy.cmp"))
        bad = "a copy was made on a full disk"
    except Stopped as stopped:
        bad = bad if "can't be written" in str(stopped) else str(stopped)
    left = [found.name for found in path.parent.iterdir() if "copy" in found.name]
    counted, there = clinic.read(books)
    lost = saved - there + PATIENTS + big - clinic.read(lambda scope: Patient.live().count())
    draft = any(each.key == "form" and each.data == {"note": "kept before"} for each in clinic.kept("draft"))
    limit(resource.RLIM_INFINITY)
    clinic.run(book, "0", clinic.new_id())
    found = clinic.verify()
    clinic.close_here()
    wrong = bool(bad or left or lost or found or counted != there or not draft or not told)
    return {
        "saved": saved + big,
        "told": told,
        "lost": lost,
        "errors": int(wrong),
        "error": bad or str(left or found or ""),
    }


def run(trials: int = 8) -> Outcome:
    reports = []
    for number in range(trials):
        with hurt_me() as path:
            reports += processes(_numbered, 1, number, path)
    figures = {
        "trials": trials,
        "acknowledged": sum(report.get("saved", 0) for report in reports),
        "told": sum(report.get("told", 0) for report in reports),
        "lost": sum(report.get("lost", 0) for report in reports),
        "errors": sum(report["errors"] for report in reports),
        "error": next((report["error"] for report in reports if report["error"]), ""),
    }
    return Outcome(figures["errors"] == 0 and figures["lost"] == 0 and figures["told"] > 0, figures)


def _numbered(_: int, number: int, path: Path) -> dict[str, Any]:
    return work(number, path)
