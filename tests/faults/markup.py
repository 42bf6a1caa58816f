"""Texts that look like markup, in every field, list, preview, panel, notice and search: shown as they stand (row 28).

Counted are crashes, texts of which a screen shows less than stands in the file, and clickable places that came from
a text.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import zip_longest
from pathlib import Path
from types import MappingProxyType
from typing import Any

import textual._wait
from textual.app import App
from textual.content import Content
from textual.widgets import Input

from cmp_tui.app import CmpApp
from cmp_tui.chart.panels import PANELS
from cmp_tui.chart.screen import ChartScreen
from cmp_tui.clinic.errors import ClinicError, Conflict, Invalid
from cmp_tui.screens import FORMS
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option
from cmp_tui.ui.fields.clock import TimeField
from cmp_tui.ui.fields.combo import Match
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.longtext import LongTextField
from cmp_tui.ui.fields.minutes import MinutesField
from cmp_tui.ui.fields.multi import MultiField
from cmp_tui.ui.fields.number import NumberField
from cmp_tui.ui.fields.partial import PartialDateField
from cmp_tui.ui.fields.phone import PhoneField
from cmp_tui.ui.fields.pick import PickField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.fields.yesno import YesNoField
from cmp_tui.ui.messages import OpenChart, OpenForm
from cmp_tui.ui.notice import Notice
from tests.app.driving import WAITING, Driver
from tests.faults.common import Outcome, practice, standing
from tests.hostile import MARKUP, Crowded, Texts, crowd
from tests.ui.form_app import NOW, DeskApp

MARK = re.compile(r"q(\d+)q")
OTHER_RECORD = {
    "strike": "phone", "strike-entry": "entry", "break": "entry", "strike-contact": "contact-edit", "task": "none",
    "stay-summary": "stay", "appointment-told": "appointment", "appointment-ride": "appointment",
    "appointment-end": "past-appointment", "strike-provider": "provider", "find-provider": "none",
    "referral-step": "referral", "referral-later": "referral", "end-referral": "referral",
    "taking": "medication", "stop-medication": "medication", "hold-medication": "medication",
    "medicine-times": "medication",
    "strike-medication": "medication", "reconcile-why": "reconcile-line", "strike-reconciliation": "reconcile-sign",
    "strike-referral": "referral", "referral-letter": "referral", "letter-sent": "referral",
}  # fmt: skip
"""Forms whose record is named after another form; a task is a new one."""
ARGS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "strike": {"what": "phone", "words": "x"},
        "assessment": {"which": "phq-2"},
        "comprehensive-section": {"which": "medical"},
        "snooze-row": {"source": "task"},
        "close-month": {"month": "2026-10"},
    }
)
"""What forms are opened with that need more than a patient."""
LONE = (
    "lend", "end-loan", "move", "group", "timer", "accept-task", "escalate", "see-answer", "strike-assessment",
    "take-up", "answer-intake", "end-intake", "hold-intake", "reopen-intake", "step-state", "plan-strike",
    "goal-progress", "goal-state", "plan-approval", "plan-start", "plan-copy", "plan-review", "merge",
    "comprehensive-end", "reopen-referral", "strike-referral-step",
)  # fmt: skip
"""Forms that need another situation than a patient and a record."""
SCROLL_BARS = {"grab", "release", "scroll_up", "scroll_down"}
"""What the parts of Textual's scroll bars do when they are pressed."""
SIZE = (120, 40)


