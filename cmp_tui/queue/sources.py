"""What comes to Today: all sources by their names. A room that joins adds its sources here, in one line."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cmp_tui.queue import (
    appointment_sources,
    consent_sources,
    engagement_sources,
    enrollment_sources,
    goal_sources,
    medicine_sources,
    plan_sources,
    preventive_sources,
    referral_sources,
    transition_sources,
    work_sources,
)
from cmp_tui.queue.source import Source

SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        one.name: one
        for room in (
            work_sources,
            consent_sources,
            enrollment_sources,
            plan_sources,
            goal_sources,
            engagement_sources,
            preventive_sources,
            appointment_sources,
            referral_sources,
            transition_sources,
            medicine_sources,
        )
        for one in room.SOURCES
    }
)
"""Every source of Today."""
