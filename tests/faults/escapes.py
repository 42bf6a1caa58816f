"""Control sequences in texts, arguments, imports, file names and settings: none of them reaches a terminal (row 29).

What commands write is looked at byte by byte; the program itself runs on a pseudo-terminal, where only the sequences
that a harmless clinic brings about may be seen, and none that carries a hostile text's mark ("PWN").
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from cmp_tui.clinic.staff import add_staff
from tests.faults.common import NOW, Outcome, command, practice, standing
from tests.hostile import Texts, crowd, escapes
from tests.terminal import Terminal

FIXTURES = Path(__file__).parents[1] / "fixtures" / "fhir"
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
"""In what a command writes into a pipe: everything but the newline."""
CLI = [sys.executable, "-c", "from cmp_tui.cli.main import main; main()"]

SEQUENCE = re.compile(
    r"\x1b\[(?P<csi>[<-?]?[0-9;:]*[ -/]*[@-~])|\x1b(?P<string>[\]P_^X])(?P<said>[^\x1b\x07\x9c]*)(?:\x1b\\|\x07|\x9c)"
    r"|\x1b(?P<other>.?)",
    re.DOTALL,
)
OWN_CSI = re.compile(
    r"[0-9;]*m|[0-9]*;?[0-9]*H|[0-9]* ?q|[0-9]*[ABCDGJK]|\?[0-9;]+[hl]|[<>=][0-9;]*u|\?[0-9]+\$p|\?u|>q"
)
OWN_OSC = re.compile(r"22;[a-z-]+")
"""What Textual says to a terminal: colours, the cursor, modes; the shape of the mouse."""
MARKED = re.compile("7317|^73;17m$|PWN")
STRAY = re.compile(
    "[\x00-\x06\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u2028\u202a-\u202e\u2066-\u2069]|[\x07\r](?=PWN)|\x08(?=\x08PWN)"
)


class Watch:
    """What was written, and which of it no data may bring about."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []

    def piped(self, where: str, data: bytes) -> None:
        """Looks at what a command has written where no terminal is."""
        self.counts["bytes"] += len(data)
        self.counts["marks"] += data.count(b"PWN")
        for found in CONTROL.finditer(data.decode("utf-8", "surrogateescape")):
            self.raw(where, found.string[max(0, found.start() - 10) : found.end() + 10])
        if b"an error of its own" in data or b"Traceback" in data:
            self.counts["tracebacks"] += 1
            self.wrong.append(f"{where}: {data[-200:]!r}")

    def painted(self, where: str, data: bytes) -> None:
        """Looks at what the program has written to its terminal."""
        self.counts["bytes"] += len(data)
        text = data.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
        self.counts["marks"] += text.count("PWN")
        for found in SEQUENCE.finditer(text):
            self.counts["sequences"] += 1
            if found["csi"] is not None:
                own = OWN_CSI.fullmatch(found["csi"]) and not MARKED.search(found["csi"])
            else:
                own = found["string"] == "]" and OWN_OSC.fullmatch(found["said"])
            if not own:
                self.raw(where, found.group()[:40])
        for found in STRAY.finditer(SEQUENCE.sub("", text)):
            self.raw(where, found.group())

    def raw(self, where: str, what: str) -> None:
        self.counts["raw"] += 1
        self.wrong.append(f"{where}: {what!r}")


# -- commands


