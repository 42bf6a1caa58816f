"""Which colour theme the app wears: asked for, chosen last time, or that of the settings file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cmp_tui.ui.theme import load_theme, load_themes

if TYPE_CHECKING:
    from cmp_tui.frame.app_face import AppFace

USUAL = "dusk"


class Colours:
    """The themes of the program and the person's choice, which is kept for the next time.

    The first picture needs one theme; the others are read when somebody wants to choose, or when there is time.
    """

    def __init__(self, app: AppFace, asked: str | None, usual: str) -> None:
        self._app = app
        self._asked, self._usual = asked, usual
        self._folder: Path | None = None
        self._worn = ""
        self._titles: dict[str, str] = {}

    @property
    def titles(self) -> dict[str, str]:
        """The names of all themes, and what the palette calls them."""
        self.read_all()
        return self._titles

    async def choose(self, folder: Path) -> list[str]:
        """Registers and wears a theme of a folder; returns a sentence for each thing that is wrong with it."""
        self._folder = folder
        problems: list[str] = []
        if self._asked is not None:
            if self._wear_file(self._asked):
                return problems
            problems = self.read_all()
            if self._asked in self._titles:
                self.wear(self._asked)
                return problems
            problems.append(f"There is no theme {self._asked!r}. Themes: {', '.join(sorted(self._titles))}.")
        kept = await self._app.live.kept("window")
        last = next((str(one.data.get("theme")) for one in kept if one.key == "theme"), "")
        for name in (last, self._usual, USUAL):
            if name and self._wear_file(name, keep=False):
                return problems
        problems += self.read_all()
        self._app.wear(next((name for name in (last, self._usual) if name in self._titles), USUAL))
        return problems

    def read_all(self) -> list[str]:
        """Registers every theme, once; returns a sentence for each file that can't be used."""
        if self._folder is None or self._titles:
            return []
        themes = load_themes(self._folder)
        for file in themes.files:
            self._app.register_theme(file.theme)
        self._titles = {file.name: file.title for file in themes.files}
        return list(themes.problems)

    def wear(self, name: str) -> None:
        """Changes the colours, now and for the next time."""
        if name != self._worn:
            self.read_all()
        self._app.wear(name)
        self._app.run_worker(self._app.live.keep("window", "theme", {"theme": name}))

    def _wear_file(self, name: str, *, keep: bool = True) -> bool:
        """Wears the theme of the file that is called like it; returns whether it could."""
        assert self._folder is not None  # the first theme is chosen from it
        file = load_theme(self._folder / f"{Path(name).name}.toml")
        if file is None or file.name != name:
            return False
        self._app.register_theme(file.theme)
        self._worn = name
        if keep:
            self.wear(name)
        else:
            self._app.wear(name)
        return True
