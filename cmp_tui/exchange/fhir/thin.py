"""Takes out of the text of a bundle what is not taken anyway, before it is parsed: half of most exports is claims.

Works on texts that were written with an entry's braces on lines of their own, equally indented, as programs write
them; any other text stays as it is. Of what goes, the kind of resource stays, so that it can be counted.
"""

from __future__ import annotations

import re
from collections.abc import Container

_KEY = '"resource"'
_BEFORE = re.compile(r'\{\s*(?:"fullUrl"\s*:\s*"[^"\\]*"\s*,\s*)?')
_NEXT = re.compile(r"\s*,\s*" + _BEFORE.pattern)
_KIND = re.compile(r'"resource"\s*:\s*\{\s*"resourceType"\s*:\s*"([A-Z][A-Za-z]{1,40})"')
_REACH = 300  # characters between an entry's brace and its resource; a fullUrl has less
_CUT = '{{"resource":{{"resourceType":"{}"}}}}'


def thinned(text: str, taken: Container[str]) -> str:
    """Returns JSON text with the entries of other kinds than those `taken` cut down to their kind.

    If `text` is valid JSON and the result is too, they say the same but for those entries: what is cut begins with an
    entry's brace and ends with the last brace at the same indentation before the next entry, so if that were not the
    entry's own, a brace would now be missing or left over. If the result is no JSON, parse `text`.
    """
    kept = []
    done, place = 0, max(0, text.find(_KEY))
    # The last one stays: no entry after it tells that the brace is its own.
    while (following := text.find(_KEY, place + len(_KEY))) >= 0:
        kind = _KIND.match(text, place)
        if kind is not None and kind[1] not in taken:
            brace = text.rfind("{", max(done, place - _REACH), place)
            line = text.rfind("\n", done, brace) if brace >= 0 else -1
            indent = text[line + 1 : brace] if line >= 0 else ""
            if indent.isspace() and _BEFORE.fullmatch(text, brace, place):
                close = f"\n{indent}}}"
                end = text.rfind(close, place, following) + len(close)
                if end > place and _NEXT.fullmatch(text, end, following):
                    kept += [text[done:brace], _CUT.format(kind[1])]
                    done = end
        place = following
    return "".join([*kept, text[done:]]) if kept else text
