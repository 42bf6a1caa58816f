"""The SHA-256 of a file, to name it exactly."""

from __future__ import annotations

import hashlib
from pathlib import Path


def sha256_of(path: Path) -> str:
    """Returns the SHA-256 of a file in small hexadecimal digits.

    Never for the clinic file: opening and closing that would drop SQLite's locks. Raises OSError.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
