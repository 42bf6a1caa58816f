"""The referral report as a document: aligned tables for a terminal, a file or paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from cmp_tui.clinic.reference import Reference
from cmp_tui.enrollment.report_rules import Spread, share
from cmp_tui.files.document import Document, Heading, Paragraph, Part, Table
from cmp_tui.referrals.report_queries import GroupLine, ReferralReport, ReportRow

HEADS: Mapping[str, str] = MappingProxyType(
    {
        "ordered": "ordered", "open": "open", "late": "late", "closed": "closed", "in-time": "in time", "met": "met",
        "other": "other",
    }
)  # fmt: skip
"""Measures as they stand above a column."""
TITLES: Mapping[str, str] = MappingProxyType(
    {
        "kind": "By kind", "to": "By recipient", "urgency": "By urgency", "end": "How they ended",
        "missed": "Why visits were missed",
    }
)  # fmt: skip
EXPLAINED = (
    "Closed: gone to the end, the need met or not. In time: by the day that the clinic's own clocks give in all "
    "(referral_targets.toml); late are open ones that are past it. Met: the need. Other: ended on the way. Days are "
    "counted from the order until it was closed."
)


def report_document(report: ReferralReport, reference: Reference) -> Document:
    """Returns the report as a document."""
    title = f"Referrals, ordered {report.first} to {report.last}"
    return Document(title, list(_parts(report, reference)), f"as it stands on {report.today}", 9.5)


def rows_document(rows: Sequence[ReportRow], title: str, reference: Reference) -> Document:
    """Returns the referrals behind a number as a document."""
    say = reference.label
    cells = [
        (
            row.mrn, f"{row.family}, {row.given}".rstrip(", "), row.what, row.to, str(row.ordered_on),
            say("referral_end", row.end) if row.end else say("referral_stage", row.stage), str(row.close_by),
            str(row.days),
        )
        for row in rows
    ]  # fmt: skip
    heads = ["MRN", "name", "what", "to", "ordered", "now", "close by", "days"]
    return Document(title, [Table(heads, cells, [1, 2, 2, 2, 1.2, 1.6, 1.2, 0.6], frozenset({7}))])


def _parts(report: ReferralReport, reference: Reference) -> Iterator[Part]:
    total = report.total.numbers["ordered"].loops
    if not total:
        yield Paragraph("Nothing was ordered in this time.")
        return
    yield Heading("How far they came")
    rows = [
        [reference.label("referral_stage", stage), str(one.loops), share(one.loops, total)]
        for stage, one in report.stages.items()
    ]
    yield Table(["", "referrals", "of ordered"], rows, [3, 1, 1], frozenset({1, 2}))
    if report.visit.people:
        middle, ninth = spread_words(report.visit)
        yield Paragraph(f"Seen after a median of {middle} days, 9 of 10 within {ninth}.")
    for group, lines in report.groups.items():
        if lines:
            yield Heading(TITLES[group])
            shown = [*lines, report.total] if group == "kind" else lines
            yield _table(shown, measured=group not in ("end", "missed"))
    yield Paragraph(EXPLAINED, quiet=True)


def _table(lines: Sequence[GroupLine], *, measured: bool) -> Table:
    if not measured:
        rows = [[line.label, str(line.numbers["ordered"].loops)] for line in lines]
        return Table(["", "referrals"], rows, [4, 1], frozenset({1}))
    rows = [
        [
            line.label,
            *(_number(line, measure) for measure in HEADS),
            *spread_words(line.closing),
        ]
        for line in lines
    ]
    heads = ["", *HEADS.values(), "median", "9 of 10"]
    return Table(heads, rows, [3, *[1] * (len(heads) - 1)], frozenset(range(1, len(heads))))


def _number(line: GroupLine, measure: str) -> str:
    count = line.numbers[measure].loops
    if measure == "in-time" and line.numbers["closed"].loops:
        return f"{count} {share(count, line.numbers['closed'].loops)}"
    return str(count)


def spread_words(found: Spread) -> tuple[str, str]:
    """Returns the median and the ninth tenth as they are shown; nothing of nobody."""
    if found.median is None:
        return "", ""
    return f"{found.median:g}", str(found.ninth)
