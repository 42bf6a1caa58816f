"""Somebody else saved the same record: which fields differ, and the sentences that show both texts."""

from collections.abc import Mapping
from typing import NamedTuple

from cmp_tui.clinic.errors import Conflict
from cmp_tui.ui.fields.base import Here
from cmp_tui.ui.fields.editor import Editor
from cmp_tui.ui.words import fit

LONGEST = 400
"""Cells of their text that are shown under a field."""


class News(NamedTuple):
    """What a conflict means for the fields of a form."""

    sentences: dict[str, str]
    """What to show under each field that they changed."""
    differing: tuple[str, ...]
    """The fields in which the person typed something else than they."""


def settle(editors: Mapping[str, Editor], conflict: Conflict, here: Here) -> News:
    """Compare what is typed with what they saved.

    A field that the person did not touch takes their value, and says so; one that was touched keeps what was
    typed, with theirs under it.
    """
    signed = f"({conflict.who}, {conflict.at.astimezone(here.zone):%H:%M})"
    sentences: dict[str, str] = {}
    differing: list[str] = []
    for name, editor in editors.items():
        if name not in conflict.theirs:
            continue
        theirs, field = conflict.theirs[name], editor.field
        if editor.is_changed():
            if not field.same(editor.read().value, theirs):
                differing.append(name)
                words = fit(field.say(theirs, here), LONGEST, here.marks.more)
                sentences[name] = f"now: {words} {signed}"
        elif not field.same(editor.base, theirs):
            editor.put(theirs)
            sentences[name] = f"changed to this meanwhile {signed}"
    return News(sentences, tuple(differing))


def say_whole(conflict: Conflict, here: Here, differs: bool) -> str:
    """The sentence for the whole form."""
    at = f"{conflict.at.astimezone(here.zone):%H:%M}"
    if differs:
        return (
            f"{conflict.who} saved this record at {at}, while you were typing. Nothing was overwritten: "
            "ctrl+s saves yours over theirs, ctrl+t takes theirs in a field."
        )
    return (
        f"{conflict.who} saved this record at {at}, in other fields than you. "
        "ctrl+s saves yours beside theirs."
    )