def commands(texts: list[str], folder: Path) -> Iterator[tuple[str | Path, ...]]:
    """Commands with a hostile text for an argument."""
    kinds: tuple[tuple[str | Path, ...], ...] = (
        ("find", "{}"), ("month", "{}"), ("show", "{}"), ("log", "{}", "--minutes", "3"),
        ("log", "H0", "--note", "{}", "--program", "{}"), ("log", "H0", "--at", "{}"),
        ("log", "H0", "--mode", "{}"), ("task", "add", "{}", "--due", "{}"),
        ("task", "add", "{}", "--due", "fri", "--why", "{}"), ("task", "done", "{}"), ("staff", "add", "{}"),
        ("staff", "add", "ben", "--name", "{}", "--credential", "{}", "--role", "{}"),
        ("staff", "disable", "{}"), ("settings", "{}", "{}"), ("settings", "name", "{}"),
        ("settings", "time_zone", "{}"), ("queue", "--day", "{}"), ("queue", "--cover", "{}"),
        ("export", "time-log", "--month", "{}"), ("audit", "verify", "--head", "{}"),
        ("export", "time-log", "--month", "2026-11", "--staff", "{}"), ("export", "{}"), ("{}",), ("--{}",),
        ("find", "--{}"), ("export", "time-log", "--month", "2026-11", "--program", "{}"),
        ("timer", "start", "{}"), ("audit", "show", "--mrn", "{}"),
        ("export", "time-log", "--month", "2026-11", "-o", f"{folder}/{{}}.csv"),
        ("import", "fhir", f"{folder}/{{}}.json"),
        ("export", "time-log", "--month", "2026-11", "-o", f"{folder}/none/{{}}"),
        ("backup", f"{folder}/{{}}.cmp"), ("--db", f"{folder}/{{}}", "queue"), ("--theme", "{}", "queue"),
        ("import", "fhir", "{}", "--care-manager", "{}"),
    )  # fmt: skip
    for number, text in enumerate(texts):
        typed = text.replace("\0", "\1")  # no argument holds a NUL
        name = typed.replace("/", "_")
        line = kinds[number % len(kinds)]
        yield tuple(str(part).replace("{}", name if str(folder) in str(part) else typed) for part in line)


READS: tuple[tuple[str, ...], ...] = (
    ("queue", "--all"), ("queue", "--all", "--json"), ("find", "H"), ("find", "ana", "--json"),
    ("staff", "list", "--all"), ("staff", "list", "--json"), ("audit", "show"), ("audit", "verify"),
    ("task", "list"), ("task", "list", "--json"), ("settings",), ("month", "2026-11"),
    ("month", "2026-11", "--json"), ("timer", "status"),
    ("timer", "status", "--json"), ("undo",), ("export", "time-log", "--month", "2026-11", "--notes"),
    ("export", "time-log", "--month", "2026-11", "--notes", "--format", "json"),
)  # fmt: skip


def on_the_command_line(path: Path, watch: Watch, texts: list[str], mrns: list[str]) -> None:
    folder = path.parent / "files"
    folder.mkdir()
    shows = [("show", mrn, *more) for mrn in mrns for more in ((), ("--json",))]
    for line in [*READS, *shows, *commands(texts, folder)]:
        said = command(path, *line)
        watch.counts["commands"] += 1
        watch.piped(" ".join(map(repr, line)), said.out + said.err)
    for number, text in enumerate(texts[:20]):
        said = command(path, "queue", now=text.replace("\0", "\1"))
        watch.piped(f"CMP_TUI_NOW {number}", said.out + said.err)


# -- imports


def bundles(folder: Path, texts: list[str], count: int) -> None:
    """Bundles whose texts end in hostile ones, in files whose names do too."""
    random = Random(1)
    whole = json.loads((FIXTURES / "transaction.json").read_text())
    for number in range(count):
        made = _spoiled(whole, texts, random, (number % 4) / 10)
        name = texts[number % len(texts)].replace("/", "_").replace("\0", "\1")
        (folder / f"{number}{name}.json").write_text(json.dumps(made))
    (folder / f"cut{texts[4]}.json").write_text('{"resourceType": "Bun')
    (folder / f"other{texts[5]}.txt").write_text("hello")


def _spoiled(value: Any, texts: list[str], random: Random, share: float) -> Any:
    if isinstance(value, dict):
        return {name: _spoiled(part, texts, random, share) for name, part in value.items()}
    if isinstance(value, list):
        return [_spoiled(part, texts, random, share) for part in value]
    if isinstance(value, str) and random.random() < share:
        return value + random.choice(texts)
    return value


def on_import(path: Path, watch: Watch, texts: list[str], count: int) -> None:
    folder = path.parent / f"in{texts[4]}"
    folder.mkdir()
    bundles(folder, texts, count)
    for line in ((), ("--json",), ("--yes",), ("--yes",)):
        said = command(path, "import", "fhir", folder, *line)
        watch.piped(f"import fhir {line}", said.out + said.err)
        watch.counts["commands"] += 1
    for line in (("queue", "--all"), ("find", "ruiz"), ("audit", "show")):
        said = command(path, *line)
        watch.piped(f"{line} after the import", said.out + said.err)


