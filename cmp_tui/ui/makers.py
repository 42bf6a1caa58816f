"""How a room makes its forms: one function a form, all with the same shape, so that drafts can open them again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from textual.message import Message

from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.scope import Person
from cmp_tui.clinic.settings import Settings
from cmp_tui.ui.dock import Result
from cmp_tui.ui.fields.base import Here
from cmp_tui.ui.form import FormSpec, Submission

Ask = Callable[[FormSpec, Mapping[str, object]], Awaitable[Result]]


@dataclass(frozen=True)
class FormContext:
    """What a form may ask of the running program."""

    live: LiveClinic
    here: Here
    reference: Reference
    settings: Settings
    me: Person
    names: Any = None
    """The names of all patients, held once for the whole app: what the rooms' searches take. None reads them anew."""
    ask: Ask | None = None
    """Asks something in passing, over the form that is being saved; returns how that form ended. None: nobody can be
    asked."""


@dataclass(frozen=True)
class Opening:
    """A form that is ready to open: what it asks, what stands in it, and what saving does.

    `gone` names fields whose first text, as a draft kept it, no longer holds; what the person typed there does.
    `said` turns what saving returned into the words of the notice; `then` names a form that follows.
    """

    spec: FormSpec
    submit: Callable[[Submission], Awaitable[Any]]
    values: Mapping[str, object] = field(default_factory=dict)
    seen: int | None = None
    said: Callable[[Any], str] = lambda result: "Saved."
    then: Callable[[Any], tuple[str, bytes | None, bytes | None, dict[str, Any]] | None] = lambda result: None
    gone: frozenset[str] = frozenset()
    opens: Callable[[Any], bytes | None] = lambda result: None
    """The patient whose chart opens after saving: someone new is worked on next."""
    leads: Callable[[Any], Message | None] = lambda result: None
    """What is opened after saving (a chart's panel, a screen of one record), as the message that asks for it."""


AGAIN = "This was saved already; nothing was written twice. Open it to change it."
"""Said when a draft is saved whose record is in the file: the program had ended before it could forget the draft."""


class Again:
    """What saving returns that has written nothing, because it had been saved before."""


def own_key(context: FormContext, args: Mapping[str, Any]) -> bytes:
    """Returns the key of the record that a form will write.

    It is made at the first opening and stays in `args`, which are kept with the draft, so that saving writes once.
    """
    assert isinstance(args, MutableMapping)
    return bytes.fromhex(args.setdefault("id", context.live.clinic.new_id().hex()))


def given(args: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the fields that a form is asked to begin with: its arguments without the key."""
    return {name: value for name, value in args.items() if name != "id"}


def its_patient(patient: bytes | None) -> bytes:
    """Returns the patient of a form. Raises Gone when there is none."""
    if patient is None:
        raise Gone("This form needs a patient. Open it from a chart or a list.")
    return patient


def its_record(record: bytes | None) -> bytes:
    """Returns the record that a form changes. Raises Gone when there is none."""
    if record is None:
        raise Gone("This form needs a record. Open it from a list.")
    return record


FormMaker = Callable[[FormContext, bytes | None, bytes | None, dict[str, Any]], Awaitable[Opening]]
"""Makes a form for a patient (or none), a record (or a new one) and plain arguments."""
