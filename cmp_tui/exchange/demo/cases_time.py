"""The awkward cases of time and consent: late, amended, struck out, overlapping, shared, across midnight, without
consent; declined, revoked, planned, on hold, died."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from cmp_tui.clinic.calendar import Month, add_business_days
from cmp_tui.clinic.clinic import Clinic
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
from cmp_tui.encounters.model import Stay
from cmp_tui.enrollment.actions import edit_enrollment, edit_patient, enroll, record_consent
from cmp_tui.enrollment.queries import enrollments
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.exchange.demo.actions import make_demo
from cmp_tui.exchange.demo.people import Persona
from cmp_tui.exchange.demo.records import PRACTITIONER
from cmp_tui.exchange.demo.stage import Stage
from cmp_tui.exchange.demo.story import Story

PROGRAM = "CCM"


def seventeen_minutes(story: Story) -> None:
    """9 and 8 minutes in this month and the last one: three short of the threshold."""
    days = story.days
    this = Month.of(days.today)
    for place, persona in enumerate([story.one("report-missing"), *story.who("seventeen")]):
        for month in (this.previous(), this):
            workdays = days.business(month.first, month.last)
            first, second = workdays[2 + place], workdays[6 + place]
            if first < days.today:
                story.contact(
                    "dana", persona, first, 13, 12 + 12 * place, 9, why="Monthly call.",
                    changed="Doing as before, was short of time on the telephone.",
                    did="Went through the medicines; promised to call again about the rest of the plan.",
                )  # fmt: skip
            if second < days.today:
                story.contact(
                    "dana", persona, second, 13, 12 + 12 * place, 8, with_whom="pharmacy", activity="medication",
                    why="Fill history.", did="All on time; refills are on one date now.",
                )  # fmt: skip


def amended(story: Story) -> None:
    """An entry whose minutes were typed wrong, a contact with a wrong word, an entry on the wrong patient."""
    days = story.days
    wrong, right = story.one("amended"), story.one("struck")
    start = story.diary.take("dana", days.back(4), 9, 40, 21)

    def log(stage: Stage, desk: Clinic, patient: bytes) -> None:
        logged = desk.run(
            log_contact, patient, at=start, minutes=21, mode="phone", outcome="reached", why="Sugars after the holiday meal.",
            changed="Fasting 168, lower each day since. Feels fine.", did="Portions talked through with the plate picture.",
            next="Call in two weeks.",
        )  # fmt: skip
        stage.tasks["amended"], stage.tasks["amended contact"] = logged.entries[0].id, logged.contact.id

    def amend(stage: Stage, desk: Clinic, patient: bytes) -> None:
        desk.run(edit_entry, stage.tasks["amended"], None, minutes=12, why="typed 21 for 12")
        desk.run(
            edit_contact, stage.tasks["amended contact"], None, "it was the birthday, not a holiday",
            why="Sugars after the birthday meal.",
        )  # fmt: skip

    story.do(start + timedelta(minutes=22), "dana", wrong, log)
    story.do(days.at(days.back(3), 16, 50), "dana", wrong, amend)
    begun = story.diary.take("dana", days.back(6), 13, 10, 9)

    def misfile(stage: Stage, desk: Clinic, patient: bytes) -> None:
        entries = desk.run(
            log_time, patient, start=begun, end=begun + timedelta(minutes=9), activity="records-review", program=PROGRAM,
            practitioner=PRACTITIONER, note="Read the eye report.",
        )  # fmt: skip
        stage.tasks["misfiled"] = entries[0].id

    def strike(stage: Stage, desk: Clinic, patient: bytes) -> None:
        desk.run(strike_entry, stage.tasks["misfiled"], "the other Mary Johnson; logged again there")

    story.do(begun + timedelta(minutes=10), "dana", right, misfile)
    story.do(begun + timedelta(minutes=25), "dana", right, strike)
    _time(story, "dana", wrong, begun, 9, "records-review", begun + timedelta(minutes=26), "Read the eye report.")


def spans(story: Story) -> None:
    """Logged late, overlapping, with a break taken out, by the timer, shared by several, across midnight."""
    days = story.days
    late = story.diary.take("dana", days.back(5), 14, 0, 12)
    note = "Called the transport line for dialysis rides; on paper first, entered when the network was back."
    _time(story, "dana", story.extra(), late, 12, "coordination", days.at(days.back(3), 16, 40), note)
    first = story.diary.take("dana", days.back(1), 11, 0, 12)
    second = story.diary.take("dana", days.back(1), 11, 9, 11)
    _time(story, "dana", story.extra(), first, 12, "care-plan", first + timedelta(minutes=13), "Plan brought up to date.")
    other = "Sent the referral with the last two notes."
    _time(story, "dana", story.extra(), second, 11, "referral", second + timedelta(minutes=12), other)

    long, persona = story.diary.take("dana", days.back(2), 15, 0, 40), story.extra()

    def cut(stage: Stage, desk: Clinic, patient: bytes) -> None:
        entry = desk.run(
            log_time, patient, start=long, end=long + timedelta(minutes=40), activity="education", program=PROGRAM,
            practitioner=PRACTITIONER, note="Wrote the sick-day rules with pictures.",
        )[0]  # fmt: skip
        pause = (long + timedelta(minutes=15), long + timedelta(minutes=31))
        desk.run(split_break, entry.id, None, *pause, "front desk needed help")

    story.do(long + timedelta(minutes=44), "dana", persona, cut)

    timed, auntie = story.diary.take("dana", days.back(1), 14, 30, 8), story.one("timer")

    def start(stage: Stage, desk: Clinic, patient: bytes) -> None:
        stage.tasks["timed"] = desk.run(start_timer, patient).id

    def stop(stage: Stage, desk: Clinic, patient: bytes) -> None:
        desk.run(stop_timer, stage.tasks["timed"])
        desk.run(
            log_contact, patient, mode="phone", outcome="reached", timer=stage.tasks["timed"], why="Kidney class, nervous about it.",
            changed="Sleeps badly since the letter. Weight and pressure as before.",
            did="Read the letter together: a class, not dialysis. Relieved.", next="Ask how the class was.",
        )  # fmt: skip

    story.do(timed, "dana", auntie, start)
    story.do(timed + timedelta(minutes=7, seconds=48), "dana", auntie, stop)
    _class(story)
    _midnight(story)


def _class(story: Story) -> None:
    members = [story.extra("diabetes") for _ in range(6)]
    at = story.diary.take("dana", story.days.back(5), 10, 0, 48)

    def deed(stage: Stage, desk: Clinic, patient: bytes) -> None:
        desk.run(
            log_group, [stage.key(one) for one in members], at=at, minutes=48, mode="in-person", outcome="reached",
            activity="education", why="Diabetes class: feet.", did="Checked shoes and feet together, mirrors given out. Each said "
            "back when to call.", next="Next class in a month: eating out.",
        )  # fmt: skip

    story.do(at + timedelta(minutes=50), "dana", members[0], deed)


def _midnight(story: Story) -> None:
    """A call of the night on a month's last day: two entries, one in each month."""
    days = story.days
    last = Month.of(days.today).previous().last
    if days.at(last + timedelta(days=1), 0, 30) > days.now:
        last = Month.of(last).previous().last
    start, end = days.at(last, 23, 52), days.at(last + timedelta(days=1), 0, 11)

    def deed(stage: Stage, desk: Clinic, patient: bytes) -> None:
        desk.run(
            log_contact, patient, start=start, end=end, mode="phone", outcome="reached", with_whom="caregiver",
            why="On call: short of breath, oxygen alarm.", changed="Saturation 86 on 2 liters, hose was kinked under the bed. "
            "93 after that.", did="Stayed on the line until it held for ten minutes. Knows when to call 911.",
            next="Dana or Ben to call in the morning.",
        )  # fmt: skip

    story.do(end + timedelta(minutes=2), "levin", story.one("midnight"), deed)


