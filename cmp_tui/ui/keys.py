"""Keys: every binding has an id, and the settings file may give an id other keys.

Textual ignores unknown ids and lets one binding take another's key without a word, so the user's map is
checked here, and what can't be taken is told in sentences.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.keys import Keys, _character_to_key, format_key, key_to_character

_MODIFIERS = frozenset({"ctrl", "alt", "shift", "super", "meta", "hyper"})
_NAMED = frozenset(str(name.value) for name in Keys if "<" not in name.value)
_SHORT = {
    "escape": "esc",
    "pageup": "page up",
    "pagedown": "page down",
    "backspace": "backspace",
    "space": "space",
}
_TEXTUALS = frozenset({"slash", "backslash", "at", "minus", "plus", "underscore"})
"""Keys that Textual calls otherwise than Unicode does."""
_ALSO = (
    ("esc", "escape"),
    ("return", "enter"),
    ("del", "delete"),
    ("pgup", "pageup"),
    ("pgdn", "pagedown"),
)


def key(
    id: str,
    keys: str,
    action: str,
    word: str = "",
    *,
    show: bool = True,
    priority: bool = False,
    tooltip: str = "",
) -> Binding:
    """A binding with an id such as "list.down". `keys` is comma-separated, the first one is shown.

    The key line shows it when it has a word and `show` is true; the help shows every binding with a word.
    """
    return Binding(keys, action, word, show=show and bool(word), priority=priority, tooltip=tooltip, id=id)


def normal(typed: str) -> str | None:
    """A key as Textual names it ('/' is 'slash', 'esc' is 'escape'); None when there is no such key."""
    name = typed.strip() if typed != " " else "space"
    if not name:
        return None
    if len(name) == 1:
        return _character_to_key(name) if name.isprintable() else None
    *modifiers, last = name.split("+")
    if any(modifier not in _MODIFIERS for modifier in modifiers):
        return None
    last = dict(_ALSO).get(last, last)
    if len(last) == 1 and last.isprintable():
        last = _character_to_key(last)
    elif last not in _NAMED and last not in _TEXTUALS and key_to_character(last) is None:
        return None
    return "+".join([*modifiers, last])


def key_word(name: str) -> str:
    """A key as people call it: 'slash' is '/', 'question_mark' is '?', 'escape' is 'esc'."""
    *modifiers, last = name.split("+")
    shown = _SHORT.get(last) or (last if last in _NAMED else format_key(last))
    return "+".join([*modifiers, shown])


class KeyEntry(NamedTuple):
    """One binding that can be remapped."""

    id: str
    keys: tuple[str, ...]
    word: str
    groups: frozenset[str]
    """The screens on which it is active."""


@dataclass(frozen=True)
class Remap:
    """The user's map after the check."""

    keymap: Mapping[str, str]
    """What Textual's `set_keymap` is given: id -> keys, comma-separated."""
    problems: tuple[str, ...]
    """A sentence for each thing that was not taken."""


