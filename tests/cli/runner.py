"""Runs a command on a test's clinic."""

from __future__ import annotations

import click
from click.testing import CliRunner, Result

from cmp_tui.cli.context import Session
from cmp_tui.clinic.clinic import Clinic


def run(clinic: Clinic, command: click.Command, *args: object) -> Result:
    """Runs a command as the clinic's person; an exception of the program passes through as it is."""
    session = Session(str(clinic.path))
    session.__dict__["clinic"] = clinic  # opened by the test's fixture, with its clock and its person
    result = CliRunner().invoke(command, [str(arg) for arg in args], obj=session)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result
