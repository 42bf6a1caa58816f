"""Opening the contact form over Today."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.common import Bench, Figure, middle, ms
from tests.bench.looking import at_today
from tests.bench.meter import painted


def run(bench: Bench) -> Iterator[Figure]:
    firsts, laters = [], []
    for _ in range(min(3, bench.size.runs)):
        with at_today(bench) as app:
            opened = []
            for _ in range(bench.size.runs + 1):
                opened.append(painted(app.key("c")))
                if "Contact" not in app.text():
                    raise RuntimeError(f"the contact form did not open:\n{app.text()}")
                app.key("escape")
                app.key("j")
            firsts.append(opened[0])
            laters.append(middle(opened[1:]))
    for name, answer in (("first time", middle(firsts)), ("later", middle(laters))):
        yield Figure(
            f"open the contact form, {name}", ms(answer.last),
            wrote=f"{answer.plain / 1000:.1f} kB ({answer.deflated / 1000:.1f} deflated)",
            aim="≤ 100 ms, ≤ 20 kB", meets=answer.last <= 0.1 and answer.plain <= 20_000,
        )  # fmt: skip
