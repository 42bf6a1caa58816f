"""Which colour theme the app wears: asked for, chosen last time, or that of the settings file."""

from __future__ import annotations

from pathlib import Path

from cmp_tui.frame.app_face import AppFace
from cmp_tui.ui.theme import load_themes

USUAL = "dusk"


class Colours:
    """The themes of the program and the person's choice, which is kept for the next time."""

    def __init__(self, app: AppFace, asked: str | None, usual: str) -> None:
        self._app = app
        self._asked, self._usual = asked, usual
        self.titles: dict[str, str] = {}

    async def choose(self, folder: Path) -> list[str]:
        """Registers the themes of a folder and wears one; returns a sentence for each thing that is wrong."""
        themes = load_themes(folder)
        for file in themes.files:
            self._app.register_theme(file.theme)
        self.titles = {file.name: file.title for file in themes.files}
        problems = list(themes.problems)
        if self._asked is not None and self._asked in self.titles:
            self.wear(self._asked)
            return problems
        if self._asked is not None:
            problems.append(f"There is no theme {self._asked!r}. Themes: {', '.join(sorted(self.titles))}.")
        kept = await self._app.live.kept("window")
        last = next((str(one.data.get("theme")) for one in kept if one.key == "theme"), "")
        self._app.wear(next((name for name in (last, self._usual) if name in self.titles), USUAL))
        return problems

    def wear(self, name: str) -> None:
        """Changes the colours, now and for the next time."""
        self._app.wear(name)
        self._app.run_worker(self._app.live.keep("window", "theme", {"theme": name}))
