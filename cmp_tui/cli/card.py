"""One patient as plain lines: also the way in for people with screen readers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from cmp_tui.assessments.risk_words import standing_words
from cmp_tui.clinic.calendar import day_of, local
from cmp_tui.clinic.reference import Reference
from cmp_tui.contacts.lines import ContactLine
from cmp_tui.desk.queries import Overview
from cmp_tui.tasks.queries import TaskLine


def card_lines(
    facts: Overview,
    contacts: Sequence[ContactLine],
    tasks: Sequence[TaskLine],
    words: Reference,
    zone: ZoneInfo,
    due: date | None = None,
) -> Iterator[str]:
    """Yields what `cmp-tui show` prints; a label first, so that it reads well aloud."""
    card = facts.card
    yield f"Name: {card.family}, {card.given or ''}".rstrip(", ")
    yield f"MRN: {card.mrn}"
    yield f"Born: {card.birth_date or 'not known'}, {words.label('sex', card.sex)}"
    if card.deceased:
        yield f"Died: {card.deceased_on or 'day not known'}"
    for phone in card.phones:
        yield f"Phone: {phone.number} ({words.label('phone_use', phone.use)})"
    if card.best_time:
        yield f"Best time: {card.best_time}"
    if card.may_leave_message is not None:
        yield f"Message: {'may be left' if card.may_leave_message else 'must not be left'}"
    interpreter = ", interpreter needed" if card.interpreter else ""
    yield f"Language: {card.language or 'not known'}{interpreter}"
    for person in card.may_talk_to:
        talk = (person.name, words.label("relationship", person.relationship), person.phone)
        yield "May talk to: " + ", ".join(part for part in talk if part)
    yield f"Care manager: {card.care_manager_name or 'nobody'}"
    yield f"Billing practitioner: {card.practitioner_name or 'not known'}"
    for row in facts.enrollments:
        since = f" since {row.start}" if row.start else ""
        yield f"Program: {row.program}, {words.label('enrollment_status', row.status)}{since}"
    if facts.consent is not None:
        until = f", holds until {facts.consent.until}" if facts.consent.until else ""
        yield f"Consent: {facts.program} {words.label('decision', facts.consent.decision)} {facts.consent.since}{until}"
    if facts.tier is not None and not card.deceased:
        yield f"Risk tier: {standing_words(facts.tier, _near, ',').replace(' ,', ',')}"
    for condition in facts.conditions:
        marks = [
            word
            for word, on in (("chronic", condition.chronic), ("from claims", condition.from_claims))
            if on
        ]
        yield f"Condition: {condition.words}" + (f" ({', '.join(marks)})" if marks else "")
    yield f"This month: {facts.minutes.counted // 60} minutes that count, {facts.minutes.logged // 60} logged"
    if due is not None:
        yield f"Next due: {_near(due)}"
    for task in tasks:
        yield f"Task: {task.title}, due {_near(task.due)}, {task.assignee_name}"
    for contact in contacts:
        at = local(contact.at, zone)
        what = f"{words.label('mode', contact.mode)}, {words.label('outcome', contact.outcome)}"
        note = "; ".join(part for part in (contact.why, contact.changed, contact.did) if part)
        minutes = f", {contact.seconds // 60} min" if contact.seconds else ""
        when = _near(day_of(contact.at, zone)) + ("" if contact.precision else f" {at:%H:%M}")
        yield f"Contact: {when}, {what}{minutes}, {contact.signed_as}. {note}".rstrip()


def _near(day: date) -> str:
    return f"{day:%a} {day.isoformat()}"
