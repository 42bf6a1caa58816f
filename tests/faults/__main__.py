"""`python -m tests.faults NAME [--size number …]`: one fault test; one line of JSON; exit status 0 held, 1 broken.

Without a name: all of them, one line each.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import sys
import time
from pathlib import Path

NAMES = ("writers", "editors", "kills", "diskfull", "readonly", "corrupt", "tamper")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("name", nargs="?", choices=[*NAMES, *_others()], help="all when left out")
    chosen, rest = parser.parse_known_args()
    held = True
    for name in [chosen.name] if chosen.name else [*NAMES, *_others()]:
        run = importlib.import_module(f"tests.faults.{name}").run
        sizes = argparse.ArgumentParser(prog=f"python -m tests.faults {name}")
        for size, parameter in inspect.signature(run).parameters.items():
            sizes.add_argument(f"--{size.replace('_', '-')}", type=int, default=parameter.default)
        began = time.perf_counter()
        outcome = run(**vars(sizes.parse_args(rest)))
        seconds = round(time.perf_counter() - began, 1)
        print(
            json.dumps({"fault": name, "held": outcome.held, **outcome.figures, "seconds": seconds}),
            flush=True,
        )
        held = held and outcome.held
    return 0 if held else 1


def _others() -> list[str]:
    """Fault tests of other rooms: each module here with a function `run` is one."""
    skipped = {"__init__", "__main__", "common", *NAMES}
    found = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))
    return [name for name in found if name not in skipped and not name.startswith("test_")]


if __name__ == "__main__":
    sys.exit(main())
