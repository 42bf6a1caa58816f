"""What the tests of the shared widgets need: an app in our clothes, and its screen as text."""

from pathlib import Path

from textual.app import App

from cmp_tui.ui import theme

THEMES = Path(__file__).parents[2] / "themes"


class Dressed(App[None]):
    """An app with our style sheet and themes and nothing else."""

    CSS_PATH = str(THEMES / "app.tcss")
    ENABLE_COMMAND_PALETTE = False

    def __init__(self) -> None:
        super().__init__()
        for file in theme.load_themes(THEMES).files:
            self.register_theme(file.theme)
        self.theme = "dusk"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return theme.variable_defaults()


def lines(app: App[None]) -> list[str]:
    """The screen, line by line, as somebody without colours sees it."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]
