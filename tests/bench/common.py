"""What the benchmarks share: sizes, a figure, the programs that are measured, and sentences about numbers."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.file import remove_file
from cmp_tui.clinic.opening import make_clinic
from cmp_tui.tables import TABLES
from tests.bench.big_clinic import FROZEN, NOW, Shape, clinic_file
from tests.bench.meter import Answer, Meter

ROOT = Path(__file__).parents[2]


class Figure(NamedTuple):
    """One line of the table. `meets` says whether the aim is met; None when the line has no aim."""

    work: str
    figure: str
    floor: str = "–"
    ratio: str = "–"
    wrote: str = "–"
    aim: str = "–"
    meets: bool | None = None


class Size(NamedTuple):
    """How much is measured."""

    shape: Shape
    beside: Shape
    """The small clinic against which the app's memory is held."""
    log: int
    fhir_mb: float
    caseload_rows: int
    queries: int
    typed: int
    """Queries of the search that are typed into the running program."""
    steps: int
    runs: int


SIZES: Mapping[str, Size] = MappingProxyType(
    {
        "tiny": Size(Shape(600, 2), Shape(100, 1), 2_000, 1.5, 200, 60, 1, 4, 1),
        "small": Size(Shape(20_000, 50), Shape(1_000, 3), 100_000, 30, 20_000, 600, 15, 12, 5),
        "full": Size(Shape(100_000, 250), Shape(1_000, 3), 1_000_000, 60, 20_000, 2_000, 30, 15, 7),
    }
)


@dataclass(frozen=True)
class Bench:
    """One run of the benchmarks: its size, a folder for what it writes, and FHIR files of one's own, if any."""

    size: Size
    folder: Path
    fhir: Path | None = None

    def tell(self, text: str) -> None:
        """Says on standard error how far it is."""
        print(text, file=sys.stderr, flush=True)

    @property
    def clinic(self) -> Path:
        """The big clinic; made when there is none yet."""
        return clinic_file(self.size.shape, tell=self.tell)

    @property
    def beside(self) -> Path:
        """The small clinic."""
        return clinic_file(self.size.beside, tell=self.tell)

    @property
    def log_clinic(self) -> Path:
        """The clinic with very many time entries in one month."""
        shape = self.size.shape
        return clinic_file(Shape(shape.patients, shape.managers, self.size.log), tell=self.tell)

    def env(self) -> dict[str, str]:
        """Nobody's own settings decide a figure; the practice clinics stand at their moment."""
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        names = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
        return {**dict.fromkeys(names, str(home)), "CMP_TUI_NOW": FROZEN, "PYTHONPATH": str(ROOT)}

    def app(self, path: Path) -> Meter:
        """Starts the app on a clinic."""
        return Meter([*PROGRAM, "--db", str(path)], self.env(), ROOT)

    def bare(self, rows: int) -> Meter:
        """Starts the floor: a Textual app with one table."""
        return Meter([sys.executable, "-m", "tests.bench.bare", str(rows)], self.env(), ROOT)

    def command(self, path: Path, *arguments: str) -> tuple[float, Done]:
        """Runs a command of the program; returns its seconds from start to exit.

        Status 1 is allowed (an import names rows that it does not take). Raises RuntimeError when it fails.
        """
        said, complained = self.folder / "said.txt", self.folder / "complained.txt"
        with said.open("wb") as out, complained.open("wb") as err:
            began = time.perf_counter()
            child = subprocess.Popen(
                [*PROGRAM, "--db", str(path), *arguments],
                env={**os.environ, **self.env()},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )
            _, status, used = os.wait4(child.pid, 0)
            seconds = time.perf_counter() - began
            child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in (0, 1) or (child.returncode and not said.stat().st_size):
            words = (said.read_text() + complained.read_text())[-2000:]
            raise RuntimeError(f"{' '.join(arguments)} ended with {child.returncode}: {words}")
        return seconds, Done(said.read_text(), used.ru_maxrss / 1000)

    def knows(self, *command: str) -> bool:
        """Whether the program has a command."""
        asked = [*PROGRAM, *command, "--help"]
        done = subprocess.run(asked, env={**os.environ, **self.env()}, capture_output=True, check=False)
        return done.returncode == 0

    def empty_clinic(self) -> Path:
        """A new practice clinic with one person and nobody else, in place of an earlier one."""
        path = self.folder / "empty.cmp"
        remove_file(path)
        settings = {
            "name": "Lakeside",
            "time_zone": "America/Chicago",
            "practice": True,
            "practice_person": "dana",
        }
        admin = {"username": "dana", "name": "Dana Ruiz", "credential": "RN"}
        make_clinic(
            path, TABLES, admin=admin, settings=settings, clock=FrozenClock(NOW), os_name="dana"
        ).close_here()
        return path

    def repeat(
        self, once: Callable[[], float], floor: Callable[[], float], most: int = 7
    ) -> tuple[float, float]:
        """Medians of the work and of its floor, taken in turns (`most` times) after a round that does not count."""
        once(), floor()
        pairs = [(once(), floor()) for _ in range(min(most, self.size.runs))]
        return median(mine for mine, _ in pairs), median(other for _, other in pairs)


class Done(NamedTuple):
    """What a command printed, and the most memory that it held, in MB."""

    stdout: str
    peak_mb: float


PROGRAM = (sys.executable, "-m", "cmp_tui.cli")


def median(values: Iterable[float]) -> float:
    return statistics.median(list(values))


def share(values: Sequence[float], part: float) -> float:
    """The value below which a part of them lies (0.95: the 95th percentile)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def middle(answers: Sequence[Answer]) -> Answer:
    """The median of several answers, number by number."""
    columns = zip(*answers, strict=True)
    first, last, plain, deflated = (statistics.median(column) for column in columns)
    return Answer(first, last, int(plain), int(deflated))


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.1f} s"


def imported(done: Done) -> str:
    """What an import says of itself: "28 new patients; 3,380 rows added". Raises RuntimeError when it took nothing."""
    for line in done.stdout.splitlines():
        if line.startswith("Imported: "):
            return line.removeprefix("Imported: ").partition(" added")[0] + " added"
    raise RuntimeError(f"nothing was imported: {done.stdout[-1000:]}")


def fine(seconds: float) -> str:
    """Milliseconds with a decimal, for what takes few of them."""
    return f"{seconds * 1000:.1f} ms"


def kb(answer: Answer) -> str:
    """Bytes as written, and deflated as `ssh -C` does it."""
    return f"{answer.plain / 1000:.2g} kB ({answer.deflated / 1000:.2g} deflated)" if answer.plain < 10_000 else (
        f"{answer.plain / 1000:.0f} kB ({answer.deflated / 1000:.1f} deflated)"
    )  # fmt: skip


def times(mine: float, floor: float) -> str:
    return f"{mine / floor:.2f}×" if floor else "–"
