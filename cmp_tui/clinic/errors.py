"""What can go wrong, as sentences for the person at the keyboard.

The text of every `ClinicError` says what happened and what to do next. It never holds a patient's data
beyond what the person has just typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime


class ClinicError(Exception):
    """A sentence for the user; the program goes on."""


class Invalid(ClinicError):
    """What was typed can't be saved as it stands.

    `fields` maps a field's name to its sentence; the name "" stands for the whole form.
    """

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = dict(fields)
        super().__init__(" ".join(self.fields.values()))


class Conflict(ClinicError):
    """Someone else saved the same record since it was read.

    `theirs` holds their values by field name, `version` the version to name when saving over them knowingly.
    """

    def __init__(self, who: str, at: datetime, version: int, theirs: Mapping[str, object]) -> None:
        self.who, self.at, self.version, self.theirs = who, at, version, dict(theirs)
        super().__init__(
            f"{who} changed this while you were typing. Both texts are shown; nothing was overwritten."
        )


class Refused(ClinicError):
    """The person's roles do not allow this."""


class Gone(ClinicError):
    """The record was struck out, or never was in this file."""


class Stopped(ClinicError):
    """The file could not be opened or used: not ours, newer, locked away, full."""


class Superseded(ClinicError):
    """A newer question of the same kind was asked before this one ran; its answer is of no use."""
