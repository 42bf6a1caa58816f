"""Text that a spreadsheet program would take for a formula when it opens a CSV file.

A leading apostrophe defuses it. Exactly the texts that need one get one, and those that carry one are told
from those that do not, so `armed(defused(text)) == text` for every text.
"""

from __future__ import annotations

import re

# Spreadsheets skip spaces and quotes before they look; the twins are full-width, small and minus signs.
_STARTS_FORMULA = re.compile("[\\s\"'“”‘’]*[=+\\-@\t\r\n＝＋－＠﹦﹢﹣﹫−]")


def defused(text: str) -> str:
    """Returns the text so that no spreadsheet runs it: with a leading apostrophe where one is needed."""
    return f"'{text}" if _STARTS_FORMULA.match(text) else text


def armed(text: str) -> str:
    """Takes away the apostrophe that `defused` put there, and no other."""
    return text[1:] if text.startswith("'") and _STARTS_FORMULA.match(text, 1) else text
