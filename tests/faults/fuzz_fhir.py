"""FHIR files with anything in them: no traceback, no hang, little memory, and each reject names its file (row 39).

Bundles with places dropped or filled with strange values, bytes replaced, and the classics: 100,000 levels, NaN, keys
that stand twice, endless numbers, lone surrogates, bombs. Each goes through `import fhir --yes` into a clinic file,
whose records are then read as the screens read them.
"""

from __future__ import annotations

import copy
import gzip
import json
import os
import resource
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from cmp_tui.chart.queries import head
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.patients.queries import conditions, patient_card
from cmp_tui.queue.queries import page
from tests.faults.common import Outcome, command, keys_of_patients, percentile, practice, processes, standing

FIXTURES = Path(__file__).parents[1] / "fixtures" / "fhir"
PATIENT = b'{"resourceType":"Patient","id":"good","name":[{"family":"Weiss"}]}'
STRANGE: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**25, -(10**400), 1e308, "", " ", "\ud800", "\x1b[31m\x00", "x" * 9000, "1938",
    "1938-99", "2020-02-30", "2020-01-01T24:00:60Z", "2020-01-01T25:61:61+99:99", "0000-00-00",
    "9999-12-31T23:59:59-14:00", "#m", "#", "?", "Practitioner?identifier=%00|\ud800", "Patient/",
    "urn:uuid:", "http://x/Patient/1/_history/2", "[/foo]", [], {}, [[]], [None], ["text"], [{}],
    {"a": {"b": []}}, [{"coding": "x"}, 3], {"reference": 5, "identifier": [], "display": {}},
    {"value": "1e400", "unit": ["mg"]}, {"start": "2020", "end": 5},
    {"coding": [{"system": None, "code": {}}]}, "٣", "²",
)  # fmt: skip
SLOW = 5.0
"""Seconds that count as a hang."""
MOST_MB = 512


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) in a JSON value."""
    found, heap = [], [value]
    while heap:
        each = heap.pop()
        for key, child in list(each.items()) if isinstance(each, dict) else list(enumerate(each)):
            found.append((each, key))
            if isinstance(child, dict | list):
                heap.append(child)
    return found


def mutated(random: Random, text: str) -> bytes:
    """A bundle with some places dropped, filled or doubled; or with some bytes replaced. Most are of someone else."""
    if random.random() < 0.8:
        text = text.replace("00000000-0000-4000-8000-", f"{random.getrandbits(32):08x}-0000-4000-8000-")
        text = text.replace('"10017"', f'"{random.getrandbits(32)}"')
    bundle = json.loads(text)
    for _ in range(random.choice((1, 2, 3, 12))):
        container, key = random.choice(places(bundle) or [({"x": 1}, "x")])
        turn = random.random()
        if turn < 0.3:
            del container[key]
        elif turn < 0.9 or not isinstance(container, list):
            container[key] = copy.deepcopy(random.choice(STRANGE))
        else:
            container.extend(copy.deepcopy(container))
    data = json.dumps(bundle, indent=random.choice((None, 1))).encode()
    if random.random() < 0.3:
        at = random.randrange(len(data))
        data = data[:at] + random.randbytes(random.randint(0, 6)) + data[at + random.randint(0, 30) :]
    return data


def named(random: Random, data: bytes) -> tuple[str, bytes]:
    """The data under a name of a kind that it may or may not be of."""
    kind = random.choice((".json", ".json", ".json", ".ndjson", ".json.gz", ".ndjson.gz"))
    if kind.startswith(".ndjson"):
        try:
            entries = json.loads(data)["entry"]
            data = b"".join(json.dumps(each.get("resource")).encode() + b"\n" for each in entries)
        except (ValueError, KeyError, TypeError, AttributeError):
            pass
    if kind.endswith(".gz"):
        data = gzip.compress(data)[: None if random.random() < 0.8 else -9]
    return kind, data


def classics() -> Iterator[tuple[str, bytes, bool]]:
    """Names, bytes, and whether something of them must be rejected."""
    around = b'{"resourceType":"Patient","id":"p","name":[{"family":"Weiss"}],%s}'
    yield "deep.json", b"[" * 100_000, True
    yield "deep_patient.json", around % (b'"contact":' + b'{"a":' * 100_000), True
    yield "deep_closed.json", around % (b'"x":' + b"[" * 100_000 + b"]" * 100_000), True
    yield "deep.ndjson", PATIENT + b"\n" + b"[" * 100_000 + b"\n" + PATIENT + b"\n", True
    yield "nan.json", around % b'"x":NaN,"y":-Infinity', True
    yield "twice.json", around % b'"gender":"male","gender":"female"', False
    yield "integer.json", around % (b'"x":' + b"9" * 1_000_000), True
    yield "fraction.json", around % (b'"x":0.' + b"9" * 1_000_000), True
    yield "power.json", around % b'"x":1e999999999,"y":-1E-999999999', True
    yield "surrogate.json", around % b'"gender":"\\ud800"', False
    yield "partial.json", around % b'"birthDate":"1938"', False
    yield "wide.json", PATIENT.decode().encode("utf-16"), False
    yield "latin.json", '{"resourceType":"Patient","id":"é"}'.encode("latin-1"), True
    yield "empty.json", b"", True
    yield "nul.json", b"\0" * 100_000, True
    yield "cut.json", (FIXTURES / "transaction.json").read_bytes()[:7000], True
    yield "string.json", b'{"resourceType":"Patient","id":"' + b"x" * 5_000_000, True
    yield "lines.ndjson", b"\n" * 3_000_000 + PATIENT, False
    yield "many.json", around % (b'"name":[' + b"{}," * 300_000 + b"{}]"), False
    bomb = zlib.compressobj(9, wbits=31)
    parts = [bomb.compress(b" " * (1 << 20)) for _ in range(300)]
    packed = bomb.compress(b"[") + b"".join(parts) + bomb.flush()
    yield "bomb.json.gz", packed, True
    yield "bomb.ndjson.gz", packed, True
    yield "matryoshka.json.gz", gzip.compress(gzip.compress(PATIENT)), True
    yield "cut.json.gz", gzip.compress(PATIENT * 1000)[:-30], True
    yield "tail.json.gz", gzip.compress(PATIENT) + b"rubbish", True
    yield "not.json.gz", PATIENT, True


class Watch:
    """What the command said to each file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files = self.rejects = self.tracebacks = self.unnamed = self.hangs = 0
        self.times: list[float] = []
        self.wrong: list[str] = []

    def bring(self, file: Path, must_reject: bool = False) -> None:
        self.files += 1
        began = time.perf_counter()
        said = command(self.path, "import", "fhir", file, "--yes")
        took = time.perf_counter() - began
        self.times.append(took)
        told = said.told
        if said.status not in (0, 1) or "error of its own" in told or "Traceback" in told:
            self.tracebacks += 1
            self.note(file, told[-300:])
        if took > SLOW:
            self.hangs += 1
            self.note(file, f"took {took:.1f} s")
        if said.status == 1:
            self.rejects += 1
            named = file.name in told or "skipped" in told
            self.unnamed += not named
            if not named:
                self.note(file, f"is not named: {told[-300:]}")
        elif must_reject:
            self.note(file, f"was not rejected: {told[-300:]}")

    def note(self, file: Path, what: str) -> None:
        self.wrong.append(f"{file.name}: {what}")
        keep = os.environ.get("CMP_TUI_FUZZ_KEEP")
        if keep:
            (Path(keep) / file.name).write_bytes(file.read_bytes())