@dataclass(frozen=True)
class KeyTable:
    """Every binding of the program by its id, gathered from the classes that are active together."""

    entries: Mapping[str, KeyEntry] = field(default_factory=dict)

    @classmethod
    def gather(
        cls,
        groups: Mapping[str, Sequence[type[DOMNode]]],
        without: Mapping[str, Collection[str]] | None = None,
    ) -> "KeyTable":
        """Read the bindings of classes. `groups` names each screen and lists the classes active on it.

        `without` names, for a screen, the bindings of shared classes that it never has.
        """
        keys: dict[str, list[str]] = {}
        words: dict[str, str] = {}
        where: dict[str, set[str]] = {}
        for group, classes in groups.items():
            for node in classes:
                for binding in _own_bindings(node):
                    if binding.id is None or binding.id in (without or {}).get(group, ()):
                        continue
                    names = keys.setdefault(binding.id, [])
                    names.extend(name for name in _names(binding.key) if name not in names)
                    words[binding.id] = binding.description or words.get(binding.id, "")
                    where.setdefault(binding.id, set()).add(group)
        return cls(
            {
                name: KeyEntry(name, tuple(keys[name]), words[name], frozenset(where[name]))
                for name in sorted(keys)
            }
        )

    def remap(self, wanted: Mapping[str, object]) -> Remap:
        """Check the settings file's [keys]: id -> a key or a list of keys.

        An id that is not known, a key that does not exist and a key that another action of the same screen
        has are left out and told; everything else is taken.
        """
        problems: list[str] = []
        asked: dict[str, tuple[str, ...]] = {}
        for name, value in wanted.items():
            if name not in self.entries:
                problems.append(
                    f"The settings give keys to “{name}”, but nothing has that name. {self._like(name)}"
                )
                continue
            typed = [value] if isinstance(value, str) else value
            if not isinstance(typed, list) or not typed or not all(isinstance(one, str) for one in typed):
                problems.append(
                    f'The keys of “{name}” must be a key or a list of keys, such as ["x", "ctrl+x"].'
                )
                continue
            unknown = [one for one in typed if normal(one) is None]
            if unknown:
                problems.append(f"“{unknown[0]}”, set for “{name}”, is not a key. Its usual keys stay.")
                continue
            asked[name] = tuple(dict.fromkeys(known for one in typed if (known := normal(one)) is not None))
        for name in tuple(asked):
            clash = self._clash(name, asked)
            if clash is not None:
                key_name, other = clash
                problems.append(
                    f"The key {key_word(key_name)}, set for {self._called(name)}, is already the key of "
                    f"{self._called(other)}. {self._called(name).capitalize()} keeps its usual keys."
                )
                del asked[name]
        return Remap({name: ",".join(keys) for name, keys in asked.items()}, tuple(problems))

    def clashes(self) -> tuple[str, ...]:
        """The clashes between the usual keys themselves, in sentences; a test asks that there are none."""
        found: list[str] = []
        entries = tuple(self.entries.values())
        for place, one in enumerate(entries):
            for other in entries[place + 1 :]:
                shared = set(one.keys) & set(other.keys)
                if shared and one.groups & other.groups:
                    found.append(f"{key_word(min(shared))} is the key of {one.id} and of {other.id}.")
        return tuple(found)

    def _clash(self, name: str, asked: Mapping[str, tuple[str, ...]]) -> tuple[str, str] | None:
        groups = self.entries[name].groups
        usual = set(self.entries[name].keys)
        for other in self.entries.values():
            if other.id == name or not groups & other.groups:
                continue
            theirs = asked.get(other.id, other.keys)
            for one in asked[name]:
                # Two actions that share a usual key on purpose (esc in a form, esc on a screen) are no clash.
                if one in theirs and not (one in usual and other.id not in asked):
                    return one, other.id
        return None

    def _called(self, name: str) -> str:
        word = self.entries[name].word
        return f"“{word}” ({name})" if word else f"“{name}”"

    def _like(self, name: str) -> str:
        from difflib import get_close_matches

        near = get_close_matches(name, list(self.entries), n=1)
        return f"Did you mean “{near[0]}”?" if near else "The help (?) lists the names."


def _own_bindings(node: type[DOMNode]) -> Iterable[Binding]:
    """The bindings of a class and its bases; a subclass's binding stands for one of the same id in a base."""
    seen: set[str] = set()
    for base in node.__mro__:
        declared: Sequence[BindingType] = base.__dict__.get("BINDINGS", ())
        here = [binding for binding in declared if isinstance(binding, Binding) and binding.id not in seen]
        yield from here
        seen.update(binding.id for binding in here if binding.id is not None)


def _names(keys: str) -> Iterable[str]:
    for one in keys.split(","):
        known = normal(one)
        if known is not None:
            yield known
