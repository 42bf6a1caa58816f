"""The file of the risk rules: a clinic's own stands before the shipped one; a wrong one is told by file and line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cmp_tui.assessments.risk_book import FILE, book_on
from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import Reference, shipped

TODAY = date(2026, 11, 23)
SHIPPED = (shipped("data") / FILE).read_text(encoding="utf-8")
TIERS = "".join(
    f'[[tier]]\ntier = {tier}\nfrom = {10 * (tier - 1)}\nwords = "t{tier}"\n\n' for tier in range(1, 7)
)
RULE = """\
[[rule]]
name = "own"
label = "Own rule"
why = "We want it so."
reads = "conditions"
groups = ["gout"]
points = 4
"""


def book_of(text: str, folder: Path):  # type: ignore[no-untyped-def]
    (folder / FILE).write_text(text, encoding="utf-8")
    return book_on(Reference(own=folder), TODAY)


def test_the_shipped_file_is_whole() -> None:
    book = book_on(Reference(), TODAY)
    assert [one.tier for one in book.tiers] == [1, 2, 3, 4, 5, 6]
    assert all(one.why.endswith(".") and len(one.label) <= 31 for one in book.rules)


def test_the_clinics_own_file_stands_before_the_shipped_one(tmp_path: Path) -> None:
    book = book_of(TIERS + RULE, tmp_path)
    assert [one.name for one in book.rules] == ["own"]
    assert book.tier(49) == 5 and book.words(5) == "t5"
    assert book.label("own") == "Own rule" and book.label("gone") == "gone"


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("points = 4", "point = 4", "line 31: point is not known here; there are"),
        ("points = 4", "points = -4", "line 31: points is a whole number from 1 to 99"),
        ("points = 4", 'points = "4"', "line 31: points is a whole number from 1 to 99"),
        ("points = 4\n", "", "line 31: a rule has points, or steps, and not both"),
        ("points = 4", "points = 4\nsteps = [{ from = 1, points = 1 }]", "line 31: a rule has points, or steps"),
        ("points = 4", "steps = [{ from = 2, points = 2 }, { from = 3, points = 2 }]", "line 31: each of the steps"),
        ("points = 4", "steps = []", "line 31: steps is a list such as [{ from = 1, points = 1 }]"),
        ('groups = ["gout"]', 'groups = ["gowt"]', "line 31: 'gowt' is no group of condition_groups.toml"),
        ('groups = ["gout"]', 'groups = "gout"', 'line 31: groups is a list such as ["first", "second"]'),
        ('groups = ["gout"]', 'months = 3', "line 31: months is not known here"),
        ('reads = "conditions"', 'reads = "tea leaves"', "line 31: reads is one of conditions, stays"),
        ('reads = "conditions"\ngroups = ["gout"]', 'reads = "stays"\nkinds = ["inpatient"]', "months is missing"),
        (
            'reads = "conditions"\ngroups = ["gout"]', 'reads = "stays"\nmonths = 6\nkinds = ["hotel"]',
            "line 31: 'hotel' is no kind of stay; there are inpatient",
        ),
        (
            'reads = "conditions"\ngroups = ["gout"]\npoints = 4',
            'reads = "scores"\nmonths = 6\nscores = [{ instrument = "katz", from = 3, to = 1, points = 1 }]',
            "line 31: to is less than from",
        ),
        (
            'reads = "conditions"\ngroups = ["gout"]\npoints = 4',
            'reads = "scores"\nmonths = 6\nscores = [{ instrument = "kazt", from = 1, to = 3, points = 1 }]',
            "line 31: there is no instrument 'kazt'",
        ),
        ('label = "Own rule"', 'label = ""', "line 31: label is missing; write it in quotes"),
        ('why = "We want it so."', "", "line 31: why is missing; write it in quotes"),
        ("from = 20", "from = 10", "line 11: from is not more than that of the tier before"),
        ("tier = 3", "tier = 4", "line 11: the tiers are 1, 2, 3, 4, 5, 6, in this order"),
        ("from = 0", "from = 1", "line 1: the lowest tier begins at 0 points"),
        (RULE, "", "line 1: there is no [[rule]]"),
        (RULE, RULE + "\n" + RULE, "line 39: there is another rule 'own'"),
        (RULE, RULE + "\n[rules]\nx = 1\n", "line 39: rules is not known here; there are [[tier]] and [[rule]]"),
        ("points = 4", "points = ", "at line 37"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_file_and_line(
    before: str, after: str, says: str, tmp_path: Path
) -> None:
    text = TIERS + RULE
    assert before in text
    with pytest.raises(Stopped) as stopped:
        book_of(text.replace(before, after), tmp_path)
    assert FILE in str(stopped.value)
    assert says in str(stopped.value)
    assert str(stopped.value).endswith(".")


@pytest.mark.parametrize("cut", range(0, len(SHIPPED), 1009))
def test_a_file_that_breaks_off_anywhere_is_told_or_read(cut: int, tmp_path: Path) -> None:
    try:
        book_of(SHIPPED[:cut], tmp_path)
    except Stopped as stopped:
        assert FILE in str(stopped)
