"""data/referral_targets.toml: what can't be used is named with its line; a clinic's own file stands before ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import Reference
from cmp_tui.referrals.referral_book import FILE, referral_book
from cmp_tui.referrals.rules import STAGES, Clock

SHIPPED = Reference().text(FILE)


def own(folder: Path, text: str) -> Reference:
    """The reference data of a clinic with its own file."""
    (folder / FILE).write_text(text, encoding="utf-8")
    return Reference(own=folder)


def test_the_shipped_file_says_that_the_days_are_our_own() -> None:
    assert "OUR OWN" in SHIPPED
    book = referral_book(Reference())
    assert all(set(track.clocks) == set(STAGES) for track in book.tracks)
    assert book.tracks[-1].clocks["sent"] == Clock(7)
    assert set(book.duplicate_days) == {one.code for one in Reference().codes("referral_kind")}


def test_what_helps_after_a_missed_visit() -> None:
    book = referral_book(Reference())
    assert book.help["transport"].kind == "community"
    assert book.help["transport"].need
    assert book.help["fear"].task and not book.help["fear"].kind
    assert "not-said" not in book.help


def test_a_clinics_own_days(tmp_path: Path) -> None:
    book = referral_book(own(tmp_path, SHIPPED.replace('sent = "7 days"', 'sent = "5 business days"')))
    assert book.track("specialist", "routine").clocks["sent"] == Clock(5, True)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('sent = "1 business day"', 'sent = "soon"', 'sent is a time such as "3 business days"'),
        ('again = "14 days"', 'again = "0 days"', "again is at least"),
        ('urgencies = ["stat"]', 'urgencies = ["now"]', "urgencies names 'now'"),
        ('name = "at once"', 'nmae = "at once"', "nmae is not known here"),
        ('missed = "cost"', 'missed = "money"', "missed is one of"),
        ("specialist = 90", "specialist = 0", "specialist is a whole number"),
        ("checked_on = 2026-11-22", 'checked_on = "today"', "checked_on is not a day"),
    ],
)
def test_what_can_not_be_used_is_named_with_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = SHIPPED.replace(old, new, 1)
    assert text != SHIPPED
    with pytest.raises(Stopped) as raised:
        referral_book(own(tmp_path, text))
    assert says in str(raised.value)
    assert FILE in str(raised.value)
    line = next(at for at, words in enumerate(text.splitlines(), 1) if words.strip() == new)
    assert f"line {line}" in str(raised.value)


def test_the_last_track_holds_for_all(tmp_path: Path) -> None:
    with pytest.raises(Stopped, match="holds for all"):
        referral_book(
            own(tmp_path, SHIPPED.replace('name = "routine"', 'name = "routine"\nkinds = ["test"]'))
        )
