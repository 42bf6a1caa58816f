"""data/claims.toml: what it gives, and what is said of one that can't be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import Reference, shipped
from cmp_tui.exchange.claims.book import Book, claims_book


def own(tmp_path: Path, old: str, new: str) -> Book:
    text = (shipped("data") / "claims.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "claims.toml").write_text(text.replace(old, new), encoding="utf-8")
    return claims_book(Reference(own=tmp_path))


def test_the_shipped_file() -> None:
    book = claims_book(Reference())
    assert book.rule.chronic_groups == book.rule.uses == 2
    assert book.marks.codes["99283"] == "emergency"
    assert book.marks.codes["99495"] == "transition"
    assert book.marks.codes["99490"] == "service"
    assert book.marks.revenues["0450"] == book.marks.revenues["0981"] == "emergency"
    assert {"99490", "99487", "G0556", "G0181", "90960", "99495"} <= book.services
    assert "99214" not in book.services


def test_the_clinics_own_file_stands_in_its_place(tmp_path: Path) -> None:
    assert own(tmp_path, 'needs = "any"', 'needs = "all"').rule.needs == "all"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('needs = "any"', 'needs = "some"', 'line 7: needs is "any" or "all"'),
        ("uses = 2", "uses = 0", "uses is a whole number from 1 to 999"),
        ("uses = 2", "use = 2", "line 7: use is not known here"),
        ("groups_out = []", 'groups_out = ["gouts"]', "'gouts' is no group"),
        ('"psychiatric", "ed"]', '"spa"]', "'spa' is no kind of stay"),
        ("hospice_out = true", "hospice_out = 1", "hospice_out is true or false"),
        ('"99281-99285"', '"99285-99281"', "ends before it begins"),
        ('"99281-99285"', '"99"', "is neither a code nor a range"),
        ('"0450-0459"', '"0760"', "stands under emergency and under observation"),
        ("[revenues]", "[revenue]", "revenue is not known here"),
    ],
)
def test_what_can_not_be_used_is_named_with_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(Stopped, match=r"claims\.toml can't be used: line [0-9]+: ") as error:
        own(tmp_path, old, new)
    assert says in str(error.value)
