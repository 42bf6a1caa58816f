"""Themes: every file that is shipped can be read by anybody, and a broken one is told."""

from pathlib import Path

import pytest
from textual.app import App

from cmp_tui.ui import theme

FOLDER = Path(__file__).parents[2] / "themes"
GOOD = (FOLDER / "dusk.toml").read_text(encoding="utf-8")


def shipped() -> dict[str, theme.ThemeFile]:
    found = theme.load_themes(FOLDER)
    assert found.problems == []
    return {file.name: file for file in found.files}


def test_the_shipped_themes_are_there() -> None:
    assert {"dusk", "day", "contrast", "sixteen", "sixteen-light"} == set(shipped())


@pytest.mark.parametrize(("name", "wanted"), [("dusk", 4.5), ("day", 4.5), ("contrast", 7.0)])
def test_words_can_be_read_on_every_ground(name: str, wanted: float) -> None:
    colours = shipped()[name].theme.variables
    for words in theme.TEXT_COLOURS:
        for ground in theme.GROUNDS:
            assert theme.contrast(colours[words], colours[ground]) >= wanted, (words, ground)
    assert theme.contrast(colours["on-accent"], colours["accent"]) >= wanted


def test_the_contrast_is_that_of_wcag() -> None:
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert theme.contrast("#ffffff", "#767676") == theme.contrast("#767676", "#ffffff")


@pytest.mark.parametrize("name", ["sixteen", "sixteen-light"])
def test_the_sixteen_colours_are_the_terminals(name: str) -> None:
    file = shipped()[name]
    assert file.theme.ansi
    assert all(file.theme.variables[colour].startswith("ansi_") for colour in theme.COLOURS)
    assert file.theme.variables["ground"] == "ansi_default"
    assert file.theme.variables["cursor-style"] != "none"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("[colours]", "[colours"), "not TOML"),
        (("[colours]", "[colors]"), "[colours] is missing"),
        (('dim = "#97a2b0"', ""), "lacks dim"),
        (('dim = "#97a2b0"', 'dim = "greyish"'), "“greyish” is not a colour (for dim)"),
        (('dim = "#97a2b0"', "dim = 7"), "“7” is not a colour"),
        (('dim = "#97a2b0"', 'dim = "#97a2b0"\nshadow = "#000000"'), "shadow"),
        (('dim = "#97a2b0"', 'dim = "#333333"'), "dim on"),
        (('dim = "#97a2b0"', 'dim = "ansi_red"'), "dim must be a full colour"),
        (("dark = true", 'dark = "yes"'), "must be true or false"),
        (("dark = true", 'cursor_style = "blink"'), "cursor_style"),
    ],
)
def test_a_broken_file_is_told_and_the_others_load(
    tmp_path: Path, change: tuple[str, str], told: str
) -> None:
    assert change[0] in GOOD
    (tmp_path / "broken.toml").write_text(
        GOOD.replace(*change).replace('"dusk"', '"broken"'), encoding="utf-8"
    )
    (tmp_path / "fine.toml").write_text(GOOD.replace('"dusk"', '"fine"'), encoding="utf-8")
    found = theme.load_themes(tmp_path)
    assert [file.name for file in found.files] == ["fine"]
    assert len(found.problems) == 1
    assert "broken.toml" in found.problems[0]
    assert told in found.problems[0]


def test_a_users_theme_stands_for_ours_of_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(GOOD.replace("Dusk (dark)", "Mine"), encoding="utf-8")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    found = theme.load_themes(FOLDER, tmp_path)
    titles = {file.name: file.title for file in found.files}
    assert titles["dusk"] == "Mine"
    assert len(found.problems) == 1
    assert theme.load_themes(FOLDER, tmp_path / "none").problems == []
    assert "missing" in theme.load_themes(tmp_path / "none").problems[0]


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.toml")))
async def test_the_style_sheet_reads_with_every_theme(name: str) -> None:
    class Bare(App[None]):
        CSS_PATH = str(FOLDER / "app.tcss")

        def get_theme_variable_defaults(self) -> dict[str, str]:
            return theme.variable_defaults()

    app = Bare()
    app.register_theme(shipped()[name].theme)
    app.theme = name
    async with app.run_test(size=(40, 8)) as pilot:
        await pilot.pause()
        assert app.current_theme.name == name
        assert app.theme_variables["dim"] == shipped()[name].theme.variables["dim"]
