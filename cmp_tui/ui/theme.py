"""Colour themes from TOML files: the program's own folder and, after it, the user's."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from textual.color import Color, ColorParseError
from textual.theme import Theme

COLOURS = (
    "ground",
    "surface",
    "text",
    "dim",
    "accent",
    "amber",
    "coral",
    "cursor-row",
    "rule",
    "on-accent",
)
"""The colours that a theme file names, all of them, under [colours]."""

TEXT_COLOURS = ("text", "dim", "accent", "amber", "coral")
"""Colours that words are written in."""

GROUNDS = ("ground", "surface", "cursor-row")
"""Colours that words are written on."""

CURSOR_STYLES = ("none", "bold", "underline", "reverse")

# The dark theme's own values: what the style sheet is read with before a theme is chosen.
_FALLBACK = (
    ("ground", "#14171c"),
    ("surface", "#191e25"),
    ("text", "#d5dae1"),
    ("dim", "#97a2b0"),
    ("accent", "#6cc0af"),
    ("amber", "#e4ad60"),
    ("coral", "#f08a82"),
    ("cursor-row", "#1f3740"),
    ("rule", "#39424e"),
    ("on-accent", "#0f1317"),
    ("cursor-style", "none"),
)


# On a ground that is not known a tint can't show what is chosen: Textual's own widgets reverse it.
_TERMINAL_OWN = {
    "ansi-background": "ansi_black",
    "ansi-foreground": "ansi_white",
    "block-cursor-foreground": "ansi_black",
    "input-cursor-background": "ansi_default",
    "input-cursor-foreground": "ansi_default",
    "input-cursor-text-style": "reverse",
    "input-selection-background": "ansi_cyan",
    "input-selection-foreground": "ansi_black",
    "screen-selection-background": "ansi_cyan",
    "screen-selection-foreground": "ansi_black",
}


class ThemeFile(NamedTuple):
    """One theme as its file has it."""

    name: str
    title: str
    """What the palette calls it."""
    path: Path
    contrast: float
    """The contrast (WCAG) that it promises for words; 0 where the terminal's own colours are used."""
    theme: Theme


class Themes(NamedTuple):
    """What a folder held: the themes that can be used, and a sentence for each file that can't."""

    files: list[ThemeFile]
    problems: list[str]


class _Wrong(Exception):
    """What is wrong with a theme file, without the file's name."""


def variable_defaults() -> dict[str, str]:
    """The values of our variables for Textual's own themes, for `App.get_theme_variable_defaults`."""
    return dict(_FALLBACK)


def load_themes(folder: Path, user_folder: Path | None = None) -> Themes:
    """Read every *.toml of a folder, and of the user's folder after it.

    A user's theme of the same name replaces ours. A file that can't be used is told in a sentence; the others
    still load. A user's folder that does not exist is no problem.
    """
    found: dict[str, ThemeFile] = {}
    problems: list[str] = []
    for place in (folder, user_folder):
        if place is None:
            continue
        try:
            paths = sorted(path for path in place.iterdir() if path.suffix == ".toml")
        except FileNotFoundError:
            if place == folder:
                problems.append(f"The folder of the themes, {place}, is missing. Install the program again.")
            continue
        except OSError as error:
            problems.append(f"The themes in {place} could not be read: {error.strerror}.")
            continue
        for path in paths:
            try:
                read = _read(path)
            except _Wrong as wrong:
                problems.append(f"The theme file {path} was left out: {wrong}")
            else:
                found[read.name] = read
    return Themes(list(found.values()), problems)


def load_theme(path: Path) -> ThemeFile | None:
    """Read one theme; None when there is none or it can't be used (`load_themes` says why)."""
    try:
        return _read(path)
    except _Wrong:
        return None