class Watch:
    """What the screens showed."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts.texts
        self.counts: Counter[str] = Counter()
        self.seen: Counter[int] = Counter()
        self.wrong: list[str] = []

    def look(self, app: App[Any], where: str) -> None:
        self.counts["screens"] += 1
        strips = app.screen._compositor.render_strips()
        lines = [strip.text for strip in strips]
        for y, line in enumerate(lines):
            for mark in MARK.finditer(line):
                self.seen[int(mark[1])] += 1
                wanted = self.texts[int(mark[1])].removesuffix(mark[0])
                if not stands(wanted, lines[: y + 1], mark.start()):
                    self.counts["eaten"] += 1
                    self.wrong.append(f"{where}: {wanted!r} is {line[: mark.start()][-20:]!r}")
            for segment in strips[y]:
                self._no_action(segment.style, where)

    def _no_action(self, style: Any, where: str) -> None:
        if style is None:
            return
        acts = {name: what for name, what in style.meta.items() if str(name).startswith("@")}
        if style.link or set(acts.values()) - SCROLL_BARS:
            self.counts["actions"] += 1
            self.wrong.append(f"{where}: {style.link or acts}")

    def crashed(self, where: str, error: BaseException) -> None:
        self.counts["crashes"] += 1
        self.wrong.append(f"{where}: {error!r}")


def stands(wanted: str, lines: list[str], end: int) -> bool:
    """Whether a text ends at this place of the last line, whole, or wrapped with its beginning in the lines above."""
    before = lines[-1][:end]
    shown = wanted
    while not before.endswith(shown):
        shown = shown[1:]
    rest = wanted[: len(wanted) - len(shown)].rstrip()
    if not rest or len(lines) < 2:
        return not rest
    above = lines[-2][end - len(shown) :].rstrip(" │")
    while above and not rest.endswith(above):
        above = above[:-1] if above[-1] in "…↓" else above[1:]
    return bool(above) and (above == rest or stands(rest, lines[:-1], lines[-2].rindex(above) + len(above)))


# -- every kind of field


KINDS: tuple[Callable[..., Field], ...] = (
    TextField, LongTextField, DateField, PartialDateField, TimeField, MinutesField, NumberField, PhoneField, YesNoField,
    lambda **common: ChoiceField(options=two(common["help"]), **common),
    lambda **common: ChoiceField(options=two(common["help"]) * 4, **common),
    lambda **common: MultiField(options=two(common["help"]), **common),
    lambda **common: PickField(search=lambda typed: _found(common["help"]), **common),
)  # fmt: skip


def two(text: str) -> tuple[Option, Option]:
    return (Option("a", text), Option("b", f"other {text}"))


async def _found(text: str) -> list[Match]:
    return [Match(text, text, text)]


async def each_field(watch: Watch, texts: list[str]) -> None:
    """A form of all kinds of fields for every two texts: in fields, labels, options, errors and in a conflict."""
    app = DeskApp()
    async with app.run_test(size=SIZE) as pilot:
        for place in range(0, len(texts), 2):
            named = {
                f"kind{number}": texts[(place + number % 2) % len(texts)] for number in range(len(KINDS))
            }
            made = [
                kind(name=name, label=text[:20], help=text)
                for kind, (name, text) in zip(KINDS, named.items(), strict=True)
            ]
            where, values = (
                f"a form with {texts[place]!r}",
                {name: named[name] for name in ("kind0", "kind1")},
            )
            form = app.desk.open(made, values)
            await pilot.pause(0)
            form.restore(dict(named))
            form.title_line.complain(texts[place])
            theirs = {name: f"x{text}" for name, text in values.items()}
            for answer in (Invalid(named | {"": texts[place]}), Conflict(texts[place], NOW, 3, theirs)):
                app.desk.answer = _raises(answer)
                form.action_save()
                await pilot.pause(0)
                watch.look(app, where)
            watch.counts["fields"] += len(made)
            await pilot.press("escape")
            await pilot.pause(0)


def _raises(error: ClinicError) -> Any:
    async def answer(submission: object) -> object:
        raise error

    return answer


# -- every screen of the program


async def each_screen(path: Path, watch: Watch, texts: Texts, people: list[Crowded]) -> None:
    """The lists, charts, forms, questions and searches of a clinic of which every text is hostile."""
    keys = {texts(60): texts(40)}
    app = CmpApp(standing(path), keys=keys, theme=texts(40))
    async with app.run_test(size=SIZE) as pilot:
        person = Driver(pilot)
        await person.settle()
        watch.look(app, "start")
        for one in people:
            await _chart(person, watch, one)
            await _forms(person, watch, one)
        await _around(person, watch, texts, people[0])


async def _quiet(person: Driver, until: Callable[[], bool] = lambda: True) -> None:
    """Waits until nothing is read any more; not until a resting cursor has brought its preview."""
    for _ in range(200):
        await person.pilot.pause(0)
        workers = person.app.workers
        if until() and all(one.is_finished or one.group in WAITING for one in workers):
            return
        await asyncio.sleep(0.01)


async def _press(person: Driver, *keys: str) -> None:
    for key in keys:
        await person.pilot.press(key)
        await _quiet(person)


async def _typed(person: Driver, text: str) -> None:
    """Puts a text into the line that has the focus."""
    line = person.app.focused
    assert isinstance(line, Input)
    line.value = text
    await _quiet(person)


async def _chart(person: Driver, watch: Watch, one: Crowded) -> None:
    person.app.post_message(OpenChart(one.patient))
    await person.settle()
    board = person.app.board
    assert isinstance(board, ChartScreen)
    for _ in PANELS:
        where = f"chart, {board.panel.name}"
        await person.settle()
        watch.look(person.app, where)
        await _press(person, "end")
        watch.look(person.app, where)
        await _press(person, "o")
        watch.look(person.app, f"{where}, older versions")
        await _press(person, "escape")
        if person.app.current_mode != "chart":
            person.app.post_message(OpenChart(one.patient, board.panel.name))
            await person.settle()
        await _press(person, "right")


async def _forms(person: Driver, watch: Watch, one: Crowded) -> None:
    for name in FORMS:
        if name in LONE:
            continue
        args = ARGS.get(name, {})
        record: bytes | None = one.records.get(OTHER_RECORD.get(name, name))
        person.app.board.query_one(Notice).clear()
        person.app.post_message(OpenForm(name, one.patient, record, args))
        await _quiet(person, lambda: person.form is not None or bool(person.notice))
        watch.look(person.app, f"form {name}")
        if person.form is None:
            watch.wrong.append(f"form {name} did not open: {person.notice}")
            watch.counts["crashes"] += 1
            continue
        watch.counts["forms"] += 1
        await person.pilot.press("escape")
        await _quiet(person, lambda: person.form is None)


async def _around(person: Driver, watch: Watch, texts: Texts, one: Crowded) -> None:
    """Today, Caseload, Referrals, the day review, filter, search, palette, undo, help, notices, the timer."""
    app = person.app
    for keys in (("1",), ("j",), ("4",), ("j",), ("2",), ("j",), ("t",), ("f",)):
        await person.press(*keys)
        watch.look(app, f"after {keys}")
    await _typed(person, texts(30))
    await person.press("enter")
    watch.look(app, "filter")
    await person.press("escape", "1", "slash")
    await _typed(person, texts(30))
    watch.look(app, "search")
    await person.press("escape", "colon")
    await _typed(person, texts(30))
    watch.look(app, "palette")
    await person.press("escape", "u")
    watch.look(app, "undo")
    await person.press("escape", "question_mark")
    watch.look(app, "help")
    await person.press("escape")
    for notice, title in zip_longest(texts.texts[::2], texts.texts[1::2], fillvalue=""):
        app.board.say(notice, "wrong")
        app.board.put_title(Content(title))
        await person.pilot.pause(0)
        watch.look(app, "notice")
        watch.counts["notices"] += 1
    for mode in ("day", "transitions"):
        app.go(mode)
        await person.settle()
        watch.look(app, mode)


def quick() -> None:
    """Look more often whether the program has settled: Textual sleeps 40 ms after each key of a test."""
    textual._wait.SLEEP_GRANULARITY = 0.004


def run(strings: int = 26, patients: int = 1, all_kinds: int = 0) -> Outcome:
    """`all_kinds`: each text in every kind of field, not in every second one."""
    quick()
    strings = min(strings, len(MARKUP))
    texts = Texts(MARKUP[:strings])
    watch = Watch(texts)
    with practice(name=texts(60)) as path:
        clinic = standing(path)
        people = crowd(clinic, texts, patients)
        clinic.close_here()
        swapped = [texts.texts[place ^ 1] for place in range(strings // 2 * 2)] if all_kinds else []
        for work in (each_field(watch, texts.texts + swapped), each_screen(path, watch, texts, people)):
            try:
                asyncio.run(work)
            except Exception as error:  # noqa: BLE001 - the program died
                watch.crashed("the program", error)
    figures = {
        "strings": strings,
        "patients": patients,
        **{name: watch.counts[name] for name in ("fields", "forms", "screens", "notices")},
        "shown": sum(watch.seen.values()),
        "never_shown": strings - len(watch.seen),
        **{name: watch.counts[name] for name in ("crashes", "eaten", "actions")},
        "error": "; ".join(dict.fromkeys(watch.wrong[:40])),
    }
    return Outcome(not watch.wrong and len(watch.seen) == strings, figures)
