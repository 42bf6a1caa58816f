"""The real program on a small clinic of its own, for tests that hurt its terminal: forms, drafts, its work."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from cmp_tui.clinic.opening import make_clinic, open_clinic
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import Contact
from cmp_tui.patients.actions import add_patient
from cmp_tui.tables import TABLES
from cmp_tui.tasks.actions import add_task
from tests.terminal import Terminal

PATIENTS = 25
FIRST_ROW = re.compile(r"▌\S? *▲? *overdue")
PATIENCE = 120.0
"""Seconds after which a wait is a failure: the machine may be very busy."""

DEAF = (
    "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN);"
    "{block} os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)
IGNORES = DEAF.format(block="")
"""What nohup and wrappers do: the program starts with SIGHUP ignored."""
BLOCKS = DEAF.format(block="signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGHUP]);")
"""A program that is not told at all that its terminal has gone: no signal comes through."""


class Running:
    """A program in a terminal, on a copy of the clinic that nobody else has open."""

    def __init__(self, made: Path, folder: Path, size: tuple[int, int], through: str) -> None:
        self.file = folder / "clinic.cmp"
        shutil.copyfile(made, self.file)
        self.file.chmod(0o600)
        command = [sys.executable, *(("-c", through) if through else ()), "-m", "cmp_tui.cli"]
        env = {"CMP_TUI_DB": str(self.file), "XDG_CONFIG_HOME": str(folder / "config")}
        self.terminal = Terminal.start(command, columns=size[0], rows=size[1], env=env)

    def __enter__(self) -> Self:
        self.terminal.wait(FIRST_ROW, PATIENCE)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.terminal.close()

    def open_form(self) -> None:
        """Opens the contact form of the first patient and goes to its first field for text, Why."""
        self.terminal.send(b"c\t\t\t")
        self.terminal.wait("ctrl+j starts a new line", PATIENCE)

    def written(self, begins: str) -> str:
        """What the file holds of a text that begins so: in a draft, or in the contact that it became."""
        clinic = open_clinic(self.file, TABLES)
        try:
            texts = [text for one in clinic.kept("draft") for text in one.data["typed"].values()]
            texts += clinic.read(_whys)
        finally:
            clinic.close_here()
        found = [text for text in texts if isinstance(text, str) and text.startswith(begins)]
        return max(found, key=len, default="")

    def state(self) -> str:
        """The process's state as the kernel tells it: T is stopped, Z has ended; Z where there is no /proc."""
        return self._facts()[0]

    def work(self) -> float:
        """Seconds of processor time that the program has used."""
        facts = self._facts()
        return (int(facts[11]) + int(facts[12])) / os.sysconf("SC_CLK_TCK") if len(facts) > 12 else 0.0

    def wait_state(self, state: str, seconds: float = PATIENCE, *, reads: bool = True) -> float:
        """Waits for a state; returns after how many seconds it was there. Fails when it does not come.

        Without `reads` nobody takes what the program writes meanwhile.
        """
        began = time.monotonic()
        while self.state() != state:
            if reads:
                self.terminal.settle(0.005, 0.05)
            time.sleep(0.005)
            assert time.monotonic() - began < seconds, f"not in state {state} in {seconds} s: {self.state()}"
        return time.monotonic() - began

    def _facts(self) -> list[str]:
        try:
            line = Path(f"/proc/{self.terminal.pid}/stat").read_text()
        except OSError:
            return ["Z"]
        return line.rpartition(")")[2].split()


class Clinics:
    """A small clinic, made once; each program that is started has its own copy."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._made = folder / "made.cmp"
        clinic = make_clinic(
            self._made,
            TABLES,
            admin={"username": "dana", "name": "Dana Ruiz", "credential": "RN"},
            settings={"name": "Lakeside", "time_zone": "America/Chicago"},
        )
        yesterday = clinic.clock.today(ZoneInfo("America/Chicago")) - timedelta(days=1)
        for number in range(PATIENTS):
            patient = clinic.run(add_patient, family=f"Okafor-{number}", given="James", phone="555-0100")
            clinic.run(add_task, title="call back", due=yesterday, patient=patient.id)
        clinic.close_here()

    def start(self, size: tuple[int, int] = (120, 36), through: str = "") -> Running:
        """Starts the program; `through` is Python that becomes it in the end."""
        self._count += 1
        folder = self._folder / str(self._count)
        folder.mkdir()
        return Running(self._made, folder, size, through)


@contextmanager
def clinics() -> Iterator[Clinics]:
    """A small clinic in a folder that goes away."""
    folder = Path(tempfile.mkdtemp(prefix="cmp-tui-terminal-"))
    try:
        yield Clinics(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def share(parts: Sequence[float], place: float) -> float:
    """The value below which this share of some numbers lies."""
    ordered = sorted(parts)
    return ordered[min(len(ordered) - 1, int(place * len(ordered)))]


def _whys(scope: Scope) -> list[str]:
    newest = Contact.select(Contact.why).order_by(Contact.signed_at.desc(), Contact.id.desc()).limit(5)
    return [why or "" for (why,) in newest.tuples()]
