"""What data/referral_targets.toml says: the clocks, what helps after a missed visit, when an order is a double one.

Read once, checked by line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.reference_rows import Row, key_line
from cmp_tui.clinic.rule_rows import BadRule
from cmp_tui.referrals.rules import STAGES, Clock, Loop, Track

FILE = "referral_targets.toml"
LONGEST = 366
"""Days."""
_TIME = re.compile(r"(\d{1,3}) (business )?days?( after the (order|visit))?")
_USUAL_DOUBLE = 30


class Help(NamedTuple):
    """What is offered after a missed visit: a referral (kind, what, need), or a task."""

    kind: str
    what: str
    need: str
    task: str


class ReferralBook(NamedTuple):
    """The clinic's own rules of referrals."""

    tracks: tuple[Track, ...]
    help: Mapping[str, Help]
    """By `missed_why`."""
    duplicate_days: Mapping[str, int]
    """By `referral_kind`: days within which the same order counts as ordered twice."""
    checked_on: date

    def track(self, kind: str, urgency: str) -> Track:
        """Returns the clocks of a referral."""
        return next(one for one in self.tracks if one.holds(kind, urgency))

    def track_of(self, loop: Loop) -> Track:
        """Returns the clocks of a loop."""
        return self.track(loop.kind, loop.urgency)


def referral_book(reference: Reference) -> ReferralBook:
    """Returns the rules. Raises Stopped with the file's name and the line of what can't be used."""
    return reference.made(FILE, lambda: _read(reference))


def help_form(
    book: ReferralBook, why: str | None, patient: bytes, what: str
) -> tuple[str, bytes | None, bytes | None, dict[str, Any]] | None:
    """Returns the form that offers what helps with why a visit (`what`) was missed: a task, or a referral; None where
    nothing is known to help."""
    found = book.help.get(why or "")
    if found is None:
        return None
    if found.task:
        return "task", patient, None, {"title": f"{found.task} ({what})"[:200]}
    about = {"kind": found.kind, "what": found.what, "need": found.need}
    return "referral", patient, None, {**about, "question": f"missed {what}"}


def _read(reference: Reference) -> ReferralBook:
    try:
        return _book(reference)
    except BadRule as wrong:
        line = key_line(reference.text(FILE), wrong)
        raise Stopped(
            f"The reference file {FILE}, line {line}: {wrong.why}. Correct it, or remove your copy."
        ) from wrong


def _book(reference: Reference) -> ReferralBook:
    top = Row("", 1, reference.table(FILE))
    kinds = [one.code for one in reference.codes("referral_kind")]
    urgencies = [one.code for one in reference.codes("referral_urgency")]
    missed = [one.code for one in reference.codes("missed_why")]
    top.only(("checked_on", "track", "matching", "duplicate_days"))
    tracks = tuple(_track(row, kinds, urgencies) for row in top.rows("track"))
    if not tracks or tracks[-1].kinds or tracks[-1].urgencies:
        raise top.bad("track: the last one holds for all; it has no kinds and no urgencies")
    doubles = top.values.get("duplicate_days", {})
    if not isinstance(doubles, dict):
        raise top.bad("duplicate_days is a table of days by kind")
    days = Row("duplicate_days", 1, doubles)
    days.only(kinds)
    return ReferralBook(
        tracks,
        {row.one_of("missed", missed): _help(row, kinds) for row in top.rows("matching")},
        {kind: days.whole(kind, LONGEST, least=1, default=_USUAL_DOUBLE) for kind in kinds},
        top.day("checked_on"),
    )


def _track(row: Row, kinds: list[str], urgencies: list[str]) -> Track:
    row.only(("name", "kinds", "urgencies", "again", "seen", *STAGES))
    return Track(
        row.text("name", 60),
        frozenset(row.texts("kinds", kinds, "kind of referral")),
        frozenset(row.texts("urgencies", urgencies, "urgency")),
        {stage: _clock(row, stage) for stage in STAGES},
        _clock(row, "again"),
        _clock(row, "seen") if "seen" in row.values else None,
    )


def _clock(row: Row, key: str) -> Clock:
    found = _TIME.fullmatch(row.text(key, 60))
    if found is None or int(found[1]) > LONGEST:
        raise row.bad(
            f'{key} is a time such as "3 business days", "14 days" or "1 business day after the visit"'
        )
    if found[1] == "0" and not found[2]:
        raise row.bad(f'{key} is at least "1 day"; the same day is "0 business days"')
    return Clock(int(found[1]), bool(found[2]), found[4] or "stage")


def _help(row: Row, kinds: list[str]) -> Help:
    row.only(("missed", "kind", "what", "need", "task"))
    if "task" in row.values:
        return Help("", "", "", row.text("task", 200))
    return Help(row.one_of("kind", kinds), row.text("what", 200), row.text("need", 40, ""), "")
