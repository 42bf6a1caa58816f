"""What a screen asks of the app: to open another room's screen or form. `app.py` answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.message import Message


class OpenChart(Message):
    """Open a patient's chart, on one of its panels, at a place of it (a month, such as "2026-10").

    `said` is said there.
    """

    def __init__(self, patient: bytes, panel: str = "summary", place: str = "", said: str = "") -> None:
        super().__init__()
        self.patient, self.panel, self.place, self.said = patient, panel, place, said


class OpenBoard(Message):
    """Open a main screen that shows one record ("reconcile": a reconciliation). `said` is said there."""

    def __init__(self, mode: str, record: bytes, said: str = "") -> None:
        super().__init__()
        self.mode, self.record, self.said = mode, record, said


class OpenForm(Message):
    """Open a form by its name ("contact", "phone"): about a patient, for a record (none: a new one).

    `args` are small plain values (they are kept with a draft): what the form should begin with.
    """

    def __init__(
        self,
        name: str,
        patient: bytes | None = None,
        record: bytes | None = None,
        args: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self.name, self.patient, self.record, self.args = name, patient, record, dict(args or {})


class OpenDraft(Message):
    """Open the form of a draft again, with what was typed."""

    def __init__(self, draft: bytes) -> None:
        super().__init__()
        self.draft = draft


class RaiseConcern(Message):
    """A concern is to go to a practitioner, about the patient of the form that is open or of the screen."""


class ToggleTimer(Message):
    """Start the timer for a patient; when it runs for this patient already, stop it and log the time."""

    def __init__(self, patient: bytes) -> None:
        super().__init__()
        self.patient = patient


class SomethingSaved(Message):
    """Something was written: lists and numbers may have changed."""
