"""Takes out of the text of a bundle what is not taken anyway, before it is parsed: half of most exports is claims.

Works on texts that were written with an entry's braces on lines of their own, equally indented, as programs write
them; any other text stays as it is. Of what goes, the kind of resource stays, so that it can be counted.
"""

from __future__ import annotations

import re
from collections.abc import Container

_KEY = '"resource"'
_BEFORE = re.compile(r'\n([ \t]+)\{\s*(?:"fullUrl"\s*:\s*"[^"\\]*"\s*,\s*)?\Z')
_KIND = re.compile(r'"resource"\s*:\s*\{\s*"resourceType"\s*:\s*"([A-Z][A-Za-z]{1,40})"')
_REACH = 300  # characters between an entry's brace and its resource; a fullUrl has less


def thinned(text: str, taken: Container[str]) -> str:
    """Returns JSON text with the entries of other kinds than those `taken` cut down to their kind.

    If `text` is valid JSON and the result is too, they say the same but for those entries: what is cut begins with an
    entry's brace and ends with the last brace at the same indentation before the next resource, so if that were not
    the entry's own, a brace would now be missing or left over. If the result is no JSON, parse `text`.
    """
    kept = []
    done, place = 0, text.find(_KEY)
    while place >= 0:
        following = text.find(_KEY, place + len(_KEY))
        kind = _KIND.match(text, place)
        if kind is not None and kind[1] not in taken:
            before = _BEFORE.search(text, max(done, place - _REACH), place)
            if before is not None:
                close = f"\n{before[1]}}}"
                end = text.rfind(close, place, following if following >= 0 else len(text))
                if end >= 0:
                    kept += [text[done : before.start()], f'{{"resource":{{"resourceType":"{kind[1]}"}}}}']
                    done = end + len(close)
        place = following
    return "".join([*kept, text[done:]]) if kept else text