def contrast(words: str, ground: str) -> float:
    """The contrast ratio of WCAG 2.1 between two colours, 1 to 21 (w3.org/TR/WCAG21, "contrast ratio")."""
    light, dark = sorted((_luminance(words), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return float(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = Color.parse(colour).rgb
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def low_contrasts(variables: Mapping[str, str], wanted: float) -> list[tuple[str, str, float]]:
    """The pairs of words and ground that fall short, with their ratio; terminal colours can't be measured."""
    pairs = [(words, ground) for words in TEXT_COLOURS for ground in GROUNDS] + [("on-accent", "accent")]
    ratios = [
        (words, ground, contrast(variables[words], variables[ground]))
        for words, ground in pairs
        if not variables[words].startswith("ansi_") and not variables[ground].startswith("ansi_")
    ]
    return [pair for pair in ratios if pair[2] < wanted]


def _read(path: Path) -> ThemeFile:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _Wrong(f"it is not TOML ({error}).") from error
    except OSError as error:
        raise _Wrong(f"it could not be read ({error.strerror}).") from error
    name = content.get("name", path.stem)
    if not isinstance(name, str) or not name.strip():
        raise _Wrong("its name must be a word in quotes.")
    dark, ansi = content.get("dark", True), content.get("terminal_colours", False)
    if not isinstance(dark, bool) or not isinstance(ansi, bool):
        raise _Wrong("“dark” and “terminal_colours” must be true or false.")
    promise = content.get("contrast", 0)
    if isinstance(promise, bool) or not isinstance(promise, int | float):
        raise _Wrong("“contrast” must be a number, such as 4.5.")
    variables = _colours(content.get("colours"), ansi=ansi)
    style = content.get("cursor_style", "none")
    if style not in CURSOR_STYLES:
        raise _Wrong(f"“cursor_style” must be one of {', '.join(CURSOR_STYLES)}.")
    short = low_contrasts(variables, promise)
    if short:
        words, ground, ratio = min(short, key=lambda pair: pair[2])
        raise _Wrong(f"it promises a contrast of {promise}, but {words} on {ground} has {ratio:.1f}.")
    variables["cursor-style"] = style
    theme = _theme(name.strip(), variables, dark=dark, ansi=ansi)
    return ThemeFile(name.strip(), str(content.get("title", name)), path, float(promise), theme)


def _colours(table: object, *, ansi: bool) -> dict[str, str]:
    if not isinstance(table, dict):
        raise _Wrong("the section [colours] is missing.")
    missing = [name for name in COLOURS if name not in table]
    if missing:
        raise _Wrong(f"[colours] lacks {', '.join(missing)}.")
    unknown = [str(name) for name in table if name not in COLOURS]
    if unknown:
        raise _Wrong(f"[colours] has {', '.join(unknown)}, which the program does not know.")
    for name, value in table.items():
        try:
            colour = Color.parse(value)
        except (ColorParseError, TypeError, AttributeError) as error:
            raise _Wrong(f'“{value}” is not a colour (for {name}); write it as "#14171c".') from error
        if ansi and colour.ansi is None:
            raise _Wrong(
                f'it uses the terminal\'s colours, so {name} must be one of them, such as "ansi_cyan".'
            )
        if not ansi and (colour.ansi is not None or colour.a != 1):
            raise _Wrong(f'{name} must be a full colour, such as "#14171c".')
    return {str(name): str(value) for name, value in table.items()}


def _theme(name: str, colours: Mapping[str, str], *, dark: bool, ansi: bool) -> Theme:
    """Our ten colours as a Textual theme. Textual's own widgets (inputs, scrollbars, palette) follow them."""
    own = {
        **colours,
        "text-muted": colours["dim"],
        "text-disabled": colours["dim"],
        "foreground-muted": colours["dim"],
        "block-cursor-background": colours["cursor-row"],
        "block-cursor-foreground": colours["text"],
        "block-cursor-blurred-background": colours["cursor-row"],
        "block-hover-background": colours["surface"],
        "border": colours["accent"],
        "border-blurred": colours["rule"],
        "input-cursor-background": colours["text"],
        "input-cursor-foreground": colours["ground"],
        "input-selection-background": colours["cursor-row"],
        "input-selection-foreground": colours["text"],
        "screen-selection-background": colours["cursor-row"],
        "screen-selection-foreground": colours["text"],
        "scrollbar": colours["rule"],
        "scrollbar-hover": colours["dim"],
        "scrollbar-active": colours["accent"],
        "scrollbar-background": colours["ground"],
        "scrollbar-background-hover": colours["ground"],
        "scrollbar-background-active": colours["ground"],
        "scrollbar-corner-color": colours["ground"],
        "link-color": colours["accent"],
    }
    if ansi:
        own |= _TERMINAL_OWN | {"block-cursor-background": colours["accent"]}
    return Theme(
        name=name,
        primary=colours["accent"],
        secondary=colours["accent"],
        accent=colours["accent"],
        warning=colours["amber"],
        error=colours["coral"],
        success=colours["accent"],
        foreground=colours["text"],
        background=colours["ground"],
        surface=colours["surface"],
        panel=colours["surface"],
        dark=dark,
        ansi=ansi,
        variables=own,
    )
