"""The signs that stand before words on the screen, in two sets: for any terminal, and for plain ASCII."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Signs:
    """One set of signs. Each is one cell wide; a screen is given its set, it never looks one up.

    A state is told by its sign and its word as well as by its colour, so that it reads without colour.
    """

    overdue: str
    today: str
    later: str
    done: str
    up: str
    down: str
    timer: str
    edge: str
    """The left edge of the row under the cursor."""
    mark: str
    """The left edge of a marked row."""
    edge_mark: str
    """The left edge of a marked row under the cursor."""
    bar_full: str
    bar_half: str
    bar_empty: str
    rule_across: str
    rule_down: str
    more: str
    """Stands where words were cut off."""
    dot: str
    """Between parts of a line."""


UNICODE = Signs(
    overdue="▲",
    today="●",
    later="○",
    done="✓",
    up="↑",
    down="↓",
    timer="T",
    edge="▌",
    mark="◆",
    edge_mark="◈",
    bar_full="━",
    bar_half="╸",
    bar_empty="─",
    rule_across="─",
    rule_down="│",
    more="…",
    dot="·",
)

ASCII = Signs(
    overdue="!",
    today="*",
    later="o",
    done="+",
    up="^",
    down="v",
    timer="T",
    edge=">",
    mark="x",
    edge_mark="X",
    bar_full="=",
    bar_half="-",
    bar_empty=".",
    rule_across="-",
    rule_down="|",
    more="~",
    dot="-",
)


def trend_signs(signs: Signs) -> str:
    """The signs of a small trend line, from low to high, that go with a set."""
    return "_.-=+*#" if signs == ASCII else "▁▂▃▄▅▆▇█"


def signs_for(name: str) -> Signs:
    """The set that the setting names: "ascii" for the plain one, anything else for the usual one."""
    return ASCII if name == "ascii" else UNICODE


def legend(signs: Signs) -> tuple[tuple[str, str], ...]:
    """Each sign with its meaning in words, in the order in which the help shows them."""
    return (
        (signs.overdue, "overdue"),
        (signs.today, "due today"),
        (signs.later, "due later"),
        (signs.done, "done"),
        (signs.up, "rising"),
        (signs.down, "falling"),
        (signs.mark, "marked"),
        (signs.timer, "a timer runs"),
        (signs.bar_full * 3 + signs.bar_empty * 2, "minutes this month"),
    )
