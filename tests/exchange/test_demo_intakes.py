"""The demo's way into a program: someone from every source, in every stage, with every kind of next step."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.opening import open_clinic
from cmp_tui.enrollment.intake_queries import View, cards, order_of
from cmp_tui.exchange.demo.making import make_demo_clinic
from cmp_tui.tables import TABLES

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def test_the_board_has_someone_everywhere(tmp_path: Path) -> None:
    path = tmp_path / "demo.cmp"
    make_demo_clinic(path, TABLES, MONDAY)
    clinic = open_clinic(path, TABLES, os_name="whoever", clock=FrozenClock(MONDAY))
    try:
        order = clinic.read(order_of, View("mine"))
        shown = clinic.read(cards, order.part(0, order.total))
        ended = clinic.read(order_of, View("team", ended=True))
    finally:
        clinic.close_here()
    assert 14 <= order.total <= 20
    assert {card.stage for card in shown} == {
        "intake", "outreach", "eligibility", "consent", "enrolled", "ended",
    }  # fmt: skip
    assert {card.source for card in shown} == {"provider-referral", "claims", "list", "self-referral"}
    kinds = {card.step.kind for card in shown}
    assert {"take-up", "call", "letter", "eligibility", "consent", "assess", "answer", "back"} <= kinds
    assert order.back == 1 and order.free >= 1 and order.slow >= 3
    sizes = {group.name: group.size for group in ended.groups}
    assert all(sizes[name] for name in ("declined", "ineligible", "unreached", "held"))
    tried = [card for card in shown if card.step.kind == "letter"]
    assert [card.tries.counted for card in tried] == [3]
