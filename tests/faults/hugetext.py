"""Megabytes and a hundred thousand lines in one field: refused with their count, or kept whole (row 31).

By the actions, on the command line and in imports; the longest note that fits is shown by the program.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from cmp_tui.app import CmpApp
from cmp_tui.caseload.queries import page
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import ClinicError, Invalid
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import Contact
from cmp_tui.desk.actions import log_contact
from cmp_tui.patients.actions import add_allergy, add_patient, add_person, edit_patient
from cmp_tui.patients.model import Patient
from cmp_tui.patients.queries import find_patients
from cmp_tui.tasks.actions import add_task
from cmp_tui.ui.messages import OpenChart
from tests.app.driving import Driver
from tests.faults.common import Outcome, command, practice, standing

LIMIT = 4000
"""Characters of a line of the note."""


def shapes(mb: int) -> dict[str, str]:
    """Long texts of every kind that has made programs slow."""
    size = mb * 1_000_000
    return {
        "letters": "a" * size,
        "lines": "line\n" * 100_000,
        "empty lines": "x" + "\n" * 100_000 + "x",
        "one word": "pneumonoultramicroscopic" * (size // 24),
        "accents": "e" + "\u0301" * (size // 2),
        "accents and letters": "e\u0301" * (size // 3),
        "joined": "\U0001f469\u200d" * (size // 7),
        "wide": "田" * (size // 3),
        "controls": "\x1b[31m\x00" * (size // 6),
        "markup": "[/foo]" * (size // 6),
        "quotes": '"' * size,
        "spaces": "x" + " " * size + "x",
    }


class Watch:
    """What became of the texts, and how long it took."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.slowest = (0.0, "")
        self.wrong: list[str] = []

    def told(self, what: str, act: Callable[[], Any]) -> None:
        """A text that does not fit is refused in a sentence that counts it."""
        began = time.perf_counter()
        try:
            act()
        except ClinicError as error:
            said = " ".join(error.fields.values()) if isinstance(error, Invalid) else str(error)
            self.counts["refused_with_the_count"] += 1
            if "characters" not in said or len(said) > 500:
                self.wrong.append(f"{what}: {said[:80]}")
        except Exception as error:  # noqa: BLE001 - each is counted
            self.wrong.append(f"{what}: {error!r:.80}")
        else:
            self.wrong.append(f"{what}: was taken")
        self.took(what, began)

    def took(self, what: str, began: float) -> None:
        self.slowest = max(self.slowest, (time.perf_counter() - began, what))


def refused(clinic: Clinic, texts: dict[str, str], watch: Watch, patient: bytes) -> None:
    today = clinic.clock.now().date()
    for name, text in texts.items():
        run = partial(partial, clinic.run)
        acts: dict[str, Callable[[], Any]] = {
            "note": run(log_contact, patient, mode="phone", outcome="reached", did=text),
            "remarks": run(edit_patient, patient, None, remarks=text),
            "name": run(add_patient, family=text),
            "task": run(add_task, title=text, due=today, patient=patient),
            "allergy": run(add_allergy, patient, substance=text),
            "person": run(add_person, patient, name=text),
            "filter": partial(clinic.read, page, "mine", f"name:{text}"),
        }
        for field, act in acts.items():
            watch.told(f"{field}, {name}", act)
        began = time.perf_counter()
        try:
            clinic.read(find_patients, text[:100_000], 20)
        except ClinicError:
            watch.counts["refused_with_the_count"] += 1
        watch.took(f"search, {name}", began)


