"""What a form asks for, and what it hands on."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from textual.content import Content

from cmp_tui.ui.fields.base import Field


@dataclass(frozen=True, kw_only=True)
class FormSpec:
    """What a form asks for. `identity` is the patient it is bound to (name, age, birth date), always seen."""

    name: str
    title: str
    fields: Sequence[Field]
    identity: Content | None = None
    keys_hint: str = ""
    """Dim words at the foot while the field has none of its own."""
    button: str = "Save"
    """What the button at the foot says."""


@dataclass(frozen=True)
class Submission:
    """What is to be saved."""

    values: dict[str, object]
    """Every field that is shown."""
    changes: dict[str, object] = field(default_factory=dict)
    """Only those that the person changed: what an edit should send."""
    seen: int | None = None
    """The version of the record that the person saw, for `change.edit`."""
