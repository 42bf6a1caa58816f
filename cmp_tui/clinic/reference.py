"""Reference data that the program reads and people can edit: where it lies, and the codes with their words."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from cmp_tui.clinic.errors import Stopped

T = TypeVar("T")


class Code(NamedTuple):
    """One value of a coded column: what is stored, what is shown, whether it stands behind "other"."""

    code: str
    label: str
    rare: bool


def shipped(kind: str) -> Path:
    """Returns the folder of shipped files of a kind ("data" or "themes"): in the wheel, else in the checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / f"_{kind}"
    return inside if inside.is_dir() else package.parent / kind


def read_toml(path: Path) -> dict[str, Any]:
    """Reads one reference file. Raises Stopped with the file's name and the line when it can't be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Stopped(
            f"The reference file {path.name} can't be read: {error}. Correct or remove it."
        ) from error


class Reference:
    """The reference data of one running program; each file is read when it is first asked for.

    A file in the clinic's `own` folder stands in the place of the shipped one of its name.
    """

    def __init__(self, folder: Path | None = None, own: Path | None = None) -> None:
        self.folder = folder or shipped("data")
        self.own = own
        self._tables: dict[str, dict[str, Any]] = {}
        self._made: dict[str, Any] = {}

    def path(self, name: str) -> Path:
        """Returns where a reference file lies: in the clinic's own folder, else among the shipped ones."""
        if self.own is not None and (self.own / name).is_file():
            return self.own / name
        return self.folder / name

    def text(self, name: str) -> str:
        """Returns a reference file as it is written; nothing when there is none."""
        path = self.path(name)
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    def table(self, name: str) -> dict[str, Any]:
        """Returns a reference file by its name in the folder ("programs/ccm.toml"), read once; {} when there is none.

        Raises Stopped when it can't be read.
        """
        if name not in self._tables:
            path = self.path(name)
            self._tables[name] = read_toml(path) if path.is_file() else {}
        return self._tables[name]

    def made(self, name: str, make: Callable[[], T]) -> T:
        """Returns what is made of reference files, made once: to read rules takes longer than to ask them."""
        if name not in self._made:
            self._made[name] = make()
        found: T = self._made[name]
        return found

    @cached_property
    def _columns(self) -> Mapping[str, tuple[Code, ...]]:
        columns = {}
        for name, table in read_toml(self.path("records.toml")).items():
            rare = set(table.get("rare", ()))
            columns[name] = tuple(Code(code, label, code in rare) for code, label in table["values"].items())
        return columns

    @cached_property
    def _labels(self) -> Mapping[tuple[str, str], str]:
        return {(name, code.code): code.label for name, codes in self._columns.items() for code in codes}

    def codes(self, column: str) -> tuple[Code, ...]:
        """Returns the values of a coded column, in the order in which lists show them."""
        return self._columns[column]

    def known(self, column: str, code: str) -> bool:
        """Returns whether `code` is one of the column's values."""
        return (column, code) in self._labels

    def label(self, column: str, code: str | None) -> str:
        """Returns the plain words for a code; an unknown code is shown as it stands, nothing as nothing."""
        if code is None:
            return ""
        return self._labels.get((column, code), code)
