"""The queries of Today's sources: each is written once for a view and a day, and then asked by itself.

One statement for all of them would be no quicker, and would have to be written and prepared anew whenever one of its
parts comes or goes.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cmp_tui.assessments.risk_queries import tiers_held
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.written import SIZES, Written, kept, keys_later, room_for
from cmp_tui.queue.rows import View
from cmp_tui.queue.source import Source

SHELF = "queue.asked"


class Asked(NamedTuple):
    """A source and its query for a view."""

    source: str
    query: Written


def queries_of(
    scope: Scope, view: View, sources: Mapping[str, Source], only: Hashable = None
) -> tuple[Asked, ...]:
    """Returns the queries of a view: those of all sources for which anything can be due.

    They hold for the person, the day and the settings; what changes within a day they work out when they are asked.
    `only` stands for the patients that the view is narrowed to: the same word for the same condition.
    """

    def write() -> tuple[Asked, ...]:
        parts = ((source.name, source.select(scope, view)) for source in sources.values())
        return tuple(Asked(name, Written(query)) for name, query in parts if query is not None)

    who = (scope.who.id, scope.roles, scope.settings, scope.today)
    about = (view.whose, view.people, view.day, view.ahead, only)
    return kept(scope, SHELF, ("sources", tuple(sources), who, about), write)


def rows_of(
    scope: Scope, parts: Sequence[Asked], keys: Sequence[bytes] = ()
) -> Iterator[tuple[str, list[Any]]]:
    """Asks each source; gives its rows as they stand in the file, some at a time."""
    for source, query in parts:
        for some in query.raw(scope, keys):
            yield source, some


def tiers_of(scope: Scope, patients: set[bytes]) -> Mapping[bytes, int]:
    """Returns the risk tiers of patients; who has none is missing."""
    if not patients:
        return {}
    few = len(patients) <= SIZES[-1]  # of very many it is quicker to ask of everybody
    size = room_for(len(patients)) if few else None
    query = kept(
        scope, SHELF, ("tiers", size), lambda: Written(tiers_held(keys_later(size) if size else None))
    )
    return dict(query.rows(scope, list(patients) if few else ()))
