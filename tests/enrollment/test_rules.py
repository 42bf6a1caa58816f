"""What holds on a day: consents, their spans, the states of an enrollment."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.reference import Reference
from cmp_tui.enrollment.rules import (
    POINTS,
    ConsentFact,
    Span,
    consent_on,
    in_force,
    may_become,
    missing_points,
    needed_points,
    needs_consent,
    overlap,
    revoked_to,
    spans,
)


def day(month: int, number: int) -> date:
    return date(2026, month, number)


def fact(decision: str, on: date, to: date | None = None, program: str = "CCM") -> ConsentFact:
    return ConsentFact(program, decision, on, to)


def test_the_points_are_those_of_the_form() -> None:
    codes = tuple(code.code for code in Reference().codes("consent_point"))
    assert codes == (*POINTS, "consult"), "the last is asked for in some programs only"


def test_missing_points() -> None:
    assert missing_points(POINTS) == () and missing_points(None) == POINTS
    assert missing_points({"cost", "available"}) == ("one-practitioner", "stop")
    assert missing_points(set(), "APCM") == ("cost", "one-practitioner", "stop")
    assert missing_points((), "TCM") == () and needed_points("PCM") == POINTS
    assert needs_consent("CCM") and needs_consent("CHI") and not needs_consent("TCM")


def test_a_revocation_leaves_the_rest_of_its_month() -> None:
    assert revoked_to(day(11, 1)) == revoked_to(day(11, 30)) == day(11, 30)
    assert revoked_to(date(2028, 2, 3)) == date(2028, 2, 29)


def test_what_holds() -> None:
    facts = [fact("accepted", day(3, 4)), fact("revoked", day(11, 10), day(11, 30))]
    assert consent_on(facts, "CCM", day(3, 3)) is None
    assert consent_on(facts, "CCM", day(3, 4)) == "accepted"
    assert consent_on(facts, "CCM", day(11, 30)) == "accepted"
    assert consent_on(facts, "CCM", day(12, 1)) == "revoked"
    assert consent_on(facts, "BHI", day(4, 1)) is None
    assert spans(facts, "CCM") == (Span(day(3, 4), day(11, 30)),)
    assert spans(facts, "BHI") == ()


def test_agreed_again() -> None:
    facts = [fact("accepted", day(3, 4)), fact("revoked", day(5, 10), day(5, 31))]
    soon = [*facts, fact("accepted", day(5, 20))]
    assert spans(soon, "CCM") == (Span(day(3, 4), None),)
    later = [*facts, fact("accepted", day(7, 1))]
    assert spans(later, "CCM") == (Span(day(3, 4), day(5, 31)), Span(day(7, 1), None))
    assert consent_on(later, "CCM", day(6, 30)) == "revoked"


def test_revoked_twice_counts_from_the_first_time() -> None:
    facts = [fact("accepted", day(3, 4)), fact("revoked", day(5, 10)), fact("revoked", day(6, 10))]
    assert consent_on(facts, "CCM", day(6, 15)) == "revoked"


def test_declined_and_never_asked() -> None:
    assert consent_on([fact("declined", day(3, 4))], "CCM", day(3, 4)) == "declined"
    assert consent_on([fact("revoked", day(3, 4))], "CCM", day(3, 4)) == "revoked"
    assert consent_on([], "CCM", day(3, 4)) is None


decisions = st.lists(
    st.builds(
        ConsentFact,
        st.sampled_from(["CCM", "BHI"]),
        st.sampled_from(["accepted", "declined", "revoked"]),
        st.dates(date(2026, 1, 1), date(2026, 6, 30)),
        st.none() | st.dates(date(2026, 1, 1), date(2026, 7, 31)),
    ),
    max_size=8,
)


@given(decisions, st.dates(date(2025, 12, 25), date(2026, 8, 10)))
def test_a_day_is_in_a_span_exactly_when_the_consent_holds(facts: list[ConsentFact], on: date) -> None:
    facts = [f if f.decision == "revoked" else f._replace(effective_to=None) for f in facts]
    agreed = spans(facts, "CCM")
    assert in_force(agreed, on) == (consent_on(facts, "CCM", on) == "accepted")
    for one, other in pairwise(agreed):
        assert one.end is not None and one.start <= one.end < other.start


def test_states_of_an_enrollment() -> None:
    assert (
        may_become("planned", "active")
        and may_become("active", "finished")
        and may_become("active", "active")
    )
    assert not may_become("planned", "finished") and not may_become("finished", "planned")
    known = {code.code for code in Reference().codes("enrollment_status")}
    assert {one for one in known if any(may_become(one, other) for other in known - {one})} == known


@pytest.mark.parametrize(
    ("start", "end", "shares"),
    [(1, None, True), (15, None, True), (16, None, False), (1, 4, False), (1, 5, True), (5, 15, True)],
)
def test_overlap(start: int, end: int | None, shares: bool) -> None:
    assert overlap(day(5, start), (end and day(5, end)) or None, day(5, 5), day(5, 15)) is shares
    assert not overlap(day(5, 1), None, None, None)
    assert overlap(day(5, 20), None, day(5, 5), None) and day(5, 1) + timedelta(1) == day(5, 2)
