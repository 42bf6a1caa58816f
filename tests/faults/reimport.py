"""The same people imported again, shuffled and partly changed: no duplicates, nothing overwritten silently (row 41).

What changed at the source is listed and taken; what was edited here since stays and is named; what was struck out here
stays out.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from cmp_tui.clinic.scope import Scope
from cmp_tui.exchange.queries_known import MODELS
from cmp_tui.patients.actions import edit_patient, strike_record
from cmp_tui.patients.model import Condition, Patient
from tests.exchange.conftest import condition, observation, of, ruth
from tests.faults.common import FAMILIES, Outcome, command, practice, standing

Resource = dict[str, Any]
LANGUAGES = ("en", "es", "vi", "pl", "so")


def person(number: int) -> list[Resource]:
    """A patient with a telephone, two conditions, an allergy, a medicine, a visit and a value."""
    key, whose = f"p{number}", {"reference": f"Patient/p{number}"}
    return [
        ruth(
            key,
            name=[{"family": f"{FAMILIES[number % len(FAMILIES)]}", "given": [f"Ruth{'abcdefghij'[number % 10]}"]}],
            birthDate=f"19{30 + number % 50}-02-{1 + number % 27:02}",
            telecom=[{"system": "phone", "value": f"512555{number:04}"}],
        ),
        condition(f"{key}-c1", "E11.9", "Type 2 diabetes", subject=whose),
        condition(f"{key}-c2", "I10", "Hypertension", subject=whose),
        of("AllergyIntolerance", f"{key}-a", key, code={"text": "Penicillin"}),
        of(
            "MedicationRequest", f"{key}-m", key, status="active", intent="order",
            medicationCodeableConcept={"text": "metformin 500 mg"},
        ),
        observation(f"{key}-o", "4548-4", 7 + number % 3, "%", "2026-05-01T10:00:00Z", subject=whose),
    ]  # fmt: skip


def write(folder: Path, people: list[list[Resource]], random: Random) -> None:
    """Writes everybody into files of their own or into lines, in any order."""
    for old in folder.iterdir():
        old.unlink()
    everything = [list(each) for each in people]
    random.shuffle(everything)
    for resources in everything:
        random.shuffle(resources)
    half = len(everything) // 2
    for number, resources in enumerate(everything[:half]):
        bundle = {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": one} for one in resources],
        }
        (folder / f"{random.getrandbits(30)}-{number}.json").write_text(json.dumps(bundle))
    lines = [json.dumps(one) for resources in everything[half:] for one in resources]
    (folder / f"{random.getrandbits(30)}.ndjson").write_text("\n".join(lines))


def rows_of(scope: Scope) -> dict[str, int]:
    return {kind: model.live().count() for kind, model in MODELS.items()}


def by_source(scope: Scope) -> dict[str, tuple[str, int]]:
    """Each patient's name and language, and their version, by where they came from."""
    return {row.source: (f"{row.family} {row.given} {row.language}", row.version) for row in Patient.live()}


class Round:
    """One import, and what it said."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.before = json.loads(command(path, "import", "fhir", folder, "--json").out)
        said = command(path, "import", "fhir", folder, "--yes", "--json")
        self.status = said.status
        self.told = json.loads(said.out)

    def count(self, name: str) -> int:
        return sum(kind[name] for kind in self.told["counts"].values())


def run(people: int = 48, times: int = 4) -> Outcome:
    random, wrong, figures, touched = Random(41), [], Counter[str](), set[int]()
    with practice() as path:
        folder = path.parent / "in"
        folder.mkdir()
        everybody = [person(number) for number in range(people)]
        write(folder, everybody, random)
        first = Round(path, folder)
        clinic = standing(path)
        at_first = clinic.read(rows_of)
        if first.status or at_first["patient"] != people:
            wrong.append(f"the first import: {first.status} {at_first}")
        for turn in range(times):
            chosen = random.sample(sorted(set(range(people)) - touched), max(3, people // 12))
            changed, edited, struck = chosen[::3], chosen[1::3], chosen[2::3]
            touched.update(edited)
            write(folder, everybody, random)
            same = Round(path, folder)
            if same.status or same.told["imported"] or same.count("new") or same.count("changed"):
                wrong.append(f"turn {turn}, the same again: {same.told['counts']}")
            for number in (*changed, *edited):
                everybody[number][0]["communication"] = [
                    {"language": {"text": LANGUAGES[turn % len(LANGUAGES)]}, "preferred": True}
                ]
            for number in edited:
                clinic.run(edit_patient, _key(clinic, number), None, language=f"ours {turn}-{number}")
            for number in struck:
                gone = _condition(clinic, number)
                if gone is not None:
                    clinic.run(strike_record, "condition", gone, "not theirs")
            ours, alive = clinic.read(by_source), clinic.read(rows_of)
            write(folder, everybody, random)
            again = Round(path, folder)
            wrong += _judged(turn, again, clinic.read(by_source), ours, changed, edited)
            after = clinic.read(rows_of)
            if after != alive:
                wrong.append(f"turn {turn}: there are {after}, were {alive}")
            figures["imports"] += 2
            figures["changed_and_listed"] += again.told["counts"]["patient"]["changed"]
            figures["kept_as_here"] += again.told["counts"]["patient"]["kept"]
            figures["struck_stays_out"] += again.count("struck")
            kept = clinic.read(by_source)
            figures["overwritten"] += sum(
                f"ours {turn}-{number}" not in kept[f"Patient/p{number}"][0] for number in edited
            )
        duplicates = sum(clinic.read(rows_of).values()) - sum(at_first.values())
        findings = clinic.verify()
        clinic.close_here()
    held = not wrong and not figures["overwritten"] and duplicates <= 0 and not findings
    shown = {"people": people, "rows": sum(at_first.values()), **figures, "duplicates": max(0, duplicates)}
    shown |= {"overwritten": figures["overwritten"], "findings": len(findings), "error": "; ".join(wrong[:4])}
    return Outcome(held and figures["changed_and_listed"] > 0 and figures["kept_as_here"] > 0, shown)


def _key(clinic: Any, number: int) -> bytes:
    found: bytes = clinic.read(lambda scope: Patient.get(Patient.source == f"Patient/p{number}").id)
    return found


def _condition(clinic: Any, number: int) -> bytes | None:
    found = clinic.read(lambda scope: Condition.get_or_none(Condition.source == f"Condition/p{number}-c2"))
    return None if found is None or found.struck_at is not None else bytes(found.id)


def _judged(
    turn: int,
    again: Round,
    now: dict[str, tuple[str, int]],
    before: dict[str, tuple[str, int]],
    changed: list[int],
    edited: list[int],
) -> list[str]:
    """What is wrong with an import after changes there and here."""
    wrong = []
    if again.before["counts"] != again.told["counts"]:
        wrong.append(
            f"turn {turn}: the preview said {again.before['counts']}, done was {again.told['counts']}"
        )
    listed = {one["source"]: one for one in again.told["patients"]}
    written = {source for source in now if now[source] != before[source]}
    if written != {f"Patient/p{number}" for number in changed}:
        wrong.append(f"turn {turn}: written were {sorted(written)}")
    for number in changed:
        if listed[f"Patient/p{number}"]["state"] != "changed":
            wrong.append(f"turn {turn}: the change of p{number} is not listed")
    for number in edited:
        if not listed[f"Patient/p{number}"]["kept"]:
            wrong.append(f"turn {turn}: that p{number} stays as here is not said")
    return wrong
