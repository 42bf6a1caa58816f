"""SQL that gathers rows into one text, and its hash: what tells in one query whether anything of it has changed."""

from __future__ import annotations

import hashlib
from typing import Any

from peewee import SQL, NodeList, fn

HASH = "short_hash"
"""The SQL function that clinic/file.py gives every connection: `short_hash` of a text."""


def short_hash(text: str | None) -> str | None:
    """Returns the first half of a text's SHA-256, as 32 hexadecimal digits."""
    if text is None:
        return None
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def hashed(text: Any) -> Any:
    """An SQL expression: the short hash of a text."""
    return getattr(fn, HASH)(text, coerce=False)


def listed(*values: Any) -> Any:
    """An SQL expression: values as one text from which each can be read again, an empty one too (a JSON list)."""
    return fn.JSON_ARRAY(*values, coerce=False)


def gathered(text: Any) -> Any:
    """An SQL aggregate: the texts of all rows, in the order of the texts themselves, as one."""
    return fn.JSON_GROUP_ARRAY(NodeList((text, SQL("ORDER BY"), text)), coerce=False)