# -- the program on a terminal


def on_a_terminal(path: Path, watch: Watch, texts: list[str]) -> None:
    """A walk through the screens, with hostile texts pasted into search, filter and a form."""
    settings = path.parent / "config" / "cmp-tui" / "settings.toml"
    settings.parent.mkdir(parents=True)
    keys = "\n".join(f"{json.dumps(text)} = {json.dumps(text)}" for text in texts[:6])
    settings.write_text(f"theme = {json.dumps(texts[3])}\n[keys]\n{keys}\n")
    env = {"CMP_TUI_NOW": NOW, "XDG_CONFIG_HOME": str(settings.parents[1])}
    with Terminal.start([*CLI, "--db", str(path)], env=env, columns=120, rows=36) as terminal:
        terminal.wait("78 F")
        for key, wanted in WALK:
            if key == "paste":
                pasted = " ".join(text.replace("\n", "") for text in texts[:5]).encode("utf-8", "replace")
                terminal.send(b"\x1b[200~" + pasted + b"\x1b[201~")
            else:
                terminal.press(key)
            terminal.wait(wanted)
            watch.counts["steps"] += 1
            if key == "escape":
                terminal.settle(0.15)  # or the next key would be one with alt
        terminal.press("ctrl+q")
        terminal.settle(0.2)
        watch.painted("the program", terminal.raw)
    settings.write_text(f"theme = {json.dumps(texts[3])[:-1]}")
    for line in (
        ("--db", str(path)),
        ("--db", str(path), "import", "fhir", str(path.parent / f"in{texts[4]}")),
    ):
        with Terminal.start([*CLI, *line], env=env, columns=120, rows=36) as terminal:
            terminal.settle(1.0)
            terminal.wait_end(20)
            watch.painted(f"{line[-2:]} on a terminal", terminal.raw)


WALK = (
    ("j", "enter chart"), ("enter", "x strike out"), ("right", "R review"), ("right", "b break"),
    *[("right", "? help")] * 5, ("right", "h hand over"), ("right", "v undo this"),
    ("escape", "r day review"), ("2", "Ruiz-Moreno"), ("j", "w mine/team"),
    ("c", "ctrl+s"), ("tab", "ctrl+s"), ("tab", "ctrl+s"), ("tab", "ctrl+s"), ("paste", "ctrl+s"),
    ("escape", "draft"), ("f", "esc leave"), ("paste", "esc leave"), ("enter", "esc"),
    ("escape", "w mine/team"), ("1", "r day review"), ("/", "enter chart   esc"), ("paste", "Nobody found"),
    ("escape", "r day review"), ("n", "ctrl+s"), ("paste", "PWN"), ("ctrl+s", "PWN"),
    ("escape", "r day review"), ("t", "Timer runs"), ("u", "Undo"), ("escape", "Nothing was changed"),
)  # fmt: skip
"""Keys, and what stands on the screen after each."""


def run(corpus: int = 120, bundles: int = 12) -> Outcome:
    texts, watch = escapes(corpus), Watch()
    with practice(name=f"Lakeside {texts[4]}") as path:
        clinic = standing(path)
        clinic.run(
            add_staff,
            username="levin",
            name=f"Amy {texts[0]} Levin",
            credential="MD",
            roles=frozenset({"clinician"}),
            may_bill=True,
        )
        people = crowd(clinic, Texts(texts, mark=False), 3)
        clinic.close_here()
        on_import(path, watch, texts, bundles)
        on_the_command_line(path, watch, texts, [one.mrn for one in people])
        on_a_terminal(path, watch, texts)
    figures = {
        "texts": corpus,
        **{
            name: watch.counts[name]
            for name in ("commands", "steps", "bytes", "sequences", "marks", "tracebacks", "raw")
        },
        "error": "; ".join(watch.wrong[:30]),
    }
    return Outcome(not watch.wrong and watch.counts["marks"] > corpus, figures)
