"""Which preventive measures are due for somebody, what the chart has of each, and how long an answer holds. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from cmp_tui.clinic.text import fold
from cmp_tui.measurements.preventive_book import Answer, Done, Measure, Person, PreventiveBook

ELSEWHERE, DECLINED, NOT_SUITABLE = "done-elsewhere", "declined", "not-suitable"
ASKED_AGAIN = 12
"""Months after which somebody who declined is asked again, where the measure itself does not hold shorter."""
NEVER_SMOKED = frozenset({"never", "nonsmoker"})
NOT_KNOWN = frozenset({"unknown", "refused", "unclear"})


class Gap(NamedTuple):
    """A measure that is due for somebody: since when, and what the chart has of it last.

    `sure` False: whether it is for them is not known. `ask`: the practitioner decides whether it is suitable.
    """

    measure: Measure
    due: date
    sure: bool
    last: Done | None

    @property
    def ask(self) -> bool:
        """Whether the practitioner decides."""
        return self.measure.ask or not self.sure

    @property
    def pressing(self) -> bool:
        """Whether it is worth a call: it belongs to their conditions or to the season, or was done before and is due
        again. Of what a chart never heard of nobody knows whether it is missing; the chart itself lists that."""
        return not self.ask and (self.measure.by_itself or self.last is not None)


def gaps(
    book: PreventiveBook,
    person: Person,
    done: Sequence[Done],
    answers: Mapping[str, Sequence[Answer]],
    today: date,
) -> tuple[Gap, ...]:
    """Returns what is due for somebody today, in the order of the book; what the practitioner decides comes last."""
    found = []
    for measure in book.measures.values():
        fits = measure.fits(person, today)
        if fits is False:
            continue
        due = measure.due_on(done, answers.get(measure.name, ()), today)
        if due is not None and due <= today:
            found.append(Gap(measure, due, fits is True, last_of(measure, done, today)))
    return tuple(sorted(found, key=lambda gap: gap.ask))


def last_of(measure: Measure, done: Iterable[Done], today: date) -> Done | None:
    """Returns what the chart has of a measure last."""
    proofs = {(one.proof, one.name) for one in measure.proofs}
    of_it = [one for one in done if (one.proof, one.name) in proofs and one.day <= today]
    return max(of_it, key=lambda one: one.day, default=None)


def rests_until(measure: Measure | None, answer: str, day: date, choice: str = "") -> date | None:
    """Returns until when an answer holds; None for good.

    What was done elsewhere holds as long as the measure says (of several ways to do it, `choice` names one); who
    declined is asked again after a year.
    """
    if answer == NOT_SUITABLE:
        return None
    if answer == DECLINED or measure is None:
        return day + relativedelta(months=ASKED_AGAIN)
    if measure.season:
        begin = date(day.year if day.month >= measure.season else day.year - 1, measure.season, 1)
        return begin + relativedelta(years=1)
    months = next(
        (one.months for one in measure.choices if one.title.en == choice), measure.choices[0].months
    )
    return day + relativedelta(months=months) if months else None


def age_on(birth_date: str | None, today: date) -> int | None:
    """Returns somebody's age in years; None where the day of birth is not known well enough to tell."""
    if not birth_date:
        return None
    born = [int(part) for part in birth_date.split("-")]
    now = [today.year, today.month, today.day][: len(born)]
    years = now[0] - born[0]
    if len(born) == 3 or born[1:] != now[1:]:
        return years - (born[1:] > now[1:]) if len(born) > 1 else None
    return None  # in the month of the birthday, of which the day is not known


def ever_smoked(words: Iterable[str]) -> bool | None:
    """Tells whether somebody smokes or ever smoked, by the words of the records; None where they don't say."""
    said = None
    for text in words:
        parts = set(fold(text).split())
        if parts & NOT_KNOWN:
            continue
        if not parts & NEVER_SMOKED:
            return True
        said = False
    return said
