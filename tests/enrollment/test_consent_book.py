"""Consent scripts and letters: what ships, the clinic's own files, and a sentence with file and line for a mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from cmp_tui.clinic.reference import Reference
from cmp_tui.enrollment.consent_book import points_needed, said, scripts
from cmp_tui.enrollment.letter_book import letters, paragraphs
from cmp_tui.enrollment.rules import NO_CONSENT, needed_points
from cmp_tui.enrollment.wording import filled, tongue_of

GOOD = """version = "1"
programs = ["CCM"]
title = "Ours"

[[point]]
point = "available"
required = true
say = "It is there."

[[point]]
point = "cost"
required = true
say = "It costs."

[[point]]
point = "one-practitioner"
required = true
say = "{practitioner} is paid."

[[point]]
point = "stop"
required = true
say = "You may stop."

[text]
opening = "Hello."
closing = "Agreed."
"""


def own(folder: Path, name: str, text: str, kind: str = "consent") -> Reference:
    (folder / kind).mkdir(exist_ok=True)
    (folder / kind / name).write_text(text, encoding="utf-8")
    return Reference(own=folder)


def test_every_program_that_needs_a_consent_has_a_script_in_both_languages() -> None:
    reference = Reference()
    book = scripts(reference)
    assert book.problems == () and letters(reference).problems == ()
    for code in reference.codes("program"):
        if code.code in NO_CONSENT:
            assert code.code not in book.by_program
            continue
        script = book.by_program[code.code]
        assert script.in_spanish(), code.code
        assert set(needed_points(code.code)) <= set(script.required)
    assert letters(reference).by_name["outreach"].es is not None


def test_what_an_agreement_needs() -> None:
    reference = Reference()
    assert points_needed(reference, "BHI", None) == ()
    edition = scripts(reference).by_program["BHI"].edition
    assert points_needed(reference, "BHI", edition) == ("cost", "consult")
    assert points_needed(reference, "CCM", edition) == needed_points("CCM"), (
        "a script of another program adds nothing"
    )


def test_the_clinics_own_script_stands_before(tmp_path: Path) -> None:
    book = scripts(own(tmp_path, "ours.toml", GOOD))
    assert book.by_program["CCM"].edition == "ours 1" and book.by_program["PCM"].name == "pcm"
    point = book.by_program["CCM"].points[2]
    assert said(point, "en", {"practitioner": "Amy Levin"}) == "Amy Levin is paid."
    assert point.words("es") == "{practitioner} is paid.", "English where nobody wrote Spanish"
    assert book.by_program["CCM"].tongue("es") == "en"


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ('say = "It costs."', 'says = "It costs."', 10, "say is missing"),
        ('say = "It costs."', 'say = "It costs."\nwhy = "x"', 14, "why is not known here"),
        ('point = "cost"', 'point = "price"', 11, "point is one of"),
        ("required = true\nsay = \"It costs.\"", "required = 1\nsay = \"It costs.\"", 12, "required is true or false"),
        ("true\nsay = \"It costs.\"", "false\nsay = \"It costs.\"", 6, "point cost is needed for CCM"),
        ("{practitioner}", "{doctor}", 18, "say names {doctor}"),
        ('programs = ["CCM"]', 'programs = ["CCMM"]', 2, "programs is a list of programs"),
        ('title = "Ours"', 'title = ""', 3, "title says nothing"),
        ('title = "Ours"', 'title = "Ours', 3, "Illegal character"),
        ('opening = "Hello."', "", 25, "opening is missing"),
        ('version = "1"', "version = 1", 1, "version is not a text"),
    ],
)  # fmt: skip
def test_a_mistake_is_a_sentence_with_its_line(
    tmp_path: Path, before: str, after: str, line: int, words: str
) -> None:
    assert before in GOOD
    book = scripts(own(tmp_path, "ours.toml", GOOD.replace(before, after)))
    (problem,) = book.problems
    assert problem.startswith(f"The consent file ours.toml is left out: line {line}: {words}"), problem
    assert problem.endswith("Correct it; the others are in use.")
    assert book.by_program["CCM"].name == "ccm", "the rest goes on"


def test_a_script_without_points(tmp_path: Path) -> None:
    text = GOOD[: GOOD.index("[[point]]")] + GOOD[GOOD.index("[text]") :]
    (problem,) = scripts(own(tmp_path, "ccm.toml", text)).problems
    assert "ccm.toml is left out: line 1: point is missing" in problem


def test_two_own_scripts_for_one_program(tmp_path: Path) -> None:
    own(tmp_path, "a.toml", GOOD)
    book = scripts(own(tmp_path, "b.toml", GOOD))
    assert book.by_program["CCM"].name == "a"
    assert book.problems[0].startswith("The consent files a.toml and b.toml are both for CCM.")


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    reference = own(tmp_path, "ours.toml", "")
    (tmp_path / "consent" / "ours.toml").write_bytes(b"\xff\xfe")
    assert "can't be read" in scripts(reference).problems[0]


def test_a_letter_with_an_unknown_field(tmp_path: Path) -> None:
    text = (Reference().folder / "letters" / "outreach.toml").read_text(encoding="utf-8")
    found = letters(own(tmp_path, "outreach.toml", text.replace("Dear {name},", "Dear {nmae},"), "letters"))
    assert found.by_name == {}
    assert "outreach.toml is left out: line" in found.problems[0] and "{nmae}" in found.problems[0]


def test_words() -> None:
    assert [tongue_of(one) for one in ("Spanish", "spanish; English", "Español", None, "English", "")] == [
        "es", "es", "es", "en", "en", "en",
    ]  # fmt: skip
    assert filled("{a} and {b}", {"a": "{b}"}) == "{b} and {b}", "what is filled in is not filled again"
    assert paragraphs("one\ntwo {name}\n\n\nthree\n", {"name": "Ana"}) == ["one two Ana", "three"]
