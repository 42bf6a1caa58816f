"""The patient's copy of the plan, as a document in large plain language. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from cmp_tui.careplan.copy_lines import CopyFacts, Medicine, Visiting
from cmp_tui.careplan.copy_words import BLANK, Wording
from cmp_tui.careplan.lines import GoalLine, InterventionLine
from cmp_tui.careplan.rules import OPEN_STEPS
from cmp_tui.files.document import Bullets, Document, Heading, Paragraph, Part, Table, Together
from cmp_tui.medications.dosage_rules import MOMENTS, amount_words

SIZE = 15.5
"""Points: large print. The words of tables are a little smaller, 14."""
URGENT = ("911", "988", "call-now", "call-us")
"""What to do at a warning sign, the most urgent first."""
SOON_DAYS = 14
"""So many days ahead appointments stand with hour and place."""
TEAM = ("care-manager", "practitioner", "other")
"""Whose steps stand under what the team does."""


def patient_copy(facts: CopyFacts, words: Wording) -> Document:
    """Returns the patient's copy in the language of `words`: what matters, goals, who does what, medicines, warning
    signs and whom to call, appointments, numbers."""
    born = words.born(facts.birth_date)
    foot = f"{facts.name} · {words.say('born', date=born)}" if born else facts.name
    parts = [part for section in _sections(facts, words) for part in section]
    return Document(
        words.say("title"), parts, foot, SIZE, words.tongue, words.say("page", page="{page}", pages="{pages}")
    )


def _sections(facts: CopyFacts, words: Wording) -> Iterator[Sequence[Part]]:
    yield _whose(facts, words)
    plan, goals = facts.whole.plan, facts.whole.goals
    said = plan.matters if plan else None
    yield Heading(words.say("matters")), Paragraph(_quoted(said) if said else words.say("empty"))
    yield (
        Heading(words.say("goals")),
        *([_goal(goal, words) for goal in goals] if goals else [Paragraph(words.say("empty"))]),
    )
    yield from _steps(facts, words)
    yield _medicines(facts, words)
    yield _allergies(facts, words)
    yield _signs(facts, words)
    yield _appointments(facts, words)
    yield _numbers(facts, words)
    yield _about(facts, words)


def _whose(facts: CopyFacts, words: Wording) -> Sequence[Part]:
    plan = facts.whole.plan
    days = [words.say("born", date=words.born(facts.birth_date))]
    if plan and plan.made_on:
        days.append(words.say("made_on", date=words.day(plan.made_on)))
    if plan and plan.reviewed_on and plan.reviewed_on != plan.made_on:
        days.append(words.say("reviewed_on", date=words.day(plan.reviewed_on)))
    call = words.say("call_any_hour", after_hours=facts.phone_always)
    return Paragraph(words.say("for_whom", name=facts.name)), Paragraph("\n".join((*days, call)))


def _goal(goal: GoalLine, words: Wording) -> Part:
    parts: list[Part] = [Heading(words.text(goal.title), 3)]
    if goal.own_words:
        parts.append(Paragraph(_quoted(goal.own_words)))
    lines = words.goal_lines(goal)
    if lines:
        parts.append(Bullets(lines))
    return Together(parts)


def _steps(facts: CopyFacts, words: Wording) -> Iterator[Sequence[Part]]:
    """What I do, what my family does, what the team does; the first and the last are always said."""
    steps = [one for goal in facts.whole.goals for one in goal.interventions]
    steps += facts.whole.interventions
    going = [one for one in steps if one.status in OPEN_STEPS]

    def of(*whose: str) -> list[str]:
        return list(dict.fromkeys(words.step(one, facts.today) for one in going if _whose_is(one) in whose))

    mine, family = of("patient"), of("caregiver")
    yield Heading(words.say("mine")), Bullets(mine) if mine else Paragraph(words.say("empty"))
    if family:
        yield Heading(words.say("family")), Bullets(family)
    names = {"care-manager": facts.care_manager, "practitioner": facts.practitioner}
    parts: list[Part] = []
    for whose in TEAM:
        if some := of(whose):
            name = f": {names[whose]}" if names.get(whose) else ""
            parts += [Heading(f"{words.code('responsible', whose)}{name}", 3), Bullets(some)]
    yield Heading(words.say("team")), *(parts or [Paragraph(words.say("empty"))])


def _whose_is(one: InterventionLine) -> str:
    return one.responsible if one.responsible in ("patient", "caregiver", *TEAM) else "other"


def _medicines(facts: CopyFacts, words: Wording) -> Sequence[Part]:
    taken = [one for one in facts.medicines if one.status == "active"]
    held = [one.name for one in facts.medicines if one.status == "on-hold"]
    parts: list[Part] = [Heading(words.say("medicines"))]
    if not taken:
        parts.append(Paragraph(words.say("medicines_none")))
    elif any(one.reason for one in taken):
        ask = words.say("medicine_ask")
        names = [words.say(key) for key in ("medicine", "medicine_how", "medicine_why")]
        rows = [(one.name, one.dose or ask, one.reason or ask) for one in taken]
        parts.append(Table(names, rows, (0.42, 0.33, 0.25), stacked=True))
    else:
        names = [words.say(key) for key in ("medicine", "medicine_how")]
        rows_of_two = [(one.name, one.dose or words.say("medicine_ask")) for one in taken]
        parts.append(Table(names, rows_of_two, (0.55, 0.45), stacked=True))
        parts.append(Paragraph(words.say("medicines_why")))
    parts += _medicine_day(taken, words)
    if held:
        parts += [Paragraph(words.say("medicines_held")), Bullets(held)]
    if taken or held:
        parts.append(Paragraph(words.say("medicines_note")))
    return parts


def _medicine_day(taken: Sequence[Medicine], words: Wording) -> Sequence[Part]:
    """The day as a grid: how many of which medicine at which moment; under it what stands in no column."""
    regular = [one for one in taken if one.grid and not one.as_needed]
    if not regular:
        return ()
    heads = [words.say("medicine"), *(words.code("moment", moment) for moment in MOMENTS)]
    rows = [
        (_in_grid(one, words), *(_amount((one.grid or {}).get(moment, 0), one, words) for moment in MOMENTS))
        for one in regular
    ]
    parts: list[Part] = [
        Heading(words.say("medicine_day"), 3),
        Table(heads, rows, (0.32, 0.16, 0.17, 0.16, 0.19)),
    ]
    needed = [_in_list(one) for one in taken if one.as_needed]
    other = [_in_list(one) for one in taken if not one.grid and not one.as_needed]
    for key, some in (("medicines_needed", needed), ("medicines_other", other)):
        if some:
            parts += [Paragraph(words.say(key)), Bullets(some)]
    return parts


def _in_grid(one: Medicine, words: Wording) -> str:
    return f"{one.name} ({words.code('food', one.food)})" if one.food in ("with", "without") else one.name


def _in_list(one: Medicine) -> str:
    return f"{one.name}: {one.dose}" if one.dose else one.name


def _amount(amount: float, one: Medicine, words: Wording) -> str:
    """'2', '½', '10 units': tablets and capsules are counted without their name."""
    if not amount:
        return ""
    if one.unit in ("", "tablet", "capsule"):
        return amount_words(amount)
    unit = words.code("unit", f"{one.unit}s" if amount > 1 and one.unit != "mL" else one.unit)
    return f"{amount_words(amount)} {unit}"


def _allergies(facts: CopyFacts, words: Wording) -> Sequence[Part]:
    some = Bullets(facts.allergies) if facts.allergies else Paragraph(words.say("allergies_none"))
    return Heading(words.say("allergies")), some


def _signs(facts: CopyFacts, words: Wording) -> Sequence[Part]:
    phones = {"call-us": facts.phone, "call-now": facts.phone_always}
    parts: list[Part] = [Heading(words.say("signs"))]
    for act in URGENT:
        if some := facts.signs.get(act):
            title = words.book.act(act, words.tongue)
            if act in phones:
                title = f"{title}: {phones[act] or facts.phone or BLANK}"
            parts.append(
                Together([Heading(title, 3), Bullets([words.text(sign).rstrip(".") for sign in some])])
            )
    if not facts.signs.get("988"):
        parts.append(Paragraph(words.say("call_988")))
    return [*parts, Paragraph(words.say("not_sure"))]


def _appointments(facts: CopyFacts, words: Wording) -> Sequence[Part]:
    """What the next two weeks bring, with hour and place; then what comes later."""
    last = facts.today + timedelta(days=SOON_DAYS)
    soon = [one for one in facts.visits if one.date <= last]
    later = [_visit(one, words) for one in facts.visits if one.date > last]
    parts: list[Part] = [Heading(words.say("appointments"))]
    if soon:
        names = [words.say(f"appointments_{key}") for key in ("when", "what", "where")]
        rows = [(_when(one, words), _what(one, words), _where(one)) for one in soon]
        parts += [
            Heading(words.say("appointments_soon"), 3),
            Table(names, rows, (0.3, 0.37, 0.33), stacked=True),
        ]
    if later:
        parts += [*([Heading(words.say("appointments_later"), 3)] if soon else []), Bullets(later)]
    if facts.call_on:
        parts.append(Paragraph(words.say("next_call", date=words.day(facts.call_on))))
    return parts if len(parts) > 1 else (*parts, Paragraph(words.say("appointments_none")))


def _when(one: Visiting, words: Wording) -> str:
    name = words.code("weekday", str(one.date.isoweekday()))
    return "\n".join(part for part in (name, words.day(one.date), words.hour(one.time)) if part)


def _what(one: Visiting, words: Wording) -> str:
    ride = words.say("appointments_ride", who=one.ride) if one.ride else ""
    what = words.text(one.what) if one.what else ""
    return "\n".join(part for part in (what, one.name or "", ride, one.remarks or "") if part)


def _where(one: Visiting) -> str:
    return "\n".join(part for part in (one.place, one.phone) if part)


def _visit(one: Visiting, words: Wording) -> str:
    day = ", ".join(part for part in (words.weekday(one.date), words.hour(one.time)) if part)
    said = words.say("appointment_with", date=day, name=one.name) if one.name else day
    return f"{said} ({words.text(one.what)})" if one.what else said


def _numbers(facts: CopyFacts, words: Wording) -> Sequence[Part]:
    people = [("care_manager", facts.care_manager), ("practitioner", facts.practitioner)]
    known = [f"{words.say(key)}: {name}" for key, name in people if name]
    return (
        Together(
            [
                Heading(words.say("numbers")),
                Paragraph(facts.clinic),
                Bullets(
                    [
                        words.say("call_clinic", phone=facts.phone),
                        words.say("call_any_hour", after_hours=facts.phone_always),
                        words.say("call_911"),
                        *known,
                    ]
                ),
            ]
        ),
    )


def _about(facts: CopyFacts, words: Wording) -> Sequence[Part]:
    plan = facts.whole.plan
    quotes = bool(plan and plan.matters) or any(goal.own_words for goal in facts.whole.goals)
    texts = ["about_page", "about_change", "about_not", *(["language_note"] if quotes else [])]
    return (Together([Heading(words.say("about")), *(Paragraph(words.say(key)) for key in texts)]),)


def _quoted(text: str) -> str:
    return f"“{text.strip()}”"
