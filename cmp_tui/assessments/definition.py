"""What an instrument is: its items, how it is scored, what its scores mean. Made from a file, never changed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

Answer = int | float | list[int] | None
"""An answer: the value of an option, the values of several, a number; None when the patient did not want to answer."""
Answers = Mapping[str, Answer]
"""The answers by the names of their items. What was not asked, or not yet answered, is not there."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen. `points` count for the score; `code` names it for what the chart knows."""

    value: int
    words: str
    points: float
    code: str = ""
    alone: bool = False
    """Chosen together with no other ("none of the above")."""


@dataclass(frozen=True, slots=True)
class Test:
    """A condition on answers: that one of some values was chosen, or that points reach a bound.

    With `values` the answer of any of the items is one of them. Otherwise the points of the items, added (or
    multiplied, with `product`), lie between `least` and `most`.
    """

    items: tuple[str, ...]
    values: tuple[int, ...] = ()
    least: float | None = None
    most: float | None = None
    product: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `kind` is "choice", "several" or "number"; `steps` turn a number (or a sum) into points."""

    name: str
    text: str
    kind: str
    section: str = ""
    options: tuple[Option, ...] = ()
    least: float = 0
    most: float = 0
    places: int = 0
    unit: str = ""
    low: str = ""
    high: str = ""
    """What the least and the most of a scale stand for."""
    steps: tuple[tuple[float, float], ...] = ()
    weight: float = 1
    reverse: bool = False
    counts: bool = True
    """Whether its points belong to the score."""
    optional: bool = False
    """Whether the instrument is whole without its answer."""
    chart: str = ""
    """What the chart may answer: "sex", whose options carry its codes, or "age"."""
    when: tuple[Test, ...] = ()
    """The item is asked when all of these hold."""
    number: str = ""
    """What it is called beside its text: "1", "2a"."""

    def option(self, value: object) -> Option | None:
        """Returns the option of a value."""
        return next((one for one in self.options if one.value == value and type(value) is int), None)


@dataclass(frozen=True, slots=True)
class Band:
    """What a range of scores is called; `raised` where it wants somebody's attention."""

    least: float
    most: float
    words: str
    raised: bool = False
    when: tuple[Test, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """A possible need that answers may point to. It never confirms one.

    With `help` the patient is asked whether help is wanted; only then comes a goal of this `topic` with these words.
    """

    name: str
    words: str
    any: tuple[Test, ...]
    topic: str = ""
    goal: str = ""
    help: bool = False


@dataclass(frozen=True, slots=True)
class Alarm:
    """An answer at which the clinic's crisis steps are shown; `name` is their table in crisis.toml.

    `words` stand beside the score in lists.
    """

    name: str
    any: tuple[Test, ...]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Next:
    """The longer instrument that a score opens, and whose answers are carried over: its item's name by ours."""

    instrument: str
    least: float
    carry: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument as its file describes it; `name` is the file's."""

    name: str
    title: str
    about: str
    edition: str
    ships: str
    """How much of it is here: "text", "arithmetic" (our own words), or "score" (a result is entered)."""
    source: str
    source_url: str
    licence: str
    licence_url: str
    redistributable: bool
    notice: str
    confirmed: str
    stem: str
    items: tuple[Item, ...]
    method: str
    """"sum", "mean" or "none"."""
    need: int = 0
    """The fewest answers of which a mean is made; 0: all."""
    places: int = 0
    cap: float | None = None
    """The most that a score can be, where its parts could add to more."""
    unit: str = ""
    worse: str = ""
    """Which way a score is worse: "up", "down", or "" where none is."""
    bands: tuple[Band, ...] = ()
    flags: tuple[Flag, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    next: Next | None = None
    own: bool = False
    """Whether it is the clinic's own file."""

    def item(self, name: str) -> Item | None:
        """Returns an item by its name."""
        return next((one for one in self.items if one.name == name), None)

    def flag(self, name: str) -> Flag | None:
        """Returns a flag by its name."""
        return next((one for one in self.flags if one.name == name), None)


NO_ANSWERS: Answers = MappingProxyType({})
