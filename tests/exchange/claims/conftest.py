"""Importing claims in tests: a folder of files, a plan, and one call that plans and imports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.exchange.caseload.plan import Choices
from cmp_tui.exchange.claims.actions import Imported, import_claims
from cmp_tui.exchange.claims.book import claims_book
from cmp_tui.exchange.claims.held import MODELS
from cmp_tui.exchange.claims.plan import ClaimsPlan
from cmp_tui.exchange.claims.queries import claims_plan
from cmp_tui.exchange.claims.reading import Reading, read_claims

Bring = Callable[..., Imported]


def read(clinic: Clinic, *paths: Path) -> Reading:
    """Reads files as the command does."""
    return read_claims(paths, claims_book(clinic.reference).marks, clinic.read(lambda scope: scope.today))


def plan_of(clinic: Clinic, *paths: Path, **choices: Any) -> ClaimsPlan:
    """The plan of some files and folders."""
    reading = read(clinic, *paths)
    return clinic.read(claims_plan, reading, claims_book(clinic.reference), Choices(**choices))


def rows_now(clinic: Clinic, kind: str) -> list[dict[str, Any]]:
    """The living rows of a kind, oldest first."""
    model = MODELS[kind]
    return clinic.read(lambda scope: list(model.live().order_by(model.id).dicts()))


@pytest.fixture
def bring(clinic: Clinic) -> Bring:
    """Plans an import of files and does it."""

    def act(*paths: Path) -> Imported:
        return clinic.run(import_claims, plan_of(clinic, *paths))

    return act
