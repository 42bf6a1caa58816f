"""A timer left on overnight, over a weekend, over a month's end: nothing of it counts before somebody decides (row 38).

What is proposed is the time up to the last key; the whole time needs an answer, and a reason when it is very long.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, get_args
from zoneinfo import ZoneInfo

from cmp_tui.billing.close_actions import close_month
from cmp_tui.billing.closing import what_stands
from cmp_tui.billing.month_queries import month_view
from cmp_tui.clinic import ids
from cmp_tui.clinic.audit import audit_head, audit_page
from cmp_tui.clinic.calendar import Month, day_of, split_span
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.staff import me, settings_list
from cmp_tui.contacts.actions import answer_timer, mark_on_call, start_timer
from cmp_tui.contacts.model import TimeEntry
from cmp_tui.contacts.timer_queries import TimerLine, parked_timers, running_timer
from cmp_tui.contacts.timer_rules import Answer
from cmp_tui.contacts.timer_state import KIND
from cmp_tui.desk.actions import log_contact, log_timer
from cmp_tui.desk.form_values import form_of
from cmp_tui.desk.forms import contact
from cmp_tui.enrollment.actions import enroll, record_consent
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.patients.actions import add_patient
from cmp_tui.ui.fields.base import UNICODE_MARKS, Here
from cmp_tui.ui.makers import FormContext
from tests.faults.common import Outcome, command, practice, standing

ZONE = ZoneInfo("America/Chicago")
BEGIN = "2026-01-05T09:00"
ENROLLED = date(2025, 12, 1)
KINDS = ("night", "weekend", "month")
ANSWERS: tuple[Answer, ...] = get_args(Answer)
SECOND = timedelta(seconds=1)


class Left(NamedTuple):
    """A timer that was left on: when it began, when a key was last pressed, and when its person came back."""

    kind: str
    start: datetime
    last: datetime
    back: datetime


def left_on(random: Random, kind: str, after: datetime) -> Left:
    """The next evening of a kind: the timer starts in the afternoon, and its person is back in the morning."""
    day = after.astimezone(ZONE).date() + timedelta(days=1)
    nights = 1
    if kind == "weekend":
        day, nights = day + timedelta(days=(4 - day.weekday()) % 7), 3
    elif kind == "month":
        day = Month.of(day).last
        nights = random.choice((1, 1, 2, 40))
    start = datetime(day.year, day.month, day.day, random.randint(15, 22), random.randrange(60), tzinfo=ZONE)
    back = start.replace(hour=random.randint(7, 10), second=random.randrange(60)) + timedelta(days=nights)
    start, back = start.astimezone(UTC), back.astimezone(UTC)
    worked = random.choice((0, random.randint(1, 59), random.randint(60, 3000)))
    return Left(kind, start, start + worked * SECOND, back)


class Watch:
    """One clinic file in which timers are left on, and what was not as it should be."""

    def __init__(self, path: Path, random: Random) -> None:
        self.path, self.random = path, random
        self.clinic = standing(path, BEGIN)
        self.clock: Any = self.clinic.clock
        assert isinstance(self.clock, FrozenClock)
        self.patient = self.clinic.run(
            add_patient, family="Weiss", mrn="W-1", birth_date="1948-02-11", payer="Medicare", mbi="1EG4TE5MK73",
            billing_practitioner="levin",
        ).id  # fmt: skip
        self.other = self.clinic.run(add_patient, family="Bell", mrn="B-1").id
        self.clinic.run(
            record_consent, self.patient, program="CCM", decision="accepted", date=ENROLLED, mode="verbal",
            points=POINTS,
        )  # fmt: skip
        self.clinic.run(enroll, self.patient, program="CCM", start=ENROLLED)
        self.zone = self.clinic.read(settings_list).zone
        self.own: Counter[Month] = Counter()
        self.count: Counter[str] = Counter()
        self.wrong: list[str] = []

    def same(self, what: str, found: object, wanted: object) -> None:
        if found != wanted:
            self.wrong.append(f"{what}: {found}, not {wanted}")

    # -- one timer that is left on ---------------------------------------------------------------------------

    def leave(self, kind: str) -> None:
        """Somebody starts a timer, works for a while, goes home, and comes back to the question."""
        left = left_on(self.random, kind, self.clock.at)
        self.clock.at = left.start
        timer = self.clinic.run(start_timer, self.patient).id
        if self.random.random() < 0.3:
            self.clinic.run(mark_on_call, timer)
        self.clock.at = left.last
        if left.last > left.start:
            self.clinic.keep(KIND, ids.shown(timer), {})
        self.clock.at = left.back
        if self.random.random() < 0.2:  # another patient comes first: it is put aside, with its question
            self.clinic.run(start_timer, self.other)
            self.clinic.run(answer_timer, self._line(running_timer).id, "discard")
            line = self._line(lambda scope: next(iter(parked_timers(scope)), None))
        else:
            line = self._line(running_timer)
        away = line.absence
        self.count[kind] += 1
        if away is None or (away.since, away.until) != (left.last, left.back):
            self.wrong.append(f"{left}: {away} is asked")
        self._nothing_counts(left)
        self._not_without_an_answer(line, left)
        if kind == "month" and self.random.random() < 0.5:
            with suppress(Invalid):
                self.clinic.run(close_month, Month.of(day_of(left.start, self.zone)), "paper plans")
                self.count["closed_meanwhile"] += 1
        self._decide(line, left)
        self._months()

    def _line(self, query: Any) -> TimerLine:
        line = self.clinic.read(query)
        assert isinstance(line, TimerLine)
        return line

    def _nothing_counts(self, left: Left) -> None:
        """No month, bill or list has a second of it; the close list names it."""
        self._months()
        month = Month.of(day_of(left.start, self.zone))
        stands = self.clinic.read(what_stands, month)
        told = [one for one in stands if one.kind == "timer" and one.patient == self.patient]
        if len(told) != 1 or "Dana Ruiz's timer for Weiss" not in told[0].says:
            self.wrong.append(f"{left}: the close list has {told}")

    def _not_without_an_answer(self, line: TimerLine, left: Left) -> None:
        """Logging it without a decision is refused, with a sentence, and writes nothing."""
        before = self.clinic.read(audit_head)
        for action, form in (
            (log_timer, {"key": line.id, "activity": "call"}),
            (log_contact, {"patient": self.patient, "mode": "phone", "outcome": "reached", "timer": line.id}),
        ):
            try:
                self.clinic.run(action, **form)  # type: ignore[arg-type]
                self.wrong.append(f"{left}: {action} saved it without an answer")
            except Invalid as refused:
                if "No key was pressed from" not in refused.fields.get("timer", ""):
                    self.wrong.append(f"{left}: {refused.fields}")
        if line.status == "running":
            local = self.clock.at.astimezone(self.zone)
            said = command(self.path, "timer", "stop", now=f"{local:%Y-%m-%dT%H:%M:%S}")
            if said.status != 2 or "Say what counts" not in said.told:
                self.wrong.append(f"{left}: timer stop said {said}")
        self.same("written without an answer", self.clinic.read(audit_head), before)

    def _decide(self, line: TimerLine, left: Left) -> None:
        how = self.random.choice((*ANSWERS, "form", "typed"))
        whole, active = (left.start, left.back), (left.start, left.last)
        counts: tuple[datetime, datetime] | None = active if left.last > left.start else None
        form: dict[str, Any] = {"answer": how}
        if how == "form":
            form = self._form(line, left)
        elif how == "typed":
            form = {"minutes": 12}
            counts = (left.start, left.start + timedelta(minutes=12))
        elif how == "keep":
            counts = whole
            self._long_needs_a_reason(line, left)
            form["long_why"] = "a long night, in truth"
        elif how == "discard":
            counts = None
        self._log(line, left, form, counts)
        spent = [] if counts is None else list(split_span(*counts, self.zone))
        for start, end in spent:
            self.own[Month.of(day_of(start, self.zone))] += int((end - start).total_seconds())
        self.count[f"answered_{how}"] += 1

    def _log(
        self, line: TimerLine, left: Left, form: dict[str, Any], counts: tuple[datetime, datetime] | None
    ) -> None:
        """Saves a decision, in a closed month with a reason, and looks at what became of it."""
        before = self.clinic.read(all_entries)
        if "answer" in form:
            named = {**form, "key": line.id, "activity": "call"}
            action: Any = log_timer
        else:
            named = {"mode": "phone", "outcome": "reached", "timer": line.id, **form, "patient": self.patient}
            action = log_contact
        try:
            self.clinic.run(action, **named)
        except Invalid as refused:
            if "amend_why" not in refused.fields:
                raise
            self.count["amendments"] += 1
            self.clinic.run(action, **named, amend_why="the timer was left on")
        made = [span for key, span in self.clinic.read(all_entries).items() if key not in before]
        wanted = [] if counts is None else [tuple(part) for part in split_span(*counts, self.zone)]
        self.same(f"{left} by {form}", sorted(made), wanted)
        if self.clinic.read(running_timer) or self.clinic.read(parked_timers):
            self.wrong.append(f"{left}: the timer is still there")
        if form.get("answer"):
            (entry,) = self.clinic.read(audit_page, limit=1)
            minutes = int((left.back - left.last).total_seconds()) // 60
            noted = {name: entry.facts.get(name) for name in ("answer", "minutes")}
            self.same(f"{left}: the audit trail", noted, {"answer": form["answer"], "minutes": minutes})

    def _long_needs_a_reason(self, line: TimerLine, left: Left) -> None:
        """The whole time is longer than any entry may be without a reason."""
        try:
            self.clinic.run(log_timer, line.id, activity="call", answer="keep", amend_why="left on")
            self.wrong.append(f"{left}: {left.back - left.start} were kept without a reason")
        except Invalid as refused:
            self.same(f"{left}: long", sorted(refused.fields), ["long_why"])

    def _form(self, line: TimerLine, left: Left) -> dict[str, Any]:
        """What the contact form saves when nothing in it is touched; where it asks, the time is trimmed."""

        async def opened() -> Any:
            live = LiveClinic(self.clinic)
            settings = self.clinic.read(settings_list)
            here = Here(self.clock.now, settings.zone, UNICODE_MARKS)
            context = FormContext(live, here, self.clinic.reference, settings, self.clinic.read(me))
            opening = await contact(context, self.patient, None, {"timer": ids.shown(line.id)})
            live.close()
            return opening

        opening = asyncio.run(opened())
        asked = next(field for field in opening.spec.fields if field.name == "timer_answer")
        proposed = opening.values.get("timer_answer")
        at_least = left.last - left.start >= timedelta(minutes=1)
        if not asked.required or proposed != ("trim" if at_least else None):
            self.wrong.append(f"{left}: the form proposes {proposed}")
        values = {**opening.values, "timer_answer": proposed or "trim"}
        args = {"id": self.clinic.new_id().hex()}
        form = form_of(self.zone, self.clock.at.astimezone(self.zone).date(), values, line, args)
        return {name: value for name, value in form.items() if not name.startswith("next")}

    def _months(self) -> None:
        """Every month holds what was decided so far, and no second more."""
        month = Month.of(day_of(self.clock.at, self.zone))
        for one in (month, month.plus(-1), month.plus(-2)):
            result = next(iter(self.clinic.read(month_view, one, [self.patient]).patients), None)
            minutes = result.minutes.get("CCM") if result else None
            self.same(f"minutes of {one}", minutes.staff if minutes else 0, self.own[one] // 60)


def all_entries(scope: Scope) -> dict[bytes, tuple[datetime, datetime]]:
    query = TimeEntry.live(TimeEntry.id, TimeEntry.start, TimeEntry.end)
    return {bytes(key): (start, end) for key, start, end in rows(query)}


def run(timers: int = 400, files: int = 16) -> Outcome:
    watches = []
    for number in range(files):
        with practice(now=BEGIN) as path:
            watch = Watch(path, Random(number))
            for turn in range(timers // files):
                if watch.clock.at > datetime(2026, 10, 15, tzinfo=UTC):
                    break
                watch.leave(KINDS[(turn + number) % len(KINDS)])
            if found := watch.clinic.verify():
                watch.wrong.append(f"verify: {found[:2]}")
            watch.clinic.close_here()
        watches.append(watch)
    count = sum((watch.count for watch in watches), Counter[str]())
    wrong = [sentence for watch in watches for sentence in watch.wrong]
    left = sum(count[kind] for kind in KINDS)
    figures = {
        "left_on": left,
        **{f"over_a_{kind}": count[kind] for kind in KINDS},
        "saved_without_a_decision": sum("without an answer" in sentence for sentence in wrong),
        **{name: number for name, number in sorted(count.items()) if name not in KINDS},
        "minutes_that_count": sum(sum(watch.own.values()) for watch in watches) // 60,
        "wrong": len(wrong),
        "error": "; ".join(wrong[:3]),
    }
    return Outcome(not wrong and left > 0, figures)
