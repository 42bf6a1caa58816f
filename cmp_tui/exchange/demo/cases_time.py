"""The awkward cases of time: short of the threshold, late, amended, struck out, overlapping, with a break, by the
timer, shared by several, across midnight and a month's end."""

from __future__ import annotations

from datetime import timedelta

from cmp_tui.clinic.calendar import Month
from cmp_tui.contacts.actions import (
    edit_contact,
    edit_entry,
    log_time,
    split_break,
    start_timer,
    stop_timer,
    strike_entry,
)
from cmp_tui.desk.actions import log_contact, log_group
from cmp_tui.exchange.demo.records import IN_PROGRAM
from cmp_tui.exchange.demo.stage import Desk, Stage
from cmp_tui.exchange.demo.story import Story

REACHED = {"mode": "phone", "outcome": "reached"}


def seventeen_minutes(story: Story) -> None:
    """9 and 8 minutes in this month and the last one: three short of the threshold."""
    days = story.days
    this = Month.of(days.today)
    call, pharmacy = story.text("seventeen"), story.text("seventeen-pharmacy")
    for place, persona in enumerate([story.one("report-missing"), *story.who("seventeen")]):
        for month in (this.previous(), this):
            workdays = days.business(month.first, month.last)
            first, second = workdays[2 + place], workdays[6 + place]
            at = (8, 12 + 12 * place)
            if first < days.today:
                story.contact("dana", persona, first, *at, 9, **call)
            if second < days.today:
                with_whom = {"with_whom": "pharmacy", "activity": "medication"}
                story.contact("dana", persona, second, *at, 8, **with_whom, **pharmacy)


def amended(story: Story) -> None:
    """An entry whose minutes were typed wrong, and a wrong word in its note."""
    days, persona = story.days, story.one("amended")
    start = story.diary.take("dana", days.back(4), 9, 40, 21)

    def log(stage: Stage, desk: Desk, patient: bytes) -> None:
        logged = desk.run(log_contact, patient, at=start, minutes=21, **REACHED, **story.text("amended"))
        stage.tasks["entry"], stage.tasks["contact"] = logged.entries[0].id, logged.contact.id

    def amend(stage: Stage, desk: Desk, patient: bytes) -> None:
        desk.run(edit_entry, stage.tasks["entry"], None, minutes=12, why="typed 21 for 12")
        why = "it was the birthday, not a holiday"
        desk.run(edit_contact, stage.tasks["contact"], None, why, **story.text("amended-right"))

    story.do(start + timedelta(minutes=22), "dana", persona, log)
    story.do(days.at(days.back(3), 16, 50), "dana", persona, amend)


def struck_out(story: Story) -> None:
    """An entry on the wrong one of two Mary Johnsons, struck out and logged again."""
    start = story.diary.take("dana", story.days.back(6), 13, 10, 9)

    def misfile(stage: Stage, desk: Desk, patient: bytes) -> None:
        span = {"start": start, "end": start + timedelta(minutes=9)}
        note = story.text("struck")
        stage.tasks["misfiled"] = desk.run(
            log_time, patient, **span, activity="records-review", **IN_PROGRAM, **note
        )[0].id

    def strike(stage: Stage, desk: Desk, patient: bytes) -> None:
        desk.run(strike_entry, stage.tasks["misfiled"], "the other Mary Johnson; logged again there")

    wrong, right = story.one("struck"), story.one("amended")
    story.do(start + timedelta(minutes=10), "dana", wrong, misfile)
    story.do(start + timedelta(minutes=25), "dana", wrong, strike)
    story.time("dana", right, start, 9, "records-review", "struck", entered=start + timedelta(minutes=26))


def late_and_overlapping(story: Story) -> None:
    """Time entered two days later, and two entries of one person that share three minutes."""
    days, take = story.days, story.diary.take
    late = take("dana", days.back(5), 14, 0, 12)
    entered = days.at(days.back(3), 16, 40)
    story.time("dana", story.extra(), late, 12, "coordination", "late", entered=entered)
    first, second = take("dana", days.back(1), 11, 0, 12), take("dana", days.back(1), 11, 9, 11)
    story.time("dana", story.extra(), first, 12, "care-plan", "overlap-first")
    story.time("dana", story.extra(), second, 11, "referral", "overlap-second")


def with_a_break(story: Story) -> None:
    """40 minutes of which 16 were something else."""
    start = story.diary.take("dana", story.days.back(2), 15, 0, 40)

    def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
        span = {"start": start, "end": start + timedelta(minutes=40)}
        entry = desk.run(
            log_time, patient, **span, activity="education", **IN_PROGRAM, **story.text("break")
        )[0]
        pause = (start + timedelta(minutes=15), start + timedelta(minutes=31))
        desk.run(split_break, entry.id, None, *pause, "front desk needed help")

    story.do(start + timedelta(minutes=44), "dana", story.extra(), deed)


def by_the_timer(story: Story) -> None:
    """A call of 7 minutes and 48 seconds."""
    persona = story.one("timer")
    at = story.diary.take("dana", story.days.back(1), 14, 30, 8)

    def start(stage: Stage, desk: Desk, patient: bytes) -> None:
        stage.tasks["timed"] = desk.run(start_timer, patient).id

    def stop(stage: Stage, desk: Desk, patient: bytes) -> None:
        timer = stage.tasks["timed"]
        desk.run(stop_timer, timer)
        desk.run(log_contact, patient, timer=timer, **REACHED, **story.text("timed"))

    story.do(at, "dana", persona, start)
    story.do(at + timedelta(minutes=7, seconds=48), "dana", persona, stop)


def shared(story: Story) -> None:
    """A class for six: 48 minutes, eight for each."""
    members = [story.extra("diabetes") for _ in range(6)]
    at = story.diary.take("dana", story.days.back(5), 10, 0, 48)
    form = {"at": at, "minutes": 48, "mode": "in-person", "outcome": "reached", "activity": "education"}

    def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
        desk.run(log_group, [stage.key(one) for one in members], **form, **story.text("class"))

    story.do(at + timedelta(minutes=50), "dana", members[0], deed)


def across_midnight(story: Story) -> None:
    """A call of the night on a month's last day: two entries, one in each month."""
    days = story.days
    last = Month.of(days.today).previous().last
    if days.at(last + timedelta(days=1), 0, 30) > days.now:
        last = Month.of(last).previous().last
    span = {"start": days.at(last, 23, 52), "end": days.at(last + timedelta(days=1), 0, 11)}
    entered = span["end"] + timedelta(minutes=2)

    def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
        desk.run(log_contact, patient, **span, **REACHED, with_whom="caregiver", **story.text("midnight"))

    story.do(entered, "levin", story.one("midnight"), deed)


CASES = (
    seventeen_minutes,
    amended,
    struck_out,
    late_and_overlapping,
    with_a_break,
    by_the_timer,
    shared,
    across_midnight,
)