def consents(story: Story) -> None:
    """Declined, revoked, none asked for, and accepted for a start that is still to come."""
    days = story.days
    persona = story.one("declined")
    story.contact(
        "dana", persona, days.back(11), 15, 0, 8, why="Offered the program after the wellness visit.",
        changed="Feels well enough alone, does not want calls.", did="Explained what it is; declines. May ask again in a year.",
    )  # fmt: skip
    _consent(story, "dana", persona, days.at(days.back(11), 15, 10), days.back(11), "declined")

    persona = story.one("revoked")
    day = add_business_days(days.today - timedelta(days=39), -1)
    story.contact(
        "dana", persona, day, 11, 0, 9, why="Asked us to call about the program.", changed="Moves in with a brother in another "
        "state at the end of the month.", did="Stopped the program as asked; it ends with the month. Records go to the new office.",
    )  # fmt: skip
    _consent(story, "dana", persona, days.at(day, 11, 12), day, "revoked")
    after = add_business_days(Month.of(day).last, 1)

    def end(stage: Stage, desk: Clinic, patient: bytes) -> None:
        now = desk.read(enrollments, patient)[0]
        ends = {"status": "finished", "end": Month.of(day).last, "reason": "consent revoked, moves away"}
        desk.run(edit_enrollment, now.id, now.version, **ends)

    story.do(days.at(after, 8, 5), "dana", persona, end)
    at = story.diary.take("dana", days.back(3), 11, 30, 10)
    _time(story, "dana", persona, at, 10, "coordination", at + timedelta(minutes=11), "Sent the records to the new office.")

    persona = story.one("no-consent")
    for back, hour, minutes, text in ((7, 13, 14, "Chart read before the first call."), (2, 13, 6, "Draft of a plan.")):
        at = story.diary.take("dana", days.back(back), hour, 40, minutes)
        _time(story, "dana", persona, at, minutes, "care-plan", at + timedelta(minutes=minutes + 1), text)

    persona = story.one("planned")
    story.contact(
        "dana", persona, days.back(2), 14, 10, 13, why="Explained the program in person, loudly.", mode="in-person",
        changed="Lives alone since spring, two near-falls.", did="All points gone through; agrees. Starts with the new month.",
    )  # fmt: skip
    _consent(story, "dana", persona, days.at(days.back(2), 14, 26), days.back(2), "accepted")
    begin = Month.of(days.today).next().first

    def plan(stage: Stage, desk: Clinic, patient: bytes) -> None:
        desk.run(enroll, patient, program=PROGRAM, start=begin, practitioner=PRACTITIONER, status="planned")

    story.do(days.at(days.back(2), 14, 28), "dana", persona, plan)


