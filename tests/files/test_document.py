"""Documents on paper and as text: the same words, the same bytes twice, nobody's text taken for markup."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cmp_tui.clinic.reference import shipped
from cmp_tui.files.aside import CannotWrite
from cmp_tui.files.document import (
    Bullets,
    Checks,
    Document,
    Facts,
    Heading,
    NewPage,
    Paragraph,
    Table,
    as_text,
)
from cmp_tui.files.pdf_out import encode_pdf, unprintable, write_pdf

FONTS = shipped("data") / "fonts"
FULL = Document(
    "Ruiz-Moreno, Ana <b>",
    [
        Facts([("Born", "1948-02-11"), ("Called", "")]),
        Heading("What matters"),
        Paragraph("To walk & cook again.\nNo [/foo] <i>pills</i> ≥ 3."),
        Table(["What", "min"], [["call", "9"], ["message\nto the pharmacy", "12"]], [3, 1], frozenset({1})),
        Checks([(True, "Consent", "4 March"), (False, "Plan given", ""), (None, "Visit", "not known")]),
        NewPage(),
        Bullets(["Cơm tấm", "Niño"]),
        Paragraph("small print", quiet=True),
    ],
    foot="Lakeside Family Clinic",
)


def test_as_text() -> None:
    assert as_text(FULL) == (
        "Ruiz-Moreno, Ana <b>\n====================\n\nBorn    1948-02-11\nCalled  -\n\nWhat matters\n------------\n\n"
        "To walk & cook again.\nNo [/foo] <i>pills</i> ≥ 3.\n\n"
        "What                       min\n-------------------------  ---\ncall                         9\n"
        "message / to the pharmacy   12\n\n[x] Consent (4 March)\n[ ] Plan given\n[?] Visit (not known)\n\n\n"
        "* Cơm tấm\n* Niño\n\nsmall print\n\nLakeside Family Clinic\n"
    )


def test_long_text_is_wrapped() -> None:
    text = as_text(Document("T", [Paragraph("word " * 60), Facts([("Name", "long " * 40)])]), width=40)
    assert max(len(line) for line in text.splitlines()) <= 40


def test_pdf_is_the_same_twice_and_has_pages() -> None:
    data = encode_pdf(FULL, FONTS)
    assert data == encode_pdf(FULL, FONTS)
    assert data.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", data)) == 2
    assert b"Ruiz-Moreno, Ana" in data  # the title, in the file's own facts


def test_long_documents_break_over_pages() -> None:
    rows = [[f"2026-10-{day:02d}", "Called. " * 30, str(day)] for day in range(1, 32)] * 3
    data = encode_pdf(Document("Log", [Table(["day", "note", "min"], rows, [1, 5, 1])]), FONTS)
    assert len(re.findall(rb"/Type\s*/Page\b", data)) > 5
    endless = Document("Long", [Paragraph("x" * 5000), Facts([("a", "y" * 4000)])])
    assert encode_pdf(endless, FONTS)


def test_an_empty_table_and_an_empty_document_are_fine() -> None:
    assert encode_pdf(Document("Nothing", [Table(["a"], []), Facts([]), Checks([]), Bullets([])]), FONTS)


def test_what_the_fonts_can_not_show_is_named() -> None:
    assert unprintable("Nguyễn, Łukasz, Юлия, ≥ ☑ é", FONTS) == ""
    assert unprintable("王 Ana 王", FONTS) == "王"


def test_it_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "copy.pdf"
    write_pdf(path, FULL, FONTS)
    assert path.read_bytes() == encode_pdf(FULL, FONTS)
    assert path.stat().st_mode & 0o777 == 0o600

    def refuse(hidden: Path) -> None:
        raise CannotWrite("not now")

    with pytest.raises(CannotWrite):
        write_pdf(tmp_path / "other.pdf", FULL, FONTS, then=refuse)
    assert [one.name for one in tmp_path.iterdir()] == ["copy.pdf"]
