"""Instruments for the tests: the shipped ones, and small ones made on the spot."""

from __future__ import annotations

import tomllib
from pathlib import Path

from cmp_tui.assessments.definition import Instrument
from cmp_tui.assessments.library import FOLDER, Library, library
from cmp_tui.assessments.reading import instrument_from
from cmp_tui.clinic.reference import Reference

HEAD = """\
title = "Small"
about = "for a test"
edition = "1"
ships = "text"
source = "made up"
licence = "none"
redistributable = true
"""


def shelf(own: Path | None = None) -> Library:
    """The shipped instruments, with those of a clinic's own data folder."""
    return library(Reference(own=own))


def need(name: str) -> Instrument:
    """A shipped instrument."""
    return shelf().need(name)


def made(text: str) -> Instrument:
    """An instrument of the text of its file, below the usual head."""
    return instrument_from("small", tomllib.loads(HEAD + text))


def own_file(folder: Path, name: str, text: str) -> Path:
    """Writes an instrument into a clinic's own data folder."""
    path = folder / FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
