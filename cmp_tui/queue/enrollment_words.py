"""Why a row about someone's way into a program, their consent or a concern is in Today, and what clears it. Pure."""

from __future__ import annotations

from datetime import date

from cmp_tui.queue.words import Details, Said, near


def outreach(due: date, today: date, details: Details) -> Said:
    """A name that is to be taken up, tried again, written to or given up: 'from claims: 3rd try, morning'."""
    clears = {
        "take-up": "taken up, or ended with a reason",
        "letter": "a letter is logged, they are reached, or it is ended",
        "end": "reached, or ended with a reason",
    }.get(details.outcome, "reached, or ended with a reason")
    return Said(f"{details.title}: {details.to}", clears)


def comes_back(due: date, today: date, details: Details) -> Said:
    """An end that comes back."""
    when = f" {near(details.last, today)}" if details.last else ""
    program = f" ({details.topic})" if details.topic else ""
    return Said(f"ask again: {details.outcome}{when}{program}", "brought back, or put off with another day")


def answer_referrer(due: date, today: date, details: Details) -> Said:
    """A referrer who waits for an answer."""
    return Said(f"tell {details.title}: {details.outcome}", "the answer to who referred them is noted")


def half_done(due: date, today: date, details: Details) -> Said:
    """An assessment that was begun."""
    since = f" since {near(details.last, today)}" if details.last else ""
    return Said(f"{details.title} half done{since}", "completed, or broken off")


def yearly(due: date, today: date, details: Details) -> Said:
    """The comprehensive assessment is due again."""
    last = f", last {near(details.last, today)}" if details.last else ""
    return Said(f"yearly assessment{last}", "a comprehensive assessment is completed")


def tier_review(due: date, today: date, details: Details) -> Said:
    """A tier that was set by hand."""
    why = f": {details.title}" if details.title else ""
    return Said(f"tier {details.outcome} set until {near(due, today)}{why}", "a clinician looks at it again")


def hold_ends(due: date, today: date, details: Details) -> Said:
    """A pause that is over."""
    why = f" ({details.outcome})" if details.outcome else ""
    ends = "ends" if due >= today else "ended"
    return Said(f"{details.topic} on hold{why} {ends} {near(due, today)}", "it goes on, rests on, or ends")


def asked(due: date, today: date, details: Details) -> Said:
    """A consent that was asked for."""
    when = f" {near(details.last, today)}" if details.last else ""
    return Said(f"asked for {details.topic} consent{when}", "they accept or decline")


def again(due: date, today: date, details: Details) -> Said:
    """A consent that was given to somebody else."""
    who = details.title or "another practitioner"
    return Said(
        f"{details.topic} consent anew: {who} bills now",
        f"consent with {who}, or the old practitioner bills again",
    )


def escalation(due: date, today: date, details: Details) -> Said:
    """A concern that nobody answered."""
    given = f" (from {details.to})" if details.to else ""
    by = f", since {details.at_time}" if details.at_time else ""
    return Said(f"not answered: {details.title}{given}{by}", "answered, by whoever can")


def answered(due: date, today: date, details: Details) -> Said:
    """An answer to a concern."""
    return Said(f"{details.outcome}: {details.title} ({details.topic})", "you have seen it")
