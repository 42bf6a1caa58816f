"""What is said when the program itself has an error: where, of which kind, and never what it held."""

from __future__ import annotations

import traceback
from pathlib import Path

KEPT = "What you typed is kept as a draft; start it again."


def incident(error: BaseException, kept: str = KEPT) -> str:
    """Returns the words for an unexpected error: the kind, and the places in our own code, without any values.

    An error's own text is left out: it may quote what was typed. Of an error in a worker the first cause is told.
    """
    while isinstance(cause := getattr(error, "error", None), BaseException):
        error = cause
    places = [
        f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
        if "cmp_tui" in Path(frame.filename).parts
    ]
    return "\n".join(
        [
            f"cmp-tui has met an error of its own and had to stop. {kept}",
            f"Please report these lines; they hold nothing about patients ({type(error).__name__}):",
            *places,
        ]
    )