def kept_whole(clinic: Clinic, watch: Watch, patient: bytes) -> None:
    """What just fits is kept to the last character."""
    for text in (
        "x" * LIMIT,
        "x" + "\n" * (LIMIT - 2) + "y",
        "田" * LIMIT,
        "\n".join("x" * (LIMIT // 2)),
        "🇺🇸" * (LIMIT // 2),
    ):
        text = text[:LIMIT]
        logged = clinic.run(log_contact, patient, mode="phone", outcome="reached", did=text)
        stored = clinic.read(lambda scope, key: Contact.get(Contact.id == key).did, logged.contact.id)
        watch.counts["kept_whole"] += 1
        if stored != text:
            watch.wrong.append(f"a note of {len(text):,} characters is kept as {len(stored):,}")


def on_the_command_line(path: Path, watch: Watch, texts: dict[str, str]) -> None:
    for name in ("letters", "lines", "controls", "accents"):
        began = time.perf_counter()
        said = command(path, "log", "H1", "--minutes", "3", "--note", "-", stdin=texts[name].encode())
        watch.took(f"log --note -, {name}", began)
        watch.counts["refused_with_the_count"] += 1
        if said.status != 1 or "characters" not in said.told or len(said.told) > 1000:
            watch.wrong.append(f"log --note -, {name}: {said.status} {said.told[:100]}")


def in_imports(path: Path, watch: Watch, texts: dict[str, str]) -> None:
    """A bundle whose names and words are huge: nothing is cut without being told."""
    folder = path.parent / "in"
    folder.mkdir()
    for number, (name, text) in enumerate(texts.items()):
        patient = {
            "resourceType": "Patient",
            "id": f"p{number}",
            "name": [{"family": f"Weiss{number}", "given": [text]}],
        }
        condition = {
            "resourceType": "Condition",
            "id": f"c{number}",
            "subject": {"reference": f"Patient/p{number}"},
        }
        condition |= {"code": {"text": text}, "note": [{"text": text}]}
        entries = [{"resource": patient}, {"resource": condition}]
        file = folder / f"{number}.json"
        file.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
        began = time.perf_counter()
        said = command(path, "import", "fhir", file, "--yes")
        watch.took(f"import, {name}", began)
        watch.counts["imported"] += 1
        told = f"{file}:" in said.told or "Shortened to fit" in said.told
        if "error of its own" in said.told or not told or len(said.told) > 20_000:
            watch.wrong.append(f"import, {name}: {said.status} {said.told[-200:]}")


def longest(scope: Scope) -> int:
    """The longest text that any patient's or contact's column holds."""
    columns = (Contact.did, Patient.given, Patient.family, Patient.remarks)
    return max(len(value or "") for column in columns for (value,) in column.model.select(column).tuples())


async def shown(path: Path, watch: Watch, patient: bytes) -> None:
    """The chart with notes of four thousand lines opens and scrolls."""
    app = CmpApp(standing(path))
    async with app.run_test(size=(120, 36)) as pilot:
        person = Driver(pilot)
        await person.settle()
        began = time.perf_counter()
        app.post_message(OpenChart(patient, "calls"))
        await person.settle()
        for key in ("j", "j", "j", "right_curly_bracket", "enter", "escape"):
            await person.press(key)
        watch.took("the chart, seven keys", began)
        watch.counts["shown"] += "Calls" in person.text


def run(mb: int = 1) -> Outcome:
    watch, texts = Watch(), shapes(mb)
    with practice() as path:
        clinic = standing(path)
        patient = clinic.run(add_patient, family="Weiss", mrn="H1").id
        refused(clinic, texts, watch, patient)
        kept_whole(clinic, watch, patient)
        clinic.close_here()
        on_the_command_line(path, watch, texts)
        in_imports(path, watch, texts)
        asyncio.run(shown(path, watch, patient))
        clinic = standing(path)
        most = clinic.read(longest)
        clinic.close_here()
    figures = {
        "mb": mb,
        "texts": len(texts),
        **{
            name: watch.counts[name] for name in ("refused_with_the_count", "kept_whole", "imported", "shown")
        },
        "longest_kept": most,
        "slowest_s": round(watch.slowest[0], 2),
        "slowest": watch.slowest[1],
        "error": "; ".join(watch.wrong[:20]),
    }
    return Outcome(not watch.wrong and most <= LIMIT and watch.counts["shown"] == 1, figures)
