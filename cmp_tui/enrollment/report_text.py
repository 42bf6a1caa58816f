"""The enrollment report as a document: aligned tables for a terminal, a file or paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cmp_tui.clinic.reference import Reference
from cmp_tui.enrollment.report_queries import EnrollmentReport, Number, ReportRow
from cmp_tui.enrollment.report_rules import Spread, share
from cmp_tui.files.document import Document, Heading, Paragraph, Part, Table

SHORT = {"provider-referral": "referred", "claims": "claims", "list": "list", "self-referral": "asked"}
"""Sources as they stand above a column."""
STEP_WORDS = {
    "received": "received", "reached": "reached", "eligible": "eligible", "consented": "agreed", "enrolled": "enrolled",
    "ended": "ended",
}  # fmt: skip
REFERRER_WORDS = {
    "referred": "referred by a practitioner", "answered": "the referrer was told",
    "waiting": "there is something to tell, not told yet", "open": "still on the way",
}  # fmt: skip


def report_document(report: EnrollmentReport, reference: Reference) -> Document:
    """Returns the report as a document."""
    title = f"Enrollment, received {report.first} to {report.last}"
    return Document(title, list(_parts(report, reference)), f"as it stands on {report.today}", 9.5)


def rows_document(rows: Sequence[ReportRow], title: str, reference: Reference) -> Document:
    """Returns the people behind a number as a document."""
    say = reference.label
    cells = [
        (
            row.mrn, f"{row.family}, {row.given}".rstrip(", "), say("intake_source", row.source), str(row.received),
            say("program_end", row.end) if row.end else say("intake_stage", row.stage), str(row.days),
        )
        for row in rows
    ]  # fmt: skip
    heads = ["MRN", "name", "source", "received", "now", "days"]
    return Document(title, [Table(heads, cells, [1, 2, 2, 1, 2, 0.6], frozenset({5}))])


def _parts(report: EnrollmentReport, reference: Reference) -> Iterator[Part]:
    say = reference.label
    received = report.funnel["received"][0].people
    yield Heading("How far they came")
    heads = ["", "all", "of received", *(SHORT.get(one, one) for one in report.sources)]
    rows = [[STEP_WORDS[step], *_with_share(numbers, received)] for step, numbers in report.funnel.items()]
    yield Table(heads, rows, [2, 1, 1.4, *([1.2] * len(report.sources))], frozenset(range(1, len(heads))))
    yield Heading("Days in a stage")
    stages = [
        [
            say("intake_stage", one.stage), str(one.left.people), *spread_words(one.spread), str(one.still.people),
            "" if one.longest is None else str(one.longest),
        ]
        for one in report.stages
    ]  # fmt: skip
    heads = ["", "left it", "median", "9 of 10 within", "still there", "longest"]
    yield Table(heads, stages, [2.4, 1, 1, 1.6, 1.2, 1], frozenset(range(1, 6)))
    yield Heading("Why they left")
    ended = report.funnel["ended"][0].people
    ends = [
        [
            say("program_end", one.end),
            str(one.people.people),
            share(one.people.people, ended),
            str(one.back.people),
        ]
        for one in report.ends
    ]
    if ends:
        yield Table(["", "people", "of ended", "come back"], ends, [4, 1, 1, 1], frozenset({1, 2, 3}))
    else:
        yield Paragraph("Nobody has left.")
    yield Heading("Answers to referrers")
    told = [[REFERRER_WORDS[state], str(one.people)] for state, one in report.referrer.items()]
    yield Table(["", "people"], told, [4, 1], frozenset({1}))
    if report.answer.people:
        middle, ninth = spread_words(report.answer)
        yield Paragraph(f"Told after a median of {middle} days, 9 of 10 within {ninth}.")


def _with_share(numbers: Sequence[Number], received: int) -> list[str]:
    first, *others = (str(one.people) for one in numbers)
    return [first, share(numbers[0].people, received), *others]


def spread_words(found: Spread) -> tuple[str, str]:
    """Returns the median and the ninth tenth as they are shown; nothing of nobody."""
    if found.median is None:
        return "", ""
    return f"{found.median:g}", str(found.ninth)