def ends(story: Story) -> None:
    """Someone has died; someone is in rehabilitation and on hold."""
    days, persona = story.days, story.one("died")
    died = days.back(12)
    story.contact(
        "dana", persona, died, 9, 50, 7, with_whom="other", why="The niece called.", changed="Died at home in the night, asleep.",
        did="Gave our condolences. Told the practitioner, stopped the refills and the rides.",
    )  # fmt: skip

    def close(stage: Stage, desk: Clinic, patient: bytes) -> None:
        desk.run(edit_patient, patient, None, deceased_on=(died - timedelta(days=1)).isoformat())

    story.do(days.at(died, 9, 59), "dana", persona, close)
    persona, day = story.one("rehab"), story.before_this_week(8)

    def admit(stage: Stage, desk: Clinic, patient: bytes) -> None:
        stay = {
            "patient": patient, "kind": "snf", "facility": story.words.hospitals.snf, "admitted": day - timedelta(days=1),
            "reason": "hip fracture, after surgery",
        }  # fmt: skip
        desk.run(make_demo, {Stay: [stay]})

    def hold(stage: Stage, desk: Clinic, patient: bytes) -> None:
        now = desk.read(enrollments, patient)[0]
        desk.run(edit_enrollment, now.id, now.version, status="onhold", reason="in rehabilitation after a hip fracture")

    story.do(days.at(day, 7, 50), "iris", persona, admit)
    story.do(days.at(day, 8, 6), "ben", persona, hold)


def newcomers(story: Story) -> None:
    """Everyone who joined in these months: explained, agreed, enrolled, on one day."""
    for persona in story.people:
        if persona.standing == "new":
            _join(story, persona)


def _join(story: Story, persona: Persona) -> None:
    who = persona.manager or "dana"
    minutes = story.rng.randint(11, 18)
    at = story.diary.find(who, persona.since, minutes, story.rng)
    mode = story.rng.choice(("phone", "phone", "in-person", "video"))

    def deed(stage: Stage, desk: Clinic, patient: bytes) -> None:
        desk.run(
            record_consent, patient, program=PROGRAM, decision="accepted", date=persona.since, mode="verbal", points=POINTS,
            practitioner=PRACTITIONER, script_version=f"{persona.since:%Y}-1",
        )  # fmt: skip
        desk.run(enroll, patient, program=PROGRAM, start=persona.since, practitioner=PRACTITIONER)
        desk.run(
            log_contact, patient, at=at, minutes=minutes, mode=mode, outcome="reached", activity="assessment",
            why="First call: program explained.", changed="Lives with it for years, worries about the cost most.",
            did="All points gone through, agrees. Medicines, phones and who may be told are written down.",
            next="First monthly call in two weeks.",
        )  # fmt: skip

    story.do(at + timedelta(minutes=minutes, seconds=50), who, persona, deed)


def _consent(story: Story, who: str, persona: Persona, at: datetime, day: date, decision: str) -> None:
    def deed(stage: Stage, desk: Clinic, patient: bytes) -> None:
        desk.run(
            record_consent, patient, program=PROGRAM, decision=decision, date=day, mode="verbal",
            points=POINTS if decision == "accepted" else (), practitioner=PRACTITIONER,
        )  # fmt: skip

    story.do(at, who, persona, deed)


def _time(
    story: Story, who: str, persona: Persona, start: datetime, minutes: int, activity: str, at: datetime, note: str
) -> None:
    """Time without a contact, entered at `at`."""

    def deed(stage: Stage, desk: Clinic, patient: bytes) -> None:
        desk.run(
            log_time, patient, start=start, end=start + timedelta(minutes=minutes), typed=True, activity=activity,
            program=PROGRAM, practitioner=PRACTITIONER, note=note,
        )  # fmt: skip

    story.do(at, who, persona, deed)


CASES = (seventeen_minutes, amended, spans, consents, ends, newcomers)
