"""Phrases for notes: `.word` and a space write a whole sentence. They stand in data/phrases.toml."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import read_toml
from cmp_tui.clinic.text import clean, terminal_safe

LONGEST = 2_000
_WORD = re.compile(r"[\w-]{1,32}")


class PhraseBook:
    """The phrases of one or more files, read when first asked for; of two with one word the later stands."""

    def __init__(self, *paths: Path) -> None:
        self._paths = paths
        self._read: Mapping[str, str] | None = None

    def __call__(self) -> Mapping[str, str]:
        """The phrases by word, in the files' order. Raises Stopped with a sentence naming a broken file."""
        if self._read is None:
            found: dict[str, str] = {}
            for path in self._paths:
                found.update(_phrases(path))
            self._read = MappingProxyType(found)
        return self._read


def _phrases(path: Path) -> dict[str, str]:
    table = read_toml(path).get("phrases", {})
    if not isinstance(table, dict):
        raise Stopped(f"The reference file {path.name} has no section [phrases]. Correct or remove it.")
    found = {}
    for word, text in table.items():
        if not isinstance(text, str) or not text.strip() or not _WORD.fullmatch(word):
            shown = terminal_safe(word[:40])
            why = f'the phrase "{shown}" is no word with a text in quotes'
            raise Stopped(f"In {path.name} {why}. Correct it.")
        found[word.casefold()] = clean(text, lines=True, limit=LONGEST).text
    return found
