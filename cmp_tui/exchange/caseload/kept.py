"""What a person has chosen for an import so far: kept as working state, so that leaving loses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

KIND = "caseload-import"
KEY = "now"


@dataclass
class Chosen:
    """The file and what was said about it."""

    path: Path | None = None
    sheet: str | None = None
    step: str = "file"
    meanings: dict[str, str] = field(default_factory=dict)
    """What columns mean, by heading, where the person corrected a guess."""
    year: int | None = None
    same: dict[int, str] = field(default_factory=dict)
    """Rows that are somebody who is here already: row number -> MRN (or "row 12")."""
    new: set[int] = field(default_factory=set)
    out: set[int] = field(default_factory=set)
    overwrite: bool = False
    day_first: bool | None = None
    """The order of dates where a column does not tell it; None: as it is usual."""
    stamp: str = ""
    """What the file was when it was read: other bytes may have other rows."""

    def begin(self, path: Path, stamp: str) -> None:
        """Begins with a file; what was said of another one, or of an older state of it, is forgotten."""
        if (path, stamp) != (self.path, self.stamp):
            self.sheet, self.meanings, self.year = None, {}, None
            self.forget_rows()
        self.path, self.stamp = path, stamp

    def on(self, sheet: str) -> None:
        """Goes to another sheet of the file."""
        if sheet != self.sheet:
            self.meanings, self.year = {}, None
            self.forget_rows()
        self.sheet = sheet

    def forget_rows(self) -> None:
        """Forgets what was decided about rows."""
        self.same, self.new, self.out = {}, set(), set()

    def decide(self, number: int, same: str | None = None, new: bool = False, out: bool = False) -> None:
        """Decides about one row; without any of the three the decision is taken back."""
        self.same.pop(number, None)
        self.new.discard(number)
        self.out.discard(number)
        if same is not None:
            self.same[number] = same
        elif new:
            self.new.add(number)
        elif out:
            self.out.add(number)

    def to_keep(self) -> dict[str, Any]:
        """Returns it ready for JSON."""
        return {
            "path": str(self.path) if self.path else "",
            "sheet": self.sheet,
            "step": self.step,
            "meanings": self.meanings,
            "year": self.year,
            "same": {str(number): mrn for number, mrn in self.same.items()},
            "new": sorted(self.new),
            "out": sorted(self.out),
            "overwrite": self.overwrite,
            "day_first": self.day_first,
            "stamp": self.stamp,
        }

    @classmethod
    def kept(cls, data: Mapping[str, Any]) -> Chosen:
        """Returns what was kept; what an older program kept otherwise is left out."""
        try:
            return cls(
                Path(data["path"]) if data.get("path") else None,
                data.get("sheet"),
                str(data.get("step", "file")),
                {str(heading): str(meaning) for heading, meaning in data.get("meanings", {}).items()},
                data.get("year"),
                {int(number): str(mrn) for number, mrn in data.get("same", {}).items()},
                {int(number) for number in data.get("new", ())},
                {int(number) for number in data.get("out", ())},
                bool(data.get("overwrite")),
                True if data.get("day_first") else None,
                str(data.get("stamp", "")),
            )
        except (TypeError, ValueError, AttributeError):
            return cls()


def stamp_of(path: Path) -> str:
    """Returns what tells one state of a file from another: its size and when it was changed. Raises OSError."""
    facts = path.stat()
    return f"{facts.st_size}:{facts.st_mtime_ns}"
