"""Risk tiers in the demo: everybody's were computed once, and a clinician has set one of her own since."""

from __future__ import annotations

from cmp_tui.assessments.risk_actions import set_tier, write_tiers
from cmp_tui.assessments.risk_queries import stratify
from cmp_tui.clinic.calendar import add_business_days
from cmp_tui.exchange.demo.stage import Desk, Stage
from cmp_tui.exchange.demo.story import Story

REVIEW_DAYS = 30
"""Business days until the clinician looks at her tier again."""


def computed(story: Story) -> None:
    """Everybody's, on a morning before the work begins."""
    days = story.days

    def run(stage: Stage, desk: Desk, patient: bytes) -> None:
        desk.run(write_tiers, desk.read(stratify))

    story.do(days.at(days.back(2), 7, 50), "dana", story.one("seventeen"), run)


def own(story: Story) -> None:
    """Amy Levin knows more than the points do."""
    days = story.days
    tier, why = 5, story.text("own-tier")["why"]
    review = add_business_days(days.today, REVIEW_DAYS)

    def put(stage: Stage, desk: Desk, patient: bytes) -> None:
        desk.run(set_tier, patient, tier, why, review)

    story.do(days.at(days.back(1), 12, 10), "levin", story.one("seventeen"), put)


CASES = (computed, own)