def read_all(clinic: Clinic, wrong: list[str]) -> int:
    """Reads every patient who came in, as a chart does."""
    keys = clinic.read(keys_of_patients)
    for key in keys:
        try:
            for query in (patient_card, conditions, head):
                clinic.read(query, key)
        except Exception as error:  # noqa: BLE001 - the chart would be gone
            wrong.append(f"a chart: {error!r}")
    clinic.read(page, "team")
    return len(keys)


def work(number: int, n: int, seed: int) -> dict[str, Any]:
    random = Random(seed * 1000 + number)
    whole = (FIXTURES / "transaction.json").read_text()
    with practice() as path:
        watch = Watch(path)
        if number == 0:
            for name, data, reject in classics():
                (path.parent / name).write_bytes(data)
                watch.bring(path.parent / name, reject)
            os.mkfifo(path.parent / "pipe.json")
            watch.bring(path.parent / "pipe.json", True)
        for each in range(n):
            kind, data = named(random, mutated(random, whole))
            file = path.parent / f"f{seed}-{number}-{each}{kind}"
            file.write_bytes(data)
            watch.bring(file)
            file.unlink()
        clinic = standing(path)
        patients = read_all(clinic, watch.wrong)
        watch.wrong += [f"verify: {finding.says}" for finding in clinic.verify()]
        clinic.close_here()
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    counts = {
        name: getattr(watch, name)
        for name in ("files", "rejects", "tracebacks", "unnamed", "hangs", "times", "wrong")
    }
    return {**counts, "patients": patients, "mb": own, "errors": 0}


def run(n: int = 80, procs: int = 2, seed: int = 1) -> Outcome:
    reports = processes(work, procs, n // procs, seed)
    died = [report["error"] for report in reports if report["errors"]]
    wrong = [*died, *(each for report in reports for each in report.get("wrong", ()))]
    times = [each for report in reports for each in report.get("times", ())] or [0.0]
    most = max(report.get("mb", 0) for report in reports)
    names = ("files", "patients", "rejects", "tracebacks", "unnamed", "hangs")
    figures = {
        **{name: sum(report.get(name, 0) for report in reports) for name in names},
        "p99_s": percentile(times, 0.99),
        "slowest_s": round(max(times), 2),
        "most_mb": most,
        "error": "; ".join(wrong[:8]),
    }
    return Outcome(not wrong and most <= MOST_MB, figures)
