"""What comes to Today: all sources by their names. A room that joins adds its sources here, in one line."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cmp_tui.queue import consent_sources, enrollment_sources, plan_sources, transition_sources, work_sources
from cmp_tui.queue.source import Source

SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        one.name: one
        for room in (work_sources, consent_sources, enrollment_sources, plan_sources, transition_sources)
        for one in room.SOURCES
    }
)
"""Every source of Today."""
